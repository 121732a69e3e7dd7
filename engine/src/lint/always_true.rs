//! Finds conditions that always hold where they are asked.

use super::reasoning::{Choice, begin};
use super::{File, Rule, Scope, needed};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::logic::Claim;
use crate::workflow::source;

pub(super) struct AlwaysTrue;

impl Rule for AlwaysTrue {
    fn code(&self) -> Code {
        Code::H307
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for act in file.facts.acts() {
            let Ok(choice) = file.facts.choice(act, &[]) else {
                continue;
            };
            let rules = &act.action.value.rules;
            for (number, rule) in rules.iter().enumerate() {
                let Some(when) = rule.when.as_ref().filter(|_| is_idle(&choice, number)) else {
                    continue;
                };
                let message = format!("this condition always holds when `{}` is taken", act.name);
                let is_last = number + 1 == rules.len();
                let mend = if is_last {
                    "delete `when` here"
                } else {
                    "delete `when` here and the rules behind it, or ask something else"
                };
                let finding =
                    Finding::warning(self.code(), begin(when).unwrap_or(rule.span), message)
                        .why("it decides nothing, and a rule behind it is never looked at");
                found.push(finding.mend(mend));
            }
        }
        for needed in needed::all(file) {
            self.needs(file, &needed, found);
        }
    }
}

/// Returns whether a rule that can fit fits whenever the needs hold.
fn is_idle(choice: &Choice, number: usize) -> bool {
    let mut claims = choice.needed();
    claims.push(Claim::Fails(choice.rule(number)));
    matches!(choice.fits(number), Ok(Some(_))) && choice.space.can(&claims) == Ok(false)
}

impl AlwaysTrue {
    fn needs(&self, file: &File<'_>, needed: &needed::Needed<'_>, found: &mut Vec<Finding>) {
        let lists = [needed.before, needed.own];
        let Ok(choice) = file.facts.needs(&lists, needed.filled.clone()) else {
            return;
        };
        let all = choice.needed();
        if choice.space.can(&all) != Ok(true) {
            return;
        }
        let is_condition = |need: &&source::Need| matches!(need, source::Need::Condition(_));
        let before = needed.before.iter().filter(is_condition).count();
        let own = needed.own.iter().filter_map(|need| match need {
            source::Need::Field(_) => None,
            source::Need::Condition(condition) => Some(condition),
        });
        for (place, condition) in (before..).zip(own) {
            // Two that say the same would excuse each other, so only what stands before counts.
            let mut claims: Vec<Claim> = all.iter().copied().take(place).collect();
            claims.push(Claim::Fails(place));
            if choice.space.can(&claims) == Ok(false) {
                let message = format!("this need of {} is always met", needed.what);
                let span = begin(condition).unwrap_or(needed.span);
                let finding = Finding::warning(self.code(), span, message)
                    .why("it keeps nobody back, although it reads as if it did");
                found.push(finding.mend("delete it, or ask what you meant"));
            }
        }
    }
}
