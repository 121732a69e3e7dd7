//! The codes with which the public log closes its cases, as root causes: the Pareto that is
//! reported of them, against one counted from the rows of the file.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_proto::v1::learning_service_client::LearningServiceClient;
use heard_proto::v1::pareto_row::Of;
use heard_tests::server::TestServer;

use super::{Logged, Refused};

/// The group of the causes.
pub(super) const GROUP: &str = "closed_code";

/// Returns the name of the cause of a code, such as `code_6`; `none` where the log has none.
pub(super) fn name(code: &str) -> String {
    match code {
        "?" => "none".to_owned(),
        code => code.replace(' ', "_"),
    }
}

/// Returns the workflow with the codes of the log as causes, recorded before a case is closed.
pub(super) fn with_causes(workflow: &[u8], cases: &[Logged]) -> anyhow::Result<Vec<u8>> {
    const RESOLVED: &str = "phase: follow_up\n    title: Resolved";
    let mut yaml = String::from_utf8(workflow.to_vec())?;
    ensure!(yaml.contains(RESOLVED), "the workflow has a step resolved");
    yaml = yaml.replace(
        RESOLVED,
        &RESOLVED.replace("follow_up", "[follow_up, diagnose]"),
    );
    yaml.push_str("\ncauses:\n  whys: 0\n  categories:\n    closed_code:\n");
    let codes: BTreeSet<&str> = cases.iter().map(|case| case.code.as_str()).collect();
    for code in codes {
        yaml.push_str(&format!("      {}: \"closed with {code}\"\n", name(code)));
    }
    Ok(yaml.into_bytes())
}

/// Checks what is reported against a count of the cases that the rows of the file leave closed.
pub(super) async fn agree(
    server: &TestServer,
    log: &[Logged],
    refused: &[Refused],
) -> anyhow::Result<()> {
    // The row that was refused did not happen, and none after it was tried.
    let ends: BTreeMap<&str, usize> = refused
        .iter()
        .map(|refused| (refused.case.as_str(), refused.row - 1))
        .collect();
    let mut counted: BTreeMap<String, u64> = BTreeMap::new();
    for case in log {
        let rows = ends.get(case.number.as_str()).copied();
        let happened = &case.states[..rows.unwrap_or(case.states.len())];
        if happened.last().is_some_and(|state| state == "closed") {
            *counted.entry(name(&case.code)).or_default() += 1;
        }
    }
    let mut counted: Vec<(String, u64)> = counted.into_iter().collect();
    counted.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));

    let begun = Instant::now();
    let mut learning = LearningServiceClient::connect(server.address.clone()).await?;
    let answer = learning.get_pareto(v1::GetParetoRequest::default()).await?;
    let answer = answer.into_inner();
    println!("the Pareto took {} ms", begun.elapsed().as_millis());
    let pareto = answer.pareto.context("a Pareto")?;
    let total = counted.iter().map(|(_, cases)| cases).sum();
    ensure!(pareto.total == total, "{} of {total}", pareto.total);
    let closed = answer.closed.context("the cases closed")?;
    ensure!(closed.total == total, "{} closed of {total}", closed.total);
    ensure!(pareto.rows.len() == counted.len() && pareto.rest.is_none());
    let mut above = 0;
    for (row, (code, cases)) in pareto.rows.iter().zip(&counted) {
        let Some(Of::Cause(of)) = &row.of else {
            anyhow::bail!("{row:?} is of no cause");
        };
        let cause = of.cause.as_ref().context("a cause")?;
        ensure!(
            (cause.group.as_str(), &cause.name) == (GROUP, code),
            "{cause:?} is not {code}"
        );
        above += cases;
        let tally = row.tally.as_ref().context("a tally")?;
        let of = |met: u64| v1::Share {
            met,
            of: total,
            per_mille: u32::try_from((met * 2_000 + total) / (total * 2)).ok(),
        };
        ensure!(tally.weight == *cases, "{tally:?} of {code}");
        ensure!(tally.share == Some(of(*cases)), "{tally:?} of {code}");
        ensure!(tally.cumulative == Some(of(above)), "{tally:?} of {code}");
        let named = tally.cases.as_ref().context("the cases")?;
        ensure!(named.total == *cases && named.case_ids.len() as u64 == 100.min(*cases));
    }
    let first: Vec<Option<u32>> = pareto
        .rows
        .iter()
        .take(3)
        .map(|row| row.tally.as_ref()?.cumulative?.per_mille)
        .collect();
    println!("the first three codes make up {first:?} thousandths of {total} cases");
    // As anybody counts it from the public file: 60.2 %, 78.1 %, 87.3 %.
    ensure!(first == [Some(602), Some(781), Some(873)], "{first:?}");
    Ok(())
}
