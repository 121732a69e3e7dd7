//! `heard draw FILE`: a picture of a workflow.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use heard_engine::lint::Beside;
use heard_engine::workflow::{draw, source};
use serde_json::json;

use super::check::{checked_file, file_json, file_text};
use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use crate::escape::escaped;

/// The arguments of `heard draw`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The workflow file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the picture is written down.
    #[arg(long, value_enum, default_value_t = Form::Svg, value_name = "FORMAT")]
    format: Form,
    /// Where it is written; to standard output where this says nothing.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// How a picture is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// A drawing for browsers and documents, in light and dark.
    Svg,
    /// A flowchart for pages that render Mermaid, such as those of code hosts.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
}

impl From<Form> for draw::Format {
    fn from(form: Form) -> Self {
        match form {
            Form::Svg => Self::Svg,
            Form::Mermaid => Self::Mermaid,
            Form::Dot => Self::Dot,
        }
    }
}

/// Runs `heard draw`. A file with errors is not drawn: what is wrong with it is printed.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let checked = checked_file(&arguments.file, &Beside::default())?;
    let (source, _) = source::read(&checked.bytes);
    let (Some(source), Some(workflow)) = (&source, &checked.report.workflow) else {
        match console.format {
            Format::Json => console.json(&json!({"files": [file_json(&checked)]}))?,
            Format::Table => file_text(&checked, console)?,
        }
        return Ok(Exit::Findings);
    };
    let picture = draw::draw(source, workflow, arguments.format.into());
    let Some(out) = &arguments.out else {
        // It is a picture for every reader.
        console.text(&picture)?;
        return Ok(Exit::Clean);
    };
    let shown = escaped(&out.display().to_string());
    fs::write(out, picture)
        .map_err(|error| Failure::Usage(format!("{shown} cannot be written: {error}")))?;
    console.show(
        || json!({"path": out.display().to_string()}),
        || format!("{shown}: drawn\n"),
    )?;
    Ok(Exit::Clean)
}
