//! What goes on when a case is opened again: statutory clocks that closing cut off, and no others.

use super::*;

const NO_VIP: (&str, Value) = ("vip", Value::YesNo(false));

/// A case with one statutory clock that has a condition.
fn desk(words: &str) -> Desk {
    let clocks = format!(
        "clocks: {{c: {{when: {{vip: yes}}, {words}, statutory: true, late: {{tell: [lead]}}}}}}"
    );
    Desk::open(Plan {
        clocks: &clocks,
        ..Plan::default()
    })
}

#[test]
fn a_clock_whose_condition_held_goes_on_without_waiting_for_it_again() {
    let mut desk = desk("from: opened, until: solved, within: 3 days");
    desk.take_with("note", &[VIP]).take_with("note", &[NO_VIP]);
    desk.take("leave").until("06T09:00").reopen();
    assert_eq!(desk.due("clock/c"), "08T09:00");
    desk.until("09T09:00");
    assert_eq!(desk.fired(), ["08T09:00 clock/c late, told lead"]);
}

#[test]
fn a_clock_that_waited_when_the_case_was_closed_waits_on() {
    let mut desk = desk("from: opened, until: solved, within: 3 days");
    desk.take("leave").until("06T09:00").reopen();
    assert_eq!(desk.due("clock/c"), "");
    desk.take_with("note", &[VIP]);
    assert_eq!(desk.due("clock/c"), "08T09:00");
}

#[test]
fn a_waiting_clock_that_its_own_until_ended_does_not_rise_again() {
    for until in ["work", "refused", "closed", "[work, solved]"] {
        let mut desk = desk(&format!("from: opened, until: {until}, within: 1 day"));
        desk.take("go").take("leave").until("06T12:00").reopen();
        desk.take_with("note", &[VIP]).until("09T09:00");
        assert_eq!(desk.verdict("clock/c"), Some(Verdict::Ended), "{until}");
        assert!(desk.fired().is_empty(), "{until}");
    }
}

#[test]
fn a_waiting_clock_ends_without_a_verdict_where_reopening_leads_to_its_until() {
    let mut desk = desk("from: work, until: hear, within: 1 day");
    desk.take("go").take("leave").until("10T09:00").reopen();
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Ended));
    assert!(!desk.deadline("clock/c").unwrap().is_late());
}
