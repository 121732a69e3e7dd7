//! What is asked of what closed cases taught.

use heard_engine::case::seal::BadRequest;
use heard_engine::cause::By;
use heard_engine::id::WorkflowId;
use heard_engine::measure::Period;
use heard_engine::money::Currency;
use heard_proto::v1;

use super::super::read::Reader;
use super::super::report::days;
use super::{LIST_ROWS_MAX, PERIODS_NOW_MAX};
use crate::app::Closed;

/// How many of the last periods are looked at where the caller does not say.
const PERIODS_NOW: u32 = 4;

/// Which Pareto is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::api) struct Heaviest {
    pub(super) of: v1::ParetoOf,
    pub(super) by: By,
    pub(super) rows: usize,
}

impl Default for Heaviest {
    fn default() -> Self {
        Self {
            of: v1::ParetoOf::Cause,
            by: By::Count,
            rows: LIST_ROWS_MAX,
        }
    }
}

impl Heaviest {
    /// Returns what is added up, and in which currency.
    pub(super) fn wire_by(&self) -> (v1::ParetoBy, String) {
        match self.by {
            By::Count => (v1::ParetoBy::Count, String::new()),
            By::Cost(currency) => (v1::ParetoBy::Cost, currency.to_string()),
            By::Severity => (v1::ParetoBy::Severity, String::new()),
        }
    }
}

/// Which periods are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::api) struct Periods {
    pub(super) period: Period,
    pub(super) now: u32,
}

impl Periods {
    /// Returns what is compared.
    pub(super) fn wire(self) -> v1::KpiPeriod {
        match self.period {
            Period::All => v1::KpiPeriod::Unspecified,
            Period::Day => v1::KpiPeriod::Day,
            Period::Week => v1::KpiPeriod::Week,
            Period::Month => v1::KpiPeriod::Month,
        }
    }
}

/// Reads `GetPareto`.
pub(in crate::api) fn pareto(
    message: &v1::GetParetoRequest,
) -> Result<(Closed, Heaviest), BadRequest> {
    let mut reader = Reader::default();
    let closed = closed(
        &mut reader,
        message.workflow_id.as_deref(),
        (message.from_date, message.to_date),
        true,
    );
    let of = v1::ParetoOf::try_from(message.of).unwrap_or_else(|_| {
        reader.say("of", "it is none that this server knows");
        v1::ParetoOf::Unspecified
    });
    let by = by(&mut reader, message);
    let rows = match usize::try_from(message.rows_max) {
        Ok(0) => LIST_ROWS_MAX,
        Ok(rows) => rows.min(LIST_ROWS_MAX),
        Err(_) => {
            reader.say("rows_max", "it is negative");
            LIST_ROWS_MAX
        }
    };
    reader.finish(Some((closed, Heaviest { of, by, rows })))
}

fn by(reader: &mut Reader, message: &v1::GetParetoRequest) -> By {
    let code = message.currency_code.as_deref();
    let by = match v1::ParetoBy::try_from(message.by) {
        Ok(v1::ParetoBy::Unspecified | v1::ParetoBy::Count) => By::Count,
        Ok(v1::ParetoBy::Severity) => By::Severity,
        Ok(v1::ParetoBy::Cost) => {
            let Some(code) = code else {
                let text = "costs are added up in one currency: say which, such as EUR";
                reader.say("currency_code", text);
                return By::Count;
            };
            let currency = reader.take("currency_code", Currency::parse(code));
            return currency.map_or(By::Count, By::Cost);
        }
        Err(_) => {
            reader.say("by", "it is none that this server knows");
            return By::Count;
        }
    };
    if code.is_some() {
        reader.say("currency_code", "only costs are added up in a currency");
    }
    by
}

/// Reads `GetTrends`.
pub(in crate::api) fn trends(
    message: &v1::GetTrendsRequest,
) -> Result<(Closed, Periods), BadRequest> {
    compared(
        message.workflow_id.as_deref(),
        (message.from_date, message.to_date),
        (message.period, message.now_periods),
    )
}

/// Reads `GetLessons`.
pub(in crate::api) fn lessons(
    message: &v1::GetLessonsRequest,
) -> Result<(Closed, Periods), BadRequest> {
    compared(
        message.workflow_id.as_deref(),
        (message.from_date, message.to_date),
        (message.period, message.now_periods),
    )
}

/// Reads `GetIssues`.
pub(in crate::api) fn issues(
    message: &v1::GetIssuesRequest,
) -> Result<Option<WorkflowId>, BadRequest> {
    let mut reader = Reader::default();
    let workflow = message.workflow_id.as_deref();
    let workflow = reader.optional_id("workflow_id", workflow, WorkflowId::new);
    reader.finish(Some(workflow))
}

fn compared(
    workflow: Option<&str>,
    dates: (Option<v1::Date>, Option<v1::Date>),
    (period, now): (i32, u32),
) -> Result<(Closed, Periods), BadRequest> {
    let mut reader = Reader::default();
    let closed = closed(&mut reader, workflow, dates, false);
    let period = match v1::KpiPeriod::try_from(period) {
        Ok(v1::KpiPeriod::Unspecified | v1::KpiPeriod::Week) => Period::Week,
        Ok(v1::KpiPeriod::Day) => Period::Day,
        Ok(v1::KpiPeriod::Month) => Period::Month,
        Err(_) => {
            reader.say("period", "it is none that this server knows");
            Period::Week
        }
    };
    if now > PERIODS_NOW_MAX {
        reader.say(
            "now_periods",
            format!("at most {PERIODS_NOW_MAX} are compared"),
        );
    }
    let now = if now == 0 { PERIODS_NOW } else { now };
    reader.finish(Some((closed, Periods { period, now })))
}

fn closed(
    reader: &mut Reader,
    workflow: Option<&str>,
    dates: (Option<v1::Date>, Option<v1::Date>),
    only_these_days: bool,
) -> Closed {
    let (from, to) = days(reader, dates.0, dates.1);
    Closed {
        workflow: reader.optional_id("workflow_id", workflow, WorkflowId::new),
        from,
        to,
        only_these_days,
    }
}
