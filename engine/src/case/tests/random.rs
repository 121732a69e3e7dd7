//! Promises against a ledger that only knows what was promised and when.

use proptest::prelude::*;

use super::desk::{Desk, utc};
use crate::case::deadline::Verdict;
use crate::time::Timestamp;
use crate::workflow::CountsAs;

const YAML: &str = r#"
heard: 1
workflow: ledger
version: 1
title: Ledger
model: custom
roles: {agent: {title: Agent}}
promises:
  one: {text: "One by {due}.", within: 2 hours}
  two: {text: "Two by {due}.", within: 3 hours, late: {go_to: late}}
start: work
steps:
  work:
    phase: resolve
    who: [agent]
    actions:
      make_one: {go_to: stay, makes: [one]}
      keep_one: {go_to: stay, keeps: [one]}
      make_two: {go_to: late, makes: [two]}
      swap:     {go_to: stay, makes: [one], keeps: [one, two]}
      solve:    {go_to: solved, keeps: [two]}
      refuse:   refused
      drop:     {go_to: dropped, makes: [one]}
      pass_on:  passed_on
  late: {phase: resolve, who: [agent], actions: {back: work, keep_two: {go_to: work, keeps: [two]}}}
outcomes:
  solved:    {title: Solved, counts_as: resolved, reopen: {to: work, within: 30 days}}
  refused:   {title: Refused, counts_as: not_resolved, reopen: {to: work, within: 30 days}}
  dropped:   {title: Dropped, counts_as: withdrawn, reopen: {to: work, within: 30 days}}
  passed_on: {title: Passed on, counts_as: referred, reopen: {to: work, within: 30 days}}
"#;

const NAMES: [&str; 2] = ["one", "two"];

/// What a promise is, as whoever keeps a ledger by hand would say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Never,
    Owed(Timestamp),
    Ended(Verdict),
}

#[derive(Debug, Clone)]
struct Ledger {
    now: Timestamp,
    promises: [Is; 2],
}

impl Ledger {
    fn make(&mut self, place: usize) {
        let hours = [2, 3][place];
        if !matches!(self.promises[place], Is::Owed(_)) {
            let due = self.now.micros() + hours * 3_600_000_000;
            self.promises[place] = Is::Owed(Timestamp::from_micros(due).unwrap());
        }
    }

    fn keep(&mut self, place: usize) {
        if let Is::Owed(due) = self.promises[place] {
            let verdict = if self.now < due {
                Verdict::Kept
            } else {
                Verdict::KeptLate
            };
            self.promises[place] = Is::Ended(verdict);
        }
    }

    fn end(&mut self, verdict: Verdict) {
        for promise in &mut self.promises {
            if matches!(promise, Is::Owed(_)) {
                *promise = Is::Ended(verdict);
            }
        }
    }

    fn take(&mut self, action: &str) {
        match action {
            "make_one" => self.make(0),
            "keep_one" => self.keep(0),
            "make_two" => self.make(1),
            "keep_two" | "solve" => self.keep(1),
            "swap" => {
                self.keep(0);
                self.keep(1);
                self.make(0);
            }
            "refuse" => self.end(Verdict::Broken),
            "drop" => {
                self.make(0);
                self.end(Verdict::Released);
            }
            "pass_on" => self.end(Verdict::Released),
            "renegotiate" => {
                if let Is::Owed(due) = &mut self.promises[0] {
                    *due = Timestamp::from_micros(self.now.micros() + 60_000_000).unwrap();
                }
            }
            _ => {}
        }
    }
}

const ACTIONS: [&str; 12] = [
    "make_one",
    "keep_one",
    "make_two",
    "keep_two",
    "swap",
    "solve",
    "refuse",
    "drop",
    "pass_on",
    "back",
    "reopen",
    "renegotiate",
];

fn send(desk: &mut Desk, action: &str) -> bool {
    match action {
        "reopen" => {
            let reason = super::desk::WORDS;
            let reopen = crate::case::command::Reopen { reason };
            desk.send("agent", crate::case::Act::Reopen(reopen)).is_ok()
        }
        "renegotiate" => {
            let due = Timestamp::from_micros(desk.now.micros() + 60_000_000).unwrap();
            let text = due.to_string();
            let minute = format!("{} {}", &text[..10], &text[11..16]);
            assert_eq!(utc(&minute), due);
            desk.renegotiate("agent", "one", &minute).is_ok()
        }
        action => desk.take(action, &[]).is_ok(),
    }
}

proptest! {
    #[test]
    fn a_promise_is_always_exactly_one_of_owed_kept_kept_late_broken_and_released(
        acts in prop::collection::vec((0_usize..ACTIONS.len(), 0_i64..150), 1..60),
    ) {
        let mut desk = Desk::opened(YAML, None);
        let mut ledger = Ledger { now: desk.now, promises: [Is::Never; 2] };
        for (action, minutes) in acts {
            let now = desk.now.micros() + minutes * 60_000_000;
            desk.now = Timestamp::from_micros(now).unwrap();
            ledger.now = desk.now;
            if send(&mut desk, ACTIONS[action]) {
                ledger.take(ACTIONS[action]);
            }
            for (name, expected) in NAMES.iter().zip(ledger.promises) {
                let name = format!("promise/{name}").parse().unwrap();
                let is = match desk.case().deadline(&name) {
                    None => Is::Never,
                    Some(known) => match known.stopped {
                        None => Is::Owed(known.due.unwrap()),
                        Some(stopped) => Is::Ended(stopped.verdict),
                    },
                };
                prop_assert_eq!(is, expected);
                if desk.case().closing().is_some_and(|c| c.counts_as == CountsAs::Resolved) {
                    prop_assert!(!matches!(is, Is::Owed(_)));
                }
            }
        }
    }
}
