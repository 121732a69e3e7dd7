//! Merging after anything: nothing gets more time, nothing owed is dropped, and replay agrees.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::case::deadline::{DeadlineKind, DeadlineName};
use crate::case::{Meta, evolve};

const ACTS: [&str; 7] = ["call", "write", "go", "wait", "back", "called", "answer"];

/// Does what is possible of these, some hours apart.
fn played(acts: &[(usize, i64)], from: u32) -> Desk {
    let mut desk = opened(from);
    for (act, hours) in acts {
        let now = desk.now.micros() + hours * 3_600_000_000;
        desk.now = Timestamp::from_micros(now).unwrap();
        // What is not possible here is refused, and nothing changes.
        let _refused = match ACTS[*act] {
            "answer" => desk.contact("agent"),
            "write" => desk.take("write", &[("agreed", day("2026-10-09"))]),
            act => desk.take(act, &[]),
        };
    }
    desk
}

/// Returns when each clock and promise that runs would be due if nothing stood still from now on.
fn dues(desk: &Desk) -> BTreeMap<DeadlineName, Timestamp> {
    let running = desk.case().deadlines().filter(|(name, deadline)| {
        matches!(name.kind(), DeadlineKind::Clock | DeadlineKind::Promise) && deadline.is_running()
    });
    let due = |(name, deadline): (&DeadlineName, &crate::case::Deadline)| {
        let on = || {
            let explained = crate::case::explain(&desk.workflow, deadline, None, desk.now);
            Timestamp::from_micros(desk.now.micros() + explained.left?).ok()
        };
        Some((name.clone(), deadline.due.or_else(on)?))
    };
    running.filter_map(due).collect()
}

proptest! {
    #[test]
    fn nothing_gets_more_time_and_nothing_owed_is_dropped(
        here in prop::collection::vec((0..ACTS.len(), 0_i64..40), 0..8),
        there in prop::collection::vec((0..ACTS.len(), 0_i64..40), 0..8),
        from in 5_u32..8,
    ) {
        let (mut survivor, mut duplicate) = (played(&here, 6), played(&there, from));
        let now = survivor.now.max(duplicate.now);
        for desk in [&mut survivor, &mut duplicate] {
            desk.now = now;
            desk.fire();
        }
        let (own, theirs) = (dues(&survivor), dues(&duplicate));
        let before = survivor.case().clone();
        let events = take_over(&mut survivor, &duplicate).unwrap();
        let after = dues(&survivor);
        for name in own.keys().chain(theirs.keys()) {
            let is_reached = before.deadline(name).is_some_and(|deadline| {
                let verdict = deadline.stopped.map(|stopped| stopped.verdict);
                name.kind() == DeadlineKind::Clock
                    && matches!(verdict, Some(Verdict::Met | Verdict::Late))
            });
            let wanted = [own.get(name), theirs.get(name)].into_iter().flatten().min();
            let wanted = wanted.filter(|_| !is_reached || own.contains_key(name));
            prop_assert_eq!(after.get(name), wanted, "{}", name);
        }
        prop_assert_eq!(after.len(), after.keys().filter(|name| {
            own.contains_key(*name) || theirs.contains_key(*name)
        }).count());

        let json = serde_json::to_string(&events).unwrap();
        let read: Vec<Event> = serde_json::from_str(&json).unwrap();
        let workflow = survivor.workflow.reference().clone();
        let meta = Meta {
            revision: before.revision().next(),
            at: now,
            actor: &super::super::desk::actor("agent"),
            workflow: &workflow,
        };
        let replayed = read.iter().try_fold(before, |case, event| evolve(Some(case), &meta, event));
        prop_assert_eq!(&replayed.unwrap(), survivor.case());

        rest(&survivor, &mut duplicate).unwrap();
        prop_assert_eq!(dues(&duplicate).len(), 0);
        prop_assert_eq!(duplicate.case().due_at(), None);
    }
}
