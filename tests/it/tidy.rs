//! The order of the house: who may know whom, how long a file may be, what a page must say.

mod layers;
mod pages;
mod source;
mod text;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use heard_tests::{Trial, trial};

pub fn trials() -> Vec<Trial> {
    let test = |name: &str, run: fn() -> anyhow::Result<()>| trial(format!("tidy::{name}"), run);
    vec![
        test("crates_depend_one_way", layers::crates_depend_one_way),
        test(
            "the_engine_depends_on_nothing_impure",
            layers::the_engine_depends_on_nothing_impure,
        ),
        test(
            "modules_of_the_engine_import_one_way",
            layers::engine_modules_import_one_way,
        ),
        test(
            "modules_of_the_server_import_one_way",
            layers::server_modules_import_one_way,
        ),
        test(
            "only_the_api_names_the_wire",
            layers::only_the_api_names_the_wire,
        ),
        test(
            "only_stores_name_a_driver",
            layers::only_stores_name_a_driver,
        ),
        test("only_the_app_decides", layers::only_the_app_decides),
        test("files_and_lines_are_short", text::files_and_lines_are_short),
        test(
            "every_module_says_what_it_is_for",
            text::every_module_says_what_it_is_for,
        ),
        test(
            "files_have_names_that_say_something",
            text::files_have_names_that_say_something,
        ),
        test(
            "nothing_is_put_off_in_a_comment",
            text::nothing_is_put_off_in_a_comment,
        ),
        test("the_top_level_is_fixed", the_top_level_is_fixed),
        test("every_code_has_its_page", pages::every_code_has_its_page),
        test("every_page_has_its_code", pages::every_page_has_its_code),
        test("code_is_told_from_text", source::code_is_told_from_text),
    ]
}

/// Returns the folder of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the names below a folder of the workspace, recursively, by their paths from the root.
fn files(folder: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let read = root()
            .join(&folder)
            .read_dir()
            .with_context(|| folder.clone())?;
        for entry in read {
            let entry = entry?;
            let name = entry
                .file_name()
                .into_string()
                .ok()
                .context("a name is not UTF-8")?;
            let path = format!("{folder}/{name}");
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Returns every Rust file of a folder with its text.
fn rust(folder: &str) -> anyhow::Result<Vec<(String, String)>> {
    let is_rust = |path: &String| Path::new(path).extension().is_some_and(|end| end == "rs");
    let paths = files(folder)?.into_iter().filter(is_rust);
    let read = |path: String| {
        let text = std::fs::read_to_string(root().join(&path)).with_context(|| path.clone())?;
        Ok((path, text))
    };
    paths.map(read).collect()
}

const CRATES: [&str; 4] = ["engine", "proto", "server", "tests"];

/// Fails with all faults, one a line.
fn none(faults: &[String]) -> anyhow::Result<()> {
    ensure!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
    Ok(())
}

fn the_top_level_is_fixed() -> anyhow::Result<()> {
    const FIXED: [&str; 14] = [
        ".cargo",
        ".ci",
        ".config",
        ".gitignore",
        ".rustfmt.toml",
        "Cargo.lock",
        "Cargo.toml",
        "LICENSE",
        "README.md",
        "engine",
        "proto",
        "server",
        "tests",
        "workflows",
    ];
    // What git keeps; a copy without git is looked at as it lies there.
    let git = Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root())
        .output();
    let kept = git
        .ok()
        .filter(|git| git.status.success() && !git.stdout.is_empty());
    let names: BTreeSet<String> = match kept {
        Some(git) => {
            let text = String::from_utf8(git.stdout)?;
            let first = |path: &str| path.split('/').next().unwrap_or(path).to_owned();
            text.split_terminator('\0').map(first).collect()
        }
        None => {
            let mut names = BTreeSet::new();
            for entry in root().read_dir()? {
                names.insert(entry?.file_name().to_string_lossy().into_owned());
            }
            names.retain(|name| name != "target" && name != ".git" && !name.contains(".db"));
            names
        }
    };
    let others: Vec<String> = names
        .into_iter()
        .filter(|name| !FIXED.contains(&name.as_str()))
        .collect();
    none(&others)
}
