//! Where causes are going: the last periods held against those before.

use std::collections::BTreeMap;

use super::{Key, Lesson, Lessons, Named};
use crate::case::diagnosis::Worked;
use crate::cause::{Counted, Trending, trends};
use crate::measure::Period;
use crate::time::Date;

/// Where each cause is going.
#[derive(Debug, Clone, PartialEq)]
pub struct Going {
    /// The first day of the baseline; none where nothing was closed.
    pub since: Option<Date>,
    /// The first day of what is looked at; none where nothing was closed.
    pub now_since: Option<Date>,
    /// How many periods there are, those of the baseline among them.
    pub periods: u64,
    /// A line a cause.
    pub causes: BTreeMap<Key, Goes>,
}

/// Where a cause is going, and which cases say so.
#[derive(Debug, Clone, PartialEq)]
pub struct Goes {
    /// Where.
    pub trending: Trending,
    /// The cases with the cause in the baseline.
    pub baseline: Named,
    /// The cases with the cause in the periods that are looked at.
    pub now: Named,
}

impl Lessons {
    /// Returns where each cause is going: the last `now` periods held against those before.
    ///
    /// The first period is that of the first closed case, the last that of the last day asked for,
    /// or of the instant of the report where that comes before. A period without a closed case
    /// counts as one with none. Of no period at all the last one is looked at. Cases that we opened
    /// for customers who did not complain are in none: how many these are, we chose.
    #[must_use]
    pub fn going(&self, period: Period, now: usize) -> Going {
        let now = now.max(1);
        let periods = self.periods(period);
        let first_now = periods.len().saturating_sub(now);
        let (days, counted): (Vec<Option<Date>>, Vec<_>) = periods.into_iter().unzip();
        let now_since = days.get(first_now).copied().flatten();
        let mut judged = BTreeMap::new();
        // They are in the order in which they were done, so the latest stands.
        for tried in self.tried() {
            if tried.effect == Some(Worked::Effective) {
                judged.insert(tried.cause, tried.recurrence.after);
            }
        }
        let mut named = self.named_by_cause(period, now_since);
        let causes = trends(&counted, now, &judged).into_iter();
        let causes = causes.map(|(cause, trending)| {
            let (baseline, now) = named.remove(&cause).unwrap_or_default();
            let goes = Goes {
                trending,
                baseline,
                now,
            };
            (cause, goes)
        });
        Going {
            since: days.first().copied().flatten(),
            now_since,
            periods: super::count(days.len()),
            causes: causes.collect(),
        }
    }

    /// Returns the cases with each cause before a day, and from it on.
    fn named_by_cause(
        &self,
        period: Period,
        now_since: Option<Date>,
    ) -> BTreeMap<Key, (Named, Named)> {
        let mut named: BTreeMap<Key, (Named, Named)> = BTreeMap::new();
        for lesson in self.complaints() {
            let Some(cause) = &lesson.cause else {
                continue;
            };
            let (baseline, now) = named.entry(cause.clone()).or_default();
            let is_now = period.first_day(lesson.day) >= now_since;
            if is_now { now } else { baseline }.add(lesson.case);
        }
        named
    }

    fn periods(&self, period: Period) -> BTreeMap<Option<Date>, Counted<Key>> {
        let mut counted: BTreeMap<Option<Date>, Counted<Key>> = BTreeMap::new();
        let days = self.complaints().map(|lesson| lesson.day);
        if let (Some(first), Some(last)) = (days.clone().min(), days.max()) {
            // It may be a day later already where a case was closed.
            let last = self.last_day().map_or(last, |day| day.max(last));
            for day in first.days()..=last.days() {
                let begin = Date::from_days(day).and_then(|day| period.first_day(day));
                counted.entry(begin).or_insert_with(none);
            }
        }
        for Lesson { day, cause, .. } in self.complaints() {
            let of_period = counted.entry(period.first_day(*day));
            let of_period = of_period.or_insert_with(none);
            // Whose cause is not found yet would make every rate of the last periods look better.
            if let Some(cause) = cause {
                of_period.closed += 1;
                *of_period.causes.entry(cause.clone()).or_default() += 1;
            }
        }
        counted
    }

    /// Returns the last day asked for that has come.
    fn last_day(&self) -> Option<Date> {
        let today = self.days.as_of.day();
        [self.days.to, today].into_iter().flatten().min()
    }

    fn complaints(&self) -> impl Iterator<Item = &Lesson> + Clone {
        self.taught.iter().filter(|lesson| !lesson.is_proactive)
    }
}

const fn none() -> Counted<Key> {
    Counted {
        closed: 0,
        causes: BTreeMap::new(),
    }
}
