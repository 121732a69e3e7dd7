//! Changes of meaning, one by one, and what is none.

use std::path::Path;

use super::*;
use crate::workflow::source::read;

const BEFORE: &str = include_str!("tests/before.yaml");
const AFTER: &str = include_str!("tests/after.yaml");

fn source(text: &str) -> source::Workflow {
    let (source, findings) = read(text.as_bytes());
    assert!(
        !crate::finding::Finding::any_error(&findings),
        "{findings:#?}"
    );
    source.unwrap()
}

fn between(old: &str, new: &str) -> Vec<Change> {
    compare(&source(old), &source(new))
}

fn with(old: &str, new: &str) -> Vec<(Weight, String)> {
    assert!(BEFORE.contains(old), "{old}");
    let changes = between(BEFORE, &BEFORE.replacen(old, new, 1));
    changes
        .into_iter()
        .map(|change| (change.weight, change.text))
        .collect()
}

fn weights(old: &str, new: &str) -> Vec<Weight> {
    with(old, new)
        .into_iter()
        .map(|(weight, _)| weight)
        .collect()
}

#[test]
fn what_is_written_otherwise_and_means_the_same_is_no_change() {
    for (old, new) in [
        ("version: 1", "version: 2"),
        ("# Before", "# Another comment"),
        ("who: [agent, lead]", "who: [lead, agent]"),
        ("each_time: true", "each_time: yes"),
        ("needs: [story]", "needs: story"),
        (
            "{when: {happy: yes}, go_to: resolved}",
            "{when: {happy: true}, go_to: resolved}",
        ),
        ("50 EUR per case", "50 EUR"),
        ("max: 500 EUR", "max: 500.00 EUR"),
        ("within: 8 weeks", "within: 56 days"),
        ("title: Before", "title: 'Before'"),
        (
            "{when: {happy: yes}, go_to: resolved}",
            "{when: {any: [{happy: yes}]}, go_to: resolved}",
        ),
        (
            "{when: {happy: yes}, go_to: resolved}",
            "{when: {not: {not: {happy: yes}}}, go_to: resolved}",
        ),
        (
            "limit: goodwill, max",
            "each_time: yes, limit: goodwill, max",
        ),
        ("[\"08:00-18:00\"]", "[\"08:00-12:00\", \"12:00-18:00\"]"),
        (
            "
        - {when: {happy: yes}, go_to: diagnose, keeps: [call_back]}
        - {go_to: fix, at_most: 2, then: diagnose_lost, keeps: [call_back]}",
            "
        keeps: [call_back]
        rules:
          - {when: {happy: yes}, go_to: diagnose}
          - {go_to: fix, at_most: 2, then: diagnose_lost}",
        ),
    ] {
        assert_eq!(with(old, new), [], "{old} -> {new}");
    }
    assert_eq!(between(BEFORE, BEFORE), []);
}

#[test]
fn steps_and_fields_in_another_order_mean_the_same() {
    let (head, rest) = BEFORE.split_once("  listen:").unwrap();
    let (listen, rest) = rest.split_once("  fix:").unwrap();
    let (fix, tail) = rest.split_once("  agree:").unwrap();
    let other = format!("{head}  fix:{fix}  listen:{listen}  agree:{tail}");
    assert_ne!(other, BEFORE);
    assert_eq!(between(BEFORE, &other), []);
}

/// Holds each change to what it must weigh most.
fn weigh(cases: &[(&str, &str, Weight)]) {
    for (old, new, weight) in cases.iter().copied() {
        let found = weights(old, new);
        assert!(
            found.contains(&weight),
            "{old} -> {new}: {:?}",
            with(old, new)
        );
        assert_eq!(
            found.iter().min(),
            Some(&weight),
            "{old} -> {new}: {:?}",
            with(old, new)
        );
    }
}

#[test]
fn powers_that_grow_are_told_from_others() {
    use Weight::{Changed, PowerGrew, ProtectionFell};
    weigh(&[
        ("who: [agent, lead]", "who: [agent, lead, boss]", PowerGrew),
        ("who: [agent, lead]", "who: [agent]", Changed),
        ("not_by: [listen]", "not_by: []", PowerGrew),
        ("lead: 250 EUR", "lead: 251 EUR", PowerGrew),
        ("lead: 250 EUR", "lead: 249 EUR", Changed),
        ("[50 EUR per case, 500 EUR per week]", "50 EUR", PowerGrew),
        ("max: 500 EUR", "max: 501 EUR", PowerGrew),
        ("reads_only: true", "reads_only: no", PowerGrew),
        (
            "needs: [story]\n    asks: [kind]",
            "asks: [story, kind]",
            ProtectionFell,
        ),
        ("within: 8 weeks", "within: 9 weeks", ProtectionFell),
        ("within: 8 weeks", "within: 7 weeks", Changed),
        ("statutory: yes", "statutory: no", ProtectionFell),
        ("personal: yes", "personal: no", ProtectionFell),
        ("whys: 3", "whys: 2", ProtectionFell),
        ("sample: 20%", "sample: 10%", ProtectionFell),
        ("within: 30 days", "within: 10 days", ProtectionFell),
    ]);
}

#[test]
fn powers_of_what_is_new_or_moved_are_told() {
    use Weight::{PowerGrew, ProtectionFell};
    weigh(&[
        (
            "  diagnose_lost: {",
            "  more: {phase: resolve, who: [lead], next: {go_to: check, gives: [refund]}}
  diagnose_lost: {",
            PowerGrew,
        ),
        (
            "    needs: [happy]",
            "    tasks: {pay: {needs: [refund]}}
    needs: [happy]",
            PowerGrew,
        ),
        (
            "limit: goodwill, max: 500 EUR}
  happy: {ask: \"Happy?\", type: yes_no, each_time: true}
limits:",
            "limit: big, max: 500 EUR}
  happy: {ask: \"Happy?\", type: yes_no, each_time: true}
limits:
  big: {agent: 400 EUR, lead: 400 EUR, boss: 500 EUR}",
            PowerGrew,
        ),
        (
            "{when: {refund: {over: limit}}, go_to: agree}",
            "{when: {refund: {over: limit}}, go_to: agree, gives: [refund]}",
            PowerGrew,
        ),
        (
            "{when: {refund: {over: limit}}, go_to: agree}",
            "{when: {refund: {above: 400 EUR}}, go_to: agree}",
            ProtectionFell,
        ),
        ("approves: [refund], gives", "gives", ProtectionFell),
        (
            "  withdraws: {",
            "  drops: {who: [agent], go_to: unresolved}
  withdraws: {",
            PowerGrew,
        ),
    ]);
}

#[test]
fn a_new_version_is_told_in_words() {
    let changes = between(BEFORE, AFTER);
    let line = |span: Option<Span>| span.map_or("-".to_owned(), |span| span.line.to_string());
    let said: Vec<String> = changes
        .iter()
        .map(|change| {
            let (old, new) = (line(change.old), line(change.new));
            let (weight, place) = (change.weight.as_str(), &change.place);
            format!("{weight} {place} {old} {new}\n  {}", change.text)
        })
        .collect();
    assert_eq!(said.join("\n") + "\n", include_str!("tests/expected.txt"));
}

#[test]
fn whatever_differs_between_two_workflows_is_found_in_both_directions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let folders = ["workflows", "tests/workflows"].map(|folder| root.join(folder));
    let mut sources = Vec::new();
    for folder in folders {
        #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.to_str().unwrap().ends_with(".workflow.yaml") {
                #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
                sources.push(source(&std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(sources.len() >= 5);
    for (index, old) in sources.iter().enumerate() {
        for (other, new) in sources.iter().enumerate() {
            let changes = compare(old, new);
            assert_eq!(changes.is_empty(), index == other);
            assert!(changes.is_sorted_by_key(|change| change.weight));
            assert!(changes.iter().all(|change| !change.text.ends_with('.')));
        }
    }
}
