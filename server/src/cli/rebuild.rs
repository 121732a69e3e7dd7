//! `heard rebuild`: makes everything derived anew from the entries, or says where it differs.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::console::Console;
use super::exit::Exit;
use super::failure::{Failure, chain};
use super::render::put;
use crate::app::{Difference, Rebuilt};
use crate::config::STORE_DEFAULT;
use crate::escape::escaped;
use crate::run;

/// The arguments of `heard rebuild`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Only say what differs; nothing is written.
    #[arg(long)]
    check: bool,
    /// The file of the store. No server may have it open.
    #[arg(long, default_value = STORE_DEFAULT, value_name = "PATH")]
    store: PathBuf,
}

/// Runs `heard rebuild`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let path = arguments.store.display();
    if !arguments.store.exists() {
        return Err(Failure::Usage(format!("there is no store {path}")));
    }
    let runtime = tokio::runtime::Runtime::new().map_err(|error| super::no_runtime(&error))?;
    let rebuilt = runtime.block_on(async {
        let opened = run::open(&arguments.store).map_err(|error| Failure::Store(chain(&error)))?;
        let rebuilt = opened.app.rebuild(!arguments.check).await;
        let stopped = opened.app.stop().await;
        let failed = |error| Failure::Store(format!("the store {path}: {}", chain(&error)));
        let rebuilt = rebuilt.map_err(failed)?;
        stopped.map_err(failed)?;
        Ok(rebuilt)
    })?;
    console.show(
        || to_json(&rebuilt, !arguments.check),
        || to_text(&rebuilt, !arguments.check),
    )?;
    let is_left = |difference: &Difference| arguments.check || !is_mended(difference);
    let is_any_left = rebuilt.differences.iter().any(is_left);
    Ok(if is_any_left {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// Returns whether writing the derived rows anew mends a difference.
const fn is_mended(difference: &Difference) -> bool {
    match difference {
        Difference::Row { .. } | Difference::Stray { .. } => true,
        Difference::Unreadable { .. } | Difference::Gap { .. } => false,
    }
}

/// Returns a difference in words.
pub(super) fn in_words(difference: &Difference) -> String {
    match difference {
        Difference::Unreadable { stream, what } => {
            format!("the history {stream} cannot be read: {}", escaped(what))
        }
        Difference::Row { case } => {
            format!("the row of case {case} is not what its entries say")
        }
        Difference::Gap { before } => format!("there is no entry before position {before}"),
        Difference::Stray { case } => format!("the row of case {case} belongs to no entries"),
    }
}

fn to_text(rebuilt: &Rebuilt, is_written: bool) -> String {
    let mut text = String::new();
    for difference in &rebuilt.differences {
        let mended = if is_written && is_mended(difference) {
            ": mended"
        } else {
            ""
        };
        put(
            &mut text,
            format_args!("{}{mended}\n", in_words(difference)),
        );
    }
    let (entries, cases) = (rebuilt.entries, rebuilt.cases);
    let found = match rebuilt.differences.len() {
        0 => "everything is as the entries say".to_owned(),
        1 => "1 difference".to_owned(),
        count => format!("{count} differences"),
    };
    put(
        &mut text,
        format_args!("{entries} entries of {cases} cases read: {found}\n"),
    );
    text
}

fn to_json(rebuilt: &Rebuilt, is_written: bool) -> Value {
    let difference = |difference: &Difference| {
        let (kind, subject) = match difference {
            Difference::Unreadable { stream, .. } => ("unreadable", stream.to_string()),
            Difference::Row { case } => ("row", case.to_string()),
            Difference::Gap { before } => ("gap", before.to_string()),
            Difference::Stray { case } => ("stray", case.to_string()),
        };
        json!({
            "kind": kind,
            "subject": subject,
            "message": in_words(difference),
            "mended": is_written && is_mended(difference),
        })
    };
    let differences: Vec<Value> = rebuilt.differences.iter().map(difference).collect();
    json!({
        "entries": rebuilt.entries,
        "cases": rebuilt.cases,
        "written": is_written,
        "differences": differences,
    })
}
