//! Reads `causes`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::conditions::condition;
use super::node::{Node, Shape};
use super::reader::Reader;
use super::{Cause, Causes, Names, Review, Sp, Systemic, Table};
use crate::workflow::length::Length;

/// The most whys that a workflow may ask for.
pub(crate) const WHYS_MAX: u32 = 20;
/// The most cases that may make a systemic fault.
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
    for word in [
        "blame_free",
        "review",
        "effectiveness_check",
        "failures",
        "reporting",
        "systemic",
    ] {
        r.not_acted_on(word, words.place(word));
    }
    Some(Causes {
        whys: r.opt(&words, "whys", |r, node| r.whole(node, 0, WHYS_MAX)),
        blame_free: r
            .opt(&words, "blame_free", Reader::flag)
            .is_some_and(|flag| flag.value),
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
    let words = r.words(node, "`systemic`", node.span, &["cases", "within", "same"]);
    Some(Systemic {
        cases: r.must(&words, "`systemic`", "cases", |r, node| {
            r.whole(node, 2, SYSTEMIC_CASES_MAX)
        }),
        within: r.must(&words, "`systemic`", "within", Reader::length),
        same: r.opt(&words, "same", Reader::names).unwrap_or_default(),
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
        r.not_acted_on("needs of a cause", words.place("needs"));
        return Some(Cause {
            title: r.must(&words, "a cause", "title", Reader::text)?,
            needs: r.opt(&words, "needs", Reader::names).unwrap_or_default(),
        });
    }
    let title = r.text(node)?;
    Some(Cause {
        title,
        needs: Names::new(),
    })
}
