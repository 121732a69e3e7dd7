//! The lines of a story.

use super::{File, unknown};
use crate::calendar::{self, Pauses};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::id::StepName;
use crate::scenario::story::{Doing, Line, Opening};
use crate::time::Timestamp;
use crate::workflow::DEFAULT_CALENDAR;
use crate::workflow::source::{Node, Shape, Sp};

/// The words with which a line begins that is not about a person.
pub(in crate::scenario) const LEADS: [&str; 4] = ["start_at", "open", "wait", "until"];
/// The words that say more of a line.
pub(in crate::scenario) const MORE: [&str; 10] = [
    "with", "as", "refused", "reason", "text", "is", "whys", "received", "due", "consent",
];

/// A line taken apart: the word or person it begins with, and what says more.
pub(super) struct Parts<'n> {
    pub(super) lead: Sp<String>,
    pub(super) value: &'n Node,
    more: Vec<(Sp<String>, &'n Node)>,
}

impl<'n> Parts<'n> {
    pub(super) fn get(&self, word: &str) -> Option<&'n Node> {
        let found = self.more.iter().find(|(known, _)| known.value == word);
        found.map(|(_, node)| *node)
    }
}

impl File<'_> {
    pub(super) fn line(
        &mut self,
        node: &Node,
        is_first: bool,
        now: &mut Timestamp,
    ) -> Option<Line> {
        let span = node.span;
        let begins = |doing| Some(Line { span, doing });
        if matches!(&node.shape, Shape::Text(text) if text == "open") {
            self.first(is_first, "open", span);
            return begins(Doing::Open(Opening::default()));
        }
        let parts = self.parts(node)?;
        let word = parts.lead.value.as_str();
        match word {
            "open" => {
                self.first(is_first, word, parts.lead.span);
                self.only(&parts, "an `open` line", &["received"]);
                if !matches!(parts.value.shape, Shape::Empty) {
                    let message = "nothing stands behind `open`";
                    let mend = "write `open`, or `{open: , received: 2026-10-01 09:00}`";
                    self.impossible(parts.value.span, message, mend);
                }
                let opening = self.opening(&parts, *now);
                begins(Doing::Open(opening))
            }
            "start_at" => {
                self.first(is_first, word, parts.lead.span);
                self.only(&parts, "a `start_at` line", &["with", "received"]);
                let opening = self.opening(&parts, *now);
                let answers = parts.get("with").map(|with| self.beginning(with));
                let step = self.reader.text(parts.value)?;
                let step = self.step(&step)?;
                begins(Doing::StartAt {
                    step,
                    answers: answers.unwrap_or_default(),
                    opening,
                })
            }
            "wait" => {
                self.only(&parts, "a `wait` line", &[]);
                self.wait(parts.value, now).and_then(begins)
            }
            "until" => {
                self.only(&parts, "an `until` line", &[]);
                let time = self.time(parts.value)?;
                if time < *now {
                    let message = "this time lies before the time the story has reached";
                    let mend = "write a later time, or move the line up";
                    self.impossible(parts.value.span, message, mend);
                }
                *now = time.max(*now);
                begins(Doing::Until(time))
            }
            _ => self.deed(&parts).map(Doing::Person).and_then(begins),
        }
    }

    fn parts<'n>(&mut self, node: &'n Node) -> Option<Parts<'n>> {
        let mut lead: Option<(Sp<String>, &Node)> = None;
        let mut more: Vec<(Sp<String>, &Node)> = Vec::new();
        let before = self.reader.findings.len();
        let pairs = self.reader.pairs(node, "a line of a story");
        let leads = |word: &str| LEADS.contains(&word) || self.people.contains_key(word);
        let mut is_led = pairs.iter().any(|(key, _)| leads(&key.value));
        for (key, value) in pairs {
            let word = key.value.as_str();
            if LEADS.contains(&word) || self.people.contains_key(word) {
                match &lead {
                    None => lead = Some((key, value)),
                    Some((first, _)) => self.two_in_one(&key, first),
                }
            } else if !is_led && self.is_stranger(&key) {
                is_led = true;
            } else if !MORE.contains(&word) {
                let people = self.people.keys().map(String::as_str);
                let known: Vec<&str> = LEADS.into_iter().chain(people).chain(MORE).collect();
                self.reader
                    .unknown_word(&key, value, "a line of a story", &known);
            } else if let Some((first, _)) = more.iter().find(|(known, _)| known.value == word) {
                let first = first.span;
                self.reader.duplicate(&key, first);
            } else {
                more.push((key, value));
            }
        }
        if lead.is_none() && self.reader.findings.len() == before {
            let message = "nobody does anything in this line";
            let finding = Finding::error(Code::H005, node.span, message).mend(
                "begin it with a person of `people`, or with `start_at`, `open`, `wait` or `until`",
            );
            self.reader.report(finding);
        }
        let (lead, value) = lead?;
        Some(Parts { lead, value, more })
    }

    /// Says that nobody has this name, if it stands where a person would: in a line that begins
    /// with nothing else, and is no misspelt word.
    fn is_stranger(&mut self, name: &Sp<String>) -> bool {
        let word = name.value.as_str();
        let words = || LEADS.into_iter().chain(MORE);
        if MORE.contains(&word) || word.contains(' ') || word == "<<" {
            return false;
        }
        let people: Vec<String> = self.people.keys().cloned().collect();
        let known = people.iter().map(String::as_str);
        let near = self.reader.nearest(word, known.chain(words()));
        if near.is_some_and(|near| words().any(|word| word == near)) {
            return false;
        }
        let message = format!("nobody is called `{word}` under `people`");
        let finding = Finding::error(Code::H101, name.span, message);
        let finding = match near {
            Some(near) => finding.replace(near),
            None => finding.mend(format!(
                "add `{word}` there with a role, or write another name"
            )),
        };
        self.reader.report(finding);
        true
    }

    fn two_in_one(&mut self, second: &Sp<String>, first: &Sp<String>) {
        let message = format!("`{}` begins a second thing in one line", second.value);
        let finding = Finding::error(Code::H015, second.span, message)
            .label(first.span, "this is the first")
            .why("a line says one thing, so that their order is plain")
            .mend("give it a line of its own, with a dash");
        self.reader.report(finding);
    }

    /// Says which words say nothing in such a line.
    pub(super) fn only(&mut self, parts: &Parts<'_>, what: &str, known: &[&str]) {
        for (key, value) in &parts.more {
            if !known.contains(&key.value.as_str()) {
                self.reader.unknown_word(key, value, what, known);
            }
        }
    }

    fn first(&mut self, is_first: bool, word: &str, span: Span) {
        if !is_first {
            let message = format!("`{word}` stands only in the first line of a story");
            let mend = "begin another scenario with it";
            self.impossible(span, message, mend);
        }
    }

    fn opening(&mut self, parts: &Parts<'_>, now: Timestamp) -> Opening {
        let received = parts.get("received");
        let received_at = received.and_then(|received| self.time(received));
        if let (Some(at), Some(node)) = (received_at, received)
            && at > now
        {
            let message = "the complaint is received after the story begins";
            self.impossible(node.span, message, "write an earlier time");
        }
        Opening { received_at }
    }

    fn wait(&mut self, node: &Node, now: &mut Timestamp) -> Option<Doing> {
        let length = self.reader.length(node)?;
        let is_open = !self.workflow.calendars().contains_key(DEFAULT_CALENDAR);
        if length.value.unit.is_working() && is_open {
            let message = format!(
                "the workflow has no working hours to wait `{}`",
                length.value
            );
            let mend = "wait for hours or days, or give the workflow a `default` calendar";
            self.impossible(node.span, message, mend);
            return None;
        }
        let calendar = self.workflow.calendar(None);
        let Some(after) = calendar::due(calendar, length.value, *now, &Pauses::none()) else {
            let message = "the story goes on after the last year that can be told";
            self.impossible(node.span, message, "wait for a shorter time");
            return None;
        };
        *now = after;
        Some(Doing::Wait(length.value))
    }

    pub(super) fn step(&mut self, step: &Sp<String>) -> Option<StepName> {
        let found = self.workflow.step(&step.value);
        if found.is_none() {
            let known: Vec<&str> = self.workflow.steps().map(|s| s.name.as_str()).collect();
            unknown(&mut self.reader, step, "step", &known);
        }
        found.map(|(_, step)| step.name.clone())
    }
}
