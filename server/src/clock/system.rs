//! The clock of the machine.
//!
//! Invariant: no sleep lasts longer than [`SLEEP_MS_MAX`]: a wall clock may be set meanwhile.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use heard_engine::time::Timestamp;

use super::Clock;

/// The longest that is slept before the wall clock is looked at again, in milliseconds.
const SLEEP_MS_MAX: u64 = 30_000;

/// The clock of the machine.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    begun: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        let begun = Instant::now();
        Self { begun }
    }
}

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A machine that stands before 1970 is taken to stand at 1970: times of entries never fall.
        let micros = since.map_or(0, |since| {
            i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
        });
        Timestamp::from_micros(micros).unwrap_or_default()
    }

    async fn reached(&self, at: Timestamp) {
        let left = at.micros().saturating_sub(self.now().micros());
        // Whatever is left of a millisecond is slept too: waking a little late costs less than
        // waking a little early and sleeping again.
        let millis = u64::try_from(left).unwrap_or(0).div_ceil(1_000);
        if millis > 0 {
            tokio::time::sleep(Duration::from_millis(millis.min(SLEEP_MS_MAX))).await;
        }
    }

    fn steady(&self) -> Option<Duration> {
        Some(self.begun.elapsed())
    }
}
