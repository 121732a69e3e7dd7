//! Finds steps of agreement in which a refusal changes nothing in the end.
//!
//! Looked at are steps of the phase `approve` and steps with an action that `approves`. Agreement
//! is what `approves`: the action, or the rule of it. Every other action of the step that leads on
//! refuses. A refusal ends where its rule leads, or, if the rule is counted, where it leads by
//! `then` once it has been taken so often. It is a fault where a `then` leads to a place of
//! agreement, and where nothing else than places of agreement is left to a refusal.
//!
//! In a step of the phase where nothing `approves`, the actions that lead on at once, without
//! `at_most`, are taken for agreement as against those that are counted. Which of several such
//! actions agrees is not said then, so a refusal is at fault only where it leads as all of them do;
//! and it is a fault as well if all its actions, of two or more, end in one place.
//!
//! A step of the phase `explain` may be where both lead, if agreement gives what refusal does not:
//! the customer is told the one or the other there.

use std::collections::BTreeSet;

use super::{File, Rule, Scope, method};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;
use crate::workflow::source::{self, Sp, Step};
use crate::workflow::ways::Place;

pub(super) struct RefusalLeadsWhereAgreementLeads;

impl Rule for RefusalLeadsWhereAgreementLeads {
    fn code(&self) -> Code {
        Code::H206
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for step in file.source.steps.values() {
            let faults = faults(&step.value).into_iter();
            for fault in faults.filter(|fault| !is_explained(file, &step.value, fault)) {
                found.push(self.finding(file, step, &fault));
            }
        }
    }
}

/// A refusal, where it ends, and the agreement that leads there too.
struct Fault<'a> {
    refusal: &'a str,
    end: &'a Sp<String>,
    is_last: bool,
    agreement: &'a str,
    agreed: &'a Sp<String>,
}

impl RefusalLeadsWhereAgreementLeads {
    fn finding(&self, file: &File<'_>, step: &Sp<Step>, fault: &Fault<'_>) -> Finding {
        let place = file.ways.place(&fault.end.value);
        let place = place.and_then(|index| file.ways.at(index));
        let title = place.map_or_else(String::new, Place::title);
        let (refusal, agreement) = (fault.refusal, fault.agreement);
        let message = if refusal == agreement {
            format!("where `{refusal}` refuses it leads to {title}, as where it agrees")
        } else if fault.is_last {
            format!("the last `{refusal}` leads to {title}, as `{agreement}` does")
        } else {
            format!("`{refusal}` leads to {title}, as `{agreement}` does")
        };
        Finding::error(self.code(), fault.end.span, message)
            .label(fault.agreed.span, format!("`{agreement}` leads here"))
            .label(step.span, "in this step")
            .why("whoever says no often enough, or at all, would have said yes")
            .mend(format!(
                "let `{refusal}` end in another step or outcome, such as one that says no to the \
                 customer"
            ))
    }
}

fn faults(step: &Step) -> Vec<Fault<'_>> {
    let rules: Vec<_> = step
        .actions
        .iter()
        .flat_map(|(name, action)| {
            action
                .value
                .rules
                .iter()
                .map(move |rule| (name, action, rule))
        })
        .filter(|(_, _, rule)| end(rule).value != "stay")
        .collect();
    let approving: Vec<_> = rules
        .iter()
        .filter(|(_, action, rule)| {
            !action.value.effects.approves.is_empty() || !rule.effects.approves.is_empty()
        })
        .map(|(name, _, rule)| (name.as_str(), *rule))
        .collect();
    if approving.is_empty() && !method::serves(step, Phase::Approve) {
        return Vec::new();
    }
    let nothing_approves = approving.is_empty();
    let agreeing = if nothing_approves {
        let at_once = rules.iter().filter(|(_, _, rule)| rule.at_most.is_none());
        at_once
            .map(|(name, _, rule)| (name.as_str(), *rule))
            .collect()
    } else {
        approving
    };
    let is_agreement = |rule: &source::Rule| {
        agreeing
            .iter()
            .any(|(_, agreed)| std::ptr::eq(*agreed, rule))
    };
    let agreed = |end: &str| {
        let mut at_once = agreeing.iter();
        if nothing_approves && !at_once.all(|(_, rule)| rule.go_to.value == end) {
            return None;
        }
        let leads = agreeing.iter().find(|(_, rule)| rule.go_to.value == end);
        leads.map(|(name, rule)| (*name, &rule.go_to))
    };
    let mut faults = Vec::new();
    for (name, action) in &step.actions {
        let refusing = action.value.rules.iter().filter(|rule| !is_agreement(rule));
        let ways: Vec<_> = refusing.filter(|rule| end(rule).value != "stay").collect();
        let nothing_else = ways.iter().all(|rule| agreed(&end(rule).value).is_some());
        for rule in ways {
            let end = end(rule);
            if let Some((agreement, agreed)) = agreed(&end.value)
                && (nothing_else || rule.then.is_some())
            {
                faults.push(Fault {
                    refusal: name,
                    end,
                    is_last: rule.then.is_some(),
                    agreement,
                    agreed,
                });
            }
        }
    }
    if nothing_approves && faults.is_empty() {
        faults.extend(all_alike(step));
    }
    faults
}

/// Returns whether agreement and refusal only meet where the customer is told which it was.
fn is_explained(file: &File<'_>, step: &Step, fault: &Fault<'_>) -> bool {
    let gives = |name: &str| {
        let action = step.actions.get(name).map(|action| &action.value);
        let effects = action.into_iter().flat_map(|action| {
            let rules = action.rules.iter().map(|rule| &rule.effects);
            rules.chain([&action.effects])
        });
        let fields = effects.flat_map(|effects| effects.gives.iter());
        fields.map(|field| field.value.as_str()).collect()
    };
    let agreed: BTreeSet<&str> = gives(fault.agreement);
    let refused: BTreeSet<&str> = gives(fault.refusal);
    let target = file.source.steps.get(&fault.end.value);
    let explains = target.is_some_and(|step| method::serves(&step.value, Phase::Explain));
    explains && !agreed.is_subset(&refused)
}

/// Returns the second of two or more actions that all end in one place.
fn all_alike(step: &Step) -> Option<Fault<'_>> {
    let leads = |action: &source::Action| {
        let mut ends = action.rules.iter().map(end);
        ends.any(|end| end.value != "stay")
    };
    let mut actions = step
        .actions
        .iter()
        .filter(|(_, action)| leads(&action.value));
    let (agreement, first) = actions.next()?;
    let agreed = first.value.rules.first().map(end)?;
    let (refusal, second) = actions.next()?;
    let refused = second.value.rules.first().map(end)?;
    let mut ends = step
        .actions
        .values()
        .flat_map(|action| action.value.rules.iter().map(end));
    ends.all(|end| end.value == agreed.value || end.value == "stay")
        .then_some(Fault {
            refusal,
            end: refused,
            is_last: false,
            agreement,
            agreed,
        })
}

/// Where a rule leads in the end.
fn end(rule: &source::Rule) -> &Sp<String> {
    rule.then.as_ref().unwrap_or(&rule.go_to)
}
