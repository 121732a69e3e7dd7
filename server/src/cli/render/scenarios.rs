//! What became of scenarios: for people and for programs.

use heard_engine::finding::{Finding, Span};
use heard_engine::scenario::{Coverage, Failure, Outcome, Part, Scenario, Stop};
use serde_json::{Value, json};

use super::{findings, put};
use crate::cli::test::Tested;
use crate::escape::escaped;

/// Returns the results for a person.
pub(in crate::cli) fn text(tested: &[Tested], with_coverage: bool, is_coloured: bool) -> String {
    let mut text = String::new();
    for one in tested {
        of_workflow(&mut text, one, with_coverage, is_coloured);
    }
    if tested.len() > 1 {
        let results = || tested.iter().flat_map(|one| &one.results);
        let failed = results().filter(|(_, outcome)| outcome.failure.is_some());
        let unread = tested.iter().filter(|one| one.coverage.is_none()).count();
        let unread = match unread {
            0 => String::new(),
            count => format!(", {count} not run"),
        };
        put(
            &mut text,
            format_args!(
                "{} workflows: {}{unread}\n",
                tested.len(),
                tally(results().count(), failed.count())
            ),
        );
    }
    text
}

/// Returns the results for programs.
pub(in crate::cli) fn json(tested: &[Tested]) -> Value {
    let files: Vec<Value> = tested.iter().map(of_workflow_json).collect();
    json!({ "files": files })
}

/// Returns the line of a file, without white space around it.
pub(super) fn line(bytes: &[u8], span: Span) -> String {
    let number = usize::try_from(span.line).unwrap_or(usize::MAX);
    let text = String::from_utf8_lossy(bytes);
    let line = text.lines().nth(number.saturating_sub(1));
    escaped(line.unwrap_or_default().trim())
}

/// Tells why a scenario failed: the walk so far, the line, what was expected and what happened.
pub(super) fn failure(bytes: &[u8], outcome: &Outcome, failure: &Failure) -> String {
    let mut text = String::new();
    if !outcome.walk.is_empty() {
        text.push_str("the walk so far\n");
    }
    walk(&mut text, &outcome.walk);
    put(
        &mut text,
        format_args!(
            "line {}: {}\n",
            failure.span.line,
            line(bytes, failure.span)
        ),
    );
    put(
        &mut text,
        format_args!("  expected  {}\n", escaped(&failure.expected)),
    );
    for (number, happened) in failure.happened.iter().enumerate() {
        let label = if number == 0 { "happened" } else { "" };
        put(
            &mut text,
            format_args!("  {label:<8}  {}\n", escaped(happened)),
        );
    }
    for note in &failure.notes {
        put(&mut text, format_args!("  note      {}\n", escaped(note)));
    }
    text
}

/// Tells a walk, line by line, and between them what was due while time passed.
fn walk(text: &mut String, walk: &[Stop]) {
    let acts = walk.iter().filter(|stop| !stop.is_by_time);
    let width = acts
        .map(|stop| stop.what.chars().count())
        .max()
        .unwrap_or(0);
    let mut before = "";
    for Stop {
        line,
        at,
        what,
        is_by_time,
        place,
        title,
    } in walk
    {
        let arrow = if place == before { "  " } else { "->" };
        before = place;
        let what = escaped(what);
        let title = escaped(title);
        if *is_by_time {
            // The sentence says itself where the case went.
            put(text, format_args!("             {at}  {what}\n"));
        } else {
            put(
                text,
                format_args!("  line {line:<4}  {at}  {what:<width$}  {arrow} {title}\n"),
            );
        }
    }
}

/// Says why scenarios could not be run at all; none where they were.
pub(super) fn not_run(tested: &Tested) -> Option<String> {
    if tested.coverage.is_some() {
        return None;
    }
    Some(if tested.workflow.is_none() {
        "the workflow has errors, so its scenarios were not run".to_owned()
    } else if tested.pair.scenarios.is_none() {
        let path = escaped(&tested.pair.scenarios_path());
        format!("there are no scenarios: {path} does not exist")
    } else {
        "the scenarios have errors, so none was run".to_owned()
    })
}

fn of_workflow(text: &mut String, tested: &Tested, with_coverage: bool, is_coloured: bool) {
    let path = tested.pair.scenarios_path();
    put(text, format_args!("{}\n", escaped(&path)));
    let workflow = &tested.pair.workflow;
    if with_coverage || tested.workflow.is_none() {
        let found = &tested.workflow_findings;
        let found = findings::text(&workflow.path, &workflow.bytes, found, is_coloured);
        text.push_str(&found);
    }
    let bytes = tested
        .pair
        .scenarios
        .as_ref()
        .map(|file| file.bytes.as_slice());
    let bytes = bytes.unwrap_or_default();
    text.push_str(&findings::text(
        &path,
        bytes,
        &tested.scenarios_findings,
        is_coloured,
    ));
    for (scenario, outcome) in &tested.results {
        of_scenario(text, bytes, scenario, outcome);
    }
    if let Some(coverage) = &tested.coverage {
        if with_coverage {
            of_coverage(text, coverage);
        }
        let failed = tested.results.iter();
        let failed = failed.filter(|(_, outcome)| outcome.failure.is_some());
        let of = |name: &str| coverage.kinds.iter().find(|(kind, ..)| *kind == name);
        let rules = of("rules").map_or_else(String::new, |(_, walked, all, _)| {
            format!("; {walked} of {all} rules walked")
        });
        let rows = of("table rows").map_or_else(String::new, |(_, walked, all, _)| {
            format!(", {walked} of {all} table rows")
        });
        let deadlines = of("deadlines").map_or_else(String::new, |(_, walked, all, _)| {
            format!(", {walked} of {all} deadlines")
        });
        let tally = tally(tested.results.len(), failed.count());
        put(text, format_args!("  {tally}{rules}{rows}{deadlines}\n\n"));
    }
    if let Some(why) = not_run(tested) {
        put(text, format_args!("  {why}\n\n"));
    }
}

fn of_scenario(text: &mut String, bytes: &[u8], scenario: &Scenario, outcome: &Outcome) {
    let name = escaped(&scenario.name);
    match &outcome.failure {
        None => put(text, format_args!("  passed  {name}\n")),
        Some(why) => {
            let line = scenario.span.line;
            put(text, format_args!("  FAILED  {name} (line {line})\n\n"));
            for line in failure(bytes, outcome, why).lines() {
                put(text, format_args!("    {line}\n"));
            }
            text.push('\n');
        }
    }
}

fn of_coverage(text: &mut String, coverage: &Coverage) {
    text.push_str("\n  walked\n");
    for (kind, walked, all, missing) in &coverage.kinds {
        let percent = walked * 100 / all;
        let missing = match missing.as_slice() {
            [] => String::new(),
            // Each stands above as a finding, with its line.
            [first, ..] if first.must_be_walked() => format!("  not the {} above", missing.len()),
            [..] => {
                let missing: Vec<String> = missing.iter().map(Part::to_string).collect();
                format!("  not {}", missing.join(", "))
            }
        };
        put(
            text,
            format_args!("    {kind:<10}  {walked:>3} of {all:<3}  {percent:>3}%{missing}\n"),
        );
    }
    let refusals = coverage.refusals.iter();
    let refusals: Vec<String> = refusals
        .map(|(code, times)| format!("{} {times}", code.name()))
        .collect();
    if !refusals.is_empty() {
        put(
            text,
            format_args!("    refusals    {}\n", refusals.join(", ")),
        );
    }
    text.push('\n');
}

fn tally(all: usize, failed: usize) -> String {
    match (all, failed) {
        (0, _) => "no scenarios".to_owned(),
        (all, 0) => format!("{all} passed"),
        (all, failed) => format!("{} passed, {failed} failed", all - failed),
    }
}

fn of_workflow_json(tested: &Tested) -> Value {
    let workflow = tested.workflow.as_ref().map(|workflow| {
        let reference = workflow.reference();
        json!({
            "workflow_id": reference.id.as_str(),
            "version": reference.version.0,
            "sha256": reference.sha256.to_string(),
        })
    });
    let found = |found: &[Finding]| found.iter().map(findings::json).collect::<Vec<_>>();
    let results: Vec<Value> = tested
        .results
        .iter()
        .map(|(scenario, outcome)| of_scenario_json(scenario, outcome))
        .collect();
    json!({
        "path": tested.pair.workflow.path,
        "scenarios_path": tested.pair.scenarios_path(),
        "workflow": workflow,
        "findings": found(&tested.workflow_findings),
        "scenarios_findings": found(&tested.scenarios_findings),
        "not_run": not_run(tested),
        "scenarios": results,
        "coverage": tested.coverage.as_ref().map(of_coverage_json),
    })
}

fn of_scenario_json(scenario: &Scenario, outcome: &Outcome) -> Value {
    let walk: Vec<Value> = outcome
        .walk
        .iter()
        .map(|stop| {
            json!({
                "line": stop.line,
                "at": stop.at,
                "what": stop.what,
                "by_time": stop.is_by_time,
                "place": stop.place,
                "title": stop.title,
            })
        })
        .collect();
    let failure = outcome.failure.as_ref().map(|failure| {
        json!({
            "line": failure.span.line,
            "expected": failure.expected,
            "happened": failure.happened,
            "notes": failure.notes,
        })
    });
    json!({
        "name": scenario.name,
        "line": scenario.span.line,
        "passed": outcome.failure.is_none(),
        "walk": walk,
        "failure": failure,
    })
}

fn of_coverage_json(coverage: &Coverage) -> Value {
    let kinds = coverage.kinds.iter().map(|(kind, walked, all, missing)| {
        let missing: Vec<String> = missing.iter().map(Part::to_string).collect();
        let of_kind = json!({"walked": walked, "all": all, "not_walked": missing});
        ((*kind).to_owned(), of_kind)
    });
    let refusals = coverage.refusals.iter();
    let refusals = refusals.map(|(code, times)| (code.name().to_owned(), json!(times)));
    let mut all: serde_json::Map<String, Value> = kinds.collect();
    all.insert("refusals".to_owned(), Value::Object(refusals.collect()));
    Value::Object(all)
}
