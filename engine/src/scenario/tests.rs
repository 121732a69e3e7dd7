//! Scenarios of small workflows: what is read, what passes and what is said of what fails.

mod timely;

use super::*;
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::{Workflow, load};

const WORKFLOW: &[u8] = include_bytes!("../../../workflows/classic-heard.workflow.yaml");

fn workflow() -> Workflow {
    load(WORKFLOW).unwrap()
}

fn file(scenarios: &str) -> String {
    format!(
        "workflow: classic-heard\nclock: 2026-10-05 09:00\n\
         people: {{ana: agent, tom: team_lead, eva: team_lead}}\nscenarios:\n{scenarios}"
    )
}

fn read_all(text: &str) -> (Option<Scenarios>, Vec<Finding>) {
    read(text.as_bytes(), &workflow())
}

fn outcomes(scenarios: &str) -> Vec<Outcome> {
    let (scenarios, findings) = read_all(&file(scenarios));
    assert_eq!(findings, []);
    let scenarios = scenarios.unwrap();
    let workflow = workflow();
    let all = scenarios.scenarios.iter();
    all.map(|scenario| run(&workflow, &scenarios, scenario))
        .collect()
}

fn failure(scenario: &str) -> Failure {
    let [outcome] = <[Outcome; 1]>::try_from(outcomes(scenario)).unwrap();
    outcome.failure.expect("the scenario fails")
}

const WHOLE_WAY: &str = r#"
  - name: The whole way
    story:
      - {ana: note, text: "She calls from the road"}
      - {ana: not_understood}
      - {ana: understood, refused: [answers_missing]}
      - {ana: hear.understood, with: {story: "It rained in", wanted_outcome: "A dry room"}}
      - {ana: done, with: {feeling: angry}}
      - {ana: done, with: {apology: "We are sorry"}}
      - {wait: 1 day}
      - {ana: offer, with: {fix: "Another room"}}
      - {tom: correct, with: {feeling: worried}, reason: "She said so"}
      - {ana: called, with: {accepted: yes}}
      - {ana: done, refused: not_yours}
      - {tom: done, refused: cause_missing}
      - {eva: cause, is: process/handover, whys: ["one"], refused: too_few_whys}
      - {tom: cause, is: process/handover, refused: other_eyes_diagnose}
      - {eva: cause, is: process/handover}
      - {tom: done}
      - {until: 2026-10-20 12:00}
      - {customer: reopen, reason: "It rains in again"}
      - {tom: customer_withdraws, refused: reason_missing}
      - {tom: anywhere.customer_withdraws, reason: "She moved out"}
    then:
      at: withdrawn
      owes_cause: no
      answers: {feeling: worried, story: "It rained in", goodwill: 0 EUR, accepted: filled}
"#;

#[test]
fn a_whole_story_passes_and_what_it_walks_is_known() {
    let [outcome] = <[Outcome; 1]>::try_from(outcomes(WHOLE_WAY)).unwrap();
    assert_eq!(outcome.failure, None);
    let lines = outcome.walk.iter().filter(|stop| !stop.is_by_time);
    assert_eq!(lines.count(), 20);
    let last = outcome.walk.last().unwrap();
    assert_eq!((last.place.as_str(), last.line), ("withdrawn", 27));
    let coverage = Coverage::of(&workflow(), &outcome.walked);
    let [steps, ends, actions, rules, _, acting] = coverage.kinds.as_slice() else {
        panic!("{coverage:?}");
    };
    assert_eq!((steps.0, steps.1, steps.2), ("steps", 6, 8));
    assert_eq!((ends.1, ends.2), (2, 3));
    assert_eq!((actions.1, actions.2), (8, 11));
    assert_eq!((rules.1, rules.2), (8, 16));
    assert_eq!((acting.1, acting.2), (2, 3));
    assert_eq!(coverage.refusals.len(), 6);
    let missing: Vec<String> = rules.3.iter().map(ToString::to_string).collect();
    assert!(missing.contains(&"the `then` of `hear.not_understood`".to_owned()));
    assert!(missing.contains(&"rule 2 of `call_back.called`".to_owned()));
    let found = findings(WORKFLOW, &workflow(), &outcome.walked);
    assert_eq!(found.len(), 8);
    assert!(found.iter().all(|finding| finding.span.line > 90));
}

#[test]
fn a_wrong_way_is_told_with_the_rule_and_what_it_saw() {
    let failure = failure(
        "  - name: x\n    story:\n      - {start_at: call_back}\n      \
         - {ana: called, with: {accepted: no}}\n    then: {at: diagnose}\n",
    );
    assert_eq!(failure.span.line, 9);
    assert_eq!(
        failure.expected,
        "the case in `diagnose` (Find the cause, not the culprit)"
    );
    assert_eq!(
        failure.happened,
        ["the case is in the step `resolve` (Put it right)"]
    );
    assert_eq!(
        failure.notes,
        [
            "rule 1 of `called` asks whether `accepted` is `yes`; it saw `accepted`: no, and did \
             not fit",
            "rule 2 of `called` always fits, and was taken, to `resolve` (Put it right)",
            "begun with (made up): story: a stand-in, wanted_outcome: a stand-in, feeling: angry, \
             apology: a stand-in, fix: a stand-in, goodwill: 10 EUR",
        ]
    );
}

#[test]
fn an_unexpected_refusal_is_told_in_full_with_what_is_possible() {
    let failure =
        failure("  - name: x\n    story:\n      - {start_at: diagnose}\n      - {ana: done}\n");
    assert_eq!(failure.span.line, 8);
    assert_eq!(failure.expected, "that it is accepted");
    assert!(failure.happened[0].starts_with("refused, `not_yours`: `done` is not for the role"));
    assert!(failure.happened[1].starts_with("refused, `cause_missing`: "));
    let notes = ["as agent, ana may do: `customer_withdraws`"];
    assert_eq!(failure.notes[1..2], notes);
}

#[test]
fn a_refusal_must_come_and_be_the_expected_one() {
    let start = "  - name: x\n    story:\n      - {start_at: empathize}\n";
    let done = "done, with: {feeling: calm}, refused: used_up";
    let none = failure(&format!("{start}      - {{tom: {done}}}\n"));
    assert_eq!(none.expected, "a refusal: `used_up`");
    assert!(none.happened[0].starts_with("it was accepted; the case is in the step `apologize`"));
    let other = failure(&format!(
        "{start}      - {{tom: done, refused: not_yours}}\n"
    ));
    assert!(other.happened[0].contains("answers_missing"), "{other:?}");
}

#[test]
fn a_step_before_the_point_must_be_where_the_case_is() {
    let failure = failure(
        "  - name: x\n    story:\n      - {start_at: diagnose}\n      - {tom: take_over.done}\n",
    );
    assert_eq!(failure.expected, "the case in the step `take_over`");
}

#[test]
fn answers_and_owed_causes_are_compared() {
    for (then, expected, happened) in [
        (
            "answers: {story: \"other\"}",
            "`story`: other",
            "`story`: a stand-in",
        ),
        (
            "answers: {story: empty}",
            "`story` without an answer",
            "`story`: a stand-in",
        ),
        (
            "answers: {feeling: calm}",
            "`feeling`: calm",
            "`feeling`: no answer",
        ),
        (
            "answers: {feeling: filled}",
            "`feeling` with an answer",
            "`feeling`: no answer",
        ),
        (
            "given: {goodwill: 50 EUR}",
            "`goodwill` given: 50 EUR",
            "given: nothing",
        ),
        (
            "given: none, owes_cause: yes",
            "the case owes a root cause",
            "the case does not owe a root cause",
        ),
        (
            "given: {goodwill: none}, answers: {feeling: filled}",
            "`feeling` with an answer",
            "`feeling`: no answer",
        ),
        (
            "owes_cause: yes",
            "the case owes a root cause",
            "the case does not owe a root cause",
        ),
    ] {
        let failure = failure(&format!(
            "  - name: x\n    story: [{{start_at: empathize}}]\n    then: {{{then}}}\n"
        ));
        assert_eq!(
            (failure.expected.as_str(), failure.happened[0].as_str()),
            (expected, happened)
        );
    }
}

const FAULTY: &str = r"workflow: clasic-heard
clok: 2026-10-05 09:00
people: {ana: agnt, wait: agent, customer: agent, tom: team_lead}
scenarios:
  - name: One
    story:
      - {start_at: resolv, with: {godwill: 4 EUR, goodwill: 3000 EUR, accepted: maybe}}
      - {tom: offr}
      - {tom: hear.offer}
      - {tom: offer, refused: not_your}
      - {tom: offer, ans: agent}
      - {tim: offer}
      - {tom: offer, tom: refuse}
      - {with: {goodwill: 3 EUR}}
      - {wait: 2 working days}
      - {until: 2026-01-01 09:00}
      - {until: 2026-13-01 09:00}
      - {open: }
      - {tom: renegotiate, is: call_bak_by}
      - {customer: survey, is: after_contact, with: {satisfaction: 9, hard: 1}}
      - {tom: correct}
      - {tom: reopen}
      - {tom: cause, is: handover}
    then: {at: reslve, told: [tom], late: [call_back_by], due: {hear: 9}, kept: }
  - name: One
    story: []
";

/// The line and the code of every fault above.
const FAULTS: &[(u32, &str)] = &[
    (1, "H101"),
    (2, "H002"),
    (3, "H101"),
    (3, "H008"),
    (3, "H008"),
    (7, "H101"),
    (7, "H101"),
    (7, "H303"),
    (7, "H011"),
    (8, "H101"),
    (9, "H101"),
    (10, "H002"),
    (11, "H002"),
    (12, "H101"),
    (13, "H015"),
    (14, "H005"),
    (16, "H907"),
    (17, "H011"),
    (18, "H907"),
    (19, "H101"),
    (19, "H005"),
    (19, "H005"),
    (20, "H011"),
    (20, "H101"),
    (21, "H005"),
    (21, "H005"),
    (22, "H005"),
    (23, "H011"),
    (24, "H101"),
    (24, "H101"),
    (24, "H101"),
    (24, "H011"),
    (24, "H004"),
    (25, "H003"),
    (26, "H004"),
];

#[test]
fn all_faults_of_a_file_are_found_at_once_with_the_nearest_word() {
    let (_, findings) = read_all(FAULTY);
    let found: Vec<(u32, &str)> = findings
        .iter()
        .map(|finding| (finding.span.line, finding.code.as_str()))
        .collect();
    let mut missing: Vec<_> = FAULTS.to_vec();
    missing.retain(|one| !found.contains(one));
    assert_eq!((found.len(), missing), (FAULTS.len(), vec![]), "{found:#?}");
    let mends: Vec<&str> = findings
        .iter()
        .filter_map(|finding| Some(finding.mend.as_ref()?.replacement.as_ref()?.1.as_str()))
        .collect();
    for mend in [
        "classic-heard",
        "clock",
        "agent",
        "resolve",
        "goodwill",
        "offer",
        "not_yours",
        "tom",
    ] {
        assert!(mends.contains(&mend), "{mend}: {mends:?}");
    }
}

#[test]
fn any_bytes_are_read_without_panic() {
    for bytes in [
        &b""[..],
        b"[]",
        b"a: &x",
        b"\0",
        b"scenarios: {a: b}",
        b"- open",
        b"\xff",
    ] {
        let (_, findings) = read(bytes, &workflow());
        assert!(!findings.is_empty(), "{bytes:?}");
    }
}

#[test]
fn a_scenario_is_written_for_every_rule_and_passes() {
    let workflow = workflow();
    let generated = generate(&workflow, None, &Walked::default());
    let (file, findings) = read_all(&generated.text);
    assert_eq!(findings, []);
    let file = file.unwrap();
    assert_eq!(file.scenarios.len(), generated.count);
    let mut walked = Walked::default();
    for scenario in &file.scenarios {
        let outcome = run(&workflow, &file, scenario);
        assert_eq!(outcome.failure, None, "{}", scenario.name);
        walked.add(&outcome.walked);
    }
    assert_eq!(generated.unwritten, []);
    for part in parts(&workflow) {
        assert!(
            !part.deserves_a_story() || walked.parts.contains(&part),
            "{part}"
        );
    }
    let again = generate(&workflow, Some(&file), &walked);
    assert_eq!((again.text.as_str(), again.count), ("", 0));
}

#[test]
fn an_attempt_tells_which_way_each_action_goes_and_why() {
    let workflow = workflow();
    let field = |name: &str, text: &str| {
        let (_, field) = workflow.field(name).unwrap();
        (
            crate::id::FieldName::new(name).unwrap(),
            value(field, text).unwrap(),
        )
    };
    let at = |step: &str, answers| Attempt {
        step: crate::id::StepName::new(step).unwrap(),
        answers,
        wait: None,
        role: None,
        action: None,
    };
    let attempt = |at: &Attempt| attempt(&workflow, at).unwrap().tried;
    let tried = attempt(&at("call_back", vec![field("accepted", "no")]));
    let [called, withdraws] = tried.as_slice() else {
        panic!("{tried:?}");
    };
    assert_eq!((called.roles.len(), withdraws.is_anywhere), (2, true));
    let Verdict::Goes {
        trace, place, asks, ..
    } = &called.verdict
    else {
        panic!("{called:?}");
    };
    assert_eq!((place.as_str(), trace.rules.len()), ("resolve", 2));
    assert_eq!(asks.len(), 1, "goodwill has a default: {asks:?}");
    let tried = attempt(&at("call_back", Vec::new()));
    assert!(matches!(&tried[0].verdict, Verdict::Refused(reasons) if reasons.len() == 1));
    let tried = attempt(&at("diagnose", Vec::new()));
    assert!(matches!(&tried[0].verdict, Verdict::Goes { place, .. } if place == "resolved"));
}

#[test]
fn what_is_given_does_not_pass_as_nothing() {
    let story = "  - name: x\n    story:\n      - {start_at: resolve}\n      - {ana: offer, with: \
                 {fix: \"Tea\", goodwill: 20 EUR}}\n    then: ";
    let none = failure(&format!("{story}{{given: none}}\n"));
    assert_eq!(none.expected, "nothing given");
    assert_eq!(none.happened, ["`goodwill` given: 20 EUR"]);
    let zero = failure(&format!("{story}{{given: {{goodwill: none}}}}\n"));
    assert_eq!(zero.happened, ["given: 20 EUR"]);
    for empty in ["given: {}", "given: ", "answers: {}", "given: {goodwill: }"] {
        let (_, findings) = read_all(&file(&format!("{story}{{{empty}}}\n")));
        let codes: Vec<Code> = findings.iter().map(|finding| finding.code).collect();
        assert_eq!(codes, [Code::H004], "{empty}: {findings:?}");
    }
}

#[test]
fn what_was_made_up_and_where_each_line_led_is_told() {
    let [outcome] = <[Outcome; 1]>::try_from(outcomes(
        "  - name: x\n    story:\n      - {start_at: empathize, with: {story: Rain}}\n      \
         - {ana: done, with: {feeling: calm}}\n      \
         - {ana: customer_withdraws}\n",
    ))
    .unwrap();
    let walked: Vec<&str> = outcome.walk.iter().map(|stop| stop.what.as_str()).collect();
    assert_eq!(walked, ["start_at: empathize", "ana: empathize.done"]);
    let notes = outcome.failure.expect("it wants a reason").notes;
    let line = "`{ana: customer_withdraws, reason: \"...\"}`";
    assert!(notes.contains(&format!("write the reason in the line: {line}")));
    let made_up = "begun with (made up): wanted_outcome: a stand-in";
    assert_eq!(notes.last().map(String::as_str), Some(made_up));
}

#[test]
fn who_is_not_among_the_people_is_told_as_such_and_a_wrong_role_once() {
    let (_, findings) = read_all(
        "workflow: classic-heard\npeople: {ana: agent, tom: teem_lead}\nscenarios:\n  - name: x\n\
         \x20   story:\n      - {tom: note}\n      - {tom: note}\n      - {bob: note}\n\
         \x20     - {anna: note}\n",
    );
    let said: Vec<(u32, Code, &str)> = findings
        .iter()
        .map(|finding| (finding.span.line, finding.code, finding.message.as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (2, Code::H101, "the workflow has no role `teem_lead`"),
            (8, Code::H101, "nobody is called `bob` under `people`"),
            (9, Code::H101, "nobody is called `anna` under `people`"),
        ]
    );
}

/// A workflow with a table, `owed`.
const TELECOM: &[u8] = include_bytes!("../../../workflows/telecom-complaint.workflow.yaml");

#[test]
fn a_row_of_a_table_is_walked_when_a_value_came_from_it() {
    let workflow = load(TELECOM).unwrap();
    let text = "workflow: telecom-complaint\nscenarios:\n  - name: x\n    story:\n      \
                - {start_at: acknowledge, with: {trouble: no_service, days_without: 14}}\n      \
                - {wait: 1 day}\n";
    let (file, findings) = read(text.as_bytes(), &workflow);
    assert_eq!(findings, []);
    let file = file.unwrap();
    let outcome = run(&workflow, &file, &file.scenarios[0]);
    assert_eq!(outcome.failure, None);
    let coverage = Coverage::of(&workflow, &outcome.walked);
    let rows = coverage
        .kinds
        .iter()
        .find(|(kind, ..)| *kind == "table rows");
    let (_, walked, all, missing) = rows.unwrap();
    assert_eq!((*walked, *all), (1, 5));
    let second = missing[0].to_string();
    assert_eq!(second, "row 2 of the table that gives `owed`");
    let found = super::findings(TELECOM, &workflow, &outcome.walked);
    let second = found
        .iter()
        .find(|finding| finding.message.contains(&second));
    assert_eq!(second.map(|finding| finding.span.line), Some(59));
}

#[test]
fn what_comes_from_a_table_is_not_set() {
    let workflow = load(TELECOM).unwrap();
    let text = "workflow: telecom-complaint\nscenarios:\n  - name: x\n    story:\n      \
                - {start_at: acknowledge, with: {owed: 30 GBP}}\n";
    let (_, findings) = read(text.as_bytes(), &workflow);
    assert_eq!(findings[0].message, "`owed` comes from its table");
    let mend = &findings[0].mend.as_ref().unwrap().text;
    assert_eq!(mend, "set what the table reads: `trouble`, `days_without`");
    let (_, owed) = workflow.field("owed").unwrap();
    let answers = vec![(
        crate::id::FieldName::new("owed").unwrap(),
        value(owed, "30 GBP").unwrap(),
    )];
    let at = crate::id::StepName::new("acknowledge").unwrap();
    let why = attempt(
        &workflow,
        &Attempt {
            step: at,
            answers,
            wait: None,
            role: None,
            action: None,
        },
    );
    assert!(why.unwrap_err()[0].starts_with("`owed` comes from its table; set"));
}
