//! Looks up the names in steps, outcomes and `anywhere`.

use super::super::{Action, Condition, Due, Effects, Kind, Late, Need, Sp};
use super::{Names, Sort};

const STAY: &[&str] = &["stay"];

impl<'a> Names<'a> {
    /// Looks up the names of the state machine.
    pub(super) fn ways(&mut self) {
        let workflow = self.workflow;
        self.refer(&workflow.start, &[Sort::Step], &[]);
        for step in workflow.steps.values() {
            let step = &step.value;
            self.who(step.who.as_ref());
            self.refer_all(&step.not_by, &[Sort::Step], &[]);
            self.needs(&step.needs);
            self.refer_all(&step.asks, &[Sort::Field], &[]);
            self.placeholders(step.say.as_ref());
            self.due(step.due.as_ref());
            for task in step.tasks.values() {
                let task = &task.value;
                self.who(task.who.as_ref());
                self.refer_all(&task.not_by, &[Sort::Step], &[]);
                self.needs(&task.needs);
                self.refer_all(&task.asks, &[Sort::Field], &[]);
                self.placeholders(task.say.as_ref());
                self.due(task.due.as_ref());
            }
            for action in step.actions.values() {
                self.action(&action.value);
            }
        }
        for outcome in workflow.outcomes.values() {
            let outcome = &outcome.value;
            self.who(outcome.who.as_ref());
            self.needs(&outcome.needs);
            self.refer_all(&outcome.tell, &[Sort::Role], &[]);
            if let Some(reopen) = &outcome.reopen {
                self.refer(&reopen.to, &[Sort::Step], &[]);
            }
        }
        for action in workflow.anywhere.values() {
            self.refer_all(&action.value.not_in, &[Sort::Step], &[]);
            self.action(&action.value);
        }
    }

    fn action(&mut self, action: &'a Action) {
        self.who(action.who.as_ref());
        self.needs(&action.needs);
        self.refer_all(&action.tell, &[Sort::Role], &[]);
        self.effects(&action.effects);
        for rule in &action.rules {
            if let Some(when) = &rule.when {
                self.condition(when);
            }
            self.target(&rule.go_to, STAY);
            if let Some(then) = &rule.then {
                self.target(then, STAY);
            }
            self.effects(&rule.effects);
        }
    }

    fn effects(&mut self, effects: &'a Effects) {
        for names in [&effects.gives, &effects.takes_back, &effects.approves] {
            for name in names {
                self.field_of(name, Kind::Money);
            }
        }
        self.refer_all(&effects.makes, &[Sort::Promise], &[]);
        self.refer_all(&effects.keeps, &[Sort::Promise], &[]);
    }

    /// Looks up roles that are to act.
    pub(super) fn who(&mut self, who: Option<&'a Sp<Vec<Sp<String>>>>) {
        if let Some(who) = who {
            self.actors(&who.value);
        }
    }

    /// Looks up the fields of needs.
    pub(super) fn needs(&mut self, needs: &'a [Need]) {
        for need in needs {
            match need {
                Need::Field(field) => {
                    self.refer(field, &[Sort::Field], &[]);
                }
                Need::Condition(condition) => self.condition(condition),
            }
        }
    }

    /// Looks up the fields of a condition.
    pub(super) fn condition(&mut self, condition: &'a Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.condition(part);
                }
            }
            Condition::Not(part) => self.condition(part),
            Condition::Test { field, .. } => {
                self.refer(field, &[Sort::Field], &[]);
            }
        }
    }

    /// Looks up where something leads.
    pub(super) fn target(&mut self, name: &'a Sp<String>, fixed: &[&str]) {
        self.refer(name, &[Sort::Step, Sort::Outcome], fixed);
    }

    /// Looks up the names of a ladder of consequences.
    pub(super) fn late(&mut self, ladder: &'a [Late]) {
        for late in ladder {
            self.refer_all(&late.tell, &[Sort::Role], &[]);
            if let Some(go_to) = &late.go_to {
                self.target(go_to, &[]);
            }
        }
    }

    fn due(&mut self, due: Option<&'a Due>) {
        let Some(due) = due else { return };
        self.late(&due.late);
        if let Some(then) = &due.then {
            self.target(then, &[]);
        }
        self.calendar(due.calendar.as_ref());
    }

    /// Looks up a calendar.
    pub(super) fn calendar(&mut self, calendar: Option<&'a Sp<String>>) {
        if let Some(calendar) = calendar {
            self.refer(calendar, &[Sort::Calendar], &[]);
        }
    }
}
