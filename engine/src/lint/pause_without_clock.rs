//! Finds pauses in which nothing stands still.

use std::collections::BTreeSet;

use petgraph::graph::NodeIndex;

use super::deadlines::FOLLOWED_MAX;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::ways::Place;

pub(super) struct PauseWithoutClock;

impl Rule for PauseWithoutClock {
    fn code(&self) -> Code {
        Code::H506
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let reached = file.ways.reached().into_iter();
        let pausing = reached.filter_map(|place| {
            let (name, step) = file.ways.at(place).and_then(Place::step)?;
            let pauses = step.value.pauses.as_ref().filter(|pauses| pauses.value)?;
            Some((place, name, pauses.span))
        });
        let mut pausing: Vec<(NodeIndex, &str, Span)> = pausing.collect();
        let clocks = file.source.clocks.iter();
        let mut operational: Vec<_> = clocks.filter(|(_, clock)| !clock.value.statutory).collect();
        if operational.len() > FOLLOWED_MAX {
            return;
        }
        // `end of` a working day is never paused, but what it is extended to may be.
        operational.retain(|(_, clock)| {
            let extend = clock.value.extend.as_ref();
            let to = extend.and_then(|extend| extend.to.as_ref());
            let mut lengths = clock.value.within.iter().chain(to);
            lengths.any(|length| length.value.unit.can_pause())
        });
        for (name, clock) in operational {
            if pausing.is_empty() {
                return;
            }
            let walks = file.ways.with_clock(name, &clock.value);
            let running = walks.states().filter(|(_, is_running)| *is_running);
            let running: BTreeSet<NodeIndex> = running.map(|(place, _)| place).collect();
            pausing.retain(|(place, ..)| !running.contains(place));
        }
        for (_, name, span) in pausing {
            found.push(self.finding(name, span));
        }
    }
}

impl PauseWithoutClock {
    fn finding(&self, name: &str, span: Span) -> Finding {
        let message = format!("nothing stands still while a case waits in `{name}`");
        Finding::warning(self.code(), span, message)
            .at("no clock that it could stop runs here")
            .why(
                "`pauses` stops clocks that are not statutory; promises, what is due, statutory \
                 clocks and an `end of` a working day go on",
            )
            .mend("delete `pauses`, or let a clock run until after this step")
    }
}
