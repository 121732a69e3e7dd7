//! Merging two cases of one complaint, sentence by sentence.

mod random;
mod refused;

use std::sync::Arc;

use uuid::Uuid;

use super::desk::{Desk, Said, WORDS, codes, customer, day, told, utc};
use crate::case::command::{Merge, MergeInto};
use crate::case::deadline::{Rung, Verdict};
use crate::case::event::Event;
use crate::case::{Act, Case, Place};
use crate::code::Code;
use crate::id::{CaseId, CustomerId};
use crate::time::Timestamp;
use crate::value::Value;

const YAML: &str = r#"
heard: 1
workflow: twice
version: 1
title: Twice
model: custom
roles:
  agent: {title: Agent}
  lead: {title: Lead}
  auditor: {title: Auditor, reads_only: true}
fields:
  agreed: {ask: Agreed day, type: date}
  seen:   {ask: Day of the letter, type: date}
  urgent: {ask: Is it urgent, type: yes_no}
clocks:
  final: {from: opened, until: closed, within: 8 days, warn_at: 50%, statutory: true,
          late: [{tell: [lead]}, {after: 1 day, tell: [agent]}]}
  ours:  {from: opened, until: closed, within: 4 days, late: {tell: [lead]},
          extend: {to: 9 days, by: [lead]}}
  reply: {from: opened, until: work, within: 1 day, late: {tell: [lead]}}
  sent:  {from: seen, until: closed, within: 6 days, late: {tell: [lead]}}
  rush:  {from: opened, until: closed, when: {urgent: true}, within: 2 days, late: {tell: [lead]}}
promises:
  call:   {text: "We call you by {due}.", within: 2 days, late: {tell: [lead]}}
  letter: {text: "You have our letter by {due}.", by: agreed, late: {tell: [lead]}}
start: hear
steps:
  hear:
    phase: hear
    who: [agent, customer]
    due: {in: 3 days, late: {tell: [lead]}}
    asks: [agreed, seen, urgent]
    actions:
      call:  {go_to: stay, makes: [call]}
      write: {go_to: stay, makes: [letter]}
      go:    work
      wait:  wait
  work:
    phase: resolve
    who: [agent]
    actions:
      called: {go_to: stay, keeps: [call]}
      back:   hear
      solve:  {go_to: solved, keeps: [call, letter]}
      refuse: refused
  wait: {phase: hear, who: [agent], pauses: true, actions: {go: work}}
outcomes:
  solved:  {title: Solved, counts_as: resolved}
  refused: {title: Refused, counts_as: not_resolved, reopen: {to: hear, within: 30 days}}
"#;

const SURVIVOR: CaseId = CaseId::new(Uuid::from_u128(0x5));
const DUPLICATE: CaseId = CaseId::new(Uuid::from_u128(0xd));

/// A case opened on a day of October, at 09:00.
fn opened(day: u32) -> Desk {
    Desk::opened_at(YAML, None, &format!("2026-10-{day:02} 09:00"))
}

fn ask(found: Option<&Case>) -> Act<crate::case::Held, crate::case::Commitment> {
    Act::Merge(Merge {
        duplicate: DUPLICATE,
        found: found.cloned().map(Arc::new),
        is_parent: false,
        reason: WORDS,
        survivor: SURVIVOR,
    })
}

fn take_over(survivor: &mut Desk, duplicate: &Desk) -> Said {
    survivor.send("agent", ask(Some(duplicate.case())))
}

fn rest(survivor: &Desk, duplicate: &mut Desk) -> Said {
    let merge = MergeInto {
        into: SURVIVOR,
        into_revision: survivor.case().revision(),
        reason: WORDS,
    };
    duplicate.send("agent", Act::MergeInto(merge))
}

/// Merges one into the other at a day of October, 09:00, and returns what the survivor took.
fn merge(survivor: &mut Desk, duplicate: &mut Desk, day: u32) -> Vec<Event> {
    for desk in [&mut *survivor, &mut *duplicate] {
        desk.at(&format!("2026-10-{day:02} 09:00"));
    }
    let events = take_over(survivor, duplicate).unwrap();
    rest(survivor, duplicate).unwrap();
    events
}

fn due(desk: &Desk, name: &str) -> Option<Timestamp> {
    desk.deadline(name).due
}

fn october(day: u32) -> Timestamp {
    utc(&format!("2026-10-{day:02} 09:00"))
}

/// Returns the names of what was taken over.
fn taken(events: &[Event]) -> Vec<String> {
    let taken = events.iter().filter_map(|event| {
        let Event::DeadlineTakenOver(taken) = event else {
            return None;
        };
        Some(taken.deadline.to_string())
    });
    taken.collect()
}

#[test]
fn the_earlier_receipt_counts_whichever_case_goes_on() {
    let (mut late, mut early) = (opened(6), opened(5));
    merge(&mut late, &mut early, 7);
    assert_eq!(late.case().opened_at(), october(5));
    let (mut early, mut late) = (opened(5), opened(6));
    let events = merge(&mut early, &mut late, 7);
    assert_eq!(early.case().opened_at(), october(5));
    let Some(Event::DuplicateMerged(merged)) = events.first() else {
        panic!("{events:?}");
    };
    assert_eq!(merged.opened_at, None, "there is nothing to take");
}

#[test]
fn of_two_clocks_the_stricter_runs_on_with_all_it_had() {
    let (mut survivor, mut duplicate) = (opened(6), opened(5));
    let own = survivor.deadline("clock/final").number;
    let events = merge(&mut survivor, &mut duplicate, 7);
    assert_eq!(
        taken(&events),
        ["clock/final", "clock/ours", "clock/reply", "clock/rush"]
    );
    let clock = survivor.deadline("clock/final");
    let theirs = duplicate.deadline("clock/final");
    assert_eq!(
        (clock.due, clock.anchor),
        (Some(october(13)), theirs.anchor)
    );
    assert_eq!(clock.taken_from, Some(DUPLICATE));
    assert!(clock.statutory && clock.is_running() && clock.number > own);
    let replaces = events.iter().find_map(|event| {
        let Event::DeadlineTakenOver(taken) = event else {
            return None;
        };
        taken.replaces.filter(|_| taken.number == clock.number)
    });
    assert_eq!(replaces, Some(own));
}

#[test]
fn a_clock_that_is_stricter_here_stays_as_it_is() {
    let (mut survivor, mut duplicate) = (opened(5), opened(6));
    survivor.at("2026-10-06 09:00");
    let before = survivor.case().clone();
    let events = merge(&mut survivor, &mut duplicate, 6);
    assert_eq!(taken(&events), [""; 0]);
    assert_eq!(survivor.case().deadlines, before.deadlines);
    // Equally strict is not stricter.
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    assert_eq!(taken(&merge(&mut survivor, &mut duplicate, 5)), [""; 0]);
}

#[test]
fn the_stricter_clock_fires_once_at_its_minute_and_only_in_the_case_that_goes_on() {
    let (mut survivor, mut duplicate) = (opened(7), opened(5));
    merge(&mut survivor, &mut duplicate, 7);
    assert_eq!(duplicate.case().due_at(), None);
    let before = survivor.at("2026-10-09 08:59");
    assert!(told(&before).is_empty(), "{before:?}");
    let fired: Vec<(Timestamp, Rung)> = survivor
        .at("2026-11-30 09:00")
        .iter()
        .filter_map(|event| {
            let Event::DeadlineFired(fired) = event else {
                return None;
            };
            (fired.deadline.name() == "ours").then_some((fired.mark, fired.rung))
        })
        .collect();
    assert_eq!(fired, [(utc("2026-10-09 09:00"), Rung::Late)]);
    assert!(duplicate.at("2026-11-30 09:00").is_empty());
}

#[test]
fn what_was_late_stays_late_and_is_told_no_second_time() {
    let (mut survivor, mut duplicate) = (opened(7), opened(5));
    let events = merge(&mut survivor, &mut duplicate, 10);
    assert!(taken(&events).contains(&"clock/ours".to_owned()));
    let clock = survivor.deadline("clock/ours");
    assert_eq!(
        (clock.late_at, clock.due),
        (Some(october(9)), Some(october(9)))
    );
    let fired = clock.fired.iter().map(|mark| mark.rung);
    assert_eq!(fired.collect::<Vec<_>>(), [Rung::Late]);
    let after = survivor.at("2026-10-12 09:00");
    let again = after.iter().any(
        |event| matches!(event, Event::DeadlineFired(fired) if fired.deadline.name() == "ours"),
    );
    assert!(!again, "{after:?}");
}

#[test]
fn a_clock_that_runs_in_the_duplicate_only_runs_on() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    let seen = ("seen", day("2026-10-06"));
    duplicate.take("call", &[seen]).unwrap();
    let events = merge(&mut survivor, &mut duplicate, 6);
    assert_eq!(taken(&events), ["clock/sent", "promise/call"]);
    let due = due(&survivor, "clock/sent");
    assert_eq!(due, Some(utc("2026-10-12 00:00")));
    // A date given here moves it, as it does any clock that counts from a date.
    survivor
        .take("call", &[("seen", day("2026-10-07"))])
        .unwrap();
    let moved = survivor.deadline("clock/sent");
    assert_eq!(moved.due, Some(utc("2026-10-13 00:00")));
    assert_eq!(moved.taken_from, None);
}

#[test]
fn a_clock_whose_aim_this_case_reached_ends_with_the_duplicate() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    survivor.take("go", &[]).unwrap();
    assert_eq!(survivor.verdict("clock/reply"), Some(Verdict::Met));
    let events = merge(&mut survivor, &mut duplicate, 5);
    assert_eq!(taken(&events), [""; 0]);
    assert_eq!(duplicate.verdict("clock/reply"), Some(Verdict::Ended));
    assert_eq!(survivor.verdict("clock/reply"), Some(Verdict::Met));
}

#[test]
fn a_clock_that_runs_is_stricter_than_one_that_waits_for_its_condition() {
    let urgent = [("urgent", Value::YesNo(true))];
    let (mut survivor, mut duplicate) = (opened(5), opened(6));
    duplicate.take("call", &urgent).unwrap();
    let events = merge(&mut survivor, &mut duplicate, 6);
    assert!(taken(&events).contains(&"clock/rush".to_owned()));
    assert_eq!(due(&survivor, "clock/rush"), Some(october(8)));
    assert!(!survivor.deadline("clock/rush").waits);

    let (mut survivor, mut duplicate) = (opened(6), opened(5));
    survivor.take("call", &urgent).unwrap();
    merge(&mut survivor, &mut duplicate, 6);
    assert_eq!(
        due(&survivor, "clock/rush"),
        Some(october(8)),
        "its own runs on"
    );
}

#[test]
fn an_extension_does_not_come_along_where_it_gives_more_time() {
    let (mut survivor, mut duplicate) = (opened(6), opened(5));
    let extend = crate::case::command::Extend {
        clock: crate::id::ClockName::new("ours").unwrap(),
        reason: None,
    };
    duplicate.send("lead", Act::Extend(extend)).unwrap();
    assert_eq!(due(&duplicate, "clock/ours"), Some(october(14)));
    merge(&mut survivor, &mut duplicate, 7);
    assert_eq!(due(&survivor, "clock/ours"), Some(october(10)));
    assert!(!survivor.deadline("clock/ours").is_extended);
}

#[test]
fn the_time_the_duplicate_stood_still_is_kept_and_goes_on_where_this_case_does_not_wait() {
    let (mut survivor, mut duplicate) = (opened(7), opened(5));
    duplicate.take("wait", &[]).unwrap();
    assert_eq!(due(&duplicate, "clock/ours"), None);
    let events = merge(&mut survivor, &mut duplicate, 7);
    // It stood still for two days: four days from the fifth are over on the eleventh, as here.
    assert!(!taken(&events).contains(&"clock/ours".to_owned()));

    let (mut survivor, mut duplicate) = (opened(8), opened(5));
    duplicate.at("2026-10-06 09:00");
    duplicate.take("wait", &[]).unwrap();
    merge(&mut survivor, &mut duplicate, 8);
    let clock = survivor.deadline("clock/ours");
    assert_eq!(clock.due, Some(october(11)));
    assert_eq!(
        clock.pauses,
        [(utc("2026-10-06 09:00"), utc("2026-10-08 09:00"))]
    );
    assert_eq!(clock.paused_since, None);
}

#[test]
fn a_clock_taken_over_stands_still_where_this_case_waits_for_the_customer() {
    let (mut survivor, mut duplicate) = (opened(7), opened(5));
    survivor.take("wait", &[]).unwrap();
    merge(&mut survivor, &mut duplicate, 7);
    let clock = survivor.deadline("clock/ours");
    assert_eq!((clock.due, clock.paused_since), (None, Some(october(7))));
    let stat = survivor.deadline("clock/final");
    assert_eq!(
        stat.due,
        Some(october(13)),
        "a statutory clock never stands still"
    );
    survivor.at("2026-10-08 09:00");
    survivor.take("go", &[]).unwrap();
    assert_eq!(due(&survivor, "clock/ours"), Some(october(10)));
}

#[test]
fn what_is_promised_in_either_is_owed_and_of_one_promise_the_earlier() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    duplicate.take("call", &[]).unwrap();
    survivor.at("2026-10-06 09:00");
    survivor.take("call", &[]).unwrap();
    duplicate
        .take("write", &[("agreed", day("2026-10-08"))])
        .unwrap();
    merge(&mut survivor, &mut duplicate, 6);
    assert_eq!(due(&survivor, "promise/call"), Some(october(7)));
    assert_eq!(
        due(&survivor, "promise/letter"),
        Some(utc("2026-10-09 00:00"))
    );
    assert_eq!(duplicate.verdict("promise/call"), Some(Verdict::Ended));
    survivor.take("go", &[]).unwrap();
    let events = survivor.take("solve", &[]).unwrap();
    assert_eq!(
        survivor.verdict("promise/call"),
        Some(Verdict::Kept),
        "{events:?}"
    );
}

#[test]
fn a_promise_that_was_broken_in_either_stays_broken() {
    for is_broken_here in [true, false] {
        let (mut broken, mut other) = (opened(5), opened(8));
        broken.take("call", &[]).unwrap();
        broken.at("2026-10-08 09:00");
        broken
            .renegotiate("agent", "call", "2026-10-12 09:00")
            .unwrap();
        other.take("call", &[]).unwrap();
        let (survivor, duplicate) = if is_broken_here {
            (&mut broken, &mut other)
        } else {
            broken
                .renegotiate("agent", "call", "2026-10-09 09:00")
                .unwrap();
            (&mut other, &mut broken)
        };
        let names = taken(&merge(survivor, duplicate, 8));
        assert!(names.contains(&"promise/call".to_owned()), "{names:?}");
        survivor.take("go", &[]).unwrap();
        survivor.take("called", &[]).unwrap();
        assert_eq!(survivor.verdict("promise/call"), Some(Verdict::KeptLate));
    }
}

#[test]
fn the_case_that_goes_on_owes_what_it_took_until_it_is_kept() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    duplicate.take("call", &[]).unwrap();
    survivor.take("go", &[]).unwrap();
    merge(&mut survivor, &mut duplicate, 5);
    survivor.take("called", &[]).unwrap();
    assert_eq!(survivor.verdict("promise/call"), Some(Verdict::Kept));
}

#[test]
fn the_duplicate_rests_with_all_its_deadlines_and_names_where_it_went() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    duplicate.take("call", &[]).unwrap();
    merge(&mut survivor, &mut duplicate, 6);
    let case = duplicate.case();
    let merging = *case.merged_into().unwrap();
    assert_eq!((merging.into, merging.at), (SURVIVOR, october(6)));
    assert_eq!(merging.into_revision, survivor.case().revision());
    assert!(matches!(case.place(), Place::Merged(_)));
    assert!(!case.is_closed() && !case.owes_cause() && case.step().is_none());
    assert!(
        case.deadlines()
            .all(|(_, deadline)| deadline.stopped.is_some())
    );
    assert!(case.tasks_open().is_empty());
    let merged = survivor.case().merged();
    let known = merged[&DUPLICATE].duplicate_revision.unwrap();
    assert_eq!(known.next(), case.revision());
    assert!(survivor.case().merged_into().is_none());
}

#[test]
fn everything_asked_of_a_merged_case_is_refused_and_names_where_to_ask() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    merge(&mut survivor, &mut duplicate, 6);
    let refused = [
        duplicate.take("go", &[]),
        duplicate.contact("agent"),
        duplicate.renegotiate("agent", "call", "2026-10-09 09:00"),
        rest(&survivor, &mut duplicate),
        take_over(&mut duplicate, &survivor),
    ];
    for said in refused {
        let reasons = said.unwrap_err();
        assert_eq!(codes(&reasons), [Code::HC059]);
        assert!(reasons[0].to_string().contains(&SURVIVOR.to_string()));
    }
    assert!(crate::case::offer::offers(&duplicate.workflow, duplicate.case()).is_empty());
}

#[test]
fn the_customer_and_the_parent_come_along_where_only_the_duplicate_has_them() {
    let mut duplicate = Desk::opened(YAML, Some(customer()));
    let mut survivor = opened(5);
    merge(&mut survivor, &mut duplicate, 6);
    assert_eq!(survivor.case().customer(), Some(customer()));
}

#[test]
fn what_was_merged_into_the_duplicate_comes_along() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    let mut first = opened(5);
    let id = CaseId::new(Uuid::from_u128(0xf));
    let merge_first = Act::Merge(Merge {
        duplicate: id,
        found: Some(Arc::new(first.case().clone())),
        is_parent: false,
        reason: WORDS,
        survivor: DUPLICATE,
    });
    duplicate.send("agent", merge_first).unwrap();
    rest(&duplicate, &mut first).unwrap();
    merge(&mut survivor, &mut duplicate, 6);
    let merged: Vec<&CaseId> = survivor.case().merged().keys().collect();
    assert_eq!(merged, [&DUPLICATE, &id]);
    assert_eq!(survivor.case().merged()[&id].duplicate_revision, None);
}

#[test]
fn what_happened_in_the_duplicate_before_it_rested_is_taken_when_asked_again() {
    let (mut survivor, mut duplicate) = (opened(5), opened(5));
    take_over(&mut survivor, &duplicate).unwrap();
    duplicate.take("call", &[]).unwrap();
    let events = take_over(&mut survivor, &duplicate).unwrap();
    assert_eq!(taken(&events), ["promise/call"]);
    assert_eq!(survivor.case().merged().len(), 1);
    let events = take_over(&mut survivor, &duplicate).unwrap();
    assert_eq!(taken(&events), [""; 0], "nothing is taken twice");
}
