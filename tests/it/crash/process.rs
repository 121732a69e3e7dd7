//! The program under test, run in a folder and killed by hand.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context as _, bail};

/// How long a server may take until it listens.
const START: Duration = Duration::from_secs(60);

/// Returns a command that runs the program, under another one where that is asked for.
pub fn heard(under: &[&str], arguments: &[&str]) -> Command {
    let program = env!("CARGO_BIN_EXE_heard-under-test");
    let mut words = under.iter().copied().chain([program]);
    let mut command = Command::new(words.next().unwrap_or(program));
    command.args(words).args(arguments).env("HEARD_LOG", "warn");
    command
}

/// A server that runs until it is killed or dropped.
pub struct Server {
    child: Child,
    pub address: String,
    said: mpsc::Receiver<String>,
}

impl Server {
    /// Starts a server on the store of a folder and waits until it listens.
    pub fn start(folder: &Path, under: &[&str]) -> anyhow::Result<Self> {
        Self::start_with(folder, under, &[])
    }

    /// Starts a server with more arguments.
    pub fn start_with(folder: &Path, under: &[&str], more: &[&str]) -> anyhow::Result<Self> {
        let store = folder.join("heard.db");
        let workflows = folder.join("workflows");
        let arguments = [
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--store",
            store.to_str().context("a path")?,
            "--workflows",
            workflows.to_str().context("a path")?,
        ];
        let mut child = heard(under, &arguments)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stderr.take().context("standard error")?).lines();
        let (say, said) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                // Whoever started the server may not listen any more.
                drop(say.send(line));
            }
        });
        let mut server = Self {
            child,
            address: String::new(),
            said,
        };
        let mut before = Vec::new();
        while let Ok(line) = server.said.recv_timeout(START) {
            if let Some((_, rest)) = line.split_once("listening on ") {
                let address = rest.split([',', ' ']).next().unwrap_or(rest);
                server.address = format!("http://{address}");
                return Ok(server);
            }
            before.push(line);
        }
        bail!("the server does not listen; it said: {}", before.join("\n"))
    }

    /// Kills it at once: nothing of the process runs after this.
    pub fn kill(mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Waits for its end. Returns how it ended and what it said.
    pub fn end(mut self) -> anyhow::Result<(ExitStatus, Vec<String>)> {
        let status = self.child.wait()?;
        Ok((status, self.said.iter().collect()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}
