//! Everything that is random or secret: salts, ids, keys.
//!
//! Invariant: ids of new cases are not random: the same request always makes the same one.

use heard_engine::id::{CaseId, PrincipalId, RequestId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use uuid::Uuid;

use crate::store::Identity;

/// Returns 32 random bytes.
///
/// # Panics
///
/// When the machine has no randomness to give; nothing could be sealed then.
#[expect(
    clippy::expect_used,
    reason = "without randomness nothing can be sealed or made"
)]
pub(super) fn salt() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the machine gives random bytes");
    bytes
}

/// Returns what a new store is born with.
#[must_use]
pub fn new_identity() -> Identity {
    Identity {
        log: format!("heard.invalid/{}", Uuid::new_v4().simple()),
        id_key: salt(),
        principal: PrincipalId::new(Uuid::new_v4()),
    }
}

/// Returns a request id that nobody used before.
///
/// # Panics
///
/// Never: a UUID is printable ASCII of 36 characters.
#[must_use]
#[expect(clippy::expect_used, reason = "a UUID is a request id")]
pub fn random_request_id() -> RequestId {
    RequestId::new(&Uuid::new_v4().to_string()).expect("a UUID is a request id")
}

/// Returns the id of the case that a request opens: `UUIDv8` of HMAC-SHA-256 under the key of the
/// store over the principal, a zero byte and the request id.
///
/// Source: RFC 9562, section 5.8.
pub(super) fn new_case_id(key: &[u8; 32], principal: PrincipalId, request: &RequestId) -> CaseId {
    // HMAC takes keys of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        unreachable!("a key of 32 bytes")
    };
    mac.update(principal.to_string().as_bytes());
    mac.update(&[0]);
    mac.update(request.as_str().as_bytes());
    let digest: [u8; 32] = mac.finalize().into_bytes().into();
    let mut id = [0; 16];
    id.iter_mut()
        .zip(digest)
        .for_each(|(byte, from)| *byte = from);
    CaseId::new(Uuid::new_v8(id))
}
