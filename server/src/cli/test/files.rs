//! Finds the workflow that scenarios are for, and the scenarios of a workflow: beside each other.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::escape::escaped;
use crate::run::{WORKFLOW_SUFFIX, read_workflow};

/// How the name of a scenarios file ends.
pub(in crate::cli) const SCENARIOS_SUFFIX: &str = ".scenarios.yaml";

/// A file that was read.
#[derive(Debug)]
pub(in crate::cli) struct Read {
    /// Its path, for people.
    pub(in crate::cli) path: String,
    /// What it holds.
    pub(in crate::cli) bytes: Vec<u8>,
}

/// A workflow file and the scenarios beside it.
#[derive(Debug)]
pub(in crate::cli) struct Pair {
    /// The workflow.
    pub(in crate::cli) workflow: Read,
    /// Its scenarios; none where there is no such file.
    pub(in crate::cli) scenarios: Option<Read>,
}

impl Pair {
    /// Returns where the scenarios lie or would lie, for people.
    pub(in crate::cli) fn scenarios_path(&self) -> String {
        let stem = self.workflow.path.strip_suffix(WORKFLOW_SUFFIX);
        format!("{}{SCENARIOS_SUFFIX}", stem.unwrap_or_default())
    }
}

/// Reads the files that are named, each workflow once, in the order of naming; those of a folder
/// in the order of their names.
///
/// # Errors
///
/// [`Failure::Usage`] when a file cannot be read, or is neither a workflow nor scenarios.
pub(super) fn pairs(named: &[PathBuf]) -> Result<Vec<Pair>, Failure> {
    let mut seen = BTreeSet::new();
    let mut pairs = Vec::new();
    for path in named {
        let stems = if path.is_dir() {
            in_folder(path)?
        } else {
            BTreeSet::from([stem_of(path)?])
        };
        for stem in stems {
            if seen.insert(stem.clone()) {
                pairs.push(pair(&stem)?);
            }
        }
    }
    Ok(pairs)
}

/// Returns the path without its ending.
fn stem_of(path: &Path) -> Result<String, Failure> {
    let shown = path.to_str().unwrap_or_default();
    let stem = [WORKFLOW_SUFFIX, SCENARIOS_SUFFIX]
        .iter()
        .find_map(|suffix| shown.strip_suffix(suffix));
    stem.map(str::to_owned).ok_or_else(|| {
        Failure::Usage(format!(
            "{} is neither a folder nor a file called NAME{WORKFLOW_SUFFIX} or \
             NAME{SCENARIOS_SUFFIX}; rename it, or name the workflow",
            escaped(&path.display().to_string())
        ))
    })
}

fn in_folder(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let shown = escaped(&folder.display().to_string());
    let unread = |error| Failure::Usage(format!("{shown} cannot be read: {error}"));
    let mut stems = BTreeSet::new();
    for entry in fs::read_dir(folder).map_err(unread)? {
        stems.extend(stem_of(&entry.map_err(unread)?.path()));
    }
    if stems.is_empty() {
        return Err(Failure::Usage(format!(
            "{shown} holds no file called NAME{WORKFLOW_SUFFIX}"
        )));
    }
    Ok(stems)
}

fn pair(stem: &str) -> Result<Pair, Failure> {
    let scenarios = PathBuf::from(format!("{stem}{SCENARIOS_SUFFIX}"));
    let scenarios = scenarios.exists().then(|| read(&scenarios)).transpose()?;
    Ok(Pair {
        workflow: read(Path::new(&format!("{stem}{WORKFLOW_SUFFIX}")))?,
        scenarios,
    })
}

fn read(path: &Path) -> Result<Read, Failure> {
    let shown = path.display().to_string();
    let bytes = read_workflow(path)
        .map_err(|error| Failure::Usage(format!("{} cannot be read: {error}", escaped(&shown))))?;
    Ok(Read { path: shown, bytes })
}
