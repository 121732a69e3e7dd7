//! What the driver says, told by what it means for the caller.
//!
//! Invariant: a failure is `Fatal` unless it is known that nothing was written.

use rusqlite::ErrorCode;

use crate::store::Error;

type Source = Option<Box<dyn std::error::Error + Send + Sync>>;

/// What a failed call means while a transaction is open that has not been committed.
pub(super) fn writing(operation: &'static str, error: rusqlite::Error) -> Error {
    let meaning = match error.sqlite_error_code() {
        Some(code) => meaning(code),
        None if matches!(error, rusqlite::Error::ToSqlConversionFailure(_)) => Meaning::Data,
        // Every other kind is a row that is not what this program writes.
        None => Meaning::Fatal,
    };
    meaning.error(operation, Some(Box::new(error)))
}

/// What a failed call means where nothing is written.
pub(super) fn reading(operation: &'static str, error: rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        None | Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Error::Damaged {
            what: format!("{operation}: {error}"),
        },
        Some(_) => Meaning::Unavailable.error(operation, Some(Box::new(error))),
    }
}

/// Says that nobody answers: the store was closed, or its thread has ended.
pub(super) fn gone(operation: &'static str) -> Error {
    Meaning::Unavailable.error(operation, None)
}

/// Says that the store failed while writing and does not write any more.
pub(super) fn fatal(operation: &'static str, why: &'static str) -> Error {
    Meaning::Fatal.error(operation, Some(why.into()))
}

/// Says that a row cannot be stored.
pub(super) fn data(operation: &'static str, why: &'static str) -> Error {
    Meaning::Data.error(operation, Some(why.into()))
}

/// Says that what lies in the store was not written by this program.
pub(super) fn damaged(what: impl Into<String>) -> Error {
    Error::Damaged { what: what.into() }
}

enum Meaning {
    DiskFull,
    Unavailable,
    Data,
    Fatal,
}

impl Meaning {
    fn error(self, operation: &'static str, source: Source) -> Error {
        match self {
            Self::DiskFull => Error::DiskFull,
            Self::Unavailable => Error::Unavailable { operation, source },
            Self::Data => Error::Data { operation, source },
            Self::Fatal => Error::Fatal { operation, source },
        }
    }
}

/// SQLite says `FULL` for a write that failed with ENOSPC or came out short, of the database and
/// of the write-ahead log (`unixWrite` in `os_unix.c`); the last frame of a commit is then not
/// whole, so the commit did not happen. ENOSPC while the shared index of the log grows is an
/// `IOERR` and comes after the last frame: whether it will be found again is not known.
fn meaning(code: ErrorCode) -> Meaning {
    match code {
        ErrorCode::DiskFull => Meaning::DiskFull,
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::OutOfMemory
        | ErrorCode::CannotOpen
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::OperationAborted
        | ErrorCode::OperationInterrupted
        | ErrorCode::PermissionDenied
        | ErrorCode::SchemaChanged => Meaning::Unavailable,
        ErrorCode::ConstraintViolation
        | ErrorCode::TooBig
        | ErrorCode::TypeMismatch
        | ErrorCode::ParameterOutOfRange
        | ErrorCode::Unknown => Meaning::Data,
        // `ReadOnly` also says that the file was moved away or unlinked under us.
        ErrorCode::SystemIoFailure
        | ErrorCode::DatabaseCorrupt
        | ErrorCode::NotADatabase
        | ErrorCode::ReadOnly
        | ErrorCode::InternalMalfunction
        | ErrorCode::NotFound
        | ErrorCode::ApiMisuse
        | ErrorCode::NoLargeFileSupport
        | ErrorCode::AuthorizationForStatementDenied
        | _ => Meaning::Fatal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(code: i32) -> rusqlite::Error {
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None)
    }

    #[test]
    fn a_failure_means_the_same_in_its_extended_forms() {
        use rusqlite::ffi;
        let write = |code| writing("append", failure(code));
        assert!(matches!(write(ffi::SQLITE_FULL), Error::DiskFull));
        for busy in [ffi::SQLITE_BUSY, ffi::SQLITE_BUSY_SNAPSHOT] {
            assert!(matches!(write(busy), Error::Unavailable { .. }));
        }
        for data in [ffi::SQLITE_CONSTRAINT_UNIQUE, ffi::SQLITE_TOOBIG] {
            assert!(matches!(write(data), Error::Data { .. }));
        }
        for fatal in [
            ffi::SQLITE_IOERR_FSYNC,
            ffi::SQLITE_IOERR_WRITE,
            ffi::SQLITE_IOERR_SHMSIZE,
            ffi::SQLITE_CORRUPT,
            ffi::SQLITE_NOTADB,
            ffi::SQLITE_READONLY_DBMOVED,
        ] {
            assert!(matches!(write(fatal), Error::Fatal { .. }), "{fatal}");
        }
    }

    #[test]
    fn a_damaged_row_is_damage_and_not_a_failure_of_the_world() {
        let read = |code| reading("load", failure(code));
        assert!(matches!(
            read(rusqlite::ffi::SQLITE_CORRUPT_INDEX),
            Error::Damaged { .. }
        ));
        assert!(matches!(
            read(rusqlite::ffi::SQLITE_IOERR_READ),
            Error::Unavailable { .. }
        ));
        let odd = rusqlite::Error::IntegralValueOutOfRange(0, -1);
        assert!(matches!(reading("load", odd), Error::Damaged { .. }));
    }
}
