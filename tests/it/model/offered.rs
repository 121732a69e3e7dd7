//! What is offered is accepted, and what is not offered is refused.

use std::collections::BTreeSet;

use heard_engine::case::command::{Act, FollowUp, PlainAct, Survey, Way};
use heard_engine::case::offer::{Goal, Offer, OfferKind, offers};
use heard_engine::code::Code;
use heard_engine::id::{ActionName, SurveyName, TaskName};
use heard_engine::workflow::{FieldKind, Workflow};
use heard_tests::desk::{Desk, No, actor, cause, reopen};

/// Somebody who has never acted.
const STRANGER: u8 = 99;

/// Takes every offer that waits for nothing, with all it requires, and everything not offered.
pub fn offers_agree_with_decide(desk: &Desk) {
    let Some(case) = &desk.case else { return };
    let offers = offers(&desk.workflow, case);
    for offer in offers.iter().filter(|offer| offer.waits_for.is_empty()) {
        for role in &offer.who {
            let asked = desk.ask(&actor(STRANGER, role.as_str()), &act(desk, offer));
            if let Err(No::Refused(refusal)) = asked {
                let wrong = refusal
                    .reasons
                    .iter()
                    .find(|reason| !may_stand_against(&desk.workflow, offer, reason.code()));
                assert!(wrong.is_none(), "{offer:?}: {refusal}");
            }
        }
    }
    let offered: BTreeSet<&str> = offers.iter().map(Offer::name).collect();
    // Each name as one of the roles: that it is not offered does not hang on the role.
    let roles = desk.workflow.roles().keys().cycle();
    for (name, role) in names(&desk.workflow).iter().zip(roles) {
        if offered.contains(name.as_str()) {
            continue;
        }
        let action = Way::Action(ActionName::new(name).unwrap());
        let task = Way::Task(TaskName::new(name).unwrap());
        for way in [action, task] {
            let act = desk.advance(way, &[], Some("the customer asked for it"));
            let asked = desk.ask(&actor(STRANGER, role.as_str()), &act);
            assert!(asked.is_err(), "{name} is not offered, and {role} may");
        }
    }
}

/// Offers do not know the answers: conditions, amounts, and what hangs on the rule that fits, may
/// refuse.
fn may_stand_against(workflow: &Workflow, offer: &Offer, code: Code) -> bool {
    let has_several_ways = offer.leads_to.len() > 1;
    let mut outcomes = offer.leads_to.iter().filter_map(|goal| match goal {
        Goal::Outcome(outcome) => workflow.outcome(outcome.as_str()),
        Goal::Stay | Goal::Step(_) => None,
    });
    let has = |codes: &[Code]| codes.contains(&code);
    has(&[Code::HC008, Code::HC028, Code::HC029])
        || (has(&[Code::HC009, Code::HC011, Code::HC013, Code::HC033]) && has_several_ways)
        || (has(&[Code::HC017]) && offer.kind == OfferKind::Reopen)
        || outcomes.any(|outcome| {
            (has(&[Code::HC005]) && outcome.who.is_some())
                || (has(&[Code::HC007]) && !outcome.needs.is_empty())
        })
}

fn act(desk: &Desk, offer: &Offer) -> PlainAct {
    let required = offer
        .fields
        .iter()
        .filter(|field| field.is_required && !field.is_filled);
    let answers: Vec<(&str, &str)> = required
        .map(|field| {
            (
                field.field.as_str(),
                stand_in(&desk.workflow, field.field.as_str()),
            )
        })
        .collect();
    let way = match &offer.kind {
        OfferKind::Task(task) => Way::Task(task.clone()),
        OfferKind::Action(action) | OfferKind::Anywhere(action) => Way::Action(action.clone()),
        OfferKind::Reopen => return reopen("It broke again"),
        OfferKind::Survey(name) => return survey(&desk.workflow, name),
        OfferKind::FollowUp(name) => {
            return Act::FollowUp(FollowUp {
                follow_up: name.clone(),
                note: None,
            });
        }
        OfferKind::RecordCause => {
            let causes = desk.workflow.causes().expect("a cause is offered");
            let (group, names) = causes.categories.first().unwrap();
            let name = names.first().unwrap().0;
            return cause(group.as_str(), name.as_str(), causes.whys as usize);
        }
    };
    let reason = offer.needs_reason.then_some("the customer asked for it");
    desk.advance(way, &answers, reason)
}

/// Answers every question of a survey as well as it can be.
fn survey(workflow: &Workflow, name: &SurveyName) -> PlainAct {
    let questions = workflow.surveys()[name].questions.iter();
    Act::Survey(Survey {
        answers: questions
            .map(|(name, question)| (name.clone(), question.highest))
            .collect(),
        comment: None,
        survey: name.clone(),
    })
}

fn stand_in(workflow: &Workflow, field: &str) -> &'static str {
    match &workflow.field(field).unwrap().1.kind {
        FieldKind::Text { pattern } => {
            let fits = |text: &&&str| pattern.as_ref().is_none_or(|p| p.matches(text));
            ["a text", "AB12CD", "AB123"].iter().find(fits).unwrap()
        }
        FieldKind::LongText | FieldKind::List | FieldKind::Document => "words",
        FieldKind::YesNo => "yes",
        FieldKind::Choice { of } => of[0].clone().leak(),
        FieldKind::Number { .. } => "1",
        FieldKind::Money { .. } => "1 EUR",
        FieldKind::Date => "2026-09-01",
    }
}

fn names(workflow: &Workflow) -> BTreeSet<String> {
    let steps = workflow.steps();
    let of_steps = steps.flat_map(|step| {
        let actions = step.actions.keys().map(ToString::to_string);
        actions.chain(step.tasks.keys().map(ToString::to_string))
    });
    of_steps
        .chain(workflow.anywhere().keys().map(ToString::to_string))
        .collect()
}
