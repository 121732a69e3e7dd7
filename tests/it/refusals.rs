//! Every action and task name in every step of a workflow: what succeeds leads where declared, and
//! every refusal's text is a snapshot.
//!
//! After a wanted change of a text: `INSTA_UPDATE=always cargo test -p heard-tests -- refusals`.

mod reasons;
mod walk;

use heard_tests::{Trial, trial};

/// The workflows that are walked.
pub const WORKFLOWS: [(&str, &str); 3] = [
    (
        "classic-heard",
        include_str!("../../workflows/classic-heard.workflow.yaml"),
    ),
    (
        "airline-compensation",
        include_str!("../../workflows/airline-compensation.workflow.yaml"),
    ),
    (
        "every-construct",
        include_str!("../workflows/every-construct.workflow.yaml"),
    ),
];

/// A workflow with every kind of limit, and with tables.
pub const LIMITS: (&str, &str) = ("limits", include_str!("../workflows/limits.workflow.yaml"));

pub fn trials() -> Vec<Trial> {
    let walks = WORKFLOWS.map(|(name, yaml)| {
        let title = format!("refusals::every_name_in_every_step_of_{name}");
        trial(title.replace('-', "_"), move || walk::walk(name, yaml))
    });
    let mut trials = Vec::from(walks);
    trials.push(trial(
        "refusals::every_code_of_a_refusal_is_met_and_worded",
        reasons::every_code_is_met_and_worded,
    ));
    trials
}

/// Compares a text with its snapshot beside this file.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
