//! The lint over files as large as they may be: every rule keeps to a time that grows with the
//! file. The benchmarks measure it; here the shapes that are hardest on the graph are gone through.

use std::fmt::Write as _;

use super::check;
use crate::code::Code;
use crate::workflow::source::{FINDINGS_MAX, STEPS_MAX};

const HEAD: &str = "heard: 1\nworkflow: w\nversion: 1\ntitle: W\n";
const ROLES: &str = "roles:\n  agent: {}\n";
const OUTCOMES: &str = "outcomes:\n  fine: {counts_as: resolved}\n";

/// A workflow of [`STEPS_MAX`] steps, each written by `step` from its number.
fn file(head: &str, start: usize, step: impl Fn(usize) -> String) -> String {
    let mut file = format!("{HEAD}{head}{ROLES}start: s{start}\nsteps:\n");
    for number in 0..STEPS_MAX {
        writeln!(file, "  s{number}: {{{}}}", step(number)).unwrap();
    }
    file + OUTCOMES
}

/// Where the step after this one is, or the outcome after the last.
fn next(number: usize) -> String {
    if number + 1 == STEPS_MAX {
        "fine".to_owned()
    } else {
        format!("s{}", number + 1)
    }
}

/// How often each code is found.
fn found(file: &str) -> Vec<(Code, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    for finding in check(file.as_bytes()).findings {
        *counts.entry(finding.code).or_insert(0) += 1;
    }
    counts.into_iter().collect()
}

#[test]
fn chain_with_loops_back_from_every_step() {
    let file = file("model: custom\n", 0, |n| {
        let on = next(n);
        format!("phase: hear, who: [agent], actions: {{onward: {on}, back: s0, end: fine}}")
    });
    // Errors come first where the list is cut.
    assert_eq!(found(&file), [(Code::H204, FINDINGS_MAX)]);
}

#[test]
fn chain_against_the_order_of_the_file() {
    let file = file("", STEPS_MAX - 1, |n| {
        let before = n
            .checked_sub(1)
            .map_or_else(|| "fine".to_owned(), |n| format!("s{n}"));
        format!("phase: hear, who: [agent], next: {before}")
    });
    assert_eq!(found(&file), [(Code::H209, 1), (Code::H215, 1)]);
}

#[test]
fn each_step_for_other_eyes_than_those_before() {
    let file = file("model: custom\n", 0, |n| {
        let before: Vec<String> = (n.saturating_sub(2)..n).map(|n| format!("s{n}")).collect();
        let not_by = before.join(", ");
        format!(
            "phase: hear, who: [agent], not_by: [{not_by}], next: {}",
            next(n)
        )
    });
    // Nobody is left for the third step, and so nobody comes to those after it.
    assert_eq!(found(&file), [(Code::H209, 1), (Code::H403, 1)]);
}

#[test]
fn clocks_that_run_through_every_step() {
    let mut clocks = String::new();
    for n in 0..20 {
        let to = STEPS_MAX - 1 - n;
        let late = format!("late: {{go_to: s{to}}}");
        writeln!(
            clocks,
            "  c{n}: {{from: s{n}, until: fine, within: 1 day, {late}}}"
        )
        .unwrap();
    }
    let file = file(&format!("model: custom\nclocks:\n{clocks}"), 0, |n| {
        format!("phase: hear, who: [agent], next: {}", next(n))
    });
    assert_eq!(found(&file), [(Code::H209, 1)]);
}

#[test]
fn every_step_breaks_the_order_of_the_phases() {
    // A fan: each step leads past the apology on a walk of its own.
    let file = file("", 0, |n| match n {
        0 => format!("phase: hear, who: [agent], next: {}", next(n)),
        _ if n % 2 == 1 => {
            let (on, skip) = (next(n), next((n + 1).min(STEPS_MAX - 1)));
            format!("phase: empathize, who: [agent], actions: {{onward: {skip}, fix: {on}}}")
        }
        _ => format!(
            "phase: [resolve, apologize], who: [agent], next: {}",
            next(n)
        ),
    });
    let found = found(&file);
    assert!(
        found.contains(&(Code::H213, STEPS_MAX / 2 - 1)),
        "{found:?}"
    );
}

#[test]
fn promises_and_clocks_through_steps_of_every_length() {
    let mut head = "model: custom\ncalendars:\n  default: {time_zone: Europe/Lisbon, hours: \
                    {mon-fri: [\"09:00-17:00\"]}}\npromises:\n"
        .to_owned();
    for n in 0..20 {
        let late = "late: {tell: [agent]}";
        writeln!(
            head,
            "  p{n}: {{text: By, within: 9000 working days, {late}}}"
        )
        .unwrap();
    }
    head.push_str("clocks:\n");
    for n in 0..20 {
        let late = "late: {tell: [agent]}";
        writeln!(
            head,
            "  c{n}: {{from: s{n}, until: closed, within: 9000 working days, {late}}}"
        )
        .unwrap();
    }
    let file = file(&head, 0, |n| {
        let (on, kept, made) = (next(n), n % 20, (n + 1) % 20);
        let unit = if n % 2 == 0 { "working hours" } else { "days" };
        format!(
            "phase: hear, who: agent, due: {{in: 1 {unit}, late: {{tell: agent}}}}, \
             next: {{go_to: {on}, keeps: p{kept}, makes: p{made}}}"
        )
    });
    // The last step makes a promise and closes.
    assert_eq!(found(&file), [(Code::H209, 1), (Code::H601, 1)]);
}
