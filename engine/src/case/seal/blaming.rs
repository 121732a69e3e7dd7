//! What of a diagnosis reads as blame of a person.
//!
//! Invariant: evidence is left alone, because it is named as whoever keeps it names it.

use crate::blame::{FINDINGS_MAX, Names, Place, find};
use crate::case::command::RecordCause;
use crate::case::diagnosis::Blaming;
use crate::workflow::Workflow;

/// Returns what reads as blame, at most [`FINDINGS_MAX`] findings, in the order of the parts;
/// nothing where the workflow does not ask for it.
pub(super) fn blaming(
    workflow: &Workflow,
    record: &RecordCause<String>,
    staff: &Names,
) -> Vec<Blaming> {
    let is_asked = workflow.causes().is_some_and(|causes| causes.blame_free);
    if !is_asked {
        return Vec::new();
    }
    let texts = texts(record).into_iter();
    let found = texts.flat_map(|(part, text, place)| {
        let found = find(text, staff, place).into_iter();
        found.map(move |finding| Blaming {
            kind: finding.kind.kind().to_owned(),
            part: part.clone(),
            words: finding.words,
            better: finding.better.to_owned(),
        })
    });
    found.take(FINDINGS_MAX).collect()
}

fn texts(record: &RecordCause<String>) -> Vec<(String, &str, Place)> {
    let mut texts = vec![(
        "statement".to_owned(),
        record.statement.as_str(),
        Place::Statement,
    )];
    for (number, why) in (1..).zip(&record.whys) {
        let is_last = number == record.whys.len();
        let place = Place::Why { is_last };
        texts.push((format!("whys/{number}"), &why.statement, place));
    }
    let policy = record.policy_id.iter();
    texts.extend(policy.map(|id| ("policy_id".to_owned(), id.as_str(), Place::Other)));
    let escape = record.escape.iter();
    texts.extend(escape.map(|text| ("escape".to_owned(), text.as_str(), Place::Other)));
    for (number, action) in (1..).zip(&record.actions) {
        let part = format!("actions/{number}");
        texts.push((part.clone(), &action.task, Place::Other));
        texts.push((part, &action.measure, Place::Other));
    }
    texts
}
