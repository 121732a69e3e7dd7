//! Cases opened many in a call: their turns, their deadline, their order.

use std::time::Duration;

use heard_engine::case::command::Origin;
use heard_engine::id::{Position, RequestId};
use uuid::Uuid;

use super::*;
use crate::app::classic::{request, started, to_open};
use crate::store::{CaseFilter, Cursor};

fn many(count: usize, deadline: Option<Instant>, parent: Option<CaseId>) -> Vec<ToOpen> {
    let one = |number| {
        let open = to_open(Origin {
            parent,
            proactive: true,
        });
        let request = request(&format!("many/{number}"), "agent");
        Ok((
            Request {
                deadline,
                ..request
            },
            open,
        ))
    };
    (1..=count).map(one).collect()
}

async fn cases(app: &App) -> Vec<CaseId> {
    let all = CaseFilter::default();
    let listed = app.cases(&all, Cursor::default(), 1_000).await.unwrap();
    listed.rows.into_iter().map(|row| row.case).collect()
}

#[tokio::test]
async fn cases_are_opened_and_answered_in_their_order_and_repeats_are_known() {
    let app = started().await;
    let count = 3 * OPENS_UNDER_WAY_MAX;
    for repeated in [false, true] {
        let opened = app.open_many(many(count, None, None), None).await.unwrap();
        let opened: Vec<Accepted> = opened.into_iter().map(Result::unwrap).collect();
        for (number, accepted) in (2..).zip(&opened) {
            // The workflow was the first entry.
            assert_eq!(accepted.receipt.position, Some(Position(number)));
            assert_eq!(accepted.receipt.repeated, repeated);
        }
        let ids: Vec<CaseId> = opened.iter().map(|accepted| accepted.view.id).collect();
        assert_eq!(cases(&app).await, ids);
    }
    assert_eq!(app.shared.opens.available_permits(), OPENS_UNDER_WAY_MAX);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_begun_by_its_deadline_is_not_done_and_done_when_repeated() {
    let app = started().await;
    let turns = u32::try_from(OPENS_UNDER_WAY_MAX).unwrap();
    let all = app.shared.opens.acquire_many(turns).await.unwrap();
    let soon = Some(Instant::now() + Duration::from_secs(1));
    let late = app.open_many(many(100, soon, None), None).await.unwrap();
    assert_eq!(late.len(), 100);
    for answer in late {
        assert!(matches!(answer, Err(Error::DeadlinePassed)));
    }
    assert_eq!(cases(&app).await, []);
    drop(all);
    let opened = app.open_many(many(100, None, None), None).await.unwrap();
    assert!(opened.iter().flatten().all(|one| !one.receipt.repeated));
    assert_eq!(cases(&app).await.len(), 100);
}

#[tokio::test]
async fn a_parent_that_is_not_there_is_refused_and_one_that_is_stays_with_its_children() {
    let app = started().await;
    let parent = CaseId::new(Uuid::from_u128(7));
    let refused = app.open_many(many(3, None, Some(parent)), None).await;
    let error = refused.unwrap_err();
    assert_eq!(error.code().as_str(), "HC001");
    assert!(error.to_string().contains(&parent.to_string()), "{error}");
    let (request, open) = many(1, None, Some(parent)).remove(0).unwrap();
    let error = app.open(request, open).await.unwrap_err();
    assert!(matches!(error, Error::NoSuchParent { .. }), "{error:?}");
    assert_eq!(cases(&app).await, []);

    let (first, mut open) = many(1, None, None).remove(0).unwrap();
    open.origin = Origin::default();
    let first = Request {
        id: RequestId::new("first").unwrap(),
        ..first
    };
    let parent = app.open(first, open).await.unwrap().view.id;
    let children = many(3, None, Some(parent));
    let opened = app.open_many(children, None).await.unwrap();
    for child in opened {
        let case = child.unwrap().view.case;
        assert_eq!((case.parent(), case.is_proactive()), (Some(parent), true));
    }
    let of = CaseFilter {
        parent: Some(parent),
        ..CaseFilter::default()
    };
    let listed = app.cases(&of, Cursor::default(), 10).await.unwrap().rows;
    assert_eq!(listed.len(), 3);
}
