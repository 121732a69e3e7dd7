//! `heard test FILE...`: runs the scenarios of workflows in virtual time.

mod files;
mod generate;

use std::path::PathBuf;

use clap::Args;
use heard_engine::finding::Finding;
use heard_engine::lint;
use heard_engine::scenario::{self, Coverage, Outcome, Part, Scenario, Walked};
use heard_engine::workflow::Workflow;

use super::console::{Console, Format};
use super::exit::Exit;
use super::failure::Failure;
use super::render::{junit, scenarios};

use files::Pair;
pub(super) use files::SCENARIOS_SUFFIX;

/// The arguments of `heard test`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Workflow or scenarios files, NAME.workflow.yaml and NAME.scenarios.yaml beside it, or
    /// folders of them.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Tell what the scenarios walk of each workflow, and what they leave out.
    #[arg(long)]
    coverage: bool,
    /// Fail also when a rule or a row of a table is walked by no scenario.
    #[arg(long)]
    all_walked: bool,
    /// Print a scenario for every rule, row of a table and deadline of the one workflow that none
    /// walks, for you to add at the end of the scenarios file; no file is changed.
    #[arg(long, conflicts_with_all = ["coverage", "all_walked", "format"])]
    generate: bool,
    /// How the results are printed; as `--output` says where this says nothing.
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Form>,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people: what fails is told with the walk so far.
    Text,
    /// For programs.
    Json,
    /// `JUnit` XML, for build servers.
    Junit,
}

impl From<Format> for Form {
    fn from(format: Format) -> Self {
        match format {
            Format::Table => Self::Text,
            Format::Json => Self::Json,
        }
    }
}

/// A workflow with its scenarios, and what became of them.
#[derive(Debug)]
pub(super) struct Tested {
    /// The files.
    pub(super) pair: Pair,
    /// What is wrong with the workflow.
    pub(super) workflow_findings: Vec<Finding>,
    /// What is wrong with the scenarios.
    pub(super) scenarios_findings: Vec<Finding>,
    /// The workflow, where it can be run.
    pub(super) workflow: Option<Workflow>,
    /// The scenarios with what became of each.
    pub(super) results: Vec<(Scenario, Outcome)>,
    /// How much was walked, where anything could be run.
    pub(super) coverage: Option<Coverage>,
}

impl Tested {
    /// Returns whether anything failed or could not be run.
    pub(super) fn is_failed(&self) -> bool {
        let is_failed = |(_, outcome): &(Scenario, Outcome)| outcome.failure.is_some();
        // Where nothing is told nothing was seen to work.
        self.coverage.is_none() || self.results.is_empty() || self.results.iter().any(is_failed)
    }

    /// Returns whether a part that must be walked was walked by no scenario.
    fn is_left_out(&self) -> bool {
        let kinds = self.coverage.iter().flat_map(|coverage| &coverage.kinds);
        kinds
            .flat_map(|(_, _, _, missing)| missing)
            .any(Part::must_be_walked)
    }
}

/// Runs `heard test`.
pub(super) fn run(arguments: &Arguments, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let pairs = files::pairs(&arguments.files)?;
    if arguments.generate {
        return generate::run(pairs, console);
    }
    let tested: Vec<Tested> = pairs.into_iter().map(tested).collect();
    match arguments.format.unwrap_or(console.format.into()) {
        Form::Json => console.json(&scenarios::json(&tested))?,
        Form::Junit => console.text(&junit::text(&tested))?,
        Form::Text => {
            let text = scenarios::text(&tested, arguments.coverage, console.is_coloured);
            console.text(&text)?;
        }
    }
    let fails =
        |tested: &Tested| tested.is_failed() || (arguments.all_walked && tested.is_left_out());
    Ok(if tested.iter().any(fails) {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// Runs the scenarios of one workflow.
fn tested(pair: Pair) -> Tested {
    let report = lint::check(&pair.workflow.bytes);
    // Notes and warnings of the workflow are for `heard check`; only what stops a run is told.
    let stops = report.workflow.is_none();
    let mut tested = Tested {
        workflow_findings: if stops { report.findings } else { Vec::new() },
        scenarios_findings: Vec::new(),
        workflow: report.workflow,
        results: Vec::new(),
        coverage: None,
        pair,
    };
    let (Some(workflow), Some(file)) = (&tested.workflow, &tested.pair.scenarios) else {
        return tested;
    };
    let (read, findings) = scenario::read(&file.bytes, workflow);
    tested.scenarios_findings = findings;
    let Some(read) = read.filter(|_| !Finding::any_error(&tested.scenarios_findings)) else {
        return tested;
    };
    let mut walked = Walked::default();
    for scenario in &read.scenarios {
        let outcome = scenario::run(workflow, &read, scenario);
        walked.add(&outcome.walked);
        tested.results.push((scenario.clone(), outcome));
    }
    tested.coverage = Some(Coverage::of(workflow, &walked));
    tested.workflow_findings = scenario::findings(&tested.pair.workflow.bytes, workflow, &walked);
    tested
}
