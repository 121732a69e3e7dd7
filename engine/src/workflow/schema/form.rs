//! The forms that a value of a workflow file may have, as parts of the schema.
//!
//! A form accepts what the reader of the file accepts, spelled as an editor sees it: `yes` is a
//! text for YAML 1.2, `true` is not, `12` is a number. Two things are narrower on purpose: whole
//! numbers are written without quotation marks, and the text `null` with them.

use serde_json::{Map, Value, json};

use crate::id::NAME_CHARS_MAX;
use crate::value::TEXT_CHARS_MAX;
use crate::workflow::source::RESERVED;

/// The number of a length of time, from 1 to 10,000.
const COUNT: &str = "([1-9][0-9]{0,3}|10000)";
/// An amount that is not less than nothing.
const AMOUNT: &str = "[0-9]+([.][0-9]+)? [A-Z]{3}";

/// A word of the language: its name, whether it must be there, and what its value may be.
pub(crate) struct Word {
    name: &'static str,
    is_must: bool,
    form: Value,
}

/// A word that must be there. `about` is for a supervisor.
pub(crate) fn must(name: &'static str, about: &str, form: Value) -> Word {
    Word {
        name,
        is_must: true,
        form: described(about, form),
    }
}

/// A word that may be there. `about` is for a supervisor.
pub(crate) fn may(name: &'static str, about: &str, form: Value) -> Word {
    Word {
        is_must: false,
        ..must(name, about, form)
    }
}

/// Says beside a form what it is for.
pub(crate) fn described(about: &str, mut form: Value) -> Value {
    if let Value::Object(form) = &mut form {
        form.insert("description".to_owned(), Value::from(about));
    }
    form
}

/// A form with further keywords of JSON Schema.
pub(crate) fn with(mut form: Value, more: Value) -> Value {
    if let (Value::Object(form), Value::Object(more)) = (&mut form, more) {
        form.extend(more);
    }
    form
}

/// A map whose keys are words of the language.
pub(crate) fn words(words: Vec<Word>) -> Value {
    let must: Vec<&str> = words.iter().filter(|w| w.is_must).map(|w| w.name).collect();
    // Where no word must be there, writing nothing says as much.
    let kind = if must.is_empty() {
        json!(["object", "null"])
    } else {
        json!("object")
    };
    let mut form = json!({"type": kind, "additionalProperties": false});
    if !must.is_empty() {
        form = with(form, json!({"required": must}));
    }
    let named = words
        .into_iter()
        .map(|word| (word.name.to_owned(), word.form));
    let named: Map<String, Value> = named.collect();
    with(form, json!({"properties": named}))
}

/// A map whose keys are names that the file gives.
pub(crate) fn table(about_each: &str, form: Value) -> Value {
    let name = json!({
        "pattern": format!("^[a-z][a-z0-9_]{{0,{}}}$", NAME_CHARS_MAX - 1),
        "patternErrorMessage": "a name has lower-case letters, digits and `_`, begins with a \
            letter and has at most 64 characters",
        "not": {"enum": RESERVED},
        "errorMessage": "the word has a meaning of its own in the language: choose another name",
    });
    json!({
        "type": ["object", "null"],
        "propertyNames": name,
        "additionalProperties": described(about_each, form),
    })
}

/// Two words that say the same in different ways.
pub(crate) fn not_both(one: &str, other: &str) -> Value {
    json!({
        "not": {"type": "object", "required": [one, other]},
        "errorMessage": format!("`{other}` does not go together with `{one}`: delete one of them"),
    })
}

/// At least one of these words.
pub(crate) fn either(words: &[&str]) -> Value {
    let each: Vec<Value> = words
        .iter()
        .map(|word| json!({"required": [word]}))
        .collect();
    json!({"anyOf": each})
}

/// What stands under a name at the end of the schema.
pub(crate) fn defined(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

/// A text. What YAML takes for a number or a truth value is text as well.
pub(crate) fn text() -> Value {
    json!({"type": ["string", "number", "boolean"], "maxLength": TEXT_CHARS_MAX})
}

/// A text of a certain look. `expected` is said where it looks otherwise.
pub(crate) fn pattern(pattern: &str, expected: &str, examples: &[&str]) -> Value {
    json!({
        "type": "string",
        "pattern": format!("^({pattern})$"),
        "patternErrorMessage": expected,
        "examples": examples,
    })
}

/// One of a few words.
pub(crate) fn one_of(words: &[&str]) -> Value {
    json!({"enum": words})
}

/// Yes or no.
pub(crate) fn flag() -> Value {
    json!({"enum": ["yes", "no", true, false]})
}

/// A whole number within bounds.
pub(crate) fn whole(min: u32, max: u32) -> Value {
    json!({"type": "integer", "minimum": min, "maximum": max})
}

/// A share such as `75%`.
pub(crate) fn percent() -> Value {
    let expected = "a share looks like `75%`, from 1% to 100%";
    pattern("([1-9][0-9]?|100)%", expected, &["75%"])
}

/// A length of time.
pub(crate) fn length() -> Value {
    let look = format!(
        "{COUNT} ((working )?(minute|hour|day)s?|(week|month|year)s?)|end of {COUNT} working days?"
    );
    let expected = "a length of time looks like `20 minutes`, `3 days`, `2 working days` or `end \
                    of 3 working days`";
    let examples = [
        "20 minutes",
        "4 working hours",
        "3 days",
        "2 working days",
        "end of 3 working days",
        "8 weeks",
    ];
    pattern(&look, expected, &examples)
}

/// How much a role may give in a period.
pub(crate) fn limit_part() -> Value {
    let look = format!("{AMOUNT}( per (case|day|week|month))?");
    let expected = "a limit looks like `50 EUR`, `50 EUR per case`, `500 EUR per week`; it counts \
                    per case, day, week or month";
    pattern(&look, expected, &["50 EUR", "500 EUR per week"])
}

/// A currency.
pub(crate) fn currency() -> Value {
    let expected = "a currency has three capital letters, like `EUR`";
    pattern("[A-Z]{3}", expected, &["EUR", "GBP", "USD"])
}

/// A day of the calendar.
pub(crate) fn date() -> Value {
    let expected = "a date looks like 2026-12-25";
    pattern("[0-9]{4}-[0-9]{2}-[0-9]{2}", expected, &["2026-12-25"])
}

/// One, or a list of them; nothing is an empty list.
pub(crate) fn one_or_list(item: &Value) -> Value {
    json!({"anyOf": [item, {"type": "array", "items": item}, {"type": "null"}]})
}

/// One name, or a list of names, each once.
pub(crate) fn names() -> Value {
    let list = json!({"type": "array", "items": text(), "uniqueItems": true});
    json!({"anyOf": [text(), list, {"type": "null"}]})
}
