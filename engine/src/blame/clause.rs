//! Of whom a word is said, and whether it is denied, as far as the words around it show.
//!
//! Invariant: each question looks at a bounded number of words.

use std::sync::LazyLock;

use super::lists::{self, Pattern, Role};
use super::words::Word;
use super::work;

/// How far back the subject of a verb is looked for, in words.
const SUBJECT_WORDS_MAX: usize = 16;
/// How far back a word is looked for that denies, in words.
const NEGATION_WORDS_MAX: usize = 12;
/// The most words between an article and its noun that are passed over.
const ADJECTIVES_MAX: usize = 3;
/// How far behind `blame` the blamed one is looked for, in words.
const TARGET_WORDS_MAX: usize = 4;

/// Whom or what a clause is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Unknown,
    Is(Role),
    /// It is asked who.
    Asked,
}

const WHO: &[&str] = &[
    "who", "which", "qui", "quien", "quienes", "welcher", "welche", "welches",
];
/// Words before an `of` whose noun is still what the clause is about: one of the agents.
const SOME_OF: &[&str] = &[
    "one", "two", "three", "some", "many", "several", "any", "most", "each", "all", "both",
    "member", "members", "none", "einer", "eine", "zwei", "un", "une", "uno", "una",
];
const OF: &[&str] = &[
    "of", "with", "by", "de", "du", "des", "del", "d", "der", "von", "vom", "bei", "beim", "on",
];
const LIES: &[&str] = &["lies", "lay", "rests", "rested", "liegt", "lag"];
/// Things that are somebody's work while they are done: a careless check is a person's.
const WORK: &[&str] = &[
    "check",
    "checks",
    "step",
    "steps",
    "handover",
    "handovers",
    "handoff",
    "answer",
    "answers",
    "report",
    "import",
    "migration",
    "deploy",
    "control",
    "training",
    "note",
    "notes",
    "comparison",
];
/// Articles that name nobody in particular: what they stand before may be denied.
const INDEFINITE: &[&str] = &[
    "a", "an", "any", "some", "each", "every", "such", "ein", "eine", "einen", "einem", "einer",
    "eines", "un", "une", "una", "unos", "unas",
];

/// What, behind a word, says that it is not so: negligence was not the cause.
static DENIALS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let denials = [
        "is|was|were|are|does|did|has|had|can|could not|no|nobody|never",
        "can|could be ruled|excluded",
        "is|was|were ruled out",
        "is|was|were excluded",
        "played|plays no",
        "lies|lay with nobody|no",
        "ist|war|waren|liegt|lag|hat|trifft|tragt nicht|kein|keine|keinen|niemand|niemanden",
        "ist|wurde|kann ausgeschlossen",
        "ist auszuschliessen",
        "lasst sich ausschliessen",
        "nothing|nobody|nichts|rien",
        "n est|a|etait|explique pas|personne|rien",
        "est exclue|exclu",
        "est a exclure",
        "no es|fue|era|explica",
        "queda|quedo descartada|descartado",
    ];
    denials.iter().map(|denial| Pattern::new(denial)).collect()
});

fn near(words: &[Word], at: Option<usize>) -> Option<&Word> {
    at.and_then(|at| words.get(at))
}

fn before(words: &[Word], at: usize) -> Option<&Word> {
    near(words, at.checked_sub(1))
}

fn is_somebody(role: Role) -> bool {
    matches!(role, Role::Staff | Role::Person | Role::Customer)
}

/// Returns whom or what the verb at a place is about.
pub(super) fn subject(words: &[Word], at: usize) -> Subject {
    let Some(verb) = words.get(at) else {
        return Subject::Unknown;
    };
    if before(words, at).is_some_and(|word| word.folded == "it") {
        return Subject::Is(Role::Thing);
    }
    // The nearest noun; behind an `and`, the first of what stands before it: "the agent checked
    // the form and forgot the note".
    let mut nearest: Option<&Word> = None;
    for place in (0..at).rev().take(SUBJECT_WORDS_MAX) {
        work::step();
        let Some(word) = words.get(place).filter(|word| word.clause == verb.clause) else {
            break;
        };
        if nearest.is_some_and(|nearest| nearest.part != word.part) {
            break;
        }
        let is_noun = is_somebody(word.role) || matches!(word.role, Role::House | Role::Thing);
        if is_noun && !word.is_owner && !is_after_preposition(words, place) {
            if word.part == verb.part {
                return Subject::Is(word.role);
            }
            nearest = Some(word);
        }
        if WHO.contains(&word.folded.as_str()) {
            return match before(words, place) {
                Some(one) if is_somebody(one.role) || one.role == Role::Thing => {
                    Subject::Is(one.role)
                }
                _ => Subject::Asked,
            };
        }
    }
    nearest.map_or(Subject::Unknown, |word| Subject::Is(word.role))
}

/// Whether a noun stands behind a preposition, and is not what the clause is about.
fn is_after_preposition(words: &[Word], noun: usize) -> bool {
    for place in (0..noun).rev().take(ADJECTIVES_MAX + 1) {
        work::step();
        let Some(word) = words.get(place) else {
            return false;
        };
        match word.role {
            Role::Preposition => {
                let of = before(words, place).map_or("", |word| word.folded.as_str());
                return !SOME_OF.contains(&of);
            }
            Role::Article | Role::Owner | Role::Other | Role::Thing => {}
            Role::Staff
            | Role::Person
            | Role::Customer
            | Role::House
            | Role::Negator
            | Role::Copula
            | Role::Because
            | Role::That
            | Role::And => return false,
        }
        let is_bound = matches!(word.role, Role::Article | Role::Owner);
        let next = before(words, place).map(|word| word.role);
        if is_bound && next != Some(Role::Preposition) {
            return false;
        }
    }
    false
}

/// Returns whether a trait at `at`, up to `end`, is a thing's: careless wording.
pub(super) fn is_of_thing(words: &[Word], at: usize, end: usize) -> bool {
    let role = |place: Option<usize>| {
        let word = near(words, place);
        let near = words
            .get(at)
            .zip(word)
            .filter(|(one, word)| one.sentence == word.sentence);
        near.map_or(Role::Other, |(_, word)| word.role)
    };
    let (last, next) = (role(at.checked_sub(1)), role(Some(end)));
    let is_of_somebody =
        next == Role::Preposition && (end..end + 4).any(|at| is_somebody(role(Some(at))));
    let is_owned = before(words, at)
        .is_some_and(|word| word.role == Role::Owner || word.is_owner && is_somebody(word.role));
    if is_of_somebody || is_somebody(next) || is_owned {
        return false;
    }
    let is_thing = |place: usize| {
        let word = near(words, Some(place)).map_or("", |word| word.folded.as_str());
        role(Some(place)) == Role::Thing && !WORK.contains(&word)
    };
    if is_thing(end) || last == Role::Thing {
        return true;
    }
    // "A stupid but valid address".
    let is_and = near(words, Some(end)).is_some_and(|word| {
        word.role == Role::And || matches!(word.folded.as_str(), "but" | "or" | "aber" | "mais")
    });
    let end = if is_and { end + 1 } else { end };
    match last {
        Role::Copula | Role::And | Role::Negator | Role::That => {
            subject(words, at) == Subject::Is(Role::Thing)
        }
        Role::Staff | Role::Person | Role::Customer | Role::House => false,
        Role::Thing
        | Role::Owner
        | Role::Article
        | Role::Preposition
        | Role::Because
        | Role::Other => role(Some(end)) == Role::Other && is_thing(end + 1),
    }
}

/// Returns whether the words up to `end` are said of the thing behind them: `schuld ist das Gerät`.
pub(super) fn is_told_of_thing(words: &[Word], end: usize) -> bool {
    let is_copula = |word: &Word| word.role == Role::Copula;
    let mut rest = words.iter().skip(end.saturating_sub(1));
    let has_copula = rest.next().is_some_and(is_copula) || rest.next().is_some_and(is_copula);
    let noun = rest.find(|word| word.role != Role::Article);
    has_copula && noun.is_some_and(|word| matches!(word.role, Role::Thing | Role::House))
}

/// Returns whether the word behind, or the one after it, is somebody.
pub(super) fn is_before_somebody(words: &[Word], end: usize) -> bool {
    words
        .iter()
        .skip(end)
        .take(2)
        .any(|word| is_somebody(word.role))
}

/// Returns where the one begins, before a word, whose it is: his, the agent's.
pub(super) fn owner_before(words: &[Word], at: usize) -> Option<usize> {
    let clause = words.get(at)?.clause;
    for place in (0..at).rev().take(ADJECTIVES_MAX) {
        let word = words.get(place).filter(|word| word.clause == clause)?;
        match word.role {
            Role::Owner => return Some(place),
            role if is_somebody(role) && word.is_owner => return Some(place),
            Role::Other | Role::Article => {}
            Role::Staff
            | Role::Person
            | Role::Customer
            | Role::House
            | Role::Thing
            | Role::Negator
            | Role::Preposition
            | Role::Copula
            | Role::Because
            | Role::That
            | Role::And => return None,
        }
    }
    None
}

/// Returns the word behind the one whose it is, told after a word: the fault of the agent.
pub(super) fn owner_after(words: &[Word], end: usize) -> Option<usize> {
    let clause = words.get(end.checked_sub(1)?)?.clause;
    let mut place = end;
    let here = |place: usize| words.get(place).filter(|word| word.clause == clause);
    let verb = here(place)?;
    let has_verb = verb.role == Role::Copula;
    place += usize::from(has_verb);
    let is_of = |place| here(place).is_some_and(|word| OF.contains(&word.folded.as_str()));
    // "The fault lies clearly with the agent", and not "the fault was reported by the agent".
    place += usize::from(LIES.contains(&verb.folded.as_str()) && !is_of(place) && is_of(place + 1));
    let has_of = is_of(place);
    place += usize::from(has_of);
    if !has_verb && !has_of {
        return None;
    }
    for place in (place..).take(ADJECTIVES_MAX + 1) {
        let word = here(place)?;
        let is_passed = match word.role {
            role if is_somebody(role) => {
                let is_last = here(place + 1).is_none();
                return (!word.is_owner || is_last).then_some(place + 1);
            }
            Role::Article | Role::Owner => true,
            Role::Other | Role::Preposition => has_of,
            Role::Staff
            | Role::Person
            | Role::Customer
            | Role::House
            | Role::Thing
            | Role::Negator
            | Role::Copula
            | Role::Because
            | Role::That
            | Role::And => false,
        };
        if !is_passed {
            return None;
        }
    }
    None
}

/// Returns the word behind the one who is blamed.
pub(super) fn target_after(words: &[Word], end: usize) -> Option<usize> {
    let clause = words.get(end.checked_sub(1)?)?.clause;
    let targets = (end..end + TARGET_WORDS_MAX).map_while(|place| Some((place, words.get(place)?)));
    let mut targets = targets.take_while(|(_, word)| {
        let is_other = matches!(word.role, Role::Thing | Role::House | Role::Negator);
        word.clause == clause && !is_other
    });
    let found = targets.find(|(_, word)| is_somebody(word.role) && !word.is_owner);
    found.map(|(place, _)| place + 1)
}

/// Returns whether a word is denied by one before it: nobody was careless.
pub(super) fn is_denied(words: &[Word], at: usize) -> bool {
    let Some(said) = words.get(at) else {
        return false;
    };
    for (distance, place) in (0..at).rev().take(NEGATION_WORDS_MAX).enumerate() {
        work::step();
        let Some(word) = words.get(place).filter(|word| word.part == said.part) else {
            return false;
        };
        let after = words.get(place + 1).map_or(Role::Other, |word| word.role);
        let opens = is_somebody(after) || matches!(after, Role::Article | Role::House);
        if word.folded == "so" && opens {
            return false;
        }
        let reaches = word.role == Role::Negator && distance < lists::reach(word);
        if reaches && lists::denies(words, place) {
            return true;
        }
    }
    false
}

/// Returns whether what stands behind a word denies it: negligence was not the cause.
pub(super) fn is_denied_after(words: &[Word], end: usize) -> bool {
    words.get(end).is_some()
        && DENIALS
            .iter()
            .any(|denial| denial.ends_at(words, end).is_some())
}

/// Returns whether a word stands behind an article that means one in particular: the lazy clerk.
pub(super) fn is_definite(words: &[Word], at: usize) -> bool {
    before(words, at).is_some_and(|word| {
        let is_article = word.role == Role::Article || word.role == Role::Owner;
        is_article && !INDEFINITE.contains(&word.folded.as_str())
    })
}
