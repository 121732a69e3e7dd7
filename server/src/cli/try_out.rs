//! `heard try FILE --at STEP`: which way would each action go, and why.

use std::path::PathBuf;

use clap::Args;
use heard_engine::id::{ActionName, FieldName, RoleName};
use heard_engine::lint;
use heard_engine::scenario::{self, Attempt};
use heard_engine::value::Value;
use heard_engine::workflow::Workflow;
use heard_engine::workflow::length::Length;
use serde_json::json;

use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::given::Given;
use super::render::{findings, tried};
use crate::escape::escaped;
use crate::run::read_workflow;

/// The arguments of `heard try`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workflow file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The step the case is in.
    #[arg(long, value_name = "STEP")]
    at: String,
    /// An answer of the case: field=value. What else every case has there is made up.
    #[arg(long, value_name = "FIELD=VALUE")]
    with: Vec<String>,
    /// How long nothing happens first but that time passes: `2 days`, `4 working hours`. What is
    /// due by then happens.
    #[arg(long, value_name = "LENGTH")]
    wait: Option<String>,
    /// The role that acts; without it each that may.
    #[arg(long = "as", value_name = "ROLE")]
    role: Option<String>,
    /// The action; without it each of the step.
    #[arg(long, value_name = "NAME")]
    action: Option<String>,
}

/// Runs `heard try`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let shown = arguments.file.display().to_string();
    let bytes = read_workflow(&arguments.file)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", escaped(&shown))))?;
    let report = lint::check(&bytes);
    let Some(workflow) = report.workflow else {
        match console.format {
            Format::Table => {
                let found = &report.findings;
                console.text(&findings::text(&shown, &bytes, found, console.is_coloured))?;
            }
            Format::Json => {
                let found: Vec<_> = report.findings.iter().map(findings::json).collect();
                console.json(&json!({"path": shown, "findings": found}))?;
            }
        }
        return Ok(Exit::Findings);
    };
    let attempt = attempt(&workflow, arguments)?;
    let came = scenario::attempt(&workflow, &attempt)
        .map_err(|why| Failure::Usage(escaped(&why.join("; "))))?;
    console.show(
        || tried::json(&workflow, &attempt, &came),
        || tried::text(&workflow, &attempt, &came),
    )?;
    Ok(Exit::Clean)
}

fn attempt(workflow: &Workflow, arguments: &Arguments) -> Result<Attempt, Failure> {
    let step = workflow.step(&arguments.at).ok_or_else(|| {
        let known = workflow.steps().map(|step| step.name.to_string());
        unknown("step", &arguments.at, known)
    })?;
    let role = arguments.role.as_ref().map(|role| {
        let found = workflow.roles().get_key_value(role.as_str());
        let known = workflow.roles().keys().map(RoleName::to_string);
        found
            .map(|(name, _)| name.clone())
            .ok_or_else(|| unknown("role", role, known))
    });
    let action = arguments.action.as_ref().map(|action| {
        let actions = step.1.actions.keys().chain(workflow.anywhere().keys());
        let known = actions.map(ActionName::to_string);
        ActionName::new(action).map_err(|_| unknown("action", action, known))
    });
    let wait = arguments.wait.as_ref().map(|wait| {
        let wrong = |error| Failure::Usage(format!("--wait {}: {error}", escaped(wait)));
        Length::parse(wait).map_err(wrong)
    });
    Ok(Attempt {
        step: step.1.name.clone(),
        answers: answers(workflow, &arguments.with)?,
        wait: wait.transpose()?,
        role: role.transpose()?,
        action: action.transpose()?,
    })
}

fn answers(workflow: &Workflow, with: &[String]) -> Result<Vec<(FieldName, Value)>, Failure> {
    let mut answers = Vec::with_capacity(with.len());
    for typed in with {
        let given = Given::read(typed)?;
        let known = workflow.fields().get_key_value(given.field.as_str());
        let (name, field) = known.ok_or_else(|| {
            let known = workflow.fields().keys().map(FieldName::to_string);
            unknown("field", &given.field, known)
        })?;
        let value = scenario::value(field, &given.text)
            .map_err(|wrong| Failure::Usage(format!("{name}: {}", escaped(&wrong))))?;
        answers.push((name.clone(), value));
    }
    Ok(answers)
}

fn unknown(what: &str, name: &str, known: impl Iterator<Item = String>) -> Failure {
    let known: Vec<String> = known.collect();
    Failure::Usage(format!(
        "the workflow has no {what} {}; it has {}",
        escaped(name),
        known.join(", ")
    ))
}
