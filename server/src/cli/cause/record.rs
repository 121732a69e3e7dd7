//! `heard cause record`: a short root cause by options, a whole one from a file.

use clap::Args;
use heard_proto::v1::{Evidence, RecordRootCauseRequest, Why};

use super::file;
use crate::cli::client::Acting;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given::text_of;

/// The arguments of `heard cause record`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The case, a UUID.
    case: String,
    /// The cause of the workflow's taxonomy, such as process/handover.
    #[arg(value_name = "GROUP/NAME", required_unless_present = "file")]
    cause: Option<String>,
    #[command(flatten)]
    acting: Acting,
    /// The revision you have seen; without it the case is read first and that revision is sent.
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    /// A file that holds the whole diagnosis, YAML or JSON; see below.
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["cause", "statement", "whys", "evidence"]
    )]
    file: Option<String>,
    /// What went wrong; @FILE reads a file.
    #[arg(long, value_name = "TEXT", required_unless_present = "file")]
    statement: Option<String>,
    /// One link of the chain from what happened to the root; may be repeated, in order.
    #[arg(long = "why", id = "whys", value_name = "TEXT")]
    whys: Vec<String>,
    /// What shows a link: its number and a reference, such as 1=ticket-4711; may be repeated.
    #[arg(long, value_name = "N=REFERENCE")]
    evidence: Vec<String>,
    /// It is not ready: keep it as a draft.
    #[arg(long)]
    draft: bool,
    /// Put it in the place of this root cause: a draft, or one that was returned or reopened.
    #[arg(long, value_name = "N")]
    revises: Option<u32>,
}

/// Runs it.
pub(super) async fn record(
    server: &str,
    record: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let told = told(record)?;
    let actor = record.acting.actor()?;
    let asked = super::asked(server, &record.case, record.revision, &record.acting).await?;
    let request = RecordRootCauseRequest {
        request_id: asked.request_id.clone(),
        actor: Some(actor),
        case_id: record.case.clone(),
        expected_revision: Some(asked.revision),
        validate_only: record.acting.dry_run,
        draft: record.draft,
        revises: record.revises,
        ..told
    };
    let answer = asked.server.causes().record_root_cause(request).await;
    let answer = answer.map_err(|status| asked.server.no(&status, Some(&asked.request_id)))?;
    let answer = answer.into_inner();
    let kind = if record.draft {
        "a draft of cause"
    } else {
        "cause"
    };
    super::shown(
        &format!("Recorded {kind} {} of the case", answer.number),
        answer.receipt.as_ref(),
        answer.case,
        answer.cause.as_ref(),
        console,
    )
}

/// Returns what is told of the root cause, by options or in a file.
fn told(record: &Arguments) -> Result<RecordRootCauseRequest, Failure> {
    if let Some(name) = &record.file {
        return file::read(name);
    }
    let (Some(cause), Some(statement)) = (&record.cause, &record.statement) else {
        return Err(Failure::Usage(
            "say the cause and --statement, or give a --file that does".to_owned(),
        ));
    };
    let cause = super::cause(cause)?;
    Ok(RecordRootCauseRequest {
        group: cause.group,
        name: cause.name,
        statement: text_of(statement)?,
        whys: whys(&record.whys, &record.evidence)?,
        ..RecordRootCauseRequest::default()
    })
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
        why.ok_or_else(wrong)?.evidence.push(Evidence {
            reference: reference.to_owned(),
            sha256: None,
        });
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
        let of = |place: usize| {
            let evidence = whys[place].evidence.iter();
            evidence.map(|it| it.reference.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(of(0), ["log"]);
        assert_eq!(of(1), ["ticket-1", "a=b"]);
    }

    #[test]
    fn evidence_for_no_why_is_refused() {
        for wrong in ["0=log", "2=log", "x=log", "log"] {
            let given = whys(&["late".to_owned()], &[wrong.to_owned()]);
            assert!(matches!(given, Err(Failure::Usage(_))), "{wrong}");
        }
    }
}
