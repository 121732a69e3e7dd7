//! A picture as a graph for Graphviz.
//!
//! Invariant: nothing of a workflow but as escaped text within quotation marks.

use super::chart::{Chart, Kind, Place, Style};
use super::words;

/// Writes a chart.
pub(super) fn dot(chart: &Chart) -> String {
    let mut lines = vec![
        format!("label={} labelloc=t", quoted(&[&chart.title])),
        "node [shape=box fontname=\"sans-serif\"]".to_owned(),
        "edge [fontname=\"sans-serif\" fontsize=11]".to_owned(),
        "start [shape=circle label=\"Start\"]".to_owned(),
    ];
    let mut put = |line: String| lines.push(line);
    for (index, place) in chart.places.iter().enumerate() {
        put(node(index, place));
    }
    put(format!("start -> p{}", chart.start));
    for link in &chart.links {
        let style = match link.style {
            Style::Action => "solid",
            Style::Deadline => "dashed",
        };
        let label = quoted(&link.words());
        put(format!(
            "p{} -> p{} [label={label} style={style}]",
            link.from, link.to
        ));
    }
    let name = quoted(&[&chart.reference]);
    format!("digraph {name} {{\n    {}\n}}\n", lines.join("\n    "))
}

fn node(index: usize, place: &Place) -> String {
    let (below, style) = match &place.kind {
        Kind::Step(phases) => {
            let phases: Vec<&str> = phases.iter().copied().map(words::phase).collect();
            (phases.join(", "), "rounded")
        }
        Kind::Outcome(counts_as) => {
            let style = "rounded\" peripheries=\"2";
            (words::counts_as(*counts_as).to_owned(), style)
        }
        Kind::Anywhere => (String::new(), "dashed"),
    };
    let mut lines = vec![place.title.as_str(), &below, &place.who];
    lines.extend(place.parts.iter().map(String::as_str));
    lines.extend(place.ending().map(String::as_str));
    lines.retain(|line| !line.is_empty());
    format!("p{index} [label={} style=\"{style}\"]", quoted(&lines))
}

/// Returns lines as one quoted text. Graphviz reads backslashes and the entities of HTML in it.
fn quoted(lines: &[&str]) -> String {
    let lines = lines.iter().map(|line| {
        let line = line.replace('\\', "\\\\").replace('"', "\\\"");
        line.replace('&', "&amp;")
    });
    format!("\"{}\"", lines.collect::<Vec<_>>().join("\\n"))
}
