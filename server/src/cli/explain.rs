//! `heard explain CODE`: the page of a code.

use clap::Args;
use heard_engine::code::{Code, Kind};
use serde_json::{Value, json};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::render::text::table;
use crate::escape::escaped;

/// The arguments of `heard explain`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The code, such as HC004, or its short name, such as `no_such_action`.
    code: Option<String>,
}

/// Runs `heard explain`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let Some(wanted) = &arguments.code else {
        return all(console);
    };
    let Some(code) = find(wanted) else {
        return Err(Failure::Usage(format!(
            "there is no code {}; a code looks like HC004, and `heard explain` lists them all",
            escaped(wanted)
        )));
    };
    let page = code.page();
    console.show(
        || {
            json!({
                "code": code.as_str(),
                "name": code.name(),
                "kind": kind(code.kind()),
                "page": page,
            })
        },
        || page.trim_end().to_owned() + "\n",
    )?;
    Ok(Exit::Clean)
}

fn find(wanted: &str) -> Option<Code> {
    let by_name = || Code::ALL.iter().find(|code| code.name() == wanted);
    Code::parse(wanted).or_else(|| by_name().copied())
}

fn all(console: &mut Console<'_>) -> Result<Exit, Failure> {
    console.show(
        || json!({"codes": Code::ALL.iter().copied().map(named).collect::<Vec<_>>()}),
        || {
            let row = |code: &Code| {
                [code.as_str(), code.name(), kind(code.kind())]
                    .map(str::to_owned)
                    .to_vec()
            };
            let rows: Vec<Vec<String>> = Code::ALL.iter().map(row).collect();
            table(&["CODE", "NAME", "WHAT IT IS"], &rows)
        },
    )?;
    Ok(Exit::Clean)
}

fn named(code: Code) -> Value {
    json!({"code": code.as_str(), "name": code.name(), "kind": kind(code.kind())})
}

const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Finding => "finding",
        Kind::Refusal => "refusal",
        Kind::BadRequest => "bad request",
        Kind::Failure => "failure",
        Kind::Damage => "damage",
    }
}
