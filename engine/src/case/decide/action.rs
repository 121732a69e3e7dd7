//! Taking an action: who, needs, the rule that fits, and where it leads.

use super::Context;
use super::answers::{self, Overlay};
use crate::case::Case;
use crate::case::command::Advance;
use crate::case::event::{ActionTaken, CaseClosed, Commitment, Counted, Event, Held};
use crate::case::refusal::Reason;
use crate::id::{ActionName, FieldName};
use crate::workflow::{Action, CountsAs, Outcome, OutcomeIndex, Phase, Rule, Step, Target};

/// The rule that fits, and what taking it comes to.
struct Choice<'a> {
    rule: &'a Rule,
    target: Target,
    counted: Option<Counted>,
    used_up: bool,
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
        let mut reasons: Vec<Reason> = self
            .allow(action.who, name.as_str())
            .err()
            .into_iter()
            .collect();
        if let Some(step) = within {
            reasons.extend(self.not_by(case, &step.not_by, name.as_str()).err());
        }
        let taken = self.take(
            case,
            within,
            action,
            &advance.answers,
            advance.reason.is_some(),
        );
        let taken = taken.map(|events| with_reason(events, advance.reason));
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

    /// Takes an action, whoever asks. `within` is its step; none for one possible anywhere.
    pub(super) fn take(
        self,
        case: &Case,
        within: Option<&Step>,
        action: &Action,
        given: &[(FieldName, Held)],
        has_reason: bool,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let what = action.name.as_str();
        let step_needs = within.map_or(&[][..], |step| &step.needs);
        let needs = [step_needs, &action.needs];
        let mut overlay = Overlay::new(self.workflow, case, given);
        for needs in needs {
            overlay.fill(needs);
        }
        let asked = answers::asked(&needs, &[within.map_or(&[][..], |step| &step.asks)]);
        let mut reasons: Vec<Reason> = [overlay.check_asked(&asked, what), overlay.check_max()]
            .into_iter()
            .filter_map(Result::err)
            .collect();
        reasons.extend(overlay.unmet(&needs, what));
        if !reasons.is_empty() {
            reasons.extend(tasks_open(case, within, action));
            return Err(reasons);
        }
        let choice = choose(case, action, &overlay).ok_or_else(|| {
            let times = action.rules.iter().filter_map(|rule| rule.at_most.as_ref());
            let times = times.map(|at_most| at_most.times).max().unwrap_or(0);
            vec![Reason::UsedUp {
                what: what.to_owned(),
                times,
            }]
        })?;
        if choice.target != Target::Stay {
            reasons.extend(tasks_open(case, within, action));
        }
        reasons.extend(self.cause_missing(case, within, &choice));
        if let Target::Outcome(index) = choice.target {
            overlay.fill(&self.workflow.outcome_at(index).needs);
            reasons.extend(self.cannot_close(index, &overlay, has_reason, what));
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut events = overlay.recordings();
        let landing = self.landing(case, &choice, &events);
        events.push(Event::ActionTaken(ActionTaken {
            action: action.name.clone(),
            counted: choice.counted,
            reason: None,
            rule: choice.rule.number,
            stays: choice.target == Target::Stay,
            used_up: choice.used_up,
        }));
        events.extend(landing);
        Ok(events)
    }

    fn cause_missing(
        self,
        case: &Case,
        within: Option<&Step>,
        choice: &Choice<'_>,
    ) -> Option<Reason> {
        let step = within.filter(|step| step.phases.contains(&Phase::Diagnose))?;
        let is_free = choice.target == Target::Stay || choice.rule.at_most.is_some();
        if is_free || self.workflow.causes().is_none() || !case.causes().is_empty() {
            return None;
        }
        Some(Reason::CauseMissing {
            step: step.name.clone(),
            title: step.title.clone(),
        })
    }

    fn cannot_close(
        self,
        index: OutcomeIndex,
        overlay: &Overlay<'_>,
        has_reason: bool,
        what: &str,
    ) -> Vec<Reason> {
        let outcome = self.workflow.outcome_at(index);
        let mut reasons = Vec::new();
        if let Some(who) = outcome.who {
            reasons.extend(self.allow(who, what).err());
        }
        reasons.extend(overlay.unmet(&[&outcome.needs], what));
        if outcome.counts_as != CountsAs::Resolved && !has_reason {
            let (outcome, title) = (outcome.name.clone(), outcome.title.clone());
            reasons.push(Reason::ReasonMissing { outcome, title });
        }
        reasons
    }

    fn landing(self, case: &Case, choice: &Choice<'_>, recorded: &[Event]) -> Option<Event> {
        match choice.target {
            Target::Stay => None,
            Target::Step(index) => Some(self.enter(case, self.workflow.step_at(index), recorded)),
            Target::Outcome(index) => Some(self.closed(case, self.workflow.outcome_at(index))),
        }
    }

    fn closed(self, case: &Case, outcome: &Outcome) -> Event {
        let resolved = outcome.counts_as == CountsAs::Resolved;
        let at = self.command.at.max(case.updated_at());
        let reopen = outcome
            .reopen
            .and_then(|reopen| reopen.within.after(at, self.workflow.zone()));
        Event::CaseClosed(CaseClosed {
            counts_as: outcome.counts_as,
            outcome: outcome.name.clone(),
            owes_cause: !resolved && self.workflow.causes().is_some() && case.causes().is_empty(),
            reopen_until: reopen,
        })
    }
}

/// Writes the reason of a request into the action it came with.
fn with_reason(mut events: Vec<Event>, reason: Option<Commitment>) -> Vec<Event> {
    for event in &mut events {
        if let Event::ActionTaken(taken) = event {
            taken.reason = reason;
        }
    }
    events
}

fn tasks_open(case: &Case, within: Option<&Step>, action: &Action) -> Option<Reason> {
    // Actions possible anywhere and those that only stay do not wait for tasks.
    let only_stays = action.rules.iter().all(|rule| rule.go_to == Target::Stay);
    if within.is_none() || only_stays || case.tasks_open().is_empty() {
        return None;
    }
    Some(Reason::TasksOpen {
        tasks: case.tasks_open().iter().cloned().collect(),
    })
}

/// Returns the first rule that fits; none where it is used up and leads nowhere else.
fn choose<'a>(case: &Case, action: &'a Action, overlay: &Overlay<'_>) -> Option<Choice<'a>> {
    let fits = |rule: &&Rule| {
        rule.when
            .as_ref()
            .is_none_or(|when| when.holds(&|field| overlay.seen(field)))
    };
    let rule = action.rules.iter().find(fits)?;
    let Some(at_most) = &rule.at_most else {
        return Some(Choice {
            rule,
            target: rule.go_to,
            counted: None,
            used_up: false,
        });
    };
    let times = case.counted(&at_most.counter);
    if times < at_most.times {
        let counted = Counted {
            counter: at_most.counter.to_string(),
            times: times + 1,
        };
        return Some(Choice {
            rule,
            target: rule.go_to,
            counted: Some(counted),
            used_up: false,
        });
    }
    at_most.then.map(|target| Choice {
        rule,
        target,
        counted: None,
        used_up: true,
    })
}
