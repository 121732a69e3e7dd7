//! Finds workflows in which no case can end well.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::CountsAs;
use crate::workflow::ways::Place;

pub(super) struct NothingResolved;

impl Rule for NothingResolved {
    fn code(&self) -> Code {
        Code::H205
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let is_resolved = |place: &Place<'_>| match place {
            Place::Outcome(_, outcome) => {
                let counts = outcome.value.counts_as.as_ref();
                counts.is_some_and(|counts| counts.value == CountsAs::Resolved)
            }
            Place::Step(..) => false,
        };
        let reached = file.ways.reached();
        let mut places = reached
            .iter()
            .filter_map(|place| file.ways.graph.node_weight(*place));
        if places.any(is_resolved) {
            return;
        }
        let message = "no case of this workflow can end as resolved";
        let mut finding = Finding::error(self.code(), file.source.start.span, message)
            .at("from here no outcome that counts as resolved can be reached")
            .why("a workflow that cannot put anything right recovers no service")
            .mend("let a way lead to an outcome that says `counts_as: resolved`");
        for outcome in file.source.outcomes.values() {
            let counts = outcome.value.counts_as.as_ref();
            if counts.is_some_and(|counts| counts.value == CountsAs::Resolved) {
                finding = finding.label(outcome.span, "no way leads here");
            }
        }
        found.push(finding);
    }
}
