//! Listens, with every limit set that the libraries leave open, and stops in bounded time.
//!
//! Invariant: nothing is served to another machine: until people can sign in, there is loopback
//! only.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tonic::service::Routes;
use tonic::transport::Server;

use crate::app::Failure;

use super::call::{UnderWay, WatchLayer};
use super::connection::{CONNECTIONS_MAX, Connections};

/// The most streams at once on one connection.
pub const STREAMS_PER_CONNECTION_MAX: u32 = 128;
/// The largest message taken in.
pub const MESSAGE_IN_BYTES_MAX: usize = 256 * 1024;
/// The largest message sent out.
pub const MESSAGE_OUT_BYTES_MAX: usize = 4 * 1024 * 1024;
/// The largest set of headers of a request.
pub const HEADERS_BYTES_MAX: u32 = 16 * 1024;
/// How often a silent connection is asked whether it lives.
pub const KEEPALIVE_MS: u64 = 30_000;
/// How long its answer may take.
pub const KEEPALIVE_ANSWER_MS_MAX: u64 = 10_000;
/// After how long a connection takes no new calls.
pub const CONNECTION_AGE_MS_MAX: u64 = 60 * 60 * 1_000;
/// How long after that it is cut.
pub const CONNECTION_GRACE_MS: u64 = 60_000;
/// How long stopping may take in all.
pub const STOP_MS_MAX: u64 = 30_000;
/// How long, once no unary call is under way, streams that never end by themselves may go on.
const STREAMS_STOP_MS: u64 = 500;

/// Why serving ended otherwise than asked.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can be reached from other machines.
    #[error(
        "{address} can be reached from other machines; until people can sign in, heard serves its \
         own machine only: listen on 127.0.0.1 or [::1]"
    )]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The listening socket is unusable.
    #[error("the listening socket cannot be used")]
    Socket(#[source] std::io::Error),
    /// The descriptors of the services cannot be read: a fault of the build.
    #[error("the descriptors of the services cannot be read")]
    Descriptors(#[source] tonic_reflection::server::Error),
    /// The server failed.
    #[error("the server failed")]
    Transport(#[source] tonic::transport::Error),
    /// The store failed, or heard itself: nobody is answered any more.
    #[error(transparent)]
    Failed(Failure),
    /// What was taken could not be finished while stopping.
    #[error("the application could not be stopped in order")]
    Close(#[source] crate::app::Error),
    /// Stopping took longer than [`STOP_MS_MAX`].
    #[error("stopping took longer than {} seconds", STOP_MS_MAX / 1_000)]
    Late,
}

/// Serves `routes` until `stop` is done. Then `stopping` says so to whom it concerns, calls under
/// way are finished, and `close` finishes what they have begun.
///
/// # Errors
///
/// [`ServeError`], of which [`ServeError::Late`] means that calls or `close` were given up.
pub(super) async fn run(
    listener: TcpListener,
    routes: Routes,
    stop: impl Future<Output = ()>,
    stopping: impl Future<Output = ()>,
    close: impl Future<Output = Result<(), crate::app::Error>>,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(ServeError::Socket)?;
    if !address.ip().is_loopback() {
        return Err(ServeError::NotLoopback { address });
    }
    let under_way = UnderWay::new();
    let (cut, cut_seen) = watch::channel(());
    let (stop_accepting, accepting_stopped) = oneshot::channel::<()>();
    let lifetime = Duration::from_millis(CONNECTION_AGE_MS_MAX + CONNECTION_GRACE_MS);
    let connections = Connections::new(listener, CONNECTIONS_MAX, lifetime, cut_seen);
    let stopped = async {
        // Both ways to end mean the same: it was sent, or its sender is gone.
        let _either = accepting_stopped.await;
    };
    let mut server = pin!(
        server()
            .layer(WatchLayer(under_way.clone()))
            .serve_with_incoming_shutdown(routes, connections, stopped)
    );
    tokio::select! {
        ended = &mut server => return ended.map_err(ServeError::Transport),
        () = stop => {}
    }
    let drain = async {
        stopping.await;
        let _gone = stop_accepting.send(());
        let cut_streams = async {
            under_way.none().await;
            tokio::time::sleep(Duration::from_millis(STREAMS_STOP_MS)).await;
        };
        let ended = tokio::select! {
            ended = &mut server => ended,
            () = cut_streams => {
                let _all_gone = cut.send(());
                server.await
            }
        };
        let closed = close.await;
        ended.map_err(ServeError::Transport)?;
        closed.map_err(ServeError::Close)
    };
    tokio::time::timeout(Duration::from_millis(STOP_MS_MAX), drain)
        .await
        .unwrap_or(Err(ServeError::Late))
}

fn server() -> Server {
    // tonic's own `max_connection_age_grace` cuts without saying goodbye first; ours lies in
    // `Connections`.
    Server::builder()
        .accept_http1(true)
        .max_concurrent_streams(STREAMS_PER_CONNECTION_MAX)
        .http2_max_header_list_size(HEADERS_BYTES_MAX)
        .http2_keepalive_interval(Some(Duration::from_millis(KEEPALIVE_MS)))
        .http2_keepalive_timeout(Some(Duration::from_millis(KEEPALIVE_ANSWER_MS_MAX)))
        .max_connection_age(Duration::from_millis(CONNECTION_AGE_MS_MAX))
}
