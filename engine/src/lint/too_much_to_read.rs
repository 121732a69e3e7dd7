//! Finds actions and tables whose conditions nobody can keep in mind.

use super::conditions::Load;
use super::reasoning::Choice;
use super::{File, Rule, Scope, needed};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::logic::Tangled;
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
        for act in file.facts.acts() {
            let what = format!("the action `{}`", act.name);
            let action = &act.action.value;
            let mut load = of_needs(&action.needs);
            for rule in &action.rules {
                rule.when.iter().for_each(|when| load.add(when, 1));
            }
            let tangled = || is_tangled(file.facts.choice(act, &[]), action.rules.len());
            found.extend(self.finding(&what, act.action.span, &load, tangled));
        }
        for (name, rows) in &file.source.tables {
            let mut load = Load::default();
            for row in &rows.value {
                row.when.iter().for_each(|when| load.add(when, 1));
            }
            let what = format!("the table `{name}`");
            let tangled = || {
                let choice = file
                    .facts
                    .table(&rows.value, std::collections::BTreeSet::new());
                is_tangled(choice, rows.value.len())
            };
            found.extend(self.finding(&what, rows.span, &load, tangled));
        }
        // What is needed by an action is read with its rules.
        for needed in needed::all(file).iter().filter(|needed| !needed.is_action) {
            let load = of_needs(needed.own);
            let tangled = || {
                let choice = file.facts.needs(&[needed.own], needed.filled.clone());
                is_tangled(choice, 0)
            };
            found.extend(self.finding(&needed.what, needed.span, &load, tangled));
        }
    }
}

fn of_needs(needs: &[Need]) -> Load<'_> {
    let mut load = Load::default();
    for need in needs {
        match need {
            Need::Field(_) => {}
            Need::Condition(condition) => load.add(condition, 1),
        }
    }
    load
}

/// Returns whether it could not be decided of every rule whether it fits.
fn is_tangled(choice: Result<Choice, Tangled>, rules: usize) -> bool {
    let decided = choice.and_then(|choice| {
        choice.space.can(&choice.needed())?;
        (0..rules).try_for_each(|number| choice.fits(number).map(drop))
    });
    decided.is_err()
}

impl TooMuchToRead {
    fn finding(
        &self,
        what: &str,
        at: Span,
        load: &Load<'_>,
        is_tangled: impl Fn() -> bool,
    ) -> Option<Finding> {
        let (fields, comparisons) = (load.fields.len(), load.comparisons);
        let said = if fields > FIELDS_MAX {
            format!("asks {fields} fields; at most {FIELDS_MAX} are allowed")
        } else if comparisons > COMPARISONS_MAX {
            format!("has {comparisons} comparisons; at most {COMPARISONS_MAX} are allowed")
        } else if load.depth > DEPTH_MAX {
            let depth = load.depth;
            format!("has conditions {depth} deep; at most {DEPTH_MAX} are allowed")
        } else if is_tangled() {
            "has conditions so tangled that nobody can say what they come to".to_owned()
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
