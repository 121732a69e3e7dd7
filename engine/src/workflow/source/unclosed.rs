//! Looks for the quotation mark or bracket that is not closed, when a file cannot be read.
//!
//! The YAML reader says where it could not go on, which may be many lines below the cause.

/// Where a quotation mark or bracket that is never closed stands, by its byte.
pub(super) fn unclosed(text: &str) -> Option<(usize, char)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    // Whether a value may begin here: a quotation mark or bracket elsewhere is part of a text.
    let mut is_begin = true;
    let mut at = 0;
    while let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) {
        let next = at + c.len_utf8();
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        match c {
            '"' | '\'' if is_begin => match closing(text, next, c) {
                Some(end) if is_alone(text, end) || !has_break(text, at, end) => {
                    at = end;
                    is_begin = false;
                    continue;
                }
                Some(_) | None => return Some((at, c)),
            },
            '[' | '{' if is_begin => open.push((at, c)),
            ']' | '}' => {
                let fits = |(_, opened): &(usize, char)| (*opened == '[') == (c == ']');
                match open.pop() {
                    Some(opened) if !fits(&opened) => return Some(opened),
                    Some(_) | None => {}
                }
            }
            '#' if before.is_none_or(char::is_whitespace) => {
                at = end_of_line(text, at);
                continue;
            }
            _ => {}
        }
        is_begin = match c {
            '\n' => true,
            '[' | '{' => is_begin,
            ',' => !open.is_empty(),
            ':' | '-' | '?' => text
                .get(next..)
                .is_some_and(|rest| rest.starts_with([' ', '\n'])),
            c => is_begin && c.is_whitespace(),
        };
        at = next;
    }
    open.pop()
}

/// Returns the byte behind the mark that closes a text begun before `from`.
fn closing(text: &str, from: usize, mark: char) -> Option<usize> {
    let mut chars = text.get(from..)?.char_indices();
    while let Some((at, c)) = chars.next() {
        let is_doubled = || chars.clone().next().is_some_and(|(_, next)| next == mark);
        let is_escape = match mark {
            '"' => c == '\\',
            _ => c == mark && is_doubled(),
        };
        if is_escape {
            chars.next();
        } else if c == mark {
            return Some(from + at + c.len_utf8());
        }
    }
    None
}

/// Returns whether nothing that belongs to a text stands behind a closing mark on its line.
fn is_alone(text: &str, end: usize) -> bool {
    let line = text.get(end..end_of_line(text, end)).unwrap_or_default();
    let rest = line.trim_start();
    rest.is_empty() || rest.starts_with([',', ']', '}', ':', '#'])
}

fn has_break(text: &str, start: usize, end: usize) -> bool {
    text.get(start..end).is_some_and(|part| part.contains('\n'))
}

fn end_of_line(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.find('\n').map_or(text.len(), |length| at + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_never_closed_is_found_where_it_is_opened() {
        for (text, found) in [
            ("a: [b\nc: [d]\n", Some((3, '['))),
            ("a: {b: [c}\nd: e\n", Some((7, '['))),
            ("a: {b: \"c, d: e}\nf: \"g\"\n", Some((7, '"'))),
            ("a: 'b\nc: d\n", Some((3, '\''))),
            ("a: \"b\\\"\n", Some((3, '"'))),
            ("a: [b, # ]\n", Some((3, '['))),
        ] {
            assert_eq!(unclosed(text), found, "{text:?}");
        }
    }

    #[test]
    fn what_is_closed_or_part_of_a_text_is_left_alone() {
        for text in [
            "",
            "a: {b: [c,\n  d], e: \"f\n  g\"}\n",
            "a: it's a [text] :-{\n",
            "- 'it''s'\n- \"[{\"\n- 6\" wide\n",
            "# [\na: b # {\n",
            "a: b]\n",
        ] {
            assert_eq!(unclosed(text), None, "{text:?}");
        }
    }
}
