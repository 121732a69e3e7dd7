//! `heard cause issues`: systemic issues, proposed and confirmed.

use clap::Args;
use heard_proto::v1::GetIssuesRequest;

use super::print::{Forms, How, print};
use crate::cli::client::Server;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::learning;

/// The arguments of `heard cause issues`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only issues of this workflow.
    #[arg(long, value_name = "ID")]
    workflow: Option<String>,
    #[command(flatten)]
    how: How,
}

/// Prints systemic issues.
pub(super) async fn issues(
    server: &str,
    asked: &Arguments,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let request = GetIssuesRequest {
        workflow_id: asked.workflow.clone(),
    };
    let server = Server::connect(server).await?;
    let answer = server.learning().get_issues(request).await;
    let forms = Forms {
        text: learning::issues,
        json: learning::json::issues,
        csv: learning::csv::issues,
    };
    print(&server, answer, &asked.how, &forms, console)
}
