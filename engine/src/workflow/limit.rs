//! How much each role may give without asking, and the stretches of time it counts over.
//!
//! Invariant: amounts are compared within one currency; a limit in another one allows nothing.

use std::collections::BTreeMap;
use std::fmt;

use jiff::ToSpan as _;
use serde::{Deserialize, Serialize};

use super::{RoleIndex, RoleSet};
use crate::money::{Currency, Money};
use crate::time::Timestamp;

/// A stretch of local time, over all cases of a workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From midnight.
    Day,
    /// From Monday.
    Week,
    /// From the first.
    Month,
}

impl Period {
    /// Returns its word in the language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }

    /// Returns the first instant of the period that holds an instant, in a time zone. `None` for an
    /// unknown zone.
    #[must_use]
    pub fn since(self, at: Timestamp, zone: &str) -> Option<Timestamp> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).ok()?;
        let at = jiff::Timestamp::from_microsecond(at.micros()).ok()?;
        let day = at.to_zoned(zone.clone()).date();
        let first = match self {
            Self::Day => day,
            Self::Week => {
                let past = i64::from(day.weekday().to_monday_zero_offset());
                day.checked_sub(past.days()).ok()?
            }
            Self::Month => day.first_of_month(),
        };
        // A midnight that a clock change skips is the first instant after it.
        let first = first.to_zoned(zone).ok()?;
        Timestamp::from_micros(first.timestamp().as_microsecond()).ok()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// So much in one case, or in one period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// So much.
    pub amount: Money,
    /// Over what it counts; `None` for one case.
    pub per: Option<Period>,
}

/// How much each role may give without asking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limit {
    pub(crate) roles: BTreeMap<RoleIndex, Vec<Part>>,
}

impl Limit {
    /// Returns what holds for a role in a currency; nothing where it may give nothing.
    pub fn parts(&self, role: RoleIndex, currency: Currency) -> impl Iterator<Item = &Part> {
        let parts = self.roles.get(&role).into_iter().flatten();
        parts.filter(move |part| part.amount.currency == currency)
    }

    /// Returns the roles that could give or approve an amount by itself, where so much is booked in
    /// the case already. What a person gave in a period may still stand against it.
    #[must_use]
    pub fn sufficient(&self, amount: Money, booked: i64) -> RoleSet {
        let suffices = |role: &RoleIndex| {
            let mut parts = self.parts(*role, amount.currency).peekable();
            parts.peek().is_some()
                && parts.all(|part| {
                    let before = if part.per.is_none() { booked } else { 0 };
                    amount.minor.saturating_add(before) <= part.amount.minor
                })
        };
        let roles = self.roles.keys().copied().filter(suffices);
        roles.fold(RoleSet::default(), RoleSet::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_begin_in_local_time() {
        let since = |period: Period, at: &str, zone: &str| {
            let since = period.since(Timestamp::parse(at).unwrap(), zone).unwrap();
            since.to_string()
        };
        // A Monday, 00:30 in Lisbon, is still Sunday in UTC.
        let at = "2026-08-02T23:30:00Z";
        assert_eq!(since(Period::Day, at, "UTC"), "2026-08-02T00:00:00Z");
        assert_eq!(
            since(Period::Day, at, "Europe/Lisbon"),
            "2026-08-02T23:00:00Z"
        );
        assert_eq!(since(Period::Week, at, "UTC"), "2026-07-27T00:00:00Z");
        assert_eq!(
            since(Period::Week, at, "Europe/Lisbon"),
            "2026-08-02T23:00:00Z"
        );
        assert_eq!(
            since(Period::Month, at, "Europe/Lisbon"),
            "2026-07-31T23:00:00Z"
        );
        // Summer time began at this midnight in Beirut in 2026: there was no 00:00.
        assert_eq!(
            since(Period::Day, "2026-03-29T09:00:00Z", "Asia/Beirut"),
            "2026-03-28T22:00:00Z"
        );
        assert_eq!(
            Period::Day.since(Timestamp::default(), "Mars/Olympus"),
            None
        );
    }

    #[test]
    fn a_role_suffices_when_every_part_does() {
        let money = |text: &str| Money::parse(text).unwrap();
        let part = |text: &str, per| Part {
            amount: money(text),
            per,
        };
        let parts = vec![part("50 EUR", None), part("70 EUR", Some(Period::Week))];
        let limit = Limit {
            roles: BTreeMap::from([(RoleIndex(1), parts)]),
        };
        let suffices = |text: &str, booked| !limit.sufficient(money(text), booked).is_empty();
        assert!(suffices("50 EUR", 0));
        assert!(!suffices("50 EUR", 1));
        assert!(!suffices("50.01 EUR", 0));
        assert!(!suffices("1 USD", 0), "no part is in this currency");
    }
}
