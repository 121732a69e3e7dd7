//! Finds what waits for a case to be opened again where no outcome allows that.

use super::deadlines::{is_longer, scaled};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::DEFAULT_CALENDAR;
use crate::workflow::length::Length;
use crate::workflow::source::{Reopen, Sp, Survey};

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
        for (name, survey) in &file.source.surveys {
            found.extend(self.survey(file, name, &survey.value));
        }
    }
}

impl NeverReopened {
    /// Finds a survey whose answers come when no case that is asked about can be opened again.
    fn survey(&self, file: &File<'_>, name: &str, survey: &Survey) -> Option<Finding> {
        survey.reopen_when.as_ref()?;
        let first = survey.of.first()?;
        let outcome = |name: &Sp<String>| file.source.outcomes.get(&name.value);
        let mut known = Vec::new();
        for name in &survey.of {
            known.push(outcome(name)?.value.reopen.as_ref());
        }
        let message = format!("no answer to the survey `{name}` opens a case again");
        let reopened: Vec<&Reopen> = known.into_iter().flatten().collect();
        let Some(allowed) = reopened.first() else {
            let finding = Finding::error(self.code(), first.span, message)
                .at("a case that ended so is never opened again")
                .why("`reopen_when` opens a case again only where its outcome has `reopen`");
            return Some(finding.mend(
                "write `reopen: {to: STEP, within: 30 days}` on the outcome, or delete \
                 `reopen_when`",
            ));
        };
        let after = survey.after.as_ref()?;
        let is_too_late = |reopen: &&Reopen| {
            let within = reopen.within.as_ref();
            within.is_some_and(|within| is_over(survey, after.value, within.value))
        };
        if !reopened.iter().all(is_too_late) {
            return None;
        }
        let finding = Finding::error(self.code(), after.span, message)
            .at("it is sent when no case can be opened again any more")
            .label(allowed.within.as_ref()?.span, "so long it can be")
            .why("bad answers open a case again only while its outcome still allows it");
        Some(
            finding
                .mend("send it earlier, let cases be reopened for longer, or delete `reopen_when`"),
        )
    }
}

/// Returns whether the time in which a case may be opened again is over when a survey is sent,
/// whenever the case was closed.
fn is_over(survey: &Survey, after: Length, within: Length) -> bool {
    let (after_scale, after_amount) = scaled(after);
    let (within_scale, within_amount) = scaled(within);
    if after_scale != within_scale {
        return is_longer(after, within);
    }
    // Reopening counts in the hours of `default`; those of other calendars cannot be compared.
    let named = survey.calendar.as_ref();
    let is_one_scale = named.is_none_or(|named| named.value == DEFAULT_CALENDAR);
    (is_one_scale || !after.unit.is_working()) && after_amount >= within_amount
}
