//! How a file looks: its length, its first line, its name, and no work put off.

use std::path::Path;

use super::{CRATES, files, none, root, rust};

const FILE_LINES_MAX: usize = 500;
const LINE_CHARS_MAX: usize = 100;

fn sources() -> anyhow::Result<Vec<(String, String)>> {
    let mut sources = Vec::new();
    for folder in CRATES {
        sources.extend(rust(folder)?);
    }
    Ok(sources)
}

pub fn files_and_lines_are_short() -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for (path, text) in sources()? {
        let lines = text.lines().count();
        if lines > FILE_LINES_MAX {
            faults.push(format!("{path} has {lines} lines"));
        }
        for (number, line) in (1..).zip(text.lines()) {
            let chars = line.chars().count();
            if chars > LINE_CHARS_MAX {
                faults.push(format!("{path}:{number} has {chars} characters"));
            }
        }
    }
    none(&faults)
}

pub fn every_module_says_what_it_is_for() -> anyhow::Result<()> {
    let mut faults = Vec::new();
    for (path, text) in sources()? {
        let first = text.lines().next().unwrap_or("");
        let says = first.strip_prefix("//! ").unwrap_or("");
        if !says.contains(' ') {
            faults.push(format!("{path} does not open with //! and a sentence"));
        }
    }
    none(&faults)
}

pub fn files_have_names_that_say_something() -> anyhow::Result<()> {
    const EMPTY: [&str; 6] = ["mod", "utils", "helpers", "common", "types", "misc"];
    let mut faults = Vec::new();
    for (path, _) in sources()? {
        let is_empty = |part: &str| EMPTY.contains(&part.trim_end_matches(".rs"));
        if path.split('/').any(is_empty) {
            faults.push(path);
        }
    }
    none(&faults)
}

pub fn nothing_is_put_off_in_a_comment() -> anyhow::Result<()> {
    // Written in two parts, so that this file is not a fault itself.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let mut paths = Vec::new();
    for folder in CRATES.into_iter().chain(["workflows"]) {
        if root().join(folder).is_dir() {
            paths.extend(files(folder)?);
        }
    }
    let mut faults = Vec::new();
    for path in paths {
        let is_text = ["rs", "proto", "sql", "toml", "md", "yaml"];
        let end = Path::new(&path)
            .extension()
            .and_then(|end| end.to_str())
            .unwrap_or("");
        if !is_text.contains(&end) {
            continue;
        }
        // A specimen of the lint may be anything but UTF-8.
        let bytes = std::fs::read(root().join(&path))?;
        let text = String::from_utf8_lossy(&bytes);
        for (number, line) in (1..).zip(text.lines()) {
            if words.iter().any(|word| super::source::names(line, word)) {
                faults.push(format!("{path}:{number}"));
            }
        }
    }
    none(&faults)
}
