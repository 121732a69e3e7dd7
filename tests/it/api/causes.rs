//! The life of a root cause over the wire: drafted, proposed, reviewed, acted on, checked.

pub mod issue;
pub mod refused;

use anyhow::{Context as _, ensure};
use heard_engine::time::Timestamp;
use heard_proto::v1::check_cause_effect_request::Effect;
use heard_proto::v1::{
    self, CauseActionKind, CauseEffect, CauseStatus, Disclosure, DrawnBy, ReviewVerdict,
    planned_action,
};
use heard_tests::server::TestServer;

use super::code;
use super::desk::{ANA, Desk, action, actor, desk, euro_cents};
use super::way::place;

/// A workflow that has every root cause reviewed.
pub const PARCELS: &str = include_str!("parcels.workflow.yaml");

/// Who proposes: not Ana, who handled the case.
pub const BEN: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7b1";
/// Who reviews.
pub const EVA: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7b2";
/// Who acts on it.
pub const LEO: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7b3";

fn at(text: &str) -> prost_types::Timestamp {
    let seconds = Timestamp::parse(text).unwrap().micros() / 1_000_000;
    prost_types::Timestamp { seconds, nanos: 0 }
}

pub const fn day(year: u32, month: u32, day: u32) -> v1::Date {
    v1::Date { year, month, day }
}

/// A case that Ana handled, in the diagnose step, with what was lost.
pub async fn to_diagnose(desk: &mut Desk, name: &str, loss: i64) -> anyhow::Result<v1::Case> {
    to_diagnose_in(desk, "parcels", name, loss).await
}

/// A case of a workflow like that of parcels, handled so too.
pub async fn to_diagnose_in(
    desk: &mut Desk,
    workflow: &str,
    name: &str,
    loss: i64,
) -> anyhow::Result<v1::Case> {
    let request = v1::OpenCaseRequest {
        request_id: format!("{name}/open"),
        actor: actor(ANA, "agent"),
        workflow_id: workflow.to_owned(),
        ..v1::OpenCaseRequest::default()
    };
    let opened = desk.cases.open_case(request).await?.into_inner();
    let case = opened.case.context("a case")?;
    let lost = vec![euro_cents("loss", loss)];
    let request = action("sent_again", &format!("{name}/sent"), "agent", lost);
    Ok(desk.advance(&case, request).await?)
}

/// A draft: its cause and statement, and nothing else.
pub fn draft(case: &v1::Case, person: &str) -> v1::RecordRootCauseRequest {
    v1::RecordRootCauseRequest {
        request_id: format!("draft-{}", case.revision),
        actor: actor(person, "agent"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        group: "process".to_owned(),
        name: "handover".to_owned(),
        statement: "Nobody counts parcels when a van is loaded".to_owned(),
        draft: true,
        ..v1::RecordRootCauseRequest::default()
    }
}

fn why(statement: &str, reference: &str, sha256: Option<String>) -> v1::Why {
    v1::Why {
        statement: statement.to_owned(),
        evidence: vec![v1::Evidence {
            reference: reference.to_owned(),
            sha256,
        }],
    }
}

pub fn planned(kind: CauseActionKind, task: &str, due: v1::Date) -> v1::PlannedAction {
    v1::PlannedAction {
        kind: kind.into(),
        owner: "lead".to_owned(),
        due_date: Some(due),
        task: task.to_owned(),
        measure: "Parcels left behind in thirty days".to_owned(),
        target: match kind {
            CauseActionKind::Correction => None,
            _ => Some(planned_action::Target::AtMost(1)),
        },
    }
}

/// A whole diagnosis, as Ben proposes it.
pub fn diagnosis(case: &v1::Case, due: v1::Date) -> v1::RecordRootCauseRequest {
    let correction = planned(
        CauseActionKind::Correction,
        "Send the parcel by courier",
        due,
    );
    let corrective = planned(
        CauseActionKind::Corrective,
        "Count parcels, not orders",
        due,
    );
    v1::RecordRootCauseRequest {
        request_id: format!("propose-{}", case.revision),
        draft: false,
        whys: vec![
            why(
                "The tenth parcel stayed in the hall",
                "scan log",
                Some("ab".repeat(32)),
            ),
            why("The loading list counts orders", "form L-7", None),
        ],
        contributing: vec![v1::CauseRef {
            group: "rules".to_owned(),
            name: "policy".to_owned(),
        }],
        failure: Some("lost".to_owned()),
        reporting: Some("delivery".to_owned()),
        policy_id: Some("L-7".to_owned()),
        review_date: Some(day(2027, 10, 4)),
        escape: Some("Nothing counts parcels before the customer does".to_owned()),
        similar_case_ids: vec!["0190f5a2-7b5e-8c3d-9f10-2b6a54c1e700".to_owned()],
        actions: vec![correction, corrective],
        ..draft(case, BEN)
    }
}

/// What came of a change: the case and the root cause.
pub type After = (v1::Case, v1::RootCauseSummary);

pub async fn record(
    desk: &mut Desk,
    request: v1::RecordRootCauseRequest,
) -> Result<After, tonic::Status> {
    let done = desk.causes.record_root_cause(request).await?.into_inner();
    Ok((
        done.case.unwrap_or_default(),
        done.cause.unwrap_or_default(),
    ))
}

pub fn verdict(case: &v1::Case, number: u32, found: ReviewVerdict) -> v1::ReviewRootCauseRequest {
    v1::ReviewRootCauseRequest {
        request_id: format!("review-{}", case.revision),
        actor: actor(EVA, "auditor"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        number,
        verdict: found.into(),
        cause: None,
        reason: None,
    }
}

pub async fn review(
    desk: &mut Desk,
    request: v1::ReviewRootCauseRequest,
) -> Result<After, tonic::Status> {
    let done = desk.causes.review_root_cause(request).await?.into_inner();
    Ok((
        done.case.unwrap_or_default(),
        done.cause.unwrap_or_default(),
    ))
}

/// Leo does an action.
pub async fn complete(
    desk: &mut Desk,
    case: &v1::Case,
    (number, action): (u32, u32),
) -> Result<After, tonic::Status> {
    let request = v1::CompleteCauseActionRequest {
        request_id: format!("done-{}", case.revision),
        actor: actor(LEO, "lead"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        number,
        action,
        note: Some("Since this morning".to_owned()),
    };
    let done = desk
        .causes
        .complete_cause_action(request)
        .await?
        .into_inner();
    Ok((
        done.case.unwrap_or_default(),
        done.cause.unwrap_or_default(),
    ))
}

/// Eva looks at what came of the second action, the one against the cause.
pub async fn check(
    desk: &mut Desk,
    case: &v1::Case,
    number: u32,
    effect: Effect,
) -> Result<After, tonic::Status> {
    let request = v1::CheckCauseEffectRequest {
        request_id: format!("check-{}-{}", number, case.revision),
        actor: actor(EVA, "auditor"),
        case_id: case.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        number,
        action: 2,
        effect: Some(effect),
        note: Some("Counted in the scan log".to_owned()),
    };
    let done = desk.causes.check_cause_effect(request).await?.into_inner();
    Ok((
        done.case.unwrap_or_default(),
        done.cause.unwrap_or_default(),
    ))
}

pub async fn whole(
    desk: &mut Desk,
    case: &v1::Case,
    number: u32,
    reveal_sealed: bool,
) -> anyhow::Result<v1::RootCause> {
    let request = v1::GetRootCauseRequest {
        case_id: case.case_id.clone(),
        number,
        reveal_sealed,
    };
    let found = desk.causes.get_root_cause(request).await?.into_inner();
    found.cause.context("a root cause")
}

async fn listed(
    desk: &mut Desk,
    request: v1::ListRootCausesRequest,
) -> anyhow::Result<Vec<(u32, CauseStatus)>> {
    let found = desk.causes.list_root_causes(request).await?.into_inner();
    let causes = found.causes.iter();
    Ok(causes.map(|cause| (cause.number, cause.status())).collect())
}

pub async fn set(desk: &mut Desk, time: &str) -> anyhow::Result<u64> {
    let time = Some(at(time));
    let moved = desk.clock.set_clock(v1::SetClockRequest { time }).await?;
    Ok(moved.into_inner().fired_count)
}

pub async fn the_life_of_a_root_cause_goes_from_draft_to_effect(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "life", 4_000).await?;

    // Ana handled the case: she may write the draft, and somebody else proposes it.
    let (case, cause) = record(&mut desk, draft(&case, ANA)).await?;
    ensure!(
        cause.number == 1 && cause.status() == CauseStatus::Drafted,
        "{cause:?}"
    );
    let hers = v1::RecordRootCauseRequest {
        revises: Some(1),
        actor: actor(ANA, "agent"),
        ..diagnosis(&case, day(2026, 10, 30))
    };
    let refused = record(&mut desk, hers)
        .await
        .err()
        .context("she handled it")?;
    ensure!(code(&refused) == "HC049", "{refused:?}");
    let bens = v1::RecordRootCauseRequest {
        revises: Some(1),
        ..diagnosis(&case, day(2026, 10, 30))
    };
    let (case, cause) = record(&mut desk, bens).await?;
    ensure!(cause.number == 1 && cause.status() == CauseStatus::UnderReview);
    ensure!(whole(&mut desk, &case, 1, false).await?.drawn_by() == DrawnBy::Sample);

    // Eva gives it back with a reason; until it is proposed anew the step cannot be left.
    let back = v1::ReviewRootCauseRequest {
        reason: Some("The second why is not shown: attach the list".to_owned()),
        ..verdict(&case, 1, ReviewVerdict::Returned)
    };
    let (case, cause) = review(&mut desk, back).await?;
    ensure!(cause.status() == CauseStatus::Returned);
    let leave = action("found", "leave-1", "lead", Vec::new());
    let early = desk
        .advance(&case, leave)
        .await
        .err()
        .context("too early")?;
    ensure!(code(&early) == "HC013", "{early:?}");
    let anew = v1::RecordRootCauseRequest {
        revises: Some(1),
        ..diagnosis(&case, day(2026, 10, 30))
    };
    let (case, _) = record(&mut desk, anew).await?;
    ensure!(whole(&mut desk, &case, 1, false).await?.drawn_by() == DrawnBy::Repetition);

    // She accepts it with another cause; the lists follow, and the proposed one is not lost.
    let fits = v1::ReviewRootCauseRequest {
        cause: Some(v1::CauseRef {
            group: "process".to_owned(),
            name: "missing_step".to_owned(),
        }),
        reason: Some("A step is missing, nothing was handed over".to_owned()),
        ..verdict(&case, 1, ReviewVerdict::Reclassified)
    };
    let (case, cause) = review(&mut desk, fits).await?;
    ensure!(cause.status() == CauseStatus::Accepted && cause.name == "missing_step");
    let of = |name: &str| v1::ListRootCausesRequest {
        group: Some("process".to_owned()),
        name: Some(name.to_owned()),
        ..v1::ListRootCausesRequest::default()
    };
    ensure!(listed(&mut desk, of("missing_step")).await? == [(1, CauseStatus::Accepted)]);
    ensure!(listed(&mut desk, of("handover")).await?.is_empty());
    let case = desk
        .advance(&case, action("found", "leave-2", "lead", Vec::new()))
        .await?;
    ensure!(place(&case) == "sent" && !case.owes_cause);

    // Leo does what was planned. Whether it worked is asked thirty days later, not before.
    let (case, _) = complete(&mut desk, &case, (1, 2)).await?;
    let soon = check(&mut desk, &case, 1, Effect::Observed(0)).await;
    ensure!(code(&soon.err().context("too soon")?) == "HC053");
    let action = whole(&mut desk, &case, 1, false).await?.actions[1].clone();
    // Thirty days on the clock of Lisbon, where summer ends meanwhile.
    ensure!(
        action.check_time == Some(at("2026-11-04T10:00:00Z")),
        "{action:?}"
    );
    ensure!(!action.late && action.done_time.is_some());
    set(&mut desk, "2026-11-05T09:00:00Z").await?;
    let overdue = v1::ListRootCausesRequest {
        overdue: true,
        ..v1::ListRootCausesRequest::default()
    };
    ensure!(listed(&mut desk, overdue.clone()).await? == [(1, CauseStatus::Accepted)]);

    // Four parcels were left behind where one was the target: the diagnosis is open again.
    let (case, cause) = check(&mut desk, &case, 1, Effect::Observed(4)).await?;
    ensure!(
        cause.status() == CauseStatus::Reopened && case.owes_cause,
        "{cause:?}"
    );
    ensure!(owing(&mut desk).await? == std::slice::from_ref(&case.case_id));
    let seen = whole(&mut desk, &case, 1, false).await?;
    ensure!(seen.actions[1].effect() == CauseEffect::NotEffective);
    ensure!(seen.actions[1].observed == Some(4) && seen.actions[0].late);

    // A new diagnosis, another action, and this time it works.
    let second = diagnosis(&case, day(2026, 11, 30));
    let (case, cause) = record(&mut desk, second).await?;
    ensure!(cause.number == 2 && cause.status() == CauseStatus::UnderReview);
    ensure!(owing(&mut desk).await?.is_empty());
    let (case, _) = review(&mut desk, verdict(&case, 2, ReviewVerdict::Accepted)).await?;
    let (case, _) = complete(&mut desk, &case, (2, 2)).await?;
    set(&mut desk, "2026-12-06T09:00:00Z").await?;
    let (case, cause) = check(&mut desk, &case, 2, Effect::Observed(0)).await?;
    ensure!(cause.status() == CauseStatus::Accepted && !case.owes_cause);

    told(&mut desk, &case).await?;
    let rebuilt = server.app.rebuild(false).await?;
    ensure!(rebuilt.differences.is_empty(), "{rebuilt:?}");
    Ok(())
}

async fn owing(desk: &mut Desk) -> anyhow::Result<Vec<String>> {
    let request = v1::ListCasesRequest {
        owes_cause: Some(true),
        ..v1::ListCasesRequest::default()
    };
    let cases = desk.cases.list_cases(request).await?.into_inner().cases;
    Ok(cases.into_iter().map(|case| case.case_id).collect())
}

/// What an auditor reads of both at the end.
async fn told(desk: &mut Desk, case: &v1::Case) -> anyhow::Result<()> {
    let sealed = whole(desk, case, 1, false).await?;
    ensure!(sealed.disclosure() == Disclosure::Sealed && sealed.statement.is_none());
    ensure!(sealed.whys.iter().all(|why| why.statement.is_empty()) && sealed.whys.len() == 2);
    ensure!(
        sealed.whys[0].evidence[0].sha256 == Some("ab".repeat(32)),
        "a hash is no secret"
    );
    ensure!(sealed.has_escape && sealed.escape.is_none());

    let first = whole(desk, case, 1, true).await?;
    let proposed = diagnosis(case, day(2026, 10, 30));
    ensure!(first.disclosure() == Disclosure::Revealed && first.version == 3);
    ensure!(first.statement.as_ref() == Some(&proposed.statement) && first.whys == proposed.whys);
    ensure!(first.escape == proposed.escape && first.contributing == proposed.contributing);
    ensure!(first.title == "Step missing" && first.failure_title == "Never came");
    ensure!(first.reporting == "delivery" && first.policy_id == "L-7");
    ensure!(first.similar_case_ids == proposed.similar_case_ids);
    ensure!(first.review_date == proposed.review_date);
    let before = first
        .proposed_cause
        .as_ref()
        .context("the proposed cause is kept")?;
    ensure!(before.name == "handover");
    let reviews: Vec<_> = first
        .reviews
        .iter()
        .map(|review| (review.verdict(), review.version, review.reason.is_some()))
        .collect();
    let both = [
        (ReviewVerdict::Returned, 2, true),
        (ReviewVerdict::Reclassified, 3, true),
    ];
    ensure!(reviews == both, "{reviews:?}");
    let corrective = &first.actions[1];
    ensure!(corrective.kind() == CauseActionKind::Corrective && corrective.owner == "lead");
    ensure!(corrective.task.as_deref() == Some("Count parcels, not orders"));
    ensure!(corrective.done_note.as_deref() == Some("Since this morning"));
    ensure!(corrective.effect_note.as_deref() == Some("Counted in the scan log"));
    ensure!(first.status() == CauseStatus::Reopened);

    let second = whole(desk, case, 2, true).await?;
    ensure!(second.status() == CauseStatus::Accepted && second.reviews.len() == 1);
    ensure!(second.actions[1].effect() == CauseEffect::Effective);
    ensure!(second.actions[1].observed == Some(0) && second.actions[1].check_time.is_none());
    Ok(())
}

pub async fn a_cause_is_drawn_by_rule_or_not_at_all(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let rule_only = PARCELS
        .replace("version: 1", "version: 2")
        .replace("sample: 100%, ", "");
    desk.publish(&rule_only).await?;
    for (name, loss, status, drawn_by) in [
        ("dear", 50_000, CauseStatus::UnderReview, DrawnBy::Rule),
        ("cheap", 49_999, CauseStatus::Proposed, DrawnBy::Unspecified),
    ] {
        let case = to_diagnose(&mut desk, name, loss).await?;
        let request = diagnosis(&case, day(2026, 10, 30));
        let (case, cause) = record(&mut desk, request).await?;
        ensure!(cause.status() == status, "{name}: {cause:?}");
        let seen = whole(&mut desk, &case, 1, false).await?;
        ensure!(seen.drawn_by() == drawn_by, "{name}: {seen:?}");
        // Nobody was drawn, and a verdict is welcome all the same.
        let accepted = verdict(&case, 1, ReviewVerdict::Accepted);
        let (_, cause) = review(&mut desk, accepted).await?;
        ensure!(cause.status() == CauseStatus::Accepted, "{name}: {cause:?}");
    }
    let accepted = v1::ListRootCausesRequest {
        status: CauseStatus::Accepted.into(),
        ..v1::ListRootCausesRequest::default()
    };
    ensure!(listed(&mut desk, accepted).await?.len() == 2);
    Ok(())
}
