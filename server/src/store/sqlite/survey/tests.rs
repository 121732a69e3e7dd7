//! What the plan of SQLite says of counting surveys.

use heard_engine::id::PrincipalId;
use uuid::Uuid;

use super::*;
use crate::store::Identity;
use crate::store::sqlite::file::{Role, StoreFile};

#[test]
fn a_count_seeks_in_its_index_and_reads_nothing_else() {
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
    let sql = format!("EXPLAIN QUERY PLAN {TIMES}");
    let mut explained = db.prepare(&sql).unwrap();
    // What stands for a value need not be given to learn the plan.
    let mut steps = explained.raw_query();
    let mut plan: Vec<String> = Vec::new();
    while let Some(step) = steps.next().unwrap() {
        plan.push(step.get(3).unwrap());
    }
    let sought = "(customer=? AND workflow_id=? AND survey=? AND sent_at>?)";
    let expected = format!("SEARCH survey USING COVERING INDEX survey_sent {sought}");
    assert_eq!(plan, [expected]);
}
