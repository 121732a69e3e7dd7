//! Turns the typed source of a workflow into the tables that `decide` walks.
//!
//! Invariant: compiling is total and pure; what the source names and does not declare is left out.

mod calendars;
mod causes;
pub(crate) mod condition;
pub(crate) mod filled;
mod known;
mod money;
mod people;
mod time;

use indexmap::IndexMap;
use sha2::Digest as _;
use std::sync::Arc;

pub(crate) use self::known::Known;
use super::{
    Action, AtMost, DONE, Field, FieldKind, Max, Outcome, Pattern, Reopen, Role, Rule, Step,
    StepIndex, Target, Task, Workflow, WorkflowRef, source,
};
use crate::calendar::Calendar;
use crate::id::{ActionName, Digest, StepName, TaskName, Version, WorkflowId};
use crate::money::Currency;
use source::{Kind, Sp};

/// Compiles the source of a workflow. `bytes` are those of its file, for its digest.
///
/// The result is good for running cases only if reading the source found no error: the start of a
/// file without steps, for one, is not a step.
#[must_use]
pub fn compile(source: &source::Workflow, bytes: &[u8]) -> Workflow {
    let known = Known::of(source);
    let id = WorkflowId::new(&source.id.value).or_else(|_| WorkflowId::new("unnamed"));
    let mut steps: IndexMap<StepName, Step> = known
        .steps
        .iter()
        .filter_map(|name| {
            let step = source.steps.get(name.as_str())?;
            Some((name.clone(), self::step(&known, name, &step.value)))
        })
        .collect();
    let outcomes = outcomes(&known);
    let anywhere = anywhere(&known);
    let start = known.step(&source.start.value).unwrap_or(StepIndex(0));
    let filled = filled::filled(&known, start, &steps, &outcomes, &anywhere);
    for (step, filled) in steps.values_mut().zip(filled) {
        step.filled = filled;
    }
    let workflow = Workflow {
        reference: WorkflowRef {
            // The stand-in is an id, so this arm is never taken.
            id: id.unwrap_or_else(|_| unreachable!("`unnamed` is a workflow id")),
            sha256: Digest(sha2::Sha256::digest(bytes).into()),
            version: Version(source.version.value),
        },
        title: source.title.value.clone(),
        calendars: calendars::calendars(source),
        always_open: Calendar::always_open(),
        start,
        roles: roles(&known),
        fields: fields(&known),
        computed: money::computed(&known),
        limits: money::limits(&known),
        promises: time::promises(&known),
        clocks: time::clocks(&known),
        surveys: time::surveys(&known),
        follow_ups: time::follow_ups(&known),
        standards: time::standards(&known),
        steps,
        outcomes,
        anywhere,
        causes: causes::causes(&known),
        has_consequences: false,
    };
    Workflow {
        has_consequences: has_consequences(&workflow),
        ..workflow
    }
}

/// Returns whether anything may follow from what happens to a case.
fn has_consequences(workflow: &Workflow) -> bool {
    let is_due = |step: &Step| step.due.is_some() || step.tasks.values().any(|t| t.due.is_some());
    !workflow.computed.is_empty()
        || !workflow.clocks.is_empty()
        || !workflow.promises.is_empty()
        || !workflow.surveys.is_empty()
        || !workflow.follow_ups.is_empty()
        || workflow.causes.is_some()
        || workflow.steps.values().any(is_due)
}

/// What people call something: its title, or its name as words.
fn title(title: Option<&Sp<String>>, name: &str) -> String {
    title.map_or_else(|| name.replace('_', " "), |title| title.value.clone())
}

fn text(text: Option<&Sp<String>>) -> String {
    text.map(|text| text.value.clone()).unwrap_or_default()
}

fn is_yes(flag: Option<&Sp<bool>>) -> bool {
    flag.is_some_and(|flag| flag.value)
}

fn roles(known: &Known<'_>) -> IndexMap<crate::id::RoleName, Role> {
    let role = |name: &crate::id::RoleName| {
        let declared = known
            .source
            .roles
            .get(name.as_str())
            .map(|role| &role.value);
        Role {
            title: title(declared.and_then(|role| role.title.as_ref()), name.as_str()),
            reads_only: declared.is_some_and(|role| role.reads_only),
            system: declared.is_some_and(|role| role.system),
        }
    };
    known
        .roles
        .iter()
        .map(|name| (name.clone(), role(name)))
        .collect()
}

fn fields(known: &Known<'_>) -> IndexMap<crate::id::FieldName, Field> {
    let declared = known.fields.iter().filter_map(|name| {
        let field = &known.source.fields.get(name.as_str())?.value;
        Some((name.clone(), self::field(known, name.as_str(), field)))
    });
    declared.collect()
}

fn field(known: &Known<'_>, name: &str, field: &source::Field) -> Field {
    Field {
        ask: title(field.ask.as_ref(), name),
        kind: field_kind(known, field),
        sealed: field.is_sealed(),
        personal: is_yes(field.personal.as_ref()),
        default: field
            .default
            .as_ref()
            .and_then(|text| field.value(&text.value).ok()),
        each_time: known::is_each_time(field),
        computed: field.from_table.is_some(),
        limit: money::limit_of(known, field),
    }
}

fn field_kind(known: &Known<'_>, field: &source::Field) -> FieldKind {
    match field.kind.as_ref().map_or(Kind::Text, |kind| kind.value) {
        Kind::Text => FieldKind::Text {
            pattern: field
                .pattern
                .as_ref()
                .and_then(|pattern| pattern_of(&pattern.value)),
        },
        Kind::LongText => FieldKind::LongText,
        Kind::YesNo => FieldKind::YesNo,
        Kind::Choice => FieldKind::Choice {
            of: field.of.iter().map(|option| option.value.clone()).collect(),
        },
        Kind::Number => FieldKind::Number {
            min: field
                .min
                .as_ref()
                .and_then(|min| source::values::number(&min.value).ok()),
            max: max(known, field),
        },
        Kind::Money => {
            let code = field
                .currency
                .as_ref()
                .map_or("XXX", |currency| currency.value.as_str());
            match Currency::parse(code) {
                Ok(currency) => FieldKind::Money {
                    currency,
                    max: max(known, field),
                },
                // A currency that cannot be read is an error of reading.
                Err(_) => FieldKind::Text { pattern: None },
            }
        }
        Kind::Date => FieldKind::Date,
        Kind::Document => FieldKind::Document,
        Kind::List => FieldKind::List,
    }
}

fn pattern_of(source: &str) -> Option<Arc<Pattern>> {
    let regex = source::fields::regex(source).ok()?;
    Some(Arc::new(Pattern {
        source: source.to_owned(),
        regex,
    }))
}

fn max(known: &Known<'_>, field: &source::Field) -> Option<Max> {
    use super::condition::Ordered;
    let max = &field.max.as_ref()?.value;
    match field.ordered(max) {
        Ok(Ordered::Number(number)) => Some(Max::Fixed(number)),
        Ok(Ordered::Money(money)) => Some(Max::Fixed(money.minor)),
        Ok(Ordered::Date(_)) => None,
        Err(_) => known.field(max).map(Max::Field),
    }
}

fn step(known: &Known<'_>, name: &StepName, step: &source::Step) -> Step {
    let who = people::of_step(known, step);
    let empties = known.empties(step);
    let task = |(name, task): (&String, &Sp<source::Task>)| {
        Some((
            TaskName::new(name).ok()?,
            self::task(known, name, step, &task.value),
        ))
    };
    let action = |(action_name, action): (&String, &Sp<source::Action>)| {
        let who = people::of_action(known, step, &action.value);
        let prefix = name.as_str();
        let action_name = ActionName::new(action_name).ok()?;
        let compiled = self::action(known, prefix, &action_name, who, &action.value);
        Some((action_name, compiled))
    };
    Step {
        name: name.clone(),
        title: title(step.title.as_ref(), name.as_str()),
        say: text(step.say.as_ref()),
        phases: step.phases.iter().map(|phase| phase.value).collect(),
        who,
        needs: condition::needs(known, &step.needs),
        asks: known.fields_of(&step.asks),
        not_by: known.steps_of(&step.not_by),
        tasks: step.tasks.iter().filter_map(task).collect(),
        actions: step.actions.iter().filter_map(action).collect(),
        has_next: step.has_next && step.actions.contains_key(DONE),
        empties,
        filled: Vec::new(),
        due: step.due.as_ref().and_then(|due| time::due(known, due)),
        pauses: is_yes(step.pauses.as_ref()),
        skills: step
            .skills
            .iter()
            .map(|skill| skill.value.clone())
            .collect(),
    }
}

fn task(known: &Known<'_>, name: &str, step: &source::Step, task: &source::Task) -> Task {
    Task {
        title: title(task.title.as_ref(), name),
        say: text(task.say.as_ref()),
        who: people::of_task(known, step, task),
        not_by: known.steps_of(&task.not_by),
        needs: condition::needs(known, &task.needs),
        asks: known.fields_of(&task.asks),
        due: task.due.as_ref().and_then(|due| time::due(known, due)),
    }
}

fn action(
    known: &Known<'_>,
    prefix: &str,
    name: &ActionName,
    who: super::RoleSet,
    action: &source::Action,
) -> Action {
    let rule = |(number, rule): (u32, &source::Rule)| {
        let at_most = rule.at_most.as_ref().map(|times| AtMost {
            counter: Arc::from(format!("{prefix}/{name}/{number}")),
            times: times.value,
            then: rule
                .then
                .as_ref()
                .and_then(|then| known.target(&then.value)),
        });
        Some(Rule {
            number,
            when: rule
                .when
                .as_ref()
                .map(|when| condition::condition(known, when)),
            go_to: known.target(&rule.go_to.value)?,
            at_most,
            effects: money::effects(known, &action.effects, &rule.effects),
            keeps: time::promised(known, &action.effects.keeps, &rule.effects.keeps),
            makes: time::promised(known, &action.effects.makes, &rule.effects.makes),
        })
    };
    let rules: Vec<Rule> = (1..).zip(&action.rules).filter_map(rule).collect();
    Action {
        name: name.clone(),
        who,
        needs: condition::needs(known, &action.needs),
        limited: money::limited(&rules),
        rules,
        tell: time::told(known, &action.tell),
        not_in: Vec::new(),
    }
}

fn anywhere(known: &Known<'_>) -> IndexMap<ActionName, Action> {
    let compiled = known.source.anywhere.iter().filter_map(|(name, source)| {
        let name = ActionName::new(name).ok()?;
        let who = people::written(known, source.value.who.as_ref()).unwrap_or_default();
        let mut action = action(known, "anywhere", &name, who, &source.value);
        let named = source
            .value
            .not_in
            .iter()
            .filter_map(|step| known.step(&step.value));
        let mut not_in: Vec<StepIndex> = named.collect();
        for rule in &action.rules {
            let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
            for target in [Some(rule.go_to), then].into_iter().flatten() {
                match target {
                    Target::Step(step) => not_in.push(step),
                    Target::Stay | Target::Outcome(_) => {}
                }
            }
        }
        not_in.sort_unstable();
        not_in.dedup();
        action.not_in = not_in;
        Some((name, action))
    });
    compiled.collect()
}

fn outcomes(known: &Known<'_>) -> IndexMap<crate::id::OutcomeName, Outcome> {
    let compiled = known.outcomes.iter().filter_map(|name| {
        let outcome = &known.source.outcomes.get(name.as_str())?.value;
        let reopen = outcome.reopen.as_ref().and_then(|reopen| {
            let within = reopen.within.as_ref()?.value;
            let to = known.step(&reopen.to.value)?;
            Some(Reopen { to, within })
        });
        let counts_as = outcome.counts_as.as_ref();
        let outcome = Outcome {
            name: name.clone(),
            title: title(outcome.title.as_ref(), name.as_str()),
            counts_as: counts_as.map_or(super::CountsAs::NotResolved, |counts| counts.value),
            who: people::written(known, outcome.who.as_ref()),
            needs: condition::needs(known, &outcome.needs),
            tell: time::told(known, &outcome.tell),
            reopen,
        };
        Some((name.clone(), outcome))
    });
    compiled.collect()
}

#[cfg(test)]
mod tests;
