//! 13: root causes, their drafts and the verdicts on them.

use std::collections::BTreeSet;

use super::file::list;
use super::{Does, Naive, Op, Said};

/// A root cause. Whether it was drawn for review changes nothing of what may be done.
#[derive(Debug, Clone)]
pub struct Cause {
    pub stands: bool,
    proposers: BTreeSet<u8>,
}

/// How a root cause is recorded, and in whose place.
#[derive(Debug, Clone, Copy)]
pub enum How {
    Drafted { revises: Option<usize> },
    Proposed { revises: Option<usize> },
}

impl Naive {
    pub fn has_cause(&self) -> bool {
        self.causes.iter().any(|cause| cause.stands)
    }

    /// Closed, and no cause stands, though there is somewhere to find one.
    pub fn owes_cause(&self) -> bool {
        let diagnoses = |step: &String| {
            let phases = list(&self.file.step(step)["phase"]);
            phases.contains(&"diagnose".to_owned())
        };
        self.is_closed()
            && !self.has_cause()
            && !self.file.0["causes"].is_null()
            && self.steps().iter().any(diagnoses)
    }

    /// Who only reads may give verdicts where the workflow says so.
    pub(super) fn may_review(&self, op: &Op) -> bool {
        let by = list(&self.file.0["causes"]["review"]["by"]);
        matches!(op.does, Does::Review { .. }) && by.contains(&op.role)
    }

    pub(super) fn cause(
        &mut self,
        op: &Op,
        (group, name): (&str, &str),
        whys: usize,
        how: How,
    ) -> Said {
        let causes = &self.file.0["causes"];
        if causes["categories"][group][name].is_null() {
            return Err("no such cause");
        }
        let (is_draft, revises) = match how {
            How::Drafted { revises } => (true, revises),
            How::Proposed { revises } => (false, revises),
        };
        if !is_draft && (whys as u64) < causes["whys"].as_u64().unwrap_or(0) {
            return Err("too few whys");
        }
        let may = |name: &String| {
            let step = self.file.step(name);
            list(&step["phase"]).contains(&"diagnose".to_owned())
                && (self.is_closed() || self.at == *name)
                && self.file.who_of_step(step).contains(&op.role)
                && !self.is_kept_out(op, &step["not_by"])
        };
        if !self.steps().iter().any(may) {
            return Err("not now, or not this person");
        }
        let before = revises.map(|number| self.numbered(number)).transpose()?;
        if before.is_some_and(|before| before.stands) {
            return Err("the cause stands");
        }
        if !is_draft && !causes["review"].is_null() && self.has_handled(op) {
            return Err("handled the case");
        }
        let mut proposers = before.map_or_else(BTreeSet::new, |before| before.proposers.clone());
        proposers.insert(op.person);
        let cause = Cause {
            stands: !is_draft,
            proposers,
        };
        match revises {
            Some(number) => self.causes[number - 1] = cause,
            None => self.causes.push(cause),
        }
        Ok(())
    }

    /// To diagnose or approve is not to handle a case.
    fn has_handled(&self, op: &Op) -> bool {
        let is_beside = |phase: &String| phase == "diagnose" || phase == "approve";
        let handles = |step: &str| !list(&self.file.step(step)["phase"]).iter().all(is_beside);
        let mut acted = self.acted.iter();
        self.file.role(&op.role)["system"] != true
            && acted.any(|(step, people)| people.contains(&op.person) && handles(step))
    }

    fn numbered(&self, number: usize) -> Result<&Cause, &'static str> {
        let place = number.checked_sub(1);
        let found = place.and_then(|place| self.causes.get(place));
        found.ok_or("no cause of that number")
    }

    pub(super) fn review(&mut self, op: &Op, number: usize, returns: bool) -> Said {
        if !self.may_review(op) {
            return Err("not in who");
        }
        let cause = self.numbered(number)?;
        if !cause.stands {
            return Err("the cause does not stand");
        }
        let has_acted = self
            .acted
            .values()
            .any(|people| people.contains(&op.person));
        if cause.proposers.contains(&op.person) || has_acted {
            return Err("not by whoever had a part in it");
        }
        self.causes[number - 1].stands = !returns;
        Ok(())
    }
}
