//! Turns the spelling of a value into the value that a field of its kind holds.

use super::{Field, Kind};
use crate::money::{INTEGER_MAX, Money};
use crate::time::Date;
use crate::value::Value;
use crate::workflow::condition::Ordered;

impl Kind {
    /// Every kind with its word.
    pub const WORDS: [(&'static str, Self); 9] = [
        ("text", Self::Text),
        ("long_text", Self::LongText),
        ("yes_no", Self::YesNo),
        ("choice", Self::Choice),
        ("number", Self::Number),
        ("money", Self::Money),
        ("date", Self::Date),
        ("document", Self::Document),
        ("list", Self::List),
    ];

    /// Returns its word in the language.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let found = Self::WORDS.iter().find(|(_, kind)| *kind == self);
        found.map_or("", |(word, _)| *word)
    }

    /// Returns whether values of the kind can be larger or smaller.
    #[must_use]
    pub const fn is_ordered(self) -> bool {
        match self {
            Self::Number | Self::Money | Self::Date => true,
            Self::Text
            | Self::LongText
            | Self::YesNo
            | Self::Choice
            | Self::Document
            | Self::List => false,
        }
    }
}

impl Field {
    /// Returns whether the values of the field are sealed.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        let is_long = self
            .kind
            .as_ref()
            .is_some_and(|kind| kind.value == Kind::LongText);
        is_long
            || self
                .personal
                .as_ref()
                .is_some_and(|personal| personal.value)
    }

    /// Says, of a sealed field, what seals it.
    pub(crate) fn sealed_because(&self) -> &'static str {
        let is_personal = self.personal.as_ref().is_some_and(|said| said.value);
        if is_personal {
            "sealed, because it is personal"
        } else {
            "sealed, because it is a long text"
        }
    }

    /// Reads a value as the field holds it.
    ///
    /// # Errors
    ///
    /// What would have been right, for a person.
    pub fn value(&self, text: &str) -> Result<Value, String> {
        let Some(kind) = &self.kind else {
            return Err("the field has no `type`".to_owned());
        };
        match kind.value {
            Kind::Text | Kind::LongText => Ok(Value::Text(text.to_owned())),
            Kind::YesNo => match text {
                "yes" | "true" => Ok(Value::YesNo(true)),
                "no" | "false" => Ok(Value::YesNo(false)),
                _ => Err("the field is answered with yes or no".to_owned()),
            },
            Kind::Choice => {
                if self.of.iter().any(|option| option.value == text) {
                    return Ok(Value::Choice(text.to_owned()));
                }
                let options: Vec<&str> = self.of.iter().map(|o| o.value.as_str()).collect();
                let options = super::reader::listed(&options, "or");
                Err(format!("the field can be {options}"))
            }
            Kind::Number => number(text).map(Value::Number),
            Kind::Money => self.money(text).map(Value::Money),
            Kind::Date => Date::parse(text)
                .map(Value::Date)
                .map_err(|error| error.to_string()),
            Kind::Document => Err("a document cannot be written here".to_owned()),
            Kind::List => Err("a list can only be asked whether it is empty or filled".to_owned()),
        }
    }

    /// Reads a value that can be larger or smaller than others of the field.
    ///
    /// # Errors
    ///
    /// What would have been right, for a person.
    pub fn ordered(&self, text: &str) -> Result<Ordered, String> {
        match self.value(text)? {
            Value::Number(number) => Ok(Ordered::Number(number)),
            Value::Money(money) => Ok(Ordered::Money(money)),
            Value::Date(date) => Ok(Ordered::Date(date)),
            Value::Text(_)
            | Value::YesNo(_)
            | Value::Choice(_)
            | Value::Document(_)
            | Value::List(_) => Err("only numbers, amounts and dates are compared".to_owned()),
        }
    }

    fn money(&self, text: &str) -> Result<Money, String> {
        let money = Money::parse(text).map_err(|error| error.to_string())?;
        let currency = self
            .currency
            .as_ref()
            .map(|currency| currency.value.as_str());
        if currency.is_some_and(|currency| currency != money.currency.to_string()) {
            return Err(format!("the field is in {}", currency.unwrap_or_default()));
        }
        Ok(money)
    }
}

/// Reads a whole number within what an entry can hold.
pub(crate) fn number(text: &str) -> Result<i64, String> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let is_plain = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<i64>().ok();
    number
        .filter(|n| is_plain && n.unsigned_abs() <= INTEGER_MAX.unsigned_abs())
        .ok_or_else(|| "a whole number such as `15` is expected".to_owned())
}
