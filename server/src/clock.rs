//! What time it is, and when an instant is reached, as a thing that can be given.
//!
//! Invariant: nothing but [`SystemClock`] asks the machine.

mod system;
mod virtual_time;

use std::time::Duration;

use async_trait::async_trait;
use heard_engine::time::Timestamp;

pub use system::SystemClock;
pub use virtual_time::VirtualClock;

/// Tells the time.
#[async_trait]
pub trait Clock: Send + Sync + 'static {
    /// Returns the present instant.
    fn now(&self) -> Timestamp;

    /// Waits until an instant is reached. It may return earlier: whoever waits looks again.
    async fn reached(&self, at: Timestamp);

    /// Returns how long a clock that nobody can set has run since some beginning, by which it is
    /// seen that this one was set. `None` where being set is what it is for.
    fn steady(&self) -> Option<Duration> {
        None
    }

    /// Returns the clock as one that is moved by hand, when it is such a one.
    fn as_virtual(&self) -> Option<&VirtualClock> {
        None
    }
}
