//! Fields: every answer a case can hold, and what may answer it.
//!
//! Invariant: what a field allows is decided when the workflow is compiled.

use std::sync::Arc;

use super::FieldIndex;
use crate::id::LimitName;
use crate::money::Currency;
use crate::value::Value;

/// A field: a question and what may answer it.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says one thing of the file, apart from the others"
)]
pub struct Field {
    /// The question a person sees.
    pub ask: String,
    /// What may answer it.
    pub kind: FieldKind,
    /// Its values are sealed: the entry holds a commitment only.
    pub sealed: bool,
    /// It is personal data, as the file says.
    pub personal: bool,
    /// The answer recorded where one is needed and none is given.
    pub default: Option<Value>,
    /// It becomes empty when a step that names it is entered.
    pub each_time: bool,
    /// It is computed from a table and never asked.
    pub computed: bool,
    /// Whose limit holds for giving it.
    pub limit: Option<LimitName>,
}

/// What may answer a field.
#[derive(Debug, Clone)]
pub enum FieldKind {
    /// Up to [`TEXT_CHARS_MAX`](crate::value::TEXT_CHARS_MAX) characters, all matched by the
    /// pattern.
    Text {
        /// What the whole text must match, and its source.
        pattern: Option<Arc<Pattern>>,
    },
    /// Up to [`LONG_TEXT_BYTES_MAX`](crate::value::LONG_TEXT_BYTES_MAX) bytes.
    LongText,
    /// Yes or no.
    YesNo,
    /// One of these.
    Choice {
        /// The options in the file's order.
        of: Vec<String>,
    },
    /// A whole number.
    Number {
        /// The smallest allowed.
        min: Option<i64>,
        /// The largest allowed.
        max: Option<Max>,
    },
    /// An amount, not negative.
    Money {
        /// Its currency.
        currency: Currency,
        /// The largest allowed.
        max: Option<Max>,
    },
    /// A day.
    Date,
    /// A document that lies in the help desk.
    Document,
    /// Several texts.
    List,
}

impl Field {
    /// Returns the currency of an amount of money.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        match &self.kind {
            FieldKind::Money { currency, .. } => Some(*currency),
            FieldKind::Text { .. }
            | FieldKind::LongText
            | FieldKind::YesNo
            | FieldKind::Choice { .. }
            | FieldKind::Number { .. }
            | FieldKind::Date
            | FieldKind::Document
            | FieldKind::List => None,
        }
    }
}

impl FieldKind {
    /// Returns its word in the language.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Text { .. } => "text",
            Self::LongText => "long_text",
            Self::YesNo => "yes_no",
            Self::Choice { .. } => "choice",
            Self::Number { .. } => "number",
            Self::Money { .. } => "money",
            Self::Date => "date",
            Self::Document => "document",
            Self::List => "list",
        }
    }
}

/// The largest value of a field: fixed, or that of another field of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Max {
    /// Minor units of the field's currency, or a number.
    Fixed(i64),
    /// The present answer of that field; not checked while it is empty.
    Field(FieldIndex),
}

/// A pattern that a whole text must match.
#[derive(Debug)]
pub struct Pattern {
    /// As written in the file.
    pub source: String,
    pub(crate) regex: regex_lite::Regex,
}

impl Pattern {
    /// Returns whether the whole text matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }
}
