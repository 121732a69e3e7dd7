//! A fault of a workflow file, as data. Nothing here prints.

use crate::code::Code;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Said for information: the file may be published.
    Note,
    /// Probably not meant: the file may be published.
    Warning,
    /// The file is refused.
    Error,
}

/// A stretch of the file, by bytes and by line and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Span {
    /// First byte, from 0.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: u32,
    /// Column of the first byte in characters, from 1.
    pub column: u32,
}

/// A second place that belongs to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Where.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// A change of the file that would mend the fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mend {
    /// What to do, for a person: "write `empathize`".
    pub text: String,
    /// The stretch to replace, and by what, where the change is a plain replacement.
    pub replacement: Option<(Span, String)>,
}

/// A fault of a workflow file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its stable code.
    pub code: Code,
    /// How bad it is.
    pub level: Level,
    /// What is wrong, one sentence without a full stop.
    pub message: String,
    /// Where.
    pub span: Span,
    /// What is wrong at that place, in a few words, or empty.
    pub at: String,
    /// Further places.
    pub labels: Vec<Label>,
    /// Why it matters, a sentence; empty where it goes without saying.
    pub why: String,
    /// How to mend it.
    pub mend: Option<Mend>,
}

impl Finding {
    /// Makes a finding that is an error.
    #[must_use]
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Error, span, message)
    }

    /// Makes a finding that is a warning.
    #[must_use]
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Level::Warning, span, message)
    }

    /// Makes a finding with a code, a level, a place and a message.
    #[must_use]
    pub fn new(code: Code, level: Level, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            level,
            message: message.into(),
            span,
            at: String::new(),
            labels: Vec::new(),
            why: String::new(),
            mend: None,
        }
    }

    /// Says in a few words what is wrong at the place.
    #[must_use]
    pub fn at(mut self, text: impl Into<String>) -> Self {
        self.at = text.into();
        self
    }

    /// Says why it matters.
    #[must_use]
    pub fn why(mut self, text: impl Into<String>) -> Self {
        self.why = text.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn mend(mut self, text: impl Into<String>) -> Self {
        self.mend = Some(Mend {
            text: text.into(),
            replacement: None,
        });
        self
    }

    /// Says how to mend it by replacing the place with other text.
    #[must_use]
    pub fn replace(mut self, with: impl Into<String>) -> Self {
        let with = with.into();
        self.mend = Some(Mend {
            text: format!("write `{with}`"),
            replacement: Some((self.span, with)),
        });
        self
    }

    /// Returns whether any of the findings is an error.
    #[must_use]
    pub fn any_error(findings: &[Self]) -> bool {
        findings.iter().any(|finding| finding.level == Level::Error)
    }
}
