//! The demo runs the main job and cannot succeed falsely.

use std::process::Stdio;

use anyhow::ensure;

use super::process::{Desk, Serving, program};

pub fn ends_well() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    let shown = desk.run(&["demo"])?.with(0)?;
    ensure!(shown.err.is_empty(), "{}", shown.err);
    shown.says(&[
        "published classic-heard@1",
        "published airline-compensation@1",
        "hear: Hear the customer out",
        "empathize: Show that you understand",
        "apologize: Apologise, without excuses",
        "resolve: Put it right",
        "diagnose: Find the cause, not the culprit",
        "promise/call_back_by  due 20",
        "We will call you back by 20",
        "clock/resolution  due 20",
        "HC004 no_such_action",
        "HC005 not_yours",
        "HC006 not_by",
        "HC007 answers_missing",
        "HC013 cause_missing",
        "take_over: The team lead listens",
        "reopens the case",
        "opening 2",
        "done before",
        "The history of case 2",
        "every hash is that of its bytes",
        "Stopped, checked, started again",
        "was compared with what was expected",
    ])?;
    let left: Vec<_> = desk.folder.path().read_dir()?.collect();
    ensure!(left.is_empty(), "the demo leaves nothing behind: {left:?}");
    let json = desk.run(&["demo", "-o", "json"])?.with(0)?.json()?;
    ensure!(
        json["cases"]
            .as_array()
            .is_some_and(|cases| cases.len() == 5),
        "{json}"
    );
    Ok(())
}

pub fn keeps() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    let mut command = program(desk.folder.path());
    command.args(["demo", "--keep"]).stdout(Stdio::piped());
    let kept = Serving::start(&mut command, |child| {
        child.stdout.take().map(|out| Box::new(out) as _)
    })?;
    let listed = kept
        .ask(&desk, &["-o", "json", "case", "list"])?
        .with(0)?
        .json()?;
    ensure!(
        listed["cases"]
            .as_array()
            .is_some_and(|cases| cases.len() == 5),
        "{listed}"
    );
    ensure!(kept.stop()?.0 == 0);
    Ok(())
}
