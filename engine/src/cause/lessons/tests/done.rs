//! What was done about causes, what reviewers found, and where causes are going.

use super::*;
use crate::case::command::Origin;
use crate::case::diagnosis::Worked;
use crate::cause::{By, Trend, Verdict};
use crate::measure::{Period, Share};

/// A case whose diagnosis planned an action that was done at some time.
fn acted(done: &str) -> Desk {
    let mut desk = heard(YAML);
    let mut plan = record("process/handover");
    plan.actions = vec![action(Some(Target::AtMost(2)))];
    propose(&mut desk, plan).unwrap();
    desk.at(done);
    complete(&mut desk).unwrap();
    desk
}

#[test]
fn an_action_is_judged_by_windows_of_the_same_length_before_and_after_it() {
    let desks = [
        acted("2026-11-10 09:00"),
        // A minute before the window begins, and as it begins.
        closed("process/handover", "2026-10-11 08:59"),
        closed("process/handover", "2026-10-11 09:00"),
        closed("process/missing_step", "2026-11-10 08:59"),
        // As the action is done, and a minute before the window ends.
        closed("process/missing_step", "2026-11-10 09:00"),
        closed("process/handover", "2026-12-10 08:59"),
        // As the window ends.
        closed("process/handover", "2026-12-10 09:00"),
    ];
    let tried = of(&desks).tried();
    let tried = tried.first().unwrap();
    assert_eq!(
        (&tried.cause, tried.case, tried.number, tried.action),
        (&key("process/handover"), id(1), 1, 1)
    );
    let rates = (tried.recurrence.before, tried.recurrence.after);
    assert_eq!(rates, (Share { met: 1, of: 2 }, Share { met: 1, of: 2 }));
    assert_eq!(tried.before.cases, [id(3)]);
    assert_eq!(tried.after.cases, [id(6)]);
    assert_eq!(tried.recurrence.verdict, Verdict::CannotTell);
    assert!(tried.recurrence.is_small);
    assert_eq!((tried.effect, tried.is_open), (None, false));
    assert_eq!(tried.until, utc("2026-12-10 09:00"));
    let early = within(&desks, "2026-12-10 08:59", None, None);
    assert!(early.tried()[0].is_open);
    // Windows look beyond the days that are asked for.
    let november = within(&desks, "2026-12-31 12:00", Some("2026-11-01"), None);
    assert_eq!(november.tried()[0].recurrence.before.met, 1);
}

#[test]
fn an_action_that_did_not_work_is_told_also_when_its_diagnosis_was_revised() {
    let mut desk = acted("2026-10-12 09:00");
    finish(&mut desk, "2026-10-13 09:00");
    desk.at("2026-11-12 08:00");
    check(&mut desk, Effect::Observed(3)).unwrap();
    let mut revised = record("process/missing_step");
    revised.revises = Some(1);
    revised.actions = vec![action(Some(Target::AtMost(2)))];
    propose(&mut desk, revised).unwrap();
    desk.at("2026-11-12 09:00");
    complete(&mut desk).unwrap();
    desk.at("2026-12-14 09:00");
    check(&mut desk, Effect::Observed(2)).unwrap();
    let tried = of([&desk]).tried();
    let told = tried.iter().map(|tried| {
        let name = tried.cause.cause.name.as_str();
        (name, tried.version, tried.effect)
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            ("handover", 1, Some(Worked::NotEffective)),
            ("missing_step", 2, Some(Worked::Effective)),
        ]
    );
}

#[test]
fn an_action_is_overdue_from_the_close_of_business_of_its_day() {
    let mut desk = heard(YAML);
    let mut plan = record("process/handover");
    plan.actions = vec![action(None), action(None)];
    propose(&mut desk, plan).unwrap();
    desk.at("2026-10-12 09:00");
    complete(&mut desk).unwrap();
    // 17:00 in Helsinki.
    let before = within([&desk], "2026-11-20 14:59", None, None);
    assert_eq!(before.overdue(), Vec::<&super::super::Overdue>::new());
    let after = within([&desk], "2026-11-20 15:00", None, None);
    let overdue = after.overdue();
    assert_eq!(overdue.len(), 1);
    assert_eq!((overdue[0].case, overdue[0].action), (id(1), 2));
    assert_eq!(overdue[0].owner.as_str(), "lead");
}

#[test]
fn two_verdicts_on_one_recording_are_compared_and_those_of_one_reviewer_are_not() {
    let mut alike = closed("process/handover", "2026-10-20 09:00");
    review(&mut alike, AUDITOR, 1, ACCEPT).unwrap();
    review(&mut alike, OTHER_AUDITOR, 1, ACCEPT).unwrap();
    let mut apart = closed("process/handover", "2026-10-20 09:00");
    review(&mut apart, AUDITOR, 1, ACCEPT).unwrap();
    review(&mut apart, OTHER_AUDITOR, 1, RETURN).unwrap();
    let mut alone = closed("process/handover", "2026-10-20 09:00");
    review(&mut alone, AUDITOR, 1, ACCEPT).unwrap();
    review(&mut alone, AUDITOR, 1, ACCEPT).unwrap();
    let (agreement, cases) = of([&alike, &apart, &alone]).agreement().unwrap();
    assert_eq!((agreement.pairs, agreement.agreed), (2, 1));
    assert!(agreement.is_small);
    assert_eq!(cases.cases, [id(1), id(2)]);
    assert!(of([&alone]).agreement().is_none());
}

#[test]
fn the_last_weeks_are_held_against_those_before() {
    let desks = [
        closed("process/handover", "2026-10-06 09:00"),
        closed("process/handover", "2026-10-20 09:00"),
        closed("process/missing_step", "2026-10-26 09:00"),
    ];
    let asked = |to| within(&desks, "2026-12-31 12:00", None, to).going(Period::Week, 1);
    let going = asked(Some("2026-10-26"));
    // The week between without a closed case counts as one.
    assert_eq!(going.periods, 4);
    assert_eq!(going.since, Some(day("2026-10-05")));
    assert_eq!(going.now_since, Some(day("2026-10-26")));
    let new = &going.causes[&key("process/missing_step")];
    assert_eq!(new.trending.trend, Trend::New);
    assert_eq!(new.now.cases, [id(3)]);
    let before = &going.causes[&key("process/handover")];
    assert_eq!(before.trending.baseline, Share { met: 2, of: 2 });
    assert_eq!(before.baseline.cases, [id(1), id(2)]);
    assert_eq!(before.now.total, 0);
    // Of now nothing was closed, so nothing is new.
    let later = asked(Some("2026-11-08"));
    assert_eq!(
        (later.periods, later.now_since),
        (5, Some(day("2026-11-02")))
    );
    let quiet = later.causes[&key("process/missing_step")].trending;
    assert_eq!(
        (quiet.now, quiet.baseline),
        (Share::default(), Share { met: 1, of: 3 })
    );
    // What has not come yet is no period, and without a last day the report has one.
    for to in [Some("2027-06-30"), None] {
        assert_eq!(asked(to).now_since, Some(day("2026-12-28")), "{to:?}");
    }
    let nothing = of([]).going(Period::Month, 0);
    assert_eq!((nothing.periods, nothing.now_since), (0, None));
}

#[test]
fn a_cause_that_comes_back_after_an_action_worked_has_regressed() {
    let mut desk = acted("2026-10-06 09:00");
    desk.at("2026-11-06 09:00");
    check(&mut desk, Effect::Observed(0)).unwrap();
    finish(&mut desk, "2026-11-06 10:00");
    let quiet = closed("process/missing_step", "2026-10-20 09:00");
    let again = closed("process/handover", "2026-12-01 09:00");
    let quiet = std::iter::repeat_n(&quiet, 40);
    let desks = [&desk].into_iter().chain(quiet);
    let desks = desks.chain(std::iter::repeat_n(&again, 40));
    let going = of(desks).going(Period::Month, 1);
    let back = going.causes[&key("process/handover")].trending;
    assert_eq!(back.trend, Trend::Regressed);
    assert_eq!(back.judged, Some(Share { met: 0, of: 40 }));
    assert!(!back.is_small);
}

#[test]
fn a_case_of_another_workflow_counts_in_the_rates_of_the_cause_it_took_and_nowhere_else() {
    let mut issue = acted("2026-11-10 09:00");
    review(&mut issue, AUDITOR, 1, ACCEPT).unwrap();
    confirm(&mut issue, OTHER_AUDITOR, "lead").unwrap();
    let mut other = heard(&YAML.replace("workflow: lessons", "workflow: others"));
    link(&mut other, id(1), Some(&issue)).unwrap();
    finish(&mut other, "2026-11-11 09:00");
    let mut lessons = of([&issue]);
    lessons.add_elsewhere(id(2), other.case());
    let tried = lessons.tried().remove(0);
    assert_eq!(tried.recurrence.after, Share { met: 1, of: 1 });
    assert_eq!(tried.after.cases, [id(2)]);
    assert_eq!((lessons.closed().total, lessons.owed().total), (0, 0));
    assert_eq!(lessons.going(Period::Month, 1).causes.len(), 0);
}

#[test]
fn cases_that_we_open_ourselves_are_in_no_rate_and_in_no_trend() {
    let proactive = |at: &str| {
        let origin = Origin {
            parent: None,
            proactive: true,
        };
        let mut desk = Desk::opened_as(YAML, None, origin);
        desk.take("heard", &[]).unwrap();
        propose(&mut desk, record("process/handover")).unwrap();
        finish(&mut desk, at);
        desk
    };
    let desks = [
        acted("2026-11-10 09:00"),
        closed("process/missing_step", "2026-11-09 09:00"),
        closed("process/handover", "2026-11-11 09:00"),
        proactive("2026-11-11 09:00"),
        proactive("2026-10-06 09:00"),
    ];
    let lessons = of(&desks);
    assert_eq!(lessons.causes(By::Count, None).rows[0].tally.cases, 3);
    let tried = lessons.tried().remove(0);
    let rates = (tried.recurrence.before, tried.recurrence.after);
    assert_eq!(rates, (Share { met: 0, of: 1 }, Share { met: 1, of: 1 }));
    assert_eq!(tried.after.cases, [id(3)]);
    let going = lessons.going(Period::Month, 2);
    assert_eq!((going.periods, going.since), (2, Some(day("2026-11-01"))));
    let handover = &going.causes[&key("process/handover")];
    assert_eq!(handover.now.cases, [id(3)]);
}
