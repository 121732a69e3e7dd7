//! Powers: roles, what they may give, and who may act where.

use super::words::{self, role};
use super::{Comparison, Side, Weight};
use crate::money::Money;
use crate::workflow::RoleSet;
use crate::workflow::source::{LimitPart, Period, Role, Sp, Table, Workflow};

impl Side<'_> {
    /// Returns the roles of a set, by name.
    pub(super) fn roles(&self, set: RoleSet) -> Vec<String> {
        let indexes = (0..).map(crate::workflow::RoleIndex);
        let named = self.compiled.roles.keys().zip(indexes);
        let named = named.filter(|(_, index)| set.contains(*index));
        named.map(|(name, _)| name.as_str().to_owned()).collect()
    }
}

impl Comparison<'_> {
    pub(super) fn roles(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "roles",
            (&old.roles, &new.roles),
            |c, name, _| {
                c.say(
                    Weight::Gone,
                    format!("The role {} is gone", role(old, name)),
                );
            },
            |c, name, _| {
                c.say(
                    Weight::Added,
                    format!("The role {} is new", role(new, name)),
                );
            },
            |c, name, was, is| c.role(&format!("The role {}", role(new, name)), was, is),
        );
        let common = |one: &Workflow, other: &Workflow| {
            let names = one
                .roles
                .keys()
                .filter(|name| other.roles.contains_key(*name));
            names
                .map(|name| format!("`{name}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let (was, is) = (common(old, new), common(new, old));
        if was != is {
            let text = format!("The roles, least senior first, were {was} and are now {is}");
            self.within("roles", (None, None), |c| c.say(Weight::Changed, text));
        }
    }

    fn role(&mut self, subject: &str, was: &Role, is: &Role) {
        self.word(
            subject,
            "title",
            words::text(was.title.as_ref()),
            words::text(is.title.as_ref()),
        );
        match (was.reads_only, is.reads_only) {
            (true, false) => self.say(
                Weight::PowerGrew,
                format!("{subject} may now act; it could only look"),
            ),
            (false, true) => self.say(
                Weight::Changed,
                format!("{subject} may now only look; it could act"),
            ),
            (true, true) | (false, false) => {}
        }
        match (was.system, is.system) {
            (false, true) => self.say(
                Weight::PowerGrew,
                format!("{subject} is now a program, which four eyes do not count"),
            ),
            (true, false) => self.say(Weight::Changed, format!("{subject} is no longer a program")),
            (true, true) | (false, false) => {}
        }
    }

    /// Says roles of the new version.
    pub(super) fn shown_roles(&self, who: RoleSet) -> String {
        let roles = self.new.roles(who);
        let roles: Vec<String> = roles.iter().map(|r| role(self.new.source, r)).collect();
        roles.join(", ")
    }

    /// Compares who may do something. `what` goes on after "may now": "take the action ...".
    pub(super) fn who(&mut self, what: &str, was: Option<RoleSet>, is: Option<RoleSet>) {
        let (old, new) = (self.old.source, self.new.source);
        match (was, is) {
            (Some(was), Some(is)) => {
                let (was, is) = (self.old.roles(was), self.new.roles(is));
                self.set(
                    &was,
                    &is,
                    (Weight::Changed, |name: &str| {
                        format!("{} may no longer {what}", role(old, name))
                    }),
                    (Weight::PowerGrew, |name: &str| {
                        format!("{} may now {what}", role(new, name))
                    }),
                );
            }
            (Some(_), None) => self.say(
                Weight::PowerGrew,
                format!("Whoever gets there may now {what}: `who` is gone"),
            ),
            (None, Some(is)) => {
                let roles: Vec<String> = self.new.roles(is).iter().map(|r| role(new, r)).collect();
                self.say(
                    Weight::Changed,
                    format!("Only {} may now {what}", roles.join(", ")),
                );
            }
            (None, None) => {}
        }
    }

    pub(super) fn limits(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "limits",
            (&old.limits, &new.limits),
            |c, name, _| c.say(Weight::Gone, format!("The limit `{name}` is gone")),
            |c, name, _| c.say(Weight::Added, format!("The limit `{name}` is new")),
            Self::limit,
        );
    }

    pub(super) fn limit(
        &mut self,
        limit: &str,
        was: &Table<Vec<Sp<LimitPart>>>,
        is: &Table<Vec<Sp<LimitPart>>>,
    ) {
        let (old, new) = (self.old.source, self.new.source);
        let gone = |c: &mut Self, name: &str, _: &Vec<Sp<LimitPart>>| {
            let role = role(old, name);
            c.say(
                Weight::Changed,
                format!("{role} has no share in the limit `{limit}` any more"),
            );
        };
        let added = |c: &mut Self, name: &str, parts: &Vec<Sp<LimitPart>>| {
            let amounts: Vec<String> = parts.iter().map(|part| amount(&part.value)).collect();
            let (role, amounts) = (role(new, name), amounts.join(", "));
            let text = format!("{role} may now give {amounts} within the limit `{limit}`");
            c.say(Weight::PowerGrew, text);
        };
        for (name, was) in was.iter().filter(|(name, _)| !is.contains_key(*name)) {
            self.within(name, (Some(was.span), None), |c| gone(c, name, &was.value));
        }
        for (name, is) in is {
            let was = was.get(name);
            let spans = (was.map(|was| was.span), Some(is.span));
            self.within(name, spans, |c| match was {
                None => added(c, name, &is.value),
                Some(was) => c.amounts(&role(new, name), limit, &was.value, &is.value),
            });
        }
    }

    fn amounts(&mut self, role: &str, limit: &str, was: &[Sp<LimitPart>], is: &[Sp<LimitPart>]) {
        for period in [Period::Case, Period::Day, Period::Week, Period::Month] {
            let text = match (least(was, period), least(is, period)) {
                (Some(was), Some(is)) if was != is => {
                    let grew = was.currency == is.currency && was.minor < is.minor;
                    let weight = if grew {
                        Weight::PowerGrew
                    } else {
                        Weight::Changed
                    };
                    let per = word(period);
                    let text = format!(
                        "{role} may give {is} {per} within the limit `{limit}`; it was {was}"
                    );
                    (weight, text)
                }
                (Some(was), None) => (
                    Weight::PowerGrew,
                    format!(
                        "{role} may give more than {was} {} within the limit `{limit}`: that part \
                         of the limit is gone",
                        word(period)
                    ),
                ),
                (None, Some(is)) => (
                    Weight::Changed,
                    format!(
                        "{role} may give no more than {is} {} within the limit `{limit}`",
                        word(period)
                    ),
                ),
                (Some(_), Some(_)) | (None, None) => continue,
            };
            self.say(text.0, text.1);
        }
    }
}

/// Returns the amount that counts in a period: of several the least.
fn least(parts: &[Sp<LimitPart>], period: Period) -> Option<Money> {
    let parts = parts.iter().filter(|part| part.value.per == period);
    parts
        .map(|part| part.value.amount)
        .min_by_key(|amount| amount.minor)
}

fn amount(part: &LimitPart) -> String {
    format!("{} {}", part.amount, word(part.per))
}

const fn word(period: Period) -> &'static str {
    match period {
        Period::Case => "per case",
        Period::Day => "per day",
        Period::Week => "per week",
        Period::Month => "per month",
    }
}
