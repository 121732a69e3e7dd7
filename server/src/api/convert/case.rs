//! Cases, receipts and lists of cases, to the wire.

use heard_engine::case::offer::{self, Offer, OfferField, OfferKind, Wait};
use heard_engine::case::{Approval, Booking, Case, CauseLinked, Closing, Issue, Merged, Place};
use heard_engine::id::{CaseId, FieldName};
use heard_engine::value::Value;
use heard_engine::workflow::condition::Seen;
use heard_engine::workflow::{FieldKind, Max, Workflow};
use heard_proto::v1;

use super::{deadline, read, value, workflow};
use crate::api::status::not_done;
use crate::app::{self, Accepted, CaseView, Receipt};
use crate::store::{CaseRow, StoredEntry};

/// Writes what the caller of an accepted change of a case gets.
pub(in crate::api) fn accepted(accepted: &Accepted) -> (Option<v1::Receipt>, Option<v1::Case>) {
    let receipt = receipt(Some(accepted.view.id), &accepted.receipt);
    (receipt, Some(case(&accepted.view)))
}

/// Writes a receipt; none where nothing was written.
pub(in crate::api) fn receipt(case: Option<CaseId>, receipt: &Receipt) -> Option<v1::Receipt> {
    receipt.hash.map(|hash| v1::Receipt {
        case_id: case.map(|case| case.to_string()),
        revision: receipt.revision.0,
        position: receipt.position.map(|position| position.0),
        entry_sha256: hash.to_string(),
        recorded_time: Some(read::time(receipt.recorded_at)),
        repeated: receipt.repeated,
    })
}

/// Writes what became of one of many cases that were to be opened.
pub(in crate::api) fn opened(
    request_id: String,
    opened: Result<Accepted, app::Error>,
) -> v1::OpenedCase {
    match opened {
        Ok(accepted) => v1::OpenedCase {
            request_id,
            receipt: receipt(Some(accepted.view.id), &accepted.receipt),
            not_done: None,
        },
        Err(error) => v1::OpenedCase {
            request_id,
            receipt: None,
            not_done: Some(not_done(error)),
        },
    }
}

/// Writes a case with what may be done next.
pub(in crate::api) fn case(view: &CaseView) -> v1::Case {
    let case = &*view.case;
    let workflow = &*view.workflow;
    let offers = offer::offers(workflow, case);
    v1::Case {
        case_id: view.id.to_string(),
        workflow: Some(workflow::reference(case.workflow())),
        place: Some(place(workflow, case)),
        visit: case.visit(),
        opening: case.opening(),
        revision: case.revision().0,
        opened_time: Some(read::time(case.opened_at())),
        updated_time: Some(read::time(case.updated_at())),
        closing: case.closing().map(closing),
        owes_cause: case.owes_cause(),
        open_tasks: open_tasks(workflow, case),
        offers: offers
            .iter()
            .map(|each| offer(workflow, case, each))
            .collect(),
        team: case.team().map(ToOwned::to_owned),
        imported: case.is_imported(),
        bookings: case.bookings().iter().map(booking).collect(),
        approvals: case
            .approvals()
            .map(|(field, each)| approval(case, field, each))
            .collect(),
        customer: case.customer().map(|customer| customer.to_string()),
        deadlines: deadline::deadlines(view),
        next_due_time: case.due_at().map(read::time),
        parent_case_id: case.parent().map(|parent| parent.to_string()),
        proactive: case.is_proactive(),
        linked_cause: case.linked().map(|linked| linked_cause(case, linked)),
        issue: case.issue().map(|confirmed| issue(case, confirmed)),
        merged_cases: case.merged().iter().map(merged).collect(),
    }
}

fn merged((case, merged): (&CaseId, &Merged)) -> v1::MergedCase {
    v1::MergedCase {
        case_id: case.to_string(),
        merged_time: Some(read::time(merged.at)),
        revision: merged.revision.0,
        merged_revision: merged.duplicate_revision.map(|revision| revision.0),
    }
}

fn linked_cause(case: &Case, linked: &CauseLinked) -> v1::LinkedCause {
    let mut own = case.causes().iter();
    v1::LinkedCause {
        parent_case_id: linked.parent.to_string(),
        parent_revision: linked.parent_revision.0,
        number: linked.number,
        workflow_id: linked.workflow.to_string(),
        group: linked.cause.group.to_string(),
        name: linked.cause.name.to_string(),
        failure: linked.failure.as_ref().map(ToString::to_string),
        policy_id: linked.policy_id.clone(),
        reporting: linked.reporting.as_ref().map(ToString::to_string),
        counts: !own.any(|cause| cause.status.stands()),
    }
}

fn issue(case: &Case, issue: &Issue) -> v1::Issue {
    v1::Issue {
        number: issue.number,
        confirmed_time: Some(read::time(issue.at)),
        revision: issue.revision.0,
        stands: case.standing_issue().is_some(),
    }
}

fn booking(booking: &Booking) -> v1::Booking {
    v1::Booking {
        field: booking.field.to_string(),
        limit: booking.limit.to_string(),
        amount: Some(value::money(booking.amount)),
        recording: booking.recording.into(),
        person: booking.authority.person.to_string(),
        role: booking.authority.role.to_string(),
        given_time: Some(read::time(booking.at)),
        revision: booking.revision.0,
    }
}

/// An approval is of the present answer, which therefore is the amount.
fn approval(case: &Case, field: &FieldName, approval: &Approval) -> v1::Approval {
    let amount = match case.seen(field.as_str()) {
        Seen::Value(Value::Money(money)) => Some(value::money(*money)),
        Seen::Value(
            Value::Text(_)
            | Value::YesNo(_)
            | Value::Choice(_)
            | Value::Number(_)
            | Value::Date(_)
            | Value::Document(_)
            | Value::List(_),
        )
        | Seen::Sealed
        | Seen::Empty => None,
    };
    v1::Approval {
        field: field.to_string(),
        amount,
        recording: approval.recording.into(),
        person: approval.by.person.to_string(),
        role: approval.by.role.to_string(),
        approved_time: Some(read::time(approval.at)),
    }
}

fn place(workflow: &Workflow, case: &Case) -> v1::Place {
    match case.place() {
        Place::Step(name) => {
            let step = workflow.step(name.as_str()).map(|(_, step)| step);
            v1::Place {
                kind: v1::PlaceKind::Step.into(),
                name: name.to_string(),
                title: step.map(|step| step.title.clone()).unwrap_or_default(),
                phases: step.map(workflow::phases).unwrap_or_default(),
                say: step.map(|step| step.say.clone()).unwrap_or_default(),
            }
        }
        Place::Merged(merging) => v1::Place {
            kind: v1::PlaceKind::Merged.into(),
            name: merging.into.to_string(),
            ..v1::Place::default()
        },
        Place::Outcome(closing) => {
            let outcome = workflow.outcome(closing.outcome.as_str());
            v1::Place {
                kind: v1::PlaceKind::Outcome.into(),
                name: closing.outcome.to_string(),
                title: outcome
                    .map(|outcome| outcome.title.clone())
                    .unwrap_or_default(),
                phases: Vec::new(),
                say: String::new(),
            }
        }
    }
}

fn closing(closing: &Closing) -> v1::Closing {
    v1::Closing {
        outcome: closing.outcome.to_string(),
        counts_as: workflow::counts_as(closing.counts_as).into(),
        closed_time: Some(read::time(closing.at)),
        reopen_until_time: closing.reopen_until.map(read::time),
    }
}

/// Returns the open tasks in the order of the file, which is not that of the case.
fn open_tasks(workflow: &Workflow, case: &Case) -> Vec<String> {
    let step = case.step().and_then(|name| workflow.step(name.as_str()));
    let tasks = step.into_iter().flat_map(|(_, step)| step.tasks.keys());
    tasks
        .filter(|task| case.tasks_open().contains(*task))
        .map(ToString::to_string)
        .collect()
}

fn offer(workflow: &Workflow, case: &Case, offer: &Offer) -> v1::Offer {
    let kind = match &offer.kind {
        OfferKind::Task(_) => v1::OfferKind::Task,
        OfferKind::Action(_) => v1::OfferKind::Action,
        OfferKind::Anywhere(_) => v1::OfferKind::AnywhereAction,
        OfferKind::RecordCause => v1::OfferKind::RecordCause,
        OfferKind::Reopen => v1::OfferKind::Reopen,
        OfferKind::Survey(_) => v1::OfferKind::Survey,
        OfferKind::FollowUp(_) => v1::OfferKind::FollowUp,
    };
    let fields = offer.fields.iter();
    v1::Offer {
        kind: kind.into(),
        name: offer.name().to_owned(),
        title: offer.title.clone(),
        say: say(workflow, case, &offer.kind),
        roles: offer.who.iter().map(ToString::to_string).collect(),
        fields: fields
            .filter_map(|field| offered_field(workflow, case, field))
            .collect(),
        targets: offer.leads_to.iter().map(workflow::goal).collect(),
        needs_reason: offer.needs_reason,
        needs_cause: offer.waits_for.contains(&Wait::Cause),
        blocked: offer.waits_for.iter().map(blocked).collect(),
    }
}

/// Returns what to say with a task. What to say in a step stands with the place of the case.
fn say(workflow: &Workflow, case: &Case, kind: &OfferKind) -> String {
    let step = case.step().and_then(|name| workflow.step(name.as_str()));
    match (kind, step) {
        (OfferKind::Task(task), Some((_, step))) => step
            .tasks
            .get(task)
            .map(|task| task.say.clone())
            .unwrap_or_default(),
        (OfferKind::Task(_), None)
        | (
            OfferKind::Action(_)
            | OfferKind::Anywhere(_)
            | OfferKind::RecordCause
            | OfferKind::Reopen
            | OfferKind::Survey(_)
            | OfferKind::FollowUp(_),
            _,
        ) => String::new(),
    }
}

fn offered_field(
    workflow: &Workflow,
    case: &Case,
    offered: &OfferField,
) -> Option<v1::OfferedField> {
    let (_, field) = workflow.field(offered.field.as_str())?;
    let max = match &field.kind {
        FieldKind::Number { max, .. } | FieldKind::Money { max, .. } => *max,
        FieldKind::Text { .. }
        | FieldKind::LongText
        | FieldKind::YesNo
        | FieldKind::Choice { .. }
        | FieldKind::Date
        | FieldKind::Document
        | FieldKind::List => None,
    };
    let present_max = max.and_then(|max| match max {
        Max::Fixed(max) => Some(max),
        Max::Field(index) => match case.seen(workflow.field_at(index).0.as_str()) {
            Seen::Value(Value::Number(number)) => Some(*number),
            Seen::Value(Value::Money(money)) => Some(money.minor),
            Seen::Value(
                Value::Text(_)
                | Value::YesNo(_)
                | Value::Choice(_)
                | Value::Date(_)
                | Value::Document(_)
                | Value::List(_),
            )
            | Seen::Sealed
            | Seen::Empty => None,
        },
    });
    Some(v1::OfferedField {
        field: Some(workflow::field(workflow, &offered.field, field)),
        required: offered.is_required,
        filled: offered.is_filled,
        present_max,
    })
}

fn blocked(wait: &Wait) -> String {
    match wait {
        Wait::Tasks(tasks) => {
            let names: Vec<String> = tasks.iter().map(|task| format!("`{task}`")).collect();
            format!("These tasks must be done first: {}.", names.join(", "))
        }
        Wait::Promise(promise) => {
            format!("The promise `{promise}` must be kept first.")
        }
        Wait::Cause => "A root cause must be recorded first.".to_owned(),
        Wait::UsedUp => {
            "It was done as often as it may be; something else must be done.".to_owned()
        }
    }
}

/// Writes a case as lists show it.
pub(in crate::api) fn summary(row: &CaseRow) -> v1::CaseSummary {
    let counts_as = row
        .closed_as
        .map_or(v1::CountsAs::Unspecified, workflow::counts_as);
    v1::CaseSummary {
        case_id: row.case.to_string(),
        workflow: Some(workflow::reference(&row.workflow)),
        place: row.place.clone(),
        counts_as: counts_as.into(),
        owes_cause: row.owes_cause,
        revision: row.revision.0,
        position: Some(row.position.0),
        entry_sha256: row.head.to_string(),
        opened_time: Some(read::time(row.opened_at)),
        updated_time: Some(read::time(row.updated_at)),
        next_due_time: row.due_at.map(read::time),
        parent_case_id: row.parent.map(|parent| parent.to_string()),
        merged: row.is_merged,
    }
}

/// Writes an entry, without its sealed values.
pub(in crate::api) fn entry(entry: StoredEntry) -> v1::Entry {
    v1::Entry {
        revision: entry.revision.0,
        position: Some(entry.position.0),
        entry_sha256: entry.hash.to_string(),
        body: entry.bytes,
        sealed: Vec::new(),
    }
}
