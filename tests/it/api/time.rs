//! Deadlines, promises, surveys and the clock over the wire, on a clock that is moved by hand.

pub mod afterwards;
pub mod clock;

use anyhow::{Context as _, ensure};
use heard_engine::time::Timestamp;
use heard_proto::v1::{self, DeadlineState, IntervalReason};
use heard_tests::server::TestServer;
use tonic::Code;
use tonic_types::StatusExt as _;

use super::desk::{ANA, Desk, TOM, action, actor, answer, desk};
use super::way::place;
use super::{code, fields};

/// A workflow with everything that runs by itself.
pub const TIMED: &str = include_str!("timed.workflow.yaml");
/// When the clock of these tests begins: a Monday, 10:00 in Lisbon.
pub const MONDAY: &str = "2026-10-05T09:00:00Z";

const MARY: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7aa";
const HOUR: i64 = 60 * 60;

pub fn at(text: &str) -> prost_types::Timestamp {
    let at = Timestamp::parse(text).unwrap().micros();
    prost_types::Timestamp {
        seconds: at.div_euclid(1_000_000),
        nanos: i32::try_from(at.rem_euclid(1_000_000) * 1_000).unwrap(),
    }
}

pub fn deadline<'c>(case: &'c v1::Case, name: &str) -> anyhow::Result<&'c v1::Deadline> {
    let mut found = case.deadlines.iter().filter(|known| known.name == name);
    found.next().with_context(|| format!("{name} in {case:?}"))
}

async fn open(desk: &mut Desk, request_id: &str) -> anyhow::Result<v1::Case> {
    open_for(desk, request_id, Some(MARY)).await
}

pub async fn open_for(
    desk: &mut Desk,
    request_id: &str,
    customer: Option<&str>,
) -> anyhow::Result<v1::Case> {
    let request = v1::OpenCaseRequest {
        request_id: request_id.to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "timed".to_owned(),
        customer: customer.map(str::to_owned),
        ..v1::OpenCaseRequest::default()
    };
    let opened = desk.cases.open_case(request).await?.into_inner();
    opened.case.context("a case")
}

pub async fn take(desk: &mut Desk, case: &v1::Case, name: &str) -> anyhow::Result<v1::Case> {
    let request_id = format!("{name}-{}", case.revision);
    let request = action(name, &request_id, "agent", Vec::new());
    Ok(desk.advance(case, request).await?)
}

async fn now(desk: &mut Desk, case: &v1::Case) -> anyhow::Result<v1::Case> {
    let request = v1::GetCaseRequest {
        case_id: case.case_id.clone(),
        ..v1::GetCaseRequest::default()
    };
    let seen = desk.cases.get_case(request).await?.into_inner();
    seen.case.context("a case")
}

pub async fn set(desk: &mut Desk, time: &str) -> anyhow::Result<v1::SetClockResponse> {
    let time = Some(at(time));
    let request = v1::SetClockRequest { time };
    Ok(desk.clock.set_clock(request).await?.into_inner())
}

pub async fn explain(
    desk: &mut Desk,
    case: &v1::Case,
    name: &str,
) -> Result<v1::ExplainClockResponse, tonic::Status> {
    let request = v1::ExplainClockRequest {
        case_id: case.case_id.clone(),
        deadline: name.to_owned(),
        from_time: None,
    };
    Ok(desk.cases.explain_clock(request).await?.into_inner())
}

pub async fn deadlines_are_shown_and_fire_when_the_clock_comes_to_them(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = open(&mut desk, "open").await?;
    ensure!(case.customer.as_deref() == Some(MARY));
    let clock = deadline(&case, "clock/answer")?;
    ensure!(clock.state() == DeadlineState::Running && clock.kind() == v1::DeadlineKind::Clock);
    // Seven hours of Monday, eight of Tuesday, one of Wednesday.
    ensure!(
        clock.due_time == Some(at("2026-10-07T09:00:00Z")),
        "{clock:?}"
    );
    ensure!(clock.due_local.as_deref() == Some("2026-10-07T10:00:00+01:00"));
    ensure!(clock.time_zone == "Europe/Lisbon" && clock.calendar == "default");
    ensure!(clock.length == "2 working days" && clock.anchor_time == case.opened_time);
    ensure!(clock.roles == ["lead"] && clock.marks.len() == 1 && !clock.extended);
    let due = deadline(&case, "due/work")?;
    ensure!(due.due_time == Some(at("2026-10-05T14:00:00Z")), "{due:?}");
    ensure!(case.next_due_time == due.due_time);

    let quiet = set(&mut desk, "2026-10-05T13:59:59.999999Z").await?;
    ensure!(quiet.fired_count == 0, "{quiet:?}");
    ensure!(now(&mut desk, &case).await? == case, "nothing is due yet");
    let fired = set(&mut desk, "2026-10-05T16:00:00Z").await?;
    ensure!(
        (fired.fired_count, fired.failed_count) == (1, 0),
        "{fired:?}"
    );
    let clock = fired.clock.context("a clock")?;
    ensure!(clock.now_time == Some(at("2026-10-05T16:00:00Z")) && clock.r#virtual);
    ensure!(clock.next_due_time == Some(at("2026-10-07T09:00:00Z")) && clock.due_count == 0);
    let late = now(&mut desk, &case).await?;
    ensure!(late.revision == case.revision + 1);
    let due = deadline(&late, "due/work")?;
    ensure!(due.state() == DeadlineState::Late && due.late_time == due.due_time);
    ensure!(
        due.reached_marks.len() == 1 && due.marks.is_empty(),
        "{due:?}"
    );
    ensure!(
        late.updated_time == Some(at("2026-10-05T14:00:00Z")),
        "at its own minute"
    );

    let again = set(&mut desk, "2026-10-05T16:00:00Z").await?;
    ensure!(again.fired_count == 0, "{again:?}");
    Ok(())
}

pub async fn an_explanation_tells_every_time_and_why(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = open(&mut desk, "open").await?;
    set(&mut desk, "2026-10-05T12:00:00Z").await?;
    let told = explain(&mut desk, &case, "clock/answer").await?;
    let cuts: Vec<(&str, &str, bool, IntervalReason)> = told
        .intervals
        .iter()
        .map(|cut| (&*cut.from_local, &*cut.to_local, cut.counted, cut.reason()))
        .collect();
    let (ten, lunch) = ("2026-10-05T10:00:00+01:00", "2026-10-05T12:30:00+01:00");
    let one = "2026-10-05T13:00:00+01:00";
    let expected = [
        (ten, lunch, true, IntervalReason::Open),
        (lunch, one, false, IntervalReason::OutsideHours),
    ];
    ensure!(cuts == expected, "{cuts:?}");
    ensure!(told.intervals[0].from_time == Some(at(MONDAY)));
    let seconds = |length: Option<prost_types::Duration>| length.map(|length| length.seconds);
    ensure!(seconds(told.intervals[0].length) == Some(5 * HOUR / 2));
    ensure!(seconds(told.counted) == Some(5 * HOUR / 2), "{told:?}");
    ensure!(seconds(told.left) == Some(27 * HOUR / 2), "{told:?}");
    ensure!(told.until_time == Some(at("2026-10-05T12:00:00Z")) && !told.tz_version.is_empty());
    ensure!(told.next_from_time.is_none() && told.deadline.as_ref() == case.deadlines.first());

    set(&mut desk, "2026-10-05T15:00:00Z").await?;
    let late = explain(&mut desk, &case, "due/work").await?;
    ensure!(seconds(late.left) == Some(-HOUR), "{late:?}");

    let missing = explain(&mut desk, &case, "promise/call_back").await;
    let missing = missing.err().context("it was not made")?;
    ensure!(
        missing.code() == Code::NotFound && code(&missing) == "HC044",
        "{missing:?}"
    );
    ensure!(missing.message().contains("clock/answer"), "{missing:?}");
    let bad = v1::ExplainClockRequest {
        case_id: "Mary".to_owned(),
        deadline: "answer".to_owned(),
        from_time: None,
    };
    let bad = desk.cases.explain_clock(bad).await;
    let bad = bad.err().context("it names nothing")?;
    ensure!(fields(&bad) == ["case_id", "deadline"], "{bad:?}");
    Ok(())
}

pub async fn a_promise_is_renegotiated_with_consent(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = open(&mut desk, "open").await?;
    let case = take(&mut desk, &case, "promise").await?;
    let promise = deadline(&case, "promise/call_back")?;
    ensure!(
        promise.text == "We will call you back by 2026-10-06 10:00.",
        "{promise:?}"
    );

    let request = v1::RenegotiatePromiseRequest {
        request_id: "later".to_owned(),
        actor: actor(ANA, "agent"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        promise: "call_back".to_owned(),
        due_time: Some(at("2026-10-08T16:00:00Z")),
        consent: "Thursday suits her better".to_owned(),
    };
    let empty = v1::RenegotiatePromiseRequest {
        promise: String::new(),
        due_time: None,
        ..request.clone()
    };
    let past = v1::RenegotiatePromiseRequest {
        due_time: Some(at(MONDAY)),
        ..request.clone()
    };
    let silent = v1::RenegotiatePromiseRequest {
        consent: String::new(),
        ..request.clone()
    };
    let stale = v1::RenegotiatePromiseRequest {
        expected_revision: Some(1),
        ..request.clone()
    };
    for (wrong, expected, status) in [
        (empty, "HB001", Code::InvalidArgument),
        (silent, "HB004", Code::InvalidArgument),
        (past, "HC035", Code::FailedPrecondition),
        (stale, "HS001", Code::Aborted),
    ] {
        let no = desk.cases.renegotiate_promise(wrong).await;
        let no = no.err().context(expected)?;
        ensure!(code(&no) == expected && no.code() == status, "{no:?}");
    }
    ensure!(now(&mut desk, &case).await? == case, "nothing was written");

    let tried = v1::RenegotiatePromiseRequest {
        validate_only: true,
        ..request.clone()
    };
    let tried = desk.cases.renegotiate_promise(tried).await?.into_inner();
    ensure!(tried.receipt.is_none() && now(&mut desk, &case).await? == case);
    let first = desk.cases.renegotiate_promise(request.clone()).await?;
    let first = first.into_inner();
    let after = first.case.clone().context("a case")?;
    let promise = deadline(&after, "promise/call_back")?;
    ensure!(promise.due_local.as_deref() == Some("2026-10-08T17:00:00+01:00"));
    ensure!(
        promise.text == "We will call you back by 2026-10-08 17:00." && promise.length.is_empty()
    );
    let again = desk.cases.renegotiate_promise(request.clone()).await?;
    let again = again.into_inner().receipt.context("a receipt")?;
    let first = first.receipt.context("a receipt")?;
    ensure!(again.repeated && again.entry_sha256 == first.entry_sha256);

    let kept = take(&mut desk, &after, "called").await?;
    ensure!(deadline(&kept, "promise/call_back")?.verdict() == v1::Verdict::Kept);
    let owed = v1::RenegotiatePromiseRequest {
        request_id: "too late".to_owned(),
        expected_revision: None,
        ..request
    };
    let no = desk.cases.renegotiate_promise(owed).await;
    let no = no.err().context("it is kept")?;
    ensure!(code(&no) == "HC034", "{no:?}");
    Ok(())
}

pub async fn a_contact_of_the_customer_ends_a_pause(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = open(&mut desk, "open").await?;
    let case = take(&mut desk, &case, "ask").await?;
    let clock = deadline(&case, "clock/answer")?;
    ensure!(
        clock.state() == DeadlineState::Paused && clock.due_time.is_none(),
        "{clock:?}"
    );
    ensure!(clock.paused_since_time == case.updated_time && clock.marks.is_empty());
    set(&mut desk, "2026-10-05T11:00:00Z").await?;
    let told = explain(&mut desk, &case, "clock/answer").await?;
    let cut = told.intervals.last().context("an interval")?;
    ensure!(
        cut.reason() == IntervalReason::Paused && !cut.counted,
        "{told:?}"
    );
    ensure!(
        told.left.map(|left| left.seconds) == Some(16 * HOUR),
        "{told:?}"
    );

    let request = |id: &str, side: v1::ContactSide, case: &v1::Case| v1::RecordContactRequest {
        request_id: id.to_owned(),
        actor: actor(ANA, "agent"),
        case_id: case.case_id.clone(),
        expected_revision: Some(case.revision),
        validate_only: false,
        begun_by: side.into(),
        channel: Some("phone".to_owned()),
        occurred_time: Some(at("2026-10-05T10:55:00Z")),
    };
    let nobody = request("nobody", v1::ContactSide::Unspecified, &case);
    let no = desk.cases.record_contact(nobody).await;
    ensure!(fields(&no.err().context("nobody")?) == ["begun_by"]);
    let wordy = v1::RecordContactRequest {
        channel: Some("x".repeat(65)),
        ..request("wordy", v1::ContactSide::Us, &case)
    };
    let no = desk.cases.record_contact(wordy).await;
    ensure!(fields(&no.err().context("too long")?) == ["channel"]);
    ensure!(now(&mut desk, &case).await? == case, "nothing was written");

    let ours = request("ours", v1::ContactSide::Us, &case);
    let case = desk.cases.record_contact(ours).await?.into_inner().case;
    let case = case.context("a case")?;
    ensure!(deadline(&case, "clock/answer")?.state() == DeadlineState::Paused);
    let theirs = request("theirs", v1::ContactSide::Customer, &case);
    let after = desk.cases.record_contact(theirs.clone()).await?;
    let after = after.into_inner().case.context("a case")?;
    let clock = deadline(&after, "clock/answer")?;
    ensure!(
        clock.state() == DeadlineState::Running && clock.pauses.len() == 1,
        "{clock:?}"
    );
    // The two hours of the pause, both of them open.
    let moved = clock.due_local.as_deref();
    ensure!(moved == Some("2026-10-07T12:00:00+01:00"), "{clock:?}");
    ensure!(place(&after) == "waiting");
    let again = desk.cases.record_contact(theirs).await?.into_inner();
    ensure!(again.receipt.is_some_and(|receipt| receipt.repeated));
    Ok(())
}

pub async fn a_clock_is_extended_once(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = open(&mut desk, "open").await?;
    let request = v1::ExtendClockRequest {
        request_id: "extend".to_owned(),
        actor: actor(TOM, "lead"),
        case_id: case.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        clock: "answer".to_owned(),
        reason: Some("The expert is ill".to_owned()),
    };
    let agent = v1::ExtendClockRequest {
        actor: actor(ANA, "agent"),
        ..request.clone()
    };
    let unknown = v1::ExtendClockRequest {
        clock: "Answer!".to_owned(),
        ..request.clone()
    };
    for (wrong, expected) in [
        (agent, "HC005"),
        (unknown, "HB001"),
        (request.clone(), "HC007"),
    ] {
        let no = desk.cases.extend_clock(wrong).await;
        let no = no.err().context(expected)?;
        ensure!(code(&no) == expected, "{no:?}");
    }
    ensure!(now(&mut desk, &case).await? == case, "nothing was written");

    let letter = answer("letter", v1::value::Kind::YesNo(true));
    let sent = action("note", "letter", "agent", vec![letter]);
    let case = desk.advance(&case, sent).await?;
    let stale = v1::ExtendClockRequest {
        expected_revision: Some(1),
        ..request.clone()
    };
    let no = desk.cases.extend_clock(stale).await;
    ensure!(code(&no.err().context("an old revision")?) == "HS001");
    let after = desk.cases.extend_clock(request.clone()).await?;
    let after = after.into_inner().case.context("a case")?;
    let clock = deadline(&after, "clock/answer")?;
    ensure!(clock.extended && clock.length == "4 working days" && clock.roles.is_empty());
    ensure!(
        clock.due_time == Some(at("2026-10-09T09:00:00Z")),
        "{clock:?}"
    );
    ensure!(
        clock.anchor_time == case.opened_time,
        "from the same anchor"
    );
    let again = desk.cases.extend_clock(request.clone()).await?.into_inner();
    ensure!(again.receipt.is_some_and(|receipt| receipt.repeated));
    let twice = v1::ExtendClockRequest {
        request_id: "twice".to_owned(),
        ..request
    };
    let no = desk.cases.extend_clock(twice).await;
    let no = no.err().context("it was extended")?;
    ensure!(no.code() == Code::FailedPrecondition, "{no:?}");
    ensure!(no.get_error_details().precondition_failure().is_some());
    Ok(())
}
