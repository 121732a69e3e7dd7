//! What closed cases taught, as JSON.

use heard_proto::v1::pareto_row::Of;
use heard_proto::v1::{
    AlikeField, CompensationSpread, Estimate, GetIssuesResponse, GetLessonsResponse,
    GetParetoResponse, GetTrendsResponse, NamedCases, OverdueAction, Pareto, ParetoRow,
    ParetoTally, ProposedIssue, ReviewAgreement, Share, SystemicIssue, Trend, Trends, TriedAction,
    WorkflowCause,
};
use serde_json::{Value, json};

use super::super::json::value;
use super::super::{day, instant, word};

/// Returns a Pareto for programs; amounts are in minor units, shares in thousandths.
pub(in crate::cli) fn pareto(answer: &GetParetoResponse) -> Value {
    json!({
        "as_of": instant(answer.as_of_time.as_ref()),
        "closed": named(answer.closed.as_ref()),
        "pareto": answer.pareto.as_ref().map(heaviest),
        "currencies": answer.currency_codes,
    })
}

/// Returns where causes are going for programs.
pub(in crate::cli) fn trends(answer: &GetTrendsResponse) -> Value {
    json!({
        "as_of": instant(answer.as_of_time.as_ref()),
        "trends": answer.trends.as_ref().map(going),
    })
}

/// Returns the whole report for programs.
pub(in crate::cli) fn lessons(report: &GetLessonsResponse) -> Value {
    json!({
        "as_of": instant(report.as_of_time.as_ref()),
        "closed": named(report.closed.as_ref()),
        "owed": named(report.owed.as_ref()),
        "undetermined": {
            "share": report.undetermined.as_ref().map(share),
            "cases": named(report.undetermined_cases.as_ref()),
        },
        "pareto": report.pareto.as_ref().map(heaviest),
        "overdue": {
            "total": report.overdue_total,
            "actions": list(&report.overdue, overdue),
        },
        "tried": {
            "total": report.tried_total,
            "actions": list(&report.tried, tried),
        },
        "trends": report.trends.as_ref().map(going),
        "agreement": report.agreement.as_ref().map(agreement),
        "compensations": {
            "total": report.compensations_total,
            "spreads": list(&report.compensations, compensation),
        },
        "currencies": report.currency_codes,
    })
}

/// Returns systemic issues for programs.
pub(in crate::cli) fn issues(answer: &GetIssuesResponse) -> Value {
    json!({
        "as_of": instant(answer.as_of_time.as_ref()),
        "proposed": {
            "total": answer.proposed_total,
            "issues": list(&answer.proposed, proposed),
        },
        "confirmed": {
            "total": answer.confirmed_total,
            "issues": list(&answer.confirmed, confirmed),
        },
    })
}

fn proposed(proposal: &ProposedIssue) -> Value {
    let alike = |alike: &AlikeField| {
        let value = alike.value.as_ref().map(value);
        json!({"field": alike.field, "value": value})
    };
    let number = proposal.next_number;
    json!({
        "cause": proposal.cause.as_ref().map(cause),
        "alike": list(&proposal.alike, alike),
        "cases": named(proposal.cases.as_ref()),
        "unlinked_cases": named(proposal.unlinked_cases.as_ref()),
        "first": instant(proposal.first_time.as_ref()),
        "last": instant(proposal.last_time.as_ref()),
        "cases_min": proposal.cases_min,
        "within": proposal.within,
        "next": {
            "step": word(proposal.next_step().as_str_name(), "ISSUE_STEP_"),
            "case": proposal.next_case_id,
            "number": (number > 0).then_some(number),
        },
    })
}

fn confirmed(issue: &SystemicIssue) -> Value {
    json!({
        "case": issue.case_id,
        "number": issue.number,
        "cause": issue.cause.as_ref().map(cause),
        "confirmed": instant(issue.confirmed_time.as_ref()),
        "stands": issue.stands,
        "children": named(issue.children.as_ref()),
        "open_children": named(issue.open_children.as_ref()),
        "proactive_children": named(issue.proactive_children.as_ref()),
        "linked_children": named(issue.linked_children.as_ref()),
        "stale_children": named(issue.stale_children.as_ref()),
    })
}

fn list<T>(rows: &[T], shown: impl Fn(&T) -> Value) -> Vec<Value> {
    rows.iter().map(shown).collect()
}

fn share(share: &Share) -> Value {
    json!({"met": share.met, "of": share.of, "per_mille": share.per_mille})
}

fn named(named: Option<&NamedCases>) -> Option<Value> {
    named.map(|named| json!({"total": named.total, "cases": named.case_ids}))
}

fn cause(of: &WorkflowCause) -> Value {
    let cause = of.cause.clone().unwrap_or_default();
    json!({"workflow_id": of.workflow_id, "group": cause.group, "name": cause.name})
}

fn estimate(estimate: &Estimate) -> Value {
    json!({"value": estimate.value, "low": estimate.low, "high": estimate.high})
}

fn heaviest(pareto: &Pareto) -> Value {
    let rest = pareto.rest.as_ref();
    json!({
        "of": word(pareto.of().as_str_name(), "PARETO_OF_"),
        "by": word(pareto.by().as_str_name(), "PARETO_BY_"),
        "currency": pareto.currency_code,
        "total": pareto.total,
        "rows": list(&pareto.rows, row),
        "rest": rest.map(|rest| json!({
            "rows": rest.rows,
            "tally": rest.tally.as_ref().map(tally),
        })),
    })
}

fn row(row: &ParetoRow) -> Value {
    let (kind, of) = match &row.of {
        Some(Of::Cause(of)) => ("cause", cause(of)),
        Some(Of::PolicyId(id)) => ("policy_id", json!(id)),
        Some(Of::Failure(name)) => ("failure", json!(name)),
        Some(Of::Heading(name)) => ("heading", json!(name)),
        None => ("unknown", Value::Null),
    };
    json!({kind: of, "tally": row.tally.as_ref().map(tally)})
}

fn tally(tally: &ParetoTally) -> Value {
    json!({
        "weight": tally.weight,
        "share": tally.share.as_ref().map(share),
        "cumulative": tally.cumulative.as_ref().map(share),
        "cases": named(tally.cases.as_ref()),
    })
}

fn going(trends: &Trends) -> Value {
    json!({
        "period": word(trends.period().as_str_name(), "KPI_PERIOD_"),
        "periods": trends.periods,
        "now_periods": trends.now_periods,
        "baseline_since": trends.baseline_date.map(day),
        "now_since": trends.now_date.map(day),
        "total": trends.total,
        "causes": list(&trends.rows, trend),
    })
}

fn trend(trend: &Trend) -> Value {
    json!({
        "cause": trend.cause.as_ref().map(cause),
        "kind": word(trend.kind().as_str_name(), "TREND_KIND_"),
        "now": trend.now.as_ref().map(share),
        "baseline": trend.baseline.as_ref().map(share),
        "judged": trend.judged.as_ref().map(share),
        "difference": trend.difference.as_ref().map(estimate),
        "is_small": trend.is_small,
        "now_cases": named(trend.now_cases.as_ref()),
        "baseline_cases": named(trend.baseline_cases.as_ref()),
    })
}

fn overdue(late: &OverdueAction) -> Value {
    json!({
        "case": late.case_id,
        "number": late.number,
        "action": late.action,
        "kind": word(late.kind().as_str_name(), "CAUSE_ACTION_KIND_"),
        "owner": late.owner,
        "due": late.due_date.map(day),
    })
}

fn tried(tried: &TriedAction) -> Value {
    let ratio = tried.ratio.as_ref();
    json!({
        "case": tried.case_id,
        "number": tried.number,
        "version": tried.version,
        "action": tried.action,
        "kind": word(tried.kind().as_str_name(), "CAUSE_ACTION_KIND_"),
        "cause": tried.cause.as_ref().map(cause),
        "done": instant(tried.done_time.as_ref()),
        "effect": word(tried.effect().as_str_name(), "CAUSE_EFFECT_"),
        "before": tried.before.as_ref().map(share),
        "after": tried.after.as_ref().map(share),
        "difference": tried.difference.as_ref().map(estimate),
        "ratio": ratio.map(|r| json!({"value": r.value, "low": r.low, "high": r.high})),
        "verdict": word(tried.verdict().as_str_name(), "RECURRENCE_VERDICT_"),
        "is_small": tried.is_small,
        "until": instant(tried.until_time.as_ref()),
        "is_open": tried.is_open,
        "before_cases": named(tried.before_cases.as_ref()),
        "after_cases": named(tried.after_cases.as_ref()),
    })
}

fn agreement(agreement: &ReviewAgreement) -> Value {
    json!({
        "agreed": agreement.agreed.as_ref().map(share),
        "expected": agreement.expected,
        "kappa": agreement.kappa,
        "interval": agreement.interval.as_ref().map(estimate),
        "is_small": agreement.is_small,
        "cases": named(agreement.cases.as_ref()),
    })
}

fn compensation(spread: &CompensationSpread) -> Value {
    json!({
        "cause": spread.cause.as_ref().map(cause),
        "failure": spread.failure,
        "currency": spread.currency_code,
        "least": spread.least,
        "lower_quartile": spread.lower_quartile,
        "median": spread.median,
        "upper_quartile": spread.upper_quartile,
        "p90": spread.p90,
        "most": spread.most,
        "is_small": spread.is_small,
        "cases": named(spread.cases.as_ref()),
    })
}
