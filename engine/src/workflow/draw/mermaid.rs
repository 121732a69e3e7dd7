//! A picture as a Mermaid flowchart, as many pages of code and notes render it.
//!
//! Invariant: nothing of a workflow but as escaped text within quotation marks.

use super::super::{CountsAs, Phase};
use super::chart::{Chart, Kind, Link, Place, Style};
use super::words;

/// Writes a chart.
pub(super) fn mermaid(chart: &Chart) -> String {
    let mut lines = vec!["start((Start))".to_owned()];
    let mut put = |line: String| lines.push(line);
    for (index, place) in chart.places.iter().enumerate() {
        put(node(index, place));
    }
    put(format!("start --> p{}", chart.start));
    for link in &chart.links {
        put(edge(link));
    }
    let classes = chart.places.iter().map(|place| class(&place.kind));
    let mut classes: Vec<(&str, &str)> = classes.collect();
    classes.sort_unstable();
    classes.dedup();
    for (name, colours) in classes {
        put(format!("classDef {name} {colours},color:#0f172a"));
    }
    format!("flowchart TD\n    {}\n", lines.join("\n    "))
}

fn node(index: usize, place: &Place) -> String {
    let mut lines = vec![place.title.clone()];
    let (open, close) = match &place.kind {
        Kind::Step(phases) => {
            let phases: Vec<&str> = phases.iter().copied().map(words::phase).collect();
            lines.push(phases.join(", "));
            ("[", "]")
        }
        Kind::Outcome(counts_as) => {
            lines.push(words::counts_as(*counts_as).to_owned());
            ("([", "])")
        }
        Kind::Anywhere => ("{{", "}}"),
    };
    lines.extend(Some(place.who.clone()).filter(|who| !who.is_empty()));
    lines.extend(place.parts.iter().map(|part| format!("– {part}")));
    lines.extend(place.ending().cloned());
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    let (class, _) = class(&place.kind);
    format!("p{index}{open}\"{}\"{close}:::{class}", lines.join("<br/>"))
}

fn edge(link: &Link) -> String {
    let arrow = match link.style {
        Style::Action => "-->",
        Style::Deadline => "-.->",
    };
    let words: Vec<String> = link.words().into_iter().map(escaped).collect();
    let (from, to) = (link.from, link.to);
    if words.is_empty() {
        return format!("p{from} {arrow} p{to}");
    }
    format!("p{from} {arrow}|\"{}\"| p{to}", words.join("<br/>"))
}

/// Returns the class of a place and its colours, dark text on light ground in every theme.
fn class(kind: &Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Step(phases) => match phases.first() {
            Some(Phase::Hear) => ("hear", "fill:#eff6ff,stroke:#1d4ed8"),
            Some(Phase::Empathize) => ("empathize", "fill:#f5f3ff,stroke:#6d28d9"),
            Some(Phase::Apologize) => ("apologize", "fill:#fdf2f8,stroke:#be185d"),
            Some(Phase::Resolve) => ("resolve", "fill:#ecfdf5,stroke:#047857"),
            Some(Phase::Explain) => ("explain", "fill:#ecfeff,stroke:#0e7490"),
            Some(Phase::Thank) => ("thank", "fill:#fefce8,stroke:#854d0e"),
            Some(Phase::Diagnose) => ("diagnose", "fill:#fff7ed,stroke:#9a3412"),
            Some(Phase::FollowUp) => ("follow_up", "fill:#f7fee7,stroke:#3f6212"),
            Some(Phase::Approve) => ("approve", "fill:#fdf4ff,stroke:#86198f"),
            Some(Phase::Wait) | None => ("wait", "fill:#f8fafc,stroke:#475569"),
        },
        Kind::Outcome(CountsAs::Resolved) => ("resolved", "fill:#f0fdf4,stroke:#15803d"),
        Kind::Outcome(CountsAs::NotResolved) => ("not_resolved", "fill:#fef2f2,stroke:#b91c1c"),
        Kind::Outcome(CountsAs::Withdrawn) => ("withdrawn", "fill:#f9fafb,stroke:#4b5563"),
        Kind::Outcome(CountsAs::Referred) => ("referred", "fill:#f0f9ff,stroke:#0369a1"),
        Kind::Anywhere => (
            "anywhere",
            "fill:#f8fafc,stroke:#475569,stroke-dasharray:2 3",
        ),
    }
}

/// Returns a text with every character that means something to Mermaid by its number.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' | '#' | '&' | '<' | '>' | ';' | '`' | '*' | '\\' | '|' | '[' | ']' | '{' | '}'
            | '$' | '~' | '%' => escaped.extend(["#", &u32::from(c).to_string(), ";"]),
            c => escaped.push(c),
        }
    }
    escaped
}
