//! What is due: in the order of its time, in pages, and nothing else with it.

use anyhow::ensure;
use heard_engine::id::Revision;
use heard_server::store::{Append, CaseFilter, Cursor, Derived, DueRow, PAGE_ROWS_MAX};

use super::{Subject, make};
use make::at;

/// Opens a case that is due at an instant, or never.
fn open(number: u64, due_at: Option<i64>) -> Append {
    due(make::open_case(number), due_at)
}

fn due(mut append: Append, due_at: Option<i64>) -> Append {
    append.cases.first_mut().unwrap().due_at = due_at.map(at);
    append
}

/// The numbers that cases were made of, by their rows.
fn numbers(rows: &[DueRow]) -> Vec<u64> {
    let number = |row: &DueRow| {
        let is_it = |number: &u64| make::case_id(*number) == row.case;
        (0..10_000).find(is_it).unwrap()
    };
    rows.iter().map(number).collect()
}

pub async fn what_is_due_is_read_by_its_time_in_pages(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    ensure!(store.due(at(9), None, 10).await?.is_empty());
    ensure!(store.next_due(at(-9)).await?.is_none() && store.due_count(at(9), 9).await? == 0);
    let times = [
        (1, Some(5)),
        (2, None),
        (3, Some(-7)),
        (4, Some(5)),
        (5, Some(9)),
        (6, Some(5)),
    ];
    let batch = times.map(|(number, due_at)| open(number, due_at));
    store.append(batch.to_vec().into()).await?;
    for (until, expected) in [
        (-8, vec![]),
        (-7, vec![3]),
        (4, vec![3]),
        (5, vec![3, 1, 4, 6]),
        (9, vec![3, 1, 4, 6, 5]),
    ] {
        let rows = store.due(at(until), None, 100).await?;
        ensure!(numbers(&rows) == expected, "{until}: {rows:?}");
        for at_most in 0..6 {
            let counted = store.due_count(at(until), at_most).await?;
            ensure!(counted == expected.len().min(at_most), "{until} {at_most}");
        }
        // Pages of every length join without gap or overlap.
        for length in 1..6 {
            let (mut joined, mut after) = (Vec::new(), None);
            loop {
                let page = store.due(at(until), after, length).await?;
                ensure!(page.len() <= length);
                after = page.last().map(|row| row.place);
                joined.extend(page);
                if after.is_none() {
                    break;
                }
            }
            ensure!(joined == rows, "{until} {length}");
        }
    }
    for (after, next) in [
        (-9, Some(-7)),
        (-7, Some(5)),
        (5, Some(9)),
        (8, Some(9)),
        (9, None),
    ] {
        ensure!(store.next_due(at(after)).await? == next.map(at), "{after}");
    }
    let first = store.due(at(9), None, 1).await?.remove(0);
    ensure!(first.workflow == make::workflow("classic-heard", 2));
    ensure!(first.place.due_at == at(-7));
    Ok(())
}

pub async fn a_case_is_due_when_its_row_says_so_and_no_more(
    subject: Subject,
) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let many = PAGE_ROWS_MAX as u64 + 1;
    let batch = (1..=many).map(|number| open(number, Some(1)));
    store.append(batch.collect()).await?;
    ensure!(store.due(at(1), None, usize::MAX).await?.len() == PAGE_ROWS_MAX);
    let later = (1..many).map(|number| due(make::advance_case(number, 2, "hear"), Some(3)));
    store.append(later.collect()).await?;
    ensure!(numbers(&store.due(at(2), None, 10).await?) == [many]);
    let closed = |append: &mut Append| {
        let row = append.cases.first_mut().unwrap();
        row.closed_as = Some(heard_engine::workflow::CountsAs::Resolved);
    };
    // What is closed may have something due after it, or nothing any more.
    for (number, due_at) in [(1, None), (2, Some(2)), (many, None)] {
        let revision = if number == many { 2 } else { 3 };
        let mut append = due(make::advance_case(number, revision, "done"), due_at);
        closed(&mut append);
        make::written(store.append(vec![append].into()).await?)?;
    }
    ensure!(numbers(&store.due(at(2), None, 10).await?) == [2]);
    ensure!(store.due_count(at(3), usize::MAX).await? == PAGE_ROWS_MAX - 1);
    let row = store.case(make::case_id(3)).await?.unwrap();
    ensure!(row.due_at == Some(at(3)) && row.revision == Revision(2));
    // A conflict changes nothing of it.
    let conflict = due(make::advance_case(3, 2, "hear"), Some(1));
    store.append(vec![conflict].into()).await?;
    ensure!(store.due(at(1), None, 10).await?.is_empty());
    Ok(())
}

pub async fn what_is_due_is_made_again_by_a_rebuild(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let batch = [open(1, Some(5)), open(2, Some(4)), open(3, None)];
    store.append(batch.to_vec().into()).await?;
    let before = make::contents(store).await?;
    let cases = store.cases(&CaseFilter::default(), Cursor(0), 10).await?;
    let mut derived: Vec<Derived> = cases
        .rows
        .into_iter()
        .map(|case| Derived {
            case,
            causes: Vec::new(),
            bookings: Vec::new(),
            surveys: Vec::new(),
        })
        .collect();
    store.replace_derived(derived.clone()).await?;
    ensure!(make::contents(store).await? == before);
    derived[0].case.due_at = None;
    derived[2].case.due_at = Some(at(1));
    store.replace_derived(derived).await?;
    ensure!(numbers(&store.due(at(9), None, 10).await?) == [3, 2]);
    make::written(
        store
            .append(vec![due(make::advance_case(2, 2, "x"), None)].into())
            .await?,
    )?;
    ensure!(numbers(&store.due(at(9), None, 10).await?) == [3]);
    Ok(())
}
