//! Time: calendars, promises, clocks, dues, and how long cases are kept.

use indexmap::IndexMap;

use super::words::{self, role, target};
use super::{Comparison, Weight};
use crate::workflow::source::{Calendar, Clock, Due, Extend, Late, Promise, Sp};

/// What it weighs that a deadline becomes longer, shorter, or is gone.
const DEADLINE: (Weight, Weight, Weight) = (
    Weight::ProtectionFell,
    Weight::Changed,
    Weight::ProtectionFell,
);
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Comparison<'_> {
    pub(super) fn calendars(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "calendars",
            (&old.calendars, &new.calendars),
            |c, name, _| c.say(Weight::Gone, format!("The calendar `{name}` is gone")),
            |c, name, _| c.say(Weight::Added, format!("The calendar `{name}` is new")),
            |c, name, was, is| {
                let subject = format!("The calendar `{name}`");
                let zone = |calendar: &Calendar| words::shown(calendar.time_zone.as_ref());
                c.word(&subject, "time_zone", zone(was), zone(is));
                let mut hours: IndexMap<(String, String), Vec<&str>> = IndexMap::new();
                for ((was, is), day) in was.hours.iter().zip(&is.hours).zip(DAYS) {
                    let (was, is) = (open(was), open(is));
                    if was != is {
                        hours.entry((was, is)).or_default().push(day);
                    }
                }
                for ((was, is), days) in hours {
                    let days = days.join(", ");
                    let text = format!("{subject} on {days}: it was {was} and is now {is}");
                    c.say(Weight::Changed, text);
                }
                let closed = |calendar: &Calendar| -> Vec<String> {
                    calendar
                        .closed_on
                        .iter()
                        .map(|day| day.value.to_string())
                        .collect()
                };
                c.set(
                    &closed(was),
                    &closed(is),
                    (Weight::Changed, |day: &str| {
                        format!("{subject} is no longer closed on {day}")
                    }),
                    (Weight::Changed, |day: &str| {
                        format!("{subject} is now closed on {day}")
                    }),
                );
            },
        );
    }

    pub(super) fn promises(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "promises",
            (&old.promises, &new.promises),
            |c, name, _| {
                c.say(
                    Weight::ProtectionFell,
                    format!("The promise `{name}` is no longer known"),
                );
            },
            |c, name, _| c.say(Weight::Added, format!("The promise `{name}` is new")),
            |c, name, was, is| {
                let subject = format!("The promise `{name}`");
                let text = |promise: &Promise| words::text(promise.text.as_ref());
                c.word(&subject, "text", text(was), text(is));
                c.length(
                    &format!("{subject}, the time to keep it"),
                    (was.within.as_ref(), is.within.as_ref()),
                    (Weight::ProtectionFell, Weight::Changed, Weight::Changed),
                );
                c.word(
                    &subject,
                    "by",
                    words::shown(was.by.as_ref()),
                    words::shown(is.by.as_ref()),
                );
                c.late(&subject, &was.late, &is.late);
                c.calendar(&subject, was.calendar.as_ref(), is.calendar.as_ref());
            },
        );
    }

    pub(super) fn clocks(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        let called = |name: &str, clock: &Clock| {
            let kind = if clock.statutory { "statutory " } else { "" };
            format!("The {kind}clock `{name}`")
        };
        self.table(
            "clocks",
            (&old.clocks, &new.clocks),
            |c, name, clock| {
                c.say(
                    Weight::ProtectionFell,
                    format!("{} is gone", called(name, clock)),
                );
            },
            |c, name, clock| c.say(Weight::Added, format!("{} is new", called(name, clock))),
            |c, name, was, is| c.clock(&called(name, is), was, is),
        );
    }

    fn clock(&mut self, subject: &str, was: &Clock, is: &Clock) {
        let (old, new) = (self.old.source, self.new.source);
        let when = |source, clock: &Clock| {
            clock
                .when
                .as_ref()
                .map(|when| words::condition(source, when))
        };
        self.word(subject, "when", when(old, was), when(new, is));
        self.word(
            subject,
            "from",
            words::listed(&was.from),
            words::listed(&is.from),
        );
        self.word(
            subject,
            "until",
            words::listed(&was.until),
            words::listed(&is.until),
        );
        self.length(
            &format!("{subject}, its time"),
            (was.within.as_ref(), is.within.as_ref()),
            DEADLINE,
        );
        match (was.statutory, is.statutory) {
            (true, false) => self.say(
                Weight::ProtectionFell,
                format!("{subject} is no longer statutory: it may stand still"),
            ),
            (false, true) => self.say(Weight::Changed, format!("{subject} is now statutory")),
            (true, true) | (false, false) => {}
        }
        self.warn_at(subject, was.warn_at.as_ref(), is.warn_at.as_ref());
        self.extend(subject, was.extend.as_ref(), is.extend.as_ref());
        self.late(subject, &was.late, &is.late);
        self.calendar(subject, was.calendar.as_ref(), is.calendar.as_ref());
    }

    fn extend(&mut self, subject: &str, was: Option<&Extend>, is: Option<&Extend>) {
        match (was, is) {
            (None, Some(is)) => {
                let by = words::names(&is.by).join(", ");
                self.say(
                    Weight::PowerGrew,
                    format!("{subject} may now be extended, by {by}"),
                );
            }
            (Some(_), None) => {
                self.say(
                    Weight::Changed,
                    format!("{subject} may no longer be extended"),
                );
            }
            (Some(was), Some(is)) => {
                self.length(
                    &format!("{subject}, the time it may be extended to"),
                    (was.to.as_ref(), is.to.as_ref()),
                    DEADLINE,
                );
                self.needs(
                    &format!("{subject}, to be extended,"),
                    &was.needs,
                    &is.needs,
                );
                let (old, new) = (self.old.source, self.new.source);
                let plain = |names: &crate::workflow::source::Names| -> Vec<String> {
                    names.iter().map(|name| name.value.clone()).collect()
                };
                self.set(
                    &plain(&was.by),
                    &plain(&is.by),
                    (Weight::Changed, |name: &str| {
                        format!("{} may no longer extend it: {subject}", role(old, name))
                    }),
                    (Weight::PowerGrew, |name: &str| {
                        format!("{} may now extend it: {subject}", role(new, name))
                    }),
                );
            }
            (None, None) => {}
        }
    }

    pub(super) fn due(&mut self, subject: &str, was: Option<&Due>, is: Option<&Due>) {
        match (was, is) {
            (Some(_), None) => {
                self.say(
                    Weight::ProtectionFell,
                    format!("{subject} is no longer due at any time"),
                );
            }
            (None, Some(is)) => {
                let within = words::shown(is.within.as_ref()).unwrap_or_default();
                self.say(Weight::Added, format!("{subject} is now due in {within}"));
            }
            (Some(was), Some(is)) => {
                self.length(
                    &format!("{subject}, its due time"),
                    (was.within.as_ref(), is.within.as_ref()),
                    DEADLINE,
                );
                self.warn_at(subject, was.warn_at.as_ref(), is.warn_at.as_ref());
                self.late(subject, &was.late, &is.late);
                let then =
                    |source, due: &Due| due.then.as_ref().map(|to| target(source, &to.value));
                let (was_then, is_then) = (then(self.old.source, was), then(self.new.source, is));
                self.word(subject, "then", was_then, is_then);
                self.calendar(subject, was.calendar.as_ref(), is.calendar.as_ref());
            }
            (None, None) => {}
        }
    }

    fn late(&mut self, subject: &str, was: &[Late], is: &[Late]) {
        let (was, is) = (
            words::late(self.old.source, was),
            words::late(self.new.source, is),
        );
        self.weighed(subject, "late", (was, is), Weight::ProtectionFell);
    }

    fn warn_at(&mut self, subject: &str, was: Option<&Sp<u32>>, is: Option<&Sp<u32>>) {
        let both = (words::percent(was), words::percent(is));
        self.weighed(subject, "warn_at", both, Weight::ProtectionFell);
    }

    pub(super) fn calendar(
        &mut self,
        subject: &str,
        was: Option<&Sp<String>>,
        is: Option<&Sp<String>>,
    ) {
        // Where none is named, `default` counts.
        let name = |calendar: Option<&Sp<String>>| {
            Some(
                calendar
                    .map_or("default", |calendar| calendar.value.as_str())
                    .to_owned(),
            )
        };
        self.word(subject, "calendar", name(was), name(is));
    }

    pub(super) fn keep(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        let said = |keep: &Option<crate::workflow::source::Keep>| {
            let keep = keep.as_ref()?;
            let (length, from) = (keep.length.as_ref()?, keep.from.as_ref()?);
            Some(format!("{} from {}", length.value, from.value))
        };
        let (was, is) = (said(&old.keep), said(&new.keep));
        self.within("keep", (None, None), |c| {
            c.word("How long cases are kept", "keep", was, is);
        });
    }
}

/// Returns opening hours in words.
/// Says when it is open; two spans that touch are one.
fn open(spans: &[(u32, u32)]) -> String {
    let mut sorted = spans.to_vec();
    sorted.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match merged.last_mut() {
            Some((_, end)) if *end >= from => *end = to.max(*end),
            Some(_) | None => merged.push((from, to)),
        }
    }
    let clock = |minute: u32| format!("{:02}:{:02}", minute / 60, minute % 60);
    let said = |(from, to): &(u32, u32)| format!("{}-{}", clock(*from), clock(*to));
    let said: Vec<String> = merged.iter().map(said).collect();
    if said.is_empty() {
        "closed".to_owned()
    } else {
        said.join(" and ")
    }
}
