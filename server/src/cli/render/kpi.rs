//! A report as text for people, JSON for programs, and CSV for spreadsheets.

mod csv;
mod json;
#[cfg(test)]
mod tests;
mod words;

use heard_proto::v1::figure::Value;
use heard_proto::v1::{
    Date, Figure, GetKpiResponse, KpiReached, KpiRow, KpiStandard, Lengths, Scores, Share,
};

use super::text::table;
use super::{day, instant, put};
use crate::escape::escaped;

pub(in crate::cli) use csv::csv;
pub(super) use csv::quoted;
pub(in crate::cli) use json::json;
use words::{COLUMNS, FIRST, SECOND, label};

/// Of fewer than so many one more or less changes a share by over five percent.
const ENOUGH_MIN: u64 = 20;
const MINUTE_US: i64 = 60 * 1_000_000;
const HOUR_MINUTES: i64 = 60;
const DAY_MINUTES: i64 = 24 * HOUR_MINUTES;

/// Returns a report for people: the three numbers of good service, how customers were treated and
/// whether in time, the standards, then the rest.
pub(in crate::cli) fn text(kpi: &GetKpiResponse, from: Option<Date>, to: Option<Date>) -> String {
    let mut text = String::from("What came of the complaints");
    if let Some(from) = from {
        put(&mut text, format_args!(" from {}", day(from)));
    }
    if let Some(to) = to {
        put(&mut text, format_args!(" to {}", day(to)));
    }
    let as_of = instant(kpi.as_of_time.as_ref()).unwrap_or_default();
    put(&mut text, format_args!(", as of {as_of}\n"));
    let part = |names: &[&str]| {
        let of_part = |figure: &&Figure| names.contains(&figure.name.as_str());
        kpi.figures.iter().filter(of_part).collect::<Vec<_>>()
    };
    section(
        &mut text,
        "The three numbers of good service",
        &part(&FIRST),
    );
    standards(&mut text, &kpi.standards);
    section(&mut text, "Treated well, and in time", &part(&SECOND));
    let is_other = |figure: &&Figure| {
        let name = figure.name.as_str();
        !FIRST.contains(&name) && !SECOND.contains(&name) && has_something(figure)
    };
    let others: Vec<&Figure> = kpi.figures.iter().filter(is_other).collect();
    section(&mut text, "Everything else", &others);
    parts(&mut text, "By workflow", &kpi.by_workflow);
    parts(&mut text, "By period, from its first day", &kpi.by_period);
    if let Some(imported) = &kpi.imported {
        let name = "Brought in from another system, counted apart";
        parts(&mut text, name, std::slice::from_ref(imported));
    }
    put(
        &mut text,
        format_args!(
            "\n(few): of fewer than {ENOUGH_MIN}, so that one more or less changes much.\n"
        ),
    );
    text
}

fn section(text: &mut String, name: &str, figures: &[&Figure]) {
    if figures.is_empty() {
        return;
    }
    put(text, format_args!("\n{name}\n"));
    let rows: Vec<Vec<String>> = figures.iter().flat_map(|figure| rows(figure)).collect();
    let has_lengths = figures.iter().any(|figure| is_measured(figure));
    let shown = if has_lengths {
        let headings = ["", "", "half within", "nine of ten within", "counted"];
        table(&headings, &rows)
    } else {
        let short = rows.into_iter().map(|mut row| {
            row.retain(|cell| !cell.is_empty());
            row
        });
        table(&["", "", "counted"], &short.collect::<Vec<_>>())
    };
    text.push_str(&indented(&shown));
}

fn is_measured(figure: &Figure) -> bool {
    matches!(&figure.value, Some(Value::Lengths(lengths)) if lengths.of > 0)
}

/// Says whether there is anything to show: a line that counts nothing tells nobody anything.
fn has_something(figure: &Figure) -> bool {
    match &figure.value {
        Some(Value::Count(count)) => *count > 0,
        Some(Value::Share(share)) => share.of > 0,
        Some(Value::Lengths(lengths)) => lengths.of > 0,
        Some(Value::Scores(_)) => true,
        None => false,
    }
}

/// Returns the lines of a figure.
fn rows(figure: &Figure) -> Vec<Vec<String>> {
    let (name, noun) = label(figure);
    match &figure.value {
        Some(Value::Count(count)) => vec![line(name, count.to_string(), String::new())],
        Some(Value::Share(share)) => {
            let counted = if share.of == 0 {
                format!("no {noun} yet")
            } else {
                format!("{} of {} {noun}{}", share.met, share.of, few(share.of))
            };
            vec![line(name, percent(share), counted)]
        }
        Some(Value::Lengths(lengths)) => length_rows(name, noun, lengths),
        Some(Value::Scores(scores)) => vec![score_row(name, scores)],
        // A server of a later version tells more than this client can show.
        None => Vec::new(),
    }
}

fn line(name: String, value: String, counted: String) -> Vec<String> {
    vec![name, value, String::new(), String::new(), counted]
}

fn length_rows(name: String, noun: &str, lengths: &Lengths) -> Vec<Vec<String>> {
    let Some(wall) = &lengths.wall else {
        return vec![line(name, "-".to_owned(), format!("no {noun} yet"))];
    };
    let mut rows = vec![vec![
        name,
        format!("{} on average", wall_time(wall.mean_us)),
        wall_time(wall.median_us),
        wall_time(wall.p90_us),
        format!("{} {noun}{}", lengths.of, few(lengths.of)),
    ]];
    if let Some(working) = &lengths.working {
        rows.push(vec![
            "  in working time".to_owned(),
            format!("{} on average", working_time(working.mean_us)),
            working_time(working.median_us),
            working_time(working.p90_us),
            String::new(),
        ]);
    }
    rows
}

fn score_row(name: String, scores: &Scores) -> Vec<String> {
    let top = scores.top_two.unwrap_or_default();
    let (whole, tenths) = tenths(scores.mean_per_mille, 100);
    let mean = format!(
        "{whole}.{tenths} on average of {} to {}; {} in the top two",
        scores.lowest,
        scores.highest,
        percent(&top)
    );
    line(name, mean, format!("{} answers{}", top.of, few(top.of)))
}

/// Returns a number of so many to the whole and its tenth, rounded half up.
const fn tenths(number: u64, of_a_tenth: u64) -> (u64, u64) {
    let tenths = (number + of_a_tenth / 2) / of_a_tenth;
    (tenths / 10, tenths % 10)
}

/// Returns a share in percent.
pub(super) fn percent(share: &Share) -> String {
    match share.per_mille {
        Some(per_mille) => format!("{}.{} %", per_mille / 10, per_mille % 10),
        None => "-".to_owned(),
    }
}

const fn few(of: u64) -> &'static str {
    if of < ENOUGH_MIN { " (few)" } else { "" }
}

/// Returns a length by the clock on the wall, to the minute.
fn wall_time(micros: i64) -> String {
    let minutes = micros / MINUTE_US;
    let days = minutes / DAY_MINUTES;
    if days == 0 {
        return working_time(micros);
    }
    format!("{days} d {} h", minutes % DAY_MINUTES / HOUR_MINUTES)
}

/// Returns a length of working time, to the minute; in hours, since working days differ.
fn working_time(micros: i64) -> String {
    let minutes = micros / MINUTE_US;
    match minutes / HOUR_MINUTES {
        0 => format!("{minutes} min"),
        hours => format!("{hours} h {} min", minutes % HOUR_MINUTES),
    }
}

fn standards(text: &mut String, standards: &[KpiStandard]) {
    if standards.is_empty() {
        return;
    }
    text.push_str("\nStandards\n");
    let rows: Vec<Vec<String>> = standards.iter().map(standard).collect();
    let headings = [
        "standard",
        "",
        "now",
        "goal",
        "counted",
        "window",
        "answers for it",
    ];
    text.push_str(&indented(&table(&headings, &rows)));
}

fn standard(standard: &KpiStandard) -> Vec<String> {
    let share = standard.share.unwrap_or_default();
    let reached = match standard.reached() {
        KpiReached::Met => "met",
        KpiReached::Missed => "missed",
        KpiReached::TooFew => "too few to say",
        KpiReached::Unspecified => "-",
    };
    let bound = if standard.metric == "reopened" {
        "at most "
    } else {
        ""
    };
    let window = standard.first_date.zip(standard.last_date);
    vec![
        format!(
            "{} ({}, {})",
            escaped(&standard.name),
            escaped(&standard.metric),
            escaped(&standard.workflow_id)
        ),
        reached.to_owned(),
        percent(&share),
        format!("{bound}{} %", standard.target_percent),
        format!("{} of {}", share.met, share.of),
        window.map_or_else(String::new, |(first, last)| {
            format!("{} to {}", day(first), day(last))
        }),
        escaped(&standard.owner),
    ]
}

/// Shows the main numbers of each row of a report.
fn parts(text: &mut String, name: &str, rows: &[KpiRow]) {
    if rows.is_empty() {
        return;
    }
    put(text, format_args!("\n{name}\n"));
    let headings: Vec<&str> = [""]
        .into_iter()
        .chain(COLUMNS.iter().map(|(_, heading)| *heading))
        .collect();
    let rows: Vec<Vec<String>> = rows.iter().map(part).collect();
    text.push_str(&indented(&table(&headings, &rows)));
}

fn part(row: &KpiRow) -> Vec<String> {
    let name = match (&row.workflow_id, row.version, row.since_date) {
        (Some(id), Some(version), _) => format!("{}@{version}", escaped(id)),
        (_, _, Some(since)) => day(since),
        (Some(_) | None, _, None) => "all".to_owned(),
    };
    let shown = COLUMNS.iter().map(|(name, _)| {
        let figure = row.figures.iter().find(|figure| figure.name == *name);
        figure.map_or_else(|| "-".to_owned(), short)
    });
    std::iter::once(name).chain(shown).collect()
}

/// Returns the number of a figure in a word.
fn short(figure: &Figure) -> String {
    match &figure.value {
        Some(Value::Count(count)) => count.to_string(),
        Some(Value::Share(share)) => match share.of {
            0 => "-".to_owned(),
            of => format!("{} of {of}", percent(share)),
        },
        Some(Value::Lengths(lengths)) => lengths
            .wall
            .as_ref()
            .map_or_else(|| "-".to_owned(), |wall| wall_time(wall.mean_us)),
        Some(Value::Scores(_)) | None => "-".to_owned(),
    }
}

/// Returns the lines of a table below a heading.
pub(super) fn indented(table: &str) -> String {
    let mut text = String::new();
    for line in table.lines() {
        put(&mut text, format_args!("  {line}\n"));
    }
    text
}
