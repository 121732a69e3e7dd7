//! The tables, made by numbered files, forward only.
//!
//! Invariant: a released file is never edited; the store records the digest of each it ran.

use rusqlite::{Connection, OptionalExtension as _, Result, TransactionBehavior};
use sha2::{Digest as _, Sha256};

/// The files, from number 1. As many as [`crate::store::FORMAT`] says.
const FILES: [&str; crate::store::FORMAT as usize] = [
    include_str!("../../../migrations/sqlite/0001_entries.sql"),
    include_str!("../../../migrations/sqlite/0002_bookings.sql"),
    include_str!("../../../migrations/sqlite/0003_deadlines.sql"),
    include_str!("../../../migrations/sqlite/0004_causes.sql"),
    include_str!("../../../migrations/sqlite/0005_parents.sql"),
];

/// Says whether the files that made the tables are those of this program.
pub(super) fn are_known(db: &Connection) -> Result<bool> {
    let mut recorded = db.prepare("SELECT sha256 FROM migration WHERE number = ?1")?;
    let done = format(db)?;
    for (number, file) in (1_u32..).zip(FILES).take(done as usize) {
        let found = recorded.query_row([number], |row| row.get::<_, Vec<u8>>(0));
        if found.optional()?.as_deref() != Some(digest(file).as_slice()) {
            return Ok(false);
        }
    }
    Ok(done > 0)
}

/// Runs the files that were not run, each in a transaction of its own.
pub(super) fn run(db: &mut Connection) -> Result<()> {
    let done = format(db)?;
    for (number, file) in (1_u32..).zip(FILES).skip(done as usize) {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        tx.execute_batch(file)?;
        let sql = "INSERT INTO migration (number, sha256) VALUES (?1, ?2)";
        tx.execute(sql, (number, digest(file)))?;
        tx.pragma_update(None, "user_version", number)?;
        tx.commit()?;
    }
    Ok(())
}

/// Returns the number of the last file that was run.
pub(super) fn format(db: &Connection) -> Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

fn digest(file: &str) -> Vec<u8> {
    Sha256::digest(file.as_bytes()).to_vec()
}
