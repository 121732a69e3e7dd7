//! `heard completions SHELL`: what a shell needs to complete our arguments.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

/// The arguments of `heard completions`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// For which shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs `heard completions`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut command = super::Arguments::command();
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "heard", &mut script);
    console.bytes(&script)?;
    Ok(Exit::Clean)
}
