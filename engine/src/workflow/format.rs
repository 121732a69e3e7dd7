//! Writes a workflow file evenly: quotation marks and spaces, never lines or comments.
//!
//! Invariant: the tree of the file, its lines and its comments stay as they are.
//! Invariant: what was formatted once does not change when it is formatted again.

mod columns;
mod gap;
mod scalar;

use super::source::{self, Node, Shape};
use crate::finding::Finding;
use columns::Columns;

/// A text of the file as it stands there, and as it is written.
#[derive(Debug)]
struct Leaf {
    start: usize,
    end: usize,
    written: String,
}

/// Returns the file with even quotation marks and spaces.
///
/// - A text in single quotation marks gets double ones, where it needs no escapes in them.
/// - A name needs no quotation marks.
/// - One space follows `:` and `,`; none stands within brackets or at the end of a line. More
///   spaces stay where they line up the values of neighbouring lines.
///
/// # Errors
///
/// The one fault that makes the file unreadable.
pub fn format(bytes: &[u8]) -> Result<String, Box<Finding>> {
    let tree = source::tree(bytes)?;
    // A file that could be read is UTF-8.
    let text = String::from_utf8_lossy(bytes);
    let mut leaves = Vec::new();
    collect(&tree, &text, &mut leaves);
    leaves.sort_by_key(|leaf| leaf.start);
    leaves.dedup_by_key(|leaf| leaf.start);
    let formatted = written(&text, &leaves);
    let is_same = source::tree(formatted.as_bytes()).is_ok_and(|new| new.says_the_same(&tree));
    debug_assert!(
        is_same,
        "formatting changed what the file says:\n{formatted}"
    );
    // A file is rather left as it is than changed in what it says.
    Ok(if is_same {
        formatted
    } else {
        text.into_owned()
    })
}

fn collect(node: &Node, text: &str, leaves: &mut Vec<Leaf>) {
    match &node.shape {
        Shape::Text(value) => {
            let (start, end) = (node.span.start, node.span.end);
            let spelled = text.get(start..end).unwrap_or_default();
            let written = scalar::written(spelled, value);
            leaves.push(Leaf {
                start,
                end,
                written,
            });
        }
        Shape::List(items) => items.iter().for_each(|item| collect(item, text, leaves)),
        Shape::Map(pairs) => {
            for (key, value) in pairs {
                collect(key, text, leaves);
                collect(value, text, leaves);
            }
        }
        // It has no place of its own.
        Shape::Empty => {}
    }
}

/// Writes the texts anew, and what stands between them.
fn written(text: &str, leaves: &[Leaf]) -> String {
    let columns = Columns::of(text, leaves);
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for leaf in leaves {
        let between = text.get(at..leaf.start).unwrap_or_default();
        gap::write(between, at, Some(leaf), &columns, &mut out);
        out.push_str(&leaf.written);
        at = leaf.end;
    }
    gap::write(
        text.get(at..).unwrap_or_default(),
        at,
        None,
        &columns,
        &mut out,
    );
    out
}

#[cfg(test)]
mod tests;
