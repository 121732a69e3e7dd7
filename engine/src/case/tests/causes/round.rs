//! Ways round what root causes need, and states that must be left again.

use super::*;

/// The workflow of the others without a sample: what is drawn is drawn for another reason.
fn unsampled() -> Desk {
    heard(&YAML.replace(", sample: 100%", ""))
}

fn draft(revises: Option<u32>) -> RecordCause<Commitment> {
    let mut draft = record("process/handover");
    draft.draft = true;
    draft.revises = revises;
    draft
}

fn revised() -> RecordCause<Commitment> {
    let mut revised = record("process/handover");
    revised.revises = Some(1);
    revised
}

#[test]
fn a_draft_between_does_not_make_it_the_first() {
    let mut desk = unsampled();
    propose(&mut desk, record("process/handover")).unwrap();
    assert_eq!(first(&desk).drawn, None);
    review(&mut desk, AUDITOR, 1, RETURN).unwrap();
    propose(&mut desk, draft(Some(1))).unwrap();
    propose(&mut desk, revised()).unwrap();
    assert_eq!(first(&desk).drawn, Some(Drawn::Repetition));
}

#[test]
fn nobody_proposes_until_the_draw_passes_by() {
    let mut desk = unsampled();
    propose(&mut desk, record("process/handover")).unwrap();
    propose(&mut desk, record("process/handover")).unwrap();
    let second = desk.case().causes().get(1).unwrap();
    assert_eq!(second.drawn, Some(Drawn::Repetition));
}

#[test]
fn who_wrote_a_draft_does_not_review_what_became_of_it() {
    let mut desk = heard(YAML);
    let writer = person(AUDITOR, "lead");
    desk.send_by(&writer, Act::RecordCause(draft(None)))
        .unwrap();
    propose(&mut desk, revised()).unwrap();
    assert_eq!(no(review(&mut desk, AUDITOR, 1, ACCEPT)), [Code::HC049]);
    review(&mut desk, OTHER_AUDITOR, 1, ACCEPT).unwrap();
}

#[test]
fn another_look_ends_with_a_verdict_or_a_revision() {
    let mut desk = heard(YAML);
    let mut open = record("unknown/not_found");
    open.review_date = Some(Date::parse("2026-11-02").unwrap());
    propose(&mut desk, open.clone()).unwrap();
    open.revises = Some(1);
    open.review_date = Some(Date::parse("2026-12-01").unwrap());
    assert_eq!(no(propose(&mut desk, open.clone())), [Code::HC048]);
    desk.at("2026-11-02 00:00");
    let mut by_verdict = desk.clone();
    review(&mut by_verdict, AUDITOR, 1, ACCEPT).unwrap();
    assert_eq!(by_verdict.verdict("cause_review/1"), Some(Verdict::Done));
    propose(&mut desk, open).unwrap();
    assert_eq!(
        desk.deadline("cause_review/1").due,
        Some(utc("2026-12-01 00:00"))
    );
}

#[test]
fn what_a_returned_cause_planned_ends_with_the_next_of_any_number() {
    let mut desk = heard(YAML);
    let mut planned = record("process/handover");
    planned.actions = vec![action(ActionKind::Corrective, None)];
    propose(&mut desk, planned).unwrap();
    review(&mut desk, AUDITOR, 1, RETURN).unwrap();
    let mut by_draft = desk.clone();
    propose(&mut by_draft, draft(Some(1))).unwrap();
    for mut desk in [by_draft, desk] {
        propose(&mut desk, record("process/missing_step")).unwrap();
        let verdict = desk.verdict("cause_action/1.1");
        assert_eq!(verdict, Some(Verdict::Cancelled));
    }
}

#[test]
fn a_cause_is_not_reclassified_to_one_whose_needs_it_has_not() {
    let mut desk = heard(YAML);
    let mut both = record("process/handover");
    both.contributing = vec![cause("process/missing_step")];
    propose(&mut desk, both).unwrap();
    let other = |text| ReviewVerdict::Reclassify {
        cause: cause(text),
        reason: WORDS,
    };
    let to_policy = review(&mut desk, AUDITOR, 1, other("policy/outdated"));
    assert_eq!(no(to_policy), [Code::HC045]);
    review(&mut desk, AUDITOR, 1, other("process/missing_step")).unwrap();
    assert_eq!(first(&desk).contributing, []);
}

#[test]
fn a_role_that_only_reads_owns_no_action() {
    let mut desk = heard(YAML);
    let mut planned = record("process/handover");
    planned.actions = vec![PlannedAction {
        owner: RoleName::new("auditor").unwrap(),
        ..action(ActionKind::Corrective, None)
    }];
    assert_eq!(no(propose(&mut desk, planned)), [Code::HC046]);
}

#[test]
fn a_correction_is_not_checked() {
    let mut desk = heard(YAML);
    let mut planned = record("process/handover");
    planned.actions = vec![action(ActionKind::Correction, None)];
    propose(&mut desk, planned).unwrap();
    complete(&mut desk).unwrap();
    assert_eq!(no(check(&mut desk, Effect::NotEffective)), [Code::HC053]);
}

#[test]
fn a_day_lies_ahead_and_not_more_than_ten_years() {
    let desk = heard(YAML);
    for (day, is_right) in [
        ("2026-10-05", false),
        ("2026-10-06", true),
        ("2040-01-01", false),
        ("9000-01-01", false),
    ] {
        let mut desk = desk.clone();
        let mut open = record("unknown/not_found");
        open.review_date = Some(Date::parse(day).unwrap());
        assert_eq!(propose(&mut desk, open).is_ok(), is_right, "{day}");
    }
}
