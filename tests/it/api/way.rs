//! What a help desk does with a case.

use anyhow::{Context as _, ensure};
use heard_proto::v1::value::Kind;
use heard_proto::v1::{self, CountsAs, Disclosure, OfferKind, PlaceKind};
use heard_tests::server::TestServer;
use tonic::Code;

use super::code;
use super::desk::{ANA, Desk, TOM, action, actor, answer, desk, euro_cents, task, text};

pub fn choice(field: &str, choice: &str) -> v1::Answer {
    answer(field, Kind::Choice(choice.to_owned()))
}

fn yes(field: &str) -> v1::Answer {
    answer(field, Kind::YesNo(true))
}

fn whys(count: usize) -> Vec<v1::Why> {
    let why = |n| v1::Why {
        statement: format!("because of reason {n}"),
        evidence: vec![v1::Evidence {
            reference: format!("ticket {n}"),
            sha256: (n == 1).then(|| "0f".repeat(32)),
        }],
    };
    (1..=count).map(why).collect()
}

pub fn cause_request(case: &v1::Case, request_id: &str) -> v1::RecordRootCauseRequest {
    v1::RecordRootCauseRequest {
        request_id: request_id.to_owned(),
        actor: actor(TOM, "lead"),
        case_id: case.case_id.clone(),
        group: "process".to_owned(),
        name: "handover".to_owned(),
        statement: "The bag was not handed over".to_owned(),
        whys: whys(2),
        ..v1::RecordRootCauseRequest::default()
    }
}

/// Brings a new case into the diagnose step.
pub async fn to_diagnose(desk: &mut Desk, name: &str) -> Result<v1::Case, tonic::Status> {
    let id = |n: u32| format!("{name}/{n}");
    let case = desk.open(&id(0)).await?;
    let story = vec![text("story", "My bag is gone")];
    let case = desk
        .advance(&case, action("understood", &id(1), "agent", story))
        .await?;
    let feeling = vec![choice("feeling", "angry")];
    let case = desk
        .advance(&case, action("done", &id(2), "agent", feeling))
        .await?;
    let apology = vec![text("apology", "We are sorry")];
    let case = desk
        .advance(&case, action("done", &id(3), "agent", apology))
        .await?;
    let refund = vec![
        euro_cents("limit_of_refund", 20_000),
        euro_cents("refund", 15_000),
    ];
    let case = desk
        .advance(&case, task("count", &id(4), "lead", refund))
        .await?;
    desk.advance(&case, task("check", &id(5), "agent", vec![yes("checked")]))
        .await
}

pub fn place(case: &v1::Case) -> String {
    case.place
        .as_ref()
        .map(|place| place.name.clone())
        .unwrap_or_default()
}

pub async fn a_case_goes_all_the_way(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "a").await?;
    ensure!(place(&case) == "diagnose", "{case:?}");
    ensure!(
        case.revision == 6 && case.visit == 5 && case.opening == 1,
        "{case:?}"
    );
    let early = desk
        .advance(&case, action("found", "a/6", "lead", Vec::new()))
        .await;
    let early = early.err().context("leaving without a cause is refused")?;
    ensure!(code(&early) == "HC013", "{early:?}");

    let recorded = desk
        .causes
        .record_root_cause(cause_request(&case, "a/7"))
        .await?
        .into_inner();
    ensure!(recorded.number == 1);
    let case = recorded.case.context("a case")?;
    let case = desk
        .advance(&case, action("found", "a/8", "lead", Vec::new()))
        .await?;
    let closing = case.closing.clone().context("it is closed")?;
    ensure!(closing.counts_as() == CountsAs::Resolved && closing.outcome == "resolved");
    ensure!(closing.reopen_until_time.is_some() && !case.owes_cause);
    ensure!(case.place.as_ref().map(v1::Place::kind) == Some(PlaceKind::Outcome));
    let kinds: Vec<OfferKind> = case.offers.iter().map(v1::Offer::kind).collect();
    ensure!(kinds.contains(&OfferKind::Reopen), "{kinds:?}");

    let request = v1::ReopenCaseRequest {
        request_id: "a/9".to_owned(),
        actor: actor(ANA, "customer"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        reason: "The refund did not come".to_owned(),
    };
    let reopened = desk.cases.reopen_case(request).await?.into_inner();
    let case = reopened.case.context("a case")?;
    ensure!(place(&case) == "hear" && case.opening == 2 && case.closing.is_none());
    let receipt = reopened.receipt.context("a receipt")?;
    ensure!(receipt.revision == case.revision && !receipt.repeated);
    ensure!(receipt.position.is_some() && receipt.entry_sha256.len() == 64);

    let request = v1::AdvanceCaseRequest {
        reason: Some("Called twice, no answer".to_owned()),
        ..action("withdraw", "a/10", "agent", Vec::new())
    };
    let case = desk.advance(&case, request).await?;
    ensure!(case.closing.context("it is closed")?.counts_as() == CountsAs::Withdrawn);
    Ok(())
}

pub async fn an_imported_case_goes_on_from_its_step(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let request = v1::ImportCaseRequest {
        request_id: "old 4711".to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "small-heard".to_owned(),
        workflow_version: Some(1),
        step: "empathize".to_owned(),
        opened_time: Some(prost_types::Timestamp {
            seconds: 1_700_000_000,
            nanos: 1_999,
        }),
        answers: vec![text("story", "My bag is gone")],
        reference: Some("CRM-4711".to_owned()),
        team: Some("north".to_owned()),
        ..v1::ImportCaseRequest::default()
    };
    let bare = v1::ImportCaseRequest {
        answers: Vec::new(),
        ..request.clone()
    };
    let missing = desk
        .cases
        .import_case(bare)
        .await
        .err()
        .context("the story is missing")?;
    ensure!(
        code(&missing) == "HC022" && missing.code() == Code::FailedPrecondition,
        "{missing:?}"
    );
    let nowhere = v1::ImportCaseRequest {
        step: "nowhere".to_owned(),
        ..request.clone()
    };
    let nowhere = desk
        .cases
        .import_case(nowhere)
        .await
        .err()
        .context("no such step")?;
    ensure!(
        code(&nowhere) == "HC025" && nowhere.code() == Code::NotFound,
        "{nowhere:?}"
    );

    let case = desk
        .cases
        .import_case(request)
        .await?
        .into_inner()
        .case
        .context("a case")?;
    ensure!(place(&case) == "empathize" && case.imported);
    ensure!(case.team.as_deref() == Some("north"));
    let opened = case.opened_time.context("a time")?;
    ensure!((opened.seconds, opened.nanos) == (1_700_000_000, 1_000));
    let feeling = vec![choice("feeling", "calm")];
    let case = desk
        .advance(&case, action("done", "old/2", "agent", feeling))
        .await?;
    ensure!(place(&case) == "apologize");
    let request = v1::GetCaseRequest {
        case_id: case.case_id,
        reveal_sealed: true,
    };
    let shown = desk.cases.get_case(request).await?.into_inner();
    ensure!(shown.reference.as_deref() == Some("CRM-4711"));
    Ok(())
}

pub async fn an_offer_tells_enough_to_draw_its_form(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("form/1").await?;
    let here = case.place.clone().context("a place")?;
    ensure!(here.say == "Let them finish." && here.phases().eq([v1::Phase::Hear]));
    let names: Vec<&str> = case
        .offers
        .iter()
        .map(|offer| offer.name.as_str())
        .collect();
    ensure!(
        names == ["understood", "not_understood", "withdraw"],
        "{names:?}"
    );
    let understood = &case.offers[0];
    ensure!(understood.roles == ["agent"] && understood.targets == ["empathize"]);
    let story = understood
        .fields
        .iter()
        .find(|field| field.required)
        .context("a needed field")?;
    let field = story.field.as_ref().context("a field")?;
    ensure!(field.name == "story" && field.sealed && field.personal && !story.filled);
    let mut fields = understood
        .fields
        .iter()
        .filter_map(|field| field.field.as_ref());
    let booking = fields
        .find(|field| field.name == "code")
        .context("the code is asked")?;
    ensure!(booking.pattern == "[A-Z0-9]{6}" && booking.r#type() == v1::FieldType::Text);
    ensure!(case.offers[2].needs_reason && case.offers[2].kind() == OfferKind::AnywhereAction);

    let case = to_diagnose(&mut desk, "form").await?;
    let leaving = case
        .offers
        .iter()
        .find(|offer| offer.name == "found")
        .context("an offer")?;
    ensure!(
        leaving.needs_cause && leaving.blocked.len() == 1,
        "{leaving:?}"
    );
    ensure!(
        case.offers
            .iter()
            .any(|offer| offer.kind() == OfferKind::RecordCause)
    );
    Ok(())
}

pub async fn every_kind_of_answer_is_read_back(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("kinds").await?;
    let document = v1::Document {
        name: "ticket.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        sha256: "ab".repeat(32),
        location: "crm/4711".to_owned(),
    };
    let items = vec!["bag".to_owned(), "\u{202e}tah\u{200b}".to_owned()];
    let answers = vec![
        text("story", "Line one\nline two \u{202e}\u{200b}"),
        text("code", "ABC123"),
        choice("wish", "refund"),
        answer("guests", Kind::Number(9)),
        answer(
            "since",
            Kind::Date(v1::Date {
                year: 2026,
                month: 2,
                day: 28,
            }),
        ),
        answer("paper", Kind::Document(document)),
        answer("parts", Kind::List(v1::TextList { items })),
    ];
    let request = action("understood", "kinds/1", "agent", answers.clone());
    let case = desk.advance(&case, request).await?;
    let request = v1::GetCaseRequest {
        case_id: case.case_id,
        reveal_sealed: true,
    };
    let shown = desk.cases.get_case(request).await?.into_inner();
    let read: Vec<v1::Answer> = shown
        .answers
        .into_iter()
        .map(|answer| v1::Answer {
            field: answer.field,
            value: answer.value,
        })
        .collect();
    ensure!(read == answers, "{read:?}");
    Ok(())
}

pub async fn a_correction_and_a_note_are_kept(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("correct").await?;
    let answers = vec![text("story", "A story"), choice("wish", "refund")];
    let case = desk
        .advance(&case, action("understood", "correct/1", "agent", answers))
        .await?;
    let request = v1::CorrectAnswerRequest {
        request_id: "correct/2".to_owned(),
        actor: actor(ANA, "agent"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        field: "wish".to_owned(),
        value: choice("wish", "words").value,
        reason: "I misheard".to_owned(),
    };
    let case = desk
        .cases
        .correct_answer(request)
        .await?
        .into_inner()
        .case
        .context("a case")?;
    let request = v1::AddNoteRequest {
        request_id: "correct/3".to_owned(),
        actor: actor(ANA, "agent"),
        case_id: case.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        text: "She will call again".to_owned(),
    };
    desk.cases.add_note(request).await?;
    let request = v1::GetCaseRequest {
        case_id: case.case_id.clone(),
        reveal_sealed: false,
    };
    let shown = desk.cases.get_case(request).await?.into_inner();
    let wish = shown
        .answers
        .iter()
        .find(|answer| answer.field == "wish")
        .context("a wish")?;
    ensure!(
        wish.value == choice("wish", "words").value && wish.recording == 3,
        "{wish:?}"
    );
    ensure!(wish.person == ANA && wish.disclosure() == Disclosure::Plain);
    let request = v1::ListEntriesRequest {
        case_id: case.case_id,
        reveal_sealed: true,
        ..v1::ListEntriesRequest::default()
    };
    let entries = desk.cases.list_entries(request).await?.into_inner().entries;
    let note = entries
        .last()
        .context("an entry")?
        .sealed
        .first()
        .context("a sealed value")?;
    ensure!(note.label == "note" && note.value == br#"{"text":"She will call again"}"#);
    Ok(())
}

pub async fn a_sealed_value_is_shown_to_whoever_asks_and_stands_in_no_entry(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("sealed").await?;
    let story = "A story that nobody may find";
    let answers = vec![text("story", story)];
    let case = desk
        .advance(&case, action("understood", "sealed/1", "agent", answers))
        .await?;
    let mut request = v1::GetCaseRequest {
        case_id: case.case_id.clone(),
        reveal_sealed: false,
    };
    let shown = desk.cases.get_case(request.clone()).await?.into_inner();
    ensure!(shown.answers[0].disclosure() == Disclosure::Sealed);
    ensure!(shown.answers[0].value.is_none());
    request.reveal_sealed = true;
    let shown = desk.cases.get_case(request).await?.into_inner();
    ensure!(shown.answers[0].disclosure() == Disclosure::Revealed);
    ensure!(shown.answers[0].value == text("story", story).value);
    let request = v1::ListEntriesRequest {
        case_id: case.case_id,
        ..Default::default()
    };
    for entry in desk.cases.list_entries(request).await?.into_inner().entries {
        ensure!(entry.sealed.is_empty());
        ensure!(!String::from_utf8(entry.body)?.contains("nobody may find"));
    }
    Ok(())
}

pub async fn a_repeat_gets_the_same_answer_and_writes_nothing(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let first = desk.open("again").await?;
    ensure!(
        desk.open("again").await? == first,
        "the same request meets its own case"
    );
    let request = v1::AdvanceCaseRequest {
        case_id: first.case_id.clone(),
        ..action(
            "understood",
            "again/1",
            "agent",
            vec![text("story", "A story")],
        )
    };
    let done = desk.cases.advance_case(request.clone()).await?.into_inner();
    let later = action("done", "again/2", "agent", vec![choice("feeling", "calm")]);
    let case = done.case.clone().context("a case")?;
    desk.advance(&case, later).await?;
    let repeat = desk.cases.advance_case(request).await?.into_inner();
    let (first, second) = done.receipt.zip(repeat.receipt).context("receipts")?;
    ensure!(!first.repeated && second.repeated);
    ensure!(
        v1::Receipt {
            repeated: true,
            ..first
        } == second
    );
    ensure!(repeat.case == done.case, "the case as it stood then");
    let request = v1::ListEntriesRequest {
        case_id: case.case_id,
        ..Default::default()
    };
    ensure!(
        desk.cases
            .list_entries(request)
            .await?
            .into_inner()
            .entries
            .len()
            == 3
    );
    Ok(())
}

pub async fn another_request_under_a_used_id_is_refused(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("used").await?;
    let request = |story: &str, name: &str| v1::AdvanceCaseRequest {
        case_id: case.case_id.clone(),
        ..action(name, "used/1", "agent", vec![text("story", story)])
    };
    desk.cases
        .advance_case(request("A story", "understood"))
        .await?;
    for other in [
        request("Another story", "understood"),
        request("A story", "not_understood"),
    ] {
        let status = desk
            .cases
            .advance_case(other)
            .await
            .err()
            .context("another body")?;
        ensure!(
            code(&status) == "HB002" && status.code() == Code::InvalidArgument,
            "{status:?}"
        );
    }
    Ok(())
}

pub async fn validating_writes_nothing(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("only").await?;
    let request = v1::AdvanceCaseRequest {
        case_id: case.case_id.clone(),
        validate_only: true,
        ..action(
            "understood",
            "only/1",
            "agent",
            vec![text("story", "A story")],
        )
    };
    let answer = desk.cases.advance_case(request.clone()).await?.into_inner();
    ensure!(answer.receipt.is_none() && place(&answer.case.context("a case")?) == "empathize");
    let request = v1::AdvanceCaseRequest {
        validate_only: false,
        ..request
    };
    let answer = desk.cases.advance_case(request).await?.into_inner();
    let receipt = answer.receipt.context("a receipt")?;
    ensure!(receipt.revision == 2 && !receipt.repeated, "{receipt:?}");
    Ok(())
}
