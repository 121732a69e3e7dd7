//! Lists and counts in the words of a refusal.

use std::fmt;

use crate::id::{FieldName, RoleName};
use crate::time::Timestamp;

/// Returns "`a`, `b` and `c`".
pub(super) fn list(items: impl IntoIterator<Item = impl fmt::Display>) -> String {
    joined(items, "and").unwrap_or_else(|| "nothing".to_owned())
}

/// Returns "`a`, `b` or `c`".
pub(super) fn list_or(items: impl IntoIterator<Item = impl fmt::Display>, none: &str) -> String {
    joined(items, "or").unwrap_or_else(|| none.to_owned())
}

pub(super) fn approvers(able: &[RoleName]) -> String {
    match joined(able, "or") {
        Some(roles) => format!("somebody as {roles} could approve it"),
        None => "no role could approve so much".to_owned(),
    }
}

pub(super) fn list_or_none(items: &[String]) -> String {
    joined(items, "and").unwrap_or_else(|| "none".to_owned())
}

pub(super) fn list_asks(fields: &[(FieldName, String)]) -> String {
    let asks: Vec<String> = fields
        .iter()
        .map(|(name, ask)| format!("`{name}` ({ask})"))
        .collect();
    asks.join(", ")
}

pub(super) fn times_of(times: u32) -> String {
    match times {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{times} times"),
    }
}

pub(super) fn not_yet(from: Option<Timestamp>) -> String {
    from.map_or_else(|| "now".to_owned(), |from| format!("before {from}"))
}

fn joined(items: impl IntoIterator<Item = impl fmt::Display>, word: &str) -> Option<String> {
    let mut names: Vec<String> = items.into_iter().map(|item| format!("`{item}`")).collect();
    let last = names.pop()?;
    if names.is_empty() {
        return Some(last);
    }
    Some(format!("{} {word} {last}", names.join(", ")))
}
