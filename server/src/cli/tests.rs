use super::*;
use std::fs;

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
        let (exit, out, err) = heard(&["check", "--fail-level", "warning", file.path()]);
        assert_eq!((exit, err.as_str()), (Exit::Clean, ""), "{name}: {out}");
    }
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
    assert_eq!(
        heard(&["check", good.path(), "--fail-level", "note"]).0,
        Exit::Findings
    );
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
