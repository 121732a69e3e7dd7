//! Extending a clock.

use super::*;
use crate::case::Refusal;
use crate::case::command::Extend;
use crate::code::Code;

const CLOCK: &str = "clocks:
  answer: {from: opened, until: closed, within: 10 hours, warn_at: 50%, late: {tell: [lead]},
           extend: {to: 20 hours, needs: [vip], by: [agent]}}
  first: {from: opened, until: work, within: 1 day, late: {tell: [lead]}}
  lead_only: {from: opened, until: closed, within: 9 days, late: {tell: [lead]},
           extend: {to: 12 days, by: [lead]}}";

fn desk() -> Desk {
    let mut desk = Desk::open(Plan {
        clocks: CLOCK,
        ..Plan::default()
    });
    desk.take_with("note", &[VIP]);
    desk
}

fn extend(clock: &str) -> Act<Held, Commitment> {
    Act::Extend(Extend {
        clock: crate::id::ClockName::new(clock).unwrap(),
        reason: Some(WHY),
    })
}

fn refused(desk: &mut Desk, clock: &str) -> Vec<Code> {
    let refused: Result<(), Refusal> = desk.try_send(extend(clock));
    refused
        .unwrap_err()
        .reasons
        .iter()
        .map(crate::case::Reason::code)
        .collect()
}

#[test]
fn an_extension_counts_from_the_same_anchor_and_warns_anew() {
    let mut desk = desk();
    desk.until("05T15:00").send(extend("answer"));
    assert_eq!(desk.due("clock/answer"), "06T05:00");
    assert_eq!(
        desk.deadline("clock/answer").unwrap().length.as_deref(),
        Some("20 hours")
    );
    desk.until("06T06:00");
    assert_eq!(
        desk.fired(),
        [
            "05T14:00 clock/answer warn, told lead",
            "05T19:00 clock/answer warn, told lead",
            "06T05:00 clock/answer late, told lead",
        ]
    );
}

#[test]
fn an_extension_keeps_what_was_earned_by_pauses() {
    let mut desk = desk();
    desk.until("05T12:00")
        .take("hold")
        .until("06T12:00")
        .take("answer");
    desk.until("06T13:00").send(extend("answer"));
    assert_eq!(
        desk.due("clock/answer"),
        "07T05:00",
        "a day of pause and ten hours more"
    );
    desk.take("hold").until("07T13:00").take("answer");
    assert_eq!(
        desk.due("clock/answer"),
        "08T05:00",
        "a later pause counts as well"
    );
}

#[test]
fn an_extended_clock_warns_anew_also_after_a_pause_and_a_reopening() {
    let mut desk = desk();
    desk.until("05T15:00").send(extend("answer"));
    desk.until("05T16:00").take("hold");
    desk.until("06T16:00").take("answer").until("06T20:00");
    assert_eq!(
        desk.fired(),
        [
            "05T14:00 clock/answer warn, told lead",
            "06T19:00 clock/answer warn, told lead",
        ]
    );
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: opened, until: solved, within: 10 hours, warn_at: 50%, \
                 statutory: true, late: {tell: [lead]}, extend: {to: 20 hours, by: [agent]}}}",
        ..Plan::default()
    });
    desk.until("05T15:00").send(extend("answer"));
    desk.take("leave").until("05T16:00").reopen();
    desk.until("05T20:00");
    assert_eq!(
        desk.fired(),
        [
            "05T14:00 clock/answer warn, told lead",
            "05T19:00 clock/answer warn, told lead",
        ]
    );
}

#[test]
fn an_extension_and_its_one_time_outlive_a_corrected_date() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: day, until: closed, within: 2 days, late: {tell: [lead]}, \
                 extend: {to: 4 days, by: [agent]}}}",
        ..Plan::default()
    });
    desk.take_with("note", &[("day", date("05"))])
        .send(extend("answer"));
    desk.correct("day", date("06"));
    assert_eq!(desk.due("clock/answer"), "10T00:00");
    assert_eq!(refused(&mut desk, "answer"), [Code::HC042]);
}

#[test]
fn a_clock_that_stands_still_is_extended_without_a_due_time() {
    let mut desk = desk();
    desk.until("05T12:00").take("hold").send(extend("answer"));
    assert_eq!(desk.due("clock/answer"), "");
    desk.until("06T12:00").take("answer");
    assert_eq!(desk.due("clock/answer"), "07T05:00");
}

#[test]
fn a_clock_is_extended_once_also_across_a_reopening() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: opened, until: solved, within: 10 days, statutory: true, \
                 late: {tell: [lead]}, extend: {to: 15 days, by: [agent]}}}",
        ..Plan::default()
    });
    desk.send(extend("answer"));
    assert_eq!(refused(&mut desk, "answer"), [Code::HC042]);
    desk.take("leave").until("06T09:00").reopen();
    assert_eq!(desk.due("clock/answer"), "20T09:00");
    assert_eq!(refused(&mut desk, "answer"), [Code::HC042]);
}

#[test]
fn an_extension_comes_before_the_due_time() {
    let mut desk = desk();
    desk.until("05T19:00");
    assert_eq!(refused(&mut desk, "answer"), [Code::HC043]);
    assert_eq!(
        desk.fired().last().unwrap(),
        "05T19:00 clock/answer late, told lead"
    );
}

#[test]
fn an_extension_asks_for_the_role_the_needs_and_a_clock_that_runs() {
    let mut desk = Desk::open(Plan {
        clocks: CLOCK,
        ..Plan::default()
    });
    assert_eq!(refused(&mut desk, "answer"), [Code::HC007]);
    assert_eq!(refused(&mut desk, "first"), [Code::HC041]);
    assert_eq!(refused(&mut desk, "lead_only"), [Code::HC005]);
    assert_eq!(refused(&mut desk, "nonsense"), [Code::HC040]);
    desk.take("leave");
    assert_eq!(refused(&mut desk, "answer"), [Code::HC040]);
}
