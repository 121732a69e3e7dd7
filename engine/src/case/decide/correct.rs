//! Changing a recorded answer.

use super::Context;
use super::answers::Overlay;
use crate::case::command::Correct;
use crate::case::event::{AnswerCorrected, Commitment, Event, Held};
use crate::case::refusal::Reason;
use crate::case::{Case, ask};
use crate::id::FieldName;
use crate::workflow::{FieldIndex, Step};

impl Context<'_> {
    /// Changes an answer and nothing else: no rule is tried again.
    ///
    /// It counts as acting in the steps that name the field, so whoever may not act in any of them
    /// may not do by a correction what they may not do in the step.
    pub(super) fn correct(
        self,
        case: &Case,
        correct: &Correct<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        self.step(case).map_err(|reason| vec![reason])?;
        let nothing = Reason::NothingToCorrect {
            field: correct.field.clone(),
        };
        let Some((index, field)) = self.workflow.field(correct.field.as_str()) else {
            return Err(vec![nothing]);
        };
        if field.computed {
            return Err(vec![self.follows_from(index, &correct.field)]);
        }
        let what = format!("correct {}", correct.field);
        let naming = self.workflow.steps();
        let naming: Vec<&Step> = naming
            .filter(|step| ask::is_named_in(step, index))
            .collect();
        let acting = self.may_act_in(case, &naming, |step| ask::not_by(step, index), &what);
        let given = [(correct.field.clone(), correct.value.clone())];
        let overlay = Overlay::new(self.workflow, Some(case), &given);
        let is_answered = case.answers().contains_key(&correct.field);
        let mut reasons = Vec::new();
        reasons.extend((!is_answered).then_some(nothing));
        reasons.extend(overlay.above_max());
        match acting {
            Ok(steps) if reasons.is_empty() => Ok(vec![Event::AnswerCorrected(AnswerCorrected {
                field: correct.field.clone(),
                reason: correct.reason,
                recording: case.recordings + 1,
                steps: steps.iter().map(|step| step.name.clone()).collect(),
                value: correct.value.clone(),
            })]),
            Ok(_) => Err(reasons),
            Err(reason) => {
                reasons.insert(0, reason);
                Err(reasons)
            }
        }
    }

    /// Says what to correct instead of a value that comes from a table.
    fn follows_from(self, index: FieldIndex, field: &FieldName) -> Reason {
        let mut computed = self.workflow.computed().iter();
        let computed = computed.find(|computed| computed.field == index);
        let inputs = computed.into_iter().flat_map(|computed| &computed.inputs);
        Reason::FromTable {
            field: field.clone(),
            inputs: inputs
                .map(|input| self.workflow.field_at(*input).0.clone())
                .collect(),
        }
    }
}
