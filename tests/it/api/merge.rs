//! Merging over the wire: one case goes on for both, and the stricter clocks run on in it.

use anyhow::{Context as _, ensure};
use heard_proto::v1::{self, DeadlineState, PlaceKind, Verdict};
use heard_tests::server::TestServer;
use tonic::Code;

use super::code;
use super::desk::{ANA, Desk, TOM, action, actor, desk};
use super::time::{at, deadline, explain, open_for, set, take};

const MARY: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7aa";
const PETE: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7ab";

fn merging(survivor: &v1::Case, duplicate: &v1::Case) -> v1::MergeCasesRequest {
    v1::MergeCasesRequest {
        request_id: format!("merge-{}", duplicate.case_id),
        actor: actor(ANA, "agent"),
        case_id: survivor.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        duplicate_case_id: duplicate.case_id.clone(),
        expected_duplicate_revision: None,
        reason: "She wrote twice".to_owned(),
    }
}

async fn merge(
    desk: &mut Desk,
    request: v1::MergeCasesRequest,
) -> Result<v1::MergeCasesResponse, tonic::Status> {
    Ok(desk.cases.merge_cases(request).await?.into_inner())
}

async fn get(desk: &mut Desk, id: &str) -> anyhow::Result<v1::GetCaseResponse> {
    let request = v1::GetCaseRequest {
        case_id: id.to_owned(),
        reveal_sealed: true,
    };
    Ok(desk.cases.get_case(request).await?.into_inner())
}

/// Returns the events of a case, entry by entry, and the labels of what they reveal.
async fn history(desk: &mut Desk, id: &str) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let request = v1::ListEntriesRequest {
        case_id: id.to_owned(),
        reveal_sealed: true,
        ..v1::ListEntriesRequest::default()
    };
    let entries = desk.cases.list_entries(request).await?.into_inner().entries;
    let told = |entry: v1::Entry| {
        let labels = entry.sealed.into_iter();
        let labels = labels.map(|sealed| format!("{}={}", sealed.label, text(&sealed.value)));
        (text(&entry.body), labels.collect())
    };
    Ok(entries.into_iter().map(told).collect())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

async fn refused(
    desk: &mut Desk,
    request: v1::MergeCasesRequest,
    expected: &str,
    status: Code,
) -> anyhow::Result<tonic::Status> {
    let said = merge(desk, request).await;
    let no = said.err().context(expected.to_owned())?;
    ensure!(code(&no) == expected, "{expected}: {no:?}");
    ensure!(no.code() == status, "{expected}: {no:?}");
    Ok(no)
}

pub async fn two_cases_become_one_and_both_ids_answer(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let duplicate = open_for(&mut desk, "first", Some(MARY)).await?;
    let duplicate = take(&mut desk, &duplicate, "promise").await?;
    set(&mut desk, "2026-10-05T12:00:00Z").await?;
    let survivor = open_for(&mut desk, "second", None).await?;
    let later = deadline(&survivor, "clock/answer")?.due_time;

    let tried = v1::MergeCasesRequest {
        validate_only: true,
        ..merging(&survivor, &duplicate)
    };
    let would = merge(&mut desk, tried).await?;
    ensure!(would.receipt.is_none() && would.case.is_some());
    ensure!(
        get(&mut desk, &duplicate.case_id)
            .await?
            .asked_case_id
            .is_none()
    );

    let request = v1::MergeCasesRequest {
        expected_revision: Some(survivor.revision),
        expected_duplicate_revision: Some(duplicate.revision),
        ..merging(&survivor, &duplicate)
    };
    let merged = merge(&mut desk, request.clone()).await?;
    let case = merged.case.context("the case that goes on")?;
    ensure!(
        case.opened_time == duplicate.opened_time,
        "the earlier receipt"
    );
    ensure!(case.customer.as_deref() == Some(MARY));
    let clock = deadline(&case, "clock/answer")?;
    ensure!(clock.due_time == Some(at("2026-10-07T09:00:00Z")));
    ensure!(clock.due_time != later, "that of this case was due later");
    ensure!(clock.taken_from_case_id.as_ref() == Some(&duplicate.case_id));
    ensure!(deadline(&case, "promise/call_back")?.state() == DeadlineState::Running);
    let told = explain(&mut desk, &case, "clock/answer").await?;
    let explained = told.deadline.context("a deadline")?;
    ensure!(explained == *clock && explained.anchor_time == duplicate.opened_time);
    // Three hours and a half of Monday were counted: half an hour of noon is closed.
    ensure!(told.counted.map(|counted| counted.seconds) == Some(150 * 60));

    for id in [&survivor.case_id, &duplicate.case_id] {
        let seen = get(&mut desk, id).await?;
        ensure!(seen.case.as_ref() == Some(&case), "{id}: {seen:?}");
        let asked = (*id == duplicate.case_id).then(|| id.clone());
        ensure!(seen.asked_case_id == asked, "{id}");
    }
    let [known] = &*case.merged_cases else {
        anyhow::bail!("{:?}", case.merged_cases);
    };
    ensure!(known.case_id == duplicate.case_id && known.revision == case.revision);
    ensure!(known.merged_revision == Some(duplicate.revision));

    let again = merge(&mut desk, request).await?;
    ensure!(
        again
            .receipt
            .as_ref()
            .is_some_and(|receipt| receipt.repeated)
    );
    ensure!(
        again.case.as_ref() == Some(&case),
        "a repeat answers as before"
    );
    let other = v1::MergeCasesRequest {
        request_id: "merge-anew".to_owned(),
        ..merging(&survivor, &duplicate)
    };
    let other = merge(&mut desk, other).await?;
    ensure!(
        other.receipt == again.receipt,
        "and so does another request"
    );
    both_histories_say_so(&mut desk, &survivor, &duplicate).await
}

async fn both_histories_say_so(
    desk: &mut Desk,
    survivor: &v1::Case,
    duplicate: &v1::Case,
) -> anyhow::Result<()> {
    let here = history(desk, &survivor.case_id).await?;
    let there = history(desk, &duplicate.case_id).await?;
    ensure!((here.len(), there.len()) == (2, 3), "{here:?}\n{there:?}");
    let (taken, sealed) = here.last().context("an entry")?;
    ensure!(taken.contains("duplicate_merged.v1") && taken.contains(&duplicate.case_id));
    ensure!(taken.contains("deadline_taken_over.v1"));
    let (rests, reason) = there.last().context("an entry")?;
    ensure!(rests.contains("merged_into.v1") && rests.contains(&survivor.case_id));
    ensure!(
        sealed == reason && *reason == ["reason={\"text\":\"She wrote twice\"}"],
        "{reason:?}"
    );
    ensure!(taken.contains(ANA) && rests.contains(ANA));
    Ok(())
}

pub async fn the_stricter_clock_fires_at_its_minute_once_and_in_one_case(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let duplicate = open_for(&mut desk, "first", None).await?;
    set(&mut desk, "2026-10-05T12:00:00Z").await?;
    let survivor = open_for(&mut desk, "second", None).await?;
    let merged = merge(&mut desk, merging(&survivor, &duplicate)).await?;
    let revision = merged.case.context("a case")?.revision;
    set(&mut desk, "2026-10-07T08:59:59Z").await?;
    let before = get(&mut desk, &survivor.case_id)
        .await?
        .case
        .context("a case")?;
    ensure!(deadline(&before, "clock/answer")?.late_time.is_none());
    set(&mut desk, "2026-10-30T09:00:00Z").await?;
    let late = get(&mut desk, &duplicate.case_id)
        .await?
        .case
        .context("a case")?;
    ensure!(late.case_id == survivor.case_id);
    let clock = deadline(&late, "clock/answer")?;
    ensure!(
        clock.late_time == Some(at("2026-10-07T09:00:00Z")),
        "{clock:?}"
    );
    let here = history(&mut desk, &survivor.case_id).await?;
    let fired = here
        .iter()
        .filter(|(body, _)| body.contains("deadline_fired.v1") && body.contains("clock/answer"));
    ensure!(fired.count() == 1 && late.revision > revision, "{here:?}");
    let there = history(&mut desk, &duplicate.case_id).await?;
    ensure!(there.len() == 2, "nothing fires there: {there:?}");
    Ok(())
}

pub async fn a_merged_case_is_neither_open_nor_closed_and_says_where_to_ask(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let first = open_for(&mut desk, "first", None).await?;
    let second = open_for(&mut desk, "second", None).await?;
    let third = open_for(&mut desk, "third", None).await?;
    merge(&mut desk, merging(&second, &first)).await?;
    let said = desk.advance(&first, action("finish", "late", "agent", Vec::new()));
    let no = said.await.err().context("a refusal")?;
    ensure!(
        code(&no) == "HC059" && no.message().contains(&second.case_id),
        "{no:?}"
    );
    let elsewhere = merging(&third, &first);
    let elsewhere = v1::MergeCasesRequest {
        request_id: "elsewhere".to_owned(),
        ..elsewhere
    };
    refused(&mut desk, elsewhere, "HC062", Code::FailedPrecondition).await?;

    // What is merged on goes on: every id on the way answers with the last.
    merge(&mut desk, merging(&third, &second)).await?;
    for case in [&first, &second, &third] {
        let seen = get(&mut desk, &case.case_id)
            .await?
            .case
            .context("a case")?;
        ensure!(seen.case_id == third.case_id);
        ensure!(seen.merged_cases.len() == 2, "{:?}", seen.merged_cases);
        ensure!(seen.place.context("a place")?.kind() == PlaceKind::Step);
    }
    let list = |closed: v1::ClosedState, place: Option<&str>| v1::ListCasesRequest {
        closed_state: closed.into(),
        place: place.map(str::to_owned),
        ..v1::ListCasesRequest::default()
    };
    let none: [&str; 0] = [];
    for (asked, expected) in [
        (list(v1::ClosedState::Open, None), vec![&*third.case_id]),
        (list(v1::ClosedState::Closed, None), none.to_vec()),
        (
            list(v1::ClosedState::Unspecified, Some(&third.case_id)),
            vec![&*second.case_id],
        ),
        (
            list(v1::ClosedState::Unspecified, None),
            vec![&first.case_id, &second.case_id, &third.case_id],
        ),
    ] {
        let listed = desk.cases.list_cases(asked).await?.into_inner().cases;
        let ids: Vec<&str> = listed.iter().map(|row| &*row.case_id).collect();
        ensure!(ids == expected, "{listed:?}");
        for row in &listed {
            ensure!(row.merged == (row.case_id != third.case_id), "{row:?}");
            ensure!(!row.merged || row.next_due_time.is_none(), "{row:?}");
        }
    }
    Ok(())
}

pub async fn what_cannot_be_merged_is_refused_by_its_code_and_changes_nothing(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let here = open_for(&mut desk, "first", Some(MARY)).await?;
    let there = open_for(&mut desk, "second", Some(PETE)).await?;
    let wrong = Code::FailedPrecondition;
    let asked = merging(&here, &here);
    refused(&mut desk, asked, "HC060", wrong).await?;
    let mut asked = merging(&here, &there);
    refused(&mut desk, asked.clone(), "HC064", wrong).await?;
    asked.duplicate_case_id = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7ff".to_owned();
    refused(&mut desk, asked.clone(), "HC061", Code::NotFound).await?;
    asked.duplicate_case_id = "Mary".to_owned();
    refused(&mut desk, asked, "HB001", Code::InvalidArgument).await?;
    let stale = v1::MergeCasesRequest {
        expected_duplicate_revision: Some(7),
        ..merging(&here, &there)
    };
    refused(&mut desk, stale, "HS001", Code::Aborted).await?;
    let long = v1::MergeCasesRequest {
        request_id: "x".repeat(129),
        ..merging(&here, &there)
    };
    refused(&mut desk, long, "HB001", Code::InvalidArgument).await?;
    let customer = v1::MergeCasesRequest {
        actor: actor(TOM, "customer"),
        ..merging(&here, &there)
    };
    refused(&mut desk, customer, "HC005", Code::PermissionDenied).await?;

    // A child keeps its parent where it is.
    let child = v1::OpenCaseRequest {
        request_id: "child".to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "timed".to_owned(),
        parent_case_id: Some(there.case_id.clone()),
        ..v1::OpenCaseRequest::default()
    };
    let child = desk.cases.open_case(child).await?.into_inner().case;
    let child = child.context("a case")?;
    let asked = merging(&child, &there);
    refused(&mut desk, asked, "HC066", wrong).await?;

    let closed = take(&mut desk, &here, "finish").await?;
    ensure!(closed.place.as_ref().map(v1::Place::kind) == Some(PlaceKind::Outcome));
    let asked = merging(&child, &here);
    refused(&mut desk, asked, "HC062", wrong).await?;
    let asked = merging(&here, &child);
    refused(&mut desk, asked, "HC003", wrong).await?;
    for case in [&there, &child] {
        let now = get(&mut desk, &case.case_id).await?.case;
        ensure!(now.as_ref() == Some(case), "{now:?}");
    }
    let ended = deadline(&closed, "clock/answer")?;
    ensure!(ended.verdict() == Verdict::Met);
    Ok(())
}
