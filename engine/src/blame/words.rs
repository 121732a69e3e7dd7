//! A text as words, each with its place: which sentence, which clause, what part it plays.
//!
//! Invariant: the place of a word begins and ends at characters of the text, in the text's order.

use std::ops::Range;

use super::fold::{fold, is_apostrophe, is_word, spelt};
use super::lists::{self, Role};
use super::quoted::quoted;
use super::work;

/// A word, or what an apostrophe leaves of it: `didn't` is the two words `did` and `not`.
#[derive(Debug)]
pub(super) struct Word {
    /// Its letters for comparing; empty for words in quotation marks.
    pub(super) folded: String,
    /// The same, written without umlauts; none where it has none.
    pub(super) spelt: Option<String>,
    pub(super) at: Range<usize>,
    pub(super) sentence: usize,
    /// Counts what stands between commas and such, and between words such as `because`.
    pub(super) clause: usize,
    /// Counts clauses, and in them what stands on either side of an `and`.
    pub(super) part: usize,
    pub(super) role: Role,
    pub(super) capital: Capital,
    /// It may be capitalised for its place alone: after a full stop, a colon, a line's end.
    pub(super) is_first: bool,
    /// It ends in the apostrophe of an owner.
    pub(super) is_owner: bool,
    /// A hyphen, and nothing else, stands before it.
    pub(super) is_joined: bool,
}

/// How a word is capitalised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Capital {
    Small,
    First,
    All,
}

/// Syllables that French cuts before an apostrophe.
const ELIDED: &[&str] = &[
    "l", "d", "n", "qu", "c", "s", "j", "m", "t", "jusqu", "lorsqu", "puisqu", "quelqu",
];
/// Words after which a full stop ends no sentence, beside single letters.
const SHORT: &[&str] = &[
    "mr", "mrs", "ms", "dr", "st", "nr", "sr", "sra", "mme", "prof", "approx", "vs", "eg", "ie",
    "ca", "bzw", "tel", "inkl", "usw", "etc", "ref",
];
/// What a verb that takes `n't` is without it, where that is not the letters before.
const SHORT_VERBS: &[(&str, &str)] = &[("wo", "will"), ("ca", "can"), ("sha", "shall")];
/// Words whose `'s` is a verb.
const ARE: &[&str] = &[
    "it", "he", "she", "that", "who", "there", "what", "here", "let", "where",
];

/// Reads a text.
pub(super) fn words(text: &str) -> Vec<Word> {
    let mut reader = Reader::default();
    let mut quotes = quoted(text).into_iter().peekable();
    let mut chars = text.char_indices().peekable();
    let mut read_to = 0;
    while let Some((at, c)) = chars.next() {
        work::step();
        if let Some(quote) = quotes.next_if(|quote| quote.start == at) {
            while chars.next_if(|(at, _)| *at < quote.end).is_some() {}
            reader.gap(cut(text, &(read_to..at)));
            read_to = quote.end;
            reader.quote(cut(text, &quote), quote);
        } else if is_word(c) {
            let mut end = at + c.len_utf8();
            while let Some((next, c)) = chars.peek().copied() {
                let after = next + c.len_utf8();
                let is_inner = || text.get(after..).and_then(|rest| rest.chars().next());
                let is_inner = is_apostrophe(c) && is_inner().is_some_and(is_word);
                if !is_word(c) && !is_inner {
                    break;
                }
                end = after;
                chars.next();
            }
            reader.gap(cut(text, &(read_to..at)));
            let rest = text.get(end..).unwrap_or_default();
            reader.raw(cut(text, &(at..end)), at, rest.starts_with(is_apostrophe));
            read_to = end;
        }
    }
    reader.words
}

fn cut<'t>(text: &'t str, at: &Range<usize>) -> &'t str {
    text.get(at.clone()).unwrap_or_default()
}

/// What stands between two words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Gap {
    #[default]
    Space,
    Hyphen,
    Comma,
    /// A colon, a bracket, a dash.
    Break,
    Stop,
}

#[derive(Default)]
struct Reader {
    words: Vec<Word>,
    gap: Gap,
    starts_line: bool,
    sentence: usize,
    clause: usize,
    part: usize,
    is_in_parenthesis: bool,
}

impl Reader {
    fn last(&self) -> Option<&Word> {
        self.words.last()
    }

    fn gap(&mut self, gap: &str) {
        let last = self.last().map_or("", |word| word.folded.as_str());
        let is_short = last.chars().count() == 1 || SHORT.contains(&last);
        let mut found = match gap {
            "-" | "\u{2010}" | "\u{2011}" => Gap::Hyphen,
            _ => Gap::Space,
        };
        let mut chars = gap.chars().peekable();
        self.starts_line = self.words.is_empty();
        while let Some(c) = chars.next() {
            work::step();
            let ends = chars.peek().is_none_or(|c| c.is_whitespace() || *c == ')');
            let this = match c {
                '!' | '?' | '…' | '¿' | '¡' | '•' | '*' => Gap::Stop,
                '.' if ends && !is_short => Gap::Stop,
                ':' | ';' | '(' | ')' | '[' | ']' | '–' | '—' | '/' => Gap::Break,
                '-' if found != Gap::Hyphen => Gap::Break,
                ',' => Gap::Comma,
                '\n' => {
                    self.starts_line = true;
                    let is_empty = chars.peek().is_some_and(|c| *c == '\n' || *c == '\r');
                    if is_empty { Gap::Stop } else { Gap::Space }
                }
                _ => Gap::Space,
            };
            if this as u8 > found as u8 {
                found = this;
            }
        }
        if self.gap != Gap::Stop {
            self.gap = found;
        }
    }

    /// A stretch in quotation marks is one word that is like no other.
    fn quote(&mut self, quote: &str, at: Range<usize>) {
        self.push(String::new(), None, at, Capital::Small, false);
        let inside = quote.trim_end_matches(|c: char| !c.is_alphanumeric());
        let end = quote.get(inside.len()..).unwrap_or_default();
        if end.contains(['.', '!', '?']) {
            self.gap = Gap::Stop;
        }
    }

    /// Takes a stretch of letters and inner apostrophes apart.
    fn raw(&mut self, mut raw: &str, mut at: usize, is_owner: bool) {
        let end = at + raw.len();
        while let Some((first, rest)) = raw.split_once(is_apostrophe)
            && ELIDED.contains(&fold(first).as_str())
            && !matches!(rest, "s" | "S")
        {
            self.one(first, at..at + first.len(), false);
            (raw, at) = (rest, end - rest.len());
        }
        let Some((head, tail)) = raw.rsplit_once(is_apostrophe) else {
            return self.whole(raw, at..end, is_owner);
        };
        let head_at = at..at + head.len();
        let tail = fold(tail);
        match tail.as_str() {
            "s" => {
                let is_owner = !ARE.contains(&fold(head).as_str());
                self.one(head, if is_owner { at..end } else { head_at }, is_owner);
            }
            "t" if head.ends_with(['n', 'N']) => {
                let verb = head.get(..head.len() - 1).unwrap_or_default();
                let short = fold(verb);
                let verb_long = SHORT_VERBS.iter().find(|(is, _)| *is == short);
                let verb = verb_long.map_or(verb, |(_, long)| *long);
                self.one(verb, at..end, false);
                self.one("not", at..end, false);
            }
            "ve" => {
                self.one(head, head_at, false);
                self.one("have", at..end, false);
            }
            "d" | "ll" | "re" | "m" => self.one(head, head_at, false),
            _ => self.whole(raw, at..end, is_owner),
        }
    }

    fn whole(&mut self, raw: &str, at: Range<usize>, is_owner: bool) {
        if fold(raw) == "cannot" {
            self.one("can", at.clone(), false);
            self.one("not", at, false);
        } else {
            let is_owner = is_owner && raw.ends_with(['s', 'S', 'x', 'z']);
            self.one(raw, at, is_owner);
        }
    }

    fn one(&mut self, raw: &str, at: Range<usize>, is_owner: bool) {
        let mut letters = raw.chars().filter(|c| c.is_alphabetic());
        let is_large = letters.next().is_some_and(|c| !c.is_lowercase());
        let rest = letters.next().is_some_and(|c| !c.is_lowercase());
        let capital = match (is_large, rest && letters.all(|c| !c.is_lowercase())) {
            (true, true) => Capital::All,
            (true, false) => Capital::First,
            (false, _) => Capital::Small,
        };
        self.push(fold(raw), spelt(raw), at, capital, is_owner);
    }

    fn push(
        &mut self,
        folded: String,
        spelt: Option<String>,
        at: Range<usize>,
        capital: Capital,
        is_owner: bool,
    ) {
        work::step();
        let role = lists::role(&folded);
        let is_first = matches!(self.gap, Gap::Stop | Gap::Break) || self.starts_line;
        let is_after_no = self.last().is_some_and(|word| word.role == Role::Negator);
        self.place(role, &folded, is_after_no);
        let is_joined = self.gap == Gap::Hyphen;
        (self.gap, self.starts_line) = (Gap::Space, false);
        let (sentence, clause, part) = (self.sentence, self.clause, self.part);
        self.words.push(Word {
            folded,
            spelt,
            at,
            sentence,
            clause,
            part,
            role,
            capital,
            is_first,
            is_owner,
            is_joined,
        });
    }

    /// Finds the clause of the word that comes next.
    fn place(&mut self, role: Role, folded: &str, is_after_no: bool) {
        let is_new_clause = match self.gap {
            Gap::Space | Gap::Hyphen => false,
            // "Not, in the end, his fault": both commas are passed over.
            Gap::Comma if is_after_no => {
                self.is_in_parenthesis = true;
                false
            }
            Gap::Comma if self.is_in_parenthesis => {
                self.is_in_parenthesis = false;
                false
            }
            Gap::Comma => role != Role::That,
            Gap::Break => true,
            Gap::Stop => {
                self.sentence += 1;
                self.is_in_parenthesis = false;
                true
            }
        };
        let is_reason = role == Role::Because && !(is_after_no && lists::is_reason(folded));
        if is_new_clause || is_reason {
            self.clause += 1;
            self.part += 1;
        } else if role == Role::And {
            self.part += 1;
        }
    }
}
