//! Histories that cannot have happened are told apart from those that can.

use uuid::Uuid;

use super::*;
use crate::case::CauseRef;
use crate::case::event::CauseRecorded;
use crate::case::event::{Commitment, Counted, NoteAdded, WorkflowPublished};
use crate::id::{
    ActionName, CauseGroup, CauseName, Digest, OutcomeName, PersonId, PrincipalId, RoleName,
    TaskName, Version, WorkflowId,
};
use crate::value::Value;
use crate::workflow::CountsAs;

const SECRET: Commitment = Commitment(Digest([9; 32]));

fn workflow(version: u32) -> WorkflowRef {
    WorkflowRef {
        id: WorkflowId::new("lamps").unwrap(),
        sha256: Digest([1; 32]),
        version: Version(version),
    }
}

fn actor() -> Actor {
    Actor {
        person: PersonId::new(Uuid::from_u128(7)),
        principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
        role: RoleName::new("agent").unwrap(),
        via: None,
    }
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

fn step(name: &str) -> StepName {
    StepName::new(name).unwrap()
}

/// Evolves by an event of the next entry.
fn next(case: Option<Case>, event: &Event) -> Result<Case, CorruptHistory> {
    let revision = case.as_ref().map_or(Revision(0), Case::revision).next();
    evolve_at(case, event, revision, 10, &workflow(1))
}

fn evolve_at(
    case: Option<Case>,
    event: &Event,
    revision: Revision,
    micros: i64,
    workflow: &WorkflowRef,
) -> Result<Case, CorruptHistory> {
    let actor = actor();
    let meta = Meta {
        revision,
        at: at(micros),
        actor: &actor,
        workflow,
    };
    evolve(case, &meta, event)
}

fn opened() -> Event {
    Event::CaseOpened(CaseOpened {
        customer: None,
        opened_at: at(5),
        received_at: Some(at(5)),
        reference: None,
        step: step("intake"),
        team: Some("lisbon".to_owned()),
    })
}

fn entered(name: &str, visit: u32, tasks: &[&str], emptied: &[&str]) -> Event {
    Event::StepEntered(StepEntered {
        emptied: emptied
            .iter()
            .map(|name| FieldName::new(name).unwrap())
            .collect(),
        step: step(name),
        tasks: tasks
            .iter()
            .map(|name| TaskName::new(name).unwrap())
            .collect(),
        visit,
    })
}

fn answered(recording: u32) -> Event {
    Event::AnswerRecorded(AnswerRecorded {
        by_default: false,
        field: FieldName::new("lit").unwrap(),
        recording,
        value: Held::Open(Value::YesNo(true)),
    })
}

fn corrected(recording: u32, steps: &[&str]) -> Event {
    Event::AnswerCorrected(AnswerCorrected {
        field: FieldName::new("lit").unwrap(),
        reason: SECRET,
        recording,
        steps: steps.iter().map(|name| step(name)).collect(),
        value: Held::Sealed(SECRET),
    })
}

fn taken(times: Option<u32>) -> Event {
    Event::ActionTaken(ActionTaken {
        action: ActionName::new("again").unwrap(),
        counted: times.map(|times| Counted {
            counter: "bench/again/1".to_owned(),
            times,
        }),
        reason: None,
        rule: 1,
        stays: true,
        used_up: false,
    })
}

fn done(task: &str) -> Event {
    Event::TaskDone(TaskDone {
        reason: None,
        task: TaskName::new(task).unwrap(),
    })
}

fn closed() -> Event {
    Event::CaseClosed(CaseClosed {
        counts_as: CountsAs::NotResolved,
        outcome: OutcomeName::new("refused").unwrap(),
        owes_cause: true,
        reopen_until: Some(at(99)),
    })
}

fn reopened(opening: u32) -> Event {
    Event::CaseReopened(CaseReopened {
        by_survey: None,
        opening,
        reason: Some(SECRET),
        step: step("intake"),
    })
}

fn cause(number: u32) -> Event {
    Event::CauseRecorded(CauseRecorded {
        actions: Vec::new(),
        blaming: Vec::new(),
        cause: CauseRef {
            group: CauseGroup::new("making").unwrap(),
            name: CauseName::new("glue").unwrap(),
        },
        contributing: Vec::new(),
        draft: false,
        drawn: None,
        escape: None,
        failure: None,
        number,
        override_reason: None,
        policy_id: None,
        reporting: None,
        review_date: None,
        similar: Vec::new(),
        statement: SECRET,
        whys: Vec::new(),
    })
}

fn note() -> Event {
    Event::NoteAdded(NoteAdded { note: SECRET })
}

/// A case in its second visit, at the bench, with one answer and one task done.
fn at_the_bench() -> Case {
    let events = [
        opened(),
        entered("intake", 1, &[], &[]),
        answered(1),
        taken(Some(1)),
        entered("bench", 2, &["plug_in", "measure"], &[]),
        done("plug_in"),
    ];
    let case = events
        .iter()
        .fold(None, |case, event| Some(next(case, event).unwrap()));
    case.unwrap()
}

fn what(case: Option<Case>, event: &Event) -> &'static str {
    next(case, event).unwrap_err().what
}

#[test]
fn a_case_begins_by_being_opened_in_its_first_entry() {
    assert_eq!(what(None, &note()), "it does not open the case");
    let late = evolve_at(None, &opened(), Revision(2), 10, &workflow(1)).unwrap_err();
    assert_eq!(late.what, "a case begins with its first entry");
    assert_eq!(
        late.to_string(),
        "entry 2 cannot follow the entries before it: a case begins with its first entry"
    );
    let case = next(None, &opened()).unwrap();
    assert_eq!(what(Some(case), &opened()), "the case is open already");
}

#[test]
fn entries_follow_in_revision_time_and_workflow() {
    let case = next(None, &opened()).unwrap();
    let follow = |revision, micros, workflow: &WorkflowRef| {
        let case = Some(case.clone());
        evolve_at(case, &note(), Revision(revision), micros, workflow).map_err(|e| e.what)
    };
    assert!(
        follow(1, 10, &workflow(1)).is_ok(),
        "the events of one entry share its revision"
    );
    assert!(
        follow(2, 10, &workflow(1)).is_ok(),
        "two entries may have one time"
    );
    for revision in [0, 3] {
        let gap = follow(revision, 10, &workflow(1));
        assert_eq!(gap, Err("its revision does not follow"));
    }
    let back = follow(2, 9, &workflow(1));
    assert_eq!(
        back,
        Err("its time lies before the time of the entry before")
    );
    assert_eq!(
        follow(2, 10, &workflow(2)),
        Err("it follows another workflow")
    );
    let published = Event::WorkflowPublished(WorkflowPublished {
        sha256: Digest([1; 32]),
        version: Version(1),
    });
    assert_eq!(what(Some(case), &published), "it belongs to a workflow");
}

#[test]
fn numbers_count_without_a_gap() {
    let case = at_the_bench;
    assert_eq!(
        what(Some(case()), &entered("judge", 4, &[], &[])),
        "the number of the visit does not follow"
    );
    assert_eq!(
        what(Some(case()), &answered(3)),
        "the number of the recording does not follow"
    );
    assert_eq!(
        what(Some(case()), &corrected(1, &[])),
        "the number of the recording does not follow"
    );
    assert_eq!(
        what(Some(case()), &taken(Some(3))),
        "the counter does not follow"
    );
    assert_eq!(
        what(Some(case()), &cause(2)),
        "the number of the cause does not follow"
    );
    let closed = next(Some(case()), &closed()).unwrap();
    assert_eq!(
        what(Some(closed), &reopened(3)),
        "the number of the opening does not follow"
    );
}

#[test]
fn a_task_is_done_once_and_only_where_it_is_open() {
    let case = at_the_bench();
    assert_eq!(
        what(Some(case.clone()), &done("plug_in")),
        "the task is not open"
    );
    assert_eq!(
        what(Some(case.clone()), &done("glue")),
        "the task is not open"
    );
    let case = next(Some(case), &done("measure")).unwrap();
    assert!(case.tasks_open().is_empty());
}

#[test]
fn a_correction_needs_an_answer_and_stays_where_that_was_given() {
    let bare = next(None, &opened()).unwrap();
    assert_eq!(
        what(Some(bare), &corrected(1, &[])),
        "there is nothing to correct"
    );
    let case = next(Some(at_the_bench()), &corrected(2, &["judge"])).unwrap();
    let answer = &case.answers()["lit"];
    assert_eq!(
        (answer.step.as_str(), answer.visit, answer.recording),
        ("intake", 2, 2)
    );
    assert_eq!(answer.value, Held::Sealed(SECRET));
    assert!(case.has_acted("judge", actor().person));
}

#[test]
fn a_closed_case_goes_on_only_by_reopening_notes_and_causes() {
    let case = next(Some(at_the_bench()), &closed()).unwrap();
    assert!(case.is_closed() && case.owes_cause() && case.tasks_open().is_empty());
    let going_on = [
        entered("judge", 3, &[], &[]),
        answered(2),
        done("measure"),
        taken(None),
        corrected(2, &[]),
    ];
    for event in going_on {
        assert_eq!(
            what(Some(case.clone()), &event),
            "the case is closed",
            "{event:?}"
        );
    }
    assert_eq!(
        what(Some(case.clone()), &closed()),
        "the case is closed already"
    );
    assert_eq!(next(Some(case.clone()), &note()).unwrap().notes(), 1);
    assert!(!next(Some(case.clone()), &cause(1)).unwrap().owes_cause());
    assert_eq!(
        what(Some(at_the_bench()), &reopened(2)),
        "the case is not closed"
    );
    let case = next(Some(case), &reopened(2)).unwrap();
    assert_eq!(case.step(), Some(&step("intake")));
    assert_eq!(
        (
            case.opening(),
            case.counted("bench/again/1"),
            case.owes_cause()
        ),
        (2, 0, false)
    );
    assert!(
        case.has_acted("bench", actor().person),
        "who acted is remembered"
    );
}

#[test]
fn entering_a_step_empties_what_is_asked_anew_and_opens_its_tasks() {
    let case = next(
        Some(at_the_bench()),
        &entered("bench", 3, &["measure"], &["lit"]),
    )
    .unwrap();
    assert!(case.answers().is_empty());
    assert_eq!(case.visit(), 3);
    assert_eq!(
        case.tasks_open()
            .iter()
            .map(TaskName::as_str)
            .collect::<Vec<_>>(),
        ["measure"]
    );
    assert_eq!(case.counted("bench/again/1"), 1, "a loop goes on counting");
}
