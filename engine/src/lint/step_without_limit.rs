//! Finds steps in which a case may stay for ever without anybody being told.
//!
//! A step is limited by its own `due`, by that of one of its tasks, or by a clock or promise that
//! runs there whatever way a case came. Where the step pauses, clocks that are not statutory stand
//! still and limit nothing. A clock with `when` may never begin.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::NodeIndex;

use super::deadlines::{FOLLOWED_MAX, all};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Step;
use crate::workflow::ways::{Place, Walks};

pub(super) struct StepWithoutLimit;

impl Rule for StepWithoutLimit {
    fn code(&self) -> Code {
        Code::H505
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        // A workflow that says nothing about time is not asked about each step.
        if all(file.source).is_empty() {
            return;
        }
        for (place, but) in unlimited(file) {
            if let Some((name, step)) = file.ways.at(place).and_then(Place::step) {
                let message = format!("the step `{name}` has no limit of time");
                let mut finding = Finding::warning(self.code(), step.span, message)
                    .why("a case that is forgotten here is never late, so nobody hears of it")
                    .mend(
                        "write how long it may take and who is told then, such as `due: {in: 1 \
                         day, late: {tell: [ROLE]}}`",
                    );
                if let Some(but) = but {
                    finding = finding.at(but);
                }
                found.push(finding);
            }
        }
    }
}

/// Returns the steps without a limit, and how a case comes there past a clock or promise that
/// limits it on other ways.
fn unlimited(file: &File<'_>) -> BTreeMap<NodeIndex, Option<String>> {
    let reached = file.ways.reached().into_iter();
    let own = reached.filter(|place| {
        let step = file.ways.at(*place).and_then(Place::step);
        step.is_some_and(|(_, step)| !has_due(&step.value))
    });
    let mut open: BTreeMap<NodeIndex, Option<String>> = own.map(|place| (place, None)).collect();
    let clocks = file.source.clocks.iter();
    let unconditional = clocks.filter(|(_, clock)| clock.value.when.is_none());
    for (name, clock) in unconditional.take(FOLLOWED_MAX) {
        if open.is_empty() {
            return open;
        }
        let walks = file.ways.with_clock(name, &clock.value);
        limit(file, &mut open, name, &walks, |step| {
            clock.value.statutory || !pauses(step)
        });
    }
    for name in file.source.promises.keys().take(FOLLOWED_MAX) {
        if open.is_empty() {
            return open;
        }
        limit(file, &mut open, name, &file.ways.with_promise(name), |_| {
            true
        });
    }
    open
}

/// Takes away the steps in which this clock or promise certainly runs.
fn limit(
    file: &File<'_>,
    open: &mut BTreeMap<NodeIndex, Option<String>>,
    name: &str,
    walks: &Walks,
    counts: impl Fn(&Step) -> bool,
) {
    let mut running = BTreeSet::new();
    let mut past: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for (number, (place, is_running)) in walks.states().enumerate() {
        if is_running {
            running.insert(place);
        } else {
            past.entry(place).or_insert(number);
        }
    }
    open.retain(|place, but| {
        let step = file.ways.at(*place).and_then(Place::step);
        let counts = step.is_some_and(|(_, step)| counts(&step.value));
        if !counts || !running.contains(place) {
            return true;
        }
        let Some(number) = past.get(place) else {
            return false;
        };
        let told = file.ways.told_to(walks, *number, None);
        let told = told.map(|told| format!("`{name}` does not run on this way: {told}"));
        // The first in the file is the one to look at.
        *but = but.take().or(told);
        true
    });
}

fn has_due(step: &Step) -> bool {
    step.due.is_some() || step.tasks.values().any(|task| task.value.due.is_some())
}

fn pauses(step: &Step) -> bool {
    step.pauses.as_ref().is_some_and(|pauses| pauses.value)
}
