//! The classes of answers of a field: answers of one class are told apart by no comparison.

use std::collections::{BTreeMap, BTreeSet};

use super::{Given, Shown};
use crate::money::{INTEGER_MAX, Money};
use crate::time::Date;
use crate::value::Value;
use crate::workflow::FieldIndex;
use crate::workflow::condition::{Bound, Ordered, Test};
use crate::workflow::field::{Field, FieldKind, Max};

/// A class, shown by one of its answers.
#[derive(Debug)]
pub(super) struct Class {
    pub(super) shown: Shown,
    pub(super) is_over: bool,
}

/// Returns the classes of the answers of a field; empty comes last, so that an example shows
/// an answer where it can.
pub(super) fn of(given: &Given<'_>, field: FieldIndex, tests: &[&Test]) -> Vec<Class> {
    let (_, declared) = given.workflow.field_at(field);
    let only = given.only.get(&field).filter(|_| !declared.sealed);
    let mut shown = match only {
        Some(values) => values.iter().cloned().map(Shown::Value).collect(),
        None => answers(declared, tests),
    };
    if !given.filled.contains(&field) {
        shown.push(Shown::Empty);
    }
    let is_limited = tests.iter().any(|test| matches!(test, Test::OverLimit));
    let mut classes: BTreeMap<Vec<bool>, (usize, Class)> = BTreeMap::new();
    for (number, shown) in shown.into_iter().enumerate() {
        let can_be_over = is_limited && shown != Shown::Empty;
        for is_over in [false, true].into_iter().take(1 + usize::from(can_be_over)) {
            let class = Class {
                shown: shown.clone(),
                is_over,
            };
            let told: Vec<bool> = tests.iter().map(|test| class.holds(test)).collect();
            classes.entry(told).or_insert((number, class));
        }
    }
    let mut classes: Vec<(usize, Class)> = classes.into_values().collect();
    classes.sort_by_key(|(number, class)| (*number, class.is_over));
    classes.into_iter().map(|(_, class)| class).collect()
}

/// Returns the classes of which a test is true, or those of which it is not, as bits.
pub(super) fn mask(classes: &[Class], test: &Test, is: bool) -> u128 {
    let bits = (0_u32..)
        .zip(classes)
        .filter(|(_, class)| class.holds(test) == is);
    bits.fold(0, |mask, (bit, _)| {
        mask | 1_u128.checked_shl(bit).unwrap_or(0)
    })
}

impl Class {
    fn holds(&self, test: &Test) -> bool {
        let is_value = |is: &dyn Fn(&Value) -> bool| match &self.shown {
            Shown::Value(value) => is(value),
            Shown::Empty | Shown::Filled | Shown::AnotherText => false,
        };
        match test {
            Test::Empty => self.shown == Shown::Empty,
            Test::Filled => self.shown != Shown::Empty,
            Test::OverLimit => self.is_over,
            Test::OneOf(values) => is_value(&|value| values.contains(value)),
            Test::Within(bounds) => is_value(&|value| {
                let mut bounds = bounds.iter();
                bounds.all(|(bound, limit)| bound.holds(value, *limit))
            }),
        }
    }
}

fn answers(field: &Field, tests: &[&Test]) -> Vec<Shown> {
    if field.sealed {
        return vec![Shown::Filled];
    }
    let to = |max: &Option<Max>| match max {
        Some(Max::Fixed(max)) => *max,
        Some(Max::Field(_)) | None => INTEGER_MAX,
    };
    match &field.kind {
        FieldKind::LongText | FieldKind::Document | FieldKind::List => vec![Shown::Filled],
        FieldKind::YesNo => [true, false]
            .map(|yes| Shown::Value(Value::YesNo(yes)))
            .into(),
        FieldKind::Choice { of } => {
            let options = of.iter().cloned().map(Value::Choice);
            options.map(Shown::Value).collect()
        }
        FieldKind::Text { .. } => {
            let mut shown: Vec<Shown> = named(tests).cloned().map(Shown::Value).collect();
            shown.push(Shown::AnotherText);
            shown
        }
        FieldKind::Number { min, max } => {
            let from = min.unwrap_or(-INTEGER_MAX);
            stretches(tests, from, to(max), |number| Some(Value::Number(number)))
        }
        FieldKind::Money { currency, max } => stretches(tests, 0, to(max), |minor| {
            let currency = *currency;
            Some(Value::Money(Money { currency, minor }))
        }),
        FieldKind::Date => {
            let (from, to) = Date::range();
            stretches(tests, from, to, |days| {
                Date::from_days(days).map(Value::Date)
            })
        }
    }
}

fn named<'t>(tests: &'t [&Test]) -> impl Iterator<Item = &'t Value> {
    tests.iter().flat_map(|test| match test {
        Test::OneOf(values) => values.as_slice(),
        Test::Within(_) | Test::Empty | Test::Filled | Test::OverLimit => &[],
    })
}

/// Cuts a range at every value and bound that is named, and shows the end of each stretch that
/// lies nearer to a named one: the lower, but of the first the upper where nothing limits it.
fn stretches(
    tests: &[&Test],
    from: i64,
    to: i64,
    value: impl Fn(i64) -> Option<Value>,
) -> Vec<Shown> {
    let mut cuts: BTreeSet<i64> = BTreeSet::new();
    for rank in named(tests).filter_map(rank) {
        cuts.extend([rank, rank.saturating_add(1)]);
    }
    for test in tests {
        match test {
            Test::Within(bounds) => {
                let cut = |(bound, limit): &(Bound, Ordered)| match bound {
                    Bound::AtLeast | Bound::Below => ordered_rank(*limit),
                    Bound::Above | Bound::AtMost => ordered_rank(*limit).saturating_add(1),
                };
                cuts.extend(bounds.iter().map(cut));
            }
            Test::OneOf(_) | Test::Empty | Test::Filled | Test::OverLimit => {}
        }
    }
    if from > to {
        return Vec::new();
    }
    let starts = cuts.range(from.saturating_add(1)..=to.max(from.saturating_add(1)));
    let starts = starts.copied().filter(|start| *start <= to);
    let mut shown = Vec::new();
    let mut start = from;
    for next in starts {
        let first_of_all = start == from && from.unsigned_abs() >= UNLIMITED;
        shown.push(if first_of_all { next - 1 } else { start });
        start = next;
    }
    shown.push(if shown.is_empty() && from.unsigned_abs() >= UNLIMITED {
        0
    } else {
        start
    });
    shown
        .into_iter()
        .filter_map(value)
        .map(Shown::Value)
        .collect()
}

/// A range that begins so far from zero begins nowhere that anybody meant.
const UNLIMITED: u64 = 1_000_000;

fn rank(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Money(money) => Some(money.minor),
        Value::Date(date) => Some(date.days()),
        Value::Text(_)
        | Value::YesNo(_)
        | Value::Choice(_)
        | Value::Document(_)
        | Value::List(_) => None,
    }
}

fn ordered_rank(limit: Ordered) -> i64 {
    match limit {
        Ordered::Number(number) => number,
        Ordered::Money(money) => money.minor,
        Ordered::Date(date) => date.days(),
    }
}
