//! The program as a process, in a folder of its own.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use anyhow::{Context as _, bail, ensure};
use heard_tests::server::project_file;
use serde_json::Value;
use tempfile::TempDir;

/// Somebody; the server knows them by this id only.
pub const ANA: &str = "0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b01";
/// Somebody else.
pub const TOM: &str = "0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b02";

/// A folder in which the program is run.
#[derive(Debug)]
pub struct Desk {
    pub folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

/// A server as a process, killed when this is dropped.
#[derive(Debug)]
pub struct Serving {
    child: Child,
    /// What it says after it began to listen.
    said: Option<JoinHandle<String>>,
    /// What it said before.
    pub beginning: String,
    /// Where it listens: `127.0.0.1:PORT`.
    pub address: String,
}

impl Desk {
    /// Makes a folder with the classic workflow in `workflows/`.
    pub fn new() -> anyhow::Result<Self> {
        let desk = Self::without_workflows()?;
        let classic = project_file("workflows/classic-heard.workflow.yaml")?;
        desk.write("workflows/classic-heard.workflow.yaml", &classic)?;
        Ok(desk)
    }

    /// Makes a folder with nothing in it.
    pub fn without_workflows() -> anyhow::Result<Self> {
        Ok(Self {
            folder: TempDir::new()?,
        })
    }

    /// Writes a file.
    pub fn write(&self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().context("a folder")?)?;
        std::fs::write(path, bytes)?;
        Ok(())
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        let output = program(self.folder.path()).args(arguments).output()?;
        Ok(Ended {
            exit: exit(output.status)?,
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    /// Starts a server on `heard.db` of the folder.
    pub fn serve(&self) -> anyhow::Result<Serving> {
        self.serve_with(&[])
    }

    /// Starts a server on `heard.db` of the folder, with further arguments.
    pub fn serve_with(&self, arguments: &[&str]) -> anyhow::Result<Serving> {
        let mut command = program(self.folder.path());
        command
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments);
        Serving::start(command.stderr(Stdio::piped()), |child| {
            child.stderr.take().map(|err| Box::new(err) as _)
        })
    }
}

impl Ended {
    /// Returns it if it ended so.
    pub fn with(self, exit: i32) -> anyhow::Result<Self> {
        ensure!(self.exit == exit, "expected exit code {exit}: {self:#?}");
        Ok(self)
    }

    /// Returns what it printed as JSON.
    pub fn json(&self) -> anyhow::Result<Value> {
        serde_json::from_str(&self.out).with_context(|| format!("{self:#?}"))
    }

    /// Fails unless each part was printed.
    pub fn says(&self, parts: &[&str]) -> anyhow::Result<()> {
        for part in parts {
            ensure!(
                self.out.contains(part),
                "{part:?} is missing in\n{}",
                self.out
            );
        }
        Ok(())
    }
}

type Said = Box<dyn std::io::Read + Send>;

impl Serving {
    /// Starts a process and waits until it says where it listens.
    pub fn start(
        command: &mut Command,
        said: impl FnOnce(&mut Child) -> Option<Said>,
    ) -> anyhow::Result<Self> {
        let mut child = command.spawn()?;
        let mut said = BufReader::new(said(&mut child).context("it can be listened to")?);
        let mut beginning = String::new();
        let address = loop {
            let mut line = String::new();
            if said.read_line(&mut line)? == 0 {
                let status = child.wait()?;
                bail!("it ended with {status} before it served: {beginning}");
            }
            beginning.push_str(&line);
            if let Some((_, rest)) = line.split_once("heard: listening on ") {
                let address = rest.split([',', '\n']).next();
                break address.context("an address")?.to_owned();
            }
        };
        let rest = std::thread::spawn(move || {
            let mut rest = String::new();
            drop(said.read_to_string(&mut rest));
            rest
        });
        Ok(Self {
            child,
            said: Some(rest),
            beginning,
            address,
        })
    }

    /// Asks the server something, as Ana.
    pub fn ask(&self, desk: &Desk, arguments: &[&str]) -> anyhow::Result<Ended> {
        self.ask_as(ANA, desk, arguments)
    }

    /// Asks the server something.
    pub fn ask_as(&self, who: &str, desk: &Desk, arguments: &[&str]) -> anyhow::Result<Ended> {
        let mut command = program(desk.folder.path());
        command
            .env("HEARD_SERVER", &self.address)
            .env("HEARD_PERSON", who);
        let output = command.args(arguments).output()?;
        Ok(Ended {
            exit: exit(output.status)?,
            out: String::from_utf8(output.stdout)?,
            err: String::from_utf8(output.stderr)?,
        })
    }

    /// Opens a case of the classic workflow and returns its id.
    pub fn open(&self, desk: &Desk) -> anyhow::Result<String> {
        let opened = [
            "-o",
            "json",
            "case",
            "open",
            "classic-heard",
            "--as",
            "agent",
        ];
        let opened = self.ask(desk, &opened)?.with(0)?.json()?;
        let id = opened["case"]["case_id"].as_str().context("an id")?;
        Ok(id.to_owned())
    }

    /// Asks it to stop, and returns its exit code and what it said since it began to listen.
    pub fn stop(mut self) -> anyhow::Result<(i32, String)> {
        let id = self.child.id().to_string();
        ensure!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()?
                .success()
        );
        let status = self.child.wait()?;
        let said = self.said.take().context("somebody listens")?;
        let said = said
            .join()
            .map_err(|_| anyhow::anyhow!("the listener panicked"))?;
        Ok((exit(status)?, said))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Where it has ended already there is nothing to end.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Returns the program, with nothing of the caller's settings, in a folder.
pub fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heard-under-test"));
    for name in ["HEARD_SERVER", "HEARD_PERSON", "HEARD_LOG"] {
        command.env_remove(name);
    }
    command.current_dir(folder).stdin(Stdio::null());
    command
}

fn exit(status: ExitStatus) -> anyhow::Result<i32> {
    status
        .code()
        .with_context(|| format!("it was ended by a signal: {status}"))
}
