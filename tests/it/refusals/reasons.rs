//! One refusal for every code, with all its words.

mod causes;
mod merge;
mod time;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::ensure;
use heard_engine::case::command::PlainAct;
use heard_engine::case::event::NoteAdded;
use heard_engine::case::{Commitment, ENTRIES_PER_CASE_MAX, Event, Meta, Reason, Refusal, evolve};
use heard_engine::code::{Code, Kind};
use heard_engine::id::{Digest, Version, WorkflowId};
use heard_tests::desk::{Desk, actor, cause, note, reopen};

use super::{LIMITS, WORKFLOWS, snapshot};

/// The codes that the server gives, which knows what is published and explains deadlines.
const OF_THE_SERVER: [Code; 3] = [Code::HC024, Code::HC027, Code::HC044];

/// A workflow that says nothing of causes.
const WITHOUT_CAUSES: &str = r#"
heard: 1
workflow: without-causes
version: 1
title: Without causes
model: custom
roles: {agent: {title: Agent}}
start: listen
steps:
  listen: {phase: hear, who: [agent], next: heard_out}
outcomes:
  heard_out: {title: Heard out, counts_as: resolved}
"#;

/// Collects refusals under what was tried.
#[derive(Default)]
struct Met {
    text: String,
    codes: BTreeSet<Code>,
}

impl Met {
    fn put(&mut self, tried: &str, refusal: &Refusal) {
        self.codes.extend(refusal.reasons.iter().map(Reason::code));
        writeln!(self.text, "{tried}\n  {} {refusal}\n", refusal.code()).unwrap();
    }

    /// Sends what is to be refused; the desk stays as it is.
    fn refuse(&mut self, tried: &str, desk: &Desk, person: u8, role: &str, act: &PlainAct) {
        let mut desk = desk.clone();
        let no = desk.send(&actor(person, role), act).expect_err(tried);
        self.put(tried, &no.refusal());
    }
}

fn go(person: u8, role: &str, act: PlainAct, desk: &mut Desk) {
    let done = desk.send(&actor(person, role), &act);
    done.unwrap_or_else(|no| panic!("{act:?}: {no}"));
}

pub fn every_code_is_met_and_worded() -> anyhow::Result<()> {
    let mut met = Met::default();
    let none = Desk::new(WORKFLOWS[2].1.as_bytes());
    before_opening(&mut met, &none);
    let bench = at_the_bench(&mut met, &none);
    let judged = at_the_judge(&mut met, bench);
    at_the_cause(&mut met, judged);
    after_closing(&mut met, &none);
    at_the_till(&mut met);
    causes::of_causes(&mut met);
    merge::of_duplicates(&mut met);
    time::in_time(&mut met);
    time::after_closing(&mut met);
    published(&mut met);
    explained(&mut met);
    let of_refusals = |code: &&Code| code.kind() == Kind::Refusal;
    let missed: Vec<&Code> = Code::ALL
        .iter()
        .filter(of_refusals)
        .filter(|code| !met.codes.contains(code))
        .collect();
    ensure!(missed.is_empty(), "not met: {missed:?}");
    snapshot("reasons", &met.text);
    Ok(())
}

fn before_opening(met: &mut Met, none: &Desk) {
    met.refuse("a note on no case", none, 1, "agent", &note("Hello"));
    let open = none.open();
    met.refuse("opening as an auditor", none, 1, "auditor", &open);
    let nowhere = none.import("attic", &[]);
    met.refuse(
        "bringing in at a step that is none",
        none,
        1,
        "agent",
        &nowhere,
    );
    let bare = none.import(
        "judge",
        &[("kind", "desk"), ("refund", "9 EUR"), ("price", "5 EUR")],
    );
    met.refuse(
        "bringing in without what is filled there",
        none,
        1,
        "agent",
        &bare,
    );
}

/// Returns a case at the bench.
fn at_the_bench(met: &mut Met, none: &Desk) -> Desk {
    let mut desk = none.clone();
    go(1, "agent", desk.open(), &mut desk);
    met.refuse("opening again", &desk, 1, "agent", &desk.open());
    met.refuse(
        "an action of another step",
        &desk,
        1,
        "agent",
        &desk.action("decide", &[]),
    );
    met.refuse(
        "an action of another step, by a role with no business here",
        &desk,
        1,
        "boss",
        &desk.action("decide", &[]),
    );
    met.refuse(
        "an action for another role",
        &desk,
        2,
        "boss",
        &desk.action("taken_in", &[]),
    );
    met.refuse(
        "an action without its answers",
        &desk,
        1,
        "agent",
        &desk.action("taken_in", &[]),
    );
    let stray = desk.action("wait", &[("lit", "yes"), ("verdict", "repair")]);
    met.refuse("answers that nothing asks for", &desk, 1, "agent", &stray);
    go(1, "agent", desk.action("ask_more", &[]), &mut desk);
    met.refuse(
        "a loop once too often",
        &desk,
        1,
        "agent",
        &desk.action("ask_more", &[]),
    );
    met.refuse(
        "reopening an open case",
        &desk,
        1,
        "agent",
        &reopen("It broke again"),
    );
    met.refuse(
        "a cause at the wrong time",
        &desk,
        2,
        "lead",
        &cause("making", "glue", 1),
    );
    met.refuse(
        "closing without a reason",
        &desk,
        1,
        "agent",
        &desk.action("call_off", &[]),
    );
    let mut full = desk.clone();
    fill(&mut full);
    met.refuse(
        "the entry after the last",
        &full,
        1,
        "agent",
        &note("One more"),
    );
    let answers = [("story", "It fell"), ("kind", "floor"), ("serial", "AB123")];
    go(1, "agent", desk.action("taken_in", &answers), &mut desk);
    desk
}

/// Returns a case to be judged by person 4.
fn at_the_judge(met: &mut Met, mut desk: Desk) -> Desk {
    met.refuse(
        "an action before the tasks",
        &desk,
        2,
        "lead",
        &desk.action("done", &[]),
    );
    go(
        2,
        "lead",
        desk.task("plug_in", &[("lit", "yes"), ("price", "80 EUR")]),
        &mut desk,
    );
    met.refuse(
        "a task again",
        &desk,
        2,
        "lead",
        &desk.task("plug_in", &[("lit", "no")]),
    );
    met.refuse(
        "a task for other eyes",
        &desk,
        1,
        "lead",
        &desk.task("measure", &[("safe", "yes")]),
    );
    go(
        3,
        "boss",
        desk.task("measure", &[("safe", "yes")]),
        &mut desk,
    );
    let decide = desk.action("decide", &[("verdict", "repair")]);
    met.refuse("an action for other eyes", &desk, 3, "boss", &decide);
    met.refuse(
        "correcting what was never answered",
        &desk,
        4,
        "lead",
        &desk.correct("bought", "2026-01-31", "Asked again"),
    );
    met.refuse(
        "correcting as somebody who may not",
        &desk,
        1,
        "agent",
        &desk.correct("verdict", "refund", "Changed my mind"),
    );
    let mut pay = desk.clone();
    go(
        4,
        "lead",
        pay.action("decide", &[("verdict", "refund")]),
        &mut pay,
    );
    let paid = pay.action("paid", &[("refund", "90 EUR")]);
    met.refuse("more than the field that limits it", &pay, 4, "lead", &paid);
    go(4, "lead", decide, &mut desk);
    let repaired = desk.action("repaired", &[]);
    met.refuse("everything wrong at once", &desk, 4, "boss", &repaired);
    desk
}

fn at_the_cause(met: &mut Met, mut desk: Desk) {
    let mut nine = desk.clone();
    go(
        3,
        "lead",
        nine.correct("parts", "9", "Counted again"),
        &mut nine,
    );
    met.refuse(
        "a condition that does not hold",
        &nine,
        2,
        "agent",
        &nine.task("wire", &[]),
    );
    go(2, "agent", desk.task("wire", &[]), &mut desk);
    go(2, "agent", desk.task("glue", &[]), &mut desk);
    go(2, "agent", desk.action("rest", &[]), &mut desk);
    let repaired = desk.action("repaired", &[]);
    met.refuse(
        "an action for nobody in this role",
        &desk,
        2,
        "boss",
        &repaired,
    );
    go(2, "agent", repaired, &mut desk);
    met.refuse(
        "leaving without a cause",
        &desk,
        4,
        "lead",
        &desk.action("found", &[]),
    );
    met.refuse(
        "a cause by eyes that repaired",
        &desk,
        2,
        "lead",
        &cause("making", "glue", 1),
    );
    met.refuse(
        "a cause of no group",
        &desk,
        4,
        "lead",
        &cause("magic", "glue", 1),
    );
    met.refuse(
        "a cause that the group has not",
        &desk,
        4,
        "lead",
        &cause("making", "magic", 1),
    );
    met.refuse(
        "too few whys",
        &desk,
        4,
        "lead",
        &cause("making", "glue", 0),
    );
    go(4, "lead", cause("making", "glue", 1), &mut desk);
    go(4, "lead", desk.action("found", &[]), &mut desk);
    met.refuse(
        "an action on a closed case",
        &desk,
        4,
        "lead",
        &desk.action("found", &[]),
    );
    met.refuse(
        "correcting in a closed case",
        &desk,
        4,
        "lead",
        &desk.correct("price", "70 EUR", "Saw the receipt"),
    );
    desk.wait(61 * 24 * 60);
    met.refuse(
        "reopening too late",
        &desk,
        4,
        "lead",
        &reopen("It broke again"),
    );
    met.refuse(
        "reopening too late, by a role that may not",
        &desk,
        5,
        "robot",
        &reopen("Beep"),
    );
}

fn after_closing(met: &mut Met, none: &Desk) {
    let mut desk = none.clone();
    let answers = [
        ("story", "It fell"),
        ("kind", "floor"),
        ("parts", "2"),
        ("lit", "no"),
        ("safe", "yes"),
    ];
    go(1, "agent", desk.import("judge", &answers), &mut desk);
    let send_on = desk.action_for("send_on", &[("serial", "AB123")], "The maker repairs it");
    go(5, "boss", send_on, &mut desk);
    met.refuse(
        "reopening what stays closed",
        &desk,
        1,
        "agent",
        &reopen("Please"),
    );

    let mut bare = Desk::new(WITHOUT_CAUSES.as_bytes());
    go(1, "agent", bare.open(), &mut bare);
    met.refuse(
        "a cause where there are none",
        &bare,
        1,
        "agent",
        &cause("making", "glue", 1),
    );
}

/// What is said of amounts and of values from tables.
fn at_the_till(met: &mut Met) {
    let mut desk = Desk::new(LIMITS.1.as_bytes());
    go(1, "agent", desk.open(), &mut desk);
    for amount in ["200 EUR", "500 EUR", "5000 EUR"] {
        let pay = desk.action("just_pay", &[("good", amount)]);
        let tried = format!("{amount} on the authority of an agent");
        met.refuse(&tried, &desk, 1, "agent", &pay);
    }
    let pay = desk.action("just_pay", &[("good", "5 EUR")]);
    met.refuse("giving by an integration", &desk, 9, "robot", &pay);
    go(
        2,
        "agent",
        desk.action("ask", &[("distance", "9")]),
        &mut desk,
    );
    met.refuse(
        "approving nothing",
        &desk,
        3,
        "lead",
        &desk.action("agree", &[]),
    );
    let band = desk.correct("band", "near", "It is not far");
    met.refuse("correcting what a table says", &desk, 1, "agent", &band);
    go(3, "lead", desk.action("refuse", &[]), &mut desk);
    let mut paid = desk.clone();
    let pay = paid.action("just_pay", &[("good", "100 EUR")]);
    go(1, "agent", pay, &mut paid);
    go(1, "agent", paid.action("again", &[]), &mut paid);
    let more = paid.action("just_pay", &[("good", "50 EUR")]);
    met.refuse("more than one case may cost", &paid, 2, "agent", &more);
    let ask = desk.action("ask", &[("good", "500 EUR")]);
    go(1, "agent", ask, &mut desk);
    let agree = desk.action("agree", &[]);
    met.refuse("approving above a limit", &desk, 3, "lead", &agree);
    met.refuse("approving what one recorded", &desk, 1, "boss", &agree);
    let mut led = desk.clone();
    go(3, "lead", led.action("refuse", &[]), &mut led);
    let hold = led.action("give_here", &[("good", "0 EUR")]);
    go(1, "agent", hold, &mut led);
    let right = led.correct("good", "200 EUR", "A slip");
    go(1, "agent", right, &mut led);
    go(3, "lead", led.action("ask", &[]), &mut led);
    met.refuse("approving what one brought there", &led, 3, "lead", &agree);
}

/// What the server says of workflows, in the words of the engine.
fn published(met: &mut Met) {
    assert_eq!(OF_THE_SERVER, [Code::HC024, Code::HC027, Code::HC044]);
    let unknown = Reason::NoSuchWorkflow {
        workflow: "lamps version 2".to_owned(),
        known: vec!["lamps version 1".to_owned()],
    };
    met.put("opening under a workflow that is none", &unknown.into());
    let taken = Reason::VersionTaken {
        id: WorkflowId::new("lamps").unwrap(),
        version: Version(1),
        published: Digest([0xab; 32]),
    };
    met.put(
        "publishing other bytes under the same version",
        &taken.into(),
    );
}

/// What the server says of a deadline that nobody can explain.
fn explained(met: &mut Met) {
    let missing = Reason::NoSuchDeadline {
        deadline: "clock/none".parse().unwrap(),
        known: vec!["clock/answer".parse().unwrap()],
    };
    met.put(
        "explaining a deadline that the case does not have",
        &missing.into(),
    );
}

/// Fills the history of a case with notes, by events: writing them out would take long.
fn fill(desk: &mut Desk) {
    let mut case = desk.case.take().unwrap();
    let note = Event::NoteAdded(NoteAdded {
        note: Commitment(Digest([0; 32])),
    });
    while case.revision().0 < ENTRIES_PER_CASE_MAX {
        let workflow = case.workflow().clone();
        let meta = Meta {
            revision: case.revision().next(),
            at: case.updated_at(),
            actor: &actor(1, "agent"),
            workflow: &workflow,
        };
        case = evolve(Some(case), &meta, &note).unwrap();
    }
    desk.case = Some(case);
}
