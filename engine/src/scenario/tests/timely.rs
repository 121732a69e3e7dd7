//! Time in stories: what is due happens at its own instant, and is told.

use super::*;

/// Stories begin on Monday, 2026-10-05, at 09:00; it is open until 20:00, and from 08:00.
fn passes(scenario: &str) {
    let [outcome] = <[Outcome; 1]>::try_from(outcomes(scenario)).unwrap();
    assert_eq!(outcome.failure, None, "{scenario}\n{:#?}", outcome.walk);
}

fn story(lines: &[&str], then: &str) -> String {
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("      - {line}\n"))
        .collect();
    format!(
        "  - name: x\n    story:\n{}    then: {{{then}}}\n",
        lines.concat()
    )
}

const UNDERSTOOD: &str =
    r#"{ana: understood, with: {story: "It rained in", wanted_outcome: "A dry room"}}"#;
const OFFER: &str = r#"{ana: offer, with: {fix: "Another room"}}"#;
const CLOSED: [&str; 3] = [
    "{start_at: diagnose}",
    "{tom: cause, is: process/handover}",
    "{tom: done}",
];

#[test]
fn what_is_due_happens_at_its_own_minute_and_is_told() {
    let [outcome] = <[Outcome; 1]>::try_from(outcomes(&story(
        &["open", "{wait: 2 hours}", UNDERSTOOD],
        "at: empathize, late: [hear, first_reply], told: [team_lead]",
    )))
    .unwrap();
    assert_eq!(outcome.failure, None);
    let walk: Vec<(&str, &str, bool)> = outcome
        .walk
        .iter()
        .map(|stop| (stop.at.as_str(), stop.what.as_str(), stop.is_by_time))
        .collect();
    assert_eq!(
        walk,
        [
            ("2026-10-05 09:00", "open", false),
            ("2026-10-05 09:00", "wait: 2 hours", false),
            (
                "2026-10-05 09:15",
                "the step `hear` was late; told: team_lead",
                true
            ),
            (
                "2026-10-05 10:00",
                "the clock `first_reply` was late; told: team_lead",
                true
            ),
            ("2026-10-05 11:00", "ana: hear.understood", false),
        ]
    );
}

#[test]
fn who_acts_at_the_very_minute_is_late_and_a_minute_before_is_not() {
    passes(&story(
        &["open", "{wait: 15 minutes}", UNDERSTOOD],
        "late: [hear]",
    ));
    passes(&story(
        &["open", "{until: 2026-10-05 09:14}", UNDERSTOOD],
        "late: none, told: none",
    ));
}

#[test]
fn working_time_stands_still_overnight() {
    passes(&story(
        &[
            "open",
            "{until: 2026-10-05 19:50}",
            "{ana: not_understood}",
            "{until: 2026-10-06 08:04}",
        ],
        "late: [hear, first_reply], due: {hear: 2026-10-06 08:05, resolution: 2026-10-08 09:00}",
    ));
    let after = ["open", "{wait: 2 working days}", "{ana: note}"];
    passes(&story(
        &after,
        "late: [hear, first_reply], due: {hear: 2026-10-05 09:15}",
    ));
}

#[test]
fn a_promise_is_kept_late_renegotiated_or_broken() {
    let made = ["{start_at: resolve}", OFFER];
    let after = |lines: &[&'static str]| [&made[..], lines].concat();
    passes(&story(
        &after(&["{ana: called, with: {accepted: yes}}"]),
        "kept: [call_back_by], broken: none, owed: none",
    ));
    passes(&story(
        &after(&["{wait: 2 working days}"]),
        "broken: [call_back_by], owed: [call_back_by], kept: none, told: [team_lead]",
    ));
    passes(&story(
        &after(&[
            "{wait: 2 working days}",
            "{ana: called, with: {accepted: yes}}",
        ]),
        "broken: [call_back_by], kept: [call_back_by], owed: none",
    ));
    passes(&story(
        &after(&[
            "{ana: renegotiate, is: call_back_by, due: 2026-10-08 17:00, consent: \"She agreed\"}",
            "{wait: 2 working days}",
        ]),
        "broken: none, owed: [call_back_by], due: {call_back_by: 2026-10-08 17:00}",
    ));
}

#[test]
fn what_comes_after_closing_comes_at_its_time() {
    let after = |lines: &[&'static str]| [&CLOSED[..], lines].concat();
    passes(&story(
        &after(&["{wait: 1 day}"]),
        "at: resolved, sent: [after_contact], to_do: none",
    ));
    passes(&story(
        &after(&["{wait: 31 days}"]),
        "sent: [after_contact], to_do: [check_in]",
    ));
    passes(&story(
        &after(&["{wait: 31 days}", "{ana: follow_up, is: check_in}"]),
        "to_do: none",
    ));
    passes(&story(
        &after(&[
            "{wait: 2 days}",
            "{customer: survey, is: after_contact, with: {satisfaction: 2, effort: 1, heard: 1}}",
        ]),
        "at: hear",
    ));
}

#[test]
fn what_failed_about_time_is_told_in_plain_words() {
    let wait = ["{start_at: resolve}", OFFER, "{wait: 2 hours}"];
    for (then, expected, happened) in [
        (
            "broken: [call_back_by]",
            "promises broken: `call_back_by`",
            &[
                "promises broken: none",
                "the promise `call_back_by` is owed, due 2026-10-06 09:00",
            ][..],
        ),
        (
            "late: [resolution]",
            "late: `resolution`",
            &[
                "late: none",
                "the clock `resolution` is due 2026-10-08 09:00",
            ],
        ),
        (
            "due: {call_back: 2026-10-07 09:00}",
            "the step `call_back` due 2026-10-07 09:00",
            &["the step `call_back` is due 2026-10-06 09:00"],
        ),
        (
            "due: {hear: 2026-10-07 09:00}",
            "the step `hear` due 2026-10-07 09:00",
            &["the case was never in the step `hear`"],
        ),
        (
            "kept: [call_back_by]",
            "promises kept: `call_back_by`",
            &[
                "promises kept: none",
                "the promise `call_back_by` is owed, due 2026-10-06 09:00",
            ],
        ),
        (
            "sent: [after_contact]",
            "surveys sent: `after_contact`",
            &[
                "surveys sent: none",
                "the survey `after_contact` never came up",
            ],
        ),
    ] {
        let failure = failure(&story(&wait, then));
        assert_eq!(failure.expected, expected);
        assert_eq!(failure.happened, happened, "{then}");
    }
    let failure = failure(&story(&["open", "{wait: 2 hours}"], "told: none"));
    assert_eq!(failure.expected, "told: nobody");
    let told = "2026-10-05 10:00 told: team_lead, since the clock `first_reply` was late";
    assert!(
        failure.happened.iter().any(|line| line == told),
        "{failure:?}"
    );
}

#[test]
fn an_attempt_lets_time_pass_and_tells_what_is_due() {
    let workflow = workflow();
    let at = Attempt {
        step: crate::id::StepName::new("hear").unwrap(),
        answers: Vec::new(),
        wait: crate::workflow::length::Length::parse("2 hours").ok(),
        role: None,
        action: None,
    };
    let came = attempt(&workflow, &at).unwrap();
    assert_eq!(
        (came.at.as_str(), came.place.as_str()),
        ("2026-01-05 14:00", "hear")
    );
    let passed: Vec<(&str, &str)> = came
        .passed
        .iter()
        .map(|(at, what)| (at.as_str(), what.as_str()))
        .collect();
    assert_eq!(
        passed,
        [
            (
                "2026-01-05 12:15",
                "the step `hear` was late; told: team_lead"
            ),
            (
                "2026-01-05 13:00",
                "the clock `first_reply` was late; told: team_lead"
            ),
        ]
    );
    assert_eq!(
        came.deadlines,
        [
            "the step `hear` is late since 2026-01-05 12:15",
            "the clock `first_reply` is late since 2026-01-05 13:00",
            "the clock `resolution` is due 2026-01-08 12:00",
        ]
    );
}
