//! Goes through everything that has `needs`.

use super::File;
use crate::finding::Span;
use crate::workflow::compile::filled::Fields;
use crate::workflow::source::Need;

/// Something with `needs`.
pub(super) struct Needed<'a> {
    /// "the step `hear`".
    pub(super) what: String,
    pub(super) span: Span,
    pub(super) own: &'a [Need],
    /// What must hold as well: of an action, the needs of its step.
    pub(super) before: &'a [Need],
    /// What is certainly filled there.
    pub(super) filled: Fields,
    pub(super) is_action: bool,
}

/// Returns all that have needs, in the file's order.
pub(super) fn all<'a>(file: &File<'a>) -> Vec<Needed<'a>> {
    let mut all = Vec::new();
    let source = file.source;
    for (name, step) in &source.steps {
        let index = file.facts.known.step(name);
        let filled = index.map(|index| file.facts.filled_entering(index));
        let filled = filled.unwrap_or_default();
        all.push(Needed {
            what: format!("the step `{name}`"),
            span: step.span,
            own: &step.value.needs,
            before: &[],
            filled: filled.clone(),
            is_action: false,
        });
        for (name, task) in &step.value.tasks {
            all.push(Needed {
                what: format!("the task `{name}`"),
                span: task.span,
                own: &task.value.needs,
                before: &[],
                filled: filled.clone(),
                is_action: false,
            });
        }
    }
    for act in file.facts.acts() {
        all.push(Needed {
            what: format!("the action `{}`", act.name),
            span: act.action.span,
            own: &act.action.value.needs,
            before: act.step.map_or(&[], |(_, step)| &step.value.needs),
            filled: file.facts.filled_before(act),
            is_action: true,
        });
    }
    for (name, outcome) in &source.outcomes {
        all.push(Needed {
            what: format!("the outcome `{name}`"),
            span: outcome.span,
            own: &outcome.value.needs,
            before: &[],
            filled: Fields::new(),
            is_action: false,
        });
    }
    for (name, clock) in &source.clocks {
        let extend = clock.value.extend.as_ref();
        all.push(Needed {
            what: format!("extending the clock `{name}`"),
            span: clock.span,
            own: extend.map_or(&[], |extend| &extend.needs),
            before: &[],
            filled: Fields::new(),
            is_action: false,
        });
    }
    all.retain(|needed| !needed.own.is_empty());
    all
}
