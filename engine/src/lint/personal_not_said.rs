//! Finds long texts that do not say whether they hold personal data.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Kind;

pub(super) struct PersonalNotSaid;

impl Rule for PersonalNotSaid {
    fn code(&self) -> Code {
        Code::H701
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, field) in &file.source.fields {
            let kind = field.value.kind.as_ref().map(|kind| kind.value);
            if kind == Some(Kind::LongText) && field.value.personal.is_none() {
                let message = format!("`{name}` does not say whether it holds personal data");
                let finding = Finding::error(self.code(), field.span, message)
                    .why("what is personal is erased when the customer asks for it")
                    .mend("add `personal: yes` if it is about the customer, else `personal: no`");
                found.push(finding);
            }
        }
    }
}
