//! Clocks from a date: what starts them, and what another day does to them.

use super::*;

fn plan(clocks: &str) -> Plan<'_> {
    Plan {
        clocks,
        ..Plan::default()
    }
}

fn clock(words: &str) -> String {
    format!("clocks: {{c: {{{words}, late: {{tell: [lead]}}}}}}")
}

#[test]
fn a_corrected_date_keeps_what_was_earned_by_a_pause() {
    let clocks = clock("from: day, until: closed, within: 3 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("note", &[("day", date("05"))]);
    desk.until("05T12:00").take("hold");
    desk.until("06T12:00").take("answer");
    assert_eq!(desk.due("clock/c"), "09T00:00");
    desk.correct("day", date("04"));
    assert_eq!(desk.due("clock/c"), "08T00:00", "a day of pause");
    desk.take("hold")
        .until("07T12:00")
        .correct("day", date("05"));
    assert_eq!(desk.due("clock/c"), "", "it still stands still");
    desk.until("08T12:00").take("answer");
    assert_eq!(desk.due("clock/c"), "11T00:00", "three days of pause");
    assert_eq!(desk.replayed().as_ref(), desk.case.as_ref());
}

#[test]
fn a_corrected_date_does_not_wait_again_for_a_condition_that_held() {
    let clocks = clock("when: {vip: yes}, from: day, until: closed, within: 3 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("note", &[("day", date("05")), VIP]);
    desk.take_with("note", &[("vip", Value::YesNo(false))]);
    desk.correct("day", date("06"));
    assert_eq!(desk.due("clock/c"), "09T00:00");
}

#[test]
fn a_breach_by_a_wrong_day_stays_recorded_and_the_right_day_is_judged_anew() {
    let clocks = clock("from: day, until: closed, within: 2 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("note", &[("day", date("02"))]);
    desk.until("05T10:00").correct("day", date("05"));
    assert_eq!(desk.fired(), ["05T09:00 clock/c late, told lead"]);
    desk.take("leave");
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Met));
}

#[test]
fn another_day_given_where_it_is_asked_anew_moves_the_clock() {
    let clocks = clock("from: new, until: closed, within: 2 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("note", &[("new", date("05"))]).take("go");
    assert!(!desk.case().answers().contains_key("new"));
    assert_eq!(desk.due("clock/c"), "07T00:00", "emptying changes nothing");
    desk.take_with("note", &[("new", date("08"))]);
    assert_eq!(desk.due("clock/c"), "10T00:00");
}

#[test]
fn a_date_given_with_an_action_starts_the_clock_though_the_target_asks_it_anew() {
    let clocks = clock("from: new, until: closed, within: 2 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("go", &[("new", date("05"))]);
    assert_eq!(desk.due("clock/c"), "07T00:00");
    desk.take_with("back", &[("new", date("06"))]);
    assert_eq!(desk.due("clock/c"), "08T00:00", "and another moves it");
}

#[test]
fn a_date_does_not_move_a_run_that_counts_from_something_else() {
    let clocks = clock("from: [opened, day], until: closed, within: 2 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("note", &[("day", date("06"))]);
    assert_eq!(desk.due("clock/c"), "07T09:00");
}

#[test]
fn a_correction_starts_nothing_again_that_has_stopped() {
    let clocks = clock("from: [day, reopened], until: work, within: 2 days");
    let mut desk = Desk::open(plan(&clocks));
    desk.take_with("note", &[("day", date("10"))]);
    desk.take("go").take("back").correct("day", date("20"));
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Met));
    assert_eq!(desk.deadline("clock/c").unwrap().number, 1);
}

#[test]
fn a_case_brought_in_behind_the_end_of_a_clock_from_a_date_does_not_start_it() {
    let clocks = clock("from: day, until: hear, within: 2 days");
    let days = [("day", date("01"))];
    let mut desk = Desk::import_with(plan(&clocks), "work", &days);
    assert_eq!(desk.deadline("clock/c"), None);
    desk.correct("day", date("02"));
    assert_eq!(desk.deadline("clock/c"), None, "nor does a correction");
}
