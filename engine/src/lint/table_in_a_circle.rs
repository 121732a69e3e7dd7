//! Finds fields whose table looks, by way of other tables, at the field itself.

use std::collections::BTreeSet;

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Condition, Workflow};

pub(super) struct TableInACircle;

impl Rule for TableInACircle {
    fn code(&self) -> Code {
        Code::H312
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let mut told: BTreeSet<&str> = BTreeSet::new();
        for (name, field) in &file.source.fields {
            let Some(table) = &field.value.from_table else {
                continue;
            };
            if told.contains(name.as_str()) {
                continue;
            }
            let Some(circle) = circle(file.source, name) else {
                continue;
            };
            let way: Vec<String> = circle.iter().map(|field| format!("`{field}`")).collect();
            let message = format!("`{name}` is computed from itself: {}", way.join(" from "));
            let finding = Finding::error(self.code(), table.span, message)
                .why("no field of the circle comes first, so none could ever get a value")
                .mend("let one of the tables look at fields that a person answers");
            found.push(finding);
            told.extend(circle);
        }
    }
}

/// Returns the shortest way from a computed field back to itself, both ends named.
fn circle<'a>(source: &'a Workflow, start: &'a str) -> Option<Vec<&'a str>> {
    let mut ways = vec![vec![start]];
    let mut seen = BTreeSet::new();
    // Each field is left once, so this ends.
    while !ways.is_empty() {
        let mut longer = Vec::new();
        for way in ways {
            let last = way.last().copied().unwrap_or(start);
            for input in inputs(source, last) {
                let mut way = way.clone();
                way.push(input);
                if input == start {
                    return Some(way);
                }
                if seen.insert(input) {
                    longer.push(way);
                }
            }
        }
        ways = longer;
    }
    None
}

/// Returns the fields at which the table of a field looks; none of a field without a table.
fn inputs<'a>(source: &'a Workflow, field: &str) -> Vec<&'a str> {
    let table = source
        .fields
        .get(field)
        .and_then(|field| field.value.from_table.as_ref());
    let rows = table.and_then(|table| source.tables.get(&table.value));
    let rows = rows.into_iter().flat_map(|rows| &rows.value);
    let mut fields = Vec::new();
    for when in rows.filter_map(|row| row.when.as_ref()) {
        gather(when, &mut fields);
    }
    fields
}

fn gather<'a>(condition: &'a Condition, fields: &mut Vec<&'a str>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                gather(part, fields);
            }
        }
        Condition::Not(part) => gather(part, fields),
        Condition::Test { field, .. } => fields.push(&field.value),
    }
}
