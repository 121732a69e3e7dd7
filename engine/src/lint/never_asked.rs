//! Finds fields that something waits for and that nobody is ever asked.

use std::collections::BTreeSet;

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Need, Sp, Test, Workflow};

pub(super) struct NeverAsked;

impl Rule for NeverAsked {
    fn code(&self) -> Code {
        Code::H106
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let asked = asked(file.source);
        let outcomes = file.source.outcomes.values();
        let needed = outcomes.flat_map(|outcome| fields(&outcome.value.needs));
        let tested = conditions::tests(file.source);
        let conditions_of_needs = conditions::of_acts(file.source);
        let mut reported = BTreeSet::new();
        let fields = file.source.fields.values();
        let maxima = fields.filter_map(|field| field.value.max.as_ref());
        let looked = tested.iter().map(|tested| tested.field).chain(maxima);
        for name in needed.chain(looked).chain(of_time(file.source)) {
            let Some(field) = file.source.fields.get(&name.value) else {
                continue;
            };
            // What is computed or has a default gets its value without a question.
            let has_value = field.value.from_table.is_some() || field.value.default.is_some();
            if has_value || asked.contains(name.value.as_str()) || !reported.insert(&name.value) {
                continue;
            }
            let (message, mend) = match in_needs(&conditions_of_needs, name) {
                Some(test) => looked_at(name, test),
                None => (
                    format!("`{}` is looked at here and never asked", name.value),
                    "name it in `needs` of the step in which it becomes known; `asks` alone may \
                     leave it empty"
                        .to_owned(),
                ),
            };
            let finding = Finding::error(self.code(), name.span, message)
                .label(field.span, "the field is declared here")
                .why("it stays empty in every case, because no step, task or action names it")
                .mend(mend);
            found.push(finding);
        }
    }
}

/// Returns what a condition in the `needs` of a step, task or action asks of the field there.
fn in_needs<'a>(needs: &[conditions::Tested<'a>], name: &Sp<String>) -> Option<&'a Test> {
    let found = needs.iter().find(|tested| tested.field.span == name.span);
    found.map(|tested| &tested.test.value)
}

/// Says that a need looks at an answer for which it does not ask.
fn looked_at(name: &Sp<String>, test: &Test) -> (String, String) {
    let name = &name.value;
    let condition = match test {
        Test::OneOf(values) => match values.as_slice() {
            [value] => format!("{name}: {}", value.value),
            _ => format!("{name}: [...]"),
        },
        Test::Empty => format!("{name}: empty"),
        Test::Filled => format!("{name}: filled"),
        Test::Within(_) | Test::OverLimit => format!("{name}: {{...}}"),
    };
    // Whoever is asked in `needs` has answered: that it is filled need not be said again.
    let needs = match test {
        Test::Filled => name.clone(),
        Test::OneOf(_) | Test::Empty | Test::Within(_) | Test::OverLimit => {
            format!("{name}, {{{condition}}}")
        }
    };
    (
        format!("`{condition}` only looks at the answer, and nothing asks for `{name}`"),
        format!("to ask it too, write `needs: [{needs}]`"),
    )
}

/// Returns the fields on which time waits: the days of promises and clocks, and what an extension
/// needs, which brings no answers of its own.
fn of_time(source: &Workflow) -> impl Iterator<Item = &Sp<String>> {
    let is_place =
        |name: &str| source.steps.contains_key(name) || source.outcomes.contains_key(name);
    let promises = source.promises.values();
    let days = promises.filter_map(|promise| promise.value.by.as_ref());
    let clocks = source.clocks.values().flat_map(move |clock| {
        let from = clock.value.from.iter();
        let dates = from.filter(move |name| !is_place(&name.value));
        let extend = clock.value.extend.iter();
        dates.chain(extend.flat_map(|extend| fields(&extend.needs)))
    });
    days.chain(clocks)
}

/// Returns the fields that some step, task or action names, and so gives a place to answer.
fn asked(source: &Workflow) -> BTreeSet<&str> {
    let mut asked = BTreeSet::new();
    for step in source.steps.values() {
        let tasks = step.value.tasks.values().map(|task| &task.value);
        let of_tasks = tasks
            .clone()
            .flat_map(|task| fields(&task.needs).chain(&task.asks));
        let own = fields(&step.value.needs)
            .chain(&step.value.asks)
            .chain(of_tasks);
        asked.extend(own.map(|name| name.value.as_str()));
    }
    for (_, action) in conditions::actions(source) {
        asked.extend(fields(&action.value.needs).map(|name| name.value.as_str()));
    }
    asked
}

fn fields(needs: &[Need]) -> impl Iterator<Item = &Sp<String>> {
    needs.iter().filter_map(|need| match need {
        Need::Field(field) => Some(field),
        Need::Condition(_) => None,
    })
}
