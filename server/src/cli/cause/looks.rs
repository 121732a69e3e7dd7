//! `heard cause list|show`: looks at root causes.

use clap::{Args, ValueEnum};
use heard_proto::v1::{CauseStatus, GetRootCauseRequest, ListRootCausesRequest};
use serde_json::json;

use crate::cli::case::{Page, more};
use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::{self, cause};

/// The arguments of `heard cause list`.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only those of this case.
    #[arg(long, value_name = "UUID")]
    case: Option<String>,
    /// Only those of this workflow.
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    /// Only this cause.
    #[arg(long, value_name = "GROUP/NAME")]
    cause: Option<String>,
    /// Only those of this status.
    #[arg(long, value_enum, value_name = "STATUS")]
    status: Option<Status>,
    /// Only those of which an action, the look at its effect, or another look at the cause is
    /// overdue. Cases that owe a root cause: heard case list --owes-cause.
    #[arg(long)]
    overdue: bool,
    /// Show statements, which are sealed, too.
    #[arg(long)]
    reveal: bool,
    #[command(flatten)]
    page: Page,
}

/// Where a root cause is in its life.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Status {
    /// It is being written.
    Drafted,
    /// It stands, and nobody was drawn to look at it.
    Proposed,
    /// It stands, and waits for a verdict.
    UnderReview,
    /// It stands, and a reviewer found it right.
    Accepted,
    /// A reviewer gave it back.
    Returned,
    /// What was done about it did not work.
    Reopened,
}

impl From<Status> for CauseStatus {
    fn from(status: Status) -> Self {
        match status {
            Status::Drafted => Self::Drafted,
            Status::Proposed => Self::Proposed,
            Status::UnderReview => Self::UnderReview,
            Status::Accepted => Self::Accepted,
            Status::Returned => Self::Returned,
            Status::Reopened => Self::Reopened,
        }
    }
}

/// The arguments of `heard cause show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The case, a UUID.
    case: String,
    /// The number of the root cause in the case; `heard cause list` shows it.
    number: u32,
    /// Show its words, which are sealed, too.
    #[arg(long)]
    reveal: bool,
}

/// Runs `heard cause list`.
pub(super) async fn list(
    server: &str,
    list: &List,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let wanted = list.cause.as_deref().map(super::cause).transpose()?;
    let (group, name) = wanted.map(|cause| (cause.group, cause.name)).unzip();
    let status = list.status.map_or(CauseStatus::Unspecified, Into::into);
    let request = ListRootCausesRequest {
        case_id: list.case.clone(),
        workflow_id: list.workflow.clone(),
        group,
        name,
        reveal_sealed: list.reveal,
        page_size: list.page.limit,
        page_token: list.page.after.clone(),
        status: status.into(),
        overdue: list.overdue,
    };
    let server = Server::connect(server).await?;
    let answer = server.causes().list_root_causes(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    console.show(
        || {
            json!({
                "causes": render::json::list(&answer.causes, render::json::cause_summary),
                "next_page_token": answer.next_page_token,
            })
        },
        || cause::list(&answer.causes) + &more(&answer.next_page_token),
    )?;
    Ok(Exit::Clean)
}

/// Runs `heard cause show`.
pub(super) async fn show(
    server: &str,
    show: &Show,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let request = GetRootCauseRequest {
        case_id: show.case.clone(),
        number: show.number,
        reveal_sealed: show.reveal,
    };
    let server = Server::connect(server).await?;
    let answer = server.causes().get_root_cause(request).await;
    let answer = answer.map_err(|status| server.no(&status, None))?;
    let found = answer.into_inner().cause;
    let found = found.ok_or_else(|| Failure::Bug("the answer has no root cause".to_owned()))?;
    console.show(|| render::json::cause(&found), || cause::whole(&found))?;
    Ok(Exit::Clean)
}
