//! Finds promises that may be broken, work that may be late, and `late` that is written, without
//! anybody hearing of it.

use super::deadlines::{Ends, all};
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct BrokenWithoutConsequence;

impl Rule for BrokenWithoutConsequence {
    fn code(&self) -> Code {
        Code::H604
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for deadline in all(file.source) {
            // That it warns nobody is said of it (H501), and mended by the same.
            if deadline.warns_nobody().is_some() {
                continue;
            }
            let mut rungs = deadline.late.iter();
            if rungs.any(|rung| !rung.tell.is_empty() || rung.go_to.is_some()) {
                continue;
            }
            let first = deadline.late.first().map(|rung| rung.span);
            let what = &deadline.what;
            let (span, message, why) = match (deadline.promised, first) {
                (Some(promised), _) => (
                    promised,
                    format!("nothing happens when {what} is broken"),
                    "a customer who was let down once more hears from nobody",
                ),
                (None, Some(late)) => (
                    late,
                    format!("nothing happens when {what} is late"),
                    "`late` says what happens then, and this says nothing",
                ),
                (None, None) => match (deadline.ends, deadline.within) {
                    // A clock without `late` only measures, for a standard or a report.
                    (Ends::Leaving(_), Some(within)) if !deadline.is_wait => (
                        within.span,
                        format!("nothing happens when {what} is late"),
                        "work that may lie for any time without anybody hearing of it lies long",
                    ),
                    (Ends::Leaving(_) | Ends::Entering(_) | Ends::Only(_), _) => continue,
                },
            };
            let finding = Finding::warning(self.code(), span, message)
                .at("it says nobody to tell, and no step to go to")
                .why(why)
                .mend("add who is told, such as `late: {tell: [ROLE]}`");
            found.push(finding);
        }
    }
}
