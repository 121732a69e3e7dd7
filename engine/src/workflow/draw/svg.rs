//! A picture as SVG, which needs nothing beside it: no script, no font, no other file.
//!
//! Invariant: no `style` attribute, and nothing of a workflow but as escaped text.

mod told;

use std::fmt::{self, Write as _};

use super::super::{CountsAs, Phase};
use super::chart::{Chart, Kind, Style};
use super::layout::{Anchor, Chip, Layout, Line, Look, Point, Rect, Shape, Text};

/// How everything looks, in light and in dark.
const STYLE: &str = include_str!("svg/style.css");
/// The radius of the corners of lines.
const CORNER: i32 = 8;

/// Writes a laid-out chart.
pub(super) fn svg(chart: &Chart, layout: &Layout) -> String {
    Svg(chart, layout).to_string()
}

struct Svg<'a>(&'a Chart, &'a Layout);

impl fmt::Display for Svg<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_all(f, self.0, self.1)
    }
}

fn write_all(out: &mut fmt::Formatter<'_>, chart: &Chart, layout: &Layout) -> fmt::Result {
    let (width, height) = (layout.width, layout.height);
    // A page may hold several pictures: the ids are those of the workflow.
    let id = chart.reference.replace('@', "-v");
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"heard\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\">"
    )?;
    writeln!(
        out,
        "<title id=\"{id}-title\">{}</title>",
        Escaped(&chart.title)
    )?;
    writeln!(
        out,
        "<desc id=\"{id}-desc\">{}</desc>",
        Escaped(&told::told(chart))
    )?;
    writeln!(out, "<style>\n{STYLE}</style>")?;
    let page = Rect {
        x: 0,
        y: 0,
        width,
        height,
    };
    rect(out, "page", page, 0)?;
    layout.texts.iter().try_for_each(|one| text(out, one))?;
    for (style, from, to) in &layout.samples {
        let class = of_style(*style);
        writeln!(
            out,
            "<path class=\"line {class}\" d=\"{}\"/>",
            Smooth(&[*from, *to])
        )?;
    }
    layout.lines.iter().try_for_each(|one| line(out, one))?;
    writeln!(out, "<g class=\"start\">")?;
    chip(out, "chip", &layout.start)?;
    writeln!(out, "</g>")?;
    layout.shapes.iter().try_for_each(|one| shape(out, one))?;
    for label in &layout.labels {
        writeln!(out, "<g class=\"label\">")?;
        label.iter().try_for_each(|one| text(out, one))?;
        writeln!(out, "</g>")?;
    }
    writeln!(out, "</svg>")
}

fn shape(out: &mut fmt::Formatter<'_>, shape: &Shape) -> fmt::Result {
    let (class, radius) = match &shape.kind {
        Kind::Step(phases) => (phases.first().copied().map_or("", of_phase), 10),
        Kind::Outcome(counts_as) => (of_outcome(*counts_as), 22),
        Kind::Anywhere => ("anywhere", 10),
    };
    writeln!(out, "<g class=\"{class}\">")?;
    rect(out, "box", shape.rect, radius)?;
    if shape.kind.is_end() {
        let inner = Rect {
            x: shape.rect.x + 4,
            y: shape.rect.y + 4,
            width: shape.rect.width - 8,
            height: shape.rect.height - 8,
        };
        rect(out, "inner", inner, radius - 4)?;
    }
    let phases = match &shape.kind {
        Kind::Step(phases) => phases.as_slice(),
        Kind::Outcome(_) | Kind::Anywhere => &[],
    };
    for (index, one) in shape.chips.iter().enumerate() {
        let class = phases.get(index).copied().map_or(class, of_phase);
        writeln!(out, "<g class=\"{class}\">")?;
        chip(out, "chip", one)?;
        writeln!(out, "</g>")?;
    }
    for mark in &shape.marks {
        rect(out, "mark", *mark, if class == "anywhere" { 4 } else { 2 })?;
    }
    shape.texts.iter().try_for_each(|one| text(out, one))?;
    writeln!(out, "</g>")
}

fn chip(out: &mut fmt::Formatter<'_>, class: &str, chip: &Chip) -> fmt::Result {
    rect(out, class, chip.rect, chip.rect.height / 2)?;
    text(out, &chip.text)
}

fn line(out: &mut fmt::Formatter<'_>, line: &Line) -> fmt::Result {
    let class = of_style(line.style);
    writeln!(out, "<g>")?;
    // A wide stroke of the page's colour below a line makes crossings read as bridges.
    for class in ["under", &format!("line {class}")] {
        for branch in &line.branches {
            writeln!(out, "<path class=\"{class}\" d=\"{}\"/>", Smooth(branch))?;
        }
    }
    if let Some([.., before, tip]) = line.branches.first().map(Vec::as_slice) {
        let (along, across) = (8, 5);
        let Point { x, y } = *tip;
        let (dx, dy) = ((tip.x - before.x).signum(), (tip.y - before.y).signum());
        let (bx, by) = (x - dx * along, y - dy * along);
        writeln!(
            out,
            "<path class=\"tip {class}\" d=\"M{x} {y}L{} {}L{} {}Z\"/>",
            bx - dy * across,
            by - dx * across,
            bx + dy * across,
            by + dx * across,
        )?;
    }
    writeln!(out, "</g>")
}

/// The path along points, with round corners.
struct Smooth<'a>(&'a [Point]);

impl fmt::Display for Smooth<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(first) = self.0.first() else {
            return Ok(());
        };
        write!(f, "M{} {}", first.x, first.y)?;
        for three in self.0.windows(3) {
            let [before, at, after] = three else { continue };
            let radius = CORNER
                .min(apart(*before, *at) / 2)
                .min(apart(*at, *after) / 2);
            let near = |to: Point| Point {
                x: at.x + (to.x - at.x).signum() * radius,
                y: at.y + (to.y - at.y).signum() * radius,
            };
            let (from, to) = (near(*before), near(*after));
            write!(
                f,
                "L{} {}Q{} {} {} {}",
                from.x, from.y, at.x, at.y, to.x, to.y
            )?;
        }
        self.0
            .last()
            .map_or(Ok(()), |last| write!(f, "L{} {}", last.x, last.y))
    }
}

const fn apart(a: Point, b: Point) -> i32 {
    (a.x - b.x).abs() + (a.y - b.y).abs()
}

fn rect(out: &mut fmt::Formatter<'_>, class: &str, rect: Rect, radius: i32) -> fmt::Result {
    let Rect {
        x,
        y,
        width,
        height,
    } = rect;
    write!(out, "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" ")?;
    writeln!(
        out,
        "width=\"{width}\" height=\"{height}\" rx=\"{radius}\"/>"
    )
}

fn text(out: &mut fmt::Formatter<'_>, text: &Text) -> fmt::Result {
    let class = match text.look {
        Look::Heading => "heading",
        Look::Purpose => "purpose",
        Look::Chip => "word",
        Look::Title => "title",
        Look::Body => "body",
        Look::Note => "note",
        Look::LabelName => "name",
        Look::LabelDetail => "detail",
    };
    let Point { x, y } = text.at;
    let anchor = match text.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let words = Escaped(&text.content);
    writeln!(
        out,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}>{words}</text>"
    )
}

/// A text as XML says it.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

const fn of_style(style: Style) -> &'static str {
    match style {
        Style::Action => "action",
        Style::Deadline => "deadline",
    }
}

const fn of_phase(phase: Phase) -> &'static str {
    phase.as_str()
}

const fn of_outcome(counts_as: CountsAs) -> &'static str {
    match counts_as {
        CountsAs::Resolved => "resolved",
        CountsAs::NotResolved => "not_resolved",
        CountsAs::Withdrawn => "withdrawn",
        CountsAs::Referred => "referred",
    }
}

#[cfg(test)]
mod tests;
