//! Promises to the customer: making them, what is owed at closing, and new due times.

use super::Context;
use super::action::Taking;
use super::answers::Overlay;
use crate::case::Case;
use crate::case::command::Renegotiate;
use crate::case::event::{Commitment, Event, PromiseRenegotiated};
use crate::case::promise::{self, Named, Owed};
use crate::case::refusal::Reason;
use crate::id::PromiseName;
use crate::time::Date;
use crate::workflow::condition::Seen;
use crate::workflow::time::PromiseDue;
use crate::workflow::{CUSTOMER, Rule};

impl Context<'_> {
    /// Gives a promise that is owed a new due time. A breach before it stays in the history.
    pub(super) fn renegotiate(
        self,
        case: &Case,
        asked: &Renegotiate<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let step = self.step(case).map_err(|reason| vec![reason])?;
        let customer = self.workflow.role(CUSTOMER);
        let who = customer.map_or(step.who, |(index, _)| step.who.with(index));
        let mut reasons = Vec::new();
        reasons.extend(self.allow(who, "renegotiate_promise").err());
        let known = self.workflow.promises().get(&asked.promise);
        let Some((known, deadline)) = known.zip(case.owed(&asked.promise)) else {
            let owed = promise::owed(self.workflow, case);
            reasons.push(Reason::PromiseNotOwed {
                promise: asked.promise.clone(),
                owed: owed.map(|(name, _)| name.clone()).collect(),
            });
            return Err(reasons);
        };
        let now = self.at(Some(case));
        let until = promise::latest(now);
        if asked.due_at <= now || asked.due_at > until {
            reasons.push(Reason::DueOutside {
                promise: asked.promise.clone(),
                after: now,
                until,
            });
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        Ok(vec![Event::PromiseRenegotiated(PromiseRenegotiated {
            consent: asked.consent,
            due: asked.due_at,
            marks: promise::marks(self.workflow, known, asked.due_at),
            number: deadline.number,
            promise: asked.promise.clone(),
        })])
    }

    /// Says why a rule cannot make its promises: a promise by a day needs that day.
    pub(super) fn cannot_promise(
        self,
        taking: Taking<'_>,
        overlay: &Overlay<'_>,
        rule: &Rule,
    ) -> Vec<Reason> {
        let now = self.at(Some(taking.case));
        let mut reasons = Vec::new();
        for name in &rule.makes {
            let is_owed = taking.case.owed(name).is_some() && !rule.keeps.contains(name);
            let Some(known) = self.workflow.promises().get(name).filter(|_| !is_owed) else {
                continue;
            };
            let day = |field| day(overlay.seen(field));
            if let PromiseDue::By(field) = known.due
                && day(field).is_none()
            {
                let (name, field) = self.workflow.field_at(field);
                let fields = vec![(name.clone(), field.ask.clone())];
                reasons.push(Reason::AnswersMissing { fields });
                continue;
            }
            let until = promise::latest(now);
            let due = promise::due(self.workflow, known, now, day);
            if due.is_none_or(|due| due > until) {
                reasons.push(Reason::DueOutside {
                    promise: name.clone(),
                    after: now,
                    until,
                });
            }
        }
        reasons
    }

    /// Says that a promise must be kept before the case closes as resolved.
    pub(super) fn still_owed(self, case: &Case, promise: &PromiseName) -> Reason {
        let due = case.owed(promise).and_then(|deadline| deadline.due);
        let role = self.workflow.role(self.actor().role.as_str());
        let named = Named {
            case: "this case",
            role: role.map_or("", |(_, role)| &role.title),
        };
        Reason::PromiseOwed(Owed {
            promise: promise.clone(),
            told: promise::told(self.workflow, case, promise, due, named).unwrap_or_default(),
            due,
        })
    }
}

fn day(seen: Seen<'_>) -> Option<Date> {
    match seen {
        Seen::Value(value) => value.as_date(),
        Seen::Sealed | Seen::Empty => None,
    }
}
