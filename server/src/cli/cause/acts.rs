//! `heard cause review|done|effect`: what follows a recorded root cause.

use clap::Args;
use heard_proto::v1::check_cause_effect_request::Effect as Asked;
use heard_proto::v1::{
    CauseEffect, CheckCauseEffectRequest, CompleteCauseActionRequest, ReviewRootCauseRequest,
    ReviewVerdict,
};

use super::OnCause;
use crate::cli::client::Acting;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given::text_of;

/// The arguments of `heard cause review`.
#[derive(Debug, Args)]
pub(super) struct Review {
    #[command(flatten)]
    on: OnCause,
    #[command(flatten)]
    verdict: Verdict,
    /// Why, or what you add; @FILE reads a file. Needed with --reclassify.
    #[arg(long, value_name = "TEXT", conflicts_with = "return")]
    reason: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// What is found: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Verdict {
    /// It is right.
    #[arg(long)]
    accept: bool,
    /// It goes back to those who diagnose, for this reason; @FILE reads a file.
    #[arg(long = "return", id = "return", value_name = "REASON")]
    give_back: Option<String>,
    /// It is right with this cause of the taxonomy.
    #[arg(long, value_name = "GROUP/NAME", requires = "reason")]
    reclassify: Option<String>,
}

/// The arguments of `heard cause done`.
#[derive(Debug, Args)]
pub(super) struct Done {
    #[command(flatten)]
    on: OnCause,
    /// The number of the action in the root cause; `heard cause show` shows it.
    action: u32,
    /// What was done; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// The arguments of `heard cause effect`.
#[derive(Debug, Args)]
pub(super) struct Effect {
    #[command(flatten)]
    on: OnCause,
    /// The number of the action in the root cause; `heard cause show` shows it.
    action: u32,
    #[command(flatten)]
    found: Found,
    /// What you add; @FILE reads a file. Needed with --inconclusive.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// What came of an action: one of these.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Found {
    /// The number that was observed, where the action has a target.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    observed: Option<i64>,
    /// It worked, where the action has no target.
    #[arg(long)]
    effective: bool,
    /// It did not work, where the action has no target. The root cause is opened again.
    #[arg(long)]
    not_effective: bool,
    /// Nothing can be said yet.
    #[arg(long)]
    inconclusive: bool,
}

/// Runs `heard cause review`.
pub(super) async fn review(
    server: &str,
    review: &Review,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let given = &review.verdict;
    let (verdict, what) = match (&given.give_back, &given.reclassify) {
        (Some(_), _) => (ReviewVerdict::Returned, "Returned"),
        (None, Some(_)) => (ReviewVerdict::Reclassified, "Reclassified"),
        (None, None) => (ReviewVerdict::Accepted, "Accepted"),
    };
    let reason = given.give_back.as_ref().or(review.reason.as_ref());
    let reason = reason.map(|typed| text_of(typed)).transpose()?;
    let cause = given.reclassify.as_deref().map(super::cause).transpose()?;
    let actor = review.acting.actor()?;
    let on = &review.on;
    let asked = super::asked(server, &on.case, on.revision, &review.acting).await?;
    let request = ReviewRootCauseRequest {
        request_id: asked.request_id.clone(),
        actor: Some(actor),
        case_id: on.case.clone(),
        expected_revision: Some(asked.revision),
        validate_only: review.acting.dry_run,
        number: on.number,
        verdict: verdict.into(),
        cause,
        reason,
    };
    let answer = asked.server.causes().review_root_cause(request).await;
    let answer = answer.map_err(|status| asked.server.no(&status, Some(&asked.request_id)))?;
    let answer = answer.into_inner();
    super::shown(
        &format!("{what} cause {} of the case", on.number),
        answer.receipt.as_ref(),
        answer.case,
        answer.cause.as_ref(),
        console,
    )
}

/// Runs `heard cause done`.
pub(super) async fn done(
    server: &str,
    done: &Done,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let note = done.note.as_deref().map(text_of).transpose()?;
    let actor = done.acting.actor()?;
    let on = &done.on;
    let asked = super::asked(server, &on.case, on.revision, &done.acting).await?;
    let request = CompleteCauseActionRequest {
        request_id: asked.request_id.clone(),
        actor: Some(actor),
        case_id: on.case.clone(),
        expected_revision: Some(asked.revision),
        validate_only: done.acting.dry_run,
        number: on.number,
        action: done.action,
        note,
    };
    let answer = asked.server.causes().complete_cause_action(request).await;
    let answer = answer.map_err(|status| asked.server.no(&status, Some(&asked.request_id)))?;
    let answer = answer.into_inner();
    super::shown(
        &format!("Did action {} of cause {}", done.action, on.number),
        answer.receipt.as_ref(),
        answer.case,
        answer.cause.as_ref(),
        console,
    )
}

/// Runs `heard cause effect`.
pub(super) async fn effect(
    server: &str,
    effect: &Effect,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let note = effect.note.as_deref().map(text_of).transpose()?;
    let actor = effect.acting.actor()?;
    let on = &effect.on;
    let asked = super::asked(server, &on.case, on.revision, &effect.acting).await?;
    let request = CheckCauseEffectRequest {
        request_id: asked.request_id.clone(),
        actor: Some(actor),
        case_id: on.case.clone(),
        expected_revision: Some(asked.revision),
        validate_only: effect.acting.dry_run,
        number: on.number,
        action: effect.action,
        effect: Some(found(&effect.found)),
        note,
    };
    let answer = asked.server.causes().check_cause_effect(request).await;
    let answer = answer.map_err(|status| asked.server.no(&status, Some(&asked.request_id)))?;
    let answer = answer.into_inner();
    super::shown(
        &format!("Checked action {} of cause {}", effect.action, on.number),
        answer.receipt.as_ref(),
        answer.case,
        answer.cause.as_ref(),
        console,
    )
}

fn found(found: &Found) -> Asked {
    if let Some(observed) = found.observed {
        return Asked::Observed(observed);
    }
    let judged = if found.effective {
        CauseEffect::Effective
    } else if found.not_effective {
        CauseEffect::NotEffective
    } else {
        CauseEffect::Inconclusive
    };
    Asked::Judged(judged.into())
}
