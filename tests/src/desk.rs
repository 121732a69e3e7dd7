//! A case driven through the engine alone, as the server drives it: seal, decide, encode, evolve.
//!
//! People, salts, request ids and times are counted, so the same acts make the same bytes.

use std::fmt;

use heard_engine::blame::Names;
use heard_engine::case::command::{
    Act, Advance, Correct, Import, Note, Open, Origin, PlainAct, RecordCause, Reopen, Way,
};
use heard_engine::case::diagnosis::{Evidence, Why};
use heard_engine::case::facts::{asked, given_in};
use heard_engine::case::seal::{BadRequest, Opening, Sealed, seal};
use heard_engine::case::{
    Actor, Case, CauseRef, Command, Event, Facts, Meta, Refusal, decide, evolve, fire,
};
use heard_engine::entry::{
    Entry, FORMAT, RequestHashes, StreamName, entry_hash, is_canonical, request_hash,
};
use heard_engine::id::{
    ActionName, CaseId, CauseGroup, CauseName, Digest, FieldName, PersonId, PrincipalId, RequestId,
    Revision, RoleName, StepName, TaskName,
};
use heard_engine::money::Money;
use heard_engine::time::{Date, Timestamp};
use heard_engine::value::{Document, Value};
use heard_engine::workflow::{FieldKind, Workflow, load};
use uuid::Uuid;

/// When the first act happens; one minute passes with each.
pub const MORNING: &str = "2026-10-05T09:00:00Z";
/// The microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;
/// The origin that all entries name.
pub const LOG: &str = "heard.invalid/00112233445566778899aabbccddeeff";

/// A case, and everything that was written of it.
#[derive(Clone)]
#[expect(
    missing_debug_implementations,
    reason = "a compiled workflow would fill the screen"
)]
pub struct Desk {
    pub workflow: Workflow,
    pub case: Option<Case>,
    /// The bytes of the entries, in order.
    pub entries: Vec<Vec<u8>>,
    /// What opens the sealed values of each entry.
    pub openings: Vec<Vec<Opening>>,
    pub now: Timestamp,
    salts: u64,
}

/// What is to be written.
#[derive(Debug)]
pub struct Decided {
    pub events: Vec<Event>,
    pub facts: Facts,
    pub sealed: Sealed,
}

/// Why an act was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum No {
    Bad(BadRequest),
    Refused(Refusal),
}

impl fmt::Display for No {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(bad) => write!(f, "{} {bad}", bad.code()),
            Self::Refused(refusal) => write!(f, "{} {refusal}", refusal.code()),
        }
    }
}

impl No {
    /// Returns the refusal that this has to be.
    pub fn refusal(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            Self::Bad(bad) => panic!("not a refusal but a bad request: {bad}"),
        }
    }
}

/// Returns the person of a number.
pub fn person(number: u8) -> PersonId {
    PersonId::new(Uuid::from_u128(
        0x0190_f5a2_7b5e_8c3d_9f10_0000_0000_0000 | u128::from(number),
    ))
}

/// Returns a person in a role.
pub fn actor(number: u8, role: &str) -> Actor {
    Actor {
        person: person(number),
        principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
        role: RoleName::new(role).unwrap(),
        via: None,
    }
}

impl Desk {
    /// Opens no case yet.
    pub fn new(yaml: &[u8]) -> Self {
        let workflow = load(yaml).unwrap_or_else(|findings| panic!("{findings:#?}"));
        Self {
            workflow,
            case: None,
            entries: Vec::new(),
            openings: Vec::new(),
            now: Timestamp::parse(MORNING).unwrap(),
            salts: 0,
        }
    }

    /// Returns the case, which must be there.
    pub fn case(&self) -> &Case {
        self.case.as_ref().expect("a case was opened")
    }

    /// Lets time pass.
    pub fn wait(&mut self, minutes: i64) {
        self.now = Timestamp::from_micros(self.now.micros() + minutes * MINUTE).unwrap();
    }

    /// Decides what is asked and writes nothing.
    pub fn ask(&self, actor: &Actor, act: &PlainAct) -> Result<Decided, No> {
        let mut salts = self.salts;
        let sealed = seal(&self.workflow, actor, act, &Names::default(), || {
            salts += 1;
            let mut salt = [0; 32];
            salt[24..].copy_from_slice(&salts.to_be_bytes());
            salt
        });
        let sealed = sealed.map_err(No::Bad)?;
        let command = Command {
            act: sealed.act.clone(),
            actor: actor.clone(),
            at: self.now,
        };
        let facts = self.facts(&command);
        let events = decide(&self.workflow, self.case.as_ref(), &facts, &command);
        let events = events.map_err(No::Refused)?;
        Ok(Decided {
            events,
            facts,
            sealed,
        })
    }

    /// Reads what must be read beside the case. There is no other case.
    fn facts(&self, command: &Command) -> Facts {
        let Some(case) = &self.case else {
            return Facts::default();
        };
        let asks = asked(&self.workflow, case, command).into_iter();
        Facts {
            given: asks.map(|ask| given_in(case.bookings(), &ask)).collect(),
            ..Facts::default()
        }
    }

    /// Does what is asked, and writes its entry; a minute passes either way.
    pub fn send(&mut self, actor: &Actor, act: &PlainAct) -> Result<&Case, No> {
        self.wait(1);
        let Decided {
            events,
            facts,
            sealed,
        } = self.ask(actor, act)?;
        self.salts += sealed.openings.len() as u64;
        let id = RequestId::new(&format!("request {}", self.entries.len() + 1)).unwrap();
        let request = RequestHashes {
            body: sealed.body,
            id: request_hash(actor.principal, &id),
        };
        Ok(self.write(act.kind(), actor, (events, facts), request, sealed.openings))
    }

    /// Fires everything that is due, each as an entry of its own, and says how much that was.
    pub fn fire(&mut self) -> usize {
        let nobody = PersonId::new(Uuid::nil());
        let timekeeper = Actor {
            person: nobody,
            principal: PrincipalId::new(Uuid::nil()),
            role: RoleName::new("timekeeper").unwrap(),
            via: Some("heard/timekeeper".to_owned()),
        };
        let before = self.entries.len();
        while let Some(case) = &self.case
            && let Some(firing) = fire(&self.workflow, case, &Facts::default(), self.now)
        {
            let (mark, number) = (firing.next.mark, firing.next.number);
            let id = format!("timer/{number}/{}/{}", mark.rung, mark.at.micros());
            let id = RequestId::new(&id).unwrap();
            let request = RequestHashes {
                body: Digest([0; 32]),
                id: request_hash(timekeeper.principal, &id),
            };
            let decided = (firing.events, Facts::default());
            self.write("fire", &timekeeper, decided, request, Vec::new());
        }
        self.entries.len() - before
    }

    fn write(
        &mut self,
        act: &str,
        actor: &Actor,
        (events, facts): (Vec<Event>, Facts),
        request: RequestHashes,
        openings: Vec<Opening>,
    ) -> &Case {
        let workflow = match &self.case {
            Some(case) => case.workflow(),
            None => self.workflow.reference(),
        };
        let revision = self.case.as_ref().map_or(Revision(0), Case::revision);
        let entry = Entry {
            act: act.to_owned(),
            actor: actor.clone(),
            at: self.now,
            events,
            facts,
            held: false,
            log: LOG.to_owned(),
            prev: self.entries.last().map(|bytes| entry_hash(bytes)),
            request,
            revision: revision.next(),
            stream: stream(),
            v: FORMAT,
            workflow: Some(workflow.clone()),
        };
        let case = apply(self.case.clone(), &entry).expect("what is decided evolves");
        let bytes = entry.encode().expect("the entry is not too large");
        self.entries.push(bytes);
        self.openings.push(openings);
        self.case.insert(case)
    }

    /// Reads the answer of a field as people write it: `200 EUR`, `yes`, `a, b`.
    pub fn value(&self, field: &str, text: &str) -> Value {
        let (_, known) = self.workflow.field(field).expect("the field is declared");
        match &known.kind {
            FieldKind::Text { .. } | FieldKind::LongText => Value::Text(text.to_owned()),
            FieldKind::YesNo => Value::YesNo(text == "yes"),
            FieldKind::Choice { .. } => Value::Choice(text.to_owned()),
            FieldKind::Number { .. } => Value::Number(text.parse().unwrap()),
            FieldKind::Money { .. } => Value::Money(Money::parse(text).unwrap()),
            FieldKind::Date => Value::Date(Date::parse(text).unwrap()),
            FieldKind::Document => Value::Document(Document {
                location: format!("crm/{text}"),
                media_type: "application/pdf".to_owned(),
                name: text.to_owned(),
                sha256: Digest([7; 32]),
            }),
            FieldKind::List => Value::List(text.split(", ").map(str::to_owned).collect()),
        }
    }

    fn answers(&self, answers: &[(&str, &str)]) -> Vec<(FieldName, Value)> {
        let answer = |(field, text): &(&str, &str)| {
            (FieldName::new(field).unwrap(), self.value(field, text))
        };
        answers.iter().map(answer).collect()
    }

    /// The act of opening a case.
    pub fn open(&self) -> PlainAct {
        Act::Open(Open {
            origin: Origin::default(),
            customer: None,
            received_at: None,
            reference: Some("CRM 4711".to_owned()),
            team: Some("lisbon".to_owned()),
            version: None,
            workflow: self.workflow.reference().id.clone(),
        })
    }

    /// The act of bringing a case in at a step.
    pub fn import(&self, step: &str, answers: &[(&str, &str)]) -> PlainAct {
        Act::Import(Import {
            customer: None,
            answers: self.answers(answers),
            opened_at: Timestamp::parse("2026-09-28T12:00:00Z").unwrap(),
            reference: None,
            step: StepName::new(step).unwrap(),
            team: None,
            version: None,
            workflow: self.workflow.reference().id.clone(),
        })
    }

    /// The act of taking an action.
    pub fn action(&self, name: &str, answers: &[(&str, &str)]) -> PlainAct {
        self.advance(Way::Action(ActionName::new(name).unwrap()), answers, None)
    }

    /// The act of taking an action for a reason.
    pub fn action_for(&self, name: &str, answers: &[(&str, &str)], reason: &str) -> PlainAct {
        let way = Way::Action(ActionName::new(name).unwrap());
        self.advance(way, answers, Some(reason))
    }

    /// The act of doing a task.
    pub fn task(&self, name: &str, answers: &[(&str, &str)]) -> PlainAct {
        self.advance(Way::Task(TaskName::new(name).unwrap()), answers, None)
    }

    /// The act of doing a task or taking an action.
    pub fn advance(&self, way: Way, answers: &[(&str, &str)], reason: Option<&str>) -> PlainAct {
        Act::Advance(Advance {
            answers: self.answers(answers),
            reason: reason.map(str::to_owned),
            way,
        })
    }

    /// The act of correcting an answer.
    pub fn correct(&self, field: &str, value: &str, reason: &str) -> PlainAct {
        Act::Correct(Correct {
            field: FieldName::new(field).unwrap(),
            reason: reason.to_owned(),
            value: self.value(field, value),
        })
    }
}

/// The act of adding a note.
pub fn note(text: &str) -> PlainAct {
    Act::Note(Note {
        note: text.to_owned(),
    })
}

/// The act of reopening.
pub fn reopen(reason: &str) -> PlainAct {
    Act::Reopen(Reopen {
        reason: reason.to_owned(),
    })
}

/// The act of recording a root cause with so many whys.
pub fn cause(group: &str, name: &str, whys: usize) -> PlainAct {
    let why = |number: usize| Why {
        evidence: vec![Evidence {
            reference: format!("log line {number}"),
            sha256: None,
        }],
        statement: format!("Because of reason {number}"),
    };
    let cause = CauseRef {
        group: CauseGroup::new(group).unwrap(),
        name: CauseName::new(name).unwrap(),
    };
    let statement = "The note did not reach the next shift".to_owned();
    let whys = (1..=whys).map(why).collect();
    Act::RecordCause(RecordCause::proposed(cause, statement, whys))
}

/// The stream of the one case.
pub fn stream() -> StreamName {
    StreamName::Case(CaseId::new(Uuid::from_u128(
        0x0190_f5a2_7b5e_8c3d_9f10_2b6a_54c1_e7d4,
    )))
}

/// Evolves a case by the events of an entry.
pub fn apply(case: Option<Case>, entry: &Entry) -> anyhow::Result<Case> {
    let meta = Meta {
        revision: entry.revision,
        at: entry.at,
        actor: &entry.actor,
        workflow: entry
            .workflow
            .as_ref()
            .expect("an entry of a case names a workflow"),
    };
    let case = entry
        .events
        .iter()
        .try_fold(case, |case, event| evolve(case, &meta, event).map(Some))?;
    Ok(case.expect("an entry has events"))
}

/// Events that were renamed, though nothing of them changed but what more they may hold.
const RENAMED: [(&str, &str); 1] = [("\"cause_recorded.v1\"", "\"cause_recorded.v2\"")];

/// Returns an entry as this build writes it.
fn newest(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut text = str::from_utf8(bytes)?.to_owned();
    for (before, now) in RENAMED {
        text = text.replace(before, now);
    }
    Ok(text.into_bytes())
}

/// Folds stored entries, checking form and chain on the way.
pub fn replay(entries: &[Vec<u8>]) -> anyhow::Result<Option<Case>> {
    let mut case = None;
    let mut prev = None;
    for (bytes, revision) in entries.iter().zip(1..) {
        anyhow::ensure!(is_canonical(bytes), "entry {revision} is not canonical");
        let entry = Entry::decode(bytes)?;
        anyhow::ensure!(
            entry.encode()? == newest(bytes)?,
            "entry {revision} does not encode to itself"
        );
        anyhow::ensure!(
            entry.revision == Revision(revision),
            "entry {revision} has a gap before"
        );
        anyhow::ensure!(
            entry.prev == prev,
            "entry {revision} does not follow its chain"
        );
        prev = Some(entry_hash(bytes));
        case = Some(apply(case, &entry)?);
    }
    Ok(case)
}
