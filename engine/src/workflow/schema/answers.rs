//! What a case can hold and who may give how much: roles, fields, tables, limits, conditions.

use serde_json::{Value, json};

use super::form::{
    currency, defined, flag, limit_part, may, must, names, not_both, one_of, one_or_list, table,
    text, with, words,
};
use crate::workflow::source::Kind;

pub(super) fn roles() -> Value {
    let role = words(vec![
        may("title", "What people call the role.", text()),
        may(
            "reads_only",
            "Yes for auditors: they see everything and change nothing.",
            flag(),
        ),
        may(
            "system",
            "Yes for a program that acts: it has no limit, and four eyes do not count it.",
            flag(),
        ),
    ]);
    let role = with(role, json!({"allOf": [not_both("reads_only", "system")]}));
    table("A role.", role)
}

pub(super) fn fields() -> Value {
    let kinds = Kind::WORDS.map(|(word, _)| word);
    let field = words(vec![
        may("ask", "The question as a person sees it.", text()),
        must(
            "type",
            "What kind of answer it is: text, long_text, yes_no, choice (say `of`), number, money \
             (say `currency` and `limit`), date, document, or a list of texts.",
            one_of(&kinds),
        ),
        may("of", "The options of a choice.", names()),
        may("min", "The smallest number that is accepted.", text()),
        may(
            "max",
            "The largest number or amount that is accepted, or the name of a field that holds it.",
            text(),
        ),
        may(
            "currency",
            "The currency of the money, such as EUR.",
            currency(),
        ),
        may(
            "personal",
            "Whether the answer tells who a person is or how they are. Such answers are sealed, \
             and conditions cannot read them. A long_text must say yes or no.",
            flag(),
        ),
        may(
            "limit",
            "Which of the `limits` counts for this money; `none` where nobody gives it.",
            text(),
        ),
        may(
            "pattern",
            "What a text must look like, as a regular expression, such as \"[A-Z0-9]{6}\".",
            text(),
        ),
        may(
            "default",
            "The answer that is taken when one is needed and nobody gave it.",
            text(),
        ),
        may(
            "from_table",
            "The decision table that works the answer out; it is never asked.",
            text(),
        ),
        may(
            "each_time",
            "Yes: asked anew on every visit of a step. For decisions and results that a loop must \
             ask again.",
            flag(),
        ),
    ]);
    table(
        "A field: one answer that a case can hold.",
        with(field, of_kinds()),
    )
}

/// Which words say something about which kind of field, and which a kind cannot do without.
fn of_kinds() -> Value {
    let of = |kinds: &[&str]| json!({"properties": {"type": {"enum": kinds}}});
    let needing = |kind: &str, word: &str| {
        json!({
            "if": {"properties": {"type": {"const": kind}}, "required": ["type"]},
            "then": {"required": [word]},
        })
    };
    json!({
        "dependencies": {
            "of": of(&["choice"]),
            "min": of(&["number"]),
            "max": of(&["number", "money"]),
            "currency": of(&["money"]),
            "limit": of(&["money"]),
            "pattern": of(&["text"]),
        },
        "allOf": [
            not_both("from_table", "default"),
            needing("choice", "of"),
            needing("money", "currency"),
        ],
    })
}

pub(super) fn tables() -> Value {
    let row = words(vec![
        may(
            "when",
            "When this row fits. The last row has no `when`, so that one always does.",
            defined("condition"),
        ),
        must("is", "The value that the field gets.", text()),
    ]);
    let rows = json!({"type": "array", "items": row});
    table("A decision table: the first row that fits counts.", rows)
}

pub(super) fn limits() -> Value {
    let parts = one_or_list(&limit_part());
    let of_role = "How much this role may give without asking, such as `50 EUR`, or a list such \
                   as `[50 EUR per case, 500 EUR per week]`.";
    table(
        "A limit: for each role how much it may give without asking.",
        table(of_role, parts),
    )
}

/// What must hold.
pub(super) fn condition() -> Value {
    let any = json!({"type": "array", "items": defined("condition")});
    json!({
        "type": "object",
        "minProperties": 1,
        "properties": {
            "any": described_any(any),
            "not": super::form::described(
                "The other way round: holds when the condition inside does not.",
                defined("condition"),
            ),
        },
        "additionalProperties": super::form::described(
            "What is asked of this field: a value, a list of values of which it is one, a range \
             such as `{at_least: 180, below: 240}`, `empty`, `filled`, or `{over: limit}`.",
            test(),
        ),
    })
}

fn described_any(form: Value) -> Value {
    super::form::described("Holds when at least one of these conditions does.", form)
}

fn test() -> Value {
    let range = words(vec![
        may("above", "More than this.", text()),
        may("at_least", "This or more.", text()),
        may("below", "Less than this.", text()),
        may("at_most", "This or less.", text()),
        may(
            "over",
            "`limit`: more than the person's role may give, and nobody has agreed to it.",
            one_of(&["limit"]),
        ),
    ]);
    let apart = ["above", "at_least", "below", "at_most"].map(|word| not_both("over", word));
    let range = with(
        range,
        json!({"type": "object", "minProperties": 1, "allOf": apart}),
    );
    json!({"anyOf": [text(), {"type": "array", "items": text()}, range]})
}

/// What must be there before something can be done.
pub(super) fn needs() -> Value {
    one_or_list(&json!({"anyOf": [text(), defined("condition")]}))
}
