//! What no text may make the rule do: panic, cut a character in two, or work for ever.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::work::steps_of;
use super::super::{Blame, FINDINGS_MAX, Names, Place, find};
use super::{found, staff};

const LAST: Place = Place::Why { is_last: true };
const TEXT_BYTES: usize = 64 * 1024;
/// The most steps for a byte of text, whatever it is.
const STEPS_PER_BYTE_MAX: u64 = 32;
const STAFF_MANY: usize = 10_000;

/// A staff list of names that all begin alike.
static MANY: LazyLock<Names> = LazyLock::new(|| {
    let names = (0..STAFF_MANY).map(|i| format!("Mike Mike Mike Name{i}"));
    let names: Vec<String> = names.collect();
    Names::new(names.iter().map(String::as_str))
});

fn steps(unit: &str, bytes: usize) -> u64 {
    let text = unit.repeat(bytes / unit.len());
    steps_of(|| drop(find(&text, &MANY, LAST)))
}

#[test]
fn the_longest_text_takes_a_bounded_number_of_steps_whatever_it_is() {
    let worst = [
        "\"",
        "“",
        " 's' ",
        "'a",
        "a ",
        "l'",
        "Mike ",
        "not careless ",
        "his own ",
        "fault of ",
    ];
    for unit in worst {
        let steps = steps(unit, TEXT_BYTES);
        let most = STEPS_PER_BYTE_MAX * TEXT_BYTES as u64;
        assert!((1..=most).contains(&steps), "{unit:?}: {steps} steps");
    }
}

#[test]
fn the_work_grows_with_the_length_of_the_text_and_no_faster() {
    let hostile = [
        "'",
        "„",
        "« ",
        " '",
        "' ",
        "s' ",
        "\n\n'",
        "»«",
        "é",
        "-",
        "a'",
        "n't ",
        "l'l'",
        ". ",
        ", ",
        "no, ",
        "Mike-",
        "mike mike mike ",
        "fault of the ",
        "should have ",
        "human error, because ",
        "made a mistake ",
        "the ",
        "who ",
        "agents' ",
        "blame the agent ",
        "hat nicht ",
        "\u{301}",
        "Will ",
        "fahrlässig",
        "not without ",
        "personne ",
        "\n",
    ];
    for unit in hostile {
        let (half, whole) = (steps(unit, TEXT_BYTES / 16), steps(unit, TEXT_BYTES / 8));
        assert!(
            whole <= 2 * half + 1_000,
            "{unit:?}: {half} steps, then {whole}"
        );
    }
}

#[test]
fn a_text_of_nothing_but_blame_gives_so_many_findings_and_no_more() {
    for unit in ["Mike. ", "Careless. ", "Mike was careless. "] {
        let text = unit.repeat(TEXT_BYTES / unit.len());
        assert_eq!(find(&text, &staff(), LAST).len(), FINDINGS_MAX, "{unit}");
    }
}

/// Pieces that mean something to the rule, and some that mean nothing.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Mike",
        "mike turner",
        "Müller",
        "Mu\u{308}ller",
        "O’Brien",
        "careless",
        "not",
        "nobody",
        "was",
        "fault",
        "of",
        "the",
        "agent",
        "agent's",
        "his",
        "human error",
        "because",
        "the form",
        "should",
        "have known",
        "didn't",
        "bother",
        "Fahrlässigkeit",
        "l'agent",
        "n'est",
        "pas",
        "culpa",
        "de",
        "\"",
        "'",
        "“",
        "”",
        "„",
        "«",
        "»",
        "‘",
        "’",
        ".",
        ",",
        ":",
        "-",
        "\n",
        "\n\n",
        "blame",
        "forgot",
        "who",
        "\u{ad}",
        "\u{200b}",
        "ﬁ",
        "İ",
        "ß",
        "田中",
        "🙂",
        "9",
        "_",
        "Will",
        "and",
        "or",
    ]);
    let gap = prop::sample::select(vec!["", " ", "  ", "-", "\u{a0}"]);
    prop::collection::vec((piece, gap), 0..40).prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(piece, gap)| piece.to_owned() + gap)
            .collect()
    })
}

fn places() -> impl Strategy<Value = Place> {
    prop::sample::select(vec![
        Place::Statement,
        LAST,
        Place::Why { is_last: false },
        Place::Other,
    ])
}

fn holds(text: &str, place: Place) -> Result<(), TestCaseError> {
    let mut free_from = 0;
    for finding in find(text, &staff(), place) {
        prop_assert_eq!(text.get(finding.at.clone()), Some(finding.words.as_str()));
        prop_assert!(finding.at.start >= free_from && !finding.at.is_empty());
        let may_end = place == Place::Statement || place == LAST;
        prop_assert!(may_end || finding.kind != Blame::EndsInHumanError);
        free_from = finding.at.end;
    }
    Ok(())
}

proptest! {
    #[test]
    fn any_text_gives_findings_in_order_that_stand_where_they_say(
        text in any::<String>(), place in places(),
    ) {
        holds(&text, place)?;
    }

    #[test]
    fn a_text_made_of_what_the_rule_knows_does_too(text in pieces(), place in places()) {
        holds(&text, place)?;
    }

    #[test]
    fn letters_on_both_sides_of_a_word_remove_the_finding(
        word in prop::sample::select(vec![
            "Mike", "careless", "Turner", "negligence", "idiots", "msmith01", "forgot",
            "nachlässig",
            "Fahrlässigkeit", "négligence", "Müller", "negligencia",
        ]),
        before in "[a-zà-öø-ÿ]{1,4}",
        after in "[a-zà-öø-ÿ0-9]{1,4}",
    ) {
        let alone = format!("In short, {word} again.");
        prop_assert_eq!(found(&alone).len(), 1, "{}", alone);
        let inside = format!("In short, {before}{word}{after} again.");
        prop_assert_eq!(found(&inside), [], "{}", inside);
    }

    #[test]
    fn what_is_put_into_quotation_marks_is_not_found(
        text in "[a-zA-Z ,.]{0,20}", marks in prop::sample::select(vec!["“”", "«»", "„“", "\"\""]),
    ) {
        let mut marks = marks.chars();
        let (open, close) = (marks.next().unwrap(), marks.next().unwrap());
        let quoted = format!("She wrote {open}Mike was careless {text} lazy{close} to us");
        prop_assert_eq!(found(&quoted), []);
    }
}
