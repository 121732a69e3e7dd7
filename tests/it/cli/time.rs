//! Time on the command line: what runs, why, and a clock that is moved by hand.

use std::path::Path;

use anyhow::{Context as _, ensure};
use heard_engine::id::StepName;
use heard_engine::time::Timestamp;
use heard_server::app::new_identity;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{Cursor, Store as _};
use heard_tests::block_on;
use heard_tests::forged::Forge;

use super::process::{Desk, Ended, Serving, TOM};
use crate::api::time::{MONDAY, TIMED};
use crate::store_contract::make;

/// How the first three hours of a clock are explained.
const EXPLAINED: &str = include_str!("explained.txt");

/// A server of a folder with the workflow in which everything runs by itself.
struct Timed {
    desk: Desk,
    server: Serving,
}

impl Timed {
    fn new() -> anyhow::Result<Self> {
        let desk = Desk::without_workflows()?;
        desk.write("workflows/timed.workflow.yaml", TIMED.as_bytes())?;
        let server = desk.serve_with(&["--virtual-clock", MONDAY])?;
        Ok(Self { desk, server })
    }

    fn ask(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        self.server.ask(&self.desk, arguments)
    }

    fn open(&self) -> anyhow::Result<String> {
        let open = ["-o", "json", "case", "open", "timed", "--as", "agent"];
        let opened = self.ask(&[&open[..], &["--customer", TOM]].concat())?;
        let opened = opened.with(0)?.json()?;
        ensure!(opened["case"]["customer"] == TOM, "{opened}");
        let id = opened["case"]["case_id"].as_str().context("an id")?;
        Ok(id.to_owned())
    }

    fn advance(&self, case: &str, action: &str) -> anyhow::Result<Ended> {
        self.ask(&["case", "advance", case, action, "--as", "agent"])?
            .with(0)
    }

    fn set(&self, time: &str) -> anyhow::Result<Ended> {
        self.ask(&["clock", "set", time])?.with(0)
    }
}

pub fn what_runs() -> anyhow::Result<()> {
    let timed = Timed::new()?;
    let case = timed.open()?;
    let clocks = timed.ask(&["case", "clocks", &case])?.with(0)?;
    let expected = "\
DEADLINE      STATE  DUE
clock/answer  runs   2026-10-07 10:00 Europe/Lisbon  in 2 days
due/work      runs   2026-10-05 15:00 Europe/Lisbon  in 5 hours

clock/answer
  may be extended by lead
";
    ensure!(clocks.out == expected, "{}", clocks.out);
    timed
        .set("2026-10-05T12:00:00Z")?
        .says(&["on the way: 0.", "now       2026-10-05T12:00:00Z (virtual"])?;
    let explain = ["case", "clocks", &case, "--deadline", "clock/answer"];
    let explained = timed.ask(&explain)?.with(0)?;
    let zones = explained.out.lines().nth(1).context("a second line")?;
    ensure!(
        zones.starts_with("2 working days from 2026-10-05T09:00:00Z; calendar default, Europe/"),
        "{zones}"
    );
    let rest: String = explained.out.split_inclusive('\n').skip(3).collect();
    ensure!(rest == EXPLAINED, "{rest}");
    let json = timed.ask(&[&["-o", "json"], &explain[..]].concat())?;
    let json = json.with(0)?.json()?;
    ensure!(
        json["counted"] == "9000s" && json["left"] == "48600s",
        "{json}"
    );
    ensure!(json["intervals"][1]["reason"] == "outside_hours", "{json}");

    timed
        .set("2026-10-05T15:00:00Z")?
        .says(&["on the way: 1."])?;
    let shown = timed.ask(&["case", "show", &case])?.with(0)?;
    shown.says(&["What runs", "due/work      late", "1 hour ago"])?;
    let history = timed.ask(&["case", "history", &case])?.with(0)?;
    history.says(&["due/work is late", "told lead", "timekeeper"])?;
    let before = [
        "case",
        "list",
        "--due-before",
        "2026-10-07T09:00:00.000001Z",
    ];
    timed
        .ask(&before)?
        .with(0)?
        .says(&["NEXT DUE", "2026-10-07T09:00:00Z", &case])?;
    let before = ["case", "list", "--due-before", "2026-10-07T09:00:00Z"];
    let none = timed.ask(&before)?.with(0)?;
    ensure!(!none.out.contains(&case), "{}", none.out);
    let missing = ["case", "clocks", &case, "--deadline", "promise/call_back"];
    let missing = timed.ask(&missing)?.with(3)?;
    ensure!(
        missing.err.contains("HC044") && missing.err.contains("due/work"),
        "{}",
        missing.err
    );
    let back = timed.ask(&["clock", "set", MONDAY])?.with(3)?;
    ensure!(back.err.contains("does not go back"), "{}", back.err);
    timed
        .ask(&["clock", "accept"])?
        .with(0)?
        .says(&["not held"])
}

pub fn acts() -> anyhow::Result<()> {
    let timed = Timed::new()?;
    let case = timed.open()?;
    timed.advance(&case, "promise")?.says(&[
        "promise/call_back",
        "\"We will call you back by 2026-10-06 10:00.\"",
    ])?;
    let later = [
        "case",
        "renegotiate",
        &case,
        "call_back",
        "--as",
        "agent",
        "--due",
        "2026-10-08T16:00:00Z",
        "--consent",
        "Thursday suits her better",
    ];
    timed
        .ask(&later)?
        .with(0)?
        .says(&["Renegotiated the promise", "by 2026-10-08 17:00."])?;
    timed
        .advance(&case, "ask")?
        .says(&["clock/answer", "stands still"])?;
    let us = ["case", "contact", &case, "--by", "us", "--as", "agent"];
    timed
        .ask(&us)?
        .with(0)?
        .says(&["Recorded the contact", "stands still"])?;
    let called = [
        "case",
        "contact",
        &case,
        "--by",
        "customer",
        "--channel",
        "phone",
    ];
    let called = timed
        .ask(&[&called[..], &["--as", "agent"]].concat())?
        .with(0)?;
    ensure!(!called.out.contains("stands still"), "{}", called.out);
    timed.advance(&case, "answered")?;
    let letter = [
        "case",
        "advance",
        &case,
        "note",
        "--as",
        "agent",
        "--with",
        "letter=yes",
    ];
    timed.ask(&letter)?.with(0)?;
    let extend = [
        "case",
        "extend",
        &case,
        "answer",
        "--as",
        "lead",
        "--reason",
        "He is ill",
    ];
    let extended = timed.server.ask_as(TOM, &timed.desk, &extend)?.with(0)?;
    extended.says(&["Extended the clock", "2026-10-09 10:00 Europe/Lisbon"])?;

    timed.advance(&case, "finish")?;
    timed.set("2026-10-06T10:00:00Z")?;
    timed.ask(&["case", "clocks", &case])?.with(0)?.says(&[
        "promise/call_back     kept",
        "survey/after_contact  open",
        "[1 to 5]",
    ])?;
    let survey = ["case", "survey", &case, "after_contact", "--as", "customer"];
    let typed = timed
        .ask(&[&survey[..], &["--with", "satisfaction"]].concat())?
        .with(2)?;
    ensure!(typed.err.contains("question=score"), "{}", typed.err);
    let answers = ["--with", "satisfaction=4", "--comment", "They listened"];
    timed
        .ask(&[&survey[..], &answers].concat())?
        .with(0)?
        .says(&["Recorded the answers", "resolved"])?;
    let check_in = ["case", "follow-up", &case, "check_in", "--as", "agent"];
    let early = timed.ask(&check_in)?.with(3)?;
    ensure!(early.err.contains("HC039"), "{}", early.err);
    timed.set("2026-11-05T00:00:00Z")?;
    let due = timed.ask(&["case", "show", &case])?.with(0)?;
    due.says(&[
        "follow_up/check_in",
        "\"Ask how things are\"",
        "to be done by agent",
    ])?;
    timed
        .ask(&[&check_in[..], &["--note", "All is well"]].concat())?
        .with(0)?
        .says(&["Followed up", "closed as  resolved"])
}

pub fn real_clock() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    let server = desk.serve()?;
    let shown = server.ask(&desk, &["clock", "show"])?.with(0)?;
    shown.says(&["the clock of the machine", "next due  nothing"])?;
    let json = server
        .ask(&desk, &["-o", "json", "clock", "show"])?
        .with(0)?;
    ensure!(json.json()?["clock"]["virtual"] == false, "{}", json.out);
    let set = server.ask(&desk, &["clock", "set", "2030-01-01T00:00:00Z"])?;
    let set = set.with(3)?;
    ensure!(
        set.err.contains("Refused, and nothing was written [HS011"),
        "{}",
        set.err
    );
    Ok(())
}

pub fn seed_alone() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    let refused = desk.run(&["serve", "--listen", "127.0.0.1:0", "--seed", "7"])?;
    let refused = refused.with(2)?;
    ensure!(
        refused.err.contains("--virtual-clock <TIME>"),
        "{refused:#?}"
    );
    ensure!(
        !desk.folder.path().join("heard.db").exists(),
        "no store was made"
    );
    Ok(())
}

pub fn untimed() -> anyhow::Result<()> {
    let timed = Timed::new()?;
    let case = timed.open()?;
    let Timed { desk, server } = timed;
    let said = server.stop()?.1;
    ensure!(!said.contains("kept no time"), "{said}");
    block_on(forge_untimed(&desk.folder.path().join("heard.db")))?;
    let server = desk.serve_with(&["--virtual-clock", MONDAY])?;
    let advance = ["case", "advance", &case, "ask", "--as", "agent"];
    server.ask(&desk, &advance)?.with(0)?;
    let said = server.stop()?.1;
    ensure!(
        said.contains("heard: 3 of the 1000 oldest open cases were begun by a heard that kept no"),
        "{said}"
    );
    Ok(())
}

/// As a server keeps it that the clock stands a year ahead.
const AHEAD: &str = r#"{"why":{"leapt":{"by_micros":31536000000000}},"at":0,"came_back":false}"#;

pub fn held_at_the_start() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    ensure!(desk.serve()?.stop()?.0 == 0);
    block_on(async {
        let store = Sqlite::open(&desk.folder.path().join("heard.db"), new_identity)?;
        store.keep_hold(Some(AHEAD.to_owned())).await?;
        anyhow::Ok(store.close().await?)
    })?;
    desk.write("workflows/timed.workflow.yaml", TIMED.as_bytes())?;
    let server = desk.serve()?;
    let said = "timed.workflow.yaml is not published: time is held; say `heard clock accept`, then";
    ensure!(server.beginning.contains(said), "{}", server.beginning);
    let accept = server.ask(&desk, &["clock", "accept"])?.with(0)?;
    accept.says(&["Accepted. Time was held: the clock of the machine was set 31536000 s on"])?;
    ensure!(server.stop()?.0 == 0);
    let server = desk.serve()?;
    let said = "heard: published timed@1";
    ensure!(server.beginning.contains(said), "{}", server.beginning);
    ensure!(server.stop()?.0 == 0);
    Ok(())
}

/// Writes three open cases as an older heard began them.
async fn forge_untimed(store: &Path) -> anyhow::Result<()> {
    let store = Sqlite::open(store, new_identity)?;
    let published = store.workflows(Cursor::default(), 1).await?.rows;
    let forge = Forge {
        identity: store.identity().clone(),
        workflow: published.first().context("a workflow")?.workflow.clone(),
        step: StepName::new("work")?,
        opened_at: Timestamp::parse(MONDAY)?,
    };
    for number in 1..=3 {
        let forged = forge.untimed(make::case_id(number))?;
        make::written(store.append(vec![forged].into()).await?)?;
    }
    store.close().await?;
    Ok(())
}

pub fn other_clock() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    let serve = ["serve", "--listen", "127.0.0.1:0", "--store"];
    let virtual_time = ["--virtual-clock", MONDAY];
    let refused = |more: &[&str], reason: &str| {
        let ended = desk.run(&[&serve[..], more].concat())?.with(2)?;
        ensure!(
            ended.err.contains(reason),
            "{reason:?} is missing in {ended:#?}"
        );
        ensure!(!ended.err.contains("listening"), "{ended:#?}");
        Ok(())
    };
    let server = desk.serve_with(&virtual_time)?;
    ensure!(server.stop()?.0 == 0);
    refused(
        &["heard.db"],
        "the store heard.db was begun with a virtual clock, and its times are not real: start \
         with --virtual-clock TIME, or name another store with --store",
    )?;
    let server = desk.serve_with(&["--store", "real.db"])?;
    ensure!(server.stop()?.0 == 0);
    refused(
        &["real.db", "--virtual-clock", MONDAY],
        "the store real.db was begun with the clock of the machine, and its times are real: start \
         without --virtual-clock, or name another store with --store",
    )?;
    // Whoever was refused has changed nothing: each store is served by its own clock again.
    let server = desk.serve_with(&virtual_time)?;
    let shown = server.ask(&desk, &["clock", "show"])?.with(0)?;
    shown.says(&["now       2026-10-05T09:00:00Z (virtual"])?;
    ensure!(server.stop()?.0 == 0);
    let server = desk.serve_with(&["--store", "real.db"])?;
    server
        .ask(&desk, &["clock", "show"])?
        .with(0)?
        .says(&["the clock of the machine"])
}
