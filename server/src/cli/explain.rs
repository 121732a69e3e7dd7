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
                vec![
                    code.as_str().to_owned(),
                    code.name().to_owned(),
                    sentence(code.page()),
                ]
            };
            let rows: Vec<Vec<String>> = Code::ALL.iter().map(row).collect();
            table(&["CODE", "NAME", "WHAT IT IS"], &rows)
        },
    )?;
    Ok(Exit::Clean)
}

fn named(code: Code) -> Value {
    json!({
        "code": code.as_str(),
        "name": code.name(),
        "kind": kind(code.kind()),
        "says": sentence(code.page()),
    })
}

/// Returns the first sentence of a page, under its first heading that says what happened.
fn sentence(page: &str) -> String {
    let text = page.lines().skip_while(|line| !line.starts_with("## "));
    let text = text.skip(1).skip_while(|line| line.is_empty());
    let paragraph: Vec<&str> = text.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    match paragraph.split_once(". ") {
        Some((first, _)) => format!("{first}."),
        // A list follows.
        None => paragraph.trim_end_matches(['.', ':']).to_owned() + ".",
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_said_in_one_sentence() {
        for code in Code::ALL {
            let said = sentence(code.page());
            let is_sentence = said.ends_with('.') && said.starts_with(char::is_uppercase);
            assert!(is_sentence && !said.contains('\n'), "{code}: {said:?}");
        }
    }
}
