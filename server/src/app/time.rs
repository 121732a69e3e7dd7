//! What can be asked of the time of the application, and how it is set.

use std::sync::{Arc, PoisonError};

use heard_engine::case::seal::BadRequest;
use heard_engine::code::Code;
use heard_engine::time::Timestamp;
use tokio::sync::oneshot;

use super::timekeeper::{Fired, Held};
use super::{App, Error};

/// How far due cases are counted for whoever looks at the clock.
pub const DUE_COUNTED_MAX: usize = 10_000;

/// How the clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockState {
    /// What it shows.
    pub now: Timestamp,
    /// It is a virtual clock, which [`App::set_clock`] moves.
    pub is_virtual: bool,
    /// Why no deadline fires, when time is held.
    pub held: Option<Held>,
    /// When the next case is due after now.
    pub next_due: Option<Timestamp>,
    /// How many cases are due and wait to be fired, counted to [`DUE_COUNTED_MAX`].
    pub due: usize,
}

impl App {
    /// Looks whether time was held when the server ended, or the server comes back from a long
    /// absence to much that is due: then time is held. Must come before anything is written, which
    /// would be the newest entry; looks once.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when it cannot be learnt what is due.
    pub async fn look_back(&self) -> Result<(), Error> {
        self.shared.timekeeper.look_back().await
    }

    /// Fires from now on what is due, until the application stops, having looked back if
    /// [`App::look_back`] has not.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when it cannot be learnt what is due; then nothing is begun.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub async fn keep_time(&self) -> Result<(), Error> {
        let timekeeper = Arc::clone(&self.shared.timekeeper);
        timekeeper.look_back().await?;
        let (stop, stopped) = oneshot::channel::<()>();
        let committer = Arc::clone(&self.shared.committer);
        let task = tokio::spawn(async move {
            tokio::select! {
                biased;
                // Told so or let go of: both are the end.
                _either = stopped => {}
                () = timekeeper.run() => {}
            }
        });
        tokio::spawn(async move {
            if task.await.is_err_and(|error| error.is_panic()) {
                committer.fail("the timekeeper has ended");
            }
        });
        self.keeping(Some(stop));
        Ok(())
    }

    /// Fires nothing more when nobody calls. A clock that is being moved stands where it was
    /// reached; whoever moves it is told that the server is stopping.
    pub fn stop_keeping_time(&self) {
        self.shared.timekeeper.stop();
        self.keeping(None);
    }

    /// Replaces what ends the timekeeper when it is let go of.
    fn keeping(&self, stop: Option<oneshot::Sender<()>>) {
        let keeping = self.shared.keeping.lock();
        *keeping.unwrap_or_else(PoisonError::into_inner) = stop;
    }

    /// Returns how the clock stands.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn clock_state(&self) -> Result<ClockState, Error> {
        let (store, clock) = (&self.shared.store, &self.shared.clock);
        let now = clock.now();
        // A leap is seen also where nothing else happens.
        let hold = &self.shared.timekeeper.hold;
        hold.look(&**clock, now);
        if hold.unkept().is_some() {
            // What is told here is known after a restart too; where that fails, it is logged.
            let _logged = self.shared.committer.keep_hold().await;
        }
        Ok(ClockState {
            now,
            is_virtual: clock.as_virtual().is_some(),
            held: hold.why(),
            next_due: store.next_due(now).await?,
            due: store.due_count(now, DUE_COUNTED_MAX).await?,
        })
    }

    /// Returns why no deadline fires, when time is held.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        self.shared.timekeeper.hold.why()
    }

    /// Moves the virtual clock, from due to due, so that each deadline is fired at its own time.
    /// Returns once all is fired and the clock stands there.
    ///
    /// # Errors
    ///
    /// [`Error::NotVirtual`]; malformed for a time that is over; [`Error::Store`] and
    /// [`Error::Stopping`], after which the clock stands where it was reached.
    pub async fn set_clock(&self, to: Timestamp) -> Result<Fired, Error> {
        let clock = self.shared.clock.as_virtual().ok_or(Error::NotVirtual)?;
        let now = super::Clock::now(clock);
        if to < now {
            let text = format!("the clock shows {now}, and does not go back");
            return Err(Error::Bad(BadRequest::one(Code::HB001, "time", text)));
        }
        self.shared.timekeeper.move_to(to).await
    }

    /// Takes the clock to be right as it stands. Returns why time was held; none when it was not.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when that cannot be written, and [`Error::Stopping`]: time stays held.
    pub async fn accept_clock(&self) -> Result<Option<Held>, Error> {
        self.shared.committer.accept_clock().await
    }
}
