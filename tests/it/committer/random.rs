//! Random commands over a store that fails by a random script: every answer is explained by the
//! entries in the store, and a naive committer makes the same of them.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, ensure};
use heard_engine::entry::{Entry, StreamName, request_hash};
use heard_engine::id::{CaseId, Digest, Position};
use heard_server::app::{Accepted, Error, Request};
use heard_server::store::{Store, StoredEntry};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::double::{Double, Fault, GUILTY};
use super::naive::{Sent, replay};
use super::world::{WORKFLOW, World, at_once, boxed, note, open, request, soon, take, tell};

const CASES: usize = 3;

/// How many random runs there are.
const RUNS: u32 = 150;

#[derive(Debug, Clone)]
struct Plan {
    /// What is sent at once, one group after the other.
    groups: Vec<Vec<Step>>,
    /// What the appends meet, beginning with those of the groups.
    script: Vec<Fault>,
    probe_failures: usize,
    load_failures: usize,
}

#[derive(Debug, Clone)]
struct Step {
    case: usize,
    what: What,
    /// How far the revision it names is from that at the beginning of its group.
    expected: Option<i64>,
    is_asking: bool,
}

#[derive(Debug, Clone)]
enum What {
    Act(usize),
    /// An earlier request again.
    Repeat(usize),
    /// The id of an earlier request with something else.
    Reuse(usize, usize),
}

fn act(number: usize) -> heard_engine::case::command::PlainAct {
    match number {
        0 => tell("wet"),
        1 => tell("dry"),
        2 => note("a note"),
        3 => note(GUILTY),
        4 | 5 => take("go"),
        6 => take("back"),
        _ => take("finish"),
    }
}

fn plans() -> impl Strategy<Value = Plan> {
    let what = prop_oneof![
        6 => (0..8_usize).prop_map(What::Act),
        2 => any::<usize>().prop_map(What::Repeat),
        1 => (any::<usize>(), 0..8_usize).prop_map(|(sent, act)| What::Reuse(sent, act)),
    ];
    let expected = prop_oneof![3 => Just(None), 1 => (-1..=1_i64).prop_map(Some)];
    let step = (0..CASES, what, expected, prop::bool::weighted(0.1)).prop_map(
        |(case, what, expected, is_asking)| Step {
            case,
            what,
            expected,
            is_asking,
        },
    );
    let fault = prop_oneof![
        12 => Just(Fault::None),
        2 => Just(Fault::DiskFull),
        2 => Just(Fault::Busy),
        2 => Just(Fault::Row),
        4 => Just(Fault::Conflict),
        1 => Just(Fault::LostBefore),
        1 => Just(Fault::LostAfter),
    ];
    let groups = prop::collection::vec(prop::collection::vec(step, 1..8), 1..8);
    let script = prop::collection::vec(fault, 0..20);
    (groups, script, 0..3_usize, 0..2_usize).prop_map(
        |(groups, script, probe_failures, load_failures)| Plan {
            groups,
            script,
            probe_failures,
            load_failures,
        },
    )
}

pub fn every_answer_is_explained_by_the_entries() -> anyhow::Result<()> {
    let config = Config {
        cases: RUNS,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let run = |plan: Plan| {
        let ran = heard_tests::block_on(run(&plan));
        ran.map_err(|error| TestCaseError::fail(format!("{error:?}")))
    };
    Ok(runner.run(&plans(), run)?)
}

/// A request, and what was said to it, if anything.
struct Said {
    case: CaseId,
    sent: Sent,
    answer: Mutex<Option<Result<Accepted, Error>>>,
}

async fn run(plan: &Plan) -> anyhow::Result<()> {
    let double = Double::new([]);
    let world = World::over(Arc::<Double>::clone(&double));
    world.publish(WORKFLOW).await?;
    let mut said = Vec::new();
    for number in 0..CASES {
        said.push(opened(&world, number).await?);
    }
    double.script(plan.script.iter().copied());
    let (probes, loads) = (plan.probe_failures, plan.load_failures);
    double.probe_failures.store(probes, Ordering::Release);
    double.load_failures.store(loads, Ordering::Release);
    let mut has_failed = false;
    for group in &plan.groups {
        let first = said.len();
        for step in group {
            said.push(prepared(&world, &said, step).await?);
        }
        let sent = said[first..].iter().map(|said| {
            boxed(async {
                let Sent { request, act } = said.sent.clone();
                let answer = world.app.act(said.case, request, act).await;
                *said.answer.lock().unwrap() = Some(answer);
            })
        });
        let group = async {
            tokio::select! {
                _ = at_once(sent) => false,
                _ = world.app.failed() => true,
            }
        };
        has_failed = soon("an answer or the end", group).await?;
        if has_failed {
            break;
        }
    }
    explained(&*double, &said).await?;
    if has_failed {
        return ensure_repeats_settle(&double, &said).await;
    }
    let sent: Vec<Sent> = said.iter().map(|said| said.sent.clone()).collect();
    for (id, case) in replay(&*double, &sent).await? {
        ensure!(*world.app.case(id).await?.case == case, "{id}");
    }
    ensure!(world.app.rebuild(false).await?.differences.is_empty());
    Ok(())
}

async fn opened(world: &World, number: usize) -> anyhow::Result<Said> {
    let request = request(&format!("open {number}"));
    let accepted = world.app.open(request.clone(), open()).await?;
    Ok(Said {
        case: accepted.view.id,
        sent: Sent {
            request,
            act: heard_engine::case::command::Act::Open(open()),
        },
        answer: Mutex::new(Some(Ok(accepted))),
    })
}

async fn prepared(world: &World, said: &[Said], step: &Step) -> anyhow::Result<Said> {
    let earlier = |number: usize| {
        let acts = &said[CASES..];
        (!acts.is_empty()).then(|| &acts[number % acts.len()])
    };
    let fresh = format!("request {}", said.len());
    let (case, id, act) = match &step.what {
        What::Act(number) => (said[step.case].case, fresh, act(*number)),
        What::Repeat(number) => match earlier(*number) {
            Some(said) => {
                let id = said.sent.request.id.to_string();
                (said.case, id, said.sent.act.clone())
            }
            None => (said[step.case].case, fresh, act(0)),
        },
        What::Reuse(number, other) => match earlier(*number) {
            Some(said) => (said.case, said.sent.request.id.to_string(), act(*other)),
            None => (said[step.case].case, fresh, act(*other)),
        },
    };
    let revision = world
        .history(case)
        .await?
        .last()
        .map_or(0, |entry| entry.revision.0);
    let expected = step
        .expected
        .map(|offset| revision.saturating_add_signed(offset));
    let request = Request {
        expected_revision: expected.map(heard_engine::id::Revision),
        validate_only: step.is_asking,
        ..request(&id)
    };
    Ok(Said {
        case,
        sent: Sent { request, act },
        answer: Mutex::new(None),
    })
}

/// The entries of all cases by their request.
async fn entries(store: &dyn Store) -> anyhow::Result<BTreeMap<Digest, StoredEntry>> {
    let mut entries = BTreeMap::new();
    for (stream, stored) in store.scan(Position(0), 1_000).await? {
        if let StreamName::Case(_) = stream {
            let entry = Entry::decode(&stored.bytes)?;
            let doubled = entries.insert(entry.request.id, stored);
            ensure!(doubled.is_none(), "a request has two entries");
        }
    }
    Ok(entries)
}

/// Holds every answer against the entries of its request.
async fn explained(store: &dyn Store, said: &[Said]) -> anyhow::Result<()> {
    let entries = entries(store).await?;
    let mut firsts: BTreeMap<Digest, u32> = BTreeMap::new();
    let mut is_open: BTreeMap<Digest, bool> = BTreeMap::new();
    for said in said {
        let hash = request_hash(store.identity().principal, &said.sent.request.id);
        let entry = entries.get(&hash);
        let answer = said.answer.lock().unwrap();
        let is_unanswered = is_open.entry(hash).or_default();
        match &*answer {
            None => *is_unanswered = true,
            Some(Ok(accepted)) => match accepted.receipt.hash {
                None => ensure!(said.sent.request.validate_only),
                Some(hash_of_entry) => {
                    let entry = entry.context("an acknowledged entry is lost")?;
                    ensure!(entry.hash == hash_of_entry);
                    ensure!(entry.revision == accepted.receipt.revision);
                    ensure!(Some(entry.position) == accepted.receipt.position);
                    if !accepted.receipt.repeated {
                        *firsts.entry(hash).or_default() += 1;
                    }
                }
            },
            // Nothing was written by this one; another with its id may have been accepted.
            Some(Err(error)) => ensure!(!matches!(error, Error::Bug { .. }), "{error}"),
        }
    }
    for (hash, entry) in &entries {
        let firsts = firsts.get(hash).copied().unwrap_or_default();
        let is_explained = firsts == 1 || (firsts == 0 && is_open.get(hash) == Some(&true));
        ensure!(is_explained, "{firsts} were told of {entry:?}");
    }
    for case in &said[..CASES] {
        super::world::history(store, case.case).await?;
    }
    Ok(())
}

/// After the store failed: a new application answers whoever was not answered, and writes what
/// was not written, once.
async fn ensure_repeats_settle(double: &Arc<Double>, said: &[Said]) -> anyhow::Result<()> {
    double.clear();
    let world = World::over(Arc::<Double>::clone(double));
    for said in said {
        let is_unanswered = said.answer.lock().unwrap().is_none();
        if is_unanswered {
            let Sent { request, act } = said.sent.clone();
            let answer = soon("a repeat", world.app.act(said.case, request, act)).await?;
            let failed = matches!(answer, Err(Error::Store(_) | Error::Bug { .. }));
            let is_guilty = said.sent.act == note(GUILTY);
            ensure!(!failed || is_guilty, "{answer:?}");
        }
    }
    let sent: Vec<Sent> = said.iter().map(|said| said.sent.clone()).collect();
    entries(&**double).await?;
    for (id, case) in replay(&**double, &sent).await? {
        ensure!(*world.app.case(id).await?.case == case, "{id}");
    }
    Ok(())
}
