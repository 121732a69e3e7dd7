//! The six cases of the public airline compensation log go through the airline workflow over gRPC.
//!
//! The traces are those of the "running example" of process mining (W. van der Aalst, *Process
//! Mining*): who did what, in which order. Steps of H.E.A.R.D. that the log does not know are done
//! by people of ours in between.

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_tests::client::{Client, Who, advance, choice, money, text};
use heard_tests::server::{TestServer, project_file};
use heard_tests::{Trial, async_trial};

use heard_proto::v1::advance_case_request::Act;
use heard_proto::v1::value::Kind;

pub fn trials() -> Vec<Trial> {
    vec![
        async_trial("airline::six_of_six_public_cases_run_through", six_cases),
        async_trial(
            "airline::the_fourth_reinitiation_leads_to_rejection",
            used_up,
        ),
    ]
}

#[derive(Debug, Clone, Copy)]
pub enum Did {
    Register,
    Casually,
    Thoroughly,
    Check,
    Decide,
    Again,
    Pay,
    Reject,
}

use Did::{Again, Casually, Check, Decide, Pay, Register, Reject, Thoroughly};

/// The traces of cases 1 to 6: who did what, in the order of the log.
pub const TRACES: [&[(&str, Did)]; 6] = [
    &[
        ("Pete", Register),
        ("Sue", Thoroughly),
        ("Mike", Check),
        ("Sara", Decide),
        ("Pete", Reject),
    ],
    &[
        ("Mike", Register),
        ("Mike", Check),
        ("Sean", Casually),
        ("Sara", Decide),
        ("Ellen", Pay),
    ],
    &[
        ("Pete", Register),
        ("Mike", Casually),
        ("Ellen", Check),
        ("Sara", Decide),
        ("Sara", Again),
        ("Sean", Thoroughly),
        ("Pete", Check),
        ("Sara", Decide),
        ("Ellen", Pay),
    ],
    &[
        ("Pete", Register),
        ("Mike", Check),
        ("Sean", Thoroughly),
        ("Sara", Decide),
        ("Ellen", Reject),
    ],
    &[
        ("Ellen", Register),
        ("Mike", Casually),
        ("Pete", Check),
        ("Sara", Decide),
        ("Sara", Again),
        ("Ellen", Check),
        ("Mike", Casually),
        ("Sara", Decide),
        ("Sara", Again),
        ("Sue", Casually),
        ("Pete", Check),
        ("Sara", Decide),
        ("Mike", Reject),
    ],
    &[
        ("Mike", Register),
        ("Ellen", Casually),
        ("Mike", Check),
        ("Sara", Decide),
        ("Mike", Pay),
    ],
];

async fn six_cases() -> anyhow::Result<()> {
    let workflow = project_file("workflows/airline-compensation.workflow.yaml")?;
    let server = TestServer::start(&[&workflow]).await?;
    let mut client = server.client().await?;
    let mut accepted = 0;
    for (number, trace) in (1..).zip(TRACES) {
        let case = walk(&mut client, trace)
            .await
            .with_context(|| format!("case {number}"))?;
        let paid = trace.iter().any(|(_, did)| matches!(did, Pay));
        let place = case.place.context("the case has a place")?;
        ensure!(
            place.name == if paid { "paid" } else { "rejected" },
            "case {number} is {place:?}"
        );
        // Steps entered: four, the payment decision, each round again twice, and the diagnosis.
        let rounds = trace.iter().filter(|(_, did)| matches!(did, Again)).count();
        ensure!(
            case.visit as usize == 7 + 3 * rounds,
            "case {number} has {} visits",
            case.visit
        );
        accepted += 1;
    }
    println!(
        "airline log: {accepted} of {} cases run through",
        TRACES.len()
    );
    server.stop().await
}

async fn used_up() -> anyhow::Result<()> {
    let workflow = project_file("workflows/airline-compensation.workflow.yaml")?;
    let server = TestServer::start(&[&workflow]).await?;
    let mut client = server.client().await?;
    let round = [
        ("Mike", Check),
        ("Sue", Casually),
        ("Sara", Decide),
        ("Sara", Again),
    ];
    let trace: Vec<(&str, Did)> = std::iter::once(("Pete", Register))
        .chain(round.repeat(4))
        .collect();
    let case = steps(&mut client, &trace).await?;
    let place = case.place.context("the case has a place")?;
    ensure!(place.name == "diagnose_rejected", "{place:?}");
    server.stop().await
}

pub async fn walk(client: &mut Client, trace: &[(&str, Did)]) -> anyhow::Result<v1::Case> {
    let case = steps(client, trace).await?;
    let expert = ("Sara", "expert");
    // Whoever decided the case does not propose its cause.
    let other = ("Nora", "expert");
    let whys = ["the inbound aircraft was late", "its crew was out of hours"];
    client
        .record_cause(&case.case_id, other, ("crew", "out_of_hours"), &whys)
        .await?;
    let mut close = advance(&case.case_id, expert, Act::Action("done".into()), &[]);
    close.reason = Some("The claim was examined and decided.".into());
    Ok(client.advance(close).await?)
}

/// Walks a trace up to the diagnosis.
async fn steps(client: &mut Client, trace: &[(&str, Did)]) -> anyhow::Result<v1::Case> {
    let mut case = v1::Case::default();
    for (place, (name, did)) in trace.iter().enumerate() {
        let id = case.case_id.clone();
        let clerk = (*name, "clerk");
        case = match did {
            Register => register(client, clerk).await?,
            Casually => examine(client, &id, name, "casually").await?,
            Thoroughly => examine(client, &id, name, "thoroughly").await?,
            Check => {
                client
                    .task(
                        &id,
                        clerk,
                        "check_ticket",
                        &[("ticket_valid", Kind::YesNo(true))],
                    )
                    .await?
            }
            Decide => decide(client, &id, (*name, "expert"), &trace[place + 1..]).await?,
            Again => {
                client
                    .act(&id, (*name, "expert"), "reinitiate", &[])
                    .await?
            }
            Pay => {
                client
                    .act(&id, clerk, "pay", &[("compensation", money(9_500, "EUR"))])
                    .await?
            }
            Reject => client.act(&id, clerk, "reject", &[]).await?,
        };
    }
    Ok(case)
}

async fn register(client: &mut Client, clerk: Who<'_>) -> anyhow::Result<v1::Case> {
    let case = client.open("airline-compensation", clerk).await?;
    let answers = [
        (
            "story",
            text("We stood at the gate for six hours and nobody told us why."),
        ),
        ("booking_code", text("AB12CD")),
        ("claim", money(60_000, "EUR")),
    ];
    client.act(&case.case_id, clerk, "done", &answers).await?;
    client.act(&case.case_id, clerk, "done", &[]).await?;
    let apology = [(
        "apology",
        text("We are sorry that we left you waiting without a word."),
    )];
    Ok(client.act(&case.case_id, clerk, "done", &apology).await?)
}

async fn examine(client: &mut Client, id: &str, name: &str, how: &str) -> anyhow::Result<v1::Case> {
    let answers = [("thoroughness", choice(how))];
    Ok(client
        .task(id, (name, "expert"), "examine", &answers)
        .await?)
}

async fn decide(
    client: &mut Client,
    id: &str,
    expert: Who<'_>,
    rest: &[(&str, Did)],
) -> anyhow::Result<v1::Case> {
    let decision = match rest.first() {
        Some((_, Pay)) => "pay",
        Some((_, Again)) => "examine_again",
        Some(_) | None => "reject",
    };
    let grounds = text("The delay was above the limit and not caused by the weather.");
    Ok(client
        .act(
            id,
            expert,
            "done",
            &[("decision", choice(decision)), ("grounds", grounds)],
        )
        .await?)
}
