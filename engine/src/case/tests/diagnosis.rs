//! Acts on the root cause of a case, by the people who may do them.

use uuid::Uuid;

use super::desk::{Desk, Said, WORDS, actor};
use crate::case::command::{
    Advance, CheckEffect, CompleteAction, ConfirmIssue, LinkCause, RecordCause, ReviewCause,
    ReviewVerdict, Way,
};
use crate::case::diagnosis::{Effect, Evidence, Why};
use crate::case::event::Commitment;
use crate::case::{Act, Actor, CauseRef, Held};
use crate::id::{
    ActionName, CaseId, CauseGroup, CauseName, Digest, FailureName, PersonId, RoleName,
};

/// Who handles cases.
pub(crate) const HANDLER: u128 = 1;
/// Who proposes root causes.
pub(crate) const PROPOSER: u128 = 2;
/// Who reviews them.
pub(crate) const AUDITOR: u128 = 3;
/// Who does their actions, and confirms that they are those of an issue.
pub(crate) const OWNER: u128 = 4;
/// Another who reviews them.
pub(crate) const OTHER_AUDITOR: u128 = 5;

pub(crate) const ACCEPT: ReviewVerdict<Commitment> = ReviewVerdict::Accept { note: None };
pub(crate) const RETURN: ReviewVerdict<Commitment> = ReviewVerdict::Return { reason: WORDS };

pub(crate) fn person(number: u128, role: &str) -> Actor {
    Actor {
        person: PersonId::new(Uuid::from_u128(number)),
        role: RoleName::new(role).unwrap(),
        ..actor(role)
    }
}

pub(crate) fn id(number: u128) -> CaseId {
    CaseId::new(Uuid::from_u128(number))
}

/// Reads a cause such as `process/handover`.
pub(crate) fn cause(text: &str) -> CauseRef {
    let (group, name) = text.split_once('/').unwrap();
    CauseRef {
        group: CauseGroup::new(group).unwrap(),
        name: CauseName::new(name).unwrap(),
    }
}

pub(crate) fn advance(action: &str) -> Act<Held, Commitment> {
    Act::Advance(Advance {
        answers: Vec::new(),
        reason: Some(WORDS),
        way: Way::Action(ActionName::new(action).unwrap()),
    })
}

/// A case in its diagnosis, handled by one person.
pub(crate) fn heard(yaml: &str) -> Desk {
    let mut desk = Desk::opened(yaml, None);
    let handler = person(HANDLER, "agent");
    desk.send_by(&handler, advance("heard")).unwrap();
    desk
}

/// A proposal with two whys and what failed.
pub(crate) fn record(text: &str) -> RecordCause<Commitment> {
    let why = Why {
        evidence: vec![Evidence {
            reference: WORDS,
            sha256: Some(Digest([9; 32])),
        }],
        statement: WORDS,
    };
    let mut record = RecordCause::proposed(cause(text), WORDS, vec![why.clone(), why]);
    record.failure = Some(FailureName::new("slow").unwrap());
    record
}

pub(crate) fn propose(desk: &mut Desk, record: RecordCause<Commitment>) -> Said {
    desk.send_by(&person(PROPOSER, "lead"), Act::RecordCause(record))
}

pub(crate) fn review(
    desk: &mut Desk,
    who: u128,
    number: u32,
    verdict: ReviewVerdict<Commitment>,
) -> Said {
    let review = ReviewCause { number, verdict };
    desk.send_by(&person(who, "auditor"), Act::ReviewCause(review))
}

/// Does the first action of the first root cause.
pub(crate) fn complete(desk: &mut Desk) -> Said {
    let done = CompleteAction {
        action: 1,
        note: None,
        number: 1,
    };
    desk.send_by(&person(OWNER, "lead"), Act::CompleteAction(done))
}

/// Says whether the first action of the first root cause worked.
pub(crate) fn check(desk: &mut Desk, effect: Effect) -> Said {
    let check = CheckEffect {
        action: 1,
        effect,
        note: Some(WORDS),
        number: 1,
    };
    desk.send_by(&person(AUDITOR, "auditor"), Act::CheckEffect(check))
}

/// Confirms the first root cause as that of a systemic issue.
pub(crate) fn confirm(desk: &mut Desk, who: u128, role: &str) -> Said {
    let confirm = ConfirmIssue {
        note: Some(WORDS),
        number: 1,
    };
    desk.send_by(&person(who, role), Act::ConfirmIssue(confirm))
}

/// Lets a case take the root cause of another, as that is now.
pub(crate) fn link(desk: &mut Desk, parent: CaseId, other: Option<&Desk>) -> Said {
    let case = CaseId::new(Uuid::from_u128(0x2000));
    let link = LinkCause::new(case, parent, other.map(Desk::case));
    desk.send_by(&person(PROPOSER, "lead"), Act::LinkCause(link))
}
