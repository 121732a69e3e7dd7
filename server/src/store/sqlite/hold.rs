//! Why time is held, beside what the store was born with.
//!
//! Invariant: no row says that it is not held.

use rusqlite::{Connection, OptionalExtension as _, Result};

/// The key in `meta` that a store has while time is held.
const KEY: &str = "hold";

/// Returns why time is held; none where it is not.
pub(super) fn kept(db: &Connection) -> Result<Option<String>> {
    let sql = "SELECT value FROM meta WHERE key = ?1";
    let mut select = db.prepare_cached(sql)?;
    select.query_row([KEY], |row| row.get(0)).optional()
}

/// Writes why time is held, or that it is not.
pub(super) fn keep(db: &Connection, hold: Option<&str>) -> Result<()> {
    let kept = match hold {
        Some(hold) => {
            let sql = "INSERT OR REPLACE INTO meta (key, value) VALUES (?1, ?2)";
            db.prepare_cached(sql)?.execute((KEY, hold))
        }
        None => db
            .prepare_cached("DELETE FROM meta WHERE key = ?1")?
            .execute([KEY]),
    };
    kept.map(drop)
}
