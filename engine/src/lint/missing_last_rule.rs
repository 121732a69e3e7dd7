//! Finds actions and tables that may have no answer: their last rule has a condition.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct MissingLastRule;

impl Rule for MissingLastRule {
    fn code(&self) -> Code {
        Code::H301
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, action) in conditions::actions(file.source) {
            let rules = &action.value.rules;
            let always = rules.iter().any(|rule| rule.when.is_none());
            if let Some(last) = rules.last().filter(|_| !always) {
                let message = format!("the last rule of `{name}` has a condition");
                let finding = Finding::error(self.code(), last.span, message)
                    .at("when this does not fit either, nothing is left")
                    .label(action.span, "in this action")
                    .why("a person who takes the action must always get somewhere")
                    .mend("add a last rule without `when`: where does it lead in all other cases?");
                found.push(finding);
            }
        }
        for (name, rows) in &file.source.tables {
            let always = rows.value.iter().any(|row| row.when.is_none());
            if let Some(when) = rows.value.last().filter(|_| !always) {
                let message = format!("the last row of the table `{name}` has a condition");
                let finding = Finding::error(self.code(), when.is.span, message)
                    .at("when this does not fit either, the field stays empty")
                    .label(rows.span, "in this table")
                    .why("a table must have an answer for every case")
                    .mend("add a last row without `when`");
                found.push(finding);
            }
        }
    }
}
