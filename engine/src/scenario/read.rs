//! Reads a scenarios file against its workflow: everything that is wrong with it, at once.
//!
//! Invariant: a name that the workflow does not have, and a value that does not suit its field, are
//! findings here; what the engine makes of a story is for running it.

mod deed;
mod line;
mod then;
mod values;

use indexmap::IndexMap;

use super::desk::customer;
use super::story::{SCENARIOS_MAX, STORY_LINES_MAX, Scenario, Scenarios};
use crate::code::Code;
use crate::finding::{Finding, Level, Span};
use crate::id::RoleName;
use crate::time::Timestamp;
use crate::workflow::source::node::parse;
use crate::workflow::source::reader::Reader;
use crate::workflow::source::{FINDINGS_MAX, Node, Shape, Sp};
use crate::workflow::{CUSTOMER, Workflow};

pub(super) use line::{LEADS, MORE};
pub(super) use values::of_table;
pub use values::value;

/// When stories begin where the file has no `clock`: a Monday morning.
const CLOCK: &str = "2026-01-05 09:00";

/// Reads a scenarios file against its workflow: everything that is wrong with it, and what could
/// be read. That is good for running only if no finding is an error.
#[must_use]
pub fn read(bytes: &[u8], workflow: &Workflow) -> (Option<Scenarios>, Vec<Finding>) {
    let (node, mut findings) = match parse(bytes) {
        Ok(parsed) => parsed,
        Err(finding) => return (None, vec![*finding]),
    };
    let (scenarios, mut found) = read_tree(&node, workflow);
    findings.append(&mut found);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level == Level::Error));
    findings.truncate(FINDINGS_MAX);
    findings.sort_by_key(|finding| (finding.span, finding.code));
    (scenarios, findings)
}

/// Reads a tree: what could be read, and what is wrong with it in the order of reading.
pub(super) fn read_tree(node: &Node, workflow: &Workflow) -> (Option<Scenarios>, Vec<Finding>) {
    let mut file = File {
        workflow,
        people: IndexMap::new(),
        reader: Reader::default(),
    };
    let scenarios = file.scenarios(node);
    (scenarios, file.reader.into_findings())
}

/// Reads `2026-10-05 09:00`, a local time of the workflow's zone.
pub(super) fn local_time(text: &str, zone: &str) -> Option<Timestamp> {
    const FORM: &str = "%Y-%m-%d %H:%M";
    let time = jiff::civil::DateTime::strptime(FORM, text).ok()?;
    if time.strftime(FORM).to_string() != text {
        return None;
    }
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).ok()?;
    let instant = time.to_zoned(zone).ok()?.timestamp();
    Timestamp::from_micros(instant.as_microsecond()).ok()
}

/// Writes a time as [`local_time`] reads it: seconds are left out.
pub(super) fn local_text(time: Timestamp, zone: &str) -> Option<String> {
    let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).ok()?;
    let instant = jiff::Timestamp::from_microsecond(time.micros()).ok()?;
    let local = instant.to_zoned(zone);
    Some(local.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A file while it is read.
struct File<'w> {
    workflow: &'w Workflow,
    people: IndexMap<String, RoleName>,
    reader: Reader,
}

impl File<'_> {
    fn scenarios(&mut self, node: &Node) -> Option<Scenarios> {
        const WHAT: &str = "a scenarios file";
        if !matches!(node.shape, Shape::Map(_)) {
            self.reader.wrong_kind(
                node,
                "a scenarios file begins with words",
                "`workflow: classic-heard`",
            );
            return None;
        }
        let known = ["workflow", "clock", "people", "scenarios"];
        let words = self.reader.words(node, WHAT, node.span, &known);
        let id = self.reader.must(&words, WHAT, "workflow", Reader::text);
        let of = self.workflow.reference().id.as_str();
        if let Some(id) = id.filter(|id| id.value != of) {
            let message = format!(
                "the scenarios are for `{}`, the workflow is `{of}`",
                id.value
            );
            self.reader
                .report(Finding::error(Code::H101, id.span, message).replace(of));
        }
        let clock = match words.get("clock") {
            Some(clock) => self.time(clock),
            None => local_time(CLOCK, self.workflow.zone()),
        };
        if let Some(people) = words.get("people") {
            self.read_people(people);
        }
        self.people.insert(CUSTOMER.to_owned(), customer());
        let list = words.get("scenarios");
        if list.is_none() {
            self.reader.missing(words.span, WHAT, "scenarios");
        }
        let clock = clock?;
        let scenarios = self.list(list?, clock);
        Some(Scenarios {
            clock,
            people: std::mem::take(&mut self.people),
            scenarios,
        })
    }

    fn read_people(&mut self, node: &Node) {
        let workflow = self.workflow;
        let people = self.reader.table(node, "a person", |reader, name, node| {
            let text = name.value.as_str();
            if LEADS.contains(&text) || MORE.contains(&text) {
                let message = format!("`{text}` cannot be the name of a person");
                let finding = Finding::error(Code::H008, name.span, message)
                    .why("the word has a meaning of its own in a story");
                reader.report(finding.mend("choose another name"));
            }
            let role = reader.text(node);
            // Who has a role that there is not is somebody all the same: told once.
            Some(role.and_then(|role| known_role(reader, workflow, &role)))
        });
        let people = people.into_iter();
        self.people = people
            .map(|(name, role)| (name, role.value.unwrap_or_else(customer)))
            .collect();
        for (spelt, mended) in &self.reader.misnamed {
            if let Some(role) = self.people.get(mended).cloned() {
                self.people.insert(spelt.clone(), role);
            }
        }
    }

    fn list(&mut self, node: &Node, clock: Timestamp) -> Vec<Scenario> {
        let items: &[Node] = match &node.shape {
            Shape::List(items) => items,
            Shape::Empty => &[],
            Shape::Text(_) | Shape::Map(_) => {
                self.reader.wrong_kind(
                    node,
                    "a list of scenarios is expected",
                    "`- name: A refund`",
                );
                &[]
            }
        };
        self.at_most(items.len(), SCENARIOS_MAX, "scenarios", node.span);
        let mut scenarios: Vec<Scenario> = Vec::new();
        for item in items.iter().take(SCENARIOS_MAX) {
            let Some(scenario) = self.scenario(item, clock) else {
                continue;
            };
            let first = scenarios.iter().find(|first| first.name == scenario.name);
            if let Some(first) = first.map(|first| first.span) {
                let name = Sp {
                    value: scenario.name.clone(),
                    span: scenario.span,
                };
                self.reader.duplicate(&name, first);
            }
            scenarios.push(scenario);
        }
        scenarios
    }

    fn scenario(&mut self, node: &Node, clock: Timestamp) -> Option<Scenario> {
        const WHAT: &str = "a scenario";
        if !matches!(node.shape, Shape::Map(_)) {
            self.reader.wrong_kind(
                node,
                "a scenario is written as words with values",
                "`{name: A refund, story: [{open: now}]}`",
            );
            return None;
        }
        let known = ["name", "story", "then"];
        let words = self.reader.words(node, WHAT, node.span, &known);
        let name = self.reader.must(&words, WHAT, "name", Reader::text);
        if !words.has("story") {
            self.reader.missing(words.span, WHAT, "story");
        }
        let story = words.get("story").map_or(&[][..], Reader::items);
        if words.has("story") && story.is_empty() {
            let span = words.place("story").unwrap_or(words.span);
            let finding = Finding::error(Code::H004, span, "the story has no lines");
            self.reader.report(finding.mend("write what happens"));
        }
        self.at_most(story.len(), STORY_LINES_MAX, "lines", node.span);
        let lines = story.iter().take(STORY_LINES_MAX);
        let lines = lines.enumerate().fold(
            (Vec::new(), clock),
            |(mut lines, mut now), (number, node)| {
                lines.extend(self.line(node, number == 0, &mut now));
                (lines, now)
            },
        );
        let then = words.get("then").map(|then| self.then(then));
        let name = name?;
        Some(Scenario {
            name: name.value,
            span: name.span,
            story: lines.0,
            then: then.unwrap_or_default(),
        })
    }

    fn at_most(&mut self, count: usize, max: usize, what: &str, span: Span) {
        if count > max {
            let message = format!("there are {count} {what}; there may be at most {max}");
            self.reader
                .report(Finding::error(Code::H006, span, message).mend("split them"));
        }
    }

    fn time(&mut self, node: &Node) -> Option<Timestamp> {
        let zone = self.workflow.zone();
        let expected =
            format!("a time looks like `2026-10-05 09:00`; it is the local time of {zone}");
        let time = |text: &str| local_time(text, zone);
        self.reader
            .parsed(node, &expected, time)
            .map(|time| time.value)
    }

    fn impossible(&mut self, span: Span, message: impl Into<String>, mend: &str) {
        self.reader
            .report(Finding::error(Code::H907, span, message).mend(mend));
    }
}

/// Finds a role of the workflow.
fn known_role(reader: &mut Reader, workflow: &Workflow, role: &Sp<String>) -> Option<RoleName> {
    let found = workflow.roles().get_key_value(role.value.as_str());
    if found.is_none() {
        let known: Vec<&str> = workflow.roles().keys().map(RoleName::as_str).collect();
        unknown(reader, role, "role", &known);
    }
    found.map(|(name, _)| name.clone())
}

/// Says that the workflow does not have a name.
fn unknown(reader: &mut Reader, name: &Sp<String>, what: &str, known: &[&str]) {
    let message = format!("the workflow has no {what} `{}`", name.value);
    let finding = Finding::error(Code::H101, name.span, message);
    let finding = match reader.nearest(&name.value, known.iter().copied()) {
        Some(near) => finding.replace(near),
        None => finding.mend(format!("take one that the workflow has as {what}")),
    };
    reader.report(finding);
}
