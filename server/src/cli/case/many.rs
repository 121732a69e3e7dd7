//! `heard case open-many`: opens the cases of a file.

use std::fs::File;
use std::io::Read as _;

use clap::Args;
use heard_engine::code::Code;
use heard_proto::v1::{BatchOpenCasesRequest, NewCase, OpenedCase};
use serde::Deserialize;
use serde_json::json;

use super::acts::{instant, workflow};
use super::arguments::OfIssue;
use crate::cli::answer::exit_of;
use crate::cli::client::{Acting, Server};
use crate::cli::console::{Console, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::json::{list, opened as opened_json};
use crate::escape::escaped;

/// The cases of one call: so few that a message has room for long references. It never changes: the
/// request ids of cases follow from it.
const CALL_CASES: usize = 100;
/// The largest file that is read.
const FILE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What `--help` says of the file.
pub(super) const HELP: &str = "\
The file is CSV, as spreadsheets write it: a line of headings, then a line for each case. It has at
least one of these columns, in any order; a cell may be empty:
  customer     a random UUID that stands for the customer, never a name
  reference    the help desk's own ticket number or address; sealed
  received_at  when the complaint was received, such as 2026-10-05T09:00:00Z; now by default

  customer,reference
  0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b01,T-4711
  0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b02,T-4712

Running it again with the same --request-id opens nothing twice, however often and wherever it was
broken off, as long as the lines stay in their places: what is missing is opened, and lines that
were not opened may be mended first.";

/// The arguments of `heard case open-many`.
#[derive(Debug, Args)]
pub(super) struct OpenMany {
    /// The workflow, such as classic-heard or classic-heard@1; without a version the highest.
    workflow: String,
    /// The file that lists the cases; see below.
    file: String,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    issue: OfIssue,
    /// The team whose cases they are.
    #[arg(long, value_name = "NAME")]
    team: Option<String>,
}

/// A line of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    customer: Option<String>,
    reference: Option<String>,
    received_at: Option<String>,
}

/// How many cases came to what.
#[derive(Debug, Default)]
struct Counted {
    possible: usize,
    opened: usize,
    before: usize,
    not_opened: usize,
    /// How the worst of those that were not opened ends the process.
    exit: Option<Exit>,
}

/// Runs `heard case open-many`.
pub(super) async fn open_many(
    server: &str,
    open: &OpenMany,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let cases = read(&open.file)?;
    let (workflow_id, workflow_version) = workflow(&open.workflow)?;
    let actor = open.acting.actor()?;
    let request_id = open.acting.request_id();
    let server = Server::connect(server).await?;
    if open.acting.request_id.is_none() && !open.acting.dry_run {
        // Said first: wherever this is broken off, it can be gone on with.
        console.say(&format!("To run it again: --request-id {request_id}"));
    }
    let mut counted = Counted::default();
    let mut all = Vec::new();
    for (call, cases) in (1..).zip(cases.chunks(CALL_CASES)) {
        let request = BatchOpenCasesRequest {
            request_id: format!("{request_id}/{call}"),
            actor: Some(actor.clone()),
            validate_only: open.acting.dry_run,
            workflow_id: workflow_id.clone(),
            workflow_version,
            team: open.team.clone(),
            parent_case_id: open.issue.parent.clone(),
            proactive: open.issue.proactive,
            cases: cases.to_vec(),
        };
        let answer = server.cases().batch_open_cases(request).await;
        let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
        for case in answer.into_inner().cases {
            let line = counted.count(&case);
            match console.format {
                Format::Table => console.line(&line)?,
                Format::Json => all.push(case),
            }
        }
    }
    console.show(
        || json!({"request_id": request_id, "cases": list(&all, opened_json)}),
        || counted.text(&request_id),
    )?;
    Ok(counted.exit.unwrap_or(Exit::Clean))
}

impl Counted {
    /// Counts a case, and returns its line.
    fn count(&mut self, case: &OpenedCase) -> String {
        let what = match (&case.receipt, &case.not_done) {
            (_, Some(not_done)) => {
                self.not_opened += 1;
                let exit = Code::parse(&not_done.code).map_or(Exit::Bug, exit_of);
                // That some could not be answered weighs more than that some were refused.
                if self.exit.is_none_or(|worst| worst == Exit::Refused) {
                    self.exit = Some(exit);
                }
                let (code, name) = (escaped(&not_done.code), escaped(&not_done.name));
                format!("not opened [{code} {name}]: {}", escaped(&not_done.message))
            }
            (Some(receipt), None) if receipt.repeated => {
                self.before += 1;
                format!("opened before  {}", escaped(receipt.case_id()))
            }
            (Some(receipt), None) => {
                self.opened += 1;
                format!("opened  {}", escaped(receipt.case_id()))
            }
            (None, None) => {
                self.possible += 1;
                "possible".to_owned()
            }
        };
        let number = self.possible + self.opened + self.before + self.not_opened;
        format!("{number:>5}  {what}")
    }

    /// Returns the last lines.
    fn text(&self, request_id: &str) -> String {
        let counts = [
            (self.possible, "possible"),
            (self.opened, "opened"),
            (self.before, "opened before"),
            (self.not_opened, "not opened"),
        ];
        let shown = counts.iter().filter(|(count, _)| *count > 0);
        let shown: Vec<String> = shown
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let all: usize = counts.iter().map(|(count, _)| count).sum();
        let cases = if all == 1 { "case" } else { "cases" };
        let mut text = format!("{all} {cases}: {}\n", shown.join(", "));
        if self.not_opened > 0 {
            let again = format!(
                "Mend what was not opened and run it again with --request-id {}: what was opened \
                 stays as it is.\n",
                escaped(request_id)
            );
            text.push_str(&again);
        }
        text
    }
}

/// Reads the whole file, so that one that cannot be used opens nothing.
fn read(path: &str) -> Result<Vec<NewCase>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| {
        let mut file = file.take(FILE_BYTES_MAX + 1);
        file.read_to_end(&mut bytes)
    });
    let read = read.map_err(|error| Failure::Usage(format!("{path} cannot be read: {error}")))?;
    if read as u64 > FILE_BYTES_MAX {
        let mib = FILE_BYTES_MAX / (1024 * 1024);
        return Err(Failure::Usage(format!("{path} is larger than {mib} MiB")));
    }
    let cases = cases(&bytes).map_err(|wrong| {
        Failure::Usage(format!(
            "{} cannot be used, and nothing was opened: {}. heard case open-many --help shows such \
             a file",
            escaped(path),
            escaped(&wrong)
        ))
    })?;
    if cases.is_empty() {
        let path = escaped(path);
        return Err(Failure::Usage(format!(
            "{path} lists no case below its headings"
        )));
    }
    Ok(cases)
}

fn cases(bytes: &[u8]) -> Result<Vec<NewCase>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let lines = reader.deserialize();
    lines
        .map(|line| {
            let line: Line = line.map_err(|error| error.to_string())?;
            let received_at = line.received_at.as_deref();
            let received_at = received_at.map(|typed| {
                instant(typed).map_err(|_| {
                    format!("{typed} is no time; one is written 2026-10-05T09:00:00Z, with its Z")
                })
            });
            Ok(NewCase {
                customer: line.customer,
                reference: line.reference,
                received_time: received_at.transpose()?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn what_is_wrong_with_a_file_is_told_with_its_line() {
        for (file, told) in [
            ("customer;reference\na;b\n", "unknown field"),
            ("customer,name\na,Ana\n", "unknown field `name`"),
            ("customer,reference\na\n", "line: 2"),
            ("received_at\nyesterday\n", "yesterday is no time"),
        ] {
            let wrong = cases(file.as_bytes()).unwrap_err();
            assert!(wrong.contains(told), "{file}: {wrong}");
        }
    }

    #[test]
    fn the_worst_of_what_was_not_opened_is_the_exit() {
        let not_done = |code: &str| OpenedCase {
            not_done: Some(heard_proto::v1::NotDone {
                code: code.to_owned(),
                ..Default::default()
            }),
            ..Default::default()
        };
        for (codes, exit) in [
            (&[][..], None),
            (&["HB001"], Some(Exit::Refused)),
            (&["HB001", "HS003", "HB001"], Some(Exit::OutOfReach)),
            (&["HS008", "HC005"], Some(Exit::OutOfReach)),
        ] {
            let mut counted = Counted::default();
            for code in codes {
                counted.count(&not_done(code));
            }
            assert_eq!(counted.exit, exit, "{codes:?}");
        }
    }
}
