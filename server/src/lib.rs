//! The H.E.A.R.D. server and command line.
pub mod store;
