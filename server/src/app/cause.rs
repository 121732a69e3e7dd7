//! What is known of a root cause: the diagnosis, and what its entries say of it.

use std::collections::BTreeMap;

use heard_engine::case::event::{CauseActionDone, CauseRecorded, CauseReviewed, EffectChecked};
use heard_engine::case::refusal::Undiagnosed;
use heard_engine::case::seal::commitment;
use heard_engine::case::{Commitment, Diagnosis, Event, Reason};
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Revision};
use heard_engine::time::Timestamp;

use super::committer::broken_error;
use super::{App, CaseView, Error, fold};
use crate::store::{CauseRow, PAGE_ROWS_MAX, SealedRow};

/// The most bytes of sealed words that are read for one root cause.
pub const REVEALED_BYTES_MAX: usize = 3 * 1024 * 1024;

/// A root cause, and what its entries say of it.
#[derive(Debug, Clone)]
pub struct CauseView {
    /// Its case.
    pub view: CaseView,
    /// Its state.
    pub diagnosis: Diagnosis,
    /// It as last recorded.
    pub recorded: CauseRecorded,
    /// The verdicts, in order.
    pub reviews: Vec<CauseReviewed>,
    /// What was said when its actions were done, by their numbers.
    pub done: BTreeMap<u32, CauseActionDone>,
    /// What was said last of the effects of its actions, and when, by their numbers.
    pub effects: BTreeMap<u32, (Timestamp, EffectChecked)>,
    /// The entries that hold its words.
    revisions: Vec<Revision>,
}

/// The words of a root cause that were read, by their commitments.
#[derive(Debug, Clone, Default)]
pub struct Words {
    rows: BTreeMap<Commitment, SealedRow>,
}

impl Words {
    /// Returns the sealed value that a commitment is to.
    #[must_use]
    pub fn get(&self, commitment: Commitment) -> Option<&SealedRow> {
        self.rows.get(&commitment)
    }
}

impl CauseView {
    /// Returns its row as lists show it.
    #[must_use]
    pub fn row(&self) -> CauseRow {
        super::rows::cause_row(self.view.id, &self.view.case, &self.diagnosis)
    }
}

impl CaseView {
    /// Returns the row of a root cause as lists show it.
    #[must_use]
    pub fn cause_row(&self, number: u32) -> Option<CauseRow> {
        let mut causes = self.case.causes().iter();
        let cause = causes.find(|cause| cause.number == number)?;
        Some(super::rows::cause_row(self.id, &self.case, cause))
    }
}

impl App {
    /// Returns a root cause with what its entries say of it.
    ///
    /// # Errors
    ///
    /// Refused when there is no such case or it has no such cause; [`Error::Damaged`] when its
    /// history is.
    pub async fn cause(&self, case: CaseId, number: u32) -> Result<CauseView, Error> {
        let view = self.case(case).await?;
        let causes = view.case.causes();
        let Some(diagnosis) = causes.iter().find(|cause| cause.number == number) else {
            let known = causes.len();
            let reason = Reason::from(Undiagnosed::NoSuchCause { number, known });
            return Err(Error::Refused(Box::new(reason.into())));
        };
        let diagnosis = diagnosis.clone();
        let reviewed = diagnosis.reviews.iter().map(|review| review.revision);
        let first = reviewed.chain([diagnosis.revision]).min();
        let mut told = Told::default();
        let mut after = Revision(first.map_or(0, |first| first.0.saturating_sub(1)));
        let stream = StreamName::Case(case);
        while after < view.case.revision() {
            let entries = self.entries(case, after, PAGE_ROWS_MAX).await?;
            let Some(last) = entries.last() else { break };
            after = last.revision;
            // What came after the case was read belongs to another answer.
            let known = entries
                .iter()
                .filter(|entry| entry.revision <= view.case.revision());
            for stored in known {
                let entry = fold::decode(stored).map_err(|broken| broken_error(&stream, broken))?;
                for event in &entry.events {
                    told.take(&diagnosis, (entry.revision, entry.at), event);
                }
            }
        }
        let Some(recorded) = told.recorded else {
            let what = format!("the entry that holds root cause {number} does not");
            return Err(Error::Damaged { case, what });
        };
        Ok(CauseView {
            view,
            diagnosis,
            recorded,
            reviews: told.reviews,
            done: told.done,
            effects: told.effects,
            revisions: told.revisions,
        })
    }

    /// Returns the words of a root cause; nothing where they are more than one answer takes.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when one is not what its entry commits to; [`Error::Store`].
    pub async fn cause_words(&self, cause: &CauseView) -> Result<Option<Words>, Error> {
        let mut words = Words::default();
        let mut bytes = 0;
        for revision in &cause.revisions {
            for row in self.reveal(cause.view.id, Some(*revision)).await? {
                bytes += row.value.len();
                if bytes > REVEALED_BYTES_MAX {
                    return Ok(None);
                }
                let to = commitment(&row.label, &row.salt, &row.value);
                words.rows.insert(to, row);
            }
        }
        Ok(Some(words))
    }
}

/// What entries say of a root cause.
#[derive(Default)]
struct Told {
    recorded: Option<CauseRecorded>,
    reviews: Vec<CauseReviewed>,
    done: BTreeMap<u32, CauseActionDone>,
    effects: BTreeMap<u32, (Timestamp, EffectChecked)>,
    revisions: Vec<Revision>,
}

impl Told {
    /// Takes what an event says. Of an earlier recording only the verdicts are kept.
    fn take(&mut self, of: &Diagnosis, (revision, at): (Revision, Timestamp), event: &Event) {
        let is_of_this = revision > of.revision;
        if let Event::CauseRecorded(recorded) = event
            && revision == of.revision
            && recorded.number == of.number
        {
            self.recorded = Some(recorded.clone());
        } else if let Event::CauseReviewed(reviewed) = event
            && reviewed.number == of.number
        {
            self.reviews.push(reviewed.clone());
        } else if let Event::CauseActionDone(done) = event
            && is_of_this
            && done.number == of.number
        {
            self.done.insert(done.action, done.clone());
        } else if let Event::EffectChecked(checked) = event
            && is_of_this
            && checked.number == of.number
        {
            self.effects.insert(checked.action, (at, checked.clone()));
        } else {
            return;
        }
        if !event.commitments().is_empty() {
            self.revisions.push(revision);
        }
    }
}
