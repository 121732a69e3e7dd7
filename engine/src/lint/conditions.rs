//! Goes through every condition of a file.

use crate::finding::Span;
use crate::workflow::source::{Action, Condition, Need, Sp, Test, Workflow};

/// A test of a field and where it stands.
pub(super) struct Tested<'a> {
    pub(super) field: &'a Sp<String>,
    pub(super) test: &'a Sp<Test>,
    /// It stands in `when` of a rule of an action.
    pub(super) is_in_rule: bool,
}

/// Returns every action of the file, also those of `anywhere`, with its name.
pub(super) fn actions(source: &Workflow) -> impl Iterator<Item = (&String, &Sp<Action>)> {
    let of_steps = source.steps.values().flat_map(|step| &step.value.actions);
    of_steps.chain(&source.anywhere)
}

/// Returns every test of a field in the file. Surveys ask their own questions, not fields.
pub(super) fn tests(source: &Workflow) -> Vec<Tested<'_>> {
    let mut tests = of_acts(source);
    for (_, action) in actions(source) {
        for rule in &action.value.rules {
            of(rule.when.as_ref(), true, &mut tests);
        }
    }
    for outcome in source.outcomes.values() {
        of_needs(&outcome.value.needs, &mut tests);
    }
    for row in source.tables.values().flat_map(|rows| &rows.value) {
        of(row.when.as_ref(), false, &mut tests);
    }
    for clock in source.clocks.values() {
        of(clock.value.when.as_ref(), false, &mut tests);
        let extend = clock.value.extend.as_ref();
        of_needs(extend.map_or(&[][..], |extend| &extend.needs), &mut tests);
    }
    let review = source
        .causes
        .as_ref()
        .and_then(|causes| causes.review.as_ref());
    of(
        review.and_then(|review| review.always_when.as_ref()),
        false,
        &mut tests,
    );
    tests
}

/// Returns every test in the needs of a step, a task or an action, which could ask as well.
pub(super) fn of_acts(source: &Workflow) -> Vec<Tested<'_>> {
    let mut tests = Vec::new();
    for step in source.steps.values() {
        of_needs(&step.value.needs, &mut tests);
        for task in step.value.tasks.values() {
            of_needs(&task.value.needs, &mut tests);
        }
    }
    for (_, action) in actions(source) {
        of_needs(&action.value.needs, &mut tests);
    }
    tests
}

fn of_needs<'a>(needs: &'a [Need], tests: &mut Vec<Tested<'a>>) {
    for need in needs {
        match need {
            Need::Field(_) => {}
            Need::Condition(condition) => of(Some(condition), false, tests),
        }
    }
}

fn of<'a>(condition: Option<&'a Condition>, is_in_rule: bool, tests: &mut Vec<Tested<'a>>) {
    match condition {
        None => {}
        Some(Condition::All(parts) | Condition::Any(parts)) => {
            for part in parts {
                of(Some(part), is_in_rule, tests);
            }
        }
        Some(Condition::Not(part)) => of(Some(part), is_in_rule, tests),
        Some(Condition::Test { field, test }) => tests.push(Tested {
            field,
            test,
            is_in_rule,
        }),
    }
}

/// What a person must keep in mind to read some conditions.
#[derive(Debug, Default)]
pub(super) struct Load<'a> {
    pub(super) fields: std::collections::BTreeSet<&'a str>,
    pub(super) comparisons: usize,
    pub(super) depth: usize,
    /// Where the first of them stands.
    pub(super) span: Option<Span>,
}

impl<'a> Load<'a> {
    /// Adds a condition; `depth` is 1 at its top.
    pub(super) fn add(&mut self, condition: &'a Condition, depth: usize) {
        self.depth = self.depth.max(depth);
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.add(part, depth + 1);
                }
            }
            Condition::Not(part) => self.add(part, depth + 1),
            Condition::Test { field, test } => {
                self.span.get_or_insert(field.span);
                self.fields.insert(&field.value);
                self.comparisons += match &test.value {
                    Test::OneOf(values) => values.len(),
                    Test::Within(bounds) => bounds.len(),
                    Test::Empty | Test::Filled | Test::OverLimit => 1,
                };
            }
        }
    }
}
