//! Clocks: they start at an anchor, stop at an `until`, and stand still while the customer is
//! waited for.
//!
//! A run of a clock is its time from an anchor to what stops it. A clock with `when` waits, once
//! it has its anchor, until the condition holds.

use super::marks::{Stood, Terms, stands_still};
use super::{Landing, Pass, stop};
use crate::calendar;
use crate::case::deadline::{Deadline, DeadlineKind, DeadlineName, Verdict};
use crate::case::event::{DeadlinePaused, DeadlineResumed, DeadlineStarted, Event, Held};
use crate::id::{ClockName, FieldName};
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
    /// It begins with this entry, counted from here.
    New(Timestamp),
    /// Closing ended it without a verdict, and it goes on with its old due.
    GoesOn(&'a Deadline),
}

impl<'a> OneClock<'a> {
    fn follow(&self) -> Vec<Event> {
        let pass = self.pass;
        let known = pass.after.deadline(&self.name);
        let begun = known.filter(|deadline| deadline.stopped.is_none());
        let mut events = Vec::new();
        let mut run = begun.map(Run::Begun);
        if let Some(deadline) = begun
            && let Some(anchor) = self.moved(deadline.anchor)
        {
            events.push(stop(&self.name, deadline.number, Verdict::Ended));
            run = Some(Run::New(anchor));
        }
        // What comes with an answer, an opening or a reopening comes before the step it leads to.
        run = run.or_else(|| self.goes_on(known));
        run = run.or_else(|| {
            self.anchored(known, |anchor| self.reached(anchor))
                .map(Run::New)
        });
        if let Some(stopped) = run
            && let Some(verdict) = self.verdict(stopped)
        {
            events.extend(self.stopped(stopped, verdict));
            run = None;
        }
        run = run.or_else(|| {
            self.anchored(known, |anchor| self.entered(anchor))
                .map(Run::New)
        });
        events.extend(run.map(|run| self.run(run)).unwrap_or_default());
        events
    }

    fn terms(&self) -> Terms<'a> {
        Terms::of_clock(self.pass.workflow, self.clock)
    }

    /// Returns what a run of the clock begins, stands still or goes on with in this entry.
    fn run(&self, run: Run<'a>) -> Vec<Event> {
        let Run::Begun(deadline) = run else {
            return vec![self.start(run, !self.holds())];
        };
        let mut events = Vec::new();
        let terms = self.terms().as_begun(deadline);
        let can_pause = !self.clock.statutory && stands_still(terms.length);
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
                paused: since.is_some(),
                statutory: self.clock.statutory,
                ..started
            }));
        }
        events
    }

    /// Returns the event with which a run begins; it only has its anchor while it waits.
    fn start(&self, run: Run<'a>, waits: bool) -> Event {
        let terms = self.terms();
        let (anchor, terms, before) = match run {
            Run::New(anchor) => (anchor, terms, None),
            Run::Begun(deadline) | Run::GoesOn(deadline) => {
                (deadline.anchor, terms.as_begun(deadline), Some(deadline))
            }
        };
        let is_paused =
            !self.clock.statutory && stands_still(terms.length) && self.pass.is_pausing();
        let since = is_paused.then(|| self.pass.at());
        let pauses = &[];
        let mut laid = terms.lay_out(anchor, Stood { pauses, since });
        if waits {
            laid.due = None;
            laid.marks.clear();
        }
        if let Some(before) = before {
            let fired = |rung| before.fired.iter().any(|mark| mark.rung == rung);
            laid.marks.retain(|mark| !fired(mark.rung));
        }
        Event::DeadlineStarted(DeadlineStarted {
            goes_on: before.is_some(),
            paused: is_paused,
            statutory: self.clock.statutory,
            waits,
            ..terms.started(self.name.clone(), anchor, laid)
        })
    }

    fn stopped(&self, run: Run<'a>, verdict: Verdict) -> Vec<Event> {
        match run {
            Run::Begun(deadline) => vec![stop(&self.name, deadline.number, verdict)],
            Run::New(_) | Run::GoesOn(_) => {
                let start = self.start(run, !self.holds());
                vec![start, stop(&self.name, 0, verdict)]
            }
        }
    }

    /// Returns how a run ends where the entry led; none where it goes on.
    fn verdict(&self, run: Run<'a>) -> Option<Verdict> {
        let pass = self.pass;
        let is_meant = |until: &Until| match (until, pass.landing()) {
            (Until::Step(step), Some(Landing::Step(entered))) => {
                pass.workflow.step_at(*step).name == entered.step
            }
            (Until::Outcome(outcome), Some(Landing::Outcome(closed))) => {
                pass.workflow.outcome_at(*outcome).name == closed.outcome
            }
            (Until::Closed, Some(Landing::Outcome(_))) => true,
            (Until::Step(_) | Until::Outcome(_) | Until::Closed, _) => false,
        };
        if !self.clock.until.iter().any(is_meant) {
            let is_closed = matches!(pass.landing(), Some(Landing::Outcome(_)));
            return is_closed.then_some(Verdict::Ended);
        }
        Some(match run {
            Run::Begun(deadline) if deadline.waits => Verdict::Ended,
            Run::New(_) if !self.holds() => Verdict::Ended,
            Run::Begun(deadline) => pass.in_time(deadline.is_late(), deadline.due),
            Run::New(anchor) => {
                let laid = self.terms().lay_out(anchor, Stood::default());
                pass.in_time(false, laid.due)
            }
            Run::GoesOn(deadline) => {
                let terms = self.terms().as_begun(deadline);
                let laid = terms.lay_out(deadline.anchor, Stood::default());
                pass.in_time(deadline.is_late(), laid.due)
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

    /// Returns the first anchor of the clock that was reached, if one may start it: with several
    /// in `from` any starts it again, with one only the first time.
    fn anchored(
        &self,
        known: Option<&Deadline>,
        reached: impl Fn(Anchor) -> Option<Timestamp>,
    ) -> Option<Timestamp> {
        let mut anchors = self.clock.from.iter().copied();
        anchors
            .find_map(reached)
            .filter(|_| known.is_none() || self.clock.from.len() > 1)
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
                let name = self.pass.workflow.field_at(field).0;
                let answer = pass.after.answers().get(name)?;
                let is_new = answer.revision == pass.after.revision();
                self.start_of_day(&answer.value).filter(|_| is_new)
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
    fn moved(&self, anchor: Timestamp) -> Option<Timestamp> {
        let before = self.pass.before?;
        let of = |case: &super::Case, field: &FieldName| {
            let answer = case.answers().get(field)?;
            self.start_of_day(&answer.value)
        };
        self.clock.from.iter().find_map(|from| {
            let Anchor::Date(field) = from else {
                return None;
            };
            let field = self.pass.workflow.field_at(*field).0;
            of(before, field).filter(|before| *before == anchor)?;
            of(self.pass.after, field).filter(|after| *after != anchor)
        })
    }

    /// Returns the run of a statutory clock that closing ended without a verdict, when the case is
    /// opened again.
    fn goes_on(&self, known: Option<&'a Deadline>) -> Option<Run<'a>> {
        let is_ended = |deadline: &&Deadline| {
            let stopped = deadline.stopped.as_ref();
            stopped.is_some_and(|stopped| stopped.verdict == Verdict::Ended)
        };
        let goes_on = self.clock.statutory && self.pass.is_reopened();
        known.filter(is_ended).filter(|_| goes_on).map(Run::GoesOn)
    }

    fn start_of_day(&self, answer: &Held) -> Option<Timestamp> {
        match answer {
            Held::Open(Value::Date(date)) => self.terms().calendar().start_of_day(*date),
            Held::Open(_) | Held::Sealed(_) => None,
        }
    }
}

const fn step_of(until: Until) -> Option<StepIndex> {
    match until {
        Until::Step(step) => Some(step),
        Until::Outcome(_) | Until::Closed => None,
    }
}
