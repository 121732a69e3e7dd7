//! Answers as they are typed: `goodwill="50 EUR"`, `story=@story.txt`.
//!
//! Invariant: what a text means follows from the type of its field, never from how it looks.

use std::fs::File;
use std::io::Read as _;

use heard_engine::money::Money;
use heard_engine::time::Date;
use heard_proto::v1::value::Kind;
use heard_proto::v1::{self, Answer, FieldType, Value};
use serde::Deserialize;

use super::failure::Failure;

/// The most bytes of a file that are read: a request takes no more.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// What `--help` says of values.
pub(super) const HELP: &str = "\
How values are written, by the type of the field:
  text, long text   as it is; field=@FILE reads a file; @@ stands for one @ at the beginning
  yes or no         yes, no
  choice            one of its choices
  number            a whole number
  money             \"50 EUR\", \"12.50 EUR\"
  date              2026-12-25
  list              first|second|third
  document          JSON: {\"name\":...,\"media_type\":...,\"sha256\":...,\"location\":...}";

/// An answer as it was typed, with files already read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given {
    /// The field.
    pub(super) field: String,
    /// What was given for it.
    pub(super) text: String,
}

/// A document as it is typed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedDocument {
    name: String,
    media_type: String,
    sha256: String,
    location: String,
}

impl Given {
    /// Reads `field=value` or `field=@FILE`.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] says what is wrong.
    pub(super) fn read(typed: &str) -> Result<Self, Failure> {
        let Some((field, text)) = typed.split_once('=') else {
            return Err(Failure::Usage(format!(
                "an answer is written field=value, such as accepted=yes; this is not: {typed}"
            )));
        };
        Ok(Self {
            field: field.trim().to_owned(),
            text: text_of(text)?,
        })
    }

    /// Makes it an answer, by the type of its field.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] says how such a value is written.
    pub(super) fn answer(&self, field: FieldType) -> Result<Answer, Failure> {
        let value = value(field, &self.text)
            .map_err(|wrong| Failure::Usage(format!("{}: {wrong}", self.field)))?;
        Ok(Answer {
            field: self.field.clone(),
            value: Some(value),
        })
    }
}

/// Returns a text as it was typed, or that of the file which it names after an `@`.
///
/// # Errors
///
/// [`Failure::Usage`] when the file cannot be read as text.
pub(super) fn text_of(typed: &str) -> Result<String, Failure> {
    let Some(rest) = typed.strip_prefix('@') else {
        return Ok(typed.to_owned());
    };
    if rest.starts_with('@') {
        return Ok(rest.to_owned());
    }
    let mut text = String::new();
    let read =
        File::open(rest).and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text));
    match read {
        Ok(bytes) if bytes as u64 <= FILE_BYTES_MAX => Ok(text),
        Ok(_) => Err(Failure::Usage(format!(
            "{rest} is larger than {} KiB, more than a request takes",
            FILE_BYTES_MAX / 1024
        ))),
        Err(error) => Err(Failure::Usage(format!(
            "{rest} cannot be read as text: {error}"
        ))),
    }
}

/// Reads a value of a field of this type.
///
/// # Errors
///
/// How such a value is written.
pub(super) fn value(field: FieldType, text: &str) -> Result<Value, String> {
    let kind = match field {
        // Without a type the server is to say what is wrong with the field.
        FieldType::Text | FieldType::LongText | FieldType::Unspecified => {
            Kind::Text(text.to_owned())
        }
        FieldType::YesNo => Kind::YesNo(yes_no(text)?),
        FieldType::Choice => Kind::Choice(text.trim().to_owned()),
        FieldType::Number => Kind::Number(number(text)?),
        FieldType::Money => Kind::Money(money(text)?),
        FieldType::Date => Kind::Date(date(text)?),
        FieldType::Document => Kind::Document(document(text)?),
        FieldType::List => Kind::List(v1::TextList { items: list(text) }),
    };
    Ok(Value { kind: Some(kind) })
}

fn yes_no(text: &str) -> Result<bool, String> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" => Ok(true),
        "no" | "n" | "false" => Ok(false),
        _ => Err(format!("write yes or no, not {text:?}")),
    }
}

fn number(text: &str) -> Result<i64, String> {
    let number = text.trim().parse();
    number.map_err(|_| format!("write a whole number, such as 3, not {text:?}"))
}

fn money(text: &str) -> Result<v1::Money, String> {
    let money = Money::parse(text.trim()).map_err(|error| error.to_string())?;
    Ok(v1::Money {
        currency_code: money.currency.to_string(),
        minor_units: money.minor,
    })
}

pub(super) fn date(text: &str) -> Result<v1::Date, String> {
    let wrong = || format!("write a date such as 2026-12-25, not {text:?}");
    let date = Date::parse(text.trim()).map_err(|_| wrong())?;
    // The form was checked: three numbers with `-` between them.
    let text = date.to_string();
    let mut parts = text.split('-').map(str::parse);
    let mut part = || parts.next().and_then(Result::ok).ok_or_else(wrong);
    Ok(v1::Date {
        year: part()?,
        month: part()?,
        day: part()?,
    })
}

fn document(text: &str) -> Result<v1::Document, String> {
    let typed: TypedDocument = serde_json::from_str(text).map_err(|error| {
        format!("write a document as JSON with name, media_type, sha256 and location: {error}")
    })?;
    Ok(v1::Document {
        name: typed.name,
        media_type: typed.media_type,
        sha256: typed.sha256,
        location: typed.location,
    })
}

fn list(text: &str) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    text.split('|').map(|item| item.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(field: FieldType, text: &str) -> Kind {
        value(field, text).unwrap().kind.unwrap()
    }

    #[test]
    fn a_text_means_what_the_type_of_its_field_says() {
        for (field, text, expected) in [
            (FieldType::Text, "50 EUR", Kind::Text("50 EUR".into())),
            (FieldType::LongText, "yes\n", Kind::Text("yes\n".into())),
            (FieldType::YesNo, "Yes", Kind::YesNo(true)),
            (FieldType::YesNo, "n", Kind::YesNo(false)),
            (FieldType::Choice, "angry", Kind::Choice("angry".into())),
            (FieldType::Number, "-7", Kind::Number(-7)),
            (
                FieldType::Money,
                "12.5 EUR",
                Kind::Money(v1::Money {
                    currency_code: "EUR".into(),
                    minor_units: 1_250,
                }),
            ),
            (
                FieldType::Date,
                "2026-12-25",
                Kind::Date(v1::Date {
                    year: 2026,
                    month: 12,
                    day: 25,
                }),
            ),
            (
                FieldType::List,
                "a | b|c",
                Kind::List(v1::TextList {
                    items: vec!["a".into(), "b".into(), "c".into()],
                }),
            ),
            (FieldType::List, "", Kind::List(v1::TextList::default())),
            (
                FieldType::Document,
                r#"{"name":"t.pdf","media_type":"text/html","sha256":"00","location":"crm/1"}"#,
                Kind::Document(v1::Document {
                    name: "t.pdf".into(),
                    media_type: "text/html".into(),
                    sha256: "00".into(),
                    location: "crm/1".into(),
                }),
            ),
        ] {
            assert_eq!(kind(field, text), expected, "{text:?}");
        }
    }

    #[test]
    fn what_does_not_suit_the_type_is_said_with_how_it_is_written() {
        for (field, text, says) in [
            (FieldType::YesNo, "maybe", "write yes or no"),
            (FieldType::Number, "3.5", "write a whole number"),
            (
                FieldType::Number,
                "99999999999999999999",
                "write a whole number",
            ),
            (FieldType::Money, "50", "like `50 EUR`"),
            (FieldType::Date, "25.12.2026", "such as 2026-12-25"),
            (FieldType::Date, "2026-02-30", "such as 2026-12-25"),
            (FieldType::Document, "ticket.pdf", "as JSON with name"),
            (
                FieldType::Document,
                r#"{"name":"a","extra":1}"#,
                "as JSON with name",
            ),
        ] {
            let wrong = value(field, text).unwrap_err();
            assert!(wrong.contains(says), "{text:?}: {wrong}");
        }
    }

    #[test]
    fn an_answer_has_a_field_and_may_lie_in_a_file() {
        let given = Given::read("story=a=b").unwrap();
        assert_eq!(
            (given.field.as_str(), given.text.as_str()),
            ("story", "a=b")
        );
        assert_eq!(Given::read("story=@@home").unwrap().text, "@home");
        assert!(matches!(Given::read("story"), Err(Failure::Usage(_))));
        let Err(Failure::Usage(text)) = Given::read("story=@/no/such/file") else {
            panic!("there is no such file");
        };
        assert!(text.contains("/no/such/file"), "{text}");
    }
}
