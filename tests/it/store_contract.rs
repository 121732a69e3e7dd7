//! What every store does, whichever it is: the same tests run on each, and a model beside them.

mod due;
mod hold;
mod lists;
pub mod make;
mod merged;
mod model;
mod parents;
mod rebuild;
mod sqlite;

use std::future::Future;
use std::pin::Pin;

use anyhow::ensure;
use heard_engine::entry::StreamName;
use heard_engine::id::{Position, Revision};
use heard_engine::time::Timestamp;
use heard_server::store::memory::Memory;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{Append, Appended, CaseFilter, Cursor, Error, PAGE_ROWS_MAX, Store};
use heard_tests::{Trial, async_trial};

/// A store under test, with the folder it lies in.
pub struct Subject {
    pub store: Box<dyn Store>,
    _folder: Option<tempfile::TempDir>,
}

type Test = fn(Subject) -> Pin<Box<dyn Future<Output = anyhow::Result<()>>>>;

macro_rules! tests {
    ($($(#[$meta:meta])* $test:path,)+) => {
        [$((stringify!($test), (|subject| Box::pin($test(subject))) as Test),)+]
    };
}

pub fn trials() -> Vec<Trial> {
    let mut trials = contract("memory", || Subject {
        store: Box::new(Memory::new(make::identity())),
        _folder: None,
    });
    trials.extend(contract("sqlite", || {
        let folder = tempfile::tempdir().unwrap();
        let store = Sqlite::open(&folder.path().join("heard.db"), make::identity).unwrap();
        Subject {
            store: Box::new(store),
            _folder: Some(folder),
        }
    }));
    trials.extend(model::trials());
    trials.extend(sqlite::trials());
    trials
}

/// Makes a trial of every test of the contract on one kind of store.
pub fn contract(kind: &str, make: fn() -> Subject) -> Vec<Trial> {
    let tests = tests![
        what_was_appended_is_read_back_byte_for_byte,
        positions_are_given_in_order_without_a_gap,
        a_conflict_leaves_nothing,
        an_append_of_several_entries_is_written_whole_or_not,
        a_misfit_refuses_the_batch_and_leaves_nothing,
        sealed_values_lie_beside_their_entries,
        a_page_of_entries_begins_after_its_revision,
        a_page_has_at_most_its_rows,
        a_long_stream_is_loaded_whole,
        a_read_sees_what_was_written_before_it_began,
        a_probe_leaves_nothing,
        a_closed_store_refuses_every_call,
        lists::the_row_of_a_case_is_the_newest,
        lists::cases_are_listed_by_every_filter,
        merged::a_merged_case_is_in_neither_list,
        lists::pages_of_cases_join_without_gap_or_overlap,
        lists::a_case_moves_between_open_and_closed_lists,
        parents::children_are_listed_oldest_first_with_every_other_filter,
        parents::a_case_moves_from_one_parent_to_another,
        lists::causes_are_listed_oldest_first_by_every_filter,
        lists::a_cause_that_changes_keeps_its_place_and_one_recorded_anew_goes_last,
        lists::what_a_person_gave_is_added_up,
        lists::what_a_customer_was_sent_is_counted,
        lists::the_highest_version_of_a_workflow_is_found,
        lists::workflows_are_listed_by_id_and_version_without_their_bytes,
        lists::a_workflow_version_is_published_once,
        due::what_is_due_is_read_by_its_time_in_pages,
        due::a_case_is_due_when_its_row_says_so_and_no_more,
        due::what_is_due_is_made_again_by_a_rebuild,
        hold::why_time_is_held_is_kept_until_another_is,
        rebuild::rebuilt_rows_are_those_that_were_written,
        rebuild::rows_that_are_not_given_are_gone,
        rebuild::rows_that_were_not_derived_change_nothing,
        rebuild::appends_go_on_after_a_rebuild,
    ];
    let trial = |(name, test): (&str, Test)| {
        async_trial(format!("store_contract::{kind}::{name}"), move || {
            test(make())
        })
    };
    tests.into_iter().map(trial).collect()
}

async fn what_was_appended_is_read_back_byte_for_byte(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    ensure!(*store.identity() == make::identity());
    let bytes: Vec<u8> = (0..=255).collect();
    for stream in [
        make::stream(1),
        StreamName::Store,
        make::workflow_stream("a-b"),
    ] {
        for (revision, bytes) in [(1, vec![]), (2, bytes.clone()), (3, vec![0; 32 * 1024])] {
            let append = make::append([make::entry(&stream, revision, bytes)]);
            make::written(store.append(vec![append].into()).await?)?;
        }
    }
    let streams = [StreamName::Store, make::stream(9), make::stream(1)];
    let loaded = store.load(&streams).await?;
    ensure!(loaded.len() == 3 && loaded[1].is_empty());
    for (stream, loaded) in streams
        .iter()
        .zip([&loaded[0], &[], &loaded[2]] as [&[_]; 3])
    {
        ensure!(store.entries(stream, Revision(0), 10).await? == loaded);
        for entry in loaded {
            let written = make::entry(stream, entry.revision.0, entry.bytes.clone());
            ensure!((written.revision, written.hash) == (entry.revision, entry.hash));
        }
    }
    ensure!(loaded[0][1].bytes == bytes && loaded[0][2].bytes == vec![0; 32 * 1024]);
    let scanned = store.scan(Position(0), 100).await?;
    let of_store = scanned
        .iter()
        .filter(|(stream, _)| *stream == StreamName::Store);
    ensure!(of_store.map(|(_, entry)| entry).eq(&loaded[0]));
    Ok(())
}

async fn positions_are_given_in_order_without_a_gap(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let pair = make::append([make::opening(1), make::opening(2)]);
    let answers = store
        .append(vec![pair, make::append([make::opening(3)])].into())
        .await?;
    let expected = [vec![Position(1), Position(2)], vec![Position(3)]];
    ensure!(answers == expected.map(Appended::Written));
    // A conflict in the middle of a batch takes no position.
    let batch = vec![
        make::append([make::opening(4)]),
        make::append([make::opening(1)]),
        make::append([make::opening(5)]),
    ];
    let answers = store.append(batch.into()).await?;
    let expected = [
        Appended::Written(vec![Position(4)]),
        Appended::Conflict,
        Appended::Written(vec![Position(5)]),
    ];
    ensure!(answers == expected);
    let positions = store.scan(Position(0), 100).await?;
    let positions: Vec<u64> = positions
        .iter()
        .map(|(_, entry)| entry.position.0)
        .collect();
    ensure!(positions == [1, 2, 3, 4, 5]);
    ensure!(store.gauges().position == Position(5));
    Ok(())
}

async fn a_conflict_leaves_nothing(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    make::written(store.append(vec![make::open_case(1)].into()).await?)?;
    let before = make::contents(store.as_ref()).await?;
    for revision in [1, 3, 4, u64::from(u32::MAX)] {
        let mut late = make::advance_case(1, revision, "resolve");
        late.sealed
            .push(make::sealed(&make::stream(1), revision, 7));
        late.causes.push(make::cause(1, 1, revision));
        late.surveys.push(make::survey(1, revision, 7, 1));
        ensure!(
            store.append(vec![late].into()).await? == [Appended::Conflict],
            "{revision}"
        );
    }
    ensure!(
        store
            .append(vec![make::advance_case(2, 2, "hear")].into())
            .await?
            == [Appended::Conflict]
    );
    ensure!(make::contents(store.as_ref()).await? == before);
    make::written(
        store
            .append(vec![make::advance_case(1, 2, "resolve")].into())
            .await?,
    )?;
    Ok(())
}

async fn an_append_of_several_entries_is_written_whole_or_not(
    subject: Subject,
) -> anyhow::Result<()> {
    let store = &subject.store;
    make::written(store.append(vec![make::open_case(2)].into()).await?)?;
    let before = make::contents(store.as_ref()).await?;
    let mut both = make::open_case(1);
    both.add(make::open_case(3));
    // The first of these entries would fit; the last does not.
    let mut all = both.clone();
    all.add(make::open_case(2));
    ensure!(store.append(vec![all].into()).await? == [Appended::Conflict]);
    ensure!(make::contents(store.as_ref()).await? == before);
    let positions = make::written(store.append(vec![both].into()).await?)?;
    ensure!(positions == [Position(2), Position(3)]);
    for number in [1, 3] {
        ensure!(store.load(&[make::stream(number)]).await?[0].len() == 1);
        ensure!(store.sealed(&make::stream(number), None).await?.len() == 1);
        ensure!(store.case(make::case_id(number)).await?.is_some());
    }
    Ok(())
}

async fn a_misfit_refuses_the_batch_and_leaves_nothing(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    make::written(store.append(vec![make::open_case(1)].into()).await?)?;
    let before = make::contents(store.as_ref()).await?;
    let misfits: [fn(&mut Append); 13] = [
        |append| append.entries.clear(),
        |append| append.entries.push(append.entries[0].clone()),
        |append| append.entries[0].revision = Revision(0),
        |append| append.sealed.push(make::sealed(&make::stream(9), 2, 0)),
        |append| append.sealed = vec![make::sealed(&make::stream(1), 2, 0); 2],
        |append| append.cases.first_mut().unwrap().revision = Revision(1),
        |append| append.causes.push(make::cause(1, 1, 1)),
        |append| append.causes.push(make::cause(1, 1, 3)),
        |append| append.bookings = vec![make::booking(1, 1, 0, 7, 1, 1)],
        |append| append.bookings = vec![make::booking(1, 2, 0, 7, 1, 1); 2],
        |append| append.surveys = vec![make::survey(1, 1, 7, 1)],
        |append| append.surveys = vec![make::survey(1, 2, 7, 1); 2],
        |append| append.workflow = Some(make::workflow_row("a", 1)),
    ];
    for (number, misfit) in misfits.into_iter().enumerate() {
        let mut append = make::advance_case(1, 2, "resolve");
        misfit(&mut append);
        let answer = store.append(vec![make::open_case(2), append].into()).await;
        ensure!(
            matches!(answer, Err(Error::Data { .. })),
            "{number}: {answer:?}"
        );
        ensure!(make::contents(store.as_ref()).await? == before, "{number}");
    }
    let twice = vec![make::advance_case(1, 2, "a"), make::advance_case(1, 3, "b")];
    ensure!(matches!(
        store.append(twice.into()).await,
        Err(Error::Data { .. })
    ));
    ensure!(make::contents(store.as_ref()).await? == before);
    Ok(())
}

async fn sealed_values_lie_beside_their_entries(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let stream = make::stream(1);
    let mut rows = Vec::new();
    for revision in 1..=3 {
        let mut append = make::append([make::entry(&stream, revision, vec![])]);
        for place in [2, 0, 300] {
            append.sealed.push(make::sealed(&stream, revision, place));
        }
        append.sealed[0].value = vec![b'x'; 64 * 1024];
        rows.extend(append.sealed.clone());
        make::written(store.append(vec![append].into()).await?)?;
    }
    rows.sort_by_key(|row| (row.revision, row.place));
    ensure!(store.sealed(&stream, None).await? == rows);
    ensure!(store.sealed(&stream, Some(Revision(2))).await? == rows[3..6]);
    ensure!(store.sealed(&stream, Some(Revision(4))).await?.is_empty());
    ensure!(store.sealed(&make::stream(2), None).await?.is_empty());
    Ok(())
}

async fn a_page_of_entries_begins_after_its_revision(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let stream = make::stream(1);
    for revision in 1..=7 {
        let other = make::append([make::entry(&StreamName::Store, revision, vec![])]);
        let append = make::append([make::entry(&stream, revision, vec![])]);
        make::written(store.append(vec![append, other].into()).await?)?;
    }
    for after in 0..=8 {
        for rows in 0..=8 {
            let page = store
                .entries(&stream, Revision(after), rows as usize)
                .await?;
            let found: Vec<u64> = page.iter().map(|entry| entry.revision.0).collect();
            let expected: Vec<u64> = (1..=7)
                .filter(|n| *n > after && *n <= after + rows)
                .collect();
            ensure!(found == expected, "{after} {rows}: {found:?}");
        }
    }
    ensure!(
        store
            .entries(&stream, Revision(u64::MAX), 9)
            .await?
            .is_empty()
    );
    ensure!(store.scan(Position(u64::MAX), 9).await?.is_empty());
    ensure!(store.scan(Position(14), 9).await?.is_empty());
    ensure!(store.scan(Position(12), 1).await?[0].1.position == Position(13));
    Ok(())
}

async fn a_page_has_at_most_its_rows(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let many = PAGE_ROWS_MAX as u64 + 1;
    let batch = (1..=many).map(make::open_case).collect();
    ensure!(store.append(batch).await?.len() == PAGE_ROWS_MAX + 1);
    ensure!(store.scan(Position(0), usize::MAX).await?.len() == PAGE_ROWS_MAX);
    let filter = CaseFilter::default();
    let page = store.cases(&filter, Cursor(0), usize::MAX).await?;
    ensure!(page.rows.len() == PAGE_ROWS_MAX && page.next.is_some());
    let rest = store.cases(&filter, page.next.unwrap(), usize::MAX).await?;
    ensure!(rest.rows.len() == 1 && rest.next.is_none());
    let none = store.cases(&filter, Cursor(0), 0).await?;
    ensure!(none.rows.is_empty() && none.next == Some(Cursor(0)));
    ensure!(
        store
            .cases(&filter, Cursor(u64::MAX), 5)
            .await?
            .rows
            .is_empty()
    );
    Ok(())
}

async fn a_long_stream_is_loaded_whole(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let many = 2 * PAGE_ROWS_MAX as u64 + 3;
    for revision in 1..=many {
        let append = make::append([make::entry(&StreamName::Store, revision, vec![7])]);
        make::written(store.append(vec![append].into()).await?)?;
    }
    let loaded = store.load(&[StreamName::Store]).await?.remove(0);
    ensure!(loaded.iter().map(|entry| entry.revision.0).eq(1..=many));
    let page = store
        .entries(&StreamName::Store, Revision(1), usize::MAX)
        .await?;
    ensure!(page == loaded[1..=PAGE_ROWS_MAX]);
    Ok(())
}

async fn a_read_sees_what_was_written_before_it_began(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    for number in 1..=100 {
        make::written(store.append(vec![make::open_case(number)].into()).await?)?;
        let case = store.case(make::case_id(number)).await?;
        ensure!(case.map(|row| row.position) == Some(Position(number)));
        ensure!(store.load(&[make::stream(number)]).await?[0].len() == 1);
    }
    Ok(())
}

async fn a_probe_leaves_nothing(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    make::written(store.append(vec![make::open_case(1)].into()).await?)?;
    let before = make::contents(store.as_ref()).await?;
    store.probe().await?;
    store.probe().await?;
    ensure!(make::contents(store.as_ref()).await? == before);
    make::written(store.append(vec![make::open_case(2)].into()).await?)?;
    Ok(())
}

async fn a_closed_store_refuses_every_call(subject: Subject) -> anyhow::Result<()> {
    fn refused<T>(answer: Result<T, Error>) -> anyhow::Result<()> {
        ensure!(matches!(answer, Err(Error::Unavailable { .. })));
        Ok(())
    }
    let store = &subject.store;
    make::written(store.append(vec![make::open_case(1)].into()).await?)?;
    store.close().await?;
    let stream = make::stream(1);
    refused(store.append(vec![make::open_case(2)].into()).await)?;
    refused(store.load(std::slice::from_ref(&stream)).await)?;
    refused(store.entries(&stream, Revision(0), 1).await)?;
    refused(store.scan(Position(0), 1).await)?;
    refused(store.sealed(&stream, None).await)?;
    refused(store.case(make::case_id(1)).await)?;
    refused(store.cases(&CaseFilter::default(), Cursor(0), 1).await)?;
    refused(store.due(Timestamp::default(), None, 1).await)?;
    refused(store.next_due(Timestamp::default()).await)?;
    refused(store.due_count(Timestamp::default(), 1).await)?;
    refused(store.workflows(Cursor(0), 1).await)?;
    refused(store.replace_derived(vec![]).await)?;
    refused(store.hold().await)?;
    refused(store.keep_hold(None).await)?;
    refused(store.probe().await)?;
    refused(store.close().await)?;
    ensure!(*store.identity() == make::identity());
    Ok(())
}
