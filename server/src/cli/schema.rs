//! `heard schema [KIND]`: the JSON Schema of workflow or scenarios files, for editors.

use clap::Args;
use heard_engine::{scenario, workflow};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

/// The arguments of `heard schema`.
#[derive(Debug, Args)]
#[command(after_help = "\
An editor with the YAML language server completes and explains every word of a file whose first \
line names the schema:

    heard schema > workflow.schema.json
    # yaml-language-server: $schema=./workflow.schema.json")]
pub(super) struct Arguments {
    /// Of which files.
    #[arg(value_enum, default_value_t = Files::Workflow, value_name = "KIND")]
    of: Files,
}

/// The files that have a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Files {
    /// Workflow files.
    Workflow,
    /// Scenarios files.
    Scenarios,
}

/// Runs `heard schema`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // It is JSON for every reader.
    console.text(&match arguments.of {
        Files::Workflow => workflow::schema::workflow(),
        Files::Scenarios => scenario::schema::scenarios(),
    })?;
    Ok(Exit::Clean)
}
