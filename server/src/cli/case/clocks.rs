//! `heard case clocks`: what of a case runs, and why its time was counted so.

use clap::Args;
use heard_proto::v1::{ExplainClockRequest, ExplainClockResponse};
use serde_json::json;

use crate::cli::client::{Server, present};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::render::{self, deadlines};

/// The most answers that are put together to one explanation: far more than a case lives.
const EXPLANATIONS_MAX: usize = 1_000;

/// The arguments of `heard case clocks`.
#[derive(Debug, Args)]
pub(super) struct Clocks {
    /// The case, a UUID.
    case: String,
    /// Explain this deadline, such as `clock/final_response`: every time from its
    /// beginning, counted or not, and why.
    #[arg(long, value_name = "NAME")]
    deadline: Option<String>,
}

/// Runs `heard case clocks`.
pub(super) async fn run(
    server: &Server,
    clocks: &Clocks,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    match &clocks.deadline {
        Some(name) => explain(server, &clocks.case, name, console).await,
        None => list(server, &clocks.case, console).await,
    }
}

async fn list(server: &Server, case: &str, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut answer = server.case(case, false).await?;
    let case = present(answer.case.take())?;
    let time = deadlines::Time::of(&answer);
    console.show(
        || {
            json!({
                "now_time": render::instant(answer.now_time.as_ref()),
                "held_reason": answer.held_reason,
                "deadlines": render::json::list(&case.deadlines, render::json::deadline),
            })
        },
        || deadlines::table(&case.deadlines, time),
    )?;
    Ok(Exit::Clean)
}

async fn explain(
    server: &Server,
    case: &str,
    name: &str,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let explanation = explanation(server, case, name).await?;
    console.show(
        || render::json::explanation(&explanation),
        || deadlines::explanation(&explanation),
    )?;
    Ok(Exit::Clean)
}

/// Reads a whole explanation, however many intervals it has.
async fn explanation(
    server: &Server,
    case: &str,
    name: &str,
) -> Result<ExplainClockResponse, Failure> {
    let mut intervals = Vec::new();
    let mut from_time = None;
    for _ in 0..EXPLANATIONS_MAX {
        let request = ExplainClockRequest {
            case_id: case.to_owned(),
            deadline: name.to_owned(),
            from_time,
        };
        let answer = server.cases().explain_clock(request).await;
        let answer = answer.map_err(|status| server.no(&status, None))?;
        let mut answer = answer.into_inner();
        intervals.append(&mut answer.intervals);
        from_time = answer.next_from_time;
        if from_time.is_none() {
            return Ok(ExplainClockResponse {
                intervals,
                ..answer
            });
        }
    }
    Err(Failure::Bug(format!(
        "the explanation of {name} has no end after {} intervals",
        intervals.len()
    )))
}
