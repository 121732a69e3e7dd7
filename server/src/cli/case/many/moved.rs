//! Whether a file is as it was when it was run before: a line in the place of another would be
//! opened once more.
//!
//! Invariant: asks only; nothing is written.

use heard_engine::code::Code;
use heard_proto::v1::NewCase;
use uuid::Uuid;

use super::counted::exit;
use super::{CALL_CASES, Calls};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::escape::escaped;

/// The most cases that are named.
const NAMED_MAX: usize = 20;

/// Refuses a file that lists other cases than were opened from it in their places, or fewer.
///
/// # Errors
///
/// [`Failure::Usage`] with the places; what the server says to a call as a whole;
/// [`Failure::OutOfReach`] where it cannot say of a case whether another was opened in its place.
pub(super) async fn check(calls: &Calls, path: &str, cases: &[NewCase]) -> Result<(), Failure> {
    // What nobody ever listed, in the places below the last line: where it meets a case, the file
    // was longer.
    let nobody = NewCase {
        reference: Some(Uuid::new_v4().to_string()),
        ..NewCase::default()
    };
    let mut others = Vec::new();
    let mut place = 0;
    // Of a file whose last call is full, the next call is asked for as well.
    for call in 0..=cases.len() / CALL_CASES {
        let listed = cases.iter().skip(call * CALL_CASES);
        let nobodies = std::iter::repeat(&nobody);
        let asked = listed.chain(nobodies).take(CALL_CASES).cloned().collect();
        for case in calls.send(call + 1, true, asked).await? {
            place += 1;
            let Some(no) = case.not_done else { continue };
            if Code::parse(&no.code) == Some(Code::HB002) {
                others.push(place);
            } else if exit(&no) == Exit::OutOfReach {
                let (code, name) = (escaped(&no.code), escaped(&no.name));
                return Err(Failure::OutOfReach(format!(
                    "it cannot be told whether another case was opened in the place of case \
                     {place}, so nothing was opened [{code} {name}]: {}. Run it again",
                    escaped(&no.message)
                )));
            }
        }
    }
    if others.is_empty() {
        return Ok(());
    }
    let text = text(path, &calls.request_id, cases.len(), &others);
    Err(Failure::Usage(text))
}

/// Says in which places other cases were opened than the file lists.
fn text(path: &str, request_id: &str, listed: usize, others: &[usize]) -> String {
    let (moved, gone): (Vec<usize>, Vec<usize>) =
        others.iter().partition(|place| **place <= listed);
    let mut what = Vec::new();
    if !moved.is_empty() {
        let moved = named(&moved);
        what.push(format!("another than it lists was opened as case {moved}"));
    }
    if !gone.is_empty() {
        let gone = named(&gone);
        what.push(format!("it lists no more what was opened as case {gone}"));
    }
    format!(
        "{} is not what was run with --request-id {} before, and nothing was opened, lest a case \
         be opened twice: {}.\n\
         If lines have moved or changed, put each that was opened back as and where it was, and \
         list new cases below the last one, or in a file of their own with another --request-id. If \
         none has, the person, --as, the workflow, --team, --parent or --proactive is another than \
         before",
        escaped(path),
        escaped(request_id),
        what.join("; ")
    )
}

fn named(places: &[usize]) -> String {
    let named = places.iter().take(NAMED_MAX).map(usize::to_string);
    let named = named.collect::<Vec<_>>().join(", ");
    match places.len().saturating_sub(NAMED_MAX) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_of_moved_and_of_missing_lines_are_named() {
        let told = text("list.csv", "recall", 2, &[1, 2, 3]);
        assert!(
            told.contains("opened as case 1, 2; it lists no more"),
            "{told}"
        );
        assert!(told.contains("what was opened as case 3."), "{told}");
        let all: Vec<usize> = (1..=NAMED_MAX + 5).collect();
        let told = text("list.csv", "recall", 1_000, &all);
        assert!(told.contains("19, 20 and 5 more."), "{told}");
        assert!(!told.contains("no more what"), "{told}");
    }
}
