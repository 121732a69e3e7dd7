//! `heard init [MODEL]`: a workflow to begin with, its scenarios, and the schemas for editors.
//!
//! Invariant: no file of anybody is written over, but for the schemas, which are ours.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser};
use heard_engine::id::is_workflow_id;
use heard_engine::{scenario, workflow};
use serde_json::json;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::test::SCENARIOS_SUFFIX;
use crate::escape::escaped;
use crate::run::WORKFLOW_SUFFIX;

/// A workflow to begin with.
pub(super) struct Model {
    pub(super) name: &'static str,
    about: &'static str,
    workflow: &'static str,
    scenarios: &'static str,
}

/// Makes a starter of a workflow that ships.
macro_rules! shipped {
    ($name:literal, $about:literal) => {
        Model {
            name: $name,
            about: $about,
            workflow: include_str!(concat!("../../../workflows/", $name, ".workflow.yaml")),
            scenarios: include_str!(concat!("../../../workflows/", $name, ".scenarios.yaml")),
        }
    };
}

/// The workflows to begin with, the default first.
pub(super) const MODELS: &[Model] = &[
    Model {
        name: "heard",
        about: "hear, empathize, apologize, resolve, diagnose: small, with a word on every line",
        workflow: include_str!("init/heard.workflow.yaml"),
        scenarios: include_str!("init/heard.scenarios.yaml"),
    },
    shipped!("last", "listen, apologise, solve, thank: at the counter"),
    shipped!(
        "learn",
        "listen, empathise, apologise, respond, notify: in a hotel"
    ),
    shipped!(
        "latte",
        "listen, acknowledge, take action, thank, explain: in a coffee shop"
    ),
    shipped!(
        "heat",
        "hear, empathise, apologise, take action: on the telephone"
    ),
    shipped!(
        "blast",
        "believe, listen, apologise, satisfy, thank: at the drive-through"
    ),
];

/// The arguments of `heard init`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The method to begin with.
    #[arg(value_parser = models(), default_value = "heard")]
    model: String,
    /// The id of the workflow, and how its files are called.
    #[arg(long, default_value = "complaints")]
    name: String,
    /// The folder to write to.
    #[arg(long, default_value = ".")]
    dir: PathBuf,
}

fn models() -> PossibleValuesParser {
    let value = |model: &Model| PossibleValue::new(model.name).help(model.about);
    PossibleValuesParser::new(MODELS.iter().map(value))
}

/// Runs `heard init`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Some(model) = MODELS.iter().find(|model| model.name == arguments.model) else {
        return Err(Failure::Bug(
            "a model is not in the list of models".to_owned(),
        ));
    };
    let name = &arguments.name;
    if !is_workflow_id(name) {
        return Err(Failure::Usage(format!(
            "{} cannot be the id of a workflow; it has lower-case words of letters and digits \
             joined by `-`, like late-delivery",
            escaped(name)
        )));
    }
    let [workflow, scenarios] = [WORKFLOW_SUFFIX, SCENARIOS_SUFFIX]
        .map(|suffix| arguments.dir.join(format!("{name}{suffix}")));
    let names = [workflow::schema::FILE_NAME, scenario::schema::FILE_NAME];
    let schemas = names.map(|name| arguments.dir.join(name));
    for path in [&workflow, &scenarios] {
        if path.exists() {
            return Err(there_already(path));
        }
    }
    fs::create_dir_all(&arguments.dir).map_err(|error| unwritten(&arguments.dir, &error))?;
    let files = [(&workflow, model.workflow), (&scenarios, model.scenarios)];
    for ((path, text), schema) in files.into_iter().zip(names) {
        let first = format!("# yaml-language-server: $schema=./{schema}\n");
        write_new(path, &(first + &called(text, name)))?;
    }
    let contents = [workflow::schema::workflow(), scenario::schema::scenarios()];
    for (path, content) in schemas.iter().zip(contents) {
        fs::write(path, content).map_err(|error| unwritten(path, &error))?;
    }
    let [one, other] = &schemas;
    let written = [&workflow, &scenarios, one, other].map(|path| path.display().to_string());
    console.show(
        || json!({"model": model.name, "workflow_id": name, "written": written}),
        || next(&written),
    )?;
    Ok(Exit::Clean)
}

/// Gives a workflow, or its scenarios, another id.
fn called(text: &str, name: &str) -> String {
    const WORD: &str = "workflow: ";
    let rename = |line: &str| match line.strip_prefix(WORD) {
        Some(rest) => {
            let id = rest.find(char::is_whitespace).unwrap_or(rest.len());
            format!("{WORD}{name}{}", rest.get(id..).unwrap_or_default())
        }
        None => line.to_owned(),
    };
    text.split_inclusive('\n').map(rename).collect()
}

fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let opened = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path);
    let mut file = opened.map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            there_already(path)
        } else {
            unwritten(path, &error)
        }
    })?;
    file.write_all(text.as_bytes())
        .map_err(|error| unwritten(path, &error))
}

fn there_already(path: &Path) -> Failure {
    let path = path.display().to_string();
    Failure::Usage(format!(
        "{} is there already and was not touched; choose another name with --name, or another \
         folder with --dir",
        escaped(&path)
    ))
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    let path = path.display().to_string();
    Failure::Usage(format!("{} cannot be written: {error}", escaped(&path)))
}

/// Says what was written, and what to do next.
fn next(written: &[String; 4]) -> String {
    let [workflow, scenarios, schema, other] = written.each_ref().map(|path| escaped(path));
    format!(
        "Written:\n  \
         {workflow}    the workflow: open it and read it aloud\n  \
         {scenarios}   stories that it must be able to tell\n  \
         {schema}, {other}\n    \
         from which an editor completes and explains every word\n\n\
         What to do next:\n  \
         heard check {workflow}    says what is wrong, where, and how to mend it\n  \
         heard test {workflow}     plays the stories\n  \
         heard draw {workflow}     draws it\n  \
         heard serve --workflows FOLDER    serves cases by the workflows in a folder\n"
    )
}
