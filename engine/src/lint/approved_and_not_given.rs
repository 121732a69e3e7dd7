//! Finds amounts that somebody approves and that no way behind it gives.

use std::collections::BTreeSet;

use petgraph::graph::NodeIndex;
use petgraph::visit::{Dfs, EdgeRef as _};

use super::reasoning::Act;
use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Action, Effects, Sp};
use crate::workflow::ways::{By, Place};

pub(super) struct ApprovedAndNotGiven;

impl Rule for ApprovedAndNotGiven {
    fn code(&self) -> Code {
        Code::H409
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for act in file.facts.acts() {
            let approved = all(&act.action.value).flat_map(|effects| &effects.approves);
            for name in approved {
                // That what has no limit is not given by anybody is found by itself.
                let field = file.source.fields.get(&name.value);
                let limit = field.and_then(|field| field.value.limit.as_ref());
                let is_limited = limit.is_some_and(|limit| limit.value != "none");
                if is_limited && !is_given(file, act, &name.value) {
                    found.push(self.finding(act.name, name));
                }
            }
        }
    }
}

impl ApprovedAndNotGiven {
    fn finding(&self, action: &str, name: &Sp<String>) -> Finding {
        let field = &name.value;
        let message = format!("`{action}` approves `{field}`, and nothing gives it afterwards");
        Finding::warning(self.code(), name.span, message)
            .at(format!("no action behind this one says `gives: [{field}]`"))
            .why("an approval alone books nothing: the customer would be told yes and get nothing")
            .mend(format!(
                "write `gives: [{field}]` beside it, or in the step that pays"
            ))
    }
}

/// Returns whether the action itself, or one that may come after it, gives the field. What may be
/// done anywhere may come after everything.
fn is_given(file: &File<'_>, act: Act<'_>, field: &str) -> bool {
    let anywhere = file.source.anywhere.values();
    if gives(&act.action.value, field) || anywhere.clone().any(|at| gives(&at.value, field)) {
        return true;
    }
    let Some((_, step)) = act.step else {
        // What is approved anywhere is given by any action at all.
        return conditions::actions(file.source).any(|(_, at)| gives(&at.value, field));
    };
    let stays = act
        .action
        .value
        .rules
        .iter()
        .any(|rule| rule.go_to.value == "stay");
    let here = file
        .ways
        .graph
        .node_indices()
        .find(|place| match file.ways.at(*place) {
            Some(Place::Step(_, at)) => at.span == step.span,
            Some(Place::Outcome(..)) | None => false,
        });
    let Some(here) = here else { return true };
    let edges = file.ways.graph.edges(here);
    let taken = edges.filter(|edge| edge.weight().by == By::Action(act.name));
    let mut begin: BTreeSet<NodeIndex> = taken.map(|edge| edge.target()).collect();
    begin.extend(stays.then_some(here));
    begin.into_iter().any(|place| {
        let mut places = Dfs::new(&file.ways.graph, place);
        let mut behind = std::iter::from_fn(|| places.next(&file.ways.graph));
        behind.any(|place| match file.ways.at(place) {
            Some(Place::Step(_, step)) => {
                let mut actions = step.value.actions.values();
                actions.any(|action| gives(&action.value, field))
            }
            Some(Place::Outcome(..)) | None => false,
        })
    })
}

fn gives(action: &Action, field: &str) -> bool {
    let mut given = all(action).flat_map(|effects| &effects.gives);
    given.any(|name| name.value == field)
}

fn all(action: &Action) -> impl Iterator<Item = &Effects> {
    let of_rules = action.rules.iter().map(|rule| &rule.effects);
    std::iter::once(&action.effects).chain(of_rules)
}
