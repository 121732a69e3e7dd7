//! The words of all languages at once: what part a word plays, and which words blame.
//!
//! Invariant: every word of every list is looked up, whatever language the text is in.

mod english;
mod french;
mod german;
mod pattern;
mod spanish;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::fold::fold;
use super::words::Word;
pub(super) use pattern::{Found, Pattern, matches};

/// What part a word plays in a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Role {
    /// Somebody who works here.
    Staff,
    /// Somebody.
    Person,
    /// The one who complains.
    Customer,
    /// The company itself, or another: nobody in it.
    House,
    /// A thing, a rule, a program.
    Thing,
    /// A word such as `his`.
    Owner,
    /// A word such as `not` or `nobody`.
    Negator,
    /// An article or such.
    Article,
    /// A word such as `of` or `in`.
    Preposition,
    /// A form of to be, and what is used like it.
    Copula,
    /// A word such as `because` or `which`: a clause begins.
    Because,
    /// A word such as `that`, after which a denial still holds.
    That,
    And,
    #[default]
    Other,
}

/// Of whom a word must be said to blame somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Of nobody in particular: the word is enough.
    Noun,
    /// Of anything but a thing: a careless agent, not a careless default.
    Trait,
    /// By anybody but a thing or the company.
    Act,
    /// By anybody but a thing, the company or the customer.
    Forgot,
    /// Of a person.
    OfPerson,
    /// Of somebody who works here.
    OfStaff,
    /// Somebody's own: his fault, the fault of the agent.
    Owned,
    /// To somebody: blame the agent.
    Toward,
    /// Of nothing: it looks like blame, and is none.
    Harmless,
}

/// Words that blame in one way.
pub(super) struct Group {
    pub(super) said: Said,
    /// It is a human error: that may begin an inquiry, and may not end it.
    pub(super) is_slip: bool,
    /// How to say it of the process.
    pub(super) better: &'static str,
    /// The words, with commas between. `*` at the end of a word is any ending, `|` is or, and `~`
    /// is up to two words that deny nothing.
    pub(super) words: &'static str,
}

/// What one language gives.
pub(super) struct Language {
    pub(super) groups: &'static [Group],
    /// Words by the parts they play, with spaces between, `*` as in [`Group::words`].
    pub(super) roles: &'static [(Role, &'static str)],
    /// Ends of long words: in German, the last part of a word says what it is.
    pub(super) endings: &'static [(Role, &'static str)],
}

const LANGUAGES: [&Language; 4] = [&english::LIST, &german::LIST, &french::LIST, &spanish::LIST];

/// The shortest beginning of a word that a list may give.
const BEGINNING_LETTERS_MIN: usize = 3;
/// The longest beginning of a word that a list gives.
const BEGINNING_LETTERS_MAX: usize = 16;
/// The fewest letters of a word whose end is looked at.
const COMPOUND_LETTERS_MIN: usize = 9;

/// What denies what follows, and only seems to: not only, no doubt, nothing but.
const NOT_DENIED: &[&str] = &[
    "only",
    "just",
    "merely",
    "simply",
    "doubt",
    "wonder",
    "surprise",
    "surprising",
    "excuse",
    "but",
    "matter",
    "least",
    "nur",
    "bloss",
    "zweifel",
    "seulement",
    "doute",
    "solo",
    "solamente",
    "duda",
];
const WITHOUT: &[&str] = &["without", "ohne", "sans", "sin"];
const REASONS: &[&str] = &[
    "because", "due", "through", "owing", "weil", "wegen", "porque", "parce",
];
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "dr", "herr", "herrn", "frau", "monsieur", "madame", "mme", "m",
    "senor", "senora", "sr", "sra", "sister", "prof", "kollege", "kollegin", "kollegen",
];

/// The parts that words play, by the whole word, by its beginning, by its end.
#[derive(Default)]
struct Roles {
    exact: BTreeMap<String, Role>,
    beginnings: BTreeMap<String, Role>,
    endings: Vec<(&'static str, Role)>,
}

static ROLES: LazyLock<Roles> = LazyLock::new(|| {
    let mut roles = Roles::default();
    for (role, words) in LANGUAGES.iter().flat_map(|language| language.roles) {
        for word in words.split_ascii_whitespace() {
            let of = match word.strip_suffix('*') {
                Some(start) => roles.beginnings.entry(fold(start)),
                None => roles.exact.entry(fold(word)),
            };
            of.or_insert(*role);
        }
    }
    let endings = LANGUAGES.iter().flat_map(|language| language.endings);
    let endings = endings.flat_map(|(role, ends)| ends.split(' ').map(|end| (end, *role)));
    roles.endings = endings.collect();
    roles
});

/// Returns what part a folded word plays.
pub(super) fn role(word: &str) -> Role {
    let exact = || ROLES.exact.get(word);
    let one_of_many = || word.strip_suffix('s').filter(|one| one.len() > 2);
    let one_of_many = || one_of_many().and_then(|one| ROLES.exact.get(one));
    let beginning = || beginnings(word).find_map(|start| ROLES.beginnings.get(start));
    let ending = || {
        let mut endings = ROLES
            .endings
            .iter()
            .filter(|_| word.len() >= COMPOUND_LETTERS_MIN);
        endings
            .find(|(end, _)| word.ends_with(end))
            .map(|(_, role)| role)
    };
    let found = exact()
        .or_else(one_of_many)
        .or_else(beginning)
        .or_else(ending);
    found.copied().unwrap_or_default()
}

/// The beginnings of a word that a list may give, the longest first.
fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let longest = word.len().min(BEGINNING_LETTERS_MAX);
    let lengths = (BEGINNING_LETTERS_MIN..=longest).rev();
    lengths.filter_map(|length| word.get(..length))
}

/// Returns whether a word is a title of a person, or the name of somebody's work.
pub(super) fn is_title(word: &Word) -> bool {
    TITLES.contains(&word.folded.as_str()) || word.role == Role::Staff
}

/// Returns whether a word gives a reason, and may be denied: not because.
pub(super) fn is_reason(word: &str) -> bool {
    REASONS.contains(&word)
}

/// Returns whether the negator at a place denies what follows it.
pub(super) fn denies(words: &[Word], at: usize) -> bool {
    let near = |place: Option<usize>| place.and_then(|place| words.get(place));
    let before = near(at.checked_sub(1));
    let after = near(Some(at + 1)).map_or("", |word| word.folded.as_str());
    let is_without = |word: &str| WITHOUT.contains(&word);
    let Some(word) = words.get(at) else {
        return false;
    };
    let is_doubled = is_without(&word.folded)
        && before.is_some_and(|word| word.role == Role::Negator && !is_without(&word.folded));
    match word.folded.as_str() {
        _ if is_doubled || is_without(after) || NOT_DENIED.contains(&after) => false,
        "nothing" => matches!(after, "to" | "suggests" | "points" | "shows" | "indicates"),
        // Unfair to say, wrong to call: what follows is denied, and a wrong number is none.
        "unfair" | "wrong" => after == "to",
        "personne" => matches!(after, "n" | "ne"),
        _ => true,
    }
}

/// Returns how far a negator reaches, in words.
pub(super) fn reach(negator: &Word) -> usize {
    if WITHOUT.contains(&negator.folded.as_str()) {
        3
    } else {
        12
    }
}
