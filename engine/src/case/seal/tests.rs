//! What is sealed, what it is sealed with, and what is turned away before.

mod acts;

use super::check::{ANSWERS_MAX, EVIDENCE_ALL_MAX, EVIDENCE_MAX, TEAM_CHARS_MAX, WHYS_MAX};
use super::*;
use crate::blame::Names;
use crate::case::CauseRef;
use crate::case::command::{Advance, Correct, Import, Note, Open, Origin, RecordCause, Way};
use crate::case::diagnosis::{Evidence, Why};
use crate::id::{ActionName, CauseGroup, CauseName, PrincipalId, StepName, WorkflowId};
use crate::money::{INTEGER_MAX, Money};
use crate::time::{Date, Timestamp};
use crate::value::{Document, LIST_ITEMS_MAX, LONG_TEXT_BYTES_MAX, TEXT_CHARS_MAX};
use crate::workflow;

const YAML: &str = r#"
heard: 1
workflow: seals
version: 1
title: Seals
model: custom
roles: {agent: {title: Agent}}
fields:
  story:   {ask: Story, type: long_text, personal: true}
  words:   {ask: Words, type: text}
  name:    {ask: Name, type: text, personal: true}
  serial:  {ask: Serial, type: text, pattern: "[A-Z]{2}[0-9]{3}"}
  lit:     {ask: Lit, type: yes_no}
  kind:    {ask: Kind, type: choice, of: [desk, floor]}
  parts:   {ask: Parts, type: number, min: 2, max: 9}
  many:    {ask: Many, type: number}
  price:   {ask: Price, type: money, currency: EUR, max: 900 EUR, limit: none}
  refund:  {ask: Refund, type: money, currency: EUR, max: price, limit: none}
  bought:  {ask: Bought, type: date}
  extras:  {ask: Extras, type: list}
  receipt: {ask: Receipt, type: document}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    asks: [story, words, name, serial, lit, kind, parts, many, price, refund, bought]
    next: closed_well
  look: {phase: hear, who: [agent], asks: [extras, receipt], next: closed_well}
outcomes:
  closed_well: {title: Done, counts_as: resolved}
"#;

fn workflow() -> Workflow {
    workflow::load(YAML.as_bytes()).unwrap()
}

fn actor() -> Actor {
    Actor {
        person: PersonId::new(uuid::Uuid::from_u128(7)),
        principal: PrincipalId::new(uuid::Uuid::from_u128(0xa11ce)),
        role: RoleName::new("agent").unwrap(),
        via: None,
    }
}

/// Salts of one byte over and over: 1, 2, 3 ...
fn salts() -> impl FnMut() -> [u8; 32] {
    let mut count = 0;
    move || {
        count += 1;
        [count; 32]
    }
}

fn sealed(act: &PlainAct) -> Sealed {
    seal(&workflow(), &actor(), act, &Names::default(), salts()).unwrap()
}

fn faults(act: &PlainAct) -> Vec<(Code, String, String)> {
    let bad = seal(&workflow(), &actor(), act, &Names::default(), salts()).unwrap_err();
    let parts = |fault: Violation| (fault.code, fault.field, fault.text);
    bad.violations.into_iter().map(parts).collect()
}

fn note(text: &str) -> PlainAct {
    Act::Note(Note {
        note: text.to_owned(),
    })
}

fn done(answers: &[(&str, Value)], reason: Option<&str>) -> PlainAct {
    let answer = |(field, value): &(&str, Value)| (FieldName::new(field).unwrap(), value.clone());
    Act::Advance(Advance {
        answers: answers.iter().map(answer).collect(),
        reason: reason.map(str::to_owned),
        way: Way::Action(ActionName::new("done").unwrap()),
    })
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn money(text: &str) -> Value {
    Value::Money(Money::parse(text).unwrap())
}

fn cause(whys: usize, evidence: usize) -> PlainAct {
    let log = Evidence {
        reference: "log".to_owned(),
        sha256: None,
    };
    let why = Why {
        evidence: vec![log; evidence],
        statement: "Because".to_owned(),
    };
    let cause = CauseRef {
        group: CauseGroup::new("making").unwrap(),
        name: CauseName::new("glue").unwrap(),
    };
    let statement = "Weak glue".to_owned();
    Act::RecordCause(RecordCause::proposed(cause, statement, vec![why; whys]))
}

fn opened(team: Option<&str>, reference: Option<&str>) -> PlainAct {
    Act::Open(Open {
        origin: Origin::default(),
        customer: None,
        received_at: None,
        reference: reference.map(str::to_owned),
        team: team.map(str::to_owned),
        version: None,
        workflow: WorkflowId::new("seals").unwrap(),
    })
}

#[test]
fn commitments_are_what_another_program_computes() {
    // Computed with hashlib of Python over the bytes that the module's head names.
    let mut salt = [0_u8; 32];
    salt.iter_mut()
        .zip(0..)
        .for_each(|(byte, place)| *byte = place);
    let value = text("Grüße,\n\"Ana\"").to_json();
    assert_eq!(value, "{\"text\":\"Grüße,\\n\\\"Ana\\\"\"}".as_bytes());
    assert_eq!(
        commitment("answer/story", &salt, &value).0.to_string(),
        "cb21bd95fb92cfe43557952e2a6c1e641ca52e39065c238cfdcd85267fb8eb2b"
    );
    assert_eq!(
        commitment("note", &salt, &text("x").to_json())
            .0
            .to_string(),
        "90ebd1f55354a97a441ddfc22d91a50c777bdd1956371bd34ae14c861865b0b2"
    );
}

#[test]
fn body_hash_is_what_another_program_computes() {
    // SHA-256 of {"act":{"note":{"note":"note"}},"person":"00000000-...-07","role":"agent"}
    assert_eq!(
        sealed(&note("whatever")).body.to_string(),
        "332981ead72c9e42fb629627311c7359e5cdac3b642a0d90c196f301c2883890"
    );
}

#[test]
fn what_is_personal_or_long_is_sealed_and_nothing_else() {
    let answers = [
        ("story", text("It fell")),
        ("words", text("open")),
        ("name", text("Ana")),
        ("price", money("5 EUR")),
    ];
    let Sealed { act, openings, .. } = sealed(&done(&answers, Some("why")));
    let Act::Advance(advance) = act else {
        panic!("{act:?}")
    };
    let is_sealed: Vec<bool> = advance
        .answers
        .iter()
        .map(|(_, held)| matches!(held, Held::Sealed(_)))
        .collect();
    assert_eq!(is_sealed, [true, false, true, false]);
    let labels: Vec<&str> = openings
        .iter()
        .map(|opening| opening.label.as_str())
        .collect();
    assert_eq!(labels, ["answer/story", "answer/name", "reason"]);
    assert_eq!(
        advance.reason.unwrap(),
        commitment("reason", &[3; 32], &text("why").to_json())
    );

    let labels = |act: &PlainAct| -> Vec<String> {
        sealed(act)
            .openings
            .into_iter()
            .map(|opening| opening.label)
            .collect()
    };
    assert_eq!(
        labels(&opened(Some("lisbon"), Some("CRM 1"))),
        ["reference"]
    );
    assert_eq!(labels(&note("x")), ["note"]);
    assert_eq!(
        labels(&cause(2, 1)),
        [
            "cause/statement",
            "cause/why",
            "cause/evidence",
            "cause/why",
            "cause/evidence"
        ]
    );
}

#[test]
fn every_opening_opens_its_commitment() {
    let answers = [("story", text("It fell")), ("name", text("Ana"))];
    let Sealed { act, openings, .. } = sealed(&done(&answers, None));
    let Act::Advance(advance) = act else {
        panic!("{act:?}")
    };
    for ((_, held), opening) in advance.answers.iter().zip(&openings) {
        let again = commitment(&opening.label, &opening.salt, &opening.value);
        assert_eq!(*held, Held::Sealed(again));
    }
}

#[test]
fn body_hash_hangs_on_everything_but_sealed_values_and_salts() {
    let act = |story: &str, price: &str, reason: Option<&str>| {
        done(&[("story", text(story)), ("price", money(price))], reason)
    };
    let body = |act: &PlainAct| sealed(act).body;
    let first = body(&act("a", "1 EUR", None));
    assert_eq!(
        first,
        body(&act("b", "1 EUR", None)),
        "another sealed value"
    );
    let other_salts = seal(
        &workflow(),
        &actor(),
        &act("a", "1 EUR", None),
        &Names::default(),
        || [9; 32],
    )
    .unwrap();
    assert_eq!(first, other_salts.body, "other salts");
    assert_eq!(body(&note("a")), body(&note("b")));

    assert_ne!(first, body(&act("a", "2 EUR", None)), "another open value");
    assert_ne!(
        first,
        body(&act("a", "1 EUR", Some("why"))),
        "a reason came"
    );
    assert_ne!(
        first,
        body(&done(&[("price", money("1 EUR"))], None)),
        "an answer did not come"
    );
    assert_ne!(
        body(&opened(None, None)),
        body(&opened(Some("lisbon"), None))
    );
    assert_ne!(body(&cause(1, 0)), body(&cause(2, 0)));
    let mut other = actor();
    other.person = PersonId::new(uuid::Uuid::from_u128(8));
    let by_other = seal(
        &workflow(),
        &other,
        &act("a", "1 EUR", None),
        &Names::default(),
        salts(),
    )
    .unwrap();
    assert_ne!(first, by_other.body, "another person");
}

#[test]
fn a_repeat_is_known_by_its_sealed_values() {
    let stored = sealed(&done(&[("story", text("a")), ("name", text("b"))], None)).openings;
    let same = |story: &str, name: &str, stored: &[Opening]| {
        let act = done(&[("story", text(story)), ("name", text(name))], None);
        // The salts of a repeat are others.
        let again = seal(&workflow(), &actor(), &act, &Names::default(), || [99; 32])
            .unwrap()
            .openings;
        is_same(&again, |place| stored.get(place))
    };
    assert!(same("a", "b", &stored));
    assert!(!same("a", "c", &stored));
    assert!(
        same("a", "c", &stored[..1]),
        "what was erased is taken as equal"
    );
}

/// Checks values of fields, each with what is wrong with it.
fn check_all(cases: &[(&str, Value, Option<&str>)]) {
    for (field, value, fault) in cases {
        let act = done(&[(field, value.clone())], None);
        match fault {
            None => drop(sealed(&act)),
            Some(fault) => {
                let expected = (Code::HB004, format!("answers.{field}"), (*fault).to_owned());
                assert_eq!(faults(&act), [expected], "{field}");
            }
        }
    }
}

#[test]
fn texts_are_checked_at_their_limits() {
    const PATTERN: Option<&str> = Some("it does not match the pattern [A-Z]{2}[0-9]{3}");
    let chars = |count: usize| text(&"ä".repeat(count));
    let list = |items: usize| Value::List(vec!["x".to_owned(); items]);
    check_all(&[
        ("words", chars(TEXT_CHARS_MAX), None),
        (
            "words",
            chars(TEXT_CHARS_MAX + 1),
            Some("it has more than 2000 characters"),
        ),
        ("words", text(""), Some("it is empty")),
        ("words", text("a\0b"), Some("it holds a NUL character")),
        ("story", text(&"x".repeat(LONG_TEXT_BYTES_MAX)), None),
        ("story", chars(LONG_TEXT_BYTES_MAX / 2), None),
        (
            "story",
            chars(LONG_TEXT_BYTES_MAX / 2 + 1),
            Some("it has more than 65536 bytes"),
        ),
        ("story", text(""), Some("it is empty")),
        ("story", text("\0"), Some("it holds a NUL character")),
        ("serial", text("AB123"), None),
        ("serial", text("xAB123"), PATTERN),
        ("serial", text("AB123\n"), PATTERN),
        ("extras", list(LIST_ITEMS_MAX), None),
        ("extras", list(0), None),
        (
            "extras",
            list(LIST_ITEMS_MAX + 1),
            Some("it has more than 50 items"),
        ),
        (
            "extras",
            Value::List(vec![String::new()]),
            Some("it is empty"),
        ),
    ]);
}

#[test]
fn numbers_and_amounts_are_checked_at_their_limits() {
    const PARTS: Option<&str> = Some("it must be from 2 to 9");
    const PRICE: Option<&str> = Some("it must be from 0 EUR to 900 EUR");
    const MANY: Option<&str> = Some("it must be from -9007199254740991 to 9007199254740991");
    check_all(&[
        ("parts", Value::Number(2), None),
        ("parts", Value::Number(9), None),
        ("parts", Value::Number(1), PARTS),
        ("parts", Value::Number(10), PARTS),
        ("many", Value::Number(INTEGER_MAX), None),
        ("many", Value::Number(-INTEGER_MAX), None),
        ("many", Value::Number(INTEGER_MAX + 1), MANY),
        ("price", money("0 EUR"), None),
        ("price", money("900 EUR"), None),
        ("price", money("900.01 EUR"), PRICE),
        ("price", money("-0.01 EUR"), PRICE),
        ("price", money("5 USD"), Some("it is not in EUR")),
        ("refund", money("90000 EUR"), None),
    ]);
}

#[test]
fn values_are_of_the_type_of_their_field() {
    let document = |name: &str| {
        Value::Document(Document {
            location: "crm/1".to_owned(),
            media_type: "application/pdf".to_owned(),
            name: name.to_owned(),
            sha256: Digest([0; 32]),
        })
    };
    let choice = |word: &str| Value::Choice(word.to_owned());
    check_all(&[
        ("lit", Value::YesNo(false), None),
        ("lit", text("yes"), Some("it is not of the type yes_no")),
        ("kind", choice("floor"), None),
        ("kind", choice("ceiling"), Some("it is none of desk, floor")),
        ("kind", text("floor"), Some("it is not of the type choice")),
        (
            "bought",
            Value::Date(Date::parse("2026-02-28").unwrap()),
            None,
        ),
        (
            "bought",
            Value::Number(1),
            Some("it is not of the type date"),
        ),
        ("receipt", document("a.pdf"), None),
        ("receipt", document(""), Some("it is empty")),
    ]);
}

#[test]
fn texts_of_a_request_are_checked_at_their_limits() {
    let long = "x".repeat(LONG_TEXT_BYTES_MAX);
    sealed(&note(&long));
    assert_eq!(faults(&note(&format!("{long}x")))[0].1, "note");
    assert_eq!(faults(&note(""))[0].2, "it is empty");
    assert_eq!(faults(&done(&[], Some("a\0")))[0].1, "reason");
    sealed(&opened(
        Some(&"ä".repeat(TEAM_CHARS_MAX)),
        Some(&"ä".repeat(TEXT_CHARS_MAX)),
    ));
    let (team, reference) = (
        "ä".repeat(TEAM_CHARS_MAX + 1),
        "ä".repeat(TEXT_CHARS_MAX + 1),
    );
    let found = faults(&opened(Some(&team), Some(&reference)));
    let fields: Vec<&str> = found.iter().map(|(_, field, _)| field.as_str()).collect();
    assert_eq!(fields, ["reference", "team"]);
    assert_eq!(faults(&opened(Some(""), None))[0].1, "team");
    sealed(&cause(WHYS_MAX, EVIDENCE_ALL_MAX / WHYS_MAX));
    sealed(&cause(EVIDENCE_ALL_MAX / EVIDENCE_MAX, EVIDENCE_MAX));
    let found = faults(&cause(WHYS_MAX + 1, EVIDENCE_MAX + 1));
    let fields: Vec<&str> = found.iter().map(|(_, field, _)| field.as_str()).collect();
    assert_eq!(fields, ["whys", "whys.evidence", "whys.evidence"]);
}

#[test]
fn everything_wrong_is_said_at_once() {
    let mut answers = vec![
        ("lit", Value::YesNo(true)),
        ("lit", Value::YesNo(true)),
        ("wishes", text("x")),
        ("parts", Value::Number(1)),
    ];
    let act = done(&answers, None);
    let mut nobody = actor();
    nobody.role = RoleName::new("boss").unwrap();
    let bad = seal(&workflow(), &nobody, &act, &Names::default(), salts()).unwrap_err();
    let found: Vec<(Code, &str)> = bad
        .violations
        .iter()
        .map(|fault| (fault.code, fault.field.as_str()))
        .collect();
    let expected = [
        (Code::HB005, "actor.role"),
        (Code::HB001, "answers.lit"),
        (Code::HB003, "answers.wishes"),
        (Code::HB004, "answers.parts"),
    ];
    assert_eq!(found, expected);
    assert_eq!(bad.code(), Code::HB005);

    let names: Vec<String> = (0..=ANSWERS_MAX)
        .map(|number| format!("f{number}"))
        .collect();
    answers = names
        .iter()
        .map(|name| (name.as_str(), Value::YesNo(true)))
        .collect();
    assert_eq!(faults(&done(&answers, None)).pop().unwrap().1, "answers");
}

#[test]
fn answers_of_all_acts_are_checked() {
    let field = || FieldName::new("parts").unwrap();
    let import = Act::Import(Import {
        customer: None,
        answers: vec![(field(), Value::Number(1))],
        opened_at: Timestamp::default(),
        reference: None,
        step: StepName::new("hear").unwrap(),
        team: None,
        version: None,
        workflow: WorkflowId::new("seals").unwrap(),
    });
    let correct = Act::Correct(Correct {
        field: field(),
        reason: "misread".to_owned(),
        value: Value::Number(1),
    });
    for act in [import, correct] {
        assert_eq!(faults(&act)[0].1, "answers.parts");
    }
}
