//! Checks the values of a request and seals what must not stand in an entry.
//!
//! A sealed value is committed to by SHA-256("heard/field/v1" ‖ 0 ‖ label ‖ 0 ‖ salt ‖ JSON of the
//! value); the label is `answer/NAME`, `note`, `reason`, `reference` or `cause/PART`.
//!
//! Invariant: `decide` never sees the plaintext of a sealed value.
//! Invariant: no randomness here; salts come in.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Actor;
use super::command::{Act, PlainAct, Values};
use super::event::{Commitment, Held};
use crate::code::Code;
use crate::id::{Digest, FieldName, PersonId, RoleName};
use crate::money::INTEGER_MAX;
use crate::value::{LIST_ITEMS_MAX, LONG_TEXT_BYTES_MAX, TEXT_CHARS_MAX, Value};
use crate::workflow::{Field, FieldKind, Max, Workflow};

/// The most answers that one request may carry.
pub const ANSWERS_MAX: usize = 100;
/// The longest chain of whys.
pub const WHYS_MAX: usize = 20;
/// The most references of evidence of one why.
pub const EVIDENCE_MAX: usize = 10;
/// The longest name of a team, in characters.
pub const TEAM_CHARS_MAX: usize = 64;

/// A request that is not well formed: everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", violations.iter().map(|v| format!("{}: {}", v.field, v.text)).collect::<Vec<_>>().join("; "))]
pub struct BadRequest {
    /// What was found, at least one.
    pub violations: Vec<Violation>,
}

/// One fault of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Its stable code, `HB...`.
    pub code: Code,
    /// The part of the request: `answers.goodwill`, `actor.person`.
    pub field: String,
    /// What is wrong and what would be right, a fragment.
    pub text: String,
}

impl BadRequest {
    /// Returns a request with one fault.
    #[must_use]
    pub fn one(code: Code, field: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            violations: vec![Violation {
                code,
                field: field.into(),
                text: text.into(),
            }],
        }
    }

    /// Returns the code of the first fault.
    #[must_use]
    pub fn code(&self) -> Code {
        self.violations
            .first()
            .map_or(Code::HX002, |violation| violation.code)
    }
}

/// What opens a commitment: kept beside the entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// What it is: `answer/NAME`, `note`, `reason`, `reference` or `cause/PART`.
    pub label: String,
    /// 32 random bytes.
    pub salt: [u8; 32],
    /// The JSON of the value.
    pub value: Vec<u8>,
}

/// A request whose values are checked and sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The request with commitments.
    pub act: Act<Held, Commitment>,
    /// What opens them, in the order in which they stand in the request.
    pub openings: Vec<Opening>,
    /// The hash by which a repeat is known: of the request without its sealed values.
    pub body: Digest,
}

/// Returns the commitment to a value.
#[must_use]
pub fn commitment(label: &str, salt: &[u8; 32], value: &[u8]) -> Commitment {
    let mut hash = Sha256::new();
    for part in [
        b"heard/field/v1".as_slice(),
        &[0],
        label.as_bytes(),
        &[0],
        salt,
        value,
    ] {
        hash.update(part);
    }
    Commitment(Digest(hash.finalize().into()))
}

/// Checks the values of a request against the workflow and seals it.
///
/// # Errors
///
/// [`BadRequest`] with every fault: [`Code::HB001`] a field answered twice, [`Code::HB003`] an
/// unknown field, [`Code::HB004`] a value that does not suit its field, [`Code::HB005`] an unknown
/// role.
pub fn seal(
    workflow: &Workflow,
    actor: &Actor,
    act: &PlainAct,
    salt: impl FnMut() -> [u8; 32],
) -> Result<Sealed, BadRequest> {
    let violations = check(workflow, actor, act);
    if !violations.is_empty() {
        return Err(BadRequest { violations });
    }
    let mut sealer = Sealer {
        workflow,
        salt,
        openings: Vec::new(),
    };
    let act_sealed = act.map(&mut sealer);
    let body = body_hash(actor, &act.map(&mut Labels(workflow)));
    Ok(Sealed {
        act: act_sealed,
        openings: sealer.openings,
        body,
    })
}

fn is_sealed(workflow: &Workflow, name: &FieldName) -> bool {
    workflow
        .field(name.as_str())
        .is_some_and(|(_, field)| field.sealed)
}

/// Turns what must not stand in an entry into commitments.
struct Sealer<'a, S> {
    workflow: &'a Workflow,
    salt: S,
    openings: Vec<Opening>,
}

impl<S: FnMut() -> [u8; 32]> Sealer<'_, S> {
    fn seal(&mut self, label: String, value: &Value) -> Commitment {
        let opening = Opening {
            salt: (self.salt)(),
            value: value.to_json(),
            label,
        };
        let commitment = commitment(&opening.label, &opening.salt, &opening.value);
        self.openings.push(opening);
        commitment
    }
}

impl<S: FnMut() -> [u8; 32]> Values<Value, String> for Sealer<'_, S> {
    type Answer = Held;
    type Text = Commitment;

    fn answer(&mut self, field: &FieldName, value: &Value) -> Held {
        if is_sealed(self.workflow, field) {
            Held::Sealed(self.seal(format!("answer/{field}"), value))
        } else {
            Held::Open(value.clone())
        }
    }

    fn text(&mut self, label: &'static str, text: &String) -> Commitment {
        self.seal(label.to_owned(), &Value::Text(text.clone()))
    }
}

/// Leaves open values as they are and only the labels of sealed ones.
struct Labels<'a>(&'a Workflow);

impl Values<Value, String> for Labels<'_> {
    type Answer = Option<Value>;
    type Text = &'static str;

    fn answer(&mut self, field: &FieldName, value: &Value) -> Option<Value> {
        (!is_sealed(self.0, field)).then(|| value.clone())
    }

    fn text(&mut self, label: &'static str, _: &String) -> &'static str {
        label
    }
}

/// Says what is wrong with the texts of a request.
struct Texts<'a, F>(&'a mut F);

impl<F: FnMut(Code, String, String)> Values<Value, String> for Texts<'_, F> {
    type Answer = ();
    type Text = ();

    fn answer(&mut self, _: &FieldName, _: &Value) {}

    fn text(&mut self, label: &'static str, text: &String) {
        let is_short = matches!(label, "reference" | "cause/evidence");
        let fault = if is_short {
            check_text(text)
        } else {
            check_long_text(text)
        };
        if let Err((code, text)) = fault {
            (self.0)(code, label.to_owned(), text);
        }
    }
}

fn body_hash(actor: &Actor, act: &Act<Option<Value>, &'static str>) -> Digest {
    #[derive(Serialize)]
    struct Body<'a> {
        act: &'a Act<Option<Value>, &'static str>,
        person: PersonId,
        role: &'a RoleName,
    }
    let body = Body {
        act,
        person: actor.person,
        role: &actor.role,
    };
    // Maps with text keys and no floats: serde_json has no way to fail.
    let json = serde_json::to_vec(&body).unwrap_or_default();
    Digest(Sha256::digest(json).into())
}

fn check(workflow: &Workflow, actor: &Actor, act: &PlainAct) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut say = |code, field: String, text: String| found.push(Violation { code, field, text });
    if workflow.role(actor.role.as_str()).is_none() {
        let known: Vec<&str> = workflow.roles().keys().map(RoleName::as_str).collect();
        let text = format!(
            "the workflow has no role `{}`; it has {}",
            actor.role,
            known.join(", ")
        );
        say(Code::HB005, "actor.role".to_owned(), text);
    }
    let answers: Vec<(&FieldName, &Value)> = match act {
        Act::Advance(advance) => advance.answers.iter().map(|(f, v)| (f, v)).collect(),
        Act::Import(import) => import.answers.iter().map(|(f, v)| (f, v)).collect(),
        Act::Correct(correct) => vec![(&correct.field, &correct.value)],
        Act::Open(_) | Act::Note(_) | Act::Reopen(_) | Act::RecordCause(_) => Vec::new(),
    };
    if answers.len() > ANSWERS_MAX {
        let text = format!("at most {ANSWERS_MAX} answers may come at once");
        say(Code::HB004, "answers".to_owned(), text);
    }
    let mut seen = std::collections::BTreeSet::new();
    for (name, value) in answers {
        let path = format!("answers.{name}");
        if !seen.insert(name) {
            say(Code::HB001, path, "the field is answered twice".to_owned());
            continue;
        }
        match workflow.field(name.as_str()) {
            None => {
                let known: Vec<&str> = workflow.fields().keys().map(FieldName::as_str).collect();
                let text = format!(
                    "the workflow has no field `{name}`; it has {}",
                    known.join(", ")
                );
                say(Code::HB003, path, text);
            }
            Some((_, field)) => {
                if let Err((code, text)) = check_value(field, value) {
                    say(code, path, text);
                }
            }
        }
    }
    check_texts(act, &mut say);
    found
}

fn check_texts(act: &PlainAct, say: &mut impl FnMut(Code, String, String)) {
    act.map(&mut Texts(say));
    let team = match act {
        Act::Open(open) => open.team.as_ref(),
        Act::Import(import) => import.team.as_ref(),
        Act::Advance(_) | Act::Correct(_) | Act::Note(_) | Act::Reopen(_) | Act::RecordCause(_) => {
            None
        }
    };
    if team.is_some_and(|team| team.is_empty() || team.chars().count() > TEAM_CHARS_MAX) {
        let text = format!("a team has 1 to {TEAM_CHARS_MAX} characters");
        say(Code::HB004, "team".to_owned(), text);
    }
    if let Act::RecordCause(record) = act {
        if record.whys.len() > WHYS_MAX {
            let text = format!("a chain of whys has at most {WHYS_MAX} links");
            say(Code::HB004, "whys".to_owned(), text);
        }
        if record
            .whys
            .iter()
            .any(|why| why.evidence.len() > EVIDENCE_MAX)
        {
            let text = format!("a why has at most {EVIDENCE_MAX} references of evidence");
            say(Code::HB004, "whys.evidence".to_owned(), text);
        }
    }
}

/// Says what is wrong with a value as the answer of a field, by itself.
///
/// # Errors
///
/// The code and a fragment that says what would be right.
pub fn check_value(field: &Field, value: &Value) -> Result<(), (Code, String)> {
    let out = |text: String| Err((Code::HB004, text));
    match (&field.kind, value) {
        (FieldKind::Text { pattern }, Value::Text(text)) => {
            check_text(text)?;
            match pattern {
                Some(pattern) if !pattern.matches(text) => Err((
                    Code::HB004,
                    format!("it does not match the pattern {}", pattern.source),
                )),
                Some(_) | None => Ok(()),
            }
        }
        (FieldKind::LongText, Value::Text(text)) => check_long_text(text),
        (FieldKind::Choice { of }, Value::Choice(choice)) if !of.contains(choice) => {
            out(format!("it is none of {}", of.join(", ")))
        }
        (FieldKind::Choice { .. }, Value::Choice(_))
        | (FieldKind::YesNo, Value::YesNo(_))
        | (FieldKind::Date, Value::Date(_)) => Ok(()),
        (FieldKind::Number { min, max }, Value::Number(number)) => {
            check_range(*number, *min, *max, &|number| number.to_string())
        }
        (FieldKind::Money { currency, .. }, Value::Money(money)) if money.currency != *currency => {
            out(format!("it is not in {currency}"))
        }
        (FieldKind::Money { currency, max }, Value::Money(money)) => {
            let shown = |minor| {
                crate::money::Money {
                    currency: *currency,
                    minor,
                }
                .to_string()
            };
            check_range(money.minor, Some(0), *max, &shown)
        }
        (FieldKind::Document, Value::Document(document)) => {
            for part in [&document.location, &document.media_type, &document.name] {
                check_text(part)?;
            }
            Ok(())
        }
        (FieldKind::List, Value::List(items)) if items.len() > LIST_ITEMS_MAX => {
            out(format!("it has more than {LIST_ITEMS_MAX} items"))
        }
        (FieldKind::List, Value::List(items)) => items.iter().try_for_each(|item| check_text(item)),
        (kind, _) => Err((Code::HB004, format!("it must be a {}", kind.as_str()))),
    }
}

fn check_long_text(text: &str) -> Result<(), (Code, String)> {
    let fault = match text.len() {
        0 => "it is empty".to_owned(),
        bytes if bytes > LONG_TEXT_BYTES_MAX => {
            format!("it has more than {LONG_TEXT_BYTES_MAX} bytes")
        }
        _ if text.contains('\0') => "it holds a NUL character".to_owned(),
        _ => return Ok(()),
    };
    Err((Code::HB004, fault))
}

fn check_text(text: &str) -> Result<(), (Code, String)> {
    let fault = match text.chars().count() {
        0 => "it is empty".to_owned(),
        count if count > TEXT_CHARS_MAX => format!("it has more than {TEXT_CHARS_MAX} characters"),
        _ if text.contains('\0') => "it holds a NUL character".to_owned(),
        _ => return Ok(()),
    };
    Err((Code::HB004, fault))
}

fn check_range(
    number: i64,
    min: Option<i64>,
    max: Option<Max>,
    shown: &dyn Fn(i64) -> String,
) -> Result<(), (Code, String)> {
    let min = min.unwrap_or(-INTEGER_MAX);
    // A `max` that names a field is checked when the command is decided.
    let max = match max {
        Some(Max::Fixed(max)) => max,
        Some(Max::Field(_)) | None => INTEGER_MAX,
    };
    if (min..=max).contains(&number) {
        return Ok(());
    }
    Err((
        Code::HB004,
        format!("it must be from {} to {}", shown(min), shown(max)),
    ))
}

/// Returns whether the values of a repeated request are those of the stored one: the commitments
/// are made anew with the stored salts. A stored value that was erased is taken as equal.
///
/// `stored` gives the opening at a place of the stored entry.
#[must_use]
pub fn is_same<'a>(openings: &[Opening], stored: impl Fn(usize) -> Option<&'a Opening>) -> bool {
    openings.iter().enumerate().all(|(place, opening)| {
        stored(place).is_none_or(|stored| {
            stored.label == opening.label
                && commitment(&stored.label, &stored.salt, &stored.value)
                    == commitment(&opening.label, &stored.salt, &opening.value)
        })
    })
}
