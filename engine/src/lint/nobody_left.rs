//! Finds what nobody is left to do, because `not_by` keeps out everybody who may do it.
//!
//! Every role is taken to have two people, and nobody to have two roles. Integrations are left out,
//! as four eyes ignore them, and so is `customer`, whom anybody may speak for.
//!
//! How it is decided. Each act, that is a task or the taking of an action, needs a person of a role
//! that may do it. Only what has certainly happened before counts against people: a step named in
//! `not_by` that every walk from the start has been left by somebody before this step is entered
//! (see `certain`). If on every walk it is left by an action of its own, all its tasks were done as
//! well, each by somebody. These acts have a `not_by` of their own, which is followed back in the
//! same way. Then every choice of people is tried. Is there none, then nobody is left, whatever way
//! a case took and whoever did the rest.
//!
//! Invariant: nothing is reported that could go well: what is not certain, or too much to try, is
//! taken to do no harm.

mod certain;
mod parts;
mod persons;

use petgraph::graph::NodeIndex;

use self::certain::Certain;
use self::parts::Part;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::Step;
use crate::workflow::ways::Place;

pub(super) struct NobodyLeft;

impl Rule for NobodyLeft {
    fn code(&self) -> Code {
        Code::H403
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let is_asked = file.compiled.steps().any(|step| {
            !step.not_by.is_empty() || step.tasks.values().any(|task| !task.not_by.is_empty())
        });
        if !is_asked {
            return;
        }
        let certain = Certain::of(file.ways);
        for index in file.ways.reached() {
            let place = file.ways.at(index).and_then(Place::step);
            let Some((name, at)) = place else { continue };
            if let Some((_, step)) = file.compiled.step(name) {
                self.step(file, &certain, index, step, at, found);
            }
        }
    }
}

impl NobodyLeft {
    fn step(
        &self,
        file: &File<'_>,
        certain: &Certain,
        index: NodeIndex,
        step: &Step,
        at: &crate::workflow::source::Sp<crate::workflow::source::Step>,
        found: &mut Vec<Finding>,
    ) {
        let title = file.ways.at(index).map(Place::title).unwrap_or_default();
        let is_shut = |part: &Part| {
            // What no role may do is a fault of its own.
            !part.who.is_empty()
                && !part.not_by.is_empty()
                && parts::is_shut(file, certain, index, std::slice::from_ref(part))
        };
        let before = found.len();
        for (name, task) in &at.value.tasks {
            let part = parts::of_task(file, step, name);
            if is_shut(&part) {
                let what = format!("the task `{name}` of {title}");
                found.push(self.finding(file, index, &what, task.span, &[part]));
            }
        }
        let not_by = parts::places(file, &step.not_by);
        // Where the last task leads on by itself, taking `next` is nobody's act.
        let goes_by_itself = step.has_next && !step.tasks.is_empty();
        let actions = at.value.actions.iter().filter(|_| !goes_by_itself);
        let shut: Vec<_> = actions
            .filter_map(|(name, action)| {
                let who = step.actions.get(name.as_str())?.who;
                let part = Part {
                    who,
                    not_by: not_by.clone(),
                };
                is_shut(&part).then_some((name, action.span, part))
            })
            .collect();
        if !shut.is_empty() && shut.len() == at.value.actions.len() {
            let parts: Vec<Part> = shut.into_iter().map(|(_, _, part)| part).collect();
            found.push(self.finding(file, index, &title, at.span, &parts));
        } else {
            for (name, span, part) in shut {
                let what = format!("the action `{name}` of {title}");
                found.push(self.finding(file, index, &what, span, &[part]));
            }
        }
        let all = parts::of_step(file, step);
        let is_open = all.iter().all(|part| !part.who.is_empty());
        if found.len() == before && is_open && parts::is_shut(file, certain, index, &all) {
            let what = format!("the last part of {title}, after the others are done");
            found.push(self.finding(file, index, &what, at.span, &all));
        }
    }

    fn finding(
        &self,
        file: &File<'_>,
        index: NodeIndex,
        what: &str,
        span: Span,
        parts: &[Part],
    ) -> Finding {
        let mut finding = Finding::error(self.code(), span, format!("nobody is left for {what}"))
            .why(
                "even with two people in every role, everybody who may do it has acted in a step \
                 that `not_by` names",
            )
            .mend("name one more role in its `who`, or take a step off its `not_by`");
        if let Some(walk) = file.ways.walk_to(index) {
            finding = finding.at(format!("the walk: {walk}"));
        }
        let mut named: Vec<NodeIndex> = parts.iter().flat_map(|part| part.not_by.clone()).collect();
        named.sort_unstable();
        named.dedup();
        for other in named.into_iter().filter(|other| *other != index) {
            if let Some((_, step)) = file.ways.at(other).and_then(Place::step) {
                finding = finding.label(step.span, "whoever acted here is kept out");
            }
        }
        finding
    }
}
