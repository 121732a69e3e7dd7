//! The API over a real socket, on the store in memory and on the store in a file.

mod bad;
pub mod causes;
mod desk;
mod giving;
mod issues;
mod learning;
mod lists;
mod many;
mod merge;
mod ops;
mod publish;
mod random;
pub mod time;
mod way;

use std::future::Future;
use std::pin::Pin;

use heard_tests::server::TestServer;
use heard_tests::{Trial, async_trial};
use tonic::Status;
use tonic_types::StatusExt as _;

use desk::Kind;

type Test = fn(TestServer) -> Pin<Box<dyn Future<Output = anyhow::Result<()>> + Send>>;

macro_rules! tests {
    ($($test:path,)+) => {
        [$((stringify!($test), (|server| Box::pin($test(server))) as Test),)+]
    };
}

pub fn trials() -> Vec<Trial> {
    let mut trials = on("memory", Kind::Memory);
    trials.extend(on("sqlite", Kind::Sqlite));
    trials.extend(ops::trials());
    trials
}

fn on(name: &str, kind: Kind) -> Vec<Trial> {
    let tests = tests![
        way::a_case_goes_all_the_way,
        way::an_imported_case_goes_on_from_its_step,
        way::an_offer_tells_enough_to_draw_its_form,
        way::every_kind_of_answer_is_read_back,
        way::a_correction_and_a_note_are_kept,
        way::a_sealed_value_is_shown_to_whoever_asks_and_stands_in_no_entry,
        way::a_repeat_gets_the_same_answer_and_writes_nothing,
        way::another_request_under_a_used_id_is_refused,
        way::validating_writes_nothing,
        giving::what_is_given_approved_and_taken_back_is_seen,
        giving::what_is_over_a_limit_is_refused_with_whoever_may,
        bad::everything_wrong_with_a_request_is_told_at_once,
        bad::what_the_workflow_does_not_have_is_named_with_what_it_has,
        bad::values_that_do_not_suit_their_fields_are_named,
        bad::a_refusal_tells_its_reasons_and_what_is_possible,
        bad::a_stale_revision_is_aborted_with_the_present_one,
        bad::a_message_of_the_largest_size_is_read_and_a_larger_one_refused,
        bad::more_answers_than_an_entry_holds_are_the_callers_matter,
        bad::a_malformed_timeout_is_refused,
        random::random_bytes_are_refused_and_the_server_goes_on,
        bad::a_faulty_workflow_is_refused_with_every_error,
        publish::what_the_check_refuses_is_not_published_for_the_same_reasons,
        lists::pages_of_cases_join_without_gap_or_overlap,
        lists::a_page_token_is_good_for_its_own_list_only,
        lists::entries_come_as_they_are_stored,
        lists::causes_are_listed_with_their_words_when_asked,
        lists::workflows_are_listed_and_shown,
        many::five_hundred_cases_are_opened_in_one_call_and_once,
        many::a_case_that_is_not_opened_keeps_back_no_other,
        many::what_is_wrong_with_a_whole_call_opens_nothing,
        many::a_parent_that_does_not_exist_is_refused_and_changes_nothing,
        ops::health_tells_of_every_service,
        ops::reflection_lists_every_service,
        ops::metrics_are_on_the_same_port,
        ops::grpc_over_http_1_is_refused,
        time::clock::a_real_clock_cannot_be_set,
    ];
    let timed = tests![
        time::deadlines_are_shown_and_fire_when_the_clock_comes_to_them,
        time::an_explanation_tells_every_time_and_why,
        time::a_promise_is_renegotiated_with_consent,
        time::a_contact_of_the_customer_ends_a_pause,
        time::a_clock_is_extended_once,
        time::afterwards::a_survey_is_answered_and_a_follow_up_done,
        time::afterwards::a_bad_score_opens_the_case_again,
        time::clock::cases_are_listed_by_what_is_due_next,
        time::clock::a_virtual_clock_goes_forward_only,
        merge::two_cases_become_one_and_both_ids_answer,
        merge::the_stricter_clock_fires_at_its_minute_once_and_in_one_case,
        merge::a_merged_case_is_neither_open_nor_closed_and_says_where_to_ask,
        merge::what_cannot_be_merged_is_refused_by_its_code_and_changes_nothing,
    ];
    let parcels = tests![
        causes::the_life_of_a_root_cause_goes_from_draft_to_effect,
        causes::a_cause_is_drawn_by_rule_or_not_at_all,
        causes::issue::one_root_cause_is_confirmed_and_taken_by_many,
        causes::issue::what_cannot_be_confirmed_or_taken_is_refused_by_its_code,
        causes::refused::a_diagnosis_that_lacks_something_is_refused_by_its_code,
        causes::refused::what_is_wrong_with_a_diagnosis_is_told_part_by_part,
        causes::refused::a_verdict_and_an_effect_have_their_time_and_their_people,
        causes::refused::a_try_writes_nothing_and_a_repeat_nothing_new,
        causes::refused::no_part_of_a_root_cause_is_a_person,
        many::an_issue_is_seen_from_its_parent_and_from_its_children,
        issues::like_cases_propose_an_issue_until_all_are_linked_to_it,
        learning::what_closed_cases_taught_is_told_with_the_cases_and_without_the_people,
    ];
    let still = |(test, run): (&str, Test)| {
        async_trial(named(name, test), move || async move {
            run(desk::start(kind).await?).await
        })
    };
    let moving = |workflow: &'static str| {
        move |(test, run): (&str, Test)| {
            async_trial(named(name, test), move || async move {
                let server = desk::start_virtual(kind, time::MONDAY, workflow);
                run(server.await?).await
            })
        }
    };
    let trials = tests.into_iter().map(still);
    let trials = trials.chain(timed.into_iter().map(moving(time::TIMED)));
    let parcels = parcels.into_iter().map(moving(causes::PARCELS));
    trials.chain(parcels).collect()
}

fn named(store: &str, test: &str) -> String {
    let test = test.rsplit("::").next().unwrap_or(test).trim();
    format!("api::{store}::{test}")
}

/// Returns the stable code of a status.
fn code(status: &Status) -> String {
    let details = status.get_error_details();
    details
        .error_info()
        .map(|info| info.reason.clone())
        .unwrap_or_default()
}

/// Returns the fields that a status names.
fn fields(status: &Status) -> Vec<String> {
    let details = status.get_error_details();
    let violations = details.bad_request().map(|bad| &bad.field_violations);
    let fields = violations.into_iter().flatten();
    fields.map(|violation| violation.field.clone()).collect()
}
