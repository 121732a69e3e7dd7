//! Finds actions and tables whose conditions nobody can keep in mind.

use super::conditions::{self, Load};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::source::Need;

/// The most fields that the conditions of one action or table ask.
pub(super) const FIELDS_MAX: usize = 8;
/// The most comparisons in one action or table.
pub(super) const COMPARISONS_MAX: usize = 64;
/// The deepest nesting of a condition.
pub(super) const DEPTH_MAX: usize = 4;

pub(super) struct TooMuchToRead;

impl Rule for TooMuchToRead {
    fn code(&self) -> Code {
        Code::H305
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, action) in conditions::actions(file.source) {
            let mut load = Load::default();
            for need in &action.value.needs {
                match need {
                    Need::Field(_) => {}
                    Need::Condition(condition) => load.add(condition, 1),
                }
            }
            for rule in &action.value.rules {
                rule.when.iter().for_each(|when| load.add(when, 1));
            }
            found.extend(self.finding(&format!("the action `{name}`"), action.span, &load));
        }
        for (name, rows) in &file.source.tables {
            let mut load = Load::default();
            for row in &rows.value {
                row.when.iter().for_each(|when| load.add(when, 1));
            }
            found.extend(self.finding(&format!("the table `{name}`"), rows.span, &load));
        }
    }
}

impl TooMuchToRead {
    fn finding(&self, what: &str, at: Span, load: &Load<'_>) -> Option<Finding> {
        let (fields, comparisons) = (load.fields.len(), load.comparisons);
        let said = if fields > FIELDS_MAX {
            format!("asks {fields} fields; at most {FIELDS_MAX} are allowed")
        } else if comparisons > COMPARISONS_MAX {
            format!("has {comparisons} comparisons; at most {COMPARISONS_MAX} are allowed")
        } else if load.depth > DEPTH_MAX {
            let depth = load.depth;
            format!("has conditions {depth} deep; at most {DEPTH_MAX} are allowed")
        } else {
            return None;
        };
        let finding = Finding::error(
            self.code(),
            load.span.unwrap_or(at),
            format!("{what} {said}"),
        )
        .label(at, "in this one")
        .why("a condition that nobody can read aloud is not understood by those who follow it")
        .mend("split it into several steps, or ask one field that sums the others up");
        Some(finding)
    }
}
