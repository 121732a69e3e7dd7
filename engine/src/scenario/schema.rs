//! The JSON Schema of scenarios files, from which editors complete and explain.
//!
//! Invariant: it accepts what the reader of a file accepts and knows the same words; `tests` hold
//! the two to each other. The names of people, steps and fields are for the reader: they depend on
//! the file and its workflow.

use serde_json::{Map, Value, json};

use super::read::{LEADS, MORE};
use super::{SCENARIOS_MAX, STORY_LINES_MAX};
use crate::code::{Code, Kind};
use crate::id::NAME_CHARS_MAX;
use crate::workflow::schema::form::{
    Word, defined, described, flag, length, may, must, one_of, one_or_list, pattern, table, text,
    with, words,
};

/// Under which name the schema lies beside scenarios files.
pub const FILE_NAME: &str = "scenarios.schema.json";

/// What a person does that is no action of the workflow.
const DEEDS: [&str; 9] = [
    "note",
    "correct",
    "cause",
    "reopen",
    "contact",
    "renegotiate",
    "extend",
    "survey",
    "follow_up",
];

/// Returns the JSON Schema (draft-07) of scenarios files, as text that ends with a line.
#[must_use]
pub fn scenarios() -> String {
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Scenarios of a workflow of H.E.A.R.D.",
        "description": "Stories that a workflow must be able to tell. `heard test FILE` plays them \
            and says more than an editor can.",
        "definitions": Value::Object(definitions()),
    });
    let mut schema = with(file(), head);
    // The same bytes, whether or not a crate beside ours asks serde_json to keep our order.
    schema.sort_all_objects();
    format!("{schema:#}\n")
}

fn file() -> Value {
    let role = described("The role in which this person acts.", text());
    let list = json!({
        "type": ["array", "null"], "items": defined("scenario"), "maxItems": SCENARIOS_MAX,
    });
    words(vec![
        must("workflow", "The id of the workflow it is for.", text()),
        may(
            "clock",
            "When every story begins, in the local time of the workflow; without it 2026-01-05 \
             09:00.",
            time(),
        ),
        may(
            "people",
            "Names you make up, each with the role they act in. `customer` is there without being \
             named.",
            table("The role in which this person acts.", role),
        ),
        must(
            "scenarios",
            "The stories, each with a name of its own.",
            list,
        ),
    ])
}

fn definitions() -> Map<String, Value> {
    let definitions = [
        ("answers", answers()),
        ("line", line()),
        ("refused", refused()),
        ("scenario", scenario()),
        ("value", value()),
    ];
    let named = definitions.map(|(name, form)| (name.to_owned(), form));
    named.into_iter().collect()
}

fn scenario() -> Value {
    let lines = json!({
        "type": "array", "items": defined("line"), "minItems": 1, "maxItems": STORY_LINES_MAX,
    });
    words(vec![
        must("name", "What the story shows, in a few words.", text()),
        must(
            "story",
            "What happens, line by line; a line says one thing.",
            json!({"anyOf": [lines, defined("line")]}),
        ),
        may("then", "What must hold at the end.", then()),
    ])
}

fn then() -> Value {
    let amount = pattern(
        "-?[0-9]+([.][0-9]+)? [A-Z]{3}",
        "an amount looks like `50 EUR`",
        &["50 EUR", "0 EUR"],
    );
    let nothing = || one_of(&["none"]);
    let amount = json!({"anyOf": [nothing(), amount]});
    let amounts = json!({"type": "object", "minProperties": 1, "additionalProperties": amount});
    let plain = vec![
        may(
            "at",
            "The step the case is in, or the outcome it was closed with.",
            text(),
        ),
        may(
            "answers",
            "Fields with their answers; `empty` and `filled` say only whether there is one.",
            json!({
                "type": "object", "minProperties": 1, "additionalProperties": defined("value"),
            }),
        ),
        may(
            "given",
            "Fields with how much of them is given and not taken back; `none` for nothing at all.",
            json!({"anyOf": [nothing(), amounts]}),
        ),
        may(
            "owes_cause",
            "Whether it was closed otherwise than resolved and its cause is still to be found.",
            flag(),
        ),
    ];
    words(plain.into_iter().chain(timely_hopes()).collect())
}

/// What must have become of deadlines, and who must have been told.
fn timely_hopes() -> [Word; 8] {
    let list = json!({"type": "array", "items": text(), "minItems": 1});
    let names = || json!({"anyOf": [text(), list]});
    let due = json!({"anyOf": [one_of(&["none"]), time()]});
    [
        may(
            "broken",
            "The promises that were broken in the story, and no others; `none` for none.",
            names(),
        ),
        may(
            "kept",
            "The promises that were kept in the story, in time or late; `none` for none.",
            names(),
        ),
        may(
            "owed",
            "The promises that are owed at the end; `none` for none.",
            names(),
        ),
        may(
            "late",
            "What was late in the story: clocks, steps and tasks; `none` for nothing.",
            names(),
        ),
        may(
            "due",
            "What is due at the end, with its time; `none` for what does not run.",
            json!({"type": "object", "minProperties": 1, "additionalProperties": due}),
        ),
        may(
            "told",
            "The roles that were told something in the story, and no others; `none` for nobody.",
            names(),
        ),
        may(
            "sent",
            "The surveys that were sent in the story; `none` for none.",
            names(),
        ),
        may(
            "to_do",
            "The follow-ups that are to be done at the end; `none` for none.",
            names(),
        ),
    ]
}

/// A line: what the world does, or what a person does.
fn line() -> Value {
    let received = || {
        may(
            "received",
            "When the complaint came in; at the latest when the story begins.",
            time(),
        )
    };
    let mut forms = vec![
        described("The case is opened.", one_of(&["open"])),
        words(vec![
            must(
                "open",
                "The case is opened. Nothing stands after the colon.",
                json!({}),
            ),
            received(),
        ]),
        words(vec![
            must(
                "start_at",
                "The step at which the case comes in, as from another system.",
                text(),
            ),
            may(
                "with",
                "The answers that matter to the story; others are made up.",
                defined("answers"),
            ),
            received(),
        ]),
        words(vec![must(
            "wait",
            "How long nothing happens but that time passes.",
            length(),
        )]),
        words(vec![must(
            "until",
            "The time until which nothing happens.",
            time(),
        )]),
    ];
    forms.extend(deeds());
    json!({"anyOf": forms})
}

/// What a person does: the name of the person stands before the colon.
fn deeds() -> Vec<Value> {
    let reason = "The reason that is given; it is never made up.";
    let one_answer = with(
        json!({"type": "object", "additionalProperties": defined("value")}),
        json!({"minProperties": 1, "maxProperties": 1}),
    );
    let cause = pattern(
        "[a-z][a-z0-9_]*/[a-z][a-z0-9_]*",
        "a cause is written with its group: `process/handover`",
        &["process/handover"],
    );
    let action = json!({"not": {"enum": DEEDS}});
    let plain = [
        deed(
            &described(
                "The task or action: NAME, STEP.NAME or anywhere.NAME.",
                with(text(), action),
            ),
            vec![
                may("with", "The answers that are given.", defined("answers")),
                may("reason", reason, said()),
            ],
        ),
        deed(
            &described("Adds a note.", json!({"const": "note"})),
            vec![may("text", "The words of the note.", said())],
        ),
        deed(
            &described("Corrects one answer.", json!({"const": "correct"})),
            vec![
                must("with", "The field and its new value.", one_answer),
                must("reason", reason, said()),
            ],
        ),
        deed(
            &described("Records a root cause.", json!({"const": "cause"})),
            vec![
                must("is", "The cause, with its group.", cause),
                may(
                    "whys",
                    "The chain of whys; as many as the workflow asks are made up without it.",
                    one_or_list(&text()),
                ),
            ],
        ),
        deed(
            &described("Opens the closed case again.", json!({"const": "reopen"})),
            vec![must("reason", reason, said())],
        ),
    ];
    plain.into_iter().chain(timely()).collect()
}

/// What people do about promises, clocks, surveys and follow-ups.
fn timely() -> [Value; 5] {
    let does = |about: &str, word: &str| described(about, json!({"const": word}));
    let is = |about: &str| must("is", about, text());
    let whole = json!({"type": "integer"});
    let ratings = json!({"type": ["object", "null"], "additionalProperties": whole});
    [
        deed(
            &does(
                "Records that the customer and we were in contact.",
                "contact",
            ),
            Vec::new(),
        ),
        deed(
            &does(
                "Gives a promise another due time, which the customer agreed to.",
                "renegotiate",
            ),
            vec![
                is("The promise."),
                must("due", "When it is due from now on.", time()),
                must("consent", "How the customer agreed.", said()),
            ],
        ),
        deed(
            &does("Extends a clock, once and before it is due.", "extend"),
            vec![is("The clock."), may("reason", "Why.", said())],
        ),
        deed(
            &does("Records what the customer answered to a survey.", "survey"),
            vec![
                is("The survey."),
                must(
                    "with",
                    "Its questions with their answers, each a number of its scale.",
                    ratings,
                ),
                may("text", "What the customer added.", said()),
            ],
        ),
        deed(
            &does("Does a follow-up.", "follow_up"),
            vec![is("The follow-up."), may("text", "What was heard.", said())],
        ),
    ]
}

/// A line of a person, whose name is any word that says nothing else in a line.
fn deed(does: &Value, more: Vec<Word>) -> Value {
    let also = [
        may("as", "A role other than the one in `people`.", text()),
        may(
            "refused",
            "The names of the refusals that must come; `heard explain` lists them.",
            defined("refused"),
        ),
    ];
    let form = words(more.into_iter().chain(also).collect());
    let known: Vec<&str> = match form.get("properties").and_then(Value::as_object) {
        Some(properties) => properties.keys().map(String::as_str).collect(),
        None => Vec::new(),
    };
    let others = MORE.into_iter().filter(|word| !known.contains(word));
    let others: Vec<&str> = LEADS.into_iter().chain(others).collect();
    let names = json!({
        "pattern": format!("^[a-z][a-z0-9_]{{0,{}}}$", NAME_CHARS_MAX - 1),
        "not": {"enum": others},
        "errorMessage": "this word says nothing in such a line",
    });
    let nobody = json!({"propertyNames": {"enum": MORE}});
    with(
        form,
        json!({
            "type": "object", "additionalProperties": does, "propertyNames": names, "not": nobody,
        }),
    )
}

/// Fields with values.
fn answers() -> Value {
    json!({"type": ["object", "null"], "additionalProperties": defined("value")})
}

/// A value, as a story writes it.
fn value() -> Value {
    let list = json!({"type": "array", "items": text()});
    json!({
        "anyOf": [text(), list],
        "examples": ["200 EUR", "yes", "2026-12-25", "letter.pdf"],
    })
}

/// The refusals that are expected.
fn refused() -> Value {
    let codes = Code::ALL.iter();
    let refusals = codes.filter(|code| code.kind() == Kind::Refusal);
    let refusals: Vec<&str> = refusals.map(|code| code.name()).collect();
    let one = one_of(&refusals);
    json!({"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]})
}

/// Words that somebody says.
fn said() -> Value {
    with(text(), json!({"minLength": 1}))
}

/// A local time.
fn time() -> Value {
    pattern(
        "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}",
        "a time looks like `2026-10-05 09:00`",
        &["2026-10-05 09:00"],
    )
}

#[cfg(test)]
mod tests;
