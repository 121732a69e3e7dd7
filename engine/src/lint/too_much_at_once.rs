//! Finds steps and outcomes to which no case can come, because so much starts there at once that no
//! entry holds it.

use super::{File, Rule, Scope};
use crate::case::largest::{LANDING_BYTES_MAX, too_large_landing};
use crate::code::Code;
use crate::finding::Finding;

const KIB: usize = 1024;

pub(super) struct TooMuchAtOnce;

impl Rule for TooMuchAtOnce {
    fn code(&self) -> Code {
        Code::H006
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let Some(largest) = too_large_landing(file.compiled) else {
            return;
        };
        let place = largest.place;
        let step = file.source.steps.get(place).map(|step| step.span);
        let outcome = file.source.outcomes.get(place).map(|outcome| outcome.span);
        let Some(span) = step.or(outcome) else {
            return;
        };
        let (takes, most) = (largest.bytes.div_ceil(KIB), LANDING_BYTES_MAX / KIB);
        let message = format!("too much starts at once when a case comes to `{place}`");
        let finding = Finding::error(self.code(), span, message)
            .at(format!(
                "up to {takes} KiB are recorded here at once, and {most} are allowed"
            ))
            .why(
                "a case for which nothing more can be recorded stands still for ever, and nobody \
                 is told when something is late",
            );
        found.push(finding.mend(
            "give fewer tasks a `due`, let one clock stand for several, or use fewer promises, \
             surveys, roles and lines of `late`",
        ));
    }
}
