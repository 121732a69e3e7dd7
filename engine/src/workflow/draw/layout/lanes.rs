//! In which lane each line runs up or down beside the spine.
//!
//! Invariant: lines that share a lane have room between them.

use std::collections::BTreeMap;

use super::rows::{Ports, Rows, Side};

/// Between the middles of two lanes.
const LANE: i32 = 16;
/// Between the ends of two lines in one lane.
const APART: i32 = 16;

pub(super) struct Lanes {
    /// By line: its lane, from the spine outwards.
    of: Vec<i32>,
    count: BTreeMap<Side, i32>,
}

impl Lanes {
    /// Gives every line the lane nearest to the spine that is free, the shortest line first.
    pub(super) fn of(rows: &Rows, ports: &Ports) -> Self {
        let mut lanes = Self {
            of: vec![0; rows.routes.len()],
            count: BTreeMap::new(),
        };
        let arrivals = ports.arrivals.iter();
        let spans = ports.exits.iter().zip(arrivals).map(|(exits, arrival)| {
            let ends = exits.iter().chain([arrival]);
            let (low, high) = (ends.clone().min(), ends.max());
            (low.copied().unwrap_or(0), high.copied().unwrap_or(0))
        });
        let routes = rows.routes.iter().zip(spans).enumerate();
        let mut waiting: Vec<_> = routes
            .map(|(index, (route, (low, high)))| (high - low, low, index, high, route.side))
            .collect();
        waiting.sort_unstable();
        let mut taken: BTreeMap<Side, Vec<Vec<(i32, i32)>>> = BTreeMap::new();
        for (_, low, index, high, side) in waiting {
            let side_lanes = taken.entry(side).or_default();
            let is_free = |lane: &Vec<(i32, i32)>| {
                let mut spans = lane.iter();
                spans.all(|(l, h)| high + APART <= *l || h + APART <= low)
            };
            let lane = side_lanes.iter().position(is_free).unwrap_or_else(|| {
                side_lanes.push(Vec::new());
                side_lanes.len() - 1
            });
            if let Some(spans) = side_lanes.get_mut(lane) {
                spans.push((low, high));
            }
            if let Some(of) = lanes.of.get_mut(index) {
                *of = i32::try_from(lane).unwrap_or(i32::MAX);
            }
            let count = i32::try_from(side_lanes.len()).unwrap_or(i32::MAX);
            lanes.count.insert(side, count);
        }
        lanes
    }

    /// Returns the width of all lanes of a side.
    pub(super) fn width(&self, side: Side) -> i32 {
        self.count.get(&side).copied().unwrap_or(0) * LANE
    }

    /// Returns how far from the column of words the lane of a line is.
    pub(super) fn distance(&self, route: usize) -> i32 {
        self.of.get(route).copied().unwrap_or(0) * LANE + LANE / 2
    }
}
