//! Words in a row, as the lists give them, looked for at each word of a text.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Group, LANGUAGES, Role, Said, beginnings};
use crate::blame::fold::{fold, spelt};
use crate::blame::words::Word;
use crate::blame::work;

/// The most words that a `~` stands for.
const GAP_WORDS_MAX: usize = 2;

/// Words in a row.
pub(in crate::blame) struct Pattern {
    parts: Vec<Part>,
}

enum Part {
    /// One of these, each a whole word or, with `true`, the beginning of one.
    Word(Vec<(String, bool)>),
    Gap,
}

/// A pattern found in a text.
#[derive(Clone, Copy)]
pub(in crate::blame) struct Found {
    pub(in crate::blame) group: &'static Group,
    /// The word behind its last.
    pub(in crate::blame) end: usize,
}

impl Pattern {
    pub(in crate::blame) fn new(text: &str) -> Self {
        let part = |part: &str| match part {
            "~" => Part::Gap,
            part => Part::Word(part.split('|').flat_map(Self::ways).collect()),
        };
        // An apostrophe divides in the text, so it does here.
        let text = text.replace('\'', " ");
        Self {
            parts: text.split_whitespace().map(part).collect(),
        }
    }

    fn ways(word: &str) -> Vec<(String, bool)> {
        let letters = word.trim_end_matches('*');
        let is_beginning = letters.len() < word.len();
        let ways = [Some(fold(letters)), spelt(letters)].into_iter().flatten();
        ways.map(|way| (way, is_beginning)).collect()
    }

    /// Returns the word behind the last of this pattern, where it begins at a word.
    pub(in crate::blame) fn ends_at(&self, words: &[Word], at: usize) -> Option<usize> {
        let sentence = words.get(at)?.sentence;
        ends_at(&self.parts, words, at, sentence)
    }
}

/// A pattern has at most a few gaps of [`GAP_WORDS_MAX`] words: the tries are counted on a hand.
fn ends_at(parts: &[Part], words: &[Word], at: usize, sentence: usize) -> Option<usize> {
    work::step();
    let Some((part, rest)) = parts.split_first() else {
        return Some(at);
    };
    match part {
        Part::Gap => {
            // No gap passes over a denial: who made no mistake made none.
            let passed = words.iter().skip(at).take(GAP_WORDS_MAX);
            let passed = passed.take_while(|word| word.role != Role::Negator).count();
            (0..=passed).find_map(|gap| ends_at(rest, words, at + gap, sentence))
        }
        Part::Word(ways) => {
            let word = words.get(at).filter(|word| word.sentence == sentence)?;
            let is_it = |(way, is_beginning): &(String, bool)| {
                word.folded == *way || *is_beginning && word.folded.starts_with(way)
            };
            ways.iter().any(is_it).then_some(())?;
            ends_at(rest, words, at + 1, sentence)
        }
    }
}

/// The patterns by the first word, or by its beginning.
#[derive(Default)]
struct Patterns {
    exact: BTreeMap<String, Vec<(Pattern, &'static Group)>>,
    beginnings: BTreeMap<String, Vec<(Pattern, &'static Group)>>,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let mut patterns = Patterns::default();
    for group in LANGUAGES.iter().flat_map(|language| language.groups) {
        for text in group.words.split(',') {
            let Some(Part::Word(firsts)) = Pattern::new(text).parts.into_iter().next() else {
                continue;
            };
            for (first, is_beginning) in firsts {
                let of = if is_beginning {
                    &mut patterns.beginnings
                } else {
                    &mut patterns.exact
                };
                of.entry(first)
                    .or_default()
                    .push((Pattern::new(text), group));
            }
        }
    }
    patterns
});

/// Returns the longest pattern that begins at a word; of equally long ones, the harmless
/// one, and else that which says more of its first word.
pub(in crate::blame) fn matches(words: &[Word], at: usize) -> Option<Found> {
    let word = words.get(at).filter(|word| !word.folded.is_empty())?;
    let exact = PATTERNS.exact.get(&word.folded);
    let begun = beginnings(&word.folded).filter_map(|start| PATTERNS.beginnings.get(start));
    let mut longest: Option<Found> = None;
    for (pattern, group) in exact.into_iter().chain(begun).flatten() {
        let Some(end) = pattern.ends_at(words, at) else {
            continue;
        };
        let is_harmless = group.said == Said::Harmless;
        if longest.is_none_or(|found| found.end < end || found.end == end && is_harmless) {
            longest = Some(Found { group, end });
        }
    }
    longest
}
