//! The server as a process of its own, killed under load and failed by its disk: what was
//! acknowledged is there, once, and what was not may be sent again. What was held stays held.

mod desk;
mod hold;
mod many;
pub mod process;
mod rounds;
mod sync;

use heard_tests::{Trial, async_trial, skippable};

pub fn trials() -> Vec<Trial> {
    vec![
        async_trial(
            "crash::what_was_acknowledged_outlives_every_kill",
            rounds::what_was_acknowledged_outlives_every_kill,
        ),
        async_trial(
            "crash::a_hold_outlives_every_kill_until_it_is_accepted",
            hold::a_hold_outlives_every_kill_until_it_is_accepted,
        ),
        async_trial(
            "crash::many_cases_are_opened_once_though_the_server_is_killed",
            many::many_cases_are_opened_once_though_the_server_is_killed,
        ),
        async_trial(
            "crash::a_second_server_on_a_store_is_refused",
            rounds::a_second_server_on_a_store_is_refused,
        ),
        skippable(
            "crash::a_failed_sync_stops_the_process",
            sync::a_failed_sync_stops_the_process,
        ),
    ]
}
