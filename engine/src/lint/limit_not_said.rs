//! Finds amounts of money of which nobody says how much may be given.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Kind;

pub(super) struct LimitNotSaid;

impl Rule for LimitNotSaid {
    fn code(&self) -> Code {
        Code::H402
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, field) in &file.source.fields {
            let Some(kind) = &field.value.kind else {
                continue;
            };
            if kind.value != Kind::Money {
                continue;
            }
            let finding = match &field.value.limit {
                None => {
                    let message = format!("`{name}` is money and does not say its `limit`");
                    Finding::error(self.code(), field.span, message)
                        .why("whoever reads the workflow must see who may give how much")
                        .mend("name a limit, or say `limit: none` if nothing is given with it")
                }
                Some(limit) if limit.value != "none" && field.value.max.is_none() => {
                    let message = format!("`{name}` has a limit and no largest value `max`");
                    Finding::error(self.code(), field.span, message)
                        .label(limit.span, "its limit is named here")
                        .why("without it nobody could prove that every amount can be approved")
                        .mend("add `max:` with the largest amount anybody may approve")
                }
                Some(_) => continue,
            };
            found.push(finding);
        }
    }
}
