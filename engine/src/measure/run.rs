//! Deadlines and surveys of one case, from their start to their end.

use std::collections::BTreeMap;

use super::Took;
use crate::case::{DeadlineKind, DeadlineName, Verdict};
use crate::id::{QuestionName, SurveyName};
use crate::time::Timestamp;

/// A deadline that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What it is.
    pub name: DeadlineName,
    /// From when it counts.
    pub anchor: Timestamp,
    /// When it was started.
    pub started_at: Timestamp,
    /// It waits for its condition, and so far does not run.
    pub waits: bool,
    /// When it is due, by the last word about it; none while it stands still.
    pub due: Option<Timestamp>,
    /// When its due time passed, the first time.
    pub late_at: Option<Timestamp>,
    /// Its due time passed while the default calendar was closed.
    pub is_late_outside_hours: bool,
    /// Since when it is to be done: a follow-up.
    pub open_since: Option<Timestamp>,
    /// Until when a follow-up is done in time.
    pub done_until: Option<Timestamp>,
    /// When and how it ended.
    pub ended: Option<(Timestamp, Verdict)>,
    /// How far from its due time it was stopped or kept.
    pub margin: Option<Margin>,
    /// When it got a new due time with the customer's consent.
    pub renegotiated: Vec<Timestamp>,
}

/// How far from its due time something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Margin {
    /// So long before it.
    Early(Took),
    /// So long after it, or just then: what is due at an instant is late from it on.
    Late(Took),
}

/// What became of a promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// Kept by its due time.
    Kept,
    /// Kept after its due time.
    KeptLate,
    /// Not kept, and the case is closed.
    Broken,
    /// Past its due time and still owed.
    Overdue,
    /// Given up with the case by the customer's own choice, before its due time.
    Released,
    /// Owed, and its due time is yet to come.
    Owed,
}

/// What became of a follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// Done in time.
    InTime,
    /// Done later.
    Late,
    /// Not done.
    Open,
}

impl Run {
    /// Returns when it was judged and whether it was in time; none while it runs, and where it
    /// ended without a verdict before its due time. The breach is what counts, and its instant,
    /// whatever came afterwards.
    #[must_use]
    pub fn judged(&self) -> Option<(Timestamp, bool)> {
        if let Some(at) = self.late_at {
            return Some((at, false));
        }
        let (at, verdict) = self.ended?;
        match verdict {
            Verdict::Met | Verdict::Kept => Some((at, true)),
            Verdict::Late | Verdict::KeptLate | Verdict::Broken => Some((at, false)),
            Verdict::Ended
            | Verdict::Released
            | Verdict::Done
            | Verdict::Cancelled
            | Verdict::Skipped => None,
        }
    }

    /// Returns what became of a promise, and when; none of other deadlines.
    #[must_use]
    pub fn fate(&self) -> Option<(Timestamp, Fate)> {
        if self.name.kind() != DeadlineKind::Promise {
            return None;
        }
        let ended = self.ended.map(|(_, verdict)| verdict);
        let end = self.ended.map_or(self.started_at, |(at, _)| at);
        Some(match (self.late_at, ended) {
            (Some(late), None) => (late, Fate::Overdue),
            (Some(late), Some(Verdict::Kept | Verdict::KeptLate)) => (late, Fate::KeptLate),
            (Some(late), Some(_)) => (late, Fate::Broken),
            (None, None) => (self.started_at, Fate::Owed),
            (None, Some(Verdict::Kept)) => (end, Fate::Kept),
            (None, Some(Verdict::KeptLate)) => (end, Fate::KeptLate),
            (None, Some(Verdict::Broken)) => (end, Fate::Broken),
            (None, Some(_)) => (end, Fate::Released),
        })
    }

    /// Returns what became of a follow-up that was to be done, and when it was to be; none of
    /// other deadlines, and of one called off because the case was opened again.
    #[must_use]
    pub fn doing(&self) -> Option<(Timestamp, Doing)> {
        let open = self.open_since?;
        if self.name.kind() != DeadlineKind::FollowUp {
            return None;
        }
        match self.ended {
            Some((_, Verdict::Cancelled)) => None,
            Some((at, _)) => {
                let is_in_time = self.done_until.is_none_or(|until| at <= until);
                Some((
                    open,
                    if is_in_time {
                        Doing::InTime
                    } else {
                        Doing::Late
                    },
                ))
            }
            None => Some((open, Doing::Open)),
        }
    }
}

/// A survey that was planned after a closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// Which.
    pub name: SurveyName,
    /// The closing it follows, by its place in the case, from 0.
    pub closing: usize,
    /// What became of it.
    pub delivery: Delivery,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// The answers.
    pub scores: Vec<Score>,
}

/// What became of a survey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Its time is yet to come.
    Planned,
    /// It went to the customer.
    Sent(Timestamp),
    /// It was not sent: the customer got as many as they may.
    Skipped(Timestamp),
    /// It was called off, because the case was opened again.
    Cancelled,
}

/// One answer on a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The question.
    pub question: QuestionName,
    /// The lowest answer of its scale.
    pub lowest: u32,
    /// The highest answer of its scale.
    pub highest: u32,
    /// The answer.
    pub score: u32,
}

impl Survey {
    /// Takes the answers, each with its scale.
    pub(super) fn answer(
        &mut self,
        at: Timestamp,
        answers: &BTreeMap<QuestionName, u32>,
        scale: impl Fn(&QuestionName) -> Option<(u32, u32)>,
    ) {
        self.answered_at = Some(at);
        let scored = answers.iter().filter_map(|(question, score)| {
            let (lowest, highest) = scale(question)?;
            Some(Score {
                question: question.clone(),
                lowest,
                highest,
                score: *score,
            })
        });
        self.scores = scored.collect();
    }
}
