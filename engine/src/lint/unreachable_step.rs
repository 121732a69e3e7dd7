//! Finds steps that no case ever comes to.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::ways::Place;

pub(super) struct UnreachableStep;

impl Rule for UnreachableStep {
    fn code(&self) -> Code {
        Code::H201
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let reached = file.ways.reached();
        for index in file.ways.graph.node_indices() {
            let Some(Place::Step(name, step)) = file.ways.graph.node_weight(index) else {
                continue;
            };
            if !reached.contains(&index) {
                let message = format!("no way leads from the start to the step `{name}`");
                let finding = Finding::error(self.code(), step.span, message)
                    .at("no case ever comes here")
                    .label(file.source.start.span, "cases start here")
                    .why("what is written in it never happens, though everybody believes it does")
                    .mend("let an action lead to it with `go_to`, or delete the step");
                found.push(finding);
            }
        }
    }
}
