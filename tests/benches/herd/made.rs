//! A store with a herd of pending deadlines, and the application over it.

use std::sync::Arc;
use std::time::Instant;

use anyhow::Context as _;
use heard_engine::id::{CaseId, PersonId, PrincipalId, RequestId, RoleName, StepName};
use heard_engine::time::Timestamp;
use heard_server::app::metrics::KindLabel;
use heard_server::app::{App, Request};
use heard_server::clock::{Clock, VirtualClock};
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{Append, Appended, Cursor, Identity, Store};
use heard_tests::forged::Forge;
use tempfile::TempDir;
use uuid::Uuid;

/// Where the clock begins: 2026-10-05 09:00 UTC, in microseconds.
const START: i64 = 1_791_190_800_000_000;
const HOUR: i64 = 3_600_000_000;
/// How many cases are written at once.
const BATCH: usize = 5_000;

/// Groups of a few that are due before the herd is, one an hour.
pub const GROUPS: u64 = 5;
/// How many each of them has.
pub const GROUP: u64 = 100;
/// Cases with nothing due, which are advanced.
pub const CALM: u64 = 65_536;

/// The cases of a store, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Due at the hour of the group.
    Group(u64),
    /// Due with the herd.
    Herd,
    /// Due after the herd, when nobody advances anything.
    Rest,
    /// Never due.
    Calm,
}

/// A store on the disk.
pub struct Made {
    folder: TempDir,
    /// How many deadlines are due at once.
    pub herd: u64,
    /// The cases that are advanced.
    pub calm: Vec<CaseId>,
}

/// An application over a store.
pub struct Opened {
    pub app: App,
    pub store: Arc<dyn Store>,
    pub clock: Arc<VirtualClock>,
}

/// Returns an instant so many hours after the clock began.
pub fn hour(hours: u64) -> Timestamp {
    Timestamp::from_micros(START + i64::try_from(hours).unwrap() * HOUR).unwrap()
}

impl Kind {
    /// Returns the hour at which cases of this kind are due, if they are.
    pub fn hour(self) -> Option<u64> {
        match self {
            Self::Group(group) => Some(1 + group),
            Self::Herd => Some(24),
            Self::Rest => Some(48),
            Self::Calm => None,
        }
    }
}

impl Made {
    /// Writes a store in which so many deadlines are due at one time.
    pub async fn new(herd: u64) -> anyhow::Result<Self> {
        let begun = Instant::now();
        let mut made = Self {
            folder: TempDir::new()?,
            herd,
            calm: Vec::new(),
        };
        let Opened { app, store, .. } = made.open(0)?;
        let file = heard_tests::server::project_file("tests/workflows/bench.workflow.yaml")?;
        app.publish(request()?, file).await?;
        let published = store.workflows(Cursor::default(), 1).await?.rows;
        let forge = Forge {
            identity: store.identity().clone(),
            workflow: published.first().context("a workflow")?.workflow.clone(),
            step: StepName::new("listen")?,
            opened_at: hour(0),
        };
        let numbers: Vec<u64> = (0..made.cases()).collect();
        for numbers in numbers.chunks(BATCH) {
            let case = |number: &u64| {
                let due_at = made.kind(*number).hour().map(hour);
                forge.case(case_id(*number), due_at.as_slice())
            };
            let batch: anyhow::Result<Vec<Append>> = numbers.iter().map(case).collect();
            let appended = store.append(batch?.into()).await?;
            let is_written = |appended: &Appended| matches!(appended, Appended::Written(_));
            anyhow::ensure!(appended.iter().all(is_written), "a case was not written");
        }
        let is_calm = |number: &u64| made.kind(*number) == Kind::Calm;
        made.calm = (0..made.cases()).filter(is_calm).map(case_id).collect();
        app.stop().await?;
        let bytes = std::fs::metadata(made.path())?.len();
        println!(
            "a store of {} pending deadlines: {} MB, made in {:.0} s",
            made.pending(),
            bytes >> 20,
            begun.elapsed().as_secs_f64()
        );
        Ok(made)
    }

    /// Returns how many cases it has.
    pub fn cases(&self) -> u64 {
        GROUPS * GROUP + CALM + self.herd + self.rest()
    }

    /// Returns how many deadlines are pending besides the few that are due before them.
    pub fn pending(&self) -> u64 {
        self.herd + self.rest()
    }

    /// Returns how many are due after the herd.
    pub fn rest(&self) -> u64 {
        self.herd / 5
    }

    /// Returns of which kind a case is.
    pub fn kind(&self, number: u64) -> Kind {
        if number < GROUPS * GROUP {
            return Kind::Group(number / GROUP);
        }
        let number = number - GROUPS * GROUP;
        if number < CALM {
            Kind::Calm
        } else if number < CALM + self.herd {
            Kind::Herd
        } else {
            Kind::Rest
        }
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("heard.db")
    }

    /// Opens it, with a clock that stands at an hour.
    pub fn open(&self, hours: u64) -> anyhow::Result<Opened> {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open(&self.path(), identity)?);
        let clock = Arc::new(VirtualClock::new(hour(hours)));
        let given: Arc<dyn Clock> = Arc::<VirtualClock>::clone(&clock);
        let app = App::start(Arc::clone(&store), given);
        Ok(Opened { app, store, clock })
    }
}

impl Opened {
    /// Returns how many deadlines fired since it was opened.
    pub fn fired(&self) -> u64 {
        let label = KindLabel { kind: "clock" };
        self.app.metrics().fired.get_or_create(&label).get()
    }

    /// Waits until so many have fired since it was opened.
    pub async fn until_fired(&self, fired: u64) {
        while self.fired() < fired {
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
}

/// Ids are spread like random ones, so that their order is not that of their numbers.
fn case_id(number: u64) -> CaseId {
    let spread = u128::from(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    CaseId::new(Uuid::from_u128(spread << 64 | u128::from(number)))
}

/// Returns the number of a case.
pub fn number(case: CaseId) -> u64 {
    case.uuid().as_u64_pair().1
}

fn identity() -> Identity {
    Identity {
        log: "heard.invalid/00112233445566778899aabbccddeeff".into(),
        id_key: [7; 32],
        principal: PrincipalId::new(Uuid::from_u128(0x1234)),
        is_virtual: true,
    }
}

/// Returns a request of an agent, with an id of its own.
pub fn request() -> anyhow::Result<Request> {
    Ok(Request {
        id: RequestId::new(&Uuid::new_v4().to_string())?,
        person: PersonId::new(Uuid::from_u128(7)),
        role: RoleName::new("agent")?,
        expected_revision: None,
        validate_only: false,
        deadline: None,
    })
}
