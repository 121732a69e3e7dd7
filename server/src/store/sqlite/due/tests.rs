//! What the plans of SQLite say of reads of what is due.

use heard_engine::id::PrincipalId;
use rusqlite::Connection;
use uuid::Uuid;

use super::*;
use crate::store::Identity;
use crate::store::sqlite::file::{Role, StoreFile};

/// Returns how SQLite would go about a query, in its words.
fn plan(db: &Connection, sql: &str) -> String {
    let mut explained = db.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let mut steps = explained.raw_query();
    let mut plan = String::new();
    while let Some(step) = steps.next().unwrap() {
        plan.push_str(&step.get::<_, String>(3).unwrap());
        plan.push('\n');
    }
    plan
}

#[test]
fn every_read_of_what_is_due_seeks_in_its_index_and_sorts_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = StoreFile::new(&folder.path().join("heard.db")).unwrap();
    let identity = || Identity {
        log: "heard.invalid/0".into(),
        id_key: [0; 32],
        principal: PrincipalId::new(Uuid::nil()),
        is_virtual: false,
    };
    file.make(identity).unwrap();
    let db = file.connect(Role::Reader).unwrap();
    for (sql, sought) in [
        (SAME, "(due_at=? AND rowid>?)"),
        (LATER, "(due_at>? AND due_at<?)"),
        (NEXT, "(due_at>?)"),
        (COUNT, "(due_at<?)"),
    ] {
        let plan = plan(&db, sql);
        assert!(plan.contains("SEARCH head USING"), "{sql}: {plan}");
        assert!(plan.contains("INDEX head_due"), "{sql}: {plan}");
        assert!(plan.contains(sought), "{sql}: {plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{sql}: {plan}");
    }
}
