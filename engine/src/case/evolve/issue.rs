//! How what a case has to do with others changes it.

use super::cause::{find, owe};
use crate::case::event::{CauseLinked, IssueConfirmed, OriginRecorded};
use crate::case::{Case, Issue, Meta};

type Evolved = Result<(), &'static str>;

pub(super) fn record_origin(case: &mut Case, meta: &Meta<'_>, origin: &OriginRecorded) -> Evolved {
    if meta.revision.0 != 1 {
        return Err("where a case comes from is said when it is opened");
    }
    case.parent = origin.parent;
    case.proactive = origin.proactive;
    Ok(())
}

pub(super) fn confirm(case: &mut Case, meta: &Meta<'_>, confirmed: &IssueConfirmed) -> Evolved {
    let cause = find(case, confirmed.number)?;
    if !cause.status.stands() {
        return Err("a cause that does not stand is no issue");
    }
    let version = cause.version;
    case.issue = Some(Issue {
        at: meta.at,
        number: confirmed.number,
        revision: meta.revision,
        version,
    });
    Ok(())
}

pub(super) fn link(case: &mut Case, linked: &CauseLinked) {
    case.parent = Some(linked.parent);
    case.linked = Some(linked.clone());
    owe(case);
}
