//! Histories written by hand, and what they come to.

mod goals;
mod hand;
mod merged;
mod random;
mod replies;

use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Measures, Measuring, Took};
use crate::case::{Actor, Event, Facts};
use crate::entry::{Entry, FORMAT, RequestHashes, StreamName};
use crate::id::{CaseId, Digest, PersonId, PrincipalId, Revision, RoleName};
use crate::time::Timestamp;
use crate::workflow::{Workflow, load};

const DESK: &[u8] = include_bytes!("tests/desk.workflow.yaml");
const HOUR: i64 = 60 * 60 * 1_000_000;

fn desk() -> Workflow {
    load(DESK).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn instant(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|_| panic!("{text}"))
}

/// An instant of October 2026 in Lisbon's summer time: `05 09:30` is Monday the 5th at half past
/// nine.
fn october(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    instant(&format!("2026-10-{day}T{time}:00+01:00"))
}

/// Hours by the wall and hours of work, both in halves.
fn hours(wall_halves: i64, working_halves: i64) -> Took {
    Took {
        wall: wall_halves * HOUR / 2,
        working: working_halves * HOUR / 2,
    }
}

/// The entries of one case.
struct History<'w> {
    workflow: &'w Workflow,
    entries: Vec<Entry>,
}

impl<'w> History<'w> {
    fn new(workflow: &'w Workflow) -> Self {
        Self {
            workflow,
            entries: Vec::new(),
        }
    }

    fn opened(workflow: &'w Workflow, received: &str, recorded: &str) -> Self {
        let mut history = Self::new(workflow);
        let opened = json!({"case_opened.v1":
            {"opened_at": october(received).micros(), "step": "hear"}});
        history.add(recorded, "agent", vec![opened, entered("hear", 1)]);
        history
    }

    fn add(&mut self, at: &str, role: &str, events: Vec<Json>) {
        let events = events.into_iter().map(|event| {
            let told = event.to_string();
            serde_json::from_value::<Event>(event).unwrap_or_else(|error| panic!("{told}: {error}"))
        });
        let digest = Digest([0; 32]);
        self.entries.push(Entry {
            act: "written_by_hand".to_owned(),
            actor: Actor {
                person: PersonId::new(Uuid::nil()),
                principal: PrincipalId::new(Uuid::nil()),
                role: RoleName::new(role).unwrap(),
                via: None,
            },
            at: october(at),
            events: events.collect(),
            facts: Facts::default(),
            held: false,
            log: "heard.invalid/hand".to_owned(),
            prev: None,
            request: RequestHashes {
                body: digest,
                id: digest,
            },
            revision: Revision(self.entries.len() as u64 + 1),
            stream: StreamName::Case(CaseId::new(Uuid::nil())),
            v: FORMAT,
            workflow: Some(self.workflow.reference().clone()),
        });
    }

    /// Adds the firing of a deadline that took effect at its mark.
    fn fire(&mut self, at: &str, (number, deadline): (u32, &str), rung: &str, more: Vec<Json>) {
        let mark = october(at).micros();
        let fired = json!({"deadline_fired.v1": {"deadline": deadline, "effective_at": mark,
            "mark": mark, "number": number, "rung": rung}});
        // Recorded three hours later: somebody looked no sooner.
        let recorded = instant_after(october(at), 3 * HOUR);
        self.add(at, "timekeeper", [vec![fired], more].concat());
        self.entries.last_mut().unwrap().at = recorded;
    }

    fn measures(&self) -> Measures {
        let mut measuring = Measuring::new(self.workflow);
        for entry in &self.entries {
            measuring.add(entry);
        }
        measuring.finish().expect("a case was opened")
    }
}

fn instant_after(at: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_micros(at.micros() + micros).unwrap()
}

fn entered(step: &str, visit: u32) -> Json {
    json!({"step_entered.v1": {"step": step, "visit": visit}})
}

fn acted(action: &str) -> Json {
    json!({"action_taken.v1": {"action": action, "rule": 1}})
}

fn closed(outcome: &str, counts_as: &str) -> Json {
    json!({"case_closed.v1": {"counts_as": counts_as, "outcome": outcome}})
}

fn started(number: u32, deadline: &str, anchor: &str, due: &str) -> Json {
    json!({"deadline_started.v1": {"anchor": october(anchor).micros(), "deadline": deadline,
        "due": october(due).micros(), "number": number, "tz": "2026a"}})
}

fn stopped(number: u32, deadline: &str, verdict: &str) -> Json {
    json!({"deadline_stopped.v1": {"deadline": deadline, "number": number, "verdict": verdict}})
}

fn contact(from_customer: bool) -> Json {
    if from_customer {
        json!({"contact_recorded.v1": {"from_customer": true}})
    } else {
        json!({"contact_recorded.v1": {}})
    }
}
