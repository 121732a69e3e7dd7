//! Reads what happens after contact and after closing: `follow_ups`, `surveys`, `standards`,
//! `keep` and `moves`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::conditions::condition;
use super::node::Node;
use super::reader::Reader;
use super::{AtMostPerCustomer, FollowUp, Keep, Moves, Question, Standard, Survey, Table};
use crate::workflow::length::Length;

/// The highest answer of a scale.
pub(crate) const SCALE_MAX: u32 = 10;
/// The highest version of a workflow.
pub(crate) const VERSION_MAX: u32 = 1_000_000;

/// Reads `follow_ups`.
pub(super) fn follow_ups(r: &mut Reader, node: &Node) -> Option<Table<FollowUp>> {
    let known = ["after", "of", "task", "who", "calendar"];
    let what = "a follow-up";
    Some(r.table(node, what, |r, name, node| {
        let words = r.words(node, what, name.span, &known);
        Some(FollowUp {
            after: r.must(&words, what, "after", Reader::length),
            of: r
                .must(&words, what, "of", Reader::names)
                .unwrap_or_default(),
            task: r.must(&words, what, "task", Reader::text),
            who: r.must(&words, what, "who", Reader::names_at),
            calendar: r.opt(&words, "calendar", Reader::text),
        })
    }))
}

/// Reads `surveys`.
pub(super) fn surveys(r: &mut Reader, node: &Node) -> Option<Table<Survey>> {
    let known = [
        "after",
        "of",
        "at_most",
        "closes_after",
        "questions",
        "reopen_when",
        "calendar",
    ];
    let what = "a survey";
    Some(r.table(node, what, |r, name, node| {
        let words = r.words(node, what, name.span, &known);
        Some(Survey {
            after: r.must(&words, what, "after", Reader::length),
            of: r
                .must(&words, what, "of", Reader::names)
                .unwrap_or_default(),
            at_most: r.opt(&words, "at_most", |r, node| {
                let expected = "it looks like `1 per customer in 30 days`";
                r.parsed(node, expected, at_most)
            }),
            closes_after: r.opt(&words, "closes_after", Reader::length),
            questions: r
                .must(&words, what, "questions", questions)
                .unwrap_or_default(),
            reopen_when: r.opt(&words, "reopen_when", condition),
            calendar: r.opt(&words, "calendar", Reader::text),
        })
    }))
}

fn at_most(text: &str) -> Option<AtMostPerCustomer> {
    let (times, within) = text.split_once(" per customer in ")?;
    let times = times
        .parse()
        .ok()
        .filter(|times| (1..=100).contains(times))?;
    let within = Length::parse(within).ok()?;
    Some(AtMostPerCustomer { times, within })
}

fn questions(r: &mut Reader, node: &Node) -> Option<Table<Question>> {
    Some(r.table(node, "a question", |r, name, node| {
        let words = r.words(node, "a question", name.span, &["ask", "scale"]);
        Some(Question {
            ask: r.must(&words, "a question", "ask", Reader::text),
            scale: r.must(&words, "a question", "scale", |r, node| {
                let expected = "a scale looks like `1-5`, from 0 to 10 at the widest";
                r.parsed(node, expected, |text| {
                    let (low, high) = text.split_once('-')?;
                    let (low, high): (u32, u32) = (low.parse().ok()?, high.parse().ok()?);
                    (low < high && high <= SCALE_MAX).then_some((low, high))
                })
            }),
        })
    }))
}

/// Reads `standards`.
pub(super) fn standards(r: &mut Reader, node: &Node) -> Option<Table<Standard>> {
    let known = ["metric", "target", "at_least", "window", "owner"];
    let what = "a standard";
    Some(r.table(node, what, |r, name, node| {
        let words = r.words(node, what, name.span, &known);
        Some(Standard {
            metric: r.must(&words, what, "metric", Reader::text),
            target: r.must(&words, what, "target", Reader::percent),
            at_least: r.opt(&words, "at_least", |r, node| r.whole(node, 0, SCALE_MAX)),
            window: r.must(&words, what, "window", Reader::length),
            owner: r.must(&words, what, "owner", Reader::text),
        })
    }))
}

/// Reads `keep`.
pub(super) fn keep(r: &mut Reader, node: &Node) -> Option<Keep> {
    let words = r.words(node, "`keep`", node.span, &["for", "from"]);
    Some(Keep {
        length: r.must(&words, "`keep`", "for", Reader::length),
        from: r.must(&words, "`keep`", "from", Reader::text),
    })
}

/// Reads `moves`.
pub(super) fn moves(r: &mut Reader, node: &Node) -> Option<Moves> {
    let words = r.words(node, "`moves`", node.span, &["from", "steps"]);
    Some(Moves {
        from: r.must(&words, "`moves`", "from", |r, node| {
            r.whole(node, 1, VERSION_MAX)
        }),
        steps: r
            .opt(&words, "steps", |r, node| {
                Some(r.table(node, "a step of that version", |r, _, node| r.text(node)))
            })
            .unwrap_or_default(),
    })
}
