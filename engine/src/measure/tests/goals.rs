//! Standards: their windows, and when they are met.

use serde_json::json;

use super::super::{ENOUGH_MIN, Period, Reached, Report, Scope, Share};
use super::{History, closed, desk, entered, october, started, stopped};
use crate::time::Date;

fn standing(report: &Report, name: &str) -> (Share, Reached) {
    let found = report.goals().iter().find(|((_, known), _)| known == name);
    let (_, goal) = found.unwrap();
    (goal.share(), goal.reached())
}

/// Cases of which each was resolved; the first `late` late, the first `again` reopened.
fn report(cases: u64, late: u64, again: u64) -> Report {
    let workflow = desk();
    let mut report = Report::new(Scope {
        as_of: october("31 12:00"),
        from: Some(Date::parse("2026-10-30").unwrap()),
        to: None,
        period: Period::All,
    });
    report.hold_against(&workflow);
    for number in 0..cases {
        let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
        let clock = "clock/answer";
        let verdict = if number < late { "late" } else { "met" };
        let ran = started(1, clock, "05 09:00", "05 17:30");
        let stop = stopped(1, clock, verdict);
        case.add(
            "05 17:00",
            "agent",
            vec![ran, closed("resolved", "resolved"), stop],
        );
        if number < again {
            let reopened = json!({"case_reopened.v1": {"opening": 2, "step": "resolve"}});
            case.add("06 09:00", "agent", vec![reopened, entered("resolve", 2)]);
        }
        report.add(&workflow, &case.measures()).unwrap();
    }
    report
}

#[test]
fn a_standard_counts_its_own_window_and_the_report_its_own_days() {
    let report = report(20, 2, 0);
    assert_eq!(report.total().received, 0);
    assert_eq!(
        standing(&report, "in_time"),
        (Share { met: 18, of: 20 }, Reached::Met)
    );
    assert_eq!(
        standing(&report, "solved"),
        (Share { met: 20, of: 20 }, Reached::Met)
    );
    // No survey was answered and no promise made.
    assert_eq!(
        standing(&report, "liked"),
        (Share::default(), Reached::TooFew)
    );
    assert_eq!(
        standing(&report, "word"),
        (Share::default(), Reached::TooFew)
    );
}

#[test]
fn one_case_more_late_misses_it() {
    let report = report(20, 3, 0);
    assert_eq!(
        standing(&report, "in_time"),
        (Share { met: 17, of: 20 }, Reached::Missed)
    );
}

#[test]
fn of_reopened_cases_few_are_wanted() {
    let few = standing(&report(20, 0, 1), "again");
    assert_eq!(few, (Share { met: 1, of: 20 }, Reached::Met));
    let many = standing(&report(20, 0, 2), "again");
    assert_eq!(many, (Share { met: 2, of: 20 }, Reached::Missed));
}

#[test]
fn too_few_cases_say_nothing() {
    let report = report(ENOUGH_MIN - 1, 0, 0);
    let share = Share { met: 19, of: 19 };
    assert_eq!(standing(&report, "in_time"), (share, Reached::TooFew));
}
