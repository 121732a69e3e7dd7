//! Identifiers, each of its own type, checked once when they are made.
//!
//! Invariant: a value of a type of this module is valid; nothing checks it again.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The longest name in characters: of a step, task, action, field, role and so on.
pub const NAME_CHARS_MAX: usize = 64;
/// The longest workflow id in characters.
pub const WORKFLOW_ID_CHARS_MAX: usize = 64;
/// The longest request id in characters.
pub const REQUEST_ID_CHARS_MAX: usize = 128;

/// Why a text is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{expected}")]
pub struct InvalidId {
    /// What would have been right, for a person.
    pub expected: &'static str,
}

/// Says whether a text is a name: lower-case letters, digits and `_`, beginning with a letter, at
/// most [`NAME_CHARS_MAX`] characters.
#[must_use]
pub fn is_name(text: &str) -> bool {
    text.len() <= NAME_CHARS_MAX
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Says whether a text is a workflow id: lower-case words of letters and digits joined by `-`.
#[must_use]
pub fn is_workflow_id(text: &str) -> bool {
    text.len() <= WORKFLOW_ID_CHARS_MAX
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

fn is_request_id(text: &str) -> bool {
    (1..=REQUEST_ID_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|b| (0x20..0x7f).contains(&b))
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $check:path, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "Arc<str>", into = "Arc<str>")]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks a text and makes it an identifier.
            ///
            /// # Errors
            ///
            /// [`InvalidId`] says what would have been right.
            pub fn new(text: &str) -> Result<Self, InvalidId> {
                Self::try_from(Arc::from(text))
            }

            /// Returns the text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<Arc<str>> for $name {
            type Error = InvalidId;
            fn try_from(text: Arc<str>) -> Result<Self, InvalidId> {
                if $check(&text) { Ok(Self(text)) } else { Err(InvalidId { expected: $expected }) }
            }
        }

        impl From<$name> for Arc<str> {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }
    };
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)+) => {
        $(text_id!($(#[$doc])* $name, is_name,
            "a name has lower-case letters, digits and _, begins with a letter and has at most 64 \
             characters");)+
    };
}

names! {
    /// A step.
    StepName;
    /// A task of a step.
    TaskName;
    /// An action of a step, or one possible anywhere.
    ActionName;
    /// A field.
    FieldName;
    /// A role of the workflow, or the built-in `customer`.
    RoleName;
    /// An outcome.
    OutcomeName;
    /// A limit of what may be given.
    LimitName;
    /// Working hours of a workflow.
    CalendarName;
    /// A group of causes, such as `process`.
    CauseGroup;
    /// A cause within its group, such as `handover`.
    CauseName;
    /// What failed for the customer, such as `slow`.
    FailureName;
    /// A heading of a regulator, under which complaints are counted.
    ReportingName;
    /// A deadline that spans steps.
    ClockName;
    /// What the customer is told will happen.
    PromiseName;
    /// What is asked of customers after closing.
    SurveyName;
    /// A question of a survey.
    QuestionName;
    /// Something to do some time after closing.
    FollowUpName;
}

text_id!(
    /// The id of a workflow, without its version: `classic-heard`.
    WorkflowId, is_workflow_id,
    "a workflow id has lower-case words of letters and digits joined by -, at most 64 characters"
);
text_id!(
    /// What a caller names a request by, so that a repeat is known as one.
    RequestId, is_request_id,
    "a request id has 1 to 128 printable ASCII characters"
);

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            #[must_use]
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// Reads the hyphenated lower- or upper-case form.
            ///
            /// # Errors
            ///
            /// [`InvalidId`] when the text is not a hyphenated UUID.
            pub fn parse(text: &str) -> Result<Self, InvalidId> {
                let expected = "a UUID looks like 0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7d4";
                if text.len() != 36 {
                    return Err(InvalidId { expected });
                }
                Uuid::try_parse(text).map(Self).map_err(|_| InvalidId { expected })
            }

            /// Returns the UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )+};
}

uuid_id! {
    /// A case.
    CaseId;
    /// A person who acts; random, never a name.
    PersonId;
    /// A customer; random, never a name.
    CustomerId;
    /// Who called us: a help desk or the store's fixed local principal.
    PrincipalId;
}

macro_rules! counts {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )+};
}

counts! {
    /// The number of an entry in its stream: 1, 2, 3 ... without a gap. 0 stands for "none yet".
    Revision(u64);
    /// The number of an entry in the whole store: 1, 2, 3 ... without a gap.
    Position(u64);
    /// The version of a workflow, from 1.
    Version(u32);
}

impl Revision {
    /// Returns the revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A SHA-256 digest, written as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Arc<str>", into = "String")]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// Reads 64 lower-case hex digits.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] when the text is anything else.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let expected = "a SHA-256 digest has 64 lower-case hex digits";
        let mut bytes = [0_u8; 32];
        if text.len() != 64 || text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(InvalidId { expected });
        }
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = str::from_utf8(pair).map_err(|_| InvalidId { expected })?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| InvalidId { expected })?;
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<Arc<str>> for Digest {
    type Error = InvalidId;
    fn try_from(text: Arc<str>) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.to_string()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            for nibble in [byte >> 4, byte & 15] {
                if let Some(digit) = HEX.get(usize::from(nibble)) {
                    text.push(char::from(*digit));
                }
            }
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_at_their_limits() {
        assert!(is_name(&"a".repeat(NAME_CHARS_MAX)));
        assert!(!is_name(&"a".repeat(NAME_CHARS_MAX + 1)));
        for wrong in ["", "1a", "_a", "A", "a-b", "a b", "ä"] {
            assert!(!is_name(wrong), "{wrong:?}");
        }
        assert!(is_workflow_id("classic-heard"));
        for wrong in ["", "-a", "a-", "a--b", "A", "a_b", "1a"] {
            assert!(!is_workflow_id(wrong), "{wrong:?}");
        }
    }

    #[test]
    fn request_ids_are_printable_ascii() {
        assert!(RequestId::new(&"x".repeat(REQUEST_ID_CHARS_MAX)).is_ok());
        for wrong in ["", "a\n", "ä", &"x".repeat(REQUEST_ID_CHARS_MAX + 1)] {
            assert!(RequestId::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn digest_is_written_and_read_as_hex() {
        let digest = Digest([0xab; 32]);
        assert_eq!(Digest::parse(&digest.to_string()), Ok(digest));
        assert!(Digest::parse(&"AB".repeat(32)).is_err());
        assert!(Digest::parse("ab").is_err());
    }
}
