//! Decision tables: the first row that fits gives a field its value.
//!
//! Invariant: a value hangs on the present answers alone, never on how they came about.

use super::FieldIndex;
use super::condition::{Condition, Seen};
use crate::value::Value;

/// A field that takes its value from a table.
#[derive(Debug, Clone)]
pub struct Computed {
    /// The field.
    pub field: FieldIndex,
    /// The fields that the table looks at, each once.
    pub inputs: Vec<FieldIndex>,
    /// Tried in order.
    pub rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// What must hold; a row without it is for everything else.
    pub when: Option<Condition>,
    /// The value.
    pub is: Value,
}

impl Computed {
    /// Returns the value over the answers that `seen` shows; none where no row fits.
    ///
    /// A row without a condition waits until a field that the table looks at is answered: before,
    /// nothing is known from which a value could follow.
    pub fn value<'a>(&self, seen: &impl Fn(FieldIndex) -> Seen<'a>) -> Option<&Value> {
        self.row(seen).map(|(_, row)| &row.is)
    }

    /// Returns the row that gives the value, with its number from 1; none where no row fits.
    pub fn row<'a>(&self, seen: &impl Fn(FieldIndex) -> Seen<'a>) -> Option<(u32, &Row)> {
        let is_answered = |field: &FieldIndex| !matches!(seen(*field), Seen::Empty);
        let fits = |(_, row): &(u32, &Row)| match &row.when {
            Some(when) => when.holds(seen),
            None => self.inputs.is_empty() || self.inputs.iter().any(is_answered),
        };
        (1..).zip(&self.rows).find(fits)
    }
}
