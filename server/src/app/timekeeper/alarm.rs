//! Wakes the timekeeper when something is committed that is due before it would look again.
//!
//! Invariant: nothing told is lost: what was told before the wait began ends it at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use heard_engine::time::Timestamp;
use tokio::sync::Notify;

/// What is told to the timekeeper.
#[derive(Debug, Default)]
pub(in crate::app) struct Alarm {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The earliest due time of all that was told of since it was last taken.
    told: Option<Timestamp>,
    wait: Wait,
    is_rung: bool,
}

/// What ends the wait of the timekeeper.
#[derive(Debug, Clone, Copy, Default)]
pub(super) enum Wait {
    /// Being rung.
    #[default]
    Rung,
    /// Being rung, or told of what is due before an instant; of anything without one.
    DueBefore(Option<Timestamp>),
}

impl State {
    fn ends_wait(&self) -> bool {
        let is_told = match (self.wait, self.told) {
            (Wait::DueBefore(Some(next)), Some(told)) => told < next,
            (Wait::DueBefore(None), Some(_)) => true,
            (Wait::Rung, _) | (Wait::DueBefore(_), None) => false,
        };
        self.is_rung || is_told
    }
}

impl Alarm {
    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is whole before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells of a case that was committed and is due at an instant.
    pub(in crate::app) fn tell(&self, due_at: Timestamp) {
        let mut state = self.state();
        state.told = Some(state.told.map_or(due_at, |told| told.min(due_at)));
        if state.ends_wait() {
            self.changed.notify_one();
        }
    }

    /// Ends the wait, whatever is due.
    pub(in crate::app) fn ring(&self) {
        self.state().is_rung = true;
        self.changed.notify_one();
    }

    /// Forgets what was told.
    pub(super) fn forget(&self) {
        self.state().told = None;
    }

    /// Returns whether it was told of what is due until an instant.
    pub(in crate::app) fn has_told_until(&self, until: Timestamp) -> bool {
        self.state().told.is_some_and(|told| told <= until)
    }

    /// Waits until it is rung or told.
    pub(super) async fn wait(&self, wait: Wait) {
        loop {
            {
                let mut state = self.state();
                state.wait = wait;
                if state.ends_wait() {
                    state.is_rung = false;
                    return;
                }
            }
            self.changed.notified().await;
        }
    }
}
