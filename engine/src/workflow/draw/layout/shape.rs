//! What stands in the box of one place, and how large that is.

use super::super::chart::{Kind, Place};
use super::super::letters::{width, wrap};
use super::super::words;
use super::{Anchor, LINES_MAX, Look, Point, Rect, Text};

/// The width of every box.
pub(super) const WIDTH: i32 = 320;
/// Between the border of a box and what is in it.
const PAD: i32 = 14;
const CHIP_HEIGHT: i32 = 20;
/// Between what is to be seen before a task and its words.
const MARK: i32 = 18;
/// The most tasks, and the most notes, that are shown in one place.
const PARTS_MAX: usize = 20;

/// The box of a place.
#[derive(Debug, Clone)]
pub(in super::super) struct Shape {
    pub(in super::super) rect: Rect,
    pub(in super::super) kind: Kind,
    pub(in super::super) chips: Vec<Chip>,
    pub(in super::super) texts: Vec<Text>,
    /// The little squares before tasks.
    pub(in super::super) marks: Vec<Rect>,
}

/// A word on a ground of its own.
#[derive(Debug, Clone)]
pub(in super::super) struct Chip {
    pub(in super::super) rect: Rect,
    pub(in super::super) text: Text,
}

impl Chip {
    /// Makes a chip as wide as its words.
    pub(super) fn new(at: Point, words: String) -> Self {
        let wide = width(&words, Look::Chip.font()) + 16;
        let top = at.y + (CHIP_HEIGHT - Look::Chip.height()) / 2;
        let mut text = Text::new(at.x + wide / 2, top, Look::Chip, words);
        text.anchor = Anchor::Middle;
        Self {
            rect: Rect {
                x: at.x,
                y: at.y,
                width: wide,
                height: CHIP_HEIGHT,
            },
            text,
        }
    }
}

impl Shape {
    /// Makes the box at least so high; what is in it stays in its middle.
    pub(super) fn grow_to(&mut self, height: i32) {
        let more = height - self.rect.height;
        if more > 0 {
            self.shift(0, more / 2);
            self.rect.height = height;
        }
    }

    pub(super) fn move_by(&mut self, x: i32, y: i32) {
        self.rect.x += x;
        self.rect.y += y;
        self.shift(x, y);
    }

    /// Moves what is in the box.
    fn shift(&mut self, x: i32, y: i32) {
        let chips = self.chips.iter_mut();
        for chip in chips {
            chip.rect.x += x;
            chip.rect.y += y;
            chip.text.at.x += x;
            chip.text.at.y += y;
        }
        for text in &mut self.texts {
            text.at.x += x;
            text.at.y += y;
        }
        for mark in &mut self.marks {
            mark.x += x;
            mark.y += y;
        }
    }

    /// Adds a text below what is there, and returns where it began.
    fn add(&mut self, look: Look, indent: i32, words: &str) -> i32 {
        let top = self.rect.height;
        let room = WIDTH - 2 * PAD - indent;
        for line in wrap(words, look.font(), room, LINES_MAX) {
            let text = Text::new(PAD + indent, self.rect.height, look, line);
            self.texts.push(text);
            self.rect.height += look.height();
        }
        top
    }
}

/// Makes the box of a place, at the origin.
pub(super) fn of(place: &Place) -> Shape {
    let mut shape = Shape {
        rect: Rect {
            x: 0,
            y: 0,
            width: WIDTH,
            height: PAD,
        },
        kind: place.kind.clone(),
        chips: Vec::new(),
        texts: Vec::new(),
        marks: Vec::new(),
    };
    let chips: Vec<&str> = match &place.kind {
        Kind::Step(phases) => phases.iter().copied().map(words::phase).collect(),
        Kind::Outcome(counts_as) => vec![words::counts_as(*counts_as)],
        Kind::Anywhere => Vec::new(),
    };
    add_chips(&mut shape, &chips);
    shape.add(Look::Title, 0, &place.title);
    if !place.who.is_empty() {
        shape.add(Look::Body, 0, &place.who);
    }
    let shown = place.parts.iter().filter(|part| !part.is_empty());
    for part in shown.take(PARTS_MAX) {
        shape.rect.height += 3;
        let top = shape.add(Look::Body, MARK, part);
        shape.marks.push(Rect {
            x: PAD + 1,
            y: top + 5,
            width: 9,
            height: 9,
        });
    }
    let more = place.parts.len().saturating_sub(PARTS_MAX);
    if more > 0 {
        shape.add(Look::Note, MARK, &format!("and {more} more"));
    }
    if !place.notes.is_empty() {
        shape.rect.height += 4;
    }
    for note in place.notes.iter().take(PARTS_MAX) {
        shape.add(Look::Note, 0, note);
    }
    shape.rect.height += PAD - 2;
    shape
}

fn add_chips(shape: &mut Shape, chips: &[&str]) {
    let mut at = Point { x: PAD, y: PAD };
    for words in chips {
        let mut chip = Chip::new(at, (*words).to_owned());
        if chip.rect.right() > WIDTH - PAD && at.x > PAD {
            at = Point {
                x: PAD,
                y: at.y + CHIP_HEIGHT + 4,
            };
            chip = Chip::new(at, (*words).to_owned());
        }
        at.x = chip.rect.right() + 6;
        shape.rect.height = chip.rect.bottom() + 6;
        shape.chips.push(chip);
    }
}
