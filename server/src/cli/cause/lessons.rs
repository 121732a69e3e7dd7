//! `heard cause report`: what closed cases taught.

use clap::Args;
use heard_proto::v1::{Date, GetLessonsRequest};

use super::trend::Compared;
use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given;
use crate::cli::render::learning;
use crate::cli::report::Form;

/// Which cases a report is of, and how it is printed.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// Only cases of this workflow.
    #[arg(long, value_name = "ID")]
    pub(super) workflow: Option<String>,
    /// Only cases closed on this day or later, such as 2026-10-01.
    #[arg(long, value_parser = given::date, value_name = "DAY")]
    pub(super) from: Option<Date>,
    /// Only cases closed on this day or earlier, such as 2026-10-31.
    #[arg(long, value_parser = given::date, value_name = "DAY")]
    pub(super) to: Option<Date>,
    /// How the report is printed; as `--output` says where this says nothing.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Form>,
}

impl Which {
    /// Returns how the report is printed.
    pub(super) fn form(&self, console: &Console<'_>) -> Form {
        self.format.unwrap_or(console.format.into())
    }

    /// Returns the days it is of, in words.
    pub(super) fn days(&self) -> String {
        learning::days(self.from, self.to)
    }
}

/// The arguments of `heard cause report`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    compared: Compared,
}

/// Prints the whole report.
pub(super) async fn print(
    server: &str,
    asked: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let request = GetLessonsRequest {
        workflow_id: asked.which.workflow.clone(),
        from_date: asked.which.from,
        to_date: asked.which.to,
        period: asked.compared.period().into(),
        now_periods: asked.compared.now,
    };
    let server = Server::connect(server).await?;
    let answer = server.learning().get_lessons(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    match asked.which.form(console) {
        Form::Text => console.text(&learning::lessons(&answer, &asked.which.days()))?,
        Form::Json => console.json(&learning::json::lessons(&answer))?,
        Form::Csv => console.text(&learning::csv::lessons(&answer))?,
    }
    Ok(Exit::Clean)
}
