//! The way of a case: steps, tasks, actions, rules and outcomes.

use serde_json::{Value, json};

use super::form::{
    Word, defined, either, flag, may, must, names, not_both, one_of, one_or_list, table, text,
    whole, with, words,
};
use crate::workflow::source::AT_MOST_MAX;
use crate::workflow::{CountsAs, Phase};

const WHO: &str = "The roles that may do this. Seniority gives nothing by itself: name every role \
                   that may.";
const SAY: &str = "What the person may say to the customer, or should keep in mind.";
const NEEDS: &str = "What must be there before it can be done: fields that must be answered, or \
                     conditions that must hold, such as `{has_leaflet: yes}`.";
const ASKS: &str = "Fields that are shown and can be answered here, but need not be.";
const NOT_BY: &str = "Four eyes: nobody who acted in one of these steps may do this.";
const DUE: &str = "By when it is to be done, and what happens when it is late.";
const TELL: &str = "The roles that are told about it.";

pub(super) fn steps() -> Value {
    table("A step: one place where a case waits for somebody.", step())
}

fn step() -> Value {
    let phases = Phase::ALL.map(Phase::as_str);
    let form = words(vec![
        must(
            "phase",
            "Which part of the work this is: hear, empathize, apologize, resolve, explain, thank, \
             diagnose, follow_up, approve or wait; a list where one conversation does several, in \
             that order. The check goes by it: nothing is resolved before it was apologised for.",
            one_or_list(&one_of(&phases)),
        ),
        may("title", "What is done here, as people see it.", text()),
        may("say", SAY, text()),
        may("who", WHO, names()),
        may("not_by", NOT_BY, names()),
        may("needs", NEEDS, defined("needs")),
        may("asks", ASKS, names()),
        may(
            "tasks",
            "Parts of the step that different people do in any order. The ways on open when all \
             are done.",
            table("A task: a part of the step.", task()),
        ),
        may(
            "actions",
            "The ways out of the step, each under the name that people choose it by.",
            table(
                "A way out: the step or outcome it leads to; or one rule; or rules, of which the \
                 first that fits wins.",
                defined("action"),
            ),
        ),
        may(
            "next",
            "The only way out, where there is nothing to choose: the step or outcome that comes \
             next. People see it as `done`.",
            defined("action"),
        ),
        may("due", DUE, defined("due")),
        may(
            "pauses",
            "With the phase `wait`: our own clocks stand still while a case is here. Deadlines \
             set by law, promises and dues do not.",
            flag(),
        ),
        may(
            "skills",
            "What whoever is given the case must be able to do.",
            names(),
        ),
    ]);
    with(form, json!({"allOf": [not_both("actions", "next")]}))
}

fn task() -> Value {
    words(vec![
        may("title", "What is to be done, as people see it.", text()),
        may("say", SAY, text()),
        may("who", WHO, names()),
        may("not_by", NOT_BY, names()),
        may("needs", NEEDS, defined("needs")),
        may("asks", ASKS, names()),
        may("due", DUE, defined("due")),
    ])
}

fn effects() -> Vec<Word> {
    vec![
        may(
            "gives",
            "Money fields whose amount is given to the customer here. It must be within the limit \
             of the person's role, or approved.",
            names(),
        ),
        may(
            "takes_back",
            "Money fields whose last gift in this case is undone here.",
            names(),
        ),
        may(
            "approves",
            "Money fields whose amount is agreed here, by somebody else than whoever wrote it \
             down, within their own limit.",
            names(),
        ),
        may(
            "makes",
            "Promises that are made to the customer here.",
            names(),
        ),
        may("keeps", "Promises that are kept here.", names()),
    ]
}

fn rule_words(go_to: Word) -> Vec<Word> {
    let mut all = vec![
        may(
            "when",
            "When this rule fits, such as `{accepted: yes}`. The last rule has no `when`, so that \
             there is always exactly one way on.",
            defined("condition"),
        ),
        go_to,
        may(
            "at_most",
            "How often this rule may lead to its target in one case. A loop must be counted.",
            whole(1, AT_MOST_MAX),
        ),
        may(
            "then",
            "Where the case goes instead, once `at_most` is used up.",
            text(),
        ),
    ];
    all.extend(effects());
    all
}

const GO_TO: &str =
    "The step or outcome this leads to; `stay` does the rest without leaving the step.";

/// One of the rules of an action.
pub(super) fn rule() -> Value {
    let long = with(
        words(rule_words(must("go_to", GO_TO, text()))),
        json!({"dependencies": {"then": ["at_most"]}}),
    );
    json!({"anyOf": [text(), long]})
}

/// An action; one that is possible anywhere has a word more.
pub(super) fn action(more: Vec<Word>) -> Value {
    let rules = json!({"type": "array", "items": defined("rule")});
    let mut all = vec![
        may("who", WHO, names()),
        may("needs", NEEDS, defined("needs")),
        may("tell", TELL, names()),
        may(
            "rules",
            "Rules that are tried in order; the first that fits wins, and the last has no `when`.",
            rules.clone(),
        ),
    ];
    all.extend(rule_words(may("go_to", GO_TO, text())));
    all.extend(more);
    let apart = ["when", "go_to", "at_most", "then"].map(|word| not_both("rules", word));
    let long = with(
        with(words(all), either(&["go_to", "rules"])),
        json!({
            "type": "object",
            "allOf": apart,
            "dependencies": {"then": ["at_most"]},
        }),
    );
    json!({"anyOf": [text(), rules, long]})
}

pub(super) fn anywhere() -> Value {
    let not_in = may(
        "not_in",
        "Steps in which this is not possible after all.",
        names(),
    );
    table("An action that is possible anywhere.", action(vec![not_in]))
}

pub(super) fn outcomes() -> Value {
    let counts = CountsAs::ALL.map(CountsAs::as_str);
    let reopen = words(vec![
        must("to", "The step in which the case goes on.", text()),
        must(
            "within",
            "How long after closing it may be reopened.",
            defined("length"),
        ),
    ]);
    let outcome = words(vec![
        may(
            "title",
            "What has become of the case, as people see it.",
            text(),
        ),
        must(
            "counts_as",
            "How reports count it: resolved, not_resolved, withdrawn (by the customer) or \
             referred (to somebody else). Closing with any but resolved asks the person for a \
             reason.",
            one_of(&counts),
        ),
        may("who", "The roles that may close a case this way.", names()),
        may("needs", NEEDS, defined("needs")),
        may("tell", TELL, names()),
        may(
            "reopen",
            "How a case that was closed this way may be reopened. Without it, it stays closed.",
            reopen,
        ),
    ]);
    table("An outcome: one way in which a case ends.", outcome)
}
