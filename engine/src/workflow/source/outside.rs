//! What stands in a YAML file outside of its texts: tags, directives, comments that cut a
//! sentence, tabs.

use super::meant;
use super::node::place;
use crate::code::Code;
use crate::finding::{Finding, Span};

/// The most findings of this module for one file: the place of each costs a look at the file.
const FINDINGS_MAX: usize = 100;

/// Looks through everything outside of the scalars for what the language does not know.
///
/// The YAML reader accepts tags such as `!!str` and drops them, so they are looked for here.
pub(super) fn scan(text: &str, leaves: &[(usize, usize)]) -> Vec<Finding> {
    let mut leaves = leaves.to_vec();
    leaves.sort_unstable();
    let mut findings = Vec::new();
    let mut at = 0;
    for (start, end) in leaves.into_iter().chain([(text.len(), text.len())]) {
        if start >= at && findings.len() < FINDINGS_MAX {
            gap(text, at, start, &mut findings);
            at = end.max(at);
        }
    }
    findings
}

/// Names the likely reason of a fault that the YAML reader words for programmers.
pub(super) fn before_fault(text: &str, span: Span) -> Option<Finding> {
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let tab = line.get(..indent).and_then(|indent| indent.find('\t'));
        if let Some(tab) = tab.filter(|_| !line.trim().is_empty()) {
            let span = place(text, start + tab, start + tab + 1);
            let message = "the line is indented with a tab";
            let finding = Finding::error(Code::H001, span, message);
            return Some(finding.mend("indent with spaces, two for each level"));
        }
        start += line.len();
    }
    let line_start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(line_start..)?.lines().next()?;
    let line = line.split(" #").next()?;
    let colons = line.match_indices(": ").count();
    let at_colon = text.get(span.start..)?.starts_with(':');
    if at_colon && colons > 1 && !line.contains('{') {
        return Some(cut(span, "a colon"));
    }
    let before = text.get(..span.start)?.trim_end();
    let word = before.rsplit([' ', '\n']).next()?;
    if word.starts_with('!') {
        return Some(tag(place(text, before.len() - word.len(), before.len())));
    }
    if let Some(finding) = compared(text, line_start, line, span) {
        return Some(finding);
    }
    let sign = text.get(span.start..)?.chars().next()?;
    if matches!(sign, '@' | '`' | '%') {
        let message = format!("a text cannot begin with `{sign}`");
        let finding = Finding::error(Code::H001, span, message);
        return Some(finding.mend("put the text in quotation marks"));
    }
    None
}

/// A comparison written with `>`, which YAML takes for the beginning of a folded text.
fn compared(text: &str, line_start: usize, line: &str, span: Span) -> Option<Finding> {
    let colon = line.find(": >")?;
    let at = line_start + colon + ": ".len();
    let said = line.get(colon + ": ".len()..)?;
    let said = said.split([',', '}', ']']).next()?.trim_end();
    let written = meant::comparison(said)?;
    let message = format!("`{said}` is no comparison of this language");
    let finding = Finding::error(Code::H001, place(text, at, at + said.len()), message)
        .why("YAML begins a text of several lines with `>`, so nothing behind it can be read");
    (span.start <= line_start + line.len()).then(|| finding.replace(written))
}

/// A sentence that a punctuation mark cuts short.
pub(super) fn cut(span: Span, mark: &str) -> Finding {
    Finding::error(Code::H010, span, format!("{mark} cuts this sentence"))
        .why("YAML takes the mark for its own, so a part of the sentence would be lost")
        .mend("put the whole sentence in quotation marks")
}

fn tag(span: Span) -> Finding {
    Finding::error(Code::H007, span, "there is a YAML tag `!` here")
        .why("the language says itself of what kind each value is")
        .mend("delete the tag, or put the text in quotation marks if the sign belongs to it")
}

fn gap(text: &str, start: usize, end: usize, findings: &mut Vec<Finding>) {
    let mut chars = text
        .get(start..end)
        .unwrap_or_default()
        .char_indices()
        .peekable();
    while let Some((at, c)) = chars.next() {
        let at = start + at;
        match c {
            '#' => {
                let mut length = 1;
                while let Some((_, c)) = chars.next_if(|(_, c)| *c != '\n') {
                    length += c.len_utf8();
                }
                findings.extend(cut_by_comment(text, start, at, length));
            }
            '!' => {
                let mut length = 1;
                while let Some((_, c)) = chars.next_if(|(_, c)| !c.is_whitespace()) {
                    length += c.len_utf8();
                }
                findings.push(tag(place(text, at, at + length)));
            }
            '%' => {
                let message = "there is a YAML directive `%` here";
                let finding = Finding::error(Code::H007, place(text, at, at + 1), message);
                findings.push(finding.mend("delete the line"));
                while chars.next_if(|(_, c)| *c != '\n').is_some() {}
            }
            _ => {}
        }
    }
}

/// `title: Answer #3` is cut to `Answer`: a `#` with a word right behind it, after a text on the
/// same line, is more likely part of a sentence than a comment.
fn cut_by_comment(text: &str, after: usize, at: usize, length: usize) -> Option<Finding> {
    let between = text.get(after..at)?;
    let behind = text.get(at + 1..)?.chars().next()?;
    let ends_text = text.get(..after)?.ends_with(|c: char| c.is_alphanumeric());
    let cuts = after > 0 && ends_text && between.trim().is_empty() && !between.contains('\n');
    (cuts && !behind.is_whitespace() && behind != '#').then(|| {
        let mut finding = cut(place(text, at, at + length), "a `#`");
        finding.level = crate::finding::Level::Warning;
        finding
    })
}
