//! Sentences as complaint handlers write them, and how many of them the rule gets wrong.

use std::collections::BTreeSet;

use super::super::{Blame, Place, find};
use super::staff;

const REFUSED: &str = include_str!("refused.txt");
const ALLOWED: &str = include_str!("allowed.txt");
const HELD_OUT: &str = include_str!("heldout.txt");
const HELD_OUT_AGAIN: &str = include_str!("heldout-again.txt");
const RULE: &str = include_str!("../rule.md");

/// The fewest sentences of either kind.
const SENTENCES_MIN: usize = 80;
/// The fewest of either kind that were written after the rule.
const HELD_OUT_MIN: usize = 20;

struct Sentence {
    /// What must be found; none where nothing may be.
    kind: Option<Blame>,
    place: Place,
    text: &'static str,
}

/// The sentences of a file; a line without a kind is allowed.
fn sentences(file: &'static str) -> Vec<Sentence> {
    let lines = file
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    let sentence = |line: &'static str| {
        let (head, text) = line.split_once(": ").expect(line);
        let (kind, place) = head.split_once(' ').unwrap_or(("allow", head));
        let kind = match kind {
            "allow" => None,
            "name" => Some(Blame::Name),
            "word" => Some(Blame::Word),
            "ends" => Some(Blame::EndsInHumanError),
            other => panic!("no such kind: {other}"),
        };
        let place = match place {
            "statement" => Place::Statement,
            "why" => Place::Why { is_last: false },
            "last" => Place::Why { is_last: true },
            "other" => Place::Other,
            other => panic!("no such place: {other}"),
        };
        Sentence { kind, place, text }
    };
    lines.map(sentence).collect()
}

/// The sentences that are refused and should not be, and those that are missed.
fn errors(sentences: &[Sentence]) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    let staff = staff();
    for Sentence { kind, place, text } in sentences {
        let found = find(text, &staff, *place);
        let words: Vec<_> = found
            .iter()
            .map(|finding| (finding.kind, &finding.words))
            .collect();
        match kind {
            None if !found.is_empty() => wrong.push(format!("{text} {words:?}")),
            Some(kind) if !found.iter().any(|finding| finding.kind == *kind) => {
                missed.push(format!("{text} {words:?}"));
            }
            None | Some(_) => {}
        }
    }
    for text in &wrong {
        println!("refused and should not be: {text}");
    }
    for text in &missed {
        println!("not found: {text}");
    }
    (wrong, missed)
}

/// Returns the line of the page for some sentences, and how many of either kind they are.
fn count(name: &str, sentences: &[Sentence]) -> (String, usize, usize) {
    let refused = sentences
        .iter()
        .filter(|sentence| sentence.kind.is_some())
        .count();
    let allowed = sentences.len() - refused;
    let (wrong, missed) = errors(sentences);
    let (wrong, missed) = (wrong.len(), missed.len());
    let line = format!("| {name} | {allowed} | {wrong} | {refused} | {missed} |");
    println!("{line}");
    (line, refused, allowed)
}

#[test]
fn the_rule_errs_as_often_as_its_page_says() {
    let mut corpus = sentences(REFUSED);
    corpus.extend(sentences(ALLOWED));
    let (line, refused, allowed) = count("the corpus", &corpus);
    assert!(refused >= SENTENCES_MIN && allowed >= SENTENCES_MIN);
    let (held_out, refused, allowed) = count("held out, as it is", &sentences(HELD_OUT));
    assert!(refused >= HELD_OUT_MIN && allowed >= HELD_OUT_MIN);
    let (again, refused, allowed) = count("held out again, as it is", &sentences(HELD_OUT_AGAIN));
    assert!(refused >= HELD_OUT_MIN && allowed >= HELD_OUT_MIN);
    for line in [line, held_out, again] {
        assert!(RULE.contains(&line), "the page is to say: {line}");
    }
}

#[test]
fn every_sentence_stands_in_the_corpus_once() {
    let mut seen = BTreeSet::new();
    for sentence in [REFUSED, ALLOWED, HELD_OUT]
        .map(sentences)
        .into_iter()
        .flatten()
    {
        let place = format!("{:?}", sentence.place);
        assert!(seen.insert((place, sentence.text)), "{}", sentence.text);
    }
}
