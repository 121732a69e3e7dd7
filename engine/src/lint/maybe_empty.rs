//! Finds conditions that read a field which may still be empty.

use std::collections::BTreeSet;

use super::reasoning::{Act, comparisons, tests};
use super::{File, Rule, Scope, emptiness};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::FieldIndex;
use crate::workflow::condition::{Condition, Test};
use crate::workflow::logic::Claim;
use crate::workflow::source::{self, Need, Sp};

/// The most that are told of one file: each is looked for on all ways, and nobody reads more.
const FOUND_MAX: usize = 200;

pub(super) struct MaybeEmpty;

impl Rule for MaybeEmpty {
    fn code(&self) -> Code {
        Code::H308
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let before = found.len();
        for act in file.facts.acts() {
            if found.len() - before < FOUND_MAX {
                self.action(file, act, found);
            }
        }
        found.truncate(before + FOUND_MAX);
    }
}

impl MaybeEmpty {
    fn action(&self, file: &File<'_>, act: Act<'_>, found: &mut Vec<Finding>) {
        let filled = file.facts.filled_at(act);
        let mut asked: BTreeSet<FieldIndex> = BTreeSet::new();
        let mut told: BTreeSet<FieldIndex> = BTreeSet::new();
        for (number, rule) in act.action.value.rules.iter().enumerate() {
            let Some(when) = &rule.when else { continue };
            for (field, test) in tests(&file.facts.condition(when)) {
                if matches!(test, Test::Empty | Test::Filled) {
                    asked.insert(field);
                }
            }
            for read in comparisons(when) {
                let Some(index) = file.facts.known.field(&read.value) else {
                    continue;
                };
                // What nothing ever asks is an error of its own.
                let is_never =
                    |other: &Finding| other.code == Code::H106 && other.span == read.span;
                if asked.contains(&index) || found.iter().any(is_never) {
                    continue;
                }
                for field in file.facts.behind(index) {
                    let is_known = filled.contains(&field) || asked.contains(&field);
                    let is_new = !is_known && !told.contains(&field);
                    if is_new && can_be_empty(file, act, number, index, field) {
                        told.insert(field);
                        found.extend(self.finding(file, act, (when, read), field));
                    }
                }
            }
        }
    }

    fn finding(
        &self,
        file: &File<'_>,
        act: Act<'_>,
        (when, read): (&source::Condition, &Sp<String>),
        field: FieldIndex,
    ) -> Option<Finding> {
        let walk = emptiness::walk(file, act, field)?;
        let (name, _) = file.compiled.field_at(field);
        let name = name.as_str();
        let declared = file.source.fields.get(name)?;
        let (message, declared_words) = if name == read.value {
            (
                format!("`{name}` may still be empty when `{}` is taken", act.name),
                "this field",
            )
        } else {
            let by = &read.value;
            (
                format!("`{by}` is computed from `{name}`, which may still be empty here"),
                "its table reads this field",
            )
        };
        let anew = if file.compiled.field_at(field).1.each_time {
            "; it is asked anew on every visit"
        } else {
            ""
        };
        let finding = Finding::warning(self.code(), read.span, message)
            .at(format!("empty on this way: {walk}"))
            .label(declared.span, format!("{declared_words}{anew}"))
            .why(if is_denied(when, read) {
                "a comparison with an empty field does not hold, so that this rule with its `not` \
                 fits without a word"
            } else {
                "a comparison with an empty field does not hold, so that a later rule is taken \
                 without a word"
            });
        let rest = if is_all_that_is_left(file, act, field) {
            "; either way nothing is then left for the last rule: delete it and the `when` of the \
             rule before it"
        } else {
            ""
        };
        Some(finding.mend(format!(
            "name `{name}` in `needs`, or say before this rule what happens without it: `{{when: \
             {{{name}: empty}}, go_to: ...}}`{rest}"
        )))
    }
}

/// Returns whether a condition holds rather than fails when the comparison at a place does not.
fn is_denied(when: &source::Condition, read: &Sp<String>) -> bool {
    match when {
        source::Condition::All(parts) | source::Condition::Any(parts) => {
            parts.iter().any(|part| is_denied(part, read))
        }
        source::Condition::Not(part) => {
            let mut read_in = comparisons(part).into_iter();
            read_in.any(|field| field.span == read.span) && !is_denied(part, read)
        }
        source::Condition::Test { .. } => false,
    }
}

/// Returns whether what a rule reads can decide while a field is empty: whether the rule is tried
/// then, and would fit or not by what it reads alone.
fn can_be_empty(
    file: &File<'_>,
    act: Act<'_>,
    number: usize,
    read: FieldIndex,
    field: FieldIndex,
) -> bool {
    let mut rules = Vec::new();
    for rule in act.action.value.rules.iter().take(number) {
        let when = rule.when.as_ref().map(|when| file.facts.condition(when));
        rules.push(when.unwrap_or_else(|| Condition::All(Vec::new())));
    }
    let when = act.action.value.rules.get(number);
    let Some(when) = when.and_then(|rule| rule.when.as_ref()) else {
        return false;
    };
    let when = file.facts.condition(when);
    let read_of: Vec<usize> = (0..compared(&when, read)).collect();
    rules.push(Condition::Field(field, Test::Empty));
    rules.push(decided(&when, read, &[]));
    // Each comparison alone, and all of them.
    rules.extend(read_of.iter().map(|one| decided(&when, read, &[*one])));
    rules.push(decided(&when, read, &read_of));
    let others = rules.len() - number - 2;
    let of_step: &[Need] = act.step.map_or(&[], |(_, step)| &step.value.needs);
    let lists = [of_step, &act.action.value.needs];
    let Ok(choice) = file.facts.ask(&lists, rules, file.facts.filled_at(act)) else {
        return false;
    };
    let without = choice.rule(number + 1);
    let decides = |other: usize| {
        [
            [Claim::Holds(other), Claim::Fails(without)],
            [Claim::Fails(other), Claim::Holds(without)],
        ]
        .into_iter()
        .any(|differ| {
            let mut claims = choice.passing(0..number);
            claims.push(Claim::Holds(choice.rule(number)));
            claims.extend(differ);
            choice.space.can(&claims) == Ok(true)
        })
    };
    (0..others).any(|other| decides(choice.rule(number + 2 + other)))
}

/// Returns whether the last rule, which has no condition, is taken only while a field is empty.
fn is_all_that_is_left(file: &File<'_>, act: Act<'_>, field: FieldIndex) -> bool {
    let whens = act.action.value.rules.iter();
    let whens = whens.filter_map(|rule| rule.when.as_ref());
    let mut rules: Vec<Condition> = whens.map(|when| file.facts.condition(when)).collect();
    let count = rules.len();
    rules.push(Condition::Field(field, Test::Filled));
    let of_step: &[Need] = act.step.map_or(&[], |(_, step)| &step.value.needs);
    let lists = [of_step, &act.action.value.needs];
    let filled = file.facts.filled_at(act);
    let can = file.facts.ask(&lists, rules, filled).and_then(|choice| {
        let mut claims = choice.passing(0..count);
        claims.push(Claim::Holds(choice.rule(count)));
        choice.space.can(&claims)
    });
    count < act.action.value.rules.len() && can == Ok(false)
}

/// Returns how often a condition compares a field.
fn compared(when: &Condition, field: FieldIndex) -> usize {
    let compares = |(read, test): &(FieldIndex, &Test)| {
        *read == field && !matches!(test, Test::Empty | Test::Filled)
    };
    tests(when).into_iter().filter(compares).count()
}

/// Returns a condition in which the comparisons of a field are decided: those numbered hold, and
/// no others.
fn decided(when: &Condition, field: FieldIndex, holding: &[usize]) -> Condition {
    decide(when, field, holding, &mut 0)
}

fn decide(when: &Condition, field: FieldIndex, holding: &[usize], at: &mut usize) -> Condition {
    let mut all = |parts: &[Condition]| {
        let parts = parts.iter();
        parts.map(|part| decide(part, field, holding, at)).collect()
    };
    match when {
        Condition::All(parts) => Condition::All(all(parts)),
        Condition::Any(parts) => Condition::Any(all(parts)),
        Condition::Not(part) => Condition::Not(Box::new(decide(part, field, holding, at))),
        Condition::Field(read, test)
            if *read == field && !matches!(test, Test::Empty | Test::Filled) =>
        {
            let is_holding = holding.contains(at);
            *at += 1;
            if is_holding {
                Condition::All(Vec::new())
            } else {
                Condition::Any(Vec::new())
            }
        }
        Condition::Field(read, test) => Condition::Field(*read, test.clone()),
    }
}
