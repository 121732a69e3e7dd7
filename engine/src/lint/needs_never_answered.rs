//! Finds steps in which a case is held because what leads on needs answers nobody can give there.

use super::held::{self, Held, TRIES_MAX};
use super::reasoning::{begin, tests};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::compile::filled::Fields;
use crate::workflow::condition::Condition;
use crate::workflow::logic::Shown;
use crate::workflow::source::{self, Sp};
use crate::workflow::{Action, FieldIndex, Step, StepIndex, Target};

pub(super) struct NeedsNeverAnswered;

impl Rule for NeedsNeverAnswered {
    fn code(&self) -> Code {
        Code::H210
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        // Needs that can never hold, or whose fields are asked nowhere, are told by themselves.
        if found
            .iter()
            .any(|finding| matches!(finding.code, Code::H106 | Code::H311))
        {
            return;
        }
        let mut tries = TRIES_MAX;
        for (name, at) in &file.source.steps {
            let Some((index, step)) = file.compiled.step(name) else {
                continue;
            };
            if let Some((held, condition)) = all_refused(file, index, step, at, &mut tries) {
                found.push(self.step(file, at, name, &held, &condition));
                continue;
            }
            for (name, action) in &step.actions {
                let declared = at.value.actions.get(name.as_str());
                if let Some(declared) = declared {
                    self.outcomes(file, (index, action, declared), &mut tries, found);
                }
            }
        }
        self.anywhere(file, found);
    }
}

/// Returns how a case comes to a step in which every action that leads on is refused.
fn all_refused(
    file: &File<'_>,
    index: StepIndex,
    step: &Step,
    at: &Sp<source::Step>,
    tries: &mut u32,
) -> Option<(Held, Condition)> {
    let condition = when_held(file, index, step, at, &|_| false)?;
    Some((held::walk(file, &[index], &condition, tries)?, condition))
}

/// Returns when a step lets nobody on. `None` where it has no action that leads on, or time leads
/// on by itself.
pub(super) fn when_held(
    file: &File<'_>,
    index: StepIndex,
    step: &Step,
    at: &Sp<source::Step>,
    is_used_up: &impl Fn(&crate::workflow::Rule) -> bool,
) -> Option<Condition> {
    let of_tasks = at.value.tasks.values().map(|task| &task.value.due);
    let mut dues = of_tasks.chain([&at.value.due]).flatten();
    let leads =
        |due: &source::Due| due.then.is_some() || due.late.iter().any(|late| late.go_to.is_some());
    if dues.any(leads) {
        return None;
    }
    let open = held::asked(file, index);
    let leading = step
        .actions
        .values()
        .filter(|action| held::leads_on(action));
    let all: Vec<Condition> = leading
        .map(|action| held::refused(file, step, action, open.clone(), is_used_up))
        .collect();
    (!all.is_empty()).then_some(Condition::All(all))
}

impl NeedsNeverAnswered {
    fn step(
        &self,
        file: &File<'_>,
        at: &Sp<source::Step>,
        name: &str,
        held: &Held,
        condition: &Condition,
    ) -> Finding {
        let with = held.example.describe(file.compiled);
        let answers = held.example.0.iter();
        let empty: Fields = answers
            .filter(|answer| answer.shown == Shown::Empty)
            .map(|answer| answer.field)
            .collect();
        let mend = if empty.is_empty() {
            format!("add an action that can be taken with {with}, or ask again in this step")
        } else {
            let fields = in_words(file, empty);
            format!("name {fields} in `needs` of the step, or add an action that needs none of it")
        };
        let message = format!("a case can come to the step `{name}` and never get on");
        let finding = Finding::error(self.code(), at.span, message)
            .at(format!("held here with {with}: {}", held.walk))
            .why("every action needs what is not so then, and nobody is asked for it here")
            .mend(mend);
        label(file, finding, at, condition)
    }

    /// Looks at rules that lead to an outcome which needs what may be empty then.
    fn outcomes(
        &self,
        file: &File<'_>,
        (index, action, declared): (StepIndex, &Action, &Sp<source::Action>),
        tries: &mut u32,
        found: &mut Vec<Finding>,
    ) {
        let mut open = held::asked(file, index);
        open.extend(held::named(&action.needs));
        for (rule, written) in action.rules.iter().zip(&declared.value.rules) {
            let Target::Outcome(outcome) = rule.go_to else {
                continue;
            };
            let empty = held::is_empty_for(file, outcome, &open);
            let condition = Condition::All(vec![held::chosen(action, rule), empty.clone()]);
            let Some(held) = held::walk(file, &[index], &condition, tries) else {
                continue;
            };
            let fields = in_words(file, of(&empty));
            let title = &file.compiled.outcome_at(outcome).title;
            let message = format!(
                "“{title}” needs {fields}, which may be empty when `{}` is taken",
                action.name
            );
            let finding = Finding::warning(self.code(), written.go_to.span, message)
                .at(format!("refused on this way: {}", held.walk))
                .why("nobody is asked for it here, so that this way cannot be taken")
                .mend(format!("name {fields} in `needs` of `{}`", action.name));
            found.push(finding);
        }
    }

    /// Looks at actions of `anywhere` that lead to an outcome which needs what no step asks.
    fn anywhere(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let steps = (0..).map(StepIndex).zip(file.compiled.steps());
        let asked = steps.flat_map(|(index, step)| {
            let actions = step.actions.values().flat_map(|action| &action.needs);
            held::asked(file, index)
                .into_iter()
                .chain(held::named(actions))
        });
        let mut open: Fields = asked.collect();
        for action in file.compiled.anywhere().values() {
            let is_exit = |rule: &crate::workflow::Rule| matches!(rule.go_to, Target::Outcome(_));
            if !action.rules.iter().all(is_exit) {
                open.extend(held::named(&action.needs));
            }
        }
        for (name, declared) in &file.source.anywhere {
            let Some(action) = file.compiled.anywhere().get(name.as_str()) else {
                continue;
            };
            let mut open = open.clone();
            open.extend(held::named(&action.needs));
            for (rule, written) in action.rules.iter().zip(&declared.value.rules) {
                let Target::Outcome(outcome) = rule.go_to else {
                    continue;
                };
                let empty = held::is_empty_for(file, outcome, &open);
                if tests(&empty).is_empty() {
                    continue;
                }
                let fields = in_words(file, of(&empty));
                let title = &file.compiled.outcome_at(outcome).title;
                let message = format!("`{name}` is always refused: “{title}” needs {fields}");
                let finding = Finding::warning(self.code(), written.go_to.span, message)
                    .at("no step asks for it, and neither does this action")
                    .why("a person could choose this and would never get there")
                    .mend(format!("name {fields} in `needs` of `{name}`"));
                found.push(finding);
            }
        }
    }
}

/// Returns the fields that a condition looks at.
fn of(condition: &Condition) -> Fields {
    let tests = tests(condition).into_iter();
    tests.map(|(field, _)| field).collect()
}

/// Returns the names of fields in words.
fn in_words(file: &File<'_>, fields: Fields) -> String {
    let names = fields
        .into_iter()
        .map(|field| file.compiled.field_at(field).0);
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Shows where what is needed is written.
fn label(
    file: &File<'_>,
    mut finding: Finding,
    at: &Sp<source::Step>,
    condition: &Condition,
) -> Finding {
    let fields = of(condition);
    let of_actions = at.value.actions.values();
    let targets = of_actions
        .clone()
        .flat_map(|action| action.value.rules.iter().map(|rule| &rule.go_to.value));
    let outcomes = targets.filter_map(|name| file.source.outcomes.get(name));
    let needs = at.value.needs.iter();
    let needs = needs.chain(of_actions.flat_map(|action| &action.value.needs));
    let needs = needs.chain(outcomes.flat_map(|outcome| &outcome.value.needs));
    let mut spans: Vec<Span> = needs
        .filter_map(|need| {
            let span = match need {
                source::Need::Field(field) => Some(field.span),
                source::Need::Condition(condition) => begin(condition),
            }?;
            let is_it = |field: &FieldIndex| {
                let name = file.compiled.field_at(*field).0.as_str();
                match need {
                    source::Need::Field(field) => field.value == name,
                    source::Need::Condition(condition) => {
                        let condition = file.facts.condition(condition);
                        tests(&condition).iter().any(|(other, _)| other == field)
                    }
                }
            };
            fields.iter().any(is_it).then_some(span)
        })
        .collect();
    spans.sort_unstable();
    spans.dedup();
    for span in spans {
        finding = finding.label(span, "needed here");
    }
    finding
}
