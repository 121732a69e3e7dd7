//! The statistics of causes, compared with published libraries of another language: statsmodels,
//! SciPy and NumPy for Python.
//!
//! Among thousands of answers of ours a few are made wrong on purpose: the comparison must find
//! these, and no other.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use heard_engine::cause::{Counted, compensations, kappa, newcombe, rate_ratio, trends, wilson};
use heard_engine::draw::{draw, is_drawn};
use heard_engine::id::Digest;
use heard_engine::measure::Share;
use heard_engine::money::{Currency, Money};
use heard_tests::{Trial, skippable, skipped};
use serde_json::{Value as Json, json};

use crate::python::environment;

const PACKAGES: [&str; 3] = ["numpy", "scipy", "statsmodels>=0.14"];
/// How many of each kind are compared.
const CASES: usize = 1_000;
/// How many commitments the shares of a sample are taken of.
const DRAWS: u64 = 100_000;
const PERCENTS: [u32; 7] = [1, 5, 10, 20, 50, 75, 99];

pub fn trials() -> Vec<Trial> {
    vec![skippable(
        "statistics::agree_with_published_libraries_in_python",
        agree,
    )]
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// A share of few or of many, with the cause rare, frequent, in none or in all.
    fn share(&mut self) -> Share {
        let bound = [10, 100, 1_000, 20_000][usize::try_from(self.below(4)).unwrap()];
        let of = 1 + self.below(bound);
        let met = match self.below(6) {
            0 => 0,
            1 => of,
            2 | 3 => self.below(of / 20 + 1),
            _ => self.below(of + 1),
        };
        Share { met, of }
    }
}

/// A question to both, and our answer.
struct Asked {
    kind: &'static str,
    asked: Json,
    ours: Vec<Json>,
}

fn asked(kind: &'static str, asked: Json, ours: Vec<Json>) -> Asked {
    Asked { kind, asked, ours }
}

fn pair(share: Share) -> Json {
    json!([share.met, share.of])
}

/// Two auditors of whom the second often follows the first.
fn agreement(chance: &mut Chance) -> Asked {
    let categories = 1 + chance.below(6);
    let follows = chance.below(101);
    let pairs: Vec<(u64, u64)> = (0..=chance.below(200))
        .map(|_| {
            let first = chance.below(categories);
            let other = chance.below(categories);
            let is_alike = chance.below(100) < follows;
            (first, if is_alike { first } else { other })
        })
        .collect();
    let ours = kappa(pairs.iter().copied()).unwrap();
    let interval = ours.interval;
    let answers = vec![
        json!(ours.observed),
        json!(ours.kappa),
        json!(ours.error),
        json!(interval.map(|interval| interval.low)),
        json!(interval.map(|interval| interval.high)),
    ];
    asked("kappa", json!(pairs), answers)
}

fn rate(chance: &mut Chance) -> Asked {
    let share = chance.share();
    let ours = wilson(share).unwrap();
    asked(
        "wilson",
        pair(share),
        vec![json!(ours.low), json!(ours.high)],
    )
}

fn difference(chance: &mut Chance) -> Asked {
    let (before, after) = (chance.share(), chance.share());
    let ours = newcombe(before, after).unwrap();
    let answers = [ours.value, ours.interval.low, ours.interval.high];
    let answers = answers.map(|answer| json!(answer)).to_vec();
    asked("newcombe", json!([pair(before), pair(after)]), answers)
}

/// The interval behind a trend, of periods of which the last are looked at.
fn trend(chance: &mut Chance) -> Asked {
    let periods: Vec<Share> = (0..2 + chance.below(10)).map(|_| chance.share()).collect();
    let now = 1 + usize::try_from(chance.below(2))
        .unwrap()
        .min(periods.len() - 2);
    let counted: Vec<Counted<&str>> = periods
        .iter()
        .map(|share| Counted {
            closed: share.of,
            causes: BTreeMap::from([("policy", share.met)]),
        })
        .collect();
    let ours = trends(&counted, now, &BTreeMap::new())["policy"];
    let interval = ours.difference.unwrap().interval;
    let periods: Vec<Json> = periods.into_iter().map(pair).collect();
    asked(
        "trend",
        json!([periods, now]),
        vec![json!(interval.low), json!(interval.high)],
    )
}

/// The ratio of two rates; and the chances beyond its bounds, which are to be as small as said.
fn ratio(chance: &mut Chance) -> [Asked; 2] {
    let (before, mut after) = (chance.share(), chance.share());
    if before.met == 0 && after.met == 0 {
        after = Share { met: 1, of: 1 };
    }
    let ours = rate_ratio(before, after).unwrap();
    let shares = json!([pair(before), pair(after)]);
    let answers = vec![json!(ours.value), json!(ours.low), json!(ours.high)];
    let tails = vec![
        json!((after.met > 0).then_some(0.025)),
        json!(ours.high.map(|_| 0.025)),
    ];
    let bounds = json!([shares, ours.low, ours.high]);
    [
        asked("ratio", shares, answers),
        asked("tails", bounds, tails),
    ]
}

fn spread(chance: &mut Chance) -> Asked {
    let bound = 1 + chance.below(50_000);
    let values: Vec<u64> = (0..=chance.below(120))
        .map(|_| chance.below(bound))
        .collect();
    let currency = Currency::parse("EUR").unwrap();
    let given = values.iter().map(|value| {
        let minor = i64::try_from(*value).unwrap();
        ("late", Money { currency, minor })
    });
    let ours = compensations(given)[&("late", currency)];
    let answers = [
        ours.least,
        ours.lower_quartile,
        ours.median,
        ours.upper_quartile,
        ours.p90,
        ours.most,
    ];
    let answers = answers.map(|answer| json!(answer)).to_vec();
    asked("spread", json!(values), answers)
}

fn one_draw(chance: &mut Chance) -> Asked {
    let mut commitment = [0; 32];
    for byte in &mut commitment {
        *byte = u8::try_from(chance.below(256)).unwrap();
    }
    let commitment = Digest(commitment);
    let number = u32::try_from(chance.below(1 << 31)).unwrap();
    let percent = u32::try_from(chance.below(101)).unwrap();
    let drawn = draw(&commitment, number);
    let is_in = u8::from(is_drawn(drawn, percent));
    asked(
        "draw",
        json!([commitment, number, percent]),
        vec![json!(drawn), json!(is_in)],
    )
}

/// What is drawn of commitments that differ in a few bits only, and how often each byte occurs.
fn samples() -> Vec<Asked> {
    let mut bytes = vec![0_u64; 256];
    let mut drawn = PERCENTS.map(|_| 0_u64);
    for place in 0..DRAWS {
        let mut commitment = [0; 32];
        commitment[..8].copy_from_slice(&place.to_be_bytes());
        let number = draw(&Digest(commitment), 1);
        for byte in number.to_be_bytes() {
            bytes[usize::from(byte)] += 1;
        }
        for (count, percent) in drawn.iter_mut().zip(PERCENTS) {
            *count += u64::from(is_drawn(number, percent));
        }
    }
    let bytes = bytes.into_iter().map(Json::from).collect();
    let mut samples = vec![asked("bytes", json!(null), bytes)];
    for (count, percent) in drawn.into_iter().zip(PERCENTS) {
        samples.push(asked("sample", json!([percent, DRAWS]), vec![json!(count)]));
    }
    samples
}

fn questions() -> Vec<Asked> {
    let mut chance = Chance(2026);
    let mut all = samples();
    for _ in 0..CASES {
        all.extend([
            agreement(&mut chance),
            rate(&mut chance),
            difference(&mut chance),
            trend(&mut chance),
            spread(&mut chance),
            one_draw(&mut chance),
        ]);
        all.extend(ratio(&mut chance));
    }
    all
}

/// Makes the first answer of each kind wrong by a hundred thousandth, or by a thousand where it is
/// a count; returns the lines.
fn spoil(all: &mut [Asked]) -> BTreeSet<usize> {
    let mut spoiled = BTreeMap::new();
    for (line, asked) in all.iter_mut().enumerate() {
        let last = asked.ours.last_mut().unwrap();
        if spoiled.contains_key(asked.kind) || last.is_null() {
            continue;
        }
        *last = match last.as_u64() {
            Some(count) => json!(count + 1_000),
            None => json!(nearly(last.as_f64().unwrap())),
        };
        spoiled.insert(asked.kind, line);
    }
    spoiled.into_values().collect()
}

#[expect(clippy::float_arithmetic, reason = "an answer is made wrong")]
fn nearly(answer: f64) -> f64 {
    answer * 1.000_01 + 0.000_01
}

fn agree() -> Result<Option<String>> {
    let python = match environment("statistics", &PACKAGES)? {
        Ok(python) => python,
        Err(reason) => return skipped("python", reason),
    };
    let mut all = questions();
    let spoiled = spoil(&mut all);
    ensure!(spoiled.len() == 10, "of ten kinds: {spoiled:?}");
    let mut lines = String::new();
    for Asked { kind, asked, ours } in &all {
        lines += &json!({"kind": kind, "asked": asked, "ours": ours}).to_string();
        lines.push('\n');
    }
    let said = compare(&python, lines)?;
    let mut said = said.lines();
    // The script ends with how many of each kind it compared: nothing was passed over.
    let counted: BTreeMap<String, usize> = serde_json::from_str(said.next_back().unwrap_or(""))?;
    for kind in [
        "kappa", "wilson", "newcombe", "trend", "ratio", "tails", "spread", "draw",
    ] {
        ensure!(counted.get(kind) == Some(&CASES), "{kind}: {counted:?}");
    }
    ensure!(counted.get("sample") == Some(&PERCENTS.len()));
    let mut found = BTreeSet::new();
    let mut faults = Vec::new();
    for disagreement in said {
        let (line, _) = disagreement.split_once(' ').context("a number first")?;
        let line: usize = line.parse()?;
        found.insert(line);
        if !spoiled.contains(&line) {
            faults.push(disagreement);
        }
    }
    ensure!(
        faults.is_empty(),
        "{} differ:\n{}",
        faults.len(),
        faults.join("\n")
    );
    ensure!(
        found == spoiled,
        "made wrong {spoiled:?}, found out {found:?}"
    );
    Ok(None)
}

/// Returns what the script prints: a line for each disagreement, and one that counts.
fn compare(python: &Path, lines: String) -> Result<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/statistics/compare.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut questions = child.stdin.take().context("no standard input")?;
    // Both pipes are small: questions are written while answers are read.
    let writer = std::thread::spawn(move || questions.write_all(lines.as_bytes()));
    let done = child.wait_with_output()?;
    let written = writer.join().expect("the writer does not panic");
    ensure!(
        done.status.success(),
        "the script ended with {}",
        done.status
    );
    written?;
    Ok(String::from_utf8(done.stdout)?)
}
