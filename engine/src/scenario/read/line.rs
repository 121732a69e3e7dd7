//! The lines of a story.

use super::{File, known_role, unknown};
use crate::calendar::{self, Pauses};
use crate::case::CauseRef;
use crate::code::{Code, Kind};
use crate::finding::{Finding, Span};
use crate::id::{ActionName, CauseGroup, CauseName, StepName, TaskName};
use crate::scenario::stand_in::WORDS;
use crate::scenario::story::{Deed, Doing, Line, Opening, What};
use crate::time::Timestamp;
use crate::workflow::source::reader::{Reader, listed};
use crate::workflow::source::{Node, Shape, Sp};
use crate::workflow::{CUSTOMER, Workflow};

/// The words with which a line begins that is not about a person.
pub(in crate::scenario) const LEADS: [&str; 4] = ["start_at", "open", "wait", "until"];
/// The words that say more of a line.
pub(in crate::scenario) const MORE: [&str; 8] = [
    "with", "as", "refused", "reason", "text", "is", "whys", "received",
];
/// The word before the point of an action possible anywhere.
const ANYWHERE: &str = "anywhere";

/// A line taken apart: the word or person it begins with, and what says more.
struct Parts<'n> {
    lead: Sp<String>,
    value: &'n Node,
    more: Vec<(Sp<String>, &'n Node)>,
}

impl<'n> Parts<'n> {
    fn get(&self, word: &str) -> Option<&'n Node> {
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
    fn only(&mut self, parts: &Parts<'_>, what: &str, known: &[&str]) {
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
        if length.value.unit.is_working() && self.workflow.calendars().is_empty() {
            let message = "the workflow has no `calendars`, so no working time can pass";
            self.impossible(node.span, message, "wait for elapsed time");
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

    fn step(&mut self, step: &Sp<String>) -> Option<StepName> {
        let found = self.workflow.step(&step.value);
        if found.is_none() {
            let known: Vec<&str> = self.workflow.steps().map(|s| s.name.as_str()).collect();
            unknown(&mut self.reader, step, "step", &known);
        }
        found.map(|(_, step)| step.name.clone())
    }

    fn deed(&mut self, parts: &Parts<'_>) -> Option<Deed> {
        let person = &parts.lead;
        let named = parts.get("as").and_then(|role| self.reader.text(role));
        let role = match named {
            Some(role) => known_role(&mut self.reader, self.workflow, &role)?,
            None => self.people.get(&person.value)?.clone(),
        };
        let refused = parts.get("refused").map(|node| self.refusals(node));
        let word = self.reader.text(parts.value)?;
        let what = match word.value.as_str() {
            "note" => {
                self.only(parts, "a `note`", &["as", "refused", "text"]);
                What::Note(
                    self.words(parts, "text")
                        .unwrap_or_else(|| WORDS.to_owned()),
                )
            }
            "correct" => self.correct(parts)?,
            "cause" => self.cause(parts)?,
            "reopen" => {
                self.only(parts, "a reopening", &["as", "refused", "reason"]);
                What::Reopen(self.must_say(parts, "a reopening", "reason")?)
            }
            "renegotiate" => {
                self.not_yet("renegotiate", word.span, "promises");
                return None;
            }
            "contact" | "survey" if person.value == CUSTOMER => {
                self.not_yet(&word.value, word.span, "contacts and surveys");
                return None;
            }
            _ => {
                self.only(
                    parts,
                    "a line of a person",
                    &["as", "with", "refused", "reason"],
                );
                self.advance(parts, &word)?
            }
        };
        Some(Deed {
            person: person.value.clone(),
            role,
            what,
            refused: refused.unwrap_or_default(),
        })
    }

    fn advance(&mut self, parts: &Parts<'_>, word: &Sp<String>) -> Option<What> {
        let answers = parts.get("with").map(|with| self.answers(with));
        let reason = self.words(parts, "reason");
        let (within, name) = match word.value.split_once('.') {
            None => (None, word.value.as_str()),
            Some((ANYWHERE, name)) => (None, name),
            Some((step, name)) => {
                let value = step.to_owned();
                let span = word.span;
                (Some(self.step(&Sp { value, span })?), name)
            }
        };
        let mut known: Vec<&str> = Vec::new();
        for step in self.workflow.steps() {
            if within.as_ref().is_none_or(|within| *within == step.name) {
                known.extend(step.tasks.keys().map(TaskName::as_str));
                known.extend(step.actions.keys().map(ActionName::as_str));
            }
        }
        if within.is_none() {
            known.extend(self.workflow.anywhere().keys().map(ActionName::as_str));
        }
        if !known.contains(&name) {
            let what = match &within {
                Some(step) => format!("task or action in the step `{step}` called"),
                None => "task or action".to_owned(),
            };
            let (value, span) = (name.to_owned(), word.span);
            unknown(&mut self.reader, &Sp { value, span }, &what, &known);
            return None;
        }
        Some(What::Advance {
            within,
            name: name.to_owned(),
            answers: answers.unwrap_or_default(),
            reason,
        })
    }

    fn correct(&mut self, parts: &Parts<'_>) -> Option<What> {
        let known = ["as", "with", "refused", "reason"];
        self.only(parts, "a correction", &known);
        let reason = self.must_say(parts, "a correction", "reason");
        let answers = parts.get("with").map(|with| self.answers(with));
        let found = self.reader.findings.len();
        match answers.unwrap_or_default().as_slice() {
            [(field, value)] => Some(What::Correct {
                field: field.clone(),
                value: value.clone(),
                reason: reason?,
            }),
            [] if found > 0 && parts.get("with").is_some() => None,
            [] | [_, ..] => {
                let message = "a correction changes one answer";
                let finding = Finding::error(Code::H005, parts.lead.span, message);
                self.reader.report(
                    finding.mend("write the field and its new value: `with: {FIELD: VALUE}`"),
                );
                None
            }
        }
    }

    fn cause(&mut self, parts: &Parts<'_>) -> Option<What> {
        self.only(parts, "a cause", &["as", "refused", "is", "whys"]);
        let asked = self.workflow.causes().map_or(0, |causes| causes.whys);
        let made_up = || (0..asked).map(|_| WORDS.to_owned()).collect();
        let whys = match parts.get("whys") {
            Some(node) => Reader::items(node)
                .iter()
                .filter_map(|why| self.reader.text(why))
                .map(|why| why.value)
                .collect(),
            None => made_up(),
        };
        let Some(node) = parts.get("is") else {
            self.reader.missing(parts.lead.span, "a cause", "is");
            return None;
        };
        let expected = expected_cause(self.workflow, node);
        let cause = self.reader.parsed(node, &expected, |text| {
            let (group, name) = text.split_once('/')?;
            let (group, name) = (CauseGroup::new(group).ok()?, CauseName::new(name).ok()?);
            Some(CauseRef { group, name })
        })?;
        Some(What::Cause {
            cause: cause.value,
            whys,
        })
    }

    fn words(&mut self, parts: &Parts<'_>, word: &str) -> Option<String> {
        let text = parts.get(word).and_then(|node| self.reader.text(node))?;
        if text.value.is_empty() {
            let message = format!("`{word}` is empty");
            self.reader
                .report(Finding::error(Code::H004, text.span, message).mend("write some words"));
            return None;
        }
        Some(text.value)
    }

    fn must_say(&mut self, parts: &Parts<'_>, what: &str, word: &str) -> Option<String> {
        if parts.get(word).is_none() {
            self.reader.missing(parts.lead.span, what, word);
        }
        self.words(parts, word)
    }

    fn refusals(&mut self, node: &Node) -> Vec<Code> {
        let items = Reader::items(node);
        if items.is_empty() || matches!(node.shape, Shape::Empty) {
            // Left empty it would ask for the very opposite of a refusal.
            let message = "`refused` does not say by which refusal";
            let finding = Finding::error(Code::H004, node.span, message)
                .why("a story that waits for a refusal fails unless just that one comes")
                .mend("write the name of the refusal, such as `not_yours`, or delete `refused`");
            self.reader.report(finding);
            return Vec::new();
        }
        items.iter().filter_map(|item| self.refusal(item)).collect()
    }

    /// There are too many refusals to list them.
    fn refusal(&mut self, node: &Node) -> Option<Code> {
        let name = self.reader.text(node)?;
        let codes = Code::ALL.iter();
        let refusals = codes.filter(|code| code.kind() == Kind::Refusal);
        let found = refusals.clone().find(|code| code.name() == name.value);
        if found.is_none() {
            let message = format!("`{}` is not the name of a refusal", name.value);
            let finding = Finding::error(Code::H002, name.span, message)
                .why("`heard explain` lists all codes, each refusal with its name");
            let near = self
                .reader
                .nearest(&name.value, refusals.map(|code| code.name()));
            self.reader.report(match near {
                Some(near) => finding.replace(near),
                None => finding.mend("look it up, and write the name"),
            });
        }
        found.copied()
    }
}

/// Says how a cause is written: by its group. Shows those of the name that stands there, or the
/// first of the workflow.
fn expected_cause(workflow: &Workflow, node: &Node) -> String {
    let groups = workflow.causes().into_iter();
    let groups = groups.flat_map(|causes| &causes.categories);
    let all = groups.flat_map(|(group, names)| {
        let names = names.keys();
        names.map(move |name| (name.as_str(), format!("{group}/{name}")))
    });
    let all: Vec<(&str, String)> = all.collect();
    let is_said = |name: &str| matches!(&node.shape, Shape::Text(text) if text == name);
    let same: Vec<String> = all
        .iter()
        .filter(|(name, _)| is_said(name))
        .map(|(_, cause)| cause.clone())
        .collect();
    let shown = if same.is_empty() {
        all.into_iter().map(|(_, cause)| cause).take(1).collect()
    } else {
        same
    };
    let shown: Vec<&str> = shown.iter().map(String::as_str).collect();
    match shown.as_slice() {
        [] => "a cause is written with its group".to_owned(),
        _ => format!(
            "a cause is written with its group: {}",
            listed(&shown, "or")
        ),
    }
}
