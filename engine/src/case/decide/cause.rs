//! Drafting and proposing a root cause.

use super::Context;
use crate::case::booking;
use crate::case::command::RecordCause;
use crate::case::diagnosis::{Diagnosis, Drawn};
use crate::case::event::{CauseRecorded, Commitment, Event};
use crate::case::promise::latest;
use crate::case::refusal::{Eyes, Missing, Reason, Undiagnosed};
use crate::case::{Case, CauseRef};
use crate::draw;
use crate::id::RoleName;
use crate::time::{Date, Timestamp};
use crate::value::Value;
use crate::workflow::causes::Review;
use crate::workflow::condition::Seen;
use crate::workflow::{CauseNeed, Causes, FieldIndex, Phase, Step};

impl Context<'_> {
    /// Records a cause while the case is in a diagnose step, or closed.
    pub(super) fn record_cause(
        self,
        case: &Case,
        record: &RecordCause<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let Some(causes) = self.workflow.causes() else {
            return Err(vec![Reason::NoCauses {
                group: record.cause.group.clone(),
            }]);
        };
        let mut reasons = Vec::new();
        reasons.extend(self.may_diagnose(case, "record_cause").err());
        reasons.extend(unknown(causes, &record.cause));
        let before = match revised(case, record.revises) {
            Ok(before) => before,
            Err(undiagnosed) => {
                reasons.push(undiagnosed.into());
                None
            }
        };
        reasons.extend(self.unlisted(causes, record));
        reasons.extend(self.past(record));
        reasons.extend(self.blames(causes, record));
        if !record.draft {
            reasons.extend(self.unfinished(case, causes, record));
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let review = causes.review.as_ref().filter(|_| !record.draft);
        let known = u32::try_from(case.causes().len()).unwrap_or(u32::MAX);
        let number = before.map_or(known.saturating_add(1), |before| before.number);
        let drawn = review.and_then(|review| self.drawn(case, review, record, number));
        Ok(vec![Event::CauseRecorded(CauseRecorded {
            actions: record.actions.clone(),
            blaming: record.blaming.clone(),
            cause: record.cause.clone(),
            contributing: record.contributing.clone(),
            draft: record.draft,
            drawn,
            escape: record.escape,
            failure: record.failure.clone(),
            number,
            override_reason: record.override_reason,
            policy_id: record.policy_id.clone(),
            reporting: record.reporting.clone(),
            review_date: record.review_date,
            similar: record.similar.clone(),
            statement: record.statement,
            whys: record.whys.clone(),
        })])
    }

    /// Refuses who may not say what the root cause is, or a case in which it is not yet time.
    pub(super) fn may_diagnose(self, case: &Case, what: &str) -> Result<(), Reason> {
        let mut diagnosing = self.diagnosing();
        if let Some(here) = case.step() {
            if !diagnosing.iter().any(|step| step.name == *here) {
                return Err(Reason::CauseNotNow {
                    step: here.clone(),
                    diagnosing: diagnosing.iter().map(|step| step.name.clone()).collect(),
                });
            }
            diagnosing.retain(|step| step.name == *here);
        }
        self.may_act_in(case, &diagnosing, |step| &step.not_by, what)
            .map(drop)
    }

    /// Returns the steps in which root causes are recorded.
    pub(super) fn diagnosing(&self) -> Vec<&Step> {
        let steps = self.workflow.steps();
        steps
            .filter(|step| step.phases.contains(&Phase::Diagnose))
            .collect()
    }

    /// Returns whether the acting person handled the case: acted in it elsewhere than in a
    /// diagnosis or an approval.
    pub(super) fn has_handled(self, case: &Case) -> bool {
        let is_beside = |phase: &Phase| matches!(phase, Phase::Diagnose | Phase::Approve);
        let is_diagnosis = |name: &str| {
            let step = self.workflow.step(name);
            step.is_some_and(|(_, step)| step.phases.iter().all(is_beside))
        };
        let mut acted = case.acted.iter();
        let person = self.actor().person;
        !self.is_system
            && acted.any(|(step, people)| people.contains(&person) && !is_diagnosis(step.as_str()))
    }

    /// Says what names something that the workflow does not list, or the same twice.
    fn unlisted(self, causes: &Causes, record: &RecordCause<Commitment>) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut named = vec![&record.cause];
        for cause in &record.contributing {
            reasons.extend(unknown(causes, cause));
            if named.contains(&cause) {
                let cause = cause.clone();
                reasons.push(Undiagnosed::NamedTwice { cause }.into());
            }
            named.push(cause);
        }
        if let Some(failure) = &record.failure
            && !causes.failures.contains_key(failure)
        {
            let known = causes.failures.keys();
            reasons.push(not_listed("failure", failure, known));
        }
        if let Some(heading) = &record.reporting
            && !causes.reporting.contains_key(heading)
        {
            let known = causes.reporting.keys();
            reasons.push(not_listed("heading of the regulator", heading, known));
        }
        // A role that only reads could never say that it is done.
        let roles = self.workflow.roles().iter();
        let roles = roles.filter(|(_, role)| !role.reads_only);
        let owners: Vec<&RoleName> = roles.map(|(name, _)| name).collect();
        for action in &record.actions {
            if !owners.contains(&&action.owner) {
                let known = owners.iter().copied();
                reasons.push(not_listed("role that may own it", &action.owner, known));
            }
        }
        reasons
    }

    /// Says which days do not lie ahead, or too far.
    fn past(self, record: &RecordCause<Commitment>) -> Vec<Reason> {
        let calendar = self.workflow.calendar(None);
        let now = self.command.at;
        let latest = latest(now);
        let is_ahead = |at: Option<Timestamp>| at.is_some_and(|at| now < at && at <= latest);
        let mut days = Vec::new();
        for (number, action) in (1..).zip(&record.actions) {
            let due = calendar.close_of_business(action.due);
            days.push((format!("the due day of action {number}"), action.due, due));
        }
        if let Some(day) = record.review_date {
            // It is looked at from the beginning of its day on.
            let begins = calendar.start_of_day(day);
            days.push(("the day of another look".to_owned(), day, begins));
        }
        let wrong = days.into_iter().filter(|(_, _, at)| !is_ahead(*at));
        wrong
            .map(|(what, day, _): (String, Date, _)| Undiagnosed::DayPast { what, day }.into())
            .collect()
    }

    /// Says what reads as blame, unless somebody who may records it with a reason.
    fn blames(self, causes: &Causes, record: &RecordCause<Commitment>) -> Option<Reason> {
        let found = &record.blaming;
        match &record.override_reason {
            None if found.is_empty() || !causes.blame_free => None,
            None => {
                let unless = self.workflow.role_names(causes.blame_override);
                Some(Reason::from(Undiagnosed::Blames {
                    found: found.clone(),
                    unless: unless.cloned().collect(),
                }))
            }
            Some(_) if found.is_empty() || !causes.blame_free => {
                Some(Undiagnosed::NothingToOverride.into())
            }
            Some(_) => self.allow(causes.blame_override, "override_blame").err(),
        }
    }

    /// Says what is missing of a cause that is proposed.
    fn unfinished(
        self,
        case: &Case,
        causes: &Causes,
        record: &RecordCause<Commitment>,
    ) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if record.whys.len() < causes.whys as usize {
            reasons.push(Reason::TooFewWhys {
                given: record.whys.len(),
                wanted: causes.whys,
            });
        }
        let missing = missing(causes, record);
        if !missing.is_empty() {
            reasons.push(Undiagnosed::Incomplete { missing }.into());
        }
        if causes.review.is_some() && self.has_handled(case) {
            let because = Eyes::Handled;
            reasons.push(Undiagnosed::OtherEyes { because }.into());
        }
        reasons
    }

    /// Returns why a proposed cause is to be reviewed: by rule, because it is not the first that
    /// was proposed, or because the draw fell on it. Nobody proposes until the draw passes by.
    fn drawn(
        self,
        case: &Case,
        review: &Review,
        record: &RecordCause<Commitment>,
        number: u32,
    ) -> Option<Drawn> {
        if self.is_always_reviewed(case, review) {
            return Some(Drawn::Rule);
        }
        let is_again = case.causes().iter().any(|cause| cause.was_proposed);
        if is_again || case.opening() > 1 {
            return Some(Drawn::Repetition);
        }
        let draw = draw::draw(&record.statement.0, number);
        draw::is_drawn(draw, review.sample).then_some(Drawn::Sample)
    }

    /// Returns whether the workflow has every root cause of such a case reviewed.
    pub(super) fn is_always_reviewed(self, case: &Case, review: &Review) -> bool {
        let booked = booked(self, case);
        let seen = |field: FieldIndex| {
            let booked = booked.iter().find(|(known, _)| *known == field);
            booked.map_or_else(
                || case.seen(self.workflow.field_at(field).0.as_str()),
                |(_, value)| Seen::Value(value),
            )
        };
        let always = review.always_when.as_ref();
        always.is_some_and(|always| always.holds(&seen))
    }
}

/// Returns what limited fields are read as: the total that was booked in the case.
///
/// Source: `workflow-language.md`, semantics 15.
fn booked(ctx: Context<'_>, case: &Case) -> Vec<(FieldIndex, Value)> {
    let fields = ctx.workflow.fields().keys();
    let limited = fields.filter_map(|name| {
        let (index, field) = ctx.workflow.field(name.as_str())?;
        ctx.workflow.limit_of(index)?;
        let currency = field.currency()?;
        let of_field = case.bookings().iter().filter(|book| book.field == *name);
        Some((index, Value::Money(booking::total(of_field, currency))))
    });
    limited.collect()
}

fn missing(causes: &Causes, record: &RecordCause<Commitment>) -> Vec<Missing> {
    let whys = record.whys.iter().enumerate();
    let bare = whys.filter(|(_, why)| causes.whys > 0 && why.evidence.is_empty());
    let mut missing: Vec<Missing> = bare
        .map(|(place, _)| Missing::Evidence(place + 1))
        .collect();
    if record.failure.is_none() && !causes.failures.is_empty() {
        missing.push(Missing::Failure(strings(causes.failures.keys())));
    }
    if record.reporting.is_none() && !causes.reporting.is_empty() {
        missing.push(Missing::Reporting(strings(causes.reporting.keys())));
    }
    let chosen = causes.categories.get(&record.cause.group);
    let chosen = chosen.and_then(|group| group.get(&record.cause.name));
    for need in chosen.iter().flat_map(|cause| &cause.needs) {
        match need {
            CauseNeed::PolicyId if record.policy_id.is_none() => missing.push(Missing::PolicyId),
            CauseNeed::ReviewDate if record.review_date.is_none() => {
                missing.push(Missing::ReviewDate);
            }
            CauseNeed::PolicyId | CauseNeed::ReviewDate => {}
        }
    }
    missing
}

/// Finds the diagnosis that is revised: one that does not stand.
fn revised(case: &Case, number: Option<u32>) -> Result<Option<&Diagnosis>, Undiagnosed> {
    let Some(number) = number else {
        return Ok(None);
    };
    let cause = find(case, number)?;
    if cause.status.stands() && !case.is_looked_at(number) {
        return Err(Undiagnosed::NotNow {
            number,
            status: cause.status,
            asked: "it is not revised; a verdict may give it back, or a new one may be recorded",
        });
    }
    Ok(Some(cause))
}

/// Finds a diagnosis by its number.
pub(super) fn find(case: &Case, number: u32) -> Result<&Diagnosis, Undiagnosed> {
    let mut causes = case.causes().iter();
    let found = causes.find(|cause| cause.number == number);
    found.ok_or(Undiagnosed::NoSuchCause {
        number,
        known: case.causes().len(),
    })
}

fn not_listed<'n, N: ToString + 'n>(
    what: &'static str,
    name: &N,
    known: impl Iterator<Item = &'n N>,
) -> Reason {
    Reason::from(Undiagnosed::NotListed {
        what,
        name: name.to_string(),
        known: strings(known),
    })
}

fn strings<'n, N: ToString + 'n>(names: impl Iterator<Item = &'n N>) -> Vec<String> {
    names.map(N::to_string).collect()
}

pub(super) fn unknown(causes: &Causes, cause: &CauseRef) -> Option<Reason> {
    let group = causes.categories.get(&cause.group);
    if group.is_some_and(|group| group.contains_key(&cause.name)) {
        return None;
    }
    let known = group.map_or_else(
        || {
            let groups = causes.categories.keys();
            groups.map(|group| format!("{group}/...")).collect()
        },
        |group| {
            let names = group.keys();
            names
                .map(|name| format!("{}/{name}", cause.group))
                .collect()
        },
    );
    let cause = cause.clone();
    Some(Reason::NoSuchCause { cause, known })
}
