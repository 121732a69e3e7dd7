//! Finds actions back to their own step although all that the step needs is known by then.
//!
//! Whoever takes such an action must first meet every need of the step, and the next visit then
//! asks nothing: an answer once given counts. It is meant where the step asks something anew, by
//! a field that is `each_time`, or has tasks, which are all open again. `stay` is no way back.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Action, Sp, Step};

pub(super) struct BackToItself;

impl Rule for BackToItself {
    fn code(&self) -> Code {
        Code::H208
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, step) in &file.source.steps {
            let compiled = file.compiled.step(name);
            let asks_anew = compiled.is_none_or(|(_, step)| !step.empties.is_empty());
            if asks_anew || step.value.needs.is_empty() || !step.value.tasks.is_empty() {
                continue;
            }
            for (action_name, action) in &step.value.actions {
                found.extend(self.look(name, step, action_name, &action.value));
            }
        }
    }
}

impl BackToItself {
    fn look(
        &self,
        name: &str,
        step: &Sp<Step>,
        action_name: &str,
        action: &Action,
    ) -> Option<Finding> {
        let mut targets = action
            .rules
            .iter()
            .flat_map(|rule| std::iter::once(&rule.go_to).chain(&rule.then));
        let back = targets.find(|target| target.value == name)?;
        let message =
            format!("`{action_name}` leads back to its own step, with all its needs met already");
        Some(
            Finding::warning(self.code(), back.span, message)
                .label(
                    step.span,
                    "the `needs` of this step hold for every action of it",
                )
                .why(
                    "whoever takes it has to answer everything first, and then nothing is asked \
                     anew",
                )
                .mend(
                    "move the needs of the step to the actions that lead on; or say \
                     `each_time: true` of the field that is to be asked again",
                ),
        )
    }
}
