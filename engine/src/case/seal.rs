//! Checks the values of a request and seals what must not stand in an entry.
//!
//! A sealed value is committed to by SHA-256("heard/field/v1" ‖ 0 ‖ label ‖ 0 ‖ salt ‖ JSON of the
//! value); the label is `answer/NAME`, `note`, `reason`, `reference`, `consent`, `comment` or
//! `cause/PART`.
//!
//! Invariant: `decide` never sees the plaintext of a sealed value.
//! Invariant: no randomness here; salts come in.

mod blaming;
mod check;
#[cfg(test)]
mod tests;

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::Actor;
use super::command::{Act, PlainAct, Values};
use super::event::{Commitment, Held};
use crate::blame::Names;
use crate::code::Code;
use crate::id::{Digest, FieldName, PersonId, RoleName};
use crate::value::Value;
use crate::workflow::Workflow;

pub use check::{
    ACTIONS_MAX, ANSWERS_MAX, CHANNEL_CHARS_MAX, CONTRIBUTING_MAX, EVIDENCE_ALL_MAX, EVIDENCE_MAX,
    POLICY_ID_CHARS_MAX, SIMILAR_MAX, TEAM_CHARS_MAX, WHYS_MAX, check_value,
};

/// A request that is not well formed: everything that was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    violations.iter().map(|v| format!("{}: {}", v.field, v.text)).collect::<Vec<_>>().join("; ")
)]
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
    /// What it is: `answer/NAME`, `note`, `reason`, `reference`, `consent`, `comment` or
    /// `cause/PART`.
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

/// Checks the values of a request against the workflow and seals it. `staff` are the names that no
/// diagnosis may hold.
///
/// # Errors
///
/// [`BadRequest`] with every fault: [`Code::HB001`] a field or question answered twice,
/// [`Code::HB003`] an unknown field, [`Code::HB004`] a value that does not suit its field,
/// [`Code::HB005`] an unknown role.
pub fn seal(
    workflow: &Workflow,
    actor: &Actor,
    act: &PlainAct,
    staff: &Names,
    salt: impl FnMut() -> [u8; 32],
) -> Result<Sealed, BadRequest> {
    let violations = check::check(workflow, actor, act);
    if !violations.is_empty() {
        return Err(BadRequest { violations });
    }
    let mut sealer = Sealer {
        workflow,
        salt,
        openings: Vec::new(),
    };
    let mut act_sealed = act.map(&mut sealer);
    if let (Act::RecordCause(sealed), Act::RecordCause(plain)) = (&mut act_sealed, act) {
        // Nobody reads the texts later, so what reads as blame is found here.
        sealed.blaming = blaming::blaming(workflow, plain, staff);
    }
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
    let json = serde_json::to_vec(&body);
    // Maps with text keys and no floats: serde_json has no way to fail.
    let json = json.unwrap_or_else(|error| unreachable!("a request is JSON: {error}"));
    Digest(Sha256::digest(json).into())
}

/// Returns whether the sealed values of a repeated request are those of the stored one, whose body
/// hash is the same. A stored value that was erased is taken as equal.
///
/// `stored` gives the opening at a place of the stored entry.
#[must_use]
pub fn is_same<'a>(openings: &[Opening], stored: impl Fn(usize) -> Option<&'a Opening>) -> bool {
    openings.iter().enumerate().all(|(place, opening)| {
        stored(place)
            .is_none_or(|stored| (&stored.label, &stored.value) == (&opening.label, &opening.value))
    })
}
