//! Accepts connections, no more at once than there are permits, and ends those whose time is over.
//!
//! Invariant: a connection holds one permit from its acceptance to its end.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_stream::Stream;
use tonic::transport::server::{Connected, TcpConnectInfo};

/// The most connections at once. Further ones wait in the kernel until one ends.
pub const CONNECTIONS_MAX: usize = 1_024;
/// How long a client may take over the first bytes, by which the protocol is told.
pub const HELLO_MS_MAX: u64 = 5_000;
/// The bytes by which the protocol is told: the length of the preface of HTTP/2.
const HELLO_BYTES: usize = 24;
/// How long after a failed accept, for want of file descriptors mostly, the next is tried.
const ACCEPT_RETRY_MS: u64 = 50;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// The stream of accepted connections. Dropping it closes the listening socket.
pub(super) struct Connections {
    listener: Arc<TcpListener>,
    permits: Arc<Semaphore>,
    lifetime: Duration,
    cut: watch::Receiver<()>,
    next: Option<Boxed<Connection>>,
}

impl Connections {
    /// Accepts on `listener`. A connection ends by itself after `lifetime`, and all of them when
    /// `cut` changes or its sender is gone.
    pub(super) fn new(
        listener: TcpListener,
        connections_max: usize,
        lifetime: Duration,
        cut: watch::Receiver<()>,
    ) -> Self {
        Self {
            listener: Arc::new(listener),
            permits: Arc::new(Semaphore::new(connections_max)),
            lifetime,
            cut,
            next: None,
        }
    }
}

impl Stream for Connections {
    type Item = io::Result<Connection>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let next = this.next.get_or_insert_with(|| {
            Box::pin(accept(
                Arc::clone(&this.listener),
                Arc::clone(&this.permits),
                this.lifetime,
                this.cut.clone(),
            ))
        });
        let connection = ready!(next.as_mut().poll(cx));
        this.next = None;
        Poll::Ready(Some(Ok(connection)))
    }
}

async fn accept(
    listener: Arc<TcpListener>,
    permits: Arc<Semaphore>,
    lifetime: Duration,
    mut cut: watch::Receiver<()>,
) -> Connection {
    let permit = match permits.acquire_owned().await {
        Ok(permit) => permit,
        // The semaphore is never closed: nothing more is accepted then.
        Err(_) => std::future::pending().await,
    };
    let io = loop {
        match listener.accept().await {
            Ok((io, _)) => break io,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(ACCEPT_RETRY_MS)).await;
            }
        }
    };
    // Small answers are sent at once. Where that cannot be set they are only later.
    if let Err(error) = io.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY could not be set");
    }
    let end = async move {
        tokio::select! {
            () = tokio::time::sleep(lifetime) => {}
            _ = cut.changed() => {}
        }
    };
    Connection {
        io,
        hello: Some((
            Box::pin(tokio::time::sleep(Duration::from_millis(HELLO_MS_MAX))),
            0,
        )),
        end: Some(Box::pin(end)),
        _permit: permit,
    }
}

/// An accepted connection.
pub(super) struct Connection {
    io: TcpStream,
    /// Until when the first bytes must have come, and how many have.
    hello: Option<(Boxed<()>, usize)>,
    /// When the connection ends, whatever happens on it. `None` once it has.
    end: Option<Boxed<()>>,
    _permit: OwnedSemaphorePermit,
}

impl Connection {
    /// Fails when the connection has had its time; otherwise wakes the task when it has.
    fn check_time(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let is_over = self
            .end
            .as_mut()
            .is_none_or(|end| end.as_mut().poll(cx).is_ready());
        if is_over {
            self.end = None;
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the connection has had its time",
            ));
        }
        let is_silent = self
            .hello
            .as_mut()
            .is_some_and(|(until, _)| until.as_mut().poll(cx).is_ready());
        if is_silent {
            self.hello = None;
            self.end = None;
            return Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the client said nothing in time",
            ));
        }
        Ok(())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.check_time(cx)?;
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(cx, buffer))?;
        if let Some((_, received)) = &mut self.hello {
            *received += buffer.filled().len() - before;
            if *received >= HELLO_BYTES {
                self.hello = None;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.check_time(cx)?;
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.check_time(cx)?;
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

impl Connected for Connection {
    type ConnectInfo = TcpConnectInfo;

    fn connect_info(&self) -> TcpConnectInfo {
        self.io.connect_info()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::time::Instant;
    use tokio_stream::StreamExt as _;

    const LIFETIME: Duration = Duration::from_hours(1);

    async fn listen(
        connections_max: usize,
    ) -> (Connections, std::net::SocketAddr, watch::Sender<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, cut_seen) = watch::channel(());
        let connections = Connections::new(listener, connections_max, LIFETIME, cut_seen);
        (connections, address, cut)
    }

    /// Reads until the connection fails, and returns how it failed and after how long.
    async fn ended(connection: &mut Connection) -> (io::ErrorKind, Duration) {
        let begun = Instant::now();
        let mut buffer = [0; 64];
        loop {
            match connection.read(&mut buffer).await {
                Ok(0) => panic!("the client is still there"),
                Ok(_) => {}
                Err(error) => return (error.kind(), begun.elapsed()),
            }
        }
    }

    #[tokio::test]
    async fn one_connection_more_than_the_limit_waits_until_another_ends() {
        let (mut connections, address, _cut) = listen(2).await;
        let mut clients = Vec::new();
        for _ in 0..3 {
            clients.push(TcpStream::connect(address).await.unwrap());
        }
        let first = connections.next().await.unwrap().unwrap();
        let _second = connections.next().await.unwrap().unwrap();
        let turns = async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
        };
        tokio::select! {
            biased;
            _ = connections.next() => panic!("there was no permit"),
            () = turns => {}
        }
        drop(first);
        connections.next().await.unwrap().unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_says_too_little_is_dropped_after_five_seconds() {
        for said in [0, 1, HELLO_BYTES - 1] {
            let (mut connections, address, _cut) = listen(1).await;
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(&vec![b'x'; said]).await.unwrap();
            let mut connection = connections.next().await.unwrap().unwrap();
            let (kind, after) = ended(&mut connection).await;
            assert_eq!(kind, io::ErrorKind::TimedOut);
            assert!(
                after <= Duration::from_millis(HELLO_MS_MAX + 10),
                "{after:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_ends_when_it_has_had_its_time() {
        let (mut connections, address, _cut) = listen(1).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(&[b'x'; HELLO_BYTES]).await.unwrap();
        let mut connection = connections.next().await.unwrap().unwrap();
        let (kind, after) = ended(&mut connection).await;
        assert_eq!(kind, io::ErrorKind::TimedOut);
        assert!(after + Duration::from_secs(1) > LIFETIME, "{after:?}");
        assert!(connection.write(b"x").await.is_err());
    }

    #[tokio::test]
    async fn cutting_ends_every_connection() {
        let (mut connections, address, cut) = listen(1).await;
        let _client = TcpStream::connect(address).await.unwrap();
        let mut connection = connections.next().await.unwrap().unwrap();
        cut.send(()).unwrap();
        assert_eq!(ended(&mut connection).await.0, io::ErrorKind::TimedOut);
    }
}
