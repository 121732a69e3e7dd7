//! Which rules of an action were tried, and what each saw.
//!
//! Invariant: whether a rule fitted is read from the event of the action, never judged again.

use crate::case::event::{ActionTaken, Event, Held};
use crate::case::{Case, offer::Goal};
use crate::id::{ActionName, FieldName};
use crate::workflow::condition::Condition;
use crate::workflow::{Action, FieldIndex, Rule, Target, Workflow};

/// The rules of an action that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// The action.
    pub action: ActionName,
    /// Its rules, in order.
    pub rules: Vec<RuleSeen>,
}

/// A rule, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleSeen {
    /// Its number in the action, from 1.
    pub number: u32,
    /// What it asks, in words; none where it always fits.
    pub asks: Option<String>,
    /// The fields it looks at, with what it saw there.
    pub saw: Vec<(FieldName, String)>,
    /// What became of it.
    pub fit: Fit,
    /// Where it leads; the `then` where it is used up.
    pub leads_to: Goal,
    /// What people call that.
    pub title: String,
}

/// What became of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// It did not fit.
    DidNot,
    /// It was the first that fitted.
    Taken,
    /// It was the first that fitted, was used up, and led to its `then`.
    UsedUp,
    /// A rule before it fitted.
    NotTried,
}

impl Trace {
    /// Returns the rules of the last action among decided events.
    pub(super) fn of(workflow: &Workflow, before: &Case, events: &[Event]) -> Option<Self> {
        let taken = events.iter().rev().find_map(|event| {
            let Event::ActionTaken(taken) = event else {
                return None;
            };
            Some(taken)
        })?;
        let (action, _) = action_at(workflow, before, &taken.action)?;
        let saw = |field: FieldIndex| (field, shown(workflow, before, events, field));
        let rules = action.rules.iter().map(|rule| {
            let read = rule.when.as_ref().map(fields).unwrap_or_default();
            let saw = read.into_iter().map(saw);
            let fit = fit(rule, taken);
            let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
            let target = match then {
                Some(then) if fit == Fit::UsedUp => then,
                Some(_) | None => rule.go_to,
            };
            let (leads_to, title) = goal(workflow, target);
            RuleSeen {
                number: rule.number,
                asks: rule.when.as_ref().map(|when| when.describe(workflow)),
                saw: saw
                    .map(|(field, text)| (workflow.field_at(field).0.clone(), text))
                    .collect(),
                fit,
                leads_to,
                title,
            }
        });
        Some(Self {
            action: taken.action.clone(),
            rules: rules.collect(),
        })
    }

    /// Tells what became of each rule that was tried, a sentence each.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let tried = self.rules.iter().filter(|rule| rule.fit != Fit::NotTried);
        tried.map(|rule| self.sentence(rule)).collect()
    }

    /// Tells what became of a rule of it, a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self, rule: &RuleSeen) -> String {
        let action = &self.action;
        let of = match self.rules.as_slice() {
            [_] => format!("`{action}`"),
            [..] => format!("rule {} of `{action}`", rule.number),
        };
        let asks = match &rule.asks {
            Some(asks) => format!("asks whether {asks}; it saw {}", rule.seen()),
            None => "always fits".to_owned(),
        };
        let to = format!("`{}` ({})", rule.leads_to_name(), rule.title);
        match rule.fit {
            Fit::DidNot => format!("{of} {asks}, and did not fit"),
            Fit::Taken if self.rules.len() == 1 && rule.asks.is_none() => {
                format!("{of} has one way, to {to}")
            }
            Fit::Taken => format!("{of} {asks}, and was taken, to {to}"),
            Fit::UsedUp => format!("{of} was used up, and led to its `then`, {to}"),
            Fit::NotTried => format!("{of} was not tried, since a rule before it fitted"),
        }
    }
}

impl RuleSeen {
    /// Returns the name of where it leads.
    #[must_use]
    pub fn leads_to_name(&self) -> &str {
        match &self.leads_to {
            Goal::Stay => "stay",
            Goal::Step(step) => step.as_str(),
            Goal::Outcome(outcome) => outcome.as_str(),
        }
    }

    fn seen(&self) -> String {
        let seen = self.saw.iter();
        let seen: Vec<String> = seen
            .map(|(field, text)| format!("`{field}`: {text}"))
            .collect();
        seen.join(", ")
    }
}

/// Finds an action of the step a case is in, or one possible anywhere; says whether it is that.
pub(super) fn action_at<'w>(
    workflow: &'w Workflow,
    case: &Case,
    name: &ActionName,
) -> Option<(&'w Action, bool)> {
    let (_, step) = workflow.step(case.step()?.as_str())?;
    let own = step.actions.get(name).map(|action| (action, false));
    own.or_else(|| workflow.anywhere().get(name).map(|action| (action, true)))
}

/// Returns the fields that a condition looks at, each once.
pub(super) fn fields(condition: &Condition) -> Vec<FieldIndex> {
    let mut fields = Vec::new();
    gather(condition, &mut fields);
    fields
}

fn gather(condition: &Condition, fields: &mut Vec<FieldIndex>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                gather(part, fields);
            }
        }
        Condition::Not(part) => gather(part, fields),
        Condition::Field(field, _) => {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
    }
}

/// Returns where a target leads, and what people call it.
pub(super) fn goal(workflow: &Workflow, target: Target) -> (Goal, String) {
    match target {
        Target::Stay => (Goal::Stay, "stay here".to_owned()),
        Target::Step(step) => {
            let step = workflow.step_at(step);
            (Goal::Step(step.name.clone()), step.title.clone())
        }
        Target::Outcome(outcome) => {
            let outcome = workflow.outcome_at(outcome);
            (Goal::Outcome(outcome.name.clone()), outcome.title.clone())
        }
    }
}

fn fit(rule: &Rule, taken: &ActionTaken) -> Fit {
    match rule.number.cmp(&taken.rule) {
        std::cmp::Ordering::Less => Fit::DidNot,
        std::cmp::Ordering::Equal if taken.used_up => Fit::UsedUp,
        std::cmp::Ordering::Equal => Fit::Taken,
        std::cmp::Ordering::Greater => Fit::NotTried,
    }
}

/// Shows what a rule saw of a field: the answer that came with the action, or the one before.
fn shown(workflow: &Workflow, before: &Case, events: &[Event], field: FieldIndex) -> String {
    let name = workflow.field_at(field).0;
    // What comes after the action, such as fields asked anew, its rules did not see.
    let taken = |event: &&Event| !matches!(event, Event::ActionTaken(_));
    let mut held = before.answers().get(name).map(|answer| &answer.value);
    let mut computed = None;
    for event in events.iter().take_while(taken) {
        if let Event::AnswerRecorded(recorded) = event
            && recorded.field == *name
        {
            held = Some(&recorded.value);
        } else if let Event::ValueComputed(value) = event
            && value.field == *name
        {
            computed = Some(&value.value);
        } else if let Event::ValueEmptied(emptied) = event
            && emptied.field == *name
        {
            (held, computed) = (None, None);
        }
    }
    if let Some(value) = computed {
        return value.to_string();
    }
    match held {
        Some(Held::Open(value)) => value.to_string(),
        Some(Held::Sealed(_)) => "an answer that is sealed".to_owned(),
        None => "no answer".to_owned(),
    }
}
