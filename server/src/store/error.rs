//! Why a store did not do what was asked, or could not be opened.
//!
//! Invariant: an error says what is sure: nothing was written, or nobody knows.

use super::FORMAT;

/// Why the store did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk is full. Surely nothing was written.
    #[error("the disk of the store is full")]
    DiskFull,
    /// The store is busy or out of reach. Surely nothing was written.
    #[error("the store cannot be reached: {operation}")]
    Unavailable {
        /// What was being done.
        operation: &'static str,
        /// What the driver said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// One of the rows cannot be stored. Surely nothing was written; alone, the others can be.
    #[error("the store refused a row: {operation}")]
    Data {
        /// What was being done.
        operation: &'static str,
        /// What the driver said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// Whether it was written is not known. The process must stop: what it would say cannot be
    /// trusted.
    #[error("the store failed while writing: {operation}")]
    Fatal {
        /// What was being done.
        operation: &'static str,
        /// What the driver said.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// What lies in the store is not what was written.
    #[error("the store is damaged: {what}")]
    Damaged {
        /// What was found.
        what: String,
    },
}

/// Why a store could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error("another heard has the store {path} open")]
    Locked {
        /// The file.
        path: String,
    },
    /// It was written by a newer or an unreleased older heard.
    #[error("the store {path} has format {found}; this heard reads format {FORMAT}")]
    Format {
        /// The file.
        path: String,
        /// Its format.
        found: u32,
    },
    /// It is not a store of ours.
    #[error("{path} is not a store of heard")]
    Foreign {
        /// The file.
        path: String,
    },
    /// It is damaged.
    #[error("the store {path} is damaged: {what}")]
    Damaged {
        /// The file.
        path: String,
        /// What was found.
        what: String,
    },
    /// Its times are those of another kind of clock.
    #[error(
        "the store {path} was begun with {}",
        if *is_virtual {
            "a virtual clock, and its times are not real: start with --virtual-clock TIME, or name \
             another store with --store"
        } else {
            "the clock of the machine, and its times are real: start without --virtual-clock, or \
             name another store with --store"
        }
    )]
    OtherClock {
        /// The file.
        path: String,
        /// It was begun with a virtual clock.
        is_virtual: bool,
    },
    /// The file system or the database said no.
    #[error("cannot {operation} the store {path}")]
    Io {
        /// The file.
        path: String,
        /// What was being done.
        operation: &'static str,
        /// What was said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
