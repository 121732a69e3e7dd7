//! Two cases of one complaint: it counts once, and so does what was late.

use serde_json::{Value as Json, json};

use super::super::{Numbers, Period, Report, Scope, Share};
use super::{History, closed, desk, entered, october, started, stopped};
use crate::case::DeadlineName;
use crate::workflow::{CountsAs, Workflow};

const SURVIVOR: &str = "00000000-0000-7000-8000-000000000005";
const DUPLICATE: &str = "00000000-0000-7000-8000-00000000000d";

fn total(workflow: &Workflow, cases: &[&History<'_>]) -> Numbers {
    let mut report = Report::new(Scope {
        as_of: october("31 12:00"),
        from: None,
        to: None,
        period: Period::All,
    });
    for case in cases {
        report.add(workflow, &case.measures()).unwrap();
    }
    report.total()
}

fn taken(number: u32, replaces: u32, late_at: Option<&str>) -> Json {
    let mut taken = json!({"anchor": october("05 09:00").micros(), "deadline": "clock/resolution",
        "due": october("06 09:00").micros(), "from": DUPLICATE, "number": number,
        "replaces": replaces});
    if let Some(late_at) = late_at {
        taken["late_at"] = october(late_at).micros().into();
    }
    json!({"deadline_taken_over.v1": taken})
}

fn merged() -> Json {
    json!({"duplicate_merged.v1": {"duplicate": DUPLICATE, "duplicate_revision": 3,
        "opened_at": october("05 09:00").micros(), "reason": "0".repeat(64)}})
}

/// A case received on Tuesday, and its duplicate of Monday, whose clock and step were late when
/// they were merged on Wednesday; closed on Thursday.
fn both(workflow: &Workflow) -> (History<'_>, History<'_>) {
    let mut duplicate = History::opened(workflow, "05 09:00", "05 09:00");
    let clock = started(1, "clock/resolution", "05 09:00", "06 09:00");
    let due = started(2, "due/hear", "05 09:00", "05 12:00");
    duplicate.add("05 09:00", "agent", vec![clock, due]);
    duplicate.fire("05 12:00", (2, "due/hear"), "late", Vec::new());
    duplicate.fire("06 09:00", (1, "clock/resolution"), "late", Vec::new());
    let rests = json!({"merged_into.v1": {"into": SURVIVOR, "into_revision": 3,
        "reason": "0".repeat(64)}});
    let ends = [
        rests,
        stopped(1, "clock/resolution", "ended"),
        stopped(2, "due/hear", "ended"),
    ];
    duplicate.add("07 15:00", "agent", ends.to_vec());

    let mut survivor = History::opened(workflow, "06 09:00", "06 09:00");
    let clock = started(1, "clock/resolution", "06 09:00", "07 17:00");
    survivor.add("06 09:00", "agent", vec![clock]);
    let takes = vec![merged(), taken(2, 1, Some("06 09:00"))];
    survivor.add("07 15:00", "agent", takes);
    let ends = vec![
        closed("resolved", "resolved"),
        stopped(2, "clock/resolution", "late"),
    ];
    survivor.add("08 09:00", "agent", ends);
    (survivor, duplicate)
}

#[test]
fn two_merged_cases_are_one_complaint_from_the_earlier_receipt() {
    let workflow = desk();
    let (survivor, duplicate) = both(&workflow);
    let numbers = total(&workflow, &[&survivor, &duplicate]);
    assert_eq!(numbers.received, 1);
    assert_eq!(numbers.open, Numbers::default().open);
    assert_eq!(numbers.closed_as[&CountsAs::Resolved], 1);
    let took = survivor.measures().last_closing().unwrap().took;
    assert_eq!(took.wall, 3 * 24 * super::HOUR);
    assert_eq!(total(&workflow, &[&duplicate]).received, 0);
}

#[test]
fn a_case_that_we_opened_is_received_and_open_and_nobody_is_angry() {
    let workflow = desk();
    let mut case = proactive(&workflow);
    let numbers = total(&workflow, &[&case]);
    assert_eq!((numbers.received, numbers.proactive), (1, 1));
    assert_eq!(numbers.open.summary().unwrap().count, 1);
    assert_eq!(numbers.exposed(), 0);
    let complaint = History::opened(&workflow, "05 09:00", "05 09:00");
    assert_eq!(total(&workflow, &[&case, &complaint]).exposed(), 16);
    // The customer complained before we told them of it, in a case that was merged into ours.
    let mut complained = merged();
    complained["duplicate_merged.v1"]["complained"] = true.into();
    case.add("07 15:00", "agent", vec![complained]);
    let numbers = total(&workflow, &[&case]);
    assert_eq!((numbers.proactive, numbers.exposed()), (0, 16));
    // One that is closed is no more told of than any other.
    let mut done = proactive(&workflow);
    done.add("06 17:00", "agent", vec![closed("resolved", "resolved")]);
    let numbers = total(&workflow, &[&done, &complaint]);
    assert_eq!((numbers.proactive, numbers.exposed()), (1, 16));
}

/// A case that we opened on Tuesday for a customer who did not complain.
fn proactive(workflow: &Workflow) -> History<'_> {
    let mut case = History::opened(workflow, "06 09:00", "06 09:00");
    let origin = json!({"origin_recorded.v1": {"proactive": true}});
    let origin = serde_json::from_value(origin).unwrap();
    case.entries[0].events.push(origin);
    case
}

#[test]
fn what_was_late_in_the_duplicate_counts_once() {
    let workflow = desk();
    let (survivor, duplicate) = both(&workflow);
    let numbers = total(&workflow, &[&survivor, &duplicate]);
    let share = |name: &str| {
        let name: DeadlineName = name.parse().unwrap();
        numbers.in_time[&name].share
    };
    let late_once = Share { met: 0, of: 1 };
    assert_eq!(share("clock/resolution"), late_once);
    assert_eq!(share("due/hear"), late_once);
}

#[test]
fn an_open_duplicate_counts_as_a_case_until_it_is_merged() {
    let workflow = desk();
    let mut case = History::new(&workflow);
    let opened = json!({"case_opened.v1":
        {"opened_at": october("05 09:00").micros(), "step": "hear"}});
    case.add("05 09:00", "agent", vec![opened, entered("hear", 1)]);
    assert_eq!(total(&workflow, &[&case]).received, 1);
}
