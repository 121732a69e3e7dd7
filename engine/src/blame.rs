//! Blame of persons in the text of a diagnosis: where it stands, and how to speak of the process.
//!
//! A diagnosis asks what let something happen, not who. [`find`] reads a text for names of staff,
//! for words that blame, and for a chain of whys that ends in human error; [`rule`] tells the
//! people who read its refusals what is found, what is not, and how often it errs.
//!
//! Invariant: it helps and does not judge: whoever shows a finding lets a person overrule it.
//! Invariant: words in quotation marks, the customer's, are never found.
//! Invariant: the work grows with the length of the text, whatever stands in it.

mod clause;
mod ending;
mod fold;
mod lists;
mod names;
mod ordinary;
mod quoted;
#[doc = include_str!("blame/rule.md")]
pub mod rule {}
#[cfg(test)]
mod tests;
mod words;
mod work;

use std::ops::Range;

use clause::Subject;
use lists::{Found, Role, Said};
pub use names::{NAME_WORDS_MAX, Names, PART_LETTERS_MIN};
use words::{Word, words};

/// The most findings of one text; the rest of the text is not looked at.
pub const FINDINGS_MAX: usize = 50;

/// What a text blames.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blame {
    /// Somebody of the staff, by name.
    Name,
    /// Somebody, by a word that blames.
    Word,
    /// Human error, and nothing behind it.
    EndsInHumanError,
}

impl Blame {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Name, Self::Word, Self::EndsInHumanError];

    /// Returns the stable word for it in entries.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Word => "word",
            Self::EndsInHumanError => "ends_in_human_error",
        }
    }
}

/// Where in a diagnosis a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What went wrong and why, in a few sentences: the last may not be human error.
    Statement,
    /// An answer to a why.
    Why {
        /// No further why follows: it may not be human error.
        is_last: bool,
    },
    /// Any other text, such as an action or a letter.
    Other,
}

/// Blame in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is blamed.
    pub kind: Blame,
    /// The very words.
    pub words: String,
    /// Where they stand, in bytes.
    pub at: Range<usize>,
    /// How such a thing is said of the process: an example in the language of the words.
    pub better: &'static str,
}

/// How to say it where somebody is named.
const BETTER_THAN_A_NAME: &str = "the roster had nobody for the second check that evening";

/// Returns the blame in a text, in the order of the text, at most [`FINDINGS_MAX`] findings.
///
/// All languages are looked for at once. Findings do not overlap.
#[must_use]
pub fn find(text: &str, names: &Names, place: Place) -> Vec<Finding> {
    let mut words = words(text);
    let called = names.find(&mut words);
    let called = called
        .into_iter()
        .map(|at| (Blame::Name, at, BETTER_THAN_A_NAME));
    let mut found: Vec<_> = called.take(FINDINGS_MAX).collect();
    found.extend(blaming(&words, place));
    // A name comes before the words that begin with it: it says more.
    found.sort_by_key(|(kind, at, _)| (at.start, *kind));
    let mut free_from = 0;
    found.retain(|(_, at, _)| {
        let is_free = at.start >= free_from;
        free_from = if is_free { at.end } else { free_from };
        is_free
    });
    let finding = |(kind, at, better): (Blame, Range<usize>, _)| {
        let words = text.get(at.clone()).unwrap_or_default().to_owned();
        Finding {
            kind,
            words,
            at,
            better,
        }
    };
    found.into_iter().take(FINDINGS_MAX).map(finding).collect()
}

/// Words that blame, and human errors that end a text.
fn blaming(words: &[Word], place: Place) -> Vec<(Blame, Range<usize>, &'static str)> {
    let mut found = Vec::new();
    let mut at = 0;
    // Where the words ended that were denied last: "not careless and lazy" denies both.
    let mut denied_to = None;
    while at < words.len() && found.len() < FINDINGS_MAX {
        work::step();
        let Some(pattern) = lists::matches(words, at) else {
            at += 1;
            continue;
        };
        if let Some((from, to)) = said(words, at, pattern) {
            if is_denied(words, at, to, pattern) || goes_on(words, denied_to, at) {
                denied_to = Some(pattern.end);
            } else if let Some(kind) = kind(words, at, pattern, place) {
                let first = words.get(from).map(|word| word.at.start);
                let last = words.get(to - 1).map(|word| word.at.end);
                let at = first.zip(last).map(|(first, last)| first..last);
                found.extend(at.map(|at| (kind, at, pattern.group.better)));
            }
        }
        at = pattern.end;
    }
    found
}

fn kind(words: &[Word], at: usize, pattern: Found, place: Place) -> Option<Blame> {
    if pattern.group.is_slip {
        let is_end = ending::is_end(words, at, pattern.end, place);
        is_end.then_some(Blame::EndsInHumanError)
    } else {
        Some(Blame::Word)
    }
}

/// Whether a word only goes on with what was denied before it.
fn goes_on(words: &[Word], denied_to: Option<usize>, at: usize) -> bool {
    let Some(denied_to) = denied_to else {
        return false;
    };
    let between = words.get(denied_to..at).unwrap_or_default();
    let is_or = |word: &Word| {
        let or = ["or", "nor", "oder", "noch", "ou", "ni", "o"];
        word.role == Role::And || or.contains(&word.folded.as_str())
    };
    between.len() <= 1 && between.iter().all(is_or)
}

fn is_denied(words: &[Word], at: usize, end: usize, pattern: Found) -> bool {
    let is_bound = pattern.group.said == Said::Trait && clause::is_definite(words, at);
    let is_owned = clause::owner_before(words, at).is_some();
    let may_deny_after = pattern.group.said != Said::Trait && !is_owned;
    !is_bound && clause::is_denied(words, at)
        || may_deny_after && clause::is_denied_after(words, end)
}

/// Returns the words, from and up to, in which a pattern blames somebody; none where it does not.
fn said(words: &[Word], at: usize, pattern: Found) -> Option<(usize, usize)> {
    let end = pattern.end;
    let subject = || clause::subject(words, at);
    let is_said = match pattern.group.said {
        Said::Harmless => false,
        Said::Noun => true,
        Said::Trait => !clause::is_of_thing(words, at, end),
        Said::Act => match subject() {
            Subject::Is(Role::Thing | Role::House) | Subject::Asked => false,
            Subject::Is(_) => true,
            Subject::Unknown => !clause::is_told_of_thing(words, end),
        },
        Said::Forgot => !matches!(
            subject(),
            Subject::Is(Role::Thing | Role::House | Role::Customer) | Subject::Asked
        ),
        Said::OfPerson => {
            let people = [Role::Staff, Role::Person, Role::Customer].map(Subject::Is);
            people.contains(&subject()) || clause::is_before_somebody(words, end)
        }
        Said::OfStaff => subject() == Subject::Is(Role::Staff),
        Said::Owned => {
            let before = clause::owner_before(words, at).map(|owner| (owner, end));
            return before.or_else(|| clause::owner_after(words, end).map(|end| (at, end)));
        }
        Said::Toward => {
            let is_told = subject() == Subject::Is(Role::Customer);
            let target = clause::target_after(words, end).filter(|_| !is_told);
            return target.map(|end| (at, end));
        }
    };
    is_said.then_some((at, end))
}
