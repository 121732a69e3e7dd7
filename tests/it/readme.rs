//! The README is true: its commands are run against the real program, one after another in one
//! shell, and what it shows of their output is compared.
//!
//! A block `sh run` is run. A block `text` right after it is what it prints, where a line `...`
//! stands for any lines. A block `python run` is run with a client generated from `proto/`. Ids,
//! hashes and times are not compared.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use heard_tests::{Trial, skippable, skipped, trial};
use regex_lite::Regex;
use tempfile::TempDir;

use crate::python::Client;

/// What the README calls the program, and where it says the server listens.
const RUN: &str = "cargo run --release --";
const ADDRESS: &str = "127.0.0.1:43273";
/// Where it says that the server listens whose clock is moved by hand, and where that begins.
const VIRTUAL_ADDRESS: &str = "127.0.0.1:43274";
const VIRTUAL_CLOCK: &str = "2026-10-05T09:00:00Z";
/// Stands between the output of one block and that of the next.
const NEXT: &str = "-- next block --\n";

pub fn trials() -> Vec<Trial> {
    vec![
        trial("readme::its_commands_print_what_it_shows", commands),
        skippable("readme::its_python_talks_to_the_server", python),
        trial("readme::its_graph_is_what_heard_draws", graph),
        trial("readme::the_tests_it_names_exist", tests_exist),
        trial(
            "readme::blocks_are_found_and_what_differs_every_time_is_masked",
            masks,
        ),
    ]
}

fn commands() -> Result<()> {
    let readme = readme()?;
    let blocks = blocks(&readme);
    let world = World::new()?;
    let scripts: Vec<&str> = blocks
        .iter()
        .filter(|b| b.info == "sh run")
        .map(|b| b.text)
        .collect();
    ensure!(!scripts.is_empty(), "no block is marked `sh run`");
    let said = world.shell(&scripts.join(&format!("printf -- '{}'\n", NEXT.escape_default())))?;
    let mut said = said.split(NEXT);
    for pair in blocks.windows(2) {
        let [block, shown] = pair else { continue };
        if block.info != "sh run" {
            continue;
        }
        let said = said.next().context("a block printed nothing")?;
        if shown.info == "text" {
            let at = block.line;
            ensure!(
                fits(shown.text, said),
                "line {at} of the README shows\n{}\nbut the commands say\n{said}",
                shown.text
            );
        }
    }
    Ok(())
}

fn python() -> Result<Option<String>> {
    let client = match Client::generate()? {
        Ok(client) => client,
        Err(reason) => return skipped("python", reason),
    };
    let world = World::new()?;
    let readme = readme()?;
    let blocks = blocks(&readme);
    let mut pairs = blocks
        .windows(2)
        .filter(|pair| pair[0].info == "python run");
    let pair = pairs.next().context("no block is marked `python run`")?;
    let script = world.folder.path().join("client.py");
    fs::write(&script, pair[0].text.replace(ADDRESS, &world.address))?;
    let done = client.run(&script).output()?;
    let said = String::from_utf8(done.stdout)?;
    let failed = String::from_utf8_lossy(&done.stderr);
    ensure!(done.status.success(), "it failed: {failed}");
    ensure!(
        fits(pair[1].text, &said),
        "the README shows\n{}\nbut it says\n{said}",
        pair[1].text
    );
    Ok(None)
}

fn graph() -> Result<()> {
    let world = World::new()?;
    let file = "workflows/classic-heard.workflow.yaml";
    let drawn = world.shell(&format!("heard draw {file} --format mermaid\n"))?;
    let readme = readme()?;
    let blocks = blocks(&readme);
    let mut shown = blocks.iter().filter(|block| block.info == "mermaid");
    let shown = shown.next().context("no block is marked `mermaid`")?;
    ensure!(
        shown.text == drawn,
        "line {}: it draws\n{drawn}",
        shown.line
    );
    Ok(())
}

fn tests_exist() -> Result<()> {
    let listed = Command::new(std::env::current_exe()?)
        .arg("--list")
        .output()?;
    let listed = String::from_utf8(listed.stdout)?;
    let readme = readme()?;
    let (_, table) = readme
        .split_once("\n## Promises")
        .context("it has no promises")?;
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    for row in rows {
        let named: Vec<&str> = row.split('`').skip(1).step_by(2).collect();
        ensure!(!named.is_empty(), "no test is named: {row}");
        for name in named {
            ensure!(listed.contains(name), "there is no test {name}");
        }
    }
    Ok(())
}

fn masks() -> Result<()> {
    let text = "a\n```sh run\nheard x\n```\nb\n```text\n\
                id 0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7d4\n...\nend\n```\n";
    let blocks = blocks(text);
    ensure!(blocks.len() == 2 && blocks[0].text == "heard x\n" && blocks[1].line == 6);
    let said = "id 9290f5a2-0000-8c3d-9f10-2b6a54c1e7d4\nmore\nat 2026-10-05T09:00:00Z\nend\n";
    ensure!(fits(blocks[1].text, said));
    ensure!(!fits("id\nend\n", said) && !fits("...\nmore\n", said) && fits("...\n", said));
    Ok(())
}

/// A fenced block of the README.
struct Block<'a> {
    info: &'a str,
    line: usize,
    text: &'a str,
}

fn readme() -> Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))
}

fn blocks(readme: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize, usize)> = None;
    let mut at = 0;
    for (number, line) in (1..).zip(readme.split_inclusive('\n')) {
        if let Some(info) = line.strip_prefix("```") {
            match open.take() {
                None => open = Some((info.trim(), number, at + line.len())),
                Some((info, line, start)) => blocks.push(Block {
                    info,
                    line,
                    text: &readme[start..at],
                }),
            }
        }
        at += line.len();
    }
    blocks
}

/// Says whether output is what is shown, but for what differs every time and what `...` leaves out.
fn fits(shown: &str, said: &str) -> bool {
    let (shown, said) = (masked(shown), masked(said));
    let mut rest = said.as_str();
    let mut parts = shown.split("...\n").peekable();
    // What stands before the first gap is the beginning, what stands after the last one the end.
    let Some(first) = parts.next() else {
        return false;
    };
    let Some(after) = rest.strip_prefix(first) else {
        return false;
    };
    rest = after;
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(found) = rest.find(part) else {
            return false;
        };
        rest = &rest[found + part.len()..];
    }
    false
}

fn masked(text: &str) -> String {
    let masks = [
        (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"),
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\b[0-9a-f]{8,}…", "HASH"),
        (
            r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z| UTC)?",
            "TIME",
        ),
        (r"127\.0\.0\.1:\d+", "ADDRESS"),
    ];
    let mut text = text.to_owned();
    for (pattern, mask) in masks {
        let pattern = Regex::new(pattern).expect("a mask is a pattern");
        text = pattern.replace_all(&text, mask).into_owned();
    }
    text
}

/// A folder as after cloning, with `heard` on the path and two servers running in it: one by the
/// clock of the machine, one by a clock that is moved by hand.
struct World {
    address: String,
    virtual_address: String,
    folder: TempDir,
    servers: Vec<Child>,
}

impl World {
    fn new() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .canonicalize()?;
        for name in ["proto", "workflows"] {
            symlink(root.join(name), folder.path().join(name))?;
        }
        fs::create_dir(folder.path().join("bin"))?;
        symlink(
            env!("CARGO_BIN_EXE_heard-under-test"),
            folder.path().join("bin/heard"),
        )?;
        let mut world = Self {
            address: String::new(),
            virtual_address: String::new(),
            folder,
            servers: Vec::new(),
        };
        world.address = world.serve(&[])?;
        world.virtual_address =
            world.serve(&["--store", "time.db", "--virtual-clock", VIRTUAL_CLOCK])?;
        Ok(world)
    }

    /// Starts a server and returns where it listens.
    fn serve(&mut self, arguments: &[&str]) -> Result<String> {
        let mut server = Command::new(self.folder.path().join("bin/heard"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let said = server.stderr.take().context("its output is ours")?;
        self.servers.push(server);
        let place = Regex::new(r"127\.0\.0\.1:\d+")?;
        let mut said = BufReader::new(said).lines().map_while(Result::ok);
        let address = said.find_map(|line| Some(place.find(&line)?.as_str().to_owned()));
        let address = address.context("the server ended without saying where it listens")?;
        // A server whose words nobody reads would come to a halt.
        std::thread::spawn(move || said.for_each(drop));
        Ok(address)
    }

    /// Runs a script in the folder and returns what it printed, results and the rest together.
    fn shell(&self, script: &str) -> Result<String> {
        let script = script
            .replace(RUN, "heard")
            .replace(ADDRESS, &self.address)
            .replace(VIRTUAL_ADDRESS, &self.virtual_address);
        let path = std::env::var("PATH").unwrap_or_default();
        let done = Command::new("bash")
            .args(["-euo", "pipefail", "-c"])
            .arg(format!("exec 2>&1\n{script}"))
            .current_dir(self.folder.path())
            .env(
                "PATH",
                format!("{}:{path}", self.folder.path().join("bin").display()),
            )
            .env("HEARD_SERVER", format!("http://{}", self.address))
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null())
            .output()?;
        let said = String::from_utf8(done.stdout)?;
        ensure!(
            done.status.success(),
            "the shell ended with {}:\n{said}",
            done.status
        );
        Ok(said)
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for server in &mut self.servers {
            // A server that is gone cannot be killed, and nothing is left to be waited for.
            drop(server.kill());
            drop(server.wait());
        }
    }
}
