//! What a connection announces: the limits that HTTP/2 tells a client before its first request.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use heard_tests::server::TestServer;
use heard_tests::{Trial, async_trial};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// RFC 9113, section 6.5.2.
const MAX_CONCURRENT_STREAMS: u16 = 0x3;
/// RFC 9113, section 6.5.2.
const MAX_HEADER_LIST_SIZE: u16 = 0x6;

pub fn trials() -> Vec<Trial> {
    vec![async_trial(
        "settings::a_connection_has_128_streams_and_16_kib_of_headers",
        announced,
    )]
}

async fn announced() -> anyhow::Result<()> {
    let server = TestServer::start(&[]).await?;
    let mut socket = TcpStream::connect(server.address.trim_start_matches("http://")).await?;
    let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    // The preface, and a SETTINGS frame of the client that says nothing.
    socket
        .write_all(&[preface.as_slice(), &[0, 0, 0, 4, 0, 0, 0, 0, 0]].concat())
        .await?;
    let mut head = [0; 9];
    tokio::time::timeout(Duration::from_secs(60), socket.read_exact(&mut head)).await??;
    ensure!(
        head[3] == 4,
        "the first frame is one of settings, not of type {}",
        head[3]
    );
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut settings = vec![0; length as usize];
    socket.read_exact(&mut settings).await?;
    let value = |wanted: u16| {
        let mut all = settings.chunks_exact(6);
        let found = all.find(|one| u16::from_be_bytes([one[0], one[1]]) == wanted);
        found.map(|one| u32::from_be_bytes([one[2], one[3], one[4], one[5]]))
    };
    ensure!(value(MAX_CONCURRENT_STREAMS).context("a limit of streams")? == 128);
    ensure!(value(MAX_HEADER_LIST_SIZE).context("a limit of headers")? == 16 * 1024);
    drop(socket);
    server.stop().await
}
