//! The program `heard`: arguments in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    heard_server::main()
}
