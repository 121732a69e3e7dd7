//! The JSON Schema of workflow files, from which editors complete and explain.
//!
//! Invariant: it accepts what the reader of a file accepts and knows the same words; `tests` hold
//! the two to each other.

mod answers;
mod flow;
pub(crate) mod form;
mod learning;
mod time;

use serde_json::{Map, Value, json};

use super::source::{LANGUAGE_VERSION, VERSION_MAX};
use form::{Word, may, must, one_of, pattern, text, whole, words};

/// Under which name the schema lies beside workflow files.
pub const FILE_NAME: &str = "workflow.schema.json";

/// Returns the JSON Schema (draft-07) of workflow files, as text that ends with a line.
#[must_use]
pub fn workflow() -> String {
    let Value::Object(mut schema) = words(
        [outline(), rules(), learning(), flow()]
            .into_iter()
            .flatten()
            .collect(),
    ) else {
        return String::new();
    };
    let head = [
        ("$schema", json!("http://json-schema.org/draft-07/schema#")),
        ("title", json!("A workflow of H.E.A.R.D.")),
        (
            "description",
            json!(
                "How complaints are heard, met with empathy, apologised for, resolved and \
                 diagnosed, in words that a supervisor writes. `heard check FILE` says more than \
                 an editor can."
            ),
        ),
        ("definitions", Value::Object(definitions())),
    ];
    schema.extend(head.map(|(key, value)| (key.to_owned(), value)));
    let mut schema = Value::Object(schema);
    // The same bytes, whether or not a crate beside ours asks serde_json to keep our order.
    schema.sort_all_objects();
    format!("{schema:#}\n")
}

/// What the file says of itself.
fn outline() -> Vec<Word> {
    let id = pattern(
        "[a-z][a-z0-9]*(-[a-z0-9]+)*",
        "an id has lower-case words of letters and digits joined by `-`",
        &["late-delivery"],
    );
    vec![
        must(
            "heard",
            "The version of the language: always 1.",
            json!({"const": LANGUAGE_VERSION}),
        ),
        must(
            "workflow",
            "The id of the workflow, such as late-delivery. It stays the same in all versions.",
            id,
        ),
        must(
            "version",
            "The number of this version. A published version never changes: raise it by one.",
            whole(1, VERSION_MAX),
        ),
        must("title", "What people call the workflow.", text()),
        may("purpose", "What it is for, in a sentence.", text()),
        may("owner", "The role that answers for it.", text()),
        may(
            "model",
            "heard (also where nothing is written): the check proves that every case is heard, \
             met with empathy, apologised for and resolved in that order. custom: for another \
             method.",
            one_of(&["heard", "custom"]),
        ),
    ]
}

/// Who may do what by when, and what they are asked.
fn rules() -> Vec<Word> {
    vec![
        may(
            "calendars",
            "When you are open. `default` counts where none is named; without any you are always \
             open.",
            time::calendars(),
        ),
        must(
            "roles",
            "Who acts, least senior first. `customer` is built in.",
            answers::roles(),
        ),
        may(
            "fields",
            "Every answer that a case can hold.",
            answers::fields(),
        ),
        may(
            "tables",
            "Decision tables: the first row that fits gives a field its value.",
            answers::tables(),
        ),
        may(
            "limits",
            "How much each role may give without asking.",
            answers::limits(),
        ),
        may(
            "promises",
            "What the customer is told will happen.",
            time::promises(),
        ),
        may("clocks", "Deadlines that span steps.", time::clocks()),
    ]
}

/// What is learnt, and what happens afterwards.
fn learning() -> Vec<Word> {
    vec![
        may(
            "causes",
            "The causes to choose from, and how a cause is found.",
            learning::causes(),
        ),
        may(
            "surveys",
            "What customers are asked after contact.",
            learning::surveys(),
        ),
        may(
            "follow_ups",
            "What is done some time after closing.",
            learning::follow_ups(),
        ),
        may(
            "standards",
            "Service standards that can be measured.",
            learning::standards(),
        ),
        may("keep", "How long cases are kept.", time::keep()),
        may(
            "moves",
            "Where running cases of an earlier version go.",
            learning::moves(),
        ),
    ]
}

/// The way of a case.
fn flow() -> Vec<Word> {
    vec![
        must("start", "The step in which a case begins.", text()),
        must(
            "steps",
            "The steps, in the order in which they are best read.",
            flow::steps(),
        ),
        must("outcomes", "How a case can end.", flow::outcomes()),
        may(
            "anywhere",
            "Actions that are possible in every step, such as a customer who withdraws.",
            flow::anywhere(),
        ),
    ]
}

/// What stands in several places, or within itself.
fn definitions() -> Map<String, Value> {
    let definitions = [
        ("action", flow::action(Vec::new())),
        ("condition", answers::condition()),
        ("due", time::due()),
        ("late", time::late()),
        ("length", form::length()),
        ("needs", answers::needs()),
        ("rule", flow::rule()),
    ];
    definitions
        .map(|(name, form)| (name.to_owned(), form))
        .into_iter()
        .collect()
}

#[cfg(test)]
pub(crate) mod tests;
