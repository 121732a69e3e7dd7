//! What is read and checked, and not acted on by this version: one note for a whole file.

use indexmap::IndexMap;

use super::reader::joined;
use crate::code::Code;
use crate::finding::{Finding, Level, Span};

/// How many words are shown at their first places.
const SHOWN_MAX: usize = 4;

/// Makes one note of everything that is not acted on yet: where it begins, how often each word
/// stands there, and where the first few words stand first.
pub(super) fn note(mut places: Vec<(Span, &'static str)>) -> Option<Finding> {
    places.sort_unstable();
    let mut words: IndexMap<&str, (Span, usize)> = IndexMap::new();
    for (span, word) in &places {
        words.entry(*word).or_insert((*span, 0)).1 += 1;
    }
    let (first, _) = places.first()?;
    let counted: Vec<String> = words
        .iter()
        .map(|(word, (_, count))| match count {
            1 => format!("`{word}`"),
            _ => format!("`{word}` ({count} times)"),
        })
        .collect();
    let what = joined(&counted, "and");
    let message = format!("read and checked, but not acted on by this version: {what}");
    let shown = words.len().min(SHOWN_MAX);
    let at = match places.len() - shown {
        0 => String::new(),
        1 => "and in one more place".to_owned(),
        more => format!("and in {more} more places"),
    };
    let note = Finding::new(Code::H014, Level::Note, *first, message)
        .at(at)
        .why("a case runs as if these words were not written");
    let others = words.values().take(shown).skip(1);
    Some(others.fold(note, |note, (span, _)| note.label(*span, "and here")))
}
