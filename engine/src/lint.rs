//! Checks a workflow file and says everything that is wrong with it.
//!
//! Reading a file finds what is wrong with its words and names; the rules here find what is wrong
//! with its meaning. Each rule looks for one fault and lies in a file of its own.
//!
//! Invariant: a rule only looks; what it finds depends on nothing but the file.

mod apologize_before_empathize;
mod approval_without_other_eyes;
mod back_to_itself;
mod condition_on_sealed_value;
mod conditions;
mod dead_end;
mod empathize_before_hear;
mod excuse;
mod given_before_apology;
mod limit_falls_with_seniority;
mod limit_not_said;
mod method;
mod misplaced_limit;
mod missing_last_rule;
mod never_asked;
mod never_meet;
mod nobody_can_approve;
mod nobody_left;
mod nobody_may_act;
mod nothing_resolved;
mod personal_not_said;
mod refusal_leads_where_agreement_leads;
mod resolve_before_apology;
mod resolved_without_diagnosis;
mod rule_never_reached;
mod table_in_a_circle;
mod too_many_steps;
mod too_much_to_read;
mod trap;
mod two_actions_alike;
mod uncounted_loop;
mod unreachable_step;
mod value_outside;
mod wrong_comparison;

use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::compile::compile;
use crate::workflow::ways::Ways;
use crate::workflow::{Workflow, source};

/// What checking a file came to.
#[derive(Debug)]
pub struct Report {
    /// Everything found, in the file's order.
    pub findings: Vec<Finding>,
    /// What would have been found too, had the file not excused it.
    pub excused: Vec<Excused>,
    /// The compiled workflow, where there is no error.
    pub workflow: Option<Workflow>,
}

/// A finding that the file excuses on its line.
#[derive(Debug)]
pub struct Excused {
    /// What was found.
    pub finding: Finding,
    /// Why it may stand.
    pub reason: String,
}

/// One fault that is looked for.
trait Rule {
    /// The code of what it finds.
    fn code(&self) -> Code;

    /// What must be right before it looks.
    fn scope(&self) -> Scope;

    /// Looks for the fault.
    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>);
}

/// What must be right before a rule looks, so that it does not report the consequences of other
/// faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// Nothing: it looks at parts that stand for themselves.
    Part,
    /// Reading found no error: it looks at the whole, and a part that could not be read or a name
    /// that does not exist would mislead it.
    Whole,
}

/// What a rule looks at.
struct File<'a> {
    source: &'a source::Workflow,
    ways: &'a Ways<'a>,
    compiled: &'a Workflow,
}

const RULES: &[&dyn Rule] = &[
    &never_asked::NeverAsked,
    &unreachable_step::UnreachableStep,
    &dead_end::DeadEnd,
    &trap::Trap,
    &uncounted_loop::UncountedLoop,
    &nothing_resolved::NothingResolved,
    &refusal_leads_where_agreement_leads::RefusalLeadsWhereAgreementLeads,
    &two_actions_alike::TwoActionsAlike,
    &back_to_itself::BackToItself,
    &too_many_steps::TooManySteps,
    &empathize_before_hear::EmpathizeBeforeHear,
    &apologize_before_empathize::ApologizeBeforeEmpathize,
    &resolve_before_apology::ResolveBeforeApology,
    &given_before_apology::GivenBeforeApology,
    &resolved_without_diagnosis::ResolvedWithoutDiagnosis,
    &missing_last_rule::MissingLastRule,
    &wrong_comparison::WrongComparison,
    &value_outside::ValueOutside,
    &misplaced_limit::MisplacedLimit,
    &too_much_to_read::TooMuchToRead,
    &rule_never_reached::RuleNeverReached,
    &table_in_a_circle::TableInACircle,
    &nobody_may_act::NobodyMayAct,
    &limit_not_said::LimitNotSaid,
    &nobody_left::NobodyLeft,
    &nobody_can_approve::NobodyCanApprove,
    &approval_without_other_eyes::ApprovalWithoutOtherEyes,
    &limit_falls_with_seniority::LimitFallsWithSeniority,
    &never_meet::NeverMeet,
    &personal_not_said::PersonalNotSaid,
    &condition_on_sealed_value::ConditionOnSealedValue,
];

/// Reads, checks and compiles a workflow file.
#[must_use]
pub fn check(bytes: &[u8]) -> Report {
    let (source, mut findings) = source::read(bytes);
    let Some(source) = source else {
        return Report {
            findings,
            excused: Vec::new(),
            workflow: None,
        };
    };
    let compiled = compile(&source, bytes);
    let is_whole = !Finding::any_error(&findings);
    let file = File {
        source: &source,
        ways: &Ways::of(&source),
        compiled: &compiled,
    };
    for rule in RULES {
        if is_whole || rule.scope() == Scope::Part {
            let before = findings.len();
            rule.check(&file, &mut findings);
            let own = findings.iter().skip(before);
            debug_assert!(own.clone().all(|finding| finding.code == rule.code()));
        }
    }
    let excused = excuse::apply(bytes, &mut findings);
    source::limit(&mut findings);
    let workflow = (!Finding::any_error(&findings)).then_some(compiled);
    Report {
        findings,
        excused,
        workflow,
    }
}

#[cfg(test)]
mod large;
#[cfg(test)]
mod proofs;
#[cfg(test)]
pub(crate) mod random;
#[cfg(test)]
mod tests;
