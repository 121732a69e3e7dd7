//! Compiles dues, clocks, promises, and what happens after closing.

use indexmap::IndexMap;

use super::super::condition::{Condition, Ordered, Test};
use super::super::time::{
    Anchor, Clock, Due, Extend, FollowUp, Late, Promise, PromiseDue, Question, Standard, Survey,
    Until,
};
use super::super::{FieldIndex, Target, source};
use super::{condition, known::Known, people};
use crate::id::{
    CalendarName, ClockName, FollowUpName, OutcomeName, PromiseName, QuestionName, RoleName,
    SurveyName,
};
use crate::value::Value;
use source::{Sp, Table};

/// Compiles `due`.
pub(super) fn due(known: &Known<'_>, due: &source::Due) -> Option<Due> {
    Some(Due {
        within: due.within.as_ref()?.value,
        warn_at: due.warn_at.as_ref().map(|percent| percent.value),
        late: late(known, &due.late),
        then: due.then.as_ref().and_then(|then| target(known, then)),
        calendar: calendar(due.calendar.as_ref()),
    })
}

/// Compiles the names of roles that are told.
pub(super) fn told(known: &Known<'_>, tell: &[Sp<String>]) -> Vec<RoleName> {
    let roles = tell
        .iter()
        .filter_map(|role| known.roles.get(role.value.as_str()));
    roles.cloned().collect()
}

/// Compiles the promises that an action and one of its rules name, each once.
pub(super) fn promised(
    known: &Known<'_>,
    action: &[Sp<String>],
    rule: &[Sp<String>],
) -> Vec<PromiseName> {
    let mut promised: Vec<PromiseName> = Vec::new();
    for name in action.iter().chain(rule) {
        if known.source.promises.contains_key(&name.value)
            && let Ok(name) = PromiseName::new(&name.value)
            && !promised.contains(&name)
        {
            promised.push(name);
        }
    }
    promised
}

/// Compiles `promises`.
pub(super) fn promises(known: &Known<'_>) -> IndexMap<PromiseName, Promise> {
    let promise = |promise: &source::Promise| {
        let by = promise.by.as_ref().and_then(|by| known.field(&by.value));
        let within = promise.within.as_ref().map(|within| within.value);
        let within = within.map(PromiseDue::Within);
        Some(Promise {
            text: super::text(promise.text.as_ref()),
            due: within.or(by.map(PromiseDue::By))?,
            late: late(known, &promise.late),
            calendar: calendar(promise.calendar.as_ref()),
        })
    };
    let promises = &known.source.promises;
    table(promises, |name| PromiseName::new(name).ok(), promise)
}

/// Compiles `clocks`.
pub(super) fn clocks(known: &Known<'_>) -> IndexMap<ClockName, Clock> {
    let clock = |clock: &source::Clock| {
        let when = clock.when.as_ref();
        Some(Clock {
            when: when.map(|when| condition::condition(known, when)),
            from: each(&clock.from, |name| anchor(known, name)),
            until: each(&clock.until, |name| until(known, name)),
            within: clock.within.as_ref()?.value,
            statutory: clock.statutory,
            warn_at: clock.warn_at.as_ref().map(|percent| percent.value),
            extend: clock.extend.as_ref().and_then(|e| extend(known, e)),
            late: late(known, &clock.late),
            calendar: calendar(clock.calendar.as_ref()),
        })
    };
    let clocks = &known.source.clocks;
    table(clocks, |name| ClockName::new(name).ok(), clock)
}

fn anchor(known: &Known<'_>, name: &str) -> Option<Anchor> {
    match name {
        "opened" => Some(Anchor::Opened),
        "reopened" => Some(Anchor::Reopened),
        name => match known.target(name) {
            Some(Target::Step(step)) => Some(Anchor::Step(step)),
            Some(Target::Outcome(outcome)) => Some(Anchor::Outcome(outcome)),
            Some(Target::Stay) | None => known.field(name).map(Anchor::Date),
        },
    }
}

fn until(known: &Known<'_>, name: &str) -> Option<Until> {
    if name == "closed" {
        return Some(Until::Closed);
    }
    match known.target(name)? {
        Target::Step(step) => Some(Until::Step(step)),
        Target::Outcome(outcome) => Some(Until::Outcome(outcome)),
        Target::Stay => None,
    }
}

fn extend(known: &Known<'_>, extend: &source::Extend) -> Option<Extend> {
    Some(Extend {
        to: extend.to.as_ref()?.value,
        needs: condition::needs(known, &extend.needs),
        by: people::set(known, &extend.by),
    })
}

fn late(known: &Known<'_>, ladder: &[source::Late]) -> Vec<Late> {
    let rung = |late: &source::Late| Late {
        after: late.after.as_ref().map(|after| after.value),
        tell: told(known, &late.tell),
        go_to: late.go_to.as_ref().and_then(|to| target(known, to)),
    };
    ladder.iter().map(rung).collect()
}

/// A deadline leads to a step or an outcome; it cannot stay.
fn target(known: &Known<'_>, name: &Sp<String>) -> Option<Target> {
    known
        .target(&name.value)
        .filter(|target| *target != Target::Stay)
}

/// Compiles `surveys`.
pub(super) fn surveys(known: &Known<'_>) -> IndexMap<SurveyName, Survey> {
    let survey = |survey: &source::Survey| {
        let when = survey.reopen_when.as_ref();
        let at_most = survey.at_most.as_ref();
        Some(Survey {
            after: survey.after.as_ref()?.value,
            of: each(&survey.of, |name| OutcomeName::new(name).ok()),
            at_most: at_most.map(|most| (most.value.times, most.value.within)),
            closes_after: survey.closes_after.as_ref().map(|after| after.value),
            questions: table(
                &survey.questions,
                |name| QuestionName::new(name).ok(),
                question,
            ),
            reopen_when: when.map(|when| answered(&survey.questions, when)),
            calendar: calendar(survey.calendar.as_ref()),
        })
    };
    let surveys = &known.source.surveys;
    table(surveys, |name| SurveyName::new(name).ok(), survey)
}

fn question(question: &source::Question) -> Option<Question> {
    let (lowest, highest) = question.scale.as_ref()?.value;
    Some(Question {
        ask: super::text(question.ask.as_ref()),
        lowest,
        highest,
    })
}

/// Compiles a condition over the answers of a survey: a question stands where a field would.
fn answered(questions: &Table<source::Question>, when: &source::Condition) -> Condition {
    let parts =
        |parts: &[source::Condition]| parts.iter().map(|p| answered(questions, p)).collect();
    match when {
        source::Condition::All(all) => Condition::All(parts(all)),
        source::Condition::Any(any) => Condition::Any(parts(any)),
        source::Condition::Not(part) => Condition::Not(Box::new(answered(questions, part))),
        source::Condition::Test { field, test } => {
            let place = questions.get_index_of(&field.value);
            match place.and_then(|place| u16::try_from(place).ok()) {
                Some(place) => Condition::Field(FieldIndex(place), score(&test.value)),
                None => Condition::Any(Vec::new()),
            }
        }
    }
}

fn score(test: &source::Test) -> Test {
    let number = |text: &Sp<String>| source::values::number(&text.value).ok();
    match test {
        source::Test::OneOf(values) => Test::OneOf(
            values
                .iter()
                .filter_map(number)
                .map(Value::Number)
                .collect(),
        ),
        source::Test::Within(bounds) => {
            let bounds = bounds
                .iter()
                .map(|(bound, limit)| Some((*bound, Ordered::Number(number(limit)?))));
            // A bound that cannot be read must not widen the range: then nothing is within.
            let bounds: Option<Vec<_>> = bounds.collect();
            bounds.map_or(Test::OneOf(Vec::new()), Test::Within)
        }
        source::Test::Empty => Test::Empty,
        source::Test::Filled => Test::Filled,
        source::Test::OverLimit => Test::OverLimit,
    }
}

/// Compiles `follow_ups`.
pub(super) fn follow_ups(known: &Known<'_>) -> IndexMap<FollowUpName, FollowUp> {
    let follow_up = |follow_up: &source::FollowUp| {
        Some(FollowUp {
            after: follow_up.after.as_ref()?.value,
            of: each(&follow_up.of, |name| OutcomeName::new(name).ok()),
            task: super::text(follow_up.task.as_ref()),
            who: people::written(known, follow_up.who.as_ref()).unwrap_or_default(),
            calendar: calendar(follow_up.calendar.as_ref()),
        })
    };
    let follow_ups = &known.source.follow_ups;
    table(follow_ups, |name| FollowUpName::new(name).ok(), follow_up)
}

/// Compiles `standards`.
pub(super) fn standards(known: &Known<'_>) -> IndexMap<String, Standard> {
    let standard = |standard: &source::Standard| {
        Some(Standard {
            metric: super::text(standard.metric.as_ref()),
            target: standard.target.as_ref()?.value,
            at_least: standard.at_least.as_ref().map(|least| least.value),
            window: standard.window.as_ref()?.value,
            owner: RoleName::new(&standard.owner.as_ref()?.value).ok()?,
        })
    };
    table(
        &known.source.standards,
        |name| Some(name.to_owned()),
        standard,
    )
}

fn calendar(name: Option<&Sp<String>>) -> Option<CalendarName> {
    name.and_then(|name| CalendarName::new(&name.value).ok())
}

fn each<T>(names: &[Sp<String>], one: impl Fn(&str) -> Option<T>) -> Vec<T> {
    names.iter().filter_map(|name| one(&name.value)).collect()
}

fn table<S, N: std::hash::Hash + Eq, T>(
    source: &Table<S>,
    name: impl Fn(&str) -> Option<N>,
    compile: impl Fn(&S) -> Option<T>,
) -> IndexMap<N, T> {
    let entries = source.iter();
    entries
        .filter_map(|(key, declared)| Some((name(key)?, compile(&declared.value)?)))
        .collect()
}
