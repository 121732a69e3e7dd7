//! `heard case open-many`: opens the cases of a file.
//!
//! Invariant: the request id of a case follows from its place in the file, so a file that is run
//! again is first held against what it opened before; see `many/moved.rs`.

mod counted;
mod file;
mod moved;

use clap::Args;
use heard_engine::id::REQUEST_ID_CHARS_MAX;
use heard_proto::v1::{BatchOpenCasesRequest, NewCase, OpenedCase};
use serde_json::json;

use self::counted::Counted;
use super::acts::workflow;
use super::arguments::OfIssue;
use crate::cli::client::{Acting, Server};
use crate::cli::console::{Console, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::json::{list, opened as opened_json};

/// The cases of one call: so few that a message has room for their longest lines. It never changes:
/// the request ids of cases follow from it.
const CALL_CASES: usize = 25;
/// The most characters of the request id that is given: the numbers of a call, of which the largest
/// file makes fewer than a million, and of a case are added to it.
const ID_CHARS_MAX: usize = REQUEST_ID_CHARS_MAX - "/999999/500".len();

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

Running it again with the same --request-id, by the same person, opens nothing twice, however often
and wherever it was broken off: what is missing is opened. Each case is known by its place in the
file. So lines that were opened stay as and where they are; those that were not may be mended; new
ones come below the last. Where a line that was opened has moved, nothing is opened, and that is
told.";

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

/// The calls that open the cases of a file: whom they go to, and what they have in common.
struct Calls {
    server: Server,
    request_id: String,
    head: BatchOpenCasesRequest,
}

impl Calls {
    /// Sends the call of a number, from 1.
    async fn send(
        &self,
        number: usize,
        validate_only: bool,
        cases: Vec<NewCase>,
    ) -> Result<Vec<OpenedCase>, Failure> {
        let request = BatchOpenCasesRequest {
            request_id: format!("{}/{number}", self.request_id),
            validate_only,
            cases,
            ..self.head.clone()
        };
        let answer = self.server.cases().batch_open_cases(request).await;
        let answer = answer.map_err(|status| self.server.no(&status, Some(&self.request_id)))?;
        Ok(answer.into_inner().cases)
    }
}

/// Runs `heard case open-many`.
pub(super) async fn open_many(
    server: &str,
    open: &OpenMany,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let cases = file::read(&open.file)?;
    let calls = calls(server, open).await?;
    if open.acting.request_id.is_some() {
        moved::check(&calls, &open.file, &cases).await?;
    } else if !open.acting.dry_run {
        // Said first: wherever this is broken off, it can be gone on with.
        console.say(&format!(
            "To run it again: --request-id {}",
            calls.request_id
        ));
    }
    let mut counted = Counted::default();
    let mut all = Vec::new();
    let mut failure = None;
    for (number, cases) in (1..).zip(cases.chunks(CALL_CASES)) {
        match calls
            .send(number, open.acting.dry_run, cases.to_vec())
            .await
        {
            Ok(opened) => {
                for case in opened {
                    let line = counted.count(&case);
                    match console.format {
                        Format::Table => console.line(&line)?,
                        Format::Json => all.push(case),
                    }
                }
            }
            Err(no) => {
                failure = Some(no);
                break;
            }
        }
    }
    end(&calls.request_id, &counted, &all, failure, console)
}

/// Reads what all calls have in common, and reaches the server.
async fn calls(server: &str, open: &OpenMany) -> Result<Calls, Failure> {
    let given = open.acting.request_id.as_deref();
    if let Some(chars) = given.map(|id| id.chars().count())
        && !(1..=ID_CHARS_MAX).contains(&chars)
    {
        return Err(Failure::Usage(format!(
            "--request-id has {chars} characters. Here it may have 1 to {ID_CHARS_MAX}, since the \
             numbers of a call and of a case are added to it; nothing was opened"
        )));
    }
    let (workflow_id, workflow_version) = workflow(&open.workflow)?;
    let head = BatchOpenCasesRequest {
        actor: Some(open.acting.actor()?),
        workflow_id,
        workflow_version,
        team: open.team.clone(),
        parent_case_id: open.issue.parent.clone(),
        proactive: open.issue.proactive,
        ..BatchOpenCasesRequest::default()
    };
    Ok(Calls {
        server: Server::connect(server).await?,
        request_id: open.acting.request_id(),
        head,
    })
}

/// Tells what became of all, also of those before a call that failed as a whole.
fn end(
    request_id: &str,
    counted: &Counted,
    all: &[OpenedCase],
    failure: Option<Failure>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let failure = match failure {
        Some(failure) if counted.all() == 0 => return Err(failure),
        failure => failure,
    };
    match console.format {
        Format::Json => {
            let mut told = json!({"request_id": request_id, "cases": list(all, opened_json)});
            // One document: what was done, and why no more was.
            if let (Some(failure), Some(told)) = (&failure, told.as_object_mut()) {
                told.insert("error".to_owned(), failure.error());
            }
            console.json(&told)?;
            let exit = failure.map(|failure| failure.exit()).or(counted.exit());
            Ok(exit.unwrap_or(Exit::Clean))
        }
        Format::Table => {
            console.text(&counted.text(request_id))?;
            if let Some(failure) = failure {
                console.flush()?;
                let next = counted.all() + 1;
                console.say(&format!(
                    "The call that begins with case {next} failed, and no later one was sent:"
                ));
                return Err(failure);
            }
            Ok(counted.exit().unwrap_or(Exit::Clean))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::limits::BATCH_ID_CHARS_MAX;

    /// What is told when a second call fails after one of a single case: exit, output, the rest.
    fn told(format: Format) -> (Result<Exit, Failure>, String, String) {
        let case = OpenedCase {
            request_id: "recall/1/1".to_owned(),
            ..OpenedCase::default()
        };
        let mut counted = Counted::default();
        counted.count(&case);
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut console = Console::new(&mut out, &mut err);
        console.format = format;
        let failure = Some(Failure::OutOfReach("nobody answers".to_owned()));
        let ended = end("recall", &counted, &[case], failure, &mut console);
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (ended, text(out), text(err))
    }

    #[test]
    fn what_was_done_before_a_call_failed_is_told_with_the_failure() {
        let (ended, out, err) = told(Format::Json);
        assert_eq!(ended.unwrap(), Exit::OutOfReach);
        let document: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(document["cases"][0]["request_id"], "recall/1/1");
        assert_eq!(document["error"]["message"], "nobody answers");
        assert_eq!(document["error"]["exit"], 69);
        assert_eq!(err, "");

        let (ended, out, err) = told(Format::Table);
        assert_eq!(ended.unwrap_err().exit(), Exit::OutOfReach);
        assert!(out.starts_with("1 case: 1 possible\n"), "{out}");
        assert!(err.contains("begins with case 2 failed"), "{err}");
    }

    #[test]
    fn the_longest_request_id_and_the_largest_file_make_ids_of_calls_and_cases() {
        let calls = file::CASES_MAX.div_ceil(CALL_CASES) + 1;
        let call = format!("{}/{calls}", "x".repeat(ID_CHARS_MAX));
        assert!(call.len() <= BATCH_ID_CHARS_MAX, "{call}");
    }
}
