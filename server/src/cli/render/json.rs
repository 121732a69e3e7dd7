//! The answers of a server as JSON: the field names of heard.v1, enums in lower case.
//!
//! Invariant: a key, once released, keeps its name and its meaning.

mod cause;
mod time;

use heard_proto::v1::value::Kind;
use heard_proto::v1::{
    Action, Approval, Booking, Case, CaseSummary, CauseLabel, Closing, CountsAs, Disclosure, Entry,
    Field, FieldType, GetCaseResponse, Issue, LinkedCause, MergedCase, Money, Offer, OfferKind,
    OfferedField, OpenedCase, Phase, Place, Receipt, RecordedAnswer, SealedValue, Step, Workflow,
    WorkflowRef, WorkflowSummary,
};
use serde_json::{Value, json};

use super::{day, instant, put, word};

pub(in crate::cli) use cause::{cause, cause_summary};
pub(in crate::cli) use time::{deadline, explanation};

/// Returns a list with one element each.
pub(in crate::cli) fn list<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    one: impl Fn(&'a T) -> Value,
) -> Value {
    Value::Array(items.into_iter().map(one).collect())
}

/// Returns what came of a mutation.
pub(in crate::cli) fn done(receipt: Option<&Receipt>, case: &Case) -> Value {
    json!({"receipt": receipt.map(self::receipt), "case": self::case(case)})
}

/// Returns a receipt.
pub(in crate::cli) fn receipt(receipt: &Receipt) -> Value {
    json!({
        "case_id": receipt.case_id,
        "revision": receipt.revision,
        "position": receipt.position,
        "entry_sha256": receipt.entry_sha256,
        "recorded_time": instant(receipt.recorded_time.as_ref()),
        "repeated": receipt.repeated,
    })
}

/// Returns a case with its answers.
pub(in crate::cli) fn case_and_answers(answer: &GetCaseResponse, case: &Case) -> Value {
    json!({
        "case": self::case(case),
        "answers": list(&answer.answers, recorded),
        "reference": answer.reference,
        "now_time": instant(answer.now_time.as_ref()),
        "held_reason": answer.held_reason,
        "asked_case_id": answer.asked_case_id,
    })
}

/// Returns a case.
pub(in crate::cli) fn case(case: &Case) -> Value {
    json!({
        "case_id": case.case_id,
        "workflow": case.workflow.as_ref().map(reference),
        "place": case.place.as_ref().map(place),
        "visit": case.visit,
        "opening": case.opening,
        "revision": case.revision,
        "opened_time": instant(case.opened_time.as_ref()),
        "updated_time": instant(case.updated_time.as_ref()),
        "closing": case.closing.as_ref().map(closing),
        "owes_cause": case.owes_cause,
        "open_tasks": case.open_tasks,
        "offers": list(&case.offers, offer),
        "team": case.team,
        "imported": case.imported,
        "bookings": list(&case.bookings, booking),
        "approvals": list(&case.approvals, approval),
        "customer": case.customer,
        "deadlines": list(&case.deadlines, deadline),
        "next_due_time": instant(case.next_due_time.as_ref()),
        "parent_case_id": case.parent_case_id,
        "proactive": case.proactive,
        "linked_cause": case.linked_cause.as_ref().map(linked_cause),
        "issue": case.issue.as_ref().map(issue),
        "merged_cases": list(&case.merged_cases, merged),
    })
}

fn merged(merged: &MergedCase) -> Value {
    json!({
        "case_id": merged.case_id,
        "merged_time": instant(merged.merged_time.as_ref()),
        "revision": merged.revision,
        "merged_revision": merged.merged_revision,
    })
}

fn linked_cause(linked: &LinkedCause) -> Value {
    json!({
        "parent_case_id": linked.parent_case_id,
        "parent_revision": linked.parent_revision,
        "number": linked.number,
        "workflow_id": linked.workflow_id,
        "group": linked.group,
        "name": linked.name,
        "failure": linked.failure,
        "policy_id": linked.policy_id,
        "reporting": linked.reporting,
        "counts": linked.counts,
    })
}

fn issue(issue: &Issue) -> Value {
    json!({
        "number": issue.number,
        "confirmed_time": instant(issue.confirmed_time.as_ref()),
        "revision": issue.revision,
        "stands": issue.stands,
    })
}

/// Returns what became of one of many cases that were to be opened.
pub(in crate::cli) fn opened(case: &OpenedCase) -> Value {
    let not_done = case.not_done.as_ref();
    json!({
        "request_id": case.request_id,
        "receipt": case.receipt.as_ref().map(receipt),
        "not_done": not_done.map(|not_done| json!({
            "status": not_done.status,
            "code": not_done.code,
            "name": not_done.name,
            "message": not_done.message,
        })),
    })
}

/// Returns a row of a list of cases.
pub(in crate::cli) fn summary(row: &CaseSummary) -> Value {
    json!({
        "case_id": row.case_id,
        "workflow": row.workflow.as_ref().map(reference),
        "place": row.place,
        "counts_as": counts_as(row.counts_as()),
        "owes_cause": row.owes_cause,
        "revision": row.revision,
        "position": row.position,
        "entry_sha256": row.entry_sha256,
        "opened_time": instant(row.opened_time.as_ref()),
        "updated_time": instant(row.updated_time.as_ref()),
        "next_due_time": instant(row.next_due_time.as_ref()),
        "parent_case_id": row.parent_case_id,
        "merged": row.merged,
    })
}

/// Returns an entry; `body` is its bytes, which are JSON, as a text.
pub(in crate::cli) fn entry(entry: &Entry) -> Value {
    json!({
        "revision": entry.revision,
        "position": entry.position,
        "entry_sha256": entry.entry_sha256,
        "body": String::from_utf8_lossy(&entry.body),
        "sealed": list(&entry.sealed, sealed),
    })
}

/// Returns a row of a list of workflows.
pub(in crate::cli) fn workflow_summary(row: &WorkflowSummary) -> Value {
    json!({
        "workflow": row.workflow.as_ref().map(reference),
        "title": row.title,
        "published_time": instant(row.published_time.as_ref()),
    })
}

/// Returns a workflow.
pub(in crate::cli) fn workflow(workflow: &Workflow) -> Value {
    json!({
        "workflow": workflow.workflow.as_ref().map(reference),
        "title": workflow.title,
        "published_time": instant(workflow.published_time.as_ref()),
        "yaml": String::from_utf8_lossy(&workflow.yaml),
        "roles": list(&workflow.roles, |role| json!({
            "name": role.name,
            "title": role.title,
            "reads_only": role.reads_only,
            "system": role.system,
        })),
        "fields": list(&workflow.fields, field),
        "steps": list(&workflow.steps, step),
        "outcomes": list(&workflow.outcomes, |outcome| json!({
            "name": outcome.name,
            "title": outcome.title,
            "counts_as": counts_as(outcome.counts_as()),
            "reopens_to": outcome.reopens_to,
        })),
        "start": workflow.start,
        "anywhere": list(&workflow.anywhere, action),
        "causes": list(&workflow.causes, |cause| json!({
            "group": cause.group,
            "name": cause.name,
            "title": cause.title,
            "needs": cause.needs,
        })),
        "failures": list(&workflow.failures, label),
        "reporting": list(&workflow.reporting, label),
    })
}

fn label(label: &CauseLabel) -> Value {
    json!({"name": label.name, "title": label.title})
}

/// Returns the id, version and digest of a workflow.
pub(in crate::cli) fn reference(workflow: &WorkflowRef) -> Value {
    json!({
        "workflow_id": workflow.workflow_id,
        "version": workflow.version,
        "sha256": workflow.sha256,
    })
}

fn place(place: &Place) -> Value {
    json!({
        "kind": word(place.kind().as_str_name(), "PLACE_KIND_"),
        "name": place.name,
        "title": place.title,
        "phases": phases(place.phases()),
        "say": place.say,
    })
}

fn closing(closing: &Closing) -> Value {
    json!({
        "outcome": closing.outcome,
        "counts_as": counts_as(closing.counts_as()),
        "closed_time": instant(closing.closed_time.as_ref()),
        "reopen_until_time": instant(closing.reopen_until_time.as_ref()),
    })
}

fn offer(offer: &Offer) -> Value {
    json!({
        "kind": offer_kind(offer.kind()),
        "name": offer.name,
        "title": offer.title,
        "say": offer.say,
        "roles": offer.roles,
        "fields": list(&offer.fields, offered),
        "targets": offer.targets,
        "needs_reason": offer.needs_reason,
        "needs_cause": offer.needs_cause,
        "blocked": offer.blocked,
    })
}

fn offered(offered: &OfferedField) -> Value {
    json!({
        "field": offered.field.as_ref().map(field),
        "required": offered.required,
        "filled": offered.filled,
        "present_max": offered.present_max,
    })
}

fn field(field: &Field) -> Value {
    json!({
        "name": field.name,
        "ask": field.ask,
        "type": field_type(field.r#type()),
        "choices": field.choices,
        "min": field.min,
        "max": field.max,
        "max_field": field.max_field,
        "currency_code": field.currency_code,
        "pattern": field.pattern,
        "default": field.default.as_ref().map(value),
        "personal": field.personal,
        "sealed": field.sealed,
        "each_time": field.each_time,
        "computed": field.computed,
    })
}

fn step(step: &Step) -> Value {
    json!({
        "name": step.name,
        "title": step.title,
        "say": step.say,
        "phases": phases(step.phases()),
        "roles": step.roles,
        "tasks": list(&step.tasks, |task| json!({
            "name": task.name,
            "title": task.title,
            "roles": task.roles,
        })),
        "actions": list(&step.actions, action),
    })
}

fn action(action: &Action) -> Value {
    json!({"name": action.name, "roles": action.roles, "targets": action.targets})
}

fn money(money: &Money) -> Value {
    json!({"currency_code": money.currency_code, "minor_units": money.minor_units})
}

fn booking(booking: &Booking) -> Value {
    json!({
        "field": booking.field,
        "limit": booking.limit,
        "amount": booking.amount.as_ref().map(money),
        "recording": booking.recording,
        "person": booking.person,
        "role": booking.role,
        "given_time": instant(booking.given_time.as_ref()),
        "revision": booking.revision,
    })
}

fn approval(approval: &Approval) -> Value {
    json!({
        "field": approval.field,
        "amount": approval.amount.as_ref().map(money),
        "recording": approval.recording,
        "person": approval.person,
        "role": approval.role,
        "approved_time": instant(approval.approved_time.as_ref()),
    })
}

fn recorded(answer: &RecordedAnswer) -> Value {
    json!({
        "field": answer.field,
        "type": field_type(answer.r#type()),
        "recording": answer.recording,
        "person": answer.person,
        "step": answer.step,
        "visit": answer.visit,
        "recorded_time": instant(answer.recorded_time.as_ref()),
        "disclosure": disclosure(answer.disclosure()),
        "value": answer.value.as_ref().map(value),
        "computed": answer.computed,
    })
}

fn sealed(sealed: &SealedValue) -> Value {
    let mut salt = String::new();
    for byte in &sealed.salt {
        put(&mut salt, format_args!("{byte:02x}"));
    }
    json!({
        "label": sealed.label,
        "salt": salt,
        "value": String::from_utf8_lossy(&sealed.value),
    })
}

/// Returns a value with its kind as the one key, as a request has it.
pub(in crate::cli) fn value(value: &heard_proto::v1::Value) -> Value {
    match &value.kind {
        None => Value::Null,
        Some(Kind::Text(text)) => json!({"text": text}),
        Some(Kind::YesNo(yes)) => json!({"yes_no": yes}),
        Some(Kind::Choice(choice)) => json!({"choice": choice}),
        Some(Kind::Number(number)) => json!({"number": number}),
        Some(Kind::Money(money)) => json!({"money": self::money(money)}),
        Some(Kind::Date(date)) => json!({"date": day(*date)}),
        Some(Kind::Document(document)) => json!({"document": {
            "name": document.name,
            "media_type": document.media_type,
            "sha256": document.sha256,
            "location": document.location,
        }}),
        Some(Kind::List(list)) => json!({"list": list.items}),
    }
}

fn phases(phases: impl Iterator<Item = Phase>) -> Vec<String> {
    phases
        .map(|phase| word(phase.as_str_name(), "PHASE_"))
        .collect()
}

fn offer_kind(kind: OfferKind) -> String {
    word(kind.as_str_name(), "OFFER_KIND_")
}

fn disclosure(disclosure: Disclosure) -> String {
    word(disclosure.as_str_name(), "DISCLOSURE_")
}

/// Returns how an outcome counts; nothing for an open case.
pub(in crate::cli) fn counts_as(counts_as: CountsAs) -> Option<String> {
    match counts_as {
        CountsAs::Unspecified => None,
        CountsAs::Resolved | CountsAs::NotResolved | CountsAs::Withdrawn | CountsAs::Referred => {
            Some(word(counts_as.as_str_name(), "COUNTS_AS_"))
        }
    }
}

/// Returns the name of the type of a field.
pub(in crate::cli) fn field_type(kind: FieldType) -> String {
    word(kind.as_str_name(), "FIELD_TYPE_")
}
