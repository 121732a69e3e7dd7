//! Tells when the operator wants the server to stop.

use std::io;

/// Signals that ask the server to stop, listened to from the moment this is made.
#[derive(Debug)]
pub(crate) struct StopSignals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl StopSignals {
    /// Begins to listen. Must be called within a runtime.
    ///
    /// # Errors
    ///
    /// What the system said when it does not let us listen.
    #[cfg(unix)]
    pub(crate) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// Never on this system.
    #[cfg(not(unix))]
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Returns once SIGINT or SIGTERM has come.
    #[cfg(unix)]
    pub(crate) async fn received(mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Returns once Ctrl-C has been pressed.
    #[cfg(not(unix))]
    pub(crate) async fn received(self) {
        if tokio::signal::ctrl_c().await.is_err() {
            // Nobody can ask us to stop: serve until the process is ended.
            std::future::pending::<()>().await;
        }
    }
}
