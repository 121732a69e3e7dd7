//! The server of the demo: real, in this process, on a store of its own in a temporary folder.
//!
//! Invariant: the folder is gone when this is dropped.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::api::{self, ServeError};
use crate::app::Rebuilt;
use crate::cli::failure::{Failure, chain};
use crate::cli::serve::stopped;
use crate::run;

/// A folder that is removed when this is dropped.
#[derive(Debug)]
pub(super) struct House {
    folder: PathBuf,
}

/// A server under way.
#[derive(Debug)]
pub(super) struct Running {
    /// Where it listens.
    pub(super) address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl House {
    /// Makes a new folder.
    ///
    /// # Errors
    ///
    /// [`Failure::Store`] when the machine does not let us.
    pub(super) fn new() -> Result<Self, Failure> {
        let folder = std::env::temp_dir().join(format!("heard-demo-{}", Uuid::new_v4()));
        fs::create_dir(&folder).map_err(|error| {
            Failure::Store(format!("cannot make {}: {error}", folder.display()))
        })?;
        Ok(Self { folder })
    }

    /// Returns the file of the store.
    pub(super) fn store(&self) -> PathBuf {
        self.folder.join("heard.db")
    }

    /// Starts a server over the store, on a free port of this machine.
    ///
    /// # Errors
    ///
    /// [`Failure`] says why not.
    pub(super) async fn start(&self) -> Result<Running, Failure> {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let listener = TcpListener::bind(free).await;
        let bound = listener.and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (address, listener) =
            bound.map_err(|error| Failure::Usage(format!("cannot listen on {free}: {error}")))?;
        let failed = |error: &dyn std::error::Error| Failure::Store(chain(error));
        let opened = run::open(&self.store()).map_err(|error| failed(&error))?;
        let kept = opened.app.keep_time().await;
        kept.map_err(|error| failed(&error))?;
        let (stop, stop_wanted) = oneshot::channel();
        let wanted = async {
            // Both ways to end mean the same: it was sent, or its sender is gone.
            let _either = stop_wanted.await;
        };
        let task = tokio::spawn(api::serve(listener, opened.app, wanted));
        Ok(Running {
            address,
            stop,
            task,
        })
    }

    /// Reads the whole store without a server and compares everything derived with the entries.
    ///
    /// # Errors
    ///
    /// [`Failure::Store`] when it cannot be read.
    pub(super) async fn check(&self) -> Result<Rebuilt, Failure> {
        let opened = run::open(&self.store()).map_err(|error| Failure::Store(chain(&error)))?;
        let rebuilt = opened.app.rebuild(false).await;
        let closed = opened.app.stop().await;
        let failed = |error| Failure::Store(chain(&error));
        closed.map_err(failed)?;
        rebuilt.map_err(failed)
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            let folder = self.folder.display();
            tracing::warn!("{folder} could not be removed: {error}");
        }
    }
}

impl Running {
    /// Stops the server and waits until it has.
    ///
    /// # Errors
    ///
    /// [`Failure`] when it did not stop in order.
    pub(super) async fn stop(self) -> Result<(), Failure> {
        // Where the server has ended by itself, the task says why.
        let _ended = self.stop.send(());
        match self.task.await {
            Ok(ended) => ended.map_err(|error| stopped(&error)),
            Err(error) => Err(Failure::Bug(chain(&error))),
        }
    }
}
