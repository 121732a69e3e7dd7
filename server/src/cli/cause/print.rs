//! Prints the reports of `heard cause`.

use clap::Args;
use serde_json::Value;
use tonic::{Response, Status};

use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::report::Form;

/// How a report is printed.
#[derive(Debug, Args)]
pub(super) struct How {
    /// How the report is printed; as `--output` says where this says nothing.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Form>,
}

/// What turns a report into each form.
pub(super) struct Forms<R, T: Fn(&R) -> String> {
    /// For people.
    pub(super) text: T,
    /// For programs.
    pub(super) json: fn(&R) -> Value,
    /// For spreadsheets.
    pub(super) csv: fn(&R) -> String,
}

/// Prints what the server answered, or says why there is no report.
pub(super) fn print<R, T: Fn(&R) -> String>(
    server: &Server,
    answer: Result<Response<R>, Status>,
    how: &How,
    forms: &Forms<R, T>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let report = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    match how.format.unwrap_or(console.format.into()) {
        Form::Text => console.text(&(forms.text)(&report))?,
        Form::Json => console.json(&(forms.json)(&report))?,
        Form::Csv => console.text(&(forms.csv)(&report))?,
    }
    Ok(Exit::Clean)
}
