//! Issues, proposed and confirmed, of small cases made by commands.

mod beside;
mod random;

use super::*;
use crate::case::Act;
use crate::case::command::{MergeInto, Origin, ReviewVerdict};
use crate::case::tests::desk::{Desk, WORDS, utc};
use crate::case::tests::diagnosis::{
    self, ACCEPT, AUDITOR, OWNER, RETURN, cause, id, propose, review,
};
use crate::cause::lessons::tests::{YAML, finish, key, record};
use crate::time::Date;

/// A case with a root cause, recorded at some time.
fn diagnosed(text: &str, product: Option<&str>, at: &str) -> Desk {
    let mut desk = Desk::opened(YAML, None);
    let product = product.map(|product| ("product", Value::Choice(product.to_owned())));
    desk.take("heard", product.as_slice()).unwrap();
    desk.at(at);
    propose(&mut desk, record(text)).unwrap();
    desk
}

fn handover(at: &str) -> Desk {
    diagnosed("process/handover", Some("card"), at)
}

fn three() -> [Desk; 3] {
    ["2026-10-06 09:00", "2026-10-20 09:00", "2026-11-05 09:59"].map(handover)
}

/// Confirms the root cause of a case after a reviewer found it right.
fn confirm(desk: &mut Desk, at: &str) {
    desk.at(at);
    review(desk, AUDITOR, 1, ACCEPT).unwrap();
    diagnosis::confirm(desk, OWNER, "lead").unwrap();
}

/// Takes the cause of the case with that number, after a reviewer found that of its own right.
fn link(desk: &mut Desk, number: u128, parent: &Desk) {
    review(desk, AUDITOR, 1, ACCEPT).unwrap();
    diagnosis::link(desk, id(number), Some(parent)).unwrap();
}

/// The issues of these cases, numbered from 1.
fn of<'d>(desks: impl IntoIterator<Item = &'d Desk>) -> Issues {
    held(&[YAML], desks)
}

fn held<'d>(yamls: &[&str], desks: impl IntoIterator<Item = &'d Desk>) -> Issues {
    let mut issues = Issues::default();
    for yaml in yamls {
        issues.hold_against(&crate::workflow::load(yaml.as_bytes()).unwrap());
    }
    for (number, desk) in (1..).zip(desks) {
        issues.add(&desk.workflow, id(number), desk.case());
    }
    issues
}

fn ids<const N: usize>(numbers: [u128; N]) -> Vec<CaseId> {
    numbers.map(id).to_vec()
}

#[test]
fn the_third_like_case_within_the_time_proposes_an_issue_that_names_them_all() {
    let mut three = three();
    assert_eq!(of(&three[..2]).proposed(), []);
    finish(&mut three[0], "2026-11-06 09:00");
    let found = of(&three).proposed();
    let [proposal] = found.as_slice() else {
        panic!("{found:?}");
    };
    assert_eq!(proposal.cause, key("process/handover"));
    assert_eq!(proposal.cases.cases, ids([1, 2, 3]));
    assert_eq!(proposal.unlinked, proposal.cases);
    let product = FieldName::new("product").unwrap();
    let card = Value::Choice("card".to_owned());
    assert_eq!(proposal.alike, [(product, card)]);
    assert_eq!(
        (proposal.first, proposal.last),
        (utc("2026-10-06 09:00"), utc("2026-11-05 09:59"))
    );
    assert_eq!(
        (proposal.cases_min, proposal.within.to_string().as_str()),
        (3, "30 days")
    );
    let (case, number) = (id(1), 1);
    assert_eq!(proposal.next, NextStep::Review { case, number });
    review(&mut three[1], AUDITOR, 1, ACCEPT).unwrap();
    let case = id(2);
    assert_eq!(
        of(&three).proposed()[0].next,
        NextStep::Confirm { case, number }
    );
}

#[test]
fn a_case_recorded_as_the_time_ends_is_not_in_it() {
    let mut three = three();
    // The clocks went back an hour meanwhile.
    three[2] = handover("2026-11-05 10:00");
    assert_eq!(of(&three).proposed(), []);
}

#[test]
fn only_cases_with_one_cause_that_stands_and_equal_values_are_alike() {
    let [first, second, _] = three();
    let third = "2026-10-21 09:00";
    let mut returned = handover(third);
    review(&mut returned, AUDITOR, 1, RETURN).unwrap();
    let mut reclassified = handover(third);
    let other = ReviewVerdict::Reclassify {
        cause: cause("process/missing_step"),
        reason: WORDS,
    };
    review(&mut reclassified, AUDITOR, 1, other).unwrap();
    let mut draft = record("process/handover");
    draft.draft = true;
    let mut drafted = diagnosed("process/missing_step", Some("card"), third);
    propose(&mut drafted, draft).unwrap();
    for unlike in [
        diagnosed("process/handover", Some("loan"), third),
        diagnosed("process/handover", None, third),
        diagnosed("process/missing_step", Some("card"), third),
        returned,
        reclassified,
        drafted,
    ] {
        assert_eq!(of([&first, &second, &unlike]).proposed(), []);
    }
    let undetermined = ["2026-10-06 09:00"; 3].map(|at| {
        let mut desk = diagnosed("process/handover", Some("card"), at);
        let mut unknown = record("unknown/not_found");
        unknown.revises = Some(1);
        unknown.review_date = Some(Date::parse("2027-01-04").unwrap());
        review(&mut desk, AUDITOR, 1, RETURN).unwrap();
        propose(&mut desk, unknown).unwrap();
        desk
    });
    assert_eq!(of(&undetermined).proposed(), []);
    let without = ["2026-10-06 09:00"; 3].map(|at| diagnosed("process/handover", None, at));
    assert_eq!(of(&without).proposed(), []);
}

#[test]
fn what_the_highest_version_asks_for_counts_also_for_cases_of_earlier_ones() {
    let three = three();
    let strict = YAML.replace("cases: 3", "cases: 4");
    let strict = strict.replace("version: 1", "version: 2");
    let mild = YAML.replace(
        "cases: 3, within: 30 days, same: [product]",
        "cases: 2, within: 1 day",
    );
    let mild = mild.replace("version: 1", "version: 3");
    let never = YAML.replace("  systemic:", "  # systemic:");
    let never = never.replace("version: 1", "version: 4");
    assert_eq!(held(&[&strict, YAML], &three).proposed(), []);
    assert_eq!(held(&[&strict, &mild], &three).proposed(), []);
    let same_day = ["2026-10-06 09:00", "2026-10-06 10:00"];
    let same_day = same_day.map(|at| diagnosed("process/handover", None, at));
    let proposed = held(&[&mild, &strict], &same_day).proposed();
    assert_eq!((proposed[0].cases.total, proposed[0].alike.len()), (2, 0));
    assert_eq!(held(&[&mild, &never], &same_day).proposed(), []);
}

#[test]
fn proposals_of_many_cases_come_first_and_of_equally_many_the_latest() {
    let mut desks: Vec<Desk> = three().into();
    desks.extend(three().map(|_| diagnosed("process/handover", Some("loan"), "2026-11-09 09:00")));
    let missing = || diagnosed("process/missing_step", Some("card"), "2026-10-07 09:00");
    desks.extend([missing(), missing(), missing(), missing()]);
    let proposed = of(&desks).proposed();
    let named: Vec<_> = proposed.iter().map(|one| one.cases.cases.clone()).collect();
    assert_eq!(
        named,
        [
            ids([7, 8, 9, 10]).as_slice(),
            &ids([4, 5, 6]),
            &ids([1, 2, 3])
        ]
    );
}

#[test]
fn a_confirmed_issue_takes_the_like_cases_and_nothing_is_proposed_any_more() {
    let [first, mut second, mut third] = three();
    confirm(&mut second, "2026-11-06 09:00");
    let proposed = of([&first, &second, &third]).proposed();
    assert_eq!(proposed[0].cases.cases, ids([1, 2, 3]));
    assert_eq!(proposed[0].unlinked.cases, ids([1, 3]));
    assert_eq!(proposed[0].next, NextStep::Link { parent: id(2) });

    link(&mut third, 2, &second);
    // One is left, and must be linked too.
    let left = of([&first, &second, &third]).proposed();
    assert_eq!(
        (left[0].cases.total, &left[0].unlinked.cases),
        (3, &ids([1]))
    );
    let mut first = first;
    link(&mut first, 2, &second);
    finish(&mut third, "2026-11-09 09:00");
    let issues = of([&first, &second, &third]);
    assert_eq!(issues.proposed(), []);
    let confirmed = issues.confirmed();
    let [issue] = confirmed.as_slice() else {
        panic!("{confirmed:?}");
    };
    assert_eq!((issue.case, issue.number, issue.stands), (id(2), 1, true));
    assert_eq!(issue.cause, key("process/handover"));
    assert_eq!(issue.confirmed_at, utc("2026-11-06 09:00"));
    assert_eq!(issue.children.cases, ids([1, 3]));
    assert_eq!(issue.open.cases, ids([1]));
    assert_eq!(issue.linked.cases, ids([1, 3]));
    assert_eq!((issue.proactive.total, issue.stale.total), (0, 0));
    assert_eq!(issues.parents(), ids([2]));

    // One that comes later is like them; long after them it is not.
    let soon = handover("2026-11-10 09:00");
    let late = handover("2027-11-10 09:00");
    let again = of([&first, &second, &third, &soon, &late]).proposed();
    assert_eq!(again[0].unlinked.cases, ids([4]));
    assert_eq!(again[0].cases.cases, ids([2, 3, 4]));
}

#[test]
fn children_of_an_issue_whose_cause_changed_are_to_be_linked_again() {
    let [mut first, mut second, third] = three();
    confirm(&mut second, "2026-11-06 09:00");
    link(&mut first, 2, &second);
    let other = ReviewVerdict::Reclassify {
        cause: cause("process/missing_step"),
        reason: WORDS,
    };
    let mut changed = second.clone();
    review(&mut changed, AUDITOR, 1, other).unwrap();
    let issue = of([&first, &changed, &third]).confirmed().remove(0);
    assert_eq!(issue.cause, key("process/missing_step"));
    assert_eq!((issue.stands, issue.stale.cases), (true, ids([1])));
    assert_eq!(issue.linked.total, 0);

    review(&mut second, AUDITOR, 1, RETURN).unwrap();
    let fallen = |second: &Desk| {
        let issue = of([&first, second, &third]).confirmed().remove(0);
        assert_eq!((issue.stands, issue.stale.cases), (false, ids([1])));
    };
    fallen(&second);
    // What is recorded in its place was not confirmed.
    let mut revised = record("process/handover");
    revised.revises = Some(1);
    propose(&mut second, revised).unwrap();
    fallen(&second);
}

#[test]
fn a_child_of_another_issue_is_proposed_for_none() {
    let [mut first, mut second, third] = three();
    let mut other = diagnosed("process/missing_step", Some("loan"), "2026-10-07 09:00");
    confirm(&mut other, "2026-11-06 09:00");
    link(&mut first, 4, &other);
    // Its own diagnosis stands beside the link.
    assert_eq!(of([&first, &second, &third, &other]).proposed(), []);
    confirm(&mut second, "2026-11-06 09:00");
    let confirmed = of([&first, &second, &third, &other]).confirmed();
    let cases: Vec<CaseId> = confirmed.iter().map(|issue| issue.case).collect();
    assert_eq!(cases, ids([2, 4]));
}

#[test]
fn issues_of_a_workflow_that_was_not_asked_for_are_not_told() {
    let [first, mut second, third] = three();
    confirm(&mut second, "2026-11-06 09:00");
    let nothing = held(&[], [&first, &second, &third]);
    assert_eq!((nothing.proposed(), nothing.confirmed()), (vec![], vec![]));
}

#[test]
fn of_two_children_that_were_merged_one_is_counted() {
    let [first, mut second, third] = three();
    confirm(&mut second, "2026-11-06 09:00");
    let origin = Origin {
        parent: Some(id(2)),
        proactive: true,
    };
    let child = Desk::opened_as(YAML, None, origin);
    let mut duplicate = child.clone();
    let merge = MergeInto {
        into: id(4),
        into_revision: child.case().revision(),
        reason: WORDS,
    };
    duplicate.send("agent", Act::MergeInto(merge)).unwrap();
    let confirmed = of([&first, &second, &third, &child, &duplicate]).confirmed();
    assert_eq!(confirmed[0].children.cases, ids([4]));
    assert_eq!(confirmed[0].proactive.cases, ids([4]));
    assert_eq!(confirmed[0].open.cases, ids([4]));
}
