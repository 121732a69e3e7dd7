//! What stands between two texts: brackets, colons, commas, spaces, line ends and comments.
//!
//! Invariant: line ends, indentation, comments and the spaces before comments are copied.

use super::Leaf;
use super::columns::Columns;

/// What stands on a line, beside spaces.
#[derive(Debug, Clone, Copy)]
enum Part<'a> {
    /// The line begins.
    Begin,
    /// One of the texts of the file.
    Text,
    /// A bracket, colon, comma or dash.
    Sign(char),
    /// Something that is not ours to write, such as the sign between two documents.
    Other(&'a str),
    /// A comment.
    Comment(&'a str),
    /// The line ends.
    End(&'a str),
}

/// Writes what stands before a text, or after the last one. `at` is where the text before ends.
pub(super) fn write(
    gap: &str,
    at: usize,
    next: Option<&Leaf>,
    columns: &Columns,
    out: &mut String,
) {
    let mut before = if at == 0 { Part::Begin } else { Part::Text };
    let mut colon_spaces = columns.spaces_after(at);
    for line in gap.split_inclusive('\n') {
        let ends_line = line.ends_with('\n');
        let (mut parts, blank) = parts(line);
        if !ends_line {
            parts.push((blank, next.map_or(Part::End(""), |_| Part::Text)));
        }
        for (blank, part) in parts {
            match spaces(before, part, colon_spaces) {
                Some(count) => out.extend(std::iter::repeat_n(' ', count)),
                None => out.push_str(blank),
            }
            match part {
                Part::Sign(sign) => out.push(sign),
                Part::Other(text) | Part::Comment(text) | Part::End(text) => out.push_str(text),
                Part::Begin | Part::Text => {}
            }
            if let Part::Sign(':') = before {
                colon_spaces = 1;
            }
            before = part;
        }
        if ends_line {
            before = Part::Begin;
        }
    }
}

/// Returns how many spaces belong between two parts of a line; none where they are copied.
fn spaces(before: Part<'_>, after: Part<'_>, colon_spaces: usize) -> Option<usize> {
    match (before, after) {
        (_, Part::End(_)) => Some(0),
        // Without the space behind it a dash would begin a text.
        (Part::Sign('-') | Part::Begin | Part::Other(_) | Part::Comment(_) | Part::End(_), _)
        | (_, Part::Begin | Part::Other(_) | Part::Comment(_)) => None,
        (Part::Sign(':'), _) => Some(colon_spaces),
        (Part::Sign('{' | '['), _) | (_, Part::Sign(':' | ',' | '}' | ']')) => Some(0),
        (Part::Sign(','), _) => Some(1),
        (Part::Text | Part::Sign(_), Part::Text | Part::Sign(_)) => None,
    }
}

/// Takes a line apart, each part with the spaces before it; spaces at its end are left over.
fn parts(line: &str) -> (Vec<(&str, Part<'_>)>, &str) {
    let body = line.trim_end_matches(['\n', '\r']);
    let line_end = line.get(body.len()..).unwrap_or_default();
    let mut parts = Vec::new();
    let mut rest = body;
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t']);
        let blank = rest.get(..rest.len() - trimmed.len()).unwrap_or_default();
        let Some(sign) = trimmed.chars().next() else {
            if !line_end.is_empty() {
                parts.push((blank, Part::End(line_end)));
            }
            return (parts, blank);
        };
        let (part, length) = match sign {
            '#' => (Part::Comment(trimmed), trimmed.len()),
            ':' | ',' | '{' | '}' | '[' | ']' | '-' => (Part::Sign(sign), 1),
            _ => {
                let end = trimmed.find([' ', '\t']).unwrap_or(trimmed.len());
                (Part::Other(trimmed.get(..end).unwrap_or_default()), end)
            }
        };
        parts.push((blank, part));
        rest = trimmed.get(length..).unwrap_or_default();
    }
}
