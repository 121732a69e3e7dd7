//! Cases of other issues, of other workflows, opened by us or merged: what they count for.

use super::*;
use crate::case::command::{ConfirmIssue, MergeInto};
use crate::case::{Act, Origin};
use crate::id::{FailureName, ReportingName};

const CONFIRM: ConfirmIssue<crate::case::Commitment> = ConfirmIssue {
    note: None,
    number: 2,
};

/// A case of another workflow, whose root cause is that of an issue.
fn elsewhere() -> Desk {
    let yaml = YAML.replace("workflow: lessons", "workflow: others");
    let mut desk = Desk::opened(&yaml, None);
    desk.take("heard", &[]).unwrap();
    propose(&mut desk, record("process/missing_step")).unwrap();
    confirm(&mut desk, "2026-11-06 09:00");
    desk
}

fn opened_with(parent: Option<u128>, proactive: bool) -> Desk {
    let parent = parent.map(id);
    Desk::opened_as(YAML, None, Origin { parent, proactive })
}

fn like_the_others(mut desk: Desk) -> Desk {
    let card = Value::Choice("card".to_owned());
    desk.take("heard", &[("product", card)]).unwrap();
    desk.at("2026-10-20 09:00");
    propose(&mut desk, record("process/handover")).unwrap();
    desk
}

#[test]
fn what_belongs_to_an_issue_that_stands_no_more_is_proposed_again() {
    let [mut first, second, third] = three();
    let mut other = diagnosed("process/missing_step", Some("loan"), "2026-10-07 09:00");
    confirm(&mut other, "2026-11-06 09:00");
    link(&mut first, 4, &other);
    assert_eq!(of([&first, &second, &third, &other]).proposed(), []);
    review(&mut other, AUDITOR, 1, RETURN).unwrap();
    let proposed = of([&first, &second, &third, &other]).proposed();
    assert_eq!(proposed[0].unlinked.cases, ids([1, 2, 3]));
}

#[test]
fn what_belongs_to_an_issue_of_another_workflow_is_proposed_for_none() {
    let [mut first, second, third] = three();
    let other = elsewhere();
    link(&mut first, 4, &other);
    let mut issues = of([&first, &second, &third]);
    assert_eq!(issues.parents_to_add(), ids([4]));
    assert_eq!(issues.proposed().len(), 1);
    issues.add(&other.workflow, id(4), other.case());
    assert_eq!(issues.parents_to_add(), []);
    assert_eq!((issues.proposed(), issues.confirmed()), (vec![], vec![]));
}

#[test]
fn a_case_that_is_read_twice_counts_once() {
    let [mut first, mut second, _] = three();
    confirm(&mut second, "2026-11-06 09:00");
    link(&mut first, 2, &second);
    let mut issues = of([&first, &second]);
    issues.add(&first.workflow, id(1), first.case());
    assert_eq!(issues.confirmed()[0].children.cases, ids([1]));
}

#[test]
fn children_are_to_be_linked_again_where_more_than_the_recording_is_another() {
    let [mut first, mut second, _] = three();
    confirm(&mut second, "2026-11-06 09:00");
    link(&mut first, 2, &second);
    let again = |change: fn(&mut crate::case::command::RecordCause<_>)| {
        let mut parent = second.clone();
        let mut record = record("process/handover");
        change(&mut record);
        propose(&mut parent, record).unwrap();
        review(&mut parent, AUDITOR, 2, ACCEPT).unwrap();
        let lead = diagnosis::person(OWNER, "lead");
        parent.send_by(&lead, Act::ConfirmIssue(CONFIRM)).unwrap();
        let issue = of([&first, &parent]).confirmed().remove(0);
        assert_eq!((issue.number, issue.stands), (2, true));
        (issue.linked.total, issue.stale.total)
    };
    assert_eq!(again(|_| {}), (1, 0));
    assert_eq!(
        again(|record| record.policy_id = Some("P-8".into())),
        (0, 1)
    );
    let wrong = |record: &mut crate::case::command::RecordCause<_>| {
        record.failure = FailureName::new("wrong").ok();
    };
    assert_eq!(again(wrong), (0, 1));
    let other = |record: &mut crate::case::command::RecordCause<_>| {
        record.reporting = ReportingName::new("other").ok();
    };
    assert_eq!(again(other), (0, 1));
}

#[test]
fn cases_that_we_open_ourselves_make_no_crowd() {
    let ours = || like_the_others(opened_with(None, true));
    let [first, second, third] = three();
    let ours = [ours(), ours(), ours(), ours()];
    assert_eq!(of(ours.iter().chain([&first, &second])).proposed(), []);
    let proposed = of(ours.iter().chain([&first, &second, &third])).proposed();
    assert_eq!(proposed[0].cases.cases, ids([5, 6, 7]));
    assert_eq!(proposed[0].unlinked, proposed[0].cases);
}

#[test]
fn a_case_that_was_merged_into_another_is_no_child() {
    let [_, mut issue, _] = three();
    confirm(&mut issue, "2026-11-06 09:00");
    let survivor = opened_with(Some(2), false);
    let mut duplicate = opened_with(Some(2), true);
    let both = of([&survivor, &issue, &duplicate]).confirmed().remove(0);
    assert_eq!((both.children.total, both.proactive.total), (2, 1));
    let into = MergeInto {
        into: id(1),
        into_revision: survivor.case().revision(),
        reason: WORDS,
    };
    duplicate.send("agent", Act::MergeInto(into)).unwrap();
    let one = of([&survivor, &issue, &duplicate]).confirmed().remove(0);
    assert_eq!(one.children.cases, ids([1]));
    assert_eq!((one.open.cases, one.proactive.total), (ids([1]), 0));
}
