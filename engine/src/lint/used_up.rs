//! Finds steps that let nobody on once a counted rule, which is still the one chosen, is used up.

use super::File;
use super::held::{self, TRIES_MAX};
use super::needs_never_answered::when_held;
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Target;
use crate::workflow::condition::Condition;

/// Looks for them; it is a kind of dead end.
pub(super) fn check(file: &File<'_>, found: &mut Vec<Finding>) {
    let mut tries = TRIES_MAX;
    for (name, at) in &file.source.steps {
        let (Some((index, step)), Some(place)) = (file.compiled.step(name), file.ways.place(name))
        else {
            continue;
        };
        if found
            .iter()
            .any(|told| told.code == Code::H202 && told.span == at.span)
        {
            continue;
        }
        let mut rules = step.actions.values().flat_map(|action| &action.rules);
        if !rules.any(is_counted_off) {
            continue;
        }
        let leading = file.ways.leading_to(std::iter::once(place));
        let is_used_up = |rule: &crate::workflow::Rule| {
            let Target::Step(to) = rule.go_to else {
                return false;
            };
            let to = file.ways.place(file.compiled.step_at(to).name.as_str());
            let comes_back = to.is_some_and(|to| leading.contains(&to));
            comes_back && is_counted_off(rule)
        };
        let held = when_held(file, index, step, at, &is_used_up);
        let before = when_held(file, index, step, at, &|_| false);
        let Some((held, before)) = held.zip(before) else {
            continue;
        };
        // What holds a case before that is told by itself.
        let condition = Condition::All(vec![held, Condition::Not(Box::new(before))]);
        let Some(held) = held::walk(file, &[index], &condition, &mut tries) else {
            continue;
        };
        let with = held.example.describe(file.compiled);
        let message =
            format!("nothing leads out of the step `{name}` once its actions are used up");
        let mut finding = Finding::error(Code::H202, at.span, message)
            .at(format!("held here with {with}: {}", held.walk))
            .why(
                "a rule that is used up is still the one that fits, and what stands behind it \
                     is never looked at",
            )
            .mend("say with `then:` where the rule leads when it is used up");
        let rules = at
            .value
            .actions
            .values()
            .flat_map(|action| &action.value.rules);
        for rule in rules.filter(|rule| rule.at_most.is_some() && rule.then.is_none()) {
            finding = finding.label(rule.go_to.span, "counted, and without `then`");
        }
        found.push(finding);
    }
}

/// Returns whether nothing is left of a rule after so many times.
fn is_counted_off(rule: &crate::workflow::Rule) -> bool {
    rule.at_most
        .as_ref()
        .is_some_and(|most| most.then.is_none())
}
