//! Finds lateness of which only those are told who can do nothing about it.
//!
//! Somebody can act who is named in `who` somewhere, may approve, or may extend a clock: not
//! necessarily in the step that is late, because whoever leads others sees to it that they act.

use std::collections::BTreeSet;

use super::deadlines::{Deadline, all};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Sp;
use crate::workflow::{CUSTOMER, RoleSet};

pub(super) struct ToldWhoCannotAct;

impl Rule for ToldWhoCannotAct {
    fn code(&self) -> Code {
        Code::H507
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let acting = acting(file);
        for deadline in all(file.source) {
            for rung in deadline.late.iter().filter(|rung| rung.go_to.is_none()) {
                let can_act = |role: &Sp<String>| acting.contains(role.value.as_str());
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
        let at = match declared {
            None => "the customer waits for us to act",
            Some(declared) if declared.value.reads_only => "this role only reads",
            Some(declared) if declared.value.system => "this role is no person",
            Some(_) => "this role acts in no step",
        };
        let finding = Finding::warning(self.code(), role.span, message)
            .at(at)
            .why("an escalation is for somebody who can see to it that the case goes on");
        let finding = match declared {
            Some(declared) => finding.label(declared.span, "declared here"),
            None => finding,
        };
        finding.mend("name a role as well that is in `who` of a step or action")
    }
}

/// Returns the roles of people who can act on a case.
fn acting<'a>(file: &File<'a>) -> BTreeSet<&'a str> {
    let mut who = RoleSet::default();
    for step in file.compiled.steps() {
        let actions = step.actions.values().map(|action| action.who);
        let tasks = step.tasks.values().map(|task| task.who);
        who = actions.chain(tasks).fold(who.or(step.who), RoleSet::or);
    }
    let anywhere = file.compiled.anywhere().values();
    let who = anywhere.fold(who, |who, action| who.or(action.who));
    let named = file
        .compiled
        .role_names(who)
        .map(crate::id::RoleName::as_str);
    let clocks = file.source.clocks.values();
    let extending = clocks.filter_map(|clock| clock.value.extend.as_ref());
    let extending = extending.flat_map(|extend| &extend.by);
    let named = named.chain(extending.map(|role| role.value.as_str()));
    let is_person = |name: &&str| {
        let role = file.source.roles.get(*name);
        *name != CUSTOMER && role.is_some_and(|role| !role.value.system && !role.value.reads_only)
    };
    named.filter(is_person).collect()
}
