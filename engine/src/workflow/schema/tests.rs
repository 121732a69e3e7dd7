//! The schema and the reader of the file are held to each other, over the corpus and word by word.

pub(crate) mod look;
pub(crate) mod validate;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::code::Code;
use crate::finding::{Finding, Level};
use crate::workflow::source::{self, Node, Shape};
use look::{Place, closed_maps, forms_at, json_of};
use validate::faults;

const EVERY_WORD: &str = include_str!("tests/every-word.yaml");
/// A word that is like no word of the language.
pub(crate) const STRANGE: &str = "qqqqqqqqqqqqqqqq";
/// Specimens that the reader accepts and an editor does not, each with its reason.
const STRICTER: [(&str, &str); 1] = [(
    "good-words-as-text",
    "it has the text `null`, which an editor takes for nothing where it is not in quotes",
)];
/// What a schema must refuse as the reader does.
pub(crate) const FAULTS: [Code; 3] = [Code::H002, Code::H004, Code::H005];

fn schema() -> Value {
    serde_json::from_str(&workflow()).unwrap()
}

pub(crate) fn errors(findings: &[Finding]) -> Vec<Code> {
    let errors = findings.iter().filter(|f| f.level == Level::Error);
    errors.map(|finding| finding.code).collect()
}

#[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
fn files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    for folder in ["workflows", "tests/workflows", "tests/lint"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let inside = ["bad.yaml", "good.yaml"].map(|name| path.join(name));
            files.extend(inside.into_iter().filter(|path| path.is_file()));
            if path.to_str().unwrap().ends_with(".workflow.yaml") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

#[test]
fn it_is_a_schema_of_draft_07() {
    assert_eq!(
        schema()["$schema"],
        json!("http://json-schema.org/draft-07/schema#")
    );
    // The validator of these tests knows every keyword in it, or fails.
    assert_ne!(faults(&schema(), &json!({})), [""; 0]);
}

#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test reads what is committed, or writes it"
)]
fn the_copy_beside_the_workflows_is_the_same() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../workflows")
        .join(FILE_NAME);
    if std::env::var_os("HEARD_UPDATE").is_some() {
        std::fs::write(&path, workflow()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == workflow(),
        "{} is old: `heard schema` prints what it should be, and the tests write it with \
         HEARD_UPDATE=1",
        path.display()
    );
}

#[test]
fn every_word_is_explained_in_a_sentence() {
    let schema = schema();
    let mut words = 0;
    for map in closed_maps(&schema) {
        for (word, form) in map["properties"].as_object().unwrap() {
            let about = form["description"].as_str().unwrap_or_default();
            let is_sentence =
                about.ends_with('.') && about.starts_with(|c: char| !c.is_whitespace());
            assert!(is_sentence && !about.contains("  "), "{word}: {about:?}");
            words += 1;
        }
    }
    assert!(words > 150, "{words}");
}

#[test]
fn files_are_accepted_and_refused_as_by_the_reader() {
    let schema = schema();
    let (mut accepted, mut refused) = (0, 0);
    for path in files() {
        #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
        let bytes = std::fs::read(&path).unwrap();
        let Ok(tree) = source::tree(&bytes) else {
            continue;
        };
        let found = errors(&source::read(&bytes).1);
        let instance = json_of(&tree, std::str::from_utf8(&bytes).unwrap());
        let said = faults(&schema, &instance);
        let is_reading = |code: &Code| code.as_str().starts_with("H0");
        if found.iter().any(|code| FAULTS.contains(code)) {
            assert!(!said.is_empty(), "{}: {found:?}", path.display());
            refused += 1;
        } else if STRICTER
            .iter()
            .any(|(name, _)| path.to_str().unwrap().contains(name))
        {
            assert!(!said.is_empty(), "no exception: {}", path.display());
        } else if !found.iter().any(is_reading) {
            assert!(said.is_empty(), "{}: {said:?}", path.display());
            accepted += 1;
        }
    }
    assert!(
        accepted > 30 && refused >= 3,
        "{accepted} accepted, {refused} refused"
    );
}

#[test]
fn the_file_with_every_word_has_no_fault() {
    let (_, findings) = source::read(EVERY_WORD.as_bytes());
    assert_eq!(errors(&findings), []);
}

/// Every place of a tree, outermost first.
pub(crate) fn places(node: &Node, at: &[Place], into: &mut Vec<Vec<Place>>) {
    into.push(at.to_vec());
    match &node.shape {
        Shape::Map(pairs) => {
            for (index, (_, value)) in pairs.iter().enumerate() {
                places(value, &[at, &[Place::Value(index)]].concat(), into);
            }
        }
        Shape::List(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &[at, &[Place::Item(index)]].concat(), into);
            }
        }
        Shape::Empty | Shape::Text(_) => {}
    }
}

pub(crate) fn node_at<'a>(node: &'a mut Node, at: &[Place]) -> &'a mut Node {
    let Some((first, rest)) = at.split_first() else {
        return node;
    };
    match (&mut node.shape, first) {
        (Shape::Map(pairs), Place::Value(index)) => node_at(&mut pairs[*index].1, rest),
        (Shape::List(items), Place::Item(index)) => node_at(&mut items[*index], rest),
        (shape, place) => panic!("{place:?} of {shape:?}"),
    }
}

pub(crate) fn text_node(text: &str) -> Node {
    Node {
        span: crate::finding::Span::default(),
        shape: Shape::Text(text.to_owned()),
    }
}

pub(crate) fn node_of(shape: Shape) -> Node {
    Node {
        shape,
        ..text_node("")
    }
}

/// The words in backquotes of a sentence such as "a step knows `phase`, `title` and `say`".
pub(crate) fn quoted(sentence: &str) -> Vec<String> {
    sentence
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

#[test]
fn both_know_the_same_words_everywhere() {
    let schema = schema();
    let tree = source::tree(EVERY_WORD.as_bytes()).unwrap();
    let mut all = Vec::new();
    places(&tree, &[], &mut all);
    let mut met: Vec<*const Value> = Vec::new();
    for at in all {
        let forms = forms_at(&schema, &tree, &at);
        let mut changed = tree.clone();
        let node = node_at(&mut changed, &at);
        match &mut node.shape {
            Shape::Map(pairs) => {
                pairs.push((text_node(STRANGE), text_node("1")));
                let message = format!("`{STRANGE}` is not a word of ");
                let findings = source::faults(&changed);
                let strange = findings.iter().find(|f| f.message.starts_with(&message));
                let mut known = strange.map_or_else(Vec::new, |finding| {
                    quoted(&finding.mend.as_ref().unwrap().text)
                        .into_iter()
                        .filter(|word| !finding.message.contains(&format!("of `{word}`")))
                        .collect()
                });
                known.sort();
                let closed = forms
                    .iter()
                    .filter(|f| f["additionalProperties"] == json!(false));
                let mut words = Vec::new();
                for form in closed {
                    met.push(*form);
                    words.extend(form["properties"].as_object().unwrap().keys().cloned());
                }
                words.sort();
                assert_eq!(words, known, "{at:?}");
            }
            Shape::Text(_) => {
                *node = text_node(STRANGE);
                let findings = source::faults(&changed);
                let choice = findings.iter().find(|f| f.code == Code::H002);
                let known = choice.map_or_else(Vec::new, |finding| quoted(&finding.why));
                let choices = forms.iter().filter_map(|form| form["enum"].as_array());
                let words: Vec<&str> = choices.flatten().filter_map(Value::as_str).collect();
                let is_flag = words == ["yes", "no"];
                assert!(is_flag || words == known, "{at:?}: {words:?}, {known:?}");
            }
            Shape::List(_) | Shape::Empty => {}
        }
    }
    for map in closed_maps(&schema) {
        let words: Vec<&String> = map["properties"].as_object().unwrap().keys().collect();
        assert!(
            met.contains(&std::ptr::from_ref(map)),
            "never met: {words:?}"
        );
    }
}

#[test]
fn what_the_reader_refuses_anywhere_the_schema_refuses() {
    let schema = schema();
    let tree = source::tree(EVERY_WORD.as_bytes()).unwrap();
    let mut all = Vec::new();
    places(&tree, &[], &mut all);
    let mut refused = 0;
    let mut compare = |changed: &Node, what: &str| {
        let found = errors(&source::faults(changed));
        let said = faults(&schema, &json_of(changed, EVERY_WORD));
        if found.iter().any(|code| FAULTS.contains(code)) {
            assert!(!said.is_empty(), "{what}: {found:?}");
            refused += 1;
        } else if found.is_empty() {
            assert!(said.is_empty(), "{what}: {said:?}");
        }
    };
    compare(&tree, "the file itself");
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
            compare(&changed, &what);
        }
        let pairs = match &node_at(&mut tree.clone(), &at).shape {
            Shape::Map(pairs) => pairs.len(),
            Shape::Empty | Shape::Text(_) | Shape::List(_) => 0,
        };
        for index in 0..pairs {
            let mut changed = tree.clone();
            if let Shape::Map(pairs) = &mut node_at(&mut changed, &at).shape {
                let (key, _) = pairs.remove(index);
                compare(&changed, &format!("{at:?} without {:?}", key.shape));
            }
        }
    }
    assert!(refused > 500, "{refused}");
}
