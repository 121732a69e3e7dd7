//! Finds `over: limit` where there is no limit to be over.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Test;

pub(super) struct MisplacedLimit;

impl Rule for MisplacedLimit {
    fn code(&self) -> Code {
        Code::H304
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for tested in conditions::tests(file.source) {
            let Test::OverLimit = tested.test.value else {
                continue;
            };
            let name = &tested.field.value;
            let span = tested.test.span;
            if !tested.is_in_rule {
                let message = "`over: limit` stands outside of a rule of an action";
                let finding = Finding::error(self.code(), span, message)
                    .why("only while a person acts is there somebody whose limit it could be over")
                    .mend("compare with an amount, such as `{at_least: 250 EUR}`");
                found.push(finding);
                continue;
            }
            let field = file.source.fields.get(name);
            let limit = |field: &crate::workflow::source::Field| {
                field
                    .limit
                    .as_ref()
                    .is_some_and(|limit| limit.value != "none")
            };
            if let Some(field) = field.filter(|field| !limit(&field.value)) {
                let message = format!("`{name}` has no limit that it could be over");
                let finding = Finding::error(self.code(), span, message)
                    .label(field.span, "no `limit` is named here")
                    .why("the condition could never hold")
                    .mend("name a limit in the field, or compare with an amount");
                found.push(finding);
            }
        }
    }
}
