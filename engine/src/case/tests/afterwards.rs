//! Surveys and follow-ups, from closing to reopening.

use super::desk::{Desk, WORDS, codes, customer, told, utc};
use crate::case::deadline::Verdict;
use crate::case::event::Event;
use crate::case::facts::{self, Surveyed};
use crate::case::offer::{OfferKind, offers};
use crate::code::Code;
use crate::id::SurveyName;

pub(super) const YAML: &str = r#"
heard: 1
workflow: after
version: 1
title: After
model: custom
calendars:
  default: {time_zone: UTC, hours: {mon-fri: ["09:00-17:00"]}}
roles: {agent: {title: Agent}, lead: {title: Lead}, desk: {title: Help desk, system: true}}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    actions: {solve: solved, refuse: refused}
follow_ups:
  check_in: {after: 30 days, of: [solved], task: "Ask how it goes", who: [lead, agent]}
surveys:
  happy:
    after: 1 day
    of: [solved, refused]
    at_most: 1 per customer in 30 days
    closes_after: 14 days
    questions:
      satisfaction: {ask: "How satisfied are you?", scale: 1-5}
      effort:       {ask: "How easy was it?", scale: 1-7}
    reopen_when: {satisfaction: {at_most: 2}}
  open_end:
    after: 2 working days
    of: [solved]
    questions: {felt_heard: {ask: "Did you feel heard?", scale: 0-10}}
outcomes:
  solved:  {title: Solved, counts_as: resolved, reopen: {to: hear, within: 10 days}}
  refused: {title: Refused, counts_as: not_resolved}
"#;

/// A case closed at 09:00 on a Monday, whose customer is not known.
fn closed(action: &str) -> Desk {
    let mut desk = Desk::opened(YAML, None);
    desk.take(action, &[]).unwrap();
    desk
}

/// The same, a minute after the survey was sent.
fn sent() -> Desk {
    let mut desk = closed("solve");
    desk.at("2026-10-06 09:01");
    desk
}

fn no(said: super::desk::Said) -> Vec<Code> {
    codes(&said.unwrap_err())
}

const GOOD: &[(&str, u32)] = &[("satisfaction", 5)];
const BAD: &[(&str, u32)] = &[("effort", 7), ("satisfaction", 2)];

#[test]
fn surveys_and_follow_ups_of_the_outcome_are_scheduled_on_closing() {
    let desk = closed("solve");
    for (name, due) in [
        ("survey/happy", "2026-10-06 09:00"),
        ("survey/open_end", "2026-10-06 17:00"),
        ("follow_up/check_in", "2026-11-04 09:00"),
    ] {
        assert_eq!(desk.deadline(name).due, Some(utc(due)), "{name}");
    }
    let refused = closed("refuse");
    let names = refused.case().deadlines().map(|(name, _)| name.to_string());
    assert_eq!(names.collect::<Vec<_>>(), ["survey/happy"]);
}

#[test]
fn a_survey_is_sent_at_its_mark_and_closes_after_its_time() {
    let mut desk = closed("solve");
    let events = desk.at("2026-10-06 09:00");
    let [Event::DeadlineFired(_), Event::SurveySent(sent)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(sent.closes_at, Some(utc("2026-10-20 09:00")));
    desk.at("2026-10-20 08:59");
    assert!(desk.clone().survey("customer", "happy", GOOD).is_ok());
    desk.at("2026-10-20 09:00");
    assert_eq!(desk.verdict("survey/happy"), Some(Verdict::Done));
    assert_eq!(no(desk.survey("customer", "happy", GOOD)), [Code::HC036]);
}

#[test]
fn a_survey_without_an_end_takes_answers_for_good() {
    let mut desk = closed("solve");
    desk.at("2031-01-01 09:00");
    desk.survey("desk", "open_end", &[("felt_heard", 0)])
        .unwrap();
    assert_eq!(desk.verdict("survey/open_end"), Some(Verdict::Done));
}

#[test]
fn answers_are_taken_once_and_only_of_a_survey_that_was_sent() {
    let mut desk = closed("solve");
    assert_eq!(no(desk.survey("customer", "happy", GOOD)), [Code::HC036]);
    assert_eq!(no(desk.survey("customer", "no_such", GOOD)), [Code::HC036]);
    desk.at("2026-10-07 09:00");
    let events = desk.survey("customer", "happy", GOOD).unwrap();
    let [Event::SurveyAnswered(answered)] = events.as_slice() else {
        panic!("{events:?}");
    };
    assert_eq!(answered.comment, Some(WORDS));
    assert_eq!(no(desk.survey("customer", "happy", GOOD)), [Code::HC036]);
}

#[test]
fn answers_come_from_the_customer_or_an_integration_and_lie_on_the_scale_of_known_questions() {
    let mut desk = sent();
    assert_eq!(no(desk.survey("agent", "happy", GOOD)), [Code::HC005]);
    let wrong = [
        ("satisfaction", 0),
        ("effort", 8),
        ("felt_heard", 3),
        ("satisfaction", 3),
    ];
    let codes = no(desk.survey("desk", "happy", &wrong));
    assert_eq!(codes, [Code::HC038, Code::HC038, Code::HC037]);
    desk.survey("desk", "happy", GOOD).unwrap();
}

#[test]
fn a_bad_answer_opens_the_case_again_in_the_same_entry() {
    let mut desk = sent();
    let events = desk.survey("customer", "happy", BAD).unwrap();
    let [
        Event::SurveyAnswered(_),
        Event::CaseReopened(reopened),
        Event::StepEntered(_),
        ..,
    ] = events.as_slice()
    else {
        panic!("{events:?}");
    };
    let by = reopened.by_survey.as_ref().map(SurveyName::as_str);
    assert_eq!((by, reopened.reason), (Some("happy"), None));
    assert_eq!((desk.place(), desk.case().opening()), ("hear", 2));
}

#[test]
fn a_bad_answer_only_stands_there_where_the_case_cannot_be_reopened_any_more() {
    let mut late = sent();
    late.at("2026-10-15 09:00");
    late.survey("customer", "happy", BAD).unwrap();
    assert_eq!(late.place(), "solved");
    let mut refused = closed("refuse");
    refused.at("2026-10-06 09:00");
    refused.survey("customer", "happy", BAD).unwrap();
    assert_eq!(refused.place(), "refused");
}

#[test]
fn a_question_that_is_not_answered_reopens_nothing() {
    let mut desk = sent();
    desk.survey("customer", "happy", &[("effort", 1)]).unwrap();
    assert_eq!(desk.place(), "solved");
}

#[test]
fn reopening_calls_off_what_is_pending_and_closing_again_schedules_it_anew() {
    let mut desk = sent();
    let events = desk.survey("customer", "happy", BAD).unwrap();
    let off = events.iter().filter_map(|event| {
        let Event::DeadlineStopped(stopped) = event else {
            return None;
        };
        Some((stopped.deadline.name(), stopped.verdict))
    });
    let off: Vec<_> = off.collect();
    assert_eq!(
        off,
        [
            ("open_end", Verdict::Cancelled),
            ("check_in", Verdict::Cancelled)
        ]
    );
    assert_eq!(desk.verdict("survey/happy"), Some(Verdict::Done));
    assert!(desk.at("2026-12-01 09:00").is_empty());
    desk.take("solve", &[]).unwrap();
    assert_eq!(
        desk.deadline("survey/happy").due,
        Some(utc("2026-12-02 09:00"))
    );
    assert_eq!(
        desk.deadline("follow_up/check_in").due,
        Some(utc("2026-12-31 09:00"))
    );
}

#[test]
fn a_follow_up_opens_at_its_mark_and_stays_until_it_is_done() {
    let mut desk = closed("solve");
    let early = desk.follow_up("agent", "check_in").unwrap_err();
    assert_eq!(codes(&early), [Code::HC039]);
    assert!(early[0].to_string().contains("before 2026-11-04T09:00:00Z"));
    let events = desk.at("2026-11-04 09:00");
    assert_eq!(told(&events), [["agent", "lead"]]);
    desk.at("2027-02-01 09:00");
    let kinds = offers(&desk.workflow, desk.case()).into_iter();
    let titles = kinds.filter_map(|offer| {
        let is_follow_up = matches!(offer.kind, OfferKind::FollowUp(_));
        is_follow_up.then_some(offer.title)
    });
    assert_eq!(titles.collect::<Vec<_>>(), ["Ask how it goes"]);
    assert_eq!(no(desk.follow_up("desk", "check_in")), [Code::HC005]);
    desk.follow_up("lead", "check_in").unwrap();
    assert_eq!(desk.place(), "solved");
    assert_eq!(desk.verdict("follow_up/check_in"), Some(Verdict::Done));
    assert_eq!(no(desk.follow_up("lead", "check_in")), [Code::HC039]);
    assert_eq!(no(desk.follow_up("lead", "no_such")), [Code::HC039]);
}

#[test]
fn a_customer_gets_no_more_surveys_than_the_workflow_allows() {
    for (times, is_sent) in [
        (Some(0), true),
        (Some(1), false),
        (Some(7), false),
        (None, false),
    ] {
        let mut desk = Desk::opened(YAML, Some(customer()));
        desk.take("solve", &[]).unwrap();
        let ask = facts::asked_by_firing(&desk.workflow, desk.case()).unwrap();
        assert_eq!(ask.customer, customer());
        // What was sent just 30 days before is 30 days ago and counts no more.
        assert_eq!(ask.since.micros(), utc("2026-09-06 09:00").micros() + 1);
        desk.facts.surveyed = times.map(|times| ask.answered(times)).into_iter().collect();
        let events = desk.at("2026-10-06 09:00");
        let sent = events
            .iter()
            .any(|event| matches!(event, Event::SurveySent(_)));
        assert_eq!(sent, is_sent, "{times:?}");
        let skipped = events
            .iter()
            .any(|event| matches!(event, Event::SurveySkipped(_)));
        assert_eq!(skipped, !is_sent, "{times:?}");
        let answered = desk.survey("customer", "happy", GOOD);
        assert_eq!(answered.is_ok(), is_sent);
    }
}

#[test]
fn the_count_of_another_customer_or_survey_is_not_that_of_this_one() {
    let mut desk = Desk::opened(YAML, Some(customer()));
    desk.take("solve", &[]).unwrap();
    let ask = facts::asked_by_firing(&desk.workflow, desk.case()).unwrap();
    let other = Surveyed {
        survey: SurveyName::new("open_end").unwrap(),
        ..ask.answered(0)
    };
    desk.facts.surveyed = vec![other];
    let events = desk.at("2026-10-06 09:00");
    assert!(
        matches!(events.last(), Some(Event::SurveySkipped(_))),
        "{events:?}"
    );
}

#[test]
fn a_case_whose_customer_nobody_knows_counts_what_it_sent_itself() {
    let desk = sent();
    assert_eq!(facts::asked_by_firing(&desk.workflow, desk.case()), None);
    for (closed, is_sent) in [("2026-10-07 09:00", false), ("2026-11-05 09:00", true)] {
        let mut desk = desk.clone();
        desk.survey("customer", "happy", BAD).unwrap();
        desk.at(closed);
        desk.take("solve", &[]).unwrap();
        desk.now = crate::time::Timestamp::from_micros(desk.now.micros() + 86_400_000_000).unwrap();
        let events = desk.fire();
        let sent = events
            .iter()
            .any(|event| matches!(event, Event::SurveySent(_)));
        assert_eq!(sent, is_sent, "{closed}: {events:?}");
    }
}

#[test]
fn only_a_survey_that_is_limited_asks_how_often_it_was_sent() {
    let mut desk = Desk::opened(YAML, Some(customer()));
    assert_eq!(facts::asked_by_firing(&desk.workflow, desk.case()), None);
    desk.take("solve", &[]).unwrap();
    desk.at("2026-10-06 09:00");
    assert_eq!(
        facts::asked_by_firing(&desk.workflow, desk.case()),
        None,
        "open_end is next"
    );
    let events = desk.at("2026-10-06 17:00");
    assert_eq!(facts::survey_rows(desk.now, &events).len(), 1);
}
