//! What is read beside the case when a command is decided.
//!
//! Before deciding, [`asked`] says what must be read: what people gave this day, week or month in
//! all cases of the workflow. Almost every command asks nothing. Whoever answers must let no other
//! command of that workflow book before this one is written, so that two cases at once cannot pass
//! one limit.
//!
//! Invariant: a fact that decided is written in the entry, so that replay needs nothing else.
//! Invariant: a fact that was asked for and does not come covers nothing: all is over the limit.

mod surveyed;

use serde::{Deserialize, Serialize};

use super::Case;
use super::booking::{Authority, Booking, total};
use super::command::{Act, Command, Way};
use super::event::{Commitment, Event, Held};
use crate::id::{LimitName, PersonId};
use crate::money::{Currency, Money};
use crate::time::Timestamp;
use crate::workflow::limit::Period;
use crate::workflow::{Action, DONE, FieldIndex, Rule, Workflow};

pub(super) use surveyed::is_surveyed_enough;
pub use surveyed::{SurveyAsk, SurveyRow, Surveyed, asked_by_firing, survey_rows};

/// Everything read beside the case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// What people have given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Given>,
    /// How often customers were sent surveys.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub surveyed: Vec<Surveyed>,
}

/// What a person has given on their own authority since the beginning of a period, in all cases of
/// the workflow, whatever their version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Under which limit.
    pub limit: LimitName,
    /// In which period.
    pub period: Period,
    /// Who.
    pub person: PersonId,
    /// When the period began.
    pub since: Timestamp,
    /// So much.
    pub sum: Money,
}

/// What must be known before a command is decided; its answer is [`Given`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// Under which limit.
    pub limit: LimitName,
    /// In which period.
    pub period: Period,
    /// Who.
    pub person: PersonId,
    /// When the period began: bookings of this instant and later count.
    pub since: Timestamp,
    /// In which currency.
    pub currency: Currency,
}

impl Facts {
    /// Every kind of fact that this build can read.
    pub const KEYS: [&'static str; 2] = ["given", "surveyed"];

    /// Returns whether nothing was read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.given.is_empty() && self.surveyed.is_empty()
    }

    /// Returns what answers a question; none where it was not read.
    ///
    /// When the period began is not compared: it hangs on the rules of time zones, which change,
    /// and what was read then is what decided.
    #[must_use]
    pub fn answer(&self, ask: &Ask) -> Option<&Given> {
        let answers = |given: &&Given| {
            given.limit == ask.limit
                && given.period == ask.period
                && given.person == ask.person
                && given.sum.currency == ask.currency
        };
        self.given.iter().find(answers)
    }
}

/// Returns what must be read before a command is decided: nothing for every command that cannot
/// touch an amount with a limit by day, week or month.
#[must_use]
pub fn asked(workflow: &Workflow, case: &Case, command: &Command) -> Vec<Ask> {
    let Some(action) = action_of(workflow, case, &command.act) else {
        return Vec::new();
    };
    let actor = Authority {
        person: command.actor.person,
        role: command.actor.role.clone(),
    };
    let at = command.at.max(case.updated_at());
    let mut asks = Vec::new();
    for field in &action.limited {
        let name = workflow.field_at(*field).0;
        let recorder = case.answers().get(name).map(super::Answer::recorder);
        for who in recorder.iter().chain([&actor]) {
            asks.extend(asks_of(workflow, *field, who, at));
        }
    }
    asks.sort_unstable();
    asks.dedup();
    asks
}

/// Returns on whose authority a command may give or take back under which limits without that
/// anything of them is [`asked`]: who approved, and who gave what may be taken back. Whoever counts
/// what they give must let nobody else count beside this command.
#[must_use]
pub fn touched(
    workflow: &Workflow,
    case: &Case,
    act: &Act<Held, Commitment>,
) -> Vec<(LimitName, PersonId)> {
    let Some(action) = action_of(workflow, case, act) else {
        return Vec::new();
    };
    let mut touched = Vec::new();
    let mut touch = |field: FieldIndex, person: PersonId| {
        if let Some((limit, known)) = workflow.limit_of(field)
            && known
                .roles
                .values()
                .flatten()
                .any(|part| part.per.is_some())
        {
            touched.push((limit.clone(), person));
        }
    };
    for field in &action.limited {
        let name = workflow.field_at(*field).0;
        if let Some(approval) = case.approval(name.as_str()) {
            touch(*field, approval.by.person);
        }
    }
    let rules = action.rules.iter();
    for field in rules.flat_map(|rule| &rule.effects.takes_back) {
        let name = workflow.field_at(*field).0;
        let booked = case.bookings().iter();
        for booking in booked.filter(|booking| booking.field == *name) {
            touch(*field, booking.authority.person);
        }
    }
    touched
}

/// Says whether [`asked`] or [`touched`] may name anything of an act, before it becomes a command.
#[must_use]
pub fn may_ask(workflow: &Workflow, case: &Case, act: &Act<Held, Commitment>) -> bool {
    let moves = |rule: &Rule| !rule.effects.takes_back.is_empty();
    let action = action_of(workflow, case, act);
    action.is_some_and(|action| !action.limited.is_empty() || action.rules.iter().any(moves))
}

/// Returns the action that a command takes, or that its task may take by itself.
fn action_of<'w>(
    workflow: &'w Workflow,
    case: &Case,
    act: &Act<Held, Commitment>,
) -> Option<&'w Action> {
    let Act::Advance(advance) = act else {
        return None;
    };
    let (_, step) = workflow.step(case.step()?.as_str())?;
    match &advance.way {
        Way::Action(name) => {
            let own = step.actions.get(name);
            own.or_else(|| workflow.anywhere().get(name))
        }
        Way::Task(_) => step.actions.get(DONE).filter(|_| step.has_next),
    }
}

/// Returns what must be known of a person's limit of a field, one question for each of its periods.
pub(super) fn asks_of(
    workflow: &Workflow,
    field: FieldIndex,
    who: &Authority,
    at: Timestamp,
) -> Vec<Ask> {
    let parts = || {
        let currency = workflow.field_at(field).1.currency()?;
        let (name, limit) = workflow.limit_of(field)?;
        let (role, _) = workflow.role(who.role.as_str())?;
        let parts = limit.parts(role, currency);
        let ask = |period: Period| {
            Some(Ask {
                limit: name.clone(),
                period,
                person: who.person,
                since: period.since(at, workflow.zone())?,
                currency,
            })
        };
        Some(parts.filter_map(|part| ask(part.per?)).collect())
    };
    parts().unwrap_or_default()
}

/// Answers a question from bookings: those of all cases of the workflow.
#[must_use]
pub fn given_in<'b>(bookings: impl IntoIterator<Item = &'b Booking>, ask: &Ask) -> Given {
    let counts = |booking: &&Booking| {
        booking.limit == ask.limit
            && booking.authority.person == ask.person
            && booking.at >= ask.since
            && booking.amount.currency == ask.currency
    };
    Given {
        limit: ask.limit.clone(),
        period: ask.period,
        person: ask.person,
        since: ask.since,
        sum: total(bookings.into_iter().filter(counts), ask.currency),
    }
}

/// A row of a table from which questions are answered: the sum of the rows of a person, limit,
/// currency and workflow with `at >= since`. Whoever keeps it adds case and workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRow {
    /// When the amount was given, also in the row that takes it back: so it is free again in the
    /// very period in which it counted.
    pub at: Timestamp,
    /// In which currency.
    pub currency: Currency,
    /// Under which limit.
    pub limit: LimitName,
    /// Minor units; negative where an amount was taken back.
    pub minor: i64,
    /// On whose authority.
    pub person: PersonId,
}

/// Returns the rows of an entry: `at` is its time. Most entries have none.
#[must_use]
pub fn booking_rows(at: Timestamp, events: &[Event]) -> Vec<BookingRow> {
    let row = |event: &Event| match event {
        Event::Given(given) => Some(BookingRow {
            at,
            currency: given.amount.currency,
            limit: given.limit.clone(),
            minor: given.amount.minor,
            person: given.authority.person,
        }),
        Event::TakenBack(taken) => Some(BookingRow {
            at: taken.given_at,
            currency: taken.amount.currency,
            limit: taken.limit.clone(),
            minor: -taken.amount.minor,
            person: taken.authority.person,
        }),
        Event::CaseOpened(_)
        | Event::CaseImported(_)
        | Event::StepEntered(_)
        | Event::AnswerRecorded(_)
        | Event::ValueComputed(_)
        | Event::ValueEmptied(_)
        | Event::TaskDone(_)
        | Event::ActionTaken(_)
        | Event::Approved(_)
        | Event::CaseClosed(_)
        | Event::CaseReopened(_)
        | Event::AnswerCorrected(_)
        | Event::NoteAdded(_)
        | Event::CauseRecorded(_)
        | Event::CauseReviewed(_)
        | Event::CauseActionDone(_)
        | Event::EffectChecked(_)
        | Event::IssueConfirmed(_)
        | Event::CauseLinked(_)
        | Event::OriginRecorded(_)
        | Event::DuplicateMerged(_)
        | Event::MergedInto(_)
        | Event::DeadlineTakenOver(_)
        | Event::CauseReopened(_)
        | Event::Told(_)
        | Event::ContactRecorded(_)
        | Event::DeadlineStarted(_)
        | Event::DeadlinePaused(_)
        | Event::DeadlineResumed(_)
        | Event::DeadlineFired(_)
        | Event::DeadlineStopped(_)
        | Event::ClockExtended(_)
        | Event::PromiseRenegotiated(_)
        | Event::SurveySent(_)
        | Event::SurveySkipped(_)
        | Event::SurveyAnswered(_)
        | Event::FollowUpDone(_)
        | Event::WorkflowPublished(_) => None,
    };
    events.iter().filter_map(row).collect()
}
