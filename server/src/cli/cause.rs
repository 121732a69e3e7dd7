//! `heard cause`: records, reviews and shows root causes, and what is done about them.

mod acts;
mod file;
mod issue;
mod issues;
mod lessons;
mod looks;
mod pareto;
mod print;
mod record;

use clap::{Args, Subcommand};
use heard_proto::v1::{Case, CauseRef, Receipt, RootCauseSummary};
use serde_json::json;

use super::client::{Acting, Server, Where, present};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::render::{json, text};

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
    /// Draft or propose the root cause of a case that is in a diagnose step or closed.
    #[command(after_help = file::HELP)]
    Record(record::Arguments),
    /// List root causes, those last recorded earliest first.
    List(looks::List),
    /// Show a root cause: why, what is done about it, and what came of that.
    Show(looks::Show),
    /// Give a verdict on a root cause.
    Review(acts::Review),
    /// Say that an action of a root cause was done.
    Done(acts::Done),
    /// Say whether an action of a root cause worked.
    Effect(acts::Effect),
    /// Confirm a root cause as that of a systemic issue, so that other cases may take it.
    Confirm(issue::Confirm),
    /// Let a case take the root cause of a systemic issue.
    Link(issue::Link),
    /// Print which systemic issues like cases propose, and what became of those confirmed.
    Issues(issues::Arguments),
    /// Print which few causes, policies, failures or headings make up most.
    Pareto(pareto::Arguments),
    /// Print where causes are going: what regressed, is new or rises first.
    Trend(lessons::Arguments),
    /// Print what closed cases taught, as an auditor reads it.
    Report(lessons::Arguments),
}

/// A root cause, and the revision of its case that is meant.
#[derive(Debug, Args)]
struct OnCause {
    /// The case, a UUID.
    case: String,
    /// The number of the root cause in the case; `heard cause list` shows it.
    number: u32,
    /// The revision you have seen; without it the case is read first and that revision is sent.
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
}

/// Who asks what of which case, before it is sent.
struct Asked {
    server: Server,
    request_id: String,
    revision: u64,
}

/// Runs `heard cause`.
pub(super) async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = &arguments.server.server;
    match arguments.command {
        Command::Record(arguments) => record::record(server, &arguments, console).await,
        Command::List(arguments) => looks::list(server, &arguments, console).await,
        Command::Show(arguments) => looks::show(server, &arguments, console).await,
        Command::Review(arguments) => acts::review(server, &arguments, console).await,
        Command::Done(arguments) => acts::done(server, &arguments, console).await,
        Command::Effect(arguments) => acts::effect(server, &arguments, console).await,
        Command::Confirm(arguments) => issue::confirm(server, &arguments, console).await,
        Command::Link(arguments) => issue::link(server, &arguments, console).await,
        Command::Issues(arguments) => issues::issues(server, &arguments, console).await,
        Command::Pareto(arguments) => pareto::pareto(server, &arguments, console).await,
        Command::Trend(arguments) => lessons::trend(server, &arguments, console).await,
        Command::Report(arguments) => lessons::report(server, &arguments, console).await,
    }
}

/// Reaches the server and reads the revision of the case unless it was given.
async fn asked(
    server: &str,
    case: &str,
    revision: Option<u64>,
    acting: &Acting,
) -> Result<Asked, Failure> {
    let server = Server::connect(server).await?;
    let revision = match revision {
        Some(revision) => revision,
        None => present(server.case(case, false).await?.case)?.revision,
    };
    Ok(Asked {
        server,
        request_id: acting.request_id(),
        revision,
    })
}

/// Shows what came of a change of a root cause.
fn shown(
    what: &str,
    receipt: Option<&Receipt>,
    case: Option<Case>,
    cause: Option<&RootCauseSummary>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let case = present(case)?;
    console.show(
        || {
            json!({
                "receipt": receipt.map(json::receipt),
                "case": json::case(&case),
                "number": cause.map(|cause| cause.number),
                "cause": cause.map(json::cause_summary),
            })
        },
        || text::done(what, receipt, &case),
    )?;
    Ok(Exit::Clean)
}

/// Reads a cause as it is typed, or says how it is written.
fn named(typed: &str) -> Result<CauseRef, String> {
    let Some((group, name)) = typed.split_once('/') else {
        return Err(format!(
            "a cause is written GROUP/NAME, such as process/handover; this is not: {typed}"
        ));
    };
    Ok(CauseRef {
        group: group.to_owned(),
        name: name.to_owned(),
    })
}

fn cause(typed: &str) -> Result<CauseRef, Failure> {
    named(typed).map_err(Failure::Usage)
}
