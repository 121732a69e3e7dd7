//! Says what is wrong with the values of a request, each by itself.
//!
//! Invariant: everything is found in one run; nothing here looks at a case.

use std::collections::BTreeSet;

use super::Violation;
use crate::case::Actor;
use crate::case::command::{Act, PlainAct, RecordCause, Values};
use crate::case::diagnosis::{Effect, Target, Why};
use crate::code::Code;
use crate::id::{FieldName, QuestionName};
use crate::money::{INTEGER_MAX, Money};
use crate::value::{Document, LIST_ITEMS_MAX, LONG_TEXT_BYTES_MAX, TEXT_CHARS_MAX, Value};
use crate::workflow::{Field, FieldKind, Max, Workflow};

/// The most answers that one request may carry.
pub const ANSWERS_MAX: usize = 100;
/// The longest chain of whys.
pub const WHYS_MAX: usize = 20;
/// The most references of evidence of one why.
pub const EVIDENCE_MAX: usize = 10;
/// The most references of evidence of a diagnosis.
pub const EVIDENCE_ALL_MAX: usize = 60;
/// The most contributing causes of a diagnosis.
pub const CONTRIBUTING_MAX: usize = 10;
/// The most actions of a diagnosis.
pub const ACTIONS_MAX: usize = 10;
/// The most similar cases that a diagnosis names.
pub const SIMILAR_MAX: usize = 50;
/// The longest id of a policy, in characters.
pub const POLICY_ID_CHARS_MAX: usize = 100;
/// The longest name of a team, in characters.
pub const TEAM_CHARS_MAX: usize = 64;
/// The longest name of a channel, in characters.
pub const CHANNEL_CHARS_MAX: usize = 64;

/// Says everything that is wrong with a request.
pub(super) fn check(workflow: &Workflow, actor: &Actor, act: &PlainAct) -> Vec<Violation> {
    let mut checker = Checker {
        workflow,
        answered: BTreeSet::new(),
        found: Vec::new(),
    };
    if workflow.role(actor.role.as_str()).is_none() {
        let known = list(workflow.roles().keys());
        let text = format!("the workflow has no role `{}`; it has {known}", actor.role);
        checker.say(Code::HB005, "actor.role", text);
    }
    act.map(&mut checker);
    checker.count(act);
    checker.found
}

/// Visits the values of a request and gathers what is wrong with them.
struct Checker<'a> {
    workflow: &'a Workflow,
    answered: BTreeSet<FieldName>,
    found: Vec<Violation>,
}

impl Checker<'_> {
    fn say(&mut self, code: Code, field: impl Into<String>, text: String) {
        let field = field.into();
        self.found.push(Violation { code, field, text });
    }

    /// Checks what is counted: answers, characters of a team, whys, evidence.
    fn count(&mut self, act: &PlainAct) {
        if self.answered.len() > ANSWERS_MAX {
            let text = format!("at most {ANSWERS_MAX} answers may come at once");
            self.say(Code::HB004, "answers", text);
        }
        match act {
            Act::Open(open) => self.word("team", open.team.as_deref(), TEAM_CHARS_MAX),
            Act::Import(import) => self.word("team", import.team.as_deref(), TEAM_CHARS_MAX),
            Act::RecordCause(record) => self.diagnosis(record),
            Act::Contact(contact) => {
                self.word("channel", contact.channel.as_deref(), CHANNEL_CHARS_MAX);
            }
            Act::Survey(survey) => self.scores(&survey.answers),
            Act::CheckEffect(check) => {
                if let Effect::Observed(number) = check.effect {
                    self.number("observed", number);
                }
            }
            Act::Advance(_)
            | Act::Correct(_)
            | Act::Note(_)
            | Act::Reopen(_)
            | Act::Extend(_)
            | Act::Renegotiate(_)
            | Act::FollowUp(_)
            | Act::ReviewCause(_)
            | Act::CompleteAction(_)
            | Act::ConfirmIssue(_)
            | Act::LinkCause(_)
            | Act::Merge(_)
            | Act::MergeInto(_) => {}
        }
    }

    /// Checks what is counted in a diagnosis, so that it fits into an entry.
    fn diagnosis(&mut self, record: &RecordCause<String>) {
        let evidence = |why: &Why<String>| why.evidence.len();
        let of_one = record.whys.iter().map(evidence).max().unwrap_or(0);
        let of_all = record.whys.iter().map(evidence).sum();
        let counted: [(&str, usize, usize, &str); 6] = [
            (
                "whys",
                record.whys.len(),
                WHYS_MAX,
                "links of a chain of whys",
            ),
            (
                "whys.evidence",
                of_one,
                EVIDENCE_MAX,
                "references of evidence of a why",
            ),
            (
                "whys.evidence",
                of_all,
                EVIDENCE_ALL_MAX,
                "references of evidence in all",
            ),
            (
                "contributing",
                record.contributing.len(),
                CONTRIBUTING_MAX,
                "contributing causes",
            ),
            ("actions", record.actions.len(), ACTIONS_MAX, "actions"),
            (
                "similar",
                record.similar.len(),
                SIMILAR_MAX,
                "similar cases",
            ),
        ];
        for (part, count, most, what) in counted {
            if count > most {
                self.say(Code::HB004, part, format!("at most {most} {what} may come"));
            }
        }
        self.policy_id(record.policy_id.as_deref());
        for (place, action) in record.actions.iter().enumerate() {
            if let Some(Target::AtMost(bound) | Target::AtLeast(bound)) = action.target {
                self.number(&format!("actions/{}.target", place + 1), bound);
            }
        }
    }

    /// Checks the id of a policy. It stands in entries and reports as it is, so it has no room for
    /// a sentence.
    fn policy_id(&mut self, id: Option<&str>) {
        self.word("policy_id", id, POLICY_ID_CHARS_MAX);
        let is_of_id = |letter: char| letter.is_alphanumeric() || ".-_/:#".contains(letter);
        if id.is_some_and(|id| !id.chars().all(is_of_id)) {
            let text = "the id of a policy has letters, digits and . - _ / : # only".to_owned();
            self.say(Code::HB004, "policy_id", text);
        }
    }

    /// Checks a number that stands in an entry.
    fn number(&mut self, part: &str, number: i64) {
        if let Err(text) = check_range(number, None, None, |bound| bound.to_string()) {
            self.say(Code::HB004, part, text);
        }
    }

    /// Checks a word of the caller's own that stands in entries as it is.
    fn word(&mut self, part: &str, word: Option<&str>, chars_max: usize) {
        let Some(word) = word else { return };
        if !(1..=chars_max).contains(&word.chars().count()) {
            let text = format!("a {part} has 1 to {chars_max} characters");
            self.say(Code::HB004, part, text);
        } else if let Err(text) = check_characters(word).and_then(|()| check_printable(word)) {
            self.say(Code::HB004, part, text);
        }
    }

    /// Checks the answers of a survey, each question at most once.
    fn scores(&mut self, answers: &[(QuestionName, u32)]) {
        if answers.is_empty() {
            let text = "no question is answered; at least one must be".to_owned();
            self.say(Code::HB004, "answers", text);
        }
        if answers.len() > ANSWERS_MAX {
            let text = format!("at most {ANSWERS_MAX} answers may come at once");
            self.say(Code::HB004, "answers", text);
        }
        let mut answered = BTreeSet::new();
        for (question, _) in answers {
            if !answered.insert(question) {
                let text = "the question is answered twice".to_owned();
                self.say(Code::HB001, format!("answers.{question}"), text);
            }
        }
    }
}

impl Values<Value, String> for Checker<'_> {
    type Answer = ();
    type Text = ();

    fn answer(&mut self, name: &FieldName, value: &Value) {
        let path = format!("answers.{name}");
        if !self.answered.insert(name.clone()) {
            return self.say(Code::HB001, path, "the field is answered twice".to_owned());
        }
        let unknown = || {
            let known = list(self.workflow.fields().keys());
            let text = format!("the workflow has no field `{name}`; it has {known}");
            (Code::HB003, text)
        };
        let field = self.workflow.field(name.as_str()).ok_or_else(unknown);
        let checked = field.and_then(|(_, field)| check_value(field, value));
        if let Err((code, text)) = checked {
            self.say(code, path, text);
        }
    }

    fn text(&mut self, label: &'static str, text: &String) {
        let checked = match label {
            "reference" | "cause/evidence" => check_text(text),
            _ => check_long_text(text),
        };
        if let Err(text) = checked {
            self.say(Code::HB004, label, text);
        }
    }
}

/// Says what is wrong with a value as the answer of a field, by itself.
///
/// # Errors
///
/// The code and a fragment that says what would be right.
pub fn check_value(field: &Field, value: &Value) -> Result<(), (Code, String)> {
    let checked = match (&field.kind, value) {
        (FieldKind::Text { pattern }, Value::Text(text)) => {
            check_text(text).and_then(|()| match pattern {
                Some(pattern) if !pattern.matches(text) => {
                    Err(format!("it does not match the pattern {}", pattern.source))
                }
                Some(_) | None => Ok(()),
            })
        }
        (FieldKind::LongText, Value::Text(text)) => check_long_text(text),
        (FieldKind::Choice { of }, Value::Choice(choice)) if !of.contains(choice) => {
            Err(format!("it is none of {}", list(of)))
        }
        (FieldKind::Choice { .. }, Value::Choice(_))
        | (FieldKind::YesNo, Value::YesNo(_))
        | (FieldKind::Date, Value::Date(_)) => Ok(()),
        (FieldKind::Number { min, max }, Value::Number(number)) => {
            check_range(*number, *min, *max, |number| number.to_string())
        }
        (FieldKind::Money { currency, max }, Value::Money(money)) => {
            let currency = *currency;
            if money.currency == currency {
                check_range(money.minor, Some(0), *max, |minor| {
                    Money { currency, minor }.to_string()
                })
            } else {
                Err(format!("it is not in {currency}"))
            }
        }
        (FieldKind::Document, Value::Document(document)) => check_document(document),
        (FieldKind::List, Value::List(items)) if items.len() > LIST_ITEMS_MAX => {
            Err(format!("it has more than {LIST_ITEMS_MAX} items"))
        }
        (FieldKind::List, Value::List(items)) => items.iter().try_for_each(|item| check_text(item)),
        (kind, _) => Err(format!("it is not of the type {}", kind.as_str())),
    };
    checked.map_err(|text| (Code::HB004, text))
}

fn check_document(document: &Document) -> Result<(), String> {
    let parts = [&document.location, &document.media_type, &document.name];
    parts.into_iter().try_for_each(|part| check_text(part))
}

fn check_long_text(text: &str) -> Result<(), String> {
    if text.len() > LONG_TEXT_BYTES_MAX {
        return Err(format!("it has more than {LONG_TEXT_BYTES_MAX} bytes"));
    }
    check_characters(text)
}

fn check_text(text: &str) -> Result<(), String> {
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(format!("it has more than {TEXT_CHARS_MAX} characters"));
    }
    check_characters(text)
}

fn check_characters(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Err("it is empty".to_owned());
    }
    if text.contains('\0') {
        return Err("it holds a NUL character".to_owned());
    }
    Ok(())
}

fn check_printable(text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err("it holds a character that cannot be printed".to_owned());
    }
    Ok(())
}

fn check_range(
    number: i64,
    min: Option<i64>,
    max: Option<Max>,
    shown: impl Fn(i64) -> String,
) -> Result<(), String> {
    let min = min.unwrap_or(-INTEGER_MAX);
    // A `max` that names a field is checked when the command is decided.
    let max = match max {
        Some(Max::Fixed(max)) => max,
        Some(Max::Field(_)) | None => INTEGER_MAX,
    };
    if (min..=max).contains(&number) {
        return Ok(());
    }
    Err(format!("it must be from {} to {}", shown(min), shown(max)))
}

fn list(names: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
    names.join(", ")
}
