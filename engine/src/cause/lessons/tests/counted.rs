//! Which cases are counted, and for how much.

use super::*;
use crate::case::command::MergeInto;
use crate::cause::By;
use crate::id::Revision;
use crate::measure::{Period, Share};

/// The rows of a Pareto of causes: name, weight, cases.
fn rows(lessons: &Lessons, by: By) -> Vec<(String, u64, Vec<CaseId>)> {
    let rows = lessons.causes(by, None).rows.into_iter();
    rows.map(|row| {
        let name = row.cause.cause.name.to_string();
        (name, row.tally.weight, row.tally.named)
    })
    .collect()
}

#[test]
fn a_case_counts_on_the_local_day_of_its_closing() {
    // In Helsinki it is half an hour into November.
    let desk = closed("process/handover", "2026-10-31 22:30");
    let of = |from, to| within([&desk], "2026-12-31 12:00", from, to).closed().total;
    assert_eq!(of(Some("2026-11-01"), Some("2026-11-01")), 1);
    assert_eq!(of(None, Some("2026-10-31")), 0);
    assert_eq!(of(Some("2026-11-02"), None), 0);
}

#[test]
fn a_case_that_is_open_or_was_reopened_has_taught_nothing() {
    let mut open = heard(YAML);
    propose(&mut open, record("process/handover")).unwrap();
    let mut reopened = closed("process/handover", "2026-10-20 09:00");
    reopen(&mut reopened);
    let lessons = of([&open, &reopened]);
    assert_eq!(lessons.closed().total, 0);
    assert_eq!(rows(&lessons, By::Count), []);
    assert_eq!(lessons.owed().total, 0);
}

#[test]
fn the_last_cause_that_stands_is_the_cause_of_its_case() {
    let mut desk = heard(YAML);
    propose(&mut desk, record("process/handover")).unwrap();
    propose(&mut desk, record("process/missing_step")).unwrap();
    finish(&mut desk, "2026-10-20 09:00");
    let counted = |desk: &Desk| rows(&of([desk]), By::Count);
    assert_eq!(
        counted(&desk),
        [("missing_step".to_owned(), 1, vec![id(1)])]
    );
    review(&mut desk, AUDITOR, 2, RETURN).unwrap();
    assert_eq!(counted(&desk), [("handover".to_owned(), 1, vec![id(1)])]);
    review(
        &mut desk,
        AUDITOR,
        1,
        ReviewVerdict::Reclassify {
            cause: cause("process/missing_step"),
            reason: WORDS,
        },
    )
    .unwrap();
    assert_eq!(
        counted(&desk),
        [("missing_step".to_owned(), 1, vec![id(1)])]
    );
}

#[test]
fn a_case_that_was_merged_into_another_teaches_nothing() {
    let mut duplicate = Desk::opened(YAML, None);
    let into = MergeInto {
        into: id(1),
        into_revision: Revision(1),
        reason: WORDS,
    };
    duplicate.send("agent", Act::MergeInto(into)).unwrap();
    let lessons = of([&closed("process/handover", "2026-10-20 09:00"), &duplicate]);
    assert_eq!(lessons.closed().cases, [id(1)]);
    assert_eq!(lessons.owed().total, 0);
}

#[test]
fn a_closed_case_whose_cause_was_returned_owes_one_and_counts_for_none() {
    let mut desk = closed("process/handover", "2026-10-20 09:00");
    review(&mut desk, AUDITOR, 1, RETURN).unwrap();
    let mut refused = Desk::opened(YAML, None);
    refused.take("refuse", &[]).unwrap();
    let lessons = of([&desk, &refused]);
    assert_eq!(lessons.closed().total, 2);
    assert_eq!(lessons.owed().cases, [id(1), id(2)]);
    assert_eq!(rows(&lessons, By::Count), []);
}

#[test]
fn cost_is_what_was_given_and_not_taken_back() {
    let eur = Currency::parse("EUR").unwrap();
    let case = |given: i64, cause: &str| {
        let mut desk = Desk::opened(YAML, None);
        give(&mut desk, 9_000);
        desk.take("undo", &[]).unwrap();
        if given > 0 {
            give(&mut desk, given);
        }
        desk.take("heard", &[]).unwrap();
        propose(&mut desk, record(cause)).unwrap();
        finish(&mut desk, "2026-10-20 09:00");
        desk
    };
    let desks = [
        case(2_500, "process/handover"),
        case(4_000, "process/missing_step"),
        case(500, "process/handover"),
        case(0, "process/handover"),
    ];
    let lessons = of(&desks);
    assert_eq!(lessons.currencies(), [eur]);
    assert_eq!(
        rows(&lessons, By::Cost(eur)),
        [
            ("missing_step".to_owned(), 4_000, vec![id(2)]),
            ("handover".to_owned(), 3_000, vec![id(1), id(3)]),
        ]
    );
    assert_eq!(
        rows(&lessons, By::Cost(Currency::parse("GBP").unwrap())),
        []
    );
    let spreads: Vec<_> = lessons.compensations().into_iter().collect();
    let ((like, currency), (spread, named)) = &spreads[0];
    assert_eq!(
        (&like.cause, *currency, spreads.len()),
        (&key("process/handover"), eur, 2)
    );
    assert_eq!((spread.cases, spread.least, spread.most), (2, 500, 2_500));
    assert_eq!((spread.is_small, &named.cases), (true, &vec![id(1), id(3)]));
}

#[test]
fn severity_is_one_and_one_for_each_reopening_broken_promise_and_late_clock() {
    let mut desk = Desk::opened(YAML, None);
    desk.take("promise", &[]).unwrap();
    // The promise was for the next day.
    desk.at("2026-10-08 09:00");
    desk.take("called", &[]).unwrap();
    desk.take("heard", &[]).unwrap();
    propose(&mut desk, record("process/handover")).unwrap();
    // The clock ran for sixty days from opening.
    finish(&mut desk, "2026-12-10 09:00");
    let plain = closed("process/missing_step", "2026-10-20 09:00");
    let weighs = |desk: &Desk| of([&plain, desk]).causes(By::Severity, None).rows;
    let first = &weighs(&desk)[0];
    assert_eq!(first.cause, key("process/handover"));
    assert_eq!(first.tally.share, Share { met: 3, of: 4 });
    reopen(&mut desk);
    desk.take("heard", &[]).unwrap();
    finish(&mut desk, "2026-12-11 09:00");
    assert_eq!(weighs(&desk)[0].tally.share, Share { met: 4, of: 5 });
}

#[test]
fn a_cause_to_be_looked_at_again_is_undetermined() {
    let mut desk = heard(YAML);
    let mut unknown = record("unknown/not_found");
    unknown.review_date = Some(day("2027-01-04"));
    propose(&mut desk, unknown).unwrap();
    finish(&mut desk, "2026-10-20 09:00");
    let known = closed("process/handover", "2026-10-20 09:00");
    let mut owing = closed("process/handover", "2026-10-20 09:00");
    review(&mut owing, AUDITOR, 1, RETURN).unwrap();
    let (named, share) = of([&desk, &known, &owing]).undetermined();
    assert_eq!((named.cases, share), (vec![id(1)], Share { met: 1, of: 2 }));
}

#[test]
fn policies_failures_and_headings_are_counted_apart_from_causes() {
    let mut desk = heard(YAML);
    let mut outdated = record("policy/outdated");
    outdated.policy_id = Some("P-7".to_owned());
    outdated.failure = Some(FailureName::new("wrong").unwrap());
    propose(&mut desk, outdated).unwrap();
    finish(&mut desk, "2026-10-20 09:00");
    let other = closed("process/handover", "2026-10-20 09:00");
    let lessons = of([&desk, &other]);
    let policies = lessons.policies(By::Count, None);
    assert_eq!((policies.total, policies.rows.len()), (1, 1));
    assert_eq!(policies.rows[0].cause, "P-7");
    assert_eq!(policies.rows[0].tally.named, [id(1)]);
    assert_eq!(lessons.failures(By::Count, None).rows.len(), 2);
    let headings = lessons.headings(By::Count, None);
    assert_eq!(headings.rows[0].cause.as_str(), "delay");
    assert_eq!(headings.rows[0].tally.cases, 2);
}

#[test]
fn a_hundred_cases_are_named_and_all_are_counted() {
    let desk = closed("process/handover", "2026-10-20 09:00");
    let lessons = of(std::iter::repeat_n(&desk, 101));
    let closed = lessons.closed();
    assert_eq!((closed.total, closed.cases.len()), (101, 100));
    assert_eq!(closed.cases.last(), Some(&id(100)));
}

/// A case that took the cause of an issue, closed without one of its own.
fn linked(parent: u128, issue: &Desk) -> Desk {
    let mut desk = heard(YAML);
    link(&mut desk, id(parent), Some(issue)).unwrap();
    finish(&mut desk, "2026-10-20 09:00");
    desk
}

fn issue(record: RecordCause<Commitment>) -> Desk {
    let mut desk = heard(YAML);
    propose(&mut desk, record).unwrap();
    review(&mut desk, AUDITOR, 1, ACCEPT).unwrap();
    confirm(&mut desk, OWNER, "lead").unwrap();
    desk
}

#[test]
fn a_case_counts_with_the_cause_it_took_by_link() {
    let mut outdated = record("policy/outdated");
    outdated.policy_id = Some("P-7".to_owned());
    // The issue is open itself, so only its children are counted.
    let issue = issue(outdated);
    let child = linked(2, &issue);
    let mut own = linked(2, &issue);
    propose(&mut own, record("process/handover")).unwrap();
    let lessons = of([&child, &issue, &own]);
    assert_eq!(
        rows(&lessons, By::Count),
        [
            ("outdated".to_owned(), 1, vec![id(1)]),
            ("handover".to_owned(), 1, vec![id(3)]),
        ]
    );
    assert_eq!(
        lessons.policies(By::Count, None).rows[0].tally.named,
        [id(1)]
    );
    assert_eq!(lessons.failures(By::Count, None).total, 2);
    assert_eq!(lessons.headings(By::Count, None).total, 2);
    assert_eq!(lessons.owed().total, 0);
    let going = lessons.going(Period::Month, 1).causes;
    assert_eq!(going[&key("policy/outdated")].trending.baseline.met, 1);
}

#[test]
fn what_was_given_counts_for_the_cause_that_was_taken_by_link() {
    let issue = issue(record("process/handover"));
    let mut child = Desk::opened(YAML, None);
    give(&mut child, 700);
    child.take("heard", &[]).unwrap();
    link(&mut child, id(2), Some(&issue)).unwrap();
    finish(&mut child, "2026-10-20 09:00");
    let spreads: Vec<_> = of([&child, &issue]).compensations().into_iter().collect();
    let ((like, _), (spread, named)) = &spreads[0];
    assert_eq!(like.cause, key("process/handover"));
    assert_eq!((spread.most, &named.cases), (700, &vec![id(1)]));
}
