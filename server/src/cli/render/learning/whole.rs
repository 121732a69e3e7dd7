//! The whole report for people, in the order in which an auditor asks.

use heard_proto::v1::{
    CauseEffect, CompensationSpread, GetLessonsResponse, NamedCases, OverdueAction,
    RecurrenceVerdict, ReviewAgreement, TriedAction,
};

use super::super::{amount, day, instant, put, word};
use super::{
    SMALL, cases, compared, going, heaviest, indented, more, name, on, percent, points, rate,
    small, table,
};
use crate::escape::escaped;

/// Returns the whole report for people.
pub(in crate::cli) fn lessons(report: &GetLessonsResponse, days: &str) -> String {
    let as_of = instant(report.as_of_time.as_ref()).unwrap_or_default();
    let mut text = format!("What the cases closed{days} taught, as of {as_of}\n\n");
    text.push_str(&found(report));
    put(&mut text, format_args!("\nRoot causes, by cases\n"));
    let pareto = report.pareto.clone().unwrap_or_default();
    text.push_str(&heaviest(&pareto));
    put(&mut text, format_args!("\nRegressed, new and rising\n"));
    let trends = report.trends.clone().unwrap_or_default();
    put(&mut text, format_args!("  {}", compared(&trends)));
    text.push_str(&going(&trends));
    put(&mut text, format_args!("\nActions overdue\n"));
    text.push_str(&overdue(report));
    put(
        &mut text,
        format_args!("\nActions done, and how often their cause came\n"),
    );
    text.push_str(&tried(report));
    put(&mut text, format_args!("\nAgreement of reviewers\n"));
    text.push_str(&agreement(report.agreement.as_ref()));
    put(&mut text, format_args!("\nWhat like cases were given\n"));
    text.push_str(&compensations(report));
    put(
        &mut text,
        format_args!(
            "\n{SMALL}Differences are of rates, with what they lie between in 19 of 20 such \
             comparisons.\nEvery number names its first cases; with --format json or csv up to \
             100 of them.\n"
        ),
    );
    text
}

/// Returns how many cases there are, and what is owed of them.
fn found(report: &GetLessonsResponse) -> String {
    let row = |label: &str, share: String, named: Option<&NamedCases>| {
        let total = named.map_or(0, |named| named.total);
        vec![label.to_owned(), total.to_string(), share, cases(named)]
    };
    let undetermined = report.undetermined.unwrap_or_default();
    let of = format!("{} of {} causes", percent(&undetermined), undetermined.of);
    let rows = [
        row("Cases closed", String::new(), report.closed.as_ref()),
        row(
            "Owe a root cause, of all days",
            String::new(),
            report.owed.as_ref(),
        ),
        row("Cause undetermined", of, report.undetermined_cases.as_ref()),
    ];
    indented(&table(&["", "cases", "", "which"], &rows))
}

fn overdue(report: &GetLessonsResponse) -> String {
    if report.overdue.is_empty() {
        return "  none\n".to_owned();
    }
    let row = |late: &OverdueAction| {
        vec![
            late.due_date.map(day).unwrap_or_default(),
            escaped(&late.owner),
            word(late.kind().as_str_name(), "CAUSE_ACTION_KIND_"),
            format!("{}.{}", late.number, late.action),
            escaped(&late.case_id),
        ]
    };
    let rows: Vec<Vec<String>> = report.overdue.iter().map(row).collect();
    let headings = ["due", "answers for it", "kind", "action", "case"];
    indented(&table(&headings, &rows)) + &more(report.overdue_total, rows.len())
}

fn tried(report: &GetLessonsResponse) -> String {
    if report.tried.is_empty() {
        return "  none\n".to_owned();
    }
    let rows: Vec<Vec<String>> = report.tried.iter().map(one_tried).collect();
    let headings = [
        "done",
        "root cause",
        "judged",
        "before",
        "after",
        "difference",
        "so",
        "action",
    ];
    indented(&table(&headings, &rows)) + &more(report.tried_total, rows.len())
}

fn one_tried(tried: &TriedAction) -> Vec<String> {
    let judged = match tried.effect() {
        CauseEffect::Unspecified => "not yet",
        CauseEffect::Effective => "it worked",
        CauseEffect::NotEffective => "it did not work",
        CauseEffect::Inconclusive => "cannot be said yet",
    };
    let so = match tried.verdict() {
        RecurrenceVerdict::Fell => "less often",
        RecurrenceVerdict::Rose => "more often",
        RecurrenceVerdict::CannotTell => "cannot tell",
        RecurrenceVerdict::Unspecified => "-",
    };
    let open = if tried.is_open {
        ", still counting"
    } else {
        ""
    };
    vec![
        on(tried.done_time.as_ref()),
        name(tried.cause.as_ref()),
        judged.to_owned(),
        rate(tried.before.as_ref()),
        rate(tried.after.as_ref()),
        format!(
            "{}{}",
            points(tried.difference.as_ref()),
            small(tried.is_small)
        ),
        format!("{so}{open}"),
        format!(
            "{}.{} of {}",
            tried.number,
            tried.action,
            escaped(&tried.case_id)
        ),
    ]
}

fn agreement(agreement: Option<&ReviewAgreement>) -> String {
    let Some(agreement) = agreement else {
        return "  no two gave a verdict on the same root cause\n".to_owned();
    };
    let agreed = agreement.agreed.unwrap_or_default();
    let mut text = format!(
        "  {} of {} pairs of verdicts alike, {}{}",
        agreed.met,
        agreed.of,
        percent(&agreed),
        small(agreement.is_small)
    );
    match (agreement.kappa, &agreement.interval) {
        (None, _) => text.push_str("; chance alone explains that\n"),
        (Some(kappa), None) => put(&mut text, format_args!("; kappa {kappa:.2}\n")),
        (Some(kappa), Some(between)) => put(
            &mut text,
            format_args!(
                "; kappa {kappa:.2} ({:.2} to {:.2})\n",
                between.low, between.high
            ),
        ),
    }
    put(
        &mut text,
        format_args!("  in the cases {}\n", cases(agreement.cases.as_ref())),
    );
    text
}

fn compensations(report: &GetLessonsResponse) -> String {
    if report.compensations.is_empty() {
        return "  nothing\n".to_owned();
    }
    let row = |spread: &CompensationSpread| {
        let shown = |minor: i64| amount(&spread.currency_code, minor);
        let total = spread.cases.as_ref().map_or(0, |cases| cases.total);
        vec![
            name(spread.cause.as_ref()),
            escaped(&spread.failure),
            format!("{total}{}", small(spread.is_small)),
            shown(spread.least),
            shown(spread.median),
            shown(spread.p90),
            shown(spread.most),
            cases(spread.cases.as_ref()),
        ]
    };
    let rows: Vec<Vec<String>> = report.compensations.iter().map(row).collect();
    let headings = [
        "root cause",
        "failure",
        "cases",
        "least",
        "half at most",
        "nine of ten at most",
        "most",
        "which",
    ];
    indented(&table(&headings, &rows)) + &more(report.compensations_total, rows.len())
}
