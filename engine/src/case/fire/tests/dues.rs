//! Dues of steps and tasks.

use super::*;

#[test]
fn a_due_counts_from_entering_and_every_visit_anew() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 15 minutes, late: {tell: [lead]}}",
        ..Plan::default()
    });
    assert_eq!(desk.due("due/hear"), "05T09:15");
    desk.until("05T09:10").take("again");
    assert_eq!(desk.due("due/hear"), "05T09:25");
    assert_eq!(desk.deadline("due/hear").unwrap().number, 2);
    desk.until("05T12:00");
    assert_eq!(desk.fired(), ["05T09:25 due/hear late, told lead"]);
}

#[test]
fn a_due_of_working_time_waits_for_the_opening() {
    let desk = Desk::open_at(
        Plan {
            calendars: OFFICE,
            hear: "due: {in: 15 working minutes, late: {tell: [lead]}}",
            ..Plan::default()
        },
        "03T20:00",
    );
    assert_eq!(
        desk.due("due/hear"),
        "05T09:15",
        "Saturday evening to Monday morning"
    );
    let calendar = desk.deadline("due/hear").unwrap().calendar.as_ref();
    assert_eq!(calendar.unwrap().as_str(), "default");
}

#[test]
fn a_step_left_in_time_met_its_due_and_at_the_due_time_it_is_late() {
    let plan = Plan {
        hear: "due: {in: 15 minutes, late: {tell: [lead]}}",
        ..Plan::default()
    };
    let mut desk = Desk::open(plan);
    desk.until("05T09:14").take("go");
    assert_eq!(desk.verdict("due/hear"), Some(Verdict::Met));
    let mut desk = Desk::open(plan);
    desk.until("05T09:15").take("go");
    assert_eq!(desk.verdict("due/hear"), Some(Verdict::Late));
    assert_eq!(
        desk.fired().len(),
        1,
        "the deadline fires before the command"
    );
}

#[test]
fn a_step_left_undone_neither_met_its_due_nor_was_late() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 15 minutes, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("05T09:05").take("leave");
    assert_eq!(desk.verdict("due/hear"), Some(Verdict::Ended));
    desk.until("06T09:00");
    assert!(
        desk.fired().is_empty(),
        "nothing of a stopped deadline fires"
    );
}

#[test]
fn staying_leaves_the_due_alone() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 15 minutes, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until("05T09:10").take("note");
    assert_eq!(desk.due("due/hear"), "05T09:15");
    assert_eq!(desk.deadline("due/hear").unwrap().number, 1);
}

#[test]
fn a_task_has_its_own_due_and_stops_when_it_is_done() {
    let plan = Plan {
        look: "due: {in: 1 hour, late: {tell: [lead]}}",
        check: "due: {in: 4 hours, late: {tell: [boss]}}",
        ..Plan::default()
    };
    let mut desk = Desk::open(plan);
    desk.take("check").until("05T09:30").task("look");
    assert_eq!(desk.verdict("due/check.look"), Some(Verdict::Met));
    assert_eq!(desk.verdict("due/check"), None, "the step is not done yet");
    desk.until("05T14:00").task("think");
    assert_eq!(desk.verdict("due/check"), Some(Verdict::Late));
    assert_eq!(desk.fired(), ["05T13:00 due/check late, told boss"]);

    let mut desk = Desk::open(plan);
    desk.take("check").until("05T10:00").task("look");
    assert_eq!(desk.verdict("due/check.look"), Some(Verdict::Late));
    let mut desk = Desk::open(plan);
    desk.take("check").until("05T09:30").take("leave");
    assert_eq!(desk.verdict("due/check.look"), Some(Verdict::Ended));
}

#[test]
fn the_end_of_a_wait_is_no_breach() {
    let plan = Plan {
        hold: "due: {in: 2 days, then: work}",
        ..Plan::default()
    };
    let mut desk = Desk::open(plan);
    desk.take("hold").until("08T00:00");
    assert_eq!(desk.fired(), ["07T09:00 due/hold then, to work"]);
    assert_eq!(desk.verdict("due/hold"), Some(Verdict::Ended));
    assert_eq!(desk.deadline("due/hold").unwrap().late_at, None);
    let mut desk = Desk::open(plan);
    desk.take("hold").until("06T00:00").take("answer");
    assert_eq!(desk.verdict("due/hold"), Some(Verdict::Ended), "left early");
}

#[test]
fn a_late_step_leads_away_once_and_its_due_ends_late() {
    let mut desk = Desk::open(Plan {
        hear: "due: {in: 15 minutes, late: {go_to: check}}",
        look: "due: {in: 1 hour, late: {tell: [lead]}}",
        ..Plan::default()
    });
    desk.until_at(at("05T18:00"), 0);
    assert_eq!(
        desk.fired(),
        [
            "05T09:15 due/hear late, to check",
            "05T10:15 due/check.look late, told lead",
        ],
        "what starts counts from when the breach took effect"
    );
    assert_eq!(desk.verdict("due/hear"), Some(Verdict::Late));
}

#[test]
fn a_firing_that_is_noticed_late_takes_effect_at_its_time() {
    let plan = Plan {
        hear: "due: {in: 15 minutes, late: {go_to: check}}",
        look: "due: {in: 1 hour, late: {tell: [lead]}}",
        ..Plan::default()
    };
    let mut early = Desk::open(plan);
    early.until_at(at("05T18:00"), 0);
    let mut late = Desk::open(plan);
    late.until_at(at("05T18:00"), 4 * 3_600_000_000);
    assert_eq!(late.fired(), early.fired());
    let recorded = |desk: &Desk| desk.entries.last().unwrap().0;
    assert!(recorded(&late) > recorded(&early));
}

#[test]
fn actions_and_outcomes_tell_whom_they_name_in_the_order_of_the_file() {
    let mut desk = Desk::open(Plan {
        refused: "tell: [boss, lead],",
        ..Plan::default()
    });
    let told = |desk: &Desk| {
        let (_, _, events) = desk.entries.last().unwrap();
        let told = events.iter().find_map(|event| {
            let Event::Told(told) = event else {
                return None;
            };
            Some(told.roles.iter().map(ToString::to_string))
        });
        told.map(Iterator::collect::<Vec<String>>)
    };
    assert_eq!(told(&desk), None);
    desk.take("go");
    assert_eq!(told(&desk).unwrap(), ["lead", "boss"]);
    desk.take("refuse");
    assert_eq!(told(&desk).unwrap(), ["lead", "boss"]);
}
