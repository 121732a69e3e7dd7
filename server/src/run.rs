//! Brings a server up: the store is opened, new workflows are published.
//!
//! Invariant: a published workflow is never replaced: other bytes stop the start.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use heard_engine::blame::Names;
use heard_engine::case::Reason;
use heard_engine::finding::Finding;
use heard_engine::id::{Digest, InvalidId, PersonId, RoleName, Version, WorkflowId};
use sha2::{Digest as _, Sha256};

use crate::app::{self, App, Entropy, Published, Request, new_identity};
use crate::clock::{Clock, SystemClock, VirtualClock};
use crate::config::Config;
use crate::store::sqlite::Sqlite;
use crate::store::{OpenError, Store as _};

/// What the names of files to publish end with.
pub const WORKFLOW_SUFFIX: &str = ".workflow.yaml";
/// The most bytes of a list of staff: some hundred thousand names.
pub const STAFF_BYTES_MAX: u64 = 4 * 1024 * 1024;
/// The most bytes of a workflow file that are read: one more than it may have, so that a larger one
/// is known as such.
pub const WORKFLOW_READ_BYTES_MAX: u64 = 256 * 1024 + 1;
/// The role in which the server itself publishes what it finds in its folder.
const OPERATOR: &str = "operator";

/// An application over a store in a file.
#[derive(Debug)]
pub struct Opened {
    /// The application.
    pub app: App,
    /// Who the server itself acts as: the store's own principal.
    operator: PersonId,
}

/// A workflow file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowFile {
    /// Its path, as it is shown.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Why the names of staff could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// It cannot be read.
    #[error("the names of staff in {path} cannot be read")]
    Read {
        /// The path.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It is too large.
    #[error("{path} is larger than {STAFF_BYTES_MAX} bytes; a list of staff has a name a line")]
    TooLarge {
        /// The path.
        path: String,
    },
}

/// Why a workflow file stopped the start.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The folder or a file of it cannot be read.
    #[error("{path} cannot be read")]
    Read {
        /// The path.
        path: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file has errors.
    #[error("{} has errors", file.path)]
    Faulty {
        /// The file.
        file: Box<WorkflowFile>,
        /// What was found.
        findings: Vec<Finding>,
    },
    /// The version is published with other content.
    #[error(
        "{path} is {id} version {version} with digest {found}, but that version is published with \
         digest {published}; a published version never changes: raise `version` in the file, or \
         put its old content back"
    )]
    OtherContent {
        /// The file.
        path: String,
        /// The workflow.
        id: WorkflowId,
        /// Its version.
        version: Version,
        /// The digest of the file.
        found: Digest,
        /// The digest of what is published.
        published: Digest,
    },
    /// It could not be published.
    #[error("{path} could not be published")]
    App {
        /// The file.
        path: String,
        /// What the application said.
        #[source]
        source: app::Error,
    },
    /// A name of ours is none: a fault of heard.
    #[error("the role of the operator is no name")]
    Operator(#[source] InvalidId),
}

/// Opens the store of a file, making it where there is none, and starts the application over it,
/// whichever clock the store was begun with: for what asks nothing of the time.
///
/// Must be called within a runtime.
///
/// # Errors
///
/// [`OpenError`] says why not.
pub fn open(store: &Path) -> Result<Opened, OpenError> {
    let store = Sqlite::open(store, new_identity)?;
    let clock = Arc::new(SystemClock::default());
    Ok(opened(store, clock, Entropy::System))
}

/// Opens the store of a server, making it where there is none, and starts the application over it
/// with the clock it is to go by. Whether it was away for long is looked at here, before anything
/// is published. A virtual clock begins no earlier than the newest entry.
///
/// Must be called within a runtime.
///
/// # Errors
///
/// [`OpenError`] says why not; [`OpenError::OtherClock`] for a store that was begun with a virtual
/// clock where none is asked for, and the other way round.
pub async fn open_to_serve(config: &Config) -> Result<Opened, OpenError> {
    let entropy = config.seed.map_or(Entropy::System, Entropy::Seeded);
    let is_virtual = config.virtual_clock.is_some();
    let store = Sqlite::open(&config.store, || entropy.identity(is_virtual))?;
    if store.identity().is_virtual != is_virtual {
        return Err(OpenError::OtherClock {
            path: config.store.display().to_string(),
            is_virtual: store.identity().is_virtual,
        });
    }
    let clock: Arc<dyn Clock> = match config.virtual_clock {
        Some(at) => {
            let newest = app::newest(&store).await;
            let newest = newest.map_err(|error| unread(config, Box::new(error)))?;
            // Time does not go back: what is due by the newest entry is fired there.
            Arc::new(VirtualClock::new(
                newest.map_or(at, |newest| newest.max(at)),
            ))
        }
        None => Arc::new(SystemClock::default()),
    };
    let opened = opened(store, clock, entropy);
    let looked = opened.app.look_back().await;
    looked.map_err(|error| unread(config, Box::new(error)))?;
    Ok(opened)
}

fn unread(config: &Config, source: Box<dyn std::error::Error + Send + Sync>) -> OpenError {
    OpenError::Io {
        path: config.store.display().to_string(),
        operation: "read the times of",
        source,
    }
}

fn opened(store: Sqlite, clock: Arc<dyn Clock>, entropy: Entropy) -> Opened {
    let operator = PersonId::new(store.identity().principal.uuid());
    let app = App::start_with(Arc::new(store), clock, entropy);
    Opened { app, operator }
}

/// Reads the names of staff, one a line; blank lines and those that begin with `#` are left out.
///
/// # Errors
///
/// [`StaffError`] when the file cannot be read, is no text or larger than [`STAFF_BYTES_MAX`].
pub fn staff(path: &Path) -> Result<Names, StaffError> {
    let unreadable = |source| StaffError::Read {
        path: path.display().to_string(),
        source,
    };
    let file = fs::File::open(path).map_err(unreadable)?;
    let mut text = String::new();
    let read = file.take(STAFF_BYTES_MAX + 1).read_to_string(&mut text);
    if read.map_err(unreadable)? as u64 > STAFF_BYTES_MAX {
        return Err(StaffError::TooLarge {
            path: path.display().to_string(),
        });
    }
    let lines = text.lines().map(str::trim);
    Ok(Names::new(
        lines.filter(|line| !line.is_empty() && !line.starts_with('#')),
    ))
}

/// Reads the workflow files of a folder, by name; none where there is no such folder.
///
/// # Errors
///
/// [`PublishError::Read`] when the folder or a file of it cannot be read.
pub fn workflow_files(folder: &Path) -> Result<Vec<WorkflowFile>, PublishError> {
    let unreadable = |path: &Path, source| PublishError::Read {
        path: path.display().to_string(),
        source,
    };
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(folder, error)),
    };
    let mut paths = Vec::new();
    for entry in listed {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if is_workflow_file(&path) {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| match read_workflow(&path) {
        Ok(bytes) => Ok(WorkflowFile {
            path: path.display().to_string(),
            bytes,
        }),
        Err(error) => Err(unreadable(&path, error)),
    };
    paths.into_iter().map(read).collect()
}

/// Reads a workflow file, no more of it than [`WORKFLOW_READ_BYTES_MAX`].
///
/// # Errors
///
/// What the system said.
pub fn read_workflow(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path)?;
    file.take(WORKFLOW_READ_BYTES_MAX).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn is_workflow_file(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| name.ends_with(WORKFLOW_SUFFIX))
}

impl Opened {
    /// Publishes a file unless it is published already; says which it was in the receipt.
    ///
    /// # Errors
    ///
    /// [`PublishError`]; nothing of the file was published.
    pub async fn publish(&self, file: WorkflowFile) -> Result<Published, PublishError> {
        let request = Request {
            id: self.app.entropy().request_id(&file.bytes),
            person: self.operator,
            role: RoleName::new(OPERATOR).map_err(PublishError::Operator)?,
            expected_revision: None,
            validate_only: false,
            deadline: None,
        };
        match self.app.publish(request, file.bytes.clone()).await {
            Ok(published) => Ok(published),
            Err(app::Error::Faulty(findings)) => Err(PublishError::Faulty {
                file: Box::new(file),
                findings,
            }),
            Err(error) => Err(not_published(&file, error)),
        }
    }
}

fn not_published(file: &WorkflowFile, error: app::Error) -> PublishError {
    if let app::Error::Refused(refusal) = &error
        && let Some(Reason::VersionTaken {
            id,
            version,
            published,
        }) = refusal.reasons.first()
    {
        return PublishError::OtherContent {
            path: file.path.clone(),
            id: id.clone(),
            version: *version,
            found: Digest(Sha256::digest(&file.bytes).into()),
            published: *published,
        };
    }
    PublishError::App {
        path: file.path.clone(),
        source: error,
    }
}
