//! Compiles conditions and needs.

use super::super::condition::{Condition, Test};
use super::super::{Need, source};
use super::known::Known;

/// Compiles needs; a field that does not exist is left out.
pub(crate) fn needs(known: &Known<'_>, needs: &[source::Need]) -> Vec<Need> {
    let compiled = needs.iter().filter_map(|need| match need {
        source::Need::Field(field) => known.field(&field.value).map(Need::Field),
        source::Need::Condition(condition) => {
            Some(Need::Condition(self::condition(known, condition)))
        }
    });
    compiled.collect()
}

/// Compiles a condition; a test of a field that does not exist never holds.
pub(crate) fn condition(known: &Known<'_>, source: &source::Condition) -> Condition {
    match source {
        source::Condition::All(parts) => {
            Condition::All(parts.iter().map(|part| condition(known, part)).collect())
        }
        source::Condition::Any(parts) => {
            Condition::Any(parts.iter().map(|part| condition(known, part)).collect())
        }
        source::Condition::Not(part) => Condition::Not(Box::new(condition(known, part))),
        source::Condition::Test { field, test } => {
            let declared = known.source.fields.get(&field.value);
            match (known.field(&field.value), declared) {
                (Some(index), Some(declared)) => {
                    Condition::Field(index, self::test(&declared.value, &test.value))
                }
                _ => Condition::Any(Vec::new()),
            }
        }
    }
}

fn test(field: &source::Field, test: &source::Test) -> Test {
    match test {
        source::Test::OneOf(values) => Test::OneOf(
            values
                .iter()
                .filter_map(|v| field.value(&v.value).ok())
                .collect(),
        ),
        source::Test::Within(bounds) => {
            let limits = bounds.iter().map(|(bound, limit)| {
                field
                    .ordered(&limit.value)
                    .ok()
                    .map(|limit| (*bound, limit))
            });
            // A bound that cannot be read must not widen the range: then nothing is within.
            limits
                .collect::<Option<_>>()
                .map_or(Test::OneOf(Vec::new()), Test::Within)
        }
        source::Test::Empty => Test::Empty,
        source::Test::Filled => Test::Filled,
        source::Test::OverLimit => Test::OverLimit,
    }
}
