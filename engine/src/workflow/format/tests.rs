//! Formatting over the corpus, and over files with spaces and quotation marks put in by chance.

use std::path::Path;

use proptest::prelude::*;

use super::*;

#[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
fn files() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in ["workflows", "tests/workflows", "tests/lint"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            paths.extend(["bad.yaml", "good.yaml"].map(|name| path.join(name)));
            paths.push(path);
        }
    }
    paths.sort();
    let is_yaml = |path: &Path| path.is_file() && path.extension().is_some_and(|end| end == "yaml");
    let paths = paths.into_iter().filter(|path| is_yaml(path));
    paths.map(|path| std::fs::read(path).unwrap()).collect()
}

/// What stands behind the texts of each line from a `#` on.
fn comments(text: &str) -> Vec<String> {
    let tree = source::tree(text.as_bytes()).unwrap();
    let mut leaves = Vec::new();
    collect(&tree, text, &mut leaves);
    leaves.sort_by_key(|leaf| leaf.start);
    let mut bare = String::new();
    let mut at = 0;
    for leaf in &leaves {
        bare.push_str(&text[at.min(leaf.start)..leaf.start]);
        at = leaf.end;
    }
    bare.push_str(&text[at..]);
    let lines = bare
        .split('\n')
        .filter_map(|line| line.find('#').map(|at| line[at..].to_owned()));
    lines.collect()
}

/// Formats, and checks what always holds.
fn checked(text: &str) -> String {
    let formatted = format(text.as_bytes()).unwrap();
    let (old, new) = (
        source::tree(text.as_bytes()),
        source::tree(formatted.as_bytes()),
    );
    assert!(
        new.unwrap().says_the_same(&old.unwrap()),
        "{text}\n->\n{formatted}"
    );
    assert_eq!(text.matches('\n').count(), formatted.matches('\n').count());
    assert_eq!(comments(text), comments(&formatted));
    assert_eq!(
        format(formatted.as_bytes()).unwrap(),
        formatted,
        "a second time"
    );
    formatted
}

#[test]
fn quotes_and_spaces_become_even() {
    for (written, even) in [
        ("a:    b\n", "a: b\n"),
        ("a: 'It is.'\n", "a: \"It is.\"\n"),
        ("a: 'Say \"it\".'\n", "a: 'Say \"it\".'\n"),
        ("a: \"agent\"\n", "a: agent\n"),
        ("a: \"yes\"\nb: 'no'\n", "a: \"yes\"\nb: \"no\"\n"),
        ("a: \"007\"\n", "a: \"007\"\n"),
        ("a: {  b : c ,d:  [ 1,2 ] }   \n", "a: {b: c, d: [1, 2]}\n"),
        ("a: {\"b\":{\"c\":1}}\n", "a: {b: {c: 1}}\n"),
        (
            "a: [x,   # why  \n    y ]  \n",
            "a: [x,   # why  \n    y]\n",
        ),
        (
            "a:\n  -   b: 1\n      c: 2\n",
            "a:\n  -   b: 1\n      c: 2\n",
        ),
        (
            "a: |\n  kept  \n   as: [it ,is]\nb: 1\n",
            "a: |\n  kept  \n   as: [it ,is]\nb: 1\n",
        ),
        ("a: 1  \r\nb:   2\r\n", "a: 1\r\nb: 2\r\n"),
        ("a:  # a comment\n  b\n", "a:  # a comment\n  b\n"),
        ("a: b   ", "a: b"),
    ] {
        assert_eq!(checked(written), even);
    }
}

#[test]
fn spaces_that_line_up_values_stay() {
    let lined_up = "a:\n  agent:     {b: 1}\n  team_lead: {b: 2}\n";
    assert_eq!(checked(lined_up), lined_up);
    let in_brackets = "a: {\n  x:   [1],\n  xyz: [2]}\n";
    assert_eq!(checked(in_brackets), in_brackets);
    // A quoted name becomes shorter; what lines up after that is kept.
    let crooked = "a:\n  \"agent\":  1\n  lead:   2\n";
    assert_eq!(checked(crooked), "a:\n  agent:  1\n  lead:   2\n");
    assert_eq!(checked("a:  1\n\nbc: 2\n"), "a: 1\n\nbc: 2\n");
}

#[test]
fn the_corpus_keeps_its_meaning_lines_and_comments() {
    let mut formatted = 0;
    for bytes in files() {
        if source::tree(&bytes).is_ok() {
            checked(std::str::from_utf8(&bytes).unwrap());
            formatted += 1;
        }
    }
    assert!(formatted > 40, "{formatted}");
}

#[test]
fn a_dash_keeps_the_space_behind_it() {
    // Without it `-` would be a name: three put-ins by chance in a specimen led here.
    let file = "outcomes:\n  resolved: {counts_as: resolved}\n: - :   closed: {a: b}\n";
    assert_eq!(checked(file), file.replace(":   closed", ": closed"));
}

#[test]
fn a_file_that_cannot_be_read_is_not_formatted() {
    assert!(format(b"a: [").is_err());
    assert!(format(&[0xff]).is_err());
}

proptest! {
    #[test]
    fn whatever_can_be_read_keeps_its_meaning(
        specimen in 0..1_000_usize,
        puts in proptest::collection::vec(
            (0..6_000_usize, "[ ]{1,4}|['\"]|, |: |[{}]|\\[|\\]|# x|- |\n|\t|'a b'|\"a\"|!t |\\?"),
            0..6,
        ),
    ) {
        let files = files();
        let mut text = String::from_utf8_lossy(&files[specimen % files.len()]).into_owned();
        for (at, put) in puts {
            let at = text.floor_char_boundary(at.min(text.len()));
            text.insert_str(at, &put);
        }
        if source::tree(text.as_bytes()).is_ok() {
            checked(&text);
        }
    }
}
