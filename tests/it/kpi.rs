//! Reports over real histories, held against a second computation from the raw JSON of the entries.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use heard_engine::id::Revision;
use heard_engine::measure::{Period, Summary};
use heard_proto::v1;
use heard_proto::v1::figure::Value;
use heard_proto::v1::report_service_client::ReportServiceClient;
use heard_server::app::{App, Asked};
use heard_server::store::{CaseFilter, Cursor, PAGE_ROWS_MAX};
use heard_tests::server::{TestServer, project_file};
use heard_tests::{Trial, async_trial};
use serde_json::Value as Json;

use crate::airline::{TRACES, walk};
use crate::cli::process::Desk;

pub fn trials() -> Vec<Trial> {
    vec![async_trial(
        "kpi::the_public_airline_cases_are_reported_as_a_script_counts_them",
        airline,
    )]
}

async fn airline() -> anyhow::Result<()> {
    let workflow = project_file("workflows/airline-compensation.workflow.yaml")?;
    let server = TestServer::start(&[&workflow]).await?;
    let mut client = server.client().await?;
    for trace in TRACES {
        walk(&mut client, trace).await?;
    }
    agrees(&server.app).await?;
    let mut reports = ReportServiceClient::connect(server.address.clone()).await?;
    let request = v1::GetKpiRequest {
        period: v1::KpiPeriod::Month.into(),
        ..Default::default()
    };
    let kpi = reports.get_kpi(request).await?.into_inner();
    let first = kpi.figures.first().context("there are figures")?;
    // Three of the six were paid; the log is known for it.
    let rate = v1::Share {
        met: 3,
        of: 6,
        per_mille: Some(500),
    };
    ensure!(first.name == "resolution_rate", "{first:?}");
    ensure!(first.value == Some(Value::Share(rate)), "{first:?}");
    ensure!(kpi.by_workflow.len() == 1 && kpi.imported.is_none());
    ensure!(
        (1..=2).contains(&kpi.by_period.len()),
        "{:?}",
        kpi.by_period
    );
    let address = server.address.clone();
    let ended = tokio::task::spawn_blocking(move || {
        let arguments = ["report", "kpi", "--format", "csv", "--server", &address];
        Desk::without_workflows()?.run(&arguments)
    });
    let ended = ended.await??;
    ensure!(ended.exit == 0, "{}", ended.err);
    let line = "all,,,,resolution_rate,,,3,6,500,,,,,,";
    ensure!(ended.out.lines().any(|l| l == line), "{}", ended.out);
    server.stop().await
}

/// What a script counts that knows nothing of the engine.
#[derive(Debug, Default)]
struct Counted {
    received: u64,
    imported: u64,
    closed: u64,
    resolved: u64,
    closings: u64,
    reopenings: u64,
    /// From receipt to the closing in force, of cases resolved, in microseconds.
    took: Vec<i64>,
    /// The sum of all visits, by case and step, of cases closed.
    in_step: BTreeMap<String, Vec<i64>>,
}

/// Checks the report of everything in the store against a computation of its own.
pub async fn agrees(app: &App) -> anyhow::Result<()> {
    let mut counted = Counted::default();
    let mut next = Some(Cursor::default());
    while let Some(after) = next {
        let page = app
            .cases(&CaseFilter::default(), after, PAGE_ROWS_MAX)
            .await?;
        for row in &page.rows {
            let entries = app.entries(row.case, Revision(0), PAGE_ROWS_MAX).await?;
            ensure!(entries.len() < PAGE_ROWS_MAX, "a long case");
            let entries = entries
                .iter()
                .map(|entry| serde_json::from_slice(&entry.bytes));
            counted.case(&entries.collect::<Result<Vec<Json>, _>>()?)?;
        }
        next = page.next;
    }
    let asked = Asked {
        period: Period::Week,
        ..Asked::default()
    };
    let report = app.report(&asked).await?;
    let (total, imported) = (report.total(), report.imported());
    ensure!(total.received == counted.received, "{counted:?}");
    ensure!(imported.received == counted.imported);
    let rate = total.resolved();
    ensure!(
        (rate.met, rate.of) == (counted.resolved, counted.closed),
        "{rate:?}"
    );
    let reopened = total.reopened;
    ensure!(
        (reopened.met, reopened.of) == (counted.reopenings, counted.closings),
        "{reopened:?}"
    );
    let took = summary(&mut counted.took);
    ensure!(total.final_resolution.wall.summary() == took, "{took:?}");
    // None of these workflows has a calendar that closes.
    ensure!(total.final_resolution.working.summary() == took);
    ensure!(total.steps.len() == counted.in_step.len());
    for (step, times) in &total.steps {
        let own = counted.in_step.get_mut(step.as_str()).context("a step")?;
        ensure!(times.wall.summary() == summary(own), "{step}");
    }
    println!(
        "report: {} of {} cases resolved, median {} µs; {} imported",
        rate.met,
        rate.of,
        took.map_or(0, |took| took.median),
        imported.received
    );
    Ok(())
}

impl Counted {
    fn case(&mut self, entries: &[Json]) -> anyhow::Result<()> {
        let first = &entries.first().context("an entry")?["events"][0];
        if first.get("case_imported.v1").is_some() {
            self.imported += 1;
            return Ok(());
        }
        self.received += 1;
        let opened = first["case_opened.v1"]["opened_at"]
            .as_i64()
            .context("opened_at")?;
        let (mut last, mut visit, mut steps) = (None, None, BTreeMap::new());
        for entry in entries {
            let at = entry["at"].as_i64().context("at")?;
            for event in entry["events"].as_array().context("events")? {
                let (tag, event) = event
                    .as_object()
                    .and_then(|e| e.iter().next())
                    .context("tag")?;
                let leaves = tag == "step_entered.v1" || tag == "case_closed.v1";
                if leaves && let Some((step, since)) = visit.take() {
                    *steps.entry(step).or_insert(0) += at - since;
                }
                match tag.as_str() {
                    "step_entered.v1" => {
                        visit = Some((event["step"].as_str().context("step")?.to_owned(), at));
                    }
                    "case_closed.v1" => {
                        self.closings += 1;
                        last = Some((at, event["counts_as"] == "resolved"));
                    }
                    "case_reopened.v1" => {
                        self.reopenings += 1;
                        last = None;
                    }
                    _ => {}
                }
            }
        }
        let Some((at, is_resolved)) = last else {
            return Ok(());
        };
        self.closed += 1;
        for (step, took) in steps {
            self.in_step.entry(step).or_default().push(took);
        }
        if is_resolved {
            self.resolved += 1;
            self.took.push(at - opened);
        }
        Ok(())
    }
}

/// Sorts, and takes the number at each place.
fn summary(numbers: &mut [i64]) -> Option<Summary> {
    numbers.sort_unstable();
    let count = numbers.len();
    let at = |percent: usize| numbers.get((count * percent).div_ceil(100).checked_sub(1)?);
    let (median, p90) = (*at(50)?, *at(90)?);
    let (total, count) = (numbers.iter().sum::<i64>(), i64::try_from(count).ok()?);
    // All are lengths, so the half is rounded up.
    let mean = (total + count / 2) / count;
    let count = u64::try_from(count).ok()?;
    Some(Summary {
        count,
        mean,
        median,
        p90,
    })
}
