//! `heard case`: opens cases, moves them on, looks at them.
//!
//! Invariant: every request on a case says the revision it is meant for.

mod acts;
mod arguments;
mod clocks;
mod looks;
mod many;
mod merge;
mod time;

use clap::{Args, Subcommand};

use super::client::{Server, Where};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::given;

pub(super) use acts::{instant, workflow as workflow_and_version};
pub(super) use arguments::Page;
pub(super) use looks::{entries, more};

/// The arguments of `heard case`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    server: Where,
    #[command(subcommand)]
    command: Command,
}

/// What can be done with cases.
#[derive(Debug, Subcommand)]
enum Command {
    /// Open a case in the start step of a workflow.
    Open(arguments::Open),
    /// Open the cases that a file lists, each once however often it is run.
    #[command(after_help = many::HELP)]
    OpenMany(many::OpenMany),
    /// Take an action of the case's step, or do one of its tasks.
    #[command(after_help = given::HELP)]
    Advance(arguments::Advance),
    /// Add a note.
    Note(arguments::Note),
    /// Correct an answer that was recorded.
    #[command(after_help = given::HELP)]
    Correct(arguments::Correct),
    /// Reopen a closed case.
    Reopen(arguments::Reopen),
    /// Bring in a case that began elsewhere, at a step.
    #[command(after_help = given::HELP)]
    Import(arguments::Import),
    /// Merge a case into another of the same complaint, which goes on for both.
    Merge(merge::Merge),
    /// Record that the customer and we were in contact.
    Contact(time::Contact),
    /// Give a promise that is owed a new due time, with the customer's consent.
    Renegotiate(time::Renegotiate),
    /// Extend a clock that is not due yet, once, as its workflow allows.
    Extend(time::Extend),
    /// Record the customer's answers to a survey.
    Survey(time::Survey),
    /// Record that a follow-up was done.
    FollowUp(time::FollowUp),
    /// Show what of a case runs and when it is due; with a name every time counted, and why.
    Clocks(clocks::Clocks),
    /// Show a case, its answers, and what may be done next.
    Show(arguments::Show),
    /// List cases, oldest first; with --due-before by when something next happens to them;
    /// then a page may be short, or empty, and the next one goes on.
    List(arguments::List),
    /// Show the whole history of a case, and check its hashes.
    History(arguments::History),
}

/// Runs `heard case`.
pub(super) async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = &arguments.server.server;
    match arguments.command {
        Command::Open(open) => acts::open(server, &open, console).await,
        Command::OpenMany(open) => many::open_many(server, &open, console).await,
        Command::Advance(advance) => acts::advance(server, &advance, console).await,
        Command::Note(note) => acts::note(server, &note, console).await,
        Command::Correct(correct) => acts::correct(server, &correct, console).await,
        Command::Reopen(reopen) => acts::reopen(server, &reopen, console).await,
        Command::Import(import) => acts::import(server, &import, console).await,
        Command::Merge(merge) => merge::merge(server, &merge, console).await,
        Command::Contact(contact) => time::contact(server, &contact, console).await,
        Command::Renegotiate(new) => time::renegotiate(server, &new, console).await,
        Command::Extend(extend) => time::extend(server, &extend, console).await,
        Command::Survey(survey) => time::survey(server, &survey, console).await,
        Command::FollowUp(follow_up) => time::follow_up(server, &follow_up, console).await,
        Command::Clocks(clocks) => clocks::run(&reach(server).await?, &clocks, console).await,
        Command::Show(show) => looks::show(&reach(server).await?, &show, console).await,
        Command::List(list) => looks::list(&reach(server).await?, &list, console).await,
        Command::History(history) => looks::history(&reach(server).await?, &history, console).await,
    }
}

async fn reach(server: &str) -> Result<Server, Failure> {
    Server::connect(server).await
}
