//! What the committer promises, over every store and over a store that fails.

mod races;
mod repeats;
mod world;

use std::future::Future;
use std::pin::Pin;

use heard_tests::{Trial, async_trial};
use world::Kind;

type Test = fn(Kind) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>>;

macro_rules! on_every_store {
    ($($test:path,)+) => {
        [$((stringify!($test), (|kind| Box::pin($test(kind))) as Test),)+]
    };
}

macro_rules! alone {
    ($($test:path,)+) => {
        [$(async_trial(concat!("committer::", stringify!($test)), $test),)+]
    };
}

pub fn trials() -> Vec<Trial> {
    let tests = on_every_store![
        repeats::a_repeat_has_one_entry_and_the_same_answer,
        repeats::a_repeat_in_flight_has_one_entry,
        repeats::an_id_that_was_used_for_another_request_is_refused,
        repeats::a_repeat_is_judged_by_the_version_its_case_began_with,
        repeats::a_request_that_only_asks_writes_nothing,
        repeats::the_same_workflow_is_published_once,
        races::one_of_many_advances_on_a_revision_wins,
        races::commands_on_one_case_are_decided_in_their_order,
        races::a_line_of_refused_commands_comes_to_its_end,
    ];
    let mut trials = Vec::new();
    for (kind, word) in [(Kind::Memory, "memory"), (Kind::Sqlite, "sqlite")] {
        trials.extend(tests.map(|(name, test)| {
            async_trial(format!("committer::{word}::{name}"), move || test(kind))
        }));
    }
    trials.extend(alone![repeats::a_repeat_after_a_restart_is_known,]);
    trials
}
