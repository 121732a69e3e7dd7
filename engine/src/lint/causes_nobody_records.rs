//! Finds causes that nobody can ever record, because no step diagnoses.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;

pub(super) struct CausesNobodyRecords;

impl Rule for CausesNobodyRecords {
    fn code(&self) -> Code {
        Code::H801
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let Some(causes) = &file.source.causes else {
            return;
        };
        let mut steps = file.source.steps.values();
        let diagnoses = steps.any(|step| {
            let mut phases = step.value.phases.iter();
            phases.any(|phase| phase.value == Phase::Diagnose)
        });
        let first = causes.categories.values().next();
        if let Some(first) = first.filter(|_| !diagnoses) {
            let message = "there are causes to choose from, and no step in which one is found";
            let finding = Finding::warning(self.code(), first.span, message)
                .why("a root cause is recorded by those who act in a step of the phase `diagnose`")
                .mend("add such a step before the case ends, or delete `causes`");
            found.push(finding);
        }
    }
}
