//! Cases with something due, written into a store beside the application.

use anyhow::Context as _;
use heard_engine::id::{CaseId, StepName};
use heard_server::store::{Append, Cursor, Store};
use heard_tests::forged::Forge;

use super::world::START;
use crate::store_contract::make::{self, at};

/// A second, in microseconds.
pub const SECOND: i64 = 1_000_000;

/// Writes cases numbered from one on, each with a clock whose marks are so many seconds after
/// [`START`]. The workflow must have been published.
pub async fn cases(
    store: &dyn Store,
    numbers: std::ops::Range<u64>,
    seconds: impl Fn(u64) -> Vec<i64>,
) -> anyhow::Result<Vec<CaseId>> {
    let published = store.workflows(Cursor::default(), 1).await?.rows;
    let forge = Forge {
        identity: store.identity().clone(),
        workflow: published.first().context("a workflow")?.workflow.clone(),
        step: StepName::new("here")?,
        opened_at: at(START),
    };
    let forged = |number| {
        let mark = |seconds| at(START + seconds * SECOND);
        let marks: Vec<_> = seconds(number).into_iter().map(mark).collect();
        forge.case(make::case_id(number), &marks)
    };
    let appends = numbers.clone().map(forged);
    let appends = appends.collect::<anyhow::Result<Vec<Append>>>()?;
    for batch in appends.chunks(500) {
        make::written(store.append(batch.to_vec().into()).await?)?;
    }
    Ok(numbers.map(make::case_id).collect())
}

/// Writes cases with nothing due into a store whose gate is closed. Nothing else may be under way.
pub async fn cases_beside(
    double: &super::double::Double,
    numbers: std::ops::Range<u64>,
) -> anyhow::Result<Vec<CaseId>> {
    double.let_through(((numbers.end - numbers.start) as usize).div_ceil(500));
    let cases = cases(double, numbers, |_| vec![1_000_000]).await?;
    double.batches.lock().unwrap().clear();
    Ok(cases)
}
