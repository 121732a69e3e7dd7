//! Root causes as JSON.

use heard_proto::v1::cause_action::Target;
use heard_proto::v1::{
    CauseAction, CauseEffect, CauseRef, CauseReview, Disclosure, DrawnBy, RootCause,
    RootCauseSummary,
};
use serde_json::{Value, json};

use super::{day, instant, list, reference, word};

/// Returns a row of a list of root causes.
pub(in crate::cli) fn cause_summary(cause: &RootCauseSummary) -> Value {
    json!({
        "case_id": cause.case_id,
        "number": cause.number,
        "revision": cause.revision,
        "group": cause.group,
        "name": cause.name,
        "workflow": cause.workflow.as_ref().map(reference),
        "recorded_time": instant(cause.recorded_time.as_ref()),
        "status": word(cause.status().as_str_name(), "CAUSE_STATUS_"),
        "due_time": instant(cause.due_time.as_ref()),
        "statement": cause.statement,
    })
}

/// Returns a root cause with everything that is known of it.
pub(in crate::cli) fn cause(cause: &RootCause) -> Value {
    let drawn_by = match cause.drawn_by() {
        DrawnBy::Unspecified => None,
        by @ (DrawnBy::Rule | DrawnBy::Repetition | DrawnBy::Sample) => {
            Some(word(by.as_str_name(), "DRAWN_BY_"))
        }
    };
    // A word that is sealed is null, so that nobody takes it for an empty one.
    let is_revealed = cause.disclosure() == Disclosure::Revealed;
    let word_of = |text: &String| is_revealed.then(|| text.clone());
    json!({
        "case_id": cause.case_id,
        "number": cause.number,
        "version": cause.version,
        "revision": cause.revision,
        "recorded_time": instant(cause.recorded_time.as_ref()),
        "workflow": cause.workflow.as_ref().map(reference),
        "status": word(cause.status().as_str_name(), "CAUSE_STATUS_"),
        "drawn_by": drawn_by,
        "disclosure": word(cause.disclosure().as_str_name(), "DISCLOSURE_"),
        "cause": cause.cause.as_ref().map(named),
        "title": cause.title,
        "proposed_cause": cause.proposed_cause.as_ref().map(named),
        "contributing": list(&cause.contributing, named),
        "statement": cause.statement,
        "whys": list(&cause.whys, |why| json!({
            "statement": word_of(&why.statement),
            "evidence": list(&why.evidence, |evidence| json!({
                "reference": word_of(&evidence.reference),
                "sha256": evidence.sha256,
            })),
        })),
        "has_escape": cause.has_escape,
        "escape": cause.escape,
        "failure": cause.failure,
        "failure_title": cause.failure_title,
        "reporting": cause.reporting,
        "reporting_title": cause.reporting_title,
        "policy_id": cause.policy_id,
        "review_date": cause.review_date.map(day),
        "similar_case_ids": cause.similar_case_ids,
        "actions": list(&cause.actions, action),
        "reviews": list(&cause.reviews, review),
        "overridden": cause.overridden,
        "override_reason": cause.override_reason,
    })
}

fn named(cause: &CauseRef) -> Value {
    json!({"group": cause.group, "name": cause.name})
}

fn action(action: &CauseAction) -> Value {
    let (at_most, at_least) = match action.target {
        None => (None, None),
        Some(Target::AtMost(most)) => (Some(most), None),
        Some(Target::AtLeast(least)) => (None, Some(least)),
    };
    let effect = match action.effect() {
        CauseEffect::Unspecified => None,
        effect @ (CauseEffect::Effective
        | CauseEffect::NotEffective
        | CauseEffect::Inconclusive) => Some(word(effect.as_str_name(), "CAUSE_EFFECT_")),
    };
    json!({
        "number": action.number,
        "kind": word(action.kind().as_str_name(), "CAUSE_ACTION_KIND_"),
        "owner": action.owner,
        "due_date": action.due_date.map(day),
        "task": action.task,
        "measure": action.measure,
        "at_most": at_most,
        "at_least": at_least,
        "late": action.late,
        "done_time": instant(action.done_time.as_ref()),
        "done_note": action.done_note,
        "check_time": instant(action.check_time.as_ref()),
        "effect": effect,
        "effect_time": instant(action.effect_time.as_ref()),
        "observed": action.observed,
        "effect_note": action.effect_note,
    })
}

fn review(review: &CauseReview) -> Value {
    json!({
        "time": instant(review.time.as_ref()),
        "verdict": word(review.verdict().as_str_name(), "REVIEW_VERDICT_"),
        "cause": review.cause.as_ref().map(named),
        "version": review.version,
        "revision": review.revision,
        "reason": review.reason,
    })
}
