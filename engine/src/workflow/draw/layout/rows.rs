//! On which side and in which order lines leave and reach each place.
//!
//! Invariant: on one side of one place every line has a row of its own.

use std::collections::BTreeMap;

use super::super::chart::{Chart, Link, Style};
use super::super::letters::{width, wrap};
use super::{Anchor, LINES_MAX, Look, Point, Text};

/// The widest that words beside a place get, and below one.
const LABEL_WIDTH: i32 = 190;
const BELOW_WIDTH: i32 = 146;
/// Between words or a border and a line.
pub(super) const AIR: i32 = 10;
/// Between the words of two ways on one row.
const BETWEEN: i32 = 5;
/// The least height of a row.
const ROW: i32 = 20;
/// Between the border of a place and its first row.
const PAD: i32 = 10;
/// The room of the mark of the start, and its row.
pub(super) const START_WIDTH: i32 = 92;
const START_HEIGHT: i32 = 28;
/// The most links whose words are shown on one row.
const LINKS_MAX: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Left,
    Right,
}

/// A line and where it comes from.
pub(super) struct Route {
    pub(super) side: Side,
    pub(super) to: usize,
    pub(super) style: Style,
    pub(super) exits: Vec<Exit>,
}

pub(super) struct Exit {
    pub(super) from: usize,
    pub(super) label: Label,
}

/// The words of a line where it leaves a place.
#[derive(Debug, Clone, Default)]
pub(super) struct Label {
    /// Each with the room above it.
    lines: Vec<(i32, Look, String)>,
}

/// A row of a place: its line, and which of its exits it is; `None` where the line arrives.
#[derive(Debug, Clone, Copy)]
struct Row {
    route: usize,
    exit: Option<usize>,
    height: i32,
}

/// What rows of a side are sorted by: those further down, how far they lead, how they look.
type Order = (bool, usize, Style);

pub(super) struct Rows {
    pub(super) routes: Vec<Route>,
    /// Straight ways to the place below, by the place above.
    straight: BTreeMap<usize, Label>,
    of: BTreeMap<(usize, Side), Vec<Row>>,
    /// How far down the first row of a side begins.
    first: BTreeMap<(usize, Side), i32>,
    start: usize,
}

/// How far down lines leave and arrive.
pub(super) struct Ports {
    /// By line: of each exit, in order.
    pub(super) exits: Vec<Vec<i32>>,
    /// By line.
    pub(super) arrivals: Vec<i32>,
}

impl Label {
    fn of(links: &[&Link], width_max: i32) -> Self {
        let mut said = Vec::new();
        let mut put = |above: i32, look: Look, words: &str| {
            let wrapped = wrap(words, look.font(), width_max, LINES_MAX);
            let room = [above].into_iter().chain(std::iter::repeat(0));
            let wrapped = room.zip(wrapped);
            said.extend(wrapped.map(|(above, line)| (above, look, line)));
        };
        for (index, link) in links.iter().take(LINKS_MAX).enumerate() {
            let above = if index == 0 { 0 } else { BETWEEN };
            put(above, Look::LabelName, &link.name);
            for (index, detail) in link.details.iter().enumerate() {
                let is_first = link.name.is_empty() && index == 0;
                put(if is_first { above } else { 0 }, Look::LabelDetail, detail);
            }
        }
        let more = links.len().saturating_sub(LINKS_MAX);
        if more > 0 {
            put(BETWEEN, Look::LabelDetail, &format!("and {more} more"));
        }
        Self { lines: said }
    }

    pub(super) fn height(&self) -> i32 {
        let heights = self
            .lines
            .iter()
            .map(|(above, look, _)| above + look.height());
        heights.sum()
    }

    fn width(&self) -> i32 {
        let widths = self.lines.iter();
        let widths = widths.map(|(_, look, words)| width(words, look.font()));
        widths.max().unwrap_or(0)
    }

    /// Returns the texts of its lines from `at` down.
    pub(super) fn texts(&self, at: Point, anchor: Anchor) -> Vec<Text> {
        let mut y = at.y;
        let lines = self.lines.iter().map(|(above, look, words)| {
            y += above;
            let mut text = Text::new(at.x, y, *look, words.clone());
            text.anchor = anchor;
            y += look.height();
            text
        });
        lines.collect()
    }
}

impl Rows {
    pub(super) fn of(chart: &Chart) -> Self {
        let mut grouped: BTreeMap<(Side, usize, Style), BTreeMap<usize, Vec<&Link>>> =
            BTreeMap::new();
        let mut straight: BTreeMap<usize, Vec<&Link>> = BTreeMap::new();
        for link in &chart.links {
            if link.to == link.from + 1 && link.style == Style::Action {
                straight.entry(link.from).or_default().push(link);
                continue;
            }
            let side = if link.to > link.from {
                Side::Right
            } else {
                Side::Left
            };
            let exits = grouped.entry((side, link.to, link.style)).or_default();
            exits.entry(link.from).or_default().push(link);
        }
        let routes = grouped.into_iter().map(|((side, to, style), exits)| Route {
            side,
            to,
            style,
            exits: exits
                .into_iter()
                .map(|(from, links)| Exit {
                    from,
                    label: Label::of(&links, LABEL_WIDTH),
                })
                .collect(),
        });
        let below = |links: Vec<&Link>| Label::of(&links, BELOW_WIDTH);
        let mut rows = Self {
            routes: routes.collect(),
            straight: straight
                .into_iter()
                .map(|(from, links)| (from, below(links)))
                .collect(),
            of: BTreeMap::new(),
            first: BTreeMap::new(),
            start: chart.start,
        };
        rows.line_up();
        rows
    }

    /// Puts the rows of each side in the order in which their lines cross least: those that go or
    /// come the shortest way, in the lanes nearest to the spine, lie towards the other end.
    fn line_up(&mut self) {
        let mut keyed: BTreeMap<(usize, Side), Vec<(Order, Row)>> = BTreeMap::new();
        for (index, route) in self.routes.iter().enumerate() {
            let farthest = route
                .exits
                .iter()
                .map(|exit| exit.from.abs_diff(route.to))
                .max();
            let farthest = farthest.unwrap_or(0);
            // Rows run from top to bottom: on the right arrivals come first, the nearest on top; on
            // the left they come last, the farthest on top. With exits it is the other way round.
            let order = |is_exit: bool, far: usize| match (route.side, is_exit) {
                (Side::Right, false) | (Side::Left, true) => far,
                (Side::Right, true) | (Side::Left, false) => usize::MAX - far,
            };
            let first = |is_exit: bool| is_exit == (route.side == Side::Right);
            let arrival = Row {
                route: index,
                exit: None,
                height: ROW,
            };
            let key = (first(false), order(false, farthest), route.style);
            keyed
                .entry((route.to, route.side))
                .or_default()
                .push((key, arrival));
            for (exit, leaving) in route.exits.iter().enumerate() {
                let row = Row {
                    route: index,
                    exit: Some(exit),
                    height: ROW.max(leaving.label.height() + AIR),
                };
                let far = leaving.from.abs_diff(route.to);
                let key = (first(true), order(true, far), route.style);
                keyed
                    .entry((leaving.from, route.side))
                    .or_default()
                    .push((key, row));
            }
        }
        for (place, mut rows) in keyed {
            rows.sort_by_key(|(key, row)| (*key, row.route));
            let rows = rows.into_iter().map(|(_, row)| row).collect();
            self.of.insert(place, rows);
        }
    }

    /// Returns the width of the column of words on a side.
    pub(super) fn width(&self, side: Side) -> i32 {
        let routes = self.routes.iter().filter(|route| route.side == side);
        let exits = routes.clone().flat_map(|route| &route.exits);
        let widest = exits.map(|exit| exit.label.width() + 2 * AIR).max();
        let least = if routes.count() > 0 { 3 * AIR } else { 0 };
        let start = if side == Side::Left { START_WIDTH } else { 0 };
        widest.unwrap_or(0).max(least).max(start)
    }

    /// Returns the height that the rows of a place need.
    pub(super) fn height(&self, place: usize) -> i32 {
        let of = |side| self.side_height(place, side);
        of(Side::Left).max(of(Side::Right)) + 2 * PAD
    }

    fn side_height(&self, place: usize, side: Side) -> i32 {
        let rows = self.of.get(&(place, side)).into_iter().flatten();
        let height: i32 = rows.map(|row| row.height).sum();
        height + self.start_height(place, side)
    }

    fn start_height(&self, place: usize, side: Side) -> i32 {
        let is_start = place == self.start && side == Side::Left;
        if is_start { START_HEIGHT } else { 0 }
    }

    /// Puts the rows of a place of this height in its middle.
    pub(super) fn centre(&mut self, place: usize, height: i32) {
        for side in [Side::Left, Side::Right] {
            let first = (height - self.side_height(place, side)) / 2;
            self.first.insert((place, side), first);
        }
    }

    /// Returns how far below the top of the first place the arrow of the start is.
    pub(super) fn start_port(&self) -> i32 {
        let first = self.first.get(&(self.start, Side::Left)).copied();
        first.unwrap_or(0) + START_HEIGHT / 2
    }

    /// Returns what is said of the straight way below a place, if there is one.
    pub(super) fn below(&self, place: usize) -> Option<&Label> {
        self.straight.get(&place)
    }

    /// Returns the places with a straight way below them.
    pub(super) fn straight(&self) -> impl Iterator<Item = (usize, &Label)> {
        self.straight.iter().map(|(place, label)| (*place, label))
    }

    /// Returns where the lines are, once it is known where the places are.
    pub(super) fn ports(&self, tops: &[i32]) -> Ports {
        let empty = |route: &Route| vec![0; route.exits.len()];
        let mut ports = Ports {
            exits: self.routes.iter().map(empty).collect(),
            arrivals: vec![0; self.routes.len()],
        };
        for ((place, side), rows) in &self.of {
            let top = tops.get(*place).copied().unwrap_or(0);
            let first = self.first.get(&(*place, *side)).copied().unwrap_or(0);
            let mut y = top + first + self.start_height(*place, *side);
            for row in rows {
                let (port, line) = match row.exit {
                    // The line of words is below them.
                    Some(exit) => {
                        let exits = ports.exits.get_mut(row.route);
                        (
                            exits.and_then(|exits| exits.get_mut(exit)),
                            y + row.height - AIR / 2,
                        )
                    }
                    None => (ports.arrivals.get_mut(row.route), y + row.height / 2),
                };
                if let Some(port) = port {
                    *port = line;
                }
                y += row.height;
            }
        }
        ports
    }
}
