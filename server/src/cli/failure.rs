//! Why a command of the command line did not do what was asked, and how that is told.
//!
//! Invariant: whatever the failure, it is told once, in plain words, and gives the exit code.

use std::error::Error;
use std::io;

use serde_json::{Value, json};

use super::answer::Answer;
use super::console::{Console, Format};
use super::exit::Exit;
use crate::escape::escaped;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line, or something it names, cannot be used.
    Usage(String),
    /// The server answered with a "no".
    Answer(Box<Answer>),
    /// No server answered.
    OutOfReach(String),
    /// The store failed or is damaged.
    Store(String),
    /// The server was cut off while stopping.
    Late(String),
    /// A fault of heard.
    Bug(String),
    /// Standard output cannot be written to.
    Output(io::Error),
}

impl Failure {
    /// Returns how the process ends.
    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            Self::Answer(answer) => answer.exit(),
            Self::OutOfReach(_) => Exit::OutOfReach,
            Self::Late(_) => Exit::Late,
            Self::Bug(_) => Exit::Bug,
            // Whoever read our output has seen enough: `heard ... | head`.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
            Self::Store(_) | Self::Output(_) => Exit::StoreFailed,
        }
    }

    /// Tells it, and returns how the process ends.
    pub(super) fn tell(&self, console: &mut Console<'_>) -> Exit {
        let exit = self.exit();
        let is_reader_gone = exit == Exit::Clean;
        if is_reader_gone {
            return exit;
        }
        match console.format {
            Format::Json if !matches!(self, Self::Output(_)) => {
                if let Err(unwritten) = console.json(&self.json()) {
                    return unwritten.exit();
                }
            }
            Format::Json | Format::Table => console.say(self.text().trim_end()),
        }
        exit
    }

    fn text(&self) -> String {
        match self {
            Self::Answer(answer) => answer.text(),
            Self::Usage(text) | Self::OutOfReach(text) | Self::Store(text) | Self::Late(text) => {
                format!("heard: {text}")
            }
            Self::Bug(text) => format!(
                "heard: a fault of heard, please report it: {}",
                escaped(text)
            ),
            Self::Output(error) => format!("heard: the output cannot be written: {error}"),
        }
    }

    fn json(&self) -> Value {
        json!({"error": self.error()})
    }

    /// Returns what is told of it to programs, under the key `error`.
    pub(super) fn error(&self) -> Value {
        let plain = |text: &str| json!({"exit": self.exit().number(), "message": text});
        match self {
            Self::Answer(answer) => answer.error(),
            Self::Usage(text)
            | Self::OutOfReach(text)
            | Self::Store(text)
            | Self::Late(text)
            | Self::Bug(text) => plain(text),
            Self::Output(error) => plain(&error.to_string()),
        }
    }
}

/// Returns an error and what lies behind it, in one line.
pub(super) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let behind = error.to_string();
        // Errors of libraries often repeat what lies behind them.
        if !text.ends_with(&behind) {
            text.push_str(": ");
            text.push_str(&behind);
        }
        next = error.source();
    }
    escaped(&text)
}
