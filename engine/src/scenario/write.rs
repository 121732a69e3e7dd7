//! Writes stories as people do.
//!
//! Invariant: what is written here is read back as the same story.

use indexmap::IndexMap;

use crate::id::{FieldName, RoleName, is_name};
use crate::value::Value;
use crate::workflow::{CUSTOMER, Workflow};

use super::read::local_text;
use super::story::{Deed, Doing, Scenarios, What};

/// Writes the head of a scenarios file, up to its first scenario.
pub(super) fn head(workflow: &Workflow, file: &Scenarios) -> String {
    let people: Vec<String> = file
        .people
        .iter()
        .filter(|(name, _)| name.as_str() != CUSTOMER)
        .map(|(name, role)| format!("{name}: {role}"))
        .collect();
    let clock = local_text(file.clock, workflow.zone()).unwrap_or_default();
    format!(
        "workflow: {}\nclock: {clock}\npeople: {{{}}}\n\nscenarios:\n",
        workflow.reference().id,
        people.join(", ")
    )
}

/// Writes a scenario with the place it must come to.
pub(super) fn scenario(
    name: &str,
    story: &[Doing],
    people: &IndexMap<String, RoleName>,
    at: &str,
    zone: &str,
) -> String {
    let mut text = format!("  - name: {}\n    story:\n", quoted(name));
    for doing in story {
        text.push_str("      - ");
        text.push_str(&line(doing, people, zone));
        text.push('\n');
    }
    text.push_str("    then: {at: ");
    text.push_str(at);
    text.push_str("}\n");
    text
}

/// Writes a line of a story, without its dash.
fn line(doing: &Doing, people: &IndexMap<String, RoleName>, zone: &str) -> String {
    match doing {
        Doing::Open(_) => "open".to_owned(),
        Doing::StartAt { step, answers, .. } => {
            format!("{{start_at: {step}{}}}", with(answers))
        }
        Doing::Wait(length) => format!("{{wait: {length}}}"),
        Doing::Until(time) => format!("{{until: {}}}", local_text(*time, zone).unwrap_or_default()),
        Doing::Person(deed) => person(deed, people, zone),
    }
}

fn person(deed: &Deed, people: &IndexMap<String, RoleName>, zone: &str) -> String {
    let role = if people.get(&deed.person) == Some(&deed.role) {
        String::new()
    } else {
        format!(", as: {}", deed.role)
    };
    let what = match &deed.what {
        What::Advance {
            within,
            name,
            answers,
            reason,
        } => {
            let place = within.as_ref();
            let place = place.map_or_else(|| "anywhere".to_owned(), ToString::to_string);
            let reason = reason.as_ref();
            let reason = reason.map(|reason| format!(", reason: {}", quoted(reason)));
            let (answers, reason) = (with(answers), reason.unwrap_or_default());
            format!("{place}.{name}{role}{answers}{reason}")
        }
        What::Note(note) => format!("note{role}, text: {}", quoted(note)),
        What::Correct {
            field,
            value,
            reason,
        } => {
            let answers = with(&[(field.clone(), value.clone())]);
            format!("correct{role}{answers}, reason: {}", quoted(reason))
        }
        What::Cause { cause, .. } => format!("cause{role}, is: {}/{}", cause.group, cause.name),
        What::Reopen(reason) => format!("reopen{role}, reason: {}", quoted(reason)),
        What::Contact { .. }
        | What::Renegotiate { .. }
        | What::Extend { .. }
        | What::Survey { .. }
        | What::FollowUp { .. } => format!("{}{role}", timely(&deed.what, zone)),
    };
    format!("{{{}: {what}}}", deed.person)
}

/// Writes what people do about promises, clocks, surveys and follow-ups.
fn timely(what: &What, zone: &str) -> String {
    let say = |word: &str, text: Option<&String>| {
        text.map_or_else(String::new, |text| format!(", {word}: {}", quoted(text)))
    };
    match what {
        What::Advance { .. }
        | What::Note(_)
        | What::Correct { .. }
        | What::Cause { .. }
        | What::Reopen(_) => String::new(),
        What::Contact { .. } => "contact".to_owned(),
        What::Renegotiate {
            promise,
            due,
            consent,
        } => {
            let due = local_text(*due, zone).unwrap_or_default();
            let consent = quoted(consent);
            format!("renegotiate, is: {promise}, due: {due}, consent: {consent}")
        }
        What::Extend { clock, reason } => {
            format!("extend, is: {clock}{}", say("reason", reason.as_ref()))
        }
        What::Survey {
            survey,
            answers,
            comment,
        } => {
            let answers = answers.iter();
            let answers: Vec<String> = answers
                .map(|(question, answer)| format!("{question}: {answer}"))
                .collect();
            let (answers, comment) = (answers.join(", "), say("text", comment.as_ref()));
            format!("survey, is: {survey}, with: {{{answers}}}{comment}")
        }
        What::FollowUp { follow_up, note } => {
            format!("follow_up, is: {follow_up}{}", say("text", note.as_ref()))
        }
    }
}

fn with(answers: &[(FieldName, Value)]) -> String {
    if answers.is_empty() {
        return String::new();
    }
    let answers = answers.iter();
    let answers: Vec<String> = answers
        .map(|(field, value)| format!("{field}: {}", spelled(value)))
        .collect();
    format!(", with: {{{}}}", answers.join(", "))
}

fn spelled(value: &Value) -> String {
    match value {
        Value::Choice(choice) if is_name(choice) => choice.clone(),
        Value::Text(text) | Value::Choice(text) => quoted(text),
        Value::YesNo(_) | Value::Number(_) | Value::Money(_) | Value::Date(_) => value.to_string(),
        Value::Document(document) => quoted(&document.name),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
            format!("[{}]", items.join(", "))
        }
    }
}

/// Returns a text in quotation marks. Those of JSON are those of YAML.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
