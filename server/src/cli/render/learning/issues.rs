//! Systemic issues for people: what is proposed and why, what was confirmed, what to do next.

use heard_proto::v1::{
    AlikeField, GetIssuesResponse, IssueStep, NamedCases, ProposedIssue, SystemicIssue,
};

use super::super::{instant, put, value};
use super::{cases, indented, more, name, on, table};
use crate::escape::escaped;

/// How many cases of a proposal stand on a line of their own.
const LINES_MAX: usize = 20;
/// What stands before a command.
const INSET: &str = "      ";

/// Returns systemic issues for people.
pub(in crate::cli) fn issues(answer: &GetIssuesResponse) -> String {
    let as_of = instant(answer.as_of_time.as_ref()).unwrap_or_default();
    let mut text = format!("Systemic issues, as of {as_of}\n\nProposed\n");
    if answer.proposed.is_empty() {
        text.push_str("  none\n");
    }
    let proposals: Vec<String> = answer.proposed.iter().map(proposed).collect();
    text.push_str(&proposals.join("\n"));
    text.push_str(&more(answer.proposed_total, answer.proposed.len()));
    text.push_str("\nConfirmed\n");
    if answer.confirmed.is_empty() {
        text.push_str("  none\n");
    }
    let issues: Vec<String> = answer.confirmed.iter().map(confirmed).collect();
    text.push_str(&issues.join("\n"));
    text.push_str(&more(answer.confirmed_total, answer.confirmed.len()));
    text.push_str("\nWith --format json or csv up to 100 cases of each number are named.\n");
    text
}

fn proposed(proposal: &ProposedIssue) -> String {
    let total = total(proposal.cases.as_ref());
    let (cases_min, within) = (proposal.cases_min, escaped(&proposal.within));
    let mut text = format!(
        "  {total} cases of {}{}",
        name(proposal.cause.as_ref()),
        alike(&proposal.alike)
    );
    // As many as are asked for lie in one such time, all of them.
    if total == u64::from(cases_min) {
        put(&mut text, format_args!(" within {within}"));
    } else {
        put(
            &mut text,
            format_args!(", at least {cases_min} of them within {within}"),
        );
    }
    let (first, last) = (
        on(proposal.first_time.as_ref()),
        on(proposal.last_time.as_ref()),
    );
    put(
        &mut text,
        format_args!(",\n  recorded from {first} to {last}"),
    );
    text.push_str(&next(proposal));
    text
}

/// Says which cases are meant, and what is to be done about them.
fn next(proposal: &ProposedIssue) -> String {
    let (all, unlinked) = (proposal.cases.as_ref(), proposal.unlinked_cases.as_ref());
    let (case, number) = (escaped(&proposal.next_case_id), proposal.next_number);
    match proposal.next_step() {
        IssueStep::Unspecified => format!(":\n{}", each(all)),
        IssueStep::Confirm => format!(
            ":\n{}    \
             Next, if one fault lies behind them: confirm this root cause for all of them,\n\
             {INSET}heard cause confirm {case} {number}\n    \
             then let each of the others take it, in its diagnosis or once it is closed:\n\
             {INSET}heard cause link CASE --parent {case}\n",
            each(all)
        ),
        IssueStep::Review => format!(
            ":\n{}    \
             Next, if one fault lies behind them: let a reviewer accept this root cause,\n\
             {INSET}heard cause review {case} {number}\n    \
             then it can be confirmed for all of them:\n\
             {INSET}heard cause confirm {case} {number}\n",
            each(all)
        ),
        IssueStep::Link => format!(
            ";\n  an issue with this cause is confirmed; not linked to it yet, {} of them:\n{}    \
             Next: let each of these take its cause, in its diagnosis or once it is closed,\n\
             {INSET}heard cause link CASE --parent {case}\n",
            total(unlinked),
            each(unlinked)
        ),
    }
}

/// Returns the first of some cases, a line each, and how many more there are.
fn each(named: Option<&NamedCases>) -> String {
    let mut text = String::new();
    let ids = named.map(|named| named.case_ids.as_slice());
    let shown = ids.unwrap_or_default().iter().take(LINES_MAX);
    let lines = shown.len();
    for id in shown {
        put(&mut text, format_args!("    {}\n", escaped(id)));
    }
    match more(total(named), lines) {
        more if more.is_empty() => text,
        more => text + "  " + &more,
    }
}

/// Says what cases have in common beside their cause.
fn alike(fields: &[AlikeField]) -> String {
    let fields = fields.iter().map(|alike| {
        let value = alike.value.as_ref().map(value).unwrap_or_default();
        format!("{} = {value}", escaped(&alike.field))
    });
    match fields.collect::<Vec<_>>().join(" and ") {
        fields if fields.is_empty() => fields,
        fields => format!(" with {fields}"),
    }
}

fn confirmed(issue: &SystemicIssue) -> String {
    let case = escaped(&issue.case_id);
    let mut text = format!(
        "  {}: root cause {} of {case}, confirmed {}\n",
        name(issue.cause.as_ref()),
        issue.number,
        on(issue.confirmed_time.as_ref()),
    );
    let rows = [
        ("belong to it", &issue.children),
        ("of these open", &issue.open_children),
        (
            "for customers who did not complain",
            &issue.proactive_children,
        ),
        ("took its cause", &issue.linked_children),
        ("to be linked again", &issue.stale_children),
    ];
    let rows = rows.map(|(label, named)| {
        let named = named.as_ref();
        vec![label.to_owned(), total(named).to_string(), cases(named)]
    });
    text.push_str(&indented(&indented(&table(&["", "cases", "which"], &rows))));
    if !issue.stands {
        text.push_str(
            "    Next: this root cause stands no more as it was confirmed: it was returned, opened \
             again\n    or recorded anew; confirm the one that stands then, and link these cases \
             again\n",
        );
    } else if total(issue.stale_children.as_ref()) > 0 {
        put(
            &mut text,
            format_args!(
                "    Next: its cause, what failed, its policy or its heading is another now; let \
                 the cases to\n    be linked again take it, in their diagnosis or once they are \
                 closed,\n{INSET}heard cause link CASE --parent {case}\n"
            ),
        );
    }
    text
}

fn total(named: Option<&NamedCases>) -> u64 {
    named.map_or(0, |named| named.total)
}
