//! What is refused because of what was promised, of a clock, and after closing.

use heard_engine::case::command::{Act, Extend, FollowUp, PlainAct, Renegotiate, Survey};
use heard_engine::id::{ClockName, FollowUpName, PromiseName, QuestionName, SurveyName};
use heard_engine::time::Timestamp;
use heard_tests::desk::Desk;

use super::{Met, go};

/// A workflow with a promise, a clock that may be extended, a survey and a follow-up.
const TIMED: &str = r#"
heard: 1
workflow: timed
version: 1
title: Timed
model: custom
roles: {agent: {title: Agent}}
promises:
  call_back: {text: "We call you back by {due}.", within: 4 hours}
clocks:
  answer: {from: opened, until: closed, within: 2 days, extend: {to: 4 days, by: [agent]}}
  fixed:  {from: opened, until: closed, within: 9 days}
follow_ups:
  check_in: {after: 30 days, of: [heard_out], task: "Ask how it goes", who: [agent]}
surveys:
  happy: {after: 1 day, of: [heard_out], questions: {effort: {ask: "How easy was it?", scale: 1-7}}}
start: listen
steps:
  listen:
    phase: hear
    who: [agent]
    actions:
      promise: {go_to: stay, makes: [call_back]}
      call:    {go_to: stay, keeps: [call_back]}
      close:   heard_out
outcomes:
  heard_out: {title: Heard out, counts_as: resolved}
"#;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

fn renegotiate(promise: &str, due: &str) -> PlainAct {
    Act::Renegotiate(Renegotiate {
        consent: "Agreed by telephone".to_owned(),
        due_at: Timestamp::parse(due).unwrap(),
        promise: PromiseName::new(promise).unwrap(),
    })
}

fn extend(clock: &str) -> PlainAct {
    Act::Extend(Extend {
        clock: ClockName::new(clock).unwrap(),
        reason: None,
    })
}

fn survey(answers: &[(&str, u32)]) -> PlainAct {
    let answers = answers.iter();
    Act::Survey(Survey {
        answers: answers
            .map(|(question, score)| (QuestionName::new(question).unwrap(), *score))
            .collect(),
        comment: None,
        survey: SurveyName::new("happy").unwrap(),
    })
}

fn follow_up() -> PlainAct {
    Act::FollowUp(FollowUp {
        follow_up: FollowUpName::new("check_in").unwrap(),
        note: None,
    })
}

fn opened() -> Desk {
    let mut desk = Desk::new(TIMED.as_bytes());
    go(1, "agent", desk.open(), &mut desk);
    desk
}

/// What is said of promises and clocks.
pub(super) fn in_time(met: &mut Met) {
    let mut desk = opened();
    let new = renegotiate("call_back", "2026-10-07T09:00:00Z");
    met.refuse(
        "a new due time of what was not promised",
        &desk,
        1,
        "agent",
        &new,
    );
    go(1, "agent", desk.action("promise", &[]), &mut desk);
    let past = renegotiate("call_back", "2026-10-05T09:00:00Z");
    met.refuse("a new due time in the past", &desk, 1, "agent", &past);
    let close = desk.action("close", &[]);
    met.refuse("closing with a promise owed", &desk, 1, "agent", &close);
    met.refuse(
        "extending what has no extension",
        &desk,
        1,
        "agent",
        &extend("fixed"),
    );
    met.refuse(
        "extending what does not run",
        &desk,
        1,
        "agent",
        &extend("none"),
    );
    let mut extended = desk.clone();
    go(1, "agent", extend("answer"), &mut extended);
    met.refuse("extending again", &extended, 1, "agent", &extend("answer"));
    desk.wait(3 * DAY);
    assert!(desk.fire() > 0);
    met.refuse("closing with a promise broken", &desk, 1, "agent", &close);
    met.refuse(
        "extending what is late",
        &desk,
        1,
        "agent",
        &extend("answer"),
    );
}

/// What is said of surveys and follow-ups.
pub(super) fn after_closing(met: &mut Met) {
    let mut desk = opened();
    go(1, "agent", desk.action("close", &[]), &mut desk);
    let good = survey(&[("effort", 7)]);
    met.refuse(
        "answers before the survey was sent",
        &desk,
        1,
        "customer",
        &good,
    );
    met.refuse(
        "a follow-up before its day",
        &desk,
        1,
        "agent",
        &follow_up(),
    );
    desk.wait(2 * DAY);
    assert_eq!(desk.fire(), 1);
    let wrong = survey(&[("effort", 8), ("warmth", 3)]);
    met.refuse(
        "answers that the survey does not know",
        &desk,
        1,
        "customer",
        &wrong,
    );
    met.refuse(
        "a question of another survey",
        &desk,
        1,
        "customer",
        &survey(&[("warmth", 3)]),
    );
    met.refuse("answers by a person of ours", &desk, 1, "agent", &good);
    desk.wait(30 * DAY);
    assert_eq!(desk.fire(), 1);
    go(1, "agent", follow_up(), &mut desk);
    met.refuse("a follow-up again", &desk, 1, "agent", &follow_up());
}
