//! The command line as a process: arguments in, output and exit code out.

mod causes;
mod demo;
mod many;
pub mod process;
mod round;
mod serve;
mod time;

use heard_tests::{Trial, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial("cli::a_case_goes_its_whole_way", round::whole_way),
        trial(
            "cli::a_refused_request_is_told_and_nothing_is_written",
            round::refused,
        ),
        trial("cli::values_of_every_type_are_typed", round::every_type),
        trial("cli::text_of_others_is_shown_escaped", round::escaped),
        trial("cli::lists_go_on_where_a_page_ended", round::pages),
        trial(
            "cli::a_case_that_began_elsewhere_is_brought_in",
            round::imported,
        ),
        trial(
            "cli::a_root_cause_goes_from_a_draft_to_an_effect",
            causes::from_a_draft_to_an_effect,
        ),
        trial(
            "cli::cases_of_a_file_are_opened_once_and_listed_by_their_parent",
            many::cases_of_a_file_are_opened_once_and_listed_by_their_parent,
        ),
        trial(
            "cli::a_file_whose_lines_moved_opens_nothing",
            many::a_file_whose_lines_moved_opens_nothing,
        ),
        trial(
            "cli::a_file_that_cannot_be_used_opens_nothing",
            many::a_file_that_cannot_be_used_opens_nothing,
        ),
        trial(
            "cli::what_runs_is_shown_explained_and_moved_with_the_clock",
            time::what_runs,
        ),
        trial(
            "cli::promises_surveys_and_follow_ups_are_recorded",
            time::acts,
        ),
        trial(
            "cli::the_clock_of_the_machine_is_shown_and_not_set",
            time::real_clock,
        ),
        trial(
            "cli::a_seed_without_a_virtual_clock_is_refused",
            time::seed_alone,
        ),
        trial(
            "cli::a_store_of_another_clock_is_refused",
            time::other_clock,
        ),
        trial(
            "cli::cases_that_an_older_heard_began_without_time_are_told",
            time::untimed,
        ),
        trial(
            "cli::a_server_starts_while_time_is_held_so_that_it_can_be_accepted",
            time::held_at_the_start,
        ),
        trial("cli::every_code_is_explained", serve::every_code),
        trial(
            "cli::nobody_answering_is_told_from_a_refusal",
            serve::nobody_answers,
        ),
        trial(
            "cli::addresses_that_others_reach_are_refused",
            serve::not_loopback,
        ),
        trial(
            "cli::a_second_server_on_one_store_is_refused",
            serve::second_server,
        ),
        trial(
            "cli::workflows_are_published_once_and_known_afterwards",
            serve::known_afterwards,
        ),
        trial(
            "cli::other_content_of_a_version_stops_the_start",
            serve::other_content,
        ),
        trial(
            "cli::a_faulty_workflow_file_stops_the_start",
            serve::faulty_file,
        ),
        trial("cli::rebuild_finds_and_mends_a_wrong_row", serve::rebuild),
        trial(
            "cli::the_demo_shows_everything_and_ends_well",
            demo::ends_well,
        ),
        trial("cli::the_demo_can_keep_serving", demo::keeps),
    ]
}
