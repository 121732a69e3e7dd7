//! Where actions lead, what they need and what they do beside.

use super::words::{self, target};
use super::{Comparison, Side, Weight};
use crate::workflow::RoleSet;
use crate::workflow::source::{Action, Effects, Names, Step};

impl Comparison<'_> {
    pub(super) fn actions(&mut self, step: &str, was: &Step, is: &Step) {
        let place = format!("of the step {}", target(self.new.source, step));
        let subject = |name: &str| format!("The action `{name}` {place}");
        self.table(
            "actions",
            (&was.actions, &is.actions),
            |c, name, _| c.say(Weight::Gone, format!("{} is gone", subject(name))),
            |c, name, action| {
                let steps = &c.new.compiled.steps;
                let who = steps.get(step).and_then(|step| step.actions.get(name));
                c.new_action(&subject(name), action, who.map(|action| action.who));
            },
            |c, name, was, is| c.action(&subject(name), was, is),
        );
        if was.has_next != is.has_next {
            let how = if is.has_next {
                "is now taken by itself"
            } else {
                "is now chosen by a person"
            };
            let text = format!("{} {how}, once the tasks are done", subject("done"));
            let both = was.actions.contains_key("done") && is.actions.contains_key("done");
            if both {
                self.say(Weight::Changed, text);
            }
        }
    }

    pub(super) fn anywhere(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        let subject = |name: &str| format!("The action `{name}`, possible anywhere,");
        let who = |side: &Side<'_>, name: &str| -> Option<RoleSet> {
            side.compiled.anywhere.get(name).map(|action| action.who)
        };
        self.table(
            "anywhere",
            (&old.anywhere, &new.anywhere),
            |c, name, _| c.say(Weight::Gone, format!("{} is gone", subject(name))),
            |c, name, action| {
                let who = who(&c.new, name);
                c.new_action(&subject(name), action, who);
            },
            |c, name, was, is| {
                let (was_who, is_who) = (who(&c.old, name), who(&c.new, name));
                c.who(
                    &format!("take `{name}`, possible anywhere"),
                    was_who,
                    is_who,
                );
                let subject = subject(name);
                c.set(
                    &words::names(&was.not_in),
                    &words::names(&is.not_in),
                    (Weight::PowerGrew, |step: &str| {
                        format!("{subject} is now possible in {step}")
                    }),
                    (Weight::Changed, |step: &str| {
                        format!("{subject} is no longer possible in {step}")
                    }),
                );
                c.action(&subject, was, is);
            },
        );
    }

    /// Says an action that is new: money that it gives or agrees to is a power that grew.
    fn new_action(&mut self, subject: &str, action: &Action, who: Option<RoleSet>) {
        let roles = who.map(|who| self.new.roles(who)).unwrap_or_default();
        let roles: Vec<String> = roles
            .iter()
            .map(|role| words::role(self.new.source, role))
            .collect();
        let leads: Vec<String> = action
            .rules
            .iter()
            .map(|rule| words::rule(self.new.source, rule))
            .collect();
        let all = std::iter::once(&action.effects).chain(action.rules.iter().map(|r| &r.effects));
        let is_money =
            |effects: &Effects| !effects.gives.is_empty() || !effects.approves.is_empty();
        let weight = if all.into_iter().any(is_money) {
            Weight::PowerGrew
        } else {
            Weight::Added
        };
        let text = format!(
            "{subject} is new, for {}: {}",
            roles.join(", "),
            leads.join("; ")
        );
        self.say(weight, text);
    }

    fn action(&mut self, subject: &str, was: &Action, is: &Action) {
        self.needs(subject, &was.needs, &is.needs);
        self.word(
            subject,
            "tell",
            words::listed(&was.tell),
            words::listed(&is.tell),
        );
        self.effects(
            subject,
            (&was.effects, &was.rules),
            (&is.effects, &is.rules),
        );
        let (old, new) = (self.old.source, self.new.source);
        let was: Vec<String> = was
            .rules
            .iter()
            .map(|rule| words::rule(old, rule))
            .collect();
        let is: Vec<String> = is.rules.iter().map(|rule| words::rule(new, rule)).collect();
        if was.len() == is.len() {
            let is_one = is.len() == 1;
            let pairs = (1..).zip(was.iter().zip(&is));
            for (number, (was, is)) in pairs.filter(|(_, (was, is))| was != is) {
                let which = if is_one {
                    String::new()
                } else {
                    format!(", rule {number},")
                };
                let text = format!("{subject}{which} now leads {is}; it led {was}");
                self.say(Weight::Changed, text);
            }
        } else {
            let (was, is) = (was.join("; else "), is.join("; else "));
            self.say(
                Weight::Changed,
                format!("{subject} now leads {is}; it led {was}"),
            );
        }
    }

    /// Compares what an action may do in any of its rules.
    fn effects(
        &mut self,
        subject: &str,
        was: (&Effects, &[crate::workflow::source::Rule]),
        is: (&Effects, &[crate::workflow::source::Rule]),
    ) {
        for (index, (word, gone, added)) in EFFECTS.into_iter().enumerate() {
            let all = |(effects, rules): (&Effects, &[crate::workflow::source::Rule])| {
                let each = std::iter::once(effects).chain(rules.iter().map(|rule| &rule.effects));
                let lists = each.filter_map(|effects| {
                    words::effects(effects)
                        .into_iter()
                        .nth(index)
                        .map(|(_, names)| names)
                });
                let mut all: Names = lists.flatten().cloned().collect();
                all.sort_by(|one, other| one.value.cmp(&other.value));
                all.dedup_by(|one, other| one.value == other.value);
                words::names(&all)
            };
            self.set(
                &all(was),
                &all(is),
                (gone, |name: &str| {
                    format!("{subject} no longer {word} {name}")
                }),
                (added, |name: &str| format!("{subject} now {word} {name}")),
            );
        }
    }
}

/// What an action does beside leading on, in the order of [`words::effects`]: how it is said, and
/// what it weighs that it is gone or new.
const EFFECTS: [(&str, Weight, Weight); 5] = [
    ("gives", Weight::Changed, Weight::PowerGrew),
    ("takes back", Weight::Changed, Weight::PowerGrew),
    ("approves", Weight::Changed, Weight::PowerGrew),
    ("makes the promise", Weight::ProtectionFell, Weight::Changed),
    ("keeps the promise", Weight::Changed, Weight::Changed),
];
