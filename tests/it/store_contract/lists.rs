//! Lists of every store: filters, pages, and what a row holds.

use anyhow::ensure;
use heard_engine::case::CauseStatus;
use heard_engine::id::{LimitName, Position, Revision, SurveyName, Version, WorkflowId};
use heard_engine::money::Currency;
use heard_engine::workflow::CountsAs;
use heard_server::store::{
    Append, CaseFilter, CauseFilter, CauseRow, Cursor, Error, GivenFilter, Store, StoredEntry,
    SurveyFilter, WorkflowRow,
};

use super::{Subject, make};

pub async fn the_row_of_a_case_is_the_newest(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    ensure!(store.case(make::case_id(1)).await?.is_none());
    make::written(
        store
            .append(vec![make::open_case(1), make::open_case(2)].into())
            .await?,
    )?;
    let mut last = make::advance_case(1, 2, "apologize");
    make::written(store.append(vec![last.clone()].into()).await?)?;
    let mut expected = last.case.clone().unwrap();
    expected.position = Position(3);
    ensure!(store.case(make::case_id(1)).await? == Some(expected.clone()));
    // An entry without a row moves the head of the row that is there.
    last = make::append([make::entry(&make::stream(1), 3, b"note".to_vec())]);
    make::written(store.append(vec![last.clone()].into()).await?)?;
    expected.revision = Revision(3);
    expected.head = last.entries[0].hash;
    expected.position = Position(4);
    ensure!(store.case(make::case_id(1)).await? == Some(expected));
    // A stream without a row is no case in a list.
    make::written(
        store
            .append(vec![make::append([make::opening(9)])].into())
            .await?,
    )?;
    ensure!(store.case(make::case_id(9)).await?.is_none());
    ensure!(cases(store.as_ref(), &CaseFilter::default()).await? == [1, 2]);
    Ok(())
}

/// Closes a case so.
fn closed(number: u64, revision: u64, closed_as: CountsAs, owes_cause: bool) -> Append {
    let mut append = make::advance_case(number, revision, closed_as.as_str());
    let row = append.cases.first_mut().unwrap();
    row.closed_as = Some(closed_as);
    row.owes_cause = owes_cause;
    append
}

/// The numbers of the cases of a filter, read in pages of two.
pub async fn cases(store: &dyn Store, filter: &CaseFilter) -> anyhow::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    let mut after = Cursor::default();
    loop {
        let page = store.cases(filter, after, 2).await?;
        ensure!(page.rows.len() <= 2);
        ensure!(page.next.is_none() || page.rows.len() == 2);
        for row in &page.rows {
            ensure!(store.case(row.case).await?.as_ref() == Some(row));
            numbers.push(row.case.uuid().as_u128() as u64);
        }
        match page.next {
            Some(next) => after = next,
            None => return Ok(numbers),
        }
    }
}

pub async fn cases_are_listed_by_every_filter(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    store.append((1..=8).map(make::open_case).collect()).await?;
    let batch = vec![
        make::advance_case(2, 2, "apologize"),
        closed(3, 2, CountsAs::Resolved, false),
        closed(4, 2, CountsAs::NotResolved, true),
        closed(5, 2, CountsAs::Withdrawn, true),
        closed(8, 2, CountsAs::Referred, false),
    ];
    make::written(store.append(batch.into()).await?)?;
    make::written(
        store
            .append(vec![make::publish("other", 1, 1)].into())
            .await?,
    )?;
    let place = |place: &str| CaseFilter {
        place: Some(place.into()),
        ..CaseFilter::default()
    };
    let is = |is_closed, owes_cause| CaseFilter {
        is_closed,
        owes_cause,
        ..CaseFilter::default()
    };
    let of = |id| CaseFilter {
        workflow: Some(WorkflowId::new(id).unwrap()),
        ..CaseFilter::default()
    };
    for (filter, expected) in [
        (CaseFilter::default(), &[1, 2, 3, 4, 5, 6, 7, 8][..]),
        (place("hear"), &[1, 6, 7]),
        (place("apologize"), &[2]),
        (place("resolved"), &[3]),
        (place("nowhere"), &[]),
        (is(Some(false), None), &[1, 2, 6, 7]),
        (is(Some(true), None), &[3, 4, 5, 8]),
        (is(None, Some(true)), &[4, 5]),
        (is(None, Some(false)), &[1, 2, 3, 6, 7, 8]),
        (is(Some(true), Some(false)), &[3, 8]),
        (is(Some(false), Some(true)), &[]),
        (of("classic-heard"), &[1, 2, 3, 4, 5, 6, 7, 8]),
        (of("other"), &[]),
        (
            CaseFilter {
                is_closed: Some(false),
                ..place("hear")
            },
            &[1, 6, 7],
        ),
    ] {
        let found = cases(store, &filter).await?;
        ensure!(found == expected, "{filter:?}: {found:?}");
    }
    Ok(())
}

pub async fn pages_of_cases_join_without_gap_or_overlap(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    // More cases than a store looks at in one step, with one at each end that is asked for.
    let many = 10_000;
    for first in (1..=many).step_by(1_000) {
        store
            .append((first..first + 1_000).map(make::open_case).collect())
            .await?;
    }
    store
        .append(
            vec![
                make::advance_case(1, 2, "rare"),
                make::advance_case(many, 2, "rare"),
            ]
            .into(),
        )
        .await?;
    let rare = CaseFilter {
        place: Some("rare".into()),
        ..CaseFilter::default()
    };
    ensure!(cases(store, &rare).await? == [1, many]);
    let first = store.cases(&rare, Cursor(0), 1).await?;
    ensure!(first.rows.len() == 1 && first.next.is_some());
    let second = store.cases(&rare, first.next.unwrap(), 1).await?;
    ensure!(second.rows.len() == 1 && second.next.is_none());
    let mut after = Some(Cursor(0));
    let mut found = Vec::new();
    while let Some(cursor) = after {
        let page = store.cases(&CaseFilter::default(), cursor, 777).await?;
        found.extend(page.rows.iter().map(|row| row.case.uuid().as_u128() as u64));
        after = page.next;
    }
    ensure!(found == (1..=many).collect::<Vec<u64>>());
    Ok(())
}

pub async fn a_case_moves_between_open_and_closed_lists(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    let is = |is_closed, owes_cause| CaseFilter {
        is_closed,
        owes_cause,
        ..CaseFilter::default()
    };
    let steps: [(Append, [&[u64]; 3]); 6] = [
        (make::open_case(1), [&[1], &[], &[]]),
        (closed(1, 2, CountsAs::NotResolved, true), [&[], &[1], &[1]]),
        (closed(1, 3, CountsAs::NotResolved, false), [&[], &[1], &[]]),
        (make::advance_case(1, 4, "resolve"), [&[1], &[], &[]]),
        (make::advance_case(1, 5, "diagnose"), [&[1], &[], &[]]),
        (closed(1, 6, CountsAs::Resolved, false), [&[], &[1], &[]]),
    ];
    for (append, [open, closed, owing]) in steps {
        make::written(store.append(vec![append.clone()].into()).await?)?;
        ensure!(
            cases(store, &is(Some(false), None)).await? == open,
            "{append:?}"
        );
        ensure!(
            cases(store, &is(Some(true), None)).await? == closed,
            "{append:?}"
        );
        ensure!(
            cases(store, &is(None, Some(true))).await? == owing,
            "{append:?}"
        );
    }
    Ok(())
}

pub async fn causes_are_listed_oldest_first_by_every_filter(
    subject: Subject,
) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    store.append((1..=4).map(make::open_case).collect()).await?;
    let mut rows = Vec::new();
    for (number, revision) in [(3, 2), (1, 2), (3, 3), (2, 2), (1, 3)] {
        let mut append = make::advance_case(number, revision, "diagnose");
        append
            .causes
            .push(make::cause(number, revision as u32 - 1, revision));
        if (number, revision) == (2, 2) {
            append.causes[0].workflow = make::workflow("other", 1);
        }
        rows.extend(append.causes.clone());
        make::written(store.append(vec![append].into()).await?)?;
    }
    let pick = |indexes: &[usize]| indexes.iter().map(|n| rows[*n].clone()).collect::<Vec<_>>();
    let of = |number| CauseFilter {
        case: Some(make::case_id(number)),
        ..CauseFilter::default()
    };
    let other = CauseFilter {
        workflow: Some(WorkflowId::new("other").unwrap()),
        ..CauseFilter::default()
    };
    let handover = CauseFilter {
        cause: Some(make::cause(2, 1, 1).cause),
        ..CauseFilter::default()
    };
    let reviewed = CauseFilter {
        status: Some(CauseStatus::UnderReview),
        ..CauseFilter::default()
    };
    let due = |before| CauseFilter {
        due_before: Some(make::at(before)),
        ..CauseFilter::default()
    };
    for (filter, expected) in [
        (CauseFilter::default(), &[0, 1, 2, 3, 4][..]),
        (reviewed, &[2, 4]),
        (due(3), &[2, 4]),
        (due(2), &[]),
        (of(1), &[1, 4]),
        (of(3), &[0, 2]),
        (of(4), &[]),
        (of(99), &[]),
        (other, &[3]),
        (handover, &[3]),
    ] {
        let mut found = Vec::new();
        let mut after = Some(Cursor(0));
        while let Some(cursor) = after {
            let page = store.causes(&filter, cursor, 1).await?;
            found.extend(page.rows);
            after = page.next;
        }
        ensure!(found == pick(expected), "{filter:?}");
    }
    Ok(())
}

pub async fn a_cause_that_changes_keeps_its_place_and_one_recorded_anew_goes_last(
    subject: Subject,
) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    store.append((1..=2).map(make::open_case).collect()).await?;
    let recorded = [make::cause(1, 1, 2), make::cause(2, 1, 2)];
    for (number, row) in (1..).zip(&recorded) {
        let mut append = make::advance_case(number, 2, "diagnose");
        append.causes.push(row.clone());
        make::written(store.append(vec![append].into()).await?)?;
    }
    let reviewed = CauseRow {
        status: CauseStatus::Accepted,
        cause: make::cause(2, 1, 2).cause,
        due_at: Some(make::at(9)),
        ..recorded[0].clone()
    };
    let mut append = make::advance_case(1, 3, "diagnose");
    append.causes.push(reviewed.clone());
    make::written(store.append(vec![append].into()).await?)?;
    let all = CauseFilter::default();
    let listed = || store.causes(&all, Cursor(0), 10);
    ensure!(listed().await?.rows == [reviewed, recorded[1].clone()]);

    let anew = make::cause(1, 1, 4);
    let mut append = make::advance_case(1, 4, "diagnose");
    append.causes.push(anew.clone());
    make::written(store.append(vec![append].into()).await?)?;
    let both = [recorded[1].clone(), anew];
    ensure!(listed().await?.rows == both);

    // One that was recorded by an earlier entry than is known is not there to change.
    let mut append = make::advance_case(1, 5, "diagnose");
    append.causes.push(make::cause(1, 1, 2));
    let answer = store.append(vec![append].into()).await;
    ensure!(matches!(answer, Err(Error::Data { .. })), "{answer:?}");
    ensure!(listed().await?.rows == both);
    Ok(())
}

pub async fn what_a_person_gave_is_added_up(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let mut appends = vec![make::open_case(1), make::open_case(2)];
    appends[0].bookings = vec![
        make::booking(1, 1, 0, 7, 3, 1_000),
        make::booking(1, 1, 1, 7, 4, 200),
        make::booking(1, 1, 2, 8, 4, 30),
    ];
    appends[1].bookings = vec![
        make::booking(2, 1, 0, 7, 4, 4),
        make::booking(2, 1, 1, 7, 4, -200),
    ];
    let mut other = make::booking(2, 1, 2, 7, 4, 50_000);
    other.limit = LimitName::new("other").unwrap();
    let mut foreign = make::booking(2, 1, 3, 7, 4, 60_000);
    foreign.amount.currency = Currency::parse("USD").unwrap();
    let mut elsewhere = make::booking(2, 1, 4, 7, 4, 70_000);
    elsewhere.workflow = WorkflowId::new("elsewhere").unwrap();
    appends[1].bookings.extend([other, foreign, elsewhere]);
    let booked = [appends[0].bookings.clone(), appends[1].bookings.clone()];
    make::written(store.append(appends.into()).await?)?;

    let asked = |person, day| {
        let row = make::booking(1, 1, 0, person, day, 0);
        GivenFilter {
            workflow: row.workflow,
            limit: row.limit,
            person: row.person,
            currency: row.amount.currency,
            since: row.booked_at,
        }
    };
    let filters = [
        asked(7, 0),
        asked(7, 3),
        asked(7, 4),
        asked(7, 5),
        asked(8, 0),
        asked(9, 0),
    ];
    ensure!(store.given(&filters).await? == [1_004, 1_004, 4, 0, 30, 0]);
    ensure!(store.given(&[]).await?.is_empty());
    ensure!(store.bookings(make::case_id(1)).await? == booked[0]);
    ensure!(store.bookings(make::case_id(2)).await? == booked[1]);
    ensure!(store.bookings(make::case_id(3)).await?.is_empty());
    Ok(())
}

/// Of every count but one something differs: the customer, the survey, the workflow, the time.
pub async fn what_a_customer_was_sent_is_counted(subject: Subject) -> anyhow::Result<()> {
    let store = &subject.store;
    let mut appends = vec![make::open_case(1), make::open_case(2), make::open_case(3)];
    let mut other = make::survey(1, 1, 7, 5);
    other.survey = SurveyName::new("other").unwrap();
    let mut elsewhere = make::survey(3, 1, 7, 5);
    elsewhere.workflow = WorkflowId::new("elsewhere").unwrap();
    appends[0].surveys = vec![make::survey(1, 1, 7, 3), other];
    appends[1].surveys = vec![make::survey(2, 1, 8, 4)];
    appends[2].surveys = vec![elsewhere];
    let sent = appends[0].surveys.clone();
    make::written(store.append(appends.into()).await?)?;
    let mut second = make::advance_case(2, 2, "resolve");
    second.surveys = vec![make::survey(2, 2, 7, 4)];
    make::written(store.append(vec![second].into()).await?)?;
    // What sends nothing writes nothing, and a conflict neither.
    let calm = make::advance_case(3, 2, "resolve");
    let mut late = make::advance_case(1, 3, "resolve");
    late.surveys = vec![make::survey(1, 3, 7, 9)];
    store.append(vec![calm, late].into()).await?;

    let asked = |customer, micros| {
        let row = make::survey(1, 1, customer, micros);
        SurveyFilter {
            workflow: row.workflow,
            survey: row.survey,
            customer: row.customer,
            since: row.sent_at,
        }
    };
    let filters = [(7, 0), (7, 3), (7, 4), (7, 5), (8, 4), (9, 0)];
    let filters = filters.map(|(customer, micros)| asked(customer, micros));
    ensure!(store.surveyed(&filters).await? == [2, 2, 1, 0, 1, 0]);
    ensure!(store.surveyed(&[]).await?.is_empty());
    ensure!(store.surveys(make::case_id(1)).await? == sent);
    ensure!(store.surveys(make::case_id(2)).await?.len() == 2);
    ensure!(store.surveys(make::case_id(3)).await?.len() == 1);
    ensure!(store.surveys(make::case_id(4)).await?.is_empty());
    Ok(())
}

pub async fn the_highest_version_of_a_workflow_is_found(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    for (revision, version) in [(1, 1), (2, 10), (3, 9)] {
        make::written(
            store
                .append(vec![make::publish("a", revision, version)].into())
                .await?,
        )?;
    }
    make::written(
        store
            .append(vec![make::publish("a-b", 1, 11)].into())
            .await?,
    )?;
    let id = WorkflowId::new("a").unwrap();
    ensure!(store.workflow(&id, None).await? == Some(make::workflow_row("a", 10)));
    let ninth = store.workflow(&id, Some(Version(9))).await?;
    ensure!(ninth == Some(make::workflow_row("a", 9)));
    ensure!(store.workflow(&id, Some(Version(2))).await?.is_none());
    let unknown = WorkflowId::new("b").unwrap();
    ensure!(store.workflow(&unknown, None).await?.is_none());
    let entries: Vec<StoredEntry> = store.load(&[make::workflow_stream("a")]).await?.remove(0);
    ensure!(entries.len() == 3);
    Ok(())
}

pub async fn workflows_are_listed_by_id_and_version_without_their_bytes(
    subject: Subject,
) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    for (id, revision, version) in [
        ("b", 1, 2),
        ("a", 1, 10),
        ("a", 2, 9),
        ("c", 1, 1),
        ("b", 2, 1),
    ] {
        make::written(
            store
                .append(vec![make::publish(id, revision, version)].into())
                .await?,
        )?;
    }
    let expected = [("a", 9), ("a", 10), ("b", 1), ("b", 2), ("c", 1)];
    let expected = expected.map(|(id, version)| WorkflowRow {
        bytes: vec![],
        ..make::workflow_row(id, version)
    });
    for rows in 1..=6 {
        let mut found = Vec::new();
        let mut after = Some(Cursor(0));
        while let Some(cursor) = after {
            let page = store.workflows(cursor, rows).await?;
            found.extend(page.rows);
            after = page.next;
        }
        ensure!(found == expected, "{rows}");
    }
    Ok(())
}

pub async fn a_workflow_version_is_published_once(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    make::written(store.append(vec![make::publish("a", 1, 1)].into()).await?)?;
    let before = make::contents(store).await?;
    let batch = vec![make::open_case(1), make::publish("a", 2, 1)];
    ensure!(matches!(
        store.append(batch.into()).await,
        Err(Error::Data { .. })
    ));
    ensure!(make::contents(store).await? == before);
    // The head was not moved by what was taken back.
    make::written(
        store
            .append(vec![make::publish("a", 2, 2), make::open_case(1)].into())
            .await?,
    )?;
    Ok(())
}
