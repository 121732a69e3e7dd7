//! Everything that is random or secret: salts, ids, keys.
//!
//! Invariant: ids of new cases are not random: the same request always makes the same one.
//! Invariant: what is seeded is made of the seed and of what it is for, never of what was made
//! before: the same requests make the same bytes, whatever came between them.

use heard_engine::id::{CaseId, Digest, PrincipalId, RequestId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::store::Identity;

/// Where randomness comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entropy {
    /// From the machine.
    #[default]
    System,
    /// From a number, for test systems: nothing made of it is secret.
    Seeded(u64),
}

impl Entropy {
    /// Returns what a new store is born with.
    #[must_use]
    pub fn identity(self, is_virtual: bool) -> Identity {
        let uuid = |what: &str| match self {
            Self::System => Uuid::new_v4(),
            Self::Seeded(seed) => uuid_of(derived(&seed.to_be_bytes(), &[what.as_bytes()])),
        };
        Identity {
            log: format!("heard.invalid/{}", uuid("log").simple()),
            id_key: match self {
                Self::System => random(),
                Self::Seeded(seed) => derived(&seed.to_be_bytes(), &[b"id_key"]),
            },
            principal: PrincipalId::new(uuid("principal")),
            is_virtual,
        }
    }

    /// Returns a request id that nobody used before; of a seed, one for the bytes that the request
    /// is about.
    ///
    /// # Panics
    ///
    /// Never: a UUID is printable ASCII of 36 characters.
    #[must_use]
    #[expect(clippy::expect_used, reason = "a UUID is a request id")]
    pub fn request_id(self, about: &[u8]) -> RequestId {
        let id = match self {
            Self::System => Uuid::new_v4(),
            Self::Seeded(seed) => uuid_of(derived(&seed.to_be_bytes(), &[b"request", about])),
        };
        RequestId::new(&id.to_string()).expect("a UUID is a request id")
    }

    /// Returns the salts of a request on a case, one after the other.
    pub(super) fn salts(self, case: CaseId, request: Digest) -> impl FnMut() -> [u8; 32] {
        let mut index = 0_u32;
        move || match self {
            Self::System => random(),
            Self::Seeded(seed) => {
                let (case, place) = (case.to_string(), index.to_be_bytes());
                index += 1;
                let parts: [&[u8]; 4] = [b"salt", case.as_bytes(), &request.0, &place];
                derived(&seed.to_be_bytes(), &parts)
            }
        }
    }
}

/// Returns what a new store is born with, at random.
#[must_use]
pub fn new_identity() -> Identity {
    Entropy::System.identity(false)
}

/// Returns a request id that nobody used before.
#[must_use]
pub fn random_request_id() -> RequestId {
    Entropy::System.request_id(&[])
}

/// Returns 32 random bytes.
///
/// # Panics
///
/// When the machine has no randomness to give; nothing could be sealed then.
#[expect(
    clippy::expect_used,
    reason = "without randomness nothing can be sealed or made"
)]
fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the machine gives random bytes");
    bytes
}

/// Returns the id of the case that a request opens: `UUIDv8` of HMAC-SHA-256 under the key of the
/// store over the principal, a zero byte and the request id.
///
/// Source: RFC 9562, section 5.8.
pub(super) fn new_case_id(key: &[u8; 32], principal: PrincipalId, request: &RequestId) -> CaseId {
    let principal = principal.to_string();
    let parts: [&[u8]; 2] = [principal.as_bytes(), request.as_str().as_bytes()];
    CaseId::new(uuid_of(derived(key, &parts)))
}

/// Returns HMAC-SHA-256 under a key over parts with a zero byte between each two.
fn derived(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("HMAC takes any key")
    };
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            mac.update(&[0]);
        }
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

fn uuid_of(digest: [u8; 32]) -> Uuid {
    let mut id = [0; 16];
    id.iter_mut()
        .zip(digest)
        .for_each(|(byte, from)| *byte = from);
    Uuid::new_v8(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_makes_the_same_again_and_another_seed_makes_another() {
        let case = CaseId::new(Uuid::from_u128(1));
        let two = |entropy: Entropy, request: u8| {
            let mut salts = entropy.salts(case, Digest([request; 32]));
            [salts(), salts()]
        };
        let (one, other) = (Entropy::Seeded(1), Entropy::Seeded(2));
        assert_eq!(two(one, 1), two(one, 1));
        let all = [
            two(one, 1),
            two(one, 2),
            two(other, 1),
            two(Entropy::System, 1),
        ];
        let distinct: std::collections::BTreeSet<_> = all.iter().flatten().collect();
        assert_eq!(distinct.len(), 8);
        assert_eq!(one.identity(true), one.identity(true));
        assert_ne!(one.identity(true), other.identity(true));
        assert_eq!(one.request_id(b"a"), one.request_id(b"a"));
        assert_ne!(one.request_id(b"a"), one.request_id(b"b"));
    }
}
