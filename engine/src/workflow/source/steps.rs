//! Reads `steps`, `outcomes` and `anywhere`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use indexmap::IndexMap;

use super::conditions::{condition, needs};
use super::meant;
use super::node::{Node, Shape};
use super::offered::in_every_other_case;
use super::reader::{Reader, Words};
use super::time::due;
use super::{Action, Effects, Outcome, Reopen, Rule, STEPS_MAX, Sp, Step, Table, Task};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::{CountsAs, DONE, Phase};

const EFFECTS: [&str; 5] = ["gives", "takes_back", "approves", "makes", "keeps"];
/// How often a counted rule may lead to its target, at most.
pub(crate) const AT_MOST_MAX: u32 = 1_000;

/// Reads `steps`.
pub(super) fn steps(r: &mut Reader, node: &Node) -> Option<Table<Step>> {
    let steps = r.table(node, "a step", |r, name, node| Some(step(r, name, node)));
    if steps.len() > STEPS_MAX {
        let message = format!("there are more than {STEPS_MAX} steps");
        let finding = Finding::error(Code::H006, node.span, message);
        r.report(finding.mend("split the work into several workflows"));
    }
    Some(steps)
}

fn step(r: &mut Reader, name: &Sp<String>, node: &Node) -> Step {
    let words = r.words(
        node,
        "a step",
        name.span,
        &[
            "phase", "title", "say", "who", "not_by", "needs", "asks", "tasks", "actions", "next",
            "due", "pauses", "skills",
        ],
    );
    r.not_both(&words, "actions", "next");
    r.not_acted_on("skills", words.place("skills"));
    let mut actions = r.opt(&words, "actions", actions).unwrap_or_default();
    let next = r.opt(&words, "next", |r, node| {
        let span = words.place("next").unwrap_or(node.span);
        action(r, node, span, false).map(|value| Sp { value, span })
    });
    let has_next = next.is_some();
    if let Some(next) = next {
        actions.entry(DONE.to_owned()).or_insert(next);
    }
    Step {
        phases: r
            .must(&words, "a step", "phase", phases)
            .unwrap_or_default(),
        title: r.opt(&words, "title", Reader::text),
        say: r.opt(&words, "say", Reader::text),
        who: r.opt(&words, "who", Reader::names_at),
        not_by: r.opt(&words, "not_by", Reader::names).unwrap_or_default(),
        needs: r.opt(&words, "needs", needs).unwrap_or_default(),
        asks: r.opt(&words, "asks", Reader::names).unwrap_or_default(),
        tasks: r.opt(&words, "tasks", tasks).unwrap_or_default(),
        actions,
        has_next,
        due: r.opt(&words, "due", due),
        pauses: r.opt(&words, "pauses", Reader::flag),
        skills: r.opt(&words, "skills", Reader::names).unwrap_or_default(),
    }
}

fn phases(r: &mut Reader, node: &Node) -> Option<Vec<Sp<Phase>>> {
    let known = Phase::ALL.map(|phase| (phase.as_str(), phase));
    let items = Reader::items(node);
    Some(
        items
            .iter()
            .filter_map(|item| r.one_of(item, "a phase", &known))
            .collect(),
    )
}

fn tasks(r: &mut Reader, node: &Node) -> Option<Table<Task>> {
    let known = ["title", "say", "who", "not_by", "needs", "asks", "due"];
    Some(r.table(node, "a task", |r, name, node| {
        let words = r.words(node, "a task", name.span, &known);
        Some(Task {
            title: r.opt(&words, "title", Reader::text),
            say: r.opt(&words, "say", Reader::text),
            who: r.opt(&words, "who", Reader::names_at),
            not_by: r.opt(&words, "not_by", Reader::names).unwrap_or_default(),
            needs: r.opt(&words, "needs", needs).unwrap_or_default(),
            asks: r.opt(&words, "asks", Reader::names).unwrap_or_default(),
            due: r.opt(&words, "due", due),
        })
    }))
}

fn actions(r: &mut Reader, node: &Node) -> Option<Table<Action>> {
    Some(r.table(node, "an action", |r, name, node| {
        action(r, node, name.span, false)
    }))
}

/// Reads `anywhere`.
pub(super) fn anywhere(r: &mut Reader, node: &Node) -> Option<Table<Action>> {
    Some(r.table(node, "an action", |r, name, node| {
        action(r, node, name.span, true)
    }))
}

/// Reads an action: a target, one rule, or rules tried in order.
fn action(r: &mut Reader, node: &Node, at: crate::finding::Span, anywhere: bool) -> Option<Action> {
    let mut action = Action {
        who: None,
        needs: Vec::new(),
        tell: Vec::new(),
        not_in: Vec::new(),
        effects: Effects::default(),
        rules: Vec::new(),
    };
    match &node.shape {
        Shape::Text(_) => action.rules.push(plain_rule(r.text(node)?)),
        Shape::List(items) => action.rules = rules(r, items),
        Shape::Map(_) => action_words(r, node, at, anywhere, &mut action),
        Shape::Empty => {
            r.wrong_kind(
                node,
                "an action says where it leads",
                meant::example("an action"),
            );
            return None;
        }
    }
    Some(action)
}

fn action_words(
    r: &mut Reader,
    node: &Node,
    at: crate::finding::Span,
    anywhere: bool,
    action: &mut Action,
) {
    let mut known = vec![
        "who", "needs", "tell", "rules", "when", "go_to", "at_most", "then",
    ];
    known.extend(EFFECTS);
    if anywhere {
        known.push("not_in");
    }
    let words = r.words(node, "an action", at, &known);
    action.who = r.opt(&words, "who", Reader::names_at);
    action.needs = r.opt(&words, "needs", needs).unwrap_or_default();
    action.tell = r.opt(&words, "tell", Reader::names).unwrap_or_default();
    action.not_in = r.opt(&words, "not_in", Reader::names).unwrap_or_default();
    action.effects = effects(r, &words);
    if let Some(node) = words.get("rules") {
        for word in ["when", "go_to", "at_most", "then"] {
            r.not_both(&words, "rules", word);
        }
        if let Shape::List(items) = &node.shape {
            action.rules = rules(r, items);
        } else {
            r.wrong_kind(
                node,
                "`rules` is a list of rules",
                "`rules: [{when: {happy: yes}, go_to: resolved}, {go_to: resolve}]`",
            );
        }
    } else {
        action.rules = rule(r, &words, "an action", false).into_iter().collect();
        action.rules.extend(last_rule(node, &words));
    }
}

fn plain_rule(go_to: Sp<String>) -> Rule {
    Rule {
        span: go_to.span,
        when: None,
        go_to,
        at_most: None,
        then: None,
        effects: Effects::default(),
    }
}

fn rules(r: &mut Reader, items: &[Node]) -> Vec<Rule> {
    let mut known = vec!["when", "go_to", "at_most", "then"];
    known.extend(EFFECTS);
    let mut rules = Vec::new();
    for item in items {
        if let Shape::Text(_) = &item.shape {
            rules.extend(r.text(item).map(plain_rule));
        } else {
            let words = r.words(item, "a rule", item.span, &known);
            if words.is_empty() && in_every_other_case(item).is_some() {
                // The mend of the word has been said; what it holds is the last rule.
                rules.extend(in_every_other_case(item).and_then(|inner| {
                    let words = r.words(inner, "a rule", inner.span, &known);
                    rule(r, &words, "a rule", true)
                }));
                continue;
            }
            rules.extend(rule(r, &words, "a rule", true));
            rules.extend(last_rule(item, &words));
        }
    }
    rules
}

/// Reads what a rule says of every other case beside where it leads itself, which is a fault but
/// understood.
fn last_rule(node: &Node, words: &Words<'_>) -> Option<Rule> {
    let other = in_every_other_case(node).filter(|_| words.has("when"))?;
    let Shape::Text(value) = &other.shape else {
        return None;
    };
    let span = other.span;
    let value = value.clone();
    Some(plain_rule(Sp { value, span }))
}

/// Reads the words of a rule. Those that an action may have too are read only in a list of rules.
fn rule(r: &mut Reader, words: &Words<'_>, what: &str, in_list: bool) -> Option<Rule> {
    let is_then_alone = ["go_to", "at_most"].iter().all(|word| !words.has(word));
    let then_alone = words.place("then").filter(|_| is_then_alone);
    let go_to = match then_alone {
        Some(span) => {
            let finding = Finding::error(Code::H015, span, "`then` stands without `go_to`")
                .why("`go_to` says where a rule leads, and `then` where once `at_most` is used up");
            r.report(finding.replace("go_to"));
            r.opt(words, "then", Reader::text)
        }
        None => r.must(words, what, "go_to", Reader::text),
    };
    let at_most = r.opt(words, "at_most", |r, node| r.whole(node, 1, AT_MOST_MAX));
    if words.has("then") && !words.has("at_most") && then_alone.is_none() {
        r.missing(
            words.place("then").unwrap_or(words.span),
            "a rule with `then`",
            "at_most",
        );
    }
    let when = r.opt(words, "when", condition);
    // Without its condition a rule would seem to fit always.
    let is_read = when.is_some() || !words.has("when");
    let rule = Rule {
        span: words.span,
        when,
        at_most,
        then: r
            .opt(words, "then", Reader::text)
            .filter(|_| then_alone.is_none()),
        effects: if in_list {
            effects(r, words)
        } else {
            Effects::default()
        },
        go_to: go_to?,
    };
    is_read.then_some(rule)
}

fn effects(r: &mut Reader, words: &Words<'_>) -> Effects {
    Effects {
        gives: r.opt(words, "gives", Reader::names).unwrap_or_default(),
        takes_back: r
            .opt(words, "takes_back", Reader::names)
            .unwrap_or_default(),
        approves: r.opt(words, "approves", Reader::names).unwrap_or_default(),
        makes: r.opt(words, "makes", Reader::names).unwrap_or_default(),
        keeps: r.opt(words, "keeps", Reader::names).unwrap_or_default(),
    }
}

/// Reads `outcomes`.
pub(super) fn outcomes(r: &mut Reader, node: &Node) -> Option<Table<Outcome>> {
    let known = ["title", "counts_as", "who", "needs", "tell", "reopen"];
    let counts = CountsAs::ALL.map(|counts| (counts.as_str(), counts));
    let outcomes: IndexMap<_, _> = r.table(node, "an outcome", |r, name, node| {
        let words = r.words(node, "an outcome", name.span, &known);
        Some(Outcome {
            title: r.opt(&words, "title", Reader::text),
            counts_as: r.must(&words, "an outcome", "counts_as", |r, node| {
                r.one_of(node, "a way to count", &counts)
            }),
            who: r.opt(&words, "who", Reader::names_at),
            needs: r.opt(&words, "needs", needs).unwrap_or_default(),
            tell: r.opt(&words, "tell", Reader::names).unwrap_or_default(),
            reopen: r.opt(&words, "reopen", reopen),
        })
    });
    Some(outcomes)
}

fn reopen(r: &mut Reader, node: &Node) -> Option<Reopen> {
    let words = r.words(node, "`reopen`", node.span, &["to", "within"]);
    let to = r.must(&words, "`reopen`", "to", Reader::text);
    let within = r.must(&words, "`reopen`", "within", Reader::length);
    Some(Reopen { to: to?, within })
}
