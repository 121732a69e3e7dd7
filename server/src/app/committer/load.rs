//! Reads what a batch needs to know and the cache does not.
//!
//! Invariant: a history that cannot be read costs only the commands on it.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use heard_engine::entry::StreamName;

use crate::app::error::{Error, one_more};
use crate::app::fold::{self, Broken, Folded};
use crate::store::{self, Store, StoredEntry};

/// What was read, by stream.
pub(super) type Loaded = HashMap<StreamName, Result<Folded, Error>>;

/// Reads streams, all at once.
pub(super) async fn load(store: &dyn Store, streams: Vec<StreamName>) -> Loaded {
    match store.load(&streams).await {
        Ok(histories) => {
            let read = streams.into_iter().zip(histories);
            read.map(|(stream, entries)| folded(stream, &entries))
                .collect()
        }
        // One of them is damaged: the others are not to suffer for it.
        Err(store::Error::Damaged { .. }) if streams.len() > 1 => {
            let mut loaded = Loaded::new();
            for stream in streams {
                let (stream, folded) = match store.load(std::slice::from_ref(&stream)).await {
                    Ok(mut histories) => folded(stream, &histories.pop().unwrap_or_default()),
                    Err(error) => failed(stream, error),
                };
                loaded.insert(stream, folded);
            }
            loaded
        }
        Err(error) => {
            let failed = |stream| failed(stream, one_more(&error));
            streams.into_iter().map(failed).collect()
        }
    }
}

fn folded(stream: StreamName, entries: &[StoredEntry]) -> (StreamName, Result<Folded, Error>) {
    let folded = catch_unwind(AssertUnwindSafe(|| fold::fold(&stream, entries)));
    let folded = match folded {
        Ok(folded) => folded.map_err(|broken| broken_error(&stream, broken)),
        Err(_) => Err(Error::Bug {
            what: format!("the history of {stream} could not be read"),
        }),
    };
    (stream, folded)
}

fn failed(stream: StreamName, error: store::Error) -> (StreamName, Result<Folded, Error>) {
    let error = read_error(&stream, error);
    (stream, Err(error))
}

/// Returns what a caller is told when the store could not read a history.
pub(in crate::app) fn read_error(stream: &StreamName, error: store::Error) -> Error {
    match error {
        store::Error::Damaged { what } => broken_error(stream, Broken::Damaged(what)),
        error @ (store::Error::DiskFull
        | store::Error::Unavailable { .. }
        | store::Error::Data { .. }
        | store::Error::Fatal { .. }) => Error::Store(error),
    }
}

/// Returns what a caller is told of a history that cannot be read.
pub(in crate::app) fn broken_error(stream: &StreamName, broken: Broken) -> Error {
    match (stream, broken) {
        (StreamName::Case(case), Broken::Newer) => Error::Newer { case: *case },
        (StreamName::Case(case), Broken::Damaged(what)) => Error::Damaged { case: *case, what },
        (StreamName::Workflow(_) | StreamName::Store, broken) => {
            let what = match broken {
                Broken::Newer => format!("{stream} was written by a newer heard"),
                Broken::Damaged(what) => format!("{stream}: {what}"),
            };
            Error::Store(store::Error::Damaged { what })
        }
    }
}
