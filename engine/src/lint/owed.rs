//! Promises that are owed when a case is closed as resolved, decided over the graph.
//!
//! A promise is owed from the way that `makes` it to one that `keeps` it; closing ends it. Where
//! the last step has an action that keeps it and stays, it can be kept before the case is closed,
//! so nothing is wrong there; but not what the way that closes makes itself.

use std::collections::BTreeSet;

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

use super::File;
use super::deadlines::FOLLOWED_MAX;
use crate::finding::Span;
use crate::workflow::CountsAs;
use crate::workflow::source::{Action, Effects, Sp};
use crate::workflow::ways::{By, Place, Walks, Way, is_offered};

/// A way that closes a case as resolved with a promise owed.
pub(super) struct Owed<'a> {
    pub(super) promise: &'a str,
    /// Where the promise is declared.
    pub(super) declared: Span,
    pub(super) by: By<'a>,
    /// Where the file names the outcome.
    pub(super) span: Span,
    /// What people call the outcome.
    pub(super) outcome: String,
    /// Where the promise is made, first in the file.
    pub(super) made: Option<Span>,
    /// The walk, from the start to the outcome.
    pub(super) walk: String,
}

/// Returns where a promise is made, or kept.
pub(super) fn named<'a>(
    file: &File<'a>,
    promise: &str,
    names: fn(&Effects) -> &[Sp<String>],
) -> Option<&'a Sp<String>> {
    let steps = file.source.steps.values();
    let own = steps.flat_map(|step| step.value.actions.values());
    let effects = own.chain(file.source.anywhere.values()).flat_map(|action| {
        let rules = action.value.rules.iter().map(|rule| &rule.effects);
        rules.chain([&action.value.effects])
    });
    let mut all = effects.flat_map(names);
    all.find(|name| name.value == promise)
}

/// Returns every such way, one for each place in the file and promise.
pub(super) fn owed<'a>(file: &File<'a>) -> Vec<Owed<'a>> {
    let mut owed = Vec::new();
    let promises = file.source.promises.iter();
    // What nothing makes is never owed, and what nothing keeps is a fault of its own.
    let followed = promises.filter_map(|(name, promise)| {
        let made = named(file, name, |effects| &effects.makes)?;
        named(file, name, |effects| &effects.keeps)?;
        Some((name.as_str(), promise.span, made.span))
    });
    for (promise, declared, made) in followed.take(FOLLOWED_MAX) {
        let walks = file.ways.with_promise(promise);
        let closing = closing(file, promise, &walks);
        owed.extend(closing.into_iter().filter_map(|(number, edge)| {
            let way = file.ways.graph.edge_weight(edge)?;
            let (_, to) = file.ways.graph.edge_endpoints(edge)?;
            Some(Owed {
                promise,
                declared,
                by: way.by,
                span: way.span,
                outcome: file.ways.at(to)?.title(),
                made: Some(made),
                walk: file.ways.told_to(&walks, number, Some(edge))?,
            })
        }));
    }
    owed
}

/// Returns the ways that close as resolved while the promise is owed, each with the state before.
fn closing(file: &File<'_>, promise: &str, walks: &Walks) -> Vec<(usize, EdgeIndex)> {
    let mut seen = BTreeSet::new();
    let mut closing = Vec::new();
    for (number, (place, is_owed)) in walks.states().enumerate() {
        for edge in file.ways.graph.edges(place) {
            let way = edge.weight();
            let is_late = matches!(way.by, By::Late(name) if name == promise);
            let may_be = is_owed || !is_late;
            if may_be
                && !seen.contains(&way.span)
                && is_resolved(file, edge.target())
                && is_owed_after(way, promise, is_owed)
                && (makes(way, promise) || !can_be_kept_before(file, place, way, promise))
            {
                seen.insert(way.span);
                closing.push((number, edge.id()));
            }
        }
    }
    closing
}

fn is_resolved(file: &File<'_>, place: NodeIndex) -> bool {
    let outcome = file.ways.at(place).and_then(Place::outcome);
    outcome.is_some_and(|(_, outcome)| {
        let counts = outcome.value.counts_as.as_ref();
        counts.is_some_and(|counts| counts.value == CountsAs::Resolved)
    })
}

/// On one way `keeps` comes before `makes`.
fn is_owed_after(way: &Way<'_>, promise: &str, is_owed: bool) -> bool {
    let mut kept = way.effects().flat_map(|effects| &effects.keeps);
    makes(way, promise) || is_owed && !kept.any(|name| name.value == promise)
}

fn makes(way: &Way<'_>, promise: &str) -> bool {
    let mut made = way.effects().flat_map(|effects| &effects.makes);
    made.any(|name| name.value == promise)
}

/// Returns whether whoever closes can keep the promise first, without leaving the step. Nobody
/// acts before a deadline.
fn can_be_kept_before(file: &File<'_>, place: NodeIndex, way: &Way<'_>, promise: &str) -> bool {
    let Some((name, step)) = file.ways.at(place).and_then(Place::step) else {
        return false;
    };
    let anywhere = file.source.anywhere.values();
    let open = anywhere.filter(|action| is_offered(&action.value, name));
    let mut actions = step.value.actions.values().chain(open);
    way.taken.is_some()
        && actions.any(|action| keeps_and_stays(&action.value, promise) == Some(false))
}

/// Returns whether an action can keep a promise without leaving the step, and whether it makes it
/// anew at once.
pub(super) fn keeps_and_stays(action: &Action, promise: &str) -> Option<bool> {
    let mut staying = action.rules.iter().filter(|rule| {
        let then = rule.then.as_ref();
        rule.go_to.value == "stay" || then.is_some_and(|then| then.value == "stay")
    });
    staying.find_map(|rule| {
        let does = |names: fn(&Effects) -> &[Sp<String>]| {
            let mut names = [&action.effects, &rule.effects].into_iter().flat_map(names);
            names.any(|name| name.value == promise)
        };
        does(|effects| &effects.keeps).then(|| does(|effects| &effects.makes))
    })
}
