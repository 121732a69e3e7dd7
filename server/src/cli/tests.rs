//! The command line from arguments to exit code, without a server.

use super::*;
use std::fs;

/// A day on which the closed days of all shipped workflows reach far enough ahead.
const TODAY: &str = "2026-10-05";

/// Runs one command line; returns how it ended, its output and what it said.
fn heard(arguments: &[&str]) -> (Exit, String, String) {
    let arguments = ["heard"].iter().chain(arguments).map(OsString::from);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let exit = run(arguments, &mut out, &mut err, false);
    (
        exit,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

/// A reader that has gone.
struct Gone;

impl Write for Gone {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

/// A file of the name, gone at the end.
struct TestFile(std::path::PathBuf);

impl TestFile {
    fn new(bytes: &[u8]) -> Self {
        let name = format!("heard-test-{}.workflow.yaml", uuid::Uuid::new_v4());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, bytes).unwrap();
        Self(path)
    }
    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TestFile {
    fn drop(&mut self) {
        drop(fs::remove_file(&self.0));
    }
}

#[test]
fn the_arguments_are_well_formed() {
    use clap::CommandFactory as _;
    Arguments::command().debug_assert();
}

#[test]
fn help_names_the_exit_codes_and_is_no_failure() {
    let (exit, out, err) = heard(&["--help"]);
    assert_eq!((exit, err.as_str()), (Exit::Clean, ""));
    assert!(
        out.contains("Exit codes:") && out.contains("serve"),
        "{out}"
    );
}

#[test]
fn an_unknown_command_or_argument_is_a_matter_of_usage() {
    for wrong in [
        &["deliver"][..],
        &["check"],
        &["case", "open"],
        &["demo", "--fast"],
    ] {
        let (exit, out, err) = heard(wrong);
        assert_eq!((exit, out.as_str()), (Exit::Usage, ""), "{wrong:?}");
        assert!(err.contains("Usage") || err.contains("usage"), "{err}");
    }
}

#[test]
fn every_code_is_explained_and_an_unknown_one_is_not() {
    for code in heard_engine::code::Code::ALL {
        let (exit, out, _) = heard(&["explain", code.as_str()]);
        assert_eq!(exit, Exit::Clean, "{code}");
        assert_eq!(out.trim_end(), code.page().trim_end());
        let (_, by_name, _) = heard(&["explain", code.name()]);
        assert_eq!(by_name, out, "{code}");
    }
    let (exit, _, err) = heard(&["explain", "HC9\u{1b}99"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("there is no code HC9\\u{1b}99"), "{err}");
}

#[test]
fn json_is_json_also_when_it_goes_wrong() {
    for (arguments, exit) in [
        (&["-o", "json", "version"][..], Exit::Clean),
        (&["-o", "json", "explain"], Exit::Clean),
        (&["explain", "HC004", "--output=json"], Exit::Clean),
        (&["-o", "json", "explain", "HC999"], Exit::Usage),
        (&["-o", "json", "check", "/no/such/file"], Exit::Usage),
        (
            &["-o", "json", "rebuild", "--store", "/no/such/store"],
            Exit::Usage,
        ),
    ] {
        let (ended, out, err) = heard(arguments);
        assert_eq!((ended, err.as_str()), (exit, ""), "{arguments:?}");
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(json["error"].is_object(), exit != Exit::Clean, "{out}");
    }
}

#[test]
fn shipped_workflows_have_nothing_wrong() {
    for (name, yaml) in demo::WORKFLOWS {
        let file = TestFile::new(yaml.as_bytes());
        let check = ["check", "--fail-level", "warning", "--today", TODAY];
        let (exit, out, err) = heard(&[&check[..], &[file.path()]].concat());
        assert_eq!((exit, err.as_str()), (Exit::Clean, ""), "{name}: {out}");
    }
}

#[test]
fn closed_days_that_end_are_found_on_the_day_of_the_check() {
    let (_, yaml) = demo::WORKFLOWS[0];
    let file = TestFile::new(yaml.as_bytes());
    for (today, exit) in [(TODAY, Exit::Clean), ("2030-10-05", Exit::Findings)] {
        let check = ["check", "--fail-level", "warning", "--today", today];
        let (ended, out, _) = heard(&[&check[..], &[file.path()]].concat());
        assert_eq!(ended, exit, "{out}");
        assert_eq!(out.contains("H904"), exit == Exit::Findings, "{out}");
    }
    let (exit, _, err) = heard(&["check", "--today", "tomorrow", file.path()]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("tomorrow"), "{err}");
    // Without a day it is that of the machine, which is behind the last closed day or near it some
    // time: a calendar of the past is found on every machine.
    let past = yaml
        .replace("2026", "1990")
        .replace("2027", "1991")
        .replace("2028", "1992");
    let (_, out, _) = heard(&["check", TestFile::new(past.as_bytes()).path()]);
    assert!(out.contains("H904") && out.contains("is past"), "{out}");
}

#[test]
fn findings_make_the_check_fail_from_the_level_asked_for() {
    let (_, yaml) = demo::WORKFLOWS[0];
    let good = TestFile::new(yaml.as_bytes());
    let bad = TestFile::new(
        yaml.replacen("go_to: empathize", "go_to: emphatize", 1)
            .as_bytes(),
    );
    assert_eq!(heard(&["check", good.path()]).0, Exit::Clean);
    // A word that is read and not acted on yet is worth a note.
    let noted = TestFile::new(format!("{yaml}keep: {{for: 2 years, from: closed}}\n").as_bytes());
    for (level, ended) in [("warning", Exit::Clean), ("note", Exit::Findings)] {
        let checked = heard(&["check", noted.path(), "--fail-level", level]);
        assert_eq!(checked.0, ended, "{}", checked.1);
    }
    let (exit, out, _) = heard(&["check", good.path(), bad.path()]);
    assert_eq!(exit, Exit::Findings);
    assert!(out.contains("emphatize") && out.contains('^'), "{out}");
    assert!(out.contains("1 error"), "{out}");
    let (exit, out, _) = heard(&["-o", "json", "check", good.path(), bad.path()]);
    assert_eq!(exit, Exit::Findings);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["files"][0]["workflow"]["workflow_id"], "classic-heard");
    let found = json["files"][1]["findings"].as_array().unwrap();
    let error = found
        .iter()
        .find(|finding| finding["level"] == "error")
        .unwrap();
    assert_eq!(error["code"], "H101");
    assert!(error["span"]["line"].as_u64().unwrap() > 1);
}

#[test]
fn who_does_not_say_who_acts_is_told_how() {
    if std::env::var_os("HEARD_PERSON").is_some() {
        return;
    }
    let (exit, _, err) = heard(&["case", "open", "classic-heard", "--as", "agent"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("export HEARD_PERSON="), "{err}");
    let named = [
        "case",
        "open",
        "classic-heard",
        "--as",
        "agent",
        "--person",
        "Ana",
    ];
    let (exit, _, err) = heard(&named);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("UUID"), "{err}");
}

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    for arguments in [
        &["heard", "explain"][..],
        &["heard", "--help"],
        &["heard", "version"],
    ] {
        let mut err = Vec::new();
        let arguments = arguments.iter().map(OsString::from);
        assert_eq!(run(arguments, &mut Gone, &mut err, false), Exit::Clean);
        assert_eq!(err, b"");
    }
}

#[test]
fn there_are_completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (exit, out, _) = heard(&["completions", shell]);
        assert_eq!(exit, Exit::Clean);
        assert!(out.contains("rebuild"), "{shell}");
    }
}

#[test]
fn the_schema_is_json_and_the_one_of_the_engine() {
    let (exit, out, _) = heard(&["schema"]);
    assert_eq!(exit, Exit::Clean);
    assert_eq!(out, heard_engine::workflow::schema::workflow());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["type"], "object");
    let (exit, out, _) = heard(&["schema", "scenarios"]);
    assert_eq!(exit, Exit::Clean);
    assert_eq!(out, heard_engine::scenario::schema::scenarios());
    assert_eq!(heard(&["schema", "cases"]).0, Exit::Usage);
}

#[test]
fn every_starter_is_clean_and_even_and_nothing_is_written_over() {
    for model in init::MODELS {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("mine");
        let dir = dir.to_str().unwrap();
        let begin = ["init", model.name, "--name", "late-delivery", "--dir", dir];
        let (exit, out, err) = heard(&begin);
        assert_eq!((exit, err.as_str()), (Exit::Clean, ""), "{}", model.name);
        assert!(out.contains("heard check"), "{out}");
        let workflow = format!("{dir}/late-delivery.workflow.yaml");
        let scenarios = format!("{dir}/late-delivery.scenarios.yaml");
        let check = [
            "check",
            "--fail-level",
            "warning",
            "--today",
            TODAY,
            &workflow,
        ];
        let (exit, out, _) = heard(&check);
        assert_eq!(exit, Exit::Clean, "{out}");
        assert!(out.contains("late-delivery@1"), "{out}");
        let (exit, out, _) = heard(&["test", "--all-walked", &workflow]);
        assert_eq!(exit, Exit::Clean, "{out}");
        let (exit, out, _) = heard(&["fmt", "--check", &workflow, &scenarios]);
        assert_eq!(exit, Exit::Clean, "{out}");
        let written = fs::read_to_string(&workflow).unwrap();
        assert!(written.starts_with("# yaml-language-server: $schema=./workflow.schema.json\n"));
        let told = fs::read_to_string(&scenarios).unwrap();
        assert!(told.contains("\nworkflow: late-delivery\n"), "{told}");
        let schema = fs::read_to_string(format!("{dir}/workflow.schema.json")).unwrap();
        assert_eq!(schema, heard_engine::workflow::schema::workflow());
        let schema = fs::read_to_string(format!("{dir}/scenarios.schema.json")).unwrap();
        assert_eq!(schema, heard_engine::scenario::schema::scenarios());
        assert!(told.starts_with("# yaml-language-server: $schema=./scenarios.schema.json\n"));

        fs::remove_file(&workflow).unwrap();
        let (exit, _, err) = heard(&begin);
        assert_eq!(exit, Exit::Usage);
        assert!(
            err.contains("is there already") && !fs::exists(&workflow).unwrap(),
            "{err}"
        );
        assert_eq!(fs::read_to_string(&scenarios).unwrap(), told);
    }
}

#[test]
fn a_starter_has_a_model_and_a_name_that_exist() {
    assert_eq!(heard(&["init", "shout"]).0, Exit::Usage);
    let (exit, _, err) = heard(&["init", "--name", "Late Delivery"]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("late-delivery"), "{err}");
}

#[test]
fn files_are_formatted_in_place_or_only_looked_at() {
    let file = TestFile::new(b"heard:   1\nworkflow: 'x'   # why\n");
    let (exit, out, _) = heard(&["fmt", "--check", file.path()]);
    assert_eq!(exit, Exit::Findings);
    assert!(out.contains("would be formatted"), "{out}");
    assert_eq!(heard(&["fmt", file.path()]).0, Exit::Clean);
    let text = fs::read_to_string(file.path()).unwrap();
    assert_eq!(text, "heard: 1\nworkflow: x   # why\n");
    let (exit, out, _) = heard(&["fmt", "--check", file.path()]);
    assert_eq!(exit, Exit::Clean);
    assert!(out.contains("nothing to do"), "{out}");
    let broken = TestFile::new(b"a: [");
    let (exit, out, _) = heard(&["-o", "json", "fmt", broken.path()]);
    assert_eq!(exit, Exit::Findings);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["files"][0]["findings"][0]["code"], "H001");
    assert_eq!(fs::read(broken.path()).unwrap(), b"a: [");
}

#[test]
fn two_versions_are_compared_by_what_they_mean() {
    let (_, yaml) = demo::WORKFLOWS[0];
    let old = TestFile::new(yaml.as_bytes());
    let same = TestFile::new(format!("# A comment\n{yaml}").as_bytes());
    assert_eq!(
        heard(&["diff", old.path(), same.path()]),
        (
            Exit::Clean,
            "The meaning is the same.\n".to_owned(),
            String::new()
        )
    );
    let grown = TestFile::new(yaml.replace("agent: 50 EUR", "agent: 75 EUR").as_bytes());
    let (exit, out, _) = heard(&["diff", old.path(), grown.path()]);
    assert_eq!(exit, Exit::Findings);
    assert_eq!(
        out.lines().next(),
        Some("Powers that grew: somebody may do more than before")
    );
    assert!(out.contains("may give 75 EUR per case") && out.ends_with("1 change of meaning\n"));
    for json in [&["-o", "json", "diff"][..], &["diff", "--format", "json"]] {
        let (_, out, _) = heard(&[json, &[old.path(), grown.path()]].concat());
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert_eq!(json["changes"][0]["weight"], "power_grew");
        assert_eq!(json["changes"][0]["place"], "limits.goodwill.agent");
    }
    let broken = TestFile::new(b"heard: 1\n");
    let (exit, _, err) = heard(&["diff", old.path(), broken.path()]);
    assert_eq!(exit, Exit::Usage);
    assert!(err.contains("heard check"), "{err}");
}

#[test]
fn a_workflow_is_drawn_and_one_with_errors_is_told_what_is_wrong() {
    let (_, yaml) = demo::WORKFLOWS[0];
    let file = TestFile::new(yaml.as_bytes());
    let (exit, svg, err) = heard(&["draw", file.path()]);
    assert_eq!((exit, err.as_str()), (Exit::Clean, ""));
    assert!(
        svg.starts_with("<svg ") && svg.ends_with("</svg>\n"),
        "{svg}"
    );
    let out = TestFile::new(b"");
    let (exit, said, _) = heard(&["draw", file.path(), "--out", out.path()]);
    assert_eq!(
        (exit, said),
        (Exit::Clean, format!("{}: drawn\n", out.path()))
    );
    assert_eq!(fs::read_to_string(out.path()).unwrap(), svg);
    for (format, begins) in [("mermaid", "flowchart TD\n"), ("dot", "digraph ")] {
        let (exit, picture, _) = heard(&["draw", file.path(), "--format", format]);
        assert!(
            exit == Exit::Clean && picture.starts_with(begins),
            "{picture}"
        );
    }
    let bad = TestFile::new(
        yaml.replacen("next: empathize", "next: emphasize", 1)
            .as_bytes(),
    );
    let (exit, said, _) = heard(&["draw", bad.path(), "--out", out.path()]);
    assert_eq!(exit, Exit::Findings);
    assert!(
        said.contains("error[H101]") && said.contains("`empathize`"),
        "{said}"
    );
    assert_eq!(
        fs::read_to_string(out.path()).unwrap(),
        svg,
        "what was there stays"
    );
}
