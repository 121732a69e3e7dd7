//! Whether a text ends in human error, or only begins there.

use super::Place;
use super::lists::Role;
use super::words::Word;
use super::work;

/// How far behind a human error its reason is looked for, in words.
const REASON_WORDS_MAX: usize = 60;
/// How far before a human error that which should hold it back is looked for, in words.
const GUARD_WORDS_MAX: usize = 8;

/// Words that begin a clause which tells when, and not why.
const WHEN: &[&str] = &[
    "when", "while", "whilst", "after", "before", "if", "als", "wenn", "während", "nachdem",
    "quand", "lorsque", "cuando", "mientras",
];
/// Words of something missing, which is of the process.
const MISSING: &[&str] = &[
    "nothing", "nobody", "no", "missing", "lacks", "lacked", "absent", "nichts", "niemand", "kein",
    "keine", "fehlt", "fehlte", "fehlen", "rien", "aucun", "aucune", "manque", "nada", "nadie",
    "ningun", "ninguna", "falta", "faltaba",
];
/// What a process does about human error, or fails to do.
const GUARDS: &[&str] = &[
    "catch",
    "catches",
    "caught",
    "detect",
    "detects",
    "detected",
    "prevent",
    "prevents",
    "prevented",
    "preventing",
    "invite",
    "invites",
    "invited",
    "inviting",
    "allow",
    "allows",
    "allowed",
    "allowing",
    "permit",
    "permits",
    "permitted",
    "guard",
    "guards",
    "protect",
    "protects",
    "protected",
    "prone",
    "open",
    "room",
    "rely",
    "relies",
    "relied",
    "depend",
    "depends",
    "depended",
    "against",
    "stop",
    "stops",
    "stopped",
    "avoid",
    "avoids",
    "exposed",
    "tolerant",
    "reduce",
    "reduces",
    "risk",
    "chance",
    "source",
    "likely",
    "easy",
    "encourages",
    "provokes",
    "intercept",
    "intercepts",
    "verhindert",
    "verhindern",
    "abfangt",
    "abfangen",
    "erlaubt",
    "zulasst",
    "anfallig",
    "gegen",
    "begunstigt",
    "erkennt",
    "erkannt",
    "vermeidet",
    "empeche",
    "empecher",
    "evite",
    "eviter",
    "detecte",
    "detecter",
    "permet",
    "risque",
    "contre",
    "favorise",
    "bloque",
    "evita",
    "evitar",
    "impide",
    "detecta",
    "detectar",
    "permite",
    "propenso",
    "contra",
    "riesgo",
    "favorece",
    "frena",
];

/// Returns whether a human error at a place, up to `end`, is where the text ends.
pub(super) fn is_end(words: &[Word], at: usize, end: usize, place: Place) -> bool {
    let sentence = |word: Option<&Word>| word.map(|word| word.sentence);
    let is_looked_for = match place {
        Place::Why { is_last } => is_last,
        Place::Statement => sentence(words.get(at)) == sentence(words.last()),
        Place::Other => false,
    };
    is_looked_for && !is_guarded(words, at) && !is_explained(words, end)
}

/// Whether the process is said to let it pass, or to hold it back.
fn is_guarded(words: &[Word], at: usize) -> bool {
    let clause = words.get(at).map(|word| word.clause);
    let before = words.iter().take(at).rev().take(GUARD_WORDS_MAX);
    let mut before = before.take_while(|word| Some(word.clause) == clause);
    before.any(|word| {
        work::step();
        GUARDS.contains(&word.folded.as_str())
    })
}

/// Whether a later clause goes on to something of the process.
fn is_explained(words: &[Word], end: usize) -> bool {
    let Some(last) = end.checked_sub(1).and_then(|last| words.get(last)) else {
        return false;
    };
    let (mut clause, mut tells_when) = (last.clause, true);
    for word in words.iter().skip(end).take(REASON_WORDS_MAX) {
        work::step();
        if word.clause != clause {
            clause = word.clause;
            tells_when = WHEN.contains(&word.folded.as_str());
        }
        let is_missing = || MISSING.contains(&word.folded.as_str());
        if !tells_when && (word.role == Role::Thing || is_missing()) {
            return true;
        }
    }
    false
}
