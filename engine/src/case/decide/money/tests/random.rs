//! Random acts of several people in several cases: no limit is ever passed.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::case::event::{Approved, Given};
use crate::case::{Meta, evolve};
use crate::id::Revision;
use crate::workflow::limit::Period;

const CASES: usize = 3;
const PEOPLE: [u128; 5] = [ANA, BEN, TOM, MIA, ROB];
const AMOUNTS: [&str; 6] = ["0 EUR", "10 EUR", "30 EUR", "50 EUR", "200 EUR", "900 EUR"];
const NAMES: [&str; 13] = [
    "pay",
    "big_only",
    "just_pay",
    "give_here",
    "hold",
    "ask",
    "agree",
    "allow",
    "send",
    "back",
    "again",
    "undo",
    "close",
];

#[derive(Debug, Clone)]
struct Tried {
    case: usize,
    person: u128,
    name: &'static str,
    amount: &'static str,
    /// Without an amount, with one, with one of the other field too, or as a correction.
    shape: u8,
    days: i64,
}

fn tried() -> impl Strategy<Value = Tried> {
    let picks = (
        0..CASES,
        prop::sample::select(&PEOPLE[..]),
        prop::sample::select(&NAMES[..]),
        prop::sample::select(&AMOUNTS[..]),
        0..5_u8,
        prop_oneof![6 => Just(0_i64), 1 => 1..9_i64],
    );
    picks.prop_map(|(case, person, name, amount, shape, days)| Tried {
        case,
        person,
        name,
        amount,
        shape,
        days,
    })
}

fn act_of(tried: &Tried) -> Act<Held, Commitment> {
    let (good, extra) = (
        ("good", money(tried.amount)),
        ("extra", money(tried.amount)),
    );
    match tried.shape {
        0 | 1 => act(tried.name, &[]),
        2 => act(tried.name, &[good]),
        3 => act(tried.name, &[good, extra, ("price", Value::Number(101))]),
        _ => correct("good", money(tried.amount)),
    }
}

/// A booking as the test keeps it.
#[derive(Debug, Clone)]
struct Kept {
    case: usize,
    at: Timestamp,
    given: Given,
}

/// Everything booked, and the approvals that stand, kept from the events alone.
#[derive(Default)]
struct Book {
    kept: Vec<Kept>,
    approved: BTreeMap<(usize, u32), (Authority, Approved)>,
}

impl Book {
    fn sum(&self, counts: impl Fn(&Kept) -> bool) -> i64 {
        let counted = self.kept.iter().filter(|kept| counts(kept));
        counted.map(|kept| kept.given.amount.minor).sum()
    }

    fn write(&mut self, case: usize, at: Timestamp, actor: &Actor, event: &Event) {
        match event {
            Event::Given(given) => {
                let twice = self.sum(|kept| {
                    kept.case == case
                        && kept.given.field == given.field
                        && kept.given.recording == given.recording
                });
                assert_eq!(twice, 0, "a recording is booked once: {given:?}");
                let given = given.clone();
                self.kept.push(Kept { case, at, given });
                self.check(case, at);
            }
            Event::TakenBack(taken) => {
                let last = self
                    .kept
                    .iter()
                    .rposition(|kept| kept.case == case && kept.given.field == taken.field);
                let last = self.kept.remove(last.expect("something was given"));
                assert_eq!((last.given.amount, last.at), (taken.amount, taken.given_at));
            }
            Event::Approved(approved) => {
                let by = acting(actor);
                self.approved
                    .insert((case, approved.recording), (by, approved.clone()));
            }
            Event::CaseOpened(_)
            | Event::CaseImported(_)
            | Event::StepEntered(_)
            | Event::AnswerRecorded(_)
            | Event::ValueComputed(_)
            | Event::ValueEmptied(_)
            | Event::TaskDone(_)
            | Event::ActionTaken(_)
            | Event::CaseClosed(_)
            | Event::CaseReopened(_)
            | Event::AnswerCorrected(_)
            | Event::NoteAdded(_)
            | Event::CauseRecorded(_)
            | Event::CauseReviewed(_)
            | Event::CauseActionDone(_)
            | Event::EffectChecked(_)
            | Event::CauseReopened(_)
            | Event::IssueConfirmed(_)
            | Event::CauseLinked(_)
            | Event::OriginRecorded(_)
            | Event::DuplicateMerged(_)
            | Event::MergedInto(_)
            | Event::DeadlineTakenOver(_)
            | Event::Told(_)
            | Event::ContactRecorded(_)
            | Event::DeadlineStarted(_)
            | Event::DeadlinePaused(_)
            | Event::DeadlineResumed(_)
            | Event::DeadlineFired(_)
            | Event::DeadlineStopped(_)
            | Event::ClockExtended(_)
            | Event::PromiseRenegotiated(_)
            | Event::SurveySent(_)
            | Event::SurveySkipped(_)
            | Event::SurveyAnswered(_)
            | Event::FollowUpDone(_)
            | Event::WorkflowPublished(_) => {}
        }
    }

    /// The last booking is covered.
    fn check(&self, case: usize, at: Timestamp) {
        let last = &self.kept.last().unwrap().given;
        let role = last.authority.role.as_str();
        if last.by_approval {
            let (by, approved) = &self.approved[&(case, last.recording)];
            assert_eq!((by, approved.amount), (&last.authority, last.amount));
        }
        let in_case = self.sum(|kept| kept.case == case);
        let since = |period: Period| {
            let since = period.since(at, "Europe/Lisbon").unwrap();
            self.sum(|kept| {
                kept.at >= since && kept.given.authority.person == last.authority.person
            })
        };
        let (per_case, over_period) = match role {
            "agent" => (5_000, since(Period::Week) > 8_000),
            "lead" => (25_000, false),
            "manager" => (200_000, since(Period::Month) > 300_000),
            other => panic!("{other} gave {last:?}"),
        };
        // What was approved was within the limit when it was approved; own amounts always are.
        assert!(last.amount.minor <= per_case, "{last:?}");
        if !last.by_approval {
            assert!(
                in_case <= per_case,
                "{in_case} in case {case} after {last:?}"
            );
            assert!(!over_period, "too much in one period after {last:?}");
        }
    }
}

/// Folds everything written of a case again.
fn replayed(written: &Written, workflow: &Workflow) -> Option<Case> {
    let entries = (1..).zip(&written.entries);
    entries.fold(None, |case, (revision, (actor, at, events))| {
        let meta = Meta {
            revision: Revision(revision),
            at: *at,
            actor,
            workflow: workflow.reference(),
        };
        let evolved = |case, event| Some(evolve(case, &meta, event).unwrap());
        events.iter().fold(case, evolved)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_acts_passes_a_limit(story in prop::collection::vec(tried(), 1..60)) {
        let mut till = Till::new(CASES);
        let mut book = Book::default();
        for tried in &story {
            till.at += tried.days * DAY + 1;
            let person = tried.person;
            let _ = till.case(tried.case).is_closed()
                && till.send(tried.case, person, reopen()).is_ok();
            let entries = till.cases[tried.case].entries.len();
            if till.send(tried.case, person, act_of(tried)).is_ok() {
                let (actor, at, events) = &till.cases[tried.case].entries[entries];
                for event in events {
                    book.write(tried.case, *at, actor, event);
                }
            }
        }
        for (number, written) in till.cases.iter().enumerate() {
            let case = written.case.as_ref().unwrap();
            let again = replayed(written, &till.workflow);
            prop_assert_eq!(again.as_ref(), Some(case));
            let rows = written.entries.iter();
            let rows = rows.flat_map(|(_, at, events)| booking_rows(*at, events));
            let sum: i64 = rows.map(|row| row.minor).sum();
            prop_assert_eq!(sum, book.sum(|kept| kept.case == number));
            let booked = case.bookings().iter().map(|booking| booking.amount.minor);
            prop_assert_eq!(sum, booked.sum::<i64>());
        }
    }
}
