//! Clocks: they start at an anchor, stop at an `until`, and stand still while the customer is
//! waited for.
//!
//! A run of a clock is its time from an anchor to what stops it. A clock with `when` waits, once
//! it has its anchor, until the condition holds.

use super::marks::{Stood, Terms};
use super::{Landing, Pass, stop};
use crate::calendar;
use crate::case::Case;
use crate::case::deadline::{Deadline, DeadlineKind, DeadlineName, Verdict};
use crate::case::event::{DeadlinePaused, DeadlineResumed, DeadlineStarted, Event, Held};
use crate::id::{ClockName, FieldName, OutcomeName};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::time::{Anchor, Clock, Until};
use crate::workflow::{FieldIndex, StepIndex};

pub(super) fn clocks(pass: Pass<'_>) -> Vec<Event> {
    let clocks = pass.workflow.clocks().iter();
    let follow = |(name, clock): (&ClockName, &_)| {
        let name = DeadlineName::new(DeadlineKind::Clock, name.as_str());
        OneClock { pass, name, clock }.follow()
    };
    clocks.flat_map(follow).collect()
}

struct OneClock<'a> {
    pass: Pass<'a>,
    name: DeadlineName,
    clock: &'a Clock,
}

/// A run of a clock.
#[derive(Clone, Copy)]
enum Run<'a> {
    /// It began before this entry.
    Begun(&'a Deadline),
    /// It begins with this entry, counted from here; from a date, by its field.
    New(Timestamp, Option<&'a FieldName>),
    /// Closing ended it without a verdict, and it goes on with its old due.
    GoesOn(&'a Deadline),
    /// It counted from a wrong day, and begins anew from here with all else that it had.
    Moved(&'a Deadline, Timestamp),
}

impl<'a> OneClock<'a> {
    fn follow(&self) -> Vec<Event> {
        let pass = self.pass;
        let known = pass.after.deadline(&self.name);
        let begun = known.filter(|deadline| deadline.stopped.is_none());
        let mut events = Vec::new();
        let mut run = begun.map(Run::Begun);
        if let Some(deadline) = begun
            && let Some(anchor) = self.moved(deadline)
        {
            events.push(stop(&self.name, deadline.number, Verdict::Ended));
            run = Some(Run::Moved(deadline, anchor));
        }
        // What comes with an answer, an opening or a reopening comes before the step it leads to.
        run = run.or_else(|| self.goes_on(known));
        run = run.or_else(|| self.anchored(known, |anchor| self.reached(anchor)));
        if let Some(stopped) = run
            && let Some(verdict) = self.verdict(stopped)
        {
            events.extend(self.stopped(stopped, verdict));
            run = None;
        }
        run = run.or_else(|| self.anchored(known, |anchor| self.entered(anchor)));
        events.extend(run.map(|run| self.run(run)).unwrap_or_default());
        events
    }

    fn terms(&self) -> Terms<'a> {
        Terms::of_clock(self.pass.workflow, self.clock)
    }

    /// Returns what a run of the clock begins, stands still or goes on with in this entry.
    fn run(&self, run: Run<'a>) -> Vec<Event> {
        let Run::Begun(deadline) = run else {
            return vec![self.start(run)];
        };
        let mut events = Vec::new();
        let terms = self.terms().as_begun(deadline);
        // One that was taken over of a duplicate keeps what the version there said of it.
        let can_pause = !deadline.statutory && terms.length.unit.can_pause();
        let is_pausing = can_pause && self.pass.is_pausing();
        let mut pauses = deadline.pauses.clone();
        let mut since = deadline.paused_since;
        match since {
            None if is_pausing => {
                since = Some(self.pass.at());
                events.push(Event::DeadlinePaused(DeadlinePaused {
                    deadline: self.name.clone(),
                    number: deadline.number,
                }));
            }
            Some(from) if !is_pausing => {
                since = None;
                pauses.push((from, self.pass.at()));
                let pauses = &pauses;
                let laid = terms.lay_out(deadline.anchor, Stood { pauses, since });
                let mut laid = if deadline.waits { None } else { Some(laid) };
                let marks = laid.as_mut().map(|laid| std::mem::take(&mut laid.marks));
                let fired = |rung| deadline.fired.iter().any(|mark| mark.rung == rung);
                let marks = marks.unwrap_or_default().into_iter();
                events.push(Event::DeadlineResumed(DeadlineResumed {
                    deadline: self.name.clone(),
                    due: laid.and_then(|laid| laid.due),
                    marks: marks.filter(|mark| !fired(mark.rung)).collect(),
                    number: deadline.number,
                    tz: calendar::tz_version().to_owned(),
                }));
            }
            None | Some(_) => {}
        }
        if deadline.waits && self.holds() {
            let pauses = &pauses;
            let laid = terms.lay_out(deadline.anchor, Stood { pauses, since });
            let started = terms.started(self.name.clone(), deadline.anchor, laid);
            events.push(Event::DeadlineStarted(DeadlineStarted {
                field: deadline.field.clone(),
                paused: since.is_some(),
                statutory: deadline.statutory,
                ..started
            }));
        }
        events
    }

    /// Returns the event with which a run begins; it only has its anchor while it waits.
    fn start(&self, run: Run<'a>) -> Event {
        let (anchor, terms) = self.begun(run);
        let statutory = match run {
            Run::New(..) => self.clock.statutory,
            Run::Begun(before) | Run::GoesOn(before) | Run::Moved(before, _) => before.statutory,
        };
        let can_pause = !statutory && terms.length.unit.can_pause();
        let is_paused = can_pause && self.pass.is_pausing();
        let since = is_paused.then(|| self.pass.at());
        let pauses = &self.stood(run);
        let mut laid = terms.lay_out(anchor, Stood { pauses, since });
        let waits = self.waits(run);
        if waits {
            laid.due = None;
            laid.marks.clear();
        }
        if let Run::GoesOn(before) = run {
            let fired = |rung| before.fired.iter().any(|mark| mark.rung == rung);
            laid.marks.retain(|mark| !fired(mark.rung));
        }
        let field = match run {
            Run::New(_, field) => field.cloned(),
            Run::Begun(before) | Run::GoesOn(before) | Run::Moved(before, _) => {
                before.field.clone()
            }
        };
        Event::DeadlineStarted(DeadlineStarted {
            field,
            goes_on: matches!(run, Run::GoesOn(_)),
            moved: matches!(run, Run::Moved(..)),
            paused: is_paused,
            statutory,
            waits,
            ..terms.started(self.name.clone(), anchor, laid)
        })
    }

    /// Returns from when a run counts, and by what it is laid out.
    fn begun(&self, run: Run<'a>) -> (Timestamp, Terms<'a>) {
        match run {
            Run::New(anchor, _) => (anchor, self.terms()),
            Run::Begun(deadline) | Run::GoesOn(deadline) => {
                (deadline.anchor, self.terms().as_begun(deadline))
            }
            Run::Moved(deadline, anchor) => (anchor, self.terms().as_begun(deadline)),
        }
    }

    /// Returns when a run that begins stood still before.
    fn stood(&self, run: Run<'a>) -> Vec<(Timestamp, Timestamp)> {
        let (Run::Begun(before) | Run::Moved(before, _)) = run else {
            return Vec::new();
        };
        let at = self.pass.at();
        let last = before.paused_since.filter(|since| *since < at);
        let last = last.map(|since| (since, at));
        before.pauses.iter().copied().chain(last).collect()
    }

    /// Returns whether a run waits for its condition: once that held, it waits no more.
    fn waits(&self, run: Run<'a>) -> bool {
        let waited = match run {
            Run::New(..) => true,
            Run::Begun(before) | Run::GoesOn(before) | Run::Moved(before, _) => before.waits,
        };
        waited && !self.holds()
    }

    fn stopped(&self, run: Run<'a>, verdict: Verdict) -> Vec<Event> {
        match run {
            Run::Begun(deadline) => vec![stop(&self.name, deadline.number, verdict)],
            Run::New(..) | Run::GoesOn(_) | Run::Moved(..) => {
                let start = self.start(run);
                vec![start, stop(&self.name, 0, verdict)]
            }
        }
    }

    /// Returns how a run ends where the entry led; none where it goes on.
    fn verdict(&self, run: Run<'a>) -> Option<Verdict> {
        let pass = self.pass;
        let is_meant = |until: &Until| match pass.landing() {
            Some(Landing::Step(entered)) => {
                step_of(*until).is_some_and(|step| pass.workflow.step_at(step).name == entered.step)
            }
            Some(Landing::Outcome(closed)) => self.names(*until, &closed.outcome),
            None => false,
        };
        if !self.clock.until.iter().any(is_meant) {
            let is_closed = matches!(pass.landing(), Some(Landing::Outcome(_)));
            return is_closed.then_some(Verdict::Ended);
        }
        Some(match run {
            Run::Begun(deadline) if deadline.waits => Verdict::Ended,
            Run::Begun(deadline) => pass.in_time(deadline.is_late(), deadline.due),
            Run::New(..) | Run::GoesOn(_) | Run::Moved(..) if self.waits(run) => Verdict::Ended,
            Run::New(..) | Run::GoesOn(_) | Run::Moved(..) => {
                let (anchor, terms) = self.begun(run);
                let pauses = &self.stood(run);
                let since = None;
                let laid = terms.lay_out(anchor, Stood { pauses, since });
                let is_late = matches!(run, Run::GoesOn(before) if before.is_late());
                pass.in_time(is_late, laid.due)
            }
        })
    }

    /// Returns whether `when` holds, or is not written.
    fn holds(&self) -> bool {
        let seen = |field: FieldIndex| {
            let (name, _) = self.pass.workflow.field_at(field);
            self.pass.after.seen(name.as_str())
        };
        let when = self.clock.when.as_ref();
        when.is_none_or(|when| when.holds(&seen))
    }

    /// Returns the run that the first anchor of the clock begins that was reached, if one may start
    /// it: with several in `from` any starts it again, with one only the first time.
    fn anchored(
        &self,
        known: Option<&Deadline>,
        reached: impl Fn(Anchor) -> Option<Timestamp>,
    ) -> Option<Run<'a>> {
        let mut anchors = self.clock.from.iter().copied();
        let may = known.is_none() || self.clock.from.len() > 1;
        let run = anchors.find_map(|anchor| Some(Run::New(reached(anchor)?, self.field(anchor))));
        run.filter(|_| may)
    }

    /// Returns the field of an anchor that is a date.
    fn field(&self, anchor: Anchor) -> Option<&'a FieldName> {
        match anchor {
            Anchor::Date(field) => Some(self.pass.workflow.field_at(field).0),
            Anchor::Opened | Anchor::Reopened | Anchor::Step(_) | Anchor::Outcome(_) => None,
        }
    }

    /// Returns from when an anchor counts that was reached before the entry led anywhere.
    fn reached(&self, anchor: Anchor) -> Option<Timestamp> {
        let pass = self.pass;
        match anchor {
            Anchor::Opened => {
                let begins = pass.before.is_none() && !self.is_over_elsewhere();
                begins.then(|| pass.after.opened_at())
            }
            Anchor::Reopened => pass.is_reopened().then(|| pass.at()),
            Anchor::Date(field) => {
                let name = pass.workflow.field_at(field).0;
                let is_over = pass.before.is_none() && self.is_over_elsewhere();
                let given = self
                    .given(name)
                    .filter(|_| !is_over && !self.is_corrected(name));
                self.start_of_day(given?)
            }
            Anchor::Step(_) | Anchor::Outcome(_) => None,
        }
    }

    /// Returns whether a case of another system comes in behind the end of the clock: no way leads
    /// to its step but through an `until`.
    fn is_over_elsewhere(&self) -> bool {
        let workflow = self.pass.workflow;
        let ends: Vec<StepIndex> = self
            .clock
            .until
            .iter()
            .filter_map(|until| step_of(*until))
            .collect();
        let step = self.pass.after.step();
        let step = step.and_then(|step| workflow.step(step.as_str()));
        let is_imported = self.pass.after.is_imported() && !ends.is_empty();
        is_imported && step.is_some_and(|(step, _)| !workflow.is_reached_without(step, &ends))
    }

    /// Returns from when an anchor counts where the entry led.
    fn entered(&self, anchor: Anchor) -> Option<Timestamp> {
        let workflow = self.pass.workflow;
        let is_reached = match (anchor, self.pass.landing()?) {
            (Anchor::Step(step), Landing::Step(entered)) => {
                workflow.step_at(step).name == entered.step
            }
            (Anchor::Outcome(outcome), Landing::Outcome(closed)) => {
                workflow.outcome_at(outcome).name == closed.outcome
            }
            (
                Anchor::Step(_)
                | Anchor::Outcome(_)
                | Anchor::Opened
                | Anchor::Reopened
                | Anchor::Date(_),
                _,
            ) => false,
        };
        is_reached.then(|| self.pass.at())
    }

    /// Returns the new anchor of a run that counts from a date, where another date was recorded.
    fn moved(&self, deadline: &Deadline) -> Option<Timestamp> {
        let anchor = self.start_of_day(self.given(deadline.field.as_ref()?)?)?;
        (anchor != deadline.anchor).then_some(anchor)
    }

    /// Returns what was recorded for a field in this entry, also where the step that was entered
    /// asks it anew and has emptied it already.
    fn given(&self, name: &FieldName) -> Option<&'a Value> {
        self.pass.events.iter().rev().find_map(|event| {
            let held = if let Event::AnswerRecorded(given) = event
                && given.field == *name
            {
                &given.value
            } else if let Event::AnswerCorrected(corrected) = event
                && corrected.field == *name
            {
                &corrected.value
            } else if let Event::ValueComputed(computed) = event
                && computed.field == *name
            {
                return Some(&computed.value);
            } else {
                return None;
            };
            match held {
                Held::Open(value) => Some(value),
                Held::Sealed(_) => None,
            }
        })
    }

    /// Returns whether the entry corrects what a field held, itself or by what it follows from.
    fn is_corrected(&self, name: &FieldName) -> bool {
        let pass = self.pass;
        let held = |case: &Case| case.answers().contains_key(name);
        let corrects = |event: &Event| matches!(event, Event::AnswerCorrected(_));
        pass.before.is_some_and(held) && pass.events.iter().any(corrects)
    }

    /// Returns the run of a statutory clock that closing ended without a verdict, when the case is
    /// opened again. What its own `until` ended does not rise again.
    fn goes_on(&self, known: Option<&'a Deadline>) -> Option<Run<'a>> {
        let before = self.pass.before.filter(|_| self.pass.is_reopened())?;
        let outcome = &before.closing()?.outcome;
        let known = known.filter(|known| known.statutory)?;
        let stopped = known.stopped?;
        let is_meant = |until: &Until| self.names(*until, outcome);
        let is_cut = stopped.verdict == Verdict::Ended
            && stopped.closing == Some(before.opening())
            && !self.clock.until.iter().any(is_meant);
        is_cut.then_some(Run::GoesOn(known))
    }

    /// Returns whether an `until` is the end of a case closed with an outcome.
    fn names(&self, until: Until, outcome: &OutcomeName) -> bool {
        match until {
            Until::Step(_) => false,
            Until::Outcome(index) => self.pass.workflow.outcome_at(index).name == *outcome,
            Until::Closed => true,
        }
    }

    fn start_of_day(&self, value: &Value) -> Option<Timestamp> {
        self.terms().calendar().start_of_day(value.as_date()?)
    }
}

const fn step_of(until: Until) -> Option<StepIndex> {
    match until {
        Until::Step(step) => Some(step),
        Until::Outcome(_) | Until::Closed => None,
    }
}
