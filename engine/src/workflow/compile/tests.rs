//! What a file becomes when it is compiled, and what is found when it cannot be.

use super::compile;
use crate::finding::Finding;
use crate::workflow::source::read;
use crate::workflow::{FieldIndex, RoleSet, Target, Workflow};

const FILE: &str = "\
heard: 1
workflow: parcels
version: 3
title: Parcels
calendars:
  default: {time_zone: Europe/Lisbon, hours: {mon-fri: [\"08:00-20:00\"]}}
roles:
  agent: {}
  lead: {}
  manager: {}
fields:
  story: {type: long_text, personal: yes}
  code: {type: text, pattern: \"[A-Z]{2}\"}
  fault: {type: choice, of: [lost, broken]}
  happy: {type: yes_no, each_time: yes}
  sum: {type: money, currency: EUR, limit: goodwill, max: 100 EUR, default: 0 EUR}
limits:
  goodwill: {lead: 50 EUR, manager: [100 EUR per case, 500 EUR per week]}
start: hear
steps:
  hear:
    phase: hear
    tasks:
      listen: {who: [agent], needs: [story]}
      look_up: {who: [lead], needs: [code], asks: [happy]}
    next: {go_to: decide, who: [agent]}
  decide:
    phase: [resolve, apologize]
    who: [agent, lead]
    needs: [sum]
    actions:
      again: {go_to: hear, at_most: 2, then: ask}
      offer:
        who: [lead, manager]
        needs: [{not: {fault: empty}}]
        rules:
          - {when: {sum: {over: limit}}, go_to: ask}
          - {go_to: fine}
  ask:
    phase: approve
    actions:
      agree: {go_to: fine, approves: [sum]}
      refuse: {go_to: lost, who: [agent]}
outcomes:
  fine: {counts_as: resolved, reopen: {to: decide, within: 30 days}}
  lost: {counts_as: not_resolved, who: [agent]}
anywhere:
  restart: {go_to: hear, at_most: 1, who: [lead], not_in: [ask]}
  record: {go_to: stay, who: [lead], needs: [fault]}
";

fn compiled(file: &str) -> Workflow {
    let (source, findings) = read(file.as_bytes());
    assert!(!Finding::any_error(&findings), "{findings:#?}");
    compile(&source.unwrap(), file.as_bytes())
}

fn roles(workflow: &Workflow, set: RoleSet) -> Vec<&str> {
    workflow
        .role_names(set)
        .map(crate::id::RoleName::as_str)
        .collect()
}

fn fields<'w>(workflow: &'w Workflow, fields: &[FieldIndex]) -> Vec<&'w str> {
    fields
        .iter()
        .map(|field| workflow.field_at(*field).0.as_str())
        .collect()
}

#[test]
fn who_is_narrowed_by_the_action_and_widened_by_nothing() {
    let workflow = compiled(FILE);
    let who = |step: &str, action: &str| {
        let (_, step) = workflow.step(step).unwrap();
        roles(&workflow, step.actions[action].who)
    };
    let step = |name: &str| roles(&workflow, workflow.step(name).unwrap().1.who);
    assert_eq!(step("hear"), ["agent", "lead"], "the union of the tasks");
    assert_eq!(who("hear", "done"), ["agent"]);
    assert_eq!(who("decide", "again"), ["agent", "lead"]);
    assert_eq!(
        who("decide", "offer"),
        ["lead"],
        "only who may act in the step too"
    );
    assert_eq!(
        who("ask", "agree"),
        ["lead", "manager"],
        "who holds the limit"
    );
    assert_eq!(who("ask", "refuse"), ["agent"]);
    assert_eq!(step("ask"), ["agent", "lead", "manager"]);
    let lost = workflow.outcome("lost").unwrap();
    assert_eq!(roles(&workflow, lost.who.unwrap()), ["agent"]);
    assert_eq!(workflow.outcome("fine").unwrap().who, None);
}

#[test]
fn entering_a_step_empties_what_is_asked_anew_there() {
    let workflow = compiled(FILE);
    let empties = |step: &str| fields(&workflow, &workflow.step(step).unwrap().1.empties);
    assert_eq!(empties("hear"), ["happy"]);
    assert_eq!(
        empties("decide"),
        ["sum"],
        "a field with a limit is asked anew each time"
    );
    assert_eq!(empties("ask"), [""; 0]);
}

#[test]
fn what_every_way_fills_is_known() {
    let workflow = compiled(FILE);
    let filled = |step: &str| fields(&workflow, &workflow.step(step).unwrap().1.filled);
    assert_eq!(filled("hear"), [""; 0]);
    assert_eq!(filled("decide"), ["story", "code"]);
    // `again` leads here without a fault, `offer` with one.
    assert_eq!(filled("ask"), ["story", "code", "sum"]);
    let only_offer = FILE.replace("at_most: 2, then: ask", "at_most: 2, then: lost");
    let workflow = compiled(&only_offer);
    let (_, ask) = workflow.step("ask").unwrap();
    assert_eq!(
        fields(&workflow, &ask.filled),
        ["story", "code", "fault", "sum"]
    );
}

#[test]
fn counters_are_named_by_place() {
    let workflow = compiled(FILE);
    let (_, decide) = workflow.step("decide").unwrap();
    let at_most = decide.actions["again"].rules[0].at_most.as_ref().unwrap();
    assert_eq!((&*at_most.counter, at_most.times), ("decide/again/1", 2));
    assert_eq!(
        at_most.then,
        Some(Target::Step(workflow.step("ask").unwrap().0))
    );
    let restart = &workflow.anywhere()["restart"];
    let at_most = restart.rules[0].at_most.as_ref().unwrap();
    assert_eq!(&*at_most.counter, "anywhere/restart/1");
    assert_eq!(at_most.then, None);
}

#[test]
fn anywhere_actions_are_not_offered_in_their_targets() {
    let workflow = compiled(FILE);
    let index = |step: &str| workflow.step(step).unwrap().0;
    assert_eq!(
        workflow.anywhere()["restart"].not_in,
        [index("hear"), index("ask")]
    );
    assert_eq!(workflow.anywhere()["record"].not_in, []);
    assert_eq!(workflow.anywhere()["record"].rules[0].go_to, Target::Stay);
}

#[test]
fn the_file_names_and_dates_its_workflow() {
    let workflow = compiled(FILE);
    assert_eq!(workflow.zone(), "Europe/Lisbon");
    assert_eq!(workflow.reference().version.0, 3);
    let other = compiled(&FILE.replace("Parcels", "Parcels!"));
    assert_ne!(workflow.reference().sha256, other.reference().sha256);
    assert_eq!(
        workflow.roles().get_index(0).unwrap().0.as_str(),
        "customer"
    );
    let title = |step: &str| workflow.step(step).unwrap().1.title.clone();
    assert_eq!(title("hear"), "hear");
}
