//! Mistakes that other help desks make with their numbers, and what ours say instead.

use serde_json::json;

use super::super::{Arrival, Fate, Numbers, Period, Report, Scope, Share};
use super::{
    DESK, History, acted, closed, contact, desk, entered, hours, instant, october, started, stopped,
};
use crate::workflow::{CountsAs, Workflow, load};

/// The desk with a clock for the first reply.
fn with_reply_clock() -> Workflow {
    let yaml = String::from_utf8(DESK.to_vec()).unwrap();
    let clock = "clocks:\n  first_reply: {from: opened, until: waiting, within: 2 working hours, \
                 late: {tell: [lead]}}\n";
    let yaml = yaml.replace("clocks:\n", clock);
    load(yaml.as_bytes()).unwrap_or_else(|findings| panic!("{findings:#?}"))
}

fn total(workflow: &Workflow, cases: &[&History<'_>]) -> Numbers {
    report(workflow, cases).total()
}

fn report(workflow: &Workflow, cases: &[&History<'_>]) -> Report {
    let mut report = Report::new(Scope {
        as_of: october("31 12:00"),
        from: None,
        to: None,
        period: Period::All,
    });
    for case in cases {
        report.add(workflow, &case.measures()).unwrap();
    }
    report
}

#[test]
fn a_declared_clock_says_what_the_first_reply_is() {
    let workflow = with_reply_clock();
    let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
    let clock = started(1, "clock/first_reply", "05 09:00", "05 11:00");
    case.add("05 09:10", "agent", vec![contact(false), clock]);
    let met = stopped(1, "clock/first_reply", "met");
    case.add(
        "05 10:00",
        "agent",
        vec![acted("understood"), entered("waiting", 2), met],
    );
    let reply = Arrival {
        at: october("05 10:00"),
        took: hours(2, 2),
    };
    assert_eq!(case.measures().first_reply, Some(reply));
}

#[test]
fn a_reply_clock_ends_with_the_case_and_counts_neither_way() {
    let workflow = with_reply_clock();
    let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
    let clock = started(1, "clock/first_reply", "05 09:00", "05 11:00");
    let ended = stopped(1, "clock/first_reply", "ended");
    case.add(
        "05 10:00",
        "agent",
        vec![
            clock,
            acted("cannot"),
            closed("unsolved", "not_resolved"),
            ended,
        ],
    );
    assert_eq!(case.measures().first_reply, None);
    let total = total(&workflow, &[&case]);
    let in_time = total.in_time.values().next().unwrap();
    assert_eq!((in_time.share, in_time.ended), (Share::default(), 1));
    assert_eq!(total.timeliness(), Share::default());
}

#[test]
fn a_reply_does_not_resolve() {
    let workflow = desk();
    let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
    case.add("05 09:30", "agent", vec![contact(false)]);
    let total = total(&workflow, &[&case]);
    assert!(total.first_reply.wall.summary().is_some());
    assert_eq!(total.first_resolution.wall.summary(), None);
    assert_eq!((total.resolved(), total.exposed()), (Share::default(), 16));
    let age = october("31 12:00").micros() - october("05 09:00").micros();
    assert_eq!(total.open.summary().unwrap().mean, age);
}

#[test]
fn a_reopened_case_is_open_and_keeps_its_first_resolution() {
    let workflow = desk();
    let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
    case.add("05 17:00", "agent", vec![closed("resolved", "resolved")]);
    let reopened = json!({"case_reopened.v1": {"opening": 2, "step": "resolve"}});
    case.add("06 09:00", "agent", vec![reopened, entered("resolve", 2)]);
    let total = total(&workflow, &[&case]);
    assert_eq!((total.closed(), total.exposed()), (0, 16));
    assert_eq!(total.final_resolution.wall.summary(), None);
    assert_eq!(total.first_resolution.wall.summary().unwrap().count, 1);
    assert_eq!(total.reopened, Share { met: 1, of: 1 });
}

#[test]
fn an_imported_case_stands_apart() {
    let workflow = desk();
    let mut own = History::opened(&workflow, "05 09:00", "05 09:00");
    own.add("05 17:00", "agent", vec![closed("resolved", "resolved")]);
    let mut imported = History::new(&workflow);
    let opened_at = instant("2024-01-01T00:00:00Z").micros();
    let event = json!({"case_imported.v1": {"opened_at": opened_at, "step": "resolve"}});
    imported.add("05 09:00", "agent", vec![event, entered("resolve", 1)]);
    imported.add(
        "05 10:00",
        "agent",
        vec![closed("unsolved", "not_resolved")],
    );
    let report = report(&workflow, &[&own, &imported]);
    assert_eq!(report.total().resolved(), Share { met: 1, of: 1 });
    assert_eq!(report.imported().closed_as[&CountsAs::NotResolved], 1);
    let (mean, own) = (
        report.total().first_resolution.wall.summary(),
        own.measures(),
    );
    assert_eq!(mean.unwrap().mean, own.closings[0].took.wall);
}

#[test]
fn eight_promises_kept_of_ten_are_eighty_percent() {
    let workflow = desk();
    let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
    for number in 1..=11 {
        let promise = "promise/call";
        let made = started(number, promise, "05 09:00", "06 09:00");
        case.add("05 09:00", "agent", vec![made]);
        match number {
            1..=8 => case.add("05 10:00", "agent", vec![stopped(number, promise, "kept")]),
            9 => {
                case.fire("06 09:00", (number, promise), "late", vec![]);
                // The customer's consent afterwards gives a new due, not a kept word.
                let digest = "00".repeat(32);
                let new = json!({"promise_renegotiated.v1": {"consent": digest,
                    "due": october("08 09:00").micros(), "number": number, "promise": "call"}});
                case.add("06 10:00", "agent", vec![new]);
                case.add("07 09:00", "agent", vec![stopped(number, promise, "kept")]);
            }
            10 => case.fire("06 09:00", (number, promise), "late", vec![]),
            _ => case.add(
                "05 10:00",
                "agent",
                vec![stopped(number, promise, "released")],
            ),
        }
    }
    let promises = total(&workflow, &[&case]).promises;
    assert_eq!(promises.kept().per_mille(), Some(800));
    let fates: Vec<_> = promises.fates.into_iter().collect();
    let expected = [
        (Fate::Kept, 8),
        (Fate::KeptLate, 1),
        (Fate::Overdue, 1),
        (Fate::Released, 1),
    ];
    assert_eq!(
        (fates.as_slice(), promises.renegotiated),
        (&expected[..], 1)
    );
}

#[test]
fn a_clock_that_waited_or_goes_on_after_a_reopening_is_one_clock() {
    let workflow = desk();
    let clock = "clock/answer";
    let mut case = History::opened(&workflow, "05 09:00", "05 09:00");
    let waiting = json!({"deadline_started.v1": {"anchor": october("05 09:00").micros(),
        "deadline": clock, "number": 1, "tz": "2026a", "waits": true}});
    case.add("05 09:00", "agent", vec![waiting]);
    let waits_only = total(&workflow, &[&case]);
    assert!(waits_only.in_time.is_empty());
    case.add(
        "05 09:30",
        "agent",
        vec![started(2, clock, "05 09:00", "05 17:30")],
    );
    case.fire("05 17:30", (2, clock), "late", vec![]);
    let ended = stopped(2, clock, "ended");
    case.add(
        "06 09:00",
        "agent",
        vec![closed("unsolved", "not_resolved"), ended],
    );
    let reopened = json!({"case_reopened.v1": {"opening": 2, "step": "resolve"}});
    let mut goes_on = started(3, clock, "05 09:00", "05 17:30");
    goes_on["deadline_started.v1"]["goes_on"] = json!(true);
    case.add(
        "07 09:00",
        "agent",
        vec![reopened, entered("resolve", 2), goes_on],
    );
    let met = stopped(3, clock, "late");
    case.add(
        "07 10:00",
        "agent",
        vec![closed("resolved", "resolved"), met],
    );
    let total = total(&workflow, &[&case]);
    let in_time = total.in_time.values().next().unwrap();
    assert_eq!((in_time.share, in_time.ended), (Share { met: 0, of: 1 }, 0));
    assert_eq!(total.breaches_outside_hours, Share { met: 1, of: 1 });
}
