//! The tree of a YAML file, with the place of every node.
//!
//! Invariant: reading never panics, whatever the bytes, and stops at the budgets below.
//! Invariant: the text of a scalar is as the file spells it: `yes`, `007` and `1.0` stay text.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Spanned};

use super::outside;
use super::slips;
use super::unreadable::fault;
use crate::code::Code;
use crate::finding::{Finding, Span};

/// The largest workflow file in bytes.
pub const FILE_BYTES_MAX: usize = 256 * 1024;
/// The deepest nesting of lists and maps of a workflow file.
pub const FILE_DEPTH_MAX: usize = 24;
/// The most lists, maps and texts of a workflow file.
pub const FILE_NODES_MAX: usize = 50_000;

/// A node of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Where it stands; of a map or list in indented form only where it begins.
    pub span: Span,
    /// What it is.
    pub shape: Shape,
}

impl Node {
    /// Returns whether another tree says the same, wherever it stands.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        match (&self.shape, &other.shape) {
            (Shape::Empty, Shape::Empty) => true,
            (Shape::Text(one), Shape::Text(other)) => one == other,
            (Shape::List(one), Shape::List(other)) => {
                let mut pairs = one.iter().zip(other);
                one.len() == other.len() && pairs.all(|(one, other)| one.says_the_same(other))
            }
            (Shape::Map(one), Shape::Map(other)) => {
                let is_same = |(one, other): (&(Self, Self), &(Self, Self))| {
                    one.0.says_the_same(&other.0) && one.1.says_the_same(&other.1)
                };
                one.len() == other.len() && one.iter().zip(other).all(is_same)
            }
            (Shape::Empty | Shape::Text(_) | Shape::List(_) | Shape::Map(_), _) => false,
        }
    }
}

/// What a node is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Nothing is written.
    Empty,
    /// A text, a number, a date, yes or no: as spelled, without quotation marks.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Pairs of key and value in the file's order, with all duplicates.
    Map(Vec<(Node, Node)>),
}

/// Reads the bytes of a file into its tree.
///
/// # Errors
///
/// The one fault that makes the file unreadable.
pub(crate) fn parse(bytes: &[u8]) -> Result<(Node, Vec<Finding>), Box<Finding>> {
    let text = checked_text(bytes)?;
    let options = serde_yaml::options! {
        budget: serde_yaml::budget! {
            max_depth: FILE_DEPTH_MAX,
            max_nodes: FILE_NODES_MAX,
            flow_nesting_limit: FILE_DEPTH_MAX,
            max_events: 4 * FILE_NODES_MAX,
            max_aliases: 0,
            max_anchors: 0,
        },
        duplicate_keys: serde_yaml::DuplicateKeyPolicy::PassThrough,
        merge_keys: serde_yaml::MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: serde_yaml::options::NonFiniteFloatPolicy::AsString,
        with_snippet: false,
    };
    let raw: Spanned<Raw> = serde_yaml::from_str_with_options(text, options)
        .map_err(|error| Box::new(fault(text, &error)))?;
    let mut leaves = Vec::new();
    let node = node(text, raw, &mut leaves);
    if let Some(finding) = slips::in_a_key(&node) {
        return Err(Box::new(finding));
    }
    let findings = outside::scan(text, &leaves);
    Ok((node, findings))
}

/// Returns the place of a stretch of bytes.
pub(super) fn place(text: &str, start: usize, end: usize) -> Span {
    let before = text.get(..start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let lines = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.get(line_start..).unwrap_or("").chars().count() + 1;
    Span {
        start: before.len(),
        end: end.clamp(before.len(), text.len()),
        line: u32::try_from(lines).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    }
}

fn checked_text(bytes: &[u8]) -> Result<&str, Box<Finding>> {
    if bytes.len() > FILE_BYTES_MAX {
        let message = format!(
            "the file has {} bytes; a workflow file has at most {FILE_BYTES_MAX}",
            bytes.len()
        );
        let finding = Finding::error(Code::H006, place("", 0, 0), message);
        return Err(Box::new(
            finding.mend("split the work into several workflows"),
        ));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let valid = str::from_utf8(valid).unwrap_or_default();
        let span = place(valid, valid.len(), valid.len());
        let message = "the file is not written in UTF-8 here";
        Box::new(Finding::error(Code::H001, span, message).mend("save the file as UTF-8 text"))
    })?;
    if text.starts_with('\u{feff}') {
        let message = "the file begins with an invisible byte order mark";
        let finding = Finding::error(Code::H001, place(text, 0, 3), message);
        return Err(Box::new(
            finding.mend("save the file as UTF-8 without a byte order mark"),
        ));
    }
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    if let Some((at, c)) = text.char_indices().find(|(_, c)| control(*c)) {
        let message = format!(
            "there is an invisible control character (U+{:04X})",
            u32::from(c)
        );
        let finding = Finding::error(Code::H001, place(text, at, at + c.len_utf8()), message);
        return Err(Box::new(finding.mend("delete it")));
    }
    // YAML ends a line there, and editors and people do not: places would be told wrongly.
    let returns = text.match_indices('\r').map(|(at, _)| at);
    let alone = |at: &usize| {
        !text
            .get(at + 1..)
            .is_some_and(|rest| rest.starts_with('\n'))
    };
    if let Some(at) = returns.into_iter().find(alone) {
        let message = "a line ends here in a way of old computers (a carriage return alone)";
        let finding = Finding::error(Code::H001, place(text, at, at + 1), message);
        return Err(Box::new(finding.mend(
            "save the file with the line ends of this computer (LF or CRLF)",
        )));
    }
    Ok(text)
}

/// A node as serde hands it over. What YAML takes for a number, a truth value or nothing is cut
/// from the file by its place, because its spelling would be lost otherwise.
enum Raw {
    Spelled,
    Text(String),
    List(Vec<Spanned<Self>>),
    Map(Vec<(Spanned<Self>, Spanned<Self>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a list or a map")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Spelled)
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Raw, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = access.next_entry()? {
            pairs.push(pair);
        }
        Ok(Raw::Map(pairs))
    }
}

/// Turns what serde handed over into our tree and notes the bytes of every scalar.
fn node(text: &str, raw: Spanned<Raw>, leaves: &mut Vec<(usize, usize)>) -> Node {
    let span = span_of(text, &raw.referenced);
    let shape = match raw.value {
        Raw::Spelled => {
            leaves.push((span.start, span.end));
            let spelled = text.get(span.start..span.end).unwrap_or_default();
            if spelled.is_empty() {
                Shape::Empty
            } else {
                Shape::Text(spelled.to_owned())
            }
        }
        Raw::Text(value) => {
            leaves.push((span.start, span.end));
            Shape::Text(value)
        }
        Raw::List(items) => Shape::List(
            items
                .into_iter()
                .map(|item| node(text, item, leaves))
                .collect(),
        ),
        Raw::Map(pairs) => Shape::Map(
            pairs
                .into_iter()
                .map(|(key, value)| {
                    let key = node(text, key, leaves);
                    let mut value = node(text, value, leaves);
                    if value.shape == Shape::Empty {
                        // A fault of a missing value is best shown at its key.
                        value.span = key.span;
                    }
                    (key, value)
                })
                .collect(),
        ),
    };
    Node { span, shape }
}

pub(super) fn span_of(text: &str, location: &Location) -> Span {
    let count = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
    let start = match location.span().byte_offset() {
        Some(start) => count(start),
        // Faults of the scanner know only characters.
        None => text
            .char_indices()
            .nth(count(location.span().offset()))
            .map_or(text.len(), |(at, _)| at),
    };
    let length = location.span().byte_len().map_or(0, count);
    let start = text.floor_char_boundary(start);
    let end = text.floor_char_boundary(start.saturating_add(length));
    // The reader's own line and column are taken: counting them for every node would cost the
    // square of the file's size.
    let number = |n: u64| u32::try_from(n.max(1)).unwrap_or(u32::MAX);
    let (line, column) = (number(location.line()), number(location.column()));
    Span {
        start,
        end,
        line,
        column,
    }
}
