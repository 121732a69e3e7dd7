//! The lists of a report of what closed cases taught.
#![expect(
    clippy::float_arithmetic,
    reason = "what is reported as a part of one is rounded here, where it leaves"
)]

use std::cmp::Reverse;

use heard_engine::case::diagnosis::{ActionKind, Worked};
use heard_engine::cause::{
    Compensation, Estimate, Goes, Key, Lessons, Like, Named, Overdue, Ratio, Trend, Tried, Verdict,
};
use heard_engine::money::Currency;
use heard_proto::v1;

use super::super::read::time;
use super::super::report::share;
use super::super::value::wire_date;
use super::{Periods, count, first, key, named};

/// One over the last decimal that is shown.
const DECIMALS: f64 = 10_000.0;

/// Rounds to four decimals: the last digits of a float may differ between machines.
pub(super) fn rounded(number: f64) -> f64 {
    // A negative zero is no other number to whoever reads it.
    (number * DECIMALS).round() / DECIMALS + 0.0
}

fn estimate(estimate: Estimate) -> v1::Estimate {
    v1::Estimate {
        value: rounded(estimate.value),
        low: rounded(estimate.interval.low),
        high: rounded(estimate.interval.high),
    }
}

fn ratio(ratio: Ratio) -> v1::RateRatio {
    v1::RateRatio {
        value: ratio.value.map(rounded),
        low: rounded(ratio.low),
        high: ratio.high.map(rounded),
    }
}

const fn kind(kind: ActionKind) -> v1::CauseActionKind {
    match kind {
        ActionKind::Correction => v1::CauseActionKind::Correction,
        ActionKind::Corrective => v1::CauseActionKind::Corrective,
        ActionKind::Preventive => v1::CauseActionKind::Preventive,
    }
}

/// Writes an action that is overdue.
pub(super) fn overdue(overdue: &Overdue) -> v1::OverdueAction {
    v1::OverdueAction {
        case_id: overdue.case.to_string(),
        number: overdue.number,
        action: overdue.action,
        kind: kind(overdue.kind).into(),
        owner: overdue.owner.to_string(),
        due_date: Some(wire_date(overdue.due)),
    }
}

/// Writes an action that was done.
pub(super) fn tried(tried: &Tried) -> v1::TriedAction {
    let recurrence = &tried.recurrence;
    let effect = match tried.effect {
        None => v1::CauseEffect::Unspecified,
        Some(Worked::Effective) => v1::CauseEffect::Effective,
        Some(Worked::NotEffective) => v1::CauseEffect::NotEffective,
        Some(Worked::Inconclusive) => v1::CauseEffect::Inconclusive,
    };
    let verdict = match recurrence.verdict {
        Verdict::Fell => v1::RecurrenceVerdict::Fell,
        Verdict::Rose => v1::RecurrenceVerdict::Rose,
        Verdict::CannotTell => v1::RecurrenceVerdict::CannotTell,
    };
    v1::TriedAction {
        case_id: tried.case.to_string(),
        number: tried.number,
        version: tried.version,
        action: tried.action,
        kind: kind(tried.kind).into(),
        cause: Some(key(&tried.cause)),
        done_time: Some(time(tried.done_at)),
        effect: effect.into(),
        before: Some(share(recurrence.before)),
        after: Some(share(recurrence.after)),
        difference: recurrence.difference.map(estimate),
        ratio: recurrence.ratio.map(ratio),
        verdict: verdict.into(),
        is_small: recurrence.is_small,
        until_time: Some(time(tried.until)),
        is_open: tried.is_open,
        before_cases: Some(named(&tried.before)),
        after_cases: Some(named(&tried.after)),
    }
}

/// Writes where causes are going, of the kinds that are wanted.
pub(super) fn trends(
    lessons: &Lessons,
    asked: Periods,
    is_wanted: impl Fn(v1::TrendKind) -> bool,
) -> v1::Trends {
    let now = usize::try_from(asked.now).unwrap_or(usize::MAX);
    let going = lessons.going(asked.period, now);
    let causes = going.causes.into_iter();
    let mut causes: Vec<(Key, Goes)> = causes
        .filter(|(_, goes)| is_wanted(trend_kind(goes.trending.trend)))
        .collect();
    // The sort keeps the order of what is equal, which is that of the names.
    causes.sort_by_key(|(_, goes)| {
        let met = (goes.trending.now.met, goes.trending.baseline.met);
        (goes.trending.trend, Reverse(met))
    });
    v1::Trends {
        period: asked.wire().into(),
        periods: going.periods,
        now_periods: asked.now,
        baseline_date: going.since.map(wire_date),
        now_date: going.now_since.map(wire_date),
        total: count(causes.len()),
        rows: first(causes.iter().map(|(cause, goes)| trend(cause, goes))),
    }
}

const fn trend_kind(trend: Trend) -> v1::TrendKind {
    match trend {
        Trend::Regressed => v1::TrendKind::Regressed,
        Trend::New => v1::TrendKind::New,
        Trend::Rising => v1::TrendKind::Rising,
        Trend::Falling => v1::TrendKind::Falling,
        Trend::Steady => v1::TrendKind::Steady,
    }
}

fn trend(cause: &Key, goes: &Goes) -> v1::Trend {
    let trending = &goes.trending;
    v1::Trend {
        cause: Some(key(cause)),
        kind: trend_kind(trending.trend).into(),
        now: Some(share(trending.now)),
        baseline: Some(share(trending.baseline)),
        judged: trending.judged.map(share),
        difference: trending.difference.map(estimate),
        is_small: trending.is_small,
        now_cases: Some(named(&goes.now)),
        baseline_cases: Some(named(&goes.baseline)),
    }
}

/// Writes what like cases were given, those with the most cases first.
pub(super) fn compensations(lessons: &Lessons) -> Vec<v1::CompensationSpread> {
    let spreads = lessons.compensations().into_iter();
    let mut spreads: Vec<_> = spreads.collect();
    spreads.sort_by_key(|(_, (spread, _))| Reverse(spread.cases));
    spreads.into_iter().map(compensation).collect()
}

fn compensation(
    ((like, currency), (spread, cases)): ((Like, Currency), (Compensation, Named)),
) -> v1::CompensationSpread {
    let failure = like.failure.map(|failure| failure.to_string());
    v1::CompensationSpread {
        cause: Some(key(&like.cause)),
        failure: failure.unwrap_or_default(),
        currency_code: currency.to_string(),
        least: spread.least,
        lower_quartile: spread.lower_quartile,
        median: spread.median,
        upper_quartile: spread.upper_quartile,
        p90: spread.p90,
        most: spread.most,
        is_small: spread.is_small,
        cases: Some(named(&cases)),
    }
}
