//! Finds conditions that would have to look into a sealed value.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Test;

pub(super) struct ConditionOnSealedValue;

impl Rule for ConditionOnSealedValue {
    fn code(&self) -> Code {
        Code::H702
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for tested in conditions::tests(file.source) {
            let asks_value = match &tested.test.value {
                Test::Empty | Test::Filled => false,
                Test::OneOf(_) | Test::Within(_) | Test::OverLimit => true,
            };
            let field = file.source.fields.get(&tested.field.value);
            if let Some(field) = field.filter(|field| asks_value && field.value.is_sealed()) {
                let name = &tested.field.value;
                let message = format!("the condition asks what `{name}` says, which is sealed");
                let finding = Finding::error(self.code(), tested.test.span, message)
                    .label(field.span, "a long text, or personal")
                    .why("what may be erased one day must not have decided where a case went")
                    .mend("ask only whether it is `empty` or `filled`, or ask a choice beside it");
                found.push(finding);
            }
        }
    }
}
