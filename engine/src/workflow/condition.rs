//! Conditions: data that a person wrote, judged over the answers of a case.
//!
//! Invariant: judging a condition cannot fail, loop or take long.

use std::fmt;

use super::{FieldIndex, Workflow};
use crate::money::Money;
use crate::time::Date;
use crate::value::Value;

/// What must hold.
#[derive(Debug, Clone)]
pub enum Condition {
    /// All of them.
    All(Vec<Self>),
    /// At least one of them.
    Any(Vec<Self>),
    /// The other way round.
    Not(Box<Self>),
    /// A test of one field.
    Field(FieldIndex, Test),
}

/// A test of one field. Every one but [`Test::Empty`] is false of an empty field.
#[derive(Debug, Clone)]
pub enum Test {
    /// The answer is one of these.
    OneOf(Vec<Value>),
    /// The answer lies within all of these bounds.
    Within(Vec<(Bound, Ordered)>),
    /// There is no answer.
    Empty,
    /// There is an answer.
    Filled,
    /// The amount is not covered. Only a rule of an action may ask it.
    OverLimit,
}

/// One side of a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the language explain themselves")]
pub enum Bound {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// A value that can be larger or smaller than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordered {
    /// A number.
    Number(i64),
    /// An amount; compares only within its currency.
    Money(Money),
    /// A day.
    Date(Date),
}

/// What a condition may see of an answer.
#[derive(Debug, Clone, Copy)]
pub enum Seen<'a> {
    /// There is none.
    Empty,
    /// There is one, but it is sealed.
    Sealed,
    /// The answer.
    Value(&'a Value),
}

impl Condition {
    /// Says whether the condition holds over the answers that `seen` shows, where nobody acts:
    /// nothing is over a limit there.
    pub fn holds<'a>(&self, seen: &impl Fn(FieldIndex) -> Seen<'a>) -> bool {
        self.holds_in_rule(seen, &|_| false)
    }

    /// Says whether the condition of a rule holds, while a person acts; `is_over` says which
    /// amounts nobody covers.
    pub fn holds_in_rule<'a>(
        &self,
        seen: &impl Fn(FieldIndex) -> Seen<'a>,
        is_over: &impl Fn(FieldIndex) -> bool,
    ) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds_in_rule(seen, is_over)),
            Self::Any(parts) => parts.iter().any(|part| part.holds_in_rule(seen, is_over)),
            Self::Not(part) => !part.holds_in_rule(seen, is_over),
            Self::Field(field, Test::OverLimit) => is_over(*field),
            Self::Field(field, test) => test.holds(seen(*field)),
        }
    }

    /// Visits every field that the condition looks at, with its test.
    pub fn visit(&self, see: &mut impl FnMut(FieldIndex, &Test)) {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.visit(see);
                }
            }
            Self::Not(part) => part.visit(see),
            Self::Field(field, test) => see(*field, test),
        }
    }
}

impl Condition {
    /// Returns the condition in words: "`decision` is `pay`".
    #[must_use]
    pub fn describe(&self, workflow: &Workflow) -> String {
        let join = |parts: &[Self], word: &str| {
            let parts: Vec<String> = parts.iter().map(|part| part.describe(workflow)).collect();
            parts.join(word)
        };
        match self {
            Self::All(parts) => join(parts, " and "),
            Self::Any(parts) => format!("either {}", join(parts, " or ")),
            Self::Not(part) => format!("not ({})", part.describe(workflow)),
            Self::Field(field, test) => {
                format!("`{}` {}", workflow.field_at(*field).0, test.describe())
            }
        }
    }
}

impl Test {
    fn describe(&self) -> String {
        match self {
            Self::OneOf(values) => {
                let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
                format!("is {}", values.join(" or "))
            }
            Self::Within(bounds) => {
                let bounds: Vec<String> = bounds
                    .iter()
                    .map(|(bound, limit)| format!("{bound} {limit}"))
                    .collect();
                format!("is {}", bounds.join(" and "))
            }
            Self::Empty => "is not answered".to_owned(),
            Self::Filled => "is answered".to_owned(),
            Self::OverLimit => "is over the limit".to_owned(),
        }
    }

    fn holds(&self, seen: Seen<'_>) -> bool {
        match (self, seen) {
            (Self::Empty, seen) => matches!(seen, Seen::Empty),
            (Self::Filled, seen) => !matches!(seen, Seen::Empty),
            (Self::OneOf(values), Seen::Value(answer)) => values.contains(answer),
            (Self::Within(bounds), Seen::Value(answer)) => bounds
                .iter()
                .all(|(bound, limit)| bound.holds(answer, *limit)),
            (Self::OneOf(_) | Self::Within(_), Seen::Empty | Seen::Sealed)
            | (Self::OverLimit, _) => false,
        }
    }
}

impl Bound {
    pub(crate) fn holds(self, answer: &Value, limit: Ordered) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let order = match (answer, limit) {
            (Value::Number(answer), Ordered::Number(limit)) => answer.cmp(&limit),
            (Value::Date(answer), Ordered::Date(limit)) => answer.cmp(&limit),
            (Value::Money(answer), Ordered::Money(limit)) if answer.currency == limit.currency => {
                answer.minor.cmp(&limit.minor)
            }
            _ => return false,
        };
        match self {
            Self::Above => order == Greater,
            Self::AtLeast => order == Greater || order == Equal,
            Self::Below => order == Less,
            Self::AtMost => order == Less || order == Equal,
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Above => "above",
            Self::AtLeast => "at least",
            Self::Below => "below",
            Self::AtMost => "at most",
        })
    }
}

impl fmt::Display for Ordered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Money(money) => money.fmt(f),
            Self::Date(date) => date.fmt(f),
        }
    }
}
