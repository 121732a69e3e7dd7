//! Random acts at random times: what holds whatever people do and whenever somebody looks.
//!
//! The due times are held against a slow model that counts minute by minute and knows pauses only
//! from the entries.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::case::command::Extend;
use crate::case::deadline::{DeadlineKind, Rung};
use crate::id::ClockName;
use crate::workflow::length::{Length, Unit};

const MINUTE: i64 = 60_000_000;
/// Longer than any clock of the plan with its pauses.
const MINUTES_MAX: i64 = 60 * 24 * 60;

const PLAN: Plan<'static> = Plan {
    calendars: OFFICE,
    clocks: "clocks:
  law: {from: opened, until: solved, within: 20 hours, statutory: true, warn_at: 50%,
        late: {tell: [boss], go_to: check}}
  ours: {from: [opened, reopened], until: [solved, refused], within: 10 hours, warn_at: 50%,
         late: [{tell: [lead]}, {after: 2 hours, tell: [boss], go_to: work}],
         extend: {to: 30 hours, by: [agent]}}
  vip: {when: {vip: yes}, from: opened, until: closed, within: 8 working hours,
        late: {tell: [lead]}}
  in_work: {from: [hold, work], until: [hear, closed], within: 3 hours, late: {tell: [lead]}}
  pay: {from: solved, until: hear, within: 5 hours, late: {tell: [lead], go_to: work}}",
    promises: "",
    hear: "due: {in: 2 hours, warn_at: 50%, late: {tell: [lead], go_to: work}}",
    work: "due: {in: 90 minutes, late: [{tell: [lead]}, {after: 30 minutes, go_to: hold}]}",
    hold: "due: {in: 12 hours, then: work}",
    look: "due: {in: 1 hour, late: {tell: [lead]}}",
    check: "due: {in: 4 hours, late: {go_to: refused}}",
    refused: "",
};

const ACTIONS: [&str; 14] = [
    "go", "hold", "check", "again", "note", "refuse", "finish", "back", "park", "answer", "more",
    "leave", "done", "go",
];

#[derive(Debug, Clone)]
enum Tried {
    Take(&'static str),
    Vip(bool),
    Task(&'static str),
    Contact,
    Reopen,
    Extend,
}

fn tried() -> impl Strategy<Value = Tried> {
    prop_oneof![
        8 => prop::sample::select(&ACTIONS[..]).prop_map(Tried::Take),
        1 => any::<bool>().prop_map(Tried::Vip),
        2 => prop::sample::select(&["look", "think"][..]).prop_map(Tried::Task),
        2 => Just(Tried::Contact),
        2 => Just(Tried::Reopen),
        1 => Just(Tried::Extend),
    ]
}

/// Minutes to let pass before an act; often none at all.
fn minutes() -> impl Strategy<Value = i64> {
    prop_oneof![1 => Just(0_i64), 3 => 1..50_i64, 2 => 50..1_200_i64]
}

/// Does what is possible; `late` minutes pass between a mark and the moment somebody looks.
fn live(acts: &[(i64, Tried)], late: i64) -> Desk {
    let mut desk = Desk::open(PLAN);
    for (minutes, tried) in acts {
        let until = desk.now.micros() + minutes * MINUTE;
        desk.until_at(Timestamp::from_micros(until).unwrap(), late * MINUTE);
        let act = match tried {
            Tried::Contact => {
                desk.contact();
                continue;
            }
            Tried::Take(name) => advance(Way::Action(ActionName::new(name).unwrap()), &[]),
            Tried::Task(name) => advance(Way::Task(TaskName::new(name).unwrap()), &[]),
            Tried::Vip(vip) => advance(
                Way::Action(ActionName::new("note").unwrap()),
                &[("vip", Value::YesNo(*vip))],
            ),
            Tried::Reopen => Act::Reopen(Reopen { reason: WHY }),
            Tried::Extend => Act::Extend(Extend {
                clock: ClockName::new("ours").unwrap(),
                reason: None,
            }),
        };
        // What is not possible there is refused, and changes nothing.
        drop(desk.try_send(act));
        if late == 0 {
            held(&desk);
        }
    }
    desk
}

/// When the customer was waited for, by the entries alone; the last may have no end.
fn pauses(desk: &Desk) -> Vec<(i64, Option<i64>)> {
    let mut pauses: Vec<(i64, Option<i64>)> = Vec::new();
    let mut is_waiting = false;
    for (at, _, events) in &desk.entries {
        let at = match events.first() {
            Some(Event::DeadlineFired(fired)) => fired.effective_at,
            _ => *at,
        };
        for event in events {
            let waits = if let Event::StepEntered(entered) = event {
                entered.step.as_str().starts_with("hold")
            } else if matches!(event, Event::CaseClosed(_) | Event::ContactRecorded(_)) {
                false
            } else {
                continue;
            };
            if waits && !is_waiting {
                pauses.push((at.micros(), None));
            } else if is_waiting && !waits {
                pauses.last_mut().unwrap().1 = Some(at.micros());
            }
            is_waiting = waits;
        }
    }
    pauses
}

/// Counts minute by minute.
fn counted_by_hand(desk: &Desk, clock: &Deadline, since: i64) -> Option<i64> {
    let length = Length::parse(clock.length.as_deref().unwrap()).unwrap();
    assert!(matches!(length.unit, Unit::Hours | Unit::WorkingHours));
    let mut left = i64::from(length.number) * 60;
    let pauses: Vec<_> = if clock.statutory {
        Vec::new()
    } else {
        pauses(desk)
    };
    for minute in 0..MINUTES_MAX {
        let at = clock.anchor.micros() + minute * MINUTE;
        let stands_still = at >= since
            && pauses
                .iter()
                .any(|(from, to)| *from <= at && to.is_none_or(|to| at < to));
        let day = at.div_euclid(24 * 60 * MINUTE);
        let of_day = at.rem_euclid(24 * 60 * MINUTE) / (60 * MINUTE);
        // The first of January 1970 was a Thursday.
        let is_open = (day + 3).rem_euclid(7) < 5 && (9..17).contains(&of_day);
        if !stands_still && (is_open || !length.unit.is_working()) {
            left -= 1;
        }
        if left == 0 {
            return Some(at + MINUTE);
        }
    }
    None
}

/// What holds after every act.
fn held(desk: &Desk) {
    assert_eq!(
        desk.replayed().as_ref(),
        desk.case.as_ref(),
        "replay gives the same case"
    );
    for (name, deadline) in desk.case().deadlines() {
        if name.kind() != DeadlineKind::Clock || deadline.stopped.is_some() || deadline.waits {
            continue;
        }
        let started = desk.entries.iter().find_map(|(at, _, events)| {
            let at = match events.first() {
                Some(Event::DeadlineFired(fired)) => fired.effective_at,
                _ => *at,
            };
            // A clock with `when` stands still from when it has its anchor.
            let is_it = |event: &Event| {
                matches!(event, Event::DeadlineStarted(start)
                    if start.deadline == *name
                        && (start.number == deadline.number || name.name() == "vip")
                        && start.anchor == deadline.anchor)
            };
            events.iter().any(is_it).then_some(at)
        });
        let by_hand = counted_by_hand(desk, deadline, started.unwrap().micros());
        assert_eq!(
            deadline.due.map(Timestamp::micros),
            by_hand,
            "{name} {deadline:?}"
        );
    }
}

/// What holds of all entries.
fn once_in_order_and_never_early(desk: &Desk) {
    let mut effect = i64::MIN;
    let mut recorded = i64::MIN;
    let mut last: BTreeMap<u32, Timestamp> = BTreeMap::new();
    let mut fired_once: BTreeSet<(u32, Rung, bool)> = BTreeSet::new();
    let mut extended: BTreeSet<u32> = BTreeSet::new();
    let mut ended: BTreeSet<u32> = BTreeSet::new();
    for (at, _, events) in &desk.entries {
        assert!(recorded <= at.micros());
        recorded = at.micros();
        let mut takes_effect = *at;
        for event in events {
            if let Event::DeadlineFired(fired) = event {
                takes_effect = fired.effective_at;
                assert!(fired.mark <= fired.effective_at && fired.effective_at <= *at);
                assert!(!ended.contains(&fired.number), "it had stopped");
                let number = fired.number;
                let is_new = fired_once.insert((number, fired.rung, extended.contains(&number)));
                assert!(is_new, "{} {} twice", fired.deadline, fired.rung);
                let before = last.insert(number, fired.mark);
                assert!(before.is_none_or(|before| before <= fired.mark));
            } else if let Event::DeadlineStopped(stopped) = event {
                assert!(ended.insert(stopped.number), "stopped twice");
            } else if let Event::ClockExtended(clock) = event {
                extended.insert(clock.number);
            }
        }
        assert!(effect <= takes_effect.micros());
        effect = takes_effect.micros();
    }
    let due = desk.case().due_at();
    assert!(due.is_none_or(|due| due > desk.now || desk.case().is_full()));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn deadlines_fire_once_in_order_never_early_and_whenever_somebody_looks(
        acts in prop::collection::vec((minutes(), tried()), 1..25),
        late in 1..600_i64,
    ) {
        let mut desk = live(&acts, 0);
        let mut looked_at_late = live(&acts, late);
        let end = Timestamp::from_micros(desk.now.micros() + 3_000 * MINUTE).unwrap();
        desk.until_at(end, 0);
        looked_at_late.until_at(end, late * MINUTE);
        for desk in [&desk, &looked_at_late] {
            held(desk);
            once_in_order_and_never_early(desk);
        }
        prop_assert_eq!(desk.fired(), looked_at_late.fired());
        let deadlines = |desk: &Desk| -> Vec<(DeadlineName, Deadline)> {
            desk.case().deadlines().map(|(name, of)| (name.clone(), of.clone())).collect()
        };
        prop_assert_eq!(deadlines(&desk), deadlines(&looked_at_late));
    }
}
