//! Finds comparisons with a value that the field can never have.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::condition::Ordered;
use crate::workflow::source::{Field, Kind, Sp, Test};

pub(super) struct ValueOutside;

impl Rule for ValueOutside {
    fn code(&self) -> Code {
        Code::H303
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for tested in conditions::tests(file.source) {
            let Some(field) = file.source.fields.get(&tested.field.value) else {
                continue;
            };
            let values: Vec<&Sp<String>> = match &tested.test.value {
                Test::OneOf(values) => values.iter().collect(),
                Test::Within(bounds) => bounds.iter().map(|(_, value)| value).collect(),
                Test::Empty | Test::Filled | Test::OverLimit => Vec::new(),
            };
            for value in values {
                if let Some(expected) = outside(&field.value, &value.value) {
                    let name = &tested.field.value;
                    let message = format!("`{name}` can never be `{}`", value.value);
                    let finding = Finding::error(self.code(), value.span, message)
                        .label(field.span, format!("`{name}` is declared here"))
                        .why("the condition would be read as if it meant something");
                    found.push(finding.mend(expected));
                }
            }
        }
    }
}

fn outside(field: &Field, value: &str) -> Option<String> {
    match field.kind.as_ref()?.value {
        Kind::Choice => field.value(value).err(),
        Kind::Number | Kind::Money => {
            let value = order(field, value)?;
            let min = field.min.as_ref();
            let below = min.filter(|min| order(field, &min.value).is_some_and(|min| value < min));
            let max = field.max.as_ref();
            let above = max.filter(|max| order(field, &max.value).is_some_and(|max| value > max));
            let below = below.map(|min| format!("it is at least `{}`", min.value));
            below.or_else(|| above.map(|max| format!("it is at most `{}`", max.value)))
        }
        Kind::Text | Kind::LongText | Kind::YesNo | Kind::Date | Kind::Document | Kind::List => {
            None
        }
    }
}

fn order(field: &Field, text: &str) -> Option<i64> {
    match field.ordered(text).ok()? {
        Ordered::Number(number) => Some(number),
        Ordered::Money(money) => Some(money.minor),
        Ordered::Date(_) => None,
    }
}
