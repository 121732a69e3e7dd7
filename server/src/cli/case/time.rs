//! The commands on contacts, promises, clocks, surveys and follow-ups.

use clap::{Args, ValueEnum};
use heard_proto::v1::{
    CompleteFollowUpRequest, ContactSide, ExtendClockRequest, RecordContactRequest,
    RecordSurveyRequest, RenegotiatePromiseRequest, SurveyAnswer,
};

use super::acts::{instant, revision, shown};
use super::arguments::OnCase;
use crate::cli::client::{Acting, Server};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given::text_of;

/// The arguments of `heard case contact`.
#[derive(Debug, Args)]
pub(super) struct Contact {
    #[command(flatten)]
    on: OnCase,
    /// Who began it. A contact by the customer lets clocks go on that stand still.
    #[arg(long, value_enum, value_name = "WHO")]
    by: Side,
    /// By which channel, such as phone.
    #[arg(long, value_name = "WORD")]
    channel: Option<String>,
    /// When it happened, such as 2026-10-05T09:00:00Z. It is shown; what counts is now.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// Who began a contact.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Side {
    /// The customer contacted us.
    Customer,
    /// We contacted the customer.
    Us,
}

/// The arguments of `heard case renegotiate`.
#[derive(Debug, Args)]
pub(super) struct Renegotiate {
    #[command(flatten)]
    on: OnCase,
    /// The promise, such as `call_back`; `heard case clocks` lists them.
    promise: String,
    /// When it is to be due, such as 2026-10-07T17:00:00Z.
    #[arg(long, value_name = "TIME")]
    due: String,
    /// How the customer agreed; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    consent: String,
    #[command(flatten)]
    acting: Acting,
}

/// The arguments of `heard case extend`.
#[derive(Debug, Args)]
pub(super) struct Extend {
    #[command(flatten)]
    on: OnCase,
    /// The clock, such as `final_response`; `heard case clocks` lists them.
    clock: String,
    /// Why; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// The arguments of `heard case survey`.
#[derive(Debug, Args)]
pub(super) struct Survey {
    #[command(flatten)]
    on: OnCase,
    /// The survey, such as `after_contact`; `heard case clocks` lists them and what they ask.
    #[arg(value_name = "SURVEY")]
    name: String,
    /// An answer, such as satisfaction=4; may be repeated.
    #[arg(long = "with", value_name = "QUESTION=SCORE", required = true)]
    answers: Vec<String>,
    /// What the customer added; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// The arguments of `heard case follow-up`.
#[derive(Debug, Args)]
pub(super) struct FollowUp {
    #[command(flatten)]
    on: OnCase,
    /// The follow-up, such as `check_in`; `heard case clocks` lists them.
    #[arg(value_name = "FOLLOW_UP")]
    name: String,
    /// What was heard; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    #[command(flatten)]
    acting: Acting,
}

/// Runs `heard case contact`.
pub(super) async fn contact(
    server: &str,
    contact: &Contact,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let occurred_time = contact.at.as_deref().map(instant).transpose()?;
    let side = match contact.by {
        Side::Customer => ContactSide::Customer,
        Side::Us => ContactSide::Us,
    };
    let request_id = contact.acting.request_id();
    let actor = contact.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = RecordContactRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: contact.on.case.clone(),
        expected_revision: Some(revision(&server, &contact.on).await?),
        validate_only: contact.acting.dry_run,
        begun_by: side.into(),
        channel: contact.channel.clone(),
        occurred_time,
    };
    let answer = server.cases().record_contact(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    let what = "Recorded the contact";
    shown(what, answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case renegotiate`.
pub(super) async fn renegotiate(
    server: &str,
    renegotiate: &Renegotiate,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let due_time = Some(instant(&renegotiate.due)?);
    let consent = text_of(&renegotiate.consent)?;
    let request_id = renegotiate.acting.request_id();
    let actor = renegotiate.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = RenegotiatePromiseRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: renegotiate.on.case.clone(),
        expected_revision: Some(revision(&server, &renegotiate.on).await?),
        validate_only: renegotiate.acting.dry_run,
        promise: renegotiate.promise.clone(),
        due_time,
        consent,
    };
    let answer = server.cases().renegotiate_promise(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    let what = "Renegotiated the promise";
    shown(what, answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case extend`.
pub(super) async fn extend(
    server: &str,
    extend: &Extend,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let reason = extend.reason.as_deref().map(text_of).transpose()?;
    let request_id = extend.acting.request_id();
    let actor = extend.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = ExtendClockRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: extend.on.case.clone(),
        expected_revision: Some(revision(&server, &extend.on).await?),
        validate_only: extend.acting.dry_run,
        clock: extend.clock.clone(),
        reason,
    };
    let answer = server.cases().extend_clock(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    let what = "Extended the clock";
    shown(what, answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case survey`.
pub(super) async fn survey(
    server: &str,
    survey: &Survey,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let answers = survey.answers.iter().map(|typed| score(typed));
    let answers = answers.collect::<Result<Vec<SurveyAnswer>, Failure>>()?;
    let comment = survey.comment.as_deref().map(text_of).transpose()?;
    let request_id = survey.acting.request_id();
    let actor = survey.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = RecordSurveyRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: survey.on.case.clone(),
        expected_revision: Some(revision(&server, &survey.on).await?),
        validate_only: survey.acting.dry_run,
        survey: survey.name.clone(),
        answers,
        comment,
    };
    let answer = server.cases().record_survey(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    let what = "Recorded the answers";
    shown(what, answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case follow-up`.
pub(super) async fn follow_up(
    server: &str,
    follow_up: &FollowUp,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let note = follow_up.note.as_deref().map(text_of).transpose()?;
    let request_id = follow_up.acting.request_id();
    let actor = follow_up.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = CompleteFollowUpRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: follow_up.on.case.clone(),
        expected_revision: Some(revision(&server, &follow_up.on).await?),
        validate_only: follow_up.acting.dry_run,
        follow_up: follow_up.name.clone(),
        note,
    };
    let answer = server.cases().complete_follow_up(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    let what = "Followed up";
    shown(what, answer.receipt.as_ref(), answer.case, console)
}

/// Reads `question=score`.
fn score(typed: &str) -> Result<SurveyAnswer, Failure> {
    let wrong = || {
        Failure::Usage(format!(
            "an answer to a survey is written question=score, such as satisfaction=4; this is \
             not: {typed}"
        ))
    };
    let (question, score) = typed.split_once('=').ok_or_else(wrong)?;
    Ok(SurveyAnswer {
        question: question.trim().to_owned(),
        score: score.trim().parse().map_err(|_| wrong())?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_to_surveys_are_whole_numbers() {
        let read = score(" effort = 7").unwrap();
        assert_eq!((read.question.as_str(), read.score), ("effort", 7));
        for wrong in ["effort", "effort=", "effort=4.5", "effort=-1", "=good"] {
            assert!(matches!(score(wrong), Err(Failure::Usage(_))), "{wrong}");
        }
    }
}
