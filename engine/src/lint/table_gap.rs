//! Finds decision tables that have no answer for some cases.

use std::collections::BTreeSet;

use super::reasoning::tests;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::logic::Example;
use crate::workflow::source::Row;

pub(super) struct TableGap;

impl Rule for TableGap {
    fn code(&self) -> Code {
        Code::H310
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, rows) in &file.source.tables {
            let Some(gap) = gap(file, &rows.value) else {
                continue;
            };
            let last = rows.value.last();
            let span = last.map_or(rows.span, |row| row.is.span);
            let gap = gap.describe(file.compiled);
            let message = format!("the table `{name}` has no row for some answers");
            let finding = Finding::error(self.code(), span, message)
                .at(format!("for example {gap}: no row fits"))
                .label(rows.span, "in this table")
                .why("a field that takes its value from here would stay empty then")
                .mend("add a last row without `when` that says what holds in all other cases");
            found.push(finding);
        }
    }
}

/// Finds answers that no row takes, where it can with every field answered.
fn gap(file: &File<'_>, rows: &[Row]) -> Option<Example> {
    let mut asked = BTreeSet::new();
    for when in rows.iter().filter_map(|row| row.when.as_ref()) {
        let when = file.facts.condition(when);
        asked.extend(tests(&when).into_iter().map(|(field, _)| field));
    }
    [asked, BTreeSet::new()].into_iter().find_map(|filled| {
        let choice = file.facts.table(rows, filled).ok()?;
        choice.left_over().ok()?
    })
}
