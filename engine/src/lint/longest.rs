//! The way through a workflow that takes longest, though everybody is in time.
//!
//! Left out are rules with `at_most` and their `then`, and the ways of those who are late. What is
//! left goes round in a circle only where H204 says so; then there is no longest way.

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::workflow::source::{Due, Step};
use crate::workflow::ways::{By, Place, Way, Ways};

/// How long a way is, and where it ends.
pub(super) struct Measure<'m> {
    /// Roughly how long a step may take.
    pub(super) takes: &'m dyn Fn(NodeIndex) -> u64,
    /// The way is over when a place is entered.
    pub(super) is_end: &'m dyn Fn(NodeIndex) -> bool,
    /// The way is over once this has been gone.
    pub(super) is_last: &'m dyn Fn(&Way<'_>) -> bool,
    /// No other is gone.
    pub(super) can_go: &'m dyn Fn(&Way<'_>) -> bool,
}

/// A way through the workflow.
pub(super) struct Long {
    pub(super) begin: NodeIndex,
    pub(super) ways: Vec<EdgeIndex>,
    /// The steps in which time passes, in order.
    pub(super) steps: Vec<NodeIndex>,
}

/// What is known of a place while the longest way is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    Nothing,
    /// It is on the present walk.
    Open,
    /// So long from here on, by this way.
    Takes(u64, Option<EdgeIndex>),
}

/// Returns the longest way from one of some places. `None` where it goes round in a circle.
pub(super) fn longest(
    ways: &Ways<'_>,
    starts: &[NodeIndex],
    measure: &Measure<'_>,
) -> Option<Long> {
    let mut known = vec![Known::Nothing; ways.graph.node_count()];
    let mut best: Option<(u64, NodeIndex)> = None;
    for start in starts {
        if (measure.is_end)(*start) {
            continue;
        }
        let takes = from(ways, *start, measure, &mut known)?;
        if best.is_none_or(|(most, _)| takes > most) {
            best = Some((takes, *start));
        }
    }
    let (_, begin) = best?;
    let mut long = Long {
        begin,
        ways: Vec::new(),
        steps: vec![begin],
    };
    let mut here = begin;
    while let Some(Known::Takes(_, Some(edge))) = known.get(here.index()) {
        long.ways.push(*edge);
        (_, here) = ways.graph.edge_endpoints(*edge)?;
        let way = ways.graph.edge_weight(*edge)?;
        if (measure.is_last)(way) || (measure.is_end)(here) {
            break;
        }
        long.steps.push(here);
    }
    Some(long)
}

/// Finds out how long the longest way from a place takes.
fn from(
    ways: &Ways<'_>,
    start: NodeIndex,
    measure: &Measure<'_>,
    known: &mut [Known],
) -> Option<u64> {
    let mut walk = vec![start];
    while let Some(here) = walk.last().copied() {
        match known.get(here.index())? {
            Known::Takes(..) => {
                walk.pop();
                continue;
            }
            Known::Nothing | Known::Open => {}
        }
        let is_back = known.get(here.index()) == Some(&Known::Open);
        let mut most: (u64, Option<EdgeIndex>) = (0, None);
        let before = walk.len();
        for edge in ways.graph.edges(here) {
            let (way, to) = (edge.weight(), edge.target());
            if !is_in_time(ways, here, way) || to == here || !(measure.can_go)(way) {
                continue;
            }
            let on = if (measure.is_last)(way) || (measure.is_end)(to) {
                0
            } else {
                match known.get(to.index())? {
                    Known::Takes(takes, _) => *takes,
                    Known::Open => return None,
                    Known::Nothing if is_back => return None,
                    Known::Nothing => {
                        walk.push(to);
                        continue;
                    }
                }
            };
            // Edges come last added first, so of equal ways the first in the file is kept.
            if most.1.is_none() || on >= most.0 {
                most = (on, Some(edge.id()));
            }
        }
        let entry = known.get_mut(here.index())?;
        *entry = if walk.len() > before {
            Known::Open
        } else {
            Known::Takes(most.0 + (measure.takes)(here), most.1)
        };
    }
    match known.get(start.index())? {
        Known::Takes(takes, _) => Some(*takes),
        Known::Nothing | Known::Open => None,
    }
}

/// Returns whether a case goes this way though nobody is late, as often as need be.
fn is_in_time(ways: &Ways<'_>, here: NodeIndex, way: &Way<'_>) -> bool {
    match way.by {
        By::Action(_) | By::Anywhere(_) => {
            way.taken.is_some_and(|(_, rule)| rule.at_most.is_none())
        }
        By::Late(_) => false,
        By::Due => {
            let step = ways.at(here).and_then(Place::step);
            let mut dues = step.into_iter().flat_map(|(_, step)| dues(&step.value));
            dues.any(|due| due.then.as_ref().is_some_and(|then| then.span == way.span))
        }
    }
}

/// Returns what a step and its tasks are due.
fn dues(step: &Step) -> impl Iterator<Item = &Due> {
    let tasks = step.tasks.values();
    let tasks = tasks.filter_map(|task| task.value.due.as_ref());
    step.due.iter().chain(tasks)
}
