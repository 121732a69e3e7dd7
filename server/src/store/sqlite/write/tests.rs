//! What a writer leaves behind when the disk is full or a page is damaged.

use heard_engine::id::{CaseId, Digest, PrincipalId, Revision};
use rusqlite::Connection;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::store::Identity;
use crate::store::sqlite::file::{Role, StoreFile};

fn made() -> (TempDir, StoreFile) {
    let folder = tempfile::tempdir().unwrap();
    let file = StoreFile::new(&folder.path().join("heard.db")).unwrap();
    let identity = || Identity {
        log: "heard.invalid/0".into(),
        id_key: [0; 32],
        principal: PrincipalId::new(Uuid::nil()),
        is_virtual: false,
    };
    file.make(identity).unwrap();
    (folder, file)
}

fn writer(file: &StoreFile) -> Writer {
    Writer::new(file.connect(Role::Writer).unwrap())
}

fn append(number: u128, revision: u64, bytes: usize) -> Append {
    let entry = NewEntry {
        stream: StreamName::Case(CaseId::new(Uuid::from_u128(number))),
        revision: Revision(revision),
        hash: Digest([1; 32]),
        bytes: vec![b'x'; bytes],
    };
    Append {
        entries: vec![entry],
        ..Append::default()
    }
}

/// Bounds the pages of the file as a full disk would: SQLite gives the same error for both.
fn pages_max(db: &Connection, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    db.query_row(&sql, [], |_| Ok(())).unwrap();
}

#[test]
fn full_disk_leaves_nothing_of_a_batch_and_writing_goes_on_when_there_is_room() {
    let (_folder, file) = made();
    let mut writer = writer(&file);
    writer.append(&[append(1, 1, 10)]).unwrap();
    let pages = writer
        .db
        .query_row("PRAGMA page_count", [], |row| row.get(0));
    pages_max(&writer.db, pages.unwrap());
    let batch = [append(1, 2, 10), append(2, 1, 100_000)];
    for _ in 0..3 {
        assert!(matches!(writer.append(&batch), Err(Error::DiskFull)));
        assert!(matches!(writer.probe(), Err(Error::DiskFull)));
        assert_eq!(writer.position().unwrap(), 1);
    }
    // What has room is written, and the head is not the one of the batch taken back.
    let (answers, position) = writer.append(&[append(1, 2, 10)]).unwrap();
    assert_eq!(answers, [Appended::Written(vec![Position(2)])]);
    assert_eq!(position, 2);
    pages_max(&writer.db, 1_000_000);
    writer.probe().unwrap();
    let (answers, _) = writer
        .append(&[append(1, 3, 10), append(2, 1, 100_000)])
        .unwrap();
    assert_eq!(answers.len(), 2);
    assert_eq!(writer.position().unwrap(), 4);
}

#[test]
fn advance_writes_no_index_that_its_case_does_not_move_in() {
    let (_folder, file) = made();
    let writer = writer(&file);
    let plan = |sql: &str| -> String {
        let mut explained = writer.db.prepare(&format!("EXPLAIN {sql}")).unwrap();
        // What stands for a value need not be given to learn the plan.
        let mut steps = explained.raw_query();
        let mut plan = String::new();
        while let Some(step) = steps.next().unwrap() {
            plan.push_str(&step.get::<_, String>(1).unwrap());
            plan.push(' ');
        }
        plan
    };
    assert!(!plan(ADVANCED).contains("Idx"), "{}", plan(ADVANCED));
    assert!(!plan(BARE).contains("Idx"), "{}", plan(BARE));
    assert!(plan(LISTED).contains("IdxInsert"), "{}", plan(LISTED));
    let indexes = |sql: &str| plan(sql).matches("IdxInsert").count();
    assert_eq!((indexes(DUE), indexes(LISTED)), (1, 4), "{}", plan(DUE));
}
