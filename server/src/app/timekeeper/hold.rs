//! Whether the clock can be trusted: time is held after a leap or a long absence, until somebody
//! says that it is right.
//!
//! Invariant: what is held stays held until it is accepted, also when the clock comes back, and
//! after a restart: the committer writes it down before it decides anything under it.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use heard_engine::time::Timestamp;
use prometheus_client::metrics::gauge::Gauge;
use serde::{Deserialize, Serialize};

use crate::app::error::chain;
use crate::clock::Clock;
use crate::store;

/// How far the wall clock may leave the steady one before time is held, in microseconds.
pub const LEAP_MICROS_MAX: i64 = 60 * SECOND;
/// How far ahead the wall clock may stand before nothing is written any more, in microseconds.
pub const AHEAD_MICROS_MAX: i64 = 24 * 60 * 60 * SECOND;
/// How long a server may have been away before it counts what is due, in microseconds.
pub const ABSENCE_MICROS_MAX: i64 = 24 * 60 * 60 * SECOND;
/// How many cases may be due after a long absence before time is held. Cases are counted, each
/// with at least one deadline that is due: the store has one row a case, with its next mark.
pub const ABSENCE_DUE_MAX: usize = 1_000;
/// After so long without a leap the clocks are compared from there on, so that slow drift is
/// none, in microseconds.
const COMPARED_MICROS_MAX: i64 = 60 * 60 * SECOND;
const SECOND: i64 = 1_000_000;

/// Why time is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The wall clock left the steady one.
    Leapt {
        /// By so many microseconds; less than 0 when it went back.
        by_micros: i64,
    },
    /// The server was away for long, and much is due.
    Away {
        /// The time of the newest entry; none where it cannot be read.
        since: Option<Timestamp>,
        /// How many cases are due; of more than [`ABSENCE_DUE_MAX`] that number and one.
        due: usize,
    },
    /// It was held when the server ended, and what is written of it cannot be read.
    Unread,
}

impl Held {
    /// Returns whether the clock stands so far ahead that nothing may be written.
    const fn is_far_ahead(self) -> bool {
        match self {
            Self::Leapt { by_micros } => by_micros > AHEAD_MICROS_MAX,
            Self::Away { .. } | Self::Unread => false,
        }
    }
}

impl fmt::Display for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Leapt { by_micros } => {
                let seconds = by_micros.abs() / SECOND;
                let way = if *by_micros < 0 {
                    "back"
                } else {
                    // No steady clock goes on while a machine sleeps.
                    "on, or the machine slept"
                };
                write!(f, "the clock of the machine was set {seconds} s {way}")
            }
            Self::Away { since, due } => {
                let due = (*due).min(ABSENCE_DUE_MAX);
                match since {
                    Some(since) => write!(f, "the newest entry is of {since}")?,
                    None => f.write_str("the newest entry cannot be read")?,
                }
                write!(f, ", and more than {due} cases are due")
            }
            Self::Unread => f.write_str(
                "it was held before the server was started, and what is written of the reason \
                 cannot be read",
            ),
        }
    }
}

/// Why time is held, and what the clock showed when that was seen: what a server that starts later
/// is to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::app) struct Seen {
    why: Held,
    at: Timestamp,
    /// It stood far ahead, and does not any more.
    #[serde(default)]
    came_back: bool,
}

impl Seen {
    /// Returns whether the clock still stands so far ahead that nothing may be written.
    const fn is_far_ahead(self) -> bool {
        self.why.is_far_ahead() && !self.came_back
    }

    /// Returns it as the store keeps it.
    pub(in crate::app) fn to_text(self) -> String {
        // There is nothing in it that JSON cannot say. Whatever is read holds time.
        serde_json::to_string(&self).unwrap_or_default()
    }
}

/// What may be done by the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Standing {
    /// Everything.
    Right,
    /// Nothing may fire.
    Held,
    /// Nothing may be written.
    Shut,
}

/// Watches the clock.
#[derive(Debug, Default)]
pub(in crate::app) struct Hold {
    state: Mutex<State>,
    gauge: Gauge,
}

#[derive(Debug, Default)]
struct State {
    /// Where the two clocks stood when they were last taken to be right.
    base: Option<(Timestamp, Duration)>,
    held: Option<Seen>,
    kept: Kept,
}

/// Whether the store knows why time is held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Kept {
    #[default]
    No,
    /// That it could not be written was logged.
    Failed,
    Yes,
}

impl Hold {
    /// Makes a watch that shows in a gauge whether time is held.
    pub(in crate::app) fn new(gauge: Gauge) -> Self {
        Self {
            gauge,
            ..Self::default()
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every change is whole before anything can panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Looks at the clock, which shows `now`.
    pub(in crate::app) fn look(&self, clock: &dyn Clock, now: Timestamp) -> Standing {
        let Some(steady) = clock.steady() else {
            return Standing::Right;
        };
        let mut state = self.state();
        let (wall, begun) = *state.base.get_or_insert((now, steady));
        let passed = i64::try_from(steady.saturating_sub(begun).as_micros()).unwrap_or(i64::MAX);
        let by_micros = now
            .micros()
            .saturating_sub(wall.micros())
            .saturating_sub(passed);
        let leapt = Held::Leapt { by_micros };
        match state.held {
            None if by_micros.abs() > LEAP_MICROS_MAX => self.hold(&mut state, leapt, now),
            None if passed > COMPARED_MICROS_MAX => state.base = Some((now, steady)),
            // A server that starts later has no other way to know how far ahead it stands.
            Some(seen) if leapt.is_far_ahead() && !seen.is_far_ahead() => {
                self.hold(&mut state, leapt, now);
            }
            // Otherwise a server that starts later would take it to stand ahead still.
            Some(seen) if seen.is_far_ahead() && !leapt.is_far_ahead() => {
                state.held = Some(Seen {
                    came_back: true,
                    ..seen
                });
                state.kept = Kept::No;
            }
            None | Some(_) => {}
        }
        match state.held {
            None => Standing::Right,
            Some(_) if leapt.is_far_ahead() => Standing::Shut,
            Some(_) => Standing::Held,
        }
    }

    /// Holds time after a long absence.
    pub(super) fn away(&self, now: Timestamp, since: Option<Timestamp>, due: usize) {
        self.hold(&mut self.state(), Held::Away { since, due }, now);
    }

    /// Holds time as it was held when a server ended that kept this. A clock that had leapt still
    /// stands as far from where it should be, unless it came back before or was set back meanwhile.
    pub(super) fn restore(&self, clock: &dyn Clock, kept: &str) {
        let now = clock.now();
        let unread = Seen {
            why: Held::Unread,
            at: now,
            came_back: false,
        };
        let seen: Seen = serde_json::from_str(kept).unwrap_or(unread);
        let mut state = self.state();
        if let (Held::Leapt { by_micros }, Some(steady)) = (seen.why, clock.steady())
            && now >= seen.at
            && !seen.came_back
        {
            let wall = Timestamp::from_micros(now.micros().saturating_sub(by_micros));
            state.base = wall.ok().map(|wall| (wall, steady));
        }
        self.hold(&mut state, seen.why, seen.at);
        state.held = Some(seen);
        state.kept = Kept::Yes;
    }

    fn hold(&self, state: &mut State, why: Held, at: Timestamp) {
        state.held = Some(Seen {
            why,
            at,
            came_back: false,
        });
        state.kept = Kept::No;
        self.gauge.set(1);
        tracing::warn!(
            "time is held: {why}; no deadline fires until `heard clock accept` says that the \
             clock is right"
        );
    }

    /// Returns why time is held, where the store does not know it.
    pub(in crate::app) fn unkept(&self) -> Option<Seen> {
        let state = self.state();
        state.held.filter(|_| state.kept != Kept::Yes)
    }

    /// Takes note that the store knows why time is held.
    pub(in crate::app) fn kept(&self, seen: Seen) {
        let mut state = self.state();
        // Meanwhile it may be held for another reason.
        if state.held == Some(seen) {
            state.kept = Kept::Yes;
        }
    }

    /// Tells, once, that the store does not know why time is held.
    pub(in crate::app) fn not_kept(&self, error: &store::Error) {
        let mut state = self.state();
        if state.kept == Kept::No {
            state.kept = Kept::Failed;
            let error = chain(error);
            tracing::error!(
                error,
                "that time is held could not be written: until it is, nothing else is, and a \
                 server that starts does not know of it"
            );
        }
    }

    /// Returns why time is held.
    pub(in crate::app) fn why(&self) -> Option<Held> {
        self.state().held.map(|seen| seen.why)
    }

    /// Takes the clock to be right as it stands. Returns why time was held.
    pub(in crate::app) fn accept(&self) -> Option<Held> {
        let mut state = self.state();
        state.base = None;
        self.gauge.set(0);
        state.held.take().map(|seen| seen.why)
    }
}

#[cfg(test)]
mod tests;
