//! Finds tasks and actions that no role may do.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::RoleSet;
use crate::workflow::source::{Names, Sp};

/// A `who` as written.
type Said<'a> = Option<&'a Sp<Names>>;

pub(super) struct NobodyMayAct;

impl Rule for NobodyMayAct {
    fn code(&self) -> Code {
        Code::H401
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (step_name, step) in &file.source.steps {
            let Some((_, compiled)) = file.compiled.step(step_name) else {
                continue;
            };
            for (name, task) in &step.value.tasks {
                let who = compiled.tasks.get(name.as_str()).map(|task| task.who);
                let whos = (task.value.who.as_ref(), step.value.who.as_ref());
                let what = format!("the task `{name}`");
                self.look(&what, task.span, step.span, (who, whos), found);
            }
            for (name, action) in &step.value.actions {
                let who = compiled.actions.get(name.as_str()).map(|action| action.who);
                let whos = (action.value.who.as_ref(), step.value.who.as_ref());
                let what = format!("the action `{name}`");
                self.look(&what, action.span, step.span, (who, whos), found);
            }
        }
        for (name, action) in &file.source.anywhere {
            let who = file
                .compiled
                .anywhere()
                .get(name.as_str())
                .map(|action| action.who);
            let whos = (action.value.who.as_ref(), None);
            let what = format!("the action `{name}`");
            self.look(&what, action.span, action.span, (who, whos), found);
        }
    }
}

impl NobodyMayAct {
    fn look(
        &self,
        what: &str,
        span: Span,
        within: Span,
        (who, (own, of_step)): (Option<RoleSet>, (Said<'_>, Said<'_>)),
        found: &mut Vec<Finding>,
    ) {
        if who.is_none_or(RoleSet::is_empty) {
            let finding = Finding::error(self.code(), span, format!("nobody may take {what}"));
            let finding = if within == span {
                finding
            } else {
                finding.label(within, "in this step")
            };
            found.push(match (own, of_step) {
                (Some(own), Some(of_step)) => {
                    let roles = quoted(&of_step.value);
                    let text = format!("`who` here has none of the step's roles ({roles})");
                    finding
                        .label(own.span, text)
                        .why("what is done in a step is done by roles of the step")
                        .mend(format!(
                            "name one of {roles} here, or {} in the `who` of the step",
                            quoted(&own.value)
                        ))
                }
                (Some(_), None) | (None, Some(_) | None) => finding
                    .why("no `who` names a role for it")
                    .mend("say with `who:` which roles do it"),
            });
        }
    }
}

fn quoted(names: &Names) -> String {
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.value))
        .collect();
    names.join(", ")
}
