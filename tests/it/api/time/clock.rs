//! The clock of the server, and the cases to which something happens next.

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_tests::server::TestServer;
use tonic::Code;

use super::{MONDAY, at, deadline, open, set, take};
use crate::api::desk::desk;
use crate::api::{code, fields};

pub async fn cases_are_listed_by_what_is_due_next(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let mut expected = Vec::new();
    for minute in 0..3 {
        set(&mut desk, &format!("2026-10-05T09:0{minute}:00Z")).await?;
        expected.push(open(&mut desk, &format!("open-{minute}")).await?);
    }
    // The first goes on to where it has ten days: the last of them now.
    let first = take(&mut desk, &expected[0], "ask").await?;
    let ids = [&expected[1], &expected[2], &first].map(|case| case.case_id.clone());
    let mut seen = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = v1::ListCasesRequest {
            due_before_time: Some(at("2026-12-01T00:00:00Z")),
            page_size: 1,
            page_token: page_token.clone(),
            ..v1::ListCasesRequest::default()
        };
        let page = desk.cases.list_cases(request).await?.into_inner();
        ensure!(page.cases.len() <= 1);
        ensure!(page.cases.iter().all(|case| case.next_due_time.is_some()));
        seen.extend(page.cases.into_iter().map(|case| case.case_id));
        page_token = page.next_page_token;
        if page_token.is_empty() {
            break;
        }
        ensure!(seen.len() <= ids.len(), "it has no end");
    }
    ensure!(seen == ids, "{seen:?}");
    let soon = v1::ListCasesRequest {
        due_before_time: deadline(&expected[2], "due/work")?.due_time,
        ..v1::ListCasesRequest::default()
    };
    let soon = desk.cases.list_cases(soon).await?.into_inner().cases;
    let soon: Vec<&str> = soon.iter().map(|case| case.case_id.as_str()).collect();
    ensure!(soon == [ids[0].as_str()], "before, not at: {soon:?}");
    let waiting = v1::ListCasesRequest {
        due_before_time: Some(at("2026-12-01T00:00:00Z")),
        place: Some("waiting".to_owned()),
        ..v1::ListCasesRequest::default()
    };
    let waiting = desk.cases.list_cases(waiting).await?.into_inner().cases;
    ensure!(
        waiting.len() == 1 && waiting[0].case_id == ids[2],
        "{waiting:?}"
    );
    Ok(())
}

pub async fn a_virtual_clock_goes_forward_only(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let shown = desk
        .clock
        .get_clock(v1::GetClockRequest {})
        .await?
        .into_inner();
    let clock = shown.clock.context("a clock")?;
    ensure!(clock.r#virtual && clock.now_time == Some(at(MONDAY)) && clock.held_reason.is_none());
    ensure!(clock.next_due_time.is_none() && clock.due_count == 0);
    for time in [None, Some(at("2026-10-05T08:59:59Z"))] {
        let no = desk.clock.set_clock(v1::SetClockRequest { time }).await;
        let no = no.err().context("it does not go back")?;
        ensure!(code(&no) == "HB001" && fields(&no) == ["time"], "{no:?}");
    }
    let accepted = desk.clock.accept_clock(v1::AcceptClockRequest {}).await?;
    let accepted = accepted.into_inner();
    ensure!(accepted.was_held_reason.is_none() && accepted.clock == Some(clock));
    Ok(())
}

pub async fn a_real_clock_cannot_be_set(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let time = Some(at("2030-01-01T00:00:00Z"));
    let no = desk.clock.set_clock(v1::SetClockRequest { time }).await;
    let no = no.err().context("it is not virtual")?;
    ensure!(
        code(&no) == "HS011" && no.code() == Code::FailedPrecondition,
        "{no:?}"
    );
    let shown = desk
        .clock
        .get_clock(v1::GetClockRequest {})
        .await?
        .into_inner();
    ensure!(shown.clock.is_some_and(|clock| !clock.r#virtual));
    Ok(())
}
