//! The proofs that a workflow goes the H.E.A.R.D. way: hear before empathize before apologize
//! before resolve and before anything is given, and a diagnosis before a resolved outcome.
//!
//! A phase is taken out and the rest is walked: what can still be reached, is reached without it.
//! A step is entered and done. It is done by an action of its own that leads on, whatever its
//! rule: then its tasks are done and its needs were met. Who stays has not done it yet, and a
//! deadline or an action of `anywhere` leaves it undone. A diagnosis is not done by a rule with
//! `at_most` either, because such a rule asks for no cause. A step of several phases does them in
//! their order, so entering it does not break the order within it.
//!
//! Walks begin at the start and go on through reopening: a reopened case keeps its past.

use petgraph::graph::{EdgeIndex, NodeIndex};

use super::File;
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;
use crate::workflow::source::{Model, Step};
use crate::workflow::ways::{By, Place, Walks, Way};

/// The phases in the order in which a customer must meet them.
const ORDER: [Phase; 4] = [
    Phase::Hear,
    Phase::Empathize,
    Phase::Apologize,
    Phase::Resolve,
];

/// Returns whether the proofs are demanded.
pub(super) fn is_demanded(file: &File<'_>) -> bool {
    match file.source.model.as_ref().map(|model| model.value) {
        None | Some(Model::Heard) => true,
        Some(Model::Custom) => false,
    }
}

/// Returns whether a step serves a phase.
pub(super) fn serves(step: &Step, phase: Phase) -> bool {
    step.phases.iter().any(|served| served.value == phase)
}

/// Returns whether going the way out of a place does a phase.
pub(super) fn does(place: Place<'_>, way: &Way<'_>, phase: Phase) -> bool {
    let is_own = match way.by {
        By::Action(_) => true,
        By::Anywhere(_) | By::Due | By::Late(_) => false,
    };
    let counted = way.taken.is_some_and(|(_, rule)| rule.at_most.is_some());
    let asks_no_cause = phase == Phase::Diagnose && counted;
    let step = place.step().map(|(_, step)| &step.value);
    is_own && !asks_no_cause && step.is_some_and(|step| serves(step, phase))
}

/// Walks without ever doing a phase, and no further than the places where `goes_on` says no.
pub(super) fn walks_without<'a>(
    file: &File<'a>,
    phase: Phase,
    goes_on: impl Fn(Place<'a>) -> bool,
) -> Walks {
    file.ways
        .walks(|place, way| !does(place, way, phase), goes_on)
}

/// Reports every step of `after` that can be entered while `before` was never done.
pub(super) fn in_order(
    code: Code,
    before: Phase,
    after: Phase,
    why: &str,
    file: &File<'_>,
    found: &mut Vec<Finding>,
) {
    if !is_demanded(file) {
        return;
    }
    if has_none(file, before) {
        let reached = file.ways.walks(|_, _| true, |_| true);
        let later = ORDER.iter().skip_while(|phase| **phase != after);
        let is_later = |step: &Step| later.clone().any(|phase| serves(step, *phase));
        let mut steps = reached.order().iter().filter_map(|index| {
            let (_, step) = file.ways.at(*index)?.step()?;
            is_later(&step.value).then_some((*index, step.span))
        });
        if let Some((index, span)) = steps.next() {
            let title = file.ways.at(index).map(Place::title).unwrap_or_default();
            let message = format!("there is no step of the phase `{}`", before.as_str());
            let finding = Finding::error(code, span, message).at(format!(
                "a case comes to {title}, and {} by then",
                nobody(before)
            ));
            found.push(finding.why(why).mend(format!(
                "add a step with `phase: {}` that cases come through before this one{CUSTOM}",
                before.as_str()
            )));
        }
        return;
    }
    let is_broken = |place: Place<'_>| {
        place
            .step()
            .is_some_and(|(_, step)| comes_first(&step.value, after, before))
    };
    let walks = walks_without(file, before, |place| !is_broken(place));
    for index in walks.order() {
        let Some(place) = file.ways.at(*index).filter(|place| is_broken(*place)) else {
            continue;
        };
        let Some((_, step)) = place.step() else {
            continue;
        };
        let message = format!("{} can begin when {}", place.title(), nobody(before));
        let finding = Finding::error(code, step.span, message).why(why);
        found.push(told(file, &walks, *index, before, finding));
    }
}

/// Tells how a place is reached without a phase, and what to write.
pub(super) fn told(
    file: &File<'_>,
    walks: &Walks,
    goal: NodeIndex,
    before: Phase,
    finding: Finding,
) -> Finding {
    let walk = file.ways.told(walks, goal).unwrap_or_default();
    let (finding, is_left_undone) = left_undone(
        file,
        walks,
        goal,
        before,
        finding.at(format!("the walk: {walk}")),
    );
    let first = first_missed(file, walks, goal, before);
    let place = file.ways.at(goal);
    let within = place
        .and_then(Place::step)
        .is_some_and(|(_, step)| serves(&step.value, before));
    let word = before.as_str();
    if is_left_undone {
        return finding.mend(format!(
            "where the walk leaves it undone, lead to another step of the phase `{word}` in which \
             somebody else takes over, or only `tell` somebody{CUSTOM}"
        ));
    }
    if within {
        return finding.mend(format!(
            "name `{word}` first in the `phase` of this step{CUSTOM}"
        ));
    }
    let last = walks
        .last_way(goal)
        .and_then(|edge| file.ways.graph.edge_weight(edge));
    if let Some(way) = last {
        let is_elsewhere = way.span != finding.span;
        let mend = match way.by {
            By::Anywhere(name) => {
                // A way from anywhere to a step has to be counted.
                let counted = if way.is_counted {
                    ""
                } else {
                    " with `at_most: 1`"
                };
                let or = if place.is_some_and(|place| place.outcome().is_some()) {
                    ", or to an outcome that counts as withdrawn"
                } else {
                    ""
                };
                format!("let `{name}` lead to `{first}`{counted}{or}{CUSTOM}")
            }
            By::Action(_) | By::Due | By::Late(_) => {
                format!("write `{first}` instead on the way that leads here{CUSTOM}")
            }
        };
        return if is_elsewhere {
            finding
                .label(way.span, "this way leads here too soon")
                .mend(mend)
        } else {
            finding.mend(mend)
        };
    }
    let outcome = walks
        .reopened_from(goal)
        .and_then(|outcome| file.ways.at(outcome)?.outcome());
    match outcome.and_then(|(_, outcome)| outcome.value.reopen.as_ref()) {
        Some(reopen) => finding
            .label(reopen.to.span, "reopening leads here")
            .mend(format!(
                "write `reopen: {{to: {first}, ...}}` in that outcome{CUSTOM}"
            )),
        None => finding.mend(format!(
            "let cases come through `{first}` before this step{CUSTOM}"
        )),
    }
}

/// Returns the step in which the earliest phase begins that the walk to a place has not done, so
/// that nobody is sent from one missing phase to the next.
fn first_missed<'a>(file: &File<'a>, walks: &Walks, goal: NodeIndex, before: Phase) -> &'a str {
    let edges = file.ways.along(walks, goal);
    let from = |edge: EdgeIndex| {
        let (from, _) = file.ways.graph.edge_endpoints(edge)?;
        Some((file.ways.at(from)?, file.ways.graph.edge_weight(edge)?))
    };
    let is_done = |phase: Phase| {
        let mut ways = edges.iter().filter_map(|edge| from(*edge));
        ways.any(|(place, way)| does(place, way, phase))
    };
    // A step that the last way leaves undone is no place to lead it to.
    let last = walks.last_way(goal).and_then(from);
    let is_left = |phase: Phase| {
        last.is_some_and(|(place, way)| {
            let is_own = !matches!(way.by, By::Anywhere(_));
            let step = place.step().map(|(_, step)| &step.value);
            is_own && step.is_some_and(|step| serves(step, phase))
        })
    };
    let step_of = |phase: Phase| {
        let mut steps = file.source.steps.iter();
        steps.find(|(_, step)| serves(&step.value, phase))
    };
    let earlier = ORDER
        .iter()
        .copied()
        .take_while(|phase| ORDER.contains(&before) && *phase != before);
    let mut missed = earlier.filter(|phase| !is_done(*phase) && !is_left(*phase));
    let first = missed.find_map(step_of).or_else(|| step_of(before));
    first.map_or("", |(name, _)| name.as_str())
}

/// Labels the ways of a walk that leave a step of the phase undone. Returns whether there are any.
pub(super) fn left_undone(
    file: &File<'_>,
    walks: &Walks,
    goal: NodeIndex,
    phase: Phase,
    mut finding: Finding,
) -> (Finding, bool) {
    let mut is_left_undone = false;
    for edge in file.ways.along(walks, goal) {
        let from = file.ways.graph.edge_endpoints(edge);
        let place = from.and_then(|(from, _)| file.ways.at(from));
        let way = file.ways.graph.edge_weight(edge);
        let (Some(place), Some(way)) = (place, way) else {
            continue;
        };
        if place
            .step()
            .is_some_and(|(_, step)| serves(&step.value, phase))
        {
            is_left_undone = true;
            finding = finding.label(way.span, format!("this leaves {} undone", place.title()));
        }
    }
    (finding, is_left_undone)
}

const CUSTOM: &str = "; or say `model: custom` at the top, if the house follows another method";

/// Returns whether no step serves the phase.
pub(super) fn has_none(file: &File<'_>, phase: Phase) -> bool {
    !file
        .source
        .steps
        .values()
        .any(|step| serves(&step.value, phase))
}

/// Says in words that a phase was not done.
pub(super) const fn nobody(phase: Phase) -> &'static str {
    match phase {
        Phase::Hear => "nobody has heard the customer out",
        Phase::Empathize => "nobody has shown that they understand",
        Phase::Apologize => "nobody has apologised",
        Phase::Resolve => "nobody has put anything right",
        Phase::Explain => "nobody has explained anything",
        Phase::Thank => "nobody has said thank you",
        Phase::Diagnose => "nobody has found the cause",
        Phase::FollowUp => "nobody has followed up",
        Phase::Approve => "nobody has agreed",
        Phase::Wait => "nobody has waited",
    }
}

/// Returns whether the step does `after` and has not done `before` earlier within itself.
fn comes_first(step: &Step, after: Phase, before: Phase) -> bool {
    let place = |phase| step.phases.iter().position(|served| served.value == phase);
    place(after).is_some_and(|after| place(before).is_none_or(|before| before > after))
}
