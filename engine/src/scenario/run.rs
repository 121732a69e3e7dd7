//! Runs a scenario through the engine.
//!
//! Invariant: the first line that does not go as it says ends the story.
//! Invariant: what is due fires before anybody does anything at the same instant or later, each
//! thing at its own instant.

mod expect;
mod past;

use indexmap::IndexMap;

use crate::case::offer::Offer;
use crate::case::{Case, Event, Reason, Refusal};
use crate::code::Code;
use crate::finding::Span;
use crate::id::RoleName;
use crate::time::Timestamp;
use crate::workflow::Workflow;

use super::coverage::Walked;
use super::desk::{Desk, No, actor, customer, made_up};
use super::read::local_text;
use super::story::{Deed, Doing, Line, Opening, Scenario, Scenarios, What};
use super::trace::{Fit, Trace};
use super::words;
use past::Past;

/// What became of a scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The lines that went as they say.
    pub walk: Vec<Stop>,
    /// What did not.
    pub failure: Option<Failure>,
    /// What was walked until then.
    pub walked: Walked,
}

/// A line that went as it says, or something that was due while it was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// The number of the line in the file, from 1.
    pub line: u32,
    /// When, in local time without seconds: `2026-10-05 10:15`.
    pub at: String,
    /// What happened: `ana: put_right.offer`, or a sentence about what was due.
    pub what: String,
    /// It was due, and nobody's act.
    pub is_by_time: bool,
    /// The step or outcome the case is in afterwards.
    pub place: String,
    /// What people call that.
    pub title: String,
}

/// Why a scenario failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Where the line or the expectation stands that was not met.
    pub span: Span,
    /// What was expected, a fragment.
    pub expected: String,
    /// What happened instead, sentences without a full stop.
    pub happened: Vec<String>,
    /// What helps to understand it, sentences without a full stop.
    pub notes: Vec<String>,
}

/// Runs a scenario.
#[must_use]
pub fn run(workflow: &Workflow, file: &Scenarios, scenario: &Scenario) -> Outcome {
    let mut teller = Teller {
        people: &file.people,
        desk: Desk::new(workflow, file.clock),
        walk: Vec::new(),
        walked: Walked::default(),
        past: Past::default(),
        last: None,
    };
    let told = scenario.story.iter().try_for_each(|line| teller.line(line));
    teller.walked.note_rows(&teller.desk.rows);
    let mut then = scenario.then.iter();
    let failure = told.and_then(|()| then.try_for_each(|expected| teller.expect(expected)));
    let failure = failure.err().map(|mut failure| {
        failure.notes.extend(begun_with(workflow, scenario));
        failure
    });
    Outcome {
        walk: teller.walk,
        failure,
        walked: teller.walked,
    }
}

/// Tells a story, line by line.
struct Teller<'a> {
    people: &'a IndexMap<String, RoleName>,
    desk: Desk<'a>,
    walk: Vec<Stop>,
    walked: Walked,
    past: Past,
    /// The rules of the action taken last.
    last: Option<Trace>,
}

type Told = Result<(), Failure>;

impl Teller<'_> {
    fn line(&mut self, line: &Line) -> Told {
        match &line.doing {
            Doing::Open(opening) => {
                self.open(line.span, *opening)?;
                self.stop(line, "open".to_owned());
            }
            Doing::StartAt {
                step,
                answers,
                opening,
            } => {
                let began = self.desk.start_at(step, answers, *opening);
                self.began(line.span, began)?;
                self.stop(line, format!("start_at: {step}"));
            }
            Doing::Wait(length) => {
                let until = self.desk.after(*length).unwrap_or(self.desk.now);
                self.wait(line, format!("wait: {length}"), until);
            }
            Doing::Until(time) => {
                let what = format!("until: {}", self.local(*time));
                self.wait(line, what, *time);
            }
            Doing::Person(deed) => {
                if self.desk.case.is_none() {
                    self.open(line.span, Opening::default())?;
                }
                self.deed(line, deed)?;
            }
        }
        // What an act makes due at once fires before anybody acts again.
        self.pass(line, self.desk.now);
        Ok(())
    }

    fn wait(&mut self, line: &Line, what: String, until: Timestamp) {
        self.stop(line, what);
        self.pass(line, until);
        self.desk.now = self.desk.now.max(until);
    }

    /// Lets everything happen that is due until then.
    fn pass(&mut self, line: &Line, until: Timestamp) {
        while let Some(firing) = self.desk.fire(until) {
            let workflow = self.desk.workflow;
            self.walked.note(workflow, None, &firing.events);
            let (why, what) = words::fired(&firing, workflow.zone());
            self.past.note(self.desk.now, &why, &firing.events);
            let (place, title) = self.desk.place();
            self.walk.push(Stop {
                line: line.span.line,
                at: self.local(self.desk.now),
                what,
                is_by_time: true,
                place,
                title,
            });
        }
    }

    fn local(&self, time: Timestamp) -> String {
        local_text(time, self.desk.workflow.zone()).unwrap_or_default()
    }

    fn open(&mut self, span: Span, opening: Opening) -> Told {
        let opened = self.desk.open(opening);
        self.began(span, opened)
    }

    fn began(&mut self, span: Span, began: Result<Vec<Event>, No>) -> Told {
        match began {
            Ok(events) => {
                let workflow = self.desk.workflow;
                self.walked.note_deed(workflow, None, &customer(), &events);
                self.past.note(self.desk.now, "the case began", &events);
                Ok(())
            }
            Err(no) => Err(failed(span, "a case", said(&no))),
        }
    }

    fn stop(&mut self, line: &Line, what: String) {
        let (place, title) = self.desk.place();
        self.walk.push(Stop {
            line: line.span.line,
            at: self.local(self.desk.now),
            what,
            is_by_time: false,
            place,
            title,
        });
    }

    fn deed(&mut self, line: &Line, deed: &Deed) -> Told {
        let number = self.people.get_index_of(&deed.person).unwrap_or_default();
        let actor = actor(number, deed.role.clone());
        self.is_there(line, deed)?;
        let Some(act) = self.desk.act(&deed.what) else {
            let span = line.span;
            return Err(failed(span, "an action", vec!["it has no name".to_owned()]));
        };
        let before = self.desk.case.clone();
        match self.desk.send(&actor, &act) {
            Ok(events) => {
                let workflow = self.desk.workflow;
                let trace = before
                    .as_ref()
                    .and_then(|case| Trace::of(workflow, case, &events));
                if trace.is_some() {
                    self.last = trace;
                }
                if !deed.refused.is_empty() {
                    return Err(self.not_refused(line, deed));
                }
                self.walked
                    .note_deed(workflow, before.as_ref(), &deed.role, &events);
                let what = self.told(before.as_ref(), deed);
                self.past.note(self.desk.now, &what, &events);
                self.stop(line, what);
            }
            Err(no) => {
                self.refused(line, deed, &no)?;
                let refused: Vec<&str> = deed.refused.iter().map(|code| code.name()).collect();
                let what = self.told(before.as_ref(), deed);
                self.stop(line, format!("{what} is refused: {}", refused.join(", ")));
            }
        }
        Ok(())
    }

    /// Tells what a person did, with the step it belongs to: `ana: listen.done`.
    fn told(&self, before: Option<&Case>, deed: &Deed) -> String {
        let workflow = self.desk.workflow;
        let (name, step) = (name(&deed.what), before.and_then(Case::step));
        let known = step.and_then(|step| workflow.step(step.as_str()));
        let place = match (&deed.what, known) {
            (What::Advance { .. }, Some((_, step)))
                if step.tasks.contains_key(name) || step.actions.contains_key(name) =>
            {
                format!("{}.", step.name)
            }
            (What::Advance { .. }, Some(_)) if workflow.anywhere().contains_key(name) => {
                "anywhere.".to_owned()
            }
            (
                What::Advance { .. }
                | What::Note(_)
                | What::Correct { .. }
                | What::Cause { .. }
                | What::Reopen(_)
                | What::Contact { .. }
                | What::Renegotiate { .. }
                | What::Extend { .. }
                | What::Survey { .. }
                | What::FollowUp { .. },
                _,
            ) => String::new(),
        };
        format!("{}: {place}{name}", deed.person)
    }

    /// Says where the case is, if not in the step that the line names.
    fn is_there(&self, line: &Line, deed: &Deed) -> Told {
        let What::Advance {
            within: Some(step), ..
        } = &deed.what
        else {
            return Ok(());
        };
        let case = self.desk.case.as_ref();
        if case.and_then(Case::step) == Some(step) {
            return Ok(());
        }
        let expected = format!("the case in the step `{step}`");
        let mut failure = failed(line.span, &expected, vec![self.whereabouts()]);
        failure.notes = self.nearest(step.as_str());
        Err(failure)
    }

    fn not_refused(&self, line: &Line, deed: &Deed) -> Failure {
        let expected = format!("a refusal: {}", listed(&deed.refused));
        let happened = format!("it was accepted; {}", self.whereabouts());
        let mut failure = failed(line.span, &expected, vec![happened]);
        failure.notes = self.last.iter().flat_map(Trace::sentences).collect();
        failure
    }

    /// Compares a refusal with those that are expected.
    fn refused(&mut self, line: &Line, deed: &Deed, no: &No) -> Told {
        let codes: Vec<Code> = match no {
            No::Refused(refusal) => refusal.reasons.iter().map(Reason::code).collect(),
            No::Bad(_) => Vec::new(),
        };
        if !deed.refused.is_empty() && deed.refused.iter().all(|code| codes.contains(code)) {
            for code in &deed.refused {
                *self.walked.refusals.entry(*code).or_default() += 1;
            }
            return Ok(());
        }
        let expected = if deed.refused.is_empty() {
            "that it is accepted".to_owned()
        } else {
            format!("a refusal: {}", listed(&deed.refused))
        };
        let mut failure = failed(line.span, &expected, said(no));
        failure.notes.push(self.whereabouts());
        if let No::Refused(refusal) = no {
            failure.notes.push(possible(deed, refusal));
            if codes.contains(&Code::HC014) {
                let what = name(&deed.what);
                let line = format!("{{{}: {what}, reason: \"...\"}}", deed.person);
                failure
                    .notes
                    .push(format!("write the reason in the line: `{line}`"));
            }
        }
        Err(failure)
    }

    /// Tells the rules of the last action; where one leads to the wanted place, only that one and
    /// the one that was taken.
    fn nearest(&self, wanted: &str) -> Vec<String> {
        let Some(last) = &self.last else {
            return Vec::new();
        };
        let near = last.rules.iter().filter(|rule| match rule.fit {
            Fit::Taken | Fit::UsedUp => true,
            Fit::DidNot | Fit::NotTried => rule.leads_to_name() == wanted,
        });
        let near: Vec<String> = near.map(|rule| last.sentence(rule)).collect();
        if near.len() > 1 {
            return near;
        }
        last.sentences()
    }

    fn title(&self, place: &str) -> String {
        let step = self.desk.workflow.step(place).map(|(_, step)| &step.title);
        let outcome = self
            .desk
            .workflow
            .outcome(place)
            .map(|outcome| &outcome.title);
        step.or(outcome)
            .map_or_else(String::new, |title| format!(" ({title})"))
    }

    fn whereabouts(&self) -> String {
        let (place, title) = self.desk.place();
        match &self.desk.case {
            None => "there is no case yet".to_owned(),
            Some(case) if case.is_closed() => format!("the case is closed as `{place}` ({title})"),
            Some(_) => format!("the case is in the step `{place}` ({title})"),
        }
    }
}

/// Tells the answers that were made up for a story that begins in the middle.
fn begun_with(workflow: &Workflow, scenario: &Scenario) -> Option<String> {
    let Doing::StartAt { step, answers, .. } = &scenario.story.first()?.doing else {
        return None;
    };
    let made_up = made_up(workflow, step, answers);
    let made_up: Vec<String> = made_up
        .iter()
        .map(|(field, value)| format!("{field}: {value}"))
        .collect();
    let made_up = made_up.join(", ");
    (!made_up.is_empty()).then(|| format!("begun with (made up): {made_up}"))
}

fn name(what: &What) -> &str {
    match what {
        What::Advance { name, .. } => name,
        What::Note(_) => "note",
        What::Correct { .. } => "correct",
        What::Cause { .. } => "cause",
        What::Reopen(_) => "reopen",
        What::Contact { .. } => "contact",
        What::Renegotiate { .. } => "renegotiate",
        What::Extend { .. } => "extend",
        What::Survey { .. } => "survey",
        What::FollowUp { .. } => "follow_up",
    }
}

fn failed(span: Span, expected: &str, happened: Vec<String>) -> Failure {
    Failure {
        span,
        expected: expected.to_owned(),
        happened,
        notes: Vec::new(),
    }
}

/// Says everything that stood against it, a sentence each.
fn said(no: &No) -> Vec<String> {
    match no {
        No::Refused(refusal) => {
            let reasons = refusal.reasons.iter();
            reasons
                .map(|reason| format!("refused, `{}`: {reason}", reason.code().name()))
                .collect()
        }
        No::Bad(bad) => {
            let faults = bad.violations.iter();
            faults
                .map(|fault| format!("not well formed: {}: {}", fault.field, fault.text))
                .collect()
        }
    }
}

fn possible(deed: &Deed, refusal: &Refusal) -> String {
    let names: Vec<String> = refusal
        .possible
        .iter()
        .map(|offer: &Offer| format!("`{}`", offer.name()))
        .collect();
    let may = if names.is_empty() {
        "nothing at present".to_owned()
    } else {
        names.join(", ")
    };
    format!("as {}, {} may do: {may}", deed.role, deed.person)
}

fn listed(codes: &[Code]) -> String {
    let names: Vec<String> = codes
        .iter()
        .map(|code| format!("`{}`", code.name()))
        .collect();
    names.join(" and ")
}
