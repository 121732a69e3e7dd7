//! `heard clock`: what time it is for a server, and moving the clock of a test system.

use clap::{Args, Subcommand};
use heard_engine::code::Code;
use heard_proto::v1::{
    AcceptClockRequest, GetClockRequest, ServerClock, SetClockRequest, SetClockResponse,
};
use serde_json::json;

use super::case::instant;
use super::client::{Server, Where};
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::render::{self, put};
use crate::escape::escaped;

/// How often a server is asked again while its clock is on its way; each time it takes seconds.
const ASKED_MAX: usize = 2_000;

/// The arguments of `heard clock`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    server: Where,
    #[command(subcommand)]
    command: Command,
}

/// What can be done with the clock of a server.
#[derive(Debug, Subcommand)]
enum Command {
    /// Show what time it is, what is due next, and whether time is held.
    Show,
    /// Move the clock of a test system forward; everything due until then happens at its own time.
    Set(Set),
    /// Say that the time is right although it leapt: what is due happens from then on.
    Accept,
}

/// The arguments of `heard clock set`.
#[derive(Debug, Args)]
struct Set {
    /// Where the clock is to stand, such as 2026-10-07T17:00:00Z.
    time: String,
}

/// Runs `heard clock`.
pub(super) async fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let server = &arguments.server.server;
    match arguments.command {
        Command::Show => show(&Server::connect(server).await?, console).await,
        Command::Set(set) => {
            let time = instant(&set.time)?;
            self::set(&Server::connect(server).await?, time, console).await
        }
        Command::Accept => accept(&Server::connect(server).await?, console).await,
    }
}

async fn show(server: &Server, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let answer = server.clock().get_clock(GetClockRequest {}).await;
    let answer = answer.map_err(|status| server.no(&status, None))?;
    let clock = present(answer.into_inner().clock)?;
    console.show(|| json!({"clock": json(&clock)}), || text(&clock))?;
    Ok(Exit::Clean)
}

async fn set(
    server: &Server,
    time: prost_types::Timestamp,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut answer = set_once(server, time).await;
    let mut is_repeat = false;
    for _ in 1..ASKED_MAX {
        match answer {
            Err(Failure::Answer(no)) if no.code == Some(Code::HS008) => {
                is_repeat = true;
                answer = set_once(server, time).await;
            }
            Ok(_) | Err(_) => break,
        }
    }
    let answer = answer?;
    let (fired, failed) = (answer.fired_count, answer.failed_count);
    let clock = present(answer.clock)?;
    // What fired before it was asked again is counted by no answer.
    let least = if is_repeat { "at least " } else { "" };
    console.show(
        || {
            json!({"clock": json(&clock), "fired_count": fired, "failed_count": failed,
                "counts_are_least": is_repeat})
        },
        || {
            let mut told = format!("Deadlines that fired on the way: {least}{fired}.\n");
            if failed > 0 {
                put(
                    &mut told,
                    format_args!(
                        "Tries that failed: {least}{failed}; the server's log says why.\n"
                    ),
                );
            }
            told + &text(&clock)
        },
    )?;
    Ok(Exit::Clean)
}

async fn set_once(
    server: &Server,
    time: prost_types::Timestamp,
) -> Result<SetClockResponse, Failure> {
    let request = SetClockRequest { time: Some(time) };
    let answer = server.clock().set_clock(request).await;
    let answer = answer.map_err(|status| server.no(&status, None))?;
    Ok(answer.into_inner())
}

async fn accept(server: &Server, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let answer = server.clock().accept_clock(AcceptClockRequest {}).await;
    let answer = answer.map_err(|status| server.no(&status, None))?;
    let answer = answer.into_inner();
    let was_held = answer.was_held_reason;
    let clock = present(answer.clock)?;
    console.show(
        || json!({"clock": json(&clock), "was_held_reason": was_held}),
        || {
            let told = match &was_held {
                Some(why) => format!("Accepted. Time was held: {}.\n", escaped(why)),
                None => "Time was not held; nothing changed.\n".to_owned(),
            };
            told + &text(&clock)
        },
    )?;
    Ok(Exit::Clean)
}

/// Takes the clock out of an answer, where it always is.
fn present(clock: Option<ServerClock>) -> Result<ServerClock, Failure> {
    clock.ok_or_else(|| Failure::Bug("the answer of the server has no clock".to_owned()))
}

fn json(clock: &ServerClock) -> serde_json::Value {
    json!({
        "now_time": render::instant(clock.now_time.as_ref()),
        "virtual": clock.r#virtual,
        "held_reason": clock.held_reason,
        "next_due_time": render::instant(clock.next_due_time.as_ref()),
        "due_count": clock.due_count,
        "due_count_max": clock.due_count_max,
    })
}

fn text(clock: &ServerClock) -> String {
    let mut text = String::new();
    let mut row = |name: &str, shown: &str| put(&mut text, format_args!("{name:9} {shown}\n"));
    let kind = if clock.r#virtual {
        "virtual: it stands still until it is set forward"
    } else {
        "the clock of the machine"
    };
    let now = render::instant(clock.now_time.as_ref()).unwrap_or_default();
    row("now", &format!("{now} ({kind})"));
    let next = render::instant(clock.next_due_time.as_ref());
    row("next due", next.as_deref().unwrap_or("nothing"));
    if clock.due_count > 0 {
        let more = if clock.due_count >= clock.due_count_max {
            " or more"
        } else {
            ""
        };
        let shown = format!(
            "{}{more} cases wait for what is due already",
            clock.due_count
        );
        row("due", &shown);
    }
    if let Some(why) = &clock.held_reason {
        let shown = format!(
            "{}; nothing happens by itself until `heard clock accept`",
            escaped(why)
        );
        row("held", &shown);
    }
    text
}
