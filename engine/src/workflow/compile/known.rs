//! The names that a workflow declares, and their places in the compiled tables.

use indexmap::{IndexMap, IndexSet};

use super::super::source::{self, Field, Need, Sp, Step};
use super::super::{CUSTOMER, FieldIndex, OutcomeIndex, RoleIndex, StepIndex, Target};
use crate::id::{FieldName, OutcomeName, RoleName, StepName};
use crate::workflow::ways::{By, Ways};

/// The names of a workflow in the file's order.
pub(crate) struct Known<'a> {
    pub(crate) source: &'a source::Workflow,
    pub(crate) roles: IndexSet<RoleName>,
    pub(crate) fields: IndexSet<FieldName>,
    pub(crate) steps: IndexSet<StepName>,
    pub(crate) outcomes: IndexSet<OutcomeName>,
    /// Laid out only where a clock or a promise leads somewhere.
    ways: Option<Ways<'a>>,
}

impl<'a> Known<'a> {
    pub(crate) fn of(source: &'a source::Workflow) -> Self {
        let roles = std::iter::once(CUSTOMER).chain(source.roles.keys().map(String::as_str));
        Self {
            source,
            roles: roles.filter_map(|name| RoleName::new(name).ok()).collect(),
            fields: names(&source.fields, |name| FieldName::new(name).ok()),
            steps: names(&source.steps, |name| StepName::new(name).ok()),
            outcomes: names(&source.outcomes, |name| OutcomeName::new(name).ok()),
            ways: is_led_by_time(source).then(|| Ways::of(source)),
        }
    }

    pub(crate) fn role(&self, name: &str) -> Option<RoleIndex> {
        index(self.roles.get_index_of(name)).map(RoleIndex)
    }

    pub(crate) fn field(&self, name: &str) -> Option<FieldIndex> {
        index(self.fields.get_index_of(name)).map(FieldIndex)
    }

    pub(crate) fn step(&self, name: &str) -> Option<StepIndex> {
        index(self.steps.get_index_of(name)).map(StepIndex)
    }

    pub(crate) fn target(&self, name: &str) -> Option<Target> {
        if name == "stay" {
            return Some(Target::Stay);
        }
        let outcome = || index(self.outcomes.get_index_of(name)).map(OutcomeIndex);
        let step = self.step(name).map(Target::Step);
        step.or_else(|| outcome().map(Target::Outcome))
    }

    /// Returns where clocks and promises lead that may be late in a step.
    pub(crate) fn late(&self, step: &str) -> Vec<(By<'a>, Target)> {
        let late = self.ways.iter().flat_map(|ways| ways.late_from(step));
        late.filter_map(|(by, name)| Some((by, self.target(name)?)))
            .collect()
    }

    pub(crate) fn fields_of(&self, names: &[Sp<String>]) -> Vec<FieldIndex> {
        names
            .iter()
            .filter_map(|name| self.field(&name.value))
            .collect()
    }

    pub(crate) fn steps_of(&self, names: &[Sp<String>]) -> Vec<StepName> {
        let known = names
            .iter()
            .filter_map(|name| self.steps.get(name.value.as_str()));
        known.cloned().collect()
    }

    /// Returns the fields that become empty when the step is entered: those asked anew each time
    /// that it, its tasks or its actions name. A computed field is not asked; it follows its table.
    pub(crate) fn empties(&self, step: &Step) -> Vec<FieldIndex> {
        let tasks = step.tasks.values().map(|task| &task.value);
        let of_tasks = tasks.clone().flat_map(|task| &task.needs);
        let of_actions = step.actions.values().flat_map(|action| &action.value.needs);
        let needs = step.needs.iter().chain(of_tasks).chain(of_actions);
        let needed = needs.filter_map(|need| match need {
            Need::Field(field) => Some(field),
            Need::Condition(_) => None,
        });
        let asked = step.asks.iter().chain(tasks.flat_map(|task| &task.asks));
        let named = needed.chain(asked).filter(|name| {
            let field = self.source.fields.get(&name.value);
            field
                .is_some_and(|field| is_each_time(&field.value) && field.value.from_table.is_none())
        });
        let mut empties: Vec<FieldIndex> =
            named.filter_map(|name| self.field(&name.value)).collect();
        empties.sort_unstable();
        empties.dedup();
        empties
    }
}

/// Returns whether a clock or a promise that is late leads somewhere.
fn is_led_by_time(source: &source::Workflow) -> bool {
    let clocks = source.clocks.values().map(|clock| &clock.value.late);
    let promises = source.promises.values();
    let promises = promises.map(|promise| &promise.value.late);
    let mut rungs = clocks.chain(promises).flatten();
    rungs.any(|late| late.go_to.is_some())
}

/// A field with a limit is always asked anew, because each recording is booked by itself.
pub(crate) fn is_each_time(field: &Field) -> bool {
    let is_limited = field
        .limit
        .as_ref()
        .is_some_and(|limit| limit.value != "none");
    is_limited || field.each_time.as_ref().is_some_and(|flag| flag.value)
}

fn names<T, N: std::hash::Hash + Eq>(
    table: &IndexMap<String, T>,
    name: impl Fn(&str) -> Option<N>,
) -> IndexSet<N> {
    table.keys().filter_map(|text| name(text)).collect()
}

fn index(index: Option<usize>) -> Option<u16> {
    index.and_then(|index| u16::try_from(index).ok())
}
