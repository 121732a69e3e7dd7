//! Finds what waits for a case to be opened again where no outcome allows that.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Sp;

/// The anchor of a clock that begins when a case is opened again.
const REOPENED: &str = "reopened";

pub(super) struct NeverReopened;

impl Rule for NeverReopened {
    fn code(&self) -> Code {
        Code::H107
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let outcomes = &file.source.outcomes;
        let is_never = outcomes
            .values()
            .all(|outcome| outcome.value.reopen.is_none());
        for (name, clock) in &file.source.clocks {
            // Beside another anchor it does no harm, and may wait for a later version.
            if let [from] = clock.value.from.as_slice()
                && from.value == REOPENED
                && is_never
            {
                let message = format!("the clock `{name}` never begins");
                let finding = Finding::error(self.code(), from.span, message)
                    .at("no case can be opened again")
                    .why("a case is opened again only where its outcome has `reopen`");
                found.push(finding.mend(
                    "write `reopen: {to: STEP, within: 30 days}` on an outcome, or name in `from` \
                     what begins the clock",
                ));
            }
        }
        let is_final = |name: &Sp<String>| {
            let outcome = outcomes.get(&name.value);
            outcome.is_some_and(|outcome| outcome.value.reopen.is_none())
        };
        for (name, survey) in &file.source.surveys {
            let of = &survey.value.of;
            if let Some(first) = of.first()
                && survey.value.reopen_when.is_some()
                && of.iter().all(is_final)
            {
                let message = format!("no answer to the survey `{name}` opens a case again");
                let finding = Finding::error(self.code(), first.span, message)
                    .at("a case that ended so is never opened again")
                    .why("`reopen_when` opens a case again only where its outcome has `reopen`");
                found.push(finding.mend(
                    "write `reopen: {to: STEP, within: 30 days}` on the outcome, or delete \
                     `reopen_when`",
                ));
            }
        }
    }
}
