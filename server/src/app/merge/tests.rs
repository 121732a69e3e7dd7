//! Merges that end between their two entries.

use heard_engine::case::command::{Note, Open, Origin};
use heard_engine::id::{PersonId, RoleName, WorkflowId};
use uuid::Uuid;

use super::*;
use crate::app::new_identity;
use crate::clock::SystemClock;
use crate::store::memory::Memory;

const CLASSIC: &[u8] = include_bytes!("../../../../workflows/classic-heard.workflow.yaml");

fn request(id: &str, role: &str) -> Request {
    Request {
        id: RequestId::new(id).unwrap(),
        person: PersonId::new(Uuid::from_u128(1)),
        role: RoleName::new(role).unwrap(),
        expected_revision: None,
        validate_only: false,
        deadline: None,
    }
}

fn start(store: &Arc<Memory>) -> App {
    let store = Arc::clone(store);
    App::start(store, Arc::new(SystemClock::default()))
}

async fn open(app: &App, id: &str) -> CaseId {
    let open = Open {
        customer: None,
        origin: Origin::default(),
        received_at: None,
        reference: None,
        team: None,
        version: None,
        workflow: WorkflowId::new("classic-heard").unwrap(),
    };
    let opened = app.open(request(id, "agent"), open).await.unwrap();
    opened.view.id
}

async fn note(app: &App, case: CaseId, id: &str) {
    let note = Act::Note(Note {
        note: "She called again".to_owned(),
    });
    app.act(case, request(id, "agent"), note).await.unwrap();
}

/// Two cases in a store, of which the first entry of a merge under the id `merge` was written, and
/// a server that was started anew since.
async fn half_merged() -> (App, Merge) {
    let store = Arc::new(Memory::new(new_identity()));
    let app = start(&store);
    let publish = app.publish(request("publish", "team_lead"), CLASSIC.to_vec());
    publish.await.unwrap();
    let asked = Merge {
        survivor: open(&app, "one").await,
        duplicate: open(&app, "two").await,
        expected_duplicate_revision: None,
        reason: "She wrote twice".to_owned(),
    };
    let found = app.found(asked.duplicate).await.unwrap();
    let request = request("merge", "agent");
    app.take_over(&request, &asked, found).await.unwrap();
    (start(&store), asked)
}

async fn case(app: &App, id: CaseId) -> Arc<Case> {
    app.case(id).await.unwrap().case
}

/// Whether both say that one was merged into the other as it was then, and the revision of each.
async fn merged(app: &App, asked: &Merge) -> (u64, u64) {
    let survivor = case(app, asked.survivor).await;
    let duplicate = case(app, asked.duplicate).await;
    let merging = *duplicate.merged_into().expect("it rests");
    assert_eq!(merging.into, asked.survivor);
    let taken = survivor.merged()[&asked.duplicate];
    assert_eq!(
        taken.duplicate_revision.unwrap().next(),
        duplicate.revision()
    );
    assert_eq!(merging.into_revision, taken.revision);
    let rebuilt = app.rebuild(false).await.unwrap();
    assert!(rebuilt.differences.is_empty(), "{rebuilt:?}");
    (survivor.revision().0, duplicate.revision().0)
}

#[tokio::test]
async fn the_same_call_again_writes_what_is_missing_and_nothing_else() {
    let (app, asked) = half_merged().await;
    assert!(
        case(&app, asked.duplicate).await.step().is_some(),
        "both run"
    );
    for _ in 0..2 {
        let done = app.merge(request("merge", "agent"), asked.clone()).await;
        let done = done.unwrap();
        assert!(done.receipt.repeated);
        assert_eq!(done.receipt.revision, Revision(2));
        assert_eq!(merged(&app, &asked).await, (2, 2));
    }
    let other = Merge {
        reason: "Another reason".to_owned(),
        ..asked
    };
    let again = app.merge(request("merge", "agent"), other).await;
    assert_eq!(again.unwrap_err().code(), Code::HB002);
}

#[tokio::test]
async fn another_call_for_the_two_cases_goes_on_too() {
    let (app, asked) = half_merged().await;
    let done = app.merge(request("anew", "team_lead"), asked.clone()).await;
    assert!(!done.unwrap().receipt.repeated);
    assert_eq!(merged(&app, &asked).await, (3, 2));
}

#[tokio::test]
async fn what_happened_to_the_duplicate_in_between_is_taken_over_under_an_id_of_its_own() {
    let (app, asked) = half_merged().await;
    note(&app, asked.duplicate, "note").await;
    note(&app, asked.survivor, "note").await;
    let done = app.merge(request("merge", "agent"), asked.clone()).await;
    assert_eq!(done.unwrap().receipt.revision, Revision(4));
    assert_eq!(merged(&app, &asked).await, (4, 3));
    let before = app.merge(request("merge", "agent"), asked.clone()).await;
    assert!(before.unwrap().receipt.repeated);
    assert_eq!(merged(&app, &asked).await, (4, 3));
}

#[tokio::test]
async fn a_caller_who_saw_another_duplicate_is_told_so_and_nothing_is_written() {
    let (app, asked) = half_merged().await;
    note(&app, asked.duplicate, "note").await;
    let stale = Merge {
        expected_duplicate_revision: Some(Revision(1)),
        ..asked.clone()
    };
    let error = app
        .merge(request("stale", "agent"), stale)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::RevisionDiffers { .. }), "{error:?}");
    assert_eq!(case(&app, asked.survivor).await.revision(), Revision(2));
}

#[tokio::test]
async fn an_id_that_the_duplicate_knows_otherwise_is_refused_before_anything_is_written() {
    let (app, asked) = half_merged().await;
    note(&app, asked.duplicate, "used").await;
    let error = app.merge(request("used", "agent"), asked.clone()).await;
    assert_eq!(error.unwrap_err().code(), Code::HB002);
    assert_eq!(case(&app, asked.survivor).await.revision(), Revision(2));
}

#[tokio::test]
async fn an_id_that_leaves_no_room_is_refused() {
    let (app, asked) = half_merged().await;
    let long = request(&"x".repeat(MERGE_ID_CHARS_MAX + 1), "agent");
    let error = app.merge(long, asked.clone()).await.unwrap_err();
    assert_eq!(error.code(), Code::HB001);
    let longest = request(&"x".repeat(MERGE_ID_CHARS_MAX), "agent");
    note(&app, asked.duplicate, "note").await;
    app.merge(longest, asked.clone()).await.unwrap();
    assert_eq!(merged(&app, &asked).await, (3, 3));
}
