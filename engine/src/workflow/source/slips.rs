//! Finds the slip of the pen that makes a file unreadable, in the line where reading ends.

use super::node::{Node, Shape, place};
use super::outside::cut;
use crate::code::Code;
use crate::finding::{Finding, Span};

/// A line of the file.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    /// Its first byte.
    start: usize,
}

impl Line<'_> {
    /// Returns how many spaces it begins with.
    fn indent(self) -> usize {
        self.text.len() - self.text.trim_start_matches(' ').len()
    }

    /// Returns how far in the first word behind `- ` stands.
    fn inner(self) -> usize {
        let mut indent = self.indent();
        let mut rest = self.text.trim_start_matches(' ');
        while let Some(behind) = rest.strip_prefix("- ") {
            rest = behind.trim_start_matches(' ');
            indent = self.text.len() - rest.len();
        }
        indent
    }
}

/// Looks for a slip in the line of a place. In `is_flow` the line lies within brackets.
pub(super) fn in_line(text: &str, span: Span, is_flow: bool) -> Option<Finding> {
    let line = line_of(text, span)?;
    let bare = bare(line.text);
    let at = |start: usize, end: usize| place(text, line.start + start, line.start + end);
    quotes(line.text)
        .map(|(start, end, mark)| quote(at(start, end), mark))
        .or_else(|| glued(&bare).map(|(start, end)| space(at(start, end), &bare, start, end)))
        .or_else(|| joined(&bare).map(|(start, end)| and(at(start, end), &bare, start, end)))
        .or_else(|| colon(&bare, is_flow).map(|colon| cut(at(colon, colon + 1), "a colon")))
}

/// Looks for a space that is missing behind a `:` or `-`, where the file could be read all the
/// same, but as something else.
pub(super) fn in_a_key(node: &Node) -> Option<Finding> {
    match &node.shape {
        Shape::Empty | Shape::Text(_) => None,
        Shape::List(items) => items.iter().find_map(in_a_key),
        Shape::Map(pairs) => pairs.iter().find_map(|(key, value)| {
            let found = match &key.shape {
                Shape::Text(text) => {
                    glued(text).map(|(start, end)| space(key.span, text, start, end))
                }
                Shape::Empty | Shape::List(_) | Shape::Map(_) => None,
            };
            found.or_else(|| in_a_key(value))
        }),
    }
}

/// Looks whether the line of a place begins elsewhere than its neighbours.
pub(super) fn indentation(text: &str, span: Span) -> Option<Finding> {
    let line = line_of(text, span)?;
    let before = lines(text.get(..line.start)?);
    let before: Vec<Line<'_>> = before.filter(|line| is_said(line.text)).collect();
    let last = before.last()?;
    let (own, above) = (line.indent(), last.inner());
    let opens = last.text.trim_end().ends_with([':', '|', '>', '-']);
    let mut levels = Vec::new();
    for line in before.iter().rev() {
        let lowest = levels.last().copied().unwrap_or(usize::MAX);
        if line.indent() < lowest {
            levels.extend(
                [line.inner(), line.indent()]
                    .into_iter()
                    .filter(|level| *level < lowest),
            );
        }
    }
    let neighbours = if own > above && !opens {
        above
    } else if own < above && !levels.contains(&own) {
        levels
            .iter()
            .copied()
            .min_by_key(|level| level.abs_diff(own))?
    } else {
        return None;
    };
    let message = format!(
        "this line begins {} in, and its neighbours {}",
        spaces(own),
        spaces(neighbours)
    );
    let at = place(text, line.start, line.start + own.max(1));
    let finding = Finding::error(Code::H001, at, message)
        .why("how far in a line begins says what it belongs to");
    Some(finding.mend(format!("begin it {} in", spaces(neighbours))))
}

fn spaces(count: usize) -> String {
    match count {
        1 => "1 space".to_owned(),
        _ => format!("{count} spaces"),
    }
}

fn quote(span: Span, mark: char) -> Finding {
    let finding = Finding::error(
        Code::H001,
        span,
        format!("the text ends at this `{mark}`, in the middle of a sentence"),
    )
    .why("a text in quotation marks ends at the next mark of the same kind");
    finding.mend(if mark == '\'' {
        "use double quotation marks around a text with an apostrophe"
    } else {
        "write the marks inside the text as `'`, or as “ and ”"
    })
}

fn space(span: Span, text: &str, start: usize, end: usize) -> Finding {
    let word = text.get(start..end).unwrap_or_default();
    Finding::error(
        Code::H001,
        span,
        format!("a space is missing after `{word}`"),
    )
    .why("without the space the sign is taken for a part of a word")
    .mend(format!("put a space after `{word}`"))
}

fn and(span: Span, text: &str, start: usize, end: usize) -> Finding {
    let word = text.get(start..end).unwrap_or_default();
    let finding = Finding::error(Code::H001, span, format!("`{word}` stands after a bracket"))
        .why("conditions are joined without words");
    finding.mend(if matches!(word, "or" | "||") {
        "write `any: [{one: yes}, {other: yes}]` where one of them is enough"
    } else {
        "put both in one pair of braces, with a comma: `{one: yes, other: yes}`"
    })
}

fn line_of(text: &str, span: Span) -> Option<Line<'_>> {
    let start = text.get(..span.start)?.rfind('\n').map_or(0, |at| at + 1);
    let text = text.get(start..)?.lines().next()?;
    Some(Line { text, start })
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        let text = line.trim_end_matches(['\n', '\r']);
        Some(Line { text, start })
    })
}

/// Returns whether anything but a comment stands in a line.
fn is_said(line: &str) -> bool {
    let line = line.trim_start();
    !line.is_empty() && !line.starts_with('#')
}

/// Returns the texts in quotation marks: their first byte, and the byte behind their end.
fn quoted(line: &str) -> Vec<(usize, usize, char)> {
    let mut quoted = Vec::new();
    let mut begins = true;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !(begins && matches!(c, '"' | '\'')) {
            begins = match c {
                ' ' => {
                    begins
                        || line
                            .get(..at)
                            .is_some_and(|line| line.ends_with([':', '-', ',']))
                }
                '[' | '{' | ',' => true,
                _ => false,
            };
            continue;
        }
        begins = false;
        while let Some((end, inner)) = chars.next() {
            let is_doubled =
                c == '\'' && inner == c && chars.next_if(|(_, c)| *c == '\'').is_some();
            if c == '"' && inner == '\\' {
                chars.next();
            } else if inner == c && !is_doubled {
                quoted.push((at, end + 1, c));
                break;
            }
        }
    }
    quoted
}

/// Returns the mark that ends a text in the middle of a word.
fn quotes(line: &str) -> Option<(usize, usize, char)> {
    let ended = quoted(line).into_iter().find(|(_, end, _)| {
        let behind = line.get(*end..).and_then(|rest| rest.chars().next());
        behind.is_some_and(char::is_alphanumeric)
    });
    ended.map(|(_, end, mark)| (end - 1, end, mark))
}

/// Returns a line without what stands in quotation marks and comments; every byte keeps its place.
fn bare(line: &str) -> String {
    let mut bare = line.to_owned();
    for (start, end, _) in quoted(line) {
        bare.replace_range(start..end, &"_".repeat(end - start));
    }
    let comment = bare.find(" #").unwrap_or(bare.len());
    bare.truncate(comment);
    bare
}

/// Returns the word with its colon, or the `-`, behind which a space is missing.
fn glued(line: &str) -> Option<(usize, usize)> {
    let indent = line.len() - line.trim_start().len();
    let rest = line.get(indent..)?;
    if rest
        .strip_prefix('-')
        .is_some_and(|rest| rest.starts_with(['{', '[', '"', '\'']))
    {
        return Some((indent, indent + 1));
    }
    let mut colons = line.match_indices(':');
    colons.find_map(|(at, _)| {
        let is_glued = line.get(at + 1..)?.starts_with(['{', '[', '"', '\'']);
        let before = line.get(..at)?;
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let start = before.trim_end_matches(is_of_word).len();
        (is_glued && start < at).then_some((start, at + 1))
    })
}

/// Returns the word that joins what stands in brackets to something behind it.
fn joined(line: &str) -> Option<(usize, usize)> {
    line.match_indices(['}', ']']).find_map(|(at, _)| {
        let rest = line.get(at + 1..)?.trim_start();
        let start = line.len() - rest.len();
        // Only these are compared: to look for the end of every word would take too long in a line
        // of nothing but brackets.
        let is_word = |word: &&str| {
            let behind = rest.strip_prefix(*word);
            behind
                .is_some_and(|behind| behind.is_empty() || behind.starts_with(char::is_whitespace))
        };
        let word = ["and", "or", "&&", "||", "&"].into_iter().find(is_word)?;
        Some((start, start + word.len()))
    })
}

/// Returns a colon within a sentence that stands in braces without quotation marks.
fn colon(line: &str, is_flow: bool) -> Option<usize> {
    let mut depth = usize::from(is_flow);
    let mut in_value = false;
    for (at, c) in line.char_indices() {
        match c {
            '{' | '[' => {
                depth += 1;
                in_value = false;
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                in_value = false;
            }
            ',' => in_value = false,
            ':' if depth > 0 && line.get(at + 1..)?.starts_with(' ') => {
                if in_value {
                    return Some(at);
                }
                in_value = true;
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::workflow::source::node::parse;

    #[test]
    fn a_slip_is_named_at_its_place_with_its_mend() {
        let colon = "put the whole sentence in quotation marks";
        let apostrophe = "use double quotation marks around a text with an apostrophe";
        let inner = "write the marks inside the text as `'`, or as “ and ”";
        let both = "put both in one pair of braces, with a comma: `{one: yes, other: yes}`";
        let any = "write `any: [{one: yes}, {other: yes}]` where one of them is enough";
        for (text, line, column, mend) in [
            (
                "a: 1\nb: {ask: Which: this, or that?, type: text}\n",
                2,
                15,
                colon,
            ),
            (
                "a: 1\nb:{ask: \"How?\", type: text}\n",
                2,
                1,
                "put a space after `b:`",
            ),
            (
                "b: {who:[agent], needs: x}\n",
                1,
                5,
                "put a space after `who:`",
            ),
            ("b: {who:\"agent\"}\n", 1, 5, "put a space after `who:`"),
            (
                "a:\n  - {b: c}\n  -{go_to: refuse}\n",
                3,
                3,
                "put a space after `-`",
            ),
            ("a:\n  -{go_to: refuse}\n", 2, 3, "put a space after `-`"),
            ("- {when: {a: [b, c] and d: e}, go_to: f}\n", 1, 21, both),
            ("- {when: {a: b} and {c: d}, go_to: f}\n", 1, 17, both),
            ("- {when: {a: b} or {c: d}, go_to: f}\n", 1, 17, any),
            ("a: 'Don't cancel yet'\n", 1, 8, apostrophe),
            ("a: {b: 'Don't cancel yet', c: d}\n", 1, 12, apostrophe),
            ("a: \"He said \"no\" to me\"\n", 1, 13, inner),
            (
                "a:\n  b: c\n   d: e\n  f: g\n",
                3,
                1,
                "begin it 2 spaces in",
            ),
            (
                "a:\n    b: c\n   d: e\n    f: g\n",
                3,
                1,
                "begin it 4 spaces in",
            ),
            ("- b: c\n   d: e\n", 2, 1, "begin it 2 spaces in"),
            ("- b: c\n d: e\n", 2, 1, "begin it 2 spaces in"),
        ] {
            let finding = parse(text.as_bytes()).expect_err(text);
            let said = finding.mend.as_ref().unwrap();
            let place = (finding.span.line, finding.span.column);
            assert_eq!(
                (place, said.text.as_str()),
                ((line, column), mend),
                "{text:?}"
            );
        }
    }

    #[test]
    fn no_word_of_the_yaml_reader_reaches_people() {
        for text in [
            "x: {ask: \"a\" type: text}\n",
            "x: [a, b]]\n",
            "x:\n- a\nb\n- c\n",
            "word\nx: a\n",
            "x: |\nfoo\n  bar\n",
            "x: \"a\\q\"\n",
            "x: - a\n",
            "x: ? a\n  b\n",
            "x: >>\n",
            "x: {a: b\nc: d}\ny: }\n",
            "x: \"a\"\n   \"b\"\n",
            "x: {a: b,, c: d}\n",
            "x: {a: > 0}\n",
            "x: [a\n",
            "x: {a: b: c}\n",
            "x: !!\n",
            "x: *\n",
            "x: &\n",
            "? a\n: b: c\n",
            "%\n",
            "x: 'a\n",
            "x: {, a}\n",
            "x: |9x\n",
            "- a\nb: c\n",
            "b: c\n- a\n",
            "}\n",
            "x: ,\n",
        ] {
            let Err(finding) = parse(text.as_bytes()) else {
                continue;
            };
            let said = format!("{finding:?}").to_lowercase();
            for word in [
                "scalar",
                "flow",
                "mapping",
                "token",
                "indicator",
                "collection",
                "sequence",
            ] {
                assert!(!said.contains(word), "{text:?}: {finding:#?}");
            }
        }
    }
}
