//! What became of promises, clocks, dues, surveys and follow-ups in a story, and who was told.

use std::collections::BTreeSet;

use super::{Teller, Told, failed};
use crate::case::{Case, Deadline, DeadlineKind, DeadlineName, Event, Rung, Verdict};
use crate::finding::Span;
use crate::id::RoleName;
use crate::scenario::coverage::thing;
use crate::scenario::story::Fate;
use crate::scenario::words::{roles, standing};
use crate::time::Timestamp;

/// What happened in a story so far.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// When, why, and who was told.
    told: Vec<(Timestamp, String, Vec<RoleName>)>,
    fates: Vec<(Timestamp, Fate, DeadlineName)>,
}

impl Past {
    /// Adds what happened. `why` says what came before it.
    pub(super) fn note(&mut self, at: Timestamp, why: &str, events: &[Event]) {
        for event in events {
            if let Event::Told(told) = event {
                self.told.push((at, why.to_owned(), told.roles.clone()));
            }
            if let Some((fate, name)) = fate(event) {
                self.fates.push((at, fate, name));
            }
        }
    }

    fn befell(&self, fate: Fate, name: &DeadlineName) -> Option<Timestamp> {
        let is_meant =
            |known: &&(Timestamp, Fate, DeadlineName)| known.1 == fate && known.2 == *name;
        self.fates.iter().find(is_meant).map(|(at, _, _)| *at)
    }
}

/// Returns what an event tells of the fate of a deadline. Owed and to be done is what the case says
/// at the end.
fn fate(event: &Event) -> Option<(Fate, DeadlineName)> {
    if let Event::DeadlineFired(fired) = event
        && fired.rung == Rung::Late
    {
        let is_promise = fired.deadline.kind() == DeadlineKind::Promise;
        let fate = if is_promise { Fate::Broken } else { Fate::Late };
        return Some((fate, fired.deadline.clone()));
    }
    if let Event::SurveySent(sent) = event {
        let survey = DeadlineName::new(DeadlineKind::Survey, sent.survey.as_str());
        return Some((Fate::Sent, survey));
    }
    let Event::DeadlineStopped(stopped) = event else {
        return None;
    };
    let fate = match stopped.verdict {
        Verdict::Kept | Verdict::KeptLate => Fate::Kept,
        Verdict::Broken => Fate::Broken,
        Verdict::Late => Fate::Late,
        Verdict::Met
        | Verdict::Ended
        | Verdict::Released
        | Verdict::Done
        | Verdict::Cancelled
        | Verdict::Skipped => return None,
    };
    Some((fate, stopped.deadline.clone()))
}

impl Teller<'_> {
    pub(super) fn expect_told(&self, span: Span, wanted: &[RoleName]) -> Told {
        let told = || self.past.told.iter().flat_map(|(_, _, roles)| roles);
        let all = wanted.iter().chain(told()).collect::<BTreeSet<_>>();
        if all
            .iter()
            .all(|role| wanted.contains(role) && told().any(|told| told == *role))
        {
            return Ok(());
        }
        let said = |names: &[RoleName]| match names {
            [] => "told: nobody".to_owned(),
            [..] => format!("told: {}", roles(names)),
        };
        let mut once: Vec<RoleName> = Vec::new();
        for role in told() {
            if !once.contains(role) {
                once.push(role.clone());
            }
        }
        let mut happened = vec![said(&once)];
        happened.extend(self.past.told.iter().map(|(at, why, names)| {
            format!("{} told: {}, since {why}", self.local(*at), roles(names))
        }));
        Err(failed(span, &said(wanted), happened))
    }

    pub(super) fn expect_fate(&self, span: Span, fate: Fate, wanted: &[DeadlineName]) -> Told {
        let befell = self.befell(fate);
        let wanted: BTreeSet<DeadlineName> = wanted.iter().cloned().collect();
        if befell == wanted {
            return Ok(());
        }
        let mut happened = vec![said(fate, &befell)];
        happened.extend(wanted.symmetric_difference(&befell).map(|name| {
            let case = self.desk.case.as_ref();
            match self.past.befell(fate, name) {
                Some(at) => format!("{} {} at {}", thing(name), verb(fate), self.local(at)),
                None => self.standing(case, name),
            }
        }));
        Err(failed(span, &said(fate, &wanted), happened))
    }

    pub(super) fn expect_due(
        &self,
        span: Span,
        name: &DeadlineName,
        wanted: Option<Timestamp>,
    ) -> Told {
        let case = self.desk.case.as_ref();
        let deadline = case.and_then(|case| case.deadline(name));
        let running = deadline.filter(|deadline| deadline.is_running());
        let is_met = match (wanted, running.and_then(|deadline| deadline.due)) {
            // Minutes are compared: seconds cannot be written.
            (Some(wanted), Some(due)) => self.local(wanted) == self.local(due),
            (None, None) => running.is_none(),
            (Some(_), None) | (None, Some(_)) => false,
        };
        if is_met {
            return Ok(());
        }
        let expected = match wanted {
            Some(wanted) => format!("{} due {}", thing(name), self.local(wanted)),
            None => format!("that {} does not run", thing(name)),
        };
        Err(failed(span, &expected, vec![self.standing(case, name)]))
    }

    fn standing(&self, case: Option<&Case>, name: &DeadlineName) -> String {
        let deadline = case.and_then(|case| case.deadline(name));
        standing(name, deadline, self.desk.workflow.zone())
    }

    /// Returns the deadlines to which it happened, or of which it is so now.
    fn befell(&self, fate: Fate) -> BTreeSet<DeadlineName> {
        let is_now = |deadline: &Deadline| match fate {
            Fate::Owed => deadline.is_running(),
            Fate::ToDo => deadline.is_running() && deadline.open_since.is_some(),
            Fate::Broken | Fate::Kept | Fate::Late | Fate::Sent => false,
        };
        let now = self.desk.case.iter().flat_map(Case::deadlines);
        let now =
            now.filter(|(name, deadline)| fate.kinds().contains(&name.kind()) && is_now(deadline));
        let past = self.past.fates.iter();
        let past = past.filter(|(_, known, _)| *known == fate);
        past.map(|(_, _, name)| name.clone())
            .chain(now.map(|(name, _)| name.clone()))
            .collect()
    }
}

fn said(fate: Fate, names: &BTreeSet<DeadlineName>) -> String {
    let what = match fate {
        Fate::Broken => "promises broken",
        Fate::Kept => "promises kept",
        Fate::Owed => "promises owed",
        Fate::Late => "late",
        Fate::Sent => "surveys sent",
        Fate::ToDo => "follow-ups to do",
    };
    let names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.name()))
        .collect();
    let names = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    format!("{what}: {names}")
}

const fn verb(fate: Fate) -> &'static str {
    match fate {
        Fate::Broken => "was broken",
        Fate::Kept => "was kept",
        Fate::Owed => "is owed",
        Fate::Late => "was late",
        Fate::Sent => "was sent",
        Fate::ToDo => "is to be done",
    }
}
