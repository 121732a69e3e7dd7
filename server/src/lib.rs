//! The H.E.A.R.D. server and command line.

pub mod api;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
mod escape;
pub mod run;
mod shutdown;
pub mod store;
mod telemetry;

use std::process::ExitCode;

/// Runs the command line of this process: arguments in, exit code out.
#[must_use]
pub fn main() -> ExitCode {
    cli::main()
}
