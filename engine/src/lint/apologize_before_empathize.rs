//! Finds ways to an apology before anybody has shown that they understand.

use super::{File, Rule, Scope, method};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;

pub(super) struct ApologizeBeforeEmpathize;

impl Rule for ApologizeBeforeEmpathize {
    fn code(&self) -> Code {
        Code::H212
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let why = "an apology sounds hollow from somebody who has not understood what it is for";
        method::in_order(
            self.code(),
            Phase::Empathize,
            Phase::Apologize,
            why,
            file,
            found,
        );
    }
}
