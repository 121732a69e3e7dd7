//! How amounts that are given, taken back and approved change a case, and values of tables.
//!
//! Invariant: what is booked is the answer that stands, and no recording is booked twice.

use super::{Meta, open_step, record};
use crate::case::booking::{Approval, Authority, Booking};
use crate::case::event::{Approved, Given, Held, TakenBack, ValueComputed};
use crate::case::{Answer, Case};
use crate::id::FieldName;
use crate::money::Money;
use crate::value::Value;

pub(super) fn compute(
    case: &mut Case,
    meta: &Meta<'_>,
    computed: &ValueComputed,
) -> Result<(), &'static str> {
    let step = open_step(case)?;
    let value = Held::Open(computed.value.clone());
    record(
        case,
        meta,
        &computed.field,
        computed.recording,
        &value,
        step,
    )
}

pub(super) fn give(case: &mut Case, meta: &Meta<'_>, given: &Given) -> Result<(), &'static str> {
    let Given {
        amount,
        field,
        recording,
        ..
    } = given;
    let answer = present(case, field, *recording, *amount)?;
    if given.by_approval {
        let approval = case.approvals.get(field);
        let approval = approval.ok_or("what was given was not approved")?;
        if approval.by != given.authority || approval.recording != *recording {
            return Err("what was given was approved otherwise");
        }
    } else if given.authority != actor(meta) && given.authority != answer.recorder() {
        return Err("the authority neither recorded it, nor acted");
    }
    let is_booked = |b: &Booking| b.field == *field && b.recording == *recording;
    if case.bookings.iter().any(is_booked) {
        return Err("the recording is booked already");
    }
    case.bookings.push(Booking {
        amount: *amount,
        at: meta.at,
        authority: given.authority.clone(),
        field: field.clone(),
        limit: given.limit.clone(),
        recording: *recording,
        revision: meta.revision,
    });
    Ok(())
}

pub(super) fn take_back(case: &mut Case, taken: &TakenBack) -> Result<(), &'static str> {
    open_step(case)?;
    let of_field = |booking: &Booking| booking.field == taken.field;
    let last = case.bookings.iter().rposition(of_field);
    let last = last.ok_or("there is nothing to take back")?;
    let booking = case.bookings.remove(last);
    let is_same = booking.amount == taken.amount
        && booking.at == taken.given_at
        && booking.authority == taken.authority
        && booking.limit == taken.limit
        && booking.recording == taken.recording;
    is_same
        .then_some(())
        .ok_or("what is taken back is not what was given last")
}

pub(super) fn approve(
    case: &mut Case,
    meta: &Meta<'_>,
    approved: &Approved,
) -> Result<(), &'static str> {
    let answer = present(case, &approved.field, approved.recording, approved.amount)?;
    if answer.person == meta.actor.person {
        return Err("a person approved what they recorded themselves");
    }
    let approval = Approval {
        at: meta.at,
        by: actor(meta),
        recording: approved.recording,
    };
    case.approvals.insert(approved.field.clone(), approval);
    Ok(())
}

fn actor(meta: &Meta<'_>) -> Authority {
    Authority {
        person: meta.actor.person,
        role: meta.actor.role.clone(),
    }
}

/// Returns the answer that stands, which must be this recording of this amount.
fn present<'c>(
    case: &'c Case,
    field: &FieldName,
    recording: u32,
    amount: Money,
) -> Result<&'c Answer, &'static str> {
    open_step(case)?;
    let answer = case.answers.get(field);
    let answer = answer.ok_or("the field of the amount has no answer")?;
    if answer.recording != recording || answer.value != Held::Open(Value::Money(amount)) {
        return Err("the amount is not the answer that stands");
    }
    Ok(answer)
}
