//! Rust text without its comments, texts and tests, so that words in it are names.

use anyhow::ensure;

/// Returns the code of a file up to its `mod tests`; comments and literals become spaces.
pub fn code(text: &str) -> String {
    let code = bare(text);
    let tests = code.find("#[cfg(test)]\nmod ").unwrap_or(code.len());
    code[..tests].to_owned()
}

/// Returns what follows each `crate::` of a file's code, and each `super::` that leads to the root
/// of the crate: the names of modules at its top.
pub fn modules_named(path: &str, code: &str) -> Vec<String> {
    let inside = path.split_once("/src/").map_or(path, |(_, inside)| inside);
    let depth = inside.trim_end_matches(".rs").split('/').count();
    let mut named = Vec::new();
    for (place, _) in code.match_indices("crate::") {
        let before = code[..place].chars().next_back();
        if !before.is_some_and(is_word) {
            named.extend(first_names(&code[place + "crate::".len()..]));
        }
    }
    let to_root = "super::".repeat(depth);
    for (place, _) in code.match_indices(&to_root) {
        let before = code[..place].trim_end().ends_with("super::");
        let rest = &code[place + to_root.len()..];
        if !before && !rest.starts_with("super") {
            named.extend(first_names(rest));
        }
    }
    named
}

/// Says whether a name stands in code as a word of its own.
pub fn names(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(place, _)| {
        let before = code[..place].chars().next_back();
        let after = code[place + name.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The first name of a path, or of each path of a group.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| is_word(*c)).collect::<String>();
    let Some(group) = rest.strip_prefix('{') else {
        return vec![word(rest)];
    };
    let mut depth = 1;
    let mut begins = true;
    let mut found = Vec::new();
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => begins = true,
            c if is_word(c) && begins => {
                found.push(word(&group[place..]));
                begins = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    found
}

fn bare(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = literal(rest, code.chars().next_back());
        if skipped == 0 {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        } else {
            let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
            code.extend(rest[..skipped].chars().map(blank));
            rest = &rest[skipped..];
        }
    }
    code
}

/// The length of the comment or literal that a text begins with; 0 when it begins with neither.
fn literal(text: &str, before: Option<char>) -> usize {
    if text.starts_with("//") {
        return text.find('\n').unwrap_or(text.len());
    }
    if text.starts_with("/*") {
        return comment(text);
    }
    if !before.is_some_and(is_word) {
        let raw = text.trim_start_matches(['b', 'c']).strip_prefix('r');
        let hashes = raw.map_or(0, |raw| raw.chars().take_while(|c| *c == '#').count());
        if raw.is_some_and(|raw| raw[hashes..].starts_with('"')) {
            let begin = text.find('"').map_or(0, |quote| quote + 1);
            let end = format!("\"{}", "#".repeat(hashes));
            let found = text[begin..].find(&end);
            return found.map_or(text.len(), |place| begin + place + end.len());
        }
    }
    if text.starts_with('"') {
        return quoted(text, '"');
    }
    // A lifetime has no quote after its first letter.
    let inner: Vec<char> = text.chars().take(3).collect();
    match inner.as_slice() {
        ['\'', '\\', ..] => quoted(text, '\''),
        ['\'', inner, '\''] => 2 + inner.len_utf8(),
        _ => 0,
    }
}

fn comment(text: &str) -> usize {
    let mut depth = 0;
    let mut place = 0;
    while place < text.len() {
        let rest = &text.as_bytes()[place..];
        if rest.starts_with(b"/*") {
            (depth, place) = (depth + 1, place + 2);
        } else if rest.starts_with(b"*/") {
            (depth, place) = (depth - 1, place + 2);
            if depth == 0 {
                return place;
            }
        } else {
            place += 1;
        }
    }
    text.len()
}

fn quoted(text: &str, quote: char) -> usize {
    let mut chars = text.char_indices().skip(1);
    while let Some((place, c)) = chars.next() {
        if c == '\\' {
            chars.next();
        } else if c == quote {
            return place + 1;
        }
    }
    text.len()
}

pub fn code_is_told_from_text() -> anyhow::Result<()> {
    let text = r##"
//! crate::comment
use crate::{case::Case, entry::{self, Entry}, id};
/* crate::a /* crate::b */ crate::c */
const A: &str = "crate::text \" crate::more";
const B: &str = r#"crate::raw " crate::raw"#;
const C: (char, char) = ('"', '\'');
fn f<'a>(x: &'a str) -> crate::value::Value<'a> { super::time::now(x) }
#[cfg(test)]
mod tests { use crate::lint; }
"##;
    let code = code(text);
    let named = modules_named("engine/src/workflow.rs", &code);
    ensure!(
        named == ["case", "entry", "id", "value", "time"],
        "{named:?}\n{code}"
    );
    let deeper = modules_named(
        "engine/src/workflow/length.rs",
        "use super::time; use super::super::id;",
    );
    ensure!(deeper == ["id"], "{deeper:?}");
    ensure!(names("tonic::Status", "tonic") && !names("tonic_types::X", "tonic"));
    ensure!(!names("my_tonic", "tonic") && code.contains("fn f<'a>(x: &'a str)"));
    Ok(())
}
