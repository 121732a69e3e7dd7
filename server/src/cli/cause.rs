//! `heard cause`: records and lists root causes.

use clap::{Args, Subcommand};
use heard_proto::v1::{ListRootCausesRequest, RecordRootCauseRequest, Why};
use serde_json::json;

use super::case::{Page, more};
use super::client::{Acting, Server, Where, present};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::given::text_of;
use super::render::{self, text};

/// The arguments of `heard cause`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    server: Where,
    #[command(subcommand)]
    command: Command,
}

/// What can be done with root causes.
#[derive(Debug, Subcommand)]
enum Command {
    /// Record the root cause of a case that is in a diagnose step or closed.
    Record(Record),
    /// List root causes, oldest first.
    List(List),
}

/// The arguments of `heard cause record`.
#[derive(Debug, Args)]
struct Record {
    /// The case, a UUID.
    case: String,
    /// The cause of the workflow's taxonomy, such as process/handover.
    #[arg(value_name = "GROUP/NAME")]
    cause: String,
    #[command(flatten)]
    acting: Acting,
    /// The revision you have seen; without it the case is read first and that revision is sent.
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    /// What went wrong; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    statement: String,
    /// One link of the chain from what happened to the root; may be repeated, in order.
    #[arg(long = "why", value_name = "TEXT")]
    whys: Vec<String>,
    /// What shows a link: its number and a reference, such as 1=ticket-4711; may be repeated.
    #[arg(long, value_name = "N=REFERENCE")]
    evidence: Vec<String>,
}

/// The arguments of `heard cause list`.
#[derive(Debug, Args)]
struct List {
    /// Only those of this case.
    #[arg(long, value_name = "UUID")]
    case: Option<String>,
    /// Only those of this workflow.
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    /// Only this cause.
    #[arg(long, value_name = "GROUP/NAME")]
    cause: Option<String>,
    /// Show statements and whys, which are sealed, too.
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    page: Page,
}

/// Runs `heard cause`.
pub(super) async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = &arguments.server.server;
    match arguments.command {
        Command::Record(arguments) => record(server, &arguments, console).await,
        Command::List(arguments) => list(server, &arguments, console).await,
    }
}

async fn record(server: &str, record: &Record, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (group, name) = cause(&record.cause)?;
    let statement = text_of(&record.statement)?;
    let whys = whys(&record.whys, &record.evidence)?;
    let actor = record.acting.actor()?;
    let request_id = record.acting.request_id();
    let server = Server::connect(server).await?;
    let revision = match record.revision {
        Some(revision) => revision,
        None => present(server.case(&record.case, false).await?.case)?.revision,
    };
    let request = RecordRootCauseRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: record.case.clone(),
        expected_revision: Some(revision),
        validate_only: record.acting.dry_run,
        group,
        name,
        statement,
        whys,
    };
    let answer = server.causes().record_root_cause(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    let (receipt, number) = (answer.receipt.as_ref(), answer.number);
    let case = present(answer.case)?;
    console.show(
        || {
            json!({
                "receipt": receipt.map(render::json::receipt),
                "case": render::json::case(&case),
                "number": number,
            })
        },
        || {
            text::done(
                &format!("Recorded cause {number} of the case"),
                receipt,
                &case,
            )
        },
    )?;
    Ok(Exit::Clean)
}

async fn list(server: &str, list: &List, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let cause = list.cause.as_deref().map(cause).transpose()?;
    let (group, name) = cause.unzip();
    let request = ListRootCausesRequest {
        case_id: list.case.clone(),
        workflow_id: list.workflow.clone(),
        group,
        name,
        reveal_sealed: list.reveal,
        page_size: list.page.limit,
        page_token: list.page.after.clone(),
    };
    let server = Server::connect(server).await?;
    let answer = server.causes().list_root_causes(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    console.show(
        || {
            json!({
                "causes": render::json::list(&answer.causes, render::json::cause),
                "next_page_token": answer.next_page_token,
            })
        },
        || text::causes(&answer.causes) + &more(&answer.next_page_token),
    )?;
    Ok(Exit::Clean)
}

fn cause(typed: &str) -> Result<(String, String), Failure> {
    let Some((group, name)) = typed.split_once('/') else {
        return Err(Failure::Usage(format!(
            "a cause is written GROUP/NAME, such as process/handover; this is not: {typed}"
        )));
    };
    Ok((group.to_owned(), name.to_owned()))
}

fn whys(statements: &[String], evidence: &[String]) -> Result<Vec<Why>, Failure> {
    let why = |typed: &String| {
        Ok(Why {
            statement: text_of(typed)?,
            evidence: Vec::new(),
        })
    };
    let mut whys = statements
        .iter()
        .map(why)
        .collect::<Result<Vec<Why>, Failure>>()?;
    for typed in evidence {
        let wrong = || {
            Failure::Usage(format!(
                "evidence is written N=REFERENCE, N the number of a --why; this is not: {typed}"
            ))
        };
        let (number, reference) = typed.split_once('=').ok_or_else(wrong)?;
        let number: usize = number.trim().parse().map_err(|_| wrong())?;
        let why = number.checked_sub(1).and_then(|place| whys.get_mut(place));
        why.ok_or_else(wrong)?.evidence.push(reference.to_owned());
    }
    Ok(whys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn evidence_goes_to_the_why_of_its_number() {
        let statements = ["late".to_owned(), "nobody looked".to_owned()];
        let evidence = [
            "2=ticket-1".to_owned(),
            "1=log".to_owned(),
            "2=a=b".to_owned(),
        ];
        let whys = whys(&statements, &evidence).unwrap();
        assert_eq!(whys[0].evidence, ["log"]);
        assert_eq!(whys[1].evidence, ["ticket-1", "a=b"]);
    }

    #[test]
    fn evidence_for_no_why_is_refused() {
        for wrong in ["0=log", "2=log", "x=log", "log"] {
            let given = whys(&["late".to_owned()], &[wrong.to_owned()]);
            assert!(matches!(given, Err(Failure::Usage(_))), "{wrong}");
        }
    }
}
