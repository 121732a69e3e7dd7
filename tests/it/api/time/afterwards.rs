//! What happens after closing: surveys and follow-ups.

use anyhow::{Context as _, ensure};
use heard_proto::v1::{self, DeadlineState};
use heard_tests::server::TestServer;

use super::{MARY, at, deadline, now, open, set, take};
use crate::api::code;
use crate::api::desk::{ANA, actor, desk};
use crate::api::way::place;

pub async fn a_survey_is_answered_and_a_follow_up_done(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let happy = open(&mut desk, "happy").await?;
    let happy = take(&mut desk, &happy, "finish").await?;
    let survey = |case: &v1::Case, id: &str, question: &str, score: u32| v1::RecordSurveyRequest {
        request_id: id.to_owned(),
        actor: actor(MARY, "customer"),
        case_id: case.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        survey: "after_contact".to_owned(),
        answers: vec![v1::SurveyAnswer {
            question: question.to_owned(),
            score,
        }],
        comment: Some("They listened".to_owned()),
    };
    let early = survey(&happy, "early", "satisfaction", 5);
    let no = desk.cases.record_survey(early).await;
    ensure!(code(&no.err().context("it was not sent")?) == "HC036");
    set(&mut desk, "2026-10-06T09:00:00Z").await?;
    let asked = now(&mut desk, &happy).await?;
    let sent = deadline(&asked, "survey/after_contact")?;
    ensure!(sent.state() == DeadlineState::Open, "{sent:?}");
    ensure!(
        sent.due_time == Some(at("2026-10-20T09:00:00Z")),
        "until then answers are taken"
    );
    let [question] = sent.questions.as_slice() else {
        anyhow::bail!("one question is expected: {sent:?}");
    };
    ensure!(question.name == "satisfaction" && (question.lowest, question.highest) == (1, 5));
    let none = v1::RecordSurveyRequest {
        answers: Vec::new(),
        ..survey(&happy, "none", "satisfaction", 1)
    };
    for (wrong, expected) in [
        (none, "HB004"),
        (survey(&happy, "what", "mood", 3), "HC037"),
        (survey(&happy, "high", "satisfaction", 6), "HC038"),
        (survey(&happy, "nameless", "", 3), "HB001"),
    ] {
        let no = desk.cases.record_survey(wrong).await;
        let no = no.err().context(expected)?;
        ensure!(code(&no) == expected, "{no:?}");
    }
    ensure!(
        now(&mut desk, &happy).await? == asked,
        "nothing was written"
    );
    let four = survey(&happy, "four", "satisfaction", 4);
    let answered = desk.cases.record_survey(four.clone()).await?.into_inner();
    let case = answered.case.context("a case")?;
    ensure!(deadline(&case, "survey/after_contact")?.verdict() == v1::Verdict::Done);
    ensure!(place(&case) == "resolved");
    let again = desk.cases.record_survey(four).await?.into_inner();
    ensure!(again.receipt.is_some_and(|receipt| receipt.repeated));

    let request = |id: &str| v1::CompleteFollowUpRequest {
        request_id: id.to_owned(),
        actor: actor(ANA, "agent"),
        case_id: happy.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        follow_up: "check_in".to_owned(),
        note: Some("All is well".to_owned()),
    };
    let no = desk.cases.complete_follow_up(request("early")).await;
    ensure!(code(&no.err().context("its day has not come")?) == "HC039");
    set(&mut desk, "2026-11-05T00:00:00Z").await?;
    let due = now(&mut desk, &happy).await?;
    let check_in = deadline(&due, "follow_up/check_in")?;
    ensure!(check_in.state() == DeadlineState::Open && check_in.text == "Ask how things are");
    ensure!(check_in.roles == ["agent"]);
    let done = desk.cases.complete_follow_up(request("done")).await?;
    let done = done.into_inner().case.context("a case")?;
    ensure!(deadline(&done, "follow_up/check_in")?.verdict() == v1::Verdict::Done);
    ensure!(place(&done) == "resolved", "it stays closed");
    let again = desk.cases.complete_follow_up(request("done")).await?;
    ensure!(
        again
            .into_inner()
            .receipt
            .is_some_and(|receipt| receipt.repeated)
    );
    Ok(())
}

pub async fn a_bad_score_opens_the_case_again(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = open(&mut desk, "sad").await?;
    let case = take(&mut desk, &case, "finish").await?;
    set(&mut desk, "2026-10-06T09:00:00Z").await?;
    let request = v1::RecordSurveyRequest {
        request_id: "two".to_owned(),
        actor: actor(MARY, "customer"),
        case_id: case.case_id.clone(),
        survey: "after_contact".to_owned(),
        answers: vec![v1::SurveyAnswer {
            question: "satisfaction".to_owned(),
            score: 2,
        }],
        ..v1::RecordSurveyRequest::default()
    };
    let opened = desk.cases.record_survey(request).await?.into_inner();
    let case = opened.case.context("a case")?;
    ensure!(place(&case) == "work" && case.opening == 2, "{case:?}");
    ensure!(deadline(&case, "follow_up/check_in")?.verdict() == v1::Verdict::Cancelled);
    Ok(())
}
