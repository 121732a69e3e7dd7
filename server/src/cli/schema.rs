//! `heard schema`: the JSON Schema of workflow files, for editors.

use clap::Args;
use heard_engine::workflow::schema;

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
pub(super) struct Arguments {}

/// Runs `heard schema`.
pub(super) fn run(_arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // It is JSON for every reader.
    console.text(&schema::workflow())?;
    Ok(Exit::Clean)
}
