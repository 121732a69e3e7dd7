//! What an accepted command writes, and what became of it.

use heard_engine::id::Position;

use super::{BookingRow, CaseRow, CauseRow, NewEntry, SealedRow, SurveyRow, WorkflowRow};

/// Everything one accepted command writes: all of it or nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Append {
    /// Its entries, each of another stream, at least one.
    pub entries: Vec<NewEntry>,
    /// Its sealed values.
    pub sealed: Vec<SealedRow>,
    /// The new rows of its cases.
    pub cases: Vec<CaseRow>,
    /// The root causes it recorded, recorded anew or changed. One whose revision is that of its
    /// entry stands last among all causes from now on; another keeps its place.
    pub causes: Vec<CauseRow>,
    /// The amounts it gave or took back.
    pub bookings: Vec<BookingRow>,
    /// The surveys it sent.
    pub surveys: Vec<SurveyRow>,
    /// The workflow it published.
    pub workflow: Option<WorkflowRow>,
}

impl Append {
    /// Adds all of another: both are written, or nothing of either.
    pub fn add(&mut self, other: Self) {
        self.entries.extend(other.entries);
        self.sealed.extend(other.sealed);
        self.cases.extend(other.cases);
        self.causes.extend(other.causes);
        self.bookings.extend(other.bookings);
        self.surveys.extend(other.surveys);
        self.workflow = self.workflow.take().or(other.workflow);
    }
}

/// What became of one [`Append`] of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is on disk. The positions of its entries, in their order.
    Written(Vec<Position>),
    /// Nothing of it was written: the head of a stream was not the revision before.
    Conflict,
}
