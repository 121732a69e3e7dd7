//! `heard cause confirm|link`: a root cause that many cases share.

use clap::Args;
use heard_proto::v1::{ConfirmIssueRequest, LinkCauseRequest};

use super::OnCause;
use crate::cli::client::Acting;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given::text_of;

/// The arguments of `heard cause confirm`.
#[derive(Debug, Args)]
pub(super) struct Confirm {
    #[command(flatten)]
    on: OnCause,
    /// What you add; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// The arguments of `heard cause link`.
#[derive(Debug, Args)]
pub(super) struct Link {
    /// The case, a UUID.
    case: String,
    /// The case of the systemic issue, a UUID.
    #[arg(long, value_name = "CASE")]
    parent: String,
    /// The revision you have seen; without it the case is read first and that revision is sent.
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    acting: Acting,
}

/// Runs `heard cause confirm`.
pub(super) async fn confirm(
    server: &str,
    confirm: &Confirm,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let note = confirm.note.as_deref().map(text_of).transpose()?;
    let actor = confirm.acting.actor()?;
    let on = &confirm.on;
    let asked = super::asked(server, &on.case, on.revision, &confirm.acting).await?;
    let request = ConfirmIssueRequest {
        request_id: asked.request_id.clone(),
        actor: Some(actor),
        case_id: on.case.clone(),
        expected_revision: Some(asked.revision),
        validate_only: confirm.acting.dry_run,
        number: on.number,
        note,
    };
    let answer = asked.server.causes().confirm_issue(request).await;
    let answer = answer.map_err(|status| asked.server.no(&status, Some(&asked.request_id)))?;
    let answer = answer.into_inner();
    super::shown(
        &format!("Confirmed cause {} as that of a systemic issue", on.number),
        answer.receipt.as_ref(),
        answer.case,
        answer.cause.as_ref(),
        console,
    )
}

/// Runs `heard cause link`.
pub(super) async fn link(
    server: &str,
    link: &Link,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let actor = link.acting.actor()?;
    let asked = super::asked(server, &link.case, link.revision, &link.acting).await?;
    let request = LinkCauseRequest {
        request_id: asked.request_id.clone(),
        actor: Some(actor),
        case_id: link.case.clone(),
        expected_revision: Some(asked.revision),
        validate_only: link.acting.dry_run,
        parent_case_id: link.parent.clone(),
    };
    let answer = asked.server.causes().link_cause(request).await;
    let answer = answer.map_err(|status| asked.server.no(&status, Some(&asked.request_id)))?;
    let answer = answer.into_inner();
    super::shown(
        "Took the root cause of the systemic issue",
        answer.receipt.as_ref(),
        answer.case,
        None,
        console,
    )
}
