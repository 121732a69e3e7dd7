//! What the plan of SQLite says of the list of children.

use heard_engine::id::PrincipalId;
use uuid::Uuid;

use super::*;
use crate::store::Identity;
use crate::store::sqlite::file::{Role, StoreFile};

#[test]
fn children_are_sought_in_their_index_and_nothing_is_sorted() {
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
    let explained = format!("EXPLAIN QUERY PLAN {CHILDREN}");
    let mut explained = db.prepare(&explained).unwrap();
    let mut steps = explained.raw_query();
    let mut plan = String::new();
    while let Some(step) = steps.next().unwrap() {
        plan.push_str(&step.get::<_, String>(3).unwrap());
        plan.push('\n');
    }
    let sought = "SEARCH head USING INDEX head_parent (parent=? AND rowid>?)\n";
    assert_eq!(plan, sought);
}
