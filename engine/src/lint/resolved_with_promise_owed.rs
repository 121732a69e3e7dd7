//! Finds actions that would close a case as resolved while a promise is owed.

use super::owed::{Owed, owed};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::ways::By;

pub(super) struct ResolvedWithPromiseOwed;

impl Rule for ResolvedWithPromiseOwed {
    fn code(&self) -> Code {
        Code::H601
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for owed in owed(file) {
            match owed.by {
                By::Action(name) | By::Anywhere(name) => found.push(self.finding(name, &owed)),
                // What a deadline cannot close is a fault of its own.
                By::Due | By::Late(_) => {}
            }
        }
    }
}

impl ResolvedWithPromiseOwed {
    fn finding(&self, action: &str, owed: &Owed<'_>) -> Finding {
        let (promise, outcome) = (owed.promise, &owed.outcome);
        let message = format!("the promise `{promise}` may still be owed when `{action}` closes");
        let mut finding = Finding::error(self.code(), owed.span, message)
            .at(format!("the walk: {}", owed.walk))
            .label(owed.declared, "the promise")
            .why(format!(
                "{outcome} counts as resolved, and nothing is resolved before the customer has \
                 what was promised: the action would be refused"
            ))
            .mend(format!(
                "write `keeps: [{promise}]` on the action that closes, or on one before it; where \
                 nothing is owed it does nothing"
            ));
        if let Some(made) = owed.made {
            finding = finding.label(made, "made here");
        }
        finding
    }
}
