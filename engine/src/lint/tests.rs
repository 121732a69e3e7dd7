//! The lint as a whole: its corpus, what it withstands, its limits and its pages.

mod any_bytes;
mod bombs;
mod corpus;
mod largest;
mod misspelt;
mod stumbles;

use std::collections::BTreeSet;
use std::path::Path;

use super::*;
use crate::code::Kind;
use crate::finding::Level;
use corpus::read;

#[test]
fn every_page_of_a_finding_has_its_parts() {
    for code in Code::ALL.iter().filter(|code| code.kind() == Kind::Finding) {
        let page = code.page();
        let title = format!("# {code} {}\n", code.name());
        assert!(
            page.starts_with(&title),
            "{code}: the page begins with {title:?}"
        );
        let parts = [
            "## What it finds",
            "## Why it matters",
            "## Example",
            "## Instead",
        ];
        let places: Vec<_> = parts.iter().map(|part| page.find(part)).collect();
        assert!(places.iter().all(Option::is_some), "{code}: {parts:?}");
        assert!(places.is_sorted(), "{code}: the parts stand in order");
    }
}

#[test]
fn rules_have_codes_of_their_own() {
    let codes: BTreeSet<_> = RULES.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), RULES.len());
}

/// Joins so many parts, each made of its number.
fn parts(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

/// A workflow whose one action has this condition.
fn with_condition(condition: &str) -> Vec<Code> {
    let fields = parts(10, |n| format!("  f{n}: {{type: number}}\n"));
    let asks = parts(10, |n| format!("f{n}, "));
    let file = format!(
        "heard: 1\nworkflow: w\nversion: 1\ntitle: W\nmodel: custom\n\
         roles:\n  agent: {{}}\nfields:\n{fields}\
         start: hear\nsteps:\n  hear:\n    phase: hear\n    who: [agent]\n    needs: [{asks}]\n\
         \x20   next:\n      - {{when: {condition}, go_to: fine}}\n      - {{go_to: fine}}\n\
         outcomes:\n  fine: {{counts_as: resolved}}\n"
    );
    check(file.as_bytes())
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn conditions_are_allowed_up_to_their_limits() {
    use too_much_to_read::{COMPARISONS_MAX, DEPTH_MAX, FIELDS_MAX};
    let fields = |count: usize| {
        let tests = parts(count, |n| format!("f{n}: 1, "));
        format!("{{{tests}}}")
    };
    let comparisons = |count: usize| {
        let values = parts(count, |n| format!("{n}, "));
        format!("{{f0: [{values}]}}")
    };
    let deep = |depth: usize| {
        format!(
            "{}{{f0: 1}}{}",
            "{not: ".repeat(depth - 1),
            "}".repeat(depth - 1)
        )
    };
    for (condition, max) in [
        (&fields as &dyn Fn(usize) -> String, FIELDS_MAX),
        (&comparisons, COMPARISONS_MAX),
        (&deep, DEPTH_MAX),
    ] {
        assert_eq!(with_condition(&condition(max)), []);
        assert_eq!(with_condition(&condition(max + 1)), [Code::H305]);
    }
}

#[test]
fn workflows_of_the_project_are_clean_and_those_beside_it_without_errors() {
    // Those beside it are read as they are, warnings and all.
    let folders = [
        ("../workflows", Level::Note),
        ("../../shared/examples", Level::Warning),
    ];
    for (folder, most) in folders {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
        let Ok(files) = std::fs::read_dir(&folder) else {
            println!("skipped: {} is not there", folder.display());
            continue;
        };
        for file in files {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if !name.ends_with(".workflow.yaml") {
                continue;
            }
            let report = check(&read(&path).unwrap());
            let is_clean = report.findings.iter().all(|found| found.level <= most);
            assert!(is_clean, "{name}: {report:#?}");
            assert!(report.workflow.is_some(), "{name}");
        }
    }
}
