//! How often the rule errs, that its work is bounded, and what no text may make it do.

mod bounds;
mod corpus;

use std::collections::BTreeSet;

use super::{Blame, Finding, Names, Place, find};

/// The staff of the sentences in the corpus.
const STAFF: &[&str] = &[
    "Mike Turner",
    "Anna-Lena Müller",
    "José García Pérez",
    "Sean O'Brien",
    "Rose Grant",
    "Will Baker",
    "Mark de Vries",
    "Priya Raman",
    "Björn Åkesson",
    "Becker, Thomas",
    "Élodie Fournier",
    "Grace Paul",
    "April Jones",
    "msmith01",
    "Service Desk",
];

fn staff() -> Names {
    Names::new(STAFF.iter().copied())
}

fn why(text: &str) -> Vec<Finding> {
    find(text, &staff(), Place::Why { is_last: false })
}

fn found(text: &str) -> Vec<(Blame, String)> {
    let found = why(text).into_iter();
    found.map(|finding| (finding.kind, finding.words)).collect()
}

#[test]
fn a_finding_gives_the_very_words_and_their_place_and_a_better_example() {
    let text = "So: Mike's note, and the agent’s own fault.";
    let findings = why(text);
    let words: Vec<&str> = findings
        .iter()
        .map(|finding| finding.words.as_str())
        .collect();
    assert_eq!(words, ["Mike's", "agent’s own fault"]);
    for finding in findings {
        assert_eq!(text[finding.at.clone()], finding.words);
        assert!(!finding.better.is_empty());
    }
}

#[test]
fn every_better_example_is_allowed_where_it_is_an_example_for() {
    let blaming = [
        "Mike was there.",
        "The agent was careless.",
        "The agent was stupid.",
        "The agent was lazy.",
        "The agent forgot the call.",
        "The agent broke the rules.",
        "It was his fault.",
        "Human error.",
        "Der Mitarbeiter war nachlässig.",
        "Der Mitarbeiter war dumm.",
        "Der Mitarbeiter war faul.",
        "Der Mitarbeiter hat den Anruf vergessen.",
        "Der Mitarbeiter hat Regeln missachtet.",
        "Seine Schuld.",
        "Menschliches Versagen.",
        "La conseillère est négligente.",
        "Le conseiller est stupide.",
        "Par paresse.",
        "Il a oublié le rappel.",
        "Il a enfreint les règles.",
        "C'est sa faute.",
        "Erreur humaine.",
        "El agente fue descuidado.",
        "El agente es tonto.",
        "Por pereza.",
        "El agente se olvidó.",
        "El agente incumplió las normas.",
        "Es su culpa.",
        "Error humano.",
    ];
    let last = Place::Why { is_last: true };
    let mut examples = BTreeSet::new();
    for text in blaming {
        let findings = find(text, &staff(), last);
        assert_eq!(findings.len(), 1, "{text}: {findings:?}");
        let better = findings[0].better;
        assert!(
            examples.insert(better),
            "{text} has the example of another: {better}"
        );
    }
    for example in examples {
        assert_eq!(find(example, &staff(), last), [], "{example}");
        assert_eq!(find(example, &staff(), Place::Statement), [], "{example}");
    }
}

#[test]
fn a_name_is_found_in_every_spelling_and_in_no_other_word() {
    for text in [
        "Müller",
        "Mueller's",
        "MÜLLER",
        "anna-lena müller",
        "ANNA LENA MUELLER",
        "Müllers Notiz",
        "Mu\u{308}ller",
        "Mül\u{ad}ler",
        "O'Brien",
        "sean o’brien",
        "MSMITH01",
        "so Turner left",
        "Mike Turner",
        "Mike’s",
    ] {
        assert_eq!(found(text).len(), 1, "{text}");
    }
    for text in [
        "mike",
        "Mikey",
        "Smike",
        "Brienne",
        "vries",
        "De",
        "msmith010",
        "Jean-Paul",
        "mike_Turner",
        "turner mike",
        "Brien",
        "Turner",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
}

#[test]
fn quotation_marks_that_do_not_close_quote_nothing() {
    for (text, many) in [
        ("He said \"the clerk was careless", 1),
        ("He said \"the clerk\" was careless", 1),
        ("„Der Fahrer ist faul“ und „träge", 1),
        ("'the clerk was careless", 1),
        ("'the clerk was careless\n\nso it's not'", 1),
        ("The agents' careless note and the guests' bag", 1),
        ("'The agents' careless note' he wrote", 0),
        (
            "rock 'n' roll and a careless 5\" cut by the \"new\" clerk",
            1,
        ),
        (
            "»faul« «careless» ‹lazy› ‚dumm‘ ‘stupid’ ”sloppy” „idiot”",
            0,
        ),
        ("\"He said 'careless' and left\", the log says", 0),
    ] {
        let words = found(text)
            .into_iter()
            .filter(|(kind, _)| *kind == Blame::Word);
        assert_eq!(words.count(), many, "{text}");
    }
}

#[test]
fn human_error_is_found_at_the_end_and_nowhere_else() {
    let text = "The bag was lost by human error. The belt has no scanner.";
    let kinds = |place| find(text, &staff(), place).len();
    assert_eq!(kinds(Place::Statement), 0);
    assert_eq!(kinds(Place::Other), 0);
    let last = Place::Why { is_last: true };
    let kind = |text| {
        find(text, &staff(), last)
            .first()
            .map(|finding| finding.kind)
    };
    assert_eq!(kind("Human error."), Some(Blame::EndsInHumanError));
    assert_eq!(
        kind("Human error, because he was tired."),
        Some(Blame::EndsInHumanError)
    );
    assert_eq!(kind("Human error, because the form has no check."), None);
}

#[test]
fn every_kind_has_a_word_of_its_own_for_entries() {
    let kinds = Blame::ALL.map(Blame::kind);
    assert_eq!(kinds, ["name", "word", "ends_in_human_error"]);
}
