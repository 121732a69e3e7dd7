//! How many firings of the timekeeper a batch may have, so that commands keep most of the time.
//!
//! Invariant: while commands come, a batch has at most a quarter of [`BATCH_COMMANDS_MAX`] and a
//! third as many firings as commands, or [`TIMERS_MIN`]: so the herd never stops, and whoever was
//! answered a moment ago and asks again does not find a batch of nothing but firings before him.

use super::{BATCH_COMMANDS_MAX, BATCH_TIMERS_MAX};

/// The fewest firings that a batch may have. More would be most of the batches of few clients.
const TIMERS_MIN: usize = 4;
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
        assert_eq!(share.timers_max(1), TIMERS_MIN);
        assert_eq!(share.timers_max(BATCH_COMMANDS_MAX), BATCH_TIMERS_MAX);
    }
}
