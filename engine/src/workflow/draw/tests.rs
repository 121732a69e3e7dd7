//! Pictures say what the workflow does, and nothing of it can break out of them.

use std::collections::BTreeSet;

use super::chart::{Chart, Style};
use super::*;
use crate::workflow::source::STEPS_MAX;
use crate::workflow::ways::{By, Place, Ways};

const FORMATS: [Format; 3] = [Format::Svg, Format::Mermaid, Format::Dot];
/// The most bytes of the picture of the longest workflow.
const PICTURE_BYTES_MAX: usize = 16 * 1024 * 1024;

const CLASSIC: &[u8] = include_bytes!("../../../../workflows/classic-heard.workflow.yaml");
const EVERY: &[u8] = include_bytes!("../../../../tests/workflows/every-construct.workflow.yaml");

fn drawn(bytes: &[u8], format: Format) -> String {
    let (source, found) = source::read(bytes);
    let source = source.unwrap_or_else(|| panic!("{found:?}"));
    let compiled = crate::workflow::load(bytes).unwrap();
    draw(&source, &compiled, format)
}

#[test]
fn every_way_of_the_graph_is_a_link_and_every_link_is_a_way() {
    for bytes in [CLASSIC, EVERY] {
        let source = source::read(bytes).0.unwrap();
        let chart = Chart::of(&source, &crate::workflow::load(bytes).unwrap());
        let title = |place: &Place<'_>| match place {
            Place::Step(_, step) => step.value.title.as_ref().unwrap().value.clone(),
            Place::Outcome(_, outcome) => outcome.value.title.as_ref().unwrap().value.clone(),
        };
        let ways = Ways::of(&source);
        let graph = &ways.graph;
        let expected: BTreeSet<(String, String, Style)> = graph
            .edge_indices()
            .map(|edge| {
                let (from, to) = graph.edge_endpoints(edge).unwrap();
                let (from, to) = (title(&graph[from]), title(&graph[to]));
                match graph[edge].by {
                    By::Action(_) => (from, to, Style::Action),
                    By::Anywhere(_) => ("In every step".to_owned(), to, Style::Action),
                    By::Due => (from, to, Style::Deadline),
                    By::Late(_) => ("In every step".to_owned(), to, Style::Deadline),
                }
            })
            .collect();
        let title = |place: usize| chart.places[place].title.clone();
        let links = chart.links.iter();
        let links: BTreeSet<_> = links
            .map(|link| (title(link.from), title(link.to), link.style))
            .collect();
        assert_eq!(links, expected);
    }
}

#[test]
fn a_picture_tells_the_workflow_to_whoever_cannot_see_it() {
    let svg = drawn(CLASSIC, Format::Svg);
    for told in [
        "<title id=\"classic-heard-v1-title\">Classic H.E.A.R.D. service recovery</title>",
        "A case starts at “Hear the customer out”.",
        "understood: on to “Show that you understand”.",
        "not understood, after 2 times: on to “The team lead listens”.",
        "offer, if goodwill is over the limit: on to “Agree the goodwill payment”.",
        "refuse, at most 2 times: on to “Put it right”.",
        "customer withdraws (Front-line agent or Team lead).",
        "ends: withdrawn.",
    ] {
        assert!(svg.contains(told), "{told} is not in:\n{svg}");
    }
}

/// A workflow with a text in every place where a picture shows one.
fn saying(text: &str) -> Vec<u8> {
    let text = text.escape_unicode().to_string();
    let text = text.replace("\\u{", "\\U");
    let text: String = text
        .split("\\U")
        .filter_map(|part| part.strip_suffix('}'))
        .flat_map(|hex| ["\\U00000000".split_at(10 - hex.len()).0, hex])
        .collect();
    format!(
        "heard: 1\nworkflow: w\nversion: 1\ntitle: \"{text}\"\npurpose: \"{text}\"\n\
         model: custom\nroles: {{agent: {{title: \"{text}\"}}}}\n\
         fields: {{f: {{ask: F, type: text}}}}\nstart: a\nsteps:\n  a:\n    phase: resolve\n    \
         title: \"{text}\"\n    tasks: {{t: {{title: \"{text}\", who: [agent]}}}}\n    \
         asks: [f]\n    \
         actions: {{go: [{{when: {{f: \"{text}\"}}, go_to: o}}, {{go_to: o}}]}}\n\
         outcomes: {{o: {{title: \"{text}\", counts_as: resolved}}}}\n"
    )
    .into_bytes()
}

#[test]
fn what_a_workflow_says_stays_text() {
    let hostile = "</text><script>x</script>\"]; end & `#' -->|\\";
    let bytes = saying(hostile);
    let svg = drawn(&bytes, Format::Svg);
    assert!(
        !svg.contains("<script") && svg.contains("&lt;/text&gt;"),
        "{svg}"
    );
    let mermaid = drawn(&bytes, Format::Mermaid);
    for line in mermaid.lines() {
        assert!(matches!(line.matches('"').count(), 0 | 2), "{line}");
        assert!(!line.contains('`') && !line.contains("<s"), "{line}");
    }
    let dot = drawn(&bytes, Format::Dot);
    assert!(dot.contains("\\\"]; end &amp; `#' -->|\\\\"), "{dot}");
}

#[test]
fn nothing_that_cannot_be_seen_gets_into_a_picture() {
    let bytes = saying("a\u{7}b\u{1b}[2Jc\u{202e}d\u{200b}e\u{fffe}f\u{2028}g");
    for format in FORMATS {
        let picture = drawn(&bytes, format);
        assert!(picture.contains("cdefg"), "{picture}");
        let is_seen = |c: char| c == '\n' || !c.is_control() && !"\u{202e}\u{200b}".contains(c);
        assert!(picture.chars().all(is_seen), "{picture:?}");
    }
}

#[test]
fn a_picture_has_no_inline_style_no_script_and_nothing_from_elsewhere() {
    for bytes in [CLASSIC, EVERY] {
        let svg = drawn(bytes, Format::Svg);
        assert_eq!(svg.matches("<style>").count(), 1);
        for never in [
            "style=", "<script", "<image", "href", "url(", "@import", "@font",
        ] {
            assert!(!svg.contains(never), "{never}");
        }
    }
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    for format in FORMATS {
        assert_eq!(drawn(EVERY, format), drawn(EVERY, format));
    }
}

#[test]
fn the_longest_workflow_is_drawn_in_bounded_size() {
    let mut file = String::from(
        "heard: 1\nworkflow: w\nversion: 1\ntitle: W\nmodel: custom\n\
         roles: {agent: {title: Agent}}\nstart: s0\nsteps:\n",
    );
    for step in 0..STEPS_MAX {
        let next = if step + 1 == STEPS_MAX {
            "o".to_owned()
        } else {
            format!("s{}", step + 1)
        };
        let (far, back) = ((step * 7 + 3) % STEPS_MAX, step / 2);
        let step = format!(
            "  s{step}: {{phase: wait, title: Step {step}, actions: \
             {{go: {next}, far: {{go_to: s{far}, at_most: 1}}, \
             back: {{go_to: s{back}, at_most: 1}}}}}}\n"
        );
        file.push_str(&step);
    }
    file.push_str("outcomes: {o: {title: O, counts_as: resolved}}\n");
    for format in FORMATS {
        let picture = drawn(file.as_bytes(), format);
        assert!(picture.len() < PICTURE_BYTES_MAX, "{} bytes", picture.len());
        assert!(picture.contains(&format!("Step {}", STEPS_MAX - 1)));
    }
}
