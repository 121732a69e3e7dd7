//! `heard check FILE...`: everything that is wrong with workflow files.

use std::path::{Path, PathBuf};

use clap::Args;
use heard_engine::finding::{Finding, Level};
use heard_engine::lint::{self, Beside, Report};
use heard_engine::time::Date;
use serde_json::{Value, json};

use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::render::{findings, github, sarif};
use super::test::SCENARIOS_SUFFIX;
use crate::clock::{Clock as _, SystemClock};
use crate::escape::escaped;
use crate::run::read_workflow;

/// The arguments of `heard check`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workflow files.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// From which level on a finding makes the check fail.
    #[arg(long, value_enum, default_value_t = FailLevel::Error, value_name = "LEVEL")]
    fail_level: FailLevel,
    /// How the findings are printed; as `--output` says where this says nothing.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Form>,
    /// The day to check for, such as 2026-12-24: calendars end with time. Today where nothing is
    /// said.
    #[arg(long, value_parser = Date::parse, value_name = "DAY")]
    today: Option<Date>,
}

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people: with the line, a caret, the reason and the mend.
    Text,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for code hosts and editors.
    Sarif,
    /// Workflow commands of GitHub Actions.
    Github,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Text,
            Format::Json => Self::Json,
        }
    }
}

/// From which level on a finding makes the check fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum FailLevel {
    /// Errors: the file would be refused.
    Error,
    /// Warnings too.
    Warning,
    /// Notes too.
    Note,
}

impl FailLevel {
    const fn level(self) -> Level {
        match self {
            Self::Error => Level::Error,
            Self::Warning => Level::Warning,
            Self::Note => Level::Note,
        }
    }
}

/// A file with what was found in it.
pub(super) struct Checked {
    pub(super) path: String,
    pub(super) bytes: Vec<u8>,
    pub(super) report: Report,
}

/// Runs `heard check`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let beside = Beside {
        today: arguments
            .today
            .or_else(|| SystemClock::default().now().day()),
    };
    let mut checked = Vec::with_capacity(arguments.files.len());
    for path in &arguments.files {
        checked.push(checked_file(path, &beside)?);
    }
    match arguments.format.unwrap_or(console.format.into()) {
        Form::Json => console.json(&json!({
            "files": checked.iter().map(file_json).collect::<Vec<_>>(),
        }))?,
        Form::Text => {
            for file in &checked {
                file_text(file, console)?;
            }
        }
        Form::Sarif => console.json(&sarif::log(&checked))?,
        Form::Github => {
            for file in &checked {
                console.text(&github::commands(file))?;
            }
        }
    }
    let fails = |finding: &Finding| finding.level >= arguments.fail_level.level();
    let is_found = checked
        .iter()
        .any(|file| file.report.findings.iter().any(fails));
    Ok(if is_found {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// Reads a file and checks it.
pub(super) fn checked_file(path: &Path, beside: &Beside) -> Result<Checked, Failure> {
    let shown = path.display().to_string();
    if shown.ends_with(SCENARIOS_SUFFIX) {
        let shown = escaped(&shown);
        let text = format!("{shown} is a scenarios file: `heard test {shown}` plays it");
        return Err(Failure::Usage(text));
    }
    let bytes = read_workflow(path)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", escaped(&shown))))?;
    let report = lint::check_with(&bytes, beside);
    Ok(Checked {
        path: shown,
        bytes,
        report,
    })
}

/// Returns what was found in a file, for programs.
pub(super) fn file_json(file: &Checked) -> Value {
    let workflow = file.report.workflow.as_ref().map(|workflow| {
        let reference = workflow.reference();
        json!({
            "workflow_id": reference.id.as_str(),
            "version": reference.version.0,
            "sha256": reference.sha256.to_string(),
        })
    });
    let found: Vec<Value> = file.report.findings.iter().map(findings::json).collect();
    json!({"path": file.path, "workflow": workflow, "findings": found})
}

/// Prints what was found in a file, for people.
pub(super) fn file_text(file: &Checked, console: &mut Console<'_>) -> Result<(), Failure> {
    let found = &file.report.findings;
    console.text(&findings::text(
        &file.path,
        &file.bytes,
        found,
        console.is_coloured,
    ))?;
    let what = file.report.workflow.as_ref().map(|workflow| {
        let reference = workflow.reference();
        format!(" {}@{}:", reference.id, reference.version)
    });
    let what = what.unwrap_or_default();
    console.line(&format!("{}:{what} {}", escaped(&file.path), tally(found)))
}

/// Returns how many findings there are of each level, in words.
pub(super) fn tally(findings: &[Finding]) -> String {
    let count = |level, word: &str| {
        let count = findings
            .iter()
            .filter(|finding| finding.level == level)
            .count();
        match count {
            0 => None,
            1 => Some(format!("1 {word}")),
            _ => Some(format!("{count} {word}s")),
        }
    };
    let counts = [
        count(Level::Error, "error"),
        count(Level::Warning, "warning"),
        count(Level::Note, "note"),
    ];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    match counts.as_slice() {
        [] => "nothing wrong".to_owned(),
        [..] => counts.join(", "),
    }
}
