//! Finds workflows with more steps than a person keeps in mind.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

/// More steps than this do not fit on a page.
const STEPS_TO_READ_MAX: usize = 20;

pub(super) struct TooManySteps;

impl Rule for TooManySteps {
    fn code(&self) -> Code {
        Code::H209
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let steps = &file.source.steps;
        if let Some((_, first)) = steps.get_index(STEPS_TO_READ_MAX) {
            let message = format!("the workflow has {} steps", steps.len());
            let finding = Finding::warning(self.code(), first.span, message)
                .at(format!("this is the first beyond {STEPS_TO_READ_MAX}"))
                .why("nobody keeps so many in mind, so people stop following the workflow")
                .mend("make tasks of steps that belong together, or split it into two workflows");
            found.push(finding);
        }
    }
}
