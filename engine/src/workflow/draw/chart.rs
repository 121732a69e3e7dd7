//! What a picture shows, in words and in the order in which it stands there: steps as in the file,
//! what is possible in every step in a place of its own, and outcomes.
//!
//! Invariant: every way of the workflow is a link; only `stay` and reopening are words in a place.

mod links;

use std::collections::BTreeMap;

use super::super::source::{self, Sp};
use super::super::{CountsAs, Phase, RoleSet, Workflow};
use super::words::{or, plain, spoken, within};

#[derive(Debug)]
pub(super) struct Chart {
    pub(super) title: String,
    /// The id and version, as in `classic-heard@3`.
    pub(super) reference: String,
    pub(super) purpose: String,
    /// From top to bottom.
    pub(super) places: Vec<Place>,
    pub(super) links: Vec<Link>,
    /// The place in which a case begins.
    pub(super) start: usize,
}

/// Where a case can be, or what is possible wherever it is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) kind: Kind,
    pub(super) title: String,
    /// Who may act; empty where that is not one answer.
    pub(super) who: String,
    /// Tasks, or what is possible in every step, with who may do each.
    pub(super) parts: Vec<String>,
    pub(super) notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Step(Vec<Phase>),
    Outcome(CountsAs),
    Anywhere,
}

/// A way from one place to another.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) style: Style,
    /// What leads along it; empty where it is plainly what comes next.
    pub(super) name: String,
    /// Under which condition, how often, how late.
    pub(super) details: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    /// Somebody acts.
    Action,
    /// Time passes.
    Deadline,
}

impl Kind {
    /// Returns whether a case ends here.
    pub(super) const fn is_end(&self) -> bool {
        match self {
            Self::Outcome(_) => true,
            Self::Step(_) | Self::Anywhere => false,
        }
    }
}

impl Place {
    /// Returns what is said of an end, such as how a case is reopened. What is said of steps would
    /// be too much for a graph of short words.
    pub(super) fn ending(&self) -> impl Iterator<Item = &String> {
        let is_end = self.kind.is_end();
        self.notes.iter().filter(move |_| is_end)
    }
}

impl Link {
    /// Returns its words, the name first.
    pub(super) fn words(&self) -> Vec<&str> {
        let details = self.details.iter().map(String::as_str);
        let name = Some(self.name.as_str()).filter(|name| !name.is_empty());
        name.into_iter().chain(details).collect()
    }
}

impl Chart {
    /// Puts a workflow into words.
    pub(super) fn of(source: &source::Workflow, compiled: &Workflow) -> Self {
        let reference = compiled.reference();
        let mut chart = Self {
            title: plain(&source.title.value),
            reference: format!("{}@{}", reference.id, reference.version),
            purpose: plain(source.purpose.as_ref().map_or("", |text| &text.value)),
            places: steps(source, compiled),
            links: Vec::new(),
            start: 0,
        };
        let outcomes = outcomes(source, compiled);
        let first = chart.places.len();
        chart.places.extend(outcomes);
        let names = source.steps.keys().chain(source.outcomes.keys());
        let places: BTreeMap<&str, usize> = names.map(String::as_str).zip(0..).collect();
        chart.start = places
            .get(source.start.value.as_str())
            .copied()
            .unwrap_or(0);
        links::of_steps(&mut chart, source, &places);
        if let Some(place) = anywhere(source, compiled) {
            let anywhere = chart.places.len();
            links::of_anywhere(&mut chart, source, &places, anywhere);
            let at = chart.before_its_own(first, anywhere);
            chart.places.insert(at, place);
            chart.move_in(anywhere, at);
        }
        chart
    }

    /// Returns where what is possible in every step goes: before the first outcome that nothing
    /// else leads to, so that the way there is short; else right after the steps.
    fn before_its_own(&self, first: usize, anywhere: usize) -> usize {
        let leads = |from: &dyn Fn(usize) -> bool, to: usize| {
            let mut links = self.links.iter();
            links.any(|link| link.to == to && from(link.from))
        };
        let mut outcomes = first..anywhere;
        let own = outcomes.find(|to| {
            leads(&|from| from == anywhere, *to) && !leads(&|from| from != anywhere, *to)
        });
        own.unwrap_or(first)
    }

    /// Numbers the places of all links anew, after the last place moved to `at`.
    fn move_in(&mut self, last: usize, at: usize) {
        let moved = |place: usize| match place {
            _ if place == last => at,
            _ if place >= at => place + 1,
            _ => place,
        };
        for link in &mut self.links {
            link.from = moved(link.from);
            link.to = moved(link.to);
        }
    }
}

fn steps(source: &source::Workflow, compiled: &Workflow) -> Vec<Place> {
    let pairs = source.steps.values().zip(compiled.steps.values());
    let place = |(written, step): (&Sp<source::Step>, &super::super::Step)| {
        let tasks = step
            .tasks
            .values()
            .map(|task| with_who(&plain(&task.title), &roles(compiled, task.who)));
        let mut notes = Vec::new();
        if let Some(due) = written.value.due.as_ref().filter(|due| due.then.is_none()) {
            let length = due.within.as_ref();
            notes.extend(length.map(|length| format!("due {}", within(length.value))));
        }
        if !step.not_by.is_empty() {
            let titles = step
                .not_by
                .iter()
                .map(|name| titled(compiled, name.as_str()));
            let titles: Vec<String> = titles.collect();
            notes.push(format!("not by who acted in {}", or(&titles)));
        }
        notes.extend(links::staying(&written.value));
        Place {
            kind: Kind::Step(step.phases.clone()),
            title: plain(&step.title),
            who: roles(compiled, step.who),
            parts: tasks.collect(),
            notes,
        }
    };
    pairs.map(place).collect()
}

fn outcomes(source: &source::Workflow, compiled: &Workflow) -> Vec<Place> {
    let pairs = source.outcomes.values().zip(compiled.outcomes.values());
    let place = |(written, outcome): (&Sp<source::Outcome>, &super::super::Outcome)| {
        let reopen = written.value.reopen.as_ref().map(|reopen| {
            let to = titled(compiled, &reopen.to.value);
            let within = reopen.within.as_ref();
            let within =
                within.map_or_else(String::new, |length| format!(" within {}", length.value));
            format!("may be reopened{within}, at {to}")
        });
        Place {
            kind: Kind::Outcome(outcome.counts_as),
            title: plain(&outcome.title),
            who: outcome
                .who
                .map_or_else(String::new, |who| roles(compiled, who)),
            parts: Vec::new(),
            notes: reopen.into_iter().collect(),
        }
    };
    pairs.map(place).collect()
}

/// Returns the place of what is possible in every step, if anything is.
fn anywhere(source: &source::Workflow, compiled: &Workflow) -> Option<Place> {
    let is_late = |late: &[source::Late]| late.iter().any(|late| late.go_to.is_some());
    let clocks = source
        .clocks
        .values()
        .any(|clock| is_late(&clock.value.late));
    let promises = source.promises.values().any(|one| is_late(&one.value.late));
    let pairs = source.anywhere.iter().zip(compiled.anywhere.values());
    let parts: Vec<String> = pairs
        .map(|((name, written), action)| {
            let mut part = with_who(&spoken(name), &roles(compiled, action.who));
            part.push_str(&where_not(source, compiled, &written.value));
            part
        })
        .collect();
    (clocks || promises || !parts.is_empty()).then(|| Place {
        kind: Kind::Anywhere,
        title: "In every step".to_owned(),
        who: String::new(),
        parts,
        notes: Vec::new(),
    })
}

/// Says in which steps an action is not possible, or in which alone, whichever is shorter.
fn where_not(source: &source::Workflow, compiled: &Workflow, action: &source::Action) -> String {
    let is_shut = |name: &String| action.not_in.iter().any(|step| step.value == *name);
    let is_target = |name: &String| action.rules.iter().any(|rule| rule.go_to.value == *name);
    let open = source.steps.keys();
    let open = open.filter(|name| !is_shut(name) && !is_target(name));
    let titles = |names: &mut dyn Iterator<Item = &String>| {
        let titles: Vec<String> = names.map(|name| titled(compiled, name)).collect();
        or(&titles)
    };
    match action.not_in.len() {
        0 => String::new(),
        shut if shut <= open.clone().count() => {
            let mut shut = source.steps.keys().filter(|name| is_shut(name));
            format!(", not in {}", titles(&mut shut))
        }
        _ => format!(", only in {}", titles(&mut { open })),
    }
}

/// Returns the title of a step in quotation marks.
fn titled(compiled: &Workflow, name: &str) -> String {
    let step = compiled.steps.get(name);
    let title = step.map_or_else(|| spoken(name), |step| plain(&step.title));
    format!("“{title}”")
}

fn with_who(what: &str, who: &str) -> String {
    if who.is_empty() {
        what.to_owned()
    } else {
        format!("{what} ({who})")
    }
}

/// Returns the titles of roles.
fn roles(compiled: &Workflow, set: RoleSet) -> String {
    let roles = compiled.roles.values().zip(0..);
    let titles: Vec<String> = roles
        .filter(|(_, index)| set.contains(super::super::RoleIndex(*index)))
        .map(|(role, _)| plain(&role.title))
        .collect();
    or(&titles)
}
