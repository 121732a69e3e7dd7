//! Writes down that time is held, and that it is no more, so that a server that starts later knows.
//!
//! Invariant: nothing is decided under a hold that is not in the store.
//! Invariant: the committer alone writes it, one write after the other: what was meant last holds.

use heard_engine::time::Timestamp;

use super::{Committer, Life, Parts};
use crate::app::error::{Error, chain};
use crate::app::timekeeper::{Held, Standing};
use crate::store;

impl Committer {
    /// Returns what may be done by the clock, having written down why time is held, if it is.
    /// Nothing may be written before that is.
    pub(super) async fn standing(&self, now: Timestamp) -> Standing {
        let standing = self.parts.hold.look(&*self.parts.clock, now);
        let kept = self.keep_hold().await;
        if kept.is_err() {
            Standing::Shut
        } else {
            standing
        }
    }

    /// Writes down why time is held, unless that is written already or it is not held.
    pub(super) async fn keep_hold(&self) -> Result<(), Error> {
        let Some(seen) = self.parts.hold.unkept() else {
            return Ok(());
        };
        let kept = self.parts.store.keep_hold(Some(seen.to_text())).await;
        kept.map_err(|error| {
            self.parts.hold.not_kept(&error);
            self.failed(error)
        })?;
        self.parts.hold.kept(seen);
        Ok(())
    }

    /// Takes the clock to be right as it stands, once the store says that time is not held.
    /// Returns why it was.
    pub(super) async fn accept_clock(&self) -> Result<Option<Held>, Error> {
        let Parts {
            store, hold, alarm, ..
        } = &self.parts;
        if hold.why().is_some() {
            let kept = store.keep_hold(None).await;
            kept.map_err(|error| self.failed(error))?;
        }
        let held = hold.accept();
        if let Some(held) = held {
            tracing::warn!("the clock was accepted: {held}; deadlines fire again");
        }
        alarm.ring();
        Ok(held)
    }

    /// Ends all answers where it is in doubt what was written.
    fn failed(&self, error: store::Error) -> Error {
        if let store::Error::Fatal { .. } = &error {
            self.pulse.end(Life::Failed(chain(&error)));
        }
        Error::Store(error)
    }
}
