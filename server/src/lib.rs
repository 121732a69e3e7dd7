//! The H.E.A.R.D. server and command line.
pub mod api;
pub mod app;
pub mod clock;
pub mod store;
