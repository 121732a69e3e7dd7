//! Finds promises that are kept and that nobody ever makes.

use super::owed::named;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct KeptAndNeverMade;

impl Rule for KeptAndNeverMade {
    fn code(&self) -> Code {
        Code::H602
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, promise) in &file.source.promises {
            if named(file, name, |effects| &effects.makes).is_some() {
                continue;
            }
            // One that is neither made nor kept is never used.
            let Some(kept) = named(file, name, |effects| &effects.keeps) else {
                continue;
            };
            let message = format!("the promise `{name}` is kept here and made nowhere");
            let finding = Finding::warning(self.code(), kept.span, message)
                .label(promise.span, "the promise")
                .why("no customer is ever told it, so there is nothing to keep")
                .mend(format!(
                    "write `makes: [{name}]` on the action that tells the customer, or delete both"
                ));
            found.push(finding);
        }
    }
}
