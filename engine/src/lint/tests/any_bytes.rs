//! Whatever the bytes, checking ends without a panic and says something sensible.
//!
//! `HEARD_TEST_CASES=100000 cargo test -p heard-engine any_bytes` runs longer than the default;
//! `tests/fuzz` looks for new paths by itself.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::corpus::{read, specimens};
use crate::finding::Finding;
use crate::lint::check;
use crate::workflow::source::FINDINGS_MAX;

/// How many cases each property is tried on: few, or as many as `HEARD_TEST_CASES` says.
fn config() -> ProptestConfig {
    #[expect(clippy::disallowed_methods, reason = "a test run can be made longer")]
    let cases = std::env::var("HEARD_TEST_CASES").ok();
    let cases = cases.map_or(128, |cases| {
        cases.parse().expect("HEARD_TEST_CASES is a number")
    });
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// Every workflow of the project and every specimen.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let mut files: Vec<Vec<u8>> = specimens().into_iter().map(|file| file.bytes).collect();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows");
    #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
    let folder = std::fs::read_dir(shipped).unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    files.extend(paths.iter().filter_map(|path| read(path)));
    files
});

/// Checks bytes and what is true of every report.
pub(super) fn is_sensible(bytes: &[u8]) {
    let report = check(bytes);
    let lines = bytes.split(|byte| *byte == b'\n').count();
    assert!(report.findings.len() <= FINDINGS_MAX);
    assert_eq!(
        report.workflow.is_none(),
        Finding::any_error(&report.findings)
    );
    for finding in &report.findings {
        let places = finding.labels.iter().map(|label| label.span);
        for span in places.chain([finding.span]) {
            assert!(
                span.start <= span.end && span.end <= bytes.len(),
                "{finding:?}"
            );
            assert!((1..=lines).contains(&(span.line as usize)), "{finding:?}");
            assert!(span.column >= 1, "{finding:?}");
        }
        assert!(
            !finding.message.is_empty() && !finding.message.ends_with('.'),
            "{finding:?}"
        );
    }
    assert!(
        report
            .findings
            .is_sorted_by_key(|finding| (finding.span, finding.code))
    );
}

/// Words and signs that a workflow file could hold, or that YAML treats in its own way.
const WORDS: &[&str] = &[
    "heard: 1",
    "workflow: w",
    "version: 1",
    "title: T",
    "model: custom",
    "roles:",
    "fields:",
    "start: a",
    "steps:",
    "outcomes:",
    "anywhere:",
    "tables:",
    "limits:",
    "promises:",
    "clocks:",
    "causes:",
    "surveys:",
    "phase: hear",
    "who: [a]",
    "needs: [a]",
    "next: a",
    "actions:",
    "when: {a: yes}",
    "go_to: a",
    "at_most: 2",
    "then: a",
    "due: {in: 3 days}",
    "any: [{a: yes}]",
    "not: {a: 1}",
    "counts_as: resolved",
    "type: money",
    "type: choice",
    "of: [a, b]",
    "limit: none",
    "max: 50 EUR",
    "9223372036854775808",
    "a:",
    "b:",
    "- ",
    "? ",
    "a",
    "yes",
    "~",
    "&a",
    "*a",
    "!!str",
    "%YAML 1.2",
    "---",
    "...",
    "<<:",
    "|",
    ">",
    "'",
    "\"",
    "{",
    "}",
    "[",
    "]",
    ",",
    "# fault",
    "# heard: allow H102, x",
    "\\ud800",
    "\u{feff}",
    "\t",
    "\r\n",
    "\0",
    "é",
    "日",
    "\u{202e}",
];

/// One of them, with what may follow it.
fn token() -> impl Strategy<Value = String> {
    let ends = prop::sample::select(vec!["\n", "\n  ", "\n    ", "\n      ", " ", "", "\n  - "]);
    (prop::sample::select(WORDS), ends).prop_map(|(word, end)| format!("{word}{end}"))
}

/// A small change of a file, at a place that is taken within it.
#[derive(Debug, Clone)]
enum Change {
    Insert(String),
    Delete(usize),
    Repeat(usize),
    Byte(u8),
}

fn change() -> impl Strategy<Value = (prop::sample::Index, Change)> {
    let change = prop_oneof![
        token().prop_map(Change::Insert),
        (1_usize..200).prop_map(Change::Delete),
        (1_usize..200).prop_map(Change::Repeat),
        any::<u8>().prop_map(Change::Byte),
    ];
    (any::<prop::sample::Index>(), change)
}

fn changed(mut bytes: Vec<u8>, at: usize, change: &Change) -> Vec<u8> {
    match change {
        Change::Insert(text) => drop(bytes.splice(at..at, text.bytes())),
        Change::Delete(count) => drop(bytes.drain(at..(at + count).min(bytes.len()))),
        Change::Repeat(count) => {
            let part = bytes[at..(at + count).min(bytes.len())].to_vec();
            drop(bytes.splice(at..at, part));
        }
        Change::Byte(byte) => drop(bytes.splice(at..at, [*byte])),
    }
    bytes
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_bytes_are_checked(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        is_sensible(&bytes);
    }

    #[test]
    fn any_text_is_checked(text in "\\PC{0,500}") {
        is_sensible(text.as_bytes());
    }

    #[test]
    fn any_mixture_of_words_is_checked(tokens in prop::collection::vec(token(), 0..200)) {
        is_sensible(tokens.concat().as_bytes());
    }

    #[test]
    fn any_changed_workflow_is_checked(
        file in any::<prop::sample::Index>(),
        changes in prop::collection::vec(change(), 1..8),
    ) {
        let mut bytes = FILES[file.index(FILES.len())].clone();
        for (at, change) in changes {
            bytes = changed(bytes.clone(), at.index(bytes.len() + 1), &change);
        }
        is_sensible(&bytes);
    }
}
