//! How merging changes the case that goes on and its duplicate.

use super::open_step;
use crate::case::deadline::Deadline;
use crate::case::event::{DeadlineTakenOver, DuplicateMerged, MergedInto};
use crate::case::merge::{Merged, Merging};
use crate::case::{Case, Meta, Place};

type Evolved = Result<(), &'static str>;

pub(super) fn take_in(case: &mut Case, meta: &Meta<'_>, merged: &DuplicateMerged) -> Evolved {
    open_step(case)?;
    if let Some(opened_at) = merged.opened_at {
        if opened_at >= case.opened_at {
            return Err("the complaint was received before that already");
        }
        case.opened_at = opened_at;
    }
    if merged.complained && !std::mem::take(&mut case.proactive) {
        return Err("a customer complained in it already");
    }
    if let Some(customer) = merged.customer
        && case.customer.replace(customer).is_some()
    {
        return Err("it has a customer already");
    }
    if let Some(parent) = merged.parent
        && case.parent.replace(parent).is_some()
    {
        return Err("it belongs to a systemic issue already");
    }
    let taken = |duplicate_revision| Merged {
        at: meta.at,
        duplicate_revision,
        revision: meta.revision,
    };
    for before in &merged.also {
        case.merged.insert(*before, taken(None));
    }
    let of_it = taken(Some(merged.duplicate_revision));
    case.merged.insert(merged.duplicate, of_it);
    Ok(())
}

pub(super) fn rest(case: &mut Case, merged: &MergedInto) -> Evolved {
    open_step(case)?;
    case.tasks_open.clear();
    case.place = Place::Merged(Merging {
        at: case.effective_at,
        into: merged.into,
        into_revision: merged.into_revision,
    });
    Ok(())
}

pub(super) fn take_over(case: &mut Case, taken: &DeadlineTakenOver) -> Evolved {
    if taken.number != case.deadlines_started + 1 {
        return Err("the number of the deadline does not follow");
    }
    let before = case.deadlines.remove(&taken.deadline);
    let before = before.filter(|before| before.stopped.is_none());
    if before.map(|before| before.number) != taken.replaces {
        return Err("it does not take the place of what runs");
    }
    if !taken.marks.is_sorted() {
        return Err("the marks of the deadline are out of order");
    }
    if taken.waits && !(taken.marks.is_empty() && taken.due.is_none()) {
        return Err("a deadline that waits is not due");
    }
    case.deadlines_started = taken.number;
    let deadline = Deadline {
        anchor: taken.anchor,
        calendar: taken.calendar.clone(),
        due: taken.due,
        field: taken.field.clone(),
        fired: taken.fired.clone(),
        is_extended: taken.extended,
        late_at: taken.late_at,
        length: taken.length.clone(),
        marks: taken.marks.clone(),
        number: taken.number,
        open_since: None,
        paused_since: taken.paused_since,
        pauses: taken.pauses.clone(),
        statutory: taken.statutory,
        stopped: None,
        taken_from: Some(taken.from),
        waits: taken.waits,
    };
    case.deadlines.insert(taken.deadline.clone(), deadline);
    Ok(())
}
