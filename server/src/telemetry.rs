//! Says on stderr what the operator should know: one line a record.
//!
//! Invariant: nothing in a record can begin a second line or reach the terminal as a command.

use std::io::{self, Write};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::escape::escaped;

/// The variable that says how much is logged, such as `info` or `heard_server=debug`.
pub(crate) const LEVEL_VARIABLE: &str = "HEARD_LOG";

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TelemetryError {
    /// The variable does not say what to log.
    #[error("{LEVEL_VARIABLE} must name levels, such as info or heard_server=debug")]
    Level(#[source] tracing_subscriber::filter::ParseError),
}

/// Begins to log to stderr. A second call in one process changes nothing.
///
/// # Errors
///
/// [`TelemetryError::Level`] when [`LEVEL_VARIABLE`] cannot be read.
pub(crate) fn start(level: &str) -> Result<(), TelemetryError> {
    let wanted = std::env::var(LEVEL_VARIABLE).unwrap_or_else(|_| level.to_owned());
    let filter = EnvFilter::try_new(wanted).map_err(TelemetryError::Level)?;
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(OneLineEach(io::stderr))
        .finish();
    // Somebody who embeds us may have set up their own.
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        tracing::debug!("logging was set up before");
    }
    Ok(())
}

/// Makes writers that put one record on one line.
struct OneLineEach<M>(M);

impl<'a, M: MakeWriter<'a>> MakeWriter<'a> for OneLineEach<M> {
    type Writer = OneLine<M::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        OneLine(self.0.make_writer())
    }
}

/// Writes each record it is given, which comes in one piece, on one line.
struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, record: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(record);
        let line = escaped(text.strip_suffix('\n').unwrap_or(&text));
        self.0.write_all(format!("{line}\n").as_bytes())?;
        Ok(record.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_forged_record_stays_on_the_line_of_its_own() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(OneLineEach(move || writer.clone()))
            .finish();
        tracing::subscriber::with_default(subscriber, || {
            let note = "fine\n2026-01-01T00:00:00Z  INFO forged \u{1b}[2J \u{202e}";
            tracing::warn!(note, "a note {}", note);
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text:?}");
        assert!(text.ends_with('\n'));
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text:?}"
        );
    }
}
