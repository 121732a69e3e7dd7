//! Finds promises that may be broken without anybody hearing of it.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct BrokenWithoutConsequence;

impl Rule for BrokenWithoutConsequence {
    fn code(&self) -> Code {
        Code::H604
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, promise) in &file.source.promises {
            let mut rungs = promise.value.late.iter();
            if rungs.any(|rung| !rung.tell.is_empty() || rung.go_to.is_some()) {
                continue;
            }
            let message = format!("nothing happens when the promise `{name}` is broken");
            let finding = Finding::warning(self.code(), promise.span, message)
                .at("it says nobody to tell, and no step to go to")
                .why("a customer who was let down once more hears from nobody")
                .mend("add who is told, such as `late: {tell: [ROLE]}`");
            found.push(finding);
        }
    }
}
