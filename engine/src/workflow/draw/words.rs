//! What pictures say, in words.
//!
//! Invariant: no control, reordering or invisible character gets into a picture.

use super::super::length::{Length, Unit};
use super::super::source::{Condition, Test};
use super::super::{CountsAs, Phase};

/// The most characters of a condition; the rest is left out, with an ellipsis.
const CONDITION_CHARS_MAX: usize = 90;

/// Returns a text on one line, without what cannot be seen.
pub(super) fn plain(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(|c| !is_hidden(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a character reorders text, is not seen, or may not stand in XML.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff0}'..='\u{ffff}' | '\u{e0000}'..='\u{e007f}')
}

/// Returns a name as people say it.
pub(super) fn spoken(name: &str) -> String {
    plain(&name.replace('_', " "))
}

/// Joins words as people do: "a", "a or b", "a, b or c".
pub(super) fn or(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Returns "once" or "3 times".
pub(super) fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        _ => format!("{count} times"),
    }
}

/// Returns until when something is to be done: "in 4 hours", "by the end of 2 working days".
pub(super) fn within(length: Length) -> String {
    let whole = if length.unit == Unit::EndOfWorkingDays {
        "by the"
    } else {
        "in"
    };
    format!("{whole} {length}")
}

/// Returns when something happens: "after 4 hours", "at the end of 2 working days".
pub(super) fn after(length: Length) -> String {
    let whole = if length.unit == Unit::EndOfWorkingDays {
        "at the"
    } else {
        "after"
    };
    format!("{whole} {length}")
}

/// Returns what people call a phase.
pub(super) const fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Hear => "Hear",
        Phase::Empathize => "Empathize",
        Phase::Apologize => "Apologize",
        Phase::Resolve => "Resolve",
        Phase::Explain => "Explain",
        Phase::Thank => "Thank",
        Phase::Diagnose => "Diagnose",
        Phase::FollowUp => "Follow up",
        Phase::Approve => "Approve",
        Phase::Wait => "Wait",
    }
}

/// Returns how an outcome counts, in words.
pub(super) const fn counts_as(counts_as: CountsAs) -> &'static str {
    match counts_as {
        CountsAs::Resolved => "Ends: resolved",
        CountsAs::NotResolved => "Ends: not resolved",
        CountsAs::Withdrawn => "Ends: withdrawn",
        CountsAs::Referred => "Ends: referred",
    }
}

/// Returns the short form of a condition: "if accepted is yes".
pub(super) fn condition(condition: &Condition) -> String {
    let mut words = format!("if {}", part(condition, false));
    if let Some((end, _)) = words.char_indices().nth(CONDITION_CHARS_MAX) {
        words.truncate(end);
        words.push('…');
    }
    words
}

fn part(condition: &Condition, is_inner: bool) -> String {
    let joined = |parts: &[Condition], word: &str| {
        let inner = is_inner || parts.len() > 1;
        let words: Vec<String> = parts.iter().map(|one| part(one, inner)).collect();
        let words = words.join(word);
        if is_inner && parts.len() > 1 {
            format!("({words})")
        } else {
            words
        }
    };
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Not(one) => match one.as_ref() {
            Condition::Test { field, test } => {
                let test = of_test(&test.value);
                let test = test.strip_prefix("is ").unwrap_or(&test);
                format!("{} is not {test}", spoken(&field.value))
            }
            Condition::All(_) | Condition::Any(_) | Condition::Not(_) => {
                format!("not ({})", part(one, false))
            }
        },
        Condition::Test { field, test } => {
            format!("{} {}", spoken(&field.value), of_test(&test.value))
        }
    }
}

fn of_test(test: &Test) -> String {
    match test {
        Test::OneOf(values) => {
            let values: Vec<String> = values.iter().map(|value| spoken(&value.value)).collect();
            format!("is {}", or(&values))
        }
        Test::Within(bounds) => {
            let bounds: Vec<String> = bounds
                .iter()
                .map(|(bound, value)| format!("{} {}", bound, plain(&value.value)))
                .collect();
            format!("is {}", bounds.join(" and "))
        }
        Test::Empty => "is not answered".to_owned(),
        Test::Filled => "is answered".to_owned(),
        Test::OverLimit => "is over the limit".to_owned(),
    }
}
