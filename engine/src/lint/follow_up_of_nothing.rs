//! Finds follow-ups that no case ever comes to.

use super::afterwards::never_ended;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct FollowUpOfNothing;

impl Rule for FollowUpOfNothing {
    fn code(&self) -> Code {
        Code::H807
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, follow_up) in &file.source.follow_ups {
            for outcome in never_ended(file, &follow_up.value.of) {
                let ended = &outcome.value;
                let message = format!("the follow-up `{name}` never comes after `{ended}`");
                let finding = Finding::warning(self.code(), outcome.span, message)
                    .at(format!("no case can end as `{ended}`"))
                    .why("a follow-up that is never due looks as if somebody cared")
                    .mend("name an outcome with which cases end, or delete this one");
                found.push(finding);
            }
        }
    }
}
