//! Where what no scenario walks stands in the workflow's file.

use super::{Moment, Part, Walked, parts};
use crate::case::{DeadlineKind, DeadlineName, Rung};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::source::Sp;
use crate::workflow::{Workflow, source};

/// Returns a finding (H905) for each part that must be walked and that no scenario walks.
#[must_use]
pub fn findings(bytes: &[u8], workflow: &Workflow, walked: &Walked) -> Vec<Finding> {
    let (Some(file), _) = source::read(bytes) else {
        return Vec::new();
    };
    let missing = parts(workflow).into_iter();
    let missing = missing.filter(|part| part.must_be_walked() && !walked.parts.contains(part));
    let mut findings: Vec<Finding> = missing
        .filter_map(|part| {
            let span = place(&file, &part)?;
            let message = format!("no scenario walks {part}");
            Some(
                Finding::warning(Code::H905, span, message)
                    .why("what no scenario walks nobody has seen working")
                    .mend("add a scenario that walks it; `heard test --generate` prints one"),
            )
        })
        .collect();
    findings.sort_by_key(|finding| finding.span);
    findings
}

/// Returns where a part stands in the file, if it is one that must be walked.
fn place(file: &source::Workflow, part: &Part) -> Option<Span> {
    let nth = |number: u32| usize::try_from(number).ok()?.checked_sub(1);
    match part {
        Part::Rule {
            within,
            action,
            number,
            is_used_up,
            ..
        } => {
            let actions = match within {
                Some(step) => &file.steps.get(step.as_str())?.value.actions,
                None => &file.anywhere,
            };
            let rules = &actions.get(action.as_str())?.value.rules;
            let rule = rules.get(nth(*number)?)?;
            if *is_used_up {
                return rule.then.as_ref().map(|then| then.span);
            }
            Some(rule.span)
        }
        Part::Row { field, number } => {
            let table = file.fields.get(field.as_str())?.value.from_table.as_ref()?;
            let rows = &file.tables.get(&table.value)?.value;
            rows.get(nth(*number)?).map(|row| row.is.span)
        }
        Part::Deadline(name, moment) => timely(file, name, *moment),
        Part::Step(_) | Part::Outcome(_) | Part::Task(..) | Part::Action(..) | Part::Role(_) => {
            None
        }
    }
}

/// Returns where a deadline stands in the file, or what of it is meant.
fn timely(file: &source::Workflow, name: &DeadlineName, moment: Moment) -> Option<Span> {
    let rung = |late: &[source::Late]| match moment {
        Moment::Fires(Rung::After(number)) => {
            let late = late.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
            Some(late.span)
        }
        Moment::Fires(_) | Moment::Runs | Moment::Extended | Moment::Reopens => None,
    };
    let is_warning = moment == Moment::Fires(Rung::Warn);
    let warning = |warn_at: Option<&Sp<u32>>| warn_at.filter(|_| is_warning).map(|at| at.span);
    match name.kind() {
        DeadlineKind::Clock => {
            let clock = file.clocks.get(name.name())?;
            let own = rung(&clock.value.late).or(warning(clock.value.warn_at.as_ref()));
            Some(own.unwrap_or(clock.span))
        }
        DeadlineKind::Promise => {
            let promise = file.promises.get(name.name())?;
            Some(rung(&promise.value.late).unwrap_or(promise.span))
        }
        DeadlineKind::Due => {
            let (step, task) = name.place();
            let step = &file.steps.get(step)?.value;
            let due = match task {
                Some(task) => step.tasks.get(task)?.value.due.as_ref()?,
                None => step.due.as_ref()?,
            };
            let own = rung(&due.late).or(warning(due.warn_at.as_ref()));
            Some(own.unwrap_or(due.span))
        }
        DeadlineKind::Survey => file.surveys.get(name.name()).map(|survey| survey.span),
        DeadlineKind::FollowUp => file.follow_ups.get(name.name()).map(|one| one.span),
        // The file does not name them: people plan them.
        DeadlineKind::CauseAction | DeadlineKind::Effect | DeadlineKind::CauseReview => None,
    }
}
