//! Systemic issues as a report: proposed by like cases, confirmed, and taken by all of them.

use anyhow::{Context as _, ensure};
use heard_proto::v1::learning_service_client::LearningServiceClient;
use heard_proto::v1::{self, IssueStep, ReviewVerdict};
use heard_tests::server::TestServer;
use tonic::transport::Channel;

use super::causes::issue::{confirm, confirmation, link, to_link};
use super::causes::{
    BEN, EVA, LEO, PARCELS, day, diagnosis, record, review, to_diagnose, to_diagnose_in, verdict,
};
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

async fn issues_of(
    learning: &mut Learning,
    workflow: Option<&str>,
) -> anyhow::Result<v1::GetIssuesResponse> {
    let asked = v1::GetIssuesRequest {
        workflow_id: workflow.map(ToOwned::to_owned),
    };
    Ok(learning.get_issues(asked).await?.into_inner())
}

async fn issues(learning: &mut Learning) -> anyhow::Result<v1::GetIssuesResponse> {
    let of_one = issues_of(learning, Some("parcels")).await?;
    let of_all = issues_of(learning, None).await?;
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

/// Children of one instant are named by their ids.
fn children(cases: &[&v1::Case]) -> Option<v1::NamedCases> {
    let mut cases = cases.to_vec();
    cases.sort_unstable_by(|one, other| one.case_id.cmp(&other.case_id));
    named(&cases)
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
    for case in [&first, &third] {
        review(&mut desk, verdict(case, 1, ReviewVerdict::Accepted)).await?;
    }
    link(&mut desk, to_link(&first, &second)).await?;
    ensure!(proposed(&mut learning).await?.unlinked_cases == named(&[&third]));
    link(&mut desk, to_link(&third, &second)).await?;

    let answer = issues(&mut learning).await?;
    ensure!(answer.proposed_total == 0, "{answer:?}");
    let [issue] = answer.confirmed.as_slice() else {
        anyhow::bail!("{answer:?}");
    };
    ensure!((&issue.case_id, issue.number, issue.stands) == (&second.case_id, 1, true));
    ensure!(issue.children == children(&[&first, &third]), "{issue:?}");
    ensure!(issue.linked_children == issue.children && issue.open_children == issue.children);
    ensure!(issue.proactive_children == named(&[]) && issue.stale_children == named(&[]));
    ensure!(issue.confirmed_time == second.updated_time, "{issue:?}");
    beside(&mut desk, &mut learning, &second).await?;
    let [last, ..] = &across(&mut desk, &mut learning, &second).await?;
    let shown = case_shown(&server, &second).await?;
    ensure!(shown.contains("others may take it"), "{shown}");
    given_back(&mut desk, &mut learning, &second, [&first, &third, last]).await?;
    let shown = case_shown(&server, &second).await?;
    ensure!(
        !shown.contains("others may take it") && shown.contains("stands no more"),
        "{shown}"
    );
    let shown = case_shown(&server, &first).await?;
    ensure!(shown.contains("a root cause of its own stands"), "{shown}");
    bad(&mut learning).await?;
    let shown = printed(&server).await?;
    ensure!(shown.contains("this root cause stands no more"), "{shown}");
    let answer = issues_of(&mut learning, None).await?;
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

/// One of three like cases of another workflow belongs to the issue, so they propose none: neither
/// where all issues are asked for nor where those of their workflow are.
async fn across(
    desk: &mut Desk,
    learning: &mut Learning,
    parent: &v1::Case,
) -> anyhow::Result<[v1::Case; 3]> {
    desk.publish(&PARCELS.replace("workflow: parcels", "workflow: letters"))
        .await?;
    let mut cases = Vec::new();
    for name in ["last", "one", "two"] {
        let case = to_diagnose_in(desk, "letters", name, 4_000).await?;
        cases.push(record(desk, diagnosis(&case, day(2026, 10, 30))).await?.0);
    }
    let cases = <[v1::Case; 3]>::try_from(cases).ok().context("three")?;
    let letters = issues_of(learning, Some("letters")).await?;
    ensure!(letters.proposed_total == 1, "{letters:?}");
    let accepted = verdict(&cases[0], 1, ReviewVerdict::Accepted);
    review(desk, accepted).await?;
    link(desk, to_link(&cases[0], parent)).await?;
    ensure!(issues(learning).await?.proposed_total == 0);
    let letters = issues_of(learning, Some("letters")).await?;
    ensure!(
        letters.proposed_total + letters.confirmed_total == 0,
        "{letters:?}"
    );
    Ok(cases)
}

/// A reviewer gives the root cause of the issue back: what took it is to be linked again, and its
/// cases are proposed as any others are.
async fn given_back(
    desk: &mut Desk,
    learning: &mut Learning,
    parent: &v1::Case,
    taken: [&v1::Case; 3],
) -> anyhow::Result<()> {
    let back = v1::ReviewRootCauseRequest {
        request_id: "back".to_owned(),
        reason: Some("It was another hall".to_owned()),
        ..verdict(parent, 1, ReviewVerdict::Returned)
    };
    review(desk, back).await?;
    let answer = issues_of(learning, None).await?;
    let issue = answer.confirmed.first().context("the issue is told")?;
    ensure!(
        !issue.stands && issue.stale_children == children(&taken),
        "{issue:?}"
    );
    let of_one = issues_of(learning, Some("parcels")).await?;
    ensure!(of_one.confirmed == answer.confirmed, "{of_one:?}");
    let letters = issues_of(learning, Some("letters")).await?;
    ensure!(letters.proposed == answer.proposed && letters.proposed_total == 1);
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
        text = run(server, &["cause", "issues", "--format", format]).await?;
        ensure!(text.contains("handover"), "{text}");
    }
    Ok(text)
}

async fn case_shown(server: &TestServer, case: &v1::Case) -> anyhow::Result<String> {
    run(server, &["case", "show", &case.case_id]).await
}

/// Returns what the program prints.
async fn run(server: &TestServer, arguments: &[&str]) -> anyhow::Result<String> {
    let server = ["--server", &server.address];
    let arguments = arguments.iter().chain(&server);
    let arguments: Vec<String> = arguments.map(|argument| (*argument).to_owned()).collect();
    let ended = tokio::task::spawn_blocking(move || {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        process::Desk::without_workflows()?.run(&arguments)
    });
    let ended = ended.await??;
    ensure!(ended.exit == 0, "{}", ended.err);
    Ok(ended.out)
}
