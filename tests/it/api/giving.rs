//! Giving, approving and taking back over the wire.

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_tests::server::TestServer;
use tonic::Code;
use tonic_types::StatusExt as _;

use super::code;
use super::desk::{ANA, Desk, TOM, action, actor, desk, euro_cents};
use super::way::{choice, place};

const PURSE: &str = "\
heard: 1
workflow: purse
version: 1
title: A purse
model: custom
roles:
  agent: {title: Agent}
  lead:  {title: Team lead}
limits:
  goodwill: {agent: 50 EUR, lead: 250 EUR}
tables:
  owed: [{when: {damage: large}, is: 100 EUR}, {is: 10 EUR}]
fields:
  damage:   {ask: How bad is it?, type: choice, of: [small, large]}
  owed:     {type: money, currency: EUR, limit: none, from_table: owed}
  goodwill: {ask: How much?, type: money, currency: EUR, limit: goodwill, max: 250 EUR}
start: sorry
steps:
  sorry:
    phase: [apologize, resolve]
    title: Say sorry, and give
    who: [agent]
    asks: [damage, goodwill]
    actions:
      give:      {go_to: stay, needs: [goodwill], gives: [goodwill]}
      take_back: {go_to: stay, takes_back: [goodwill]}
      ask_lead:  {go_to: agree, needs: [goodwill]}
      finish:    resolved
  agree:
    phase: approve
    title: Agree
    actions:
      agree:  {go_to: pay, who: [lead], approves: [goodwill]}
      refuse: {go_to: unresolved, who: [lead]}
  pay:
    phase: resolve
    title: Pay
    who: [agent]
    actions:
      pay: {go_to: call, gives: [goodwill]}
  call:
    phase: follow_up
    title: Call back
    who: [agent]
    actions:
      came_back: {go_to: stay, takes_back: [goodwill]}
      finish:    resolved
outcomes:
  resolved:   {title: Resolved, counts_as: resolved}
  unresolved: {title: Not resolved, counts_as: not_resolved}
";

/// Publishes the workflow and opens a case of it.
async fn begin(server: &TestServer) -> anyhow::Result<(Desk, v1::Case)> {
    let mut desk = desk(server).await?;
    desk.publish(PURSE).await?;
    let request = v1::OpenCaseRequest {
        request_id: "open".to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "purse".to_owned(),
        ..v1::OpenCaseRequest::default()
    };
    let opened = desk.cases.open_case(request).await?.into_inner();
    let case = opened.case.context("a case")?;
    ensure!(case.bookings.is_empty() && case.approvals.is_empty());
    Ok((desk, case))
}

fn minor(amount: Option<&v1::Money>) -> Option<i64> {
    let amount = amount.filter(|amount| amount.currency_code == "EUR");
    amount.map(|amount| amount.minor_units)
}

pub async fn what_is_given_approved_and_taken_back_is_seen(
    server: TestServer,
) -> anyhow::Result<()> {
    let (mut desk, case) = begin(&server).await?;
    let forty = vec![euro_cents("goodwill", 4_000), choice("damage", "large")];
    let case = desk
        .advance(&case, action("give", "1", "agent", forty))
        .await?;
    let [booking] = case.bookings.as_slice() else {
        anyhow::bail!("one booking is expected: {case:?}");
    };
    ensure!(booking.field == "goodwill" && booking.limit == "goodwill");
    ensure!(minor(booking.amount.as_ref()) == Some(4_000));
    ensure!(booking.role == "agent" && booking.person == ANA);
    ensure!(booking.revision == case.revision && booking.given_time == case.updated_time);

    let request = v1::GetCaseRequest {
        case_id: case.case_id.clone(),
        ..v1::GetCaseRequest::default()
    };
    let seen = desk.cases.get_case(request).await?.into_inner();
    ensure!(seen.case.as_ref() == Some(&case), "{seen:?}");
    let answer = |name: &str| seen.answers.iter().find(|answer| answer.field == name);
    let given = answer("goodwill").context("the answer that was given")?;
    ensure!(given.recording == booking.recording && !given.computed);
    let owed = answer("owed").context("the computed value")?;
    let hundred = euro_cents("owed", 10_000).value;
    ensure!(owed.computed && owed.value == hundred, "{owed:?}");

    let case = desk
        .advance(&case, action("take_back", "2", "agent", Vec::new()))
        .await?;
    ensure!(case.bookings.is_empty(), "{case:?}");

    let ask = vec![euro_cents("goodwill", 20_000)];
    let case = desk
        .advance(&case, action("ask_lead", "3", "agent", ask))
        .await?;
    ensure!(place(&case) == "agree" && case.approvals.is_empty());
    let case = desk
        .advance(&case, action("agree", "4", "lead", Vec::new()))
        .await?;
    let [approval] = case.approvals.as_slice() else {
        anyhow::bail!("one approval is expected: {case:?}");
    };
    ensure!(approval.field == "goodwill" && minor(approval.amount.as_ref()) == Some(20_000));
    ensure!(approval.role == "lead" && approval.person == TOM);
    ensure!(approval.approved_time == case.updated_time && case.bookings.is_empty());

    let case = desk
        .advance(&case, action("pay", "5", "agent", Vec::new()))
        .await?;
    let [booking] = case.bookings.as_slice() else {
        anyhow::bail!("one booking is expected: {case:?}");
    };
    ensure!(minor(booking.amount.as_ref()) == Some(20_000));
    ensure!(
        booking.role == "lead" && booking.person == TOM,
        "{booking:?}"
    );
    ensure!(booking.recording == approval.recording);

    let case = desk
        .advance(&case, action("came_back", "6", "agent", Vec::new()))
        .await?;
    ensure!(place(&case) == "call" && case.bookings.is_empty());
    Ok(())
}

pub async fn what_is_over_a_limit_is_refused_with_whoever_may(
    server: TestServer,
) -> anyhow::Result<()> {
    let (mut desk, case) = begin(&server).await?;
    let much = vec![euro_cents("goodwill", 5_001)];
    let refused = desk
        .advance(&case, action("give", "1", "agent", much))
        .await;
    let status = refused.err().context("it is over the agent's limit")?;
    ensure!(
        code(&status) == "HC029" && status.code() == Code::FailedPrecondition,
        "{status:?}"
    );
    let details = status.get_error_details();
    let info = details.error_info().context("info")?;
    ensure!(info.domain == "heard", "{info:?}");
    let reasons = &details
        .precondition_failure()
        .context("reasons")?
        .violations;
    let [reason] = reasons.as_slice() else {
        anyhow::bail!("one reason is expected: {reasons:?}");
    };
    ensure!(
        reason.r#type == "over_limit" && reason.subject == "goodwill",
        "{reason:?}"
    );
    let told = ["50.01 EUR", "50 EUR", "lead"];
    ensure!(
        told.iter().all(|part| reason.description.contains(part)),
        "{reason:?}"
    );
    Ok(())
}
