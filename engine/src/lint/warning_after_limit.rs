//! Finds warnings that come when it is late already, of what is never late, or to nobody, and
//! ladders that do not rise or are left before their end.

use super::deadlines::{Deadline, Ends, all, is_longer, scaled};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::length::Length;

/// The share of a limit at which it is late.
const WHOLE: u32 = 100;

pub(super) struct WarningAfterLimit;

impl Rule for WarningAfterLimit {
    fn code(&self) -> Code {
        Code::H501
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for deadline in all(file.source) {
            found.extend(self.warning(&deadline));
            self.ladder(&deadline, found);
            found.extend(self.left(file, &deadline));
            found.extend(self.wait(&deadline));
            found.extend(self.unheard(&deadline));
            found.extend(self.extension(&deadline));
        }
    }
}

impl WarningAfterLimit {
    fn warning(&self, deadline: &Deadline<'_>) -> Option<Finding> {
        let warn_at = deadline.warn_at.filter(|at| at.value >= WHOLE)?;
        let message = format!("{} warns when it is late already", deadline.what);
        let finding = Finding::error(self.code(), warn_at.span, message)
            .at("all of the time has passed by then")
            .why("a warning is for those who can still be in time");
        Some(finding.replace("75%"))
    }

    fn ladder(&self, deadline: &Deadline<'_>, found: &mut Vec<Finding>) {
        let mut above: Option<Length> = None;
        for rung in deadline.late {
            let after = rung.after.as_ref();
            let falls = match (above, after) {
                (Some(above), Some(after)) => is_longer(above, after.value),
                (Some(_), None) => true,
                (None, _) => false,
            };
            if falls {
                let what = &deadline.what;
                let message = format!("what happens when {what} is late does not stand in order");
                let told = rung.tell.first().map_or(rung.span, |role| role.span);
                let span = after.map_or(told, |after| after.span);
                let finding = Finding::error(self.code(), span, message)
                    .at("this comes before what stands above it")
                    .why(
                        "`after` counts from the moment at which it is late, for every line of \
                         `late` anew; without `after` it happens at that moment",
                    )
                    .mend("put the lines of `late` in the order of their `after`, or correct it");
                found.push(finding);
            }
            above = after.map(|after| after.value).or(above);
        }
    }

    /// Finds a line of `late` that stands behind one that has led away by then.
    fn left(&self, file: &File<'_>, deadline: &Deadline<'_>) -> Option<Finding> {
        let leads_away = |target: &str| match deadline.ends {
            Ends::Leaving(step) => target != step,
            Ends::Only(until) => until.iter().any(|end| end.value == target),
            Ends::Entering(until) => {
                file.source.outcomes.contains_key(target)
                    || until.iter().any(|end| end.value == target)
            }
        };
        let mut rungs = deadline.late.iter();
        let away = rungs.find_map(|rung| {
            let target = rung.go_to.as_ref()?;
            leads_away(&target.value).then_some((rung.after.as_ref(), target))
        });
        let (above, target) = away?;
        let after = rungs.filter_map(|rung| rung.after.as_ref());
        let mut behind =
            after.filter(|after| above.is_none_or(|above| is_longer(after.value, above.value)));
        let message = format!("this line of `late` of {} never comes", deadline.what);
        let finding = Finding::warning(self.code(), behind.next()?.span, message)
            .at("over before so much time has passed")
            .label(target.span, "the case has gone here by then")
            .why("what is late ends where the case is led away, and the rest of `late` with it");
        Some(finding.mend("tell them in the line that leads away, or delete this one"))
    }

    fn wait(&self, deadline: &Deadline<'_>) -> Option<Finding> {
        let warn_at = deadline.warn_at.filter(|_| deadline.is_wait)?;
        let message = format!("{} warns though it is never late", deadline.what);
        let finding = Finding::warning(self.code(), warn_at.span, message)
            .at("nobody is warned")
            .why(
                "a warning goes to those who are told when it is late, and a wait is over in time",
            );
        Some(finding.mend("delete `warn_at`, or write `late` in place of `then`"))
    }

    fn unheard(&self, deadline: &Deadline<'_>) -> Option<Finding> {
        let warn_at = deadline.warns_nobody()?;
        let mut late = deadline.late.iter();
        let (why, mend) = if !late.clone().any(|rung| !rung.tell.is_empty()) {
            (
                "a warning goes to those who are told when it is late, and `late` tells nobody",
                "write who is told, such as `late: {tell: [ROLE]}`, or delete `warn_at`",
            )
        } else if late.any(|rung| rung.after.is_none()) {
            (
                "a warning goes to those who are told at the moment at which it is late, and \
                 `late` tells nobody at that moment",
                "add `tell` to the line without `after`, or delete `warn_at`",
            )
        } else {
            (
                "a warning goes to those who are told first when it is late, and the first line \
                 of `late` tells nobody",
                "add `tell` to the first line of `late`, or delete `warn_at`",
            )
        };
        let message = format!("{} warns nobody", deadline.what);
        let finding = Finding::warning(self.code(), warn_at.span, message)
            .at("nobody hears of it")
            .why(why);
        Some(finding.mend(mend))
    }

    fn extension(&self, deadline: &Deadline<'_>) -> Option<Finding> {
        let within = deadline.within?;
        let to = deadline.extend?.to.as_ref()?;
        let is_same = scaled(to.value) == scaled(within.value);
        if !is_same && !is_longer(within.value, to.value) {
            return None;
        }
        let message = format!("{} is not extended by this", deadline.what);
        let finding = Finding::error(self.code(), to.span, message)
            .at("not longer than without it")
            .label(within.span, "this long anyway")
            .why("`to` counts from where the clock began, not from where it would have ended");
        Some(finding.mend("write the whole length, from the beginning on"))
    }
}
