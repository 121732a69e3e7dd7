//! A picture told in words, for whoever cannot see it.

use super::super::chart::{Chart, Kind, Link, Place};
use super::super::words;

/// Tells a chart: how it begins, then each place with the ways out of it.
pub(super) fn told(chart: &Chart) -> String {
    let mut told = Vec::new();
    if !chart.purpose.is_empty() {
        told.push(sentence(&chart.purpose));
    }
    if let Some(start) = chart.places.get(chart.start) {
        told.push(format!("A case starts at “{}”.", start.title));
    }
    for (index, place) in chart.places.iter().enumerate() {
        told.push(of_place(place));
        for link in chart.links.iter().filter(|link| link.from == index) {
            told.extend(of_link(chart, link));
        }
    }
    told.join(" ")
}

fn of_place(place: &Place) -> String {
    let mut words = vec![place.title.clone()];
    let what = match &place.kind {
        Kind::Step(phases) => {
            let phases: Vec<&str> = phases.iter().copied().map(words::phase).collect();
            format!("step of the phase {}", phases.join(", "))
        }
        Kind::Outcome(counts_as) => words::counts_as(*counts_as).to_lowercase(),
        Kind::Anywhere => "possible".to_owned(),
    };
    words.push(what);
    words.extend(Some(place.who.clone()).filter(|who| !who.is_empty()));
    words.extend(place.parts.iter().cloned());
    words.extend(place.notes.iter().cloned());
    sentence(&words.join("; "))
}

fn of_link(chart: &Chart, link: &Link) -> Option<String> {
    let to = &chart.places.get(link.to)?.title;
    let words = link.words().join(", ");
    let words = if words.is_empty() {
        "then".to_owned()
    } else {
        words
    };
    Some(format!("{words}: on to “{to}”."))
}

fn sentence(words: &str) -> String {
    let ends = words.ends_with(['.', '!', '?', '…']);
    if ends {
        words.to_owned()
    } else {
        format!("{words}.")
    }
}
