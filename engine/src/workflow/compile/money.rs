//! Compiles limits, what actions do with amounts, and tables.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::super::condition::Test;
use super::super::limit::{Limit, Part, Period};
use super::super::table::{Computed, Row};
use super::super::{Effects, FieldIndex, Rule, source};
use super::{condition, known::Known};
use crate::id::LimitName;
use source::Sp;

/// Compiles `limits`. A role that does not exist is left out.
pub(super) fn limits(known: &Known<'_>) -> IndexMap<LimitName, Limit> {
    let limit = |(name, limit): (&String, &Sp<source::Table<Vec<Sp<source::LimitPart>>>>)| {
        let roles = limit.value.iter().filter_map(|(role, parts)| {
            let parts = parts.value.iter().map(|part| self::part(part.value));
            Some((known.role(role)?, parts.collect()))
        });
        let roles: BTreeMap<_, _> = roles.collect();
        Some((LimitName::new(name).ok()?, Limit { roles }))
    };
    known.source.limits.iter().filter_map(limit).collect()
}

fn part(part: source::LimitPart) -> Part {
    Part {
        amount: part.amount,
        per: match part.per {
            source::Period::Case => None,
            source::Period::Day => Some(Period::Day),
            source::Period::Week => Some(Period::Week),
            source::Period::Month => Some(Period::Month),
        },
    }
}

/// Returns the limit of a field; none where nothing is given with it.
pub(super) fn limit_of(known: &Known<'_>, field: &source::Field) -> Option<LimitName> {
    let limit = &field.limit.as_ref()?.value;
    known.source.limits.get(limit)?;
    LimitName::new(limit).ok()
}

/// Compiles what a rule does with amounts, after what its action does.
pub(super) fn effects(
    known: &Known<'_>,
    action: &source::Effects,
    rule: &source::Effects,
) -> Effects {
    let fields = |action: &[Sp<String>], rule: &[Sp<String>]| {
        let mut fields: Vec<FieldIndex> = Vec::new();
        for name in action.iter().chain(rule) {
            let declared = known.source.fields.get(&name.value);
            let is_limited = declared.is_some_and(|field| limit_of(known, &field.value).is_some());
            let field = known.field(&name.value).filter(|_| is_limited);
            fields.extend(field.filter(|field| !fields.contains(field)));
        }
        fields
    };
    Effects {
        takes_back: fields(&action.takes_back, &rule.takes_back),
        approves: fields(&action.approves, &rule.approves),
        gives: fields(&action.gives, &rule.gives),
    }
}

/// Returns the fields whose limit some rule looks at.
pub(super) fn limited(rules: &[Rule]) -> Vec<FieldIndex> {
    let mut limited = Vec::new();
    for rule in rules {
        limited.extend(&rule.effects.gives);
        limited.extend(&rule.effects.approves);
        if let Some(when) = &rule.when {
            when.visit(&mut |field, test| match test {
                Test::OverLimit => limited.push(field),
                Test::OneOf(_) | Test::Within(_) | Test::Empty | Test::Filled => {}
            });
        }
    }
    limited.sort_unstable();
    limited.dedup();
    limited
}

/// Compiles the fields that take their value from a table, each after those it is computed from.
/// Fields computed from each other in a circle are left out, and stay empty.
pub(super) fn computed(known: &Known<'_>) -> Vec<Computed> {
    let mut waiting: Vec<Computed> = known
        .fields
        .iter()
        .filter_map(|name| field(known, name.as_str()))
        .collect();
    let mut ready: Vec<Computed> = Vec::new();
    // Each round moves at least one field over, so this ends.
    loop {
        let waits = |computed: &Computed| {
            let mut others = waiting.iter();
            others.any(|other| computed.inputs.contains(&other.field))
        };
        let Some(next) = waiting.iter().position(|computed| !waits(computed)) else {
            return ready;
        };
        ready.push(waiting.remove(next));
    }
}

fn field(known: &Known<'_>, name: &str) -> Option<Computed> {
    let field = &known.source.fields.get(name)?.value;
    let table = &field.from_table.as_ref()?.value;
    // A value that must be sealed cannot be written by a table; reading refuses that.
    let rows = known
        .source
        .tables
        .get(table)
        .filter(|_| !field.is_sealed())?;
    let row = |row: &source::Row| {
        Some(Row {
            when: row
                .when
                .as_ref()
                .map(|when| condition::condition(known, when)),
            is: field.value(&row.is.value).ok()?,
        })
    };
    let rows: Vec<Row> = rows.value.iter().filter_map(row).collect();
    let mut inputs = Vec::new();
    for when in rows.iter().filter_map(|row| row.when.as_ref()) {
        when.visit(&mut |field, _| inputs.push(field));
    }
    inputs.sort_unstable();
    inputs.dedup();
    Some(Computed {
        field: known.field(name)?,
        inputs,
        rows,
    })
}
