//! Finds steps that together may take longer than the clock or promise that runs through them,
//! though everybody is in time.
//!
//! Lengths of one scale are added. Others are laid out one after another in an ordinary week,
//! without closed days, from every hour at which somebody is there or has just left.
//!
//! A clock with `when` may never begin on the ways that are left once those are taken away whose
//! conditions contradict it, so too long is no more than a warning there.

mod week;

use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef as _;

use self::week::{LAYINGS_MAX, Lengths, Week};
use super::deadlines::{FOLLOWED_MAX, Scale, scaled};
use super::longest::{Long, Measure, longest};
use super::owed::keeps_and_stays;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::compile::filled::Fields;
use crate::workflow::condition::Condition;
use crate::workflow::length::Length;
use crate::workflow::source::{self, Clock, Sp, Step};
use crate::workflow::ways::{Place, WALK_STEPS_MAX, Way, is_offered};

pub(super) struct LongerThanLimit;

/// A length as the file writes it, and the calendar that it names.
type Written<'a> = (&'a Sp<Length>, Option<&'a str>);

/// A clock or promise.
struct Limit<'a> {
    /// "the clock `first_reply`"
    what: String,
    /// The longest that it may be.
    length: Written<'a>,
    begins: Vec<NodeIndex>,
    /// It stands still where a step pauses.
    is_paused: bool,
    /// It begins only if this holds.
    when: Option<&'a source::Condition>,
}

impl Rule for LongerThanLimit {
    fn code(&self) -> Code {
        Code::H504
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let week = Week::of(file.source);
        let mut layings = LAYINGS_MAX;
        let clocks = file.source.clocks.iter().take(FOLLOWED_MAX);
        for (name, clock) in clocks {
            let Some(limit) = of_clock(file, name, &clock.value) else {
                continue;
            };
            let is_end = |place: NodeIndex| match file.ways.at(place) {
                Some(Place::Step(name, _)) => clock.value.until.iter().any(|on| on.value == name),
                Some(Place::Outcome(..)) | None => true,
            };
            let long = long(file, &week, &limit, &is_end, &|_| false);
            found.extend(
                long.and_then(|long| self.compare(file, &week, &mut layings, &limit, &long)),
            );
        }
        let promises = file.source.promises.iter().take(FOLLOWED_MAX);
        for (name, promise) in promises {
            let Some(within) = &promise.value.within else {
                continue;
            };
            let limit = Limit {
                what: format!("the promise `{name}`"),
                length: (within, named(promise.value.calendar.as_ref())),
                begins: made(file, name),
                is_paused: false,
                when: None,
            };
            let is_end = |place: NodeIndex| can_be_kept(file, place, name);
            let long = long(file, &week, &limit, &is_end, &|way| keeps(way, name));
            found.extend(
                long.and_then(|long| self.compare(file, &week, &mut layings, &limit, &long)),
            );
        }
    }
}

fn named(calendar: Option<&Sp<String>>) -> Option<&str> {
    calendar.map(|name| name.value.as_str())
}

fn of_clock<'a>(file: &File<'a>, name: &str, clock: &'a Clock) -> Option<Limit<'a>> {
    let extended = clock.extend.as_ref().and_then(|extend| extend.to.as_ref());
    let length = extended.or(clock.within.as_ref())?;
    let mut begins = Vec::new();
    for from in &clock.from {
        match from.value.as_str() {
            "opened" => begins.extend(file.ways.start()),
            "reopened" => {
                let reached = file.ways.reached().into_iter();
                begins.extend(reached.filter_map(|place| file.ways.reopens(place)));
            }
            // From a date it runs from whenever that is; a closed case is in no step.
            step => begins.extend(file.source.steps.get(step).and(file.ways.place(step))),
        }
    }
    Some(Limit {
        what: format!("the clock `{name}`"),
        length: (length, named(clock.calendar.as_ref())),
        begins,
        is_paused: !clock.statutory && length.value.unit.can_pause(),
        when: clock.when.as_ref(),
    })
}

/// Returns the steps to which a way leads that makes a promise.
fn made(file: &File<'_>, promise: &str) -> Vec<NodeIndex> {
    let makes = |way: &Way<'_>| {
        let mut made = way.effects().flat_map(|effects| &effects.makes);
        made.any(|name| name.value == promise)
    };
    let ways = file.ways.graph.edge_references();
    let mut made: Vec<NodeIndex> = ways
        .filter(|edge| makes(edge.weight()))
        .map(|edge| edge.target())
        .collect();
    made.sort_unstable();
    made.dedup();
    made
}

fn keeps(way: &Way<'_>, promise: &str) -> bool {
    let mut kept = way.effects().flat_map(|effects| &effects.keeps);
    kept.any(|name| name.value == promise)
}

/// Returns whether a promise is no more owed where a case comes to, or can be kept at once, also
/// to be made anew.
fn can_be_kept(file: &File<'_>, place: NodeIndex, promise: &str) -> bool {
    let Some((name, step)) = file.ways.at(place).and_then(Place::step) else {
        return true;
    };
    let anywhere = file.source.anywhere.values();
    let open = anywhere.filter(|action| is_offered(&action.value, name));
    let mut actions = step.value.actions.values().chain(open);
    actions.any(|action| keeps_and_stays(&action.value, promise).is_some())
}

/// Returns how long a step may take: what it is due, or else the longest of its tasks.
fn due<'a>(file: &File<'a>, week: &Week, place: NodeIndex) -> Option<Written<'a>> {
    let (_, step) = file.ways.at(place)?.step()?;
    if let Some(due) = &step.value.due {
        return Some((due.within.as_ref()?, named(due.calendar.as_ref())));
    }
    let tasks = step.value.tasks.values();
    let dues = tasks.filter_map(|task| task.value.due.as_ref());
    let dues = dues.filter_map(|due| Some((due.within.as_ref()?, named(due.calendar.as_ref()))));
    dues.max_by_key(|(length, calendar)| week.roughly(length.value, *calendar))
}

fn pauses(step: &Step) -> bool {
    step.pauses.as_ref().is_some_and(|pauses| pauses.value)
}

/// Returns what a step adds to the time of a limit.
fn added<'a>(
    file: &File<'a>,
    week: &Week,
    limit: &Limit<'_>,
    place: NodeIndex,
) -> Option<Written<'a>> {
    let (_, step) = file.ways.at(place)?.step()?;
    let stands_still = limit.is_paused && pauses(&step.value);
    due(file, week, place).filter(|_| !stands_still)
}

/// Returns whether a condition can hold in a case that goes a way. In doubt it can.
fn can_hold_on(file: &File<'_>, when: &source::Condition, way: &Way<'_>) -> bool {
    let Some((action, rule)) = way.taken else {
        return true;
    };
    let earlier = action.rules.iter();
    let earlier = earlier.take_while(|other| !std::ptr::eq(*other, rule));
    let earlier = earlier.filter_map(|other| other.when.as_ref());
    let not = |when| Condition::Not(Box::new(file.facts.condition(when)));
    let held = [when].into_iter().chain(&rule.when);
    let held = held.map(|when| file.facts.condition(when));
    let all = Condition::All(held.chain(earlier.map(not)).collect());
    let choice = file.facts.ask(&[&action.needs], vec![all], Fields::new());
    choice.is_ok_and(|choice| choice.fits(0) != Ok(None))
}

fn long(
    file: &File<'_>,
    week: &Week,
    limit: &Limit<'_>,
    is_end: &dyn Fn(NodeIndex) -> bool,
    is_last: &dyn Fn(&Way<'_>) -> bool,
) -> Option<Long> {
    let takes = |place: NodeIndex| {
        let added = added(file, week, limit, place);
        added.map_or(0, |(length, calendar)| week.roughly(length.value, calendar))
    };
    let measure = Measure {
        takes: &takes,
        is_end,
        is_last,
        can_go: &|way| limit.when.is_none_or(|when| can_hold_on(file, when, way)),
    };
    longest(file.ways, &limit.begins, &measure)
}

impl LongerThanLimit {
    fn compare(
        &self,
        file: &File<'_>,
        week: &Week,
        layings: &mut usize,
        limit: &Limit<'_>,
        long: &Long,
    ) -> Option<Finding> {
        let steps = long.steps.iter();
        let added: Vec<Written<'_>> = steps
            .filter_map(|place| added(file, week, limit, *place))
            .collect();
        let parts: Lengths<'_> = added
            .iter()
            .map(|(length, calendar)| (length.value, *calendar))
            .collect();
        let (length, calendar) = limit.length;
        let whole = (length.value, calendar);
        let (is_error, at) = match sum(&parts, whole) {
            Some((sum, most)) if sum > most => {
                let at = "shorter than all of them together".to_owned();
                (limit.when.is_none(), at)
            }
            Some(_) => return None,
            None => {
                let begun = week.first_late(&parts, whole, layings)?;
                (
                    false,
                    format!("too short for a case that begins on a {begun}"),
                )
            }
        };
        let message = format!(
            "even if every step is in time, {} {} late: {}",
            limit.what,
            if is_error { "is" } else { "may be" },
            file.ways.tell(long.begin, &long.ways)
        );
        let mut finding = if is_error {
            Finding::error(self.code(), length.span, message)
        } else {
            Finding::warning(self.code(), length.span, message)
        };
        for (step, _) in added.iter().take(WALK_STEPS_MAX) {
            finding = finding.label(step.span, "so long here");
        }
        let finding = finding.at(at).why(
            "those who work on the case keep to the time they are given, and the customer is let \
             down all the same",
        );
        Some(finding.mend(format!(
            "give the steps on this way less time, or {} more than {}",
            limit.what, length.value
        )))
    }
}

/// Returns the sum of lengths and the limit in numbers of one scale. `None` where the scales
/// differ, or working time is of several calendars.
fn sum(parts: &Lengths<'_>, (whole, calendar): (Length, Option<&str>)) -> Option<(u64, u64)> {
    let (scale, most) = scaled(whole);
    let mut sum = 0;
    for (part, of) in parts {
        let (of_scale, amount) = scaled(*part);
        let is_same = match scale {
            Scale::Minutes | Scale::Days | Scale::Months => true,
            Scale::WorkingMinutes | Scale::WorkingDays | Scale::EndOfWorkingDays => {
                of.unwrap_or(DEFAULT) == calendar.unwrap_or(DEFAULT)
            }
        };
        if of_scale != scale || !is_same {
            return None;
        }
        sum += amount;
    }
    Some((sum, most))
}

const DEFAULT: &str = crate::workflow::DEFAULT_CALENDAR;
