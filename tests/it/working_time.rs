//! Working time, compared with a published library of another language: `businesstimedelta` for
//! Python, which knows one span a day, a lunch break, holidays and time zones.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use heard_engine::calendar::length::{Length, Unit};
use heard_engine::calendar::{Calendar, Hours, Pauses, due};
use heard_engine::time::{Date, Timestamp};
use heard_tests::{Trial, skippable, skipped};

use crate::python::environment;

/// Its zones come from `pytz`, which is named so that nothing newer by surprise is compared.
const PACKAGES: [&str; 2] = ["businesstimedelta==1.0.1", "pytz"];
const CASES: u64 = 1_000;
const SECOND: i64 = 1_000_000;
/// 2026-01-01 00:00 UTC.
const BEGIN: i64 = 1_767_225_600;
const ZONES: [&str; 6] = [
    "Europe/Lisbon",
    "America/New_York",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Auckland",
    "UTC",
];

pub fn trials() -> Vec<Trial> {
    vec![skippable(
        "working_time::agrees_with_a_published_library_in_python",
        agrees_with_businesstimedelta,
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

    fn minute(&mut self, from: u32, until: u32) -> u32 {
        from + u32::try_from(self.below(u64::from(until - from))).unwrap()
    }
}

/// A question to both.
struct Asked {
    zone: &'static str,
    days: Vec<usize>,
    /// Opening, lunch, end of lunch, closing.
    minutes: [u32; 4],
    closed_on: Vec<String>,
    begin: i64,
    minutes_of_work: u32,
    ahead: i64,
}

impl Asked {
    /// Draws a question. All hours are by day, where the library does not meet a clock change.
    fn draw(chance: &mut Chance) -> Self {
        let opens = chance.minute(5 * 60, 10 * 60);
        let lunch = chance.minute(opens + 1, 14 * 60);
        let lunched = chance.minute(lunch + 1, 16 * 60);
        let closes = chance.minute(lunched + 1, 23 * 60);
        let mut days: Vec<usize> = (0..7).filter(|_| chance.below(3) > 0).collect();
        if days.is_empty() {
            days.push(2);
        }
        let day = |chance: &mut Chance, year: u64| {
            let (month, day) = (chance.below(12) + 1, chance.below(28) + 1);
            format!("{year}-{month:02}-{day:02}")
        };
        // The library looks five years ahead for a holiday and needs one.
        let mut closed_on = vec!["2031-01-01".to_owned()];
        for _ in 0..chance.below(40) {
            let year = 2026 + chance.below(2);
            closed_on.push(day(chance, year));
        }
        let whole = chance.below(2) == 0;
        let begin = i64::try_from(chance.below(365 * 24 * 60 * 60)).unwrap();
        Self {
            zone: ZONES[usize::try_from(chance.below(6)).unwrap()],
            days,
            minutes: [opens, lunch, lunched, closes],
            closed_on,
            begin: BEGIN + if whole { begin / 60 * 60 } else { begin },
            minutes_of_work: chance.minute(1, 100 * 60),
            ahead: i64::try_from(chance.below(60 * 24 * 60 * 60)).unwrap() + 1,
        }
    }

    fn line(&self) -> String {
        let [opens, lunch, lunched, closes] = self.minutes;
        let days: Vec<String> = self.days.iter().map(usize::to_string).collect();
        let (days, closed_on) = (days.join(","), self.closed_on.join(","));
        let (zone, begin, ahead) = (self.zone, self.begin, self.ahead);
        let work = u64::from(self.minutes_of_work) * 60;
        format!(
            "{zone} {days} {opens} {closes} {lunch} {lunched} {closed_on} {begin} {work} {ahead}\n"
        )
    }

    /// Returns our answer as the script writes its own.
    fn answer(&self) -> Result<String> {
        let [opens, lunch, lunched, closes] = self.minutes;
        let mut hours = Hours::default();
        for day in &self.days {
            hours[*day] = vec![(opens, lunch), (lunched, closes)];
        }
        let closed_on: Result<Vec<Date>, _> =
            self.closed_on.iter().map(|day| Date::parse(day)).collect();
        let calendar = Calendar::new("default", self.zone, hours, closed_on?)?;
        let from = Timestamp::from_micros(self.begin * SECOND)?;
        let to = Timestamp::from_micros((self.begin + self.ahead) * SECOND)?;
        // No length has more than 10,000 of its unit.
        let length = Length {
            number: self.minutes_of_work,
            unit: Unit::WorkingMinutes,
        };
        let due = due(&calendar, length, from, &Pauses::none()).context("never due")?;
        ensure!(due.micros() % SECOND == 0, "{due} is no whole second");
        let open = calendar.open_between(from, to) / SECOND;
        Ok(format!("{} {open}", due.micros() / SECOND))
    }
}

fn agrees_with_businesstimedelta() -> Result<Option<String>> {
    let python = match environment("businesstimedelta", &PACKAGES)? {
        Ok(python) => python,
        Err(reason) => return skipped("python", reason),
    };
    let mut chance = Chance(2026);
    let asked: Vec<Asked> = (0..CASES).map(|_| Asked::draw(&mut chance)).collect();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("it/working_time/ask.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let lines: String = asked.iter().map(Asked::line).collect();
    let mut questions = child.stdin.take().context("no standard input")?;
    // Both pipes are small: questions are written while answers are read.
    let writer = std::thread::spawn(move || questions.write_all(lines.as_bytes()));
    let done = child.wait_with_output()?;
    writer.join().expect("the writer does not panic")?;
    ensure!(
        done.status.success(),
        "the script ended with {}",
        done.status
    );
    let theirs = String::from_utf8(done.stdout)?;
    let theirs: Vec<&str> = theirs.lines().collect();
    ensure!(theirs.len() == asked.len(), "{} answers", theirs.len());
    let mut faults = String::new();
    for (asked, theirs) in asked.iter().zip(theirs) {
        let ours = asked.answer()?;
        if ours != theirs {
            write!(faults, "ours {ours}, theirs {theirs}: {}", asked.line())?;
        }
    }
    ensure!(
        faults.is_empty(),
        "{} differ:\n{faults}",
        faults.lines().count()
    );
    Ok(None)
}
