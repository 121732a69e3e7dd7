//! Random acts at random times.
