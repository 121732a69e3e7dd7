//! Says why a file cannot be read, where the YAML reader says it for programmers.
//!
//! Invariant: none of the YAML reader's own words reaches people.

use serde_yaml::budget::BudgetBreach;
use serde_yaml::{Error, Location};

use super::node::{FILE_DEPTH_MAX, FILE_NODES_MAX, place, span_of};
use super::unclosed::unclosed;
use super::{outside, slips};
use crate::code::Code;
use crate::finding::{Finding, Span};

/// Says what makes a file unreadable, in words for people.
pub(super) fn fault(text: &str, error: &Error) -> Finding {
    let error = error.without_snippet();
    let location = error.location().unwrap_or(Location::UNKNOWN);
    let span = span_of(text, &location);
    if let Error::Budget { breach, .. } = error {
        return budget_fault(breach, span);
    }
    // An alias without its anchor is no matter of the budget.
    if let Error::UnknownAnchor { .. } = error {
        return reference(span);
    }
    if let Error::MultipleDocuments { .. } = error {
        return Finding::error(
            Code::H007,
            separator(text, span),
            "a second document begins here",
        )
        .why("a file holds one workflow")
        .mend("put it into a file of its own, or delete the line `---`");
    }
    let said = error.to_string();
    let is_flow = said.contains("flow");
    let found = slips::in_line(text, span, is_flow).or_else(|| outside::before_fault(text, span));
    if let Some(finding) = found {
        return finding;
    }
    // Flow lists are counted by the scanner too, which runs ahead of the budget.
    if said.contains("recursion limit") {
        return too_deep(span);
    }
    if let Some((at, mark)) = unclosed(text) {
        let place = place(text, at, at + mark.len_utf8());
        if let Some(finding) = slips::in_line(text, place, false) {
            return finding;
        }
        return Finding::error(Code::H001, place, format!("this `{mark}` is never closed"))
            .label(span, "from here on the file cannot be read")
            .why("what stands behind it was taken for a part of it, and could not be checked")
            .mend("close it where the text or the list ends");
    }
    if let Some(finding) = slips::indentation(text, span) {
        return finding;
    }
    let (at, mend) = plainly(&said);
    Finding::error(Code::H001, span, "the file cannot be read from here on")
        .at(at)
        .why("nothing after this place could be checked")
        .mend(mend)
}

/// What the YAML reader says, in its words for programmers; the same for people; and the mend.
const SAYINGS: [(&str, &str, &str); 12] = [
    (
        "trailing content",
        "a text in quotation marks ends before this place, and something follows it",
        "put a comma before the next word, or the whole text in one pair of quotation marks",
    ),
    (
        "did not find expected ','",
        "a comma or a closing bracket is missing before this place",
        "put a comma between two parts, and a text with a comma or colon in quotation marks",
    ),
    (
        "mapping values",
        "a colon cannot stand here",
        "put a sentence with a colon in quotation marks, and each word on a line of its own that \
         begins as far in as its neighbours",
    ),
    (
        "simple key",
        "this line has no word with a colon and a space behind it",
        "write it like `word: value`, or begin it with `- ` if it belongs to a list",
    ),
    (
        "'-' indicator",
        "the entries of this list do not begin alike",
        "begin each with `- `, as far in as the first",
    ),
    (
        "block mapping",
        "this line does not fit the lines above it",
        "begin it as far in as the words it stands with",
    ),
    (
        "bracket",
        "a bracket is closed here that was not opened",
        "delete it, or open it where its part begins",
    ),
    (
        "escape",
        "a `\\` in quotation marks has a meaning of its own",
        "write the text without `\\`",
    ),
    (
        "sequence entries",
        "a list cannot begin with `-` behind a colon",
        "begin it on the next line, or write it in brackets: `[one, other]`",
    ),
    (
        "mapping keys",
        "a text cannot begin with this sign",
        "put the text in quotation marks",
    ),
    (
        "unexpected character",
        "a text cannot begin with this sign",
        "put the text in quotation marks",
    ),
    (
        "block scalar",
        "behind `|` or `>` the text begins on the next line",
        "begin the text on the next line, or put it in quotation marks",
    ),
];

/// Returns what the YAML reader says, and a mend, for people.
fn plainly(said: &str) -> (&'static str, &'static str) {
    let found = SAYINGS.iter().find(|(theirs, _, _)| said.contains(theirs));
    let general = "look here and in the lines above for a bracket or a quotation mark that is not \
                   closed, and for uneven indentation";
    found.map_or(("", general), |(_, ours, mend)| (*ours, *mend))
}

/// Returns the line `---` before what the reader found behind it.
fn separator(text: &str, span: Span) -> Span {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.rfind("\n---").map(|end| end + 1);
    line.map_or(span, |start| place(text, start, start + "---".len()))
}

fn budget_fault(breach: &BudgetBreach, span: Span) -> Finding {
    if let BudgetBreach::Aliases { .. } | BudgetBreach::Anchors { .. } = breach {
        return reference(span);
    }
    if let BudgetBreach::Depth { .. } = breach {
        return too_deep(span);
    }
    let message = format!("the file has more than {FILE_NODES_MAX} parts");
    Finding::error(Code::H006, span, message).mend("split the work into several workflows")
}

fn reference(span: Span) -> Finding {
    let message = "there is an anchor `&` or an alias `*` here";
    Finding::error(Code::H007, span, message)
        .why("a workflow reads the same from top to bottom, without references inside the file")
        .mend("write the text again, or put it in quotation marks if the sign belongs to it")
}

fn too_deep(span: Span) -> Finding {
    let message = format!("lists and maps are nested deeper than {FILE_DEPTH_MAX} here");
    Finding::error(Code::H006, span, message).mend("write it flatter")
}
