//! The code of every reason, and which of them are about the present only.

use super::Reason;
use crate::code::Code;

impl Reason {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::NoSuchCase => Code::HC001,
            Self::AlreadyOpen => Code::HC002,
            Self::Closed { .. } => Code::HC003,
            Self::NoSuchAction { .. } => Code::HC004,
            Self::NotYours { .. } => Code::HC005,
            Self::NotBy { .. } => Code::HC006,
            Self::AnswersMissing { .. } => Code::HC007,
            Self::NeedsNotMet { .. } => Code::HC008,
            Self::TasksOpen { .. } => Code::HC009,
            Self::TaskDone { .. } => Code::HC010,
            Self::UsedUp { .. } => Code::HC011,
            Self::NotAsked { .. } => Code::HC012,
            Self::CauseMissing { .. } => Code::HC013,
            Self::ReasonMissing { .. } => Code::HC014,
            Self::NothingToCorrect { .. } => Code::HC015,
            Self::NotReopenable { .. } => Code::HC016,
            Self::ReopenTooLate { .. } => Code::HC017,
            Self::NotClosed { .. } => Code::HC018,
            Self::CauseNotNow { .. } => Code::HC019,
            Self::NoSuchCause { .. } | Self::NoCauses { .. } => Code::HC020,
            Self::TooFewWhys { .. } => Code::HC021,
            Self::ImportIncomplete { .. } => Code::HC022,
            Self::HistoryFull { .. } => Code::HC023,
            Self::NoSuchWorkflow { .. } => Code::HC024,
            Self::NoSuchStep { .. } => Code::HC025,
            Self::ReadOnlyRole { .. } => Code::HC026,
            Self::VersionTaken { .. } => Code::HC027,
            Self::OverMax { .. } => Code::HC028,
            Self::OverLimit { .. } => Code::HC029,
            Self::NotTheApprover { .. } => Code::HC030,
            Self::NothingToApprove { .. } => Code::HC031,
            Self::FromTable { .. } => Code::HC032,
            Self::PromiseOwed(_) => Code::HC033,
            Self::PromiseNotOwed { .. } => Code::HC034,
            Self::DueOutside { .. } => Code::HC035,
            Self::SurveyNotOpen { .. } => Code::HC036,
            Self::NoSuchQuestion { .. } => Code::HC037,
            Self::OutsideScale { .. } => Code::HC038,
            Self::FollowUpNotDue { .. } => Code::HC039,
            Self::NotExtended { because, .. } => because.code(),
            Self::NoSuchDeadline { .. } => Code::HC044,
            Self::Diagnosis(undiagnosed) => undiagnosed.code(),
            Self::Merge(unmerged) => unmerged.code(),
        }
    }
}

impl Reason {
    /// Says whether an open case would do what was asked at another time or by another person, so
    /// that the reader asks what to do instead.
    pub(super) const fn is_about_now(&self) -> bool {
        match self {
            Self::NoSuchAction { .. }
            | Self::NotYours { .. }
            | Self::NotBy { .. }
            | Self::TasksOpen { .. }
            | Self::TaskDone { .. }
            | Self::UsedUp { .. }
            | Self::CauseMissing { .. }
            | Self::CauseNotNow { .. }
            | Self::OverLimit { .. }
            | Self::NotTheApprover { .. }
            | Self::PromiseOwed(_) => true,
            Self::NoSuchCase
            | Self::AlreadyOpen
            | Self::Closed { .. }
            | Self::AnswersMissing { .. }
            | Self::NeedsNotMet { .. }
            | Self::NotAsked { .. }
            | Self::ReasonMissing { .. }
            | Self::NothingToCorrect { .. }
            | Self::NotReopenable { .. }
            | Self::ReopenTooLate { .. }
            | Self::NotClosed { .. }
            | Self::NoSuchCause { .. }
            | Self::NoCauses { .. }
            | Self::TooFewWhys { .. }
            | Self::ImportIncomplete { .. }
            | Self::HistoryFull { .. }
            | Self::NoSuchWorkflow { .. }
            | Self::NoSuchStep { .. }
            | Self::ReadOnlyRole { .. }
            | Self::VersionTaken { .. }
            | Self::OverMax { .. }
            | Self::NothingToApprove { .. }
            | Self::FromTable { .. }
            | Self::PromiseNotOwed { .. }
            | Self::DueOutside { .. }
            | Self::SurveyNotOpen { .. }
            | Self::NoSuchQuestion { .. }
            | Self::OutsideScale { .. }
            | Self::FollowUpNotDue { .. }
            | Self::NotExtended { .. }
            | Self::NoSuchDeadline { .. }
            | Self::Diagnosis(_)
            | Self::Merge(_) => false,
        }
    }
}
