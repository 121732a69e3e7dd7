//! The wire contract of H.E.A.R.D., made from `heard/v1/*.proto`: messages, clients and servers.
//!
//! Invariant: nothing here is written by hand; the protos are the contract and carry the comments.

#[allow(
    missing_docs,
    unreachable_pub,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::allow_attributes,
    clippy::allow_attributes_without_reason,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::unused_trait_names,
    clippy::use_self,
    clippy::wildcard_enum_match_arm,
    reason = "generated code is made by prost and tonic, in their style"
)]
/// Version 1 of the API. It only grows: numbers and names are never reused.
pub mod v1 {
    tonic::include_proto!("heard.v1");
}

/// The descriptors of every file, with comments, for gRPC reflection.
pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/heard.bin"));
