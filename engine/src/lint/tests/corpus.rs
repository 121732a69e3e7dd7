//! The corpus `tests/lint`: every fault is found at its line, and nothing else is.
//!
//! A folder `CODE-kind` holds `bad.yaml`, whose faults are marked by hand: `# fault: H101 H302` at
//! the end of their line or, where a comment cannot stand or would change the fault, a line
//! `H001 3` in `faults.txt`. A folder `good-kind` holds `good.yaml`, which looks wrong and is
//! allowed; its first lines say why. What is shown of a bad file lies beside it in `shown.txt`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::code::{Code, Kind};
use crate::finding::{Finding, Level};
use crate::lint::{Beside, Report, check_with};
use crate::time::Date;

/// The fewest files with faults.
const BAD_MIN: usize = 210;
/// The fewest files that are allowed.
const GOOD_MIN: usize = 110;
/// The fewest files with faults of each code.
const BAD_OF_A_CODE_MIN: usize = 2;

/// Findings of scenario files, which have tests beside their reader and their coverage.
const OF_SCENARIOS: [Code; 3] = [Code::H013, Code::H905, Code::H907];

/// The day on which the files are checked.
const TODAY: &str = "2025-10-05";

const MARK: &str = "# fault: ";

/// A file of the corpus.
pub(super) struct Specimen {
    /// The name of its folder.
    name: String,
    folder: PathBuf,
    /// The code that a bad one is for.
    code: Option<Code>,
    pub(super) bytes: Vec<u8>,
}

pub(super) fn read(path: &Path) -> Option<Vec<u8>> {
    #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
    std::fs::read(path).ok()
}

/// Returns every file of the corpus, by the names of their folders.
pub(super) fn specimens() -> Vec<Specimen> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/lint");
    #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
    let folders = std::fs::read_dir(corpus).unwrap();
    let mut folders: Vec<PathBuf> = folders.map(|folder| folder.unwrap().path()).collect();
    folders.sort();
    folders.into_iter().map(specimen).collect()
}

fn specimen(folder: PathBuf) -> Specimen {
    let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
    let (sort, _) = name
        .split_once('-')
        .expect("a folder is called CODE-kind or good-kind");
    let code = (sort != "good").then(|| Code::parse(sort).expect("a code"));
    let file = if code.is_some() {
        "bad.yaml"
    } else {
        "good.yaml"
    };
    let bytes = read(&folder.join(file)).unwrap_or_else(|| panic!("{name} has no {file}"));
    Specimen {
        name,
        folder,
        code,
        bytes,
    }
}

impl Specimen {
    fn check(&self) -> Report {
        let today = Date::parse(TODAY).ok();
        check_with(&self.bytes, &Beside { today })
    }

    /// Returns the faults that are marked, by line.
    fn marked(&self) -> Vec<(u32, Code)> {
        let mut marked = Vec::new();
        let text = String::from_utf8_lossy(&self.bytes);
        for (number, line) in (1..).zip(text.lines()) {
            let Some((_, codes)) = line.split_once(MARK) else {
                continue;
            };
            let before = marked.len();
            marked.extend(
                codes
                    .split(' ')
                    .map_while(Code::parse)
                    .map(|code| (number, code)),
            );
            assert!(
                marked.len() > before,
                "{}: line {number} marks nothing",
                self.name
            );
        }
        let beside = read(&self.folder.join("faults.txt")).unwrap_or_default();
        for line in String::from_utf8(beside).unwrap().lines() {
            let (code, number) = line.split_once(' ').expect("a line is like `H001 3`");
            marked.push((number.parse().unwrap(), Code::parse(code).expect("a code")));
        }
        marked.sort_unstable();
        marked
    }

    /// Returns the faults that are found, by line. Notes are no faults.
    fn found(&self) -> Vec<(u32, Code)> {
        let findings = self.check().findings;
        let faults = findings
            .iter()
            .filter(|finding| finding.level != Level::Note);
        let mut found: Vec<_> = faults.map(|fault| (fault.span.line, fault.code)).collect();
        found.sort_unstable();
        found
    }

    /// Says where what is marked and what is found differ, each with its line.
    fn differences(&self) -> String {
        let mut counts: BTreeMap<(u32, Code), i32> = BTreeMap::new();
        for fault in self.marked() {
            *counts.entry(fault).or_default() += 1;
        }
        for fault in self.found() {
            *counts.entry(fault).or_default() -= 1;
        }
        let text = String::from_utf8_lossy(&self.bytes);
        let mut differences = String::new();
        for ((number, code), count) in counts {
            let what = match count {
                0 => continue,
                1.. => "is marked and not found",
                ..0 => "is found and not marked",
            };
            let line = text.lines().nth(number as usize - 1).unwrap_or_default();
            let name = &self.name;
            writeln!(differences, "{name}: {code} {what}, line {number}: {line}").unwrap();
        }
        differences
    }
}

#[test]
fn faults_are_found_at_their_lines_and_no_others() {
    let differences: String = specimens().iter().map(Specimen::differences).collect();
    assert!(differences.is_empty(), "\n{differences}");
}

#[test]
fn a_file_with_an_error_is_not_compiled_and_any_other_is() {
    for specimen in specimens() {
        let report = specimen.check();
        let is_faulty = Finding::any_error(&report.findings);
        assert_eq!(report.workflow.is_none(), is_faulty, "{}", specimen.name);
    }
}

#[test]
fn every_specimen_shows_the_fault_it_is_named_after_and_its_mend() {
    for specimen in specimens() {
        let findings = specimen.check().findings;
        let name = &specimen.name;
        if let Some(code) = specimen.code {
            assert!(findings.iter().any(|f| f.code == code), "{name}");
        }
        let is_mended = |f: &Finding| f.mend.is_some() || f.level == Level::Note;
        assert!(
            findings.iter().all(is_mended),
            "{name}: every fault says how it is mended"
        );
    }
}

#[test]
fn every_code_of_a_finding_has_specimens_and_so_has_the_whole_language() {
    let mut bad: BTreeMap<Code, usize> = BTreeMap::new();
    let mut good = 0;
    for specimen in specimens() {
        match specimen.code {
            Some(code) => *bad.entry(code).or_default() += 1,
            None => good += 1,
        }
    }
    let codes = Code::ALL.iter().filter(|code| code.kind() == Kind::Finding);
    let codes = codes.filter(|code| !OF_SCENARIOS.contains(code));
    let few: Vec<_> = codes
        .filter(|code| bad.get(code).copied().unwrap_or(0) < BAD_OF_A_CODE_MIN)
        .collect();
    assert!(
        few.is_empty(),
        "fewer than {BAD_OF_A_CODE_MIN} specimens: {few:?}"
    );
    let bad: usize = bad.values().sum();
    assert!(
        bad >= BAD_MIN && good >= GOOD_MIN,
        "{bad} bad and {good} good files"
    );
}

#[test]
fn every_good_file_says_why_it_is_allowed() {
    let mut seen = BTreeSet::new();
    for specimen in specimens()
        .iter()
        .filter(|specimen| specimen.code.is_none())
    {
        let text = String::from_utf8_lossy(&specimen.bytes);
        let comment: String = text
            .lines()
            .take_while(|line| line.starts_with('#'))
            .map(|line| line.trim_start_matches('#'))
            .collect();
        let name = &specimen.name;
        let words = ["Looks wrong but is allowed, because"];
        assert!(
            words.iter().all(|words| comment.contains(words)),
            "{name}: {comment:?}"
        );
        assert!(seen.insert(comment), "{name} says what another file says");
    }
}
