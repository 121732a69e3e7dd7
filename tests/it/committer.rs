//! What the committer promises, over every store and over a store that fails.

mod callers;
mod damage;
mod double;
mod due;
mod faults;
mod forged;
mod giving;
mod held;
mod herd;
mod naive;
mod races;
mod random;
mod repeats;
mod surveys;
mod virtual_time;
pub mod world;

use std::future::Future;
use std::pin::Pin;

use heard_tests::{Trial, async_trial, trial};
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
        giving::many_cases_at_once_stay_within_one_limit,
        surveys::of_two_at_one_instant_one_is_sent_and_one_skipped,
        surveys::a_herd_of_cases_sends_each_customer_one,
        races::one_of_many_advances_on_a_revision_wins,
        races::commands_on_one_case_are_decided_in_their_order,
        races::a_line_of_refused_commands_comes_to_its_end,
        due::what_is_due_goes_before_a_command_of_its_time_or_later,
        due::a_repeat_and_a_command_for_another_revision_fire_nothing,
        due::each_mark_fires_once_at_its_time_and_never_before,
        due::two_timekeepers_on_one_store_fire_each_mark_once,
        virtual_time::a_clock_that_is_set_fires_each_mark_at_its_own_time,
        callers::the_end_waits_for_what_is_under_way,
        callers::two_may_ask_for_the_end,
        callers::times_never_fall_when_the_clock_does,
    ];
    let mut trials = Vec::new();
    for (kind, word) in [(Kind::Memory, "memory"), (Kind::Sqlite, "sqlite")] {
        trials.extend(tests.map(|(name, test)| {
            async_trial(format!("committer::{word}::{name}"), move || test(kind))
        }));
    }
    trials.extend(alone![
        repeats::a_repeat_after_a_restart_is_known,
        callers::a_caller_who_goes_before_it_is_taken_changes_nothing,
        callers::a_caller_who_goes_while_it_is_written_changes_all_of_it,
        callers::a_command_whose_deadline_has_passed_is_dropped,
        callers::a_full_queue_says_so_and_loses_nothing,
        callers::what_of_many_is_not_answered_in_time_is_done_once_when_repeated,
        callers::of_all_calls_that_open_many_a_few_cases_are_under_way,
        callers::a_batch_that_is_full_by_bytes_loses_nothing,
        callers::an_application_that_nobody_holds_lets_go_of_its_store,
        callers::a_case_that_changed_under_us_is_decided_afresh,
        due::what_was_due_while_nobody_served_fires_once_after_the_start,
        due::a_firing_whose_fate_is_unknown_is_not_doubled_after_a_restart,
        due::a_damaged_case_keeps_nobody_from_firing_and_is_tried_later,
        due::a_store_out_of_reach_is_tried_again_later,
        due::an_id_of_a_firing_is_no_id_for_a_request,
        herd::commands_keep_five_sixths_of_each_batch,
        herd::a_command_is_not_kept_behind_the_timer_of_its_case,
        surveys::a_store_that_fails_sends_no_survey_twice,
        surveys::customers_do_not_wait_for_each_other,
        surveys::a_seed_sends_the_same_surveys_however_often_it_is_killed,
        held::a_leap_of_the_clock_holds_what_is_due_and_nothing_else,
        held::nothing_is_written_while_the_clock_stands_a_day_ahead,
        held::a_long_absence_with_much_due_holds_time,
        held::a_hold_outlives_a_restart_until_it_is_accepted,
        held::a_clock_that_stands_years_ahead_is_not_right_after_a_restart,
        held::a_hold_is_kept_though_nobody_calls,
        held::nothing_is_written_under_a_hold_that_cannot_be,
        held::a_server_that_ends_tries_once_more_to_keep_its_hold,
        held::a_leap_that_nobody_saw_is_kept_when_the_server_ends,
        virtual_time::bytes_do_not_depend_on_kills_in_between,
        virtual_time::a_seed_makes_the_same_entries_again,
        virtual_time::only_a_virtual_clock_is_set_and_only_forward,
        virtual_time::the_clock_stands_while_a_command_is_written,
        virtual_time::a_clock_on_its_way_ends_when_the_server_stops,
        virtual_time::what_could_not_be_written_is_fired_though_the_clock_stands,
        virtual_time::what_failed_is_tried_again_when_the_clock_is_set,
        virtual_time::what_failed_is_tried_again_though_the_clock_stands,
        virtual_time::a_clock_begins_no_earlier_than_the_newest_entry,
        faults::writes_go_on_when_a_probe_says_so,
        faults::a_row_that_cannot_be_stored_costs_its_command_only,
        faults::a_conflict_is_decided_afresh_three_times,
        faults::after_a_failed_sync_nobody_is_answered,
        faults::a_history_that_cannot_be_read_now_can_be_read_later,
        faults::a_committer_that_ends_by_itself_is_a_failure,
        faults::a_damaged_history_costs_nobody_else_in_its_batch,
        damage::a_flipped_bit_costs_that_case_only,
        damage::an_entry_that_was_written_anew_costs_that_case_only,
        damage::an_entry_that_is_gone_costs_that_case_only,
        damage::a_history_of_a_newer_heard_costs_that_case_only,
        damage::a_sealed_value_that_was_changed_is_not_shown,
        damage::a_derived_row_that_was_changed_is_found_and_mended,
        damage::a_check_finds_every_flipped_bit_and_mends_none,
        damage::a_check_finds_what_is_missing,
    ]);
    trials.push(trial(
        "committer::random::every_answer_is_explained_by_the_entries",
        random::every_answer_is_explained_by_the_entries,
    ));
    trials
}
