//! Leaps of the clock, one by one.

use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;

use super::*;

const HOUR: i64 = 3_600 * SECOND;

/// Two clocks moved by hand, in microseconds.
#[derive(Default)]
struct Clocks {
    wall: AtomicI64,
    steady: AtomicI64,
}

impl Clocks {
    fn pass(&self, wall: i64, steady: i64) {
        self.wall.fetch_add(wall, Ordering::AcqRel);
        self.steady.fetch_add(steady, Ordering::AcqRel);
    }
}

#[async_trait]
impl Clock for Clocks {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.wall.load(Ordering::Acquire)).unwrap()
    }

    async fn reached(&self, _: Timestamp) {
        std::future::pending::<()>().await;
    }

    fn steady(&self) -> Option<Duration> {
        let micros = self.steady.load(Ordering::Acquire);
        Some(Duration::from_micros(micros.unsigned_abs()))
    }
}

/// Returns how it stands after these passed, by the wall clock and by the steady one.
fn after(hold: &Hold, clocks: &Clocks, wall: i64, steady: i64) -> Standing {
    clocks.pass(wall, steady);
    hold.look(clocks, clocks.now())
}

#[test]
fn a_leap_holds_time_until_it_is_accepted_and_slow_drift_does_not() {
    let (hold, clocks) = (Hold::default(), Clocks::default());
    assert_eq!(after(&hold, &clocks, 0, 0), Standing::Right);
    // A minute to the microsecond, and one that is gained over half a day.
    assert_eq!(
        after(&hold, &clocks, 120 * SECOND, 60 * SECOND),
        Standing::Right
    );
    assert_eq!(after(&hold, &clocks, -59 * SECOND, SECOND), Standing::Right);
    for _ in 0..30 {
        let standing = after(&hold, &clocks, HOUR + 5 * SECOND, HOUR + 1);
        assert_eq!(standing, Standing::Right);
    }
    assert_eq!(hold.accept(), None);
    assert_eq!(after(&hold, &clocks, 0, 0), Standing::Right);
    assert_eq!(after(&hold, &clocks, 60 * SECOND + 1, 0), Standing::Held);
    let by_micros = 60 * SECOND + 1;
    assert_eq!(hold.why(), Some(Held::Leapt { by_micros }));
    // It comes back by itself, and stays held.
    assert_eq!(after(&hold, &clocks, 0, by_micros), Standing::Held);
    assert_eq!(hold.accept(), Some(Held::Leapt { by_micros }));
    assert_eq!(after(&hold, &clocks, SECOND, SECOND), Standing::Right);
    assert_eq!(after(&hold, &clocks, -61 * SECOND, 0), Standing::Held);
}

#[test]
fn nothing_is_written_while_the_clock_stands_more_than_a_day_ahead() {
    let (hold, clocks) = (Hold::default(), Clocks::default());
    assert_eq!(after(&hold, &clocks, 0, 0), Standing::Right);
    assert_eq!(after(&hold, &clocks, 24 * HOUR, 0), Standing::Held);
    assert_eq!(after(&hold, &clocks, 1, 0), Standing::Shut);
    assert_eq!(after(&hold, &clocks, 24 * 365 * HOUR, HOUR), Standing::Shut);
    assert_eq!(after(&hold, &clocks, -24 * 365 * HOUR, 0), Standing::Held);
    // A mere silence is none of it: both clocks go on.
    hold.accept();
    assert_eq!(after(&hold, &clocks, 0, 0), Standing::Right);
    let year = 24 * 365 * HOUR;
    assert_eq!(after(&hold, &clocks, year, year), Standing::Right);
}
