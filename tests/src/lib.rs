//! What the behaviour tests share: how a trial is named, run and skipped.
//!
//! Each module of `it/` has `pub fn trials() -> Vec<Trial>`, listed in `it/main.rs`.

#![allow(
    clippy::allow_attributes,
    missing_docs,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test that does not find what it looks for is to stop there and say so; not every \
              one of these fires at all times, so they cannot be expected"
)]

pub mod client;
pub mod desk;
pub mod forged;
pub mod server;

use std::future::Future;

pub use libtest_mimic::Trial;
use libtest_mimic::{Completion, Failed};

/// Makes a trial of a function. Its name is a sentence: `module::closed_store_refuses_calls`.
pub fn trial<F>(name: impl Into<String>, run: F) -> Trial
where
    F: FnOnce() -> anyhow::Result<()> + Send + 'static,
{
    Trial::test(name, || run().map_err(failed))
}

/// Makes a trial of an async function, run on a runtime of its own with two worker threads.
pub fn async_trial<F, Fut>(name: impl Into<String>, run: F) -> Trial
where
    F: FnOnce() -> Fut + Send + 'static,
    Fut: Future<Output = anyhow::Result<()>>,
{
    trial(name, || block_on(run()))
}

/// Makes a trial that finds out only while it runs whether it can: `Ok(Some(reason))` skips it.
pub fn skippable<F>(name: impl Into<String>, run: F) -> Trial
where
    F: FnOnce() -> anyhow::Result<Option<String>> + Send + 'static,
{
    Trial::ignorable_test(name, || {
        run().map_err(failed).map(|skipped| match skipped {
            Some(reason) => Completion::ignored_with(reason),
            None => Completion::Completed,
        })
    })
}

/// Makes a trial that is not run and says why.
pub fn ignored(name: impl Into<String>, reason: impl Into<String>) -> Trial {
    let reason = reason.into();
    skippable(name, || Ok(Some(reason)))
}

/// Skips a trial for want of something outside of the project, such as `python`; an error where
/// `HEARD_TEST_REQUIRE`, a list with commas, names it.
pub fn skipped(want: &str, reason: impl Into<String>) -> anyhow::Result<Option<String>> {
    let reason = reason.into();
    let required = std::env::var("HEARD_TEST_REQUIRE").unwrap_or_default();
    if required.split(',').any(|name| name == want) {
        anyhow::bail!("{want} is required by HEARD_TEST_REQUIRE: {reason}");
    }
    Ok(Some(reason))
}

/// Runs a future to its end on a runtime of its own.
pub fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime starts")
        .block_on(future)
}

fn failed(error: anyhow::Error) -> Failed {
    // The chain of causes; where it happened is said by the causes.
    Failed::from(format!("{error:#}"))
}
