//! Values of answers, in the one form in which entries, sealed rows and commitments hold them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::Digest;
use crate::money::Money;
use crate::time::Date;

/// The longest value of a `text` field, of a choice and of an item of a list, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;
/// The longest value of a `long_text` field, of a note and of a reason, in bytes of UTF-8.
pub const LONG_TEXT_BYTES_MAX: usize = 64 * 1024;
/// The most items of a list.
pub const LIST_ITEMS_MAX: usize = 50;

/// The value of an answer. Its JSON, `{"text":"..."}` and so on, is what a commitment is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Of a `text` or `long_text` field, a note, a reason, or a part of a cause.
    Text(String),
    /// Of a `yes_no` field.
    YesNo(bool),
    /// Of a `choice` field, one of its declared options.
    Choice(String),
    /// Of a `number` field, within ±(2^53 - 1).
    Number(i64),
    /// Of a `money` field.
    Money(Money),
    /// Of a `date` field.
    Date(Date),
    /// Of a `document` field: the bytes stay in the help desk.
    Document(Document),
    /// Of a `list` field.
    List(Vec<String>),
}

/// A document that lies in the help desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Where it lies: a URL or a path of the help desk.
    pub location: String,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// Its file name.
    pub name: String,
    /// The digest of its bytes.
    pub sha256: Digest,
}

impl Value {
    /// Returns the JSON of the value: keys in byte order, no white space.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        // A `Value` has no map with other than text keys and no float, the only ways to fail.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// Returns the day that it is; none of any other value.
    #[must_use]
    pub const fn as_date(&self) -> Option<Date> {
        match self {
            Self::Date(date) => Some(*date),
            Self::Text(_)
            | Self::YesNo(_)
            | Self::Choice(_)
            | Self::Number(_)
            | Self::Money(_)
            | Self::Document(_)
            | Self::List(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Choice(text) => f.write_str(text),
            Self::YesNo(yes) => f.write_str(if *yes { "yes" } else { "no" }),
            Self::Number(number) => number.fmt(f),
            Self::Money(money) => money.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Document(document) => f.write_str(&document.name),
            Self::List(items) => f.write_str(&items.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_of_a_value_is_canonical_and_reads_back() {
        let document = Document {
            location: "crm/4711".into(),
            media_type: "application/pdf".into(),
            name: "ticket.pdf".into(),
            sha256: Digest([7; 32]),
        };
        for value in [
            Value::Text("\u{202e}ümläut \"quoted\"\n".into()),
            Value::YesNo(true),
            Value::Number(-7),
            Value::Money(Money::parse("12.50 EUR").unwrap()),
            Value::Date(Date::parse("2026-12-25").unwrap()),
            Value::Document(document),
            Value::List(vec!["a".into(), String::new()]),
        ] {
            let json = value.to_json();
            let parsed: serde_json::Value = serde_json::from_slice(&json).unwrap();
            assert_eq!(
                serde_json::to_vec(&parsed).unwrap(),
                json,
                "keys in byte order"
            );
            assert_eq!(serde_json::from_slice::<Value>(&json).unwrap(), value);
        }
    }
}
