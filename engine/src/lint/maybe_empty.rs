//! Finds conditions that read a field which may still be empty.

use std::collections::BTreeSet;

use super::reasoning::{Act, Choice, comparisons, tests};
use super::{File, Rule, Scope, emptiness};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::FieldIndex;
use crate::workflow::condition::{Condition, Test};
use crate::workflow::logic::Claim;
use crate::workflow::source::{Need, Sp};

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
                    if is_new && can_be_empty(file, act, number, field) {
                        told.insert(field);
                        found.extend(self.finding(file, act, read, field));
                    }
                }
            }
        }
    }

    fn finding(
        &self,
        file: &File<'_>,
        act: Act<'_>,
        read: &Sp<String>,
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
            .why(
                "a comparison with an empty field does not hold, so that a later rule is taken \
                 without a word",
            );
        Some(finding.mend(format!(
            "name `{name}` in `needs`, or say before this rule what happens without it: `{{when: \
             {{{name}: empty}}, go_to: ...}}`"
        )))
    }
}

/// Returns whether a rule can be looked at while a field is empty.
fn can_be_empty(file: &File<'_>, act: Act<'_>, number: usize, field: FieldIndex) -> bool {
    let mut rules = Vec::new();
    for rule in act.action.value.rules.iter().take(number) {
        let when = rule.when.as_ref().map(|when| file.facts.condition(when));
        rules.push(when.unwrap_or_else(|| Condition::All(Vec::new())));
    }
    rules.push(Condition::Field(field, Test::Empty));
    let of_step: &[Need] = act.step.map_or(&[], |(_, step)| &step.value.needs);
    let lists = [of_step, &act.action.value.needs];
    let choice = file.facts.ask(&lists, rules, file.facts.filled_at(act));
    let can = choice.and_then(|choice: Choice| {
        let mut claims = choice.passing(0..number);
        claims.push(Claim::Holds(choice.rule(number)));
        choice.space.can(&claims)
    });
    can == Ok(true)
}
