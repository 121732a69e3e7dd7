//! A real server on a port of its own, over a real SQLite file in a folder of its own.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use heard_server::api;
use heard_server::app::{App, Error, Request, new_identity, random_request_id};
use heard_server::clock::{Clock, SystemClock};
use heard_server::store::Store;
use heard_server::store::sqlite::Sqlite;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::client::{Client, person};

/// A server that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct TestServer {
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub address: String,
    /// The application behind it.
    pub app: App,
    /// The folder that holds its store, `heard.db`.
    pub folder: Arc<TempDir>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), api::ServeError>>,
}

impl TestServer {
    /// Starts a server with these workflow files published.
    pub async fn start(workflows: &[&[u8]]) -> anyhow::Result<Self> {
        let folder = Arc::new(TempDir::new()?);
        Self::start_in(folder, workflows, Arc::new(SystemClock::default())).await
    }

    /// Starts a server on the store of a folder.
    pub async fn start_in(
        folder: Arc<TempDir>,
        workflows: &[&[u8]],
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let store = Sqlite::open(&folder.path().join("heard.db"), new_identity)?;
        Self::start_on(Arc::new(store), folder, workflows, clock).await
    }

    /// Starts a server on any store.
    pub async fn start_on(
        store: Arc<dyn Store>,
        folder: Arc<TempDir>,
        workflows: &[&[u8]],
        clock: Arc<dyn Clock>,
    ) -> anyhow::Result<Self> {
        let app = App::start(store, clock);
        for bytes in workflows {
            match app.publish(publishing(), bytes.to_vec()).await {
                Err(Error::Faulty(findings)) => anyhow::bail!("{findings:#?}"),
                published => drop(published?),
            }
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let (stop, stopped) = oneshot::channel::<()>();
        let shutdown = async move {
            let _dropped = stopped.await;
        };
        let ended = tokio::spawn(api::serve(listener, app.clone(), shutdown));
        Ok(Self {
            address,
            app,
            folder,
            stop,
            ended,
        })
    }

    /// Connects a client.
    pub async fn client(&self) -> anyhow::Result<Client> {
        Client::connect(&self.address).await
    }

    /// Stops the server in order; the store is closed afterwards.
    pub async fn stop(self) -> anyhow::Result<()> {
        let _gone = self.stop.send(());
        self.ended.await?.context("the server stops in order")
    }
}

fn publishing() -> Request {
    Request {
        id: random_request_id(),
        person: heard_engine::id::PersonId::parse(&person("publisher")).expect("a person"),
        role: heard_engine::id::RoleName::new("manager").expect("a role"),
        expected_revision: None,
        validate_only: false,
        deadline: None,
    }
}

/// Returns a file of the project, by its path from the top level.
pub fn project_file(path: &str) -> anyhow::Result<Vec<u8>> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("the project has a top")?;
    std::fs::read(top.join(path)).with_context(|| format!("reading {path}"))
}

/// Returns a file of the data beside the project, or why it is not there.
pub fn shared_data(path: &str) -> Result<Vec<u8>, String> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
        .join(path);
    std::fs::read(&beside)
        .map_err(|_| format!("shared/data/{path} does not lie beside the project"))
}
