//! Values of answers, from the wire and to it.

use heard_engine::id::{Digest, FieldName};
use heard_engine::money::{Currency, INTEGER_MAX, Money};
use heard_engine::time::Date;
use heard_engine::value::{Document, Value};
use heard_engine::workflow::FieldKind;
use heard_proto::v1::value::Kind;
use heard_proto::v1::{self, FieldType};

use super::read::Reader;

/// Reads answers, in their order. Whether a field comes twice is for the engine to say.
pub(in crate::api) fn answers(
    reader: &mut Reader,
    answers: Vec<v1::Answer>,
) -> Option<Vec<(FieldName, Value)>> {
    let read: Vec<Option<(FieldName, Value)>> = answers
        .into_iter()
        .enumerate()
        .map(|(place, answer)| {
            let field = reader.id(
                &format!("answers[{place}].field"),
                &answer.field,
                FieldName::new,
            );
            let value = value(reader, &format!("answers[{place}].value"), answer.value);
            field.zip(value)
        })
        .collect();
    read.into_iter().collect()
}

/// Reads a value that must be there.
pub(in crate::api) fn value(
    reader: &mut Reader,
    path: &str,
    value: Option<v1::Value>,
) -> Option<Value> {
    let kind = reader.required(path, value.and_then(|value| value.kind))?;
    match kind {
        Kind::Text(text) => Some(Value::Text(text)),
        Kind::YesNo(yes_no) => Some(Value::YesNo(yes_no)),
        Kind::Choice(choice) => Some(Value::Choice(choice)),
        Kind::Number(number) => integer(reader, path, number).map(Value::Number),
        Kind::Money(money) => {
            let path = format!("{path}.money");
            let currency = reader.take(&path, Currency::parse(&money.currency_code));
            let minor = integer(reader, &path, money.minor_units);
            let (currency, minor) = currency.zip(minor)?;
            Some(Value::Money(Money { currency, minor }))
        }
        Kind::Date(date) => self::date(reader, &format!("{path}.date"), date).map(Value::Date),
        Kind::Document(document) => {
            let field = format!("{path}.document.sha256");
            let sha256 = reader.id(&field, &document.sha256, Digest::parse)?;
            Some(Value::Document(Document {
                location: document.location,
                media_type: document.media_type,
                name: document.name,
                sha256,
            }))
        }
        Kind::List(list) => Some(Value::List(list.items)),
    }
}

fn integer(reader: &mut Reader, path: &str, number: i64) -> Option<i64> {
    if (-INTEGER_MAX..=INTEGER_MAX).contains(&number) {
        return Some(number);
    }
    reader.say(path, "a whole number lies within ±(2^53 - 1)");
    None
}

/// Writes a value.
pub(in crate::api) fn wire(value: &Value) -> v1::Value {
    let kind = match value {
        Value::Text(text) => Kind::Text(text.clone()),
        Value::YesNo(yes_no) => Kind::YesNo(*yes_no),
        Value::Choice(choice) => Kind::Choice(choice.clone()),
        Value::Number(number) => Kind::Number(*number),
        Value::Money(money) => Kind::Money(self::money(*money)),
        Value::Date(date) => Kind::Date(wire_date(*date)),
        Value::Document(document) => Kind::Document(v1::Document {
            name: document.name.clone(),
            media_type: document.media_type.clone(),
            sha256: document.sha256.to_string(),
            location: document.location.clone(),
        }),
        Value::List(items) => Kind::List(v1::TextList {
            items: items.clone(),
        }),
    };
    v1::Value { kind: Some(kind) }
}

/// Writes an amount.
pub(in crate::api) fn money(money: Money) -> v1::Money {
    v1::Money {
        currency_code: money.currency.to_string(),
        minor_units: money.minor,
    }
}

/// Reads a day.
pub(in crate::api) fn date(reader: &mut Reader, field: &str, date: v1::Date) -> Option<Date> {
    // jiff would take a year 0, for which people have no use.
    let year = if date.year == 0 { u32::MAX } else { date.year };
    let text = format!("{year:04}-{:02}-{:02}", date.month, date.day);
    reader.take(field, Date::parse(&text))
}

/// Writes a day.
pub(in crate::api) fn wire_date(date: Date) -> v1::Date {
    // The one form of a date is `2026-12-25`; every part of it is a number.
    let text = date.to_string();
    let mut parts = text.split('-').map(|part| part.parse().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    v1::Date {
        year: next(),
        month: next(),
        day: next(),
    }
}

/// Writes what may answer a field.
pub(in crate::api) fn field_type(kind: &FieldKind) -> FieldType {
    match kind {
        FieldKind::Text { .. } => FieldType::Text,
        FieldKind::LongText => FieldType::LongText,
        FieldKind::YesNo => FieldType::YesNo,
        FieldKind::Choice { .. } => FieldType::Choice,
        FieldKind::Number { .. } => FieldType::Number,
        FieldKind::Money { .. } => FieldType::Money,
        FieldKind::Date => FieldType::Date,
        FieldKind::Document => FieldType::Document,
        FieldKind::List => FieldType::List,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: v1::Value) -> Result<Value, Vec<String>> {
        let mut reader = Reader::default();
        let read = super::value(&mut reader, "value", Some(value));
        reader.finish(read).map_err(|bad| {
            bad.violations
                .into_iter()
                .map(|v| format!("{}: {}", v.field, v.text))
                .collect()
        })
    }

    #[test]
    fn every_kind_of_value_goes_there_and_back() {
        for value in [
            Value::Text("\u{202e}ümläut\n".to_owned()),
            Value::Text(String::new()),
            Value::YesNo(false),
            Value::Choice("pay".to_owned()),
            Value::Number(-INTEGER_MAX),
            Value::Money(Money::parse("12.50 EUR").unwrap()),
            Value::Date(Date::parse("0999-02-03").unwrap()),
            Value::Document(Document {
                location: "crm/4711".to_owned(),
                media_type: "application/pdf".to_owned(),
                name: "ticket.pdf".to_owned(),
                sha256: Digest([7; 32]),
            }),
            Value::List(vec!["a".to_owned(), String::new()]),
            Value::List(Vec::new()),
        ] {
            assert_eq!(read(wire(&value)), Ok(value));
        }
    }

    #[test]
    fn values_that_are_none_are_named_with_what_would_be_right() {
        let money = |code: &str, minor_units| {
            Kind::Money(v1::Money {
                currency_code: code.to_owned(),
                minor_units,
            })
        };
        let date = |year, month, day| Kind::Date(v1::Date { year, month, day });
        for (kind, field) in [
            (Kind::Number(INTEGER_MAX + 1), "value: "),
            (money("eur", 1), "value.money: "),
            (money("EUR", i64::MIN), "value.money: "),
            (date(2026, 2, 29), "value.date: "),
            (date(2026, 123, 1), "value.date: "),
            (date(0, 1, 1), "value.date: "),
            (date(10_000, 1, 1), "value.date: "),
            (
                Kind::Document(v1::Document::default()),
                "value.document.sha256: ",
            ),
        ] {
            let faults = read(v1::Value { kind: Some(kind) }).unwrap_err();
            assert!(
                faults.iter().all(|fault| fault.starts_with(field)),
                "{faults:?}"
            );
        }
        assert_eq!(
            read(v1::Value { kind: None }),
            Err(vec!["value: it is missing".to_owned()])
        );
    }
}
