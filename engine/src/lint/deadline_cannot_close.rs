//! Finds deadlines that lead into an outcome which no action could enter at that moment.
//!
//! A deadline asks for no `needs` and keeps no promise. So it must not lead to an outcome that
//! counts as resolved while a promise may be owed; and an outcome that needs an answer should not
//! be where it leads, if the answer may still be missing then. `who` of the outcome is no matter:
//! a deadline is nobody's act. That a diagnosis may be missing is H215.

use std::collections::BTreeSet;

use petgraph::visit::EdgeRef as _;

use super::held::named;
use super::owed::{Owed, owed};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::ways::{By, Place};

pub(super) struct DeadlineCannotClose;

impl Rule for DeadlineCannotClose {
    fn code(&self) -> Code {
        Code::H508
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for owed in owed(file) {
            match owed.by {
                By::Action(_) | By::Anywhere(_) => {}
                By::Due | By::Late(_) => found.push(self.owed(&owed)),
            }
        }
        self.unanswered(file, found);
    }
}

impl DeadlineCannotClose {
    fn owed(&self, owed: &Owed<'_>) -> Finding {
        let (promise, outcome) = (owed.promise, &owed.outcome);
        let message = format!("time closes a case as {outcome} while `{promise}` may be owed");
        let mut finding = Finding::error(self.code(), owed.span, message)
            .at(format!("the walk: {}", owed.walk))
            .label(owed.declared, "the promise")
            .why("nothing is resolved before the customer has what was promised")
            .mend(
                "lead to a step in which somebody keeps the promise, or to an outcome that does \
                 not count as resolved",
            );
        if let Some(made) = owed.made {
            finding = finding.label(made, "made here");
        }
        finding
    }

    fn unanswered(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let reached = file.ways.reached();
        let mut seen: BTreeSet<Span> = BTreeSet::new();
        for from in reached {
            let Some((name, _)) = file.ways.at(from).and_then(Place::step) else {
                continue;
            };
            for edge in file.ways.graph.edges(from) {
                let is_deadline = edge.weight().taken.is_none();
                let outcome = file.ways.at(edge.target()).and_then(Place::outcome);
                let span = edge.weight().span;
                let needs = outcome.filter(|(_, outcome)| !outcome.value.needs.is_empty());
                if let Some((outcome, declared)) = needs.filter(|_| is_deadline)
                    && !seen.contains(&span)
                    && let Some(field) = missing(file, name, outcome)
                {
                    seen.insert(span);
                    let finding = self.needs(name, outcome, field, span);
                    found.push(finding.label(declared.span, "the outcome"));
                }
            }
        }
    }

    fn needs(&self, step: &str, outcome: &str, field: &str, span: Span) -> Finding {
        let message =
            format!("time closes a case as `{outcome}`, which needs `{field}`, without it");
        Finding::warning(self.code(), span, message)
            .at(format!(
                "in the step `{step}` there may be no answer to `{field}`"
            ))
            .why("a deadline does not ask for answers, so the case ends without what it must have")
            .mend(
                "lead to a step in which somebody answers it, or to an outcome that does not need \
                 it",
            )
    }
}

/// Returns a field that an outcome needs and that may be empty when time leads there from a step.
fn missing<'a>(file: &File<'a>, step: &str, outcome: &str) -> Option<&'a str> {
    let index = file.facts.known.step(step)?;
    let filled = file.facts.filled_entering(index);
    let outcome = file.compiled.outcome(outcome)?;
    let mut missing = named(&outcome.needs).filter(|field| !filled.contains(field));
    missing.find_map(|field| {
        let (name, declared) = file.compiled.field_at(field);
        let gets_value = declared.computed || declared.default.is_some();
        (!gets_value).then_some(name.as_str())
    })
}
