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

/// Returns a watch of a server that starts later, over a store that keeps what another saw.
fn restored(hold: &Hold, clocks: &Clocks) -> Hold {
    let seen = hold.unkept().unwrap();
    hold.kept(seen);
    assert_eq!(hold.unkept(), None);
    let later = Hold::default();
    later.restore(clocks, &seen.to_text());
    assert_eq!((later.why(), later.unkept()), (hold.why(), None));
    later
}

#[test]
fn a_server_that_starts_later_holds_time_as_it_was_held() {
    let year = 365 * 24 * HOUR;
    for (leap, while_away, standing) in [
        (2 * HOUR, HOUR, Standing::Held),
        (-2 * HOUR, HOUR, Standing::Held),
        (year, 0, Standing::Shut),
        (year, HOUR, Standing::Shut),
        // It was set right before the start, and still nobody has said so.
        (year, HOUR - year, Standing::Held),
    ] {
        let (hold, clocks) = (Hold::default(), Clocks::default());
        after(&hold, &clocks, 0, 0);
        after(&hold, &clocks, leap, 0);
        clocks.pass(while_away, 0);
        let later = restored(&hold, &clocks);
        let told = format!("{leap} {while_away}");
        assert_eq!(after(&later, &clocks, HOUR, HOUR), standing, "{told}");
        if standing == Standing::Shut {
            assert_eq!(after(&later, &clocks, -year, 0), Standing::Held, "{told}");
        }
        assert_eq!(later.accept(), hold.why(), "{told}");
        assert_eq!(after(&later, &clocks, 0, 0), Standing::Right, "{told}");
    }
}

#[test]
fn a_clock_that_came_back_while_it_was_watched_is_not_ahead_after_a_restart() {
    let year = 365 * 24 * HOUR;
    let (hold, clocks) = (Hold::default(), Clocks::default());
    after(&hold, &clocks, 0, 0);
    assert_eq!(after(&hold, &clocks, year, 0), Standing::Shut);
    hold.kept(hold.unkept().unwrap());
    assert_eq!(after(&hold, &clocks, HOUR - year, HOUR), Standing::Held);
    // Longer away than it stood ahead, the clock shows more than it did then.
    clocks.pass(2 * year, 0);
    let later = restored(&hold, &clocks);
    assert_eq!(after(&later, &clocks, HOUR, HOUR), Standing::Held);
    assert_eq!(later.unkept(), None);
    let latest = Hold::default();
    latest.restore(&clocks, &hold.state().held.unwrap().to_text());
    assert_eq!(after(&latest, &clocks, HOUR, HOUR), Standing::Held);
    // Another leap is one, and is written down.
    assert_eq!(after(&latest, &clocks, year, 0), Standing::Shut);
    assert!(latest.unkept().is_some());
    assert_eq!(after(&latest, &clocks, -year, 0), Standing::Held);
    assert_eq!(latest.accept(), hold.why());
}

#[test]
fn what_an_older_heard_kept_is_read() {
    let clocks = Clocks::default();
    clocks.pass(HOUR, 0);
    let hold = Hold::default();
    let kept = format!(
        "{{\"why\":{{\"leapt\":{{\"by_micros\":{}}}}},\"at\":0}}",
        25 * HOUR
    );
    hold.restore(&clocks, &kept);
    assert_eq!(after(&hold, &clocks, HOUR, HOUR), Standing::Shut);
}

#[test]
fn a_leap_on_says_that_the_machine_may_have_slept() {
    let told = |by_micros| Held::Leapt { by_micros }.to_string();
    let on = "the clock of the machine was set 90 s on, or the machine slept";
    assert_eq!(told(90 * SECOND), on);
    let back = "the clock of the machine was set 90 s back";
    assert_eq!(told(-90 * SECOND), back);
}

#[test]
fn a_clock_that_leaps_on_to_where_nothing_is_written_is_held_for_that() {
    let (hold, clocks) = (Hold::default(), Clocks::default());
    hold.away(clocks.now(), None, 1_001);
    assert_eq!(after(&hold, &clocks, 0, 0), Standing::Held);
    let away = hold.unkept().unwrap();
    hold.kept(away);
    assert_eq!(after(&hold, &clocks, 25 * HOUR, 0), Standing::Shut);
    let by_micros = 25 * HOUR;
    assert_eq!(hold.why(), Some(Held::Leapt { by_micros }));
    // What was written meanwhile is not what holds it any more.
    hold.kept(away);
    assert!(hold.unkept().is_some());
    let later = restored(&hold, &clocks);
    assert_eq!(after(&later, &clocks, 0, 0), Standing::Shut);
}

#[test]
fn a_reason_that_cannot_be_read_holds_time() {
    for kept in ["", "{}", "{\"why\":\"tired\",\"at\":0}"] {
        let (hold, clocks) = (Hold::default(), Clocks::default());
        hold.restore(&clocks, kept);
        assert_eq!(hold.why(), Some(Held::Unread), "{kept}");
        assert_eq!(after(&hold, &clocks, HOUR, HOUR), Standing::Held, "{kept}");
        assert_eq!(hold.unkept(), None, "{kept}");
    }
}
