//! The command line `heard`: arguments in, exit code out.
//!
//! Invariant: everything that is said goes through [`Console`]; the exit code is an [`Exit`].

mod answer;
mod case;
mod cause;
mod check;
mod client;
mod clock;
mod completions;
mod console;
mod demo;
mod diff;
mod draw;
mod exit;
mod explain;
mod failure;
mod fmt;
mod given;
mod init;
mod rebuild;
mod render;
mod report;
mod schema;
mod serve;
mod test;
mod try_out;
mod version;
mod workflow;

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use console::{Console, Format};
use exit::Exit;
use failure::Failure;

/// The arguments of `heard`.
#[derive(Debug, Parser)]
#[command(
    name = "heard",
    version,
    about = "Moves complaint cases through hear, empathize, apologize, resolve and diagnose",
    after_help = exit::HELP,
    arg_required_else_help = true
)]
struct Arguments {
    /// How results are printed.
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        default_value_t,
        value_name = "FORMAT"
    )]
    output: Format,
    #[command(subcommand)]
    command: Command,
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
enum Command {
    /// Serve cases over gRPC, from a store in one file.
    Serve(serve::Arguments),
    /// Run the main job, on a store of its own, and show what happens.
    Demo(demo::Arguments),
    /// Write a workflow to begin with, its scenarios, and the schemas for editors.
    Init(init::Arguments),
    /// Check workflow files and say everything that is wrong with them.
    Check(check::Arguments),
    /// Write files evenly: quotation marks and spaces, never lines or comments.
    Fmt(fmt::Arguments),
    /// Say what changed in meaning between two workflow files, and who may do more.
    Diff(diff::Arguments),
    /// Draw a workflow, for people to look at and for pages to show.
    Draw(draw::Arguments),
    /// Print the JSON Schema of workflow or scenarios files, for editors.
    Schema(schema::Arguments),
    /// Run the scenarios of workflows in virtual time.
    Test(test::Arguments),
    /// Try the actions of a step: which way would each go, and why.
    Try(try_out::Arguments),
    /// Open cases, move them on, look at them.
    Case(case::Arguments),
    /// Record, review and look at root causes, and what is done about them.
    Cause(cause::Arguments),
    /// Show what time it is for a server; move the clock of a test system.
    Clock(clock::Arguments),
    /// Say what many cases come to: resolved, how fast, how customers found it.
    Report(report::Arguments),
    /// Publish and look at workflows.
    Workflow(workflow::Arguments),
    /// Make everything derived anew from the entries of a store that is not being served.
    Rebuild(rebuild::Arguments),
    /// Print the page of a code, such as HC004; without one, list all codes.
    Explain(explain::Arguments),
    /// Print completions for a shell.
    Completions(completions::Arguments),
    /// Print the version.
    Version,
}

/// Runs the command line of this process.
pub(crate) fn main() -> ExitCode {
    let stdout = io::stdout().lock();
    let is_coloured = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    // Large outputs are lists; whoever waits for a line, such as `serve`, flushes it.
    let mut out = BufWriter::new(stdout);
    let mut err = io::stderr();
    // The message of a panic is on stderr already.
    let ended = catch_unwind(AssertUnwindSafe(|| {
        run(std::env::args_os(), &mut out, &mut err, is_coloured)
    }));
    ended.unwrap_or(Exit::Bug).into()
}

/// Runs one command line.
fn run(
    arguments: impl IntoIterator<Item = OsString>,
    out: &mut dyn Write,
    err: &mut dyn Write,
    is_coloured: bool,
) -> Exit {
    let mut console = Console::new(out, err);
    console.is_coloured = is_coloured;
    let ended = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => {
            console.format = arguments.output;
            command(arguments.command, &mut console)
        }
        Err(error) if error.use_stderr() => {
            console.say(error.render().to_string().trim_end());
            Ok(Exit::Usage)
        }
        // `--help` and `--version` come as errors too.
        Err(help) => console
            .text(&help.render().to_string())
            .map(|()| Exit::Clean),
    };
    let ended = ended.and_then(|exit| console.flush().map(|()| exit));
    ended.unwrap_or_else(|failure| {
        let exit = failure.tell(&mut console);
        match console.flush() {
            Err(unwritten) if exit == Exit::Clean => unwritten.exit(),
            Ok(()) | Err(_) => exit,
        }
    })
}

fn command(command: Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Serve(arguments) => serve::run(arguments, console),
        Command::Demo(arguments) => demo::run(&arguments, console),
        Command::Init(arguments) => init::run(&arguments, console),
        Command::Check(arguments) => check::run(&arguments, console),
        Command::Fmt(arguments) => fmt::run(&arguments, console),
        Command::Diff(arguments) => diff::run(&arguments, console),
        Command::Draw(arguments) => draw::run(&arguments, console),
        Command::Schema(arguments) => schema::run(&arguments, console),
        Command::Test(arguments) => test::run(&arguments, console),
        Command::Try(arguments) => try_out::run(&arguments, console),
        Command::Case(arguments) => ask(case::run(arguments, console)),
        Command::Cause(arguments) => ask(cause::run(arguments, console)),
        Command::Clock(arguments) => ask(clock::run(arguments, console)),
        Command::Report(arguments) => ask(report::run(arguments, console)),
        Command::Workflow(arguments) => ask(workflow::run(arguments, console)),
        Command::Rebuild(arguments) => rebuild::run(&arguments, console),
        Command::Explain(arguments) => explain::run(&arguments, console),
        Command::Completions(arguments) => completions::run(&arguments, console),
        Command::Version => version::run(console),
    }
}

/// Runs what asks a server, on this thread.
fn ask(asking: impl Future<Output = Result<Exit, Failure>>) -> Result<Exit, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime
        .map_err(|error| no_runtime(&error))?
        .block_on(asking)
}

/// Tells that the machine does not let us run anything.
fn no_runtime(error: &io::Error) -> Failure {
    Failure::Bug(format!("the runtime does not start: {error}"))
}

#[cfg(test)]
mod tests;
