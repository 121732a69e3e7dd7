//! Finds needs that contradict each other, or those of the outcome that a rule leads to.

use super::reasoning::{Act, begin};
use super::{File, Rule, Scope, needed};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::source::{Need, Sp};
use crate::workflow::ways::Place;

pub(super) struct NeedsNeverHold;

impl Rule for NeedsNeverHold {
    fn code(&self) -> Code {
        Code::H311
    }

    fn scope(&self) -> Scope {
        Scope::Decided
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for needed in needed::all(file) {
            let can = |lists: &[&[Need]]| {
                let choice = file.facts.needs(lists, needed.filled.clone());
                choice.and_then(|choice| choice.space.can(&choice.needed()))
            };
            let is_own = can(&[needed.own]) == Ok(false);
            // Where the step's needs contradict themselves, that is said of the step.
            let is_both =
                can(&[needed.before]) == Ok(true) && can(&[needed.before, needed.own]) == Ok(false);
            if !is_own && !is_both {
                continue;
            }
            let message = format!("what {} needs can never hold", needed.what);
            let span = first(needed.own).unwrap_or(needed.span);
            let mut finding = Finding::error(self.code(), span, message)
                .at("no answers fulfil all of it at once")
                .why("nobody could ever do this, whatever the customer says")
                .mend("delete or change one of the needs that contradict each other");
            if !is_own && let Some(before) = first(needed.before) {
                finding = finding.label(before, "the step needs this as well");
            }
            found.push(finding);
        }
        self.outcomes(file, found);
    }
}

impl NeedsNeverHold {
    /// Looks at rules that lead to an outcome whose needs cannot hold when they fit.
    fn outcomes(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for act in file.facts.acts() {
            let alone = file.facts.choice(act, &[]);
            for (number, rule) in act.action.value.rules.iter().enumerate() {
                let Ok(alone) = &alone else { continue };
                if !matches!(alone.fits(number), Ok(Some(_))) {
                    continue;
                }
                for target in std::iter::once(&rule.go_to).chain(&rule.then) {
                    found.extend(self.outcome(file, act, number, target));
                }
            }
        }
    }

    /// Looks at one target of a rule.
    fn outcome(
        &self,
        file: &File<'_>,
        act: Act<'_>,
        number: usize,
        target: &Sp<String>,
    ) -> Option<Finding> {
        let outcome = file.source.outcomes.get(&target.value)?;
        let needs = &outcome.value.needs;
        let own = file
            .facts
            .needs(&[needs], std::collections::BTreeSet::new());
        let can_be_met = own.is_ok_and(|own| own.space.can(&own.needed()) == Ok(true));
        let both = file
            .facts
            .choice(act, needs)
            .and_then(|both| both.fits(number));
        if !can_be_met || both != Ok(None) {
            return None;
        }
        let title = Place::Outcome(&target.value, outcome).title();
        let message = format!(
            "`{}` leads to {title}, whose needs cannot hold then",
            act.name
        );
        let finding = Finding::error(self.code(), target.span, message)
            .at("when this way is chosen, it is always refused")
            .why("a person could choose this and would never get there")
            .mend("let it lead elsewhere, or change what the outcome needs");
        Some(match first(needs) {
            Some(first) => finding.label(first, "the outcome needs this"),
            None => finding,
        })
    }
}

fn first(needs: &[Need]) -> Option<Span> {
    let conditions = needs.iter().find_map(|need| match need {
        Need::Field(_) => None,
        Need::Condition(condition) => begin(condition),
    });
    conditions.or_else(|| {
        needs.iter().find_map(|need| match need {
            Need::Field(field) => Some(field.span),
            Need::Condition(_) => None,
        })
    })
}
