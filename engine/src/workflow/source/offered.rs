//! Tells what is meant by a word that the language does not know.
//!
//! Invariant: a word is never mended into its opposite, nor into one that stands beside it already.

mod words;

use super::FINDINGS_MAX;
use super::Sp;
use super::node::{Node, Shape};
use super::outside::cut;
use super::reader::Reader;
use super::spelling::{listed, nearest};
use crate::code::Code;
use crate::finding::{Finding, Mend};

use words::OTHERWISE;

impl Reader {
    /// Reports a word that is not known and returns the one that is probably meant.
    pub(crate) fn unknown_word<'k>(
        &mut self,
        key: &Sp<String>,
        value: &Node,
        what: &str,
        known: &[&'k str],
    ) -> Option<&'k str> {
        self.unknown_among(key, value, what, known, &[])
    }

    /// Does so where some of the known words stand already.
    pub(super) fn unknown_among<'k>(
        &mut self,
        key: &Sp<String>,
        value: &Node,
        what: &str,
        known: &[&'k str],
        taken: &[&str],
    ) -> Option<&'k str> {
        let word = &key.value;
        if word == "<<" {
            let finding = Finding::error(Code::H007, key.span, "there is a merge `<<` here")
                .why("a workflow reads the same from top to bottom, without references")
                .mend("write the words again");
            self.report(finding);
            return None;
        }
        if value.shape == Shape::Empty && word.contains(' ') {
            self.report(cut(key.span, "a comma"));
            return None;
        }
        let message = format!("`{word}` is not a word of {what}");
        let finding = Finding::error(Code::H002, key.span, message)
            .why("a word that is not understood would be passed over in silence");
        if let Some((finding, near)) = otherwise(&finding, value, what, word, taken) {
            self.report(finding);
            return known.iter().copied().find(|known| Some(*known) == near);
        }
        if let Some(advice) = words::find(words::ADVICE, what, word) {
            self.report(finding.mend(advice));
            return None;
        }
        let meant = words::find(words::WORDS, what, word);
        let meant = meant.and_then(|meant| known.iter().copied().find(|known| *known == meant));
        let open = known.iter().copied().filter(|known| !taken.contains(known));
        let near = match meant {
            Some(meant) => Some(meant),
            None => self.nearest(word, open),
        };
        let finding = match near {
            Some(near) if taken.contains(&near) => {
                finding.mend(format!("delete it: `{near}` stands here already"))
            }
            Some(near) => finding.replace(near),
            None if known.is_empty() => finding.mend("delete it"),
            None => finding.mend(format!("{what} knows {}", listed(known, "and"))),
        };
        self.report(finding);
        near
    }

    /// Reads one of a few words; the nearest is offered for another.
    pub(crate) fn one_of<T: Copy>(
        &mut self,
        node: &Node,
        what: &str,
        known: &[(&'static str, T)],
    ) -> Option<Sp<T>> {
        let text = self.text(node)?;
        let span = text.span;
        if let Some((_, value)) = known.iter().find(|(word, _)| *word == text.value) {
            return Some(Sp {
                value: *value,
                span,
            });
        }
        let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
        let message = format!("`{}` is not {what}", text.value);
        let purpose = words::PURPOSE.iter().find(|(place, _)| *place == what);
        let why = purpose.map_or_else(
            || format!("it can be {}", listed(&words, "or")),
            |(_, purpose)| (*purpose).to_owned(),
        );
        let finding = Finding::error(Code::H002, span, message).why(why);
        let meant = words::find(words::VALUES, what, &text.value);
        let near = meant.or_else(|| self.nearest(&text.value, words.iter().copied()));
        let finding = match (words::find(words::ADVICE, what, &text.value), near) {
            (Some(advice), _) => finding.mend(advice),
            (None, Some(near)) => finding.replace(near),
            (None, None) => finding.mend("choose one of them"),
        };
        self.report(finding);
        None
    }

    /// Returns the nearest known word, while there is room for more findings.
    pub(crate) fn nearest<'n>(
        &self,
        word: &str,
        known: impl Iterator<Item = &'n str>,
    ) -> Option<&'n str> {
        (self.findings.len() < FINDINGS_MAX)
            .then(|| nearest(word, known))
            .flatten()
    }
}

/// Mends a word for "in every other case": the last rule has no condition. Returns also the word
/// that is meant, where it is not said already.
fn otherwise(
    finding: &Finding,
    value: &Node,
    what: &str,
    word: &str,
    taken: &[&str],
) -> Option<(Finding, Option<&'static str>)> {
    let (last, target) = match what {
        "a rule" | "an action" => ("rule", "go_to"),
        "a row of a table" => ("row", "is"),
        _ => return None,
    };
    if !OTHERWISE.contains(&word) {
        return None;
    }
    let finding = finding.clone().why(format!(
        "the last {last} has no `when`, so that it is taken when no {last} before it fits"
    ));
    let Shape::Text(named) = &value.shape else {
        let mend = format!("write the last {last} with only `{target}`: `- {{{target}: ...}}`");
        return Some((finding.mend(mend), None));
    };
    if taken.contains(&target) {
        let mend = format!("write a last {last} of its own: `- {{{target}: {named}}}`");
        return Some((finding.mend(mend), None));
    }
    let mut finding = finding;
    finding.mend = Some(Mend {
        text: format!("write `{target}`, without `when`"),
        replacement: Some((finding.span, target.to_owned())),
    });
    Some((finding, Some(target)))
}

/// Returns what a map says under a word for "in every other case".
pub(super) fn in_every_other_case(node: &Node) -> Option<&Node> {
    let Shape::Map(pairs) = &node.shape else {
        return None;
    };
    let mut pairs = pairs.iter();
    let is_otherwise =
        |key: &Node| matches!(&key.shape, Shape::Text(word) if OTHERWISE.contains(&word.as_str()));
    let found = pairs.find(|(key, _)| is_otherwise(key));
    found.map(|(_, value)| value)
}
