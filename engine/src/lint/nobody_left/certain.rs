//! What has certainly happened before a step is entered, on every way to it.
//!
//! Each step is split into entered and acted in. Something is certain where the second half of the
//! one step dominates the first half of the other: no walk from the start comes there without it.

use petgraph::algo::dominators::{Dominators, simple_fast};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::workflow::ways::{By, Ways};

/// Answers what has certainly happened.
pub(super) struct Certain {
    acted: Tree,
    worked: Tree,
}

impl Certain {
    /// Looks at every walk of the graph, also on through reopening.
    pub(super) fn of(ways: &Ways<'_>) -> Self {
        Self {
            acted: Tree::of(ways, |by| match by {
                By::Action(_) | By::Anywhere(_) => true,
                By::Due | By::Late(_) => false,
            }),
            worked: Tree::of(ways, |by| match by {
                By::Action(_) => true,
                By::Anywhere(_) | By::Due | By::Late(_) => false,
            }),
        }
    }

    /// Returns whether somebody has left the one step before the other is entered, if only by an
    /// action of `anywhere`.
    pub(super) fn has_acted(&self, one: NodeIndex, before: NodeIndex) -> bool {
        self.acted.dominates(one, before)
    }

    /// Returns whether the one step was left by an action of its own, all its tasks done, before
    /// the other is entered.
    pub(super) fn has_worked(&self, one: NodeIndex, before: NodeIndex) -> bool {
        self.worked.dominates(one, before)
    }
}

/// The tree of dominators of the split graph, numbered so that each question takes no walk.
struct Tree {
    /// By node: when a walk of the tree comes to it and when it leaves it; `None` if unreached.
    stays: Vec<Option<(usize, usize)>>,
    places: usize,
}

impl Tree {
    fn of(ways: &Ways<'_>, is_act: impl Fn(By<'_>) -> bool) -> Self {
        let places = ways.graph.node_count();
        let Some(start) = ways.start() else {
            return Self {
                stays: Vec::new(),
                places,
            };
        };
        let mut split: DiGraph<(), ()> = DiGraph::new();
        for _ in 0..2 * places {
            split.add_node(());
        }
        let second = |place: NodeIndex| NodeIndex::new(places + place.index());
        for place in ways.graph.node_indices() {
            split.add_edge(place, second(place), ());
            if let Some(step) = ways.reopens(place) {
                split.add_edge(place, step, ());
            }
        }
        for edge in ways.graph.edge_references() {
            let from = if is_act(edge.weight().by) {
                second(edge.source())
            } else {
                edge.source()
            };
            split.add_edge(from, edge.target(), ());
        }
        Self {
            stays: stays(&simple_fast(&split, start), start, 2 * places),
            places,
        }
    }

    fn dominates(&self, one: NodeIndex, other: NodeIndex) -> bool {
        let stay = |index: usize| self.stays.get(index).copied().flatten();
        let one = stay(self.places + one.index());
        let other = stay(other.index());
        one.zip(other)
            .is_some_and(|((came, left), (comes, leaves))| came < comes && leaves < left)
    }
}

/// Walks the tree once and notes when each node is come to and left.
fn stays(
    dominators: &Dominators<NodeIndex>,
    root: NodeIndex,
    nodes: usize,
) -> Vec<Option<(usize, usize)>> {
    let mut children = vec![Vec::new(); nodes];
    for node in (0..nodes).map(NodeIndex::new) {
        let above = dominators.immediate_dominator(node);
        if let Some(list) = above.and_then(|above| children.get_mut(above.index())) {
            list.push(node);
        }
    }
    let mut stays = vec![None; nodes];
    let mut now = 0;
    let mut walk = vec![(root, now)];
    while let Some((node, came)) = walk.last().copied() {
        now += 1;
        if let Some(child) = children.get_mut(node.index()).and_then(Vec::pop) {
            walk.push((child, now));
        } else {
            walk.pop();
            if let Some(stay) = stays.get_mut(node.index()) {
                *stay = Some((came, now));
            }
        }
    }
    stays
}
