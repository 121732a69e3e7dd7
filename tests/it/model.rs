//! Random legal and illegal acts on the engine and on a naive model beside it: the same answers,
//! the same case. What was written is read back, from the start to every entry.
//!
//! `HEARD_TEST_CASES=20000 cargo test -p heard-tests -- model` runs longer than the default.

mod naive;
mod offered;
mod op;

use std::collections::BTreeMap;
use std::sync::Arc;

use heard_engine::case::{Case, DeadlineKind, Place, Verdict};
use heard_tests::desk::{Desk, No, actor, person, replay};
use heard_tests::{Trial, trial};
use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use crate::refusals::{LIMITS, WORKFLOWS};
use naive::Naive;
use op::{Op, PEOPLE};

const CASES: u32 = 48;

pub fn trials() -> Vec<Trial> {
    vec![trial(
        "model::random_acts_have_the_answers_of_the_naive_model",
        || {
            random_acts();
            Ok(())
        },
    )]
}

fn config() -> Config {
    let cases = std::env::var("HEARD_TEST_CASES").ok();
    Config {
        cases: cases.map_or(CASES, |cases| cases.parse().expect("a number of cases")),
        failure_persistence: None,
        ..Config::default()
    }
}

prop_state_machine! {
    #![proptest_config(config())]
    fn random_acts(sequential 1..60 => Engine);
}

/// The workflows that are tried: those that are walked, and one with limits of every kind.
fn yaml(place: usize) -> &'static str {
    WORKFLOWS.get(place).map_or(LIMITS.1, |(_, yaml)| yaml)
}

/// The naive model drives which acts are tried.
struct Acts;

impl ReferenceStateMachine for Acts {
    type State = Naive;
    type Transition = Op;

    fn init_state() -> BoxedStrategy<Naive> {
        let naive = |place: usize| Naive::new(Arc::new(naive::read(yaml(place))), place);
        // The acts are those of this very workflow, so another one is no simpler failure.
        (0..=WORKFLOWS.len()).prop_map(naive).no_shrink().boxed()
    }

    fn transitions(state: &Naive) -> BoxedStrategy<Op> {
        let state = state.clone();
        any::<u64>()
            .no_shrink()
            .prop_map(move |dice| op::roll(&state, dice))
            .boxed()
    }

    fn apply(mut state: Naive, op: &Op) -> Naive {
        state.minutes += 1 + op.wait;
        state.said = match state.clone().tried(op) {
            Ok(after) => {
                state = after;
                Ok(())
            }
            Err(why) => Err(why),
        };
        state
    }
}

/// The engine, and the case as it was after each entry.
struct Engine {
    desk: Desk,
    states: Vec<Case>,
}

impl StateMachineTest for Engine {
    type SystemUnderTest = Self;
    type Reference = Acts;

    fn init_test(state: &Naive) -> Self {
        Self {
            desk: Desk::new(yaml(state.place).as_bytes()),
            states: Vec::new(),
        }
    }

    fn apply(mut self_: Self, model: &Naive, op: Op) -> Self {
        self_.desk.wait(op.wait);
        offered::offers_agree_with_decide(&self_.desk);
        let act = op.act(&self_.desk);
        let said = self_.desk.send(&actor(op.person, &op.role), &act).map(drop);
        match (&said, &model.said) {
            (Ok(()), Ok(())) => self_.states.push(self_.desk.case().clone()),
            (Err(No::Refused(refusal)), Err(why)) => {
                let found = refusal.reasons.iter().map(|reason| reason.code().as_str());
                let found: Vec<&str> = found.collect();
                let meant = meant(why);
                let is_meant = found.iter().any(|code| meant.contains(code));
                assert!(
                    is_meant,
                    "{op:?}: the engine finds {found:?}, the model: {why}"
                );
            }
            (said, model) => panic!("{op:?}: the engine says {said:?}, the model {model:?}"),
        }
        self_
    }

    fn check_invariants(self_: &Self, model: &Naive) {
        if let Some(case) = &self_.desk.case {
            same(case, model);
        } else {
            assert!(model.is_unopened());
        }
    }

    fn teardown(self_: Self, _: Naive) {
        // Every prefix is one of these: folding goes on from entry to entry.
        for (length, state) in (1..).zip(&self_.states) {
            let prefix = &self_.desk.entries[..length];
            let again = replay(prefix).unwrap().unwrap();
            assert_eq!(again, *state, "after {length} entries");
        }
    }
}

/// Returns the codes that say what the model says. The engine lists everything it finds, the model
/// the first thing only.
fn meant(why: &str) -> &'static [&'static str] {
    match why {
        "the role only reads" => &["HC026"],
        "no such step" => &["HC025"],
        "no case" => &["HC001"],
        "a case is there" => &["HC002"],
        "closed" => &["HC003"],
        "above the field that limits it" => &["HC028"],
        "a need does not hold" => &["HC007", "HC008", "HC022"],
        "no such action here" | "no such task here" => &["HC004"],
        "not in who" | "not in who of the outcome" => &["HC005"],
        "not by this person" => &["HC006"],
        "not asked here" => &["HC012"],
        "no rule fits" => &["HC008"],
        "used up" => &["HC011"],
        "tasks are open" => &["HC009"],
        "no cause" => &["HC013"],
        "no reason" => &["HC014"],
        "done already" => &["HC010"],
        "no step lets this person" => &["HC005", "HC006"],
        "nothing to correct" => &["HC015"],
        "over the limit" => &["HC029"],
        "other eyes must approve" => &["HC030"],
        "nothing to approve" => &["HC031"],
        "it comes from a table" => &["HC032"],
        "no such cause" => &["HC020"],
        "too few whys" => &["HC021"],
        "not now, or not this person" => &["HC019", "HC005", "HC006"],
        "handled the case" | "not by whoever had a part in it" => &["HC049"],
        "no cause of that number" => &["HC047"],
        "the cause stands" | "the cause does not stand" => &["HC048"],
        "stays closed" => &["HC016"],
        "too late" => &["HC017"],
        "not closed" => &["HC018"],
        "the day is missing" => &["HC007"],
        "a promise is owed" => &["HC033"],
        other => panic!("no code is known for {other:?}"),
    }
}

/// Compares everything that the model knows.
fn same(case: &Case, model: &Naive) {
    let place = match case.place() {
        Place::Step(step) => (step.to_string(), false),
        Place::Outcome(closing) => (closing.outcome.to_string(), true),
        Place::Merged(_) => panic!("nobody merges in the model"),
    };
    assert_eq!(place, (model.at.clone(), model.is_closed()), "place");
    assert_eq!(case.visit(), model.visit, "visit");
    assert_eq!(case.opening(), model.opening, "opening");
    assert_eq!(case.notes(), model.notes, "notes");
    let causes: Vec<bool> = case.causes().iter().map(|it| it.status.stands()).collect();
    let expected: Vec<bool> = model.causes.iter().map(|it| it.stands).collect();
    assert_eq!(causes, expected, "causes that stand");
    assert_eq!(case.owes_cause(), model.owes_cause(), "owes a cause");
    let open: Vec<&str> = case.tasks_open().iter().map(|task| task.as_str()).collect();
    assert_eq!(open, model.tasks_open(), "open tasks");
    let answers: Vec<_> = case
        .answers()
        .iter()
        .map(|(field, answer)| {
            let value = match &answer.value {
                heard_engine::case::Held::Open(value) => Some(value.to_string()),
                heard_engine::case::Held::Sealed(_) => None,
            };
            let step = answer.step.to_string();
            (
                field.to_string(),
                value,
                answer.recording,
                answer.person,
                step,
                answer.visit,
            )
        })
        .collect();
    let expected: Vec<_> = model
        .answers
        .iter()
        .map(|(field, a)| {
            let (value, step) = (a.value.clone(), a.step.clone());
            (
                field.clone(),
                value,
                a.recording,
                person(a.person),
                step,
                a.visit,
            )
        })
        .collect();
    assert_eq!(answers, expected, "answers");
    same_amounts(case, model);
    same_promises(case, model);
    for (counter, times) in &model.counters {
        assert_eq!(case.counted(counter), *times, "{counter}");
    }
    let json = serde_json::to_value(case).unwrap();
    let counted = json["counters"].as_object().unwrap().len();
    assert_eq!(counted, model.counters.len(), "counters");
    for step in model.steps() {
        for number in 1..=PEOPLE {
            let acted = model.has_acted(&step, number);
            assert_eq!(
                case.has_acted(&step, person(number)),
                acted,
                "{number} in {step}"
            );
        }
    }
}

/// Compares what the customer was promised.
fn same_promises(case: &Case, model: &Naive) {
    let of_case = case.deadlines().filter_map(|(name, deadline)| {
        let is = match deadline.stopped.map(|stopped| stopped.verdict) {
            None => "owed",
            Some(Verdict::Kept | Verdict::KeptLate) => "kept",
            Some(verdict) => verdict.as_str(),
        };
        (name.kind() == DeadlineKind::Promise).then(|| (name.name().to_owned(), is))
    });
    let of_case: BTreeMap<String, &str> = of_case.collect();
    assert_eq!(of_case, model.promises, "promises");
}

/// Compares what is given and what is approved.
fn same_amounts(case: &Case, model: &Naive) {
    let booked: Vec<_> = case
        .bookings()
        .iter()
        .map(|b| {
            let (field, role) = (b.field.to_string(), b.authority.role.to_string());
            let amount = b.amount.minor / 100;
            (field, amount, b.recording, b.authority.person, role)
        })
        .collect();
    let expected: Vec<_> = model
        .bookings
        .iter()
        .map(|b| {
            let (field, role) = (b.field.clone(), b.role.clone());
            (field, b.amount, b.recording, person(b.person), role)
        })
        .collect();
    assert_eq!(booked, expected, "bookings");
    for field in model.file.names("fields") {
        let approved = case.approval(&field);
        let approved = approved.map(|a| (a.by.person, a.by.role.to_string()));
        let expected = model.approval(&field).map(|(p, role)| (person(p), role));
        assert_eq!(approved, expected, "approval of {field}");
    }
}
