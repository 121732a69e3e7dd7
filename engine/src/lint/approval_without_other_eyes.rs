//! Finds steps of the phase `approve` in which anybody may agree with themselves.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;
use crate::workflow::source::{Action, Sp, Step};

pub(super) struct ApprovalWithoutOtherEyes;

impl Rule for ApprovalWithoutOtherEyes {
    fn code(&self) -> Code {
        Code::H405
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, step) in &file.source.steps {
            let phase = step
                .value
                .phases
                .iter()
                .find(|phase| phase.value == Phase::Approve);
            let Some(phase) = phase.filter(|_| !has_other_eyes(file, name, &step.value)) else {
                continue;
            };
            let title = step.value.title.as_ref();
            let title = title.map_or(name.as_str(), |title| title.value.as_str());
            let message = format!("in “{title}” people may agree to what they did themselves");
            let finding = Finding::error(self.code(), phase.span, message)
                .at("no action `approves` anything, and no `not_by` names a step that comes before")
                .why("an agreement is worth something only if somebody else gives it")
                .mend(
                    "say on the action that agrees which amount it `approves: [...]`, or in the \
                     step whose work is agreed to: `not_by: [that step]`",
                );
            found.push(finding);
        }
    }
}

fn has_other_eyes(file: &File<'_>, name: &str, step: &Step) -> bool {
    let approves = |action: &Action| {
        let of_rules = action.rules.iter().map(|rule| &rule.effects);
        let mut all = of_rules.chain([&action.effects]);
        all.any(|effects| !effects.approves.is_empty())
    };
    // Whoever acts only in what comes after has done nothing yet that could be agreed to.
    let before = file.ways.leading_to(file.ways.place(name).into_iter());
    let comes_before = |other: &Sp<String>| {
        let place = file.ways.place(&other.value);
        place.is_none_or(|place| before.contains(&place))
    };
    let of_tasks = step.tasks.values().flat_map(|task| &task.value.not_by);
    step.not_by.iter().chain(of_tasks).any(comes_before)
        || step.actions.values().any(|action| approves(&action.value))
}
