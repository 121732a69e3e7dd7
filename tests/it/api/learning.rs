//! What closed cases taught, over the wire and as the program prints it.

use anyhow::{Context as _, ensure};
use heard_proto::v1::check_cause_effect_request::Effect;
use heard_proto::v1::learning_service_client::LearningServiceClient;
use heard_proto::v1::pareto_row::Of;
use heard_proto::v1::{self, CauseActionKind, CauseEffect, RecurrenceVerdict, ReviewVerdict};
use heard_tests::server::TestServer;
use tonic::transport::Channel;

use super::causes::{
    BEN, EVA, LEO, check, complete, day, diagnosis, record, review, set, to_diagnose, verdict,
};
use super::code;
use super::desk::{ANA, Desk, action, actor, channel, desk};
use crate::cli::process;

/// Another who reviews.
const NOA: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7b4";

type Learning = LearningServiceClient<Channel>;

/// A case that is closed with a cause.
async fn closed(
    desk: &mut Desk,
    name: &str,
    cause: (&str, &str),
    actions: bool,
) -> anyhow::Result<v1::Case> {
    let case = to_diagnose(desk, name, 4_000).await?;
    let whole = diagnosis(&case, day(2026, 10, 30));
    let request = v1::RecordRootCauseRequest {
        request_id: format!("{name}/propose"),
        group: cause.0.to_owned(),
        name: cause.1.to_owned(),
        contributing: Vec::new(),
        actions: whole.actions.iter().filter(|_| actions).cloned().collect(),
        policy_id: (cause.0 == "rules").then(|| "L-7".to_owned()),
        ..whole
    };
    let (case, _) = record(desk, request).await?;
    let found = action("found", &format!("{name}/found"), "lead", Vec::new());
    Ok(desk.advance(&case, found).await?)
}

/// Four cases: one whose action worked, one of a policy, one undetermined, one whose cause was
/// returned.
async fn four(desk: &mut Desk) -> anyhow::Result<Vec<String>> {
    let first = closed(desk, "first", ("process", "handover"), true).await?;
    let (first, _) = review(desk, verdict(&first, 1, ReviewVerdict::Accepted)).await?;
    let noas = v1::ReviewRootCauseRequest {
        request_id: "noa".to_owned(),
        actor: actor(NOA, "auditor"),
        ..verdict(&first, 1, ReviewVerdict::Accepted)
    };
    let (first, _) = review(desk, noas).await?;
    set(desk, "2026-10-06T09:00:00Z").await?;
    let (first, _) = complete(desk, &first, (1, 2)).await?;
    set(desk, "2026-10-13T09:00:00Z").await?;
    let second = closed(desk, "second", ("rules", "policy"), false).await?;
    let third = closed(desk, "third", ("unknown", "not_found"), false).await?;
    let fourth = closed(desk, "fourth", ("process", "missing_step"), false).await?;
    let back = v1::ReviewRootCauseRequest {
        request_id: "back".to_owned(),
        reason: Some("The second why is not shown".to_owned()),
        ..verdict(&fourth, 1, ReviewVerdict::Returned)
    };
    review(desk, back).await?;
    set(desk, "2026-11-06T12:00:00Z").await?;
    check(desk, &first, 1, Effect::Observed(0)).await?;
    let cases = [first, second, third, fourth];
    Ok(cases.into_iter().map(|case| case.case_id).collect())
}

fn named(cases: &[String]) -> Option<v1::NamedCases> {
    Some(v1::NamedCases {
        total: cases.len() as u64,
        case_ids: cases.to_vec(),
    })
}

fn share(met: u64, of: u64, per_mille: u32) -> Option<v1::Share> {
    Some(v1::Share {
        met,
        of,
        per_mille: Some(per_mille),
    })
}

pub async fn what_closed_cases_taught_is_told_with_the_cases_and_without_the_people(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let cases = four(&mut desk).await?;
    let mut learning = LearningServiceClient::new(channel(&server).await?);
    let asked = v1::GetLessonsRequest {
        to_date: Some(day(2026, 10, 18)),
        now_periods: 1,
        ..v1::GetLessonsRequest::default()
    };
    let report = learning.get_lessons(asked).await?.into_inner();
    ensure!(report.closed == named(&cases), "{:?}", report.closed);
    ensure!(report.owed == named(&cases[3..]), "{:?}", report.owed);
    ensure!(report.undetermined == share(1, 3, 333));
    ensure!(report.undetermined_cases == named(&cases[2..3]));
    acted(&report, &cases)?;
    let trends = report.trends.as_ref().context("trends")?;
    let new = trends.rows.iter().filter_map(|row| row.cause.as_ref());
    let new: Vec<&str> = new
        .filter_map(|of| Some(of.cause.as_ref()?.name.as_str()))
        .collect();
    ensure!(
        new == ["policy", "not_found"] && trends.total == 2,
        "{trends:?}"
    );
    ensure!(report.compensations.is_empty() && report.currency_codes.is_empty());

    paretos(&mut learning, &cases).await?;
    nobody(&server, &format!("{report:?}")).await
}

/// What was done and what is late, of the first case.
fn acted(report: &v1::GetLessonsResponse, cases: &[String]) -> anyhow::Result<()> {
    let [late] = report.overdue.as_slice() else {
        anyhow::bail!("{:?}", report.overdue);
    };
    ensure!((&late.case_id, late.number, late.action) == (&cases[0], 1, 1));
    ensure!(late.owner == "lead" && late.kind() == CauseActionKind::Correction);
    ensure!(late.due_date == Some(day(2026, 10, 30)) && report.overdue_total == 1);
    let [tried] = report.tried.as_slice() else {
        anyhow::bail!("{:?}", report.tried);
    };
    ensure!((&tried.case_id, tried.number, tried.action) == (&cases[0], 1, 2));
    ensure!(tried.effect() == CauseEffect::Effective && !tried.is_open);
    ensure!(tried.before == share(1, 1, 1_000) && tried.after == share(0, 2, 0));
    ensure!(tried.before_cases == named(&cases[..1]) && tried.after_cases == named(&[]));
    // One of one and none of two: with so few even that may be chance.
    ensure!(tried.is_small && tried.verdict() == RecurrenceVerdict::CannotTell);
    let difference = tried.difference.as_ref().context("a difference")?;
    ensure!(difference.value == -1.0, "{difference:?}");
    ensure!(
        difference.low == -1.0 && difference.high == 0.0305,
        "{difference:?}"
    );
    let agreement = report.agreement.as_ref().context("two verdicts")?;
    ensure!(agreement.agreed == share(1, 1, 1_000) && agreement.kappa.is_none());
    ensure!(agreement.is_small && agreement.cases == named(&cases[..1]));
    Ok(())
}

async fn paretos(learning: &mut Learning, cases: &[String]) -> anyhow::Result<()> {
    let asked = |of: v1::ParetoOf, rows_max: i32| v1::GetParetoRequest {
        of: of.into(),
        rows_max,
        ..v1::GetParetoRequest::default()
    };
    let two = learning.get_pareto(asked(v1::ParetoOf::Cause, 2)).await?;
    let pareto = two.into_inner().pareto.context("a Pareto")?;
    ensure!((pareto.total, pareto.rows.len()) == (3, 2), "{pareto:?}");
    let rest = pareto.rest.context("one more")?;
    let tally = rest.tally.context("its tally")?;
    ensure!(rest.rows == 1 && tally.cases == named(&cases[2..3]));
    ensure!(tally.cumulative == share(3, 3, 1_000));
    let policy = learning.get_pareto(asked(v1::ParetoOf::Policy, 0)).await?;
    let policy = policy.into_inner().pareto.context("a Pareto")?;
    ensure!(policy.rows[0].of == Some(Of::PolicyId("L-7".to_owned())));
    ensure!(policy.rows.len() == 1 && policy.rest.is_none());

    let later = v1::GetParetoRequest {
        from_date: Some(day(2026, 10, 6)),
        ..v1::GetParetoRequest::default()
    };
    let later = learning.get_pareto(later).await?.into_inner();
    ensure!(later.closed == named(&cases[1..]), "{:?}", later.closed);
    let months = |to_date| v1::GetTrendsRequest {
        to_date,
        period: v1::KpiPeriod::Month.into(),
        now_periods: 1,
        ..v1::GetTrendsRequest::default()
    };
    // It is November; nothing was closed in it yet.
    for (to_date, periods, month) in [(Some(day(2026, 10, 31)), 1, 10), (None, 2, 11)] {
        let months = learning.get_trends(months(to_date)).await?.into_inner();
        let months = months.trends.context("trends")?;
        ensure!((months.total, months.periods) == (3, periods), "{months:?}");
        ensure!(months.now_date == Some(day(2026, month, 1)));
    }

    let cost = v1::GetParetoRequest {
        by: v1::ParetoBy::Cost.into(),
        ..v1::GetParetoRequest::default()
    };
    let no = learning
        .get_pareto(cost)
        .await
        .err()
        .context("no currency")?;
    ensure!(code(&no) == "HB001", "{no:?}");
    let unknown = v1::GetTrendsRequest {
        workflow_id: Some("unknown".to_owned()),
        ..v1::GetTrendsRequest::default()
    };
    let no = learning
        .get_trends(unknown)
        .await
        .err()
        .context("unknown")?;
    ensure!(code(&no) == "HC024", "{no:?}");
    Ok(())
}

/// Looks for everybody who acted in what the program prints of these cases.
async fn nobody(server: &TestServer, answer: &str) -> anyhow::Result<()> {
    let mut said = vec![answer.to_owned()];
    for report in ["report", "pareto", "trend"] {
        for format in ["text", "json", "csv"] {
            let address = server.address.clone();
            let ended = tokio::task::spawn_blocking(move || {
                let arguments = ["cause", report, "--format", format, "--server", &address];
                process::Desk::without_workflows()?.run(&arguments)
            });
            let ended = ended.await??;
            ensure!(ended.exit == 0, "{report} {format}: {}", ended.err);
            ensure!(ended.out.contains("not_found"), "{}", ended.out);
            said.push(ended.out);
        }
    }
    for person in [ANA, BEN, EVA, LEO, NOA] {
        for said in &said {
            ensure!(!said.contains(person), "{person} stands in {said}");
        }
    }
    Ok(())
}
