//! Why an amount is not covered, and why a person is not the one to approve it.

use std::fmt;

use crate::id::RoleName;
use crate::money::Money;
use crate::workflow::limit::Part;

/// What stands against giving an amount on a person's own authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Over {
    /// The role that the person used.
    pub role: RoleName,
    /// The part of its limit that does not suffice; none where the role may give nothing.
    pub part: Option<Part>,
    /// What is booked in the case, or given in the period; none where that could not be read.
    pub booked: Option<Money>,
}

/// Why other eyes are needed for an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherEyes {
    /// The person recorded the amount.
    Recorded,
    /// The person took the action that entered this visit of the step.
    LedHere,
}

impl Over {
    pub(in crate::case) const fn none(role: RoleName) -> Self {
        Self {
            role,
            part: None,
            booked: None,
        }
    }
}

impl fmt::Display for Over {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Part { amount, per }) = self.part else {
            return write!(f, "the role `{}` may give nothing by itself", self.role);
        };
        write!(f, "the role `{}` may give {amount} per ", self.role)?;
        match (per, self.booked) {
            (None, Some(booked)) if booked.minor == 0 => f.write_str("case"),
            (None, Some(booked)) => write!(f, "case, and {booked} is given in this one already"),
            (Some(period), Some(booked)) => {
                write!(
                    f,
                    "{period}, and {booked} is given on the person's authority already"
                )
            }
            (None, None) => f.write_str("case, and what was given is not known"),
            (Some(period), None) => write!(f, "{period}, and what was given is not known"),
        }
    }
}

impl fmt::Display for OtherEyes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Recorded => "recorded the amount",
            Self::LedHere => "took the action that led here",
        })
    }
}
