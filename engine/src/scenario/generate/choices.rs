//! Which values are tried for a field: those around what conditions compare it with.
//!
//! Invariant: every value suits its field by itself.

use std::collections::BTreeMap;

use crate::case::seal::check_value;
use crate::id::FieldName;
use crate::money::Money;
use crate::scenario::stand_in::stand_in;
use crate::time::Date;
use crate::value::Value;
use crate::workflow::condition::{Condition, Ordered, Test};
use crate::workflow::{Action, Field, FieldIndex, FieldKind, Max, Need, Workflow};

/// The most values tried for one field.
const VALUES_MAX: usize = 12;
/// The most sets of answers tried with one act.
const SETS_MAX: usize = 64;

/// The values to be tried for each field that some condition looks at.
pub(super) struct Choices {
    read: BTreeMap<FieldIndex, Vec<Value>>,
    /// Fields that something needs: an optional one among them is answered all the same.
    needed: Vec<FieldIndex>,
}

impl Choices {
    pub(super) fn of(workflow: &Workflow) -> Self {
        let mut choices = Self {
            read: BTreeMap::new(),
            needed: Vec::new(),
        };
        for step in workflow.steps() {
            choices.needs(workflow, &step.needs);
            for task in step.tasks.values() {
                choices.needs(workflow, &task.needs);
            }
            for action in step.actions.values() {
                choices.action(workflow, action);
            }
        }
        for action in workflow.anywhere().values() {
            choices.action(workflow, action);
        }
        for outcome in workflow.outcomes() {
            choices.needs(workflow, &outcome.needs);
        }
        for computed in workflow.computed() {
            for when in computed.rows.iter().filter_map(|row| row.when.as_ref()) {
                choices.condition(workflow, when);
            }
        }
        for (index, values) in &mut choices.read {
            let (_, field) = workflow.field_at(*index);
            values.extend(stand_in(field));
            values.retain(|value| check_value(field, value).is_ok());
            let mut known: Vec<Value> = Vec::new();
            values.retain(|value| {
                let is_new = !known.contains(value);
                known.push(value.clone());
                is_new
            });
            values.truncate(VALUES_MAX);
        }
        choices
    }

    /// Returns whether some condition looks at the field.
    pub(super) fn is_read(&self, field: FieldIndex) -> bool {
        self.read.contains_key(&field)
    }

    /// Returns the sets of answers to try for these fields. `is_open` says of a field that it has
    /// no answer yet and must get one: then it is never left out.
    pub(super) fn combine(
        &self,
        workflow: &Workflow,
        fields: &[FieldIndex],
        is_open: impl Fn(FieldIndex) -> bool,
    ) -> Vec<Vec<(FieldName, Value)>> {
        let mut sets: Vec<Vec<(FieldName, Value)>> = vec![Vec::new()];
        for index in fields {
            let (name, field) = workflow.field_at(*index);
            if field.computed {
                continue;
            }
            let must = is_open(*index);
            let values = match self.read.get(index) {
                Some(values) => values.clone(),
                None if must || self.needed.contains(index) => {
                    stand_in(field).into_iter().collect()
                }
                None => Vec::new(),
            };
            let leave_out = (!must || values.is_empty()).then_some(None);
            let tried: Vec<Option<Value>> = values.into_iter().map(Some).chain(leave_out).collect();
            sets = tried
                .iter()
                .flat_map(|value| {
                    sets.iter().map(move |set| {
                        let mut set = set.clone();
                        set.extend(value.clone().map(|value| (name.clone(), value)));
                        set
                    })
                })
                .take(SETS_MAX)
                .collect();
        }
        sets
    }

    fn action(&mut self, workflow: &Workflow, action: &Action) {
        self.needs(workflow, &action.needs);
        for when in action.rules.iter().filter_map(|rule| rule.when.as_ref()) {
            self.condition(workflow, when);
        }
    }

    fn needs(&mut self, workflow: &Workflow, needs: &[Need]) {
        for need in needs {
            match need {
                Need::Field(field) => self.needed.push(*field),
                Need::Condition(condition) => self.condition(workflow, condition),
            }
        }
    }

    fn condition(&mut self, workflow: &Workflow, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(workflow, part);
                }
            }
            Condition::Not(part) => self.condition(workflow, part),
            Condition::Field(index, test) => {
                let (_, field) = workflow.field_at(*index);
                let values = self.read.entry(*index).or_default();
                values.extend(around(field, test));
                if let (Test::OverLimit, Some((_, limit))) = (test, workflow.limit_of(*index)) {
                    let parts = limit.roles.values().flatten();
                    values.extend(parts.flat_map(|part| beside(Ordered::Money(part.amount))));
                }
            }
        }
    }
}

/// Returns values on both sides of a test.
fn around(field: &Field, test: &Test) -> Vec<Value> {
    let mut values = match test {
        Test::OneOf(values) => values.clone(),
        Test::Within(bounds) => bounds
            .iter()
            .flat_map(|(_, limit)| beside(*limit))
            .collect(),
        Test::Empty | Test::Filled | Test::OverLimit => Vec::new(),
    };
    match &field.kind {
        FieldKind::Choice { of } => values.extend(of.iter().cloned().map(Value::Choice)),
        FieldKind::YesNo => values.extend([Value::YesNo(true), Value::YesNo(false)]),
        FieldKind::Money {
            currency,
            max: Some(Max::Fixed(max)),
        } => values.extend([0, *max].map(|minor| {
            let currency = *currency;
            Value::Money(Money { currency, minor })
        })),
        FieldKind::Text { .. }
        | FieldKind::LongText
        | FieldKind::Number { .. }
        | FieldKind::Money { .. }
        | FieldKind::Date
        | FieldKind::Document
        | FieldKind::List => {}
    }
    values
}

/// Returns the values just below, at and just above a bound.
fn beside(limit: Ordered) -> Vec<Value> {
    match limit {
        Ordered::Number(number) => [number.saturating_sub(1), number, number.saturating_add(1)]
            .map(Value::Number)
            .to_vec(),
        Ordered::Money(money) => [-1, 0, 1]
            .map(|more| {
                let minor = money.minor.saturating_add(more);
                Value::Money(Money { minor, ..money })
            })
            .to_vec(),
        Ordered::Date(date) => {
            let day = date.to_string().parse::<jiff::civil::Date>().ok();
            let day = |move_on: fn(jiff::civil::Date) -> Result<jiff::civil::Date, jiff::Error>| {
                let moved = move_on(day?).ok()?;
                Date::parse(&moved.to_string()).ok().map(Value::Date)
            };
            [
                day(jiff::civil::Date::yesterday),
                Some(Value::Date(date)),
                day(jiff::civil::Date::tomorrow),
            ]
            .into_iter()
            .flatten()
            .collect()
        }
    }
}
