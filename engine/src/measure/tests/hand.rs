//! One case that was heard, waited for, resolved late, reopened by a survey and resolved again.
//!
//! Monday, 5 October 2026, to Monday the 12th in Lisbon; open from 9:00 to 12:30 and from 13:30 to
//! 17:30, so seven and a half hours a day.

use serde_json::{Value as Json, json};

use super::super::{
    Arrival, Contact, Delivery, Doing, Fate, Margin, Numbers, Period, Report, Scale, Scope, Share,
    Spread,
};
use super::{
    HOUR, History, acted, closed, contact, desk, entered, hours, october, started, stopped,
};
use crate::id::{QuestionName, StepName};
use crate::time::Date;
use crate::workflow::{CountsAs, Workflow};

fn survey_sent(number: u32) -> Json {
    json!({"survey_sent.v1": {"number": number, "survey": "after_contact"}})
}

fn afterwards(survey: u32, follow_up: u32, at: &str) -> Vec<Json> {
    vec![
        started(survey, "survey/after_contact", at, at),
        started(follow_up, "follow_up/check_in", at, at),
    ]
}

pub(super) fn whole(workflow: &Workflow) -> History<'_> {
    let mut case = History::opened(workflow, "05 08:00", "05 09:30");
    let clock = "clock/answer";
    let first = started(1, clock, "05 08:00", "05 17:30");
    case.entries[0]
        .events
        .push(serde_json::from_value(first).unwrap());
    case.add("05 10:00", "customer", vec![contact(true)]);
    case.add("05 10:30", "bot", vec![contact(false)]);
    let paused = json!({"deadline_paused.v1": {"deadline": clock, "number": 1}});
    let promised = started(2, "promise/call", "05 12:00", "06 12:00");
    case.add(
        "05 12:00",
        "agent",
        vec![acted("understood"), entered("waiting", 2), promised, paused],
    );
    let resumed = json!({"deadline_resumed.v1": {"deadline": clock,
        "due": october("06 10:00").micros(), "number": 1, "tz": "2026a"}});
    case.add("05 16:00", "agent", vec![contact(true), resumed]);
    case.fire("06 10:00", (1, clock), "late", vec![]);
    settled_twice(case)
}

/// Goes on with the week: resolved, opened again by a survey, and resolved again.
fn settled_twice(mut case: History<'_>) -> History<'_> {
    let clock = "clock/answer";
    let kept = stopped(2, "promise/call", "kept");
    case.add(
        "06 11:00",
        "agent",
        vec![acted("go_on"), entered("resolve", 3), kept],
    );
    let resolved = vec![
        acted("done"),
        closed("resolved", "resolved"),
        stopped(1, clock, "late"),
    ];
    case.add(
        "07 09:00",
        "agent",
        [resolved, afterwards(3, 4, "08 09:00")].concat(),
    );
    case.fire(
        "08 09:00",
        (3, "survey/after_contact"),
        "open",
        vec![survey_sent(3)],
    );
    let answered = json!({"survey_answered.v1": {"answers": {"effort": 6, "satisfaction": 2},
        "number": 3, "survey": "after_contact"}});
    let reopened = json!({"case_reopened.v1": {"by_survey": "after_contact", "opening": 2,
        "step": "resolve"}});
    let called_off = stopped(4, "follow_up/check_in", "cancelled");
    case.add(
        "08 15:00",
        "customer",
        vec![answered, reopened, entered("resolve", 4), called_off],
    );
    let digest = "00".repeat(32);
    let corrected = json!({"answer_corrected.v1": {"field": "story", "reason": digest,
        "recording": 2, "steps": ["hear"], "value": {"sealed": digest}}});
    case.add("08 17:00", "agent", vec![corrected]);
    let resolved = vec![acted("done"), closed("resolved", "resolved")];
    case.add(
        "09 09:00",
        "agent",
        [resolved, afterwards(5, 6, "10 10:00")].concat(),
    );
    let skipped = json!({"survey_skipped.v1": {"number": 5, "survey": "after_contact"}});
    case.fire(
        "10 10:00",
        (5, "survey/after_contact"),
        "open",
        vec![skipped],
    );
    case.fire("10 10:00", (6, "follow_up/check_in"), "open", vec![]);
    let done = json!({"follow_up_done.v1": {"follow_up": "check_in", "number": 6}});
    case.add("12 17:30", "agent", vec![done]);
    case
}

#[test]
fn a_whole_case_takes_what_was_calculated_by_hand() {
    let workflow = desk();
    let case = whole(&workflow).measures();
    assert!(case.is_outside_hours && !case.is_imported);
    assert_eq!(case.stands, super::super::Stands::Closed);
    // The customer's own call and the robot's are no reply; the agent's first act is.
    let reply = Arrival {
        at: october("05 12:00"),
        took: hours(8, 6),
    };
    assert_eq!(case.first_reply, Some(reply));
    assert_eq!(case.first_resolution().unwrap().took, hours(98, 30));
    assert_eq!(case.final_resolution().unwrap().took, hours(194, 60));
    assert!(case.closings[0].is_reopened && !case.closings[1].is_reopened);
    assert!(!case.is_resolved_at_first_contact());
    let step = |name: &str| case.steps[&StepName::new(name).unwrap()];
    assert_eq!(step("hear"), hours(5, 5));
    assert_eq!(step("waiting"), hours(46, 13));
    // Two visits: 22 h and 18 h, of which 5½ h and 2½ h are working time.
    assert_eq!(step("resolve"), hours(80, 16));
    // The customer's contact ends the wait, not the agent who goes on next day.
    assert_eq!(case.waiting, Some(hours(8, 6)));
    let again = Contact {
        at: october("05 16:00"),
        from_customer: true,
        is_outside_hours: false,
    };
    assert_eq!(case.contacts[2], again);
    assert_eq!(case.corrections, [october("08 17:00")]);
}

#[test]
fn its_deadlines_come_to_what_was_calculated_by_hand() {
    let workflow = desk();
    let case = whole(&workflow).measures();
    let [clock, promise, _, _, _, follow_up] = case.runs.as_slice() else {
        panic!("{:#?}", case.runs)
    };
    // Late at its due time, whenever it was recorded and however it was stopped.
    assert_eq!(clock.judged(), Some((october("06 10:00"), false)));
    assert_eq!(clock.margin, Some(Margin::Late(hours(46, 13))));
    assert_eq!(promise.fate(), Some((october("06 11:00"), Fate::Kept)));
    assert_eq!(promise.margin, Some(Margin::Early(hours(2, 2))));
    // Up on a Saturday, so in time until close of business on Monday.
    assert_eq!(follow_up.done_until, Some(october("12 17:30")));
    assert_eq!(
        follow_up.doing(),
        Some((october("10 10:00"), Doing::InTime))
    );
    let deliveries: Vec<_> = case
        .surveys
        .iter()
        .map(|s| (s.closing, s.delivery))
        .collect();
    let sent = Delivery::Sent(october("08 09:00"));
    let skipped = Delivery::Skipped(october("10 10:00"));
    assert_eq!(deliveries, [(0, sent), (1, skipped)]);
}

fn report(period: Period) -> Report {
    let workflow = desk();
    let mut report = Report::new(Scope {
        as_of: october("31 12:00"),
        from: None,
        to: None,
        period,
    });
    let case = whole(&workflow).measures();
    report.add(&workflow, &case).unwrap();
    report
}

#[test]
fn a_report_counts_each_number_on_its_own_day() {
    let report = report(Period::Day);
    let days = report.by_period();
    let day = |text: &str| {
        days.get(&Date::parse(text).unwrap())
            .cloned()
            .unwrap_or_default()
    };
    let monday = day("2026-10-05");
    assert_eq!((monday.received, monday.received_outside_hours), (1, 1));
    assert_eq!(monday.first_reply.wall.summary().unwrap().median, 4 * HOUR);
    assert_eq!(monday.contacts.from_customer, 2);
    assert_eq!(monday.resolved(), Share::default());
    let tuesday = day("2026-10-06");
    assert_eq!(tuesday.timeliness(), Share { met: 0, of: 1 });
    assert_eq!(tuesday.promises.kept(), Share { met: 1, of: 1 });
    // The first closing is resolved for the first time, but not in force.
    let wednesday = day("2026-10-07");
    assert_eq!(
        wednesday.first_resolution.wall.summary().unwrap().mean,
        49 * HOUR
    );
    assert_eq!(wednesday.closed(), 0);
    assert_eq!(wednesday.reopened, Share { met: 1, of: 1 });
    assert_eq!(wednesday.surveyed, Share { met: 1, of: 1 });
    let thursday = day("2026-10-08");
    assert_eq!((thursday.surveys.sent, thursday.surveys.answered), (1, 1));
    assert_eq!(
        (thursday.corrected, thursday.treatment()),
        (1, Share { met: 0, of: 1 })
    );
    let friday = day("2026-10-09");
    assert_eq!(friday.closed_as[&CountsAs::Resolved], 1);
    assert_eq!(
        friday.final_resolution.working.summary().unwrap().p90,
        30 * HOUR
    );
    assert_eq!(
        (friday.reopened, friday.surveyed),
        (Share { met: 0, of: 1 }, Share { met: 0, of: 1 })
    );
    assert_eq!(
        day("2026-10-10").follow_ups.in_time(),
        Share { met: 1, of: 1 }
    );
    assert_eq!(day("2026-10-10").surveys.skipped, 1);
    assert_eq!(day("2026-10-12"), Numbers::default());
}

#[test]
fn the_days_add_up_to_the_whole() {
    let total = report(Period::All).total();
    assert_eq!(report(Period::Day).total(), total);
    assert_eq!(report(Period::Week).total(), total);
    assert_eq!(report(Period::Month).total(), total);
    assert_eq!((total.received, total.closed()), (1, 1));
    assert_eq!(total.reopened, Share { met: 1, of: 2 });
    assert_eq!(total.open, Spread::default());
    let effort = Scale {
        question: QuestionName::new("effort").unwrap(),
        lowest: 1,
        highest: 7,
    };
    let heard = &total.surveys.scores[&effort];
    assert_eq!(heard.top(&effort), Share { met: 1, of: 1 });
    assert_eq!(heard.mean_per_mille(), Some(6_000));
    let late = &total.breaches_outside_hours;
    assert_eq!(*late, Share { met: 0, of: 1 });
}
