//! Finds decision tables that have no answer for some cases.

use std::collections::BTreeSet;

use super::reasoning::tests;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::FieldIndex;
use crate::workflow::condition::{Condition, Test};
use crate::workflow::logic::{Claim, Example};
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

/// Finds answers that no row takes, where it can with every field answered. A table waits until
/// one of the fields that it reads is answered, so that nothing answered is no gap.
fn gap(file: &File<'_>, rows: &[Row]) -> Option<Example> {
    let when = |row: &Row| match &row.when {
        Some(when) => file.facts.condition(when),
        None => Condition::All(Vec::new()),
    };
    let conditions: Vec<Condition> = rows.iter().map(when).collect();
    let asked = conditions.iter().flat_map(tests).map(|(field, _)| field);
    let asked: BTreeSet<FieldIndex> = asked.collect();
    let answered = asked
        .iter()
        .map(|field| Condition::Field(*field, Test::Filled));
    let some_answered = Condition::Any(answered.collect());
    [asked, BTreeSet::new()].into_iter().find_map(|filled| {
        let mut asked = conditions.clone();
        asked.push(some_answered.clone());
        let choice = file.facts.ask(&[], asked, filled).ok()?;
        let mut claims = choice.passing(0..rows.len());
        claims.push(Claim::Holds(choice.rule(rows.len())));
        choice.space.example(&claims).ok()?
    })
}
