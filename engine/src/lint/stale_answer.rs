//! Finds rules on a loop that would read the answer of an earlier round.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef as _};

use super::reasoning::{Act, comparisons};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Need, Sp};
use crate::workflow::ways::{By, Place, Ways};
use crate::workflow::{FieldIndex, Need as Needed, Step};

pub(super) struct StaleAnswer;

impl Rule for StaleAnswer {
    fn code(&self) -> Code {
        Code::H309
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let loops = loops(file.ways);
        for act in file.facts.acts() {
            let Some((index, _)) = act.step else { continue };
            let name = &file.compiled.step_at(index).name;
            let mut members = loops.iter().filter_map(|members| {
                let mut places = members.iter().copied();
                let here = places.find(|place| is_step(file.ways, *place, name.as_str()))?;
                Some((here, members))
            });
            let Some((here, members)) = members.next() else {
                continue;
            };
            if let Some(round) = round(file.ways, here, act.name, members) {
                let asked = asked(file, members);
                self.action(file, act, &asked, &file.ways.tell(here, &round), found);
            }
        }
    }
}

impl StaleAnswer {
    fn action(
        &self,
        file: &File<'_>,
        act: Act<'_>,
        asked: &BTreeSet<FieldIndex>,
        round: &str,
        found: &mut Vec<Finding>,
    ) {
        let mut told = BTreeSet::new();
        for read in reads(act) {
            let Some(index) = file.facts.known.field(&read.value) else {
                continue;
            };
            for field in file.facts.behind(index) {
                let (name, declared) = file.compiled.field_at(field);
                if declared.each_time || !asked.contains(&field) || !told.insert(field) {
                    continue;
                }
                let message = format!(
                    "`{}` may read the answer `{name}` of an earlier round",
                    act.name
                );
                let mut finding = Finding::warning(self.code(), read.span, message)
                    .at(format!("on this loop: {round}"))
                    .why(
                        "in the second round the old answer is still there, so that nobody has to \
                         ask again, and the case goes the same way as before",
                    )
                    .mend(format!("say `each_time: yes` in the field `{name}`"));
                if let Some(declared) = file.source.fields.get(name.as_str()) {
                    finding = finding.label(declared.span, "once answered, it counts for the case");
                }
                found.push(finding);
            }
        }
    }
}

/// Returns what the rules of an action, and what it needs, compare.
fn reads(act: Act<'_>) -> Vec<&Sp<String>> {
    let needs = act.action.value.needs.iter().filter_map(|need| match need {
        Need::Field(_) => None,
        Need::Condition(condition) => Some(condition),
    });
    let rules = act
        .action
        .value
        .rules
        .iter()
        .filter_map(|rule| rule.when.as_ref());
    needs.chain(rules).flat_map(comparisons).collect()
}

/// Returns the places of each loop of actions and dues. Clocks and promises are late once, and
/// what leads from anywhere is no part of the work.
fn loops(ways: &Ways<'_>) -> Vec<BTreeSet<NodeIndex>> {
    let by_work = EdgeFiltered::from_fn(&ways.graph, |edge| is_work(edge.weight().by));
    let mut loops: Vec<BTreeSet<NodeIndex>> = tarjan_scc(&by_work)
        .into_iter()
        .map(|members| members.into_iter().collect())
        .collect();
    loops.retain(|members: &BTreeSet<NodeIndex>| {
        members.len() > 1
            || members.iter().any(|place| {
                let mut edges = ways.graph.edges(*place);
                edges.any(|edge| edge.target() == *place && is_work(edge.weight().by))
            })
    });
    loops
}

fn is_work(by: By<'_>) -> bool {
    match by {
        By::Action(_) | By::Due => true,
        By::Anywhere(_) | By::Late(_) => false,
    }
}

fn is_step(ways: &Ways<'_>, place: NodeIndex, name: &str) -> bool {
    match ways.graph.node_weight(place) {
        Some(Place::Step(step, _)) => *step == name,
        Some(Place::Outcome(..)) | None => false,
    }
}

/// Returns a shortest way round from a step to itself that begins with an action.
fn round(
    ways: &Ways<'_>,
    here: NodeIndex,
    action: &str,
    members: &BTreeSet<NodeIndex>,
) -> Option<Vec<EdgeIndex>> {
    let mut before: BTreeMap<NodeIndex, EdgeIndex> = BTreeMap::new();
    let mut waiting = VecDeque::new();
    let begins = |by: By<'_>| by == By::Action(action);
    let mut edges: Vec<_> = ways.graph.edges(here).collect();
    edges.reverse();
    for edge in edges.into_iter().filter(|edge| begins(edge.weight().by)) {
        if edge.target() == here {
            return Some(vec![edge.id()]);
        }
        if members.contains(&edge.target()) && !before.contains_key(&edge.target()) {
            before.insert(edge.target(), edge.id());
            waiting.push_back(edge.target());
        }
    }
    while let Some(place) = waiting.pop_front() {
        let mut edges: Vec<_> = ways.graph.edges(place).collect();
        edges.reverse();
        for edge in edges.into_iter().filter(|edge| is_work(edge.weight().by)) {
            if edge.target() == here {
                let mut round = vec![edge.id()];
                let mut place = place;
                while place != here {
                    let edge = *before.get(&place)?;
                    round.push(edge);
                    (place, _) = ways.graph.edge_endpoints(edge)?;
                }
                round.reverse();
                return Some(round);
            }
            if members.contains(&edge.target()) && !before.contains_key(&edge.target()) {
                before.insert(edge.target(), edge.id());
                waiting.push_back(edge.target());
            }
        }
    }
    None
}

/// Returns the fields that are asked in one of the steps.
fn asked(file: &File<'_>, members: &BTreeSet<NodeIndex>) -> BTreeSet<FieldIndex> {
    let steps = members
        .iter()
        .filter_map(|place| match file.ways.graph.node_weight(*place)? {
            Place::Step(name, _) => Some(file.compiled.step(name)?.1),
            Place::Outcome(..) => None,
        });
    steps.flat_map(named).collect()
}

fn named(step: &Step) -> Vec<FieldIndex> {
    let of_tasks = step.tasks.values().flat_map(|task| &task.needs);
    let of_actions = step.actions.values().flat_map(|action| &action.needs);
    let needs = step.needs.iter().chain(of_tasks).chain(of_actions);
    let needed = needs.filter_map(|need| match need {
        Needed::Field(field) => Some(*field),
        Needed::Condition(_) => None,
    });
    let asked = step
        .asks
        .iter()
        .chain(step.tasks.values().flat_map(|task| &task.asks));
    needed.chain(asked.copied()).collect()
}
