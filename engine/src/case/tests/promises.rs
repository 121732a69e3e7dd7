//! Promises, from making to closing.

use super::desk::{Desk, WORDS, codes, day, told, utc};
use crate::case::deadline::{Rung, Verdict};
use crate::case::event::Event;
use crate::case::offer::{Wait, offers};
use crate::case::promise::{self, Named};
use crate::code::Code;
use crate::id::PromiseName;
use crate::value::Value;

const YAML: &str = r#"
heard: 1
workflow: word
version: 1
title: Word
model: custom
calendars:
  default: {time_zone: UTC, hours: {mon-fri: ["09:00-17:00"]}, closed_on: [2026-10-08]}
  north: {time_zone: Europe/Helsinki, hours: {mon-fri: ["09:00-17:00"]}}
roles: {agent: {title: Agent}, lead: {title: Lead}, boss: {title: Boss}}
fields:
  agreed:  {ask: Agreed day, type: date}
  again:   {ask: Day, type: date, each_time: true}
  name:    {ask: Name, type: text, personal: true}
  product: {ask: Product, type: text}
promises:
  call_back:
    text: "{role} calls you about {product}, {name}, by {due}. Case {case}."
    within: 1 working day
    late: [{tell: [lead]}, {after: 2 working hours, tell: [boss]}]
  answer: {text: "You have our answer by {due}.", by: agreed}
  north:  {text: "From the north by {due}.", by: again, calendar: north, late: {go_to: late}}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    asks: [agreed, again, name, product]
    actions:
      call:  {go_to: work, makes: [call_back]}
      write: {go_to: work, makes: [answer]}
      far:   {go_to: hear, makes: [north], at_most: 9}
      both:  {go_to: solved, makes: [call_back]}
  work:
    phase: resolve
    who: [agent]
    asks: [agreed]
    actions:
      called: {go_to: stay, keeps: [call_back]}
      more:   {go_to: stay, makes: [call_back]}
      anew:   {go_to: stay, makes: [call_back], keeps: [call_back]}
      solve:  {go_to: solved, keeps: [answer]}
      end:
        - {when: {product: desk}, go_to: refused}
        - {when: {product: lamp}, go_to: passed_on}
        - {go_to: dropped}
  late: {phase: resolve, who: [agent], next: solved}
outcomes:
  solved:    {title: Solved, counts_as: resolved, reopen: {to: work, within: 30 days}}
  refused:   {title: Refused, counts_as: not_resolved}
  dropped:   {title: Dropped, counts_as: withdrawn}
  passed_on: {title: Passed on, counts_as: referred}
anywhere:
  settle: {who: [agent], go_to: solved}
"#;

fn desk() -> Desk {
    Desk::opened(YAML, None)
}

/// A case that owes a call by 09:00 the next day.
fn owing() -> Desk {
    let mut desk = desk();
    desk.take("call", &[]).unwrap();
    desk
}

#[test]
fn makes_opens_a_promise_within_its_time_from_now() {
    let desk = owing();
    let owed = desk.deadline("promise/call_back");
    // A whole working day from 09:00 is over at closing, never moved to the next opening.
    assert_eq!(owed.due, Some(utc("2026-10-05 17:00")));
    assert_eq!(owed.anchor, utc("2026-10-05 09:00"));
    assert_eq!(owed.length.as_deref(), Some("1 working day"));
    assert!(owed.is_running() && !owed.is_late());
}

#[test]
fn a_promise_by_a_day_is_due_at_close_of_business_or_midnight_where_it_is_closed() {
    for (agreed, due) in [
        ("2026-10-06", "2026-10-06 17:00"),
        ("2026-10-08", "2026-10-09 00:00"),
        ("2026-10-10", "2026-10-11 00:00"),
    ] {
        let mut desk = desk();
        desk.take("write", &[("agreed", day(agreed))]).unwrap();
        assert_eq!(desk.deadline("promise/answer").due, Some(utc(due)));
        assert_eq!(desk.deadline("promise/answer").length, None);
    }
}

#[test]
fn a_promise_by_a_day_counts_in_its_own_calendar_and_by_the_day_before_the_step_empties_it() {
    let mut desk = desk();
    desk.take("far", &[("again", day("2026-10-06"))]).unwrap();
    assert!(!desk.case().answers().contains_key("again"), "asked anew");
    let due = desk.deadline("promise/north").due;
    assert_eq!(due, Some(utc("2026-10-06 14:00")));
}

#[test]
fn a_promise_by_a_day_that_is_not_answered_is_not_made() {
    let mut desk = desk();
    let refused = desk.take("write", &[]).unwrap_err();
    assert_eq!(codes(&refused), [Code::HC007]);
    assert!(refused[0].to_string().contains("`agreed` (Agreed day)"));
    let far = day("2099-01-01");
    let refused = desk.take("write", &[("agreed", far)]).unwrap_err();
    assert_eq!(codes(&refused), [Code::HC035]);
}

#[test]
fn a_promise_by_a_day_that_is_over_is_made_and_late_at_once() {
    let mut desk = desk();
    desk.take("write", &[("agreed", day("2026-10-01"))])
        .unwrap();
    desk.fire();
    assert!(desk.deadline("promise/answer").is_late());
}

#[test]
fn of_a_promise_that_is_open_already_the_first_due_stands() {
    let mut desk = owing();
    let before = desk.deadline("promise/call_back").clone();
    desk.at("2026-10-05 12:00");
    desk.take("more", &[]).unwrap();
    assert_eq!(*desk.deadline("promise/call_back"), before);
}

#[test]
fn keeps_closes_a_promise_as_kept_and_from_its_due_time_on_as_kept_late() {
    for (at, verdict) in [
        ("2026-10-05 16:59", Verdict::Kept),
        ("2026-10-05 17:00", Verdict::KeptLate),
        ("2026-10-07 10:00", Verdict::KeptLate),
    ] {
        let mut desk = owing();
        desk.at(at);
        desk.take("called", &[]).unwrap();
        assert_eq!(desk.verdict("promise/call_back"), Some(verdict), "{at}");
    }
}

#[test]
fn keeping_a_promise_that_is_not_open_does_nothing() {
    let mut desk = owing();
    desk.take("called", &[]).unwrap();
    let events = desk.take("called", &[]).unwrap();
    assert!(
        matches!(events.as_slice(), [Event::ActionTaken(_)]),
        "{events:?}"
    );
}

#[test]
fn on_one_action_keeps_comes_before_makes() {
    let mut desk = owing();
    desk.at("2026-10-05 13:00");
    let events = desk.take("anew", &[]).unwrap();
    let [
        Event::ActionTaken(_),
        Event::DeadlineStopped(kept),
        Event::DeadlineStarted(made),
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    assert_eq!((kept.number, kept.verdict), (1, Verdict::Kept));
    assert_eq!(made.number, 2);
    // Half of Monday, then half of Tuesday.
    assert_eq!(made.due, Some(utc("2026-10-06 13:00")));
}

#[test]
fn past_due_a_promise_is_broken_told_of_and_still_owed() {
    let mut desk = owing();
    let events = desk.at("2026-10-05 17:00");
    assert_eq!(told(&events), [["lead"]]);
    assert!(desk.deadline("promise/call_back").is_late());
    assert_eq!(told(&desk.at("2026-10-06 11:00")), [["boss"]]);
    let refused = desk.take("solve", &[]).unwrap_err();
    assert_eq!(codes(&refused), [Code::HC033]);
    desk.take("called", &[]).unwrap();
    desk.take("solve", &[]).unwrap();
    assert_eq!(desk.place(), "solved");
}

#[test]
fn a_late_promise_with_go_to_leaves_the_step_and_is_still_owed() {
    let mut desk = desk();
    desk.take("far", &[("again", day("2026-10-06"))]).unwrap();
    desk.at("2026-10-06 14:00");
    assert_eq!(desk.place(), "late");
    let refused = desk.take("done", &[]).unwrap_err();
    assert_eq!(codes(&refused), [Code::HC033]);
}

#[test]
fn closing_as_resolved_lists_every_promise_that_is_owed_with_its_words_and_its_due_time() {
    let mut desk = desk();
    let product = ("product", Value::Text("desk".to_owned()));
    desk.take("call", &[product]).unwrap();
    for action in ["solve", "settle"] {
        let refused = desk.take(action, &[]).unwrap_err();
        assert_eq!(
            refused[0].to_string(),
            "the customer is still owed `call_back` (\"Agent calls you about desk, ..., by \
             2026-10-05 17:00. Case this case.\", due 2026-10-05T17:00:00Z), and a case closes as \
             resolved only when every promise is kept"
        );
    }
    let all = offers(&desk.workflow, desk.case());
    let solve = all.iter().find(|offer| offer.name() == "solve").unwrap();
    let call_back = PromiseName::new("call_back").unwrap();
    assert_eq!(solve.waits_for, [Wait::Promise(call_back)]);
}

#[test]
fn a_promise_that_closing_itself_makes_is_owed() {
    let mut desk = desk();
    let refused = desk.take("both", &[]).unwrap_err();
    assert_eq!(codes(&refused), [Code::HC033]);
}

#[test]
fn a_promise_that_closing_keeps_is_kept() {
    let mut desk = desk();
    desk.take("write", &[("agreed", day("2026-10-06"))])
        .unwrap();
    desk.take("solve", &[]).unwrap();
    assert_eq!(desk.verdict("promise/answer"), Some(Verdict::Kept));
    assert_eq!(desk.place(), "solved");
}

#[test]
fn withdrawn_and_referred_release_what_is_owed_and_not_resolved_breaks_it() {
    for (product, verdict) in [
        ("desk", Verdict::Broken),
        ("lamp", Verdict::Released),
        ("chair", Verdict::Released),
    ] {
        let mut desk = desk();
        let product = ("product", Value::Text(product.to_owned()));
        desk.take("call", &[product]).unwrap();
        let events = desk.take("end", &[]).unwrap();
        assert_eq!(desk.verdict("promise/call_back"), Some(verdict));
        let is_broken = verdict == Verdict::Broken;
        assert_eq!(
            told(&events).concat(),
            if is_broken { vec!["lead"] } else { vec![] }
        );
        assert!(
            desk.at("2026-12-01 09:00").is_empty(),
            "nothing of it fires any more"
        );
    }
}

#[test]
fn who_heard_of_the_breach_does_not_hear_it_again_at_closing() {
    let mut desk = desk();
    let product = ("product", Value::Text("desk".to_owned()));
    desk.take("call", &[product]).unwrap();
    desk.at("2026-10-05 18:00");
    let events = desk.take("end", &[]).unwrap();
    assert_eq!(desk.verdict("promise/call_back"), Some(Verdict::Broken));
    assert!(told(&events).is_empty());
}

#[test]
fn renegotiating_sets_a_new_due_with_consent_and_keeps_the_breach_in_the_history() {
    let mut desk = owing();
    desk.at("2026-10-05 18:00");
    let events = desk
        .renegotiate("agent", "call_back", "2026-10-07 10:00")
        .unwrap();
    let [Event::PromiseRenegotiated(new)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(new.consent, WORDS);
    let owed = desk.deadline("promise/call_back").clone();
    assert_eq!(owed.due, Some(utc("2026-10-07 10:00")));
    assert!(!owed.is_late());
    assert_eq!(owed.fired[0].rung, Rung::Late);
    let marks: Vec<_> = owed.marks.iter().map(|mark| mark.at).collect();
    assert_eq!(marks, [utc("2026-10-07 10:00"), utc("2026-10-07 12:00")]);
    assert_eq!(told(&desk.at("2026-10-07 10:00")), [["lead"]]);
}

#[test]
fn a_promise_that_was_broken_is_kept_late_also_by_the_new_time() {
    for (asked_at, verdict) in [
        ("2026-10-05 16:00", Verdict::Kept),
        ("2026-10-05 18:00", Verdict::KeptLate),
    ] {
        let mut desk = owing();
        desk.at(asked_at);
        desk.renegotiate("agent", "call_back", "2026-10-07 10:00")
            .unwrap();
        desk.at("2026-10-06 10:00");
        desk.take("called", &[]).unwrap();
        assert_eq!(
            desk.verdict("promise/call_back"),
            Some(verdict),
            "{asked_at}"
        );
    }
}

#[test]
fn renegotiating_is_for_those_of_the_step_and_for_the_customer_and_for_the_time_ahead() {
    let mut desk = owing();
    let ahead = "2026-10-07 10:00";
    let no = |said: super::desk::Said| codes(&said.unwrap_err());
    assert_eq!(
        no(desk.renegotiate("lead", "call_back", ahead)),
        [Code::HC005]
    );
    assert_eq!(
        no(desk.renegotiate("agent", "answer", ahead)),
        [Code::HC034]
    );
    assert_eq!(
        no(desk.renegotiate("agent", "no_such", ahead)),
        [Code::HC034]
    );
    for outside in ["2026-10-05 09:00", "2036-10-06 09:00"] {
        assert_eq!(
            no(desk.renegotiate("agent", "call_back", outside)),
            [Code::HC035]
        );
    }
    desk.renegotiate("customer", "call_back", ahead).unwrap();
    desk.take("end", &[]).unwrap();
    assert_eq!(
        no(desk.renegotiate("agent", "call_back", ahead)),
        [Code::HC003]
    );
}

#[test]
fn a_promise_may_be_made_again_after_it_was_kept() {
    let mut desk = owing();
    desk.take("called", &[]).unwrap();
    desk.at("2026-10-06 09:00");
    desk.take("more", &[]).unwrap();
    assert_eq!(
        desk.deadline("promise/call_back").due,
        Some(utc("2026-10-06 17:00"))
    );
}

#[test]
fn the_words_of_a_promise_show_the_local_time_and_no_personal_answer() {
    let mut desk = desk();
    desk.take("far", &[("again", day("2026-10-06"))]).unwrap();
    let named = Named {
        case: "4711",
        role: "Agent",
    };
    let told = |name: &str| {
        let name = PromiseName::new(name).unwrap();
        let due = Some(utc("2026-10-06 14:00"));
        promise::told(&desk.workflow, desk.case(), &name, due, named).unwrap()
    };
    assert_eq!(told("north"), "From the north by 2026-10-06 17:00.");
    assert_eq!(
        told("call_back"),
        "Agent calls you about ..., ..., by 2026-10-06 14:00. Case 4711."
    );
}

#[test]
fn a_contact_is_recorded_and_changes_nothing_else() {
    let mut desk = owing();
    let before = desk.deadline("promise/call_back").clone();
    let events = desk.contact("lead").unwrap();
    assert!(
        matches!(events.as_slice(), [Event::ContactRecorded(_)]),
        "{events:?}"
    );
    assert_eq!(*desk.deadline("promise/call_back"), before);
    desk.take("end", &[]).unwrap();
    desk.contact("customer").unwrap();
}
