//! Pictures of a workflow: an SVG of our own, Mermaid and DOT.
//!
//! A picture is made in three moves: what it shows, in words ([`chart`]), where that stands
//! ([`layout`]), and how it is written down ([`svg`]). Mermaid and DOT need no places.
//!
//! Invariant: the same file gives the same bytes; nothing here measures, looks up or rounds.

mod chart;
mod dot;
mod layout;
mod letters;
mod mermaid;
mod svg;
mod words;

use super::{Workflow, source};

/// How a picture is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A drawing for browsers and documents.
    Svg,
    /// A flowchart for pages that render Mermaid.
    Mermaid,
    /// A graph for Graphviz.
    Dot,
}

/// Draws a workflow.
///
/// Both views are of one file without errors: what it says, and what it means.
#[must_use]
pub fn draw(source: &source::Workflow, compiled: &Workflow, format: Format) -> String {
    let chart = chart::Chart::of(source, compiled);
    match format {
        Format::Svg => svg::svg(&chart, &layout::Layout::of(&chart)),
        Format::Mermaid => mermaid::mermaid(&chart),
        Format::Dot => dot::dot(&chart),
    }
}

#[cfg(test)]
mod tests;
