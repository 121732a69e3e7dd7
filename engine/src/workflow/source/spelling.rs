//! Finds the word that is probably meant, and lists words for a person.
//!
//! Invariant: a word is never taken for its opposite.

/// Beginnings that turn a word into its opposite.
const NEGATIONS: [&str; 7] = ["not_", "not", "no_", "non", "un", "in", "dis"];

/// Returns the known word most like another, where one is like it and not its opposite.
pub(crate) fn nearest<'n>(word: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let length = word.chars().count();
    // A longer text is a sentence, not a misspelt name, and comparing it would cost time.
    if length > 2 * crate::id::NAME_CHARS_MAX {
        return None;
    }
    let known = known.filter(|known| !negates(word, known) && !negates(known, word));
    let distances = known.map(|known| (strsim::damerau_levenshtein(word, known), known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= (length / 3).max(1)).then_some(known)
}

/// Returns whether a word is another with a negation before it.
fn negates(word: &str, other: &str) -> bool {
    let apart = strsim::damerau_levenshtein(word, other);
    let mut rests = NEGATIONS
        .iter()
        .filter_map(|negation| word.strip_prefix(negation));
    rests.any(|rest| strsim::damerau_levenshtein(rest, other) < apart)
}

/// Lists words for a person: "`a`, `b` and `c`".
pub(crate) fn listed(words: &[&str], and: &str) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    joined(&quoted, and)
}

/// Lists things for a person: "a step, an outcome or a field".
pub(crate) fn joined(things: &[String], and: &str) -> String {
    match things.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} {and} {last}", others.join(", ")),
    }
}

/// Returns a text as a name would be spelt.
pub(super) fn mended_name(text: &str) -> String {
    let lower = text.trim().to_lowercase();
    let name = lower
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' });
    name.collect()
}
