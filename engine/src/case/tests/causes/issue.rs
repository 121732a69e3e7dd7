//! Systemic issues: one root cause for many cases.

use super::*;
use crate::case::command::{LinkCause, NoIssue, Open, Origin};
use crate::case::refusal::{Reason, Undiagnosed};
use crate::case::tests::diagnosis::{confirm, id, link};

const PARENT: u128 = 0x1000;
const CHILD: u128 = 0x2000;

/// A case whose root cause was accepted and confirmed as that of an issue.
fn issue() -> Desk {
    let mut parent = heard(YAML);
    propose(&mut parent, record("process/handover")).unwrap();
    review(&mut parent, AUDITOR, 1, ACCEPT).unwrap();
    confirm(&mut parent, OWNER, "lead").unwrap();
    parent
}

fn why_not(said: Said) -> NoIssue {
    match said.unwrap_err().as_slice() {
        [Reason::Diagnosis(Undiagnosed::NoIssue { because, .. })] => *because,
        reasons => panic!("{reasons:?}"),
    }
}

#[test]
fn a_root_cause_is_confirmed_once_by_another_person_when_it_was_accepted() {
    let mut desk = heard(YAML);
    assert_eq!(no(confirm(&mut desk, OWNER, "lead")), [Code::HC047]);
    propose(&mut desk, record("process/handover")).unwrap();
    assert_eq!(no(confirm(&mut desk, OWNER, "lead")), [Code::HC048]);
    review(&mut desk, AUDITOR, 1, ACCEPT).unwrap();
    assert_eq!(no(confirm(&mut desk, PROPOSER, "lead")), [Code::HC049]);
    assert_eq!(no(confirm(&mut desk, AUDITOR, "auditor")), [Code::HC026]);
    confirm(&mut desk, OWNER, "lead").unwrap();
    assert_eq!(desk.case().issue().unwrap().number, 1);
    assert_eq!(no(confirm(&mut desk, OWNER, "lead")), [Code::HC057]);
}

#[test]
fn the_workflow_names_who_confirms() {
    let named = YAML.replace(
        "  categories:",
        "  systemic: {cases: 5, within: 30 days, by: [lead]}\n  categories:",
    );
    let mut desk = heard(&named);
    propose(&mut desk, record("process/handover")).unwrap();
    review(&mut desk, AUDITOR, 1, ACCEPT).unwrap();
    assert_eq!(no(confirm(&mut desk, OWNER, "agent")), [Code::HC005]);
    confirm(&mut desk, OWNER, "lead").unwrap();
}

#[test]
fn where_nobody_reviews_a_root_cause_is_confirmed_as_proposed() {
    let mut desk = heard(&YAML.replace("  review: {by: auditor, sample: 100%}\n", ""));
    propose(&mut desk, record("process/handover")).unwrap();
    confirm(&mut desk, OWNER, "lead").unwrap();
}

#[test]
fn a_link_is_enough_to_leave_the_diagnosis_and_settles_what_is_owed() {
    let parent = issue();
    let mut open = heard(YAML);
    let handler = person(HANDLER, "agent");
    let finish = advance("finish");
    assert_eq!(
        no(open.send_by(&handler, finish.clone())),
        [Code::HC013],
        "a cause is asked for"
    );
    link(&mut open, id(PARENT), Some(&parent)).unwrap();
    open.send_by(&handler, finish).unwrap();
    assert!(!open.case().owes_cause());

    let mut refused = Desk::opened(YAML, None);
    refused.send_by(&handler, advance("refuse")).unwrap();
    assert!(refused.case().owes_cause());
    link(&mut refused, id(PARENT), Some(&parent)).unwrap();
    assert!(!refused.case().owes_cause());
    assert_eq!(refused.case().parent(), Some(id(PARENT)));
}

#[test]
fn a_link_holds_what_the_issue_said_and_as_of_which_entry() {
    let parent = issue();
    let mut child = heard(YAML);
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
    let linked = child.case().linked().unwrap();
    assert_eq!(linked.cause, cause("process/handover"));
    assert_eq!(linked.failure.as_ref().unwrap().as_str(), "slow");
    assert_eq!(linked.parent_revision, parent.case().revision());
    assert_eq!(linked.workflow.as_str(), "causes");
    assert_eq!((linked.parent, linked.number), (id(PARENT), 1));
}

#[test]
fn there_is_nothing_to_take_but_a_confirmed_root_cause_that_stands() {
    let mut child = heard(YAML);
    assert_eq!(
        why_not(link(&mut child, id(PARENT), None)),
        NoIssue::NoSuchCase
    );
    let mut parent = heard(YAML);
    propose(&mut parent, record("process/handover")).unwrap();
    review(&mut parent, AUDITOR, 1, ACCEPT).unwrap();
    let said = link(&mut child, id(PARENT), Some(&parent));
    assert_eq!(why_not(said), NoIssue::NotConfirmed);
    confirm(&mut parent, OWNER, "lead").unwrap();
    review(&mut parent, OTHER_AUDITOR, 1, RETURN).unwrap();
    let said = link(&mut child, id(PARENT), Some(&parent));
    assert_eq!(why_not(said), NoIssue::NotStanding);
    let own = LinkCause::new(id(PARENT), id(PARENT), Some(parent.case()));
    let said = parent.send_by(&person(PROPOSER, "lead"), Act::LinkCause(own));
    assert_eq!(why_not(said), NoIssue::Itself);
}

#[test]
fn a_link_is_made_where_causes_are_recorded_and_by_whom() {
    let parent = issue();
    let mut early = Desk::opened(YAML, None);
    assert_eq!(
        no(link(&mut early, id(PARENT), Some(&parent))),
        [Code::HC019]
    );
    let mut child = heard(YAML);
    let asked = LinkCause::new(id(CHILD), id(PARENT), Some(parent.case()));
    let said = child.send_by(&person(AUDITOR, "auditor"), Act::LinkCause(asked));
    assert_eq!(no(said), [Code::HC026]);
}

#[test]
fn linking_again_takes_what_the_issue_says_now() {
    let mut parent = issue();
    let mut child = heard(YAML);
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
    let other = ReviewVerdict::Reclassify {
        cause: cause("process/missing_step"),
        reason: WORDS,
    };
    review(&mut parent, OTHER_AUDITOR, 1, other).unwrap();
    let before = child.case().linked().unwrap().clone();
    assert_eq!(before.cause, cause("process/handover"));
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
    let after = child.case().linked().unwrap();
    assert_eq!(after.cause, cause("process/missing_step"));
}

#[test]
fn a_cause_that_is_returned_takes_an_earlier_link_with_it() {
    let parent = issue();
    let mut child = heard(YAML);
    propose(&mut child, record("process/missing_step")).unwrap();
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
    child
        .send_by(&person(HANDLER, "agent"), advance("finish"))
        .unwrap();
    review(&mut child, AUDITOR, 1, RETURN).unwrap();
    assert!(child.case().owes_cause());
    assert_eq!(child.case().linked(), None);
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
    assert!(!child.case().owes_cause());
}

#[test]
fn where_causes_are_reviewed_only_an_accepted_one_is_taken() {
    let unreviewed = YAML.replace("  review: {by: auditor, sample: 100%}\n", "");
    let mut parent = heard(&unreviewed);
    propose(&mut parent, record("process/handover")).unwrap();
    confirm(&mut parent, OWNER, "lead").unwrap();
    let mut child = heard(YAML);
    let said = link(&mut child, id(PARENT), Some(&parent));
    assert_eq!(why_not(said), NoIssue::NotAccepted);
    let mut child = heard(&unreviewed);
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
}

#[test]
fn what_is_always_reviewed_takes_no_cause_by_link() {
    let rule = "fields: {loud: {ask: Was the customer loud?, type: yes_no, default: yes}}\n\
                start: hear";
    let always = YAML
        .replace("start: hear", rule)
        .replace(
            "who: [agent, lead]\n    actions: {heard",
            "who: [agent, lead]\n    needs: [loud]\n    actions: {heard",
        )
        .replace("sample: 100%", "sample: 100%, always_when: {loud: yes}");
    let mut child = heard(&always);
    let said = link(&mut child, id(PARENT), Some(&issue()));
    assert_eq!(why_not(said), NoIssue::AlwaysReviewed);
}

#[test]
fn a_confirmation_is_of_one_recording() {
    let mut parent = issue();
    review(&mut parent, OTHER_AUDITOR, 1, RETURN).unwrap();
    let mut other = record("process/missing_step");
    other.revises = Some(1);
    propose(&mut parent, other).unwrap();
    let mut child = heard(YAML);
    let said = link(&mut child, id(PARENT), Some(&parent));
    assert_eq!(why_not(said), NoIssue::NotStanding);
    assert_eq!(no(confirm(&mut parent, OWNER, "lead")), [Code::HC048]);
    review(&mut parent, AUDITOR, 1, ACCEPT).unwrap();
    let said = link(&mut child, id(PARENT), Some(&parent));
    assert_eq!(
        why_not(said),
        NoIssue::NotStanding,
        "accepted is not confirmed"
    );
    confirm(&mut parent, OWNER, "lead").unwrap();
    link(&mut child, id(PARENT), Some(&parent)).unwrap();
}

#[test]
fn what_is_undetermined_is_no_cause_for_many() {
    let mut parent = heard(YAML);
    let mut open = record("unknown/not_found");
    open.review_date = Some(Date::parse("2026-11-02").unwrap());
    propose(&mut parent, open).unwrap();
    review(&mut parent, AUDITOR, 1, ACCEPT).unwrap();
    assert_eq!(no(confirm(&mut parent, OWNER, "lead")), [Code::HC069]);
}

#[test]
fn who_chose_the_cause_in_a_review_does_not_confirm_it() {
    let mut parent = heard(YAML);
    propose(&mut parent, record("process/handover")).unwrap();
    let other = ReviewVerdict::Reclassify {
        cause: cause("process/missing_step"),
        reason: WORDS,
    };
    review(&mut parent, AUDITOR, 1, other).unwrap();
    assert_eq!(no(confirm(&mut parent, AUDITOR, "lead")), [Code::HC049]);
    confirm(&mut parent, OWNER, "lead").unwrap();
}

#[test]
fn a_proactive_case_says_where_it_comes_from() {
    let open = |origin| {
        Act::Open(Open {
            customer: None,
            origin,
            received_at: None,
            reference: None,
            team: None,
            version: None,
            workflow: crate::id::WorkflowId::new("causes").unwrap(),
        })
    };
    let origin = Origin {
        parent: Some(id(PARENT)),
        proactive: true,
    };
    let desk = Desk::begun(YAML, open(origin));
    assert_eq!(desk.case().parent(), Some(id(PARENT)));
    assert!(desk.case().is_proactive());
    assert!(!desk.case().has_cause(), "a parent alone is no cause");
    let desk = Desk::begun(YAML, open(Origin::default()));
    assert_eq!(desk.case().parent(), None);
    assert!(!desk.case().is_proactive());
}

#[test]
fn a_request_without_an_origin_has_the_hash_it_always_had() {
    let plain = Open::<String> {
        customer: None,
        origin: Origin::default(),
        received_at: None,
        reference: None,
        team: None,
        version: None,
        workflow: crate::id::WorkflowId::new("causes").unwrap(),
    };
    let json = serde_json::to_string(&plain).unwrap();
    assert_eq!(json, "{\"workflow\":\"causes\"}");
}
