//! Turns what a server answers into text for people and JSON for programs.
//!
//! Invariant: text of others is shown escaped; JSON holds it as it is.

pub(super) mod cause;
pub(super) mod deadlines;
pub(super) mod entry;
pub(super) mod findings;
pub(super) mod github;
pub(super) mod json;
pub(super) mod junit;
pub(super) mod kpi;
pub(super) mod learning;
pub(super) mod sarif;
pub(super) mod scenarios;
pub(super) mod text;
pub(super) mod tried;

use std::fmt::{self, Write as _};

use heard_engine::money::{Currency, Money};
use heard_engine::time::Timestamp;
use heard_proto::v1::value::Kind;
use heard_proto::v1::{Date, Value};

use crate::escape::escaped;

/// Appends to a text.
pub(super) fn put(text: &mut String, more: fmt::Arguments<'_>) {
    // Writing to a `String` cannot fail.
    let _written = text.write_fmt(more);
}

/// Returns the name of a value of an enum as JSON and people see it: `long_text`.
pub(super) fn word(name: &str, prefix: &str) -> String {
    name.strip_prefix(prefix)
        .unwrap_or(name)
        .to_ascii_lowercase()
}

/// Returns an instant in UTC, to the microsecond.
pub(super) fn instant(time: Option<&prost_types::Timestamp>) -> Option<String> {
    let time = time?;
    let seconds = time.seconds.checked_mul(1_000_000)?;
    let micros = seconds.checked_add(i64::from(time.nanos) / 1_000)?;
    Timestamp::from_micros(micros).ok().map(|at| at.to_string())
}

/// Returns an amount as people write it.
pub(super) fn amount(currency: &str, minor: i64) -> String {
    match Currency::parse(currency) {
        Ok(currency) => Money { currency, minor }.to_string(),
        Err(_) => format!("{minor} minor units of {}", escaped(currency)),
    }
}

/// Returns a day as people write it.
pub(super) fn day(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year, date.month, date.day)
}

/// Returns a value on one line, as it is typed.
pub(super) fn value(value: &Value) -> String {
    match &value.kind {
        None => String::new(),
        Some(Kind::Text(text) | Kind::Choice(text)) => escaped(text),
        Some(Kind::YesNo(yes)) => if *yes { "yes" } else { "no" }.to_owned(),
        Some(Kind::Number(number)) => number.to_string(),
        Some(Kind::Money(money)) => amount(&money.currency_code, money.minor_units),
        Some(Kind::Date(date)) => day(*date),
        Some(Kind::Document(document)) => {
            let (name, location) = (escaped(&document.name), escaped(&document.location));
            format!("{name} ({}) at {location}", escaped(&document.media_type))
        }
        Some(Kind::List(list)) => {
            let items: Vec<String> = list.items.iter().map(|item| escaped(item)).collect();
            items.join(" | ")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_shown_as_they_are_typed_and_escaped() {
        for (kind, shown) in [
            (
                Kind::Text("two\nlines\u{202e}".into()),
                "two\\nlines\\u{202e}",
            ),
            (Kind::YesNo(false), "no"),
            (
                Kind::Money(heard_proto::v1::Money {
                    currency_code: "EUR".into(),
                    minor_units: 1_250,
                }),
                "12.50 EUR",
            ),
            (
                Kind::Date(Date {
                    year: 2026,
                    month: 1,
                    day: 2,
                }),
                "2026-01-02",
            ),
            (
                Kind::List(heard_proto::v1::TextList {
                    items: vec!["a".into(), "b".into()],
                }),
                "a | b",
            ),
        ] {
            assert_eq!(value(&Value { kind: Some(kind) }), shown);
        }
    }

    #[test]
    fn instants_are_shown_in_utc() {
        let time = prost_types::Timestamp {
            seconds: 1_791_190_800,
            nanos: 1_000,
        };
        assert_eq!(instant(Some(&time)).unwrap(), "2026-10-05T09:00:00.000001Z");
        assert_eq!(instant(None), None);
    }
}
