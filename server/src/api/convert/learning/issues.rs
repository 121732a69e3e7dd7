//! Systemic issues, proposed and confirmed, to the wire.

use heard_engine::cause::{Issues, NextStep, Proposal, SystemicIssue};
use heard_engine::time::Timestamp;
use heard_proto::v1;

use super::super::read::time;
use super::super::value;
use super::{count, first, key, named};

/// Writes what is proposed and what was confirmed.
pub(in crate::api) fn issues_answer(as_of: Timestamp, issues: &Issues) -> v1::GetIssuesResponse {
    let proposed_issues = issues.proposed();
    let confirmed_issues = issues.confirmed();
    v1::GetIssuesResponse {
        as_of_time: Some(time(as_of)),
        proposed_total: count(proposed_issues.len()),
        proposed: first(proposed_issues.iter().map(proposed)),
        confirmed_total: count(confirmed_issues.len()),
        confirmed: first(confirmed_issues.iter().rev().map(confirmed)),
    }
}

fn proposed(proposal: &Proposal) -> v1::ProposedIssue {
    let (next_step, next_case, next_number) = match proposal.next {
        NextStep::Confirm { case, number } => (v1::IssueStep::Confirm, case, number),
        NextStep::Review { case, number } => (v1::IssueStep::Review, case, number),
        NextStep::Link { parent } => (v1::IssueStep::Link, parent, 0),
    };
    let alike = proposal.alike.iter().map(|(field, value)| v1::AlikeField {
        field: field.to_string(),
        value: Some(value::wire(value)),
    });
    v1::ProposedIssue {
        cause: Some(key(&proposal.cause)),
        alike: alike.collect(),
        cases: Some(named(&proposal.cases)),
        unlinked_cases: Some(named(&proposal.unlinked)),
        first_time: Some(time(proposal.first)),
        last_time: Some(time(proposal.last)),
        cases_min: proposal.cases_min,
        within: proposal.within.to_string(),
        next_step: next_step.into(),
        next_case_id: next_case.to_string(),
        next_number,
    }
}

fn confirmed(issue: &SystemicIssue) -> v1::SystemicIssue {
    v1::SystemicIssue {
        case_id: issue.case.to_string(),
        number: issue.number,
        cause: Some(key(&issue.cause)),
        confirmed_time: Some(time(issue.confirmed_at)),
        stands: issue.stands,
        children: Some(named(&issue.children)),
        open_children: Some(named(&issue.open)),
        proactive_children: Some(named(&issue.proactive)),
        linked_children: Some(named(&issue.linked)),
        stale_children: Some(named(&issue.stale)),
    }
}
