//! Finds rules on a loop that would read the answer of an earlier round.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef as _};

use super::reasoning::{Act, comparisons};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::reader::joined;
use crate::workflow::source::{Need, Sp};
use crate::workflow::ways::{By, Place, Ways};
use crate::workflow::{FieldIndex, Need as Needed, Step, StepIndex};

/// The most answers of one loop that are told one by one.
const TOLD_MAX: usize = 8;

pub(super) struct StaleAnswer;

/// An action that reads an answer of an earlier round.
struct Stale<'a> {
    act: Act<'a>,
    read: &'a Sp<String>,
    field: FieldIndex,
    here: NodeIndex,
}

impl Rule for StaleAnswer {
    fn code(&self) -> Code {
        Code::H309
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let loops = loops(file.ways);
        let asked: Vec<_> = loops.iter().map(|members| asked(file, members)).collect();
        let steps = steps(file, &loops);
        let mut of_loops: BTreeMap<usize, Vec<Stale<'_>>> = BTreeMap::new();
        for act in file.facts.acts() {
            let step = act.step.and_then(|(index, _)| steps.get(&index));
            let Some((number, here)) = step.copied() else {
                continue;
            };
            let (Some(members), Some(asked)) = (loops.get(number), asked.get(number)) else {
                continue;
            };
            if leads_round(file.ways, here, act.name, members) {
                let stale = stale(act, asked, here, file);
                of_loops.entry(number).or_default().extend(stale);
            }
        }
        for (number, stale) in of_loops {
            let members = loops.get(number);
            found.extend(members.and_then(|members| self.finding(file, members, &stale)));
        }
    }
}

impl StaleAnswer {
    /// Makes the one finding of a loop, at the place that reads first.
    fn finding(
        &self,
        file: &File<'_>,
        members: &BTreeSet<NodeIndex>,
        stale: &[Stale<'_>],
    ) -> Option<Finding> {
        let first = stale.iter().min_by_key(|stale| stale.read.span)?;
        let round = round(file.ways, first.here, first.act.name, members)?;
        let round = file.ways.tell(first.here, &round);
        let mut fields: Vec<FieldIndex> = Vec::new();
        for stale in std::iter::once(first).chain(stale) {
            if !fields.contains(&stale.field) {
                fields.push(stale.field);
            }
        }
        let name = |field: &FieldIndex| file.compiled.field_at(*field).0.as_str();
        let mut names: Vec<String> = fields
            .iter()
            .map(|field| format!("`{}`", name(field)))
            .collect();
        let more = names.len().saturating_sub(TOLD_MAX);
        names.truncate(TOLD_MAX);
        if more > 0 {
            names.push(format!("{more} more"));
        }
        let message = match names.as_slice() {
            [only] => format!(
                "`{}` may read the answer {only} of an earlier round",
                first.act.name
            ),
            _ => format!(
                "this loop may read answers of an earlier round: {}",
                joined(&names, "and")
            ),
        };
        // What is asked anew is empty at first, and `asks` does not wait for it.
        let needed = if fields.iter().all(|field| is_needed(file, members, *field)) {
            ""
        } else {
            ", and put it in `needs` where it is read"
        };
        let mut finding = Finding::warning(self.code(), first.read.span, message)
            .at(format!("on this loop: {round}"))
            .why(
                "in the second round the old answer is still there, so that nobody has to ask \
                 again, and the case goes the same way as before",
            )
            .mend(format!(
                "say `each_time: yes` in a field whose answer really changes{needed}; where none \
                 does, let the loop lead back to a step after the one that asks"
            ));
        for field in fields.iter().take(TOLD_MAX) {
            if let Some(declared) = file.source.fields.get(name(field)) {
                finding = finding.label(declared.span, "once answered, it counts for the case");
            }
        }
        Some(finding)
    }
}

/// Returns of every step on a loop the number of the loop and the step's place.
fn steps(
    file: &File<'_>,
    loops: &[BTreeSet<NodeIndex>],
) -> BTreeMap<StepIndex, (usize, NodeIndex)> {
    let mut steps = BTreeMap::new();
    for (number, members) in loops.iter().enumerate() {
        for place in members {
            if let Some(Place::Step(name, _)) = file.ways.graph.node_weight(*place) {
                let index = file.facts.known.step(name);
                steps.extend(index.map(|index| (index, (number, *place))));
            }
        }
    }
    steps
}

/// Returns whether an action leads on along the loop, which then leads back to it.
fn leads_round(
    ways: &Ways<'_>,
    here: NodeIndex,
    action: &str,
    members: &BTreeSet<NodeIndex>,
) -> bool {
    let mut edges = ways.graph.edges(here);
    edges.any(|edge| edge.weight().by == By::Action(action) && members.contains(&edge.target()))
}

/// Returns the fields that an action reads, or a table for it, that a round would not ask again;
/// each with the place that reads it first.
fn stale<'a>(
    act: Act<'a>,
    asked: &BTreeSet<FieldIndex>,
    here: NodeIndex,
    file: &File<'_>,
) -> Vec<Stale<'a>> {
    let mut stale: Vec<Stale<'a>> = Vec::new();
    for read in reads(act) {
        let index = file.facts.known.field(&read.value);
        for field in index.into_iter().flat_map(|index| file.facts.behind(index)) {
            let is_anew = file.compiled.field_at(field).1.each_time;
            let is_told = stale.iter().any(|told| told.field == field);
            if asked.contains(&field) && !is_anew && !is_told {
                stale.push(Stale {
                    act,
                    read,
                    field,
                    here,
                });
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

/// Returns whether one of the steps waits for the answer.
fn is_needed(file: &File<'_>, members: &BTreeSet<NodeIndex>, field: FieldIndex) -> bool {
    members.iter().any(|place| {
        let step = file.ways.at(*place).and_then(Place::step);
        let step = step.and_then(|(name, _)| file.compiled.step(name));
        step.is_some_and(|(_, step)| needed(step).any(|needed| needed == field))
    })
}

fn needed(step: &Step) -> impl Iterator<Item = FieldIndex> {
    let of_tasks = step.tasks.values().flat_map(|task| &task.needs);
    let of_actions = step.actions.values().flat_map(|action| &action.needs);
    let needs = step.needs.iter().chain(of_tasks).chain(of_actions);
    needs.filter_map(|need| match need {
        Needed::Field(field) => Some(*field),
        Needed::Condition(_) => None,
    })
}

fn named(step: &Step) -> Vec<FieldIndex> {
    let asked = step
        .asks
        .iter()
        .chain(step.tasks.values().flat_map(|task| &task.asks));
    needed(step).chain(asked.copied()).collect()
}
