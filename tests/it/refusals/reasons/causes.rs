//! What is refused of root causes, of verdicts on them and of what is done about them.

use heard_engine::case::CauseRef;
use heard_engine::case::command::{
    Act, CheckEffect, CompleteAction, ConfirmIssue, LinkCause, NoIssue, PlainAct, RecordCause,
    ReviewCause, ReviewVerdict,
};
use heard_engine::case::diagnosis::{ActionKind, Effect, Evidence, PlannedAction, Target, Why};
use heard_engine::id::{CaseId, CauseGroup, CauseName, FailureName, ReportingName, RoleName};
use heard_engine::time::Date;
use heard_tests::desk::Desk;

use super::{Met, WITHOUT_CAUSES, go};

/// A workflow that asks for everything that a diagnosis may hold.
const PARCELS: &str = r#"
heard: 1
workflow: parcels
version: 1
title: Parcels
model: custom
roles:
  agent:   {title: Agent}
  lead:    {title: Team lead}
  auditor: {title: Auditor, reads_only: true}
causes:
  whys: 1
  blame_free: {override: [lead]}
  review: {by: auditor}
  effectiveness_check: {after: 30 days}
  failures: {lost: Never came, late: Came too late}
  reporting: {delivery: Delivery}
  categories:
    process: {handover: Lost in hand-over, missing_step: Step missing}
    rules: {policy: {title: A rule of ours, needs: policy_id}}
    unknown: {not_found: {title: Not found, needs: review_date}}
start: hear
steps:
  hear: {phase: hear, who: [agent], next: diagnose}
  diagnose: {phase: diagnose, who: [agent, lead], next: sent}
outcomes:
  sent: {title: Sent again, counts_as: resolved}
"#;

/// Who handles the case.
const ANA: u8 = 1;
/// Who proposes its cause.
const BEN: u8 = 2;
/// Who reviews it.
const EVA: u8 = 3;
/// Who acts on it.
const LEO: u8 = 4;

fn chosen(group: &str, name: &str) -> CauseRef {
    CauseRef {
        group: CauseGroup::new(group).unwrap(),
        name: CauseName::new(name).unwrap(),
    }
}

fn bare(group: &str, name: &str) -> RecordCause<String> {
    let statement = "Nobody counts parcels".to_owned();
    RecordCause::proposed(chosen(group, name), statement, Vec::new())
}

fn action(kind: ActionKind, target: Option<Target>) -> PlannedAction<String> {
    PlannedAction {
        due: Date::parse("2026-11-02").unwrap(),
        kind,
        measure: "Parcels left behind".to_owned(),
        owner: RoleName::new("lead").unwrap(),
        target,
        task: "Count parcels".to_owned(),
    }
}

fn whole() -> RecordCause<String> {
    RecordCause {
        actions: vec![
            action(ActionKind::Corrective, Some(Target::AtMost(1))),
            action(ActionKind::Preventive, None),
        ],
        failure: Some(FailureName::new("lost").unwrap()),
        reporting: Some(ReportingName::new("delivery").unwrap()),
        whys: vec![Why {
            evidence: vec![Evidence {
                reference: "scan log".to_owned(),
                sha256: None,
            }],
            statement: "It stayed in the hall".to_owned(),
        }],
        ..bare("process", "handover")
    }
}

fn review(number: u32, verdict: ReviewVerdict<String>) -> PlainAct {
    Act::ReviewCause(ReviewCause { number, verdict })
}

fn accept(number: u32) -> PlainAct {
    review(number, ReviewVerdict::Accept { note: None })
}

fn done(number: u32, action: u32) -> PlainAct {
    Act::CompleteAction(CompleteAction {
        action,
        note: None,
        number,
    })
}

fn check(action: u32, effect: Effect) -> PlainAct {
    Act::CheckEffect(CheckEffect {
        action,
        effect,
        note: None,
        number: 1,
    })
}

/// What is refused of root causes.
pub(super) fn of_causes(met: &mut Met) {
    let mut desk = Desk::new(PARCELS.as_bytes());
    go(ANA, "agent", desk.open(), &mut desk);
    go(ANA, "agent", desk.action("done", &[]), &mut desk);
    of_a_diagnosis(met, &desk);
    of_blame(met, &desk);
    of_a_verdict(met, &desk);
    of_an_issue(met, &desk);
    of_an_action(met, desk);
}

fn of_a_diagnosis(met: &mut Met, desk: &Desk) {
    let mut refuse = |tried: &str, person: u8, record: RecordCause<String>| {
        met.refuse(tried, desk, person, "agent", &Act::RecordCause(record));
    };
    refuse("a cause by who handled the case", ANA, whole());
    refuse("a cause with nothing", BEN, bare("process", "handover"));
    let mut unshown = whole();
    unshown.whys[0].evidence.clear();
    refuse("a why that nothing shows", BEN, unshown);
    let cause = chosen("rules", "policy");
    refuse(
        "a rule without its id",
        BEN,
        RecordCause { cause, ..whole() },
    );
    let cause = chosen("unknown", "not_found");
    refuse(
        "a cause to look at again",
        BEN,
        RecordCause { cause, ..whole() },
    );
    let mut unknown = whole();
    unknown.failure = Some(FailureName::new("magic").unwrap());
    unknown.reporting = Some(ReportingName::new("magic").unwrap());
    unknown.actions[0].owner = RoleName::new("wizard").unwrap();
    refuse("names that the workflow has not", BEN, unknown);
    let revises = Some(7);
    refuse("revising none", BEN, RecordCause { revises, ..whole() });
    let mut past = whole();
    past.actions[0].due = Date::parse("2026-10-02").unwrap();
    past.review_date = Some(Date::parse("2026-10-01").unwrap());
    refuse("days that have passed", BEN, past);
    let mut twice = whole();
    twice.contributing = vec![chosen("process", "handover")];
    refuse("a cause that contributes to itself", BEN, twice);
}

fn of_blame(met: &mut Met, desk: &Desk) {
    let blaming = RecordCause {
        statement: "The driver was careless".to_owned(),
        ..whole()
    };
    let record = Act::RecordCause(blaming.clone());
    met.refuse("blame", desk, BEN, "lead", &record);
    let overridden = |blaming: RecordCause<String>| {
        let override_reason = Some("It quotes the letter".to_owned());
        Act::RecordCause(RecordCause {
            override_reason,
            ..blaming
        })
    };
    let by_agent = overridden(blaming);
    met.refuse(
        "overriding by a role that may not",
        desk,
        BEN,
        "agent",
        &by_agent,
    );
    met.refuse(
        "overriding nothing",
        desk,
        BEN,
        "lead",
        &overridden(whole()),
    );
}

fn of_a_verdict(met: &mut Met, before: &Desk) {
    let mut desk = before.clone();
    met.refuse("a verdict on none", &desk, EVA, "auditor", &accept(1));
    let draft = RecordCause {
        draft: true,
        ..bare("process", "handover")
    };
    go(ANA, "agent", Act::RecordCause(draft), &mut desk);
    met.refuse("a verdict on a draft", &desk, EVA, "auditor", &accept(1));
    met.refuse("doing what is a draft", &desk, LEO, "lead", &done(1, 1));
    let revises = Some(1);
    let proposed = Act::RecordCause(RecordCause { revises, ..whole() });
    go(BEN, "agent", proposed.clone(), &mut desk);
    met.refuse("revising what stands", &desk, BEN, "agent", &proposed);
    met.refuse("a verdict by a team lead", &desk, EVA, "lead", &accept(1));
    met.refuse("a verdict on one's own", &desk, BEN, "auditor", &accept(1));
    met.refuse(
        "a verdict by who handled it",
        &desk,
        ANA,
        "auditor",
        &accept(1),
    );
    let magic = review(
        1,
        ReviewVerdict::Reclassify {
            cause: chosen("process", "magic"),
            reason: "It fits".to_owned(),
        },
    );
    met.refuse("a cause that there is not", &desk, EVA, "auditor", &magic);
}

fn of_an_issue(met: &mut Met, before: &Desk) {
    let confirm = || {
        Act::ConfirmIssue(ConfirmIssue {
            note: None,
            number: 1,
        })
    };
    let link = |because: NoIssue| {
        let issue = Err(because);
        let parent = CaseId::parse("00000000-0000-7000-8000-000000001000").unwrap();
        Act::LinkCause(LinkCause { issue, parent })
    };
    let mut desk = before.clone();
    for (tried, because) in [
        ("taking from no case", NoIssue::NoSuchCase),
        ("taking what nobody confirmed", NoIssue::NotConfirmed),
        ("taking what does not stand", NoIssue::NotStanding),
        ("taking from itself", NoIssue::Itself),
        ("taking what nobody reviewed", NoIssue::NotAccepted),
        ("taking what is always reviewed", NoIssue::AlwaysReviewed),
    ] {
        met.refuse(tried, &desk, BEN, "agent", &link(because));
    }
    let bare = Desk::new(WITHOUT_CAUSES.as_bytes());
    let mut opened = bare.clone();
    go(ANA, "agent", bare.open(), &mut opened);
    let none = link(NoIssue::NotConfirmed);
    met.refuse(
        "taking where nothing is diagnosed",
        &opened,
        BEN,
        "agent",
        &none,
    );
    go(BEN, "agent", Act::RecordCause(whole()), &mut desk);
    met.refuse("confirming too early", &desk, LEO, "lead", &confirm());
    go(EVA, "auditor", accept(1), &mut desk);
    met.refuse("confirming one's own", &desk, BEN, "agent", &confirm());
    go(LEO, "lead", confirm(), &mut desk);
    met.refuse("confirming twice", &desk, LEO, "lead", &confirm());
    let mut desk = before.clone();
    let open = RecordCause {
        cause: chosen("unknown", "not_found"),
        review_date: Some(Date::parse("2026-11-02").unwrap()),
        ..whole()
    };
    go(BEN, "agent", Act::RecordCause(open), &mut desk);
    go(EVA, "auditor", accept(1), &mut desk);
    met.refuse("confirming what is open", &desk, LEO, "lead", &confirm());
}

fn of_an_action(met: &mut Met, mut desk: Desk) {
    go(BEN, "agent", Act::RecordCause(whole()), &mut desk);
    met.refuse("doing by another role", &desk, LEO, "agent", &done(1, 1));
    met.refuse("doing what is not planned", &desk, LEO, "lead", &done(1, 9));
    let early = check(1, Effect::Observed(0));
    met.refuse("an effect before the deed", &desk, EVA, "auditor", &early);
    go(LEO, "lead", done(1, 1), &mut desk);
    go(LEO, "lead", done(1, 2), &mut desk);
    met.refuse("doing it twice", &desk, LEO, "lead", &done(1, 1));
    met.refuse("an effect too soon", &desk, EVA, "auditor", &early);
    met.refuse("judging one's own deed", &desk, LEO, "auditor", &early);
    let judged = check(1, Effect::Effective);
    met.refuse(
        "words where a number is wanted",
        &desk,
        EVA,
        "auditor",
        &judged,
    );
    let observed = check(2, Effect::Observed(0));
    met.refuse(
        "a number where words are wanted",
        &desk,
        EVA,
        "auditor",
        &observed,
    );
    let nothing = check(1, Effect::Inconclusive);
    met.refuse(
        "nothing to say and no note",
        &desk,
        EVA,
        "auditor",
        &nothing,
    );
}
