//! The file of a store: locked, made, known by its header, and connected to.
//!
//! Invariant: a store comes into being whole, by a rename, or not at all.
//! Invariant: nothing opens the file beside SQLite once SQLite has: closing such a handle would
//! drop the locks that SQLite holds.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use heard_engine::id::PrincipalId;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::migrations;
use crate::store::{FORMAT, Identity, OpenError};

/// `HEAR`: what `PRAGMA application_id` says of every store.
const APPLICATION_ID: u32 = 0x4845_4152;
/// How long a connection waits for another tool that holds a lock.
const BUSY_MS: u64 = 5_000;
/// The key in `meta` that a store with a virtual clock has and no other.
const VIRTUAL: &str = "virtual_clock";
/// The length of the header of an SQLite file.
const HEADER_BYTES: usize = 100;

/// A file of a store, by one name however it was called.
#[derive(Debug, Clone)]
pub(super) struct StoreFile {
    path: PathBuf,
    /// As the operator called it, for what is said.
    called: String,
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The one that writes.
    Writer,
    /// One that only moves pages from the log into the file.
    Checkpointer,
    /// One that only reads.
    Reader,
}

impl StoreFile {
    /// Names a file. Two names of one file make one lock.
    pub(super) fn new(path: &Path) -> Result<Self, OpenError> {
        let called = path.display().to_string();
        let whole = || match fs::canonicalize(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let folder = match path.parent() {
                    Some(folder) if folder != Path::new("") => folder,
                    Some(_) | None => Path::new("."),
                };
                let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
                Ok(fs::canonicalize(folder)?.join(name))
            }
            found => found,
        };
        match whole() {
            Ok(path) => Ok(Self { path, called }),
            Err(error) => Err(OpenError::Io {
                path: called,
                operation: "find the folder of",
                source: Box::new(error),
            }),
        }
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    }

    /// Takes the lock, for the life of the returned file.
    pub(super) fn lock(&self) -> Result<File, OpenError> {
        let file = private()
            .create(true)
            .truncate(false)
            .open(self.beside(".lock"));
        let file = file.map_err(|error| self.io("make the lock file of", error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked {
                path: self.called.clone(),
            }),
            Err(TryLockError::Error(error)) => Err(self.io("lock", error)),
        }
    }

    /// Makes the store where there is none. The lock must be held.
    pub(super) fn make(&self, new: impl FnOnce() -> Identity) -> Result<(), OpenError> {
        if self.path.exists() {
            return Ok(());
        }
        // SQLite would replay an orphaned log into whatever file it finds beside it.
        if fs::metadata(self.beside("-wal")).is_ok_and(|log| log.len() > 0) {
            return Err(self.damaged("its write-ahead log is there without it"));
        }
        let unfinished = self.beside(".new");
        for leftover in [unfinished.clone(), self.beside(".new-journal")] {
            match fs::remove_file(leftover) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(self.io("clear an unfinished beginning of", error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        let made = private().create_new(true).open(&unfinished);
        drop(made.map_err(|error| self.io("create", error))?);
        fill(&unfinished, &new()).map_err(|error| self.said("create", error))?;
        let kept = sync(&unfinished)
            .and_then(|()| fs::rename(&unfinished, &self.path))
            .and_then(|()| self.path.parent().map_or(Ok(()), sync));
        kept.map_err(|error| self.io("create", error))
    }

    /// Refuses a file that is no store, before SQLite touches it.
    pub(super) fn check_header(&self) -> Result<(), OpenError> {
        let mut header = Vec::with_capacity(HEADER_BYTES);
        let file = File::open(&self.path).map_err(|error| self.io("read", error))?;
        let read = file.take(HEADER_BYTES as u64).read_to_end(&mut header);
        read.map_err(|error| self.io("read", error))?;
        if header.is_empty() {
            return Err(
                self.damaged("it is empty; a new store is made only where there is no file")
            );
        }
        // The application id stands at offset 68 of the header.
        let is_ours = header.starts_with(b"SQLite format 3\0")
            && header.get(68..72) == Some(&APPLICATION_ID.to_be_bytes());
        if !is_ours {
            return Err(OpenError::Foreign {
                path: self.called.clone(),
            });
        }
        Ok(())
    }

    /// Opens a connection.
    pub(super) fn connect(&self, role: Role) -> Result<Connection, OpenError> {
        connect(&self.path, role).map_err(|error| self.said("open", error))
    }

    /// Brings the tables up to this format and reads what the store was born with.
    pub(super) fn prepare(&self, writer: &mut Connection) -> Result<Identity, OpenError> {
        let format = migrations::format(writer).map_err(|error| self.said("open", error))?;
        let foreign = |found| OpenError::Format {
            path: self.called.clone(),
            found,
        };
        if format > FORMAT {
            return Err(foreign(format));
        }
        if !migrations::are_known(writer).map_err(|error| self.said("open", error))? {
            // Its tables were made by a build that was never released: no format at all.
            return Err(foreign(0));
        }
        migrations::run(writer).map_err(|error| self.said("migrate", error))?;
        identity(writer).map_err(|error| self.said("read the identity of", error))
    }

    /// Says what the file system said.
    pub(super) fn io(&self, operation: &'static str, source: io::Error) -> OpenError {
        OpenError::Io {
            path: self.called.clone(),
            operation,
            source: Box::new(source),
        }
    }

    fn damaged(&self, what: impl Into<String>) -> OpenError {
        OpenError::Damaged {
            path: self.called.clone(),
            what: what.into(),
        }
    }

    /// Says what the driver said: that the world failed, or that the file is not what we wrote.
    pub(super) fn said(&self, operation: &'static str, error: rusqlite::Error) -> OpenError {
        let code = error.sqlite_error_code();
        let is_damage = match code {
            None => true,
            Some(code) => matches!(
                code,
                ErrorCode::DatabaseCorrupt
                    | ErrorCode::NotADatabase
                    | ErrorCode::Unknown
                    | ErrorCode::ConstraintViolation
                    | ErrorCode::TypeMismatch
            ),
        };
        if is_damage {
            return self.damaged(format!("{error}"));
        }
        OpenError::Io {
            path: self.called.clone(),
            operation,
            source: Box::new(error),
        }
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn sync(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn fill(path: &Path, identity: &Identity) -> rusqlite::Result<()> {
    let mut db = Connection::open_with_flags(path, flags(Role::Writer))?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrations::run(&mut db)?;
    let mut insert = db.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(("log", &identity.log))?;
    insert.execute(("id_key", identity.id_key))?;
    insert.execute(("principal", identity.principal.to_string()))?;
    if identity.is_virtual {
        insert.execute((VIRTUAL, 1))?;
    }
    insert.finalize()?;
    // The mode lies in the header, so every later connection finds it.
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.close().map_err(|(_, error)| error)
}

fn flags(role: Role) -> OpenFlags {
    let access = match role {
        Role::Writer | Role::Checkpointer => OpenFlags::SQLITE_OPEN_READ_WRITE,
        Role::Reader => OpenFlags::SQLITE_OPEN_READ_ONLY,
    };
    access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE
}

fn connect(path: &Path, role: Role) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, flags(role))?;
    db.busy_timeout(Duration::from_millis(BUSY_MS))?;
    // The last connection that closes would checkpoint, also after a failed sync. We do it by name.
    let setting = rusqlite::config::DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
    db.set_db_config(setting, true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    // Negative: KiB. A reader's pages are good only until the next commit.
    let cache_kib = match role {
        Role::Writer => 65_536,
        Role::Checkpointer => 1_024,
        Role::Reader => 16_384,
    };
    db.pragma_update(None, "cache_size", -cache_kib)?;
    db.set_prepared_statement_cache_capacity(64);
    match role {
        Role::Reader => db.pragma_update(None, "query_only", true)?,
        Role::Writer | Role::Checkpointer => {
            db.pragma_update(None, "synchronous", "FULL")?;
            db.pragma_update(None, "foreign_keys", true)?;
            db.query_row("PRAGMA wal_autocheckpoint = 0", [], |_| Ok(()))?;
            // A log that grew past this is cut when it begins again.
            db.query_row("PRAGMA journal_size_limit = 67108864", [], |_| Ok(()))?;
        }
    }
    Ok(db)
}

fn identity(db: &Connection) -> rusqlite::Result<Identity> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    let principal: String = db.query_row(sql, ["principal"], |row| row.get(0))?;
    let principal = PrincipalId::parse(&principal).map_err(|error| {
        let text = rusqlite::types::Type::Text;
        rusqlite::Error::FromSqlConversionFailure(0, text, Box::new(error))
    })?;
    Ok(Identity {
        log: db.query_row(sql, ["log"], |row| row.get(0))?,
        id_key: db.query_row(sql, ["id_key"], |row| row.get(0))?,
        principal,
        is_virtual: db.prepare(sql)?.exists([VIRTUAL])?,
    })
}
