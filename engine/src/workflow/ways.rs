//! The graph of a workflow: steps and outcomes, and every way between them.
//!
//! Ways are actions, their `then`, deadlines, clocks and promises that are late, and `anywhere`.
//! Any rule that can fit may fit.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::finding::Span;
use crate::workflow::source::{Action, Due, Late, Outcome, Sp, Step, Workflow};

/// The most steps of a walk that a finding tells.
pub(crate) const WALK_STEPS_MAX: usize = 12;

/// The graph.
pub(crate) struct Ways<'a> {
    pub(crate) graph: DiGraph<Place<'a>, Way<'a>>,
    places: BTreeMap<&'a str, NodeIndex>,
    source: &'a Workflow,
}

/// Where a case can be.
pub(crate) enum Place<'a> {
    Step(&'a str, &'a Sp<Step>),
    Outcome(&'a str, &'a Sp<Outcome>),
}

/// A way from one place to another.
pub(crate) struct Way<'a> {
    pub(crate) by: By<'a>,
    /// Where the file names the target.
    pub(crate) span: Span,
    /// It can be taken only so many times.
    pub(crate) is_counted: bool,
    /// It can be used up: counted, and nothing is taken instead afterwards.
    pub(crate) is_used_up: bool,
}

/// What leads along a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By<'a> {
    Action(&'a str),
    Anywhere(&'a str),
    /// The step's own `due`.
    Due,
    /// A clock or a promise, which is late once.
    Late(&'a str),
}

impl By<'_> {
    /// Returns it as it stands in the tale of a walk.
    pub(crate) fn words(self) -> String {
        match self {
            By::Action(name) | By::Anywhere(name) => format!("by `{name}`"),
            By::Due => "when it is due".to_owned(),
            By::Late(name) => format!("when `{name}` is late"),
        }
    }
}

impl Place<'_> {
    /// Returns what people call it, in quotation marks.
    pub(crate) fn title(&self) -> String {
        let (name, title) = match self {
            Self::Step(name, step) => (name, step.value.title.as_ref()),
            Self::Outcome(name, outcome) => (name, outcome.value.title.as_ref()),
        };
        match title {
            Some(title) => format!("“{}”", title.value),
            None => format!("“{}”", name.replace('_', " ")),
        }
    }
}

impl<'a> Ways<'a> {
    /// Lays out the graph. Targets that do not exist are left out.
    pub(crate) fn of(source: &'a Workflow) -> Self {
        let mut ways = Self {
            graph: DiGraph::new(),
            places: BTreeMap::new(),
            source,
        };
        for (name, step) in &source.steps {
            let index = ways.graph.add_node(Place::Step(name, step));
            ways.places.insert(name, index);
        }
        for (name, outcome) in &source.outcomes {
            let index = ways.graph.add_node(Place::Outcome(name, outcome));
            ways.places.entry(name).or_insert(index);
        }
        for (name, step) in &source.steps {
            ways.step(name, &step.value);
        }
        ways
    }

    fn step(&mut self, name: &'a str, step: &'a Step) {
        let Some(from) = self.places.get(name).copied() else {
            return;
        };
        for (action_name, action) in &step.actions {
            self.action(from, By::Action(action_name), &action.value);
        }
        let source = self.source;
        for (action_name, action) in &source.anywhere {
            let mut shut = action.value.not_in.iter().chain(targets(&action.value));
            if !shut.any(|step| step.value == name) {
                self.action(from, By::Anywhere(action_name), &action.value);
            }
        }
        let tasks = step
            .tasks
            .values()
            .filter_map(|task| task.value.due.as_ref());
        for due in step.due.iter().chain(tasks) {
            self.due(from, due);
        }
        for (name, clock) in &source.clocks {
            self.late(from, By::Late(name), &clock.value.late);
        }
        for (name, promise) in &source.promises {
            self.late(from, By::Late(name), &promise.value.late);
        }
    }

    fn action(&mut self, from: NodeIndex, by: By<'a>, action: &'a Action) {
        for rule in &action.rules {
            let is_counted = rule.at_most.is_some();
            let is_used_up = is_counted && rule.then.is_none();
            self.add(from, by, &rule.go_to, is_counted, is_used_up);
            if let Some(then) = &rule.then {
                // Once the rule has been taken so often, nothing counts how often this one is.
                self.add(from, by, then, false, false);
            }
        }
    }

    fn due(&mut self, from: NodeIndex, due: &'a Due) {
        self.late(from, By::Due, &due.late);
        if let Some(then) = &due.then {
            self.add(from, By::Due, then, false, false);
        }
    }

    fn late(&mut self, from: NodeIndex, by: By<'a>, ladder: &'a [Late]) {
        for late in ladder {
            if let Some(go_to) = &late.go_to {
                self.add(from, by, go_to, false, false);
            }
        }
    }

    fn add(
        &mut self,
        from: NodeIndex,
        by: By<'a>,
        target: &'a Sp<String>,
        is_counted: bool,
        is_used_up: bool,
    ) {
        if let Some(to) = self.places.get(target.value.as_str()) {
            let way = Way {
                by,
                span: target.span,
                is_counted,
                is_used_up,
            };
            self.graph.add_edge(from, *to, way);
        }
    }

    /// Returns the place in which a case begins.
    pub(crate) fn start(&self) -> Option<NodeIndex> {
        self.places.get(self.source.start.value.as_str()).copied()
    }

    /// Returns every place that a case can come to, also after it was reopened.
    pub(crate) fn reached(&self) -> BTreeSet<NodeIndex> {
        let mut reached = BTreeSet::new();
        let mut waiting: Vec<NodeIndex> = self.start().into_iter().collect();
        while let Some(here) = waiting.pop() {
            if !reached.insert(here) {
                continue;
            }
            waiting.extend(self.graph.neighbors(here));
            if let Some(Place::Outcome(_, outcome)) = self.graph.node_weight(here) {
                let reopen = outcome.value.reopen.as_ref();
                let step = reopen.and_then(|reopen| self.places.get(reopen.to.value.as_str()));
                waiting.extend(step);
            }
        }
        reached
    }

    /// Returns every place from which one of some places can be reached, with these.
    pub(crate) fn leading_to(&self, goals: impl Iterator<Item = NodeIndex>) -> BTreeSet<NodeIndex> {
        let mut leading = BTreeSet::new();
        let mut waiting: Vec<NodeIndex> = goals.collect();
        while let Some(here) = waiting.pop() {
            if leading.insert(here) {
                waiting.extend(self.graph.neighbors_directed(here, Direction::Incoming));
            }
        }
        leading
    }

    /// Tells the shortest walk from the start to a place, by the titles of the steps.
    pub(crate) fn walk_to(&self, goal: NodeIndex) -> Option<String> {
        let start = self.start()?;
        let mut before: BTreeMap<NodeIndex, EdgeIndex> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(here) = waiting.pop_front() {
            if here == goal {
                break;
            }
            // Edges come last added first; the file's order makes walks that people expect.
            let mut edges: Vec<_> = self.graph.edges(here).collect();
            edges.reverse();
            for edge in edges {
                if edge.target() != start && !before.contains_key(&edge.target()) {
                    before.insert(edge.target(), edge.id());
                    waiting.push_back(edge.target());
                }
            }
        }
        let mut edges = Vec::new();
        let mut here = goal;
        while here != start {
            let edge = *before.get(&here)?;
            edges.push(edge);
            (here, _) = self.graph.edge_endpoints(edge)?;
        }
        edges.reverse();
        Some(self.tell(start, &edges))
    }

    /// Tells a walk along ways, by the titles of the steps.
    pub(crate) fn tell(&self, start: NodeIndex, edges: &[EdgeIndex]) -> String {
        let title = |place: NodeIndex| self.graph.node_weight(place).map(Place::title);
        let mut words = title(start).unwrap_or_default();
        for edge in edges.iter().take(WALK_STEPS_MAX) {
            let way = self.graph.edge_weight(*edge);
            let to = self
                .graph
                .edge_endpoints(*edge)
                .and_then(|(_, to)| title(to));
            if let (Some(way), Some(to)) = (way, to) {
                let step = [", ", &way.by.words(), " to ", &to].concat();
                words.push_str(&step);
            }
        }
        if edges.len() > WALK_STEPS_MAX {
            words.push_str(" and so on");
        }
        words
    }
}

fn targets(action: &Action) -> impl Iterator<Item = &Sp<String>> {
    let rules = action.rules.iter();
    rules.flat_map(|rule| std::iter::once(&rule.go_to).chain(&rule.then))
}
