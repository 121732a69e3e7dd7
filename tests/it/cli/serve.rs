//! Servers that start, and servers that must not.

use std::net::TcpListener;

use anyhow::{Context as _, ensure};
use heard_engine::code::Code;
use heard_tests::server::project_file;

use super::process::Desk;

const CLASSIC: &str = "workflows/classic-heard.workflow.yaml";

pub fn every_code() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    let listed = desk.run(&["-o", "json", "explain"])?.with(0)?.json()?;
    let codes = listed["codes"].as_array().context("codes")?;
    ensure!(codes.len() == Code::ALL.len());
    for code in Code::ALL {
        let shown = desk.run(&["explain", code.as_str()])?.with(0)?;
        ensure!(shown.out.trim_end() == code.page().trim_end(), "{code}");
    }
    desk.run(&["explain", "HC999"])?.with(2)?;
    Ok(())
}

pub fn nobody_answers() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    // A port that was free a moment ago, where nobody listens.
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let ended = desk.run(&["case", "list", "--server", &free])?.with(69)?;
    ensure!(
        ended.err.contains("heard serve") && ended.err.contains(&free),
        "{}",
        ended.err
    );
    let json = desk
        .run(&["-o", "json", "case", "list", "--server", &free])?
        .with(69)?
        .json()?;
    ensure!(json["error"]["exit"] == 69);
    desk.run(&["case", "list", "--server", "http://no address"])?
        .with(2)?;
    Ok(())
}

pub fn not_loopback() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:43273"] {
        let ended = desk.run(&["serve", "--listen", address])?.with(2)?;
        ensure!(
            ended.err.contains("127.0.0.1") && ended.err.lines().count() == 1,
            "{ended:?}"
        );
    }
    ensure!(
        !desk.folder.path().join("heard.db").exists(),
        "no store was made"
    );
    Ok(())
}

pub fn second_server() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let first = desk.serve()?;
    let second = desk.run(&["serve", "--listen", "127.0.0.1:0"])?.with(74)?;
    ensure!(
        second.err.contains("another heard has the store"),
        "{}",
        second.err
    );
    let rebuild = desk.run(&["rebuild"])?.with(74)?;
    ensure!(
        rebuild.err.contains("another heard has the store"),
        "{}",
        rebuild.err
    );
    let taken = desk
        .run(&["serve", "--listen", &first.address, "--store", "other.db"])?
        .with(2)?;
    ensure!(taken.err.contains("cannot listen on"), "{}", taken.err);
    first.open(&desk)?;
    let (exit, said) = first.stop()?;
    ensure!(
        exit == 0 && said.contains("heard: stopped"),
        "{exit}: {said}"
    );
    Ok(())
}

pub fn known_afterwards() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    desk.write("workflows/classic-heard.scenarios.yaml", b"not: a workflow")?;
    let first = desk.serve()?;
    ensure!(
        first.beginning.contains("published classic-heard@1"),
        "{}",
        first.beginning
    );
    let case = first.open(&desk)?;
    ensure!(first.stop()?.0 == 0);
    let second = desk.serve()?;
    ensure!(
        !second.beginning.contains("heard: published"),
        "{}",
        second.beginning
    );
    second.ask(&desk, &["case", "show", &case])?.with(0)?;
    let said = second.stop()?.1;
    ensure!(said.contains("no principals"), "{said}");
    std::fs::remove_dir_all(desk.folder.path().join("workflows"))?;
    let third = desk.serve()?;
    third
        .ask(&desk, &["workflow", "list"])?
        .with(0)?
        .says(&["classic-heard@1"])?;
    Ok(())
}

pub fn other_content() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let listed = server
        .ask(&desk, &["-o", "json", "workflow", "list"])?
        .with(0)?
        .json()?;
    let published = listed["workflows"][0]["workflow"]["sha256"].clone();
    ensure!(server.stop()?.0 == 0);
    let mut changed = project_file(CLASSIC)?;
    changed.extend_from_slice(b"# changed\n");
    desk.write(CLASSIC, &changed)?;
    let checked = desk
        .run(&["-o", "json", "check", CLASSIC])?
        .with(0)?
        .json()?;
    let found = &checked["files"][0]["workflow"]["sha256"];
    let refused = desk.run(&["serve", "--listen", "127.0.0.1:0"])?.with(2)?;
    for digest in [&published, found] {
        let digest = digest.as_str().context("a digest")?;
        ensure!(
            refused.err.contains(digest),
            "{digest} is missing in {}",
            refused.err
        );
    }
    ensure!(refused.err.contains("raise `version`") && !refused.err.contains("listening"));
    Ok(())
}

pub fn faulty_file() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let faulty = String::from_utf8(project_file(CLASSIC)?)?.replace("go_to: empathize", "go_to: x");
    desk.write(CLASSIC, faulty.as_bytes())?;
    let ended = desk.run(&["serve", "--listen", "127.0.0.1:0"])?.with(1)?;
    ensure!(
        ended.err.contains("error[H101]") && ended.err.contains("not started"),
        "{ended:?}"
    );
    desk.write("other/a.yaml", faulty.as_bytes())?;
    std::fs::remove_dir_all(desk.folder.path().join("workflows"))?;
    let server = desk.serve()?;
    let publish = ["workflow", "publish", "other/a.yaml", "--as", "agent"];
    let refused = server.ask(&desk, &publish)?.with(1)?;
    ensure!(
        refused.out.contains("error[H101]") && refused.err.contains("HB007"),
        "{refused:?}"
    );
    Ok(())
}

pub fn rebuild() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let case = server.open(&desk)?;
    ensure!(server.stop()?.0 == 0);
    desk.run(&["rebuild", "--check"])?
        .with(0)?
        .says(&["everything is as the entries say"])?;
    let store = rusqlite::Connection::open(desk.folder.path().join("heard.db"))?;
    let changed = store.execute("UPDATE head SET place = 'resolve' WHERE place = 'hear'", [])?;
    ensure!(changed == 1);
    store.close().map_err(|(_, error)| error)?;
    let found = desk.run(&["rebuild", "--check"])?.with(1)?;
    found.says(&[&case, "1 difference"])?;
    let json = desk
        .run(&["-o", "json", "rebuild", "--check"])?
        .with(1)?
        .json()?;
    ensure!(json["differences"][0]["kind"] == "row" && json["written"] == false);
    desk.run(&["rebuild"])?.with(0)?.says(&["mended"])?;
    desk.run(&["rebuild", "--check"])?.with(0)?;
    desk.run(&["rebuild", "--store", "none.db"])?.with(2)?;
    ensure!(!desk.folder.path().join("none.db").exists());
    Ok(())
}
