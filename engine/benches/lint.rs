//! What it costs to check a workflow file, by its steps: `cargo bench -p heard-engine --bench lint`
//!
//! Times are this machine's and this minute's: the fastest of some rounds is printed, and whether
//! it keeps the goal. The ratio says how much dearer a step of a large file is than one of a small.

#![expect(
    clippy::unwrap_used,
    clippy::float_arithmetic,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a benchmark that does not find what it measures is to stop there and say so"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use heard_engine::code::Code;
use heard_engine::lint;
use heard_engine::workflow::source::STEPS_MAX;

/// Steps, rounds, and the time in which a file of so many steps is to be checked.
const SIZES: [(usize, u32, Duration); 3] = [
    (20, 200, Duration::from_millis(5)),
    (200, 20, Duration::from_millis(100)),
    (2_000, 5, Duration::from_secs(1)),
];

fn main() {
    // `cargo test --benches` builds and runs this too: nothing is measured there.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!(
        "{:>6} {:>8} {:>12} {:>10} {:>7}  goal",
        "steps", "bytes", "time", "a step", "ratio"
    );
    let mut first = None;
    for (steps, rounds, goal) in SIZES {
        if steps > STEPS_MAX {
            println!("{steps:>6}  a workflow has at most {STEPS_MAX} steps: not measured");
            continue;
        }
        let file = workflow(steps);
        refuse_faults(&file);
        let took = (0..rounds).map(|_| time(&file)).min().unwrap_or_default();
        let of_a_step = took / u32::try_from(steps).unwrap();
        let ratio = of_a_step.as_secs_f64() / first.get_or_insert(of_a_step).as_secs_f64();
        let verdict = if took < goal { "met" } else { "NOT MET" };
        println!(
            "{steps:>6} {:>8} {took:>12.3?} {of_a_step:>10.1?} {ratio:>7.2}  {goal:?}: {verdict}",
            file.len()
        );
    }
}

fn time(file: &str) -> Duration {
    let start = Instant::now();
    black_box(lint::check(black_box(file.as_bytes())));
    start.elapsed()
}

/// Stops where the file is not what the measurement is about: a sound one. That it has many steps
/// is the matter.
fn refuse_faults(file: &str) {
    let report = lint::check(file.as_bytes());
    let faults: Vec<_> = report
        .findings
        .iter()
        .filter(|finding| finding.code.as_str() != Code::H014.as_str())
        .filter(|finding| finding.level == heard_engine::finding::Level::Error)
        .take(3)
        .collect();
    assert!(report.workflow.is_some(), "{faults:#?}");
}

/// Returns a workflow of so many steps: a frame of the model, and in its middle steps of the kinds
/// that real workflows have, each reached by the one before.
fn workflow(steps: usize) -> String {
    let middle = steps - 4;
    let mut file = String::from(
        "heard: 1\nworkflow: large\nversion: 1\ntitle: Large\nroles:\n  agent: {title: Agent}\n  \
         lead: {title: Lead}\nfields:\n  story: {type: long_text, personal: yes}\n  \
         happy: {type: yes_no, each_time: yes}\n  amount: {type: number, min: 0, max: 900, \
         each_time: yes}\ncauses:\n  categories:\n    process: {missing_step: Step missing}\n\
         start: hear\nsteps:\n  hear: {phase: hear, who: [agent], needs: [story], next: \
         empathize}\n  empathize: {phase: empathize, who: [agent], next: apologize}\n  apologize: \
         {phase: apologize, who: [agent], next: s0}\n",
    );
    for n in 0..middle {
        let next = if n + 1 == middle {
            "diagnose".to_owned()
        } else {
            format!("s{}", n + 1)
        };
        let step = match n % 4 {
            0 => format!("{{phase: resolve, who: [agent, lead], next: {next}}}"),
            1 => format!(
                "{{phase: resolve, who: [agent], needs: [amount], actions: {{solve: [{{when: \
                 {{amount: {{at_least: 500}}}}, go_to: {next}}}, {{when: {{amount: {{below: \
                 100}}}}, go_to: diagnose}}, {next}]}}}}"
            ),
            2 => format!(
                "{{phase: resolve, who: [lead], needs: [happy], actions: {{called: [{{when: \
                 {{happy: yes}}, go_to: {next}}}, {{go_to: s{}, at_most: 2, \
                 then: unresolved}}]}}}}",
                n - 1
            ),
            _ => format!(
                "{{phase: wait, who: [agent], due: {{in: 2 days, then: {next}}}, \
                          actions: {{answered: {next}}}}}"
            ),
        };
        writeln!(file, "  s{n}: {step}").unwrap();
    }
    file.push_str(
        "  diagnose: {phase: diagnose, who: [lead], next: resolved}\noutcomes:\n  resolved: \
         {counts_as: resolved}\n  unresolved: {counts_as: not_resolved}\n",
    );
    file
}
