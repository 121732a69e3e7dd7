//! Finds rules behind one that always fits.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct RuleNeverReached;

impl Rule for RuleNeverReached {
    fn code(&self) -> Code {
        Code::H306
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, action) in conditions::actions(file.source) {
            let rules = &action.value.rules;
            let Some(always) = rules.iter().position(|rule| rule.when.is_none()) else {
                continue;
            };
            let first = rules.get(always);
            for rule in rules.iter().skip(always + 1) {
                let message = format!("this rule of `{name}` can never fit");
                let mut finding = Finding::error(self.code(), rule.span, message)
                    .why("rules are tried from top to bottom, and the first that fits is taken")
                    .mend("put the rule without `when` last, or delete this one");
                if let Some(first) = first {
                    finding = finding.label(first.span, "this rule has no `when` and always fits");
                }
                found.push(finding);
            }
        }
        for (name, rows) in &file.source.tables {
            let always = rows.value.iter().position(|row| row.when.is_none());
            for row in rows
                .value
                .iter()
                .skip(always.map_or(usize::MAX, |always| always + 1))
            {
                let message = format!("this row of the table `{name}` can never fit");
                let finding = Finding::error(self.code(), row.is.span, message)
                    .why("rows are tried from top to bottom, and the first that fits is taken")
                    .mend("put the row without `when` last, or delete this one");
                found.push(finding);
            }
        }
    }
}
