//! What customers answer after a case was closed, and follow-ups that are done.

use super::Context;
use crate::case::Case;
use crate::case::afterwards::{self, answering};
use crate::case::command::{FollowUp, Survey};
use crate::case::event::{Commitment, Event, FollowUpDone, SurveyAnswered};
use crate::case::refusal::Reason;
use crate::id::QuestionName;
use crate::value::Value;
use crate::workflow::FieldIndex;
use crate::workflow::condition::Seen;
use crate::workflow::time as declared;

impl Context<'_> {
    /// Records the customer's answers to a survey, and opens the case again where they ask for it
    /// and it still may be.
    pub(super) fn record_survey(
        self,
        case: &Case,
        given: &Survey<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        reasons.extend(self.allow(answering(self.workflow), "record_survey").err());
        let now = self.at(Some(case));
        let known = self.workflow.surveys().get(&given.survey);
        let open = afterwards::open_survey(case, &given.survey, now);
        let Some((known, deadline)) = known.zip(open) else {
            let surveys = self.workflow.surveys().keys();
            let is_open = |survey: &&_| afterwards::open_survey(case, survey, now).is_some();
            reasons.push(Reason::SurveyNotOpen {
                survey: given.survey.clone(),
                open: surveys.filter(is_open).cloned().collect(),
            });
            return Err(reasons);
        };
        let unfit = |(question, score): &(QuestionName, u32)| unfit(known, question, *score);
        reasons.extend(given.answers.iter().filter_map(unfit));
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut events = vec![Event::SurveyAnswered(SurveyAnswered {
            answers: given.answers.iter().cloned().collect(),
            comment: given.comment,
            number: deadline.number,
            survey: given.survey.clone(),
        })];
        if reopens(known, &given.answers)
            && let Some(step) = self.may_reopen_to(case)
        {
            events.extend(self.reopened(case, step, Some(given.survey.clone()), None));
        }
        Ok(events)
    }

    /// Does a follow-up that is to be done. It opens nothing again.
    pub(super) fn follow_up(
        self,
        case: &Case,
        done: &FollowUp<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        let known = self.workflow.follow_ups().get(&done.follow_up);
        if let Some(known) = known {
            reasons.extend(self.allow(known.who, "complete_follow_up").err());
        }
        match afterwards::open_follow_up(case, &done.follow_up).filter(|_| known.is_some()) {
            Some(deadline) if reasons.is_empty() => Ok(vec![Event::FollowUpDone(FollowUpDone {
                follow_up: done.follow_up.clone(),
                note: done.note,
                number: deadline.number,
            })]),
            Some(_) => Err(reasons),
            None => {
                let follow_ups = self.workflow.follow_ups().keys();
                let is_open = |name: &&_| afterwards::open_follow_up(case, name).is_some();
                reasons.push(Reason::FollowUpNotDue {
                    follow_up: done.follow_up.clone(),
                    from: afterwards::awaited(case, &done.follow_up),
                    due: follow_ups.filter(is_open).cloned().collect(),
                });
                Err(reasons)
            }
        }
    }
}

/// Says what is wrong with the answer to a question.
fn unfit(survey: &declared::Survey, name: &QuestionName, given: u32) -> Option<Reason> {
    let Some(question) = survey.questions.get(name) else {
        return Some(Reason::NoSuchQuestion {
            question: name.clone(),
            known: survey.questions.keys().cloned().collect(),
        });
    };
    let (lowest, highest) = (question.lowest, question.highest);
    let is_within = (lowest..=highest).contains(&given);
    (!is_within).then(|| Reason::OutsideScale {
        question: name.clone(),
        ask: question.ask.clone(),
        given,
        lowest,
        highest,
    })
}

/// Says whether answers ask for the case to be opened again. A question nobody answered is empty.
fn reopens(survey: &declared::Survey, answers: &[(QuestionName, u32)]) -> bool {
    let given = |name: &QuestionName| {
        let answer = answers.iter().find(|(question, _)| question == name);
        answer.map(|(_, score)| Value::Number(i64::from(*score)))
    };
    let given: Vec<Option<Value>> = survey.questions.keys().map(given).collect();
    let seen = |FieldIndex(place): FieldIndex| {
        let answer = given.get(usize::from(place)).and_then(Option::as_ref);
        answer.map_or(Seen::Empty, Seen::Value)
    };
    let when = survey.reopen_when.as_ref();
    when.is_some_and(|when| when.holds(&seen))
}
