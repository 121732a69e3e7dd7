//! What a case has given, on whose authority, and what was approved.
//!
//! Invariant: one recording stands booked at most once.

use serde::{Deserialize, Serialize};

use super::Case;
use crate::id::{FieldName, LimitName, PersonId, Revision, RoleName};
use crate::money::{Currency, INTEGER_MAX, Money};
use crate::time::Timestamp;

/// The person whose limit covers an amount, and the role that gives it to them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// The person.
    pub person: PersonId,
    /// The role that the person used.
    pub role: RoleName,
}

/// An amount that was given and not taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Booking {
    /// The amount.
    pub amount: Money,
    /// When it was given: it counts in the day, week and month of this instant.
    pub at: Timestamp,
    /// On whose authority.
    pub authority: Authority,
    /// The field whose answer was given.
    pub field: FieldName,
    /// The limit of that field.
    pub limit: LimitName,
    /// The recording that was given.
    pub recording: u32,
    /// The entry that holds it.
    pub revision: Revision,
}

/// An approval of the present recording of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Approval {
    /// When it was approved.
    pub at: Timestamp,
    /// Who approved it.
    pub by: Authority,
    /// The recording that was approved.
    pub recording: u32,
}

impl Case {
    /// Returns what is given and not taken back, in the order of giving.
    #[must_use]
    pub fn bookings(&self) -> &[Booking] {
        &self.bookings
    }

    /// Returns the approvals that stand, by field.
    pub fn approvals(&self) -> impl Iterator<Item = (&FieldName, &Approval)> {
        self.approvals.iter()
    }

    /// Returns the approval of the present recording of a field.
    #[must_use]
    pub fn approval(&self, field: &str) -> Option<&Approval> {
        self.approvals.get(field)
    }

    /// Returns the total booked of a field, in the currency of its bookings; none where nothing is.
    #[must_use]
    pub fn total_booked(&self, field: &str) -> Option<Money> {
        let of_field = || self.bookings.iter().filter(|b| b.field.as_str() == field);
        let currency = of_field().next()?.amount.currency;
        let of_currency = of_field().filter(|booking| booking.amount.currency == currency);
        Some(total(of_currency, currency))
    }
}

/// Returns the sum of bookings of one currency, at most [`INTEGER_MAX`].
pub(super) fn total<'b>(
    bookings: impl IntoIterator<Item = &'b Booking>,
    currency: Currency,
) -> Money {
    let minor = bookings.into_iter().map(|booking| booking.amount.minor);
    let minor = minor.fold(0, i64::saturating_add).min(INTEGER_MAX);
    Money { currency, minor }
}
