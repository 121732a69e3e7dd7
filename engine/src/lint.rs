//! Checks a workflow file and says everything that is wrong with it.
//!
//! Reading a file finds what is wrong with its words and names; the rules here find what is wrong
//! with its meaning. Each rule looks for one fault and lies in a file of its own.
//!
//! Invariant: a rule only looks; what it finds depends on nothing but the file and [`Beside`].

mod afterwards;
mod always_true;
mod apologize_before_empathize;
mod approval_without_other_eyes;
mod approved_and_not_given;
mod asked_twice;
mod back_to_itself;
mod broken_without_consequence;
mod calendar_ends;
mod cause_names_a_role;
mod causes_nobody_records;
mod causes_without_rest;
mod condition_on_sealed_value;
mod conditions;
mod dead_end;
mod deadline_cannot_close;
mod deadlines;
mod empathize_before_hear;
mod emptiness;
mod escalation_in_a_circle;
mod excuse;
mod follow_up_of_nothing;
mod given_before_apology;
mod given_without_limit;
mod held;
mod kept_and_never_made;
mod limit_falls_with_seniority;
mod limit_not_said;
mod limit_outside_working_hours;
mod longer_than_limit;
mod longest;
mod looks_personal;
mod made_and_never_kept;
mod maybe_empty;
mod method;
mod misplaced_limit;
mod missing_last_rule;
mod needed;
mod needs_never_answered;
mod needs_never_hold;
mod never_asked;
mod never_meet;
mod never_reopened;
mod no_default_calendar;
mod nobody_can_approve;
mod nobody_left;
mod nobody_may_act;
mod nothing_resolved;
mod owed;
mod pause_without_clock;
mod personal_in_text;
mod personal_not_said;
mod reasoning;
mod refusal_leads_where_agreement_leads;
mod resolve_before_apology;
mod resolved_with_promise_owed;
mod resolved_without_diagnosis;
mod rule_never_reached;
mod stale_answer;
mod step_without_limit;
mod survey_reaches_nobody;
mod survey_too_often;
mod table_gap;
mod table_in_a_circle;
mod told_who_cannot_act;
mod too_many_steps;
mod too_much_at_once;
mod too_much_to_read;
mod trap;
mod two_actions_alike;
mod uncounted_loop;
mod unreachable_step;
mod used_up;
mod vague_standard;
mod value_outside;
mod warning_after_limit;
mod wrong_comparison;

use crate::code::Code;
use crate::finding::Finding;
use crate::time::Date;
use crate::workflow::compile::compile;
use crate::workflow::ways::Ways;
use crate::workflow::{Workflow, source};

use reasoning::Facts;

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

/// What is known beside the file; what is not known here is not looked for.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// The day on which the file is checked.
    pub today: Option<Date>,
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
    /// Beside that, every comparison means something: it decides what conditions come to.
    Decided,
}

/// What is found of comparisons that mean nothing; their consequences are not reported.
const MEANINGLESS: [Code; 4] = [Code::H302, Code::H303, Code::H304, Code::H702];

/// What a rule looks at.
struct File<'a> {
    source: &'a source::Workflow,
    ways: &'a Ways<'a>,
    compiled: &'a Workflow,
    facts: &'a Facts<'a>,
    beside: &'a Beside,
}

/// The rules, those that decide conditions behind those that look at each comparison.
const RULES: &[&dyn Rule] = &[
    &never_asked::NeverAsked,
    &never_reopened::NeverReopened,
    &no_default_calendar::NoDefaultCalendar,
    &unreachable_step::UnreachableStep,
    &dead_end::DeadEnd,
    &trap::Trap,
    &uncounted_loop::UncountedLoop,
    &nothing_resolved::NothingResolved,
    &refusal_leads_where_agreement_leads::RefusalLeadsWhereAgreementLeads,
    &two_actions_alike::TwoActionsAlike,
    &back_to_itself::BackToItself,
    &too_many_steps::TooManySteps,
    &too_much_at_once::TooMuchAtOnce,
    &empathize_before_hear::EmpathizeBeforeHear,
    &apologize_before_empathize::ApologizeBeforeEmpathize,
    &resolve_before_apology::ResolveBeforeApology,
    &given_before_apology::GivenBeforeApology,
    &resolved_without_diagnosis::ResolvedWithoutDiagnosis,
    &wrong_comparison::WrongComparison,
    &value_outside::ValueOutside,
    &misplaced_limit::MisplacedLimit,
    &table_in_a_circle::TableInACircle,
    &nobody_may_act::NobodyMayAct,
    &limit_not_said::LimitNotSaid,
    &given_without_limit::GivenWithoutLimit,
    &approved_and_not_given::ApprovedAndNotGiven,
    &nobody_left::NobodyLeft,
    &nobody_can_approve::NobodyCanApprove,
    &approval_without_other_eyes::ApprovalWithoutOtherEyes,
    &limit_falls_with_seniority::LimitFallsWithSeniority,
    &never_meet::NeverMeet,
    &warning_after_limit::WarningAfterLimit,
    &escalation_in_a_circle::EscalationInACircle,
    &limit_outside_working_hours::LimitOutsideWorkingHours,
    &longer_than_limit::LongerThanLimit,
    &step_without_limit::StepWithoutLimit,
    &pause_without_clock::PauseWithoutClock,
    &told_who_cannot_act::ToldWhoCannotAct,
    &deadline_cannot_close::DeadlineCannotClose,
    &resolved_with_promise_owed::ResolvedWithPromiseOwed,
    &kept_and_never_made::KeptAndNeverMade,
    &made_and_never_kept::MadeAndNeverKept,
    &broken_without_consequence::BrokenWithoutConsequence,
    &personal_not_said::PersonalNotSaid,
    &condition_on_sealed_value::ConditionOnSealedValue,
    &personal_in_text::PersonalInText,
    &asked_twice::AskedTwice,
    &looks_personal::LooksPersonal,
    &survey_reaches_nobody::SurveyReachesNobody,
    &vague_standard::VagueStandard,
    &survey_too_often::SurveyTooOften,
    &follow_up_of_nothing::FollowUpOfNothing,
    &cause_names_a_role::CauseNamesARole,
    &causes_nobody_records::CausesNobodyRecords,
    &causes_without_rest::CausesWithoutRest,
    &calendar_ends::CalendarEnds,
    &missing_last_rule::MissingLastRule,
    &too_much_to_read::TooMuchToRead,
    &rule_never_reached::RuleNeverReached,
    &always_true::AlwaysTrue,
    &maybe_empty::MaybeEmpty,
    &stale_answer::StaleAnswer,
    &table_gap::TableGap,
    &needs_never_hold::NeedsNeverHold,
    &needs_never_answered::NeedsNeverAnswered,
];

/// Reads, checks and compiles a workflow file.
#[must_use]
pub fn check(bytes: &[u8]) -> Report {
    check_with(bytes, &Beside::default())
}

/// Reads, checks and compiles a workflow file, knowing what lies beside it.
#[must_use]
pub fn check_with(bytes: &[u8], beside: &Beside) -> Report {
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
        facts: &Facts::of(&source, &compiled),
        beside,
    };
    for rule in RULES {
        let is_looking = match rule.scope() {
            Scope::Part => true,
            Scope::Whole => is_whole,
            Scope::Decided => {
                is_whole
                    && !findings
                        .iter()
                        .any(|found| MEANINGLESS.contains(&found.code))
            }
        };
        if is_looking {
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
pub(crate) mod random;
#[cfg(test)]
mod tests;
