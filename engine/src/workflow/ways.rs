//! The graph of a workflow: steps and outcomes, and every way between them.
//!
//! Ways are actions, their `then`, deadlines, clocks and promises that are late where they may
//! run, and `anywhere`. Any rule that can fit may fit. A deadline whose target is the step itself
//! is no way: the case is already there.

mod runners;
mod walk;

use std::collections::{BTreeMap, BTreeSet};

use petgraph::Direction;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef as _;

use crate::finding::Span;
use crate::workflow::source::{Action, Due, Effects, Outcome, Rule, Sp, Step, Workflow};

pub(crate) use walk::{WALK_STEPS_MAX, Walks};

/// The graph.
pub(crate) struct Ways<'a> {
    pub(crate) graph: DiGraph<Place<'a>, Way<'a>>,
    places: BTreeMap<&'a str, NodeIndex>,
    source: &'a Workflow,
    /// The shortest walks from the start, along every way.
    all: Walks,
}

/// Where a case can be.
#[derive(Clone, Copy)]
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
    /// What a person takes to go it.
    pub(crate) taken: Option<(&'a Action, &'a Rule)>,
}

impl<'a> Way<'a> {
    /// Returns what is done on the way beside going it.
    pub(crate) fn effects(&self) -> impl Iterator<Item = &'a Effects> + use<'a> {
        let both = self
            .taken
            .map(|(action, rule)| [&action.effects, &rule.effects]);
        both.into_iter().flatten()
    }
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
            By::Due => "when its time is up".to_owned(),
            By::Late(name) => format!("when `{name}` is late"),
        }
    }
}

impl<'a> Place<'a> {
    /// Returns the step, where it is one.
    pub(crate) const fn step(self) -> Option<(&'a str, &'a Sp<Step>)> {
        match self {
            Self::Step(name, step) => Some((name, step)),
            Self::Outcome(..) => None,
        }
    }

    /// Returns the outcome, where it is one.
    pub(crate) const fn outcome(self) -> Option<(&'a str, &'a Sp<Outcome>)> {
        match self {
            Self::Step(..) => None,
            Self::Outcome(name, outcome) => Some((name, outcome)),
        }
    }

    const fn name(self) -> &'a str {
        match self {
            Self::Step(name, _) | Self::Outcome(name, _) => name,
        }
    }

    /// Returns what people call it, in quotation marks.
    pub(crate) fn title(self) -> String {
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
            all: Walks::default(),
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
        ways.late();
        ways.all = ways.walks(|_, _| true, |_| true);
        ways
    }

    /// Returns where a place is, if there is one of this name.
    pub(crate) fn place(&self, name: &str) -> Option<NodeIndex> {
        self.places.get(name).copied()
    }

    /// Returns what is at a place.
    pub(crate) fn at(&self, index: NodeIndex) -> Option<Place<'a>> {
        self.graph.node_weight(index).copied()
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
            if is_offered(&action.value, name) {
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
    }

    fn action(&mut self, from: NodeIndex, by: By<'a>, action: &'a Action) {
        for rule in &action.rules {
            let is_counted = rule.at_most.is_some();
            let way = Way {
                by,
                span: rule.go_to.span,
                is_counted,
                is_used_up: is_counted && rule.then.is_none(),
                taken: Some((action, rule)),
            };
            self.add(from, &rule.go_to.value, way);
            if let Some(then) = &rule.then {
                // Once the rule has been taken so often, nothing counts how often this one is.
                let way = Way {
                    by,
                    span: then.span,
                    is_counted: false,
                    is_used_up: false,
                    taken: Some((action, rule)),
                };
                self.add(from, &then.value, way);
            }
        }
    }

    fn due(&mut self, from: NodeIndex, due: &'a Due) {
        let late = due.late.iter().filter_map(|late| late.go_to.as_ref());
        for target in late.chain(&due.then) {
            self.deadline(from, By::Due, target);
        }
    }

    /// Adds the ways of clocks and promises that are late, from each step where they may run.
    fn late(&mut self) {
        let source = self.source;
        let clocks = source
            .clocks
            .iter()
            .map(|(name, clock)| (name, &clock.value.late));
        let promises = source
            .promises
            .iter()
            .map(|(name, promise)| (name, &promise.value.late));
        let late: Vec<_> = clocks.chain(promises).collect();
        for name in source.steps.keys() {
            let Some(from) = self.place(name) else {
                continue;
            };
            for (runner, ladder) in &late {
                for target in ladder.iter().filter_map(|late| late.go_to.as_ref()) {
                    self.deadline(from, By::Late(runner), target);
                }
            }
        }
        if self
            .graph
            .edge_weights()
            .any(|way| matches!(way.by, By::Late(_)))
        {
            let walks = self.walks(|_, _| true, |_| true);
            let may_be = walks.late_ways(self);
            self.graph.retain_edges(|graph, edge| {
                let is_late = graph
                    .edge_weight(edge)
                    .is_some_and(|way| matches!(way.by, By::Late(_)));
                !is_late || may_be.contains(&edge)
            });
        }
    }

    fn deadline(&mut self, from: NodeIndex, by: By<'a>, target: &Sp<String>) {
        if self.place(&target.value) != Some(from) {
            let way = Way {
                by,
                span: target.span,
                is_counted: false,
                is_used_up: false,
                taken: None,
            };
            self.add(from, &target.value, way);
        }
    }

    fn add(&mut self, from: NodeIndex, target: &str, way: Way<'a>) {
        if let Some(to) = self.place(target) {
            self.graph.add_edge(from, to, way);
        }
    }

    /// Returns the place in which a case begins.
    pub(crate) fn start(&self) -> Option<NodeIndex> {
        self.places.get(self.source.start.value.as_str()).copied()
    }

    /// Returns where a case closed at this place may be opened again.
    pub(crate) fn reopens(&self, index: NodeIndex) -> Option<NodeIndex> {
        let (_, outcome) = self.at(index)?.outcome()?;
        self.place(&outcome.value.reopen.as_ref()?.to.value)
    }

    /// Returns every place that a case can come to, also after it was reopened, or moved here from
    /// an older version.
    pub(crate) fn reached(&self) -> BTreeSet<NodeIndex> {
        let mut reached: BTreeSet<_> = self.all.order().iter().copied().collect();
        let moves = self.source.moves.iter();
        let targets = moves.flat_map(|moves| moves.steps.values());
        let places = targets.filter_map(|step| self.place(&step.value.value));
        let mut waiting: Vec<NodeIndex> = places.collect();
        while let Some(here) = waiting.pop() {
            if reached.insert(here) {
                waiting.extend(self.graph.neighbors(here).chain(self.reopens(here)));
            }
        }
        reached
    }

    /// Returns where clocks and promises lead that may be late in a step, in the file's order.
    pub(crate) fn late_from(&self, step: &str) -> Vec<(By<'a>, &'a str)> {
        let edges = self.place(step).map(|from| self.graph.edges(from));
        let late = edges
            .into_iter()
            .flatten()
            .filter_map(|edge| match edge.weight().by {
                by @ By::Late(_) => Some((by, self.at(edge.target())?.name())),
                By::Action(_) | By::Anywhere(_) | By::Due => None,
            });
        let mut late: Vec<_> = late.collect();
        late.reverse();
        late
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
        self.told(&self.all, goal)
    }
}

/// Returns whether an action of `anywhere` is possible in a step: not in its own targets, nor
/// where it says `not_in`.
pub(crate) fn is_offered(action: &Action, step: &str) -> bool {
    let mut shut = action.not_in.iter().chain(targets(action));
    !shut.any(|name| name.value == step)
}

fn targets(action: &Action) -> impl Iterator<Item = &Sp<String>> {
    let rules = action.rules.iter();
    rules.flat_map(|rule| std::iter::once(&rule.go_to).chain(&rule.then))
}
