//! Nothing in a picture stands on anything else, whatever the workflow.

use proptest::prelude::*;

use super::super::chart::{Chart, Kind, Link, Place};
use super::super::letters::width;
use super::*;
use crate::workflow::{CountsAs, Phase, load, source};

/// The most steps with which a picture must be good; larger ones only have to be drawn.
const STEPS: usize = 20;

impl Rect {
    fn overlaps(self, other: Self) -> bool {
        let beside = self.right() <= other.x || other.right() <= self.x;
        !beside && self.y < other.bottom() && other.y < self.bottom()
    }

    fn holds(self, other: Self) -> bool {
        let across = self.x <= other.x && other.right() <= self.right();
        across && self.y <= other.y && other.bottom() <= self.bottom()
    }
}

impl Text {
    /// Returns the room that it takes at most.
    pub(super) fn rect(&self) -> Rect {
        let width = width(&self.content, self.look.font());
        let font = self.look.font();
        Rect {
            x: match self.anchor {
                Anchor::Start => self.at.x,
                Anchor::Middle => self.at.x - width / 2,
                Anchor::End => self.at.x - width,
            },
            y: self.at.y - (self.look.height() * 10 + font.size * 7) / 20,
            width,
            height: self.look.height(),
        }
    }
}

/// The room of a line between two points; a vertical or horizontal one has no width of its own.
fn segment(two: &[Point]) -> Rect {
    let (a, b) = (two[0], two[1]);
    assert!(a.x == b.x || a.y == b.y, "lines run straight: {a:?} {b:?}");
    Rect {
        x: a.x.min(b.x),
        y: a.y.min(b.y),
        width: (a.x - b.x).abs(),
        height: (a.y - b.y).abs(),
    }
}

/// Returns the segments of a line.
fn segments(line: &Line) -> Vec<Rect> {
    let branches = line.branches.iter();
    branches
        .flat_map(|branch| branch.windows(2).map(segment))
        .collect()
}

/// Returns whether two segments lie in one another for more than a crossing.
fn run_over(a: Rect, b: Rect) -> bool {
    let along_x = a.height == 0 && b.height == 0 && a.y == b.y;
    let along_y = a.width == 0 && b.width == 0 && a.x == b.x;
    along_x && a.x < b.right() && b.x < a.right() || along_y && a.y < b.bottom() && b.y < a.bottom()
}

/// Returns everything that stands where something else does.
fn faults(layout: &Layout) -> Vec<String> {
    let mut faults: Vec<String> = Vec::new();
    let apart = |faults: &mut Vec<String>, what: &str, a: Rect, b: Rect| {
        if a.overlaps(b) {
            faults.push(format!("{what}: {a:?} and {b:?}"));
        }
    };
    let boxes: Vec<Rect> = layout.shapes.iter().map(|shape| shape.rect).collect();
    let labels = layout.labels.iter().flatten();
    let words: Vec<Rect> = labels.chain(&layout.texts).map(Text::rect).collect();
    let solid: Vec<Rect> = boxes.iter().chain([&layout.start.rect]).copied().collect();
    let all: Vec<Rect> = solid.iter().chain(&words).copied().collect();
    for (index, a) in all.iter().enumerate() {
        for b in &all[index + 1..] {
            apart(&mut faults, "two things overlap", *a, *b);
        }
    }
    for line in &layout.lines {
        for line in segments(line) {
            for one in &all {
                apart(&mut faults, "a line crosses", line, *one);
            }
        }
    }
    for shape in &layout.shapes {
        let parts = shape
            .texts
            .iter()
            .chain(shape.chips.iter().map(|chip| &chip.text));
        let inside: Vec<Rect> = parts.map(Text::rect).chain(shape.marks.clone()).collect();
        for (index, a) in inside.iter().enumerate() {
            for b in &inside[index + 1..] {
                apart(&mut faults, "words overlap in a place", *a, *b);
            }
        }
        let outside = inside.iter().filter(|part| !shape.rect.holds(**part));
        faults.extend(outside.map(|part| format!("{part:?} is outside of {:?}", shape.rect)));
    }
    let lines: Vec<Vec<Rect>> = layout.lines.iter().map(segments).collect();
    for (index, a) in lines.iter().enumerate() {
        for b in lines.iter().skip(index + 1) {
            let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (*a, *b)));
            let over = pairs.filter(|(a, b)| run_over(*a, *b));
            faults.extend(over.map(|(a, b)| format!("lines run over each other: {a:?} {b:?}")));
        }
    }
    let page = Rect {
        x: 0,
        y: 0,
        width: layout.width,
        height: layout.height,
    };
    let clipped = all.iter().chain(lines.iter().flatten());
    let clipped = clipped.filter(|one| !page.holds(**one));
    faults.extend(clipped.map(|one| format!("clipped: {one:?}")));
    faults
}

/// Returns the ways of a chart that no line of its layout shows.
fn unshown(chart: &Chart, layout: &Layout) -> Vec<(usize, usize)> {
    let touches = |place: usize, point: Point| {
        let rect = layout.shapes[place].rect;
        (rect.x..=rect.right()).contains(&point.x) && (rect.y..=rect.bottom()).contains(&point.y)
    };
    let shown = |link: &Link| {
        layout
            .lines
            .iter()
            .filter(|line| line.style == link.style)
            .any(|line| {
                let arrives = touches(link.to, *line.branches[0].last().unwrap());
                arrives
                    && line
                        .branches
                        .iter()
                        .any(|branch| touches(link.from, branch[0]))
            })
    };
    let links = chart.links.iter().filter(|link| !shown(link));
    links.map(|link| (link.from, link.to)).collect()
}

fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z]{1,9}( [a-zA-Z]{1,9}){0,6}",
        "[WM@%日本語🙂é]{1,60}",
        Just(String::new()),
    ]
}

fn place() -> impl Strategy<Value = Place> {
    let phases = prop::sample::subsequence(Phase::ALL.to_vec(), 1..=4);
    let kind = prop_oneof![
        4 => phases.prop_map(Kind::Step),
        1 => prop::sample::select(CountsAs::ALL.to_vec()).prop_map(Kind::Outcome),
        1 => Just(Kind::Anywhere),
    ];
    let several = || prop::collection::vec(words(), 0..4);
    (kind, words(), words(), several(), several()).prop_map(|(kind, title, who, parts, notes)| {
        Place {
            kind,
            title,
            who,
            parts,
            notes,
        }
    })
}

fn link(places: usize) -> impl Strategy<Value = Link> {
    let style = prop_oneof![4 => Just(Style::Action), 1 => Just(Style::Deadline)];
    let details = prop::collection::vec(words(), 0..3);
    (0..places, 0..places, style, words(), details).prop_map(|(from, to, style, name, details)| {
        Link {
            from,
            to,
            style,
            name,
            details,
        }
    })
}

fn chart(steps: usize, links: usize) -> impl Strategy<Value = Chart> {
    prop::collection::vec(place(), 1..=steps).prop_flat_map(move |places| {
        let count = places.len();
        let links = prop::collection::vec(link(count), 0..=links);
        (Just(places), links, 0..count, words()).prop_map(|(places, links, start, title)| Chart {
            title,
            reference: "any@1".to_owned(),
            purpose: String::new(),
            places,
            links,
            start,
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn nothing_collides_and_every_way_is_shown(chart in chart(STEPS, 3 * STEPS)) {
        let layout = Layout::of(&chart);
        let faults = faults(&layout);
        prop_assert!(faults.is_empty(), "{}", faults.join("\n"));
        prop_assert_eq!(unshown(&chart, &layout), []);
    }
}

#[test]
fn the_shipped_workflows_and_those_of_the_tests_collide_nowhere() {
    for folder in ["../workflows", "../tests/workflows"] {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        #[expect(clippy::disallowed_methods, reason = "a test reads its specimens")]
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            if !path.to_string_lossy().ends_with(".workflow.yaml") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let source = source::read(&bytes).0.unwrap();
            let chart = Chart::of(&source, &load(&bytes).unwrap());
            let layout = Layout::of(&chart);
            assert_eq!(faults(&layout), [""; 0], "{}", path.display());
            assert_eq!(unshown(&chart, &layout), [], "{}", path.display());
        }
    }
}

#[test]
fn a_line_that_runs_over_a_place_is_a_fault() {
    let place = |title: &str| Place {
        kind: Kind::Anywhere,
        title: title.to_owned(),
        who: String::new(),
        parts: Vec::new(),
        notes: Vec::new(),
    };
    let chart = Chart {
        title: "Two".to_owned(),
        reference: "two@1".to_owned(),
        purpose: String::new(),
        places: vec![place("One"), place("Two")],
        links: Vec::new(),
        start: 0,
    };
    let mut layout = Layout::of(&chart);
    assert_eq!(faults(&layout), [""; 0]);
    let through = layout.shapes[0].rect;
    let points = [through.x - 5, through.right() + 5].map(|x| Point {
        x,
        y: through.y + 5,
    });
    let line = Line {
        style: Style::Action,
        branches: vec![points.to_vec()],
    };
    layout.lines.extend([line.clone(), line]);
    let found = faults(&layout).join("\n");
    assert!(
        found.contains("a line crosses") && found.contains("over each other"),
        "{found}"
    );
}
