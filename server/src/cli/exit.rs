//! How the process ends.
//!
//! Invariant: a number keeps its meaning; scripts rely on it.

use std::process::ExitCode;

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// What was asked for was done.
    Clean,
    /// Findings, or differences, were shown.
    Findings,
    /// The command line, or something it names, cannot be used.
    Usage,
    /// The server refused; nothing was written of what it refused.
    Refused,
    /// No server answered, or it could not answer at present.
    OutOfReach,
    /// A fault of heard.
    Bug,
    /// The store failed or is damaged.
    StoreFailed,
    /// The server had to be cut off while stopping.
    Late,
}

/// What `heard --help` says of exit codes and of JSON.
pub(super) const HELP: &str = "\
Exit codes:
   0  done, nothing found
   1  findings or changes were shown (check, diff, fmt --check, publish, serve, rebuild)
   2  the command line, or a file or address it names, cannot be used
   3  the server refused the request, and nothing was written; of many cases it refused some
  69  no server answered, or it could not answer at present
  70  a fault of heard
  74  the store failed, is damaged, is used by another server or was begun with another kind of
      clock; or output could not be written
  75  the server stopped late, and what was under way was cut off

With -o json every command prints JSON, also when it is refused; the keys are the field names of
the API heard.v1, values of enums are its names in lower case without their prefix.";

impl Exit {
    /// Returns the number.
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Refused => 3,
            Self::OutOfReach => 69,
            Self::Bug => 70,
            Self::StoreFailed => 74,
            Self::Late => 75,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_exit_code_is_documented() {
        for exit in [
            Exit::Clean,
            Exit::Findings,
            Exit::Usage,
            Exit::Refused,
            Exit::OutOfReach,
            Exit::Bug,
            Exit::StoreFailed,
            Exit::Late,
        ] {
            let line = format!("\n{:>4}  ", exit.number());
            assert!(HELP.contains(&line), "{exit:?}");
        }
    }
}
