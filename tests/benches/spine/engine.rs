//! What a transition and a decision cost, beside a match that a person would write by hand.

use std::hint::black_box;
use std::time::Instant;

use anyhow::Context as _;
use heard_engine::case::command::{Act, Advance, Open, Origin, Way};
use heard_engine::case::{Actor, Case, Command, Facts, Held, Meta, decide, evolve};
use heard_engine::id::{
    ActionName, FieldName, PersonId, PrincipalId, Revision, RoleName, WorkflowId,
};
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_engine::workflow::{Target, Workflow, load};
use stats_alloc::Region;
use uuid::Uuid;

/// Measures and prints the price of a step of the engine.
pub fn run(is_quick: bool) -> anyhow::Result<()> {
    let rounds: u32 = if is_quick { 10_000 } else { 1_000_000 };
    let file = heard_tests::server::project_file("tests/workflows/incident.workflow.yaml")?;
    let incident = load(&file).map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
    println!(
        "{:<44} {:>9} {:>8} {:>12}",
        "engine", "ns", "× match", "allocations"
    );
    let actions = [
        "to_active",
        "to_awaiting_user_info",
        "to_resolved",
        "update",
    ];
    let by_match = price(rounds, |round| {
        black_box(by_hand(black_box("new"), black_box(actions[round % 4])));
    });
    print("hand-written match over names", by_match, by_match);
    let by_table = price(rounds, |round| {
        black_box(by_workflow(
            &incident,
            black_box("new"),
            black_box(actions[round % 4]),
        ));
    });
    print(
        "transition of a compiled workflow, by name",
        by_table,
        by_match,
    );
    let (case, commands) = stay(&incident)?;
    let facts = Facts::default();
    let decided = price(rounds / 10, |_| {
        black_box(decide(&incident, Some(&case), &facts, black_box(&commands[0])).is_ok());
    });
    print("decide: an action that stays", decided, by_match);
    let refused = price(rounds / 10, |_| {
        black_box(decide(&incident, Some(&case), &facts, black_box(&commands[1])).is_err());
    });
    print(
        "decide: refused, with all that is possible",
        refused,
        by_match,
    );
    let bench = load(&heard_tests::server::project_file(
        "tests/workflows/bench.workflow.yaml",
    )?)
    .map_err(|findings| anyhow::anyhow!("{findings:?}"))?;
    let (case, command) = answered(&bench)?;
    let four = price(rounds / 10, |_| {
        black_box(decide(&bench, Some(&case), &facts, black_box(&command)).is_ok());
    });
    print(
        "decide: four answers and an action that stays",
        four,
        by_match,
    );
    Ok(())
}

fn by_hand(state: &str, event: &str) -> u16 {
    match (state, event) {
        ("new", "to_active") | ("resolved", "to_active") => 1,
        ("new", "to_awaiting_user_info") | ("active", "to_awaiting_user_info") => 2,
        ("new", "to_resolved") | ("active", "to_resolved") => 6,
        ("new", "update") => 0,
        _ => u16::MAX,
    }
}

fn by_workflow(workflow: &Workflow, step: &str, action: &str) -> Option<Target> {
    let (_, step) = workflow.step(step)?;
    let rule = step.actions.get(action)?.rules.first()?;
    Some(rule.go_to)
}

/// Returns nanoseconds and allocations a round, the least of five runs.
fn price(rounds: u32, mut step: impl FnMut(usize)) -> (f64, f64) {
    let runs = (0..5).map(|_| {
        let region = Region::new(super::ALLOCATOR);
        let begun = Instant::now();
        for round in 0..rounds as usize {
            step(round);
        }
        let nanos = begun.elapsed().as_nanos() as f64 / f64::from(rounds);
        (
            nanos,
            region.change().allocations as f64 / f64::from(rounds),
        )
    });
    runs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
}

fn print(what: &str, (nanos, allocations): (f64, f64), (by_match, _): (f64, f64)) {
    println!(
        "{what:<44} {nanos:>9.1} {:>8.1} {allocations:>12.2}",
        nanos / by_match
    );
}

fn actor(role: &str) -> anyhow::Result<Actor> {
    Ok(Actor {
        person: PersonId::new(Uuid::from_u128(1)),
        principal: PrincipalId::new(Uuid::from_u128(2)),
        role: RoleName::new(role)?,
        via: None,
    })
}

fn opened(workflow: &Workflow, actor: &Actor) -> anyhow::Result<Case> {
    let open = Open {
        origin: Origin::default(),
        customer: None,
        received_at: None,
        reference: None,
        team: None,
        version: None,
        workflow: WorkflowId::new(workflow.reference().id.as_str())?,
    };
    let at = Timestamp::from_micros(1)?;
    let command = Command {
        act: Act::Open(open),
        actor: actor.clone(),
        at,
    };
    let events = decide(workflow, None, &Facts::default(), &command)?;
    let meta = Meta {
        revision: Revision(1),
        at,
        actor,
        workflow: workflow.reference(),
    };
    let case = events
        .iter()
        .try_fold(None, |case, event| evolve(case, &meta, event).map(Some))?;
    case.context("an opened case")
}

fn take(action: &str, actor: &Actor, answers: Vec<(FieldName, Held)>) -> anyhow::Result<Command> {
    let way = Way::Action(ActionName::new(action)?);
    let act = Act::Advance(Advance {
        answers,
        reason: None,
        way,
    });
    Ok(Command {
        act,
        actor: actor.clone(),
        at: Timestamp::from_micros(2)?,
    })
}

fn stay(workflow: &Workflow) -> anyhow::Result<(Case, [Command; 2])> {
    let actor = actor("service_desk")?;
    let case = opened(workflow, &actor)?;
    let commands = [
        take("update", &actor, Vec::new())?,
        take("to_closed", &actor, Vec::new())?,
    ];
    Ok((case, commands))
}

fn answered(workflow: &Workflow) -> anyhow::Result<(Case, Command)> {
    let actor = actor("agent")?;
    let answers = [
        ("mood", Value::Choice("worried".into())),
        ("waited", Value::Number(25)),
        ("answered", Value::YesNo(true)),
        ("channel", Value::Text("telephone, third call".into())),
    ];
    let answers = answers
        .into_iter()
        .map(|(field, value)| Ok((FieldName::new(field)?, Held::Open(value))))
        .collect::<anyhow::Result<_>>()?;
    Ok((
        opened(workflow, &actor)?,
        take("told_more", &actor, answers)?,
    ))
}
