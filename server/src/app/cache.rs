//! Cases folded before, so that a hot case is not read again; bounded by bytes, least used first.
//!
//! Invariant: only the committer puts a case in, while it holds the claim of its stream; only a
//! commit changes one. So what is here is what is committed. A duplicate is merged with the claim
//! of the other case alone: it is forgotten when that is written, and when the batch comes back.
//! Invariant: no lock is held across an await.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use heard_engine::case::Case;
use heard_engine::id::{CaseId, Digest, Revision};

use super::fold::{Folded, Requests};

/// How much the cache may hold, in bytes by estimate.
pub(super) const CACHE_BYTES_MAX: usize = 256 * 1024 * 1024;
/// What a case is taken to cost without its answers and requests, in bytes.
const CASE_BYTES: usize = 1_024;
/// What an answer, or a request, is taken to cost, in bytes.
const ROW_BYTES: usize = 160;

/// A case as it stands after its last commit.
#[derive(Debug, Clone)]
pub(super) struct Hot {
    /// Its state.
    pub(super) case: Arc<Case>,
    /// The hash of its last entry.
    pub(super) head: Digest,
}

/// What a commit changes of a case.
#[derive(Debug)]
pub(super) struct Step {
    /// The case afterwards.
    pub(super) case: Arc<Case>,
    /// The hash of the new entry.
    pub(super) head: Digest,
    /// The hashes of the request: its id and its body.
    pub(super) request: (Digest, Digest),
}

/// What a case knows of a request.
#[derive(Debug, Clone)]
pub(super) enum Known {
    /// There is no such case, so the request is new.
    NoCase,
    /// The request is new.
    New(Hot),
    /// The request was accepted before: its revision, and the hash of its body.
    Repeat(Revision, Digest),
}

#[derive(Debug)]
struct Slot {
    hot: Hot,
    requests: Requests,
    used: u64,
    bytes: usize,
}

impl Slot {
    fn new(hot: Hot, requests: Requests) -> Self {
        let rows = hot.case.answers().len() + hot.case.bookings().len() + requests.len();
        let bytes = CASE_BYTES + ROW_BYTES * rows;
        Self {
            hot,
            requests,
            used: 0,
            bytes,
        }
    }

    fn known(&self, request: Option<Digest>) -> Known {
        match request.and_then(|request| self.requests.get(&request)) {
            Some((revision, body)) => Known::Repeat(*revision, *body),
            None => Known::New(self.hot.clone()),
        }
    }
}

#[derive(Debug, Default)]
struct Slots {
    by_case: HashMap<CaseId, Slot>,
    by_use: BTreeMap<u64, CaseId>,
    uses: u64,
    bytes: usize,
}

/// The cache.
#[derive(Debug)]
pub(super) struct Cache {
    slots: Mutex<Slots>,
    bytes_max: usize,
}

impl Cache {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self {
            slots: Mutex::default(),
            bytes_max,
        }
    }

    fn slots(&self) -> MutexGuard<'_, Slots> {
        // Every change below is whole before anything can panic.
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns a case for reading.
    pub(super) fn get(&self, case: CaseId) -> Option<Hot> {
        let mut slots = self.slots();
        slots.touch(case);
        slots.by_case.get(&case).map(|slot| slot.hot.clone())
    }

    /// Returns a case for a report over many: it becomes no more recently used by that.
    pub(super) fn peek(&self, case: CaseId) -> Option<Hot> {
        let slots = self.slots();
        slots.by_case.get(&case).map(|slot| slot.hot.clone())
    }

    /// Returns what a case knows of a request, or that it is there where none is asked about;
    /// nothing when the case is not here.
    pub(super) fn look(&self, case: CaseId, request: Option<Digest>) -> Option<Known> {
        let mut slots = self.slots();
        slots.touch(case);
        slots.by_case.get(&case).map(|slot| slot.known(request))
    }

    /// Puts in a case that was read from the store. Returns what it knows of a request, as
    /// [`Self::look`] does.
    pub(super) fn put(&self, id: CaseId, folded: Folded, request: Option<Digest>) -> Known {
        let (Some(case), Some(head)) = (folded.case, folded.head) else {
            return Known::NoCase;
        };
        let hot = Hot {
            case: Arc::new(case),
            head,
        };
        let slot = Slot::new(hot, folded.requests);
        let known = slot.known(request);
        let mut slots = self.slots();
        slots.remove(id);
        slots.insert(id, slot);
        slots.shrink(self.bytes_max);
        known
    }

    /// Takes note of a commit. A case that is not here, and was not begun by it, stays out.
    pub(super) fn commit(&self, id: CaseId, step: Step) {
        let mut slots = self.slots();
        let is_first = step.case.revision() == Revision(1);
        let requests = slots.remove(id).map(|slot| slot.requests);
        let requests = requests.or_else(|| is_first.then(Requests::default));
        let Some(mut requests) = requests else { return };
        let (request, body) = step.request;
        requests.insert(request, (step.case.revision(), body));
        let hot = Hot {
            case: step.case,
            head: step.head,
        };
        slots.insert(id, Slot::new(hot, requests));
        slots.shrink(self.bytes_max);
    }

    /// Forgets a case.
    pub(super) fn forget(&self, case: CaseId) {
        self.slots().remove(case);
    }
}

impl Slots {
    fn touch(&mut self, case: CaseId) {
        if let Some(slot) = self.by_case.get_mut(&case) {
            self.by_use.remove(&slot.used);
            self.uses += 1;
            slot.used = self.uses;
            self.by_use.insert(self.uses, case);
        }
    }

    fn insert(&mut self, id: CaseId, slot: Slot) {
        self.uses += 1;
        self.bytes += slot.bytes;
        self.by_use.insert(self.uses, id);
        let used = self.uses;
        self.by_case.insert(id, Slot { used, ..slot });
    }

    fn remove(&mut self, id: CaseId) -> Option<Slot> {
        let slot = self.by_case.remove(&id)?;
        self.by_use.remove(&slot.used);
        self.bytes -= slot.bytes;
        Some(slot)
    }

    fn shrink(&mut self, bytes_max: usize) {
        while self.bytes > bytes_max && self.by_case.len() > 1 {
            let Some((_, oldest)) = self.by_use.first_key_value() else {
                return;
            };
            self.remove(*oldest);
        }
    }
}
