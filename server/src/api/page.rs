//! Pages of a list: how many rows, and tokens that say where the next page begins.
//!
//! Invariant: a token is good for the very list it was made for: same call, same filters.

use std::fmt::Write as _;

use heard_engine::case::seal::BadRequest;
use heard_engine::code::Code;
use heard_engine::time::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::store::{Cursor, DuePlace, PAGE_ROWS_MAX};

/// The rows of a page whose size is not said.
pub const PAGE_ROWS: usize = 50;
/// The bytes of the digest by which a token knows its list.
const DIGEST_BYTES: usize = 12;

/// A list that is asked for: which one, and with which filters.
#[derive(Debug, Clone)]
pub(super) struct List {
    digest: Sha256,
}

impl List {
    /// Names a list by its call and its filters, in any form that differs when they differ.
    pub(super) fn new(call: &str, filters: &[u8]) -> Self {
        let mut digest = Sha256::new();
        for part in [
            b"heard/page/v1".as_slice(),
            &[0],
            call.as_bytes(),
            &[0],
            filters,
            &[0],
        ] {
            digest.update(part);
        }
        Self { digest }
    }

    /// Makes the token of the page that follows the row of the cursor.
    pub(super) fn token(&self, after: Cursor) -> String {
        self.write([after.0])
    }

    /// Reads a token made by [`token`](Self::token); an empty one is that of the first page.
    ///
    /// # Errors
    ///
    /// [`Code::HB006`] when it was not made for this list.
    pub(super) fn cursor(&self, token: &str) -> Result<Cursor, BadRequest> {
        if token.is_empty() {
            return Ok(Cursor::default());
        }
        let [cursor] = self.read(token)?;
        Ok(Cursor(cursor))
    }

    /// Makes the token of the page that follows a case that is due.
    pub(super) fn due_token(&self, after: DuePlace) -> String {
        self.write([after.due_at.micros().cast_unsigned(), after.key.0])
    }

    /// Reads a token made by [`due_token`](Self::due_token); an empty one is that of the first
    /// page.
    ///
    /// # Errors
    ///
    /// [`Code::HB006`] when it was not made for this list.
    pub(super) fn due_place(&self, token: &str) -> Result<Option<DuePlace>, BadRequest> {
        if token.is_empty() {
            return Ok(None);
        }
        let [due_at, key] = self.read(token)?;
        let due_at = Timestamp::from_micros(due_at.cast_signed()).map_err(|_| foreign())?;
        let key = Cursor(key);
        Ok(Some(DuePlace { due_at, key }))
    }

    fn write<const N: usize>(&self, parts: [u64; N]) -> String {
        let mut digest = self.digest.clone();
        let mut token = String::new();
        for part in parts {
            digest.update(part.to_be_bytes());
            put_hex(&mut token, part.to_be_bytes());
        }
        put_hex(&mut token, digest.finalize().into_iter().take(DIGEST_BYTES));
        token
    }

    fn read<const N: usize>(&self, token: &str) -> Result<[u64; N], BadRequest> {
        let mut parts = [0; N];
        let mut rest = token;
        for part in &mut parts {
            let (digits, after) = rest.split_at_checked(16).ok_or_else(foreign)?;
            *part = u64::from_str_radix(digits, 16).map_err(|_| foreign())?;
            rest = after;
        }
        if self.write(parts) == token {
            Ok(parts)
        } else {
            Err(foreign())
        }
    }
}

fn put_hex(text: &mut String, bytes: impl IntoIterator<Item = u8>) {
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _written = write!(text, "{byte:02x}");
    }
}

/// Says that a token belongs to another list.
fn foreign() -> BadRequest {
    BadRequest::one(
        Code::HB006,
        "page_token",
        "it was not given for this list: leave it empty for the first page, and keep the filters \
         as they were for the next",
    )
}

/// Returns how many rows are wanted.
///
/// # Errors
///
/// [`Code::HB001`] for a negative number.
pub(super) fn rows(page_size: i32) -> Result<usize, BadRequest> {
    match usize::try_from(page_size) {
        Ok(0) => Ok(PAGE_ROWS),
        Ok(rows) => Ok(rows.min(PAGE_ROWS_MAX)),
        Err(_) => {
            let text = format!("a page has 1 to {PAGE_ROWS_MAX} rows; 0 stands for {PAGE_ROWS}");
            Err(BadRequest::one(Code::HB001, "page_size", text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_leads_back_to_its_cursor_in_its_own_list_only() {
        let list = List::new("ListCases", b"open");
        for number in [0, 1, 4_711, u64::MAX] {
            let token = list.token(Cursor(number));
            assert_eq!(list.cursor(&token), Ok(Cursor(number)));
            for other in [
                List::new("ListCases", b"closed"),
                List::new("ListEntries", b"open"),
            ] {
                assert_eq!(other.cursor(&token).unwrap_err().code(), Code::HB006);
            }
        }
        assert_eq!(list.cursor(""), Ok(Cursor::default()));
    }

    #[test]
    fn a_token_of_what_is_due_leads_back_to_its_place() {
        let list = List::new("ListCases", b"due");
        for (due_at, key) in [(0, 1), (-7, 0), (1_791_190_800_000_000, u64::MAX)] {
            let due_at = Timestamp::from_micros(due_at).unwrap();
            let key = Cursor(key);
            let place = DuePlace { due_at, key };
            let token = list.due_token(place);
            assert_eq!(list.due_place(&token), Ok(Some(place)));
            assert_eq!(list.cursor(&token).unwrap_err().code(), Code::HB006);
            let other = List::new("ListCases", b"");
            assert_eq!(other.due_place(&token).unwrap_err().code(), Code::HB006);
        }
        assert_eq!(list.due_place(""), Ok(None));
        assert!(list.due_place(&list.token(Cursor(7))).is_err());
    }

    #[test]
    fn a_token_that_was_touched_is_refused() {
        let list = List::new("ListCases", b"");
        let token = list.token(Cursor(7));
        let mut wrong: Vec<String> = (0..token.len())
            .map(|place| {
                let mut bytes = token.clone().into_bytes();
                bytes[place] = if bytes[place] == b'0' { b'1' } else { b'0' };
                String::from_utf8(bytes).unwrap()
            })
            .collect();
        wrong.extend([
            token.to_uppercase(),
            token[..16].to_owned(),
            format!("{token}0"),
        ]);
        wrong.extend([
            "x".to_owned(),
            "ä".repeat(20),
            "+000000000000007".to_owned(),
        ]);
        for token in wrong.iter().filter(|wrong| **wrong != token) {
            assert!(list.cursor(token).is_err(), "{token:?}");
        }
    }

    #[test]
    fn page_sizes_are_taken_at_their_limits() {
        for (asked, rows_given) in [
            (0, PAGE_ROWS),
            (1, 1),
            (1_000, 1_000),
            (1_001, 1_000),
            (i32::MAX, 1_000),
        ] {
            assert_eq!(rows(asked), Ok(rows_given));
        }
        assert_eq!(rows(-1).unwrap_err().code(), Code::HB001);
    }
}
