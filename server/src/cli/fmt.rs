//! `heard fmt FILE...`: writes files evenly, quotation marks and spaces only.

use std::fs;
use std::path::PathBuf;

use clap::Args;
use heard_engine::finding::Finding;
use heard_engine::workflow::format::format;
use serde_json::{Value, json};

use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::render::findings;
use crate::escape::escaped;
use crate::run::read_workflow;

/// The arguments of `heard fmt`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The files: workflows, or their scenarios.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write nothing; only say which files would change.
    #[arg(long)]
    check: bool,
}

/// What has become of a file.
enum Done {
    /// It was even already.
    Even,
    /// It was written evenly, or would have been.
    Formatted,
    /// It cannot be read, for this reason.
    Unreadable(Vec<u8>, Box<Finding>),
}

/// Runs `heard fmt`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut all = Vec::with_capacity(arguments.files.len());
    for path in &arguments.files {
        let shown = path.display().to_string();
        let bytes = read_workflow(path).map_err(|error| {
            Failure::Usage(format!("{} cannot be read: {error}", escaped(&shown)))
        })?;
        // A file too large to be read whole is refused here, and so never written back cut short.
        let done = match format(&bytes) {
            Err(finding) => Done::Unreadable(bytes, finding),
            Ok(formatted) if formatted.as_bytes() == bytes => Done::Even,
            Ok(formatted) => {
                if !arguments.check {
                    fs::write(path, formatted).map_err(|error| {
                        Failure::Usage(format!("{} cannot be written: {error}", escaped(&shown)))
                    })?;
                }
                Done::Formatted
            }
        };
        all.push((shown, done));
    }
    match console.format {
        Format::Json => {
            console.json(&json!({"files": all.iter().map(file_json).collect::<Vec<_>>()}))?;
        }
        Format::Table => {
            for (path, done) in &all {
                file_text(path, done, arguments.check, console)?;
            }
        }
    }
    let is_found = all.iter().any(|(_, done)| match done {
        Done::Even => false,
        Done::Formatted => arguments.check,
        Done::Unreadable(..) => true,
    });
    Ok(if is_found {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn file_json((path, done): &(String, Done)) -> Value {
    let (is_changed, found) = match done {
        Done::Even => (false, Vec::new()),
        Done::Formatted => (true, Vec::new()),
        Done::Unreadable(_, finding) => (false, vec![findings::json(finding)]),
    };
    json!({"path": path, "changed": is_changed, "findings": found})
}

fn file_text(
    path: &str,
    done: &Done,
    is_check: bool,
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let path_shown = escaped(path);
    match done {
        Done::Even => console.line(&format!("{path_shown}: nothing to do")),
        Done::Formatted if is_check => console.line(&format!("{path_shown}: would be formatted")),
        Done::Formatted => console.line(&format!("{path_shown}: formatted")),
        Done::Unreadable(bytes, finding) => {
            let found = std::slice::from_ref(finding.as_ref());
            console.text(&findings::text(path, bytes, found, console.is_coloured))?;
            console.line(&format!("{path_shown}: not formatted, it cannot be read"))
        }
    }
}
