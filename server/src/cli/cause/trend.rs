//! `heard cause trend`: where causes are going.

use clap::{Args, ValueEnum};
use heard_proto::v1::{GetTrendsRequest, KpiPeriod};

use super::lessons::Which;
use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::learning;
use crate::cli::report::Form;

/// The arguments of `heard cause trend`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    compared: Compared,
}

/// Which periods are compared.
#[derive(Debug, Args)]
pub(super) struct Compared {
    /// What is compared: weeks from Monday, or months.
    #[arg(long, value_enum, default_value = "week", value_name = "PERIOD")]
    period: Period,
    /// How many of the last periods are held against those before.
    #[arg(long, default_value_t = 4, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) now: u32,
}

/// A period.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Period {
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
}

impl Compared {
    /// Returns the period as it is asked for.
    pub(super) fn period(&self) -> KpiPeriod {
        match self.period {
            Period::Week => KpiPeriod::Week,
            Period::Month => KpiPeriod::Month,
        }
    }
}

/// Prints where causes are going.
pub(super) async fn print(
    server: &str,
    asked: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let request = GetTrendsRequest {
        workflow_id: asked.which.workflow.clone(),
        from_date: asked.which.from,
        to_date: asked.which.to,
        period: asked.compared.period().into(),
        now_periods: asked.compared.now,
    };
    let server = Server::connect(server).await?;
    let answer = server.learning().get_trends(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    match asked.which.form(console) {
        Form::Text => console.text(&learning::trends(&answer, &asked.which.days()))?,
        Form::Json => console.json(&learning::json::trends(&answer))?,
        Form::Csv => console.text(&learning::csv::trends(&answer))?,
    }
    Ok(Exit::Clean)
}
