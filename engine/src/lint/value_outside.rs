//! Finds values that a field can never have: in conditions, in tables and as its default.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::condition::{Bound, Condition, Ordered};
use crate::workflow::logic::{Given, satisfy};
use crate::workflow::source::{self, Field, Kind, Sp, Test, meant};

pub(super) struct ValueOutside;

const READ: &str = "the condition would be read as if it meant something";

impl Rule for ValueOutside {
    fn code(&self) -> Code {
        Code::H303
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, field) in &file.source.fields {
            found.extend(self.range(name, field));
            if let Some(default) = &field.value.default {
                let why = "it would be recorded although nobody could answer it";
                found.extend(self.value(name, field, default, why));
            }
            for row in rows(file, &field.value) {
                let why = "the table would give what nobody could answer";
                found.extend(self.value(name, field, &row.is, why));
            }
        }
        for tested in conditions::tests(file.source) {
            let name = &tested.field.value;
            let Some(field) = file.source.fields.get(name) else {
                continue;
            };
            let values: Vec<&Sp<String>> = match &tested.test.value {
                Test::OneOf(values) => values.iter().collect(),
                Test::Within(bounds) => bounds.iter().map(|(_, value)| value).collect(),
                Test::Empty | Test::Filled | Test::OverLimit => Vec::new(),
            };
            let before = found.len();
            for value in values {
                let outside = self.value(name, field, value, READ);
                let outside =
                    outside.map(
                        |finding| match meant::not(name, &field.value, &value.value) {
                            Some(mend) => finding.mend(mend),
                            None => finding,
                        },
                    );
                found.extend(outside.or_else(|| self.not_given(file, name, field, value, &tested)));
            }
            if found.len() == before {
                found.extend(self.nothing_between(file, &tested));
            }
        }
    }
}

impl ValueOutside {
    fn value(
        &self,
        name: &str,
        field: &Sp<Field>,
        value: &Sp<String>,
        why: &str,
    ) -> Option<Finding> {
        let expected = outside(&field.value, &value.value)?;
        let message = format!("`{name}` can never be `{}`", value.value);
        let finding = Finding::error(self.code(), value.span, message)
            .label(field.span, format!("`{name}` is declared here"))
            .why(why);
        Some(finding.mend(expected))
    }

    /// A computed field has no value but those of its table.
    fn not_given(
        &self,
        file: &File<'_>,
        name: &str,
        field: &Sp<Field>,
        value: &Sp<String>,
        tested: &conditions::Tested<'_>,
    ) -> Option<Finding> {
        let rows = rows(file, &field.value);
        let wanted = field.value.value(&value.value).ok()?;
        let given: Vec<&str> = rows.iter().map(|row| row.is.value.as_str()).collect();
        let is_given =
            |row: &source::Row| field.value.value(&row.is.value).ok().as_ref() == Some(&wanted);
        let is_named = matches!(&tested.test.value, Test::OneOf(_));
        if !is_named || rows.is_empty() || rows.iter().any(is_given) {
            return None;
        }
        let message = format!("`{name}` can never be `{}`", value.value);
        let finding = Finding::error(self.code(), value.span, message)
            .label(field.span, format!("`{name}` comes from a table"))
            .why(READ);
        Some(finding.mend(format!("its table gives only `{}`", given.join("`, `"))))
    }

    /// Each bound may be right by itself, and nothing lie between them.
    fn nothing_between(&self, file: &File<'_>, tested: &conditions::Tested<'_>) -> Option<Finding> {
        let name = &tested.field.value;
        let Test::Within(bounds) = &tested.test.value else {
            return None;
        };
        let field = &file.source.fields.get(name)?.value;
        let is_readable = |(_, value): &(_, Sp<String>)| field.ordered(&value.value).is_ok();
        if bounds.is_empty() || field.is_sealed() || !bounds.iter().all(is_readable) {
            return None;
        }
        let condition = file.facts.condition(&source::Condition::Test {
            field: tested.field.clone(),
            test: tested.test.clone(),
        });
        let asks = matches!(condition, Condition::Field(..));
        let can = satisfy(&Given::nothing(file.compiled), &[&condition]);
        if !asks || can != Ok(None) {
            return None;
        }
        let message = format!("no value of `{name}` lies within these bounds");
        let finding = Finding::error(self.code(), tested.test.span, message)
            .label(tested.field.span, "so this can never hold")
            .why(READ);
        Some(finding.mend(between(field, bounds)))
    }

    /// Looks whether any value is allowed at all.
    fn range(&self, name: &str, field: &Sp<Field>) -> Option<Finding> {
        let (min, max) = (field.value.min.as_ref()?, field.value.max.as_ref()?);
        let (from, to) = (
            order(&field.value, &min.value)?,
            order(&field.value, &max.value)?,
        );
        let message = format!("`{name}` can have no value: `min` is above `max`");
        let finding = Finding::error(self.code(), max.span, message)
            .label(min.span, "the smallest value is said here")
            .why("nobody could answer the question")
            .mend("write the smaller number as `min` and the larger as `max`");
        (from > to).then_some(finding)
    }
}

/// Says what to write instead of bounds that nothing lies between.
fn between(field: &Field, bounds: &[(Bound, Sp<String>)]) -> String {
    let word = |wanted: Bound| {
        let found = source::BOUNDS.iter().find(|(_, bound)| *bound == wanted);
        found.map_or("", |(word, _)| *word)
    };
    if let [(low, from), (high, to)] = bounds {
        let is_swapped = order(field, &from.value) > order(field, &to.value);
        if is_swapped {
            let (low, high) = (word(*low), word(*high));
            return format!("write `{{{low}: {}, {high}: {}}}`", to.value, from.value);
        }
    }
    let said = |end: &Option<Sp<String>>| end.as_ref().map(|end| format!("`{}`", end.value));
    match (said(&field.min), said(&field.max)) {
        (Some(min), Some(max)) => format!("write bounds within {min} and {max}"),
        (Some(min), None) => format!("write a bound above {min}"),
        (None, Some(max)) => format!("write a bound below {max}"),
        (None, None) => "write bounds that a value can lie between".to_owned(),
    }
}

/// Returns the rows that give a computed field its value.
fn rows<'a>(file: &File<'a>, field: &Field) -> &'a [source::Row] {
    let table = field.from_table.as_ref();
    let rows = table.and_then(|table| file.source.tables.get(&table.value));
    rows.map_or(&[], |rows| &rows.value)
}

/// Returns what would have been right, where the value is outside of what the field allows.
fn outside(field: &Field, value: &str) -> Option<String> {
    match field.kind.as_ref()?.value {
        // Where `of` is missing, that is the fault.
        Kind::Choice if field.of.is_empty() => None,
        Kind::Choice => field.value(value).err(),
        Kind::Text => {
            let pattern = field.pattern.as_ref()?;
            let regex = source::fields::regex(&pattern.value).ok()?;
            let is_outside = !regex.is_match(value);
            is_outside.then(|| format!("write a text that `pattern` allows: `{}`", pattern.value))
        }
        Kind::Number | Kind::Money => {
            let value = order(field, value)?;
            let min = field.min.as_ref();
            let below = min.filter(|min| order(field, &min.value).is_some_and(|min| value < min));
            let max = field.max.as_ref();
            let above = max.filter(|max| order(field, &max.value).is_some_and(|max| value > max));
            let below = below.map(|min| format!("it is at least `{}`", min.value));
            let is_money = field
                .kind
                .as_ref()
                .is_some_and(|kind| kind.value == Kind::Money);
            let negative =
                (is_money && value < 0).then(|| "an amount is never below zero".to_owned());
            let above = above.map(|max| format!("it is at most `{}`", max.value));
            below.or(above).or(negative)
        }
        Kind::LongText | Kind::YesNo | Kind::Date | Kind::Document | Kind::List => None,
    }
}

fn order(field: &Field, text: &str) -> Option<i64> {
    match field.ordered(text).ok()? {
        Ordered::Number(number) => Some(number),
        Ordered::Money(money) => Some(money.minor),
        Ordered::Date(_) => None,
    }
}
