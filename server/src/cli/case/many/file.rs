//! The file that lists cases to be opened.
//!
//! Invariant: a file with anything wrong in it opens nothing.
//! Invariant: the cases of a call never make it larger than the server reads.

use std::fs::File;
use std::io::Read as _;

use heard_engine::value::TEXT_CHARS_MAX;
use heard_proto::v1::NewCase;
use serde::Deserialize;

use crate::cli::case::acts::instant;
use crate::cli::failure::Failure;
use crate::escape::escaped;

/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// The most cases of such a file: each takes a letter and the end of its line.
#[cfg(test)]
pub(super) const CASES_MAX: usize = 8 * 1024 * 1024;
/// The most bytes of the cells of a line: the longest reference, and the rest.
const LINE_BYTES_MAX: usize = 4 * TEXT_CHARS_MAX + 1_000;

/// A line of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    customer: Option<String>,
    reference: Option<String>,
    received_at: Option<String>,
}

/// Reads the whole file.
///
/// # Errors
///
/// [`Failure::Usage`] with what is wrong, and where.
pub(super) fn read(path: &str) -> Result<Vec<NewCase>, Failure> {
    let shown = escaped(path);
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        let mut file = file.take(FILE_BYTES_MAX + 1);
        file.read_to_end(&mut bytes)
    });
    let read = read.map_err(|error| Failure::Usage(format!("{shown} cannot be read: {error}")))?;
    if read as u64 > FILE_BYTES_MAX {
        let mib = FILE_BYTES_MAX / (1024 * 1024);
        return Err(Failure::Usage(format!("{shown} is larger than {mib} MiB")));
    }
    let cases = cases(&bytes).map_err(|wrong| {
        Failure::Usage(format!(
            "{shown} cannot be used, and nothing was opened: {}. heard case open-many --help shows \
             such a file",
            escaped(&wrong)
        ))
    })?;
    if cases.is_empty() {
        return Err(Failure::Usage(format!(
            "{shown} lists no case below its headings"
        )));
    }
    Ok(cases)
}

fn cases(bytes: &[u8]) -> Result<Vec<NewCase>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let lines = reader.deserialize();
    (1..)
        .zip(lines)
        .map(|(number, line)| case(number, line.map_err(|error| error.to_string())?))
        .collect()
}

fn case(number: usize, line: Line) -> Result<NewCase, String> {
    let cells = [&line.customer, &line.reference, &line.received_at];
    let bytes: usize = cells.into_iter().flatten().map(String::len).sum();
    if bytes > LINE_BYTES_MAX {
        return Err(format!(
            "case {number} takes {bytes} bytes, and one may take {LINE_BYTES_MAX}; a reference has \
             at most {TEXT_CHARS_MAX} characters"
        ));
    }
    let received_at = line.received_at.as_deref();
    let received_at = received_at.map(|typed| {
        instant(typed).map_err(|_| {
            format!(
                "case {number}: {typed} is no time; one is written 2026-10-05T09:00:00Z, with its Z"
            )
        })
    });
    Ok(NewCase {
        customer: line.customer,
        reference: line.reference,
        received_time: received_at.transpose()?,
    })
}

#[cfg(test)]
mod tests {
    use heard_proto::v1::BatchOpenCasesRequest;
    use prost::Message as _;

    use super::super::{CALL_CASES, ID_CHARS_MAX};
    use super::*;
    use crate::api::limits::MESSAGE_IN_BYTES_MAX;

    #[test]
    fn a_file_is_read_as_spreadsheets_write_it() {
        let file = "\u{feff}reference,customer\r\n\"T-1, again\",\r\n T-2 ,0f0c\r\n";
        let read = cases(file.as_bytes()).unwrap();
        let shown: Vec<_> = read
            .iter()
            .map(|case| (case.reference.as_deref(), case.customer.as_deref()))
            .collect();
        assert_eq!(
            shown,
            [(Some("T-1, again"), None), (Some("T-2"), Some("0f0c"))]
        );
        let timed = cases(b"received_at\n2026-10-05T09:00:00Z\n").unwrap();
        assert_eq!(timed[0].received_time.unwrap().seconds, 1_791_190_800);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_place() {
        let long = format!("reference\nT-1\n{}\n", "x".repeat(LINE_BYTES_MAX + 1));
        for (file, told) in [
            ("customer;reference\na;b\n", "unknown field"),
            ("customer,name\na,Ana\n", "unknown field `name`"),
            ("customer,reference\na\n", "line: 2"),
            ("received_at\nyesterday\n", "case 1: yesterday is no time"),
            (&long, "case 2 takes 9001 bytes"),
        ] {
            let wrong = cases(file.as_bytes()).unwrap_err();
            assert!(wrong.contains(told), "{file}: {wrong}");
        }
    }

    #[test]
    fn a_call_of_the_longest_lines_is_one_that_the_server_reads() {
        let time = "2026-10-05T09:00:00Z";
        let customer = "0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b01";
        let reference = "x".repeat(LINE_BYTES_MAX - time.len() - customer.len());
        let line = format!("{customer},{reference},{time}\n").repeat(CALL_CASES);
        let cases = cases(format!("customer,reference,received_at\n{line}").as_bytes()).unwrap();
        let message = BatchOpenCasesRequest {
            request_id: "x".repeat(ID_CHARS_MAX),
            workflow_id: "x".repeat(64),
            team: Some("\u{1F600}".repeat(64)),
            parent_case_id: Some(customer.to_owned()),
            cases,
            ..BatchOpenCasesRequest::default()
        };
        // A kibibyte is left to who acts.
        let bytes = message.encoded_len();
        assert!(bytes <= MESSAGE_IN_BYTES_MAX - 1_024, "{bytes}");
    }
}
