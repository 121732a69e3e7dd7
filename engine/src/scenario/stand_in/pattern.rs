//! A text that matches a pattern, for the patterns people write: `[A-Z]{2}-[0-9]{4,6}`.
//!
//! Invariant: what is returned is a guess; whoever takes it checks it against the pattern.

use std::iter::Peekable;
use std::str::Chars;

/// The most characters that are made up.
const CHARS_MAX: usize = 200;
/// The deepest nesting of groups that is followed.
const DEPTH_MAX: usize = 16;

/// Returns a text that a pattern probably matches: the first choice of everything, as often as it
/// must be.
pub(super) fn example(pattern: &str) -> Option<String> {
    let mut chars = pattern.chars().peekable();
    let text = sequence(&mut chars, DEPTH_MAX)?;
    (!text.is_empty() && text.chars().count() <= CHARS_MAX).then_some(text)
}

fn sequence(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Option<String> {
    let mut text = String::new();
    while let Some(&next) = chars.peek() {
        if next == ')' {
            break;
        }
        chars.next();
        let atom = match next {
            '^' | '$' => continue,
            '|' => {
                skip_alternatives(chars, depth)?;
                break;
            }
            '[' => class(chars)?.to_string(),
            '(' => {
                group_prefix(chars)?;
                let inside = sequence(chars, depth.checked_sub(1)?)?;
                (chars.next()? == ')').then_some(inside)?
            }
            '.' => "a".to_owned(),
            '\\' => escaped(chars.next()?)?.to_string(),
            other => other.to_string(),
        };
        let times = times(chars)?;
        if text.chars().count() + atom.chars().count().saturating_mul(times) > CHARS_MAX {
            return None;
        }
        text.push_str(&atom.repeat(times));
    }
    Some(text)
}

/// Passes over the other alternatives of a group, up to its end.
fn skip_alternatives(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Option<()> {
    sequence(chars, depth.checked_sub(1)?).map(drop)
}

/// Passes over `?:`; other marks of a group are not followed.
fn group_prefix(chars: &mut Peekable<Chars<'_>>) -> Option<()> {
    if chars.next_if_eq(&'?').is_some() {
        chars.next_if_eq(&':')?;
    }
    Some(())
}

/// Returns the first character of a class that has been opened.
fn class(chars: &mut Peekable<Chars<'_>>) -> Option<char> {
    let first = match chars.next()? {
        // What is not in a class cannot be read from its first character.
        '^' => return None,
        '\\' => escaped(chars.next()?)?,
        other => other,
    };
    loop {
        match chars.next()? {
            ']' => return Some(first),
            '\\' => drop(chars.next()?),
            _ => {}
        }
    }
}

fn escaped(c: char) -> Option<char> {
    match c {
        'd' => Some('0'),
        'w' => Some('a'),
        's' => Some(' '),
        other if !other.is_alphanumeric() => Some(other),
        _ => None,
    }
}

/// Reads how often the part before must stand there.
fn times(chars: &mut Peekable<Chars<'_>>) -> Option<usize> {
    let times = match chars.peek() {
        Some('?' | '*') => 0,
        Some('+') => 1,
        Some('{') => {
            let mut least = String::new();
            chars.next();
            while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                least.push(digit);
            }
            while chars.peek().is_some_and(|c| *c != '}') {
                chars.next();
            }
            least.parse().ok()?
        }
        Some(_) | None => return Some(1),
    };
    chars.next();
    Some(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_a_pattern_matches_it() {
        for pattern in [
            "[A-Z0-9]{6}",
            r"[A-Z]{2}-\d{4,6}",
            "(GB|IE)[0-9]+",
            r"\+?[0-9 ]{7,15}",
            r"[\w.]+@[\w.]+\.[a-z]{2,}",
            "(?:a|b(c|d))x?y*z",
        ] {
            let text = example(pattern).unwrap();
            let regex = regex_lite::Regex::new(&format!("^(?:{pattern})$")).unwrap();
            assert!(regex.is_match(&text), "{pattern}: {text:?}");
        }
    }

    #[test]
    fn what_is_beyond_is_left_alone() {
        for pattern in ["", "[^a]", "a{1000}", "(a", "[a", r"\pL"] {
            assert_eq!(example(pattern), None, "{pattern}");
        }
        assert_eq!(example(&"(".repeat(10_000)), None);
    }
}
