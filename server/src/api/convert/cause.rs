//! Root causes, to the wire.
//!
//! Invariant: no person goes with them.

use heard_engine::case::diagnosis::{
    ActionKind, CauseAction, Drawn, Effect, Evidence, Target, Worked,
};
use heard_engine::case::event::{CauseReviewed, Found};
use heard_engine::case::learning::{action_name, effect_name};
use heard_engine::case::{CauseRef, CauseStatus, Commitment, Verdict};
use heard_engine::id::CaseId;
use heard_proto::v1::{self, Disclosure};

use super::{read, sealed, value, workflow};
use crate::app::{CauseView, Error, Words};
use crate::store::{CauseRow, SealedRow};

/// Writes a root cause as lists show it; its statement only where `rows`, the sealed values of its
/// entry, are given.
///
/// # Errors
///
/// [`Error::Damaged`] when the statement cannot be read.
pub(in crate::api) fn summary(
    row: &CauseRow,
    rows: Option<&[SealedRow]>,
) -> Result<v1::RootCauseSummary, Error> {
    let mut rows = rows.into_iter().flatten();
    let statement = rows.find(|sealed| sealed.label == "cause/statement");
    let statement = statement.map(|sealed| sealed::text(row.case, sealed));
    Ok(v1::RootCauseSummary {
        case_id: row.case.to_string(),
        number: row.number,
        revision: row.revision.0,
        group: row.cause.group.to_string(),
        name: row.cause.name.to_string(),
        workflow: Some(workflow::reference(&row.workflow)),
        recorded_time: Some(read::time(row.recorded_at)),
        status: status(row.status).into(),
        due_time: row.due_at.map(read::time),
        statement: statement.transpose()?,
    })
}

/// The words of a root cause, or why they are not shown.
#[derive(Debug)]
pub(in crate::api) enum Shown {
    /// Nobody asked for them.
    Sealed,
    /// They are too many for one answer.
    LeftOut,
    /// They are here.
    Revealed(Words),
}

impl Shown {
    fn text(&self, case: CaseId, commitment: Commitment) -> Result<Option<String>, Error> {
        match self {
            Self::Sealed | Self::LeftOut => Ok(None),
            Self::Revealed(words) => match words.get(commitment) {
                Some(row) => sealed::text(case, row).map(Some),
                // Nothing is erased by this build: what is missing was lost.
                None => Err(Error::Damaged {
                    case,
                    what: "words of a root cause are gone".to_owned(),
                }),
            },
        }
    }

    fn maybe(&self, case: CaseId, held: Option<Commitment>) -> Result<Option<String>, Error> {
        let text = held.map(|commitment| self.text(case, commitment));
        Ok(text.transpose()?.flatten())
    }

    const fn disclosure(&self) -> Disclosure {
        match self {
            Self::Sealed => Disclosure::Sealed,
            Self::LeftOut => Disclosure::LeftOut,
            Self::Revealed(_) => Disclosure::Revealed,
        }
    }
}

/// Writes a root cause with everything that is known of it.
///
/// # Errors
///
/// [`Error::Damaged`] when its words cannot be read.
pub(in crate::api) fn root_cause(cause: &CauseView, shown: &Shown) -> Result<v1::RootCause, Error> {
    let (case, state) = (cause.view.id, &cause.diagnosis);
    let recorded = &cause.recorded;
    let causes = cause.view.workflow.causes();
    let titled = |cause: &CauseRef| {
        let group = causes.and_then(|causes| causes.categories.get(&cause.group));
        let cause = group.and_then(|group| group.get(&cause.name));
        cause.map(|cause| cause.title.clone()).unwrap_or_default()
    };
    let failure = state.failure.as_ref();
    let failure_title = causes.zip(failure);
    let failure_title = failure_title.and_then(|(causes, name)| causes.failures.get(name));
    let reporting = state.reporting.as_ref();
    let reporting_title = causes.zip(reporting);
    let reporting_title = reporting_title.and_then(|(causes, name)| causes.reporting.get(name));
    let actions = (1..).zip(&state.actions);
    let actions = actions.map(|(number, action)| self::action(cause, shown, number, action));
    let reviews = state.reviews.iter().zip(&cause.reviews);
    let reviews = reviews.map(|(at, said)| {
        Ok(v1::CauseReview {
            time: Some(read::time(at.at)),
            verdict: verdict(said).into(),
            cause: at.cause.as_ref().map(named),
            version: at.version,
            revision: at.revision.0,
            reason: shown.maybe(case, said.reason)?,
        })
    });
    Ok(v1::RootCause {
        case_id: case.to_string(),
        number: state.number,
        version: state.version,
        revision: state.revision.0,
        recorded_time: Some(read::time(state.at)),
        workflow: Some(workflow::reference(cause.view.case.workflow())),
        status: status(state.status).into(),
        drawn_by: state.drawn.map_or(v1::DrawnBy::Unspecified, drawn).into(),
        disclosure: shown.disclosure().into(),
        cause: Some(named(&state.cause)),
        title: titled(&state.cause),
        proposed_cause: state.proposed.as_ref().map(named),
        contributing: state.contributing.iter().map(named).collect(),
        statement: shown.text(case, recorded.statement)?,
        whys: whys(cause, shown)?,
        has_escape: recorded.escape.is_some(),
        escape: shown.maybe(case, recorded.escape)?,
        failure: failure.map(ToString::to_string).unwrap_or_default(),
        failure_title: failure_title.cloned().unwrap_or_default(),
        reporting: reporting.map(ToString::to_string).unwrap_or_default(),
        reporting_title: reporting_title.cloned().unwrap_or_default(),
        policy_id: state.policy_id.clone().unwrap_or_default(),
        review_date: state.review_date.map(value::wire_date),
        similar_case_ids: recorded.similar.iter().map(ToString::to_string).collect(),
        actions: actions.collect::<Result<_, Error>>()?,
        reviews: reviews.collect::<Result<_, Error>>()?,
        overridden: recorded.override_reason.is_some(),
        override_reason: shown.maybe(case, recorded.override_reason)?,
    })
}

fn whys(cause: &CauseView, shown: &Shown) -> Result<Vec<v1::Why>, Error> {
    let case = cause.view.id;
    let text = |to: Commitment| Ok::<_, Error>(shown.text(case, to)?.unwrap_or_default());
    let evidence = |evidence: &Evidence<Commitment>| {
        Ok(v1::Evidence {
            reference: text(evidence.reference)?,
            sha256: evidence.sha256.map(|digest| digest.to_string()),
        })
    };
    let whys = cause.recorded.whys.iter().map(|why| {
        Ok(v1::Why {
            statement: text(why.statement)?,
            evidence: why
                .evidence
                .iter()
                .map(evidence)
                .collect::<Result<_, Error>>()?,
        })
    });
    whys.collect()
}

fn action(
    cause: &CauseView,
    shown: &Shown,
    number: u32,
    action: &CauseAction,
) -> Result<v1::CauseAction, Error> {
    use v1::cause_action::Target as Bound;
    let (case, planned) = (cause.view.id, &action.planned);
    let of = cause.diagnosis.number;
    let due = cause.view.case.deadline(&action_name(of, number));
    let is_late = due.is_some_and(|due| {
        let was_late = |stopped: Verdict| stopped == Verdict::Late;
        due.is_late() || due.stopped.is_some_and(|stopped| was_late(stopped.verdict))
    });
    let check = cause.view.case.deadline(&effect_name(of, number));
    let check = check.filter(|check| check.is_running());
    let done = cause.done.get(&number);
    let checked = cause.effects.get(&number);
    let observed = match checked.map(|(_, checked)| checked.effect) {
        Some(Effect::Observed(observed)) => Some(observed),
        Some(Effect::Effective | Effect::NotEffective | Effect::Inconclusive) | None => None,
    };
    let target = planned.target.map(|target| match target {
        Target::AtMost(most) => Bound::AtMost(most),
        Target::AtLeast(least) => Bound::AtLeast(least),
    });
    Ok(v1::CauseAction {
        number,
        kind: kind(planned.kind).into(),
        owner: planned.owner.to_string(),
        due_date: Some(value::wire_date(planned.due)),
        task: shown.text(case, planned.task)?,
        measure: shown.text(case, planned.measure)?,
        target,
        late: is_late,
        done_time: action.done.map(|(_, at)| read::time(at)),
        done_note: shown.maybe(case, done.and_then(|done| done.note))?,
        check_time: check.and_then(|check| check.due).map(read::time),
        effect: action
            .effect
            .map_or(v1::CauseEffect::Unspecified, worked)
            .into(),
        effect_time: checked.map(|(at, _)| read::time(*at)),
        observed,
        effect_note: shown.maybe(case, checked.and_then(|(_, checked)| checked.note))?,
    })
}

fn named(cause: &CauseRef) -> v1::CauseRef {
    v1::CauseRef {
        group: cause.group.to_string(),
        name: cause.name.to_string(),
    }
}

const fn status(status: CauseStatus) -> v1::CauseStatus {
    match status {
        CauseStatus::Drafted => v1::CauseStatus::Drafted,
        CauseStatus::Proposed => v1::CauseStatus::Proposed,
        CauseStatus::UnderReview => v1::CauseStatus::UnderReview,
        CauseStatus::Accepted => v1::CauseStatus::Accepted,
        CauseStatus::Returned => v1::CauseStatus::Returned,
        CauseStatus::Reopened => v1::CauseStatus::Reopened,
    }
}

const fn drawn(drawn: Drawn) -> v1::DrawnBy {
    match drawn {
        Drawn::Rule => v1::DrawnBy::Rule,
        Drawn::Repetition => v1::DrawnBy::Repetition,
        Drawn::Sample => v1::DrawnBy::Sample,
    }
}

const fn verdict(said: &CauseReviewed) -> v1::ReviewVerdict {
    match said.verdict {
        Found::Accepted => v1::ReviewVerdict::Accepted,
        Found::Returned => v1::ReviewVerdict::Returned,
        Found::Reclassified(_) => v1::ReviewVerdict::Reclassified,
    }
}

const fn kind(kind: ActionKind) -> v1::CauseActionKind {
    match kind {
        ActionKind::Correction => v1::CauseActionKind::Correction,
        ActionKind::Corrective => v1::CauseActionKind::Corrective,
        ActionKind::Preventive => v1::CauseActionKind::Preventive,
    }
}

const fn worked(worked: Worked) -> v1::CauseEffect {
    match worked {
        Worked::Effective => v1::CauseEffect::Effective,
        Worked::NotEffective => v1::CauseEffect::NotEffective,
        Worked::Inconclusive => v1::CauseEffect::Inconclusive,
    }
}
