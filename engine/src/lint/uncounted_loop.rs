//! Finds loops that a case can go round without end.

use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::EdgeRef as _;

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Effects, FINDINGS_MAX, Sp};
use crate::workflow::ways::{By, Place, WALK_STEPS_MAX, Way, Ways};

pub(super) struct UncountedLoop;

impl Rule for UncountedLoop {
    fn code(&self) -> Code {
        Code::H204
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let is_own = |by: By<'_>| match by {
            By::Action(_) | By::Due => true,
            By::Late(_) | By::Anywhere(_) => false,
        };
        // Loops of nothing but deadlines are a fault of its own.
        let is_acted = |walk: &Vec<EdgeIndex>| !is_of_deadlines(file.ways, walk);
        let own = loops(file.ways, is_own);
        for walk in own.into_iter().filter(is_acted) {
            found.extend(self.finding(file.ways, &walk));
        }
        let is_late = |way: &Way<'_>| matches!(way.by, By::Late(_));
        if !file.ways.graph.edge_weights().any(is_late) {
            return self.anywhere(file, found);
        }
        let with_late = loops(file.ways, |by| is_own(by) || matches!(by, By::Late(_)));
        for mut walk in with_late.into_iter().filter(is_acted) {
            if is_late_again(file, &walk) {
                let is_taken = |edge: &EdgeIndex| {
                    let way = file.ways.graph.edge_weight(*edge);
                    way.is_some_and(|way| way.taken.is_some())
                };
                // What can be counted is told last, as the way back.
                if let Some(taken) = walk.iter().rposition(is_taken) {
                    walk.rotate_left(taken + 1);
                }
                found.extend(self.finding(file.ways, &walk));
            }
        }
        self.anywhere(file, found);
    }
}

impl UncountedLoop {
    fn anywhere(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, action) in &file.source.anywhere {
            for rule in &action.value.rules {
                let leads_to_step =
                    |target: &Sp<String>| file.source.steps.contains_key(&target.value);
                if rule.at_most.is_none() && leads_to_step(&rule.go_to) {
                    let target = &rule.go_to;
                    let mend =
                        "say `at_most: 2`, and with `then:` the outcome that comes after that";
                    found.push(self.anywhere_to(name, target, mend));
                }
                if let Some(then) = rule.then.as_ref().filter(|then| leads_to_step(then)) {
                    let mend = "let `then` lead to an outcome, because nothing counts how often it \
                                is taken, or leave it out";
                    found.push(self.anywhere_to(name, then, mend));
                }
            }
        }
    }

    fn anywhere_to(&self, name: &str, target: &Sp<String>, mend: &str) -> Finding {
        let message = format!(
            "`{name}` leads from anywhere to the step `{}` as often as anybody likes",
            target.value
        );
        Finding::error(self.code(), target.span, message)
            .why("a case could go back without end, and the customer would wait")
            .mend(mend)
    }

    fn finding(&self, ways: &Ways<'_>, walk: &[EdgeIndex]) -> Option<Finding> {
        let (last, others) = walk.split_last()?;
        let (_, begin) = ways.graph.edge_endpoints(*last)?;
        let told = ways.tell(begin, walk);
        let way = ways.graph.edge_weight(*last)?;
        let message = format!("a case can go round here without end: {told}");
        let mut finding = Finding::error(self.code(), way.span, message)
            .at("this way leads back")
            .why("after the same thing has failed a few times, something else must be done")
            .mend(mend(way));
        for edge in others.iter().take(WALK_STEPS_MAX) {
            if let Some(way) = ways.graph.edge_weight(*edge) {
                finding = finding.label(way.span, "this way is part of the loop");
            }
        }
        Some(finding)
    }
}

/// Says what can be written on a way that leads back; not every way can be counted.
fn mend(way: &Way<'_>) -> &'static str {
    let then = way.taken.and_then(|(_, rule)| rule.then.as_ref());
    match way.by {
        By::Due | By::Late(_) => {
            "let it lead to another step or an outcome, because nothing counts a deadline"
        }
        By::Action(_) | By::Anywhere(_) if then.is_some_and(|then| then.span == way.span) => {
            "let `then` lead out of the loop, because nothing counts how often it is taken"
        }
        By::Action(_) | By::Anywhere(_) => {
            "say `at_most: 2` on this way, and with `then:` what comes after that"
        }
    }
}

/// Returns one loop for each way that leads back, looked at in the file's order. When all these
/// ways are counted no loop is left, so that a file can be mended in one go.
pub(super) fn loops(ways: &Ways<'_>, is_way: impl Fn(By<'_>) -> bool) -> Vec<Vec<EdgeIndex>> {
    let mut loops = Vec::new();
    let mut is_done = vec![false; ways.graph.node_count()];
    // Where on the present walk a place stands, so that nobody has to look along the walk for it.
    let mut stands = vec![None; ways.graph.node_count()];
    for root in ways.graph.node_indices() {
        if is_done.get(root.index()).copied().unwrap_or(true) {
            continue;
        }
        stands_at(&mut stands, root, Some(0));
        // Each place on the present walk, the way that led to it, and its ways still to be tried.
        let mut walk: Vec<(NodeIndex, Option<EdgeIndex>, Vec<EdgeIndex>)> =
            vec![(root, None, ways_on(ways, root, &is_way))];
        while let Some((here, _, open)) = walk.last_mut() {
            let here = *here;
            let Some(edge) = open.pop() else {
                if let Some(done) = is_done.get_mut(here.index()) {
                    *done = true;
                }
                stands_at(&mut stands, here, None);
                walk.pop();
                continue;
            };
            let Some((_, to)) = ways.graph.edge_endpoints(edge) else {
                continue;
            };
            if let Some(begin) = stands.get(to.index()).copied().flatten() {
                let since = walk.iter().skip(begin + 1).filter_map(|(_, by, _)| *by);
                loops.push(since.chain([edge]).collect());
                if loops.len() == FINDINGS_MAX {
                    return loops;
                }
            } else if !is_done.get(to.index()).copied().unwrap_or(true) {
                stands_at(&mut stands, to, Some(walk.len()));
                walk.push((to, Some(edge), ways_on(ways, to, &is_way)));
            }
        }
    }
    loops
}

/// Notes where on the walk a place stands.
fn stands_at(stands: &mut [Option<usize>], place: NodeIndex, number: Option<usize>) {
    if let Some(stands) = stands.get_mut(place.index()) {
        *stands = number;
    }
}

/// Returns the ways of a place that nothing counts, last in the file first. Ways from `anywhere`
/// are looked at by themselves.
fn ways_on(ways: &Ways<'_>, place: NodeIndex, is_way: &impl Fn(By<'_>) -> bool) -> Vec<EdgeIndex> {
    let uncounted = ways.graph.edges(place).filter(|edge| {
        let way = edge.weight();
        is_way(way.by) && !way.is_counted
    });
    uncounted.map(|edge| edge.id()).collect()
}

/// Returns whether nobody has to act on a walk.
fn is_of_deadlines(ways: &Ways<'_>, walk: &[EdgeIndex]) -> bool {
    let mut way = walk.iter().filter_map(|edge| ways.graph.edge_weight(*edge));
    way.all(|way| way.taken.is_none())
}

/// Returns whether clocks and promises are late on the loop, and each of them again every time: it
/// is stopped on the loop, or kept, and started there, or made.
pub(super) fn is_late_again(file: &File<'_>, walk: &[EdgeIndex]) -> bool {
    let ways = || {
        walk.iter()
            .filter_map(|edge| file.ways.graph.edge_weight(*edge))
    };
    let enters = |names: &[Sp<String>]| {
        let ends = walk
            .iter()
            .filter_map(|edge| file.ways.graph.edge_endpoints(*edge));
        let mut places = ends.filter_map(|(_, to)| match file.ways.at(to)? {
            Place::Step(name, _) | Place::Outcome(name, _) => Some(name),
        });
        places.any(|place| names.iter().any(|name| name.value == place))
    };
    let does = |named: fn(&Effects) -> &[Sp<String>], promise: &str| {
        let mut effects = ways().flat_map(Way::effects);
        effects.any(|effects| named(effects).iter().any(|name| name.value == promise))
    };
    let is_again = |name: &str| match file.source.clocks.get(name) {
        // One that starts at a single place starts once.
        Some(clock) => {
            let clock = &clock.value;
            clock.from.len() > 1 && enters(&clock.from) && enters(&clock.until)
        }
        None => does(|effects| &effects.keeps, name) && does(|effects| &effects.makes, name),
    };
    let mut late = ways().filter_map(|way| match way.by {
        By::Late(name) => Some(name),
        By::Action(_) | By::Anywhere(_) | By::Due => None,
    });
    let first = late.next();
    first.is_some_and(|first| is_again(first) && late.all(is_again))
}
