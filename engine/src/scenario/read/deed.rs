//! What people do in a story.

mod timely;

use super::line::Parts;
use super::{File, known_role, unknown};
use crate::case::CauseRef;
use crate::code::{Code, Kind};
use crate::finding::Finding;
use crate::id::{ActionName, CauseGroup, CauseName, TaskName};
use crate::scenario::stand_in::WORDS;
use crate::scenario::story::{Deed, What};
use crate::workflow::source::reader::{Reader, listed};
use crate::workflow::source::{Node, Shape, Sp};
use crate::workflow::{CUSTOMER, Workflow};

/// The word before the point of an action possible anywhere.
const ANYWHERE: &str = "anywhere";

impl File<'_> {
    pub(super) fn deed(&mut self, parts: &Parts<'_>) -> Option<Deed> {
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
            "contact" => {
                self.only(parts, "a contact", &["as", "refused"]);
                let from_customer = person.value == CUSTOMER;
                What::Contact { from_customer }
            }
            "renegotiate" => self.renegotiate(parts)?,
            "extend" => self.extend(parts)?,
            "survey" => self.survey(parts)?,
            "follow_up" => self.follow_up(parts)?,
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
