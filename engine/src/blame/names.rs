//! The names of the people who work here, and where a text names them.
//!
//! Invariant: a name is never found inside another word, and never in quotation marks.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::fold::{fold, spelt};
use super::lists::{self, Role};
use super::words::{Capital, Word, words};
use super::{ordinary, work};

/// The most words of a name that count; what comes behind them is not looked at.
pub const NAME_WORDS_MAX: usize = 8;
/// The fewest letters of a part of a name that names somebody alone.
pub const PART_LETTERS_MIN: usize = 3;
/// The fewest letters of a part that is known with the `s` of a German genitive: `Mikes`.
const GENITIVE_LETTERS_MIN: usize = 4;

/// Names of staff, made ready for being looked for.
#[derive(Debug, Clone, Default)]
pub struct Names {
    /// Whole names of several words, with how many words the longest name has that begins so.
    firsts: BTreeMap<String, usize>,
    /// Whole names of several words, joined by spaces.
    whole: BTreeSet<String>,
    /// Parts that name somebody when they are capitalised.
    parts: BTreeSet<String>,
    /// Names that are one word with a digit in it, in any case.
    accounts: BTreeSet<String>,
}

impl Names {
    /// Makes names ready. `Smith, Mike` is Mike Smith.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut made = Self::default();
        for name in names {
            match name.split_once(',') {
                Some((last, first)) => made.add(&format!("{first} {last}")),
                None => made.add(name),
            }
        }
        made
    }

    fn add(&mut self, name: &str) {
        let parts: Vec<&str> = split(name).take(NAME_WORDS_MAX).collect();
        for part in &parts {
            let is_account = parts.len() == 1 && part.contains(|c: char| c.is_ascii_digit());
            for way in [Some(fold(part)), spelt(part)].into_iter().flatten() {
                let letters = way.chars().filter(|c| c.is_alphabetic()).count();
                if is_account {
                    self.accounts.insert(way);
                } else if letters >= PART_LETTERS_MIN && !ordinary::is_never_a_name(&way) {
                    self.parts.insert(way);
                }
            }
        }
        let names_nobody = parts
            .iter()
            .all(|part| ordinary::is_never_a_name(&fold(part)));
        if parts.len() < 2 || names_nobody {
            return;
        }
        let folded = parts.iter().map(|part| fold(part)).collect::<Vec<_>>();
        let has_umlaut = parts.iter().any(|part| spelt(part).is_some());
        let other = |part: &&str| spelt(part).unwrap_or_else(|| fold(part));
        let other = has_umlaut.then(|| parts.iter().map(other).collect::<Vec<_>>());
        for way in [Some(folded), other].into_iter().flatten() {
            let Some(first) = way.first() else { continue };
            let longest = self.firsts.entry(first.clone()).or_default();
            *longest = way.len().max(*longest);
            self.whole.insert(way.join(" "));
        }
    }

    /// Returns where a text names somebody, in order and apart; marks the words as a person.
    pub(super) fn find(&self, words: &mut [Word]) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            work::step();
            let many = self.whole_at(words, at);
            let many = many.or_else(|| self.is_part_at(words, at).then_some(1));
            let Some(many) = many else {
                at += 1;
                continue;
            };
            let named = words.iter_mut().skip(at).take(many);
            let mut range: Option<Range<usize>> = None;
            for word in named {
                word.role = Role::Staff;
                let start = range.map_or(word.at.start, |range| range.start);
                range = Some(start..word.at.end);
            }
            found.extend(range);
            at += many;
        }
        found
    }

    /// How many words from here on are a whole name.
    fn whole_at(&self, words: &[Word], at: usize) -> Option<usize> {
        let first = words.get(at)?;
        let second = first.spelt.as_ref();
        let longest = [Some(&first.folded), second].into_iter().flatten();
        let longest = longest.filter_map(|first| self.firsts.get(first)).max()?;
        let (mut plain, mut spelt) = (String::new(), String::new());
        let mut many = None;
        for (count, word) in (1..=*longest).zip(words.get(at..)?) {
            work::step();
            if word.folded.is_empty() || word.sentence != first.sentence {
                break;
            }
            if count > 1 {
                plain.push(' ');
                spelt.push(' ');
            }
            plain.push_str(&word.folded);
            spelt.push_str(word.spelt.as_ref().unwrap_or(&word.folded));
            if count > 1 && (self.whole.contains(&plain) || self.whole.contains(&spelt)) {
                many = Some(count);
            }
        }
        many
    }

    fn is_part(&self, word: &Word) -> bool {
        let ways = [Some(&word.folded), word.spelt.as_ref()];
        ways.into_iter().flatten().any(|way| {
            let genitive = way.strip_suffix('s');
            let genitive = genitive
                .filter(|part| part.len() >= GENITIVE_LETTERS_MIN && !ordinary::is_ordinary(part));
            self.parts.contains(way) || genitive.is_some_and(|part| self.parts.contains(part))
        })
    }

    fn is_part_at(&self, words: &[Word], at: usize) -> bool {
        let Some(word) = words.get(at) else {
            return false;
        };
        if self.accounts.contains(&word.folded) {
            return true;
        }
        if word.capital == Capital::Small || !self.is_part(word) {
            return false;
        }
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let after = words.get(at + 1);
        // Jean-Paul is not Paul, and a Rolls-Royce nobody's; what is "Mike-led" is Mike's.
        let is_strange = |other: &Word| other.capital != Capital::Small && !self.is_part(other);
        if word.is_joined && before.is_some_and(is_strange)
            || after.is_some_and(|after| after.is_joined && is_strange(after))
        {
            return false;
        }
        !ordinary::is_ordinary(&word.folded) || self.is_meant(word, before, after)
    }

    /// Whether an ordinary word, such as Will or Rose, names a person here.
    fn is_meant(&self, word: &Word, before: Option<&Word>, after: Option<&Word>) -> bool {
        if before.is_some_and(|before| lists::is_title(before) && before.sentence == word.sentence)
        {
            return true;
        }
        let is_period = ordinary::is_period(&word.folded);
        if word.is_owner {
            return !is_period && !ordinary::is_german_noun(&word.folded);
        }
        if word.capital == Capital::All
            || is_period
            || ordinary::is_german_noun(&word.folded)
            || before.is_some_and(|before| self.is_of_another_name(word, before))
            || after.is_some_and(|after| !self.goes_with_a_name(word, after))
        {
            return false;
        }
        let verb = after.is_some_and(|after| ordinary::follows_a_person(&after.folded));
        !word.is_first || (verb && ordinary::is_never_subject(&word.folded))
    }

    /// Whether the word before makes this one a thing's: Public Law, a Power of Attorney.
    fn is_of_another_name(&self, word: &Word, before: &Word) -> bool {
        let is_name = before.capital != Capital::Small && !before.is_first;
        let is_article = matches!(before.folded.as_str(), "a" | "an" | "the");
        (is_name || is_article)
            && before.clause == word.clause
            && !self.parts.contains(&before.folded)
    }

    /// Whether the next word lets this one be a name: the Rose Room is not Rose's.
    fn goes_with_a_name(&self, word: &Word, after: &Word) -> bool {
        after.capital == Capital::Small
            || after.clause != word.clause
            || after.is_first
            || self.parts.contains(&after.folded)
    }
}

/// The words of a name, as a text would be read, without what German, French and English add.
fn split(name: &str) -> impl Iterator<Item = &str> {
    let read = words(name);
    read.into_iter().filter_map(|word| name.get(word.at))
}
