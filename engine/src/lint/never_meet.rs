//! Finds actions that lead to an outcome to which none of those who take them may lead a case.

use std::collections::BTreeSet;

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Action, Sp};
use crate::workflow::{RoleSet, Step};

pub(super) struct NeverMeet;

impl Rule for NeverMeet {
    fn code(&self) -> Code {
        Code::H407
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, step) in &file.source.steps {
            let Some((_, compiled)) = file.compiled.step(name) else {
                continue;
            };
            for (name, action) in &step.value.actions {
                if let Some(own) = compiled.actions.get(name.as_str()) {
                    let who = own.who.or(by_itself(compiled));
                    self.look(file, name, action, who, found);
                }
            }
        }
        for (name, action) in &file.source.anywhere {
            let compiled = file.compiled.anywhere().get(name.as_str());
            if let Some(compiled) = compiled {
                self.look(file, name, action, compiled.who, found);
            }
        }
    }
}

impl NeverMeet {
    fn look(
        &self,
        file: &File<'_>,
        name: &str,
        action: &Sp<Action>,
        who: RoleSet,
        found: &mut Vec<Finding>,
    ) {
        // What no role may take at all is a fault of its own.
        if who.is_empty() {
            return;
        }
        let mut reported = BTreeSet::new();
        for rule in &action.value.rules {
            for target in std::iter::once(&rule.go_to).chain(&rule.then) {
                let outcome = file.compiled.outcome(&target.value);
                let shut = outcome.and_then(|outcome| Some((outcome, outcome.who?)));
                let Some((outcome, may)) = shut.filter(|(_, may)| may.and(who).is_empty()) else {
                    continue;
                };
                if !reported.insert(&target.value) {
                    continue;
                }
                let message = format!(
                    "`{name}` leads to “{}”, and nobody who takes it may lead a case there",
                    outcome.title
                );
                let mut finding = Finding::error(self.code(), target.span, message)
                    .at(format!("`{name}` is for {}", roles(file, who)))
                    .why("the action would be refused, whoever takes it")
                    .mend(format!(
                        "name in both `who` a role they have in common, such as `{}` in that of \
                         `{}`",
                        file.compiled
                            .role_names(who)
                            .next()
                            .map_or("", |role| role.as_str()),
                        target.value
                    ));
                let declared = file.source.outcomes.get(&target.value);
                if let Some(written) = declared.and_then(|outcome| outcome.value.who.as_ref()) {
                    let text = format!("the outcome is for {}", roles(file, may));
                    finding = finding.label(written.span, text);
                }
                found.push(finding);
            }
        }
    }
}

/// Those whose last task leads on by itself, so that only the outcome asks who they are.
fn by_itself(step: &Step) -> RoleSet {
    let tasks = step.tasks.values().filter(|_| step.has_next);
    tasks.fold(RoleSet::default(), |who, task| who.or(task.who))
}

fn roles(file: &File<'_>, who: RoleSet) -> String {
    let names = file
        .compiled
        .role_names(who)
        .map(|role| format!("`{role}`"));
    names.collect::<Vec<_>>().join(", ")
}
