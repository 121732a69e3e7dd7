//! What a server is told at its start.

use std::net::SocketAddr;
use std::path::PathBuf;

use heard_engine::time::Timestamp;

/// Where a server listens unless told otherwise.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:43273";
/// The file of the store unless told otherwise.
pub const STORE_DEFAULT: &str = "./heard.db";
/// The folder of workflow files unless told otherwise.
pub const WORKFLOWS_DEFAULT: &str = "./workflows";

/// What a server is told at its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The file of the store; made where there is none.
    pub store: PathBuf,
    /// The folder whose workflow files are published at the start; it may be absent.
    pub workflows: PathBuf,
    /// The file with the names of those who work here, one a line; no diagnosis may name them.
    pub staff: Option<PathBuf>,
    /// Where a virtual clock begins, for a test system; none to go by the clock of the machine.
    pub virtual_clock: Option<Timestamp>,
    /// What everything random is made of, for a test system with a virtual clock.
    pub seed: Option<u64>,
}
