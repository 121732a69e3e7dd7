//! The public ServiceNow incident log replays over gRPC on the embedded store.
//!
//! Data: "Incident management process enriched event log", C. Amaral, M. Fantinato, S. Peres, UCI
//! Machine Learning Repository; read from beside the project, skipped where it is not there.
//! First rows in another state than `New` come in by `ImportCase`, same-state rows are `update`
//! (of a closed case a note), `Closed` to `Active` is `ReopenCase`, all else is an advance.
//! The code a case is closed with is recorded as its root cause right before it is closed.

mod closed_codes;

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_tests::client::{Client, Who, actor, request_id};
use heard_tests::server::{TestServer, project_file, shared_data};
use heard_tests::{Trial, block_on, skippable, skipped};
use tonic::Status;

const LOG: &str = "servicenow-incidents/incident_event_log.csv.gz";
/// Cases that are replayed at the same time.
const AT_ONCE: usize = 64;
/// Who says what a closed case taught.
const QUALITY: Who<'_> = ("quality desk", "service_desk");
const DESK: Who<'_> = ("service desk", "service_desk");

pub fn trials() -> Vec<Trial> {
    vec![skippable(
        "incidents::the_public_log_replays_but_for_fourteen_cases",
        || match shared_data(LOG) {
            Ok(bytes) => block_on(replay(&bytes)).map(|()| None),
            Err(reason) => skipped("shared", reason),
        },
    )]
}

/// The first event of a case that was refused.
#[derive(Debug)]
struct Refused {
    case: String,
    row: usize,
    change: String,
    why: String,
}

#[derive(Debug, Default)]
struct Report {
    accepted: usize,
    causes: usize,
    imported: usize,
    events: usize,
    refused: Vec<Refused>,
}

async fn replay(gzip: &[u8]) -> anyhow::Result<()> {
    let cases = read(gzip)?;
    let rows: usize = cases.iter().map(|case| case.states.len()).sum();
    ensure!(
        (cases.len(), rows) == (20_769, 119_998),
        "the log is another one"
    );
    let workflow = project_file("tests/workflows/incident.workflow.yaml")?;
    let workflow = closed_codes::with_causes(&workflow, &cases)?;
    let log = cases.clone();
    let server = TestServer::start(&[&workflow]).await?;
    let queue = Arc::new(Mutex::new(cases.into_iter()));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let (queue, client) = (Arc::clone(&queue), server.client().await?);
        tasks.spawn(work(queue, client));
    }
    let mut report = Report::default();
    while let Some(part) = tasks.join_next().await {
        let part = part??;
        report.accepted += part.accepted;
        report.causes += part.causes;
        report.imported += part.imported;
        report.events += part.events;
        report.refused.extend(part.refused);
    }
    report.refused.sort_by(|a, b| a.case.cmp(&b.case));
    print(&report);
    ensure!(
        report.accepted == 20_755,
        "{} cases accepted",
        report.accepted
    );
    ensure!(
        report.refused.len() == 14,
        "{} cases refused",
        report.refused.len()
    );
    ensure!(
        report.imported == 7_386,
        "{} cases imported",
        report.imported
    );
    let rebuilt = server.app.rebuild(false).await?;
    ensure!(rebuilt.differences.is_empty(), "{:?}", rebuilt.differences);
    ensure!(
        rebuilt.cases == 20_769,
        "{} cases in the store",
        rebuilt.cases
    );
    ensure!(
        rebuilt.entries as usize == report.events + report.causes + 1,
        "{} entries",
        rebuilt.entries
    );
    crate::kpi::agrees(&server.app).await?;
    closed_codes::agree(&server, &log, &report.refused).await?;
    server.stop().await
}

fn print(report: &Report) {
    println!(
        "incident log (Amaral, Fantinato, Peres): {} cases accepted, {} refused; {} events, \
         {} cases imported",
        report.accepted,
        report.refused.len(),
        report.events,
        report.imported
    );
    for Refused {
        case,
        row,
        change,
        why,
    } in &report.refused
    {
        println!("  {case}, row {row}, {change}: {why}");
    }
}

/// A case of the log.
#[derive(Debug, Clone, Default)]
struct Logged {
    number: String,
    /// Its states, in the order of the file.
    states: Vec<String>,
    /// The code it was closed with; the same in all its rows.
    code: String,
}

/// Returns the cases, in the order of their numbers.
fn read(gzip: &[u8]) -> anyhow::Result<Vec<Logged>> {
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(gzip).read_to_end(&mut text)?;
    let mut reader = csv::Reader::from_reader(text.as_slice());
    let headers = reader.headers()?.clone();
    let column = |name: &str| {
        headers
            .iter()
            .position(|header| header == name)
            .context("a column")
    };
    let (number, state) = (column("number")?, column("incident_state")?);
    let code = column("closed_code")?;
    let mut cases: BTreeMap<String, Logged> = BTreeMap::new();
    for row in reader.records() {
        let row = row?;
        let case = cases.entry(row[number].to_owned()).or_default();
        row[number].clone_into(&mut case.number);
        row[code].clone_into(&mut case.code);
        case.states.push(
            row[state]
                .to_lowercase()
                .replace(' ', "_")
                .replace('-', "unknown_"),
        );
    }
    Ok(cases.into_values().collect())
}

type Queue = Arc<Mutex<std::vec::IntoIter<Logged>>>;

async fn work(queue: Queue, mut client: Client) -> anyhow::Result<Report> {
    let mut report = Report::default();
    loop {
        let next = queue.lock().expect("no other task panics").next();
        let Some(logged) = next else {
            return Ok(report);
        };
        report.imported += usize::from(logged.states.first().is_some_and(|state| state != "new"));
        match case(&mut client, &logged, &mut report).await? {
            None => report.accepted += 1,
            Some((row, change, why)) => {
                report.refused.push(Refused {
                    case: logged.number,
                    row,
                    change,
                    why,
                });
            }
        }
    }
}

/// Replays a case; returns its first refused row, if one is.
async fn case(
    client: &mut Client,
    logged: &Logged,
    report: &mut Report,
) -> anyhow::Result<Option<(usize, String, String)>> {
    let first = logged.states.first().context("a case has a row")?;
    let id = begin(client, first).await?;
    report.events += 1;
    let mut is_diagnosed = false;
    for (row, pair) in (2..).zip(logged.states.windows(2)) {
        let [from, to] = pair else { continue };
        if (from.as_str(), to.as_str()) == ("resolved", "closed") && !is_diagnosed {
            let name = closed_codes::name(&logged.code);
            let why = ["The desk closed it with this code."];
            let cause = (closed_codes::GROUP, name.as_str());
            client.record_cause(&id, QUALITY, cause, &why).await?;
            report.causes += 1;
            is_diagnosed = true;
        }
        match change(client, &id, from, to).await {
            Ok(()) => report.events += 1,
            Err(status) if status.code() == tonic::Code::FailedPrecondition => {
                return Ok(Some((
                    row,
                    format!("{from} to {to}"),
                    status.message().to_owned(),
                )));
            }
            Err(status) => return Err(status.into()),
        }
    }
    Ok(None)
}

async fn begin(client: &mut Client, state: &str) -> anyhow::Result<String> {
    if state == "new" {
        return Ok(client.open("incident", DESK).await?.case_id);
    }
    let request = v1::ImportCaseRequest {
        request_id: request_id(),
        actor: Some(actor(DESK)),
        workflow_id: "incident".to_owned(),
        step: state.to_owned(),
        opened_time: Some(prost_types::Timestamp {
            seconds: 1_456_700_000,
            nanos: 0,
        }),
        ..Default::default()
    };
    let case = client.case.import_case(request).await?.into_inner().case;
    Ok(case.context("an imported case")?.case_id)
}

async fn change(client: &mut Client, id: &str, from: &str, to: &str) -> Result<(), Status> {
    match (from, to) {
        ("closed", "closed") => {
            let note = v1::AddNoteRequest {
                request_id: request_id(),
                actor: Some(actor(DESK)),
                case_id: id.to_owned(),
                text: "Updated after closing.".to_owned(),
                ..Default::default()
            };
            client.case.add_note(note).await.map(drop)
        }
        ("closed", "active") => {
            let reopen = v1::ReopenCaseRequest {
                request_id: request_id(),
                actor: Some(actor(DESK)),
                case_id: id.to_owned(),
                reason: "The log shows it open again.".to_owned(),
                ..Default::default()
            };
            client.case.reopen_case(reopen).await.map(drop)
        }
        (from, to) if from == to => client.act(id, DESK, "update", &[]).await.map(drop),
        (_, to) => client
            .act(id, DESK, &format!("to_{to}"), &[])
            .await
            .map(drop),
    }
}
