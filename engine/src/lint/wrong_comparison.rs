//! Finds comparisons of a field with something that it can never be compared with.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Field, Kind, Sp, Test, meant};

pub(super) struct WrongComparison;

impl Rule for WrongComparison {
    fn code(&self) -> Code {
        Code::H302
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for tested in conditions::tests(file.source) {
            let Some(field) = file.source.fields.get(&tested.field.value) else {
                continue;
            };
            if let Some(kind) = &field.value.kind {
                let faults = faults(&field.value, kind.value, tested.test);
                for (span, message, mend) in faults {
                    let finding = Finding::error(self.code(), span, message)
                        .label(kind.span, format!("`{}` has this type", tested.field.value))
                        .why("the condition could never hold")
                        .mend(mend);
                    found.push(finding);
                }
            }
        }
    }
}

type Fault = (crate::finding::Span, String, String);

fn faults(field: &Field, kind: Kind, test: &Sp<Test>) -> Vec<Fault> {
    let only_filled = || "ask only whether it is `empty` or `filled`".to_owned();
    match &test.value {
        Test::Empty | Test::Filled | Test::OverLimit => Vec::new(),
        Test::Within(_) if !kind.is_ordered() => {
            let message = format!(
                "a `{}` is not larger or smaller than another",
                kind.as_str()
            );
            vec![(test.span, message, "name the value itself".to_owned())]
        }
        Test::OneOf(_) if matches!(kind, Kind::Document | Kind::List) => {
            let message = format!("a `{}` cannot be compared with a value", kind.as_str());
            vec![(test.span, message, only_filled())]
        }
        Test::OneOf(values) => values
            .iter()
            .filter_map(|value| unreadable(field, kind, value))
            .collect(),
        Test::Within(bounds) => bounds
            .iter()
            .filter_map(|(_, value)| unreadable(field, kind, value))
            .collect(),
    }
}

fn unreadable(field: &Field, kind: Kind, value: &Sp<String>) -> Option<Fault> {
    // That a choice has no such option is a fault of its own.
    if kind == Kind::Choice {
        return None;
    }
    let expected = field.value(&value.value).err()?;
    let message = format!("`{}` is no value of a `{}`", value.value, kind.as_str());
    let written = meant::comparison(&value.value).or_else(|| meant::amount(&value.value));
    let age = meant::age(&value.value).filter(|_| kind == Kind::Date);
    let mend = match (written, age) {
        (Some(written), _) => format!("write `{written}`"),
        (None, Some(age)) => age.to_owned(),
        (None, None) => expected,
    };
    Some((value.span, message, mend))
}
