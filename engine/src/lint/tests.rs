//! The lint over its corpus: each rule finds its fault, in the words expected, and no other.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::*;
use crate::code::Kind;
use crate::finding::{Level, Span};

/// Folders of specimens: `bad.yaml` or `good.yaml`, and `expected.txt` beside it.
fn specimens() -> Vec<PathBuf> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/lint");
    #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
    let folders = std::fs::read_dir(corpus).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> Option<Vec<u8>> {
    #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
    std::fs::read(path).ok()
}

fn place(span: Span) -> String {
    format!("{}:{}", span.line, span.column)
}

fn rendered(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let level = match finding.level {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let (code, span) = (finding.code, place(finding.span));
        writeln!(text, "{code} {span} {level}: {}", finding.message).unwrap();
        if !finding.at.is_empty() {
            writeln!(text, "  at: {}", finding.at).unwrap();
        }
        for label in &finding.labels {
            writeln!(text, "  {}: {}", place(label.span), label.text).unwrap();
        }
        if !finding.why.is_empty() {
            writeln!(text, "  why: {}", finding.why).unwrap();
        }
        if let Some(mend) = &finding.mend {
            writeln!(text, "  mend: {}", mend.text).unwrap();
        }
    }
    text
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the corpus is rewritten on demand"
)]
fn every_specimen_is_found_out_as_expected() {
    let is_blessing = std::env::var_os("HEARD_BLESS").is_some();
    let mut wrong = Vec::new();
    for folder in specimens() {
        let bad = read(&folder.join("bad.yaml"));
        let bytes = bad
            .clone()
            .or_else(|| read(&folder.join("good.yaml")))
            .unwrap();
        let report = check(&bytes);
        let errors = Finding::any_error(&report.findings);
        assert_eq!(report.workflow.is_none(), errors, "{}", folder.display());
        if bad.is_none() {
            let is_note = |finding: &Finding| finding.level == Level::Note;
            let rendered = rendered(&report.findings);
            assert!(
                report.findings.iter().all(is_note),
                "{}\n{rendered}",
                folder.display()
            );
        }
        let text = rendered(&report.findings);
        let expected = folder.join("expected.txt");
        if is_blessing {
            std::fs::write(&expected, &text).unwrap();
        } else if read(&expected).as_deref() != Some(text.as_bytes()) {
            wrong.push(format!("{}:\n{text}", folder.display()));
        }
    }
    assert!(
        wrong.is_empty(),
        "HEARD_BLESS=1 accepts these:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_code_of_a_finding_has_a_specimen_of_its_own() {
    let mut found = BTreeSet::new();
    for folder in specimens() {
        let Some(bytes) = read(&folder.join("bad.yaml")) else {
            continue;
        };
        let name = folder.file_name().unwrap().to_str().unwrap();
        let (code, _) = name.split_once('-').unwrap();
        let code = Code::parse(code).unwrap();
        let findings = check(&bytes).findings;
        assert!(
            findings.iter().any(|finding| finding.code == code),
            "{name}"
        );
        assert!(
            findings
                .iter()
                .all(|f| f.mend.is_some() || f.level == Level::Note),
            "{name}: every fault says how it is mended"
        );
        found.insert(code);
    }
    let codes = Code::ALL.iter().filter(|code| code.kind() == Kind::Finding);
    let missing: Vec<_> = codes.filter(|code| !found.contains(code)).collect();
    assert!(missing.is_empty(), "without a specimen: {missing:?}");
}

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
        "heard: 1\nworkflow: w\nversion: 1\ntitle: W\nroles:\n  agent: {{}}\nfields:\n{fields}\
         start: hear\nsteps:\n  hear:\n    phase: hear\n    who: [agent]\n    asks: [{asks}]\n\
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
fn long_chain_with_loops_back_is_checked_in_time() {
    // Every step leads on, back to the start, and to an outcome: many loops and long walks.
    let steps: String = (0..source::STEPS_MAX - 1)
        .map(|n| {
            let next = n + 1;
            format!(
                "  s{n}: {{phase: hear, who: [agent], actions: {{on: s{next}, back: s0, \
                 end: fine}}}}\n"
            )
            .replace("on:", "onward:")
        })
        .collect();
    let last = source::STEPS_MAX - 1;
    let file = format!(
        "heard: 1\nworkflow: w\nversion: 1\ntitle: W\nroles:\n  agent: {{}}\nstart: s0\nsteps:\n\
         {steps}  s{last}: {{phase: hear, who: [agent], next: fine}}\noutcomes:\n  fine: \
         {{counts_as: resolved}}\n"
    );
    let findings = check(file.as_bytes()).findings;
    assert_eq!(findings.len(), source::STEPS_MAX - 1);
    assert!(findings.iter().all(|finding| finding.code == Code::H204));
}

proptest::proptest! {
    #[test]
    fn any_text_is_checked_without_a_panic(
        at in 0..2_000_usize,
        put in "[-\\[\\]{}:,#&*!|>'\"%@a-z0-9 \n\t]{0,16}",
        specimen in 0..100_usize,
    ) {
        let folders = specimens();
        let folder = &folders[specimen % folders.len()];
        let bytes = read(&folder.join("bad.yaml")).or_else(|| read(&folder.join("good.yaml")));
        let mut bytes = bytes.unwrap();
        let at = at.min(bytes.len());
        bytes.splice(at..at, put.bytes());
        drop(check(&bytes));
    }
}

#[test]
fn workflows_of_the_project_and_beside_it_are_clean() {
    for folder in ["../workflows", "../../shared/examples"] {
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
            let is_note = |finding: &Finding| finding.level == Level::Note;
            let rendered = rendered(&report.findings);
            assert!(report.findings.iter().all(is_note), "{name}:\n{rendered}");
            assert!(report.workflow.is_some(), "{name}");
        }
    }
}
