//! Who does what in the demo, and the requests that come of it.

use std::fmt;

use heard_proto::v1::advance_case_request::Act;
use heard_proto::v1::value::Kind;
use heard_proto::v1::{
    Actor, AdvanceCaseRequest, Answer, Evidence, RecordRootCauseRequest, ReopenCaseRequest, Value,
    Why,
};
use uuid::Uuid;

/// Somebody of the help desk.
#[derive(Debug, Clone)]
pub(super) struct Person {
    name: &'static str,
    role: &'static str,
    /// What the server knows them by: a random id, never the name.
    id: Uuid,
}

/// A case of the demo, as it was last seen.
#[derive(Debug, Clone)]
pub(super) struct SeenCase {
    /// Its title, in the story.
    pub(super) title: &'static str,
    /// Its id.
    pub(super) id: String,
    /// Its revision.
    pub(super) revision: u64,
    /// The step or outcome it is in.
    pub(super) place: String,
}

/// Something that somebody does with a case.
#[derive(Debug, Clone)]
pub(super) struct Turn<'a> {
    /// Who does it.
    pub(super) who: &'a Person,
    act: Act,
    /// The answers that come with it.
    pub(super) answers: Vec<Answer>,
    /// Why.
    pub(super) reason: Option<String>,
}

/// A root cause.
#[derive(Debug, Clone)]
pub(super) struct Cause<'a> {
    /// Its group.
    pub(super) group: &'a str,
    /// Its name in the group.
    pub(super) name: &'a str,
    /// What went wrong.
    pub(super) statement: &'a str,
    /// The chain of whys, each with its evidence.
    pub(super) whys: &'a [(&'a str, &'a str)],
}

impl Person {
    /// Makes a person with a new id.
    pub(super) fn new(name: &'static str, role: &'static str) -> Self {
        Self {
            name,
            role,
            id: Uuid::new_v4(),
        }
    }

    /// Returns the person in another role.
    pub(super) fn acting_as(&self, role: &'static str) -> Self {
        Self {
            role,
            ..self.clone()
        }
    }

    /// Returns who acts, as a request says it.
    pub(super) fn actor(&self) -> Actor {
        Actor {
            person: self.id.to_string(),
            role: self.role.to_owned(),
        }
    }
}

impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.role)
    }
}

impl<'a> Turn<'a> {
    /// Takes an action.
    pub(super) fn action(who: &'a Person, name: &str) -> Self {
        Self::new(who, Act::Action(name.to_owned()))
    }

    /// Does a task.
    pub(super) fn task(who: &'a Person, name: &str) -> Self {
        Self::new(who, Act::Task(name.to_owned()))
    }

    fn new(who: &'a Person, act: Act) -> Self {
        Self {
            who,
            act,
            answers: Vec::new(),
            reason: None,
        }
    }

    /// Adds an answer.
    pub(super) fn with(mut self, field: &str, kind: Kind) -> Self {
        self.answers.push(Answer {
            field: field.to_owned(),
            value: Some(Value { kind: Some(kind) }),
        });
        self
    }

    /// Gives a reason.
    pub(super) fn because(mut self, reason: &str) -> Self {
        self.reason = Some(reason.to_owned());
        self
    }

    /// Returns the name of the action or task.
    pub(super) fn name(&self) -> &str {
        match &self.act {
            Act::Action(name) | Act::Task(name) => name,
        }
    }
}

/// Returns the request of a turn, for the case as it was last seen.
pub(super) fn request(case: &SeenCase, turn: &Turn<'_>) -> AdvanceCaseRequest {
    AdvanceCaseRequest {
        request_id: Uuid::new_v4().to_string(),
        actor: Some(turn.who.actor()),
        case_id: case.id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        act: Some(turn.act.clone()),
        answers: turn.answers.clone(),
        reason: turn.reason.clone(),
    }
}

/// Returns the request that records a root cause.
pub(super) fn cause_request(
    case: &SeenCase,
    who: &Person,
    root: &Cause<'_>,
) -> RecordRootCauseRequest {
    let why = |(statement, evidence): &(&str, &str)| Why {
        statement: (*statement).to_owned(),
        evidence: vec![Evidence {
            reference: (*evidence).to_owned(),
            sha256: None,
        }],
    };
    RecordRootCauseRequest {
        request_id: Uuid::new_v4().to_string(),
        actor: Some(who.actor()),
        case_id: case.id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        group: root.group.to_owned(),
        name: root.name.to_owned(),
        statement: root.statement.to_owned(),
        whys: root.whys.iter().map(why).collect(),
        ..RecordRootCauseRequest::default()
    }
}

/// Returns the request that reopens a case.
pub(super) fn reopen_request(case: &SeenCase, who: &Person, reason: &str) -> ReopenCaseRequest {
    ReopenCaseRequest {
        request_id: Uuid::new_v4().to_string(),
        actor: Some(who.actor()),
        case_id: case.id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        reason: reason.to_owned(),
    }
}
