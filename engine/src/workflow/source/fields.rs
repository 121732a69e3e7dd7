//! Reads `fields`, `tables` and `limits`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::conditions::condition;
use super::meant;
use super::node::{Node, Shape};
use super::reader::{Reader, Words};
use super::{FIELDS_MAX, Field, Kind, LimitPart, Period, Row, Sp, Table};
use crate::code::Code;
use crate::finding::Finding;
use crate::money::{Currency, Money};

/// Reads `fields`.
pub(super) fn fields(r: &mut Reader, node: &Node) -> Option<Table<Field>> {
    let fields = r.table(node, "a field", |r, name, node| Some(field(r, name, node)));
    if fields.len() > FIELDS_MAX {
        let message = format!("there are more than {FIELDS_MAX} fields");
        r.report(Finding::error(Code::H006, node.span, message).mend("ask less"));
    }
    Some(fields)
}

fn field(r: &mut Reader, name: &Sp<String>, node: &Node) -> Field {
    let words = r.words(
        node,
        "a field",
        name.span,
        &[
            "ask",
            "type",
            "of",
            "min",
            "max",
            "currency",
            "personal",
            "limit",
            "pattern",
            "default",
            "from_table",
            "each_time",
        ],
    );
    let field = Field {
        ask: r.opt(&words, "ask", Reader::text),
        kind: r.must(&words, "a field", "type", |r, node| {
            r.one_of(node, "a type of field", &Kind::WORDS)
        }),
        of: r.opt(&words, "of", Reader::names).unwrap_or_default(),
        min: r.opt(&words, "min", Reader::text),
        max: r.opt(&words, "max", Reader::text),
        currency: r.opt(&words, "currency", currency),
        personal: r.opt(&words, "personal", Reader::flag),
        limit: r.opt(&words, "limit", Reader::text),
        pattern: r.opt(&words, "pattern", pattern),
        default: r.opt(&words, "default", Reader::text),
        from_table: r.opt(&words, "from_table", Reader::text),
        each_time: r.opt(&words, "each_time", Reader::flag),
    };
    r.not_both(&words, "from_table", "default");
    check(r, &words, &field);
    field
}

fn currency(r: &mut Reader, node: &Node) -> Option<Sp<String>> {
    let expected = "a currency has three capital letters, like `EUR`";
    r.parsed(node, expected, |text| {
        Currency::parse(text).ok().map(|_| text.to_owned())
    })
}

fn pattern(r: &mut Reader, node: &Node) -> Option<Sp<String>> {
    let expected = "a pattern is a regular expression, like `[A-Z0-9]{6}`";
    r.parsed(node, expected, |text| {
        regex(text).ok().map(|_| text.to_owned())
    })
}

/// Makes the expression that a whole text must match.
pub(crate) fn regex(pattern: &str) -> Result<regex_lite::Regex, regex_lite::Error> {
    // Alone first: `a)|(b` would be balanced by the brackets around it and match a part.
    regex_lite::Regex::new(pattern)?;
    regex_lite::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(REGEX_BYTES_MAX)
        .build()
}

/// The largest compiled pattern in bytes.
const REGEX_BYTES_MAX: usize = 64 * 1024;

fn check(r: &mut Reader, words: &Words<'_>, field: &Field) {
    let Some(kind) = &field.kind else { return };
    let fits: [(&str, &[Kind]); 6] = [
        ("of", &[Kind::Choice]),
        ("min", &[Kind::Number]),
        ("max", &[Kind::Number, Kind::Money]),
        ("currency", &[Kind::Money]),
        ("limit", &[Kind::Money]),
        ("pattern", &[Kind::Text]),
    ];
    for (word, kinds) in fits {
        if let Some(span) = words.place(word).filter(|_| !kinds.contains(&kind.value)) {
            let message = format!("`{word}` says nothing about a `{}`", kind.value.as_str());
            let finding = Finding::error(Code::H015, span, message)
                .label(kind.span, "the type stands here")
                .mend(format!("delete `{word}`, or change the type"));
            r.report(finding);
        }
    }
    let must: [(&str, Kind); 2] = [("of", Kind::Choice), ("currency", Kind::Money)];
    for (word, needing) in must {
        if kind.value == needing && !words.has(word) {
            r.missing(
                words.span,
                &format!("a field of type `{}`", kind.value.as_str()),
                word,
            );
        }
    }
    sealed(r, field, words);
    options(r, field);
    let values = [&field.min, &field.default];
    for text in values.into_iter().flatten() {
        if let Err(expected) = field.value(&text.value) {
            r.bad_value(text.span, &text.value, &expected);
        }
    }
}

/// Refuses what cannot be said of a field whose answers are sealed.
fn sealed(r: &mut Reader, field: &Field, words: &Words<'_>) {
    if !field.is_sealed() {
        return;
    }
    let comes = "words about a customer come from a person";
    let counts = "an amount that is sealed cannot be counted, so it would pass every limit";
    for (word, why) in [("default", comes), ("from_table", comes), ("limit", counts)] {
        let Some(span) = words.place(word) else {
            continue;
        };
        if word == "limit"
            && field
                .limit
                .as_ref()
                .is_some_and(|limit| limit.value == "none")
        {
            continue;
        }
        let message = format!("a sealed field has no `{word}`");
        let finding = Finding::error(Code::H015, span, message)
            .label(words.span, field.sealed_because())
            .why(why)
            .mend(match word {
                "limit" => "say `personal: no`: an amount by itself says nothing of the customer"
                    .to_owned(),
                _ => format!("delete `{word}`"),
            });
        r.report(finding);
    }
}

fn options(r: &mut Reader, field: &Field) {
    for option in &field.of {
        if option.value == "empty" || option.value == "filled" {
            let message = format!("`{}` cannot be an option", option.value);
            let finding = Finding::error(Code::H008, option.span, message)
                .why("in a condition the word asks whether there is an answer")
                .mend("choose another word");
            r.report(finding);
        }
    }
}

/// Reads `tables`.
pub(super) fn tables(r: &mut Reader, node: &Node) -> Option<Table<Vec<Row>>> {
    Some(r.table(node, "a table", |r, _, node| {
        let Shape::List(items) = &node.shape else {
            let example = "`[{when: {km: {at_most: 1500}}, is: 250 EUR}, {is: 600 EUR}]`";
            r.wrong_kind(node, "a table is a list of rows", example);
            return None;
        };
        Some(items.iter().filter_map(|item| row(r, item)).collect())
    }))
}

fn row(r: &mut Reader, node: &Node) -> Option<Row> {
    let words = r.words(node, "a row of a table", node.span, &["when", "is"]);
    let when = r.opt(&words, "when", condition);
    let is = r.must(&words, "a row of a table", "is", Reader::text)?;
    // Without its condition a row would seem to fit always.
    (when.is_some() || !words.has("when")).then_some(Row { when, is })
}

/// Reads `limits`.
pub(super) fn limits(r: &mut Reader, node: &Node) -> Option<Table<Table<Vec<Sp<LimitPart>>>>> {
    Some(r.table(node, "a limit", |r, _, node| {
        if let Shape::Text(_) = &node.shape {
            let expected = "a limit has a name and, behind it, an amount for each role";
            r.wrong_kind(node, expected, meant::example("a limit"));
            return Some(Table::new());
        }
        // The names in a limit are roles, which `names` checks.
        Some(r.table(node, "a role in a limit", |r, _, node| {
            let items = Reader::items(node);
            Some(
                items
                    .iter()
                    .filter_map(|item| limit_part(r, item))
                    .collect(),
            )
        }))
    }))
}

fn limit_part(r: &mut Reader, node: &Node) -> Option<Sp<LimitPart>> {
    let expected = "a limit looks like `50 EUR`, `50 EUR per case`, `500 EUR per week`; it counts \
                    per case, day, week or month";
    if let Shape::Text(text) = &node.shape {
        let (said, per) = text.split_once(" per ").unwrap_or((text, ""));
        if let Some(mend) = meant::endless(said) {
            let message = format!("`{text}` is no limit");
            let finding = Finding::error(Code::H011, node.span, message).why(expected);
            r.report(finding.mend(mend));
            return None;
        }
        if let Some(amount) = meant::amount(said) {
            let text = r.text(node)?;
            let per = if per.is_empty() {
                String::new()
            } else {
                format!(" per {per}")
            };
            r.meant(&text, expected, format!("{amount}{per}"));
            return None;
        }
    }
    r.parsed(node, expected, |text| {
        let (amount, per) = text.split_once(" per ").unwrap_or((text, "case"));
        let per = match per {
            "case" => Period::Case,
            "day" => Period::Day,
            "week" => Period::Week,
            "month" => Period::Month,
            _ => return None,
        };
        let amount = Money::parse(amount)
            .ok()
            .filter(|amount| amount.minor >= 0)?;
        Some(LimitPart { amount, per })
    })
}
