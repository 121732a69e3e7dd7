//! What a breach does: who is told, where the case goes, in which order.

use super::*;

#[test]
fn a_warning_tells_those_whom_the_breach_will_tell() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 100 minutes, warn_at: 75%, late: [{tell: [lead]}, {after: 1 hour, tell: \
               [boss]}]}",
        ..Plan::default()
    });
    desk.until("05T18:00");
    assert_eq!(
        desk.fired(),
        [
            "05T10:15 due/hear warn, told lead",
            "05T10:40 due/hear late, told lead",
            "05T11:40 due/hear after/2, told boss",
        ]
    );
}

#[test]
fn the_breach_is_at_the_due_time_also_where_every_rung_comes_after() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 1 hour, warn_at: 50%, late: [{after: 1 hour, tell: [lead]}, {after: 2 \
               hours, go_to: work}]}",
        ..Plan::default()
    });
    desk.until("05T18:00");
    assert_eq!(
        desk.fired(),
        [
            "05T09:30 due/hear warn, told lead",
            "05T10:00 due/hear late",
            "05T11:00 due/hear after/1, told lead",
            "05T12:00 due/hear after/2, to work",
        ]
    );
}

#[test]
fn rungs_after_leaving_do_not_fire() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 1 hour, late: [{tell: [lead]}, {after: 1 hour, tell: [boss]}]}",
        ..Plan::default()
    });
    desk.until("05T10:30").take("go").until("06T00:00");
    assert_eq!(desk.fired(), ["05T10:00 due/hear late, told lead"]);
    assert_eq!(desk.verdict("due/hear"), Some(Verdict::Late));
}

#[test]
fn already_in_the_target_a_clock_only_tells() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: opened, until: closed, within: 1 day, late: \
                 {tell: [lead], go_to: work}}}",
        ..Plan::default()
    });
    desk.take("go");
    let visit = desk.case().visit();
    desk.until("08T00:00");
    assert_eq!(desk.fired(), ["06T09:00 clock/answer late, told lead"]);
    assert_eq!(desk.case().visit(), visit);
}

#[test]
fn a_deadline_closes_as_an_action_would_and_is_itself_the_reason() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: opened, until: closed, within: 1 day, late: \
                 {tell: [lead], go_to: refused}}}",
        refused: "tell: [boss],",
        ..Plan::default()
    });
    desk.until_at(at("08T00:00"), 3_600_000_000);
    assert_eq!(
        desk.fired(),
        ["06T09:00 clock/answer late, told lead boss, closed refused"]
    );
    let closing = desk.case().closing().unwrap();
    assert_eq!(closing.at, at("06T09:00"), "not when it was recorded");
    assert_eq!(shown(closing.reopen_until.unwrap()), "2026-11-05T09:00");
    assert_eq!(
        desk.verdict("clock/answer"),
        Some(Verdict::Late),
        "closed, and too late"
    );
}

#[test]
fn a_deadline_does_not_close_as_resolved_what_is_owed() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: opened, until: closed, within: 1 day, late: \
                 {tell: [lead], go_to: solved}}}",
        promises: "promises: {call: {text: We call., within: 9 days, late: {tell: [lead]}}}",
        ..Plan::default()
    });
    let actor = Desk::actor();
    let workflow = desk.workflow.clone();
    let promise = &workflow.promises()["call"];
    let workflow::time::PromiseDue::Within(length) = promise.due else {
        panic!("{promise:?}");
    };
    let terms = crate::case::follow::marks::Terms {
        workflow: &workflow,
        calendar: None,
        length,
        warn_at: None,
        late: &promise.late,
        is_wait: false,
    };
    let name: DeadlineName = "promise/call".parse().unwrap();
    let laid = terms.lay_out(desk.now, crate::case::follow::marks::Stood::default());
    let mut started = terms.started(name, desk.now, laid);
    started.number = desk.case().deadlines_started + 1;
    desk.record(desk.now, actor, vec![Event::DeadlineStarted(started)]);
    desk.until("07T00:00");
    assert_eq!(desk.fired(), ["06T09:00 clock/answer late, told lead"]);
    assert!(!desk.case().is_closed());
}

#[test]
fn a_deadline_is_nobodys_act() {
    let mut desk = Desk::open(Plan {
        work: "due: {in: 1 hour, late: {go_to: check}}",
        ..Plan::default()
    });
    desk.take("go");
    assert!(desk.case().entered_by.is_some());
    desk.until("05T12:00");
    assert_eq!(desk.case().step().unwrap().as_str(), "check");
    assert_eq!(desk.case().entered_by, None);
    assert!(!desk.case().has_acted("work", PersonId::new(Uuid::nil())));
    assert_eq!(
        desk.case().tasks_open().len(),
        2,
        "entered as an action would enter"
    );
}

#[test]
fn a_deadline_asks_neither_needs_nor_tasks_and_empties_what_is_asked_anew() {
    let mut desk = Desk::open(Plan {
        check: "needs: [vip]\n    due: {in: 1 hour, late: {go_to: work}}",
        ..Plan::default()
    });
    desk.take("go")
        .take_with("note", &[("lit", Value::YesNo(true))]);
    desk.take("back").take("check").until("05T12:00");
    assert_eq!(desk.fired(), ["05T10:00 due/check late, to work"]);
    assert!(!desk.case().answers().contains_key("lit"));
}

#[test]
fn of_one_instant_clocks_fire_first_statutory_before_others_then_dues() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks:
  b_first: {from: opened, until: closed, within: 1 hour, late: {tell: [lead]}}
  a_second: {from: opened, until: closed, within: 60 minutes, late: {tell: [lead]}}
  law: {from: opened, until: closed, within: 1 hour, statutory: true, late: {tell: [lead]}}",
        hear: "due: {in: 1 hour, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("06T09:00");
    let names: Vec<String> = desk
        .fired()
        .iter()
        .map(|line| line[9..].to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "clock/law late, told lead",
            "clock/b_first late, told lead",
            "clock/a_second late, told lead",
            "due/hear late, told lead",
        ]
    );
}

#[test]
fn after_each_firing_the_rest_is_looked_at_anew() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks: {answer: {from: opened, until: work, within: 1 hour, late: \
                 {go_to: work}}}",
        hear: "due: {in: 1 hour, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("06T09:00");
    assert_eq!(
        desk.fired(),
        ["05T10:00 clock/answer late, to work, told lead"]
    );
    assert_eq!(desk.verdict("clock/answer"), Some(Verdict::Late));
    assert_eq!(
        desk.verdict("due/hear"),
        Some(Verdict::Late),
        "its time was up as well"
    );
}

#[test]
fn what_a_closing_clock_overtakes_at_its_own_due_instant_is_late_and_told() {
    let mut desk = Desk::open(Plan {
        clocks: "clocks:
  law: {from: opened, until: closed, within: 1 hour, statutory: true, late: {go_to: refused}}
  own: {from: opened, until: closed, within: 1 hour, late: {tell: [boss]}}
  later: {from: opened, until: closed, within: 2 hours, late: {tell: [agent]}}",
        hear: "due: {in: 1 hour, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("06T09:00");
    assert_eq!(
        desk.fired(),
        ["05T10:00 clock/law late, closed refused, told lead boss"]
    );
    for name in ["clock/own", "due/hear"] {
        assert_eq!(desk.verdict(name), Some(Verdict::Late), "{name}");
        let late_at = desk.deadline(name).unwrap().late_at;
        assert_eq!(late_at, Some(at("05T10:00")), "{name}");
    }
    assert_eq!(desk.verdict("clock/later"), Some(Verdict::Met));
}

#[test]
fn rungs_of_one_time_tell_together_and_the_first_go_to_leads() {
    let late = "[{after: 1 hour, tell: [lead], go_to: work}, {after: 60 minutes, tell: [boss], \
                go_to: check}]";
    let due = format!("due: {{in: 1 hour, late: {late}}}");
    let mut desk = Desk::open(Plan {
        hear: &due,
        ..Plan::default()
    });
    desk.until("06T09:00");
    assert_eq!(
        desk.fired(),
        [
            "05T10:00 due/hear late",
            "05T11:00 due/hear after/1, told lead boss, to work",
        ]
    );
    let clock =
        format!("clocks: {{c: {{from: opened, until: closed, within: 1 hour, late: {late}}}}}");
    let mut desk = Desk::open(Plan {
        clocks: &clock,
        ..Plan::default()
    });
    desk.until("06T09:00");
    assert_eq!(
        desk.fired(),
        [
            "05T10:00 clock/c late",
            "05T11:00 clock/c after/1, told lead boss, to work",
            "05T11:00 clock/c after/2",
        ],
        "the second finds that the first acted for both"
    );
}

#[test]
fn nothing_fires_early_and_nothing_twice() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 15 minutes, late: {tell: [lead]}}",
        ..Plan::default()
    });
    let facts = Facts::default();
    let due = at("05T09:15");
    let before = Timestamp::from_micros(due.micros() - 1).unwrap();
    assert_eq!(fire(&desk.workflow, desk.case(), &facts, before), None);
    assert!(fire(&desk.workflow, desk.case(), &facts, due).is_some());
    desk.until("05T09:15");
    assert_eq!(
        fire(&desk.workflow, desk.case(), &facts, at("30T09:00")),
        None
    );
}

#[test]
fn an_escalation_of_working_time_never_comes_at_midnight() {
    let mut desk = Desk::open_at(
        Plan {
            calendars: OFFICE,
            hear: "due: {in: 2 working days, late: [{tell: [lead]}, {after: 4 working hours, tell: \
                   [boss]}]}",
            ..Plan::default()
        },
        "02T16:00",
    );
    desk.until("31T00:00");
    assert_eq!(
        desk.fired(),
        [
            "06T16:00 due/hear late, told lead",
            "07T12:00 due/hear after/2, told boss"
        ]
    );
}
