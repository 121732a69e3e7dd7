//! Finds ways to put things right before anybody has apologised.

use super::{File, Rule, Scope, method};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;

pub(super) struct ResolveBeforeApology;

impl Rule for ResolveBeforeApology {
    fn code(&self) -> Code {
        Code::H213
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let why = "a remedy without an apology sounds as if the customer were to be paid off";
        method::in_order(
            self.code(),
            Phase::Apologize,
            Phase::Resolve,
            why,
            file,
            found,
        );
    }
}
