//! Finds tasks and actions that no role may do.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::RoleSet;

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
                self.look(
                    &format!("the task `{name}`"),
                    task.span,
                    step.span,
                    who,
                    found,
                );
            }
            for (name, action) in &step.value.actions {
                let who = compiled.actions.get(name.as_str()).map(|action| action.who);
                self.look(
                    &format!("the action `{name}`"),
                    action.span,
                    step.span,
                    who,
                    found,
                );
            }
        }
        for (name, action) in &file.source.anywhere {
            let who = file
                .compiled
                .anywhere()
                .get(name.as_str())
                .map(|action| action.who);
            self.look(
                &format!("the action `{name}`"),
                action.span,
                action.span,
                who,
                found,
            );
        }
    }
}

impl NobodyMayAct {
    fn look(
        &self,
        what: &str,
        span: Span,
        within: Span,
        who: Option<RoleSet>,
        found: &mut Vec<Finding>,
    ) {
        if who.is_none_or(RoleSet::is_empty) {
            let finding = Finding::error(self.code(), span, format!("nobody may take {what}"));
            let finding = if within == span {
                finding
            } else {
                finding.label(within, "in this step")
            };
            let finding = finding
                .why(
                    "no `who` names a role for it, or the one here and the step's have none in \
                     common",
                )
                .mend("say with `who:` which roles do it");
            found.push(finding);
        }
    }
}
