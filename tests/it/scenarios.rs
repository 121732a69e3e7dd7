//! The shipped workflows pass their scenarios, which walk every rule, row of a table and
//! deadline; what `heard test` and `heard try` say is a snapshot.
//!
//! After a wanted change of a text: `INSTA_UPDATE=always cargo test -p heard-tests -- scenarios`.

use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use heard_engine::scenario::{self, Coverage, Walked};
use heard_engine::workflow::load;
use heard_tests::{Trial, trial};

use crate::cli::process::Desk;

/// Rules that no story can walk in this version, each with what it waits for.
const WAITING: &[(&str, &str, &str)] = &[];

/// Stories of which some fail, in every way a story can.
const FAILING: &str = r#"workflow: classic-heard
clock: 2026-10-05 09:00
people: {ana: agent, tom: team_lead}
scenarios:
  - name: The whole way to the apology
    story:
      - {ana: hear.understood, with: {story: "It rained in", wanted_outcome: "A dry room"}}
      - {ana: empathize.done, with: {feeling: angry}}
    then: {at: apologize}
  - name: <It> goes "another" way & ends elsewhere
    story:
      - {start_at: call_back}
      - {wait: 2 days}
      - {ana: called, with: {accepted: no}}
    then: {at: diagnose}
  - name: It is refused
    story:
      - {start_at: diagnose}
      - {ana: done}
  - name: It is not refused
    story:
      - {start_at: resolve}
      - {ana: offer, with: {fix: "Another room"}, refused: not_yours}
  - name: An answer is another
    story: [{start_at: call_back, with: {goodwill: 40 EUR}}]
    then: {answers: {goodwill: 50 EUR}}
"#;

/// Stories about time that fail.
const LATE: &str = r#"workflow: classic-heard
clock: 2026-10-05 09:00
people: {ana: agent, tom: team_lead, mia: service_manager}
scenarios:
  - name: Nobody is told
    story:
      - open
      - {wait: 4 working days}
    then: {at: hear, told: none}
  - name: The promise is kept
    story:
      - {start_at: resolve}
      - {ana: offer, with: {fix: "Another room"}}
      - {until: 2026-10-06 18:30}
      - {ana: note, text: "Nobody picks up"}
    then: {at: call_back, kept: [call_back_by]}
  - name: Only the call is late
    story:
      - {start_at: call_back, received: 2026-10-01 17:00}
      - {wait: 2 working days}
    then: {late: [call_back]}
  - name: It is due a day later
    story: [{start_at: diagnose}]
    then: {due: {diagnose: 2026-10-09 09:00}}
  - name: The customer is asked and never answers
    story:
      - {start_at: diagnose}
      - {tom: cause, is: process/handover}
      - {tom: done}
      - {wait: 31 days}
    then: {at: resolved, sent: [after_contact], to_do: none}
"#;

/// Scenarios that cannot be run.
const FAULTY: &str = r"workflow: classic-heard
people: {ana: agent}
scenarios:
  - name: A story with faults
    story:
      - {start_at: resolv}
      - {anna: offer}
      - {ana: offer, refused: not_yours, with: {goodwill: 5000 EUR}}
";

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "scenarios::shipped_workflows_pass_and_walk_every_rule_and_deadline",
            shipped,
        ),
        trial("scenarios::what_fails_is_told_with_the_walk", failing),
        trial(
            "scenarios::what_fails_about_time_is_told_with_what_was_due",
            late,
        ),
        trial("scenarios::faults_are_shown_where_they_stand", faulty),
        trial("scenarios::what_is_written_for_rules_passes", generated),
        trial("scenarios::the_way_of_an_action_is_tried", tried),
        trial("scenarios::files_find_each_other", files),
    ]
}

fn shipped() -> anyhow::Result<()> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../workflows"));
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(stem) = name.and_then(|name| name.strip_suffix(".workflow.yaml")) else {
            continue;
        };
        let workflow =
            load(&std::fs::read(&path)?).map_err(|found| anyhow::anyhow!("{found:?}"))?;
        let beside = folder.join(format!("{stem}.scenarios.yaml"));
        let bytes = std::fs::read(&beside).with_context(|| format!("{}", beside.display()))?;
        let (file, findings) = scenario::read(&bytes, &workflow);
        ensure!(findings.is_empty(), "{stem}: {findings:#?}");
        let file = file.context("scenarios")?;
        let mut walked = Walked::default();
        for one in &file.scenarios {
            let outcome = scenario::run(&workflow, &file, one);
            let failure = &outcome.failure;
            ensure!(failure.is_none(), "{stem}: {}: {failure:#?}", one.name);
            walked.add(&outcome.walked);
        }
        let coverage = Coverage::of(&workflow, &walked);
        let missing = coverage.kinds.iter().flat_map(|(_, _, _, missing)| missing);
        let missing: Vec<String> = missing
            .filter(|part| part.deserves_a_story())
            .map(ToString::to_string)
            .collect();
        let mut waiting: Vec<&str> = WAITING
            .iter()
            .filter(|(of, ..)| *of == stem)
            .map(|(_, part, _)| *part)
            .collect();
        waiting.sort_unstable();
        let mut not_walked: Vec<&str> = missing.iter().map(String::as_str).collect();
        not_walked.sort_unstable();
        ensure!(
            not_walked == waiting,
            "{stem}: no scenario walks {not_walked:?}, and only {waiting:?} have to wait"
        );
        seen += 1;
    }
    ensure!(seen == 14, "{seen} workflows");
    Ok(())
}

fn failing() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    desk.write("workflows/classic-heard.scenarios.yaml", FAILING.as_bytes())?;
    let ended = desk.run(&["test", "--coverage", "workflows"])?.with(1)?;
    ensure!(ended.err.is_empty(), "{}", ended.err);
    snapshot("scenarios-failing", &ended.out);
    let junit = ["test", "workflows", "--format", "junit"];
    snapshot("scenarios-junit", &desk.run(&junit)?.with(1)?.out);
    let json = desk.run(&["test", "workflows", "-o", "json"])?.with(1)?;
    let json: serde_json::Value = serde_json::from_str(&json.out)?;
    let file = &json["files"][0];
    ensure!(
        file["scenarios"].as_array().map(Vec::len) == Some(5),
        "{file}"
    );
    ensure!(file["scenarios"][1]["failure"]["line"] == 15, "{file}");
    ensure!(file["coverage"]["rules"]["all"] == 16, "{file}");
    Ok(())
}

fn late() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    desk.write("workflows/classic-heard.scenarios.yaml", LATE.as_bytes())?;
    let ended = desk.run(&["test", "workflows"])?.with(1)?;
    ensure!(ended.err.is_empty(), "{}", ended.err);
    snapshot("scenarios-late", &ended.out);
    let json = desk.run(&["test", "workflows", "-o", "json"])?.with(1)?;
    let json: serde_json::Value = serde_json::from_str(&json.out)?;
    let walk = &json["files"][0]["scenarios"][0]["walk"];
    ensure!(
        walk[2]["at"] == "2026-10-05 09:15" && walk[2]["by_time"] == true,
        "{walk}"
    );
    Ok(())
}

fn faulty() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    desk.write("workflows/classic-heard.scenarios.yaml", FAULTY.as_bytes())?;
    let ended = desk.run(&["test", "workflows"])?.with(1)?;
    snapshot("scenarios-faulty", &ended.out);
    let file = "workflows/classic-heard.scenarios.yaml";
    let checked = desk.run(&["check", file])?.with(2)?;
    let says = format!("{file} is a scenarios file: `heard test {file}` plays it");
    ensure!(checked.err.contains(&says), "{}", checked.err);
    let junit = ["test", "workflows", "--format", "junit"];
    let junit = desk.run(&junit)?.with(1)?.out;
    ensure!(
        junit.contains("errors=\"1\"") && junit.contains("H101"),
        "{junit}"
    );
    Ok(())
}

fn generated() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let file = "workflows/classic-heard.scenarios.yaml";
    let first = desk.run(&["test", "--generate", "workflows"])?;
    desk.write(file, first.out.as_bytes())?;
    let all = desk.run(&["test", "workflows", "--coverage"])?.with(0)?;
    let waiting = WAITING.iter().filter(|(of, ..)| *of == "classic-heard");
    let walked = format!("{} of 16 rules walked", 16 - waiting.count());
    ensure!(all.out.contains(&walked), "{}", all.out);
    // What is still missing is added below what there is, with its people.
    let some = r#"workflow: classic-heard
people: {ana: agent, tom: team_lead, mia: service_manager}
scenarios:
  - name: A customer withdraws
    story: [{ana: customer_withdraws, reason: "It was a mistake"}]

"#;
    desk.write(file, some.as_bytes())?;
    let more = desk.run(&["test", "--generate", "workflows"])?;
    ensure!(
        !more.out.contains("anywhere.customer_withdraws"),
        "{}",
        more.out
    );
    desk.write(file, format!("{some}{}", more.out).as_bytes())?;
    let all = desk.run(&["test", "workflows"])?.with(0)?;
    ensure!(all.out.contains(&walked), "{}", all.out);
    let none = desk.run(&["test", "--generate", "workflows"])?.with(0)?;
    ensure!(
        none.out.is_empty() && none.err.contains("every rule, row of a table"),
        "{}{}",
        none.out,
        none.err
    );
    Ok(())
}

fn tried() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let file = "workflows/classic-heard.workflow.yaml";
    let mut text = String::new();
    for arguments in [
        &["--at", "call_back", "--with", "accepted=no"][..],
        &["--at", "call_back", "--action", "called"],
        &[
            "--at",
            "resolve",
            "--with",
            "fix=Another room",
            "--as",
            "agent",
        ],
        &["--at", "diagnose", "--as", "agent"],
        &["--at", "hear", "--wait", "2 working days", "--as", "agent"],
    ] {
        let command = [&["try", file], arguments].concat();
        let ended = desk.run(&command)?.with(0)?;
        text.push_str(&format!("$ heard {}\n{}\n", command.join(" "), ended.out));
    }
    snapshot("scenarios-tried", &text);
    let command = [
        "try",
        file,
        "--at",
        "call_back",
        "--with",
        "accepted=yes",
        "-o",
        "json",
    ];
    let json: serde_json::Value = serde_json::from_str(&desk.run(&command)?.with(0)?.out)?;
    let goes = &json["actions"][0]["goes"];
    ensure!(
        goes["place"] == "diagnose" && goes["rules"][0]["fit"] == "taken",
        "{json}"
    );
    for (wrong, says) in [
        (
            &["--at", "calback"][..],
            "the workflow has no step calback; it has hear",
        ),
        (&["--at", "hear", "--with", "x=1"], "has no field x"),
        (
            &["--at", "hear", "--with", "goodwill=5000 EUR"],
            "goodwill: it must be from",
        ),
        (&["--at", "hear", "--as", "boss"], "has no role boss"),
        (
            &["--at", "hear", "--wait", "soon"],
            "--wait soon: a length of time looks like",
        ),
        (
            &["--at", "hear", "--action", "offer"],
            "no such action; it has",
        ),
    ] {
        let ended = desk.run(&[&["try", file], wrong].concat())?.with(2)?;
        ensure!(ended.err.contains(says), "{wrong:?}: {}", ended.err);
    }
    Ok(())
}

fn files() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let alone = desk.run(&["test", "workflows/classic-heard.workflow.yaml"])?;
    let alone = alone.with(1)?;
    ensure!(
        alone.out.contains("there are no scenarios: "),
        "{}",
        alone.out
    );
    for (wrong, says) in [
        (
            "workflows/classic-heard.yaml",
            "is neither a folder nor a file called",
        ),
        (
            "workflows/none.scenarios.yaml",
            "none.workflow.yaml cannot be read",
        ),
        (".", "holds no file called NAME.workflow.yaml"),
    ] {
        let ended = desk.run(&["test", wrong])?.with(2)?;
        ensure!(ended.err.contains(says), "{wrong}: {}", ended.err);
    }
    let passing = "workflow: classic-heard\nscenarios:\n  - {name: x, story: [open]}\n";
    desk.write("workflows/classic-heard.scenarios.yaml", passing.as_bytes())?;
    let both = [
        "test",
        "workflows/classic-heard.scenarios.yaml",
        "workflows/classic-heard.workflow.yaml",
    ];
    let once = desk.run(&both)?.with(0)?;
    ensure!(once.out.matches("1 passed").count() == 1, "{}", once.out);
    let all = ["test", "workflows", "--all-walked"];
    desk.run(&all)?.with(1)?;
    Ok(())
}

/// Compares a text with its snapshot beside this file.
fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots");
    settings.bind(|| insta::assert_snapshot!(name, text));
}
