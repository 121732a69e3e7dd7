//! Findings in the Static Analysis Results Interchange Format, for code hosts and editors.
//!
//! Source: SARIF version 2.1.0, OASIS standard; columns count characters (3.14.17).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heard_engine::code::Code;
use heard_engine::finding::{Finding, Mend, Span};
use serde_json::{Value, json};

use super::super::check::Checked;
use super::findings::{end, level};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Returns the log of one run over some files.
pub(in crate::cli) fn log(files: &[Checked]) -> Value {
    let reports = files.iter().map(|file| &file.report);
    let found = reports.flat_map(|report| {
        let excused = report.excused.iter().map(|excused| &excused.finding);
        report.findings.iter().chain(excused)
    });
    let codes: BTreeSet<Code> = found.map(|finding| finding.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "heard",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().copied().map(rule).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": files.iter().flat_map(|file| results(file, &codes)).collect::<Vec<_>>(),
        }],
    })
}

fn rule(code: Code) -> Value {
    let page = code.page();
    json!({
        "id": code.as_str(),
        "name": code.name(),
        "shortDescription": {"text": code.name().replace('-', " ")},
        "fullDescription": {"text": what_it_finds(page)},
        "help": {"text": page, "markdown": page},
    })
}

/// Returns the first part of a page of a finding.
fn what_it_finds(page: &str) -> &str {
    let part = page.split("\n## ").nth(1).unwrap_or(page);
    part.split_once('\n').map_or(part, |(_, text)| text).trim()
}

fn results(file: &Checked, codes: &[Code]) -> Vec<Value> {
    let found = file.report.findings.iter().map(|finding| (finding, None));
    let excused = file.report.excused.iter();
    let excused = excused.map(|excused| (&excused.finding, Some(excused.reason.as_str())));
    found
        .chain(excused)
        .map(|(finding, reason)| result(file, finding, codes, reason))
        .collect()
}

fn result(file: &Checked, finding: &Finding, codes: &[Code], excuse: Option<&str>) -> Value {
    let mut text = finding.message.clone();
    let mend = finding.mend.as_ref().map_or("", |mend| mend.text.as_str());
    for (begin, part) in [("", finding.why.as_str()), ("Mend: ", mend)] {
        if !part.is_empty() {
            // Writing to a `String` cannot fail.
            let _written = write!(text, ".\n{begin}{part}");
        }
    }
    let labels = (1_u32..).zip(&finding.labels).map(|(id, label)| {
        json!({
            "id": id,
            "message": {"text": label.text},
            "physicalLocation": place(file, &label.span),
        })
    });
    let fix = finding.mend.as_ref().and_then(|mend| fix(file, mend));
    let excuse = excuse.map(|reason| json!({"kind": "inSource", "justification": reason}));
    let parts = [
        ("ruleId", json!(finding.code.as_str())),
        (
            "ruleIndex",
            json!(codes.iter().position(|code| *code == finding.code)),
        ),
        ("level", json!(level(finding.level))),
        ("message", json!({"text": text})),
        (
            "locations",
            json!([{"physicalLocation": place(file, &finding.span)}]),
        ),
        ("relatedLocations", labels.collect()),
    ];
    let fixes = fix.map(|fix| ("fixes", json!([fix])));
    let suppressions = excuse.map(|excuse| ("suppressions", json!([excuse])));
    let parts = parts.into_iter().chain(fixes).chain(suppressions);
    parts.map(|(name, part)| (name.to_owned(), part)).collect()
}

fn place(file: &Checked, span: &Span) -> Value {
    json!({
        "artifactLocation": {"uri": uri(&file.path)},
        "region": region(file, span),
    })
}

fn region(file: &Checked, span: &Span) -> Value {
    let (end_line, end_column) = end(&file.bytes, span);
    json!({
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": end_line,
        "endColumn": end_column,
        "byteOffset": span.start,
        "byteLength": span.end - span.start,
    })
}

fn fix(file: &Checked, mend: &Mend) -> Option<Value> {
    let (span, with) = mend.replacement.as_ref()?;
    Some(json!({
        "description": {"text": mend.text},
        "artifactChanges": [{
            "artifactLocation": {"uri": uri(&file.path)},
            "replacements": [{
                "deletedRegion": region(file, span),
                "insertedContent": {"text": with},
            }],
        }],
    }))
}

/// Returns a path as a reference that holds nothing a URI may not hold.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => {
                // Writing to a `String` cannot fail.
                let _written = write!(uri, "%{other:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use heard_engine::lint;

    const FILE: &str = "\
heard: 1
workflow: small
version: 1
title: Small
model: custom
roles:
  agent: {}
  clerk: {} # heard: allow H102, from May on
start: hear
steps:
  hear: {phase: hear, who: [agent], next: dune}
outcomes:
  done_well: {counts_as: resolved}
  dunes: {counts_as: resolved}
";

    fn checked(text: &str) -> Checked {
        Checked {
            path: "a b/ä.yaml".to_owned(),
            report: lint::check(text.as_bytes()),
            bytes: text.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_finding_has_its_rule_its_region_and_its_fix() {
        let log = log(&[checked(FILE)]);
        let run = &log["runs"][0];
        let results = run["results"].as_array().unwrap();
        let found = results
            .iter()
            .find(|result| result["ruleId"] == "H101")
            .unwrap();
        let region = json!({
            "startLine": 11, "startColumn": 43, "endLine": 11, "endColumn": 47,
            "byteOffset": FILE.find("dune").unwrap(), "byteLength": 4,
        });
        let place = &found["locations"][0]["physicalLocation"];
        assert_eq!(place["region"], region);
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/%C3%A4.yaml");
        let change = &found["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(change["deletedRegion"], region);
        assert_eq!(change["insertedContent"]["text"], "dunes");
        let index = usize::try_from(found["ruleIndex"].as_u64().unwrap()).unwrap();
        let rule = &run["tool"]["driver"]["rules"][index];
        assert_eq!(rule["id"], "H101");
        assert!(
            rule["help"]["markdown"]
                .as_str()
                .unwrap()
                .contains("## Instead")
        );
        assert!(
            !rule["fullDescription"]["text"]
                .as_str()
                .unwrap()
                .contains('#')
        );
    }

    #[test]
    fn what_a_file_excuses_is_told_as_suppressed() {
        let log = log(&[checked(&FILE.replace("next: dune}", "next: dunes}"))]);
        let results = log["runs"][0]["results"].as_array().unwrap();
        let faults: Vec<_> = results
            .iter()
            .filter(|result| result["level"] != "note")
            .map(|result| (result["ruleId"].clone(), result["suppressions"].clone()))
            .collect();
        let excuse = json!([{"kind": "inSource", "justification": "from May on"}]);
        assert_eq!(
            faults,
            [(json!("H102"), Value::Null), (json!("H102"), excuse)]
        );
    }

    #[test]
    fn places_in_files_of_any_bytes_are_within_what_the_format_allows() {
        for text in ["", "a: [\n", "title: \"ä\n  b\"\nheard: 1\n"] {
            let log = log(&[checked(text)]);
            for result in log["runs"][0]["results"].as_array().unwrap() {
                let region = &result["locations"][0]["physicalLocation"]["region"];
                let number = |key: &str| region[key].as_u64().unwrap();
                let start = (number("startLine"), number("startColumn"));
                let end = (number("endLine"), number("endColumn"));
                assert!((1, 1) <= start && start <= end, "{text:?}: {region}");
            }
        }
    }
}
