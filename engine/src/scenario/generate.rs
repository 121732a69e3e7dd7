//! Writes a scenario for every rule, row of a table and moment of a deadline that none walks, found
//! by the engine itself.
//!
//! Invariant: a story that is written was read back and run, and walked its rule.
//! Invariant: the search decides at most [`DECISIONS_MAX`] commands from the opening, and as many
//! from the steps of the rules that are not reached so.

mod cast;
mod choices;
mod search;
mod waiting;

use crate::case::DeadlineKind;
use crate::id::StepName;
use crate::workflow::{Action, Workflow};

use super::coverage::{Part, Walked, parts};
use super::desk::{Desk, No};
use super::story::{Doing, Opening, Scenarios};
use super::trace::fields;
use super::{read, run, write};

use cast::Cast;
use search::{Found, Search};

/// The most commands decided in each of the two parts of a search.
pub const DECISIONS_MAX: usize = 20_000;

/// The scenarios that were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// A scenarios file, or what is to be added at the end of the one there is; empty where
    /// nothing was written.
    pub text: String,
    /// How many scenarios that are.
    pub count: usize,
    /// The parts for which none was found.
    pub unwritten: Vec<Unwritten>,
}

/// A part for which no scenario was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritten {
    /// The part.
    pub part: Part,
    /// Why none was found, a sentence without a full stop.
    pub why: String,
}

/// Writes a scenario for every part that deserves one and is not among those walked.
///
/// Stories use the people of the scenarios file there is; without one they bring their own.
#[must_use]
pub fn generate(workflow: &Workflow, file: Option<&Scenarios>, walked: &Walked) -> Generated {
    let cast = Cast::of(workflow, file);
    let missing: Vec<Part> = parts(workflow)
        .into_iter()
        .filter(|part| part.deserves_a_story() && !walked.parts.contains(part))
        .collect();
    let mut search = Search::new(workflow, &cast, missing.iter().cloned().collect());
    if !missing.is_empty() {
        let mut desk = Desk::new(workflow, cast.file.clock);
        // Opening is refused to nobody; should it be, no root stands and all goals are told.
        if desk.open(Opening::default()).is_ok() {
            search.begin(desk, Doing::Open(Opening::default()));
        }
        search.explore(DECISIONS_MAX);
        search.cut();
        start_within(workflow, &mut search);
        search.explore(DECISIONS_MAX);
    }
    let mut walked_by_written = Walked::default();
    let mut generated = Generated {
        text: String::new(),
        count: 0,
        unwritten: Vec::new(),
    };
    for part in missing {
        // What happens while a story waits for something else needs no story of its own.
        let is_deadline = matches!(part, Part::Deadline(..));
        if is_deadline && walked_by_written.parts.contains(&part) {
            continue;
        }
        let written = match search.found.get(&part) {
            Some(found) => written(workflow, &cast.file, &part, found),
            None => Err(why_not(&search)),
        };
        match written {
            Ok((text, walked)) => {
                walked_by_written.add(&walked);
                generated
                    .text
                    .push_str(if generated.count == 0 { "" } else { "\n" });
                generated.text.push_str(&text);
                generated.count += 1;
            }
            Err(why) => generated.unwritten.push(Unwritten { part, why }),
        }
    }
    if generated.count > 0 && file.is_none() {
        generated
            .text
            .insert_str(0, &write::head(workflow, &cast.file));
    }
    generated
}

/// Lets cases come in at the steps of rules that were not reached, with what their conditions
/// look at.
fn start_within<'w>(workflow: &'w Workflow, search: &mut Search<'w>) {
    let mut steps: Vec<StepName> = Vec::new();
    for goal in &search.goals {
        let step = match goal {
            Part::Rule { within, .. } => within.as_ref(),
            Part::Deadline(name, _) if name.kind() == DeadlineKind::Due => {
                workflow.step(name.place().0).map(|(_, step)| &step.name)
            }
            Part::Deadline(..)
            | Part::Step(_)
            | Part::Outcome(_)
            | Part::Task(..)
            | Part::Action(..)
            | Part::Row { .. }
            | Part::Role(_) => None,
        };
        steps.extend(step.filter(|step| !steps.contains(step)).cloned());
    }
    for name in steps {
        let Some((_, step)) = workflow.step(name.as_str()) else {
            continue;
        };
        let conditions = |action: &Action| {
            let all = action.rules.iter().filter_map(|rule| rule.when.as_ref());
            all.flat_map(fields).collect::<Vec<_>>()
        };
        let mut read: Vec<_> = step.actions.values().flat_map(conditions).collect();
        read.extend(
            step.filled
                .iter()
                .filter(|field| search.choices.is_read(**field)),
        );
        read.sort_unstable();
        read.dedup();
        for answers in search.choices.combine(workflow, &read, |_| true) {
            let mut desk = Desk::new(workflow, search.cast.file.clock);
            let opening = Opening::default();
            let doing = Doing::StartAt {
                step: name.clone(),
                answers: answers.clone(),
                opening,
            };
            match desk.start_at(&name, &answers, opening) {
                Ok(_) => search.begin(desk, doing),
                Err(No::Refused(_) | No::Bad(_)) => {}
            }
        }
    }
}

fn why_not(search: &Search<'_>) -> String {
    if search.is_exhausted() {
        "none was found by answering, acting and waiting; there may be one all the same".to_owned()
    } else {
        format!("it was not reached within {DECISIONS_MAX} acts; write its story by hand")
    }
}

/// Writes the story of a rule, reads it back and runs it.
fn written(
    workflow: &Workflow,
    file: &Scenarios,
    part: &Part,
    found: &Found,
) -> Result<(String, Walked), String> {
    let mut name = part.to_string().replace('`', "");
    while file.scenarios.iter().any(|scenario| scenario.name == name) {
        name.push_str(", again");
    }
    let zone = workflow.zone();
    let text = write::scenario(&name, &found.story, &file.people, &found.at, zone);
    let whole = format!("{}{text}", write::head(workflow, file));
    let (Some(again), findings) = read(whole.as_bytes(), workflow) else {
        return Err("its story could not be read back".to_owned());
    };
    if let Some(finding) = findings.first() {
        return Err(format!(
            "its story could not be read back: {}",
            finding.message
        ));
    }
    let Some(scenario) = again.scenarios.first() else {
        return Err("its story could not be read back".to_owned());
    };
    let outcome = run(workflow, &again, scenario);
    match outcome.failure {
        Some(failure) => Err(format!(
            "its story did not pass: expected {}",
            failure.expected
        )),
        None if outcome.walked.parts.contains(part) => Ok((text, outcome.walked)),
        None => Err("its story went another way when it was read back".to_owned()),
    }
}
