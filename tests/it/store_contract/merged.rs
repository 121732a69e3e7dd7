//! Cases that were merged into another.

use anyhow::ensure;
use heard_server::store::{Append, CaseFilter};

use super::lists::cases;
use super::{Subject, make};

/// Merges a case into another.
fn merged(number: u64, revision: u64, into: u64) -> Append {
    let mut append = make::advance_case(number, revision, &make::case_id(into).to_string());
    append.cases.first_mut().unwrap().is_merged = true;
    append
}

pub async fn a_merged_case_is_in_neither_list(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    store.append((1..=3).map(make::open_case).collect()).await?;
    make::written(store.append(vec![merged(2, 2, 3)].into()).await?)?;
    let is = |is_closed| CaseFilter {
        is_closed,
        ..CaseFilter::default()
    };
    for (filter, expected) in [
        (is(None), &[1, 2, 3][..]),
        (is(Some(false)), &[1, 3]),
        (is(Some(true)), &[]),
        (
            CaseFilter {
                place: Some(make::case_id(3).to_string()),
                ..CaseFilter::default()
            },
            &[2],
        ),
    ] {
        ensure!(cases(store, &filter).await? == expected, "{filter:?}");
    }
    let row = store.case(make::case_id(2)).await?;
    ensure!(row.is_some_and(|row| row.is_merged && row.closed_as.is_none()));
    Ok(())
}
