//! Values made up where a story does not say any.
//!
//! Invariant: a stand-in suits its field by itself; whether it suits a rule is for the story.

mod pattern;

use crate::case::seal::check_value;
use crate::id::Digest;
use crate::money::Money;
use crate::time::Date;
use crate::value::{Document, Value};
use crate::workflow::{Field, FieldKind, Max};

/// The words of a stand-in for a text.
pub(super) const WORDS: &str = "a stand-in";
/// The reason of what the engine makes up by itself.
pub(super) const REASON: &str = "a stand-in for the reason";
/// The day of a stand-in for a date.
const DAY: &str = "2026-01-05";
/// The minor units of a stand-in for an amount, where the field allows so much.
const MINOR: i64 = 1_000;

/// Returns a value for a field, or none where its pattern is beyond what can be made up.
pub(super) fn stand_in(field: &Field) -> Option<Value> {
    let up_to = |max: Option<Max>, wanted: i64| match max {
        Some(Max::Fixed(max)) => wanted.min(max),
        // Whatever the other field holds, nothing is within it.
        Some(Max::Field(_)) => 0,
        None => wanted,
    };
    let value = match &field.kind {
        FieldKind::Text {
            pattern: Some(pattern),
        } => Value::Text(pattern::example(&pattern.source)?),
        FieldKind::Text { pattern: None } | FieldKind::LongText => Value::Text(WORDS.to_owned()),
        FieldKind::YesNo => Value::YesNo(true),
        FieldKind::Choice { of } => Value::Choice(of.first()?.clone()),
        FieldKind::Number { min, max } => {
            let least = min.unwrap_or(0);
            Value::Number(up_to(*max, least.max(1)).max(least))
        }
        FieldKind::Money { currency, max } => Value::Money(Money {
            currency: *currency,
            minor: up_to(*max, MINOR),
        }),
        FieldKind::Date => Value::Date(Date::parse(DAY).ok()?),
        FieldKind::Document => document("stand-in.pdf"),
        FieldKind::List => Value::List(vec![WORDS.to_owned()]),
    };
    check_value(field, &value).is_ok().then_some(value)
}

/// Returns a document of this name that lies nowhere.
pub(super) fn document(name: &str) -> Value {
    Value::Document(Document {
        location: format!("scenario/{name}"),
        media_type: "application/pdf".to_owned(),
        name: name.to_owned(),
        sha256: Digest([0; 32]),
    })
}
