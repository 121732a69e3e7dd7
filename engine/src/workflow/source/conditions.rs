//! Reads conditions and needs.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::node::{Node, Shape};
use super::reader::Reader;
use super::{Condition, Need, Sp, Test};
use crate::workflow::condition::Bound;

/// The words of a range.
pub(crate) const BOUNDS: [(&str, Bound); 4] = [
    ("above", Bound::Above),
    ("at_least", Bound::AtLeast),
    ("below", Bound::Below),
    ("at_most", Bound::AtMost),
];

const SHAPE: &str = "a condition looks like `{field: value}`";

/// Reads `when`.
pub(super) fn condition(r: &mut Reader, node: &Node) -> Option<Condition> {
    let Shape::Map(pairs) = &node.shape else {
        r.wrong_kind(node, SHAPE);
        return None;
    };
    let mut parts = Vec::new();
    for (key, value) in pairs {
        let Some(name) = r.text(key) else { continue };
        let part = match name.value.as_str() {
            "any" => any(r, value),
            "not" => condition(r, value).map(|part| Condition::Not(Box::new(part))),
            _ => test(r, value).map(|test| Condition::Test { field: name, test }),
        };
        parts.extend(part);
    }
    if pairs.is_empty() {
        r.wrong_kind(node, SHAPE);
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
        r.wrong_kind(node, "`any` has a list of conditions");
        return None;
    };
    let parts: Vec<Condition> = items.iter().filter_map(|item| condition(r, item)).collect();
    (parts.len() == items.len()).then_some(Condition::Any(parts))
}

fn test(r: &mut Reader, node: &Node) -> Option<Sp<Test>> {
    let span = node.span;
    let value = match &node.shape {
        Shape::Empty => {
            let expected = "a value, `empty` or `filled` is expected";
            r.wrong_kind(node, expected);
            return None;
        }
        Shape::Text(text) if text == "empty" => Test::Empty,
        Shape::Text(text) if text == "filled" => Test::Filled,
        Shape::Text(_) => Test::OneOf(vec![r.text(node)?]),
        Shape::List(items) => Test::OneOf(items.iter().filter_map(|item| r.text(item)).collect()),
        Shape::Map(_) => range(r, node)?,
    };
    Some(Sp { value, span })
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
        r.wrong_kind(node, "a comparison such as `{at_least: 3}` is expected");
    }
    Some(Test::Within(bounds))
}

/// Reads `needs`.
pub(super) fn needs(r: &mut Reader, node: &Node) -> Option<Vec<Need>> {
    let mut needs = Vec::new();
    for item in Reader::items(node) {
        let need = match &item.shape {
            Shape::Map(_) => condition(r, item).map(Need::Condition),
            Shape::Text(_) | Shape::List(_) | Shape::Empty => r.text(item).map(Need::Field),
        };
        needs.extend(need);
    }
    Some(needs)
}
