//! `heard case merge`: two cases of one complaint become one.

use clap::Args;
use heard_proto::v1::MergeCasesRequest;

use super::acts::shown;
use crate::cli::client::{Acting, Server, present};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given::text_of;

/// The arguments of `heard case merge`.
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The case that goes on for both, a UUID.
    case: String,
    /// The other case of the same complaint, a UUID.
    duplicate: String,
    /// Why both are one complaint; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// The revision you have seen of the case that goes on; without it the case is read first and
    /// that revision is sent.
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    acting: Acting,
}

/// Runs `heard case merge`.
pub(super) async fn merge(
    server: &str,
    merge: &Merge,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let reason = text_of(&merge.reason)?;
    let request_id = merge.acting.request_id();
    let actor = merge.acting.actor()?;
    let server = Server::connect(server).await?;
    let duplicate = server.case(&merge.duplicate, false).await?;
    let is_merged = duplicate.asked_case_id.is_some();
    let duplicate = present(duplicate.case)?.revision;
    let revision = match merge.revision {
        Some(revision) => revision,
        None => present(server.case(&merge.case, false).await?.case)?.revision,
    };
    let request = MergeCasesRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: merge.case.clone(),
        expected_revision: Some(revision),
        validate_only: merge.acting.dry_run,
        duplicate_case_id: merge.duplicate.clone(),
        expected_duplicate_revision: (!is_merged).then_some(duplicate),
        reason,
    };
    let answer = server.cases().merge_cases(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown("Merged", answer.receipt.as_ref(), answer.case, console)
}
