//! Systemic issues as a report: proposed by like cases, confirmed, and taken by all of them.

use anyhow::{Context as _, ensure};
use heard_proto::v1::learning_service_client::LearningServiceClient;
use heard_proto::v1::{self, IssueStep, ReviewVerdict};
use heard_tests::server::TestServer;
use tonic::transport::Channel;

use super::causes::issue::{confirm, confirmation, link, to_link};
use super::causes::{BEN, EVA, LEO, day, diagnosis, record, review, to_diagnose, verdict};
use super::code;
use super::desk::{ANA, Desk, SMALL, actor, channel, desk, euro_cents};
use crate::cli::process;

type Learning = LearningServiceClient<Channel>;

/// A case whose root cause Ben proposed.
async fn diagnosed(desk: &mut Desk, name: &str, loss: i64) -> anyhow::Result<v1::Case> {
    let case = to_diagnose(desk, name, loss).await?;
    let (case, _) = record(desk, diagnosis(&case, day(2026, 10, 30))).await?;
    Ok(case)
}

async fn issues(learning: &mut Learning) -> anyhow::Result<v1::GetIssuesResponse> {
    let asked = v1::GetIssuesRequest {
        workflow_id: Some("parcels".to_owned()),
    };
    let all = v1::GetIssuesRequest::default();
    let of_one = learning.get_issues(asked).await?.into_inner();
    let of_all = learning.get_issues(all).await?.into_inner();
    ensure!(of_one == of_all, "{of_one:?} {of_all:?}");
    Ok(of_all)
}

/// Returns the one thing that is proposed.
async fn proposed(learning: &mut Learning) -> anyhow::Result<v1::ProposedIssue> {
    let answer = issues(learning).await?;
    ensure!(answer.proposed_total == 1, "{answer:?}");
    let proposal = answer.proposed.into_iter().next();
    proposal.context("a proposal")
}

fn named(cases: &[&v1::Case]) -> Option<v1::NamedCases> {
    Some(v1::NamedCases {
        total: cases.len() as u64,
        case_ids: cases.iter().map(|case| case.case_id.clone()).collect(),
    })
}

pub async fn like_cases_propose_an_issue_until_all_are_linked_to_it(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let mut learning = LearningServiceClient::new(channel(&server).await?);
    let first = diagnosed(&mut desk, "first", 4_000).await?;
    let second = diagnosed(&mut desk, "second", 4_000).await?;
    diagnosed(&mut desk, "other", 2_000).await?;
    ensure!(issues(&mut learning).await?.proposed_total == 0);
    let third = diagnosed(&mut desk, "third", 4_000).await?;
    let proposal = proposed(&mut learning).await?;
    ensure!(
        proposal.cases == named(&[&first, &second, &third]),
        "{proposal:?}"
    );
    ensure!(proposal.unlinked_cases == proposal.cases);
    ensure!((proposal.cases_min, proposal.within.as_str()) == (3, "30 days"));
    let [alike] = proposal.alike.as_slice() else {
        anyhow::bail!("{proposal:?}");
    };
    ensure!(alike.field == "loss" && alike.value == euro_cents("loss", 4_000).value);
    ensure!(proposal.next_step() == IssueStep::Review);
    ensure!((proposal.next_case_id.as_str(), proposal.next_number) == (&*first.case_id, 1));

    let (second, _) = review(&mut desk, verdict(&second, 1, ReviewVerdict::Accepted)).await?;
    let proposal = proposed(&mut learning).await?;
    ensure!(proposal.next_step() == IssueStep::Confirm, "{proposal:?}");
    ensure!((proposal.next_case_id.as_str(), proposal.next_number) == (&*second.case_id, 1));
    let shown = printed(&server).await?;
    ensure!(
        shown.contains("3 cases of process/handover (parcels) with loss = 40 EUR within 30 days")
            && shown.contains(&format!("heard cause confirm {} 1\n", second.case_id)),
        "{shown}"
    );

    let (second, _) = confirm(&mut desk, confirmation(&second, LEO, "lead")).await?;
    let proposal = proposed(&mut learning).await?;
    ensure!(proposal.next_step() == IssueStep::Link && proposal.next_number == 0);
    ensure!(proposal.next_case_id == second.case_id, "{proposal:?}");
    ensure!(proposal.unlinked_cases == named(&[&first, &third]));
    link(&mut desk, to_link(&first, &second)).await?;
    ensure!(proposed(&mut learning).await?.unlinked_cases == named(&[&third]));
    link(&mut desk, to_link(&third, &second)).await?;

    let answer = issues(&mut learning).await?;
    ensure!(answer.proposed_total == 0, "{answer:?}");
    let [issue] = answer.confirmed.as_slice() else {
        anyhow::bail!("{answer:?}");
    };
    ensure!((&issue.case_id, issue.number, issue.stands) == (&second.case_id, 1, true));
    ensure!(issue.children == named(&[&first, &third]), "{issue:?}");
    ensure!(issue.linked_children == issue.children && issue.open_children == issue.children);
    ensure!(issue.proactive_children == named(&[]) && issue.stale_children == named(&[]));
    ensure!(issue.confirmed_time == second.updated_time, "{issue:?}");
    beside(&mut desk, &mut learning, &second).await?;
    given_back(&mut desk, &mut learning, &second).await?;
    bad(&mut learning).await?;
    let shown = printed(&server).await?;
    ensure!(shown.contains("this root cause stands no more"), "{shown}");
    let answer = issues(&mut learning).await?;
    for person in [ANA, BEN, EVA, LEO] {
        ensure!(!shown.contains(person) && !format!("{answer:?}").contains(person));
    }
    Ok(())
}

/// A case of another workflow is opened for a customer who did not complain: it belongs to the
/// issue too, also where only issues of one workflow are asked for.
async fn beside(desk: &mut Desk, learning: &mut Learning, parent: &v1::Case) -> anyhow::Result<()> {
    desk.publish(SMALL).await?;
    let request = v1::OpenCaseRequest {
        request_id: "beside".to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "small-heard".to_owned(),
        parent_case_id: Some(parent.case_id.clone()),
        proactive: true,
        ..v1::OpenCaseRequest::default()
    };
    let opened = desk.cases.open_case(request).await?.into_inner();
    let opened = opened.case.context("a case")?;
    let answer = issues(learning).await?;
    let issue = answer.confirmed.first().context("the issue is told")?;
    ensure!(issue.proactive_children == named(&[&opened]), "{issue:?}");
    let children = issue.children.as_ref().map(|children| children.total);
    ensure!(children == Some(3), "{issue:?}");
    Ok(())
}

/// A reviewer gives the root cause of the issue back: its cases are to be linked again.
async fn given_back(
    desk: &mut Desk,
    learning: &mut Learning,
    parent: &v1::Case,
) -> anyhow::Result<()> {
    let back = v1::ReviewRootCauseRequest {
        request_id: "back".to_owned(),
        reason: Some("It was another hall".to_owned()),
        ..verdict(parent, 1, ReviewVerdict::Returned)
    };
    review(desk, back).await?;
    let answer = issues(learning).await?;
    let issue = answer.confirmed.first().context("the issue is told")?;
    let stale = issue.stale_children.as_ref().map(|stale| stale.total);
    ensure!(!issue.stands && stale == Some(2), "{issue:?}");
    Ok(())
}

async fn bad(learning: &mut Learning) -> anyhow::Result<()> {
    for (workflow, expected) in [("unknown", "HC024"), ("No Id", "HB001")] {
        let asked = v1::GetIssuesRequest {
            workflow_id: Some(workflow.to_owned()),
        };
        let no = learning
            .get_issues(asked)
            .await
            .err()
            .context("a refusal")?;
        ensure!(code(&no) == expected, "{no:?}");
    }
    Ok(())
}

/// Returns what the program prints, in text; the other forms are printed too.
async fn printed(server: &TestServer) -> anyhow::Result<String> {
    let mut text = String::new();
    for format in ["csv", "json", "text"] {
        let address = server.address.clone();
        let ended = tokio::task::spawn_blocking(move || {
            let arguments = ["cause", "issues", "--format", format, "--server", &address];
            process::Desk::without_workflows()?.run(&arguments)
        });
        let ended = ended.await??;
        ensure!(ended.exit == 0, "{format}: {}", ended.err);
        ensure!(ended.out.contains("handover"), "{}", ended.out);
        text = ended.out;
    }
    Ok(text)
}
