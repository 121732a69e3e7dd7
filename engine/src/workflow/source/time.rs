//! Reads everything about time: `calendars`, `promises`, `clocks` and `due`.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use super::conditions::{condition, needs};
use super::node::{Node, Shape};
use super::reader::{Reader, Words};
use super::{Calendar, Clock, Due, Extend, Late, Promise, Sp, Table};
use crate::code::Code;
use crate::finding::Finding;
use crate::time::Date;

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const MINUTES_OF_A_DAY: u32 = 24 * 60;

/// Reads `calendars`.
pub(super) fn calendars(r: &mut Reader, node: &Node) -> Option<Table<Calendar>> {
    Some(r.table(node, "a calendar", |r, name, node| {
        let known = ["time_zone", "hours", "closed_on"];
        let words = r.words(node, "a calendar", name.span, &known);
        let time_zone = r.must(&words, "a calendar", "time_zone", |r, node| {
            let expected = "a time zone looks like `Europe/Lisbon`";
            r.parsed(node, expected, |text| {
                let known = jiff::tz::TimeZoneDatabase::bundled().get(text);
                known.ok().map(|_| text.to_owned())
            })
        });
        let hours = r.must(&words, "a calendar", "hours", hours);
        if hours
            .as_ref()
            .is_some_and(|days| days.iter().all(Vec::is_empty))
        {
            let message = format!("the calendar `{}` is never open", name.value);
            let finding = Finding::error(Code::H011, name.span, message)
                .why("a calendar is open on one day at least")
                .mend("write when it is open, such as `{mon-fri: [\"09:00-17:00\"]}`");
            r.report(finding);
        }
        let hours = hours.unwrap_or_default();
        let closed_on = r.opt(&words, "closed_on", dates).unwrap_or_default();
        Some(Calendar {
            time_zone,
            hours,
            closed_on,
        })
    }))
}

/// Says that working time is counted and no working hours are written.
pub(super) fn without_hours(r: &mut Reader, words: &Words<'_>) {
    let counted = std::mem::take(&mut r.working);
    for span in counted.into_iter().filter(|_| !words.has("calendars")) {
        let message = "working time needs working hours, and this file has no `calendars`";
        let finding = Finding::error(Code::H101, span, message)
            .why("nobody can tell what counts as working time")
            .mend("add `calendars:` with the working hours, or write elapsed time");
        r.report(finding);
    }
}

fn dates(r: &mut Reader, node: &Node) -> Option<Vec<Sp<Date>>> {
    let date = |r: &mut Reader, item: &Node| {
        r.parsed(item, "a date looks like 2026-12-25", |text| {
            Date::parse(text).ok()
        })
    };
    let items = Reader::items(node);
    Some(items.iter().filter_map(|item| date(r, item)).collect())
}

fn hours(r: &mut Reader, node: &Node) -> Option<[Vec<(u32, u32)>; 7]> {
    let Shape::Map(pairs) = &node.shape else {
        r.wrong_kind(
            node,
            "hours are said by day",
            "`{mon-fri: [\"08:00-20:00\"]}`",
        );
        return None;
    };
    let mut hours: [Vec<(u32, u32)>; 7] = Default::default();
    let mut named = [false; 7];
    let mut is_read = true;
    for (key, value) in pairs {
        let Some(days) = r.parsed(key, "days look like `mon`, `mon-fri` or `sat-mon`", days) else {
            is_read = false;
            continue;
        };
        let spans = spans(r, value);
        is_read &= spans.is_some();
        let spans = spans.unwrap_or_default();
        for day in days.value {
            let already = named
                .get_mut(day)
                .is_none_or(|named| std::mem::replace(named, true));
            if already {
                let day = DAYS.get(day).copied().unwrap_or_default();
                let message = format!("the hours of `{day}` are written twice");
                let finding = Finding::error(Code::H011, key.span, message)
                    .why("each day is named once")
                    .mend("take the day out of one of the two");
                r.report(finding);
            } else if let Some(hours) = hours.get_mut(day) {
                hours.clone_from(&spans);
            }
        }
    }
    is_read.then_some(hours)
}

fn days(text: &str) -> Option<Vec<usize>> {
    let place = |day: &str| DAYS.iter().position(|known| *known == day);
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (place(first)?, place(last)?);
    let count = (last + 7 - first) % 7 + 1;
    Some((first..first + count).map(|day| day % 7).collect())
}

/// Reads the opening hours of a day. `None` where one of them could not be read.
fn spans(r: &mut Reader, node: &Node) -> Option<Vec<(u32, u32)>> {
    let mut spans: Vec<(u32, u32)> = Vec::new();
    for item in Reader::items(node) {
        let text = r.text(item)?;
        let before = spans.last().map_or(0, |(_, end)| *end);
        let span = span(&text.value, minute);
        let Some(span) = span.filter(|(from, to)| before <= *from && from < to) else {
            r.report(wrong_hours(&text));
            return None;
        };
        spans.push(span);
    }
    Some(spans)
}

fn span(text: &str, minute: impl Fn(&str) -> Option<u32>) -> Option<(u32, u32)> {
    let (from, to) = text.split_once('-')?;
    Some((minute(from)?, minute(to)?))
}

/// Offers the hours that are meant by `8-20` or `8:30 - 17.00`.
fn wrong_hours(text: &Sp<String>) -> Finding {
    let message = format!("`{}` cannot be understood here", text.value);
    let finding = Finding::error(Code::H011, text.span, message)
        .why("opening hours look like `\"08:00-20:00\"`, in order and without overlap");
    let loose = |text: &str| {
        let text = text.trim().replace('.', ":");
        let (hour, minutes) = text.split_once(':').unwrap_or((&text, "00"));
        minute(&format!("{hour:0>2}:{minutes}"))
    };
    if span(&text.value, minute).is_some_and(|(from, to)| from > to) {
        return finding.mend(
            "a night is two spans: until `24:00` on the day it begins, and from `00:00` on the \
             next day",
        );
    }
    let meant = span(&text.value, loose).filter(|(from, to)| from < to);
    let Some((from, to)) = meant.filter(|_| span(&text.value, minute).is_none()) else {
        return finding.mend("write them in this form, each span after the one before it");
    };
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    finding.replace(format!("\"{}-{}\"", clock(from), clock(to)))
}

/// Reads `08:00` as a minute of the day.
fn minute(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour * 60 + minute;
    (minute < 60 && total <= MINUTES_OF_A_DAY).then_some(total)
}

/// Reads `promises`.
pub(super) fn promises(r: &mut Reader, node: &Node) -> Option<Table<Promise>> {
    Some(r.table(node, "a promise", |r, name, node| {
        let known = ["text", "within", "by", "late", "calendar"];
        let words = r.words(node, "a promise", name.span, &known);
        r.not_both(&words, "within", "by");
        if !words.has("within") && !words.has("by") {
            r.missing_in(&words, "a promise", "within");
        }
        Some(Promise {
            text: r.must(&words, "a promise", "text", Reader::text),
            within: r.opt(&words, "within", Reader::length),
            by: r.opt(&words, "by", Reader::text),
            late: r.opt(&words, "late", late).unwrap_or_default(),
            calendar: r.opt(&words, "calendar", Reader::text),
        })
    }))
}

/// Reads `clocks`.
pub(super) fn clocks(r: &mut Reader, node: &Node) -> Option<Table<Clock>> {
    let known = [
        "when",
        "from",
        "until",
        "within",
        "statutory",
        "warn_at",
        "extend",
        "late",
        "calendar",
    ];
    Some(r.table(node, "a clock", |r, name, node| {
        let words = r.words(node, "a clock", name.span, &known);
        let what = "a clock";
        Some(Clock {
            when: r.opt(&words, "when", condition),
            from: r
                .must(&words, what, "from", Reader::names)
                .unwrap_or_default(),
            until: r
                .must(&words, what, "until", Reader::names)
                .unwrap_or_default(),
            within: r.must(&words, what, "within", Reader::length),
            statutory: r
                .opt(&words, "statutory", Reader::flag)
                .is_some_and(|flag| flag.value),
            warn_at: r.opt(&words, "warn_at", Reader::percent),
            extend: r.opt(&words, "extend", extend),
            late: r.opt(&words, "late", late).unwrap_or_default(),
            calendar: r.opt(&words, "calendar", Reader::text),
        })
    }))
}

fn extend(r: &mut Reader, node: &Node) -> Option<Extend> {
    let words = r.words(node, "`extend`", node.span, &["to", "needs", "by"]);
    Some(Extend {
        to: r.must(&words, "`extend`", "to", Reader::length),
        needs: r.opt(&words, "needs", needs).unwrap_or_default(),
        by: r
            .must(&words, "`extend`", "by", Reader::names)
            .unwrap_or_default(),
    })
}

/// Reads `due`.
pub(super) fn due(r: &mut Reader, node: &Node) -> Option<Due> {
    let known = ["in", "warn_at", "late", "then", "calendar"];
    let words = r.words(node, "`due`", node.span, &known);
    r.not_both(&words, "late", "then");
    Some(Due {
        span: node.span,
        within: r.must(&words, "`due`", "in", Reader::length),
        warn_at: r.opt(&words, "warn_at", Reader::percent),
        late: r.opt(&words, "late", late).unwrap_or_default(),
        then: r.opt(&words, "then", Reader::text),
        calendar: r.opt(&words, "calendar", Reader::text),
    })
}

/// Reads `late`: one consequence, or a ladder of them.
pub(super) fn late(r: &mut Reader, node: &Node) -> Option<Vec<Late>> {
    let mut ladder = Vec::new();
    for item in Reader::items(node) {
        let words = r.words(item, "`late`", item.span, &["after", "tell", "go_to"]);
        ladder.push(Late {
            span: item.span,
            after: r.opt(&words, "after", Reader::length),
            tell: r.opt(&words, "tell", Reader::names).unwrap_or_default(),
            go_to: r.opt(&words, "go_to", Reader::text),
        });
    }
    Some(ladder)
}
