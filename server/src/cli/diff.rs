//! `heard diff OLD NEW`: what changed in meaning, not which lines.

use std::path::{Path, PathBuf};

use clap::Args;
use heard_engine::finding::{Finding, Span};
use heard_engine::workflow::diff::{Change, Weight, compare};
use heard_engine::workflow::source::{self, Workflow};
use serde_json::{Value, json};

use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use crate::escape::escaped;
use crate::run::read_workflow;

/// The arguments of `heard diff`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The old workflow file.
    old: PathBuf,
    /// The new one.
    new: PathBuf,
    /// How the changes are printed; as `--output` says where this says nothing.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Form>,
}

/// How changes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Runs `heard diff`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let changes = compare(&read(&arguments.old)?, &read(&arguments.new)?);
    let form = arguments.format.unwrap_or(match console.format {
        Format::Table => Form::Text,
        Format::Json => Form::Json,
    });
    match form {
        Form::Json => console.json(&json!({
            "changes": changes.iter().map(change_json).collect::<Vec<_>>(),
        }))?,
        Form::Text => console.text(&text(&changes))?,
    }
    Ok(if changes.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

fn read(path: &Path) -> Result<Workflow, Failure> {
    let shown = path.display().to_string();
    let shown = escaped(&shown);
    let bytes = read_workflow(path)
        .map_err(|error| Failure::Usage(format!("{shown} cannot be read: {error}")))?;
    match source::read(&bytes) {
        (Some(workflow), findings) if !Finding::any_error(&findings) => Ok(workflow),
        (Some(_) | None, _) => Err(Failure::Usage(format!(
            "{shown} has errors and cannot be compared; `heard check {shown}` says which"
        ))),
    }
}

fn change_json(change: &Change) -> Value {
    let line = |span: Option<Span>| span.map(|span| span.line);
    json!({
        "weight": change.weight.as_str(),
        "place": change.place,
        "text": change.text,
        "old_line": line(change.old),
        "new_line": line(change.new),
    })
}

/// Returns the changes for people, those that matter most first.
fn text(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "The meaning is the same.\n".to_owned();
    }
    let mut text = String::new();
    for weight in Weight::ALL {
        let of_weight = changes.iter().filter(|change| change.weight == weight);
        let lines: Vec<String> = of_weight.map(line).collect();
        if !lines.is_empty() {
            text.push_str(heading(weight));
            text.push('\n');
            text.push_str(&lines.concat());
            text.push('\n');
        }
    }
    let count = changes.len();
    text + &format!(
        "{count} change{} of meaning\n",
        if count == 1 { "" } else { "s" }
    )
}

const fn heading(weight: Weight) -> &'static str {
    match weight {
        Weight::PowerGrew => "Powers that grew: somebody may do more than before",
        Weight::ProtectionFell => "Protections that fell: less is certain than before",
        Weight::Gone => "What is gone",
        Weight::Added => "What is new",
        Weight::Changed => "What is different",
    }
}

fn line(change: &Change) -> String {
    let place = match (change.new, change.old) {
        (Some(new), _) => format!(" (line {})", new.line),
        (None, Some(old)) => format!(" (line {} of the old file)", old.line),
        (None, None) => String::new(),
    };
    format!("  - {}{place}\n", escaped(&change.text))
}
