//! Clocks and promises: where they may run, and so where they may be late.
//!
//! A clock runs from where it starts until one of its `until` is entered; closing stops it, but a
//! statutory one runs on in a reopened case. With one `from` it starts once. A promise runs from
//! the way that `makes` it until one that `keeps` it, or until the case is closed. Conditions are
//! not looked at: what may start, may.

use super::{Place, Way, is_offered};
use crate::workflow::source::{Action, Clock, Effects, Need, Sp, Step, Task, Workflow};

/// So many clocks and promises are followed exactly, the first in the file. Those beyond are taken
/// to run everywhere.
pub(super) const RUNNERS_MAX: usize = 5;

/// A clock or a promise that leads somewhere when it is late.
pub(super) struct Runner<'a> {
    pub(super) name: &'a str,
    /// `None` for a promise.
    clock: Option<&'a Clock>,
}

/// Which runners run, and which clocks have run and will not again: a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Running {
    on: u8,
    over: u8,
}

/// How a case comes to a place.
#[derive(Clone, Copy)]
pub(super) enum Coming<'w, 'a> {
    Opened,
    Along(&'w Way<'a>),
    Reopened,
}

/// Returns the clocks and promises that are followed.
pub(super) fn runners(source: &Workflow) -> Vec<Runner<'_>> {
    let clocks = source.clocks.iter().map(|(name, clock)| {
        let runner = Runner {
            name,
            clock: Some(&clock.value),
        };
        (runner, &clock.value.late)
    });
    let promises = source
        .promises
        .iter()
        .map(|(name, promise)| (Runner { name, clock: None }, &promise.value.late));
    let leads_on = clocks
        .chain(promises)
        .filter(|(_, late)| late.iter().any(|late| late.go_to.is_some()));
    leads_on
        .map(|(runner, _)| runner)
        .take(RUNNERS_MAX)
        .collect()
}

impl<'a> Runner<'a> {
    /// Returns a clock, to be followed by itself.
    pub(super) const fn clock(name: &'a str, clock: &'a Clock) -> Self {
        Self {
            name,
            clock: Some(clock),
        }
    }

    /// Returns a promise, to be followed by itself.
    pub(super) const fn promise(name: &'a str) -> Self {
        Self { name, clock: None }
    }
}

impl Running {
    /// Returns whether any of what is followed runs.
    pub(super) const fn is_any(self) -> bool {
        self.on != 0
    }

    /// Returns whether this one may be late. What is not followed always may.
    pub(super) fn may_be_late(self, runners: &[Runner<'_>], name: &str) -> bool {
        let number = runners.iter().position(|runner| runner.name == name);
        number.is_none_or(|number| self.on & (1 << number) != 0)
    }

    /// Returns what runs once the case has come to a place.
    pub(super) fn at(
        self,
        runners: &[Runner<'_>],
        coming: Coming<'_, '_>,
        place: Place<'_>,
    ) -> Self {
        let mut after = self;
        for (number, runner) in runners.iter().enumerate() {
            let bit = 1 << number;
            match runner.clock {
                Some(clock) => {
                    if after.on & bit != 0 && stops(clock, coming, place) {
                        after.on &= !bit;
                        after.over |= bit;
                    }
                    let may_start = after.over & bit == 0 || clock.from.len() > 1;
                    if may_start && starts(clock, coming, place) {
                        after.on |= bit;
                    }
                }
                None if runs_on(runner.name, after.on & bit != 0, coming, place) => after.on |= bit,
                None => after.on &= !bit,
            }
        }
        after
    }

    /// Returns what may come to run in a step without leaving it: a clock from a date answered
    /// there, and a promise made by an action that stays.
    pub(super) fn within(self, runners: &[Runner<'_>], source: &Workflow, step: Place<'_>) -> Self {
        let mut after = self;
        let Some((name, step)) = step.step() else {
            return after;
        };
        for (number, runner) in runners.iter().enumerate() {
            let bit = 1 << number;
            let starts = if let Some(clock) = runner.clock {
                let is_date = |from: &Sp<String>| asks(source, name, &step.value, &from.value);
                let may_start = self.over & bit == 0 || clock.from.len() > 1;
                may_start && clock.from.iter().any(is_date)
            } else {
                let own = step.value.actions.values();
                let anywhere = source.anywhere.values();
                let open = anywhere.filter(|action| is_offered(&action.value, name));
                own.chain(open)
                    .any(|action| makes_and_stays(&action.value, runner.name))
            };
            if starts {
                after.on |= bit;
            }
        }
        after
    }
}

fn starts(clock: &Clock, coming: Coming<'_, '_>, place: Place<'_>) -> bool {
    let by_coming = match coming {
        Coming::Opened => names(&clock.from, "opened"),
        Coming::Reopened => names(&clock.from, "reopened"),
        Coming::Along(_) => false,
    };
    let by_place = match place {
        Place::Step(name, _) => names(&clock.from, name),
        Place::Outcome(name, _) => names(&clock.from, name) || names(&clock.from, "closed"),
    };
    by_coming || by_place
}

fn stops(clock: &Clock, coming: Coming<'_, '_>, place: Place<'_>) -> bool {
    match (coming, place) {
        (Coming::Opened, _) => false,
        (Coming::Along(_) | Coming::Reopened, Place::Step(name, _)) => names(&clock.until, name),
        (Coming::Along(_) | Coming::Reopened, Place::Outcome(name, _)) => {
            !clock.statutory || names(&clock.until, name) || names(&clock.until, "closed")
        }
    }
}

fn runs_on(promise: &str, is_open: bool, coming: Coming<'_, '_>, place: Place<'_>) -> bool {
    match (coming, place) {
        (Coming::Opened | Coming::Reopened, _) | (Coming::Along(_), Place::Outcome(..)) => false,
        (Coming::Along(way), Place::Step(..)) => {
            let effects: Vec<&Effects> = way.effects().collect();
            let makes = effects.iter().any(|effects| names(&effects.makes, promise));
            let keeps = effects.iter().any(|effects| names(&effects.keeps, promise));
            makes || is_open && !keeps
        }
    }
}

/// Returns whether a date field can be answered in a step.
fn asks(source: &Workflow, name: &str, step: &Step, field: &str) -> bool {
    if !source.fields.contains_key(field) {
        return false;
    }
    let needs = |needs: &[Need]| {
        needs.iter().any(|need| match need {
            Need::Field(named) => named.value == field,
            Need::Condition(_) => false,
        })
    };
    let task = |task: &Task| needs(&task.needs) || names(&task.asks, field);
    let anywhere = source.anywhere.values().map(|action| &action.value);
    let mut open = anywhere.filter(|action| is_offered(action, name));
    needs(&step.needs)
        || names(&step.asks, field)
        || step.tasks.values().any(|named| task(&named.value))
        || step
            .actions
            .values()
            .any(|action| needs(&action.value.needs))
        || open.any(|action| needs(&action.needs))
}

fn makes_and_stays(action: &Action, promise: &str) -> bool {
    let mut stays = action.rules.iter().filter(|rule| {
        let then = rule.then.as_ref();
        rule.go_to.value == "stay" || then.is_some_and(|then| then.value == "stay")
    });
    stays.any(|rule| names(&action.effects.makes, promise) || names(&rule.effects.makes, promise))
}

fn names(list: &[Sp<String>], name: &str) -> bool {
    list.iter().any(|named| named.value == name)
}
