//! Decides conditions exactly: whether they can hold, with an example of answers.
//!
//! The values of a field fall into classes that no comparison in question tells apart: a number
//! into the stretches between all its bounds, a text into those named and any other, every field
//! into empty and not. So finitely many answers stand for all, and a search over them decides.
//!
//! Invariant: what is said here agrees with [`Condition::holds`] over every answer a field allows,
//! but for two things: a text may be any other text whatever its `pattern`, and an amount may be
//! over the limit or not, whatever the limits are.

mod classes;
mod search;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::condition::{Condition, Test};
use super::{FieldIndex, Workflow};
use crate::value::Value;

use classes::Class;
use search::Formula;

/// The most cases that are tried to answer the questions of one [`Space`].
pub const SPLITS_MAX: u32 = 20_000;
/// The most classes of answers of one field that are told apart.
pub const CLASSES_MAX: usize = 128;

/// The conditions are so tangled that they are not decided: more than [`SPLITS_MAX`] cases would
/// have to be tried, or a field has more than [`CLASSES_MAX`] classes. To people it is H305.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the conditions are too tangled to be decided")]
pub struct Tangled;

/// What is known beside the conditions.
#[derive(Debug, Clone)]
pub struct Given<'a> {
    /// Whose fields the conditions ask.
    pub workflow: &'a Workflow,
    /// Fields that are certainly filled.
    pub filled: BTreeSet<FieldIndex>,
    /// The only values that a field can have: those that its table gives.
    pub only: BTreeMap<FieldIndex, Vec<Value>>,
}

/// What an example says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// There is no answer.
    Empty,
    /// There is one; what it says is sealed, or cannot be compared.
    Filled,
    /// A text that no condition names.
    AnotherText,
    /// This one.
    Value(Value),
}

/// An answer of an example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The field.
    pub field: FieldIndex,
    /// Its answer.
    pub shown: Shown,
    /// The amount is over the limit of whoever acts.
    pub is_over: bool,
}

/// Answers for which everything asked holds. A field that is not named may have any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example(pub Vec<Answer>);

/// Something asked of a condition of a [`Space`], by its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// It holds.
    Holds(usize),
    /// It does not.
    Fails(usize),
}

/// All answers that some conditions tell apart.
#[derive(Debug)]
pub struct Space {
    dimensions: Vec<Dimension>,
    /// Each condition, and what it is not to hold.
    formulas: Vec<(Formula, Formula)>,
    splits_left: Cell<u32>,
}

#[derive(Debug)]
struct Dimension {
    field: FieldIndex,
    classes: Vec<Class>,
}

impl Given<'_> {
    /// Knows nothing but the fields.
    #[must_use]
    pub const fn nothing(workflow: &Workflow) -> Given<'_> {
        Given {
            workflow,
            filled: BTreeSet::new(),
            only: BTreeMap::new(),
        }
    }
}

impl Space {
    /// Lays out the answers that the conditions tell apart.
    ///
    /// # Errors
    ///
    /// [`Tangled`] when a field has too many classes.
    pub fn over(given: &Given<'_>, conditions: &[&Condition]) -> Result<Self, Tangled> {
        let mut tests: IndexMap<FieldIndex, Vec<&Test>> = IndexMap::new();
        for condition in conditions {
            collect(condition, &mut tests);
        }
        let mut dimensions = Vec::with_capacity(tests.len());
        for (field, tests) in tests {
            let classes = classes::of(given, field, &tests);
            if classes.len() > CLASSES_MAX {
                return Err(Tangled);
            }
            dimensions.push(Dimension { field, classes });
        }
        let both = |condition: &&Condition| {
            let [holds, fails] = [true, false].map(|is| formula(&dimensions, condition, is));
            (holds, fails)
        };
        Ok(Self {
            formulas: conditions.iter().map(both).collect(),
            dimensions,
            splits_left: Cell::new(SPLITS_MAX),
        })
    }

    /// Finds answers for which all claims are true, or says that there are none. A claim about a
    /// condition that is not there is not true.
    ///
    /// # Errors
    ///
    /// [`Tangled`] when too many cases would have to be tried.
    pub fn example(&self, claims: &[Claim]) -> Result<Option<Example>, Tangled> {
        let parts = claims.iter().map(|claim| match claim {
            Claim::Holds(place) => self.formulas.get(*place).map(|(holds, _)| holds),
            Claim::Fails(place) => self.formulas.get(*place).map(|(_, fails)| fails),
        });
        let Some(parts) = parts.collect::<Option<Vec<_>>>() else {
            return Ok(None);
        };
        let all: Vec<u128> = self.dimensions.iter().map(Dimension::all).collect();
        let mut splits = self.splits_left.get();
        let found = search::solve(&parts, all, &mut splits);
        self.splits_left.set(splits);
        Ok(found?.map(|open| self.shown(&open)))
    }

    /// Returns whether the claims can all be true.
    ///
    /// # Errors
    ///
    /// As [`Space::example`].
    pub fn can(&self, claims: &[Claim]) -> Result<bool, Tangled> {
        Ok(self.example(claims)?.is_some())
    }

    /// Shows of each field that matters the first of the classes still open.
    fn shown(&self, open: &[u128]) -> Example {
        let matter = self.dimensions.iter().zip(open);
        let matter = matter.filter(|(dimension, open)| **open != dimension.all());
        let answers = matter.filter_map(|(dimension, open)| {
            let first = usize::try_from(open.trailing_zeros()).ok()?;
            let class = dimension.classes.get(first)?;
            Some(Answer {
                field: dimension.field,
                shown: class.shown.clone(),
                is_over: class.is_over,
            })
        });
        Example(answers.collect())
    }
}

impl Dimension {
    fn all(&self) -> u128 {
        let unused = CLASSES_MAX.saturating_sub(self.classes.len());
        let unused = u32::try_from(unused).unwrap_or(u32::MAX);
        u128::MAX.checked_shr(unused).unwrap_or(0)
    }
}

impl Example {
    /// Returns the example in words: "`delay_minutes` 240 and `tier` gold".
    #[must_use]
    pub fn describe(&self, workflow: &Workflow) -> String {
        let words: Vec<String> = self.0.iter().map(|answer| answer.words(workflow)).collect();
        match words.split_last() {
            None => "any answers".to_owned(),
            Some((only, [])) => only.clone(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    }
}

impl Answer {
    fn words(&self, workflow: &Workflow) -> String {
        let (name, _) = workflow.field_at(self.field);
        let words = match &self.shown {
            Shown::Empty => format!("`{name}` not answered"),
            Shown::Filled => format!("`{name}` answered"),
            Shown::AnotherText => format!("`{name}` any other text"),
            Shown::Value(value) => format!("`{name}` {value}"),
        };
        let over = if self.is_over { " over the limit" } else { "" };
        format!("{words}{over}")
    }
}

/// Finds answers for which all the conditions hold.
///
/// # Errors
///
/// As [`Space::example`].
pub fn satisfy(given: &Given<'_>, conditions: &[&Condition]) -> Result<Option<Example>, Tangled> {
    let claims: Vec<Claim> = (0..conditions.len()).map(Claim::Holds).collect();
    Space::over(given, conditions)?.example(&claims)
}

/// Returns whether the second condition holds wherever the first does.
///
/// # Errors
///
/// As [`Space::example`].
pub fn implies(given: &Given<'_>, one: &Condition, other: &Condition) -> Result<bool, Tangled> {
    let space = Space::over(given, &[one, other])?;
    Ok(!space.can(&[Claim::Holds(0), Claim::Fails(1)])?)
}

/// Returns whether the conditions hold of the same answers.
///
/// # Errors
///
/// As [`Space::example`].
pub fn equivalent(given: &Given<'_>, one: &Condition, other: &Condition) -> Result<bool, Tangled> {
    Ok(implies(given, one, other)? && implies(given, other, one)?)
}

fn collect<'c>(condition: &'c Condition, tests: &mut IndexMap<FieldIndex, Vec<&'c Test>>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                collect(part, tests);
            }
        }
        Condition::Not(part) => collect(part, tests),
        Condition::Field(field, test) => tests.entry(*field).or_default().push(test),
    }
}

/// Turns a condition, or what it is not, into a formula without `not`.
fn formula(dimensions: &[Dimension], condition: &Condition, is: bool) -> Formula {
    let parts = |parts: &[Condition]| {
        let parts = parts.iter().map(|part| formula(dimensions, part, is));
        parts.collect()
    };
    match (condition, is) {
        (Condition::All(all), true) | (Condition::Any(all), false) => Formula::All(parts(all)),
        (Condition::Any(any), true) | (Condition::All(any), false) => Formula::Any(parts(any)),
        (Condition::Not(part), is) => formula(dimensions, part, !is),
        (Condition::Field(field, test), is) => {
            let mut known = dimensions.iter().enumerate();
            let found = known.find(|(_, dimension)| dimension.field == *field);
            let (place, mask) = found.map_or((0, 0), |(place, dimension)| {
                (place, classes::mask(&dimension.classes, test, is))
            });
            Formula::Within { place, mask }
        }
    }
}
