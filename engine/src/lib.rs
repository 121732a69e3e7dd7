//! The pure core of H.E.A.R.D.: the workflow language, its lint, and the state machine of a case.
//!
//! Words, each with one meaning:
//!
//! - a *workflow* is a compiled, immutable definition made from YAML; a *case* is one customer's
//!   complaint and keeps the workflow version it was opened with;
//! - a *step* is a named place in a workflow and belongs to one or more *phases*; a *task* is a
//!   part of a step; an *action* is a named way out of a step, with ordered *rules*;
//! - a *command* is a request that may be refused; an *event* is a fact; an *entry* is one
//!   accepted command with its events, hashed and chained to the entry before it in its *stream*;
//! - a *refusal* is the engine's "no" to a command, a *finding* a fault of a workflow file.
//!
//! ```text
//! YAML ── workflow::source ── lint ── workflow::compile ── Workflow
//!                                                             │
//! raw command ── case::seal ── Command ── case::decide ── [Event] ── entry ── bytes
//!                                              ▲                        │
//!                                            Case ◄── case::evolve ◄────┘
//! ```
//!
//! A *scenario* is a story of one case with what it must come to; [`scenario`] runs it through the
//! same `seal`, `decide` and `evolve`.
//!
//! [`measure`] reads the same entries for what cases took and what many of them come to; [`cause`]
//! says what their causes come to. [`draw`] makes the chance of a sample from what is recorded.
//!
//! [`blame`] reads the text of a diagnosis for blame of persons, and knows nothing of the others.
//!
//! Invariant: no clock, no randomness, no file, no thread, no async and no logging in this crate.
//! Invariant: `id, time, money, value ← calendar ← workflow ← case ← entry`, `lint → workflow`, and
//! `scenario → case, workflow, lint`, and `measure → entry, case, workflow`, and
//! `cause → measure, entry, case, workflow`, and `draw → id`, and `case → blame, draw`.

pub mod blame;
pub mod calendar;
pub mod case;
pub mod cause;
pub mod code;
pub mod draw;
pub mod entry;
pub mod finding;
pub mod id;
pub mod lint;
pub mod measure;
pub mod money;
pub mod scenario;
pub mod time;
pub mod value;
pub mod workflow;
