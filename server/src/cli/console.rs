//! Where the command line writes: results to standard output, the rest to standard error.
//!
//! Invariant: nothing else of this crate writes to either but `telemetry`.

use std::io::{self, Write};

use serde_json::Value;

use super::failure::Failure;

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs.
    Json,
}

/// Where the command line writes.
pub(super) struct Console<'a> {
    out: &'a mut dyn Write,
    err: &'a mut dyn Write,
    /// How results are written.
    pub(super) format: Format,
    /// Whether results may have colours.
    pub(super) is_coloured: bool,
}

impl<'a> Console<'a> {
    /// Writes to these.
    pub(super) fn new(out: &'a mut dyn Write, err: &'a mut dyn Write) -> Self {
        Self {
            out,
            err,
            format: Format::Table,
            is_coloured: false,
        }
    }

    /// Writes a result in the form that is wanted.
    pub(super) fn show(
        &mut self,
        json: impl FnOnce() -> Value,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        match self.format {
            Format::Json => self.json(&json()),
            Format::Table => self.text(&text()),
        }
    }

    /// Writes JSON to standard output, on lines of its own.
    pub(super) fn json(&mut self, value: &Value) -> Result<(), Failure> {
        self.line(&format!("{value:#}"))
    }

    /// Writes a line to standard output.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Failure> {
        written(writeln!(self.out, "{line}"))
    }

    /// Writes text that ends with a line to standard output.
    pub(super) fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.bytes(text.as_bytes())
    }

    /// Writes bytes to standard output as they are.
    pub(super) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        written(self.out.write_all(bytes))
    }

    /// Writes out what is held back.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        written(self.out.flush())
    }

    /// Writes a line to standard error. Where that cannot be written there is nobody left to tell.
    pub(super) fn say(&mut self, line: &str) {
        drop(writeln!(self.err, "{line}").and_then(|()| self.err.flush()));
    }
}

fn written(done: io::Result<()>) -> Result<(), Failure> {
    done.map_err(Failure::Output)
}
