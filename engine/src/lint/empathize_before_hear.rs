//! Finds ways to show understanding for what nobody has heard.

use super::{File, Rule, Scope, method};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::Phase;

pub(super) struct EmpathizeBeforeHear;

impl Rule for EmpathizeBeforeHear {
    fn code(&self) -> Code {
        Code::H211
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let why = "nobody can understand what they have not heard, and customers notice";
        method::in_order(self.code(), Phase::Hear, Phase::Empathize, why, file, found);
    }
}
