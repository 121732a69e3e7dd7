//! Clocks: what starts and stops them, `when`, dates, closing and reopening, bringing in.

use super::*;

fn clock(words: &str) -> String {
    format!("clocks: {{c: {{{words}, late: {{tell: [lead]}}}}}}")
}

fn desk(words: &str) -> Desk {
    let clocks = clock(words);
    Desk::open(Plan {
        clocks: &clocks,
        ..Plan::default()
    })
}

#[test]
fn a_clock_from_opening_stops_at_the_first_until() {
    let mut desk = desk("from: opened, until: [work, closed], within: 1 day");
    assert_eq!(desk.due("clock/c"), "06T09:00");
    desk.until("05T12:00").take("go");
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Met));
    desk.take("back").until("09T09:00");
    assert!(desk.fired().is_empty());
}

#[test]
fn a_clock_stopped_too_late_was_late() {
    let mut desk = desk("from: opened, until: work, within: 1 day");
    desk.until("06T12:00").take("go");
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Late));
    assert_eq!(desk.fired(), ["06T09:00 clock/c late, told lead"]);
}

#[test]
fn a_clock_counts_from_when_the_complaint_was_received() {
    let clocks = clock("from: opened, until: closed, within: 1 day");
    let plan = Plan {
        clocks: &clocks,
        ..Plan::default()
    };
    let mut desk = Desk::new(plan, "05T09:00");
    desk.send(Act::Open(Open {
        origin: Origin::default(),
        customer: None,
        received_at: Some(at("02T10:00")),
        reference: None,
        team: None,
        version: None,
        workflow: WorkflowId::new("hours").unwrap(),
    }));
    assert_eq!(desk.due("clock/c"), "03T10:00");
    desk.until("05T09:00");
    assert_eq!(
        desk.fired(),
        ["05T09:00 clock/c late, told lead"],
        "late at once"
    );
}

#[test]
fn one_anchor_starts_a_clock_once_and_a_list_starts_it_again() {
    let mut once = desk("from: work, until: hear, within: 1 day");
    once.take("go").take("back").until("05T12:00").take("go");
    assert_eq!(once.deadline("clock/c").unwrap().number, 1);
    assert_eq!(once.verdict("clock/c"), Some(Verdict::Met));
    let mut again = desk("from: [work, check], until: hear, within: 1 day");
    again.take("go").take("back").until("05T12:00").take("go");
    assert_eq!(again.deadline("clock/c").unwrap().number, 2);
    assert_eq!(again.due("clock/c"), "06T12:00");
}

#[test]
fn a_list_does_not_start_again_what_runs() {
    let mut desk = desk("from: [opened, work], until: closed, within: 1 day");
    desk.until("05T12:00").take("go");
    assert_eq!(desk.due("clock/c"), "06T09:00");
}

#[test]
fn a_step_in_from_and_until_ends_one_run_and_begins_the_next() {
    let mut desk = desk("from: [opened, work], until: [work, closed], within: 1 day");
    desk.until("05T12:00").take("go");
    assert_eq!(desk.deadline("clock/c").unwrap().number, 2);
    assert_eq!(desk.due("clock/c"), "06T12:00");
    desk.until("05T13:00").take("finish");
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Met));
}

#[test]
fn when_is_judged_after_each_entry_and_then_counts_from_the_anchor() {
    let mut desk = desk("when: {vip: yes}, from: opened, until: closed, within: 1 day");
    assert_eq!(desk.due("clock/c"), "");
    desk.until("05T12:00")
        .take_with("note", &[("vip", Value::YesNo(false))]);
    assert_eq!(desk.due("clock/c"), "");
    desk.until("05T15:00").take_with("note", &[VIP]);
    assert_eq!(desk.due("clock/c"), "06T09:00");
    desk.take_with("note", &[("vip", Value::YesNo(false))]);
    assert_eq!(
        desk.due("clock/c"),
        "06T09:00",
        "later changes do not stop it"
    );
    desk.until("07T00:00");
    assert_eq!(desk.fired(), ["06T09:00 clock/c late, told lead"]);
}

#[test]
fn a_clock_may_be_late_at_once_and_fires_its_marks_in_order() {
    let clocks = "clocks: {c: {when: {vip: yes}, from: opened, until: closed, within: 10 hours, \
                  warn_at: 50%, late: [{tell: [lead]}, {after: 1 hour, tell: [boss]}]}}";
    let mut desk = Desk::open(Plan {
        clocks,
        ..Plan::default()
    });
    desk.until("06T09:00")
        .take_with("note", &[VIP])
        .until("06T09:00");
    assert_eq!(
        desk.fired(),
        [
            "06T09:00 clock/c warn, told lead",
            "06T09:00 clock/c late, told lead",
            "06T09:00 clock/c after/2, told boss",
        ]
    );
    let marks: Vec<String> = desk
        .deadline("clock/c")
        .unwrap()
        .fired
        .iter()
        .map(|m| shown(m.at))
        .collect();
    assert_eq!(marks, ["05T14:00", "05T19:00", "05T20:00"]);
}

#[test]
fn a_clock_whose_condition_comes_true_after_its_end_never_runs() {
    let mut desk = desk("when: {vip: yes}, from: opened, until: work, within: 1 day");
    desk.take("go");
    assert_eq!(desk.verdict("clock/c"), Some(Verdict::Ended));
    desk.take_with("note", &[VIP]).until("09T00:00");
    assert!(desk.fired().is_empty());
}

#[test]
fn a_clock_of_a_date_counts_from_its_midnight_in_the_calendars_zone() {
    let clocks = clock("from: day, until: closed, within: 2 days");
    let mut desk = Desk::open(Plan {
        calendars: "calendars: {default: {time_zone: Europe/Lisbon, hours: {mon-sun: \
                    [\"00:00-24:00\"]}}}",
        clocks: &clocks,
        ..Plan::default()
    });
    assert_eq!(desk.deadline("clock/c"), None);
    desk.take_with("note", &[("day", date("10"))]);
    assert_eq!(
        desk.due("clock/c"),
        "11T23:00",
        "Lisbon is an hour ahead of UTC in October"
    );
}

#[test]
fn a_corrected_date_moves_the_clock_that_counts_from_it() {
    let mut desk = desk("from: day, until: work, within: 2 days");
    desk.take_with("note", &[("day", date("10"))]);
    desk.until("05T12:00").correct("day", date("12"));
    assert_eq!(desk.due("clock/c"), "14T00:00");
    let stopped = desk.entries.iter().flat_map(|(_, _, events)| events);
    let stopped = stopped.filter(|event| matches!(event, Event::DeadlineStopped(_)));
    assert_eq!(
        stopped.count(),
        1,
        "the run from the wrong date ended without a verdict"
    );
    desk.take("go").take("back").correct("day", date("20"));
    assert_eq!(
        desk.verdict("clock/c"),
        Some(Verdict::Met),
        "what has stopped stays stopped"
    );
}

#[test]
fn closing_ends_every_clock_met_only_where_until_names_it() {
    for (until, verdict) in [
        ("solved", Verdict::Met),
        ("closed", Verdict::Met),
        ("refused", Verdict::Ended),
        ("[work, refused]", Verdict::Met),
    ] {
        let mut desk = desk(&format!("from: opened, until: {until}, within: 1 day"));
        desk.take("go").take("finish");
        assert_eq!(desk.verdict("clock/c"), Some(verdict), "{until}");
    }
    let mut late = desk("from: opened, until: refused, within: 1 hour");
    late.take("go").until("05T12:00").take("finish");
    assert_eq!(late.verdict("clock/c"), Some(Verdict::Ended));
    assert!(
        late.deadline("clock/c").unwrap().is_late(),
        "its breach stays recorded"
    );
}

#[test]
fn a_statutory_clock_runs_on_with_its_old_due_when_the_case_is_reopened() {
    let words = "from: opened, until: solved, within: 3 days, warn_at: 50%";
    let mut law = desk(&format!("{words}, statutory: true"));
    law.until("07T00:00")
        .take("leave")
        .until("07T12:00")
        .reopen();
    assert_eq!(law.due("clock/c"), "08T09:00");
    law.until("09T00:00");
    assert_eq!(
        law.fired(),
        [
            "06T21:00 clock/c warn, told lead",
            "08T09:00 clock/c late, told lead"
        ],
        "what fired before stays fired"
    );
    let mut late = desk(&format!("{words}, statutory: true"));
    late.take("leave")
        .until("12T00:00")
        .reopen()
        .until("12T00:00");
    assert_eq!(
        late.fired().last().unwrap(),
        "12T00:00 clock/c late, told lead"
    );
    let mut own = desk(words);
    own.take("leave").reopen();
    assert_eq!(
        own.verdict("clock/c"),
        Some(Verdict::Ended),
        "ours does not"
    );
}

#[test]
fn reopening_is_an_anchor() {
    let mut desk = desk("from: [opened, reopened], until: [solved, refused], within: 1 day");
    desk.take("leave").until("08T10:00").reopen();
    assert_eq!(desk.due("clock/c"), "09T10:00");
}

#[test]
fn an_outcome_starts_a_clock_that_runs_while_the_case_is_closed() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {pay: {from: solved, until: hear, within: 1 day, late: {tell: [lead], \
                 go_to: work}}}",
        ..Plan::default()
    });
    desk.take("go").take("finish").until("07T00:00");
    assert_eq!(
        desk.fired(),
        ["06T09:00 clock/pay late, told lead"],
        "closed: only the breach"
    );
    assert!(desk.case().is_closed());
    desk.reopen();
    assert_eq!(desk.verdict("clock/pay"), Some(Verdict::Late));
}

#[test]
fn a_case_brought_in_has_its_clocks_from_its_receipt_and_its_dues_from_now() {
    let clocks = "clocks: {c: {from: opened, until: closed, within: 5 days, late: {tell: [lead]}}}";
    let desk = Desk::import(
        Plan {
            clocks,
            work: "due: {in: 1 hour, late: {tell: [lead]}}",
            ..Plan::default()
        },
        "work",
    );
    assert_eq!(desk.due("clock/c"), "06T09:00");
    assert_eq!(desk.due("due/work"), "05T10:00");
}

#[test]
fn a_case_brought_in_behind_the_end_of_a_clock_does_not_start_it() {
    let clocks = "clocks:
  beside: {from: opened, until: work, within: 9 days, late: {tell: [lead]}}
  there: {from: opened, until: hold_again, within: 1 day, late: {tell: [lead]}}";
    let plan = Plan {
        clocks,
        ..Plan::default()
    };
    let desk = Desk::import(plan, "hold_again");
    assert!(
        desk.deadline("clock/beside").unwrap().is_running(),
        "`hold` leads there as well"
    );
    assert_eq!(
        desk.verdict("clock/there"),
        Some(Verdict::Late),
        "it ended with coming in"
    );
    let every_way = Desk::import(
        Plan {
            clocks: "clocks: {c: {from: opened, until: hear, within: 9 days, late: \
             {tell: [lead]}}}",
            ..Plan::default()
        },
        "work",
    );
    assert_eq!(
        every_way.deadline("clock/c"),
        None,
        "every way leads through `hear`"
    );
}
