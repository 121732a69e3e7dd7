//! Merges of cases that change meanwhile: both entries are written or neither is.

use heard_engine::case::command::Note;
use heard_engine::case::{Case, MERGED_MAX};

use super::*;
use crate::app::classic::{request, with_cases};

async fn note(app: &App, case: CaseId, id: &str) {
    let note = Act::Note(Note {
        note: "She called again".to_owned(),
    });
    app.act(case, request(id, "agent"), note).await.unwrap();
}

fn into(survivor: CaseId, duplicate: CaseId) -> Merge {
    Merge {
        survivor,
        duplicate,
        expected_duplicate_revision: None,
        reason: "She wrote twice".to_owned(),
    }
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
async fn a_repeat_writes_nothing_and_another_reason_is_another_request() {
    let (app, cases) = with_cases(2).await;
    let asked = into(cases[0], cases[1]);
    for repeated in [false, true, true] {
        let done = app.merge(request("merge", "agent"), asked.clone()).await;
        let done = done.unwrap();
        assert_eq!(done.receipt.repeated, repeated);
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
async fn another_call_for_the_same_two_cases_is_answered_by_what_was_written() {
    let (app, cases) = with_cases(2).await;
    let asked = into(cases[0], cases[1]);
    app.merge(request("merge", "agent"), asked.clone())
        .await
        .unwrap();
    let again = app.merge(request("anew", "team_lead"), asked.clone()).await;
    assert_eq!(again.unwrap().receipt.revision, Revision(2));
    assert_eq!(merged(&app, &asked).await, (2, 2));
}

#[tokio::test]
async fn a_duplicate_that_changed_after_it_was_read_leaves_both_as_they_are() {
    let (app, cases) = with_cases(2).await;
    let asked = into(cases[0], cases[1]);
    let read = app.found(asked.duplicate).await.unwrap();
    note(&app, asked.duplicate, "note").await;
    let by = request("merge", "agent");
    let stale = app.merge_both(&by, &asked, read).await;
    assert!(matches!(stale, Err(Error::KeptChanging)), "{stale:?}");
    assert_eq!(case(&app, asked.survivor).await.revision(), Revision(1));
    assert!(case(&app, asked.duplicate).await.step().is_some());
    app.merge(by, asked.clone()).await.unwrap();
    assert_eq!(merged(&app, &asked).await, (2, 3));
}

#[tokio::test]
async fn of_two_merges_of_one_duplicate_one_is_done_and_the_other_leaves_no_trace() {
    let (app, cases) = with_cases(3).await;
    let (first, second) = (into(cases[0], cases[2]), into(cases[1], cases[2]));
    let (one, other) = tokio::join!(
        app.merge(request("first", "agent"), first.clone()),
        app.merge(request("second", "agent"), second.clone()),
    );
    let (done, left, refused) = match (one, other) {
        (Ok(_), Err(no)) => (first, second.survivor, no),
        (Err(no), Ok(_)) => (second, first.survivor, no),
        both => panic!("{both:?}"),
    };
    assert_eq!(refused.code(), Code::HC062);
    assert_eq!(merged(&app, &done).await, (2, 2));
    let left = case(&app, left).await;
    assert_eq!((left.revision(), left.merged().len()), (Revision(1), 0));
}

#[tokio::test]
async fn what_is_asked_of_the_duplicate_meanwhile_is_done_before_or_refused() {
    let (app, cases) = with_cases(2).await;
    let asked = into(cases[0], cases[1]);
    let said = Act::Note(Note {
        note: "She called again".to_owned(),
    });
    let (done, noted) = tokio::join!(
        app.merge(request("merge", "agent"), asked.clone()),
        app.act(asked.duplicate, request("note", "agent"), said),
    );
    done.unwrap();
    let expected = match noted {
        Ok(_) => (2, 3),
        Err(no) => {
            assert_eq!(no.code(), Code::HC059);
            (2, 2)
        }
    };
    assert_eq!(merged(&app, &asked).await, expected);
}

#[tokio::test]
async fn a_caller_who_saw_another_duplicate_is_told_so_and_nothing_is_written() {
    let (app, cases) = with_cases(2).await;
    let asked = into(cases[0], cases[1]);
    note(&app, asked.duplicate, "note").await;
    let stale = Merge {
        expected_duplicate_revision: Some(Revision(1)),
        ..asked.clone()
    };
    let error = app.merge(request("stale", "agent"), stale).await;
    let error = error.unwrap_err();
    assert!(matches!(error, Error::RevisionDiffers { .. }), "{error:?}");
    assert_eq!(case(&app, asked.survivor).await.revision(), Revision(1));
}

#[tokio::test]
async fn an_id_that_the_duplicate_knows_otherwise_is_refused_before_anything_is_written() {
    let (app, cases) = with_cases(2).await;
    let asked = into(cases[0], cases[1]);
    note(&app, asked.duplicate, "used").await;
    let error = app.merge(request("used", "agent"), asked.clone()).await;
    assert_eq!(error.unwrap_err().code(), Code::HB002);
    assert_eq!(case(&app, asked.survivor).await.revision(), Revision(1));
}

#[tokio::test]
async fn the_longest_chain_of_merges_leads_to_the_case_that_goes_on() {
    let (app, cases) = with_cases(MERGED_MAX + 2).await;
    for (place, pair) in cases.windows(2).enumerate() {
        let merge = into(pair[1], pair[0]);
        let done = app.merge(request(&format!("merge/{place}"), "agent"), merge);
        match done.await {
            Ok(_) => assert!(place < MERGED_MAX),
            Err(no) => assert_eq!((no.code(), place), (Code::HC068, MERGED_MAX)),
        }
    }
    let found = app.case_that_goes_on(cases[0]).await.unwrap();
    assert_eq!(found.id, cases[MERGED_MAX]);
}
