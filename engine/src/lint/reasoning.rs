//! What the rules about conditions ask: the conditions of an action or table as questions to
//! [`logic`](crate::workflow::logic), and what is certainly filled where they are judged.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Span;
use crate::value::Value;
use crate::workflow::compile::filled::{Fields, with};
use crate::workflow::compile::{Known, condition};
use crate::workflow::condition::{Condition, Test};
use crate::workflow::logic::{Claim, Example, Given, Space, Tangled};
use crate::workflow::source::{self, Action, Need, Row, Sp, Step};
use crate::workflow::{FieldIndex, StepIndex, Workflow};

/// An action and where it is offered.
#[derive(Clone, Copy)]
pub(super) struct Act<'a> {
    /// Its step; none: anywhere.
    pub(super) step: Option<(StepIndex, &'a Sp<Step>)>,
    pub(super) name: &'a str,
    pub(super) action: &'a Sp<Action>,
}

/// What the rules about conditions know of a file.
pub(super) struct Facts<'a> {
    pub(super) known: Known<'a>,
    source: &'a source::Workflow,
    compiled: &'a Workflow,
    /// The values that tables give.
    only: BTreeMap<FieldIndex, Vec<Value>>,
    /// Computed fields; where a table reads what another gives, that one stands before it.
    computed: Vec<Computed>,
}

/// A field that takes its value from a table.
struct Computed {
    field: FieldIndex,
    /// The fields that the table reads, and whether it asks if they are empty.
    reads: BTreeMap<FieldIndex, bool>,
    /// It has a row for everything, once all of these are filled.
    is_whole: bool,
}

/// The conditions of an action or table.
pub(super) struct Choice {
    pub(super) space: Space,
    needs: usize,
    rules: usize,
}

impl<'a> Facts<'a> {
    pub(super) fn of(source: &'a source::Workflow, compiled: &'a Workflow) -> Self {
        let mut facts = Self {
            known: Known::of(source),
            source,
            compiled,
            only: BTreeMap::new(),
            computed: Vec::new(),
        };
        let mut computed = Vec::new();
        for (name, field) in &source.fields {
            let table = field.value.from_table.as_ref();
            let rows = table.and_then(|table| source.tables.get(&table.value));
            let (Some(index), Some(rows)) = (facts.known.field(name), rows) else {
                continue;
            };
            let mut values: Vec<Value> = Vec::new();
            let given = rows.value.iter();
            for value in given.filter_map(|row| field.value.value(&row.is.value).ok()) {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            facts.only.insert(index, values);
            computed.push((index, rows.value.as_slice()));
        }
        // Only now are the values of all tables known.
        let computed = computed.into_iter();
        let computed = computed.map(|(field, rows)| facts.computed(field, rows));
        facts.computed = inputs_first(computed.collect());
        facts
    }

    fn computed(&self, field: FieldIndex, rows: &[Row]) -> Computed {
        let mut reads: BTreeMap<FieldIndex, bool> = BTreeMap::new();
        for when in rows.iter().filter_map(|row| row.when.as_ref()) {
            for (read, test) in tests(&self.condition(when)) {
                *reads.entry(read).or_default() |= matches!(test, Test::Empty | Test::Filled);
            }
        }
        let choice = self.table(rows, reads.keys().copied().collect());
        Computed {
            field,
            reads,
            is_whole: choice.is_ok_and(|choice| choice.left_over() == Ok(None)),
        }
    }

    /// Returns every action with its step.
    pub(super) fn acts(&self) -> Vec<Act<'a>> {
        let mut acts = Vec::new();
        for (name, step) in &self.source.steps {
            let Some(index) = self.known.step(name) else {
                continue;
            };
            let of_step = step.value.actions.iter().map(|(name, action)| Act {
                step: Some((index, step)),
                name,
                action,
            });
            acts.extend(of_step);
        }
        acts.extend(self.source.anywhere.iter().map(|(name, action)| Act {
            step: None,
            name,
            action,
        }));
        acts
    }

    pub(super) fn condition(&self, source: &source::Condition) -> Condition {
        condition::condition(&self.known, source)
    }

    /// Returns the fields that are certainly filled when a step is entered.
    pub(super) fn filled_entering(&self, step: StepIndex) -> Fields {
        let filled = self.compiled.step_at(step).filled.iter().copied();
        self.with_computed(filled.collect())
    }

    /// Returns the fields that are certainly filled when the rules of an action are tried.
    pub(super) fn filled_at(&self, act: Act<'_>) -> Fields {
        let own = condition::needs(&self.known, &act.action.value.needs);
        self.with_computed(with(self.filled_before(act), &own))
    }

    /// Returns the fields that are certainly filled before an action's own needs are asked.
    pub(super) fn filled_before(&self, act: Act<'_>) -> Fields {
        let before = match act.step {
            Some((index, step)) => {
                let compiled = self.compiled.step_at(index);
                let filled: Fields = compiled.filled.iter().copied().collect();
                let filled = with(filled, &compiled.needs);
                // An action that may stay does not wait for the tasks.
                let is_waiting = act.action.value.rules.iter().all(|rule| {
                    let mut targets = std::iter::once(&rule.go_to).chain(&rule.then);
                    targets.all(|target| target.value != "stay")
                });
                let tasks = compiled.tasks.values().filter(|_| is_waiting);
                debug_assert_eq!(compiled.tasks.len(), step.value.tasks.len());
                with(filled, tasks.flat_map(|task| &task.needs))
            }
            None => self.filled_anywhere(act.name),
        };
        self.with_computed(before)
    }

    fn filled_anywhere(&self, name: &str) -> Fields {
        let offered = self.offered(name).into_iter();
        let filled = offered.map(|index| {
            let filled = &self.compiled.step_at(index).filled;
            filled.iter().copied().collect::<Fields>()
        });
        filled
            .reduce(|one, other| one.intersection(&other).copied().collect())
            .unwrap_or_default()
    }

    /// Returns the steps in which an action of `anywhere` is offered.
    pub(super) fn offered(&self, name: &str) -> Vec<StepIndex> {
        let Some(action) = self.compiled.anywhere().get(name) else {
            return Vec::new();
        };
        let all = self
            .source
            .steps
            .keys()
            .filter_map(|name| self.known.step(name));
        all.filter(|index| !action.not_in.contains(index)).collect()
    }

    /// Adds the computed fields whose tables read only what is filled and have a row for all of it.
    fn with_computed(&self, mut filled: Fields) -> Fields {
        for computed in self.computed.iter().filter(|computed| computed.is_whole) {
            if computed.reads.keys().all(|read| filled.contains(read)) {
                filled.insert(computed.field);
            }
        }
        filled
    }

    /// Returns the fields whose being empty would make a field that is read misleading: itself,
    /// or what its table reads without asking whether it is empty.
    pub(super) fn behind(&self, field: FieldIndex) -> BTreeSet<FieldIndex> {
        let mut behind = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut waiting = vec![field];
        while let Some(field) = waiting.pop() {
            if !seen.insert(field) {
                continue;
            }
            let mut computed = self.computed.iter();
            match computed.find(|computed| computed.field == field) {
                None => drop(behind.insert(field)),
                Some(computed) => {
                    let unasked = computed.reads.iter().filter(|(_, is_asked)| !**is_asked);
                    waiting.extend(unasked.map(|(read, _)| *read));
                }
            }
        }
        behind
    }

    /// Asks about an action: its step's needs, its own, those of `more`, and its rules.
    pub(super) fn choice(&self, act: Act<'_>, more: &[Need]) -> Result<Choice, Tangled> {
        let of_step = act.step.map_or(&[][..], |(_, step)| &step.value.needs);
        let lists = [of_step, &act.action.value.needs, more];
        let mut filled = self.filled_at(act);
        filled = with(filled, &condition::needs(&self.known, more));
        let rules = act.action.value.rules.iter().map(|rule| rule.when.as_ref());
        let rules: Vec<Condition> = rules.map(|when| self.when(when)).collect();
        self.ask(&lists, rules, filled)
    }

    /// Asks about a table.
    pub(super) fn table(&self, rows: &[Row], filled: Fields) -> Result<Choice, Tangled> {
        let rules = rows
            .iter()
            .map(|row| self.when(row.when.as_ref()))
            .collect();
        self.ask(&[], rules, filled)
    }

    /// Asks about needs alone.
    pub(super) fn needs(&self, lists: &[&[Need]], filled: Fields) -> Result<Choice, Tangled> {
        self.ask(lists, Vec::new(), filled)
    }

    /// Asks about needs and rules; of needs that are fields it is known that they are filled.
    pub(super) fn ask(
        &self,
        lists: &[&[Need]],
        rules: Vec<Condition>,
        mut filled: Fields,
    ) -> Result<Choice, Tangled> {
        let mut conditions = Vec::new();
        for need in lists.iter().copied().flatten() {
            match need {
                Need::Field(field) => filled.extend(self.known.field(&field.value)),
                Need::Condition(condition) => conditions.push(self.condition(condition)),
            }
        }
        let (needs, count) = (conditions.len(), rules.len());
        conditions.extend(rules);
        let all: Vec<&Condition> = conditions.iter().collect();
        let read = all.iter().flat_map(|condition| tests(condition));
        let only = read.filter_map(|(field, _)| Some((field, self.only.get(&field)?.clone())));
        let given = Given {
            workflow: self.compiled,
            filled,
            only: only.collect(),
        };
        Ok(Choice {
            space: Space::over(&given, &all)?,
            needs,
            rules: count,
        })
    }

    /// Returns whether a condition can hold, whatever else is known.
    pub(super) fn can_hold(&self, when: &source::Condition) -> bool {
        let choice = self.ask(&[], vec![self.condition(when)], Fields::new());
        choice.is_ok_and(|choice| choice.fits(0) != Ok(None))
    }

    fn when(&self, when: Option<&source::Condition>) -> Condition {
        when.map_or_else(|| Condition::All(Vec::new()), |when| self.condition(when))
    }
}

impl Choice {
    /// Claims that all needs hold.
    pub(super) fn needed(&self) -> Vec<Claim> {
        (0..self.needs).map(Claim::Holds).collect()
    }

    /// Returns the place of a rule among the conditions of the space.
    pub(super) const fn rule(&self, number: usize) -> usize {
        self.needs + number
    }

    /// Claims that all needs hold and none of some rules fits.
    pub(super) fn passing(&self, rules: impl IntoIterator<Item = usize>) -> Vec<Claim> {
        let mut claims = self.needed();
        claims.extend(rules.into_iter().map(|rule| Claim::Fails(self.rule(rule))));
        claims
    }

    /// Finds answers for which a rule is the first that fits.
    pub(super) fn fits(&self, number: usize) -> Result<Option<Example>, Tangled> {
        let mut claims = self.passing(0..number);
        claims.push(Claim::Holds(self.rule(number)));
        self.space.example(&claims)
    }

    /// Finds answers for which no rule fits.
    pub(super) fn left_over(&self) -> Result<Option<Example>, Tangled> {
        self.space.example(&self.passing(0..self.rules))
    }
}

/// Puts each computed field behind those that its table reads; those in a circle come last.
fn inputs_first(mut waiting: Vec<Computed>) -> Vec<Computed> {
    let mut ordered = Vec::with_capacity(waiting.len());
    loop {
        let open: BTreeSet<FieldIndex> = waiting.iter().map(|computed| computed.field).collect();
        let is_ready = |computed: &Computed| computed.reads.keys().all(|read| !open.contains(read));
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        if ready.is_empty() {
            ordered.extend(rest);
            return ordered;
        }
        ordered.extend(ready);
        waiting = rest;
    }
}

/// Returns every test of a condition with its field.
pub(super) fn tests(condition: &Condition) -> Vec<(FieldIndex, &Test)> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(tests).collect(),
        Condition::Not(part) => tests(part),
        Condition::Field(field, test) => vec![(*field, test)],
    }
}

/// Returns where a condition begins: at the first field that it names.
pub(super) fn begin(condition: &source::Condition) -> Option<Span> {
    match condition {
        source::Condition::All(parts) | source::Condition::Any(parts) => {
            parts.iter().find_map(begin)
        }
        source::Condition::Not(part) => begin(part),
        source::Condition::Test { field, .. } => Some(field.span),
    }
}

/// Returns the tests of a condition that compare, with their fields: those that an empty field
/// silently fails.
pub(super) fn comparisons(condition: &source::Condition) -> Vec<&Sp<String>> {
    match condition {
        source::Condition::All(parts) | source::Condition::Any(parts) => {
            parts.iter().flat_map(comparisons).collect()
        }
        source::Condition::Not(part) => comparisons(part),
        source::Condition::Test { field, test } => match &test.value {
            source::Test::OneOf(_) | source::Test::Within(_) | source::Test::OverLimit => {
                vec![field]
            }
            source::Test::Empty | source::Test::Filled => Vec::new(),
        },
    }
}
