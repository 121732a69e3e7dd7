//! Waiting as a move of the search: from one thing that is due to the next.
//!
//! Invariant: stories wait for whole minutes, so that they can be written.

use super::search::Search;
use crate::case::{Case, DeadlineKind, DeadlineName};
use crate::id::SurveyName;
use crate::scenario::coverage::{Moment, Part, Walked};
use crate::scenario::desk::Desk;
use crate::scenario::story::{Doing, What};
use crate::time::Timestamp;
use crate::workflow::length::{LENGTH_NUMBER_MAX, Length, Unit};

/// The most minutes in which something is due that are waited for after one case.
const MINUTES_MAX: usize = 64;
const MINUTE: i64 = 60 * 1_000_000;
/// The units in which stories wait, with their minutes, the longest first.
const UNITS: [(Unit, i64); 3] = [(Unit::Days, 24 * 60), (Unit::Hours, 60), (Unit::Minutes, 1)];

impl<'w> Search<'w> {
    /// Lets time pass after a case, if that may walk something or lead where nobody waited yet.
    pub(super) fn wait(&mut self, number: usize, desk: &Desk<'w>) {
        let runs_to_a_goal = desk
            .case
            .iter()
            .flat_map(Case::deadlines)
            .any(|(name, deadline)| {
                let is_of = |part: &Part| matches!(part, Part::Deadline(of, _) if of == name);
                deadline.is_running() && self.goals.iter().any(is_of)
            });
        if !self.waited.insert(desk.place().0) && !runs_to_a_goal {
            return;
        }
        let mut later = desk.clone();
        for _ in 0..MINUTES_MAX {
            let due = later.case.as_ref().and_then(Case::due_at);
            let Some(until) = due.and_then(|due| minute(due.max(later.now))) else {
                return;
            };
            let mut walked = Walked::default();
            while let Some(firing) = later.fire(until) {
                walked.note(self.workflow, None, &firing.events);
            }
            later.now = until;
            let doing = waiting(desk, until);
            self.credit(number, walked, &doing, &later);
            self.reach(later.clone(), Some(number), doing);
        }
    }

    /// Lets those who may extend the clocks of which nobody has seen it.
    pub(super) fn extend(&mut self, number: usize, desk: &Desk<'w>, case: &Case) {
        let workflow = self.workflow;
        for (clock, declared) in workflow.clocks() {
            let name = DeadlineName::new(DeadlineKind::Clock, clock.as_str());
            let (Some(extend), Some(deadline)) = (&declared.extend, case.deadline(&name)) else {
                continue;
            };
            let goal = Part::Deadline(name, Moment::Extended);
            if deadline.is_running() && self.goals.contains(&goal) {
                let (clock, reason) = (clock.clone(), None);
                let what = What::Extend { clock, reason };
                let mut roles = workflow.role_names(extend.by);
                let _extended = roles.any(|role| self.try_role(number, desk, role, &what));
            }
        }
    }

    /// Returns the worst and the best that a customer can answer to a survey.
    pub(super) fn ratings(&self, survey: &SurveyName) -> Vec<What> {
        let questions = self.workflow.surveys().get(survey.as_str());
        let questions = questions.map(|survey| &survey.questions);
        let answers = |best: bool| {
            let questions = questions.into_iter().flatten();
            let answers = questions.map(|(name, question)| {
                let answer = if best {
                    question.highest
                } else {
                    question.lowest
                };
                (name.clone(), answer)
            });
            What::Survey {
                survey: survey.clone(),
                answers: answers.collect(),
                comment: None,
            }
        };
        vec![answers(false), answers(true)]
    }
}

/// Returns the first whole minute that is not before an instant.
fn minute(at: Timestamp) -> Option<Timestamp> {
    let into = at.micros().rem_euclid(MINUTE);
    let rest = if into == 0 { 0 } else { MINUTE - into };
    Timestamp::from_micros(at.micros().checked_add(rest)?).ok()
}

/// Returns the line that waits until then: by a length where one says it exactly.
fn waiting(desk: &Desk<'_>, until: Timestamp) -> Doing {
    let minutes = until.micros().saturating_sub(desk.now.micros()) / MINUTE;
    let length = UNITS.into_iter().find_map(|(unit, size)| {
        let number = u32::try_from(minutes / size).ok()?;
        let length = Length { number, unit };
        let is_exact =
            (1..=LENGTH_NUMBER_MAX).contains(&number) && desk.after(length) == Some(until);
        is_exact.then_some(length)
    });
    length.map_or(Doing::Until(until), Doing::Wait)
}
