//! The commands that look at cases.

use heard_proto::v1::{ClosedState, Entry, ListCasesRequest, ListEntriesRequest};
use serde_json::json;

use super::acts::instant;
use super::arguments::{History, List, PAGE_ROWS_MAX, Show};
use crate::cli::client::{Server, present};
use crate::cli::console::{Console, Format};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::{self, entry, text};

/// Runs `heard case show`.
pub(super) async fn show(
    server: &Server,
    show: &Show,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut answer = server.case(&show.case, show.reveal).await?;
    let case = present(answer.case.take())?;
    console.show(
        || render::json::case_and_answers(&answer, &case),
        || text::case_and_answers(&answer, &case),
    )?;
    Ok(Exit::Clean)
}

/// Runs `heard case list`.
pub(super) async fn list(
    server: &Server,
    list: &List,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let closed = match (list.open, list.closed) {
        (true, _) => ClosedState::Open,
        (false, true) => ClosedState::Closed,
        (false, false) => ClosedState::Unspecified,
    };
    let request = ListCasesRequest {
        workflow_id: list.workflow.clone(),
        place: list.place.clone(),
        closed_state: closed.into(),
        owes_cause: list.owes_cause.then_some(true),
        page_size: list.page.limit,
        page_token: list.page.after.clone(),
        due_before_time: list.due_before.as_deref().map(instant).transpose()?,
        parent_case_id: list.parent.clone(),
    };
    let answer = server.cases().list_cases(request).await;
    let answer = answer
        .map_err(|status| server.no(&status, None))?
        .into_inner();
    console.show(
        || {
            json!({
                "cases": render::json::list(&answer.cases, render::json::summary),
                "next_page_token": answer.next_page_token,
            })
        },
        || text::cases(&answer.cases) + &more(&answer.next_page_token),
    )?;
    Ok(Exit::Clean)
}

/// Tells how to see the next page.
pub(in crate::cli) fn more(token: &str) -> String {
    if token.is_empty() {
        String::new()
    } else {
        format!("more with --after {}\n", crate::escape::escaped(token))
    }
}

/// Runs `heard case history`.
pub(super) async fn history(
    server: &Server,
    history: &History,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let entries = entries(server, &history.case, history.reveal).await?;
    if history.bytes {
        for entry in &entries {
            console.bytes(&entry.body)?;
            console.bytes(b"\n")?;
        }
        return Ok(Exit::Clean);
    }
    let lines = entry::lines(&history.case, &entries).map_err(|wrong| {
        Failure::Store(format!(
            "the history of case {} is damaged: {wrong}",
            history.case
        ))
    })?;
    match console.format {
        Format::Json => console.json(&json!({
            "entries": render::json::list(&entries, render::json::entry),
        }))?,
        Format::Table => {
            console.text(&entry::text(&lines))?;
            console.line(&format!(
                "{} entries; each hash and each link to the entry before was checked",
                lines.len()
            ))?;
        }
    }
    Ok(Exit::Clean)
}

/// Reads all entries of a case, page by page.
///
/// # Errors
///
/// What the server says.
pub(in crate::cli) async fn entries(
    server: &Server,
    case: &str,
    reveal: bool,
) -> Result<Vec<Entry>, Failure> {
    let mut entries = Vec::new();
    let mut page_token = String::new();
    loop {
        let request = ListEntriesRequest {
            case_id: case.to_owned(),
            reveal_sealed: reveal,
            page_size: PAGE_ROWS_MAX,
            page_token,
        };
        let answer = server.cases().list_entries(request).await;
        let answer = answer
            .map_err(|status| server.no(&status, None))?
            .into_inner();
        entries.extend(answer.entries);
        page_token = answer.next_page_token;
        if page_token.is_empty() {
            return Ok(entries);
        }
    }
}
