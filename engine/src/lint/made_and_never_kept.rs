//! Finds promises that are made and that nobody can ever keep, or no longer where they are made.

use super::conditions::actions;
use super::owed::named;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::CountsAs;
use crate::workflow::source::{self, Effects};

pub(super) struct MadeAndNeverKept;

impl Rule for MadeAndNeverKept {
    fn code(&self) -> Code {
        Code::H603
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, promise) in &file.source.promises {
            let made = named(file, name, |effects| &effects.makes);
            let Some(made) = made.filter(|_| named(file, name, |effects| &effects.keeps).is_none())
            else {
                continue;
            };
            let message = format!("the promise `{name}` is made here and kept nowhere");
            let finding = Finding::error(self.code(), made.span, message)
                .label(promise.span, "the promise")
                .why("it would be broken in every case, and no case that owes it can be resolved")
                .mend(format!(
                    "write `keeps: [{name}]` on the action with which the customer has what was \
                     promised"
                ));
            found.push(finding);
        }
        for (_, action) in actions(file.source) {
            let action = &action.value;
            self.made_closing(file, &action.effects, &action.rules, found);
            for rule in &action.rules {
                self.made_closing(file, &rule.effects, std::slice::from_ref(rule), found);
            }
        }
    }
}

impl MadeAndNeverKept {
    /// Finds promises that are made where every way closes. As resolved they are still owed, which
    /// is a fault of its own.
    fn made_closing(
        &self,
        file: &File<'_>,
        effects: &Effects,
        rules: &[source::Rule],
        found: &mut Vec<Finding>,
    ) {
        let mut targets = rules
            .iter()
            .flat_map(|rule| [&rule.go_to].into_iter().chain(&rule.then));
        let closes = targets.all(|target| {
            let outcome = file.source.outcomes.get(&target.value);
            let counts_as = outcome.and_then(|outcome| outcome.value.counts_as.as_ref());
            counts_as.is_some_and(|counts_as| counts_as.value != CountsAs::Resolved)
        });
        for name in effects.makes.iter().filter(|_| closes) {
            let kept = named(file, &name.value, |effects| &effects.keeps);
            let Some(promise) = file
                .source
                .promises
                .get(&name.value)
                .filter(|_| kept.is_some())
            else {
                continue;
            };
            let message = format!(
                "the promise `{}` ends as soon as it is made here",
                name.value
            );
            let finding = Finding::warning(self.code(), name.span, message)
                .at("the case is closed at once")
                .label(promise.span, "the promise")
                .why("closing ends what is owed, so nobody sees to it that the customer gets it")
                .mend("make it on a way that goes on, or delete it here");
            found.push(finding);
        }
    }
}
