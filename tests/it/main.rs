//! Behaviour of the whole, one binary. `cargo test -p heard-tests -- NAME` runs a part of it.

#![allow(
    clippy::allow_attributes,
    missing_docs,
    unreachable_pub,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    clippy::print_stdout,
    reason = "a test that does not find what it looks for is to stop there and say so; not every \
              one of these fires at all times, so they cannot be expected"
)]

use heard_tests::Trial;

mod airline;
mod api;
mod blame;
mod cli;
mod committer;
mod crash;
mod histories;
mod incidents;
mod kpi;
mod learning;
mod model;
mod narratives;
mod pictures;
mod python;
mod readme;
mod refusals;
mod scenarios;
mod sealed;
mod settings;
mod statistics;
mod store_contract;
mod tidy;
mod working_time;
mod year;

fn main() -> std::process::ExitCode {
    let trials: Vec<Trial> = [
        airline::trials(),
        api::trials(),
        blame::trials(),
        cli::trials(),
        committer::trials(),
        crash::trials(),
        histories::trials(),
        incidents::trials(),
        kpi::trials(),
        learning::trials(),
        model::trials(),
        narratives::trials(),
        pictures::trials(),
        python::trials(),
        readme::trials(),
        refusals::trials(),
        scenarios::trials(),
        sealed::trials(),
        settings::trials(),
        statistics::trials(),
        store_contract::trials(),
        tidy::trials(),
        working_time::trials(),
        year::trials(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let arguments = libtest_mimic::Arguments::from_args();
    libtest_mimic::run(&arguments, trials).exit_code()
}
