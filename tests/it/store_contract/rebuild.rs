//! Derived rows replaced: the same as if they had been written one by one, or nothing changed.

use anyhow::ensure;
use heard_engine::id::{Position, Revision};
use heard_engine::workflow::CountsAs;
use heard_server::store::{CaseFilter, CauseFilter, Cursor, Derived, Error, Store};

use super::{Subject, make};

/// Three cases, one closed, with causes recorded in another order than the cases were opened.
async fn fill(store: &dyn Store) -> anyhow::Result<Vec<Derived>> {
    store.append((1..=3).map(make::open_case).collect()).await?;
    for (number, revision) in [(3, 2), (1, 2), (3, 3), (2, 2)] {
        let mut append = make::advance_case(number, revision, "diagnose");
        append
            .causes
            .push(make::cause(number, revision as u32 - 1, revision));
        for (place, minor) in [(0, 500), (1, -200)] {
            let booking = make::booking(number, revision, place, 7, revision as i64, minor);
            append.bookings.push(booking);
        }
        append.surveys.push(make::survey(number, revision, 7, 1));
        let row = append.cases.first_mut().unwrap();
        row.parent = (number > 1).then(|| make::case_id(1));
        if number == 3 {
            row.closed_as = Some(CountsAs::NotResolved);
            row.owes_cause = revision == 3;
        }
        make::written(store.append(vec![append].into()).await?)?;
    }
    make::written(store.append(vec![make::publish("a", 1, 1)].into()).await?)?;
    let mut derived = Vec::new();
    for case in store
        .cases(&CaseFilter::default(), Cursor(0), 100)
        .await?
        .rows
    {
        let filter = CauseFilter {
            case: Some(case.case),
            ..CauseFilter::default()
        };
        let causes = store.causes(&filter, Cursor(0), 100).await?.rows;
        let bookings = store.bookings(case.case).await?;
        let surveys = store.surveys(case.case).await?;
        derived.push(Derived {
            case,
            causes,
            bookings,
            surveys,
        });
    }
    derived.reverse();
    Ok(derived)
}

pub async fn rebuilt_rows_are_those_that_were_written(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let derived = fill(store).await?;
    let before = make::contents(store).await?;
    ensure!(before.causes.len() == 4 && before.cases.len() == 3 && before.children.len() == 2);
    ensure!(before.bookings.len() == 8 && before.surveys.len() == 4);
    store.replace_derived(derived).await?;
    ensure!(make::contents(store).await? == before);
    Ok(())
}

pub async fn rows_that_are_not_given_are_gone(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let mut derived = fill(store).await?;
    let log = make::contents(store).await?.log;
    derived.truncate(1);
    store.replace_derived(derived.clone()).await?;
    let after = make::contents(store).await?;
    ensure!(after.cases == [derived[0].case.clone()] && after.causes == derived[0].causes);
    ensure!(after.log == log && store.case(make::case_id(1)).await?.is_none());
    Ok(())
}

pub async fn rows_that_were_not_derived_change_nothing(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let derived = fill(store).await?;
    let before = make::contents(store).await?;
    let changes: [fn(&mut Vec<Derived>); 9] = [
        |rows| rows[1].case.revision = Revision(1),
        |rows| rows[1].case.position = Position(1),
        |rows| rows[1].case.head = make::hash(b"other"),
        |rows| rows[1].case.case = make::case_id(99),
        |rows| rows.push(rows[0].clone()),
        |rows| rows[1].causes[0].revision = Revision(9),
        |rows| rows[1].causes[0].case = make::case_id(1),
        |rows| rows[1].surveys[0].revision = Revision(9),
        |rows| rows[1].surveys[0].case = make::case_id(1),
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut wrong = derived.clone();
        change(&mut wrong);
        let answer = store.replace_derived(wrong).await;
        ensure!(
            matches!(answer, Err(Error::Data { .. })),
            "{number}: {answer:?}"
        );
        ensure!(make::contents(store).await? == before, "{number}");
    }
    Ok(())
}

pub async fn appends_go_on_after_a_rebuild(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let derived = fill(store).await?;
    store.replace_derived(derived).await?;
    let mut next = make::advance_case(2, 3, "resolve");
    next.causes.push(make::cause(2, 2, 3));
    let last = next.causes[0].clone();
    make::written(
        store
            .append(vec![next, make::publish("a", 2, 2)].into())
            .await?,
    )?;
    let causes = store
        .causes(&CauseFilter::default(), Cursor(0), 100)
        .await?
        .rows;
    ensure!(causes.last() == Some(&last));
    ensure!(store.case(make::case_id(2)).await?.unwrap().revision == Revision(3));
    Ok(())
}
