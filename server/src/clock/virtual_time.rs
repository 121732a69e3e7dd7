//! A clock that stands until it is moved, for test systems.
//!
//! Invariant: it never goes back.

use async_trait::async_trait;
use heard_engine::time::Timestamp;
use tokio::sync::watch;

use super::Clock;

/// A clock that stands until it is moved forward, and wakes whoever waits for where it is moved.
#[derive(Debug)]
pub struct VirtualClock {
    now: watch::Sender<Timestamp>,
}

impl VirtualClock {
    /// Makes a clock that stands at an instant.
    #[must_use]
    pub fn new(at: Timestamp) -> Self {
        Self {
            now: watch::Sender::new(at),
        }
    }

    /// Moves the clock; not at all to a time that is over.
    pub fn set(&self, to: Timestamp) {
        self.now.send_if_modified(|now| {
            let is_ahead = to > *now;
            if is_ahead {
                *now = to;
            }
            is_ahead
        });
    }
}

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn reached(&self, at: Timestamp) {
        let mut moved = self.now.subscribe();
        // The other end is held by this very clock: the wait cannot end for want of it.
        let _reached = moved.wait_for(|now| *now >= at).await;
    }

    fn as_virtual(&self) -> Option<&VirtualClock> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(micros: i64) -> Timestamp {
        Timestamp::from_micros(micros).unwrap()
    }

    #[tokio::test]
    async fn it_wakes_whoever_waits_for_where_it_is_set_and_never_goes_back() {
        let clock = VirtualClock::new(at(10));
        clock.reached(at(10)).await;
        let waits = clock.reached(at(20));
        let moves = async {
            clock.set(at(15));
            clock.set(at(14));
            assert_eq!(clock.now(), at(15));
            clock.set(at(25));
        };
        tokio::join!(waits, moves);
        assert_eq!(clock.now(), at(25));
    }
}
