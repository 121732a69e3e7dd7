//! Every "no" of the application, by its kind.

use heard_engine::case::Refusal;
use heard_engine::case::seal::BadRequest;
use heard_engine::code::Code;
use heard_engine::finding::Finding;
use heard_engine::id::{CaseId, Revision};

use crate::store;

/// Why a request was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The rules say no. Nothing was written.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// The request is malformed. Nothing was written.
    #[error("{0}")]
    Bad(BadRequest),
    /// The case that a new one is to belong to is not there. Nothing was written.
    #[error("there is no case {parent}, to whose systemic issue the new one was to belong")]
    NoSuchParent {
        /// What was asked for.
        parent: CaseId,
    },
    /// The case that a new one is to belong to was merged into another. Nothing was written.
    #[error(
        "the case {parent}, to whose systemic issue the new one was to belong, was merged into \
         another; read it to learn which, and name that one"
    )]
    MergedParent {
        /// What was asked for.
        parent: CaseId,
    },
    /// The workflow file has errors. Nothing was written.
    #[error("the workflow has {} findings", .0.len())]
    Faulty(Vec<Finding>),
    /// The case is at another revision than expected. Nothing was written.
    #[error("the case is at revision {current}, not at {expected}")]
    RevisionDiffers {
        /// What the caller expected.
        expected: Revision,
        /// Where the case is.
        current: Revision,
    },
    /// The case changed under us as often as we tried. Nothing was written.
    #[error("the case kept changing while the request was decided")]
    KeptChanging,
    /// As many requests wait as may. Nothing was written.
    #[error("too many requests are waiting")]
    TooBusy,
    /// The deadline of the request passed before it was taken up. Nothing was written.
    #[error("the deadline passed before the request was taken up")]
    DeadlinePassed,
    /// The deadline passed while the request was under way: a repeat tells whether it was done.
    #[error("the deadline passed before it was known whether the request was done")]
    Unanswered,
    /// The server is stopping. Nothing was written.
    #[error("the server is stopping")]
    Stopping,
    /// The clock may be wrong, so no deadline fires. Nothing was written.
    #[error(
        "time is held: the clock of the server leapt, or its machine slept, or it was away for \
         long, and deadlines wait until its operator says that the time is right (heard clock \
         accept)"
    )]
    TimeHeld,
    /// The clock is that of the machine and cannot be set. Nothing was changed.
    #[error("the clock of this server cannot be set: it goes by the clock of the machine")]
    NotVirtual,
    /// The store did not do what was asked; see its error for what is sure.
    #[error("the store did not do what was asked")]
    Store(#[source] store::Error),
    /// The history of this case is damaged. It is not served until it is mended.
    #[error("the history of case {case} is damaged: {what}")]
    Damaged {
        /// The case.
        case: CaseId,
        /// What was found.
        what: String,
    },
    /// The history of this stream was continued by a newer heard.
    #[error("the history of case {case} was written by a newer heard")]
    Newer {
        /// The case.
        case: CaseId,
    },
    /// A fault of ours. Nothing was written.
    #[error("a fault of heard: {what}")]
    Bug {
        /// What was found.
        what: String,
    },
}

impl Error {
    /// Returns the stable code.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Refused(refusal) => refusal.code(),
            Self::Bad(bad) => bad.code(),
            Self::NoSuchParent { .. } => Code::HC001,
            Self::MergedParent { .. } => Code::HC059,
            Self::Faulty(_) => Code::HB007,
            Self::RevisionDiffers { .. } => Code::HS001,
            Self::KeptChanging => Code::HS002,
            Self::TooBusy => Code::HS003,
            Self::DeadlinePassed | Self::Unanswered => Code::HS008,
            Self::Stopping => Code::HS007,
            Self::TimeHeld => Code::HS010,
            Self::NotVirtual => Code::HS011,
            Self::Store(store::Error::DiskFull) => Code::HS004,
            Self::Store(store::Error::Unavailable { .. }) => Code::HS005,
            Self::Store(store::Error::Fatal { .. }) => Code::HS006,
            Self::Store(store::Error::Data { .. }) | Self::Bug { .. } => Code::HX002,
            Self::Store(store::Error::Damaged { .. }) | Self::Damaged { .. } => Code::HX001,
            Self::Newer { .. } => Code::HS009,
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<BadRequest> for Error {
    fn from(bad: BadRequest) -> Self {
        Self::Bad(bad)
    }
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

/// Returns an error of the store for one more caller: a source cannot be shared, its text can.
pub(super) fn one_more(error: &store::Error) -> store::Error {
    type Source = Option<Box<dyn std::error::Error + Send + Sync>>;
    let text = |source: &Source| source.as_ref().map(|source| chain(&**source).into());
    match error {
        store::Error::DiskFull => store::Error::DiskFull,
        store::Error::Unavailable { operation, source } => store::Error::Unavailable {
            operation,
            source: text(source),
        },
        store::Error::Data { operation, source } => store::Error::Data {
            operation,
            source: text(source),
        },
        store::Error::Fatal { operation, source } => store::Error::Fatal {
            operation,
            source: text(source),
        },
        store::Error::Damaged { what } => store::Error::Damaged { what: what.clone() },
    }
}

/// Returns an error with everything that led to it, in one line.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}
