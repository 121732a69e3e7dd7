//! What closed cases taught: of public complaints, and that no answer has a place for a person.
//!
//! Data: CFPB Consumer Complaint Database, April 2023 (US government work, public domain), read
//! from beside the project, skipped where it is not there.

mod complaints;
mod people;

use heard_tests::server::shared_data;
use heard_tests::{Trial, skippable, skipped, trial};

const COMPLAINTS: &str = "cfpb-complaints/cfpb-3999-2023.csv";

pub fn trials() -> Vec<Trial> {
    vec![
        skippable(
            "learning::the_first_issues_of_public_complaints_make_up_what_anybody_counts",
            || match shared_data(COMPLAINTS) {
                Ok(bytes) => complaints::agree(&bytes).map(|()| None),
                Err(reason) => skipped("shared", reason),
            },
        ),
        trial(
            "learning::no_answer_has_a_place_for_a_person",
            people::no_place,
        ),
    ]
}
