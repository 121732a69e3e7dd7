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

/// The most actions of one file of which it is told: each is looked for on all ways.
const FOUND_MAX: usize = 200;

pub(super) struct StaleAnswer;

impl Rule for StaleAnswer {
    fn code(&self) -> Code {
        Code::H309
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let before = found.len();
        for members in loops(file.ways) {
            let asked = asked(file, &members);
            for act in file.facts.acts() {
                let stale = stale(file, act, &asked);
                let here = act.step.and_then(|(index, _)| {
                    let name = &file.compiled.step_at(index).name;
                    let mut members = members.iter().copied();
                    members.find(|place| is_step(file.ways, *place, name.as_str()))
                });
                let Some(here) = here.filter(|_| !stale.is_empty()) else {
                    continue;
                };
                if found.len() - before >= FOUND_MAX {
                    return;
                }
                if let Some(round) = round(file.ways, here, act.name, &members) {
                    let round = file.ways.tell(here, &round);
                    let finding = |(read, field)| self.finding(file, act, read, field, &round);
                    found.extend(stale.into_iter().map(finding));
                }
            }
        }
    }
}

impl StaleAnswer {
    fn finding(
        &self,
        file: &File<'_>,
        act: Act<'_>,
        read: &Sp<String>,
        field: FieldIndex,
        round: &str,
    ) -> Finding {
        let (name, _) = file.compiled.field_at(field);
        let message = format!(
            "`{}` may read the answer `{name}` of an earlier round",
            act.name
        );
        let finding = Finding::warning(self.code(), read.span, message)
            .at(format!("on this loop: {round}"))
            .why(
                "in the second round the old answer is still there, so that nobody has to ask \
                 again, and the case goes the same way as before",
            )
            .mend(format!("say `each_time: yes` in the field `{name}`"));
        match file.source.fields.get(name.as_str()) {
            Some(declared) => finding.label(declared.span, "once answered, it counts for the case"),
            None => finding,
        }
    }
}

/// Returns the fields that an action reads, or a table for it, that a round would not ask again;
/// each with the place that reads it first.
fn stale<'a>(
    file: &File<'_>,
    act: Act<'a>,
    asked: &BTreeSet<FieldIndex>,
) -> Vec<(&'a Sp<String>, FieldIndex)> {
    let mut stale: Vec<(&Sp<String>, FieldIndex)> = Vec::new();
    for read in reads(act) {
        let index = file.facts.known.field(&read.value);
        for field in index.into_iter().flat_map(|index| file.facts.behind(index)) {
            let is_anew = file.compiled.field_at(field).1.each_time;
            let is_told = stale.iter().any(|(_, told)| *told == field);
            if asked.contains(&field) && !is_anew && !is_told {
                stale.push((read, field));
            }
        }
    }
    stale
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
