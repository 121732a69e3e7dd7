//! `heard test --generate`: prints a scenario for every rule, row of a table and deadline that none
//! walks.

use heard_engine::finding::Finding;
use heard_engine::lint;
use heard_engine::scenario::{self, Walked};
use serde_json::{Value, json};

use super::files::Pair;
use crate::cli::console::{Console, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::findings;
use crate::escape::escaped;

/// Writes the scenarios that a workflow still needs.
pub(super) fn run(mut pairs: Vec<Pair>, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (Some(pair), true) = (pairs.pop(), pairs.is_empty()) else {
        let text = "scenarios are written for one workflow at a time: name one file";
        return Err(Failure::Usage(text.to_owned()));
    };
    let report = lint::check(&pair.workflow.bytes);
    let Some(workflow) = report.workflow else {
        let (path, bytes) = (&pair.workflow.path, &pair.workflow.bytes);
        return stopped(path, bytes, &report.findings, console);
    };
    let mut walked = Walked::default();
    let mut file = None;
    if let Some(scenarios) = &pair.scenarios {
        let (read, found) = scenario::read(&scenarios.bytes, &workflow);
        let Some(read) = read.filter(|_| !Finding::any_error(&found)) else {
            return stopped(&scenarios.path, &scenarios.bytes, &found, console);
        };
        for one in &read.scenarios {
            let outcome = scenario::run(&workflow, &read, one);
            if outcome.failure.is_none() {
                walked.add(&outcome.walked);
            }
        }
        file = Some(read);
    }
    let generated = scenario::generate(&workflow, file.as_ref(), &walked);
    match console.format {
        Format::Table => {
            console.text(&generated.text)?;
            let path = escaped(&pair.scenarios_path());
            console.say(&match generated.count {
                0 if generated.unwritten.is_empty() => {
                    "heard: every rule, row of a table and deadline is walked".to_owned()
                }
                0 => "heard: no scenario was found".to_owned(),
                count => format!(
                    "heard: {count} written above and nowhere else; add to {path} what you keep"
                ),
            });
            for unwritten in &generated.unwritten {
                let (part, why) = (unwritten.part.to_string(), escaped(&unwritten.why));
                console.say(&format!("heard: no scenario for {}: {why}", escaped(&part)));
            }
        }
        Format::Json => {
            let unwritten: Vec<Value> = generated
                .unwritten
                .iter()
                .map(|one| json!({"part": one.part.to_string(), "why": one.why}))
                .collect();
            console.json(&json!({
                "scenarios_path": pair.scenarios_path(),
                "text": generated.text,
                "count": generated.count,
                "unwritten": unwritten,
            }))?;
        }
    }
    Ok(if generated.unwritten.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// Shows what stops a file from being run.
fn stopped(
    path: &str,
    bytes: &[u8],
    found: &[Finding],
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match console.format {
        Format::Table => console.text(&findings::text(path, bytes, found, console.is_coloured))?,
        Format::Json => {
            let found: Vec<Value> = found.iter().map(findings::json).collect();
            console.json(&json!({"path": path, "findings": found}))?;
        }
    }
    Ok(Exit::Findings)
}
