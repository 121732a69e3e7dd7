//! Random appends on the store in a file and on the one in memory: the same answers, the same rows.

use anyhow::ensure;
use heard_engine::case::CauseStatus;
use heard_engine::workflow::CountsAs;
use heard_server::store::memory::Memory;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{Append, CauseRow, Error, Store};
use heard_tests::{Trial, block_on, trial};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use super::make;

const CASES: u64 = 4;

/// One append, told by what is odd about it. Revisions are given when it is run.
#[derive(Debug, Clone)]
struct Step {
    streams: Vec<u64>,
    /// What is added to the right revision of the last stream.
    skew: u64,
    place: u8,
    sealed: u32,
    closed: Option<usize>,
    owes_cause: bool,
    has_row: bool,
    due_at: Option<i64>,
    parent: Option<u64>,
    /// Its number, so many entries ago, and in which status.
    cause: Option<(u32, u64, usize)>,
    version: Option<u32>,
}

#[derive(Debug, Clone)]
enum Act {
    Batch(Vec<Step>),
    Reopen,
    Probe,
}

fn step() -> impl Strategy<Value = Step> {
    let streams = proptest::sample::subsequence((1..=CASES).collect::<Vec<_>>(), 1..=2);
    let skew = prop_oneof![8 => Just(0_u64), 1 => Just(1)];
    let parts = (streams.prop_shuffle(), skew, 0_u8..3, 0_u32..3);
    let closed = proptest::option::of(0_usize..4);
    let ago = prop_oneof![3 => Just(0_u64), 1 => 1_u64..4];
    let cause = proptest::option::of((1_u32..6, ago, 0..CauseStatus::ALL.len()));
    let version = proptest::option::weighted(0.2, 1_u32..4);
    let due = proptest::option::of(-2_i64..3);
    let parent = proptest::option::of(1_u64..3);
    let flags = (any::<bool>(), any::<bool>());
    let more = (closed, flags, due, parent, cause, version);
    (parts, more).prop_map(|((streams, skew, place, sealed), more)| {
        let (closed, (owes_cause, has_row), due_at, parent, cause, version) = more;
        Step {
            streams,
            skew,
            place,
            sealed,
            closed,
            owes_cause,
            has_row,
            due_at,
            parent,
            cause,
            version,
        }
    })
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        20 => proptest::collection::vec(step(), 1..4).prop_map(Act::Batch),
        1 => Just(Act::Reopen),
        1 => Just(Act::Probe),
    ]
}

async fn head(store: &dyn Store, stream: &heard_engine::entry::StreamName) -> anyhow::Result<u64> {
    let entries = store.load(std::slice::from_ref(stream)).await?.remove(0);
    Ok(entries.len() as u64)
}

async fn append(store: &dyn Store, step: &Step) -> anyhow::Result<Append> {
    let mut append = Append::default();
    for number in &step.streams {
        let stream = make::stream(*number);
        let revision = head(store, &stream).await? + 1;
        let bytes = format!("{number} {revision} {step:?}").into_bytes();
        append.entries.push(make::entry(&stream, revision, bytes));
    }
    let last = append.entries.last_mut().unwrap();
    last.revision.0 += step.skew;
    let last = last.clone();
    for place in 0..step.sealed {
        append
            .sealed
            .push(make::sealed(&last.stream, last.revision.0, place));
    }
    let number = *step.streams.last().unwrap();
    if step.has_row {
        let place = format!("step_{}", step.place);
        let mut row = make::advance_case(number, last.revision.0, &place)
            .cases
            .remove(0);
        row.head = last.hash;
        row.closed_as = step.closed.map(|index| CountsAs::ALL[index]);
        row.owes_cause = step.owes_cause;
        row.due_at = step.due_at.map(make::at);
        row.parent = step.parent.map(make::case_id);
        append.cases = vec![row];
    }
    if let Some((cause, ago, status)) = step.cause {
        let revision = last.revision.0.saturating_sub(ago);
        append.causes.push(CauseRow {
            status: CauseStatus::ALL[status],
            ..make::cause(number, cause, revision)
        });
    }
    if let Some(version) = step.version {
        let revision = head(store, &make::workflow_stream("a")).await? + 1;
        let publish = make::publish("a", revision, version);
        append.entries.extend(publish.entries);
        append.workflow = publish.workflow;
    }
    Ok(append)
}

fn kind(error: &Error) -> &'static str {
    match error {
        Error::DiskFull => "disk full",
        Error::Unavailable { .. } => "unavailable",
        Error::Data { .. } => "data",
        Error::Fatal { .. } => "fatal",
        Error::Damaged { .. } => "damaged",
    }
}

async fn run(acts: Vec<Act>) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let model = Memory::new(make::identity());
    let mut store = Sqlite::open(&path, make::identity)?;
    for (number, act) in acts.into_iter().enumerate() {
        match act {
            Act::Batch(steps) => {
                let mut batch = Vec::new();
                for step in &steps {
                    batch.push(append(&model, step).await?);
                }
                let expected = model
                    .append(batch.clone().into())
                    .await
                    .map_err(|error| kind(&error));
                let found = store
                    .append(batch.into())
                    .await
                    .map_err(|error| kind(&error));
                ensure!(
                    found == expected,
                    "{found:?}, not {expected:?}, at {steps:?}"
                );
            }
            Act::Reopen => {
                if number % 2 == 0 {
                    store.close().await?;
                }
                drop(store);
                store = Sqlite::open(&path, || panic!("it is there"))?;
            }
            Act::Probe => store.probe().await?,
        }
    }
    let (found, expected) = (make::contents(&store).await?, make::contents(&model).await?);
    ensure!(found == expected, "{found:#?}\nnot\n{expected:#?}");
    Ok(())
}

fn random_appends_have_the_answers_of_the_model() -> anyhow::Result<()> {
    let config = Config {
        cases: 48,
        failure_persistence: None,
        ..Config::default()
    };
    let acts = proptest::collection::vec(act(), 1..30);
    TestRunner::new(config).run(&acts, |acts| {
        block_on(run(acts)).map_err(|error| TestCaseError::fail(format!("{error:?}")))
    })?;
    Ok(())
}

pub fn trials() -> Vec<Trial> {
    vec![trial(
        "store_contract::model::random_appends_have_the_answers_of_the_model",
        random_appends_have_the_answers_of_the_model,
    )]
}
