//! Why a clock cannot be extended, in words.

use std::fmt;

use super::words::list;
use crate::code::Code;
use crate::id::ClockName;
use crate::time::Timestamp;

/// Why a clock cannot be extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotExtended {
    /// It does not run.
    NotRunning {
        /// The clocks that run and may be extended at all.
        running: Vec<ClockName>,
    },
    /// The workflow does not say how.
    NoExtension,
    /// That was done once.
    Already,
    /// Its time is up.
    Late {
        /// When it was due.
        due: Timestamp,
    },
}

impl NotExtended {
    /// Returns the stable code.
    pub(super) const fn code(&self) -> Code {
        match self {
            Self::NotRunning { .. } => Code::HC040,
            Self::NoExtension => Code::HC041,
            Self::Already => Code::HC042,
            Self::Late { .. } => Code::HC043,
        }
    }
}

impl fmt::Display for NotExtended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRunning { running } => write!(
                f,
                "it does not run at present; running, and may be extended: {}",
                list(running)
            ),
            Self::NoExtension => f.write_str("the workflow gives it no `extend`"),
            Self::Already => f.write_str("it was extended once already"),
            Self::Late { due } => write!(
                f,
                "it was due at {due}, and an extension comes before the due time"
            ),
        }
    }
}
