//! Runs a scenario through the engine.
//!
//! Invariant: the first line that does not go as it says ends the story.

use indexmap::IndexMap;

use crate::calendar::{self, Pauses};
use crate::case::event::Held;
use crate::case::offer::Offer;
use crate::case::{Case, Event, Reason, Refusal};
use crate::code::Code;
use crate::finding::Span;
use crate::id::{FieldName, RoleName};
use crate::money::Money;
use crate::value::Value;
use crate::workflow::Workflow;

use super::coverage::Walked;
use super::desk::{Desk, No, actor, customer, made_up};
use super::read::local_text;
use super::story::{Deed, Doing, Expected, Hope, Line, Opening, Scenario, Scenarios, What, Wish};
use super::trace::{Fit, Trace};

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

/// A line that went as it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Its number in the file, from 1.
    pub line: u32,
    /// What happened: `ana: put_right.offer`.
    pub what: String,
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
                let calendar = self.desk.workflow.calendar(None);
                let after = calendar::due(calendar, *length, self.desk.now, &Pauses::none());
                self.desk.now = after.unwrap_or(self.desk.now);
                self.stop(line, format!("wait: {length}"));
            }
            Doing::Until(time) => {
                self.desk.now = self.desk.now.max(*time);
                let zone = self.desk.workflow.zone();
                let time = local_text(*time, zone).unwrap_or_default();
                self.stop(line, format!("until: {time}"));
            }
            Doing::Person(deed) => {
                if self.desk.case.is_none() {
                    self.open(line.span, Opening::default())?;
                }
                self.deed(line, deed)?;
            }
        }
        Ok(())
    }

    fn open(&mut self, span: Span, opening: Opening) -> Told {
        let opened = self.desk.open(opening);
        self.began(span, opened)
    }

    fn began(&mut self, span: Span, began: Result<Vec<Event>, No>) -> Told {
        match began {
            Ok(events) => {
                self.walked
                    .note(self.desk.workflow, None, &customer(), &events);
                Ok(())
            }
            Err(no) => Err(failed(span, "a case", said(&no))),
        }
    }

    fn stop(&mut self, line: &Line, what: String) {
        let (place, title) = self.desk.place();
        self.walk.push(Stop {
            line: line.span.line,
            what,
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
                    .note(workflow, before.as_ref(), &deed.role, &events);
                let what = self.told(before.as_ref(), deed);
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
                | What::Reopen(_),
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

    fn expect(&self, expected: &Expected) -> Told {
        let expected_at = expected.span;
        match &expected.hope {
            Hope::At(place) => {
                let (at, _) = self.desk.place();
                if at == *place {
                    return Ok(());
                }
                let wanted = format!("the case in `{place}`{}", self.title(place));
                let mut failure = failed(expected.span, &wanted, vec![self.whereabouts()]);
                failure.notes = self.nearest(place);
                Err(failure)
            }
            Hope::Answer(field, wish) => self.expect_answer(expected.span, field, wish),
            Hope::Given(field, wanted) => {
                let total = self.given(field.as_str());
                if total == wanted.filter(|wanted| wanted.minor != 0) {
                    return Ok(());
                }
                let said = |amount: Option<Money>| {
                    amount.map_or_else(|| "nothing".to_owned(), |amount| amount.to_string())
                };
                let expected = format!("`{field}` given: {}", said(*wanted));
                let happened = vec![format!("given: {}", said(total))];
                Err(failed(expected_at, &expected, happened))
            }
            Hope::NothingGiven => {
                let fields = self.desk.workflow.fields().keys();
                let given = fields.filter_map(|field| Some((field, self.given(field.as_str())?)));
                let given: Vec<String> = given
                    .map(|(field, amount)| format!("`{field}` given: {amount}"))
                    .collect();
                if given.is_empty() {
                    return Ok(());
                }
                Err(failed(expected_at, "nothing given", given))
            }
            Hope::OwesCause(owes) => {
                let does = self.desk.case.as_ref().is_some_and(Case::owes_cause);
                if does == *owes {
                    return Ok(());
                }
                let said = |owes| {
                    let not = if owes { "owes" } else { "does not owe" };
                    format!("the case {not} a root cause")
                };
                Err(failed(expected.span, &said(*owes), vec![said(does)]))
            }
        }
    }

    /// Returns how much of a field is given and not taken back; none for nothing.
    fn given(&self, field: &str) -> Option<Money> {
        let total = self.desk.case.as_ref()?.total_booked(field);
        total.filter(|total| total.minor != 0)
    }

    fn expect_answer(&self, span: Span, field: &FieldName, wish: &Wish) -> Told {
        let answers = self.desk.case.as_ref().map(Case::answers);
        let held = answers.and_then(|answers| answers.get(field));
        let value: Option<&Value> = held.and_then(|answer| match &answer.value {
            Held::Open(value) => Some(value),
            Held::Sealed(_) => self.desk.told.get(field),
        });
        let is_met = match wish {
            Wish::Empty => held.is_none(),
            Wish::Filled => held.is_some(),
            Wish::Is(wished) => value == Some(wished),
        };
        if is_met {
            return Ok(());
        }
        let expected = match wish {
            Wish::Empty => format!("`{field}` without an answer"),
            Wish::Filled => format!("`{field}` with an answer"),
            Wish::Is(value) => format!("`{field}`: {value}"),
        };
        let is = value.map_or_else(|| "no answer".to_owned(), Value::to_string);
        Err(failed(span, &expected, vec![format!("`{field}`: {is}")]))
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
