//! Requests about root causes.

use std::time::Instant;

use heard_engine::case::CauseRef;
use heard_engine::case::CauseStatus;
use heard_engine::case::command::{
    Act, CheckEffect, CompleteAction, ConfirmIssue, RecordCause, ReviewCause, ReviewVerdict,
};
use heard_engine::case::diagnosis::{ActionKind, Effect, Evidence, PlannedAction, Target, Why};
use heard_engine::case::seal::BadRequest;
use heard_engine::id::{
    CaseId, CauseGroup, CauseName, Digest, FailureName, ReportingName, RoleName, WorkflowId,
};
use heard_engine::time::{Date, Timestamp};
use heard_proto::v1;

use super::{Head, Reader, ToCase, request, to_case};
use crate::api::convert::value;
use crate::app::Request;
use crate::store::CauseFilter;

/// Reads `RecordRootCause`.
pub(in crate::api) fn record_cause(
    message: v1::RecordRootCauseRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let record = record(&mut reader, &message);
    to_case(
        reader,
        &message.case_id,
        head!(message, deadline),
        record.map(Act::RecordCause),
    )
}

fn record(
    reader: &mut Reader,
    message: &v1::RecordRootCauseRequest,
) -> Option<RecordCause<String>> {
    let cause = cause(reader, "", &message.group, &message.name);
    let contributing = parts(&message.contributing, |place, named| {
        cause_of(reader, &format!("contributing[{place}]."), named)
    });
    let failure = message.failure.as_deref();
    let failure = reader.optional_id("failure", failure, FailureName::new);
    let reporting = message.reporting.as_deref();
    let reporting = reader.optional_id("reporting", reporting, ReportingName::new);
    let review_date = day(reader, "review_date", message.review_date);
    let similar = parts(&message.similar_case_ids, |place, id| {
        reader.id(&format!("similar_case_ids[{place}]"), id, CaseId::parse)
    });
    let actions = parts(&message.actions, |place, action| {
        planned(reader, &format!("actions[{place}]"), action)
    });
    let whys = parts(&message.whys, |place, why| {
        self::why(reader, &format!("whys[{place}]"), why)
    });
    if message.revises == Some(0) {
        reader.say("revises", "root causes are numbered from 1");
    }
    Some(RecordCause {
        actions: actions?,
        contributing: contributing?,
        draft: message.draft,
        escape: message.escape.clone(),
        failure,
        override_reason: message.override_reason.clone(),
        policy_id: message.policy_id.clone(),
        reporting,
        review_date,
        revises: message.revises,
        similar: similar?,
        ..RecordCause::proposed(cause?, message.statement.clone(), whys?)
    })
}

/// Reads `ReviewRootCause`.
pub(in crate::api) fn review_cause(
    message: v1::ReviewRootCauseRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let number = numbered(&mut reader, "number", message.number);
    let verdict = verdict(&mut reader, &message);
    let act = number.zip(verdict);
    let act = act.map(|(number, verdict)| Act::ReviewCause(ReviewCause { number, verdict }));
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

fn verdict(
    reader: &mut Reader,
    message: &v1::ReviewRootCauseRequest,
) -> Option<ReviewVerdict<String>> {
    let reason = message.reason.clone();
    let verdict = match v1::ReviewVerdict::try_from(message.verdict) {
        Ok(v1::ReviewVerdict::Accepted) => Some(ReviewVerdict::Accept { note: reason }),
        Ok(v1::ReviewVerdict::Returned) => {
            let reason = reader.required("reason", reason);
            reason.map(|reason| ReviewVerdict::Return { reason })
        }
        Ok(v1::ReviewVerdict::Reclassified) => {
            let cause = reader.required("cause", message.cause.as_ref());
            let cause = cause.and_then(|cause| cause_of(reader, "cause.", cause));
            let reason = reader.required("reason", reason);
            let read = cause.zip(reason);
            return read.map(|(cause, reason)| ReviewVerdict::Reclassify { cause, reason });
        }
        Ok(v1::ReviewVerdict::Unspecified) => reader.required("verdict", None),
        Err(_) => {
            reader.say(
                "verdict",
                "it is REVIEW_VERDICT_ACCEPTED, REVIEW_VERDICT_RETURNED or \
                 REVIEW_VERDICT_RECLASSIFIED",
            );
            None
        }
    };
    if message.cause.is_some() {
        reader.say(
            "cause",
            "another cause comes with REVIEW_VERDICT_RECLASSIFIED only",
        );
    }
    verdict
}

/// Reads `CompleteCauseAction`.
pub(in crate::api) fn complete_action(
    message: v1::CompleteCauseActionRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let number = numbered(&mut reader, "number", message.number);
    let action = numbered(&mut reader, "action", message.action);
    let act = number.zip(action).map(|(number, action)| {
        Act::CompleteAction(CompleteAction {
            action,
            note: message.note,
            number,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `CheckCauseEffect`.
pub(in crate::api) fn check_effect(
    message: v1::CheckCauseEffectRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    use v1::check_cause_effect_request::Effect as Asked;
    let mut reader = Reader::default();
    let number = numbered(&mut reader, "number", message.number);
    let action = numbered(&mut reader, "action", message.action);
    let effect = match message.effect {
        None => reader.required("effect", None),
        Some(Asked::Observed(number)) => Some(Effect::Observed(number)),
        Some(Asked::Judged(judged)) => match v1::CauseEffect::try_from(judged) {
            Ok(v1::CauseEffect::Effective) => Some(Effect::Effective),
            Ok(v1::CauseEffect::NotEffective) => Some(Effect::NotEffective),
            Ok(v1::CauseEffect::Inconclusive) => Some(Effect::Inconclusive),
            Ok(v1::CauseEffect::Unspecified) | Err(_) => {
                reader.say(
                    "judged",
                    "it is CAUSE_EFFECT_EFFECTIVE, CAUSE_EFFECT_NOT_EFFECTIVE or \
                     CAUSE_EFFECT_INCONCLUSIVE",
                );
                None
            }
        },
    };
    let act = number.zip(action).zip(effect);
    let act = act.map(|((number, action), effect)| {
        Act::CheckEffect(CheckEffect {
            action,
            effect,
            note: message.note,
            number,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `ConfirmIssue`.
pub(in crate::api) fn confirm_issue(
    message: v1::ConfirmIssueRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let number = numbered(&mut reader, "number", message.number);
    let act = number.map(|number| {
        Act::ConfirmIssue(ConfirmIssue {
            note: message.note,
            number,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `LinkCause`: the case, the request, and the case whose root cause it takes.
pub(in crate::api) fn link_cause(
    message: v1::LinkCauseRequest,
    deadline: Option<Instant>,
) -> Result<(CaseId, Request, CaseId), BadRequest> {
    let mut reader = Reader::default();
    let case = reader.case_id(&message.case_id);
    let parent = reader.id("parent_case_id", &message.parent_case_id, CaseId::parse);
    let request = request(&mut reader, head!(message, deadline));
    let read = case.zip(request).zip(parent);
    reader.finish(read.map(|((case, request), parent)| (case, request, parent)))
}

/// Reads which root cause of which case is asked for.
pub(in crate::api) fn root_cause(
    message: &v1::GetRootCauseRequest,
) -> Result<(CaseId, u32), BadRequest> {
    let mut reader = Reader::default();
    let case = reader.case_id(&message.case_id);
    let number = numbered(&mut reader, "number", message.number);
    reader.finish(case.zip(number))
}

/// Reads the filters of `ListRootCauses`. What is overdue is so before `now`.
pub(in crate::api) fn cause_filter(
    message: &v1::ListRootCausesRequest,
    now: Timestamp,
) -> Result<CauseFilter, BadRequest> {
    let mut reader = Reader::default();
    let case = reader.optional_id("case_id", message.case_id.as_deref(), CaseId::parse);
    let id = message.workflow_id.as_deref();
    let workflow = reader.optional_id("workflow_id", id, WorkflowId::new);
    let wanted = match (&message.group, &message.name) {
        (None, None) => None,
        (Some(group), Some(name)) => cause(&mut reader, "", group, name),
        (Some(_), None) => reader.required("name", None),
        (None, Some(_)) => reader.required("group", None),
    };
    let status = match v1::CauseStatus::try_from(message.status) {
        Ok(v1::CauseStatus::Unspecified) => None,
        Ok(v1::CauseStatus::Drafted) => Some(CauseStatus::Drafted),
        Ok(v1::CauseStatus::Proposed) => Some(CauseStatus::Proposed),
        Ok(v1::CauseStatus::UnderReview) => Some(CauseStatus::UnderReview),
        Ok(v1::CauseStatus::Accepted) => Some(CauseStatus::Accepted),
        Ok(v1::CauseStatus::Returned) => Some(CauseStatus::Returned),
        Ok(v1::CauseStatus::Reopened) => Some(CauseStatus::Reopened),
        Err(_) => {
            reader.say("status", "it is one of CAUSE_STATUS_..., or absent");
            None
        }
    };
    reader.finish(Some(CauseFilter {
        case,
        workflow,
        cause: wanted,
        status,
        due_before: message.overdue.then_some(now),
    }))
}

/// Reads every part, so that everything wrong with them is told at once.
fn parts<'m, P, T>(
    parts: &'m [P],
    mut read: impl FnMut(usize, &'m P) -> Option<T>,
) -> Option<Vec<T>> {
    let parts = parts.iter().enumerate();
    let read: Vec<Option<T>> = parts.map(|(place, part)| read(place, part)).collect();
    read.into_iter().collect()
}

fn numbered(reader: &mut Reader, field: &str, number: u32) -> Option<u32> {
    reader.required(field, (number > 0).then_some(number))
}

fn day(reader: &mut Reader, field: &str, day: Option<v1::Date>) -> Option<Date> {
    day.and_then(|day| value::date(reader, field, day))
}

fn cause_of(reader: &mut Reader, path: &str, named: &v1::CauseRef) -> Option<CauseRef> {
    cause(reader, path, &named.group, &named.name)
}

fn cause(reader: &mut Reader, path: &str, group: &str, name: &str) -> Option<CauseRef> {
    let group = reader.id(&format!("{path}group"), group, CauseGroup::new);
    let name = reader.id(&format!("{path}name"), name, CauseName::new);
    group
        .zip(name)
        .map(|(group, name)| CauseRef { group, name })
}

fn why(reader: &mut Reader, path: &str, why: &v1::Why) -> Option<Why<String>> {
    let evidence = parts(&why.evidence, |place, evidence| {
        let sha256 = match &evidence.sha256 {
            None => None,
            Some(sha256) => {
                let path = format!("{path}.evidence[{place}].sha256");
                Some(reader.id(&path, sha256, Digest::parse)?)
            }
        };
        Some(Evidence {
            reference: evidence.reference.clone(),
            sha256,
        })
    });
    Some(Why {
        evidence: evidence?,
        statement: why.statement.clone(),
    })
}

fn planned(
    reader: &mut Reader,
    path: &str,
    action: &v1::PlannedAction,
) -> Option<PlannedAction<String>> {
    use v1::planned_action::Target as Asked;
    let kind = match v1::CauseActionKind::try_from(action.kind) {
        Ok(v1::CauseActionKind::Correction) => Some(ActionKind::Correction),
        Ok(v1::CauseActionKind::Corrective) => Some(ActionKind::Corrective),
        Ok(v1::CauseActionKind::Preventive) => Some(ActionKind::Preventive),
        Ok(v1::CauseActionKind::Unspecified) | Err(_) => {
            reader.say(
                format!("{path}.kind"),
                "it is CAUSE_ACTION_KIND_CORRECTION, CAUSE_ACTION_KIND_CORRECTIVE or \
                 CAUSE_ACTION_KIND_PREVENTIVE",
            );
            None
        }
    };
    let owner = reader.id(&format!("{path}.owner"), &action.owner, RoleName::new);
    let due_path = format!("{path}.due_date");
    let due = reader.required(&due_path, action.due_date);
    let due = day(reader, &due_path, due);
    let target = match action.target {
        None => None,
        Some(Asked::AtMost(most)) => Some(Target::AtMost(most)),
        Some(Asked::AtLeast(least)) => Some(Target::AtLeast(least)),
    };
    Some(PlannedAction {
        due: due?,
        kind: kind?,
        measure: action.measure.clone(),
        owner: owner?,
        target,
        task: action.task.clone(),
    })
}
