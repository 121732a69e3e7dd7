//! Golden histories: every build reads them, folds them, and goes on with them as it always did.
//!
//! A folder of `histories/v1/` or of a later one holds `workflow.yaml`; `story.jsonl`, the acts it
//! was made of;
//! `entries.jsonl`, the exact bytes of the entries; `hashes.txt`; `sealed.jsonl`, what opens their
//! commitments; `case.json`, the case they fold to; `further.jsonl`, more acts, each on that case,
//! with its answer: where it leads, or the codes of the refusal (their words are snapshots).
//!
//! Time passes as the story says: `wait_minutes` with the timekeeper awake, `asleep_minutes` with
//! nobody there, so that what is due meanwhile fires late.
//!
//! They are never edited. Where the format changes for a reason, `v2/` is added. A folder with a
//! workflow, a story and further acts gets the rest by `HEARD_WRITE_HISTORIES=1`; one that has
//! entries is left alone.

mod acts;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use heard_engine::case::event::Commitment;
use heard_engine::case::seal::{Opening, commitment};
use heard_engine::case::{Case, Place};
use heard_engine::entry::{Entry, entry_hash};
use heard_tests::desk::{Desk, No, replay};
use heard_tests::{Trial, trial};
use serde_json::{Value as Json, json};

const HISTORIES: [&str; 9] = [
    "v1/classic-heard",
    "v1/airline-compensation",
    "v1/lamp-workshop",
    "v1/limits",
    "v1/month-of-time",
    "v2/life-of-a-cause",
    "v2/child-of-an-issue",
    "v2/case-with-a-duplicate",
    "v2/duplicate",
];

/// Written by a build that read limits and did not act on them, or that knew of root causes no more
/// than that they are there. Builds that do fold these cases and go on with them, but their stories
/// would be told otherwise today.
const WRITTEN_BEFORE: [&str; 3] = [
    "v1/classic-heard",
    "v1/airline-compensation",
    "v1/lamp-workshop",
];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for name in HISTORIES {
        let place = folder(name);
        let (_, short) = name.split_once('/').unwrap_or_default();
        let called = |what: &str| format!("histories::{}_{what}", short.replace('-', "_"));
        if std::env::var_os("HEARD_WRITE_HISTORIES").is_some() {
            if place.join("entries.jsonl").exists() {
                continue;
            }
            trials.push(trial(called("is_written_anew"), move || write(&place)));
            continue;
        }
        let (a, b, c) = (place.clone(), place.clone(), place);
        trials.push(trial(called("folds_to_the_stored_case"), move || folds(&a)));
        trials.push(trial(called("goes_on_as_it_did"), move || goes_on(&b)));
        if !WRITTEN_BEFORE.contains(&name) {
            trials.push(trial(called("is_what_its_story_writes"), move || {
                is_written_again(&c)
            }));
        }
    }
    trials
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("histories")
        .join(name)
}

fn lines(place: &Path, file: &str) -> anyhow::Result<Vec<String>> {
    let text = fs::read_to_string(place.join(file)).with_context(|| file.to_owned())?;
    Ok(text.lines().map(str::to_owned).collect())
}

fn stored(place: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    Ok(lines(place, "entries.jsonl")?
        .into_iter()
        .map(String::into_bytes)
        .collect())
}

/// The stored bytes have the stored hashes, open to the stored values, and fold to the stored case.
fn folds(place: &Path) -> anyhow::Result<()> {
    let entries = stored(place)?;
    let hashes: Vec<String> = entries
        .iter()
        .map(|bytes| entry_hash(bytes).to_string())
        .collect();
    ensure!(hashes == lines(place, "hashes.txt")?, "the hashes differ");
    let case = replay(&entries)?.context("a case")?;
    let expected: Json = serde_json::from_str(&fs::read_to_string(place.join("case.json"))?)?;
    ensure!(
        serde_json::to_value(&case)? == expected,
        "the folded case differs: {case:#?}"
    );
    let sealed = lines(place, "sealed.jsonl")?;
    let mut sealed = sealed.iter();
    for bytes in &entries {
        for commitment in acts::commitments(&Entry::decode(bytes)?) {
            let line: Json = serde_json::from_str(sealed.next().context("an opening")?)?;
            ensure!(
                opens(&line, commitment)?,
                "{line} does not open {commitment:?}"
            );
        }
    }
    ensure!(sealed.next().is_none(), "more openings than commitments");
    Ok(())
}

/// Further acts on the folded case have the stored answers.
fn goes_on(place: &Path) -> anyhow::Result<()> {
    let yaml = fs::read(place.join("workflow.yaml"))?;
    let mut desk = Desk::new(&yaml);
    desk.entries = stored(place)?;
    let case = replay(&desk.entries)?.context("a case")?;
    ensure!(
        case.workflow() == desk.workflow.reference(),
        "it follows another workflow"
    );
    desk.now = case.updated_at();
    desk.case = Some(case);
    for line in lines(place, "further.jsonl")? {
        let told: Json = serde_json::from_str(&line)?;
        let (answer, due) = answer(&desk, &told)?;
        let before = told["answer"].as_str().unwrap_or_default();
        // What was refused is refused; a later build may find one reason more.
        let is_refusal = before.starts_with('H');
        ensure!(
            answer == before || is_refusal && answer.starts_with(&format!("{before} ")),
            "{line}: {answer}"
        );
        if let Some(expected) = told.get("next_due") {
            ensure!(*expected == due, "{line}: next due {due}");
        }
    }
    Ok(())
}

/// The story gives the stored bytes: nothing of an entry hangs on the machine or the moment.
fn is_written_again(place: &Path) -> anyhow::Result<()> {
    let desk = play(place)?;
    for (place, (written, stored)) in desk.entries.iter().zip(stored(place)?).enumerate() {
        let (written, stored) = (str::from_utf8(written)?, str::from_utf8(&stored)?);
        ensure!(
            written == stored,
            "entry {}\n{written}\nis not\n{stored}",
            place + 1
        );
    }
    ensure!(
        desk.entries.len() == stored(place)?.len(),
        "there are more entries, or fewer"
    );
    Ok(())
}

fn play(place: &Path) -> anyhow::Result<Desk> {
    let mut desk = Desk::new(&fs::read(place.join("workflow.yaml"))?);
    for line in lines(place, "story.jsonl")? {
        let told: Json = serde_json::from_str(&line)?;
        let done = acts::send(&mut desk, &told)?;
        done.map_err(|no| anyhow::anyhow!("{line}: {no}"))?;
    }
    Ok(desk)
}

fn write(place: &Path) -> anyhow::Result<()> {
    let desk = play(place)?;
    let mut entries = String::new();
    let mut hashes = String::new();
    for bytes in &desk.entries {
        writeln!(entries, "{}", str::from_utf8(bytes)?)?;
        writeln!(hashes, "{}", entry_hash(bytes))?;
    }
    let mut sealed = String::new();
    for Opening { label, salt, value } in desk.openings.iter().flatten() {
        let salt: String = salt.iter().map(|byte| format!("{byte:02x}")).collect();
        let value = str::from_utf8(value)?;
        writeln!(
            sealed,
            "{}",
            json!({"label": label, "salt": salt, "value": value})
        )?;
    }
    let mut further = String::new();
    for line in lines(place, "further.jsonl")? {
        let mut told: Json = serde_json::from_str(&line)?;
        let (answer, due) = answer(&desk, &told)?;
        told["answer"] = answer.into();
        told["next_due"] = due;
        writeln!(further, "{told}")?;
    }
    fs::write(place.join("entries.jsonl"), entries)?;
    fs::write(place.join("hashes.txt"), hashes)?;
    fs::write(place.join("sealed.jsonl"), sealed)?;
    fs::write(
        place.join("case.json"),
        serde_json::to_string_pretty(desk.case())? + "\n",
    )?;
    fs::write(place.join("further.jsonl"), further)?;
    Ok(())
}

/// Returns what an act on a copy comes to: where it leads, or the codes of the refusal; and when
/// the case fires next.
fn answer(desk: &Desk, told: &Json) -> anyhow::Result<(String, Json)> {
    let mut desk = desk.clone();
    let answer = match acts::send(&mut desk, told)? {
        Ok(()) => place_of(desk.case()),
        Err(No::Refused(refusal)) => {
            let codes = refusal.reasons.iter().map(|reason| reason.code().as_str());
            codes.collect::<Vec<_>>().join(" ")
        }
        Err(No::Bad(bad)) => bad.code().to_string(),
    };
    let due = desk.case().due_at();
    Ok((answer, due.map_or(Json::Null, |due| due.to_string().into())))
}

fn place_of(case: &Case) -> String {
    match case.place() {
        Place::Step(step) => format!("{step}, visit {}", case.visit()),
        Place::Outcome(closing) => format!("closed as {}", closing.outcome),
        Place::Merged(merging) => format!("merged into {}", merging.into),
    }
}

fn opens(line: &Json, expected: Commitment) -> anyhow::Result<bool> {
    let text = |key: &str| line[key].as_str().context("a text");
    let mut salt = [0; 32];
    for (byte, pair) in salt.iter_mut().zip(text("salt")?.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(str::from_utf8(pair)?, 16)?;
    }
    Ok(commitment(text("label")?, &salt, text("value")?.as_bytes()) == expected)
}
