//! Finds lateness of which only those are told who can do nothing about it.
//!
//! Whoever is told need not act in the step that is late, nor in any: who leads others sees to it
//! that they act. But a role that only reads must not, and the customer cannot.

use super::deadlines::{Deadline, all};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Sp;

pub(super) struct ToldWhoCannotAct;

impl Rule for ToldWhoCannotAct {
    fn code(&self) -> Code {
        Code::H507
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        // The customer is none of the declared roles.
        let can_act = |role: &Sp<String>| {
            let role = file.source.roles.get(&role.value);
            role.is_some_and(|role| !role.value.reads_only)
        };
        for deadline in all(file.source) {
            // Where the case goes on to another step, somebody there acts.
            for rung in deadline.late.iter().filter(|rung| rung.go_to.is_none()) {
                if let Some(first) = rung.tell.first()
                    && !rung.tell.iter().any(can_act)
                {
                    found.push(self.finding(file, &deadline, first));
                }
            }
        }
    }
}

impl ToldWhoCannotAct {
    fn finding(&self, file: &File<'_>, deadline: &Deadline<'_>, role: &Sp<String>) -> Finding {
        let message = format!(
            "when {} is late, only those are told who cannot act",
            deadline.what
        );
        let declared = file.source.roles.get(&role.value);
        let finding = Finding::warning(self.code(), role.span, message)
            .why("an escalation is for somebody who can see to it that the case goes on")
            .mend("name as well a role of people who work on cases or lead those who do");
        match declared {
            Some(declared) => finding
                .at("this role only reads")
                .label(declared.span, "it says `reads_only: true`"),
            None => finding.at("the customer waits for us to act"),
        }
    }
}
