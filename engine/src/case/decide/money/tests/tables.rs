//! Values that come from tables.

use super::*;
use crate::case::command::Import;

fn price(price: i64) -> (&'static str, Value) {
    ("price", Value::Number(price))
}

fn value(till: &Till, name: &str) -> Option<String> {
    let answer = till.case(0).answers().get(name)?;
    match &answer.value {
        Held::Open(value) => Some(value.to_string()),
        Held::Sealed(_) => None,
    }
}

fn values(till: &Till) -> (Option<String>, Option<String>) {
    (value(till, "tier"), value(till, "owed"))
}

#[test]
fn values_follow_the_answers_they_come_from() {
    let mut till = Till::new(1);
    assert_eq!(values(&till), (None, None), "nothing is known yet");
    till.send(0, ANA, act("hold", &[price(5)])).unwrap();
    assert_eq!(values(&till), (Some("small".into()), Some("10 EUR".into())));
    till.send(0, ANA, correct("price", Value::Number(500)))
        .unwrap();
    assert_eq!(values(&till), (Some("big".into()), Some("30 EUR".into())));
    let events = till.send(0, ANA, act("hold", &[price(501)])).unwrap();
    let is_computed = |event: &Event| matches!(event, Event::ValueComputed(_));
    assert!(
        !events.iter().any(is_computed),
        "the same value is no new recording"
    );
    till.send(0, ANA, correct("price", Value::Number(-1)))
        .unwrap();
    assert_eq!(
        values(&till),
        (Some("small".into()), None),
        "no row of `owed` fits"
    );
}

#[test]
fn a_rule_sees_what_the_answers_of_its_command_make() {
    let mut till = Till::new(1);
    till.send(0, ANA, act("big_only", &[price(5)])).unwrap();
    assert_eq!(till.step(0), "offer");
    till.send(0, ANA, act("big_only", &[price(101)])).unwrap();
    assert_eq!(till.step(0), "after");
    assert_eq!(till.booked(0), ["30 EUR agent"]);
}

#[test]
fn a_value_of_a_table_is_corrected_by_nobody_and_kept_when_asked_anew() {
    let mut till = Till::new(1);
    till.send(0, ANA, act("hold", &[price(101)])).unwrap();
    assert_eq!(
        till.send(0, ANA, correct("owed", money("99 EUR"))),
        Err(vec![Code::HC032])
    );
    let given = act("hold", &[("owed", money("99 EUR"))]);
    assert_eq!(till.send(0, ANA, given), Err(vec![Code::HC012]));
    till.send(0, ANA, act("ask", &[])).unwrap();
    till.send(0, BEN, act("back", &[])).unwrap();
    assert_eq!(
        value(&till, "owed"),
        Some("30 EUR".into()),
        "its input is there still"
    );
}

#[test]
fn a_case_brought_in_has_its_values_at_once() {
    let mut till = Till::new(0);
    till.cases.push(Written::default());
    let import = Act::Import(Import {
        customer: None,
        answers: vec![(field("price"), Held::Open(Value::Number(101)))],
        opened_at: Timestamp::default(),
        reference: None,
        step: StepName::new("offer").unwrap(),
        team: None,
        version: None,
        workflow: WorkflowId::new("till").unwrap(),
    });
    till.send(0, ANA, import).unwrap();
    assert_eq!(values(&till), (Some("big".into()), Some("30 EUR".into())));
}

#[test]
fn tables_follow_each_other_and_leave_circles_empty() {
    let order = |yaml: &str| -> Vec<String> {
        let workflow = workflow::load(yaml.as_bytes()).unwrap();
        let fields = workflow.computed().iter();
        let names = fields.map(|computed| workflow.field_at(computed.field).0.to_string());
        names.collect()
    };
    assert_eq!(order(YAML), ["tier", "owed"]);
    let circle = YAML.replace("{price: {above: 100}}", "{owed: {above: 1 EUR}}");
    assert_eq!(order(&circle), [""; 0]);
}
