//! Rows for the tests of stores, and everything a store holds in one value.

use anyhow::bail;
use heard_engine::case::{CauseRef, CauseStatus};
use heard_engine::entry::StreamName;
use heard_engine::id::{
    CaseId, CauseGroup, CauseName, CustomerId, Digest, LimitName, PersonId, Position, PrincipalId,
    Revision, SurveyName, Version, WorkflowId,
};
use heard_engine::money::{Currency, Money};
use heard_engine::time::Timestamp;
use heard_engine::workflow::WorkflowRef;
use heard_server::store::{
    Append, Appended, BookingRow, CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, Identity,
    NewEntry, SealedRow, Store, StoredEntry, SurveyRow, WorkflowRow,
};
use sha2::Digest as _;
use uuid::Uuid;

pub fn identity() -> Identity {
    Identity {
        log: "heard.invalid/00112233445566778899aabbccddeeff".into(),
        id_key: std::array::from_fn(|index| index as u8),
        principal: PrincipalId::new(Uuid::from_u128(0x1234)),
        is_virtual: false,
    }
}

/// Ids are spread like random ones, so that their order is not that of their numbers.
pub fn case_id(number: u64) -> CaseId {
    let spread = u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    CaseId::new(Uuid::from_u128(spread << 64 | u128::from(number)))
}

pub fn stream(number: u64) -> StreamName {
    StreamName::Case(case_id(number))
}

pub fn workflow_stream(id: &str) -> StreamName {
    StreamName::Workflow(WorkflowId::new(id).unwrap())
}

pub fn hash(bytes: &[u8]) -> Digest {
    let hasher = sha2::Sha256::new_with_prefix([0]).chain_update(bytes);
    Digest(hasher.finalize().into())
}

pub fn entry(stream: &StreamName, revision: u64, bytes: Vec<u8>) -> NewEntry {
    NewEntry {
        stream: stream.clone(),
        revision: Revision(revision),
        hash: hash(&bytes),
        bytes,
    }
}

pub fn opening(number: u64) -> NewEntry {
    entry(&stream(number), 1, format!("opening of {number}").into())
}

pub fn append<const N: usize>(entries: [NewEntry; N]) -> Append {
    Append {
        entries: entries.into(),
        ..Append::default()
    }
}

pub fn workflow(id: &str, version: u32) -> WorkflowRef {
    WorkflowRef {
        id: WorkflowId::new(id).unwrap(),
        sha256: hash(format!("{id}@{version}").as_bytes()),
        version: Version(version),
    }
}

/// An instant, in microseconds since 1970.
pub fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros).unwrap()
}

/// Opens a case in the step `hear`, with one sealed value.
pub fn open_case(number: u64) -> Append {
    let mut append = advance_case(number, 1, "hear");
    append.sealed.push(sealed(&stream(number), 1, 0));
    append
}

pub fn advance_case(number: u64, revision: u64, place: &str) -> Append {
    let bytes = format!("{revision} of {number} to {place}").into_bytes();
    let entry = entry(&stream(number), revision, bytes);
    let row = CaseRow {
        case: case_id(number),
        revision: entry.revision,
        head: entry.hash,
        position: Position(0),
        workflow: workflow("classic-heard", 1 + (number % 2) as u32),
        place: place.into(),
        closed_as: None,
        is_merged: false,
        owes_cause: false,
        opened_at: Timestamp::from_micros(number as i64).unwrap(),
        updated_at: Timestamp::from_micros(revision as i64 * 1_000_000).unwrap(),
        due_at: None,
        parent: None,
    };
    Append {
        cases: vec![row],
        ..append([entry])
    }
}

pub fn sealed(stream: &StreamName, revision: u64, place: u32) -> SealedRow {
    SealedRow {
        stream: stream.clone(),
        revision: Revision(revision),
        place,
        label: format!("answer/field_{place}"),
        salt: [place as u8; 32],
        value: format!("\"value of {stream} {revision} {place}\"").into_bytes(),
    }
}

pub fn cause(number: u64, cause: u32, revision: u64) -> CauseRow {
    CauseRow {
        case: case_id(number),
        number: cause,
        revision: Revision(revision),
        cause: CauseRef {
            group: CauseGroup::new("process").unwrap(),
            name: CauseName::new(["handover", "training"][number as usize % 2]).unwrap(),
        },
        workflow: workflow("classic-heard", 1),
        recorded_at: Timestamp::from_micros(revision as i64).unwrap(),
        status: CauseStatus::ALL[cause as usize % CauseStatus::ALL.len()],
        due_at: (cause > 1).then(|| at(i64::from(cause))),
    }
}

/// A booking of `minor` cents on the authority of a person, `day` days after the epoch.
pub fn booking(
    number: u64,
    revision: u64,
    place: u32,
    person: u128,
    day: i64,
    minor: i64,
) -> BookingRow {
    BookingRow {
        case: case_id(number),
        revision: Revision(revision),
        place,
        workflow: WorkflowId::new("classic-heard").unwrap(),
        limit: LimitName::new("goodwill").unwrap(),
        person: PersonId::new(Uuid::from_u128(person)),
        booked_at: Timestamp::from_micros(day * 86_400_000_000).unwrap(),
        amount: Money {
            currency: Currency::parse("EUR").unwrap(),
            minor,
        },
    }
}

/// A survey sent to a customer, some microseconds after the epoch.
pub fn survey(number: u64, revision: u64, customer: u128, micros: i64) -> SurveyRow {
    SurveyRow {
        case: case_id(number),
        revision: Revision(revision),
        workflow: WorkflowId::new("classic-heard").unwrap(),
        survey: SurveyName::new("after_contact").unwrap(),
        customer: CustomerId::new(Uuid::from_u128(customer)),
        sent_at: at(micros),
    }
}

pub fn workflow_row(id: &str, version: u32) -> WorkflowRow {
    WorkflowRow {
        workflow: workflow(id, version),
        title: format!("{id}, the {version}. of its kind"),
        published_at: Timestamp::from_micros(i64::from(version)).unwrap(),
        bytes: format!("heard: 1\nworkflow: {id}\nversion: {version}\n").into_bytes(),
    }
}

pub fn publish(id: &str, revision: u64, version: u32) -> Append {
    let row = workflow_row(id, version);
    Append {
        workflow: Some(row),
        ..append([entry(&workflow_stream(id), revision, vec![version as u8])])
    }
}

/// Returns the positions of the only append of a batch.
pub fn written(answers: Vec<Appended>) -> anyhow::Result<Vec<Position>> {
    let mut positions = Vec::new();
    for answer in answers {
        match answer {
            Appended::Written(mut written) => positions.append(&mut written),
            Appended::Conflict => bail!("a conflict"),
        }
    }
    Ok(positions)
}

/// Everything a small store holds, read in every way there is.
#[derive(Debug, PartialEq, Eq)]
pub struct Contents {
    pub log: Vec<(StreamName, StoredEntry)>,
    pub streams: Vec<(StreamName, Vec<StoredEntry>, Vec<SealedRow>)>,
    pub cases: Vec<CaseRow>,
    pub owing: Vec<CaseRow>,
    pub open: Vec<CaseRow>,
    pub children: Vec<CaseRow>,
    pub causes: Vec<CauseRow>,
    pub bookings: Vec<BookingRow>,
    pub surveys: Vec<SurveyRow>,
    pub due: Vec<(CaseId, Timestamp)>,
    pub workflows: Vec<WorkflowRow>,
    pub position: Position,
}

pub async fn contents(store: &dyn Store) -> anyhow::Result<Contents> {
    let log = store.scan(Position(0), 1_000).await?;
    let mut names: Vec<StreamName> = log.iter().map(|(stream, _)| stream.clone()).collect();
    names.sort();
    names.dedup();
    let mut streams = Vec::new();
    for (name, entries) in names.iter().zip(store.load(&names).await?) {
        streams.push((name.clone(), entries, store.sealed(name, None).await?));
    }
    let all = CaseFilter::default();
    let owing = CaseFilter {
        owes_cause: Some(true),
        ..CaseFilter::default()
    };
    let open = CaseFilter {
        is_closed: Some(false),
        ..CaseFilter::default()
    };
    let children = CaseFilter {
        parent: Some(case_id(1)),
        ..CaseFilter::default()
    };
    let start = Cursor::default();
    let cases = store.cases(&all, start, 1_000).await?.rows;
    let mut bookings = Vec::new();
    let mut surveys = Vec::new();
    for row in &cases {
        bookings.extend(store.bookings(row.case).await?);
        surveys.extend(store.surveys(row.case).await?);
    }
    let due = store.due(at(i64::MAX >> 11), None, 1_000).await?;
    Ok(Contents {
        log,
        streams,
        bookings,
        surveys,
        due: due
            .into_iter()
            .map(|row| (row.case, row.place.due_at))
            .collect(),
        cases,
        owing: store.cases(&owing, start, 1_000).await?.rows,
        open: store.cases(&open, start, 1_000).await?.rows,
        children: store.cases(&children, start, 1_000).await?.rows,
        causes: store
            .causes(&CauseFilter::default(), start, 1_000)
            .await?
            .rows,
        workflows: store.workflows(start, 1_000).await?.rows,
        position: store.gauges().position,
    })
}
