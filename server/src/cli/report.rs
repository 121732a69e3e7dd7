//! `heard report`: says what many cases come to.

use clap::{Args, Subcommand};
use heard_proto::v1::{self, Date, GetKpiRequest};

use super::client::{Server, Where};
use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::given;
use super::render::kpi;

/// The arguments of `heard report`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    server: Where,
    #[command(subcommand)]
    command: Command,
}

/// What can be reported.
#[derive(Debug, Subcommand)]
enum Command {
    /// Print resolution rate, time to resolution and surveys delivered, then everything else.
    Kpi(Kpi),
}

/// The arguments of `heard report kpi`.
#[derive(Debug, Args)]
struct Kpi {
    /// Only cases of this workflow.
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    /// A line for each day, week from Monday, or month.
    #[arg(long, value_enum, value_name = "PERIOD")]
    period: Option<Period>,
    /// Only what happened on this day or later, such as 2026-10-01.
    #[arg(long, value_parser = given::date, value_name = "DAY")]
    from: Option<Date>,
    /// Only what happened on this day or earlier, such as 2026-10-31.
    #[arg(long, value_parser = given::date, value_name = "DAY")]
    to: Option<Date>,
    /// How the report is printed; as `--output` says where this says nothing.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Form>,
}

/// What a report is divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Period {
    /// Days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
    /// For spreadsheets: a line for each number.
    Csv,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Text,
            Format::Json => Self::Json,
        }
    }
}

/// Runs `heard report`.
pub(super) async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = &arguments.server.server;
    match arguments.command {
        Command::Kpi(kpi) => report(server, &kpi, console).await,
    }
}

async fn report(server: &str, asked: &Kpi, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let period = match asked.period {
        None => v1::KpiPeriod::Unspecified,
        Some(Period::Day) => v1::KpiPeriod::Day,
        Some(Period::Week) => v1::KpiPeriod::Week,
        Some(Period::Month) => v1::KpiPeriod::Month,
    };
    let request = GetKpiRequest {
        workflow_id: asked.workflow.clone(),
        period: period.into(),
        from_date: asked.from,
        to_date: asked.to,
    };
    let server = Server::connect(server).await?;
    let answer = server.reports().get_kpi(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    match asked.format.unwrap_or(console.format.into()) {
        Form::Text => console.text(&kpi::text(&answer, asked.from, asked.to))?,
        Form::Json => console.json(&kpi::json(&answer))?,
        Form::Csv => console.text(&kpi::csv(&answer))?,
    }
    Ok(Exit::Clean)
}
