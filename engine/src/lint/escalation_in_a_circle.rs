//! Finds deadlines that lead round in a circle, though nobody acts.
//!
//! A circle on which somebody acts is a loop, which [`uncounted_loop`](super::uncounted_loop)
//! finds.

use petgraph::graph::EdgeIndex;

use super::uncounted_loop::{is_late_again, loops};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::ways::{By, WALK_STEPS_MAX};

pub(super) struct EscalationInACircle;

impl Rule for EscalationInACircle {
    fn code(&self) -> Code {
        Code::H502
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let own = loops(file.ways, |by| matches!(by, By::Due));
        let with_late = loops(file.ways, |by| matches!(by, By::Due | By::Late(_)));
        let again = with_late
            .into_iter()
            .filter(|walk| is_late_again(file, walk));
        for walk in own.into_iter().chain(again) {
            found.extend(self.finding(file, &walk));
        }
    }
}

impl EscalationInACircle {
    fn finding(&self, file: &File<'_>, walk: &[EdgeIndex]) -> Option<Finding> {
        let ways = file.ways;
        let (last, others) = walk.split_last()?;
        let (_, begin) = ways.graph.edge_endpoints(*last)?;
        let span = |edge: &EdgeIndex| -> Option<Span> { Some(ways.graph.edge_weight(*edge)?.span) };
        let told = ways.tell(begin, walk);
        let message = format!("time alone leads a case round in a circle here: {told}");
        let mut finding = Finding::error(self.code(), span(last)?, message)
            .at("this deadline leads back")
            .why("where everybody is late nobody is ever made to act, and the customer waits")
            .mend(
                "let the last of these deadlines lead to an outcome, or to somebody else, where \
                 none leads back",
            );
        for place in others.iter().take(WALK_STEPS_MAX).filter_map(span) {
            finding = finding.label(place, "this deadline is part of the circle");
        }
        Some(finding)
    }
}
