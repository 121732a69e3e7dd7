//! Where everything of a picture stands, in whole pixels.
//!
//! Places stand under each other on a spine. The way to the place below is a straight arrow; ways
//! further down run in lanes to the right of the spine, ways up in lanes to its left. All ways of a
//! kind to one place share a lane, as branches of one line. Every line leaves and reaches a place
//! on a row of its own, and words stand on the row of their line, between the place and the lanes,
//! where nothing but that row's line comes.
//!
//! Invariant: no two places overlap, no line crosses a place or words, no words cover others, and
//! lines of different targets cross but never run over each other.

mod lanes;
mod lines;
mod rows;
mod shape;

use super::chart::{Chart, Style};
use super::letters::Font;

pub(super) use shape::{Chip, Shape};

/// Around the whole picture.
const MARGIN: i32 = 24;
/// The least width of a picture, so that its title has room.
const WIDTH_MIN: i32 = 560;
/// Between two places, where no words need more.
const GAP: i32 = 34;
/// The most lines of a title, a purpose, and of each text in a place.
const LINES_MAX: usize = 6;

pub(super) struct Layout {
    pub(super) width: i32,
    pub(super) height: i32,
    /// Title, purpose and legend.
    pub(super) texts: Vec<Text>,
    pub(super) shapes: Vec<Shape>,
    pub(super) lines: Vec<Line>,
    /// The words of the lines, each label as the texts of its rows.
    pub(super) labels: Vec<Vec<Text>>,
    pub(super) start: Chip,
    /// A sample of each style of line that is explained.
    pub(super) samples: Vec<(Style, Point, Point)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) x: i32,
    pub(super) y: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rect {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// One line of text.
#[derive(Debug, Clone)]
pub(super) struct Text {
    /// Where it begins, ends or has its middle, on the line that letters stand on.
    pub(super) at: Point,
    pub(super) anchor: Anchor,
    pub(super) look: Look,
    pub(super) content: String,
}

/// Which point of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// What a text is for, which says how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Heading,
    Purpose,
    Chip,
    Title,
    Body,
    Note,
    LabelName,
    LabelDetail,
}

/// A line to one place, with its branches.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) style: Style,
    /// Points of each branch. The first branch ends at the place, with an arrow.
    pub(super) branches: Vec<Vec<Point>>,
}

impl Look {
    pub(super) const fn font(self) -> Font {
        let (size, is_bold) = match self {
            Self::Heading => (20, true),
            Self::Purpose | Self::Body => (13, false),
            Self::Chip => (11, true),
            Self::Title => (15, true),
            Self::Note | Self::LabelDetail => (12, false),
            Self::LabelName => (12, true),
        };
        Font { size, is_bold }
    }

    /// The height of a line, in pixels.
    pub(super) const fn height(self) -> i32 {
        match self {
            Self::Heading => 26,
            Self::Purpose | Self::Body => 18,
            Self::Title => 20,
            Self::Chip | Self::Note => 16,
            Self::LabelName | Self::LabelDetail => 15,
        }
    }
}

impl Text {
    /// Puts a text on a line whose top is `top`.
    fn new(x: i32, top: i32, look: Look, content: String) -> Self {
        let y = top + (look.height() * 10 + look.font().size * 7) / 20;
        Self {
            at: Point { x, y },
            anchor: Anchor::Start,
            look,
            content,
        }
    }
}

impl Rect {
    pub(super) const fn right(self) -> i32 {
        self.x + self.width
    }

    pub(super) const fn bottom(self) -> i32 {
        self.y + self.height
    }
}

impl Layout {
    /// Lays out a chart.
    pub(super) fn of(chart: &Chart) -> Self {
        let mut rows = rows::Rows::of(chart);
        let mut shapes: Vec<Shape> = chart.places.iter().map(shape::of).collect();
        let left = rows.width(rows::Side::Left);
        let right = rows.width(rows::Side::Right);
        let spine = Spine::of(&mut rows, &mut shapes);
        let ports = spine.ports(&rows);
        let lanes = lanes::Lanes::of(&rows, &ports);
        let box_x = MARGIN + lanes.width(rows::Side::Left) + left;
        let right_end = box_x + shape::WIDTH + right + lanes.width(rows::Side::Right);
        let full = (right_end + MARGIN).max(WIDTH_MIN);
        let (mut texts, top) = header(chart, full - 2 * MARGIN);
        for (shape, y) in shapes.iter_mut().zip(&spine.tops) {
            shape.move_by(box_x, top + y);
        }
        let columns = lines::Columns {
            box_x,
            left,
            right,
            top,
        };
        let mut drawn = lines::Drawn::of(&rows, &ports, &lanes, &columns);
        drawn.straight(&rows, &shapes);
        let start = drawn.start(chart, &shapes);
        let mut layout = Self {
            width: full,
            height: top + spine.height,
            texts: Vec::new(),
            shapes,
            lines: drawn.lines,
            labels: drawn.labels,
            start,
            samples: Vec::new(),
        };
        layout.legend(&mut texts);
        layout.texts = texts;
        layout.height += MARGIN;
        layout
    }

    /// Explains dashed lines, where there are any.
    fn legend(&mut self, texts: &mut Vec<Text>) {
        if self.lines.iter().all(|line| line.style == Style::Action) {
            return;
        }
        self.height += GAP;
        for (style, words) in [
            (Style::Action, "Somebody acts"),
            (Style::Deadline, "A deadline passes"),
        ] {
            let text = Text::new(MARGIN + 50, self.height, Look::Note, words.to_owned());
            let y = self.height + Look::Note.height() / 2;
            let end = |x: i32| Point { x: MARGIN + x, y };
            self.samples.push((style, end(0), end(40)));
            texts.push(text);
            self.height += Look::Note.height() + 6;
        }
    }
}

/// How far down everything of the spine stands, from the top of the first place.
struct Spine {
    tops: Vec<i32>,
    height: i32,
}

impl Spine {
    fn of(rows: &mut rows::Rows, shapes: &mut [Shape]) -> Self {
        let mut tops = Vec::with_capacity(shapes.len());
        let mut y = 0;
        for (place, shape) in shapes.iter_mut().enumerate() {
            shape.grow_to(rows.height(place));
            rows.centre(place, shape.rect.height);
            tops.push(y);
            y += shape.rect.height;
            let label = rows.below(place).map_or(0, |label| label.height() + 20);
            y += GAP.max(label);
        }
        Self {
            tops,
            height: y - GAP,
        }
    }

    /// Returns how far down each row of each line is.
    fn ports(&self, rows: &rows::Rows) -> rows::Ports {
        rows.ports(&self.tops)
    }
}

/// Returns title and purpose, and where what is below them begins.
fn header(chart: &Chart, width_max: i32) -> (Vec<Text>, i32) {
    let mut texts = Vec::new();
    let mut y = MARGIN;
    let parts = [
        (Look::Heading, &chart.title),
        (Look::Note, &chart.reference),
        (Look::Purpose, &chart.purpose),
    ];
    for (look, words) in parts {
        for line in super::letters::wrap(words, look.font(), width_max, LINES_MAX) {
            texts.push(Text::new(MARGIN, y, look, line));
            y += look.height();
        }
        y += 4;
    }
    (texts, y + MARGIN - 4)
}

#[cfg(test)]
mod tests;
