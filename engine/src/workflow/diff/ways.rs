//! Where actions lead, what they need and what they do beside.

use std::collections::BTreeSet;

use super::words::{self, target};
use super::{Comparison, Side, Weight};
use crate::workflow::RoleSet;
use crate::workflow::source::{Action, Condition, Effects, Names, Step, Test};

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

    /// Says an action that is new. That it gives or agrees to something, or closes a case, is a
    /// power that grew.
    fn new_action(&mut self, subject: &str, action: &Action, who: Option<RoleSet>) {
        let roles = who.map(|who| self.shown_roles(who)).unwrap_or_default();
        let leads: Vec<String> = action
            .rules
            .iter()
            .map(|rule| words::rule(self.new.source, action, rule))
            .collect();
        let outcomes = &self.new.source.outcomes;
        let closes = action.rules.iter().any(|rule| {
            let mut targets = std::iter::once(&rule.go_to).chain(&rule.then);
            targets.any(|target| outcomes.contains_key(&target.value))
        });
        let weight = if closes || !powers_of(action).is_empty() {
            Weight::PowerGrew
        } else {
            Weight::Added
        };
        let text = format!("{subject} is new, for {roles}: {}", leads.join("; "));
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
        self.further_rules(subject, was, is);
        self.set(
            &held_to_limit(was),
            &held_to_limit(is),
            (Weight::ProtectionFell, |field: &str| {
                format!("{subject} no longer asks whether `{field}` is over the limit")
            }),
            (Weight::Changed, |field: &str| {
                format!("{subject} now asks whether `{field}` is over the limit")
            }),
        );
        let said = |source, action: &Action| -> Vec<String> {
            let rules = action.rules.iter();
            rules
                .map(|rule| words::rule(source, action, rule))
                .collect()
        };
        let (was, is) = (said(self.old.source, was), said(self.new.source, is));
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

    /// Says what an action did in some of its rules already, and now does in further ones.
    fn further_rules(&mut self, subject: &str, was: &Action, is: &Action) {
        for (word, names) in POWERS {
            let all = |action: &Action| -> Vec<BTreeSet<String>> {
                let rules = action.rules.iter();
                let effects = rules.map(|rule| [&action.effects, &rule.effects]);
                let said = effects.map(|both| both.into_iter().flat_map(names));
                said.map(|names| names.map(|name| name.value.clone()).collect())
                    .collect()
            };
            let (was, is) = (all(was), all(is));
            let known: BTreeSet<&String> = was.iter().flatten().collect();
            for name in known {
                let count = |rules: &[BTreeSet<String>]| {
                    rules.iter().filter(|names| names.contains(name)).count()
                };
                let is_further = if was.len() == is.len() {
                    let mut pairs = was.iter().zip(&is);
                    pairs.any(|(was, is)| is.contains(name) && !was.contains(name))
                } else {
                    count(&is) > count(&was)
                };
                if is_further {
                    let text = format!("{subject} now {word} `{name}` by a further rule");
                    self.say(Weight::PowerGrew, text);
                }
            }
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
    ("approves", Weight::ProtectionFell, Weight::PowerGrew),
    ("makes the promise", Weight::ProtectionFell, Weight::Changed),
    ("keeps the promise", Weight::Changed, Weight::Changed),
];

type NamesOf = fn(&Effects) -> &Names;

/// What moves money: how it is said, and the fields of it.
const POWERS: [(&str, NamesOf); 3] = [
    ("gives", |effects| &effects.gives),
    ("takes back", |effects| &effects.takes_back),
    ("approves", |effects| &effects.approves),
];

/// Says what an action gives, takes back or approves by any of its rules.
pub(super) fn powers_of(action: &Action) -> Vec<String> {
    let mut powers = Vec::new();
    for (word, names) in POWERS {
        let rules = action.rules.iter().map(|rule| &rule.effects);
        let named = rules.chain([&action.effects]).flat_map(names);
        let fields: BTreeSet<String> = named.map(|name| format!("`{}`", name.value)).collect();
        if !fields.is_empty() {
            let fields: Vec<String> = fields.into_iter().collect();
            powers.push(format!("{word} {}", fields.join(", ")));
        }
    }
    powers
}

/// Returns the fields of which some rule asks whether they are over the limit.
fn held_to_limit(action: &Action) -> Vec<String> {
    let whens = action.rules.iter().filter_map(|rule| rule.when.as_ref());
    let fields: BTreeSet<&str> = whens.flat_map(over_limit).collect();
    fields.into_iter().map(str::to_owned).collect()
}

fn over_limit(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            parts.iter().flat_map(over_limit).collect()
        }
        Condition::Not(part) => over_limit(part),
        Condition::Test { field, test } => match &test.value {
            Test::OverLimit => vec![field.value.as_str()],
            Test::OneOf(_) | Test::Within(_) | Test::Empty | Test::Filled => Vec::new(),
        },
    }
}
