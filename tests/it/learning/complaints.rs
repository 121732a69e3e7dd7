//! The issues of a month of public complaints as root causes, over the engine alone: the Pareto of
//! closed cases against a count of the rows of the file.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use heard_engine::case::CauseRef;
use heard_engine::case::command::{Act, RecordCause};
use heard_engine::cause::{By, Days, Lessons};
use heard_engine::id::{CaseId, CauseGroup, CauseName};
use heard_engine::measure::Share;
use heard_engine::time::Timestamp;
use heard_tests::desk::{Desk, actor};
use uuid::Uuid;

const WORKFLOW: &str = r#"
heard: 1
workflow: complaints
version: 1
title: A public complaint
model: custom
roles:
  handler: {title: Handler}
start: hear
steps:
  hear:
    phase: hear
    who: [handler]
    actions: {heard: diagnose}
  diagnose:
    phase: diagnose
    who: [handler]
    actions: {found: answered}
outcomes:
  answered: {title: Answered, counts_as: resolved}
causes:
  whys: 0
  categories:
    issue:
"#;

/// Checks what is told of the cases against a count of the rows.
pub fn agree(csv: &[u8]) -> anyhow::Result<()> {
    let issues = read(csv)?;
    ensure!(issues.len() == 3_999, "the file is another one");
    let mut counted: BTreeMap<&str, u64> = BTreeMap::new();
    for issue in &issues {
        *counted.entry(issue).or_default() += 1;
    }
    let names: BTreeMap<&str, String> = counted
        .keys()
        .enumerate()
        .map(|(number, issue)| (*issue, format!("issue_{number:02}")))
        .collect();
    let lessons = taught(&issues, &names)?;
    let pareto = lessons.causes(By::Count, None);
    ensure!(pareto.total == 3_999 && lessons.closed().total == 3_999);
    let mut counted: Vec<(&String, u64)> = counted
        .iter()
        .map(|(issue, cases)| (&names[issue], *cases))
        .collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    ensure!(pareto.rows.len() == counted.len(), "{}", pareto.rows.len());
    let mut above = 0;
    for (row, (name, cases)) in pareto.rows.iter().zip(&counted) {
        above += cases;
        let of = |met: u64| Share { met, of: 3_999 };
        ensure!(row.cause.cause.name.as_str() == name.as_str(), "{row:?}");
        ensure!(row.tally.share == of(*cases), "{row:?}");
        ensure!(row.tally.cumulative == of(above), "{row:?}");
    }
    let first = pareto.rows.iter().take(3);
    let first: Vec<_> = first.map(|row| row.tally.cumulative.per_mille()).collect();
    println!("the first three issues make up {first:?} thousandths of 3,999 complaints");
    ensure!(first == [Some(310), Some(593), Some(837)], "{first:?}");
    Ok(())
}

fn read(bytes: &[u8]) -> anyhow::Result<Vec<String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers()?.clone();
    let issue = headers.iter().position(|header| header == "Issue");
    let issue = issue.context("a column")?;
    let mut issues = Vec::new();
    for row in reader.byte_records() {
        issues.push(String::from_utf8_lossy(&row?[issue]).into_owned());
    }
    Ok(issues)
}

/// Closes a case for each complaint with its issue as the root cause.
fn taught(issues: &[String], names: &BTreeMap<&str, String>) -> anyhow::Result<Lessons> {
    let mut yaml = WORKFLOW.to_owned();
    for (issue, name) in names {
        yaml.push_str(&format!("      {name}: {issue:?}\n"));
    }
    let begin = Desk::new(yaml.as_bytes());
    let handler = actor(1, "handler");
    let mut lessons = Lessons::new(Days {
        as_of: Timestamp::parse("2027-01-01T00:00:00Z")?,
        from: None,
        to: None,
    });
    for (number, issue) in (1..).zip(issues) {
        let mut desk = begin.clone();
        let cause = CauseRef {
            group: CauseGroup::new("issue")?,
            name: CauseName::new(&names[issue.as_str()])?,
        };
        let statement = "What the complaint is about".to_owned();
        let record = RecordCause::proposed(cause, statement, Vec::new());
        let acts = [
            desk.open(),
            desk.action("heard", &[]),
            Act::RecordCause(record),
            desk.action("found", &[]),
        ];
        for act in acts {
            let done = desk.send(&handler, &act);
            done.map_err(|no| anyhow::anyhow!("{no}"))?;
        }
        let id = CaseId::new(Uuid::from_u128(number));
        lessons.add(&desk.workflow, id, desk.case());
    }
    Ok(lessons)
}
