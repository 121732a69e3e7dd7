//! The wire: gRPC to the application and back.
//!
//! Invariant: only this module and those below it name tonic and the messages of `heard-proto`.
//! Invariant: no handler holds a lock over an await, and a handler that is dropped changes nothing.

mod call;
mod connection;
mod convert;
mod metrics;
mod page;
mod serve;
mod status;
