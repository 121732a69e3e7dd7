//! Reads the outline of a workflow file.

use super::node::{Node, Shape};
use super::reader::{Reader, Words};
use super::{LANGUAGE_VERSION, Model, Sp, Workflow};
use super::{afterwards, fields, learning, people, steps, time};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::id::is_workflow_id;

const WORDS: [&str; 24] = [
    "heard",
    "workflow",
    "version",
    "title",
    "purpose",
    "owner",
    "model",
    "calendars",
    "roles",
    "fields",
    "tables",
    "limits",
    "promises",
    "clocks",
    "causes",
    "surveys",
    "follow_ups",
    "standards",
    "keep",
    "start",
    "steps",
    "outcomes",
    "anywhere",
    "moves",
];

/// Sections that are read and checked, but not acted on by this version.
const NOT_ACTED_ON: [&str; 2] = ["keep", "moves"];

/// Reads the whole file. `None` where it is not a workflow of this language at all.
pub(super) fn workflow(r: &mut Reader, node: &Node) -> Option<Workflow> {
    let Shape::Map(pairs) = &node.shape else {
        r.wrong_kind(node, "a workflow file begins with words", "`heard: 1`");
        return None;
    };
    let top = pairs.first().map_or(node.span, |(key, _)| key.span);
    let what = "a workflow";
    let words = r.words(node, what, top, &WORDS);
    if !language(r, &words) {
        return None;
    }
    for word in NOT_ACTED_ON {
        r.not_acted_on(word, words.place(word));
    }
    let nowhere = |value: Option<Sp<String>>| value.unwrap_or_else(|| unsaid(top));
    let workflow = Workflow {
        id: nowhere(r.must(&words, what, "workflow", id)),
        version: r
            .must(&words, what, "version", |r, node| {
                r.whole(node, 1, afterwards::VERSION_MAX)
            })
            .unwrap_or(Sp {
                value: 1,
                span: top,
            }),
        title: nowhere(r.must(&words, what, "title", Reader::text)),
        purpose: r.opt(&words, "purpose", Reader::text),
        owner: r.opt(&words, "owner", Reader::text),
        model: r.opt(&words, "model", |r, node| {
            let known = [("heard", Model::Heard), ("custom", Model::Custom)];
            r.one_of(node, "a model", &known)
        }),
        calendars: r
            .opt(&words, "calendars", time::calendars)
            .unwrap_or_default(),
        roles: r
            .must(&words, what, "roles", people::roles)
            .unwrap_or_default(),
        fields: r.opt(&words, "fields", fields::fields).unwrap_or_default(),
        tables: r.opt(&words, "tables", fields::tables).unwrap_or_default(),
        limits: r.opt(&words, "limits", fields::limits).unwrap_or_default(),
        promises: r
            .opt(&words, "promises", time::promises)
            .unwrap_or_default(),
        clocks: r.opt(&words, "clocks", time::clocks).unwrap_or_default(),
        causes: r.opt(&words, "causes", learning::causes),
        surveys: r
            .opt(&words, "surveys", afterwards::surveys)
            .unwrap_or_default(),
        follow_ups: r
            .opt(&words, "follow_ups", afterwards::follow_ups)
            .unwrap_or_default(),
        standards: r
            .opt(&words, "standards", afterwards::standards)
            .unwrap_or_default(),
        keep: r.opt(&words, "keep", afterwards::keep),
        moves: r.opt(&words, "moves", afterwards::moves),
        start: nowhere(r.must(&words, what, "start", Reader::text)),
        steps: r
            .must(&words, what, "steps", steps::steps)
            .unwrap_or_default(),
        outcomes: r
            .must(&words, what, "outcomes", steps::outcomes)
            .unwrap_or_default(),
        anywhere: r
            .opt(&words, "anywhere", steps::anywhere)
            .unwrap_or_default(),
    };
    time::without_hours(r, &words);
    Some(workflow)
}

/// Stands for a word that must be there and is not; the finding about it is an error.
fn unsaid(span: Span) -> Sp<String> {
    Sp {
        value: String::new(),
        span,
    }
}

/// Returns whether the file is written in the version of the language that is read here.
fn language(r: &mut Reader, words: &Words<'_>) -> bool {
    let Some(node) = words.get("heard") else {
        r.missing(words.span, "a workflow", "heard");
        // Everything else is read as version 1, so that all faults are said at once.
        return true;
    };
    if node.shape == Shape::Text(LANGUAGE_VERSION.to_string()) {
        return true;
    }
    let message = format!("this version reads `heard: {LANGUAGE_VERSION}` only");
    let finding = Finding::error(Code::H012, node.span, message)
        .why("the words of another version of the language may mean something else");
    // What the words of this version would say about the file misleads.
    r.findings.clear();
    r.report(finding.replace(LANGUAGE_VERSION.to_string()));
    false
}

fn id(r: &mut Reader, node: &Node) -> Option<Sp<String>> {
    let text = r.text(node)?;
    if !is_workflow_id(&text.value) {
        let message = format!("`{}` cannot be the id of a workflow", text.value);
        let finding = Finding::error(Code::H009, text.span, message)
            .why("an id has lower-case words of letters and digits joined by `-`")
            .mend("write it like `late-delivery`");
        r.report(finding);
    }
    Some(text)
}
