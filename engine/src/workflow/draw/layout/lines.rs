//! The points of every line, and where its words stand.

use super::super::chart::{Chart, Style};
use super::lanes::Lanes;
use super::rows::{AIR, Ports, Route, Rows, START_WIDTH, Side};
use super::shape::{Chip, Shape, WIDTH};
use super::{Anchor, Line, Point, Text};

/// How far a branch runs along the line that it joins.
const JOIN: i32 = 9;

/// Where the columns of the picture are.
pub(super) struct Columns {
    pub(super) box_x: i32,
    /// The widths of the columns of words.
    pub(super) left: i32,
    pub(super) right: i32,
    pub(super) top: i32,
}

pub(super) struct Drawn {
    pub(super) lines: Vec<Line>,
    pub(super) labels: Vec<Vec<Text>>,
    start: Point,
}

impl Drawn {
    pub(super) fn of(rows: &Rows, ports: &Ports, lanes: &Lanes, columns: &Columns) -> Self {
        let mut drawn = Self {
            lines: Vec::new(),
            labels: Vec::new(),
            start: Point {
                x: columns.box_x,
                y: rows.start_port(),
            },
        };
        let ports = ports.exits.iter().zip(&ports.arrivals);
        for (index, (route, (exits, arrival))) in rows.routes.iter().zip(ports).enumerate() {
            let distance = lanes.distance(index);
            let (edge, lane) = match route.side {
                Side::Left => (columns.box_x, columns.box_x - columns.left - distance),
                Side::Right => {
                    let edge = columns.box_x + WIDTH;
                    (edge, edge + columns.right + distance)
                }
            };
            let exits: Vec<i32> = exits.iter().map(|y| y + columns.top).collect();
            let arrival = arrival + columns.top;
            drawn
                .lines
                .push(branched(route.style, edge, lane, &exits, arrival));
            drawn.say(route, edge, &exits);
        }
        drawn
    }

    /// Puts the words of a line above it, where it leaves each place.
    fn say(&mut self, route: &Route, edge: i32, exits: &[i32]) {
        for (exit, y) in route.exits.iter().zip(exits) {
            let (x, anchor) = match route.side {
                Side::Left => (edge - AIR, Anchor::End),
                Side::Right => (edge + AIR, Anchor::Start),
            };
            let top = y - AIR / 2 - exit.label.height();
            let texts = exit.label.texts(Point { x, y: top }, anchor);
            if !texts.is_empty() {
                self.labels.push(texts);
            }
        }
    }

    /// Adds the straight arrows, with their words to the right.
    pub(super) fn straight(&mut self, rows: &Rows, shapes: &[Shape]) {
        for (place, label) in rows.straight() {
            let (Some(from), Some(to)) = (shapes.get(place), shapes.get(place + 1)) else {
                continue;
            };
            let x = from.rect.x + WIDTH / 2;
            let (top, bottom) = (from.rect.bottom(), to.rect.y);
            let ends = vec![Point { x, y: top }, Point { x, y: bottom }];
            self.lines.push(Line {
                style: Style::Action,
                branches: vec![ends],
            });
            let y = top + (bottom - top - label.height()) / 2;
            let texts = label.texts(Point { x: x + AIR, y }, Anchor::Start);
            if !texts.is_empty() {
                self.labels.push(texts);
            }
        }
    }

    /// Marks where a case begins.
    pub(super) fn start(&mut self, chart: &Chart, shapes: &[Shape]) -> Chip {
        let top = shapes.get(chart.start).map_or(0, |shape| shape.rect.y);
        let y = top + self.start.y;
        let at = Point {
            x: self.start.x - START_WIDTH + AIR,
            y: y - 10,
        };
        let chip = Chip::new(at, "Start".to_owned());
        let ends = [chip.rect.right(), self.start.x].map(|x| Point { x, y });
        self.lines.push(Line {
            style: Style::Action,
            branches: vec![ends.to_vec()],
        });
        chip
    }
}

/// Returns a line through its lane. The farthest exit goes all the way; the others join it.
fn branched(style: Style, edge: i32, lane: i32, exits: &[i32], arrival: i32) -> Line {
    let mut sorted: Vec<i32> = exits.to_vec();
    sorted.sort_by_key(|y| std::cmp::Reverse(((y - arrival).abs(), *y)));
    let point = |x: i32, y: i32| Point { x, y };
    let mut branches = Vec::with_capacity(sorted.len());
    let mut is_reached = [false, false];
    for y in sorted {
        let mut points = vec![point(edge, y), point(lane, y)];
        let [above, below] = &mut is_reached;
        let (is_side_reached, towards) = if y < arrival {
            (above, JOIN)
        } else {
            (below, -JOIN)
        };
        if branches.is_empty() {
            points.extend([point(lane, arrival), point(edge, arrival)]);
        } else if *is_side_reached {
            points.push(point(lane, y + towards));
        } else {
            let inwards = if edge < lane { -JOIN } else { JOIN };
            points.extend([point(lane, arrival), point(lane + inwards, arrival)]);
        }
        *is_side_reached = true;
        branches.push(points);
    }
    Line { style, branches }
}
