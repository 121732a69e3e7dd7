//! Finds limits by which a senior role may give less than one below it.
//!
//! Amounts are compared for the same period and in the same money. A role without an amount for a
//! period is not limited by it.

use std::collections::BTreeMap;

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{LimitPart, Period, Sp};

pub(super) struct LimitFallsWithSeniority;

impl Rule for LimitFallsWithSeniority {
    fn code(&self) -> Code {
        Code::H406
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, limit) in &file.source.limits {
            let mut highest: BTreeMap<_, (&str, &Sp<LimitPart>)> = BTreeMap::new();
            for role in file.source.roles.keys() {
                let parts = limit.value.get(role).map(|parts| &parts.value);
                for part in parts.into_iter().flatten() {
                    let like = (
                        words(part.value.per),
                        part.value.amount.currency.to_string(),
                    );
                    let before = highest.get(&like).copied();
                    let falls = before
                        .filter(|(_, below)| part.value.amount.minor < below.value.amount.minor);
                    if let Some((junior, below)) = falls {
                        found.push(self.finding(name, (role, part), (junior, below)));
                    } else {
                        highest.insert(like, (role, part));
                    }
                }
            }
        }
    }
}

impl LimitFallsWithSeniority {
    fn finding(
        &self,
        limit: &str,
        (senior, part): (&str, &Sp<LimitPart>),
        (junior, below): (&str, &Sp<LimitPart>),
    ) -> Finding {
        let (less, more) = (part.value.amount, below.value.amount);
        let per = words(part.value.per);
        let message = format!(
            "by the limit `{limit}`, `{senior}` may give {less} per {per}, less than `{junior}`, \
             who may give {more}"
        );
        Finding::error(self.code(), part.span, message)
            .label(
                below.span,
                format!("`{junior}` is listed in `roles` before `{senior}`"),
            )
            .why(
                "roles are listed least senior first; a case that goes up for agreement would be \
                 decided by somebody who may agree to less",
            )
            .mend(format!(
                "write at least `{more}` for `{senior}`, or list `{senior}` before `{junior}` in \
                 `roles`"
            ))
    }
}

const fn words(period: Period) -> &'static str {
    match period {
        Period::Case => "case",
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
    }
}
