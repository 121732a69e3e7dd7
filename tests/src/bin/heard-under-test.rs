//! The program under test, built by cargo for the tests that start it as a process.
fn main() {}
