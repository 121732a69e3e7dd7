//! What people call the numbers of a report.

use heard_proto::v1::Figure;

use crate::escape::escaped;

/// The three numbers of the founding articles.
pub(super) const FIRST: [&str; 3] = ["resolution_rate", "final_resolution", "surveys_delivered"];
/// The two reasons for which customers leave.
pub(super) const SECOND: [&str; 2] = ["treatment", "timeliness"];
/// The numbers of each row of a table, and their headings.
pub(super) const COLUMNS: [(&str, &str); 6] = [
    ("received", "received"),
    ("resolution_rate", "resolved"),
    ("final_resolution", "average time"),
    ("surveys_delivered", "surveys delivered"),
    ("timeliness", "clocks in time"),
    ("promises_kept", "promises kept"),
];

/// The name of a number, what people call it, and what it counts.
const WORDS: [(&str, &str, &str); 36] = [
    ("resolution_rate", "Resolution rate", "cases closed"),
    ("final_resolution", "Time to resolution", "cases resolved"),
    (
        "surveys_delivered",
        "Surveys delivered after contact",
        "closings",
    ),
    (
        "treatment",
        "Treated well: answers in the top two",
        "answers",
    ),
    ("timeliness", "Answered in time: clocks met", "clocks"),
    ("received", "Cases received", "cases"),
    (
        "received_outside_hours",
        "Received outside hours",
        "cases received",
    ),
    (
        "proactive",
        "Opened by us: the customer did not complain",
        "cases received",
    ),
    ("open", "Age of cases still open", "cases open"),
    (
        "exposed",
        "People who may hear of the complaints still open",
        "",
    ),
    ("closed", "Closed", ""),
    ("first_reply", "Time to first reply", "cases replied to"),
    (
        "first_resolution",
        "Time to first resolution, reopened or not",
        "cases",
    ),
    (
        "resolved_at_first_contact",
        "Resolved at first contact",
        "cases resolved",
    ),
    ("waiting", "Waiting for the customer", "cases that waited"),
    ("reopened", "Reopened", "closings"),
    ("corrected", "Answers corrected", ""),
    ("contacts_from_customers", "Contacts from customers", ""),
    (
        "contacts_outside_hours",
        "Contacts outside hours",
        "contacts from customers",
    ),
    ("contacts_to_customers", "Contacts to customers", ""),
    (
        "breaches_outside_hours",
        "Became late outside hours",
        "that became late",
    ),
    ("in_time", "In time", "judged"),
    (
        "ended_before_due",
        "Ended with the case before it was due",
        "",
    ),
    ("late_by", "Late by", "done late"),
    ("promises_kept", "Promises kept", "promises"),
    ("promises", "Promises", ""),
    ("promises_renegotiated", "Promises renegotiated", ""),
    ("promises_early_by", "Promises kept early by", "promises"),
    ("promises_late_by", "Promises kept late by", "promises"),
    ("surveys_sent", "Surveys sent", ""),
    ("surveys_skipped", "Surveys skipped: asked often enough", ""),
    ("surveys_answered", "Surveys answered", ""),
    ("scores", "Answers", "answers"),
    ("follow_ups_in_time", "Follow-ups in time", "follow-ups"),
    ("follow_ups", "Follow-ups", ""),
    ("step_time", "Time in step", "cases closed"),
];

/// Returns what people call a number, and what it counts.
pub(super) fn label(figure: &Figure) -> (String, &'static str) {
    let known = WORDS.iter().find(|(name, _, _)| *name == figure.name);
    let (name, noun) = match known {
        Some((_, label, noun)) => ((*label).to_owned(), *noun),
        None => (escaped(&figure.name), ""),
    };
    if figure.of.is_empty() {
        (name, noun)
    } else {
        (format!("{name}: {}", escaped(&figure.of)), noun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use heard_engine::measure::Numbers;

    #[test]
    fn every_number_of_all_cases_has_words() {
        for figure in Numbers::default().figures() {
            let known = WORDS.iter().any(|(name, _, _)| *name == figure.name);
            assert!(known, "{}", figure.name);
        }
    }
}
