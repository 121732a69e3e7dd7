//! Taking an action: who, needs, the rule that fits, and where it leads.

use super::Context;
use super::answers::Overlay;
use super::money::Purse;
use crate::case::command::Advance;
use crate::case::event::{ActionTaken, Commitment, Counted, Event, Held};
use crate::case::landing;
use crate::case::offer::Wait;
use crate::case::refusal::Reason;
use crate::case::tell;
use crate::case::way::{self, Way};
use crate::case::{Case, ask};
use crate::id::{ActionName, FieldName, RoleName};
use crate::workflow::condition::Condition;
use crate::workflow::{Action, CountsAs, Need, Outcome, Rule, Step, Target};

/// An action that is to be taken.
#[derive(Clone, Copy)]
pub(super) struct Taking<'a> {
    pub(super) case: &'a Case,
    /// The step of the action; none for one possible anywhere.
    pub(super) within: Option<&'a Step>,
    pub(super) action: &'a Action,
    pub(super) given: &'a [(FieldName, Held)],
    pub(super) reason: Option<Commitment>,
}

impl Context<'_> {
    pub(super) fn take_action(
        self,
        case: &Case,
        step: &Step,
        name: &ActionName,
        advance: &Advance<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let (action, within) = self.find(step, name).ok_or_else(|| {
            vec![Reason::NoSuchAction {
                name: name.to_string(),
                step: step.name.clone(),
                title: step.title.clone(),
            }]
        })?;
        let mut reasons = Vec::new();
        reasons.extend(self.allow(action.who, name.as_str()).err());
        if let Some(step) = within {
            reasons.extend(self.not_by(case, &step.not_by, name.as_str()).err());
        }
        let taken = self.take(Taking {
            case,
            within,
            action,
            given: &advance.answers,
            reason: advance.reason,
        });
        match taken {
            Ok(events) if reasons.is_empty() => Ok(events),
            Ok(_) => Err(reasons),
            Err(more) => {
                reasons.extend(more);
                Err(reasons)
            }
        }
    }

    /// Finds an action of the step, or one possible anywhere that is offered in it.
    fn find<'a>(self, step: &'a Step, name: &ActionName) -> Option<(&'a Action, Option<&'a Step>)>
    where
        Self: 'a,
    {
        if let Some(action) = step.actions.get(name) {
            return Some((action, Some(step)));
        }
        let (index, _) = self.workflow.step(step.name.as_str())?;
        let action = self.workflow.anywhere().get(name)?;
        (!action.not_in.contains(&index)).then_some((action, None))
    }

    /// Takes an action, whoever asks.
    pub(super) fn take(self, taking: Taking<'_>) -> Result<Vec<Event>, Vec<Reason>> {
        let Taking { case, within, .. } = taking;
        let (step_needs, asks): (&[Need], _) =
            within.map_or((&[], &[][..]), |step| (&step.needs, &step.asks));
        let what = taking.action.name.as_str();
        let mut needs = vec![step_needs, &taking.action.needs];
        let mut overlay = Overlay::new(self.workflow, Some(case), taking.given);
        overlay.fill(&needs);
        let asked = ask::named(&needs).chain(asks.iter().copied());
        let mut reasons: Vec<Reason> = overlay.not_asked(asked, what).into_iter().collect();
        reasons.extend(overlay.above_max());

        // Which rule fits may hang on what is missing; then only what every rule meets is said.
        let mut rules = taking.action.rules.iter();
        let is_certain = rules.next().is_some_and(|rule| rule.when.is_none());
        let is_met = reasons.is_empty() && overlay.unmet(&needs, what).is_empty();
        let way = (is_met || is_certain).then(|| self.choose(taking, &overlay));
        if let Some(Ok(Way {
            target: Target::Outcome(index),
            ..
        })) = way
        {
            needs.push(&self.workflow.outcome_at(index).needs);
            overlay.fill(&needs);
            if reasons.is_empty() {
                reasons.extend(overlay.above_max());
            }
        }
        reasons.extend(overlay.unmet(&needs, what));
        let way = match way {
            Some(Ok(way)) => way,
            Some(Err(reason)) => {
                reasons.push(reason);
                return Err(reasons);
            }
            None => {
                let waits = way::waits(self.workflow, case, within, taking.action);
                let waits = waits.into_iter();
                reasons.extend(waits.filter_map(|wait| self.waited_for(wait, taking)));
                return Err(reasons);
            }
        };
        let effects = Purse::new(self, case, &overlay).effects(&way.rule.effects, what);
        let waits = way.waits(self.workflow, case, within).into_iter();
        reasons.extend(waits.filter_map(|wait| self.waited_for(wait, taking)));
        reasons.extend(self.cannot_promise(taking, &overlay, way.rule));
        if let Target::Outcome(index) = way.target {
            reasons.extend(self.cannot_close(taking, self.workflow.outcome_at(index)));
        }
        match effects {
            Ok(effects) if reasons.is_empty() => {
                Ok(self.taken(taking, way, overlay.recordings(), effects))
            }
            Ok(_) => Err(reasons),
            Err(more) => {
                reasons.extend(more);
                Err(reasons)
            }
        }
    }

    /// Chooses the first rule that fits, and where it leads.
    fn choose<'a>(self, taking: Taking<'a>, overlay: &Overlay<'_>) -> Result<Way<'a>, Reason> {
        let Taking { case, action, .. } = taking;
        let fits = |rule: &&Rule| {
            let when = rule.when.as_ref();
            when.is_none_or(|when| {
                let is_over = |field| Purse::new(self, case, overlay).is_over(field);
                when.holds_in_rule(&|field| overlay.seen(field), &is_over)
            })
        };
        let Some(rule) = action.rules.iter().find(fits) else {
            // Only where the file has no last rule without a condition, which lint refuses.
            let all = action.rules.iter().filter_map(|rule| rule.when.clone());
            return Err(Reason::NeedsNotMet {
                what: action.name.to_string(),
                condition: Condition::Any(all.collect()).describe(self.workflow),
            });
        };
        Way::at_present(case, rule).ok_or_else(|| Reason::UsedUp {
            what: action.name.to_string(),
            times: rule.at_most.as_ref().map_or(0, |at_most| at_most.times),
        })
    }

    /// Says what stands against closing the case, beside needs.
    fn cannot_close(self, taking: Taking<'_>, outcome: &Outcome) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if let Some(who) = outcome.who {
            reasons.extend(self.allow(who, taking.action.name.as_str()).err());
        }
        if outcome.counts_as != CountsAs::Resolved && taking.reason.is_none() {
            let (outcome, title) = (outcome.name.clone(), outcome.title.clone());
            reasons.push(Reason::ReasonMissing { outcome, title });
        }
        reasons
    }

    /// Returns what is recorded: answers, the action, what it does with money, and where it leads.
    fn taken(
        self,
        taking: Taking<'_>,
        way: Way<'_>,
        mut events: Vec<Event>,
        effects: Vec<Event>,
    ) -> Vec<Event> {
        let landing = match way.target {
            Target::Stay => None,
            Target::Step(index) => {
                let step = self.workflow.step_at(index);
                Some(self.enter(taking.case, step, &events))
            }
            Target::Outcome(index) => {
                let outcome = self.workflow.outcome_at(index);
                let at = self.at(Some(taking.case));
                Some(landing::closed(self.workflow, taking.case, outcome, at))
            }
        };
        let mut told: Vec<&RoleName> = taking.action.tell.iter().collect();
        if let Target::Outcome(index) = way.target {
            told.extend(&self.workflow.outcome_at(index).tell);
        }
        let counted = way.rule.at_most.as_ref().zip(way.times);
        events.push(Event::ActionTaken(ActionTaken {
            action: taking.action.name.clone(),
            counted: counted.map(|(at_most, times)| Counted {
                counter: at_most.counter.to_string(),
                times,
            }),
            reason: taking.reason,
            rule: way.rule.number,
            stays: way.target == Target::Stay,
            used_up: way.is_used_up,
        }));
        // Before landing: entering a step may empty the very fields that are given.
        events.extend(effects);
        events.extend(tell::told(self.workflow, told));
        events.extend(landing);
        events
    }

    /// Says why an action that waits is refused. Only one of a step waits for a cause.
    fn waited_for(self, wait: Wait, taking: Taking<'_>) -> Option<Reason> {
        Some(match wait {
            Wait::Tasks(tasks) => Reason::TasksOpen { tasks },
            Wait::Promise(promise) => self.still_owed(taking.case, &promise),
            Wait::Cause => {
                let step = taking.within?;
                let (step, title) = (step.name.clone(), step.title.clone());
                Reason::CauseMissing { step, title }
            }
            Wait::UsedUp => {
                let rules = taking.action.rules.iter();
                let counted = rules.filter_map(|rule| rule.at_most.as_ref());
                Reason::UsedUp {
                    what: taking.action.name.to_string(),
                    times: counted.map(|at_most| at_most.times).max().unwrap_or(0),
                }
            }
        })
    }
}
