//! Finds steps that nothing leads out of.

use super::{File, Rule, Scope, used_up};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Step;
use crate::workflow::ways::{By, Place, Way};

pub(super) struct DeadEnd;

impl Rule for DeadEnd {
    fn code(&self) -> Code {
        Code::H202
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for index in file.ways.graph.node_indices() {
            let Some(Place::Step(name, step)) = file.ways.graph.node_weight(index) else {
                continue;
            };
            let edges = file.ways.graph.edges(index);
            let own: Vec<_> = edges
                .filter(|edge| is_own(edge.weight(), &step.value))
                .collect();
            let finding = if own.is_empty() {
                let message = format!("nothing leads out of the step `{name}`");
                Finding::error(self.code(), step.span, message).at("a case that comes here stays")
            } else if own.iter().all(|edge| edge.weight().is_used_up) {
                let message =
                    format!("nothing leads out of the step `{name}` once its actions are used up");
                let mut finding = Finding::error(self.code(), step.span, message);
                // Edges come last added first.
                for edge in own.iter().rev() {
                    let text = "counted, and without `then`";
                    finding = finding.label(edge.weight().span, text);
                }
                finding
            } else {
                continue;
            };
            let finding = finding
                .why("the customer waits for ever, and nobody can close the case")
                .mend("add an action that leads to another step or to an outcome");
            found.push(match file.ways.walk_to(index) {
                Some(walk) => finding.label(file.source.start.span, format!("the walk: {walk}")),
                None => finding,
            });
        }
        used_up::check(file, found);
    }
}

/// What is possible anywhere is an exit for special cases, not the way on that a step needs. The
/// `due` of a task stops when the task is done.
fn is_own(way: &Way<'_>, step: &Step) -> bool {
    match way.by {
        By::Action(_) => true,
        By::Due => step.due.as_ref().is_some_and(|due| {
            let late = due.late.iter().filter_map(|late| late.go_to.as_ref());
            let mut targets = late.chain(&due.then);
            targets.any(|target| target.span == way.span)
        }),
        By::Anywhere(_) | By::Late(_) => false,
    }
}
