//! What closed cases taught, as text for people, JSON for programs, and CSV for spreadsheets.

pub(in crate::cli) mod csv;
mod issues;
pub(in crate::cli) mod json;
#[cfg(test)]
mod tests;
mod whole;

use heard_proto::v1::pareto_row::Of;
use heard_proto::v1::{
    Date, Estimate, GetParetoResponse, GetTrendsResponse, KpiPeriod, NamedCases, Pareto, ParetoBy,
    ParetoOf, ParetoTally, Share, Trend, Trends, WorkflowCause,
};

use super::kpi::{indented, percent};
use super::text::table;
use super::{amount, day, instant, put, word};
use crate::escape::escaped;

pub(in crate::cli) use issues::issues;
pub(in crate::cli) use whole::lessons;

/// How many cases a line of text names; the other forms name up to a hundred.
const NAMED_MAX: usize = 2;
/// What is said below every report.
const SMALL: &str = "(small): too few to lean on; one case more or less changes much.\n";

/// Returns the days a report is of, in words that follow a noun; nothing for all days.
pub(in crate::cli) fn days(from: Option<Date>, to: Option<Date>) -> String {
    let mut text = String::new();
    if let Some(from) = from {
        put(&mut text, format_args!(" from {}", day(from)));
    }
    if let Some(to) = to {
        put(&mut text, format_args!(" to {}", day(to)));
    }
    text
}

/// Returns a Pareto for people.
pub(in crate::cli) fn pareto(answer: &GetParetoResponse, days: &str) -> String {
    let pareto = answer.pareto.clone().unwrap_or_default();
    let as_of = instant(answer.as_of_time.as_ref()).unwrap_or_default();
    let mut text = format!(
        "{} of the cases closed{days}, as of {as_of}\n\n",
        plural(pareto.of())
    );
    text.push_str(&heaviest(&pareto));
    let closed = answer.closed.as_ref().map_or(0, |closed| closed.total);
    put(&mut text, format_args!("\n{}\n", total(&pareto, closed)));
    if !answer.currency_codes.is_empty() && pareto.by() != ParetoBy::Cost {
        let codes = answer.currency_codes.iter().map(|code| escaped(code));
        let codes = codes.collect::<Vec<_>>().join(", ");
        put(
            &mut text,
            format_args!("By what they cost: --by cost --currency, of {codes}\n"),
        );
    }
    text
}

/// Says what all of a Pareto comes to, and of how many cases.
fn total(pareto: &Pareto, closed: u64) -> String {
    let cases = match closed {
        1 => "1 case was closed".to_owned(),
        closed => format!("{closed} cases were closed"),
    };
    let total = weight(pareto, pareto.total);
    match pareto.by() {
        ParetoBy::Unspecified | ParetoBy::Count => format!("{cases}; {total} counted here."),
        ParetoBy::Cost => format!("{cases}; {total} was given and not taken back."),
        ParetoBy::Severity => format!("{cases}; they weigh {total} together."),
    }
}

/// Returns the table of a Pareto.
fn heaviest(pareto: &Pareto) -> String {
    if pareto.rows.is_empty() {
        return format!("  no {} to tell of\n", singular(pareto.of()));
    }
    let headings = [
        singular(pareto.of()),
        match pareto.by() {
            ParetoBy::Unspecified | ParetoBy::Count => "cases",
            ParetoBy::Cost => "cost",
            ParetoBy::Severity => "severity",
        },
        "share",
        "with those above",
        "which",
    ];
    let rows = pareto.rows.iter().map(|row| {
        let name = row.of.as_ref().map(label).unwrap_or_default();
        line(pareto, name, row.tally.as_ref())
    });
    let mut rows: Vec<Vec<String>> = rows.collect();
    if let Some(rest) = &pareto.rest {
        let name = format!("{} more", rest.rows);
        rows.push(line(pareto, name, rest.tally.as_ref()));
    }
    indented(&table(&headings, &rows))
}

fn line(pareto: &Pareto, name: String, tally: Option<&ParetoTally>) -> Vec<String> {
    let tally = tally.cloned().unwrap_or_default();
    vec![
        name,
        weight(pareto, tally.weight),
        percent(&tally.share.unwrap_or_default()),
        percent(&tally.cumulative.unwrap_or_default()),
        cases(tally.cases.as_ref()),
    ]
}

fn weight(pareto: &Pareto, weight: u64) -> String {
    match pareto.by() {
        ParetoBy::Unspecified | ParetoBy::Count | ParetoBy::Severity => weight.to_string(),
        ParetoBy::Cost => {
            let minor = i64::try_from(weight).unwrap_or(i64::MAX);
            amount(&pareto.currency_code, minor)
        }
    }
}

const fn singular(of: ParetoOf) -> &'static str {
    match of {
        ParetoOf::Unspecified | ParetoOf::Cause => "root cause",
        ParetoOf::Policy => "policy",
        ParetoOf::Failure => "failure",
        ParetoOf::Heading => "heading",
    }
}

const fn plural(of: ParetoOf) -> &'static str {
    match of {
        ParetoOf::Unspecified | ParetoOf::Cause => "Root causes",
        ParetoOf::Policy => "Policies at fault",
        ParetoOf::Failure => "What failed for the customers",
        ParetoOf::Heading => "Headings of regulators",
    }
}

fn label(of: &Of) -> String {
    match of {
        Of::Cause(cause) => name(Some(cause)),
        Of::PolicyId(name) | Of::Failure(name) | Of::Heading(name) => escaped(name),
    }
}

/// Returns a cause and its workflow on one line.
fn name(cause: Option<&WorkflowCause>) -> String {
    let Some(of) = cause else {
        return String::new();
    };
    let cause = of.cause.clone().unwrap_or_default();
    let (group, name) = (escaped(&cause.group), escaped(&cause.name));
    format!("{group}/{name} ({})", escaped(&of.workflow_id))
}

/// Returns the day of an instant in UTC.
fn on(time: Option<&prost_types::Timestamp>) -> String {
    let instant = instant(time).unwrap_or_default();
    instant.get(..10).unwrap_or_default().to_owned()
}

/// Returns the first of some cases, and how many more there are.
fn cases(named: Option<&NamedCases>) -> String {
    let Some(named) = named else {
        return String::new();
    };
    let shown = named.case_ids.iter().take(NAMED_MAX).map(|id| escaped(id));
    let shown: Vec<String> = shown.collect();
    let more = named
        .total
        .saturating_sub(u64::try_from(shown.len()).unwrap_or(0));
    let text = shown.join(" ");
    if more == 0 || shown.is_empty() {
        return text;
    }
    format!("{text} and {more} more")
}

/// Says how many rows there are beyond those shown.
fn more(total: u64, shown: usize) -> String {
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    if total > shown {
        format!("  and {} more\n", total - shown)
    } else {
        String::new()
    }
}

/// Returns where causes are going, for people.
pub(in crate::cli) fn trends(answer: &GetTrendsResponse, days: &str) -> String {
    let trends = answer.trends.clone().unwrap_or_default();
    let as_of = instant(answer.as_of_time.as_ref()).unwrap_or_default();
    let mut text = format!(
        "Where the root causes of the cases closed{days} are going, as of {as_of}\n{}\n",
        compared(&trends)
    );
    text.push_str(&going(&trends));
    put(&mut text, format_args!("\n{SMALL}"));
    text
}

/// Says which periods are compared.
fn compared(trends: &Trends) -> String {
    let (Some(since), Some(now)) = (trends.baseline_date, trends.now_date) else {
        return "No case was closed, so nothing is compared.\n".to_owned();
    };
    let (one, many) = match trends.period() {
        KpiPeriod::Unspecified => ("period", "periods"),
        KpiPeriod::Day => ("day", "days"),
        KpiPeriod::Week => ("week", "weeks"),
        KpiPeriod::Month => ("month", "months"),
    };
    let so_many = |number: u64| {
        if number == 1 {
            format!("1 {one}")
        } else {
            format!("{number} {many}")
        }
    };
    let last = u64::from(trends.now_periods).min(trends.periods);
    let before = trends.periods - last;
    if before == 0 {
        return format!(
            "There are {} from {}: nothing came before to compare with.\n",
            so_many(last),
            day(since)
        );
    }
    format!(
        "now: the last {} from {}; before: the {} from {}\n",
        so_many(last),
        day(now),
        so_many(before),
        day(since)
    )
}

/// Returns the table of where causes are going.
fn going(trends: &Trends) -> String {
    if trends.rows.is_empty() {
        return "  none\n".to_owned();
    }
    let headings = ["", "root cause", "now", "before", "difference", "which now"];
    let rows: Vec<Vec<String>> = trends.rows.iter().map(goes).collect();
    indented(&table(&headings, &rows)) + &more(trends.total, rows.len())
}

fn goes(trend: &Trend) -> Vec<String> {
    let judged = trend.judged.as_ref();
    let regressed = trend.kind() == heard_proto::v1::TrendKind::Regressed;
    let than = match judged.filter(|_| regressed) {
        Some(judged) => format!("{} when its action worked", rate(Some(judged))),
        None => rate(trend.baseline.as_ref()),
    };
    vec![
        word(trend.kind().as_str_name(), "TREND_KIND_"),
        name(trend.cause.as_ref()),
        rate(trend.now.as_ref()),
        than,
        format!(
            "{}{}",
            points(trend.difference.as_ref()),
            small(trend.is_small)
        ),
        cases(trend.now_cases.as_ref()),
    ]
}

fn rate(share: Option<&Share>) -> String {
    let share = share.copied().unwrap_or_default();
    match share.of {
        0 => "none closed".to_owned(),
        of => format!("{}, {} of {of}", percent(&share), share.met),
    }
}

/// Returns a difference of two rates in points of a percent, and what it lies between.
#[expect(
    clippy::float_arithmetic,
    reason = "a part of one is shown to people in percent"
)]
fn points(difference: Option<&Estimate>) -> String {
    let Some(Estimate { value, low, high }) = difference else {
        return "-".to_owned();
    };
    // Rounded half away from 0, as the rates beside it are, and not half to even.
    let [value, low, high] = [value, low, high].map(|part| (part * 1_000.0).round() / 10.0);
    format!("{value:+.1} points ({low:+.1} to {high:+.1})")
}

const fn small(is_small: bool) -> &'static str {
    if is_small { " (small)" } else { "" }
}
