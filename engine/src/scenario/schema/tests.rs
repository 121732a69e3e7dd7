//! The schema and the reader of the file are held to each other, over the shipped files and word by
//! word.

use std::path::{Path, PathBuf};

use super::*;
use crate::finding::Finding;
use crate::scenario::read::read_tree;
use crate::workflow::schema::tests::look::{Place, closed_maps, forms_at, json_of};
use crate::workflow::schema::tests::validate::faults;
use crate::workflow::schema::tests::{
    FAULTS, STRANGE, errors, node_at, node_of, places, quoted, text_node,
};
use crate::workflow::source::{self, Node, Shape};
use crate::workflow::{Workflow, load};

const CLASSIC: &[u8] = include_bytes!("../../../../workflows/classic-heard.workflow.yaml");
const EVERY_WORD: &str = include_str!("every-word.yaml");

fn schema() -> Value {
    serde_json::from_str(&scenarios()).unwrap()
}

fn classic() -> Workflow {
    load(CLASSIC).unwrap()
}

fn is_faulty(findings: &[Finding]) -> bool {
    errors(findings).iter().any(|code| FAULTS.contains(code))
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows")
}

#[expect(clippy::disallowed_methods, reason = "a test reads what is committed")]
fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_default()
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test writes what is to be committed"
)]
fn the_copy_beside_the_workflows_is_the_same() {
    let path = folder().join(FILE_NAME);
    if std::env::var_os("HEARD_UPDATE").is_some() {
        std::fs::write(&path, scenarios()).unwrap();
    }
    assert!(
        bytes(&path) == scenarios().as_bytes(),
        "{} is old: `heard schema scenarios` prints what it should be, and the tests write it \
         with HEARD_UPDATE=1",
        path.display()
    );
}

#[test]
fn every_word_is_explained_in_a_sentence() {
    let schema = schema();
    let mut words = 0;
    let lines = schema["definitions"]["line"]["anyOf"].as_array().unwrap();
    for map in closed_maps(&schema).into_iter().chain(lines) {
        for (word, form) in map["properties"].as_object().into_iter().flatten() {
            let about = form["description"].as_str().unwrap_or_default();
            assert!(
                about.ends_with('.') && !about.contains("  "),
                "{word}: {about:?}"
            );
            words += 1;
        }
    }
    assert!(words > 30, "{words}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads what ships")]
fn every_shipped_file_is_accepted() {
    let schema = schema();
    let mut seen = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if !path.to_str().unwrap().ends_with(".scenarios.yaml") {
            continue;
        }
        let text = String::from_utf8(bytes(&path)).unwrap();
        let tree = source::tree(text.as_bytes()).unwrap();
        let said = faults(&schema, &json_of(&tree, &text));
        assert!(said.is_empty(), "{}: {said:?}", path.display());
        seen += 1;
    }
    assert!(seen >= 13, "{seen}");
}

#[test]
fn the_file_with_every_word_has_no_fault() {
    let tree = source::tree(EVERY_WORD.as_bytes()).unwrap();
    assert_eq!(errors(&read_tree(&tree, &classic()).1), []);
}

#[test]
fn schema_and_reader_know_the_same_words_at_every_place() {
    let schema = schema();
    let workflow = classic();
    let tree = source::tree(EVERY_WORD.as_bytes()).unwrap();
    let mut all = Vec::new();
    places(&tree, &[], &mut all);
    let mut met: Vec<*const Value> = Vec::new();
    for at in all {
        let mut changed = tree.clone();
        let Shape::Map(pairs) = &mut node_at(&mut changed, &at).shape else {
            continue;
        };
        pairs.push((text_node(STRANGE), text_node(STRANGE)));
        let message = format!("`{STRANGE}` is not a word of ");
        let findings = read_tree(&changed, &workflow).1;
        let strange = findings.iter().find(|f| f.message.starts_with(&message));
        let mut known = strange.map_or_else(Vec::new, |finding| {
            let known = quoted(&finding.mend.as_ref().unwrap().text).into_iter();
            let is_of = |word: &String| finding.message.contains(&format!("of `{word}`"));
            known.filter(|word| !is_of(word)).collect()
        });
        // The people of the file are for the reader.
        known.retain(|word| !["ana", "tom", "customer"].contains(&word.as_str()));
        known.sort();
        let mut words: Vec<String> = Vec::new();
        for form in forms_at(&schema, &tree, &at) {
            met.push(form);
            let properties = form["properties"].as_object().into_iter().flatten();
            words.extend(properties.map(|(word, _)| word.clone()));
        }
        words.sort();
        words.dedup();
        assert_eq!(words, known, "{at:?}");
    }
    for map in closed_maps(&schema) {
        assert!(met.contains(&std::ptr::from_ref(map)), "never met: {map}");
    }
}

#[test]
fn a_line_takes_the_words_that_the_reader_takes() {
    let schema = schema();
    let workflow = classic();
    let begins = [
        "open: ",
        "start_at: hear",
        "wait: 1 day",
        "until: 2026-10-20 12:00",
        "ana: note",
        "ana: correct, with: {story: \"x\"}, reason: \"x\"",
        "ana: cause, is: process/handover",
        "ana: reopen, reason: \"x\"",
        "ana: contact",
        "ana: renegotiate, is: call_back_by, due: 2026-10-20 12:00, consent: \"x\"",
        "ana: extend, is: resolution",
        "customer: survey, is: after_contact, with: {effort: 1}",
        "ana: follow_up, is: check_in",
        "ana: understood",
        "with: {story: \"x\"}",
    ];
    let more = [
        "",
        "as: agent",
        "with: {story: \"x\"}",
        "with: {story: \"x\", feeling: angry}",
        "refused: not_yours",
        "refused: nobody_knows",
        "reason: \"x\"",
        "reason: \"\"",
        "text: \"x\"",
        "is: process/handover",
        "whys: [\"x\"]",
        "received: 2026-10-05 09:00",
        "due: 2026-10-05 09:00",
        "consent: \"x\"",
    ];
    let mut refused = 0;
    for begin in begins {
        for more in more {
            let word = more.split(':').next().unwrap_or_default();
            if !word.is_empty() && format!(", {begin}").contains(&format!(", {word}:")) {
                continue;
            }
            let comma = if more.is_empty() { "" } else { ", " };
            let text = format!(
                "workflow: classic-heard\npeople: {{ana: agent}}\nscenarios:\n  - name: One\n    \
                 story:\n      - {{{begin}{comma}{more}}}\n"
            );
            let tree = source::tree(text.as_bytes()).unwrap();
            let is_faulty = is_faulty(&read_tree(&tree, &workflow).1);
            let said = faults(&schema, &json_of(&tree, &text));
            assert_eq!(is_faulty, !said.is_empty(), "{begin}, {more}: {said:?}");
            refused += usize::from(is_faulty);
        }
    }
    assert!(refused > 40, "{refused}");
}

#[test]
fn what_the_reader_refuses_anywhere_the_schema_refuses() {
    let schema = schema();
    let workflow = classic();
    let tree = source::tree(EVERY_WORD.as_bytes()).unwrap();
    let mut all = Vec::new();
    places(&tree, &[], &mut all);
    let mut refused = 0;
    let mut compare = |changed: &Node, at: &[Place], what: &str| {
        let found = read_tree(changed, &workflow).1;
        // Whether somebody is one of the people is for the reader.
        let of_people = |finding: &Finding| {
            ["`ana`", "`tom`"]
                .iter()
                .any(|name| finding.message.starts_with(name))
        };
        // Whether a field is a list is for the reader too.
        let may_be_list = forms_at(&schema, &tree, at)
            .iter()
            .any(|form| form.get("items").is_some());
        let of_lists = |finding: &Finding| {
            may_be_list && finding.message == "a text is expected, but a list stands here"
        };
        let of_schema = |finding: &&Finding| !of_people(finding) && !of_lists(finding);
        let of_schema: Vec<Finding> = found.iter().filter(of_schema).cloned().collect();
        let said = faults(&schema, &json_of(changed, EVERY_WORD));
        if is_faulty(&of_schema) {
            assert!(!said.is_empty(), "{what}: {of_schema:?}");
            refused += 1;
        } else if errors(&found).is_empty() {
            assert!(said.is_empty(), "{what}: {said:?}");
        }
    };
    for at in all {
        let shapes = [
            Shape::Empty,
            Shape::Text(STRANGE.to_owned()),
            Shape::Text("12".to_owned()),
            Shape::List(Vec::new()),
            Shape::List(vec![text_node(STRANGE)]),
            Shape::List(vec![node_of(Shape::List(Vec::new()))]),
            Shape::Map(Vec::new()),
        ];
        for shape in shapes {
            let mut changed = tree.clone();
            let what = format!("{at:?} is {shape:?}");
            *node_at(&mut changed, &at) = node_of(shape);
            compare(&changed, &at, &what);
        }
        for index in 0..pairs_at(&tree, &at) {
            let mut changed = tree.clone();
            if let Shape::Map(pairs) = &mut node_at(&mut changed, &at).shape {
                let (key, _) = pairs.remove(index);
                compare(&changed, &at, &format!("{at:?} without {:?}", key.shape));
            }
        }
    }
    assert!(refused > 200, "{refused}");
}

fn pairs_at(tree: &Node, at: &[Place]) -> usize {
    match &node_at(&mut tree.clone(), at).shape {
        Shape::Map(pairs) => pairs.len(),
        Shape::Empty | Shape::Text(_) | Shape::List(_) => 0,
    }
}
