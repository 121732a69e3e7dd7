//! The shortest walks from the start, and how they are told to a person.
//!
//! A walk knows which clocks and promises run on it, so that none is late where it cannot be.

use std::collections::BTreeSet;

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

use super::runners::{Coming, Runner, Running, runners};
use super::{By, Place, Way, Ways};
use crate::workflow::source::Clock;

/// The most steps of a walk that a finding tells.
pub(crate) const WALK_STEPS_MAX: usize = 12;

/// The shortest walks from the start to every place that they come to.
#[derive(Default)]
pub(crate) struct Walks {
    /// Every state that a case comes to, the nearest first, and what led there.
    states: Vec<(State, Hop)>,
    /// By place: the number of its first state.
    first: Vec<Option<usize>>,
    order: Vec<NodeIndex>,
}

/// Where a case is, and what runs there.
type State = (NodeIndex, Running);

/// What led to a state, from which other.
#[derive(Clone, Copy)]
enum Hop {
    /// A case begins here.
    Start,
    /// A way.
    Along(usize, EdgeIndex),
    /// A case closed there was opened again.
    Reopened(usize),
    /// Something came to run in the step.
    Within(usize),
}

impl Walks {
    /// Returns the places that are reached, the nearest first.
    pub(crate) fn order(&self) -> &[NodeIndex] {
        &self.order
    }

    /// Returns every way on which some state was come to or could be, by its index.
    pub(super) fn late_ways(&self, ways: &Ways<'_>) -> BTreeSet<EdgeIndex> {
        let followed = runners(ways.source);
        let mut late = BTreeSet::new();
        for ((place, running), _) in &self.states {
            for edge in ways.graph.edges(*place) {
                match edge.weight().by {
                    By::Late(name) if running.may_be_late(&followed, name) => {
                        late.insert(edge.id());
                    }
                    By::Late(_) | By::Action(_) | By::Anywhere(_) | By::Due => {}
                }
            }
        }
        late
    }

    /// Returns the way by which a place is reached first.
    pub(crate) fn last_way(&self, place: NodeIndex) -> Option<EdgeIndex> {
        match self.hop(place)? {
            Hop::Along(_, edge) => Some(edge),
            Hop::Start | Hop::Reopened(_) | Hop::Within(_) => None,
        }
    }

    /// Returns the outcome from which a place is reached first, by reopening.
    pub(crate) fn reopened_from(&self, place: NodeIndex) -> Option<NodeIndex> {
        match self.hop(place)? {
            Hop::Reopened(from) => self.states.get(from).map(|((outcome, _), _)| *outcome),
            Hop::Start | Hop::Along(..) | Hop::Within(_) => None,
        }
    }

    /// Returns every state that a case comes to, the nearest first: where it is, and whether any
    /// of what is followed runs. The number of a state is its place in this order.
    pub(crate) fn states(&self) -> impl Iterator<Item = (NodeIndex, bool)> {
        let states = self.states.iter();
        states.map(|((place, running), _)| (*place, running.is_any()))
    }

    fn number(&self, place: NodeIndex) -> Option<usize> {
        self.first.get(place.index()).copied().flatten()
    }

    fn hop(&self, place: NodeIndex) -> Option<Hop> {
        self.states.get(self.number(place)?).map(|(_, hop)| *hop)
    }

    /// Returns what led to a place, from the start on, each with where it leads.
    fn hops(&self, goal: NodeIndex) -> Option<Vec<(Hop, NodeIndex)>> {
        self.hops_to(self.number(goal)?)
    }

    fn hops_to(&self, mut number: usize) -> Option<Vec<(Hop, NodeIndex)>> {
        let mut hops = Vec::new();
        loop {
            let ((place, _), hop) = self.states.get(number).copied()?;
            number = match hop {
                Hop::Start => {
                    hops.push((hop, place));
                    break;
                }
                Hop::Along(from, _) | Hop::Reopened(from) => {
                    hops.push((hop, place));
                    from
                }
                Hop::Within(from) => from,
            };
        }
        hops.reverse();
        Some(hops)
    }
}

/// Finds walks, the shortest first.
struct Search {
    walks: Walks,
    seen: BTreeSet<State>,
}

impl Search {
    fn note(&mut self, state: State, hop: Hop) {
        if !self.seen.insert(state) {
            return;
        }
        let number = self.walks.states.len();
        self.walks.states.push((state, hop));
        let first = self.walks.first.get_mut(state.0.index());
        if let Some(free) = first.filter(|first| first.is_none()) {
            *free = Some(number);
            self.walks.order.push(state.0);
        }
    }
}

impl<'a> Ways<'a> {
    /// Finds the shortest walks from the start along the ways that `is_taken` allows, and on from
    /// the places that `goes_on` allows. A reopened case goes on with its past.
    pub(crate) fn walks(
        &self,
        is_taken: impl Fn(Place<'a>, &Way<'a>) -> bool,
        goes_on: impl Fn(Place<'a>) -> bool,
    ) -> Walks {
        self.walks_with(&runners(self.source), is_taken, goes_on)
    }

    /// Finds the shortest walks on which one clock is followed.
    pub(crate) fn with_clock(&self, name: &str, clock: &Clock) -> Walks {
        self.walks_with(&[Runner::clock(name, clock)], |_, _| true, |_| true)
    }

    /// Finds the shortest walks on which one promise is followed.
    pub(crate) fn with_promise(&self, name: &str) -> Walks {
        self.walks_with(&[Runner::promise(name)], |_, _| true, |_| true)
    }

    fn walks_with(
        &self,
        followed: &[Runner<'_>],
        is_taken: impl Fn(Place<'a>, &Way<'a>) -> bool,
        goes_on: impl Fn(Place<'a>) -> bool,
    ) -> Walks {
        let mut search = Search {
            walks: Walks {
                first: vec![None; self.graph.node_count()],
                ..Walks::default()
            },
            seen: BTreeSet::new(),
        };
        if let Some((start, place)) = self
            .start()
            .and_then(|start| Some((start, self.at(start)?)))
        {
            let running = Running::default().at(followed, Coming::Opened, place);
            search.note((start, running), Hop::Start);
        }
        let mut number = 0;
        while let Some(((here, running), _)) = search.walks.states.get(number).copied() {
            let from = number;
            number += 1;
            let Some(place) = self.at(here).filter(|place| goes_on(*place)) else {
                continue;
            };
            // Edges come last added first; the file's order makes walks that people expect.
            let mut edges: Vec<_> = self.graph.edges(here).collect();
            edges.reverse();
            for edge in edges {
                let way = edge.weight();
                let may_be = match way.by {
                    By::Late(name) => running.may_be_late(followed, name),
                    By::Action(_) | By::Anywhere(_) | By::Due => true,
                };
                if let Some(to) = self.at(edge.target())
                    && may_be
                    && is_taken(place, way)
                {
                    let running = running.at(followed, Coming::Along(way), to);
                    search.note((edge.target(), running), Hop::Along(from, edge.id()));
                }
            }
            if let Some(step) = self.reopens(here)
                && let Some(to) = self.at(step)
            {
                let running = running.at(followed, Coming::Reopened, to);
                search.note((step, running), Hop::Reopened(from));
            }
            let within = running.within(followed, self.source, place);
            search.note((here, within), Hop::Within(from));
        }
        search.walks
    }

    /// Returns the ways of the walk to a place, in order.
    #[expect(
        clippy::unused_self,
        reason = "a walk is asked of the graph that it lies in"
    )]
    pub(crate) fn along(&self, walks: &Walks, goal: NodeIndex) -> Vec<EdgeIndex> {
        let hops = walks.hops(goal).unwrap_or_default();
        let edges = hops.into_iter().filter_map(|(hop, _)| match hop {
            Hop::Along(_, edge) => Some(edge),
            Hop::Start | Hop::Reopened(_) | Hop::Within(_) => None,
        });
        edges.collect()
    }

    /// Tells the walk to a place, by the titles of the steps. `None` where it is not reached.
    pub(crate) fn told(&self, walks: &Walks, goal: NodeIndex) -> Option<String> {
        let number = walks.number(goal)?;
        self.told_to(walks, number, None)
    }

    /// Tells the walk to a state, by its number, and along one more way.
    pub(crate) fn told_to(
        &self,
        walks: &Walks,
        number: usize,
        last: Option<EdgeIndex>,
    ) -> Option<String> {
        let mut hops = walks.hops_to(number)?;
        if let Some(edge) = last {
            let (_, to) = self.graph.edge_endpoints(edge)?;
            hops.push((Hop::Along(number, edge), to));
        }
        let told = shortened(&hops, |(hop, to)| match hop {
            Hop::Start | Hop::Within(_) => self.title(*to),
            Hop::Along(_, edge) => self.words(*edge),
            Hop::Reopened(_) => format!("by reopening to {}", self.title(*to)),
        });
        Some(told)
    }

    /// Tells a walk along ways, by the titles of the steps.
    pub(crate) fn tell(&self, start: NodeIndex, edges: &[EdgeIndex]) -> String {
        let ways = shortened(edges, |edge| self.words(*edge));
        format!("{}, {ways}", self.title(start))
    }

    fn words(&self, edge: EdgeIndex) -> String {
        let by = self.graph.edge_weight(edge).map(|way| way.by.words());
        let ends = self.graph.edge_endpoints(edge);
        let to = ends.map(|(_, to)| self.title(to));
        format!("{} to {}", by.unwrap_or_default(), to.unwrap_or_default())
    }

    fn title(&self, place: NodeIndex) -> String {
        self.at(place).map(Place::title).unwrap_or_default()
    }
}

/// Joins the parts of a walk: the first ones, and where it ends.
fn shortened<T>(parts: &[T], words: impl Fn(&T) -> String) -> String {
    let mut told: Vec<String> = parts.iter().take(WALK_STEPS_MAX).map(&words).collect();
    let left_out = parts.get(WALK_STEPS_MAX..).unwrap_or_default();
    if let Some(last) = left_out.last() {
        told.extend(["and so on".to_owned(), words(last)]);
    }
    told.join(", ")
}
