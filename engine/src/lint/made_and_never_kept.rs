//! Finds promises that are made and that nobody can ever keep.

use super::owed::named;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

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
    }
}
