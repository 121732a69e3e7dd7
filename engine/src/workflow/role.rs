//! The roles in which people act, and sets of them.
//!
//! Invariant: a set never names more roles than a workflow may have.

use super::RoleIndex;

/// The most roles of a workflow, beside the built-in `customer`.
pub const ROLES_MAX: usize = 63;
/// The name of the built-in role of whoever passes on the customer's own act.
pub const CUSTOMER: &str = "customer";
/// A role. The built-in `customer` is the first of every workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// What people call it.
    pub title: String,
    /// It may look but not act.
    pub reads_only: bool,
    /// It is an integration, not a person.
    pub system: bool,
}

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoleSet(pub(crate) u64);

impl RoleSet {
    /// Returns whether the role is in the set.
    #[must_use]
    pub const fn contains(self, role: RoleIndex) -> bool {
        role.0 < 64 && self.0 & (1 << role.0) != 0
    }

    /// Returns the set with one more role.
    #[must_use]
    pub const fn with(self, role: RoleIndex) -> Self {
        Self(self.0 | (1 << (role.0 % 64)))
    }

    /// Returns the roles in both sets.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the roles in either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether nobody is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}
