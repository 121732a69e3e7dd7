//! What a file becomes when it is read, and what is found in one that is not a workflow.

use proptest::prelude::*;

use super::*;
use crate::code::Code;
use crate::workflow::compile::compile;

/// The smallest workflow; tests add to it or change it.
const SMALL: &str = "\
heard: 1
workflow: small
version: 1
title: Small
roles:
  agent: {title: Agent}
fields:
  story: {type: long_text, personal: true}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    needs: [story]
    next: resolved
outcomes:
  resolved: {counts_as: resolved}
";

fn found(text: &str) -> Vec<(Code, u32, u32)> {
    let (_, findings) = read(text.as_bytes());
    findings
        .iter()
        .map(|f| (f.code, f.span.line, f.span.column))
        .collect()
}

fn found_with(old: &str, new: &str) -> Vec<(Code, u32, u32)> {
    assert!(SMALL.contains(old), "{old}");
    found(&SMALL.replace(old, new))
}

#[test]
fn small_workflow_has_nothing_to_find() {
    assert_eq!(found(SMALL), []);
    let (source, _) = read(SMALL.as_bytes());
    let workflow = compile(&source.unwrap(), SMALL.as_bytes());
    assert_eq!(workflow.start().title, "hear");
    assert!(workflow.start().has_next);
    assert_eq!(workflow.zone(), "UTC");
}

#[test]
fn both_shared_examples_load_without_an_error() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/examples");
    for name in ["classic-heard", "airline-compensation"] {
        let path = format!("{examples}/{name}.workflow.yaml");
        #[expect(clippy::disallowed_methods, reason = "a test reads its specimen")]
        let Ok(bytes) = std::fs::read(&path) else {
            println!("skipped: {name} does not lie beside the project");
            continue;
        };
        let (source, findings) = read(&bytes);
        for finding in &findings {
            println!(
                "{}:{} {} {}",
                name, finding.span.line, finding.code, finding.message
            );
        }
        assert!(
            findings
                .iter()
                .all(|finding| finding.level == crate::finding::Level::Note),
            "{findings:#?}"
        );
        let workflow = compile(&source.unwrap(), &bytes);
        assert_eq!(workflow.reference().id.as_str(), name);
        for step in workflow.steps() {
            assert!(!step.who.is_empty(), "{}", step.name);
            assert!(step.actions.values().all(|action| !action.who.is_empty()));
            let names = |fields: &[crate::workflow::FieldIndex]| -> Vec<String> {
                fields
                    .iter()
                    .map(|f| workflow.field_at(*f).0.to_string())
                    .collect()
            };
            println!("{}: filled {:?}", step.name, names(&step.filled));
            println!("{}: empties {:?}", step.name, names(&step.empties));
        }
    }
}

#[test]
fn every_fault_of_a_file_is_found_in_one_run() {
    let text = SMALL
        .replace("title: Small", "titel: Small")
        .replace("version: 1\n", "")
        .replace("needs: [story]", "needs: [sotry]")
        .replace("next: resolved", "next: solved\n    phase: hear")
        .replace("agent: {title: Agent}", "Agent: {title: Agent}");
    let codes: Vec<Code> = found(&text).into_iter().map(|(code, _, _)| code).collect();
    for code in [Code::H002, Code::H003, Code::H005, Code::H009, Code::H101] {
        assert!(codes.contains(&code), "{code} {codes:?}");
    }
}

#[test]
fn spelling_stays_as_written() {
    let text = "a: yes\nb: 007\nc: 1.0\nd: \"x: y\"\ne: .inf\nf: ~\ng:\n";
    let (node, findings) = node::parse(text.as_bytes()).unwrap();
    assert_eq!(findings, []);
    let Shape::Map(pairs) = node.shape else {
        panic!("a map")
    };
    let spelled: Vec<Shape> = pairs.into_iter().map(|(_, value)| value.shape).collect();
    let text = |text: &str| Shape::Text(text.to_owned());
    let expected = ["yes", "007", "1.0", "x: y", ".inf", "~"].map(text);
    assert_eq!(spelled[..6], expected);
    assert_eq!(spelled[6], Shape::Empty);
}

#[test]
fn what_cannot_be_read_is_found_with_its_place() {
    for (text, code, line, column) in [
        ("heard: 1\ntitle: a: b\n", Code::H010, 2, 9),
        ("heard: 1\n\ttitle: a\n", Code::H001, 2, 1),
        ("\u{feff}heard: 1\n", Code::H001, 1, 1),
        ("heard: 1\ntitle: a\0b\n", Code::H001, 2, 9),
        ("heard: &a 1\n", Code::H007, 1, 11),
        ("heard: *a\n", Code::H007, 1, 8),
        ("heard: 1\n---\nheard: 1\n", Code::H007, 2, 1),
        ("heard: 1\ntitle: [a\n", Code::H001, 2, 8),
        ("- heard\n", Code::H004, 1, 1),
        ("", Code::H004, 1, 1),
        ("heard: 2\n", Code::H012, 1, 8),
    ] {
        assert_eq!(found(text).first(), Some(&(code, line, column)), "{text:?}");
    }
    let (_, findings) = read(b"heard: 1\ntitle: \xff\n");
    assert_eq!((findings[0].code, findings[0].span.line), (Code::H001, 2));
    assert_eq!(findings[0].span.column, 8);
    let deep = "[".repeat(10_000);
    assert_eq!(found(&deep), [(Code::H006, 1, 25)]);
    let long = " ".repeat(FILE_BYTES_MAX + 1);
    assert_eq!(found(&long), [(Code::H006, 1, 1)]);
}

#[test]
fn file_of_the_largest_size_is_read() {
    let comment = "#".repeat(FILE_BYTES_MAX - SMALL.len());
    assert_eq!(found(&format!("{SMALL}{comment}")), []);
    let deepest = format!(
        "{}{}",
        "[".repeat(FILE_DEPTH_MAX),
        "]".repeat(FILE_DEPTH_MAX)
    );
    assert!(
        found(&deepest)
            .iter()
            .all(|(code, _, _)| *code != Code::H006)
    );
}

#[test]
fn tags_are_found_although_the_reader_drops_them() {
    assert_eq!(
        found_with("title: Small", "title: !!str Small"),
        [(Code::H007, 4, 8)]
    );
    assert_eq!(found_with("title: Small", "title: \"! !!str\""), []);
    assert_eq!(found_with("title: Small", "title: Small # !!str"), []);
}

#[test]
fn cut_sentences_are_found() {
    assert_eq!(
        found_with("title: Small", "title: Answer #3"),
        [(Code::H010, 4, 15)]
    );
    assert_eq!(
        found_with("{title: Agent}", "{title: Agents, of us}"),
        [(Code::H010, 6, 26)]
    );
}

#[test]
fn names_are_looked_up_everywhere() {
    for (old, new, code) in [
        ("start: hear", "start: here", Code::H101),
        ("who: [agent]", "who: [agents]", Code::H101),
        ("start: hear", "start: resolved", Code::H105),
        (
            "who: [agent]",
            "who: [agent]\n    not_by: [resolved]",
            Code::H105,
        ),
        (
            "who: [agent]",
            "who: [agent]\n    due: {in: 1 day, late: {tell: [boss]}}",
            Code::H101,
        ),
        (
            "{title: Agent}",
            "{title: Agent, reads_only: true}",
            Code::H104,
        ),
        (
            "  resolved: {",
            "  hear: {counts_as: referred}\n  resolved: {",
            Code::H103,
        ),
    ] {
        let codes: Vec<Code> = found_with(old, new)
            .iter()
            .map(|(code, _, _)| *code)
            .collect();
        assert!(codes.contains(&code), "{new}: {codes:?}");
    }
}

#[test]
fn nearest_name_is_offered() {
    let (_, findings) = read(SMALL.replace("start: hear", "start: haer").as_bytes());
    let mend = findings[0].mend.as_ref().unwrap();
    assert_eq!(mend.text, "write `hear`");
    assert_eq!(mend.replacement.as_ref().unwrap().1, "hear");
}

#[test]
fn working_time_without_working_hours_is_refused() {
    let reopen = "resolved: {counts_as: resolved, reopen: {to: hear, within: 3 working days}}";
    let found = found_with("resolved: {counts_as: resolved}", reopen);
    assert_eq!(found, [(Code::H101, 17, 62)]);
}

#[test]
fn pattern_must_match_the_whole_text() {
    assert!(fields::regex("a|b").unwrap().is_match("b"));
    assert!(!fields::regex("a|b").unwrap().is_match("ab"));
    assert!(!fields::regex("a").unwrap().is_match("a\n"));
    assert!(fields::regex("a)|(b").is_err());
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        drop(read(&bytes));
    }

    #[test]
    fn any_change_of_a_workflow_is_read_without_a_panic(
        at in 0..SMALL.len(),
        cut in 0..20_usize,
        put in "[-\\[\\]{}:,#&*!|>'\"%@a-z0-9 \n\t]{0,12}",
    ) {
        let end = (at + cut).min(SMALL.len());
        let text = format!("{}{put}{}", &SMALL[..at], &SMALL[end..]);
        let (source, _) = read(text.as_bytes());
        // Compiling is total, also of a source with errors.
        drop(source.map(|source| compile(&source, text.as_bytes())));
    }
}

/// Repeats a line with a number in it.
fn lines(count: usize, line: &str) -> String {
    (0..count)
        .map(|number| line.replace('%', &number.to_string()))
        .collect()
}

#[test]
fn lists_of_the_file_are_read_up_to_their_limits() {
    let roles = |count| {
        let roles = format!("roles:\n{}", lines(count, "  r%: {}\n"));
        SMALL.replace("roles:\n", &roles)
    };
    let fields = |count| {
        let fields = format!("fields:\n{}", lines(count, "  f%: {type: date}\n"));
        SMALL.replace("fields:\n", &fields)
    };
    let steps = |count| {
        let step = "  s%: {phase: wait, who: [agent], next: resolved}\n";
        SMALL.replace("steps:\n", &format!("steps:\n{}", lines(count, step)))
    };
    let text = |count| SMALL.replace("Small", &"x".repeat(count));
    let is_too_large = |file: String| found(&file).iter().any(|(code, _, _)| *code == Code::H006);
    // One role, one field and one step stand in the file already.
    for (file, max) in [
        (
            &roles as &dyn Fn(usize) -> String,
            crate::workflow::ROLES_MAX - 1,
        ),
        (&fields, FIELDS_MAX - 1),
        (&steps, STEPS_MAX - 1),
        (&text, crate::value::TEXT_CHARS_MAX),
    ] {
        assert!(!is_too_large(file(max)), "{max}");
        assert!(is_too_large(file(max + 1)), "{max}");
    }
}

#[test]
fn findings_are_told_up_to_their_limit() {
    let (_, findings) = read(lines(FINDINGS_MAX * 2, "word%: 1\n").as_bytes());
    assert_eq!(findings.len(), FINDINGS_MAX);
}

#[test]
fn largest_tree_is_read_and_no_larger() {
    let list = |count: usize| format!("[{}]", "a,".repeat(count));
    assert!(node::parse(list(FILE_NODES_MAX - 1).as_bytes()).is_ok());
    let finding = node::parse(list(FILE_NODES_MAX).as_bytes()).unwrap_err();
    assert_eq!(finding.code, Code::H006);
}
