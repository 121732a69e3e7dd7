//! `heard version`: which build this is and which formats it reads.

use serde_json::json;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use crate::store;

/// Runs `heard version`.
pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let (language, entry) = (1, heard_engine::entry::FORMAT);
    console.show(
        || {
            json!({
                "version": version,
                "api": "heard.v1",
                "workflow_language": language,
                "entry_format": entry,
                "store_format": store::FORMAT,
            })
        },
        || {
            format!(
                "heard {version}\nAPI heard.v1, workflow language {language}, \
                 entry format {entry}, store format {}\n",
                store::FORMAT
            )
        },
    )?;
    Ok(Exit::Clean)
}
