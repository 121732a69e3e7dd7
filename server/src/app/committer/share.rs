//! How many firings of the timekeeper a batch may have, so that commands keep most of the time.
//!
//! Invariant: while commands come, a batch has at most a quarter of [`BATCH_COMMANDS_MAX`] and a
//! third as many firings as the largest of the last batches had commands, but [`TIMERS_MIN`] at
//! least: so the herd never stops, and whoever was answered a moment ago and asks again does not
//! find a batch of nothing but firings before him. Where batches differ in size that comes to more
//! than a third of all.
//! Invariant: up to [`HANDFUL`] commands leave [`TIMERS_BESIDE_A_HANDFUL`] to the herd. A batch of
//! so few takes as long as its sync, to which some firings add little; one client who asks on and
//! on would otherwise hold a herd to a few firings a sync.

use super::{BATCH_COMMANDS_MAX, BATCH_TIMERS_MAX};

/// The fewest firings that a batch may have.
const TIMERS_MIN: usize = 4;
/// So many commands in a batch are few: their clients wait for the sync above all.
const HANDFUL: usize = 5;
/// How many firings a batch may have beside a handful of commands.
const TIMERS_BESIDE_A_HANDFUL: usize = 16;
/// How many batches without a command pass before commands are taken to come no more: whoever is
/// answered asks again while one batch is written and one waits.
const BATCHES_REMEMBERED: usize = 3;

/// The commands of the last batches.
#[derive(Debug, Default)]
pub(super) struct Share {
    lately: [usize; BATCHES_REMEMBERED],
}

impl Share {
    /// Returns how many firings the next batch may have, so many commands being ready.
    pub(super) fn timers_max(&self, commands: usize) -> usize {
        match self.lately.into_iter().fold(commands, usize::max) {
            0 => BATCH_COMMANDS_MAX,
            1..=HANDFUL => TIMERS_BESIDE_A_HANDFUL,
            lately => (lately / 3).clamp(TIMERS_MIN, BATCH_TIMERS_MAX),
        }
    }

    /// Takes note of a batch with so many commands.
    pub(super) fn took(&mut self, commands: usize) {
        self.lately.rotate_right(1);
        if let Some(last) = self.lately.first_mut() {
            *last = commands;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firings_have_a_batch_to_themselves_only_when_no_command_came_for_a_while() {
        let mut share = Share::default();
        assert_eq!(share.timers_max(0), BATCH_COMMANDS_MAX);
        share.took(60);
        // Whoever was answered a moment ago may ask again.
        assert_eq!(share.timers_max(0), 20);
        share.took(0);
        share.took(0);
        assert_eq!(share.timers_max(0), 20);
        share.took(0);
        assert_eq!(share.timers_max(0), BATCH_COMMANDS_MAX);
    }

    #[test]
    fn firings_never_stop_and_never_have_more_than_a_quarter_beside_commands() {
        let share = Share::default();
        assert_eq!(share.timers_max(HANDFUL + 1), TIMERS_MIN);
        // As many as 64 clients have in a batch while another is written.
        assert_eq!(share.timers_max(32), 10);
        assert_eq!(share.timers_max(BATCH_COMMANDS_MAX), BATCH_TIMERS_MAX);
    }

    #[test]
    fn a_single_client_does_not_hold_back_a_herd() {
        let mut share = Share::default();
        for _ in 0..2 * BATCHES_REMEMBERED {
            assert_eq!(share.timers_max(1), TIMERS_BESIDE_A_HANDFUL);
            share.took(1);
        }
        share.took(32);
        assert_eq!(share.timers_max(1), 10);
    }
}
