//! `heard cause trend|report`: where causes are going, and all that closed cases taught.

use clap::{Args, ValueEnum};
use heard_proto::v1::{Date, GetLessonsRequest, GetTrendsRequest, KpiPeriod};

use super::print::{Forms, How, print};
use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given;
use crate::cli::render::learning;

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
    #[command(flatten)]
    pub(super) how: How,
}

impl Which {
    /// Returns the days it is of, in words.
    pub(super) fn days(&self) -> String {
        learning::days(self.from, self.to)
    }
}

/// The arguments of `heard cause trend` and `heard cause report`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    which: Which,
    /// What is compared: weeks from Monday, or months.
    #[arg(long, value_enum, default_value = "week", value_name = "PERIOD")]
    period: Period,
    /// How many of the last periods are held against those before.
    #[arg(long, default_value_t = 4, value_name = "N",
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    now: u32,
}

/// A period.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Period {
    /// Weeks from Monday.
    Week,
    /// Months.
    Month,
}

impl Arguments {
    fn period(&self) -> KpiPeriod {
        match self.period {
            Period::Week => KpiPeriod::Week,
            Period::Month => KpiPeriod::Month,
        }
    }
}

/// Prints where causes are going.
pub(super) async fn trend(
    server: &str,
    asked: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let request = GetTrendsRequest {
        workflow_id: asked.which.workflow.clone(),
        from_date: asked.which.from,
        to_date: asked.which.to,
        period: asked.period().into(),
        now_periods: asked.now,
    };
    let server = Server::connect(server).await?;
    let answer = server.learning().get_trends(request).await;
    let days = asked.which.days();
    let forms = Forms {
        text: |report: &_| learning::trends(report, &days),
        json: learning::json::trends,
        csv: learning::csv::trends,
    };
    print(&server, answer, &asked.which.how, &forms, console)
}

/// Prints the whole report.
pub(super) async fn report(
    server: &str,
    asked: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let request = GetLessonsRequest {
        workflow_id: asked.which.workflow.clone(),
        from_date: asked.which.from,
        to_date: asked.which.to,
        period: asked.period().into(),
        now_periods: asked.now,
    };
    let server = Server::connect(server).await?;
    let answer = server.learning().get_lessons(request).await;
    let days = asked.which.days();
    let forms = Forms {
        text: |report: &_| learning::lessons(report, &days),
        json: learning::json::lessons,
        csv: learning::csv::lessons,
    };
    print(&server, answer, &asked.which.how, &forms, console)
}
