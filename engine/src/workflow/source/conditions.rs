//! Reads conditions and needs.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::meant;
use super::node::{Node, Shape};
use super::reader::Reader;
use super::{Condition, Need, Sp, Test};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::condition::Bound;

/// The words of a range.
pub(crate) const BOUNDS: [(&str, Bound); 4] = [
    ("above", Bound::Above),
    ("at_least", Bound::AtLeast),
    ("below", Bound::Below),
    ("at_most", Bound::AtMost),
];

const SHAPE: &str = "a condition looks like `{field: value}`";
const EXAMPLE: &str = "`{happy: yes}` or `{delay: {at_least: 3}}`";

/// Reads `when`.
pub(super) fn condition(r: &mut Reader, node: &Node) -> Option<Condition> {
    let Shape::Map(pairs) = &node.shape else {
        r.wrong_kind(node, SHAPE, EXAMPLE);
        return None;
    };
    let mut parts = Vec::new();
    for (key, value) in pairs {
        let Some(name) = r.text(key) else { continue };
        let part = match name.value.as_str() {
            "any" => any(r, value),
            "or" if is_list_of_conditions(value) => {
                r.report(
                    Finding::error(Code::H002, name.span, "`or` is not a word of a condition")
                        .why("that one of several conditions is enough, is said by `any`")
                        .replace("any"),
                );
                any(r, value)
            }
            "not" => condition(r, value).map(|part| Condition::Not(Box::new(part))),
            _ => test(r, &name, value).map(|test| Condition::Test { field: name, test }),
        };
        parts.extend(part);
    }
    if pairs.is_empty() {
        r.wrong_kind(node, SHAPE, EXAMPLE);
    }
    // A condition of which a part could not be read would mean something else without it.
    if parts.len() < pairs.len() || pairs.is_empty() {
        return None;
    }
    if parts.len() == 1 {
        parts.pop()
    } else {
        Some(Condition::All(parts))
    }
}

fn any(r: &mut Reader, node: &Node) -> Option<Condition> {
    let Shape::List(items) = &node.shape else {
        let expected = "`any` has a list of conditions";
        r.wrong_kind(node, expected, "`any: [{happy: yes}, {delay: 3}]`");
        return None;
    };
    let parts: Vec<Condition> = items.iter().filter_map(|item| condition(r, item)).collect();
    (parts.len() == items.len()).then_some(Condition::Any(parts))
}

fn is_list_of_conditions(node: &Node) -> bool {
    match &node.shape {
        Shape::List(items) => items.iter().any(|item| matches!(item.shape, Shape::Map(_))),
        Shape::Empty | Shape::Text(_) | Shape::Map(_) => false,
    }
}

fn test(r: &mut Reader, name: &Sp<String>, node: &Node) -> Option<Sp<Test>> {
    let span = node.span;
    let value = match &node.shape {
        Shape::Empty => {
            let expected = "a value, `empty` or `filled` is expected";
            r.wrong_kind(node, expected, EXAMPLE);
            return None;
        }
        Shape::Text(text) if text == "empty" => Test::Empty,
        Shape::Text(text) if text == "filled" => Test::Filled,
        Shape::Text(_) => Test::OneOf(vec![r.text(node)?]),
        Shape::List(items) => Test::OneOf(items.iter().filter_map(|item| r.text(item)).collect()),
        Shape::Map(pairs) => match other_words(name, pairs) {
            Some(finding) => {
                r.report(finding);
                return None;
            }
            None => range(r, node)?,
        },
    };
    Some(Sp { value, span })
}

/// Says how it is written, where a comparison begins with a word that people use elsewhere.
fn other_words(name: &Sp<String>, pairs: &[(Node, Node)]) -> Option<Finding> {
    let [(key, value)] = pairs else { return None };
    let (Shape::Text(word), Shape::Text(said)) = (&key.shape, &value.shape) else {
        return None;
    };
    let message = format!("`{word}` is not a word of a comparison");
    let finding = Finding::error(Code::H002, key.span, message);
    match word.as_str() {
        "not" => Some(
            finding
                .why("`not` stands before the whole condition that it turns round")
                .mend(format!("write `not: {{{}: {said}}}`", name.value)),
        ),
        "within" => Some(
            finding
                .why("a condition is judged without a clock, so that it comes out the same again")
                .mend(meant::age(said).unwrap_or("write `at_least` and `at_most`")),
        ),
        _ => None,
    }
}

fn range(r: &mut Reader, node: &Node) -> Option<Test> {
    let known = ["above", "at_least", "below", "at_most", "over"];
    let words = r.words(node, "a comparison", node.span, &known);
    if let Some(over) = words.get("over") {
        r.one_of(over, "what an amount can be over", &[("limit", ())])?;
        for (word, _) in BOUNDS {
            r.not_both(&words, "over", word);
        }
        return Some(Test::OverLimit);
    }
    let mut bounds = Vec::new();
    for (word, bound) in BOUNDS {
        bounds.extend(
            r.opt(&words, word, Reader::text)
                .map(|limit| (bound, limit)),
        );
    }
    if bounds.is_empty() && matches!(&node.shape, Shape::Map(pairs) if pairs.is_empty()) {
        r.wrong_kind(node, "a comparison is expected", "`{at_least: 3}`");
    }
    Some(Test::Within(bounds))
}

/// Reads `needs`.
pub(super) fn needs(r: &mut Reader, node: &Node) -> Option<Vec<Need>> {
    if let Some(listed) = r.unbracketed(node) {
        return Some(listed.into_iter().map(Need::Field).collect());
    }
    let mut needs = Vec::new();
    for item in Reader::items(node) {
        if let Shape::Text(text) = &item.shape
            && let Some(written) = meant::condition(text)
        {
            let text = Sp {
                value: text.clone(),
                span: item.span,
            };
            r.meant(&text, SHAPE, written);
            continue;
        }
        let need = match &item.shape {
            Shape::Map(_) => condition(r, item).map(Need::Condition),
            Shape::Text(_) | Shape::List(_) | Shape::Empty => r.text(item).map(Need::Field),
        };
        needs.extend(need);
    }
    Some(needs)
}
