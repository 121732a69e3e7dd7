//! Notices what is due though nobody calls: claims due cases in bounded pages, hands their firings
//! to the committer, and sleeps until the next is due.
//!
//! Invariant: it decides nothing and remembers nothing that matters: a second one beside it, or
//! one after a crash, finds due what is still due, and nothing else.
//! Invariant: what fails is tried again later, never at once.

mod alarm;
mod failing;
mod hold;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use heard_engine::case::Actor;
use heard_engine::entry::Entry;
use heard_engine::id::Position;
use heard_engine::time::Timestamp;
use tokio::sync::{Mutex, OnceCell};

pub(super) use alarm::Alarm;
use alarm::Wait;
use failing::{Failing, delayed};
pub use hold::{ABSENCE_DUE_MAX, ABSENCE_MICROS_MAX, AHEAD_MICROS_MAX, Held, LEAP_MICROS_MAX};
pub(super) use hold::{Hold, Standing};

use super::catalog::Catalog;
use super::committer::{Answer, Handle};
use super::error::{Error, chain};
use super::job::{Done, FireWork, Job};
use super::metrics::Metrics;
use crate::clock::Clock;
use crate::store::{self, DueRow, PAGE_ROWS_MAX, Store};

/// How many due cases are claimed at once.
const CLAIM_ROWS: usize = PAGE_ROWS_MAX;
/// How long the timekeeper sleeps at most before it looks at the clock, in microseconds.
const LOOK_MICROS_MAX: i64 = 30_000_000;

/// What the timekeeper works with.
pub(super) struct Timekeeper {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) committer: Arc<Handle>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) alarm: Arc<Alarm>,
    pub(super) hold: Arc<Hold>,
    /// As whom it acts.
    pub(super) actor: Actor,
    /// Held by whoever fires, so that nobody fires in between while a clock is moved.
    pub(super) failing: Mutex<Failing>,
    /// Set once it is to fire nothing more.
    pub(super) is_stopping: AtomicBool,
    /// Set once it was looked back.
    pub(super) looked_back: OnceCell<()>,
}

/// What was fired.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fired {
    /// Deadlines that fired.
    pub fired: u64,
    /// Cases whose deadline could not be fired; it is tried again later.
    pub failed: u64,
}

impl Timekeeper {
    /// Looks whether time was held when the server ended, or the server comes back from a long
    /// absence to much that is due. Then time is held. Looks once: what is written later says
    /// nothing about the absence.
    pub(super) async fn look_back(&self) -> Result<(), Error> {
        let looked = self.looked_back.get_or_try_init(|| self.look_at_start());
        looked.await.copied()
    }

    async fn look_at_start(&self) -> Result<(), Error> {
        if self.clock.steady().is_none() {
            return Ok(());
        }
        if let Some(kept) = self.store.hold().await? {
            self.hold.restore(&*self.clock, &kept);
            return Ok(());
        }
        let now = self.clock.now();
        let counted = ABSENCE_DUE_MAX + 1;
        let due = self.store.due_count(now, counted).await?;
        if due < counted {
            return Ok(());
        }
        let since = newest(&*self.store).await?;
        let away = |since: Timestamp| now.micros().saturating_sub(since.micros());
        if since.is_none_or(|since| away(since) > ABSENCE_MICROS_MAX) {
            self.hold.away(now, since, due);
        }
        Ok(())
    }

    /// Fires nothing more: what is under way ends soon, and says that the server is stopping.
    pub(super) fn stop(&self) {
        self.is_stopping.store(true, Ordering::Release);
    }

    /// Fires what is due and sleeps until more is, until the application stops.
    pub(super) async fn run(&self) {
        let mut attempts = 0;
        loop {
            let mut failing = self.failing.lock().await;
            let done = self.drain(&mut failing).await;
            let next = match done {
                Ok((_, until)) => self.next(&failing, until).await,
                Err(error) => Err(error),
            };
            let retry_at = failing.next();
            drop(failing);
            let now = self.clock.now();
            match next {
                Ok(next) => {
                    attempts = 0;
                    let look = later(now, LOOK_MICROS_MAX);
                    let until = next.map_or(look, |next| next.min(look));
                    tokio::select! {
                        () = self.clock.reached(until) => {}
                        () = self.alarm.wait(Wait::DueBefore(next)) => {}
                        () = self.stands_until(now, retry_at) => {
                            self.failing.lock().await.try_again(now);
                        }
                    }
                }
                Err(Error::Stopping) => return,
                Err(Error::TimeHeld) => self.alarm.wait(Wait::Rung).await,
                Err(error) => {
                    attempts += 1;
                    let again_at = delayed(now, attempts);
                    let error = chain(&error);
                    tracing::warn!(error, %again_at, "what is due could not be fired");
                    tokio::select! {
                        () = self.passes(now, again_at) => {}
                        () = self.alarm.wait(Wait::Rung) => {}
                    }
                }
            }
        }
    }

    /// Waits from an instant to another. A virtual clock stands until it is moved, but what failed
    /// may work again: there it takes as long by a clock that goes.
    async fn passes(&self, from: Timestamp, to: Timestamp) {
        if self.clock.as_virtual().is_some() {
            let micros = to.micros().saturating_sub(from.micros());
            let micros = u64::try_from(micros).unwrap_or(0);
            tokio::time::sleep(Duration::from_micros(micros)).await;
        }
        while self.clock.as_virtual().is_none() && self.clock.now() < to {
            self.clock.reached(to).await;
        }
    }

    /// Waits until what failed is to be tried again though a virtual clock stands; for ever where
    /// nothing failed, or time passes.
    async fn stands_until(&self, from: Timestamp, retry_at: Option<Timestamp>) {
        match retry_at.filter(|_| self.clock.as_virtual().is_some()) {
            Some(retry_at) => self.passes(from, retry_at).await,
            None => std::future::pending().await,
        }
    }

    /// Moves a virtual clock from due to due, firing at each what is due, and then to where it is
    /// to stand.
    pub(super) async fn move_to(&self, to: Timestamp) -> Result<Fired, Error> {
        let mut failing = self.failing.lock().await;
        // Whoever moves a clock does not wait for what failed before: no time passes by itself.
        failing.try_again(self.clock.now());
        let mut all = Fired::default();
        let moved = async {
            loop {
                all.add(self.drain(&mut failing).await?.0);
                if self.clock.now() >= to {
                    return Ok(all);
                }
                self.committer.move_clock(to).await?;
            }
        };
        let moved = moved.await;
        // What was told meanwhile was taken here.
        self.alarm.ring();
        moved
    }

    /// Returns when there is something to fire next, all that was due until an instant being fired.
    async fn next(&self, failing: &Failing, until: Timestamp) -> Result<Option<Timestamp>, Error> {
        let due = self.store.next_due(until).await?;
        Ok(due.into_iter().chain(failing.next()).min())
    }

    /// Fires what is due, and what becomes due by it, until nothing is. Returns until when that is
    /// so: the clock goes on meanwhile.
    async fn drain(&self, failing: &mut Failing) -> Result<(Fired, Timestamp), Error> {
        let mut all = Fired::default();
        loop {
            self.alarm.forget();
            let (fired, until) = self.round(failing).await?;
            all.add(fired);
            // Whatever became due meanwhile was committed, and told of.
            if !self.alarm.has_told_until(until) {
                return Ok((all, until));
            }
        }
    }

    /// Goes once through what is due, page by page; a page is claimed while the one before it is
    /// being fired. Returns until when what was due then was looked at.
    async fn round(&self, failing: &mut Failing) -> Result<(Fired, Timestamp), Error> {
        let mut all = Fired::default();
        let begun = self.clock.now();
        let mut after = None;
        let mut under_way = Vec::new();
        loop {
            let now = self.clock.now();
            if self.is_stopping.load(Ordering::Acquire) {
                return Err(Error::Stopping);
            }
            if self.hold.look(&*self.clock, now) != Standing::Right {
                self.committer.keep_hold().await?;
                return Err(Error::TimeHeld);
            }
            let rows = self.store.due(now, after, CLAIM_ROWS).await?;
            after = rows.last().map(|row| row.place);
            let is_last = rows.len() < CLAIM_ROWS;
            let handed_in = self.hand_in(rows, failing, now, &mut all).await?;
            let before = std::mem::replace(&mut under_way, handed_in);
            self.settle(before, failing, &mut all).await?;
            if is_last {
                self.settle(under_way, failing, &mut all).await?;
                failing.forget_until(begun);
                return Ok((all, now));
            }
        }
    }

    /// Hands in the firings of due cases, but for those that failed a short while ago.
    async fn hand_in(
        &self,
        rows: Vec<DueRow>,
        failing: &mut Failing,
        now: Timestamp,
        all: &mut Fired,
    ) -> Result<Vec<(DueRow, Answer)>, Error> {
        let mut handed_in = Vec::with_capacity(rows.len());
        for row in rows {
            if failing.waits(row.place, now) {
                continue;
            }
            let workflow = match self.catalog.of(&*self.store, &row.workflow).await {
                Ok(workflow) => workflow,
                Err(error) => {
                    self.failed(&row, error, failing, all)?;
                    continue;
                }
            };
            let id = row.case;
            let answer = self.committer.fire(|reply, place| {
                let work = FireWork {
                    id,
                    workflow,
                    command: None,
                };
                Job {
                    reply: Some(reply),
                    place: Some(place),
                    ..Job::firing(self.actor.clone(), work)
                }
            });
            handed_in.push((row, answer.await?));
        }
        Ok(handed_in)
    }

    /// Waits for what becomes of firings.
    async fn settle(
        &self,
        under_way: Vec<(DueRow, Answer)>,
        failing: &mut Failing,
        all: &mut Fired,
    ) -> Result<(), Error> {
        for (row, answer) in under_way {
            match self.committer.answer(answer).await {
                Ok(Done::Accepted(..)) => {
                    all.fired += 1;
                    failing.forget(row.place);
                }
                // A command was quicker; a row that is wrong is not asked about without end.
                Ok(Done::NotDue | Done::Repeat(..)) => {
                    if failing.has(row.place) {
                        let case = row.case;
                        tracing::warn!(%case, "listed as due and is not: `heard rebuild` mends it");
                    }
                    failing.fail(row.place, self.clock.now());
                }
                Err(error) => self.failed(&row, error, failing, all)?,
            }
        }
        Ok(())
    }

    /// Takes note of a firing that failed. An error is one that concerns them all.
    fn failed(
        &self,
        row: &DueRow,
        error: Error,
        failing: &mut Failing,
        all: &mut Fired,
    ) -> Result<(), Error> {
        if concerns_all(&error) {
            return Err(error);
        }
        all.failed += 1;
        self.metrics.not_fired.inc();
        let again_at = failing.fail(row.place, self.clock.now());
        let (case, error) = (row.case, chain(&error));
        tracing::warn!(%case, error, %again_at, "a deadline could not be fired");
        Ok(())
    }
}

impl Fired {
    const fn add(&mut self, more: Self) {
        self.fired += more.fired;
        self.failed += more.failed;
    }
}

/// Returns the time of the newest entry of a store. None where there is none that can be read.
///
/// # Errors
///
/// [`store::Error`], but for damage: that is told where the entry is asked for.
pub(crate) async fn newest(store: &dyn Store) -> Result<Option<Timestamp>, store::Error> {
    let newest = store.gauges().position.0;
    let before = Position(newest.saturating_sub(1));
    let entries = match store.scan(before, 1).await {
        Ok(entries) => entries,
        Err(store::Error::Damaged { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let entry = entries
        .first()
        .map(|(_, entry)| Entry::decode(&entry.bytes));
    Ok(entry.and_then(Result::ok).map(|entry| entry.at))
}

/// Returns whether what failed so for one case would fail for every other as well.
pub(super) const fn concerns_all(error: &Error) -> bool {
    match error {
        Error::Stopping | Error::TimeHeld | Error::NotVirtual => true,
        Error::Store(error) => match error {
            store::Error::DiskFull
            | store::Error::Unavailable { .. }
            | store::Error::Fatal { .. } => true,
            store::Error::Data { .. } | store::Error::Damaged { .. } => false,
        },
        Error::Refused(_)
        | Error::Bad(_)
        | Error::NoSuchParent { .. }
        | Error::MergedParent { .. }
        | Error::Faulty(_)
        | Error::RevisionDiffers { .. }
        | Error::KeptChanging
        | Error::TooBusy
        | Error::DeadlinePassed
        | Error::Unanswered
        | Error::Damaged { .. }
        | Error::Newer { .. }
        | Error::Bug { .. } => false,
    }
}

/// Returns the instant so many microseconds after another.
fn later(from: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_micros(from.micros().saturating_add(micros)).unwrap_or(from)
}
