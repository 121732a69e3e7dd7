//! The program under test, built by cargo for the tests that start it as a process.

use std::process::ExitCode;

fn main() -> ExitCode {
    heard_server::main()
}
