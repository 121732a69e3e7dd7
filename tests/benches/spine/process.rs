//! The servers under load, each a process of its own, and what they use.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// Clock ticks a second of `/proc`. Source: proc(5); 100 on every Linux that Rust runs on.
const TICKS_PER_SECOND: f64 = 100.0;

/// A server that is killed when it is dropped.
pub struct Child {
    process: std::process::Child,
    /// Where it listens.
    pub address: String,
}

/// What a process has used since it began.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// User and system time, in microseconds.
    pub cpu_micros: f64,
    /// Bytes sent to the disk.
    pub bytes_written: f64,
}

impl Child {
    /// Starts the real server on a store in a folder.
    pub fn heard(folder: &Path) -> anyhow::Result<Self> {
        let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
        let mut command = Command::new(env!("CARGO_BIN_EXE_heard-under-test"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--store"]);
        command
            .arg(folder.join("heard.db"))
            .arg("--workflows")
            .arg(workflows);
        Self::start(command)
    }

    /// Starts this program as an echo of the given response.
    pub fn echo(response: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--echo").arg(response);
        Self::start(command)
    }

    /// Starts a server that says on its standard error where it listens.
    fn start(mut command: Command) -> anyhow::Result<Self> {
        let mut process = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()?;
        let mut lines = BufReader::new(process.stderr.take().context("a piped stream")?).lines();
        let mut heard = Vec::new();
        let address = loop {
            let Some(line) = lines.next() else {
                anyhow::bail!("no address in {heard:?}")
            };
            let line = line?;
            if let Some(at) = line.find("127.0.0.1:") {
                let port: String = line[at + "127.0.0.1:".len()..]
                    .chars()
                    .take_while(char::is_ascii_digit)
                    .collect();
                break format!("http://127.0.0.1:{port}");
            }
            heard.push(line);
        };
        // What else it says is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Self { process, address })
    }

    /// Returns what it has used so far.
    pub fn usage(&self) -> anyhow::Result<Usage> {
        let id = self.process.id();
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
        let (_, after_name) = stat.rsplit_once(')').context("a name in brackets")?;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        let io = std::fs::read_to_string(format!("/proc/{id}/io"))?;
        let written = io
            .lines()
            .find_map(|line| line.strip_prefix("write_bytes: "));
        Ok(Usage {
            cpu_micros: ticks / TICKS_PER_SECOND * 1e6,
            bytes_written: written.context("bytes written")?.parse()?,
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to kill or wait for.
        let _ended = self.process.kill();
        let _gone = self.process.wait();
    }
}

impl Usage {
    /// Returns what was used since an earlier reading.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            cpu_micros: self.cpu_micros - before.cpu_micros,
            bytes_written: self.bytes_written - before.bytes_written,
        }
    }
}
