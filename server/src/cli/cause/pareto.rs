//! `heard cause pareto`: which few make up most.

use clap::{Args, ValueEnum};
use heard_proto::v1::{GetParetoRequest, ParetoBy, ParetoOf};

use super::lessons::Which;
use super::print::{Forms, print};
use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::learning;

/// The arguments of `heard cause pareto`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// What to have rows of.
    #[arg(long, value_enum, default_value = "cause", value_name = "WHAT")]
    of: Of,
    /// What to add up.
    #[arg(long, value_enum, default_value = "count", value_name = "WHAT")]
    by: By,
    /// The currency to add up, such as EUR; with --by cost.
    #[arg(long, value_name = "CODE", required_if_eq("by", "cost"))]
    currency: Option<String>,
    /// The most rows; what lies beyond is one row. All of the first 100 by default.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i32).range(1..=100))]
    rows: Option<i32>,
}

/// What a Pareto has rows of.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    /// Root causes.
    Cause,
    /// Policies at fault.
    Policy,
    /// What failed for customers.
    Failure,
    /// The headings of regulators.
    Heading,
}

/// What a Pareto adds up.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum By {
    /// Cases.
    Count,
    /// What was given in them and not taken back.
    Cost,
    /// 1 a case, and 1 for each reopening, broken promise and late clock.
    Severity,
}

/// Prints a Pareto.
pub(super) async fn pareto(
    server: &str,
    asked: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let of = match asked.of {
        Of::Cause => ParetoOf::Cause,
        Of::Policy => ParetoOf::Policy,
        Of::Failure => ParetoOf::Failure,
        Of::Heading => ParetoOf::Heading,
    };
    let by = match asked.by {
        By::Count => ParetoBy::Count,
        By::Cost => ParetoBy::Cost,
        By::Severity => ParetoBy::Severity,
    };
    let request = GetParetoRequest {
        workflow_id: asked.which.workflow.clone(),
        from_date: asked.which.from,
        to_date: asked.which.to,
        of: of.into(),
        by: by.into(),
        currency_code: asked.currency.clone(),
        rows_max: asked.rows.unwrap_or_default(),
    };
    let server = Server::connect(server).await?;
    let answer = server.learning().get_pareto(request).await;
    let days = asked.which.days();
    let forms = Forms {
        text: |report: &_| learning::pareto(report, &days),
        json: learning::json::pareto,
        csv: learning::csv::pareto,
    };
    print(&server, answer, &asked.which.how, &forms, console)
}
