//! `heard serve`: serves cases until it is told to stop.
//!
//! Invariant: standard error says where it listens only once it does.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use heard_engine::finding::Finding;
use heard_engine::time::Timestamp;
use tokio::net::TcpListener;

use super::check::tally;
use super::console::Console;
use super::exit::Exit;
use super::failure::{Failure, chain};
use super::render::findings;
use crate::api::{self, ServeError};
use crate::app::{self, Published, UNTIMED_LOOKED_MAX};
use crate::config::{Config, LISTEN_DEFAULT, STORE_DEFAULT, WORKFLOWS_DEFAULT};
use crate::escape::escaped;
use crate::run::{self, Opened, PublishError, WorkflowFile};
use crate::shutdown::StopSignals;
use crate::store::OpenError;
use crate::telemetry;

/// How much is logged unless `HEARD_LOG` says otherwise.
const LOG_DEFAULT: &str = "info";
/// What `heard serve --help` says besides.
const HELP: &str = "\
While it serves, deadlines, promises, surveys and follow-ups happen at their own time. What was due
while nothing served happens at the start, and counts as due when it was. After a leap of the clock
by more than a minute, or a day without a server and more than a thousand cases due, nothing happens
until `heard clock accept` says that the time is right, also after a restart.

SIGINT or SIGTERM stops it: what was begun is finished, in 30 seconds at most.
HEARD_LOG says how much is logged to standard error, one line a record; info by default.";

/// The arguments of `heard serve`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub(super) struct Arguments {
    /// Where to listen, on this machine only; port 0 takes a free one.
    #[arg(long, default_value = LISTEN_DEFAULT, value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// The file of the store; made where there is none.
    #[arg(long, default_value = STORE_DEFAULT, value_name = "PATH")]
    store: PathBuf,
    /// The folder whose *.workflow.yaml files are published at the start; it may be absent.
    #[arg(long, default_value = WORKFLOWS_DEFAULT, value_name = "DIR")]
    workflows: PathBuf,
    /// A file with the names of those who work here, one a line. A root cause that names any of
    /// them is refused, because it is never a person.
    #[arg(long, value_name = "PATH")]
    staff: Option<PathBuf>,
    /// For test systems: a clock that stands at TIME, such as 2026-10-05T09:00:00Z, until it is
    /// set forward. The store is marked, and can be served with such a clock only.
    #[arg(long, value_name = "TIME", value_parser = Timestamp::parse)]
    virtual_clock: Option<Timestamp>,
    /// For test systems: makes all that is random of a number, so that the same requests make the
    /// same entries, byte for byte. Nothing is secret then.
    #[arg(long, value_name = "N", requires = "virtual_clock")]
    seed: Option<u64>,
}

/// Runs `heard serve`.
pub(super) fn run(arguments: Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    telemetry::start(LOG_DEFAULT).map_err(|error| Failure::Usage(chain(&error)))?;
    let config = Config {
        listen: arguments.listen,
        store: arguments.store,
        workflows: arguments.workflows,
        staff: arguments.staff,
        virtual_clock: arguments.virtual_clock,
        seed: arguments.seed,
    };
    let runtime = tokio::runtime::Runtime::new().map_err(|error| super::no_runtime(&error))?;
    let ended = runtime.block_on(serve(&config, console));
    // After a failure threads of the store may hang for good; nobody waits for them.
    runtime.shutdown_background();
    ended
}

async fn serve(config: &Config, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let stop = StopSignals::new()
        .map_err(|error| Failure::Bug(format!("signals cannot be listened to: {error}")))?;
    let listener = listen(config.listen).await?;
    let files = match run::workflow_files(&config.workflows) {
        Ok(files) => files,
        Err(error) => return Err(Failure::Usage(chain(&error))),
    };
    let staff = config.staff.as_deref().map(run::staff).transpose();
    let staff = staff.map_err(|error| Failure::Usage(chain(&error)))?;
    let opened = run::open_to_serve(config).await;
    let opened = opened.map_err(|error| match error {
        OpenError::OtherClock { .. } => Failure::Usage(chain(&error)),
        OpenError::Locked { .. }
        | OpenError::Format { .. }
        | OpenError::Foreign { .. }
        | OpenError::Damaged { .. }
        | OpenError::Io { .. } => Failure::Store(chain(&error)),
    })?;
    opened.app.know_staff(staff.unwrap_or_default());
    let begins_at = opened.app.now();
    if let Err(stopped) = publish(&opened, files, console).await {
        opened
            .app
            .stop()
            .await
            .map_err(|error| Failure::Store(chain(&error)))?;
        return stopped;
    }
    let failed = |error| Failure::Store(chain(&error));
    opened.app.keep_time().await.map_err(failed)?;
    let address = listener.local_addr().map_err(|error| no_socket(&error))?;
    let store = config.store.display();
    console.say(&format!("heard: listening on {address}, store {store}"));
    console.say(
        "heard: no principals are configured: whoever reaches this address may act as anybody, so \
         it is open to this machine only",
    );
    if let Some(asked) = config.virtual_clock {
        say_virtual(asked, begins_at, console);
    }
    say_untimed(&opened, console).await;
    api::serve(listener, opened.app, stop.received())
        .await
        .map_err(|error| stopped(&error))?;
    console.say("heard: stopped");
    Ok(Exit::Clean)
}

/// Says how many cases no deadline runs for, because a heard that kept no time began them.
async fn say_untimed(opened: &Opened, console: &mut Console<'_>) {
    let untimed = opened.app.untimed().await;
    if untimed > 0 {
        let told = format!(
            "{untimed} of the {UNTIMED_LOOKED_MAX} oldest open cases were begun by a heard that \
             kept no time: none of their deadlines runs until they enter a step that begins one"
        );
        tracing::warn!("{told}");
        console.say(&format!("heard: {told}"));
    }
}

/// Says where a virtual clock begins, and why it is not where it was asked to be.
fn say_virtual(asked: Timestamp, begins_at: Timestamp, console: &mut Console<'_>) {
    if begins_at > asked {
        console.say(&format!(
            "heard: the newest entry of the store is of {begins_at}, later than --virtual-clock \
             {asked}: the clock begins there, because time does not go back"
        ));
    }
    console.say(&format!(
        "heard: TIME IS VIRTUAL: the clock stands at {begins_at} until it is set forward; this is \
         a test system"
    ));
}

/// Listens on an address of this machine.
///
/// # Errors
///
/// [`Failure::Usage`] for an address that others can reach, or that cannot be had.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    if !address.ip().is_loopback() {
        return Err(Failure::Usage(
            ServeError::NotLoopback { address }.to_string(),
        ));
    }
    TcpListener::bind(address).await.map_err(|error| {
        Failure::Usage(format!(
            "cannot listen on {address}: {error}. Is another heard running? --listen names another \
             address"
        ))
    })
}

/// Publishes the files that are not yet; the inner result says how the process ends otherwise.
/// While time is held none may be published, and the server is needed all the same: through it the
/// clock is accepted.
async fn publish(
    opened: &Opened,
    files: Vec<WorkflowFile>,
    console: &mut Console<'_>,
) -> Result<(), Result<Exit, Failure>> {
    for file in files {
        let path = escaped(&file.path);
        match opened.publish(file).await {
            Ok(published) => {
                let reference = published.workflow.reference();
                let name = format!("{}@{}", reference.id, reference.version);
                if published.receipt.repeated {
                    tracing::info!(workflow = name, file = path, "published before");
                    say_refused_now(&published, &name, &path);
                } else {
                    console.say(&format!("heard: published {name} from {path}"));
                }
            }
            Err(PublishError::Faulty { file, findings }) => {
                let shown = findings::text(&file.path, &file.bytes, &findings, false);
                console.say(shown.trim_end());
                let found = tally(&findings);
                console.say(&format!("heard: not started: {path} has {found}"));
                return Err(Ok(Exit::Findings));
            }
            Err(PublishError::App {
                source: app::Error::TimeHeld,
                ..
            }) => console.say(&format!(
                "heard: {path} is not published: time is held; say `heard clock accept`, then \
                 start again"
            )),
            Err(PublishError::App { path, source }) => {
                let text = format!(
                    "{} could not be published: {}",
                    escaped(&path),
                    chain(&source)
                );
                return Err(Err(Failure::Store(text)));
            }
            Err(
                error @ (PublishError::Read { .. }
                | PublishError::OtherContent { .. }
                | PublishError::Operator(_)),
            ) => {
                let text = format!("not started: {}", chain(&error));
                return Err(Err(Failure::Usage(text)));
            }
        }
    }
    Ok(())
}

/// Logs that a file which an older heard published has what is an error now. Its cases go on.
fn say_refused_now(published: &Published, name: &str, path: &str) {
    if Finding::any_error(&published.report.findings) {
        let found = tally(&published.report.findings);
        tracing::warn!(
            workflow = name,
            file = path,
            "published before, and would not be today: it has {found}; `heard check` shows them"
        );
    }
}

/// Returns what to tell of a server that ended otherwise than asked.
pub(super) fn stopped(error: &ServeError) -> Failure {
    let text = chain(error);
    match error {
        ServeError::NotLoopback { .. } => Failure::Usage(text),
        ServeError::Failed(app::Failure::Bug { .. })
        | ServeError::Close(app::Error::Bug { .. }) => Failure::Bug(text),
        ServeError::Failed(app::Failure::Store { .. }) | ServeError::Close(_) => {
            Failure::Store(text)
        }
        ServeError::Late => Failure::Late(text),
        ServeError::Socket(_) | ServeError::Descriptors(_) | ServeError::Transport(_) => {
            Failure::Bug(text)
        }
    }
}

fn no_socket(error: &std::io::Error) -> Failure {
    Failure::Bug(format!("the listening socket cannot be used: {error}"))
}
