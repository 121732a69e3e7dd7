//! Finds ways to give something before anybody has apologised.

use std::collections::BTreeSet;

use petgraph::graph::NodeIndex;

use super::{File, Rule, Scope, method};
use crate::code::Code;
use crate::finding::{Finding, Level};
use crate::workflow::Phase;
use crate::workflow::source::{Action, Sp, Step};
use crate::workflow::ways::{Place, Walks, is_offered};

pub(super) struct GivenBeforeApology;

impl Rule for GivenBeforeApology {
    fn code(&self) -> Code {
        Code::H214
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let walks = method::walks_without(file, Phase::Apologize, |_| true);
        let mut reported = BTreeSet::new();
        for index in walks.order() {
            let Some((name, step)) = file.ways.at(*index).and_then(Place::step) else {
                continue;
            };
            for (action, given) in given_in(file, name, &step.value) {
                if reported.insert(given.span) {
                    found.push(self.finding(file, &walks, *index, action, given));
                }
            }
        }
    }
}

impl GivenBeforeApology {
    fn finding(
        &self,
        file: &File<'_>,
        walks: &Walks,
        step: NodeIndex,
        action: &str,
        given: &Sp<String>,
    ) -> Finding {
        let message = format!(
            "`{action}` gives `{}` when nobody has apologised",
            given.value
        );
        let walk = file.ways.told(walks, step).unwrap_or_default();
        let finding = Finding::error(self.code(), given.span, message)
            .at(format!("the walk: {walk}"))
            .why("what is given without an apology looks like hush money, and is worth less");
        let phase = Phase::Apologize;
        let (finding, _) = method::left_undone(file, walks, step, phase, finding);
        let mut finding = finding.mend(if method::has_none(file, phase) {
            "add a step with `phase: apologize` that cases come through before anything is given"
        } else {
            "give it in a step that comes after the apology on every way, or lead this walk \
             through a step of the phase `apologize` first"
        });
        if !method::is_demanded(file) {
            finding.level = Level::Warning;
        }
        finding
    }
}

/// Returns what can be given in a step, each with its action, while no apology was made: leaving
/// a step of the phase by an action of its own is itself the apology.
fn given_in<'a>(file: &File<'a>, name: &str, step: &'a Step) -> Vec<(&'a str, &'a Sp<String>)> {
    let apologises = method::serves(step, Phase::Apologize);
    let mut given = Vec::new();
    for (action, at) in &step.actions {
        of(action, &at.value, apologises, &mut given);
    }
    for (action, at) in &file.source.anywhere {
        if is_offered(&at.value, name) {
            of(action, &at.value, false, &mut given);
        }
    }
    given
}

fn of<'a>(
    name: &'a str,
    action: &'a Action,
    apologises: bool,
    given: &mut Vec<(&'a str, &'a Sp<String>)>,
) {
    for rule in &action.rules {
        let then = rule.then.as_ref();
        let may_stay = rule.go_to.value == "stay" || then.is_some_and(|then| then.value == "stay");
        if !apologises || may_stay {
            let fields = rule.effects.gives.iter().chain(&action.effects.gives);
            given.extend(fields.map(|field| (name, field)));
        }
    }
}
