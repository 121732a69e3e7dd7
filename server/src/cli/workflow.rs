//! `heard workflow`: publishes workflows and looks at them.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use heard_engine::code::Code;
use heard_engine::lint;
use heard_proto::v1::{GetWorkflowRequest, ListWorkflowsRequest, PublishWorkflowRequest};
use serde_json::json;

use super::case::{Page, more, workflow_and_version};
use super::client::{Acting, Server, Where};
use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::render::{self, findings, text};
use crate::escape::escaped;
use crate::run::read_workflow;

/// The arguments of `heard workflow`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    server: Where,
    #[command(subcommand)]
    command: Command,
}

/// What can be done with workflows.
#[derive(Debug, Subcommand)]
enum Command {
    /// List published workflows.
    List(Page),
    /// Show a published workflow.
    Show(Show),
    /// Publish a workflow file.
    Publish(Publish),
}

/// The arguments of `heard workflow show`.
#[derive(Debug, Args)]
struct Show {
    /// The workflow, such as classic-heard or classic-heard@1; without a version the highest.
    workflow: String,
    /// Print the file, byte for byte as published, instead.
    #[arg(long)]
    file: bool,
}

/// The arguments of `heard workflow publish`.
#[derive(Debug, Args)]
struct Publish {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    acting: Acting,
}

/// Runs `heard workflow`.
pub(super) async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = &arguments.server.server;
    match arguments.command {
        Command::List(page) => list(server, page, console).await,
        Command::Show(arguments) => show(server, &arguments, console).await,
        Command::Publish(arguments) => publish(server, &arguments, console).await,
    }
}

async fn list(server: &str, page: Page, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = Server::connect(server).await?;
    let request = ListWorkflowsRequest {
        page_size: page.limit,
        page_token: page.after,
    };
    let answer = server.workflows().list_workflows(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    console.show(
        || {
            json!({
                "workflows": render::json::list(
                    &answer.workflows,
                    render::json::workflow_summary,
                ),
                "next_page_token": answer.next_page_token,
            })
        },
        || text::workflows(&answer.workflows) + &more(&answer.next_page_token),
    )?;
    Ok(Exit::Clean)
}

async fn show(server: &str, show: &Show, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (workflow_id, version) = workflow_and_version(&show.workflow)?;
    let server = Server::connect(server).await?;
    let request = GetWorkflowRequest {
        workflow_id,
        version,
    };
    let answer = server.workflows().get_workflow(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    let Some(workflow) = answer.workflow else {
        return Err(Failure::Bug(
            "the answer of the server has no workflow".to_owned(),
        ));
    };
    if show.file {
        console.bytes(&workflow.yaml)?;
    } else {
        console.show(
            || json!({"workflow": render::json::workflow(&workflow)}),
            || text::workflow(&workflow),
        )?;
    }
    Ok(Exit::Clean)
}

async fn publish(
    server: &str,
    publish: &Publish,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let path = publish.file.display().to_string();
    let bytes = read_workflow(&publish.file)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", escaped(&path))))?;
    let request_id = publish.acting.request_id();
    let actor = publish.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = PublishWorkflowRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        validate_only: publish.acting.dry_run,
        yaml: bytes.clone(),
    };
    let answer = match server.workflows().publish_workflow(request).await {
        Ok(answer) => answer.into_inner(),
        Err(status) => {
            let failure = server.no(&status, Some(&request_id));
            show_faults(&failure, &path, &bytes, console)?;
            return Err(failure);
        }
    };
    let name = text::reference(answer.workflow.as_ref());
    let receipt = answer.receipt.as_ref();
    console.show(
        || {
            json!({
                "receipt": receipt.map(render::json::receipt),
                "workflow": answer.workflow.as_ref().map(render::json::reference),
            })
        },
        || match receipt {
            None => format!("{name} may be published; nothing was written\n"),
            Some(receipt) => text::receipt(&format!("Published {name}"), receipt),
        },
    )?;
    Ok(Exit::Clean)
}

/// Shows what is wrong with the file where it is, as `heard check` does.
fn show_faults(
    failure: &Failure,
    path: &str,
    bytes: &[u8],
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let Failure::Answer(answer) = failure else {
        return Ok(());
    };
    if answer.code == Some(Code::HB007) && console.format == Format::Table {
        let found = lint::check(bytes).findings;
        console.text(&findings::text(path, bytes, &found, console.is_coloured))?;
    }
    Ok(())
}
