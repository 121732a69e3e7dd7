//! What may be done next with a case, by whom, with which fields.
//!
//! Invariant: an offer only tells; whether a command is accepted is for `decide` alone.

use super::afterwards::{answering, open_follow_up, open_survey};
use super::ask::{default_of, named};
use super::booking::total;
use super::{Booking, Case, Held, Place, way};
use crate::id::{
    ActionName, FieldName, FollowUpName, OutcomeName, PromiseName, RoleName, StepName, SurveyName,
    TaskName,
};
use crate::money::Money;
use crate::value::Value;
use crate::workflow::{
    Action, CUSTOMER, CountsAs, FieldIndex, Need, Phase, RoleSet, Step, Target, Workflow,
};

/// Something that may be done next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What it is.
    pub kind: OfferKind,
    /// What people call it: the title of the task, or where the action leads.
    pub title: String,
    /// The roles that may do it, least senior first.
    pub who: Vec<RoleName>,
    /// The fields that may come with it, in the file's order of naming.
    pub fields: Vec<OfferField>,
    /// Where it may lead, each once, in the order of the rules.
    pub leads_to: Vec<Goal>,
    /// A reason must come with it when it closes the case otherwise than resolved.
    pub needs_reason: bool,
    /// What stands against it at present, whoever asks; empty when nothing does.
    pub waits_for: Vec<Wait>,
}

/// What kind of thing is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfferKind {
    /// A task of the step.
    Task(TaskName),
    /// An action of the step.
    Action(ActionName),
    /// An action possible in every step.
    Anywhere(ActionName),
    /// Recording a root cause.
    RecordCause,
    /// Opening the closed case again.
    Reopen,
    /// Recording what the customer answers to a survey.
    Survey(SurveyName),
    /// Doing a follow-up.
    FollowUp(FollowUpName),
}

/// A field of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferField {
    /// The field.
    pub field: FieldName,
    /// It must be answered, here or before. Not said of a field with a default.
    pub is_required: bool,
    /// It has an answer.
    pub is_filled: bool,
}

/// Where a rule may lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Goal {
    /// The case stays in its step.
    Stay,
    /// To a step.
    Step(StepName),
    /// The case is closed.
    Outcome(OutcomeName),
}

/// What stands against an offer at present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// These tasks are not done.
    Tasks(Vec<TaskName>),
    /// A root cause must be recorded first.
    Cause,
    /// It was taken as often as it may be between two openings.
    UsedUp,
    /// The customer is owed this promise, and the case would close as resolved.
    Promise(PromiseName),
}

impl Offer {
    /// Returns the word by which it is asked for: the name of the task or action.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.kind {
            OfferKind::Task(task) => task.as_str(),
            OfferKind::Action(action) | OfferKind::Anywhere(action) => action.as_str(),
            OfferKind::RecordCause => "record_cause",
            OfferKind::Reopen => "reopen",
            OfferKind::Survey(survey) => survey.as_str(),
            OfferKind::FollowUp(follow_up) => follow_up.as_str(),
        }
    }
}

/// Returns everything that may be done next: open tasks, actions, what is possible anywhere, and
/// recording a cause or reopening where that is possible.
#[must_use]
pub fn offers(workflow: &Workflow, case: &Case) -> Vec<Offer> {
    let mut offers = Vec::new();
    match case.place() {
        Place::Step(name) => {
            let Some((index, step)) = workflow.step(name.as_str()) else {
                return offers;
            };
            offers.extend(task_offers(workflow, case, step));
            offers.extend(step.actions.values().map(|action| {
                action_offer(
                    workflow,
                    case,
                    Some(step),
                    action,
                    OfferKind::Action(action.name.clone()),
                )
            }));
            if step.phases.contains(&Phase::Diagnose) {
                offers.extend(cause_offer(workflow, diagnosing(workflow, Some(step))));
            }
            let here = workflow
                .anywhere()
                .values()
                .filter(|a| !a.not_in.contains(&index));
            offers.extend(here.map(|action| {
                action_offer(
                    workflow,
                    case,
                    None,
                    action,
                    OfferKind::Anywhere(action.name.clone()),
                )
            }));
        }
        Place::Outcome(closing) => {
            offers.extend(cause_offer(workflow, diagnosing(workflow, None)));
            let outcome = workflow.outcome(closing.outcome.as_str());
            if let Some(reopen) = outcome.and_then(|outcome| outcome.reopen) {
                offers.push(reopen_offer(workflow, workflow.step_at(reopen.to)));
            }
            offers.extend(afterwards(workflow, case));
        }
        // What may be done is done in the case that goes on.
        Place::Merged(_) => {}
    }
    offers
}

/// Returns who may record a root cause: in a diagnose step those who act in it, in a closed case
/// those of any diagnose step.
#[must_use]
pub fn diagnosing(workflow: &Workflow, step: Option<&Step>) -> RoleSet {
    let steps = workflow.steps().filter(|candidate| {
        candidate.phases.contains(&Phase::Diagnose)
            && step.is_none_or(|step| step.name == candidate.name)
    });
    steps.fold(RoleSet::default(), |who, step| who.or(step.who))
}

/// Returns the steps and outcomes to which the rules of an action may lead, each once.
#[must_use]
pub fn goals(workflow: &Workflow, action: &Action) -> Vec<Goal> {
    let mut goals = Vec::new();
    for target in targets(action) {
        let goal = match target {
            Target::Stay => Goal::Stay,
            Target::Step(step) => Goal::Step(workflow.step_at(step).name.clone()),
            Target::Outcome(outcome) => Goal::Outcome(workflow.outcome_at(outcome).name.clone()),
        };
        if !goals.contains(&goal) {
            goals.push(goal);
        }
    }
    goals
}

fn targets(action: &Action) -> impl Iterator<Item = Target> {
    action.rules.iter().flat_map(|rule| {
        std::iter::once(rule.go_to).chain(rule.at_most.as_ref().and_then(|at_most| at_most.then))
    })
}

fn task_offers<'a>(
    workflow: &'a Workflow,
    case: &'a Case,
    step: &'a Step,
) -> impl Iterator<Item = Offer> {
    let open = step
        .tasks
        .iter()
        .filter(|(name, _)| case.tasks_open().contains(*name));
    open.map(|(name, task)| Offer {
        kind: OfferKind::Task(name.clone()),
        title: task.title.clone(),
        who: workflow.role_names(task.who).cloned().collect(),
        fields: offer_fields(
            workflow,
            case,
            &[&task.needs],
            &[&step.needs],
            &[task.asks.as_slice(), &step.asks].concat(),
        ),
        leads_to: Vec::new(),
        needs_reason: false,
        waits_for: Vec::new(),
    })
}

fn action_offer(
    workflow: &Workflow,
    case: &Case,
    step: Option<&Step>,
    action: &Action,
    kind: OfferKind,
) -> Offer {
    let (needs, asks) = step.map_or((&[][..], &[][..]), |step| (&step.needs, &step.asks));
    let fields = offer_fields(workflow, case, &[needs, &action.needs], &[], asks);
    let who = approving(workflow, case, action);
    let leads_to = goals(workflow, action);
    let closes_badly = |target| match target {
        Target::Outcome(outcome) => workflow.outcome_at(outcome).counts_as != CountsAs::Resolved,
        Target::Stay | Target::Step(_) => false,
    };
    let titles: Vec<&str> = leads_to
        .iter()
        .map(|goal| goal_title(workflow, goal))
        .collect();
    Offer {
        title: titles.join(" / "),
        who: workflow.role_names(who).cloned().collect(),
        fields,
        leads_to,
        needs_reason: targets(action).any(closes_badly),
        waits_for: way::waits(workflow, case, step, action),
        kind,
    }
}

/// Returns who may take an action; of one that approves in any case, only the roles whose limit
/// suffices for the amount at hand, and nobody where there is none: whoever brings an amount along
/// recorded it, and does not approve it.
fn approving(workflow: &Workflow, case: &Case, action: &Action) -> RoleSet {
    action.approves().fold(action.who, |who, index| {
        let amount = amount_of(case, workflow.field_at(index).0);
        let Some((amount, (name, limit))) = amount.zip(workflow.limit_of(index)) else {
            return RoleSet::default();
        };
        let of_limit = |booking: &&Booking| {
            booking.limit == *name && booking.amount.currency == amount.currency
        };
        let booked = total(case.bookings().iter().filter(of_limit), amount.currency);
        who.and(limit.sufficient(amount, booked.minor))
    })
}

fn amount_of(case: &Case, field: &FieldName) -> Option<Money> {
    match &case.answers().get(field)?.value {
        Held::Open(Value::Money(amount)) => Some(*amount),
        Held::Open(_) | Held::Sealed(_) => None,
    }
}

fn goal_title<'a>(workflow: &'a Workflow, goal: &Goal) -> &'a str {
    match goal {
        Goal::Stay => "stay here",
        Goal::Step(step) => workflow
            .step(step.as_str())
            .map_or("", |(_, step)| &step.title),
        Goal::Outcome(outcome) => workflow
            .outcome(outcome.as_str())
            .map_or("", |outcome| &outcome.title),
    }
}

fn cause_offer(workflow: &Workflow, who: RoleSet) -> Option<Offer> {
    workflow.causes()?;
    Some(Offer {
        kind: OfferKind::RecordCause,
        title: "Record the root cause".to_owned(),
        who: workflow.role_names(who).cloned().collect(),
        fields: Vec::new(),
        leads_to: Vec::new(),
        needs_reason: false,
        waits_for: Vec::new(),
    })
}

/// Returns who may reopen a case into a step: those who act in it, and the customer.
pub(super) fn reopening(workflow: &Workflow, to: &Step) -> RoleSet {
    let customer = workflow.role(CUSTOMER);
    customer.map_or(to.who, |(index, _)| to.who.with(index))
}

fn reopen_offer(workflow: &Workflow, to: &Step) -> Offer {
    let who = reopening(workflow, to);
    Offer {
        kind: OfferKind::Reopen,
        title: to.title.clone(),
        who: workflow.role_names(who).cloned().collect(),
        fields: Vec::new(),
        leads_to: vec![Goal::Step(to.name.clone())],
        needs_reason: true,
        waits_for: Vec::new(),
    }
}

/// Offers the surveys that take answers and the follow-ups that are to be done.
fn afterwards<'a>(workflow: &'a Workflow, case: &'a Case) -> impl Iterator<Item = Offer> + 'a {
    let offer = |kind, title, who| Offer {
        kind,
        title,
        who: workflow.role_names(who).cloned().collect(),
        fields: Vec::new(),
        leads_to: Vec::new(),
        needs_reason: false,
        waits_for: Vec::new(),
    };
    let now = case.effective_at();
    let surveys = workflow.surveys().keys();
    let surveys = surveys.filter(move |name| open_survey(case, name, now).is_some());
    let surveys = surveys.map(move |name| {
        let title = format!("The customer's answers to the survey {name}");
        offer(OfferKind::Survey(name.clone()), title, answering(workflow))
    });
    let follow_ups = workflow.follow_ups().iter();
    let follow_ups = follow_ups.filter(|(name, _)| open_follow_up(case, name).is_some());
    surveys.chain(follow_ups.map(move |(name, follow_up)| {
        let kind = OfferKind::FollowUp(name.clone());
        offer(kind, follow_up.task.clone(), follow_up.who)
    }))
}

/// Returns the fields named by what is needed here, by what is needed later and by what is asked,
/// each once. Only a field needed here that has no default must be answered.
fn offer_fields(
    workflow: &Workflow,
    case: &Case,
    needs: &[&[Need]],
    needs_later: &[&[Need]],
    asks: &[FieldIndex],
) -> Vec<OfferField> {
    let needed = named(needs).map(|field| (field, true));
    let later = named(needs_later).map(|field| (field, false));
    let asked = asks.iter().map(|field| (*field, false));
    let mut fields: Vec<OfferField> = Vec::new();
    for (index, is_needed) in needed.chain(later).chain(asked) {
        let (name, field) = workflow.field_at(index);
        if field.computed || fields.iter().any(|known| known.field == *name) {
            continue;
        }
        fields.push(OfferField {
            field: name.clone(),
            is_required: is_needed && default_of(field).is_none(),
            is_filled: case.answers().contains_key(name),
        });
    }
    fields
}
