//! `heard demo`: the main job, over gRPC, on a real server with a store of its own.
//!
//! Invariant: it ends with exit code 0 only if everything it showed is as it was expected.

mod airline;
mod classic;
mod house;
mod play;
mod proof;
mod texts;
mod turn;

use std::pin::pin;

use clap::Args;
use heard_proto::v1::PublishWorkflowRequest;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::Server;
use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::{Failure, chain};
use super::render::text;
use crate::shutdown::StopSignals;
use crate::telemetry;
use house::{House, Running};
use play::Play;
use turn::{Person, SeenCase};

/// How much is logged unless `HEARD_LOG` says otherwise.
const LOG_DEFAULT: &str = "error";
/// The workflows that ship, by their file names.
pub(super) const WORKFLOWS: [(&str, &str); 2] = [
    (
        "classic-heard.workflow.yaml",
        include_str!("../../../workflows/classic-heard.workflow.yaml"),
    ),
    (
        "airline-compensation.workflow.yaml",
        include_str!("../../../workflows/airline-compensation.workflow.yaml"),
    ),
];

/// The arguments of `heard demo`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Keep serving afterwards, so that you can look at the cases and go on with them.
    #[arg(long)]
    keep: bool,
}

/// Runs `heard demo`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    telemetry::start(LOG_DEFAULT).map_err(|error| Failure::Usage(chain(&error)))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| super::no_runtime(&error))?;
    runtime.block_on(demo(arguments.keep, console))
}

async fn demo(keep: bool, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let signals = StopSignals::new()
        .map_err(|error| Failure::Bug(format!("signals cannot be listened to: {error}")))?;
    let mut stopped = pin!(signals.received());
    let house = House::new()?;
    let running = tokio::select! {
        told = tell(&house, keep, console) => told?,
        () = &mut stopped => {
            return Err(Failure::Late("the demo was stopped before its end".to_owned()));
        }
    };
    if keep {
        stopped.await;
    }
    running.stop().await?;
    Ok(Exit::Clean)
}

/// Tells the story, and returns the server that runs at its end.
async fn tell(house: &House, keep: bool, console: &mut Console<'_>) -> Result<Running, Failure> {
    let running = house.start().await?;
    let server = Server::connect(&running.address.to_string()).await?;
    let mut play = Play::new(server, console);
    play.line("H.E.A.R.D.: five complaints, on a real server with a store of its own")?;
    let cases = story(&mut play).await?;

    play.heading("Stopped, checked, started again")?;
    running.stop().await?;
    proof::check(&mut play, house, &cases).await?;
    let running = house.start().await?;
    play.server = Server::connect(&running.address.to_string()).await?;
    proof::unchanged(&mut play, &cases).await?;
    play.turn_to("Everything shown above was compared with what was expected, and is so.")?;
    if play.console.format == Format::Json {
        let cases: Vec<Value> = cases.iter().map(case_json).collect();
        play.console.json(&json!({
            "address": keep.then(|| running.address.to_string()),
            "cases": cases,
        }))?;
    }
    if keep {
        kept(&mut play, &cases, &running.address.to_string())?;
    }
    Ok(running)
}

async fn story(play: &mut Play<'_, '_>) -> Result<Vec<SeenCase>, Failure> {
    let desk = classic::Desk::new();
    let claims = airline::Desk::new();
    play.heading("The people and the workflows")?;
    play.line(&format!("  {}", desk.introduced()))?;
    play.line(&format!("  {}", claims.introduced()))?;
    play.tell("  To the server each of them is a random id: names never enter the history.")?;
    let maria = Person::new("Maria", "service_manager");
    for (name, yaml) in WORKFLOWS {
        let published = publish(play, &maria, yaml).await?;
        play.line(&format!("  published {published} from workflows/{name}"))?;
    }
    let cases = vec![
        classic::wardrobe(play, &desk).await?,
        classic::kitchen(play, &desk).await?,
        classic::pharmacy(play, &desk).await?,
        airline::stranded(play, &claims).await?,
        airline::wheelchair(play, &claims).await?,
    ];
    if let [_, kitchen, ..] = cases.as_slice() {
        proof::history(play, kitchen, &cases).await?;
    }
    Ok(cases)
}

async fn publish(play: &Play<'_, '_>, who: &Person, yaml: &str) -> Result<String, Failure> {
    let request = PublishWorkflowRequest {
        request_id: Uuid::new_v4().to_string(),
        actor: Some(who.actor()),
        validate_only: false,
        yaml: yaml.as_bytes().to_vec(),
    };
    let answer = play.server.workflows().publish_workflow(request).await;
    let answer = answer.map_err(|status| play.server.no(&status, None))?;
    Ok(text::reference(answer.into_inner().workflow.as_ref()))
}

/// Says where the cases can be looked at.
fn kept(play: &mut Play<'_, '_>, cases: &[SeenCase], address: &str) -> Result<(), Failure> {
    let first = cases.first().map_or("", |case| case.id.as_str());
    play.heading("Still serving")?;
    play.line(&format!("  heard: listening on {address}"))?;
    play.line("  Ctrl-C ends it and removes the store. Meanwhile, in another terminal:")?;
    play.line(&format!("    export HEARD_SERVER=http://{address}"))?;
    play.line("    heard case list")?;
    play.line(&format!("    heard case show {first} --reveal"))?;
    play.console.flush()
}

fn case_json(case: &SeenCase) -> Value {
    json!({
        "case_id": case.id,
        "title": case.title,
        "place": case.place,
        "revision": case.revision,
    })
}
