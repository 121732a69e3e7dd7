//! Finds ways to an outcome that counts as resolved without a diagnosis.

use super::{File, Rule, Scope, method};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::ways::Place;
use crate::workflow::{CountsAs, Phase};

pub(super) struct ResolvedWithoutDiagnosis;

impl Rule for ResolvedWithoutDiagnosis {
    fn code(&self) -> Code {
        Code::H215
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        if !method::is_demanded(file) {
            return;
        }
        let is_resolved = |place: Place<'_>| {
            let counts = place
                .outcome()
                .and_then(|(_, outcome)| outcome.value.counts_as.as_ref());
            counts.is_some_and(|counts| counts.value == CountsAs::Resolved)
        };
        let walks = method::walks_without(file, Phase::Diagnose, |place| !is_resolved(place));
        for index in walks.order() {
            let Some(place) = file.ways.at(*index).filter(|place| is_resolved(*place)) else {
                continue;
            };
            let last = walks.last_way(*index);
            let way = last.and_then(|edge| file.ways.graph.edge_weight(edge));
            let span = way.map_or(file.source.start.span, |way| way.span);
            let before = Phase::Diagnose;
            let finding = if method::has_none(file, before) {
                let walk = file.ways.told(&walks, *index).unwrap_or_default();
                let message = "there is no step of the phase `diagnose`";
                Finding::error(self.code(), span, message)
                    .at(format!("the walk: {walk}"))
                    .mend(
                        "lead this way to a step with `phase: diagnose`, and from there to the \
                         outcome; or say `model: custom` at the top, if the house follows another \
                         method",
                    )
            } else {
                let message = format!(
                    "{} can be reached when {}",
                    place.title(),
                    method::nobody(before)
                );
                method::told(
                    file,
                    &walks,
                    *index,
                    before,
                    Finding::error(self.code(), span, message),
                )
            };
            found.push(finding.why("what nobody understands happens to the next customer as well"));
        }
    }
}
