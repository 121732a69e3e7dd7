//! Finds standards that nobody could hold against a number.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::length::{Length, Unit};
use crate::workflow::source::{Question, Sp, Standard};

pub(super) struct VagueStandard;

/// What is vague, where, why it matters, and what to do.
type Vague = (Span, String, &'static str, String);

impl Rule for VagueStandard {
    fn code(&self) -> Code {
        Code::H805
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, standard) in &file.source.standards {
            let standard = &standard.value;
            let vague = [
                measure(file, standard),
                threshold(file, standard),
                target(standard),
                window(standard),
                owner(file, standard),
            ];
            for (span, said, why, mend) in vague.into_iter().flatten() {
                let message = format!("the standard `{name}` is vague: {said}");
                found.push(
                    Finding::warning(self.code(), span, message)
                        .why(why)
                        .mend(mend),
                );
            }
        }
    }
}

/// Something must measure it.
fn measure(file: &File<'_>, standard: &Standard) -> Option<Vague> {
    let metric = standard.metric.as_ref()?;
    let source = file.source;
    if source.clocks.contains_key(&metric.value) {
        return None;
    }
    let name = &metric.value;
    let (said, mend) = match name.as_str() {
        "first_reply" | "resolution" => (
            format!("nothing says how fast `{name}` has to be"),
            format!("declare a clock `{name}` with `from`, `until` and `within`"),
        ),
        "satisfaction" | "effort" if question(file, name).is_none() => (
            format!("no survey asks `{name}`"),
            format!("add a question `{name}` to a survey"),
        ),
        "promises_kept" if source.promises.is_empty() => (
            "the workflow makes no promise".to_owned(),
            "declare the promise under `promises`".to_owned(),
        ),
        "reopened"
            if source
                .outcomes
                .values()
                .all(|outcome| outcome.value.reopen.is_none()) =>
        {
            (
                "no outcome can be reopened".to_owned(),
                "say `reopen` in an outcome, or delete the standard".to_owned(),
            )
        }
        _ => return None,
    };
    let why = "a standard that nothing measures is a wish";
    Some((metric.span, said, why, mend))
}

/// On a scale it must be said from which answer on it counts; elsewhere there is no such answer.
fn threshold(file: &File<'_>, standard: &Standard) -> Option<Vague> {
    let metric = standard.metric.as_ref()?;
    let is_clock = file.source.clocks.contains_key(&metric.value);
    let scale = match metric.value.as_str() {
        "satisfaction" | "effort" if !is_clock => question(file, &metric.value),
        _ => {
            let at_least = standard.at_least.as_ref()?;
            let said = format!("`at_least` says nothing of `{}`", metric.value);
            let why = "only answers on a scale are high or low";
            return Some((at_least.span, said, why, "delete `at_least`".to_owned()));
        }
    };
    let (low, high) = scale?.scale.as_ref()?.value;
    let mend = format!("say `at_least` with an answer from {} to {high}", low + 1);
    let why = "a share of the answers is meant: which answers count?";
    match &standard.at_least {
        None => {
            let said = format!("it does not say which answers to `{}` count", metric.value);
            Some((metric.span, said, why, mend))
        }
        Some(at_least) if !(low + 1..=high).contains(&at_least.value) => {
            let said = format!("the scale goes from {low} to {high}");
            let why = "an answer that everybody or nobody gives measures nothing";
            Some((at_least.span, said, why, mend))
        }
        Some(_) => None,
    }
}

/// A share that is always reached sets no standard: of reopened cases it wants few, not many.
fn target(standard: &Standard) -> Option<Vague> {
    let target = standard.target.as_ref()?;
    let is_reopened = standard
        .metric
        .as_ref()
        .is_some_and(|metric| metric.value == "reopened");
    let is_idle = is_reopened && target.value == 100;
    let said = "that all cases may be reopened is always so".to_owned();
    let why = "what cannot be missed tells nobody how well the work is done";
    let mend = "write the share of cases that may be reopened at most, such as `5%`".to_owned();
    is_idle.then_some((target.span, said, why, mend))
}

/// A window is a stretch of the calendar from a day to a year.
fn window(standard: &Standard) -> Option<Vague> {
    let window = standard.window.as_ref()?;
    let Length { number, unit } = window.value;
    let said = match unit {
        Unit::Minutes | Unit::Hours => "its window is shorter than a day",
        Unit::Days if number > 366 => "its window is longer than a year",
        Unit::Weeks if number > 53 => "its window is longer than a year",
        Unit::Months if number > 12 => "its window is longer than a year",
        Unit::Years if number > 1 => "its window is longer than a year",
        Unit::WorkingMinutes | Unit::WorkingHours | Unit::WorkingDays | Unit::EndOfWorkingDays => {
            "its window is working time, and cases run beside it too"
        }
        Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => return None,
    };
    let why = "a share needs enough cases to mean something, and must still be about the present";
    let mend = "write days, weeks or months, such as `30 days`".to_owned();
    Some((window.span, said.to_owned(), why, mend))
}

/// Its owner must be people.
fn owner(file: &File<'_>, standard: &Standard) -> Option<Vague> {
    let owner = standard.owner.as_ref()?;
    let role = file.source.roles.get(&owner.value);
    let is_nobody =
        owner.value == crate::workflow::CUSTOMER || role.is_some_and(|role| role.value.system);
    let said = format!("`{}` is nobody who could answer for it", owner.value);
    let why = "a standard without a person behind it is not acted on when it is missed";
    let mend = "name a role of people who work here".to_owned();
    is_nobody.then_some((owner.span, said, why, mend))
}

/// Finds a question that a survey asks.
fn question<'a>(file: &File<'a>, name: &str) -> Option<&'a Question> {
    let mut surveys = file.source.surveys.values();
    let question: Option<&'a Sp<Question>> =
        surveys.find_map(|survey| survey.value.questions.get(name));
    question.map(|question| &question.value)
}
