//! Finds actions that may lead nowhere: their last rule has a condition.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct MissingLastRule;

impl Rule for MissingLastRule {
    fn code(&self) -> Code {
        Code::H301
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for act in file.facts.acts() {
            let rules = &act.action.value.rules;
            // What stands behind a rule that always fits never does, which is another fault.
            let always = rules.iter().any(|rule| rule.when.is_none());
            let Some(last) = rules.last().filter(|_| !always) else {
                continue;
            };
            let choice = file.facts.choice(act, &[]);
            let left = choice.and_then(|choice| choice.left_over());
            let (at, mend) = match left {
                Ok(Some(left)) => (
                    format!("for example {}: no rule fits", left.describe(file.compiled)),
                    "add a last rule without `when`: where does it lead in all other cases?",
                ),
                // Whoever adds an option to a field later does not think of this place.
                Ok(None) => (
                    "it is taken in every case that is left".to_owned(),
                    "delete its `when`, so that it stays so when the fields change",
                ),
                Err(_) => (
                    "when this does not fit either, nothing is left".to_owned(),
                    "add a last rule without `when`: where does it lead in all other cases?",
                ),
            };
            let message = format!("the last rule of `{}` has a condition", act.name);
            let finding = Finding::error(self.code(), last.span, message)
                .at(at)
                .label(act.action.span, "in this action")
                .why("a person who takes the action must always get somewhere")
                .mend(mend);
            found.push(finding);
        }
    }
}
