//! Steps, their tasks, and outcomes.

use super::ways::powers_of;
use super::words::{self, target};
use super::{Comparison, Side, Weight};
use crate::workflow::source::{Names, Need, Outcome, Reopen, Sp, Step, Table, Task};
use crate::workflow::{CountsAs, RoleSet};

impl Comparison<'_> {
    pub(super) fn steps(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "steps",
            (&old.steps, &new.steps),
            |c, name, was| {
                let same_title = |(_, is): &(&String, &Sp<Step>)| {
                    let titles = (&was.title, &is.value.title);
                    matches!(titles, (Some(was), Some(is)) if was.value == is.value)
                };
                let mut others = new
                    .steps
                    .iter()
                    .filter(|(name, _)| !old.steps.contains_key(*name));
                let renamed = others.find(same_title).map(|(name, _)| {
                    format!("; `{name}` is new and has its title, so it may have been renamed")
                });
                let text = format!("The step {} is gone", target(old, name));
                c.say(Weight::Gone, text + &renamed.unwrap_or_default());
            },
            Self::new_step,
            Self::step,
        );
    }

    /// Says a step that is new, and who may give or agree to something in it.
    fn new_step(&mut self, name: &str, step: &Step) {
        let subject = format!("The step {}", target(self.new.source, name));
        let compiled = self.new.compiled.steps.get(name);
        let mut powers = Vec::new();
        for (action, declared) in &step.actions {
            let who = compiled.and_then(|step| step.actions.get(action.as_str()));
            let who = who.map(|action| self.shown_roles(action.who));
            let does = powers_of(&declared.value);
            if !does.is_empty() {
                let (who, does) = (who.unwrap_or_default(), does.join(" and "));
                powers.push(format!("with `{action}`, for {who}, it {does}"));
            }
        }
        if powers.is_empty() {
            self.say(Weight::Added, format!("{subject} is new"));
        } else {
            let powers = powers.join("; ");
            self.say(Weight::PowerGrew, format!("{subject} is new: {powers}"));
        }
    }

    /// Says a task that is new. Who records an amount gives it on their own authority.
    fn new_task(&mut self, step: &str, name: &str, task: &Task) {
        let new = self.new.source;
        let needed = task.needs.iter().filter_map(|need| match need {
            Need::Field(field) => Some(field),
            Need::Condition(_) => None,
        });
        let is_limited = |field: &Sp<String>| {
            let field = new.fields.get(&field.value);
            let limit = field.and_then(|field| field.value.limit.as_ref());
            limit.is_some_and(|limit| limit.value != "none")
        };
        let weight = if needed.chain(&task.asks).any(is_limited) {
            Weight::PowerGrew
        } else {
            Weight::Added
        };
        let compiled = self.new.compiled.steps.get(step);
        let who = compiled.and_then(|step| step.tasks.get(name));
        let who = who.map(|task| self.shown_roles(task.who));
        let text = format!(
            "The task {} of the step {} is new, for {}",
            words::named(name, task.title.as_ref()),
            target(new, step),
            who.unwrap_or_default()
        );
        self.say(weight, text);
    }

    fn step(&mut self, name: &str, was: &Step, is: &Step) {
        let subject = format!("The step {}", target(self.new.source, name));
        let phases = |step: &Step| {
            let phases: Vec<&str> = step
                .phases
                .iter()
                .map(|phase| phase.value.as_str())
                .collect();
            Some(phases.join(", "))
        };
        self.word(&subject, "phase", phases(was), phases(is));
        self.word(
            &subject,
            "title",
            words::text(was.title.as_ref()),
            words::text(is.title.as_ref()),
        );
        self.word(
            &subject,
            "say",
            words::text(was.say.as_ref()),
            words::text(is.say.as_ref()),
        );
        self.people(name, &subject);
        self.not_by(&subject, &was.not_by, &is.not_by);
        self.needs(&subject, &was.needs, &is.needs);
        self.asks(&subject, &was.asks, &is.asks);
        self.due(&subject, was.due.as_ref(), is.due.as_ref());
        match (
            words::flag(was.pauses.as_ref()),
            words::flag(is.pauses.as_ref()),
        ) {
            (was, is) if was == is => {}
            (_, Some(is)) if is == "yes" => self.say(
                Weight::ProtectionFell,
                format!("{subject} now pauses: our clocks stand still in it"),
            ),
            (was, is) => self.word(&subject, "pauses", was, is),
        }
        self.word(
            &subject,
            "skills",
            words::listed(&was.skills),
            words::listed(&is.skills),
        );
        self.tasks(name, &was.tasks, &is.tasks);
        self.actions(name, was, is);
    }

    /// Compares who may act in a step, and in each of the tasks and actions that both have.
    fn people(&mut self, name: &str, subject: &str) {
        let (old, new) = (self.old.source, self.new.source);
        let step = |side: &Side<'_>| side.compiled.steps.get(name).cloned();
        let (Some(old_step), Some(new_step)) = (step(&self.old), step(&self.new)) else {
            return;
        };
        let (before, after) = (self.old.roles(old_step.who), self.new.roles(new_step.who));
        let mut ways: Vec<(String, RoleSet, RoleSet)> = Vec::new();
        for (task, is) in &new_step.tasks {
            let before = old_step.tasks.get(task);
            ways.extend(before.map(|was| (format!("do the task `{task}`"), was.who, is.who)));
        }
        for (action, is) in &new_step.actions {
            let before = old_step.actions.get(action);
            ways.extend(before.map(|was| (format!("take `{action}`"), was.who, is.who)));
        }
        let place = format!("in the step {}", target(new, name));
        for role in before.iter().filter(|role| !after.contains(role)) {
            let role = words::role(old, role);
            self.say(Weight::Changed, format!("{role} may no longer act {place}"));
        }
        for role in after.iter().filter(|role| !before.contains(role)) {
            let gained = ways
                .iter()
                .filter(|(_, _, is)| self.new.roles(*is).contains(role));
            let gained: Vec<&str> = gained.map(|(what, _, _)| what.as_str()).collect();
            let what = if gained.is_empty() {
                "act".to_owned()
            } else {
                gained.join(" and ")
            };
            let role = words::role(new, role);
            self.say(Weight::PowerGrew, format!("{role} may now {what} {place}"));
        }
        // What a role gains or loses with the whole step has been said.
        let stays = |role: &&String| before.contains(role) && after.contains(role);
        for (what, was, is) in ways {
            let (had, has) = (self.old.roles(was), self.new.roles(is));
            for role in has.iter().filter(stays).filter(|role| !had.contains(role)) {
                let role = words::role(new, role);
                self.say(
                    Weight::PowerGrew,
                    format!("{subject}: {role} may now {what}"),
                );
            }
            for role in had.iter().filter(stays).filter(|role| !has.contains(role)) {
                let role = words::role(new, role);
                self.say(
                    Weight::Changed,
                    format!("{subject}: {role} may no longer {what}"),
                );
            }
        }
    }

    pub(super) fn not_by(&mut self, subject: &str, was: &Names, is: &Names) {
        self.set(
            &words::names(was),
            &words::names(is),
            (Weight::PowerGrew, |step: &str| {
                format!("{subject}: whoever acted in {step} may now act here too")
            }),
            (Weight::Changed, |step: &str| {
                format!("{subject}: whoever acted in {step} may no longer act here")
            }),
        );
    }

    pub(super) fn needs(&mut self, subject: &str, was: &[Need], is: &[Need]) {
        let was = words::needs(self.old.source, was);
        let is = words::needs(self.new.source, is);
        self.set(
            &was,
            &is,
            (Weight::ProtectionFell, |need: &str| {
                format!("{subject} no longer needs {need}")
            }),
            (Weight::Changed, |need: &str| {
                format!("{subject} now needs {need}")
            }),
        );
    }

    fn asks(&mut self, subject: &str, was: &Names, is: &Names) {
        self.set(
            &words::names(was),
            &words::names(is),
            (Weight::Changed, |field: &str| {
                format!("{subject} no longer asks for {field}")
            }),
            (Weight::Changed, |field: &str| {
                format!("{subject} now asks for {field}")
            }),
        );
    }

    fn tasks(&mut self, step: &str, was: &Table<Task>, is: &Table<Task>) {
        let place = target(self.new.source, step);
        let called = |name: &str, task: &Task| words::named(name, task.title.as_ref());
        self.table(
            "tasks",
            (was, is),
            |c, name, task| {
                let task = called(name, task);
                c.say(
                    Weight::Gone,
                    format!("The task {task} of the step {place} is gone"),
                );
            },
            |c, name, task| c.new_task(step, name, task),
            |c, name, was, is| {
                let subject = format!("The task {} of the step {place}", called(name, is));
                let text = |task: &Task| words::text(task.title.as_ref());
                c.word(&subject, "title", text(was), text(is));
                c.word(
                    &subject,
                    "say",
                    words::text(was.say.as_ref()),
                    words::text(is.say.as_ref()),
                );
                c.not_by(&subject, &was.not_by, &is.not_by);
                c.needs(&subject, &was.needs, &is.needs);
                c.asks(&subject, &was.asks, &is.asks);
                c.due(&subject, was.due.as_ref(), is.due.as_ref());
            },
        );
    }

    pub(super) fn outcomes(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "outcomes",
            (&old.outcomes, &new.outcomes),
            |c, name, _| {
                c.say(
                    Weight::Gone,
                    format!("The outcome {} is gone", target(old, name)),
                );
            },
            |c, name, _| {
                c.say(
                    Weight::Added,
                    format!("The outcome {} is new", target(new, name)),
                );
            },
            Self::outcome,
        );
    }

    fn outcome(&mut self, name: &str, was: &Outcome, is: &Outcome) {
        let shown = target(self.new.source, name);
        let subject = format!("The outcome {shown}");
        let counts = |outcome: &Outcome| {
            let counts = outcome.counts_as.as_ref().map(|counts| counts.value);
            counts.map(|counts: CountsAs| counts.as_str().to_owned())
        };
        self.word(
            &subject,
            "title",
            words::text(was.title.as_ref()),
            words::text(is.title.as_ref()),
        );
        self.word(&subject, "counts_as", counts(was), counts(is));
        let who = |side: &Side<'_>| {
            let outcome = side.compiled.outcomes.get(name);
            outcome.and_then(|outcome| outcome.who)
        };
        let (was_who, is_who) = (who(&self.old), who(&self.new));
        self.who(&format!("close a case as {shown}"), was_who, is_who);
        self.needs(&subject, &was.needs, &is.needs);
        self.word(
            &subject,
            "tell",
            words::listed(&was.tell),
            words::listed(&is.tell),
        );
        self.reopen(&subject, was.reopen.as_ref(), is.reopen.as_ref());
    }

    fn reopen(&mut self, subject: &str, was: Option<&Reopen>, is: Option<&Reopen>) {
        match (was, is) {
            (Some(_), None) => self.say(
                Weight::ProtectionFell,
                format!("{subject}: a case closed so can no longer be reopened"),
            ),
            (None, Some(is)) => {
                let to = target(self.new.source, &is.to.value);
                let text = format!("{subject}: a case closed so may now be reopened, in {to}");
                self.say(Weight::Changed, text);
            }
            (Some(was), Some(is)) => {
                if was.to.value != is.to.value {
                    let to = target(self.new.source, &is.to.value);
                    self.say(
                        Weight::Changed,
                        format!("{subject} is now reopened in {to}"),
                    );
                }
                self.length(
                    &format!("{subject}, the time within which it may be reopened"),
                    (was.within.as_ref(), is.within.as_ref()),
                    (
                        Weight::Changed,
                        Weight::ProtectionFell,
                        Weight::ProtectionFell,
                    ),
                );
            }
            (None, None) => {}
        }
    }
}
