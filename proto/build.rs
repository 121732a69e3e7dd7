//! Compiles the protos in plain Rust: no `protoc` is needed on the machine.

use std::error::Error;
use std::path::PathBuf;

/// The files that hold the services; everything else is imported by them.
const SERVICES: [&str; 6] = [
    "heard/v1/case_service.proto",
    "heard/v1/cause_service.proto",
    "heard/v1/clock_service.proto",
    "heard/v1/learning_service.proto",
    "heard/v1/report_service.proto",
    "heard/v1/workflow_service.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=heard");
    let files = protox::compile(SERVICES, ["."])?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    std::fs::write(out.join("heard.bin"), prost::Message::encode_to_vec(&files))?;
    tonic_prost_build::configure().compile_fds(files)?;
    Ok(())
}
