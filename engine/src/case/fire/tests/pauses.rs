//! Clocks stand still while the customer is waited for.

use super::*;

const CLOCK: &str = "clocks: {c: {from: opened, until: closed, within: 10 hours, late: {tell: \
                     [lead]}}}";

fn desk() -> Desk {
    Desk::open(Plan {
        clocks: CLOCK,
        ..Plan::default()
    })
}

#[test]
fn what_is_left_is_laid_out_anew_after_a_pause() {
    let mut desk = desk();
    desk.until("05T12:00").take("hold");
    assert_eq!(
        desk.due("clock/c"),
        "",
        "it is not due while it stands still"
    );
    desk.until("08T12:00").take("answer");
    assert_eq!(desk.due("clock/c"), "08T19:00", "seven hours were left");
    assert!(desk.fired().is_empty());
}

#[test]
fn the_first_contact_of_the_customer_ends_the_pause() {
    let mut desk = desk();
    desk.until("05T12:00")
        .take("hold")
        .until("06T12:00")
        .contact();
    assert_eq!(desk.due("clock/c"), "06T19:00");
    desk.until("06T13:00")
        .contact()
        .until("06T14:00")
        .take("answer");
    assert_eq!(
        desk.due("clock/c"),
        "06T19:00",
        "nothing is paused a second time"
    );
}

#[test]
fn two_pausing_steps_in_a_row_are_one_pause() {
    let mut desk = desk();
    desk.until("05T12:00")
        .take("hold")
        .until("06T12:00")
        .take("more");
    desk.until("07T12:00").take("answer");
    assert_eq!(desk.due("clock/c"), "07T19:00");
    assert_eq!(desk.deadline("clock/c").unwrap().pauses.len(), 1);
}

#[test]
fn after_the_customer_spoke_another_pausing_step_is_another_pause() {
    let mut desk = desk();
    desk.until("05T12:00")
        .take("hold")
        .until("06T12:00")
        .contact();
    desk.until("06T13:00")
        .take("more")
        .until("07T13:00")
        .take("answer");
    assert_eq!(desk.deadline("clock/c").unwrap().pauses.len(), 2);
    assert_eq!(
        desk.due("clock/c"),
        "07T19:00",
        "an hour was counted in between"
    );
}

#[test]
fn a_hold_over_night_costs_no_working_time() {
    let mut desk = Desk::open(Plan {
        calendars: OFFICE,
        clocks: "clocks: {c: {from: opened, until: closed, within: 8 working hours, late: {tell: \
                 [lead]}}}",
        ..Plan::default()
    });
    desk.until("05T16:00")
        .take("hold")
        .until("06T10:00")
        .take("answer");
    assert_eq!(
        desk.due("clock/c"),
        "06T11:00",
        "seven of eight hours were counted"
    );
}

#[test]
fn statutory_clocks_dues_and_ends_of_days_never_pause() {
    let mut desk = Desk::open(Plan {
        calendars: OFFICE,
        clocks: "clocks:
  law: {from: opened, until: closed, within: 10 hours, statutory: true, late: {tell: [lead]}}
  end: {from: opened, until: closed, within: end of 1 working day, late: {tell: [lead]}}",
        hold: "due: {in: 1 day, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("05T12:00").take("hold");
    assert_eq!(desk.due("clock/law"), "05T19:00");
    assert_eq!(desk.due("clock/end"), "06T17:00");
    assert_eq!(desk.due("due/hold"), "06T12:00");
    desk.until("07T00:00");
    assert_eq!(desk.fired().len(), 3);
}

#[test]
fn a_clock_that_starts_within_a_pause_counts_nothing_yet() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {c: {from: hold, until: closed, within: 10 hours, late: {tell: [lead]}}}",
        ..Plan::default()
    });
    desk.until("05T12:00").take("hold");
    assert_eq!(desk.due("clock/c"), "");
    desk.until("06T12:00").take("answer");
    assert_eq!(desk.due("clock/c"), "06T22:00");
}

#[test]
fn a_clock_that_waits_for_its_condition_stands_still_as_well() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {c: {when: {vip: yes}, from: opened, until: closed, within: 10 hours, \
                 late: {tell: [lead]}}}",
        ..Plan::default()
    });
    desk.until("05T12:00").take("hold");
    desk.until("05T18:00").take_with("note", &[VIP]);
    assert_eq!(
        desk.due("clock/c"),
        "",
        "its condition holds, but the customer is waited for"
    );
    desk.until("06T12:00").take("answer");
    assert_eq!(
        desk.due("clock/c"),
        "06T19:00",
        "as if it had run from its anchor"
    );
}

#[test]
fn a_warning_that_fired_stays_fired_after_a_pause() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {c: {from: opened, until: closed, within: 10 hours, warn_at: 50%, late: \
                 {tell: [lead]}}}",
        ..Plan::default()
    });
    desk.until("05T15:00")
        .take("hold")
        .until("06T15:00")
        .take("answer")
        .until("07T00:00");
    assert_eq!(
        desk.fired(),
        [
            "05T14:00 clock/c warn, told lead",
            "06T19:00 clock/c late, told lead"
        ]
    );
}

#[test]
fn a_ladder_stands_still_with_its_clock() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {c: {from: opened, until: closed, within: 1 hour, late: [{tell: [lead]}, \
                 {after: 4 hours, tell: [boss]}]}}",
        ..Plan::default()
    });
    desk.until("05T12:00").take("hold");
    assert_eq!(desk.due("clock/c"), "05T10:00", "what was late stays so");
    desk.until("06T12:00").take("answer").until("07T00:00");
    assert_eq!(
        desk.fired(),
        [
            "05T10:00 clock/c late, told lead",
            "06T14:00 clock/c after/2, told boss"
        ]
    );
}

#[test]
fn what_is_reached_at_the_instant_a_pause_begins_still_fires() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks:
  law: {from: opened, until: closed, within: 1 hour, statutory: true, late: {go_to: hold}}
  c: {from: opened, until: closed, within: 1 hour, late: {tell: [lead]}}
  d: {from: opened, until: closed, within: 61 minutes, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("06T00:00");
    assert_eq!(
        desk.fired(),
        [
            "05T10:00 clock/law late, to hold",
            "05T10:00 clock/c late, told lead"
        ]
    );
}

#[test]
fn closing_in_a_pause_ends_the_clock_in_time() {
    let mut desk = desk();
    desk.until("05T12:00")
        .take("hold")
        .until("09T00:00")
        .take("refuse");
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Met));
}
