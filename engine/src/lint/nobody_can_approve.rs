//! Finds amounts that nobody can approve: the field's `max` is above the highest limit, or is a
//! field without one.
//!
//! Looked at are fields that some action gives or approves. Counted is how much each role may give
//! at once, which is the smallest of its periods, among the roles that take an action with which
//! the amount can be covered.

use super::{File, Rule, Scope, held};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::money::Money;
use crate::workflow::condition::{Bound, Condition, Ordered, Test};
use crate::workflow::source::{Action, Effects, Field, LimitPart, Sp, Workflow};
use crate::workflow::{self, RoleIndex, RoleSet};

pub(super) struct NobodyCanApprove;

impl Rule for NobodyCanApprove {
    fn code(&self) -> Code {
        Code::H404
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, field) in &file.source.fields {
            let Some(limit) = field.value.limit.as_ref() else {
                continue;
            };
            let Some(who) = covering(file, name) else {
                continue;
            };
            let (max, span) = match largest(file.source, &field.value) {
                None => continue,
                Some(Largest::Fixed(max, span)) => (max, span),
                Some(Largest::Open(named)) => {
                    found.extend(self.of_open(file, name, &field.value, named));
                    continue;
                }
            };
            let highest = highest(file, &limit.value, who, max);
            if highest.is_none_or(|highest| highest.minor < max.minor) {
                found.push(match idle(file, &limit.value, who, max) {
                    Some(holder) => self.of_idle(name, (max, span), holder),
                    None => self.finding(file, name, (max, span), &limit.value, highest),
                });
            } else {
                self.steps(file, name, (max, span), &limit.value, found);
            }
        }
    }
}

/// How much a field may be at most.
enum Largest<'a> {
    /// So much, and where that is said.
    Fixed(Money, Span),
    /// As much as this field, which may be any amount.
    Open(&'a Sp<String>),
}

impl NobodyCanApprove {
    /// The field named by `max` has no largest amount itself.
    fn of_open(
        &self,
        file: &File<'_>,
        name: &str,
        field: &Field,
        named: &Sp<String>,
    ) -> Option<Finding> {
        let (max, limit) = (field.max.as_ref()?, field.limit.as_ref()?);
        let limit = file.source.limits.get(&limit.value)?;
        let declared = file.source.fields.get(&named.value)?;
        let named = &named.value;
        let message =
            format!("`{name}` may be as much as `{named}`, and `{named}` may be any amount");
        let finding = Finding::error(self.code(), max.span, message)
            .at("so it may be above every limit")
            .label(declared.span, "this field has no `max`")
            .label(limit.span, "the limits of those who may agree stand here")
            .why("a case with an amount above every limit could neither be given it nor go on");
        Some(finding.mend(format!(
            "give `{named}` a `max` that the highest limit covers, or write one here"
        )))
    }

    /// Looks at each step with no other way on than to approve: somebody must be able to who acts
    /// there.
    fn steps(
        &self,
        file: &File<'_>,
        name: &str,
        (max, span): (Money, Span),
        limit: &str,
        found: &mut Vec<Finding>,
    ) {
        let mut tries = held::TRIES_MAX;
        let Some((field, _)) = file.compiled.field(name) else {
            return;
        };
        for (step_name, at) in &file.source.steps {
            let Some((index, step)) = file.compiled.step(step_name) else {
                continue;
            };
            let approves = |action: &workflow::Action| action.approves().any(|one| one == field);
            let leading = step
                .actions
                .values()
                .filter(|action| held::leads_on(action));
            let (approving, others): (Vec<_>, Vec<_>) = leading.partition(|one| approves(one));
            let is_only_way = !approving.is_empty() && others.is_empty() && at.value.due.is_none();
            if !is_only_way || held::asked(file, index).contains(&field) {
                continue;
            }
            let who = approving.iter().map(|action| action.who);
            let highest = highest(file, limit, who.fold(RoleSet::default(), RoleSet::or), max);
            let too_much = match highest {
                Some(highest) if highest.minor >= max.minor => continue,
                Some(highest) => Test::Within(vec![(Bound::Above, Ordered::Money(highest))]),
                None => Test::Filled,
            };
            let too_much = Condition::Field(field, too_much);
            let Some(held) = held::walk(file, &[index], &too_much, &mut tries) else {
                continue;
            };
            let up_to = highest.map_or_else(
                || "nobody who acts there may approve it".to_owned(),
                |highest| format!("those who act there may approve {highest} at most"),
            );
            let message =
                format!("`{name}` up to {max} can come to the step `{step_name}`, and {up_to}");
            let finding = Finding::error(self.code(), at.span, message)
                .at(format!("on this way: {}", held.walk))
                .label(span, "it may be so much")
                .why("a case with such an amount could neither be given it nor go on")
                .mend(format!(
                    "name in `who` of the action that approves a role that may approve {max}, or \
                     add an action that refuses or leads to somebody who may"
                ));
            found.push(finding);
        }
    }

    /// Somebody's limit suffices, and no action lets them use it.
    fn of_idle(&self, name: &str, (max, span): (Money, Span), (role, at): (&str, Span)) -> Finding {
        let message = format!(
            "`{role}` may give {max} of `{name}`, but no action of theirs gives or approves it"
        );
        Finding::error(self.code(), span, message)
            .at("nobody who takes such an action may give so much")
            .label(at, "this limit is never used")
            .why("a case with such an amount could neither be given it nor go on")
            .mend(format!(
                "add a step with `approves: [{name}]` for `{role}`, or add them to `who` of one"
            ))
    }

    fn finding(
        &self,
        file: &File<'_>,
        name: &str,
        (max, span): (Money, Span),
        limit: &str,
        highest: Option<Money>,
    ) -> Finding {
        let other = highest.is_none().then(|| file.source.limits.get(limit));
        let other = other.flatten().and_then(|limit| {
            let mut parts = limit.value.values().flat_map(|parts| &parts.value);
            parts.find(|part| part.value.amount.currency != max.currency)
        });
        if let Some(part) = other {
            let (own, other) = (max.currency, part.value.amount.currency);
            let message = format!("nobody can approve `{name}` in {own}, however little it is");
            return Finding::error(self.code(), span, message)
                .label(part.span, format!("this limit is in {other}"))
                .why("an amount is only held against limits in its own currency")
                .mend(format!(
                    "say the limit in {own} too, such as `[{}, {max}]`, or the field in {other}",
                    part.value.amount
                ));
        }
        let message = match highest {
            Some(highest) => format!(
                "nobody can approve `{name}` above {highest}, and it may be as much as {max}"
            ),
            None => format!("nobody can approve `{name}`, however little it is"),
        };
        let mut finding = Finding::error(self.code(), span, message)
            .at("the field's `max` is above the highest limit")
            .why("a case with such an amount could neither be given it nor go on");
        if let Some(limit) = file.source.limits.get(limit) {
            finding = finding.label(limit.span, "the limits of those who may agree stand here");
        }
        match highest {
            Some(highest) => finding.mend(format!(
                "write `max: {highest}`, or raise a limit of a role that may agree to {max}"
            )),
            None => finding.mend(format!(
                "name in `limits` a role that takes an action which gives or approves `{name}`"
            )),
        }
    }
}

/// Returns the roles that take an action which gives or approves the field. `None` where no action
/// does.
fn covering(file: &File<'_>, name: &str) -> Option<RoleSet> {
    let of_steps = file.compiled.steps().flat_map(|step| {
        let declared = file.source.steps.get(step.name.as_str());
        step.actions.values().map(move |action| {
            let actions = declared.map(|step| &step.value.actions);
            (
                action,
                actions.and_then(|actions| actions.get(action.name.as_str())),
            )
        })
    });
    let of_anywhere = file
        .compiled
        .anywhere()
        .values()
        .map(|action| (action, file.source.anywhere.get(action.name.as_str())));
    let all = of_steps.chain(of_anywhere);
    let covering =
        all.filter(|(_, source)| source.is_some_and(|source| covers(&source.value, name)));
    covering.map(|(action, _)| action.who).reduce(RoleSet::or)
}

fn covers(action: &Action, field: &str) -> bool {
    let of_rules = action.rules.iter().map(|rule| &rule.effects);
    let mut all = of_rules.chain([&action.effects]);
    all.any(|effects: &Effects| {
        let mut fields = effects.gives.iter().chain(&effects.approves);
        fields.any(|named| named.value == field)
    })
}

/// Returns the largest amount of a field: said by a number, by the rows of its table, or by another
/// field of which the same is true. `None` where it says none itself, which is H402.
fn largest<'a>(source: &'a Workflow, field: &'a Field) -> Option<Largest<'a>> {
    let said: &Sp<String> = field.max.as_ref()?;
    let mut named = said;
    let mut of = field;
    for _ in 0..=source.fields.len() {
        if let Ok(Ordered::Money(money)) = of.ordered(&named.value) {
            return Some(Largest::Fixed(money, said.span));
        }
        of = &source.fields.get(&named.value)?.value;
        match (&of.max, &of.from_table) {
            (Some(max), _) => named = max,
            (None, Some(table)) => {
                let rows = source.tables.get(&table.value)?.value.iter();
                let amounts = rows.filter_map(|row| match of.ordered(&row.is.value) {
                    Ok(Ordered::Money(money)) => Some(money),
                    Ok(Ordered::Number(_) | Ordered::Date(_)) | Err(_) => None,
                });
                let most = amounts.max_by_key(|amount| amount.minor)?;
                return Some(Largest::Fixed(most, said.span));
            }
            (None, None) => return Some(Largest::Open(named)),
        }
    }
    None
}

/// Returns the most that one of the roles may give at once, in the money of the amount.
fn highest(file: &File<'_>, limit: &str, who: RoleSet, max: Money) -> Option<Money> {
    let limit = file.source.limits.get(limit)?;
    let holders = limit.value.iter();
    let holders = holders.filter(|(role, _)| acts(file, role, who) == Some(true));
    let most = holders.filter_map(|(_, parts)| at_once(&parts.value, max));
    most.max_by_key(|amount| amount.minor)
}

/// Returns the least senior role that may give the amount at once and takes none of the actions,
/// with the place of its limit.
fn idle<'a>(file: &File<'a>, limit: &str, who: RoleSet, max: Money) -> Option<(&'a str, Span)> {
    let limit = file.source.limits.get(limit)?;
    let suffices = |parts: &[Sp<LimitPart>]| {
        at_once(parts, max).is_some_and(|amount| amount.minor >= max.minor)
    };
    let mut holders = limit.value.iter();
    let idle = holders
        .find(|(role, parts)| acts(file, role, who) == Some(false) && suffices(&parts.value));
    idle.map(|(role, parts)| (role.as_str(), parts.span))
}

/// Returns whether a role of people is among the roles that act.
fn acts(file: &File<'_>, role: &str, who: RoleSet) -> Option<bool> {
    let declared = file.source.roles.get(role)?;
    let index = file.compiled.roles().get_index_of(role);
    let index = index.and_then(|index| u16::try_from(index).ok())?;
    (!declared.value.system).then(|| who.contains(RoleIndex(index)))
}

/// Returns the smallest of a role's periods, in the money of the amount.
fn at_once(parts: &[Sp<LimitPart>], max: Money) -> Option<Money> {
    let all = parts.iter().map(|part| part.value.amount);
    let comparable = all.filter(|amount| amount.currency == max.currency);
    comparable.min_by_key(|amount| amount.minor)
}
