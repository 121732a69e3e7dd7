//! Reads `causes`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::conditions::condition;
use super::node::{Node, Shape};
use super::reader::Reader;
use super::{Cause, Causes, Names, Review, Sp, Systemic, Table};
use crate::workflow::CauseNeed;
use crate::workflow::length::Length;

/// The most whys that a workflow may ask for.
pub(crate) const WHYS_MAX: u32 = 20;
/// The most cases that may make a systemic issue.
pub(crate) const SYSTEMIC_CASES_MAX: u32 = 10_000;

/// Reads `causes`.
pub(super) fn causes(r: &mut Reader, node: &Node) -> Option<Causes> {
    let words = r.words(
        node,
        "`causes`",
        node.span,
        &[
            "whys",
            "blame_free",
            "review",
            "effectiveness_check",
            "failures",
            "reporting",
            "systemic",
            "categories",
        ],
    );
    let (blame_free, blame_override) = r.opt(&words, "blame_free", blame_free).unwrap_or_default();
    Some(Causes {
        whys: r.opt(&words, "whys", |r, node| r.whole(node, 0, WHYS_MAX)),
        blame_free,
        blame_override,
        review: r.opt(&words, "review", review),
        check_after: r.opt(&words, "effectiveness_check", check_after),
        failures: r.opt(&words, "failures", titles).unwrap_or_default(),
        reporting: r.opt(&words, "reporting", titles).unwrap_or_default(),
        systemic: r.opt(&words, "systemic", systemic),
        categories: r
            .must(&words, "`causes`", "categories", categories)
            .unwrap_or_default(),
    })
}

/// Reads `blame_free`: yes or no, or who may record what reads as blame.
fn blame_free(r: &mut Reader, node: &Node) -> Option<(bool, Names)> {
    let Shape::Map(_) = &node.shape else {
        let flag = r.flag(node)?;
        return Some((flag.value, Names::new()));
    };
    let words = r.words(node, "`blame_free`", node.span, &["override"]);
    let by = r.must(&words, "`blame_free`", "override", Reader::names)?;
    Some((true, by))
}

fn review(r: &mut Reader, node: &Node) -> Option<Review> {
    let words = r.words(
        node,
        "`review`",
        node.span,
        &["by", "sample", "always_when"],
    );
    Some(Review {
        by: r.must(&words, "`review`", "by", Reader::text),
        sample: r.opt(&words, "sample", Reader::percent),
        always_when: r.opt(&words, "always_when", condition),
    })
}

fn check_after(r: &mut Reader, node: &Node) -> Option<Sp<Length>> {
    let words = r.words(node, "`effectiveness_check`", node.span, &["after"]);
    r.must(&words, "`effectiveness_check`", "after", Reader::length)
}

fn titles(r: &mut Reader, node: &Node) -> Option<Table<Sp<String>>> {
    Some(r.table(node, "an entry", |r, _, node| r.text(node)))
}

fn systemic(r: &mut Reader, node: &Node) -> Option<Systemic> {
    let known = ["cases", "within", "same", "by"];
    let words = r.words(node, "`systemic`", node.span, &known);
    Some(Systemic {
        cases: r.must(&words, "`systemic`", "cases", |r, node| {
            r.whole(node, 2, SYSTEMIC_CASES_MAX)
        }),
        within: r.must(&words, "`systemic`", "within", Reader::length),
        same: r.opt(&words, "same", Reader::names).unwrap_or_default(),
        by: r.opt(&words, "by", Reader::names).unwrap_or_default(),
    })
}

fn categories(r: &mut Reader, node: &Node) -> Option<Table<Table<Cause>>> {
    Some(r.table(node, "a group of causes", |r, _, node| {
        Some(r.table(node, "a cause", cause))
    }))
}

fn cause(r: &mut Reader, name: &Sp<String>, node: &Node) -> Option<Cause> {
    if let Shape::Map(_) = &node.shape {
        let words = r.words(node, "a cause", name.span, &["title", "needs"]);
        return Some(Cause {
            title: r.must(&words, "a cause", "title", Reader::text)?,
            needs: r.opt(&words, "needs", cause_needs).unwrap_or_default(),
        });
    }
    let title = r.text(node)?;
    Some(Cause {
        title,
        needs: Vec::new(),
    })
}

/// Reads what must be given with a cause.
fn cause_needs(r: &mut Reader, node: &Node) -> Option<Vec<Sp<CauseNeed>>> {
    let known = CauseNeed::ALL.map(|need| (need.as_str(), need));
    let items = Reader::items(node);
    let needs = items
        .iter()
        .filter_map(|item| r.one_of(item, "a need of a cause", &known));
    Some(needs.collect())
}
