//! How what is found out about the root cause changes a case.

use crate::case::diagnosis::{CauseAction, CauseStatus, Diagnosis, Earlier, Reviewed, Worked};
use crate::case::event::{
    CauseActionDone, CauseRecorded, CauseReopened, CauseReviewed, EffectChecked, Found,
};
use crate::case::{Case, Meta};

type Evolved = Result<(), &'static str>;

pub(super) fn record(case: &mut Case, meta: &Meta<'_>, recorded: &CauseRecorded) -> Evolved {
    let place = usize::try_from(recorded.number).unwrap_or(0);
    let before = match place.checked_sub(1) {
        Some(place) if place < case.causes.len() => case.causes.get(place),
        Some(place) if place == case.causes.len() => None,
        Some(_) | None => return Err("the number of the cause does not follow"),
    };
    let diagnosis = diagnosis(meta, recorded, before);
    match before {
        Some(before) if before.status.stands() && !case.is_looked_at(before.number) => {
            return Err("a cause that stands cannot be revised");
        }
        Some(_) => {
            if let Some(revised) = case.causes.get_mut(place - 1) {
                *revised = diagnosis;
            }
        }
        None => case.causes.push(diagnosis),
    }
    owe(case);
    Ok(())
}

fn diagnosis(meta: &Meta<'_>, recorded: &CauseRecorded, before: Option<&Diagnosis>) -> Diagnosis {
    let actions = recorded.actions.iter().map(|planned| CauseAction {
        done: None,
        effect: None,
        planned: planned.clone(),
    });
    let status = match (recorded.draft, recorded.drawn) {
        (true, _) => CauseStatus::Drafted,
        (false, Some(_)) => CauseStatus::UnderReview,
        (false, None) => CauseStatus::Proposed,
    };
    Diagnosis {
        actions: actions.collect(),
        at: meta.at,
        cause: recorded.cause.clone(),
        contributing: recorded.contributing.clone(),
        drawn: recorded.drawn,
        earlier: before.map_or_else(Vec::new, done_before),
        failure: recorded.failure.clone(),
        number: recorded.number,
        policy_id: recorded.policy_id.clone(),
        proposed: None,
        proposers: before
            .into_iter()
            .flat_map(|before| before.proposers.iter().copied())
            .chain([meta.actor.person])
            .collect(),
        reporting: recorded.reporting.clone(),
        review_date: recorded.review_date,
        revision: meta.revision,
        reviews: before.map_or_else(Vec::new, |before| before.reviews.clone()),
        status,
        version: before.map_or(1, |before| before.version + 1),
        was_proposed: !recorded.draft || before.is_some_and(|before| before.was_proposed),
        whys: u32::try_from(recorded.whys.len()).unwrap_or(u32::MAX),
    }
}

/// Returns what was done because of a diagnosis that is revised.
fn done_before(before: &Diagnosis) -> Vec<Earlier> {
    let mut earlier = before.earlier.clone();
    let actions = (1..).zip(&before.actions);
    earlier.extend(actions.filter_map(|(number, action)| {
        let (_, done_at) = action.done?;
        Some(Earlier {
            action: number,
            cause: before.cause.clone(),
            done_at,
            effect: action.effect,
            kind: action.planned.kind,
            version: before.version,
        })
    }));
    earlier
}

pub(super) fn review(case: &mut Case, meta: &Meta<'_>, reviewed: &CauseReviewed) -> Evolved {
    let cause = find(case, reviewed.number)?;
    if !cause.status.stands() {
        return Err("a verdict is given on a cause that stands");
    }
    let found = match &reviewed.verdict {
        Found::Accepted => Some(cause.cause.clone()),
        Found::Returned => None,
        Found::Reclassified(other) => Some(other.clone()),
    };
    cause.reviews.push(Reviewed {
        at: meta.at,
        cause: found.clone(),
        person: meta.actor.person,
        revision: meta.revision,
        version: cause.version,
    });
    if let Some(found) = found {
        cause.status = CauseStatus::Accepted;
        if found != cause.cause {
            cause.contributing.retain(|other| *other != found);
            let before = std::mem::replace(&mut cause.cause, found);
            cause.proposed.get_or_insert(before);
        }
    } else {
        cause.status = CauseStatus::Returned;
        // What is owed after a verdict is owed anew: a link from before is no answer to it.
        case.linked = None;
    }
    owe(case);
    Ok(())
}

pub(super) fn done(case: &mut Case, meta: &Meta<'_>, done: &CauseActionDone) -> Evolved {
    let action = action(case, done.number, done.action)?;
    if action.done.is_some() {
        return Err("the action was done before");
    }
    action.done = Some((meta.actor.person, meta.at));
    Ok(())
}

pub(super) fn check(case: &mut Case, checked: &EffectChecked) -> Evolved {
    let action = action(case, checked.number, checked.action)?;
    if action.done.is_none() {
        return Err("an action works only once it is done");
    }
    match action.effect {
        Some(Worked::Effective | Worked::NotEffective) => {
            return Err("it was said before whether the action worked");
        }
        Some(Worked::Inconclusive) | None => action.effect = Some(checked.worked),
    }
    Ok(())
}

pub(super) fn reopen(case: &mut Case, reopened: &CauseReopened) -> Evolved {
    let cause = find(case, reopened.number)?;
    cause.status = CauseStatus::Reopened;
    case.linked = None;
    owe(case);
    Ok(())
}

/// A closed case owes a root cause until one stands or is taken by link.
pub(super) fn owe(case: &mut Case) {
    case.owes_cause = case.is_closed() && !case.has_cause();
}

pub(super) fn find(case: &mut Case, number: u32) -> Result<&mut Diagnosis, &'static str> {
    let mut causes = case.causes.iter_mut();
    let found = causes.find(|cause| cause.number == number);
    found.ok_or("there is no such cause")
}

fn action(case: &mut Case, number: u32, action: u32) -> Result<&mut CauseAction, &'static str> {
    let place = usize::try_from(action).ok().and_then(|n| n.checked_sub(1));
    let actions = &mut find(case, number)?.actions;
    let found = place.and_then(|place| actions.get_mut(place));
    found.ok_or("the cause has no such action")
}
