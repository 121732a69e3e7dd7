//! Checks a workflow file and says everything that is wrong with it.

use crate::finding::Finding;
use crate::workflow::Workflow;

/// What checking a file came to.
#[derive(Debug)]
pub struct Report {
    /// Everything found, in the file's order.
    pub findings: Vec<Finding>,
    /// The compiled workflow, where there is no error.
    pub workflow: Option<Workflow>,
}

/// Reads, checks and compiles a workflow file.
#[must_use]
pub fn check(bytes: &[u8]) -> Report {
    let (source, findings) = crate::workflow::source::read(bytes);
    let source = source.filter(|_| !Finding::any_error(&findings));
    let workflow = source.map(|source| crate::workflow::compile::compile(&source, bytes));
    Report { findings, workflow }
}
