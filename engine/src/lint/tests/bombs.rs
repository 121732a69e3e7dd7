//! Files made to do harm, or harmed on their way: each is refused by a budget, with one clear
//! finding where there is one cause.

use super::any_bytes::is_sensible;
use super::corpus::specimens;
use super::parts;
use crate::code::Code;
use crate::finding::{Finding, Level};
use crate::lint::check;
use crate::workflow::source::{FILE_BYTES_MAX, FINDINGS_MAX};

/// The top of a workflow, so that a bomb below it is read as a part of one.
const TOP: &str = "heard: 1\nworkflow: bomb\nversion: 1\nmodel: custom\n";

/// Returns the faults of a file.
fn faults(bytes: &[u8]) -> Vec<Finding> {
    is_sensible(bytes);
    let mut findings = check(bytes).findings;
    findings.retain(|finding| finding.level != Level::Note);
    findings
}

/// Fails unless the whole file is refused for one reason, at a line.
fn is_refused(bytes: &[u8], code: Code, line: u32) {
    let faults = faults(bytes);
    let found: Vec<_> = faults.iter().map(|f| (f.code, f.span.line)).collect();
    assert_eq!(found, [(code, line)], "{faults:#?}");
}

#[test]
fn ten_thousand_nested_lists_are_refused() {
    for (open, close) in [
        ("[", "]"),
        ("{a: ", "}"),
        ("[{a: ", "}]"),
        ("- ", ""),
        ("? ", ""),
    ] {
        let nested = format!("{}{}", open.repeat(10_000), close.repeat(10_000));
        let left_open = format!("{TOP}title:\n  {}", open.repeat(10_000));
        is_refused(nested.as_bytes(), Code::H006, 1);
        is_refused(left_open.as_bytes(), Code::H006, 6);
    }
}

#[test]
fn words_indented_five_hundred_deep_are_refused() {
    let nested = parts(500, |n| format!("{}a:\n", " ".repeat(n)));
    is_refused(nested.as_bytes(), Code::H006, 25);
}

#[test]
fn billion_laughs_are_refused_at_the_first_anchor() {
    let lines = parts(30, |n| {
        format!("l{}: &l{} [*l{n}, *l{n}, *l{n}, *l{n}]\n", n + 1, n + 1)
    });
    is_refused(format!("l0: &l0 ha\n{lines}").as_bytes(), Code::H007, 1);
    is_refused(
        format!("{TOP}title: &t [*t, *t]\n").as_bytes(),
        Code::H007,
        5,
    );
    is_refused(format!("{TOP}<<: *top\n").as_bytes(), Code::H007, 5);
}

#[test]
fn every_tag_is_refused() {
    for tag in [
        "!!str",
        "!!binary",
        "!!python/object:os.system",
        "!<tag:yaml.org,2002:int>",
        "!x",
    ] {
        let found = faults(format!("{TOP}title: {tag} aGk=\n").as_bytes());
        let tags = found
            .iter()
            .filter(|f| (f.code, f.span.line) == (Code::H007, 5));
        assert_eq!(tags.count(), 1, "{tag}: {found:#?}");
    }
}

#[test]
fn ten_thousand_repeated_words_are_all_counted_and_not_all_told() {
    let found = faults(format!("{TOP}{}", "title: T\n".repeat(10_000)).as_bytes());
    assert_eq!(found.len(), FINDINGS_MAX);
    assert!(found.iter().any(|f| f.code == Code::H003));
}

#[test]
fn no_file_passes_by_the_number_of_its_notes_and_warnings() {
    // Of the thousands of faults the errors are told first.
    let roles = parts(10_000, |n| format!("  r{n}: {{}}\n"));
    let found = faults(format!("{TOP}title: T\nroles:\n{roles}start: a\n").as_bytes());
    assert!(Finding::any_error(&found));
    let excuses = "# heard: allow H102\n".repeat(10_000);
    let found = faults(format!("{TOP}{excuses}title: [T]\n").as_bytes());
    assert_eq!(found.len(), FINDINGS_MAX);
    assert!(Finding::any_error(&found));
}

#[test]
fn characters_that_cannot_be_seen_are_refused() {
    for hidden in ["\0", "\u{1b}[2J", "\u{7f}", "\u{85}", "\u{1}"] {
        is_refused(
            format!("{TOP}title: a{hidden}b\n").as_bytes(),
            Code::H001,
            5,
        );
    }
    is_refused(format!("\u{feff}{TOP}").as_bytes(), Code::H001, 1);
}

#[test]
fn bytes_that_are_not_utf_8_are_refused_at_their_line() {
    // A surrogate written as if it were a character, a cut character, an overlong one, UTF-16.
    for wrong in [&b"\xed\xa0\x80"[..], b"\xe2\x82", b"\xc0\xaf", b"\xff"] {
        let bytes = [TOP.as_bytes(), b"title: ", wrong, b"\n"].concat();
        is_refused(&bytes, Code::H001, 5);
    }
    let utf_16: Vec<u8> = TOP.encode_utf16().flat_map(u16::to_le_bytes).collect();
    is_refused(&utf_16, Code::H001, 1);
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    for escape in [
        "\\ud800",
        "\\udfff",
        "\\ud800\\ud800",
        "\\U00110000",
        "\\xZZ",
    ] {
        is_refused(
            format!("{TOP}title: \"a{escape}b\"\n").as_bytes(),
            Code::H001,
            5,
        );
    }
}

#[test]
fn files_up_to_the_limit_are_read_and_larger_ones_are_not() {
    let filled = |bytes: usize| format!("{TOP}#{}\n", "x".repeat(bytes - TOP.len() - 2));
    let found = faults(filled(FILE_BYTES_MAX).as_bytes());
    assert!(found.iter().all(|f| f.code == Code::H005), "{found:#?}");
    is_refused(filled(FILE_BYTES_MAX + 1).as_bytes(), Code::H006, 1);
    is_refused(&vec![b' '; 300 * 1024], Code::H006, 1);
    is_refused(&vec![b'['; 300 * 1024], Code::H006, 1);
}

#[test]
fn files_of_too_many_parts_are_refused() {
    let many = format!("{TOP}title: [{}]\n", "a,".repeat(60_000));
    is_refused(many.as_bytes(), Code::H006, 5);
}

#[test]
fn numbers_of_any_size_are_read_as_text() {
    for number in [
        "9223372036854775808",
        "-1",
        "1e999999999",
        "0x7fffffffffffffffffff",
        ".inf",
        "-.nan",
        "1_000",
        "0b1",
        &"9".repeat(3_000),
    ] {
        let found = faults(format!("heard: 1\nversion: {number}\n").as_bytes());
        let at_number: Vec<_> = found.iter().filter(|f| f.span.line == 2).collect();
        assert_eq!(at_number.len(), 1, "{number}: {found:#?}");
        assert!(
            [Code::H011, Code::H006].contains(&at_number[0].code),
            "{number}"
        );
    }
}

#[test]
fn very_long_lines_and_names_are_refused() {
    let long = "a".repeat(200 * 1024);
    let found = faults(format!("{TOP}title: {long}\n").as_bytes());
    assert!(
        found
            .iter()
            .any(|f| (f.code, f.span.line) == (Code::H006, 5)),
        "{found:#?}"
    );
    let found = faults(format!("{TOP}title: T\nroles: {{{long}: {{}}}}\n").as_bytes());
    assert!(found.iter().any(|f| f.span.line == 6), "a name");
    let found = faults(format!("{TOP}{long}: T\n").as_bytes());
    assert!(found.iter().any(|f| f.span.line == 5), "a word");
}

#[test]
fn lines_may_end_as_other_systems_end_them() {
    for specimen in specimens() {
        let Ok(text) = str::from_utf8(&specimen.bytes) else {
            continue;
        };
        let found = |text: &str| -> Vec<_> {
            let findings = check(text.as_bytes()).findings;
            findings.iter().map(|f| (f.code, f.span.line)).collect()
        };
        assert_eq!(found(text), found(&text.replace('\n', "\r\n")), "{text}");
    }
}

#[test]
fn carriage_return_alone_is_refused_where_it_stands() {
    for (text, line) in [
        ("heard: 1\rworkflow: w\r", 1),
        ("heard: 1\nsteps:\n  a: {b: c\r\r\r\n", 3),
    ] {
        let findings = check(text.as_bytes()).findings;
        let [finding] = findings.as_slice() else {
            panic!("{findings:?}");
        };
        assert_eq!((finding.code, finding.span.line), (Code::H001, line));
        assert!(finding.message.contains("carriage return"), "{finding:?}");
    }
}
