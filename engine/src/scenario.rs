//! Scenarios: stories of a case, run through the engine itself in virtual time.
//!
//! A scenarios file is read with the same reader, spans and findings as a workflow file. A story is
//! run by `seal`, `decide` and `evolve`, as the server runs a case; people, salts and times are
//! counted, so the same files come to the same result everywhere.
//!
//! Invariant: a story sees nothing but the workflow and its own lines: no clock, no chance.
//! Invariant: which rule fits is never judged here; it is read from the events that were decided.

mod attempt;
mod coverage;
mod desk;
mod diagnosis;
mod generate;
#[doc = include_str!("scenario/language.md")]
pub mod language {}
mod read;
mod run;
pub mod schema;
mod stand_in;
mod story;
mod trace;
mod words;
mod write;

pub use attempt::{Attempt, Attempted, Tried, Verdict, attempt};
pub use coverage::{Coverage, Moment, Part, Walked, findings, parts, thing};
pub use generate::{DECISIONS_MAX, Generated, Unwritten, generate};
pub use read::{read, value};
pub use run::{Failure, Outcome, Stop, run};
pub use story::{
    Deed, Doing, Expected, Fate, Hope, Line, Opening, SCENARIOS_MAX, STORY_LINES_MAX, Scenario,
    Scenarios, What, Wish,
};
pub use trace::{Fit, RuleSeen, Trace};

#[cfg(test)]
mod proofs;
#[cfg(test)]
mod tests;
