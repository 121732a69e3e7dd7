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
            for (field, is_of_action) in needed(&step.value) {
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
                    .mend(if is_of_action {
                        "leave it out, or name it in `asks` of the step, where it is shown and \
                         may be changed; or say `each_time: yes` in the field if it has to be \
                         asked anew"
                    } else {
                        "move it to `asks`, where it is shown and may be changed, or say \
                         `each_time: yes` in the field if it has to be asked anew"
                    });
                if let Some(declared) = file.source.fields.get(&field.value) {
                    finding = finding.label(declared.span, "once answered, it counts for the case");
                }
                found.push(finding);
            }
        }
    }
}

/// Returns the fields that a step, its tasks and its actions need, each where it stands first, and
/// whether that is in an action, which has no `asks`.
fn needed(step: &Step) -> Vec<(&Sp<String>, bool)> {
    let of_tasks = step.tasks.values().flat_map(|task| &task.value.needs);
    let of_actions = step.actions.values().flat_map(|action| &action.value.needs);
    let own = step.needs.iter().chain(of_tasks).map(|need| (need, false));
    let mut fields: Vec<(&Sp<String>, bool)> = Vec::new();
    for (need, is_of_action) in own.chain(of_actions.map(|need| (need, true))) {
        match need {
            Need::Field(field) if fields.iter().all(|(known, _)| known.value != field.value) => {
                fields.push((field, is_of_action));
            }
            Need::Field(_) | Need::Condition(_) => {}
        }
    }
    fields
}
