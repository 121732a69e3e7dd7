//! The program itself, built with the tests, so that they can start it as a process.

fn main() -> std::process::ExitCode {
    heard_server::main()
}
