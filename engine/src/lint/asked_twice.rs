//! Finds fields that a step asks for although every way to it has asked before.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Need, Sp, Step};
use crate::workflow::ways::Place;

pub(super) struct AskedTwice;

impl Rule for AskedTwice {
    fn code(&self) -> Code {
        Code::H704
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, step) in &file.source.steps {
            let Some(index) = file.facts.known.step(name) else {
                continue;
            };
            let filled = &file.compiled.step_at(index).filled;
            for field in needed(&step.value) {
                let Some(index) = file.facts.known.field(&field.value) else {
                    continue;
                };
                let (_, declared) = file.compiled.field_at(index);
                if !filled.contains(&index) || declared.each_time {
                    continue;
                }
                let title = Place::Step(name, step).title();
                let message = format!(
                    "{title} needs `{}`, which is always there by then",
                    field.value
                );
                let mut finding = Finding::warning(self.code(), field.span, message)
                    .why("every way here has asked for it: a customer should say a thing once")
                    .mend(
                        "move it to `asks`, where it is shown and may be changed, or say \
                         `each_time: yes` in the field if it has to be asked anew",
                    );
                if let Some(declared) = file.source.fields.get(&field.value) {
                    finding = finding.label(declared.span, "once answered, it counts for the case");
                }
                found.push(finding);
            }
        }
    }
}

/// Returns the fields that a step, its tasks and its actions need, each where it stands first.
fn needed(step: &Step) -> Vec<&Sp<String>> {
    let of_tasks = step.tasks.values().flat_map(|task| &task.value.needs);
    let of_actions = step.actions.values().flat_map(|action| &action.value.needs);
    let needs = step.needs.iter().chain(of_tasks).chain(of_actions);
    let mut fields: Vec<&Sp<String>> = Vec::new();
    for need in needs {
        match need {
            Need::Field(field) if fields.iter().all(|known| known.value != field.value) => {
                fields.push(field);
            }
            Need::Field(_) | Need::Condition(_) => {}
        }
    }
    fields
}
