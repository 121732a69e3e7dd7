//! How large an entry becomes by what one landing of a case starts, ends, computes and tells.
//!
//! Invariant: never less than what a firing records, so that a case whose workflow keeps within
//! [`LANDING_BYTES_MAX`] never hangs on a deadline that no entry can hold.

use std::iter::once;

use super::deadline::{DeadlineKind, DeadlineName, Mark, Rung, Verdict};
use super::event::{
    DeadlineStarted, DeadlineStopped, Event, StepEntered, Told, ValueComputed, ValueEmptied,
};
use super::follow::marks::calendar_name;
use super::{afterwards, promise};
use crate::calendar::tz_version;
use crate::id::{CalendarName, FieldName};
use crate::time::Timestamp;
use crate::workflow::table::Computed;
use crate::workflow::time::{Anchor, Clock, Due, Late};
use crate::workflow::{Outcome, Step, Workflow};

/// The most bytes of an entry that a landing may take. The rest is for what people send with an
/// action that leads there, and for what the action does.
pub(crate) const LANDING_BYTES_MAX: usize = 24 * 1024;
/// What every firing has: the envelope, its mark, a survey that is sent, how a case was closed.
const FRAME_BYTES: usize = 2 * 1024;
/// A firing tells at most so often: of its mark, of promises that closing broke, and of what came
/// late at the same instant.
const TOLD_MAX: usize = 3;
/// An instant that takes as much room as any.
const WIDEST: Timestamp = Timestamp::FIRST;
/// A length that takes as much room as any.
const WIDEST_LENGTH: &str = "end of 10000 working days";

/// The landing that takes the most room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Largest<'a> {
    /// The step or outcome to which the case comes.
    pub place: &'a str,
    /// How many bytes of an entry it takes at most.
    pub bytes: usize,
}

/// Returns the landing of a workflow that may take more room in an entry than there is: of what is
/// published today none does (H006), of what was published before that was reckoned one may.
#[must_use]
pub fn too_large_landing(workflow: &Workflow) -> Option<Largest<'_>> {
    Some(largest_landing(workflow)).filter(|largest| largest.bytes > LANDING_BYTES_MAX)
}

/// Returns the landing of a workflow that takes the most room in an entry.
pub(crate) fn largest_landing(workflow: &Workflow) -> Largest<'_> {
    let everywhere = everywhere(workflow);
    let steps = workflow.steps().map(|step| Largest {
        place: step.name.as_str(),
        bytes: everywhere + entered(workflow, step),
    });
    let outcomes = workflow.outcomes().map(|outcome| Largest {
        place: outcome.name.as_str(),
        bytes: everywhere + closed(workflow, outcome),
    });
    // Of several that are alike the first in the file is named.
    let larger = |most: Largest<'_>, next: Largest<'_>| next.bytes > most.bytes;
    let none = Largest {
        place: "",
        bytes: 0,
    };
    let all = steps.chain(outcomes);
    all.fold(
        none,
        |most, next| if larger(most, next) { next } else { most },
    )
}

/// Returns what may come with any landing: people are told, values follow, what runs ends, and
/// clocks begin. A firing makes no promise; those that an action may make are counted all the same.
fn everywhere(workflow: &Workflow) -> usize {
    let told = Event::Told(Told {
        roles: workflow.roles().keys().cloned().collect(),
    });
    let computed = workflow.computed().iter();
    let computed: usize = computed.map(|it| value(workflow, it)).sum();
    let clocks = workflow.clocks().iter().map(|(name, known)| {
        let name = DeadlineName::new(DeadlineKind::Clock, name.as_str());
        clock(workflow, name, known)
    });
    let promises = workflow.promises().iter().map(|(name, known)| {
        let name = promise::deadline_name(name);
        let calendar = known.calendar.as_ref();
        stopped(&name) + started(workflow, name, calendar, &rungs(&known.late, false), None)
    });
    let left = workflow.steps().map(|step| {
        let names = dues(step).into_iter().map(|(name, _)| stopped(&name));
        names.sum::<usize>()
    });
    FRAME_BYTES
        + TOLD_MAX * bytes(&told)
        + computed
        + clocks.sum::<usize>()
        + promises.sum::<usize>()
        + left.max().unwrap_or_default()
}

/// Returns what a table records at most: the largest of its values, or that there is none.
fn value(workflow: &Workflow, computed: &Computed) -> usize {
    let field = workflow.field_at(computed.field).0;
    let values = computed.rows.iter().map(|row| {
        bytes(&Event::ValueComputed(ValueComputed {
            field: field.clone(),
            recording: u32::MAX,
            value: row.is.clone(),
        }))
    });
    let emptied = Event::ValueEmptied(ValueEmptied {
        field: field.clone(),
    });
    values.fold(bytes(&emptied), usize::max)
}

/// Returns what a clock records at most: it ends and begins. Where a day moves it, that happens
/// before its `until` ends it and another anchor begins it; one with a condition goes on and
/// begins, and so does one that has several anchors where the first begins and ends at once.
fn clock(workflow: &Workflow, name: DeadlineName, clock: &Clock) -> usize {
    let days = clock.from.iter().filter_map(|anchor| match anchor {
        Anchor::Date(field) => Some(workflow.field_at(*field).0),
        Anchor::Opened | Anchor::Reopened | Anchor::Step(_) | Anchor::Outcome(_) => None,
    });
    let day = days.max_by_key(|name| name.as_str().len());
    let is_twice = day.is_some() || clock.when.is_some() || clock.from.len() > 1;
    let rungs = rungs(&clock.late, clock.warn_at.is_some());
    let once = stopped(&name) + started(workflow, name, clock.calendar.as_ref(), &rungs, day);
    if is_twice { 2 * once } else { once }
}

/// Returns what entering a step records at most.
fn entered(workflow: &Workflow, step: &Step) -> usize {
    let emptied = step.empties.iter().map(|field| workflow.field_at(*field).0);
    let event = Event::StepEntered(StepEntered {
        emptied: emptied.cloned().collect(),
        step: step.name.clone(),
        tasks: step.tasks.keys().cloned().collect(),
        visit: u32::MAX,
    });
    let starts = dues(step).into_iter().map(|(name, due)| {
        let rungs = rungs(&due.late, due.warn_at.is_some());
        started(workflow, name, due.calendar.as_ref(), &rungs, None)
    });
    bytes(&event) + starts.sum::<usize>()
}

/// Returns what closing with an outcome schedules at most.
fn closed(workflow: &Workflow, outcome: &Outcome) -> usize {
    let surveys = workflow.surveys().iter();
    let surveys = surveys.filter(|(_, survey)| survey.of.contains(&outcome.name));
    let surveys =
        surveys.map(|(name, survey)| (afterwards::survey_name(name), survey.calendar.as_ref()));
    let follow_ups = workflow.follow_ups().iter();
    let follow_ups = follow_ups.filter(|(_, follow_up)| follow_up.of.contains(&outcome.name));
    let follow_ups = follow_ups.map(|(name, follow_up)| {
        let calendar = follow_up.calendar.as_ref();
        (afterwards::follow_up_name(name), calendar)
    });
    let all = surveys.chain(follow_ups);
    all.map(|(name, calendar)| started(workflow, name, calendar, &[Rung::Open], None))
        .sum()
}

/// Returns the dues of a step and of its tasks.
fn dues(step: &Step) -> Vec<(DeadlineName, &Due)> {
    let of_step = step.due.iter().map(|due| {
        let name = DeadlineName::new(DeadlineKind::Due, step.name.as_str());
        (name, due)
    });
    let of_tasks = step.tasks.iter().filter_map(|(task, known)| {
        let name = DeadlineName::of_task(step.name.as_str(), task.as_str());
        Some((name, known.due.as_ref()?))
    });
    of_step.chain(of_tasks).collect()
}

/// Returns every mark that something with this ladder may have.
fn rungs(late: &[Late], warns: bool) -> Vec<Rung> {
    let after = (1..).zip(late).filter(|(_, rung)| rung.after.is_some());
    let after = after.map(|(number, _)| Rung::After(number));
    let warn = warns.then_some(Rung::Warn);
    once(Rung::Late).chain(warn).chain(after).collect()
}

/// Returns how many bytes the start of a deadline takes. Going on after a pause takes fewer.
fn started(
    workflow: &Workflow,
    deadline: DeadlineName,
    calendar: Option<&CalendarName>,
    rungs: &[Rung],
    day: Option<&FieldName>,
) -> usize {
    let at = WIDEST;
    let marks = rungs.iter().map(|rung| Mark { at, rung: *rung });
    bytes(&Event::DeadlineStarted(DeadlineStarted {
        anchor: WIDEST,
        calendar: calendar_name(workflow, calendar).cloned(),
        deadline,
        due: Some(WIDEST),
        field: day.cloned(),
        goes_on: true,
        length: Some(WIDEST_LENGTH.to_owned()),
        marks: marks.collect(),
        moved: true,
        number: u32::MAX,
        paused: true,
        statutory: true,
        tz: tz_version().to_owned(),
        waits: true,
    }))
}

/// Returns how many bytes the end of a deadline takes.
fn stopped(deadline: &DeadlineName) -> usize {
    bytes(&Event::DeadlineStopped(DeadlineStopped {
        deadline: deadline.clone(),
        number: u32::MAX,
        verdict: Verdict::KeptLate,
    }))
}

/// Returns how many bytes an event takes in an entry, with the comma behind it.
fn bytes(event: &Event) -> usize {
    let bytes = serde_json::to_vec(event);
    // Maps with text keys and no floats: serde_json has no way to fail.
    let bytes = bytes.unwrap_or_else(|error| unreachable!("an event is JSON: {error}"));
    bytes.len() + 1
}
