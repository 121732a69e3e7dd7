//! The ways between places, and what is said of each.

use std::collections::BTreeMap;

use super::super::super::DONE;
use super::super::super::source::{Action, Due, Late, Rule, Sp, Step, Workflow};
use super::super::words::{after, condition, plain, spoken, times, within};
use super::{Chart, Link, Style};

/// The target that leads nowhere else.
const STAY: &str = "stay";

type Places<'a> = BTreeMap<&'a str, usize>;

/// Adds the ways out of every step.
pub(super) fn of_steps(chart: &mut Chart, source: &Workflow, places: &Places<'_>) {
    for (from, step) in source.steps.values().enumerate() {
        let step = &step.value;
        for (name, action) in &step.actions {
            let is_next = step.has_next && name == DONE;
            let name = if is_next { String::new() } else { spoken(name) };
            of_action(chart, places, from, &name, &action.value);
        }
        if let Some(due) = &step.due {
            of_due(chart, places, from, "", due);
        }
        for (name, task) in &step.tasks {
            if let Some(due) = &task.value.due {
                let title = task.value.title.as_ref();
                let title = title.map_or_else(|| spoken(name), |title| plain(&title.value));
                of_due(chart, places, from, &title, due);
            }
        }
    }
}

/// Adds the ways that lead out of every step.
pub(super) fn of_anywhere(
    chart: &mut Chart,
    source: &Workflow,
    places: &Places<'_>,
    anywhere: usize,
) {
    for (name, action) in &source.anywhere {
        of_action(chart, places, anywhere, &spoken(name), &action.value);
    }
    for (name, clock) in &source.clocks {
        let clock = &clock.value;
        let length = clock.within.as_ref();
        let mut details: Vec<String> = clock.when.iter().map(condition).collect();
        details.extend(length.map(|length| format!("not reached {}", within(length.value))));
        of_late(
            chart,
            places,
            anywhere,
            &spoken(name),
            &details,
            &clock.late,
        );
    }
    for (name, promise) in &source.promises {
        let promise = &promise.value;
        let length = promise.within.as_ref();
        let in_time = length.map(|length| format!("not kept {}", within(length.value)));
        let by = promise.by.as_ref();
        let by = by.map(|field| format!("not kept by {}", spoken(&field.value)));
        let details: Vec<String> = in_time.or(by).into_iter().collect();
        of_late(
            chart,
            places,
            anywhere,
            &spoken(name),
            &details,
            &promise.late,
        );
    }
}

/// Says what is done in a step without leaving it.
pub(super) fn staying(step: &Step) -> Option<String> {
    let mut stays: Vec<String> = Vec::new();
    for (name, action) in &step.actions {
        for rule in &action.value.rules {
            let mut ways = ways(&action.value, rule);
            ways.retain(|(to, _)| to.value == STAY);
            for (_, details) in ways {
                let mut words = vec![spoken(name)];
                words.extend(details);
                stays.push(words.join(", "));
            }
        }
    }
    (!stays.is_empty()).then(|| format!("stays here: {}", stays.join("; ")))
}

fn of_action(chart: &mut Chart, places: &Places<'_>, from: usize, name: &str, action: &Action) {
    for rule in &action.rules {
        for (to, details) in ways(action, rule) {
            let Some(to) = places.get(to.value.as_str()) else {
                continue;
            };
            chart.links.push(Link {
                from,
                to: *to,
                style: Style::Action,
                name: name.to_owned(),
                details,
            });
        }
    }
}

/// Returns where a rule leads, and what is said of each: its target, and its `then`.
fn ways<'a>(action: &Action, rule: &'a Rule) -> Vec<(&'a Sp<String>, Vec<String>)> {
    let mut details: Vec<String> = rule.when.iter().map(condition).collect();
    if rule.when.is_none() && action.rules.len() > 1 {
        details.push("otherwise".to_owned());
    }
    let Some(at_most) = &rule.at_most else {
        return vec![(&rule.go_to, details)];
    };
    let count = times(at_most.value);
    let with = |said: String| [details.as_slice(), &[said]].concat();
    let mut ways = vec![(&rule.go_to, with(format!("at most {count}")))];
    ways.extend(
        rule.then
            .iter()
            .map(|then| (then, with(format!("after {count}")))),
    );
    ways
}

fn of_due(chart: &mut Chart, places: &Places<'_>, from: usize, name: &str, due: &Due) {
    let length = due.within.as_ref().map(|length| length.value);
    let not_done = length.map(|length| format!("not done {}", within(length)));
    let details: Vec<String> = not_done.into_iter().collect();
    of_late(chart, places, from, name, &details, &due.late);
    if let Some(to) = due
        .then
        .as_ref()
        .and_then(|then| places.get(then.value.as_str()))
    {
        chart.links.push(Link {
            from,
            to: *to,
            style: Style::Deadline,
            name: name.to_owned(),
            details: length.map(after).into_iter().collect(),
        });
    }
}

fn of_late(
    chart: &mut Chart,
    places: &Places<'_>,
    from: usize,
    name: &str,
    details: &[String],
    ladder: &[Late],
) {
    for late in ladder {
        let to = late.go_to.as_ref();
        let Some(to) = to.and_then(|to| places.get(to.value.as_str())) else {
            continue;
        };
        let more = late.after.as_ref();
        let more = more.map(|more| format!("and {} more", more.value));
        chart.links.push(Link {
            from,
            to: *to,
            style: Style::Deadline,
            name: name.to_owned(),
            details: details.iter().cloned().chain(more).collect(),
        });
    }
}
