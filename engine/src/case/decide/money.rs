//! Giving, taking back and approving amounts: semantics 14 to 16 of the language.
//!
//! Invariant: nothing is given that neither an approval nor a limit covers.

#[cfg(test)]
mod tests;

use super::Context;
use super::answers::{Overlay, Standing};
use crate::case::booking::{Approval, Authority, Booking, total};
use crate::case::event::{Approved, Event, Given, Held, TakenBack};
use crate::case::facts::{Ask, asks_of, given_in};
use crate::case::refusal::{OtherEyes, Over, Reason};
use crate::case::{Actor, Case};
use crate::id::{FieldName, LimitName, PersonId};
use crate::money::Money;
use crate::value::Value;
use crate::workflow::{Action, Effects, FieldIndex, Limit};

/// The amounts of a case while an action is decided: booked and approved so far, also by it.
pub(super) struct Purse<'a> {
    ctx: Context<'a>,
    case: &'a Case,
    overlay: &'a Overlay<'a>,
    bookings: Vec<Booking>,
    /// Approvals by this action.
    approvals: Vec<(FieldName, Approval)>,
    events: Vec<Event>,
    reasons: Vec<Reason>,
}

/// The present recording of a field with a limit.
struct Amount<'a> {
    index: FieldIndex,
    field: &'a FieldName,
    limit: (&'a LimitName, &'a Limit),
    money: Money,
    recording: u32,
    recorder: Authority,
}

/// On whose authority an amount may be given.
enum Cover {
    Approval(Authority),
    Limit(Authority),
}

impl<'a> Purse<'a> {
    pub(super) fn new(ctx: Context<'a>, case: &'a Case, overlay: &'a Overlay<'a>) -> Self {
        Self {
            ctx,
            case,
            overlay,
            bookings: case.bookings().to_vec(),
            approvals: Vec::new(),
            events: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// Says whether nobody covers the present amount of a field. One that is given already is over
    /// no limit, nor is nothing.
    pub(super) fn is_over(&self, field: FieldIndex) -> bool {
        self.amount(field)
            .is_some_and(|amount| !self.is_settled(&amount) && self.cover(&amount).is_err())
    }

    /// Returns the events of what a rule does with amounts, or everything that stands against it.
    pub(super) fn effects(
        mut self,
        effects: &Effects,
        what: &str,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        for field in &effects.takes_back {
            self.take_back(*field);
        }
        for field in &effects.approves {
            self.approve(*field, what);
        }
        for field in &effects.gives {
            self.give(*field, what);
        }
        if self.reasons.is_empty() {
            Ok(self.events)
        } else {
            Err(self.reasons)
        }
    }

    /// Returns the present recording of a field as an amount; none where it is empty.
    fn amount(&self, index: FieldIndex) -> Option<Amount<'a>> {
        let workflow = self.ctx.workflow;
        let field = workflow.field_at(index).0;
        let limit = workflow.limit_of(index)?;
        let (recording, value, recorder) = match self.overlay.standing(field) {
            Standing::Now(recording, value) => (recording, value, acting(self.ctx.actor())),
            Standing::Before(answer) => match &answer.value {
                Held::Open(value) => (answer.recording, value.clone(), answer.recorder()),
                Held::Sealed(_) => return None,
            },
            Standing::Empty => return None,
        };
        let Value::Money(money) = value else {
            return None;
        };
        Some(Amount {
            index,
            field,
            limit,
            money,
            recording,
            recorder,
        })
    }

    /// Says whether there is nothing to give: the recording is booked, or the amount is zero.
    fn is_settled(&self, amount: &Amount<'_>) -> bool {
        let mut bookings = self.bookings.iter();
        amount.money.minor == 0
            || bookings.any(|booking| {
                booking.field == *amount.field && booking.recording == amount.recording
            })
    }

    fn take_back(&mut self, index: FieldIndex) {
        let field = self.ctx.workflow.field_at(index).0;
        let last = self
            .bookings
            .iter()
            .rposition(|booking| booking.field == *field);
        // Whoever withdraws before anything was given takes nothing back, and that is all.
        let Some(last) = last else { return };
        let booking = self.bookings.remove(last);
        self.events.push(Event::TakenBack(TakenBack {
            amount: booking.amount,
            authority: booking.authority,
            field: booking.field,
            given_at: booking.at,
            limit: booking.limit,
            recording: booking.recording,
        }));
    }

    fn approve(&mut self, index: FieldIndex, what: &str) {
        let Some(amount) = self.amount(index) else {
            self.reasons.push(Reason::NothingToApprove {
                what: what.to_owned(),
                field: self.ctx.workflow.field_at(index).0.clone(),
            });
            return;
        };
        let by = acting(self.ctx.actor());
        let near = other_eyes(self.case, amount.recorder.person, self.ctx.actor());
        if let Some(because) = near {
            self.reasons.push(Reason::NotTheApprover {
                what: what.to_owned(),
                field: amount.field.clone(),
                because,
            });
        }
        if let Err(over) = self.fits(&amount, &by) {
            self.reasons.push(self.over_limit(what, &amount, over));
        }
        self.events.push(Event::Approved(Approved {
            amount: amount.money,
            field: amount.field.clone(),
            limit: amount.limit.0.clone(),
            recording: amount.recording,
        }));
        let approval = Approval {
            at: self.ctx.at(Some(self.case)),
            by,
            recording: amount.recording,
        };
        self.approvals.push((amount.field.clone(), approval));
    }

    fn give(&mut self, index: FieldIndex, what: &str) {
        let Some(amount) = self.amount(index).filter(|amount| !self.is_settled(amount)) else {
            return;
        };
        let (authority, by_approval) = match self.cover(&amount) {
            Ok(Cover::Approval(authority)) => (authority, true),
            Ok(Cover::Limit(authority)) => (authority, false),
            Err(over) => return self.reasons.push(self.over_limit(what, &amount, over)),
        };
        let (limit, at) = (amount.limit.0.clone(), self.ctx.at(Some(self.case)));
        self.bookings.push(Booking {
            amount: amount.money,
            at,
            authority: authority.clone(),
            field: amount.field.clone(),
            limit: limit.clone(),
            recording: amount.recording,
            revision: self.case.revision().next(),
        });
        self.events.push(Event::Given(Given {
            amount: amount.money,
            authority,
            by_approval,
            field: amount.field.clone(),
            limit,
            recording: amount.recording,
        }));
    }

    /// Returns who covers an amount: who approved this very recording, else who recorded it, else
    /// who acts. Otherwise what stands against the person who acts.
    fn cover(&self, amount: &Amount<'_>) -> Result<Cover, Over> {
        let now = self.approvals.iter().rev();
        let mut now = now.filter(|(field, _)| field == amount.field);
        let approval = now.next().map(|(_, approval)| approval);
        let approval = approval.or_else(|| self.case.approval(amount.field.as_str()));
        if let Some(approval) = approval.filter(|a| a.recording == amount.recording) {
            return Ok(Cover::Approval(approval.by.clone()));
        }
        if self.fits(amount, &amount.recorder).is_ok() {
            return Ok(Cover::Limit(amount.recorder.clone()));
        }
        let acting = acting(self.ctx.actor());
        self.fits(amount, &acting).map(|()| Cover::Limit(acting))
    }

    /// Says whether an amount is within every part of a person's limit, with what is booked.
    fn fits(&self, amount: &Amount<'_>, who: &Authority) -> Result<(), Over> {
        let workflow = self.ctx.workflow;
        let none = || Over::none(who.role.clone());
        let (role, _) = workflow.role(who.role.as_str()).ok_or_else(none)?;
        let at = self.ctx.at(Some(self.case));
        let asks = asks_of(workflow, amount.index, who, at);
        let mut parts = amount.limit.1.parts(role, amount.money.currency).peekable();
        parts.peek().ok_or_else(none)?;
        for part in parts {
            let booked = match part.per {
                None => Some(self.booked_in_case(amount)),
                Some(period) => {
                    let mut asks = asks.iter();
                    let ask = asks.find(|ask| ask.period == period);
                    ask.and_then(|ask| self.given_since(ask))
                }
            };
            let sum = booked.map(|booked| booked.minor.saturating_add(amount.money.minor));
            if sum.is_none_or(|sum| sum > part.amount.minor) {
                return Err(Over {
                    role: who.role.clone(),
                    part: Some(*part),
                    booked,
                });
            }
        }
        Ok(())
    }

    /// Returns what the case has booked under the limit of an amount, whoever gave it.
    fn booked_in_case(&self, amount: &Amount<'_>) -> Money {
        let currency = amount.money.currency;
        let counts = |booking: &&Booking| {
            booking.limit == *amount.limit.0 && booking.amount.currency == currency
        };
        total(self.bookings.iter().filter(counts), currency)
    }

    /// Returns what a person gave in a period, with what this action gives and takes back; none
    /// where it was not read.
    fn given_since(&self, ask: &Ask) -> Option<Money> {
        let read = self.ctx.facts.answer(ask)?;
        let ask = Ask {
            since: read.since,
            ..ask.clone()
        };
        let in_case = given_in(self.case.bookings(), &ask).sum;
        let by_now = given_in(&self.bookings, &ask).sum;
        Some(Money {
            minor: read.sum.minor - in_case.minor + by_now.minor,
            ..read.sum
        })
    }

    fn over_limit(&self, what: &str, amount: &Amount<'_>, over: Over) -> Reason {
        let booked = self.booked_in_case(amount).minor;
        let able = amount.limit.1.sufficient(amount.money, booked);
        Reason::OverLimit {
            what: what.to_owned(),
            field: amount.field.clone(),
            limit: amount.limit.0.clone(),
            amount: amount.money,
            over: Box::new(over),
            able: self.ctx.workflow.role_names(able).cloned().collect(),
        }
    }
}

fn acting(actor: &Actor) -> Authority {
    Authority {
        person: actor.person,
        role: actor.role.clone(),
    }
}

/// Says why a person is too near to an amount to approve it.
fn other_eyes(case: &Case, recorder: PersonId, actor: &Actor) -> Option<OtherEyes> {
    if recorder == actor.person {
        return Some(OtherEyes::Recorded);
    }
    (case.entered_by == Some(actor.person)).then_some(OtherEyes::LedHere)
}

impl Context<'_> {
    /// Says whether the person is far enough from everything that an action approves in any case.
    pub(super) fn may_approve(self, case: &Case, action: &Action) -> bool {
        action.approves().all(|field| {
            let answer = case.answers().get(self.workflow.field_at(field).0);
            answer.is_some_and(|answer| other_eyes(case, answer.person, self.actor()).is_none())
        })
    }
}
