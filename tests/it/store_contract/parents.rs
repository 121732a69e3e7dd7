//! The cases that belong to the systemic issue of one case.

use anyhow::ensure;
use heard_engine::workflow::CountsAs;
use heard_server::store::{Append, CaseFilter, Store as _};
use heard_tests::block_on;

use super::lists::cases;
use super::sqlite::{fill, made, open};
use super::{Subject, make};

fn child(number: u64, revision: u64, parent: Option<u64>) -> Append {
    let mut append = make::advance_case(number, revision, "hear");
    append.cases.first_mut().unwrap().parent = parent.map(make::case_id);
    append
}

fn of(parent: u64) -> CaseFilter {
    CaseFilter {
        parent: Some(make::case_id(parent)),
        ..CaseFilter::default()
    }
}

pub async fn children_are_listed_oldest_first_with_every_other_filter(
    subject: Subject,
) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let parents = [None, Some(1), Some(2), Some(1), None, Some(1), Some(1)];
    let opened = (1..)
        .zip(parents)
        .map(|(number, parent)| child(number, 1, parent));
    make::written(store.append(opened.collect()).await?)?;
    let mut closed = child(4, 2, Some(1));
    let row = closed.case.as_mut().unwrap();
    row.closed_as = Some(CountsAs::NotResolved);
    row.owes_cause = true;
    make::written(store.append(vec![closed].into()).await?)?;
    for (filter, expected) in [
        (of(1), &[2, 4, 6, 7][..]),
        (of(2), &[3]),
        (of(3), &[]),
        (of(99), &[]),
        (
            CaseFilter {
                is_closed: Some(false),
                ..of(1)
            },
            &[2, 6, 7],
        ),
        (
            CaseFilter {
                owes_cause: Some(true),
                ..of(1)
            },
            &[4],
        ),
        (
            CaseFilter {
                place: Some("nowhere".into()),
                ..of(1)
            },
            &[],
        ),
    ] {
        let found = cases(store, &filter).await?;
        ensure!(found == expected, "{filter:?}: {found:?}");
    }
    Ok(())
}

pub async fn a_case_moves_from_one_parent_to_another(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let steps: [(Append, [&[u64]; 2]); 5] = [
        (child(5, 1, None), [&[], &[]]),
        (child(5, 2, Some(1)), [&[5], &[]]),
        (child(5, 3, Some(1)), [&[5], &[]]),
        (child(5, 4, Some(2)), [&[], &[5]]),
        (child(5, 5, None), [&[], &[]]),
    ];
    for (append, expected) in steps {
        make::written(store.append(vec![append.clone()].into()).await?)?;
        for (parent, expected) in (1..).zip(expected) {
            let found = cases(store, &of(parent)).await?;
            ensure!(found == expected, "{append:?}: {found:?}");
        }
    }
    Ok(())
}

pub fn cases_of_format_4_have_no_parent() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    let before = block_on(async {
        let before = fill(&store).await?;
        store.close().await?;
        anyhow::Ok(before)
    })?;
    drop(store);
    let tool = rusqlite::Connection::open(&path)?;
    tool.execute_batch(
        "DROP INDEX head_parent;
         ALTER TABLE head DROP COLUMN parent;
         DELETE FROM migration WHERE number > 4;
         PRAGMA user_version = 4;",
    )?;
    drop(tool);
    let store = open(&path)?;
    ensure!(block_on(make::contents(&store))? == before);
    make::written(block_on(store.append(vec![child(7, 3, Some(1))].into()))?)?;
    let children = block_on(make::contents(&store))?.children;
    ensure!(children.len() == 1 && children[0].case == make::case_id(7));
    Ok(())
}
