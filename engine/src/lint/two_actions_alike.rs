//! Finds two actions of a step that do the same.
//!
//! The same people may take them, they need the same, and every rule does the same under the same
//! condition. Actions that only `stay` and do nothing else are left alone: what they record is
//! their name.

use std::collections::{BTreeMap, BTreeSet};

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{self, Action, Condition, Effects, Names, Need, Sp, Table, Test};
use crate::workflow::{RoleSet, condition::Bound};

pub(super) struct TwoActionsAlike;

impl Rule for TwoActionsAlike {
    fn code(&self) -> Code {
        Code::H207
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, step) in &file.source.steps {
            let compiled = file.compiled.step(name).map(|(_, step)| &step.actions);
            self.look(&step.value.actions, compiled, found);
        }
        self.look(&file.source.anywhere, Some(file.compiled.anywhere()), found);
    }
}

type Compiled = indexmap::IndexMap<crate::id::ActionName, crate::workflow::Action>;

impl TwoActionsAlike {
    fn look(&self, actions: &Table<Action>, compiled: Option<&Compiled>, found: &mut Vec<Finding>) {
        let mut seen = BTreeMap::new();
        for (name, action) in actions {
            let who = compiled.and_then(|actions| actions.get(name.as_str()));
            let meaning = Meaning::of(&action.value, who.map_or(RoleSet::default(), |a| a.who));
            if meaning.only_stays() {
                continue;
            }
            let Some((first, at)) = seen.get(&meaning) else {
                seen.insert(meaning, (name, action.span));
                continue;
            };
            let message = format!("`{first}` and `{name}` do the same");
            let finding = Finding::warning(self.code(), action.span, message)
                .label(*at, "this one")
                .why("people wonder which of the two to take, and figures about them mean nothing")
                .mend(format!(
                    "delete `{name}`, or change what it needs or where it leads"
                ));
            found.push(finding);
        }
    }
}

/// What an action means, without its name and place.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Meaning {
    who: u64,
    needs: BTreeSet<String>,
    tell: BTreeSet<String>,
    not_in: BTreeSet<String>,
    rules: Vec<RuleMeaning>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct RuleMeaning {
    when: Option<String>,
    go_to: String,
    at_most: Option<u32>,
    then: Option<String>,
    effects: [BTreeSet<String>; 5],
}

impl Meaning {
    fn of(action: &Action, who: RoleSet) -> Self {
        let needs = action.needs.iter().map(|need| match need {
            Need::Field(field) => field.value.clone(),
            Need::Condition(condition) => words(condition),
        });
        let rule = |rule: &source::Rule| RuleMeaning {
            when: rule.when.as_ref().map(words),
            go_to: rule.go_to.value.clone(),
            at_most: rule.at_most.as_ref().map(|times| times.value),
            then: rule.then.as_ref().map(|then| then.value.clone()),
            effects: effects([&action.effects, &rule.effects]),
        };
        Self {
            who: who.0,
            needs: needs.collect(),
            tell: set(&action.tell),
            not_in: set(&action.not_in),
            rules: action.rules.iter().map(rule).collect(),
        }
    }

    fn only_stays(&self) -> bool {
        let idle = |rule: &RuleMeaning| {
            rule.go_to == "stay" && rule.effects.iter().all(BTreeSet::is_empty)
        };
        self.tell.is_empty() && self.rules.iter().all(idle)
    }
}

fn effects(both: [&Effects; 2]) -> [BTreeSet<String>; 5] {
    let union =
        |names: fn(&Effects) -> &Names| both.into_iter().flat_map(|e| set(names(e))).collect();
    [
        union(|effects| &effects.gives),
        union(|effects| &effects.takes_back),
        union(|effects| &effects.approves),
        union(|effects| &effects.makes),
        union(|effects| &effects.keeps),
    ]
}

fn set(names: &[Sp<String>]) -> BTreeSet<String> {
    names.iter().map(|name| name.value.clone()).collect()
}

/// Writes a condition so that two of the same meaning are written the same, whatever the order of
/// their parts. Values are compared as they are spelled.
fn words(condition: &Condition) -> String {
    let parts = |parts: &[Condition]| {
        let parts: BTreeSet<String> = parts.iter().map(words).collect();
        parts.into_iter().collect::<Vec<_>>().join(",")
    };
    match condition {
        Condition::All(all) => format!("all({})", parts(all)),
        Condition::Any(any) => format!("any({})", parts(any)),
        Condition::Not(part) => format!("not({})", words(part)),
        Condition::Test { field, test } => format!("{} {}", field.value, tested(&test.value)),
    }
}

fn tested(test: &Test) -> String {
    let sorted = |texts: BTreeSet<String>| texts.into_iter().collect::<Vec<_>>().join(" ");
    match test {
        Test::OneOf(values) => sorted(values.iter().map(|v| format!("={}", v.value)).collect()),
        Test::Within(bounds) => sorted(bounds.iter().map(bound).collect()),
        Test::Empty => "empty".to_owned(),
        Test::Filled => "filled".to_owned(),
        Test::OverLimit => "over limit".to_owned(),
    }
}

fn bound((bound, value): &(Bound, Sp<String>)) -> String {
    format!("{bound:?} {}", value.value)
}
