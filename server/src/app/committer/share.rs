//! How many firings of the timekeeper a batch may have, so that commands keep most of the time.
//!
//! Invariant: while commands come, firings live on what commands earn them: one for every
//! [`COMMANDS_A_FIRING`], spent by the batch that has earned it. A batch has one at least, so that
//! the herd never stops.
//! Invariant: where only a few commands came of late, up to [`HANDFUL`], a batch takes as long as
//! its sync, to which some firings add little: it has [`TIMERS_BESIDE_A_HANDFUL`], and the fewer of
//! these the more commands came. One client who asks on and on would otherwise hold a herd to a
//! firing a sync.

use super::BATCH_COMMANDS_MAX;

/// So many commands earn a firing, which costs as much as two or three of them: its case was not
/// looked at for long and is read first. So two thirds of the time stay with commands.
const COMMANDS_A_FIRING: usize = 5;
/// The most commands of a batch that is full and has the firings which they earn.
const COMMANDS_MAX: usize = BATCH_COMMANDS_MAX - BATCH_COMMANDS_MAX / (COMMANDS_A_FIRING + 1);
/// So many commands in this batch and the last ones are few: their clients wait for the sync above
/// all. Sixteen times as many are no longer few in any way.
const HANDFUL: usize = 5;
/// How many firings a batch may have beside a handful of commands.
const TIMERS_BESIDE_A_HANDFUL: usize = 16;
/// How many batches without a command pass before commands are taken to come no more: whoever is
/// answered asks again while one batch is written and one waits.
const BATCHES_REMEMBERED: usize = 3;

/// The commands of the last batches, and what they earned the timekeeper.
#[derive(Debug, Default)]
pub(super) struct Share {
    lately: [usize; BATCHES_REMEMBERED],
    /// Commands that were taken and are too few yet for a firing.
    unspent: usize,
}

impl Share {
    /// Returns how many firings the next batch may have, so many commands being ready.
    pub(super) fn timers_max(&self, commands: usize) -> usize {
        match self
            .lately
            .into_iter()
            .fold(commands, usize::saturating_add)
        {
            0 => BATCH_COMMANDS_MAX,
            lately => {
                let beside_few = HANDFUL * TIMERS_BESIDE_A_HANDFUL / lately.max(HANDFUL);
                let earned = self.unspent.saturating_add(commands.min(COMMANDS_MAX));
                (earned / COMMANDS_A_FIRING).max(beside_few).max(1)
            }
        }
    }

    /// Takes note of a batch with so many commands.
    ///
    /// What no firing was there for is not saved up for a herd that comes later.
    pub(super) fn took(&mut self, commands: usize) {
        self.unspent = self.unspent.saturating_add(commands) % COMMANDS_A_FIRING;
        self.lately.rotate_right(1);
        if let Some(last) = self.lately.first_mut() {
            *last = commands;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns how many firings come to so many batches of these sizes in turn, all wanted.
    fn fired(share: &mut Share, sizes: &[usize], batches: usize) -> usize {
        let sizes = sizes.iter().cycle().take(batches);
        sizes.fold(0, |fired, &commands| {
            let timers = share.timers_max(commands);
            share.took(commands);
            fired + timers
        })
    }

    #[test]
    fn firings_have_a_batch_to_themselves_only_when_no_command_came_for_a_while() {
        let mut share = Share::default();
        assert_eq!(share.timers_max(0), BATCH_COMMANDS_MAX);
        share.took(60);
        // Whoever was answered a moment ago may ask again.
        for _ in 0..BATCHES_REMEMBERED {
            assert_eq!(share.timers_max(0), 1);
            share.took(0);
        }
        assert_eq!(share.timers_max(0), BATCH_COMMANDS_MAX);
    }

    #[test]
    fn firings_never_stop_and_never_have_more_than_commands_earned_them() {
        for sizes in [
            &[32][..],
            &[60, 40, 4],
            &[28, 27, 30],
            &[21],
            &[200, 200, 0],
        ] {
            let mut share = Share::default();
            let cycles = 40;
            let batches = cycles * sizes.len();
            let commands = cycles * sizes.iter().sum::<usize>();
            let fired = fired(&mut share, sizes, batches);
            // A batch of too few commands has one firing all the same.
            let is_small = |commands: &&usize| **commands < COMMANDS_A_FIRING;
            let unearned = cycles * sizes.iter().filter(is_small).count();
            let earned = commands / COMMANDS_A_FIRING + unearned;
            assert!(fired <= earned, "{sizes:?}: {fired} of {earned}");
            assert!(fired >= batches, "{sizes:?}: {fired} in {batches}");
        }
    }

    #[test]
    fn of_more_commands_than_a_batch_holds_only_those_in_it_earn_anything() {
        let share = Share::default();
        let timers = share.timers_max(10 * BATCH_COMMANDS_MAX);
        assert_eq!((COMMANDS_MAX, timers), (427, 85));
        assert!(COMMANDS_MAX + timers <= BATCH_COMMANDS_MAX);
    }

    #[test]
    fn the_more_commands_came_the_fewer_firings_are_beside_them() {
        let beside = |commands: usize| {
            let mut share = Share::default();
            for _ in 0..BATCHES_REMEMBERED {
                share.took(commands);
            }
            share.timers_max(commands)
        };
        let found = [1, 2, 4, 8, 16, 32, 64].map(beside);
        assert_eq!(found, [16, 10, 5, 2, 3, 6, 13]);
    }

    #[test]
    fn a_single_client_does_not_hold_back_a_herd() {
        let mut share = Share::default();
        for _ in 0..2 * BATCHES_REMEMBERED {
            assert_eq!(share.timers_max(1), TIMERS_BESIDE_A_HANDFUL);
            share.took(1);
        }
        share.took(32);
        assert_eq!(share.timers_max(9), 2);
    }
}
