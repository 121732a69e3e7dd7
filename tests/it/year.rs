//! A year of cases in virtual time, on a real server that is killed on the way: every deadline
//! fires exactly once, in order, at its minute, and every stream has the same entries, byte for
//! byte, as one that was never killed.
//!
//! A small year by default; `HEARD_TEST_YEAR_CASES` and `HEARD_TEST_YEAR_KILLS` make it larger.

mod desk;
mod plan;
mod record;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_proto::v1::clock_service_client::ClockServiceClient;
use heard_tests::client::Client;
use heard_tests::{Trial, async_trial};
use tonic::{Code, Status};

use self::desk::Ask;
use self::plan::{BEGIN, Chance, END, Plan};
use crate::crash::process::Server;

/// The workflow of the year.
const WORKFLOW: &str = include_str!("year/year.workflow.yaml");
/// What makes ids and salts the same in both runs.
const SEED: &str = "7";

pub fn trials() -> Vec<Trial> {
    vec![async_trial(
        "year::a_year_killed_on_the_way_has_the_same_entries_each_deadline_fired_once",
        year,
    )]
}

fn setting(name: &str, usual: usize) -> anyhow::Result<usize> {
    match std::env::var(name) {
        Ok(number) => number
            .parse()
            .with_context(|| format!("{name} is a number")),
        Err(_) => Ok(usual),
    }
}

async fn year() -> anyhow::Result<()> {
    let cases = setting("HEARD_TEST_YEAR_CASES", 40)?;
    let kills = setting("HEARD_TEST_YEAR_KILLS", 4)?;
    let plan = Plan::of(cases);
    let calm = Year::new()?.run(&plan, &BTreeSet::new()).await?;
    let killed_at = plan.kills(kills);
    ensure!(
        killed_at.len() == kills,
        "the year is too short for {kills} kills"
    );
    let killed = Year::new()?.run(&plan, &killed_at).await?;
    ensure!(calm.streams.len() == cases, "{} cases", calm.streams.len());
    for (case, entries) in &calm.streams {
        let other = killed.streams.get(case).context("the same cases")?;
        let differs = entries
            .iter()
            .zip(other)
            .position(|(one, other)| one != other);
        ensure!(
            differs.is_none() && entries.len() == other.len(),
            "case {case} has {} and {} entries, different from {differs:?} on",
            entries.len(),
            other.len()
        );
    }
    let fired = record::judge(&calm)?;
    record::judge(&killed)?;
    let entries: usize = calm.streams.values().map(Vec::len).sum();
    println!(
        "{cases} cases, {entries} entries, {fired} firings at their minute, the same after {kills} \
         kills"
    );
    Ok(())
}

/// A server in its folder, and where its clock stands.
struct Year {
    folder: tempfile::TempDir,
    /// The last time the server acknowledged.
    now: i64,
}

/// A server and its clients.
struct Running {
    server: Server,
    desk: Client,
    clock: ClockServiceClient<tonic::transport::Channel>,
}

impl Year {
    fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let workflows = folder.path().join("workflows");
        std::fs::create_dir(&workflows)?;
        std::fs::write(workflows.join("year.workflow.yaml"), WORKFLOW)?;
        Ok(Self { folder, now: BEGIN })
    }

    /// Plays the plan, killing the server in the middle of some of its lines.
    async fn run(mut self, plan: &Plan, kills: &BTreeSet<usize>) -> anyhow::Result<record::Year> {
        let mut chance = Chance::of(kills.len() as u64);
        let mut running = self.start().await?;
        let mut ids: Vec<Option<String>> = vec![None; plan.cases];
        for (line, wake) in plan.wakes.iter().enumerate() {
            let is_killed = kills.contains(&line);
            // Half of the kills come while the clock is set, half while a request is under way.
            let while_set = is_killed && chance.below(2) == 0;
            if wake.at > self.now {
                running = self.set(running, wake.at, while_set, &mut chance).await?;
            }
            let ask = desk::ask(&mut running.desk, wake, ids[wake.case].as_deref()).await?;
            let kill = (is_killed && !while_set).then(|| chance.below(2_000));
            let opened;
            (running, opened) = self.send(running, ask, kill).await?;
            ids[wake.case] = ids[wake.case].take().or(opened);
        }
        let running = self.set(running, END, false, &mut chance).await?;
        running.server.kill()?;
        record::read(self.folder.path()).await
    }

    async fn start(&self) -> anyhow::Result<Running> {
        let at = plan::instant(self.now)?;
        let time = ["--virtual-clock", &at, "--seed", SEED];
        let server = Server::start_with(Path::new(self.folder.path()), &[], &time)?;
        let desk = Client::connect(&server.address).await?;
        let clock = ClockServiceClient::connect(server.address.clone()).await?;
        Ok(Running {
            server,
            desk,
            clock,
        })
    }

    /// Sets the clock forward, and again after a kill.
    async fn set(
        &mut self,
        mut running: Running,
        to: i64,
        is_killed: bool,
        chance: &mut Chance,
    ) -> anyhow::Result<Running> {
        if is_killed {
            let mut clock = running.clock.clone();
            let under_way = tokio::spawn(async move { clock.set_clock(set(to)).await });
            give_way(chance.below(20_000)).await;
            running.server.kill()?;
            // It may have been done just in time.
            drop(under_way.await?);
            running = self.start().await?;
        }
        let done = running.clock.set_clock(set(to)).await?.into_inner();
        ensure!(done.failed_count == 0, "{done:?}");
        self.now = to;
        Ok(running)
    }

    /// Sends a request, and again with the same id after a kill. A refusal is an answer.
    async fn send(
        &mut self,
        mut running: Running,
        ask: Ask,
        kill: Option<u64>,
    ) -> anyhow::Result<(Running, Option<String>)> {
        if let Some(moments) = kill {
            let (mut desk, again) = (running.desk.clone(), ask.clone());
            let under_way = tokio::spawn(async move { again.send(&mut desk).await });
            give_way(moments).await;
            running.server.kill()?;
            drop(under_way.await?);
            running = self.start().await?;
        }
        match ask.clone().send(&mut running.desk).await {
            Ok(case) => Ok((running, Some(case))),
            Err(status) if is_refused(&status) => Ok((running, None)),
            Err(status) => Err(status).context(format!("{ask:?}")),
        }
    }
}

fn set(to: i64) -> v1::SetClockRequest {
    v1::SetClockRequest {
        time: Some(plan::wire(to)),
    }
}

fn is_refused(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::FailedPrecondition | Code::PermissionDenied | Code::NotFound
    )
}

/// Lets others run for some moments.
async fn give_way(moments: u64) {
    for _ in 0..moments {
        tokio::task::yield_now().await;
    }
}
