//! What closed cases taught: what is asked for, from the wire; the answers, to the wire.

mod asked;
mod issues;
mod lists;
#[cfg(test)]
mod tests;

use heard_engine::cause::{Agreement, Key, Lessons, Named, Pareto, Rest, Tally};
use heard_proto::v1;

use super::read::time;
use super::report::share;
pub(in crate::api) use asked::{Heaviest, Periods, issues, lessons, pareto, trends};
pub(in crate::api) use issues::issues_answer;

/// The most rows of a list of a report; how many there are is always told.
pub const LIST_ROWS_MAX: usize = 100;
/// The most of the last periods that are held against those before.
pub const PERIODS_NOW_MAX: u32 = 1_000;

/// Writes a Pareto.
pub(in crate::api) fn pareto_answer(lessons: &Lessons, asked: &Heaviest) -> v1::GetParetoResponse {
    v1::GetParetoResponse {
        as_of_time: Some(time(lessons.days().as_of)),
        closed: Some(named(&lessons.closed())),
        pareto: Some(heaviest(lessons, asked)),
        currency_codes: currencies(lessons),
    }
}

/// Writes where causes are going.
pub(in crate::api) fn trends_answer(lessons: &Lessons, asked: Periods) -> v1::GetTrendsResponse {
    v1::GetTrendsResponse {
        as_of_time: Some(time(lessons.days().as_of)),
        trends: Some(lists::trends(lessons, asked, |_| true)),
    }
}

/// Writes the whole report.
pub(in crate::api) fn lessons_answer(lessons: &Lessons, asked: Periods) -> v1::GetLessonsResponse {
    let overdue = lessons.overdue();
    let mut tried = lessons.tried();
    tried.reverse();
    let compensations = lists::compensations(lessons);
    let (undetermined_cases, undetermined) = lessons.undetermined();
    let is_worse = |kind: v1::TrendKind| match kind {
        v1::TrendKind::Regressed | v1::TrendKind::New | v1::TrendKind::Rising => true,
        v1::TrendKind::Unspecified | v1::TrendKind::Falling | v1::TrendKind::Steady => false,
    };
    v1::GetLessonsResponse {
        as_of_time: Some(time(lessons.days().as_of)),
        closed: Some(named(&lessons.closed())),
        owed: Some(named(&lessons.owed())),
        undetermined: Some(share(undetermined)),
        undetermined_cases: Some(named(&undetermined_cases)),
        pareto: Some(heaviest(lessons, &Heaviest::default())),
        overdue_total: count(overdue.len()),
        overdue: first(overdue.into_iter().map(lists::overdue)),
        tried_total: count(tried.len()),
        tried: first(tried.iter().map(lists::tried)),
        trends: Some(lists::trends(lessons, asked, is_worse)),
        agreement: lessons
            .agreement()
            .map(|(agreement, cases)| agreed(&agreement, &cases)),
        compensations_total: count(compensations.len()),
        compensations: first(compensations),
        currency_codes: currencies(lessons),
    }
}

fn heaviest(lessons: &Lessons, asked: &Heaviest) -> v1::Pareto {
    use v1::pareto_row::Of;
    let (by, rows) = (asked.by, Some(asked.rows));
    match asked.of {
        v1::ParetoOf::Unspecified | v1::ParetoOf::Cause => {
            wire(asked, lessons.causes(by, rows), |of| Of::Cause(key(&of)))
        }
        v1::ParetoOf::Policy => wire(asked, lessons.policies(by, rows), Of::PolicyId),
        v1::ParetoOf::Failure => wire(asked, lessons.failures(by, rows), |of| {
            Of::Failure(of.to_string())
        }),
        v1::ParetoOf::Heading => wire(asked, lessons.headings(by, rows), |of| {
            Of::Heading(of.to_string())
        }),
    }
}

fn wire<K>(
    asked: &Heaviest,
    pareto: Pareto<K>,
    of: impl Fn(K) -> v1::pareto_row::Of,
) -> v1::Pareto {
    let (by, currency_code) = asked.wire_by();
    let rows = pareto.rows.into_iter().map(|row| v1::ParetoRow {
        of: Some(of(row.cause)),
        tally: Some(tally(row.tally)),
    });
    let of = match asked.of {
        v1::ParetoOf::Unspecified => v1::ParetoOf::Cause,
        of @ (v1::ParetoOf::Cause
        | v1::ParetoOf::Policy
        | v1::ParetoOf::Failure
        | v1::ParetoOf::Heading) => of,
    };
    v1::Pareto {
        of: of.into(),
        by: by.into(),
        currency_code,
        total: pareto.total,
        rows: rows.collect(),
        rest: pareto.rest.map(
            |Rest {
                 causes,
                 tally: rest,
             }| v1::ParetoRest {
                rows: causes,
                tally: Some(tally(rest)),
            },
        ),
    }
}

fn tally(tally: Tally) -> v1::ParetoTally {
    v1::ParetoTally {
        weight: tally.weight,
        share: Some(share(tally.share)),
        cumulative: Some(share(tally.cumulative)),
        cases: Some(named(&Named {
            total: tally.cases,
            cases: tally.named,
        })),
    }
}

fn agreed(agreement: &Agreement, cases: &Named) -> v1::ReviewAgreement {
    let interval = agreement.kappa.zip(agreement.interval);
    v1::ReviewAgreement {
        agreed: Some(share(heard_engine::measure::Share {
            met: agreement.agreed,
            of: agreement.pairs,
        })),
        expected: lists::rounded(agreement.expected),
        kappa: agreement.kappa.map(lists::rounded),
        interval: interval.map(|(value, interval)| v1::Estimate {
            value: lists::rounded(value),
            low: lists::rounded(interval.low),
            high: lists::rounded(interval.high),
        }),
        is_small: agreement.is_small,
        cases: Some(named(cases)),
    }
}

fn named(named: &Named) -> v1::NamedCases {
    v1::NamedCases {
        total: named.total,
        case_ids: named.cases.iter().map(ToString::to_string).collect(),
    }
}

fn key(key: &Key) -> v1::WorkflowCause {
    v1::WorkflowCause {
        workflow_id: key.workflow.to_string(),
        cause: Some(v1::CauseRef {
            group: key.cause.group.to_string(),
            name: key.cause.name.to_string(),
        }),
    }
}

fn currencies(lessons: &Lessons) -> Vec<String> {
    let currencies = lessons.currencies().into_iter();
    currencies.map(|currency| currency.to_string()).collect()
}

fn first<T>(rows: impl IntoIterator<Item = T>) -> Vec<T> {
    rows.into_iter().take(LIST_ROWS_MAX).collect()
}

fn count(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
