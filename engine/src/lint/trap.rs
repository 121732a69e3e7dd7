//! Finds steps from which no outcome can be reached.

use std::collections::BTreeSet;

use petgraph::algo::tarjan_scc;
use petgraph::graph::NodeIndex;

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::ways::{Place, Ways};

pub(super) struct Trap;

impl Rule for Trap {
    fn code(&self) -> Code {
        Code::H203
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let ways = file.ways;
        let is_end = |index: &NodeIndex| match ways.graph.node_weight(*index) {
            Some(Place::Outcome(..)) => true,
            // A dead end is a fault of its own.
            Some(Place::Step(..)) => ways.graph.neighbors(*index).next().is_none(),
            None => false,
        };
        let free = ways.leading_to(ways.graph.node_indices().filter(is_end));
        let reached = ways.reached();
        for mut steps in tarjan_scc(&ways.graph) {
            steps.sort_unstable();
            let is_caught = steps
                .iter()
                .all(|step| reached.contains(step) && !free.contains(step));
            let inside: BTreeSet<NodeIndex> = steps.iter().copied().collect();
            let mut out = steps.iter().flat_map(|step| ways.graph.neighbors(*step));
            // Steps that only lead into a trap are told by its walk.
            if is_caught && out.all(|next| inside.contains(&next)) {
                found.extend(self.finding(ways, &steps));
            }
        }
    }
}

impl Trap {
    fn finding(&self, ways: &Ways<'_>, steps: &[NodeIndex]) -> Option<Finding> {
        let step_of = |index: &NodeIndex| match ways.graph.node_weight(*index) {
            Some(Place::Step(name, step)) => Some((*name, *step)),
            Some(Place::Outcome(..)) | None => None,
        };
        let (first, others) = steps.split_first()?;
        let (name, step) = step_of(first)?;
        let message = format!("from the step `{name}` no outcome can be reached");
        let walk = ways.walk_to(*first).unwrap_or_default();
        let mut finding = Finding::error(self.code(), step.span, message)
            .at(format!("the walk into it: {walk}"))
            .why("a case that comes here can never be closed")
            .mend("let one of its actions lead to an outcome, or to a step that leads to one");
        for (_, other) in others.iter().filter_map(step_of) {
            finding = finding.label(other.span, "from here neither");
        }
        Some(finding)
    }
}
