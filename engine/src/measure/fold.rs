//! Folds the entries of one case into what it took.
//!
//! Invariant: reads events and when they took effect; never a clock, an answer or a person.

use std::collections::BTreeMap;

use super::run::{Delivery, Margin, Run, Survey};
use super::{Arrival, Closing, Contact, Measures, Stands, Took};
use crate::calendar::length::{Length, Unit};
use crate::calendar::{Calendar, Pauses, due};
use crate::case::event::{
    ContactRecorded, DeadlineFired, DeadlineStarted, DeadlineTakenOver, DuplicateMerged, Event,
    SurveyAnswered,
};
use crate::case::{Actor, DeadlineKind, DeadlineName, Rung, Verdict};
use crate::entry::Entry;
use crate::id::StepName;
use crate::time::Timestamp;
use crate::workflow::{CUSTOMER, Phase, Workflow};

/// The clock and the measure that stand for each other where a workflow declares the clock.
const FIRST_REPLY: &str = "first_reply";
/// A follow-up is done in time until close of business of the first working day after the day on
/// which it came up.
const FOLLOW_UP_WITHIN: Length = Length {
    number: 1,
    unit: Unit::EndOfWorkingDays,
};

/// A case that is being measured.
#[derive(Debug)]
pub struct Measuring<'w> {
    workflow: &'w Workflow,
    calendar: &'w Calendar,
    measures: Option<Measures>,
    /// The step it is in, and since when.
    visit: Option<(StepName, Timestamp)>,
    /// Since when it waits for the customer.
    waiting_since: Option<Timestamp>,
    /// The first reply of a person, where no clock says it.
    replied_at: Option<Timestamp>,
    /// The deadlines by their numbers.
    runs: BTreeMap<u32, Run>,
    /// The surveys by the numbers of their deadlines.
    surveys: BTreeMap<u32, Survey>,
}

impl<'w> Measuring<'w> {
    /// Begins with a case of a workflow.
    #[must_use]
    pub fn new(workflow: &'w Workflow) -> Self {
        Self {
            workflow,
            calendar: workflow.calendar(None),
            measures: None,
            visit: None,
            waiting_since: None,
            replied_at: None,
            runs: BTreeMap::new(),
            surveys: BTreeMap::new(),
        }
    }

    /// Takes the next entry of the case.
    pub fn add(&mut self, entry: &Entry) {
        let fired = entry.events.iter().find_map(|event| match_fired(event));
        let at = fired.map_or(entry.at, |fired| fired.effective_at);
        for event in &entry.events {
            if let Some(workflow) = &entry.workflow {
                self.begin(event, workflow);
            }
            self.event(event, at, &entry.actor);
        }
    }

    /// Returns what the case took as far as its entries go; none where there were none.
    #[must_use]
    pub fn finish(self) -> Option<Measures> {
        let mut measures = self.measures?;
        let is_declared = self.workflow.clocks().contains_key(FIRST_REPLY);
        measures.first_reply = if is_declared {
            declared_reply(self.calendar, &self.runs)
        } else {
            self.replied_at.map(|at| Arrival {
                at,
                took: took(self.calendar, measures.opened_at, at),
            })
        };
        let runs = self.runs.into_values();
        measures.runs = runs.filter(|run| !run.waits).collect();
        measures.surveys = self.surveys.into_values().collect();
        Some(measures)
    }

    fn begin(&mut self, event: &Event, workflow: &crate::workflow::WorkflowRef) {
        let (opened_at, is_imported) = if let Event::CaseOpened(opened) = event {
            (opened.opened_at, false)
        } else if let Event::CaseImported(imported) = event {
            (imported.opened_at, true)
        } else {
            return;
        };
        self.measures = Some(Measures {
            workflow: workflow.clone(),
            is_imported,
            is_proactive: false,
            opened_at,
            is_outside_hours: !self.calendar.is_open(opened_at),
            first_reply: None,
            closings: Vec::new(),
            stands: Stands::Open,
            steps: BTreeMap::new(),
            waiting: None,
            contacts: Vec::new(),
            corrections: Vec::new(),
            runs: Vec::new(),
            surveys: Vec::new(),
        });
    }

    fn event(&mut self, event: &Event, at: Timestamp, actor: &Actor) {
        match event {
            Event::StepEntered(entered) => self.enter(&entered.step, at),
            Event::TaskDone(_) | Event::ActionTaken(_) => self.acted(at, actor),
            Event::CaseClosed(closed) => self.close(closed.counts_as, at),
            Event::CaseReopened(_) => self.reopen(),
            Event::AnswerCorrected(_) => {
                if let Some(measures) = &mut self.measures {
                    measures.corrections.push(at);
                }
            }
            Event::ContactRecorded(contact) => self.contact(contact, at, actor),
            Event::DeadlineStarted(started) => self.start(started, at),
            Event::DeadlinePaused(paused) => self.pause(paused.number, at),
            Event::DeadlineResumed(resumed) => self.due(resumed.number, resumed.due),
            Event::DeadlineFired(fired) => self.fire(fired),
            Event::DeadlineStopped(stopped) => self.end(stopped.number, at, stopped.verdict),
            Event::ClockExtended(extended) => self.due(extended.number, extended.due),
            Event::PromiseRenegotiated(new) => {
                self.due(new.number, Some(new.due));
                if let Some(run) = self.runs.get_mut(&new.number) {
                    run.renegotiated.push(at);
                }
            }
            Event::SurveySent(sent) => self.deliver(sent.number, Delivery::Sent(at)),
            Event::SurveySkipped(skipped) => {
                self.deliver(skipped.number, Delivery::Skipped(at));
                self.end(skipped.number, at, Verdict::Skipped);
            }
            Event::SurveyAnswered(answered) => self.answer(answered, at),
            Event::FollowUpDone(done) => self.end(done.number, at, Verdict::Done),
            Event::DuplicateMerged(merged) => self.take_in(merged),
            Event::OriginRecorded(origin) => self.set_proactive(origin.proactive),
            Event::MergedInto(_) => self.merge(at),
            Event::DeadlineTakenOver(taken) => self.take_over(taken, at),
            Event::CaseOpened(_)
            | Event::CaseImported(_)
            | Event::AnswerRecorded(_)
            | Event::ValueComputed(_)
            | Event::ValueEmptied(_)
            | Event::TakenBack(_)
            | Event::Approved(_)
            | Event::Given(_)
            | Event::NoteAdded(_)
            | Event::CauseRecorded(_)
            | Event::CauseReviewed(_)
            | Event::CauseActionDone(_)
            | Event::EffectChecked(_)
            | Event::IssueConfirmed(_)
            | Event::CauseLinked(_)
            | Event::CauseReopened(_)
            | Event::Told(_)
            | Event::WorkflowPublished(_) => {}
        }
    }

    /// Ends the visit, and enters the next step. A wait goes on from one pausing step into another.
    fn enter(&mut self, step: &StepName, at: Timestamp) {
        self.leave(at);
        self.visit = Some((step.clone(), at));
        let pauses = self.workflow.step(step.as_str());
        if pauses.is_some_and(|(_, step)| step.pauses) {
            self.waiting_since.get_or_insert(at);
        } else {
            self.answered(at);
        }
    }

    fn leave(&mut self, at: Timestamp) {
        let Some((step, since)) = self.visit.take() else {
            return;
        };
        let time = took(self.calendar, since, at);
        if let Some(measures) = &mut self.measures {
            let total = measures.steps.entry(step).or_default();
            *total = total.plus(time);
        }
    }

    /// Ends the wait for the customer.
    fn answered(&mut self, at: Timestamp) {
        let Some(since) = self.waiting_since.take() else {
            return;
        };
        let time = took(self.calendar, since, at);
        if let Some(measures) = &mut self.measures {
            measures.waiting = Some(measures.waiting.unwrap_or_default().plus(time));
        }
    }

    /// Takes note of what somebody did in the step the case is in.
    fn acted(&mut self, at: Timestamp, actor: &Actor) {
        const TO_THE_CUSTOMER: [Phase; 3] = [Phase::Hear, Phase::Empathize, Phase::Apologize];
        let Some((step, _)) = &self.visit else { return };
        let step = self.workflow.step(step.as_str());
        let speaks = step.is_some_and(|(_, step)| {
            let mut phases = step.phases.iter();
            phases.any(|phase| TO_THE_CUSTOMER.contains(phase))
        });
        if speaks && self.is_one_of_us(actor) {
            self.replied_at.get_or_insert(at);
        }
    }

    /// Says whether a person of ours acts: neither the customer nor a system.
    fn is_one_of_us(&self, actor: &Actor) -> bool {
        let role = self.workflow.role(actor.role.as_str());
        actor.role.as_str() != CUSTOMER && role.is_some_and(|(_, role)| !role.system)
    }

    fn contact(&mut self, contact: &ContactRecorded, at: Timestamp, actor: &Actor) {
        let from_customer = contact.from_customer;
        if from_customer {
            self.answered(at);
        } else if self.is_one_of_us(actor) {
            self.replied_at.get_or_insert(at);
        }
        let is_outside_hours = !self.calendar.is_open(at);
        if let Some(measures) = &mut self.measures {
            measures.contacts.push(Contact {
                at,
                from_customer,
                is_outside_hours,
            });
        }
    }

    fn close(&mut self, counts_as: crate::workflow::CountsAs, at: Timestamp) {
        self.leave(at);
        self.answered(at);
        if let Some(measures) = &mut self.measures {
            measures.stands = Stands::Closed;
            measures.closings.push(Closing {
                at,
                took: took(self.calendar, measures.opened_at, at),
                counts_as,
                is_reopened: false,
            });
        }
    }

    fn reopen(&mut self) {
        if let Some(measures) = &mut self.measures {
            measures.stands = Stands::Open;
            if let Some(closing) = measures.closings.last_mut() {
                closing.is_reopened = true;
            }
        }
    }

    /// Takes an earlier receipt of a duplicate, and the complaint of one.
    fn take_in(&mut self, merged: &DuplicateMerged) {
        if let Some((measures, opened_at)) = self.measures.as_mut().zip(merged.opened_at) {
            measures.opened_at = opened_at;
            measures.is_outside_hours = !self.calendar.is_open(opened_at);
        }
        if merged.complained {
            self.set_proactive(false);
        }
    }

    fn set_proactive(&mut self, is_proactive: bool) {
        if let Some(measures) = &mut self.measures {
            measures.is_proactive = is_proactive;
        }
    }

    /// Ends the case: another goes on for it, also with its clocks and promises that run.
    fn merge(&mut self, at: Timestamp) {
        self.leave(at);
        self.runs
            .retain(|_, run| run.ended.is_some() || run.name.kind() == DeadlineKind::Due);
        if let Some(measures) = &mut self.measures {
            measures.stands = Stands::Merged;
        }
    }

    /// Goes on with a run of a duplicate, in the place of the case's own: both are one and count
    /// once.
    fn take_over(&mut self, taken: &DeadlineTakenOver, at: Timestamp) {
        let replaced = taken.replaces.and_then(|number| self.runs.remove(&number));
        let fired = taken.fired.iter();
        let broken_at = fired.filter(|mark| mark.rung == Rung::Late);
        let late_at = broken_at.map(|mark| mark.at).chain(taken.late_at);
        let before = replaced.as_ref().and_then(|run| run.late_at);
        // The first time counts, also where a promise was given anew since.
        let late_at = late_at.chain(before).min();
        let run = Run {
            name: taken.deadline.clone(),
            anchor: taken.anchor,
            started_at: at,
            waits: taken.waits,
            due: taken.due,
            late_at,
            is_late_outside_hours: late_at.is_some_and(|at| !self.calendar.is_open(at)),
            open_since: None,
            done_until: None,
            ended: None,
            margin: None,
            renegotiated: replaced.map_or_else(Vec::new, |run| run.renegotiated),
        };
        self.runs.insert(taken.number, run);
    }

    fn start(&mut self, started: &DeadlineStarted, at: Timestamp) {
        let mut run = Run {
            name: started.deadline.clone(),
            anchor: started.anchor,
            started_at: at,
            waits: started.waits,
            due: started.due,
            late_at: None,
            is_late_outside_hours: false,
            open_since: None,
            done_until: None,
            ended: None,
            margin: None,
            renegotiated: Vec::new(),
        };
        if let Some(before) = self.replaced(started) {
            run.late_at = before.late_at;
            run.is_late_outside_hours = before.is_late_outside_hours;
        }
        let closings = self.measures.as_ref().map_or(0, |m| m.closings.len());
        if run.name.kind() == DeadlineKind::Survey
            && let Ok(name) = crate::id::SurveyName::new(run.name.name())
        {
            let survey = Survey {
                name,
                closing: closings.saturating_sub(1),
                delivery: Delivery::Planned,
                answered_at: None,
                scores: Vec::new(),
            };
            self.surveys.insert(started.number, survey);
        }
        self.runs.insert(started.number, run);
    }

    /// Takes away the run that a new one goes on with: it waited for its condition, or closing had
    /// ended it. Both are one and count once.
    fn replaced(&mut self, started: &DeadlineStarted) -> Option<Run> {
        let mut runs = self.runs.iter().rev();
        let (number, before) = runs.find(|(_, run)| run.name == started.deadline)?;
        let waited = before.waits && before.ended.is_none();
        let number = (waited || started.goes_on).then_some(*number)?;
        self.runs.remove(&number)
    }

    /// A pause takes away the due time that is yet to come.
    fn pause(&mut self, number: u32, at: Timestamp) {
        if let Some(run) = self.runs.get_mut(&number) {
            run.due = run.due.filter(|due| *due <= at);
        }
    }

    fn due(&mut self, number: u32, due: Option<Timestamp>) {
        if let Some(run) = self.runs.get_mut(&number) {
            run.due = due;
        }
    }

    fn fire(&mut self, fired: &DeadlineFired) {
        let at = fired.effective_at;
        let Some(run) = self.runs.get_mut(&fired.number) else {
            return;
        };
        match fired.rung {
            Rung::Late if run.late_at.is_none() => {
                run.late_at = Some(at);
                run.is_late_outside_hours = !self.calendar.is_open(at);
            }
            Rung::Open => {
                run.open_since = Some(at);
                run.done_until = due(self.calendar, FOLLOW_UP_WITHIN, at, &Pauses::none());
            }
            Rung::Late | Rung::Warn | Rung::After(_) | Rung::Then | Rung::Close => {}
        }
    }

    fn end(&mut self, number: u32, at: Timestamp, verdict: Verdict) {
        let Some(run) = self.runs.get_mut(&number) else {
            return;
        };
        run.ended = Some((at, verdict));
        let is_done = match verdict {
            Verdict::Met | Verdict::Late | Verdict::Kept | Verdict::KeptLate => true,
            Verdict::Ended
            | Verdict::Broken
            | Verdict::Released
            | Verdict::Done
            | Verdict::Cancelled
            | Verdict::Skipped => false,
        };
        run.margin = run.due.filter(|_| is_done).map(|due| {
            if at < due {
                Margin::Early(took(self.calendar, at, due))
            } else {
                Margin::Late(took(self.calendar, due, at))
            }
        });
        if verdict == Verdict::Cancelled
            && let Some(survey) = self.surveys.get_mut(&number)
            && survey.delivery == Delivery::Planned
        {
            survey.delivery = Delivery::Cancelled;
        }
    }

    fn deliver(&mut self, number: u32, delivery: Delivery) {
        if let Some(survey) = self.surveys.get_mut(&number) {
            survey.delivery = delivery;
        }
    }

    fn answer(&mut self, answered: &SurveyAnswered, at: Timestamp) {
        let asked = self.workflow.surveys().get(&answered.survey);
        if let Some(survey) = self.surveys.get_mut(&answered.number) {
            survey.answer(at, &answered.answers, |question| {
                let question = asked?.questions.get(question)?;
                Some((question.lowest, question.highest))
            });
        }
        self.end(answered.number, at, Verdict::Done);
    }
}

fn match_fired(event: &Event) -> Option<&DeadlineFired> {
    if let Event::DeadlineFired(fired) = event {
        Some(fired)
    } else {
        None
    }
}

/// Returns what lies between two instants; nothing where the second comes first.
fn took(calendar: &Calendar, from: Timestamp, to: Timestamp) -> Took {
    if to <= from {
        return Took::default();
    }
    Took {
        wall: to.micros() - from.micros(),
        working: calendar.open_between(from, to),
    }
}

/// Returns the first reply by the clock of that name: when it was first stopped, in time or late.
fn declared_reply(calendar: &Calendar, runs: &BTreeMap<u32, Run>) -> Option<Arrival> {
    let name = DeadlineName::new(DeadlineKind::Clock, FIRST_REPLY);
    let mut runs = runs.values().filter(|run| run.name == name);
    runs.find_map(|run| {
        let (at, verdict) = run.ended?;
        let is_stopped = matches!(verdict, Verdict::Met | Verdict::Late);
        is_stopped.then(|| Arrival {
            at,
            took: took(calendar, run.anchor, at),
        })
    })
}
