//! Systemic issues for people: what is proposed and why, what was confirmed, what to do next.

use heard_proto::v1::{
    AlikeField, GetIssuesResponse, IssueStep, NamedCases, ProposedIssue, SystemicIssue,
};

use super::super::{instant, put, value};
use super::{cases, indented, more, name, on, table};
use crate::escape::escaped;

/// Returns systemic issues for people.
pub(in crate::cli) fn issues(answer: &GetIssuesResponse) -> String {
    let as_of = instant(answer.as_of_time.as_ref()).unwrap_or_default();
    let mut text = format!("Systemic issues, as of {as_of}\n\nProposed\n");
    if answer.proposed.is_empty() {
        text.push_str("  none\n");
    }
    for proposal in &answer.proposed {
        text.push_str(&proposed(proposal));
    }
    text.push_str(&more(answer.proposed_total, answer.proposed.len()));
    text.push_str("\nConfirmed\n");
    if answer.confirmed.is_empty() {
        text.push_str("  none\n");
    }
    for issue in &answer.confirmed {
        text.push_str(&confirmed(issue));
    }
    text.push_str(&more(answer.confirmed_total, answer.confirmed.len()));
    text.push_str("\nWith --format json or csv up to 100 cases of each number are named.\n");
    text
}

fn proposed(proposal: &ProposedIssue) -> String {
    let (total, unlinked) = (total(&proposal.cases), total(&proposal.unlinked_cases));
    let mut text = format!(
        "  {total} cases of {}{}: {} or more within {},\n    recorded from {} to {}\n    which: {}\n",
        name(proposal.cause.as_ref()),
        alike(&proposal.alike),
        proposal.cases_min,
        escaped(&proposal.within),
        on(proposal.first_time.as_ref()),
        on(proposal.last_time.as_ref()),
        cases(proposal.cases.as_ref()),
    );
    let case = escaped(&proposal.next_case_id);
    let number = proposal.next_number;
    match proposal.next_step() {
        IssueStep::Unspecified => {}
        IssueStep::Confirm => put(
            &mut text,
            format_args!(
                "    next: if one fault lies behind them, confirm this root cause for all of \
                 them:\n            heard cause confirm {case} {number}\n          then let each of \
                 the others take it:\n            heard cause link CASE --parent {case}\n"
            ),
        ),
        IssueStep::Review => put(
            &mut text,
            format_args!(
                "    next: if one fault lies behind them, let a reviewer look at this root cause; \
                 once it is accepted\n          it can be confirmed for all of them:\n            \
                 heard cause review {case} {number}\n"
            ),
        ),
        IssueStep::Link => put(
            &mut text,
            format_args!(
                "    to be linked: {unlinked} of them, {}\n    next: an issue with this cause is \
                 confirmed; let each of these take it:\n            heard cause link CASE --parent \
                 {case}\n",
                cases(proposal.unlinked_cases.as_ref())
            ),
        ),
    }
    text
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
        vec![
            label.to_owned(),
            total(named).to_string(),
            cases(named.as_ref()),
        ]
    });
    text.push_str(&indented(&indented(&table(&["", "cases", "which"], &rows))));
    if !issue.stands {
        text.push_str(
            "    next: this root cause stands no more, since it was returned or opened again; \
             record another,\n          confirm it, and link these cases again\n",
        );
    } else if total(&issue.stale_children) > 0 {
        put(
            &mut text,
            format_args!(
                "    next: its cause is another now; let the cases to be linked again take it:\n            \
                 heard cause link CASE --parent {case}\n"
            ),
        );
    }
    text
}

fn total(named: &Option<NamedCases>) -> u64 {
    named.as_ref().map_or(0, |named| named.total)
}
