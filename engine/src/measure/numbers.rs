//! What many cases come to.
//!
//! Invariant: every number is a count, or says how many it is of.

use std::collections::BTreeMap;

use super::run::{Delivery, Doing, Fate, Margin, Run, Survey};
use super::spread::{Share, Spread, Sum, Times};
use super::{Closing, Contact, Measures, Stands};
use crate::case::{DeadlineKind, DeadlineName};
use crate::id::{QuestionName, StepName};
use crate::time::Timestamp;
use crate::workflow::CountsAs;

/// A customer who was treated badly tells so many people.
///
/// Source: the founding articles: a happy customer tells nine people, an angry one sixteen.
const TELLS: u64 = 16;
/// The questions that say how a customer was treated.
const TREATMENT: [&str; 2] = ["satisfaction", "felt_heard"];
/// How many answers at the top of a scale count as good.
const TOP: u32 = 2;

macro_rules! sums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $field:ident: $kind:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name { $($(#[$of])* pub $field: $kind,)+ }

        impl Sum for $name {
            fn sum(&mut self, other: &Self) {
                $(self.$field.sum(&other.$field);)+
            }
        }
    )+};
}

sums! {
    /// What many cases come to. When each number counts is told in
    /// [`definitions`](super::definitions).
    Numbers {
        /// Cases received.
        received: u64,
        /// Of these, opened by us for customers who did not complain.
        proactive: u64,
        /// Of those, open still.
        proactive_open: u64,
        /// Of these, received while the default calendar was closed.
        received_outside_hours: u64,
        /// Ages of the cases received that are open still, in microseconds.
        open: Spread,
        /// Time to the first reply.
        first_reply: Times,
        /// Time from receipt to the first closing as resolved.
        first_resolution: Times,
        /// Time from receipt to the closing as resolved that is in force.
        final_resolution: Times,
        /// Cases closed, by how the closing in force counts.
        closed_as: BTreeMap<CountsAs, u64>,
        /// Of those resolved, without another contact of the customer and never reopened.
        first_contact: u64,
        /// Time in each step, of cases closed.
        steps: BTreeMap<StepName, Times>,
        /// Time waiting for the customer, of cases closed that did.
        waiting: Times,
        /// Of all closings, how many were followed by a reopening.
        reopened: Share,
        /// Of all closings whose survey is not still to come, how many were followed by one sent.
        surveyed: Share,
        /// Answers that were corrected.
        corrected: u64,
        /// Contacts.
        contacts: Contacts,
        /// Breaches of clocks, dues and promises; met: while the default calendar was closed.
        breaches_outside_hours: Share,
        /// Clocks and dues by name.
        in_time: BTreeMap<DeadlineName, InTime>,
        /// Promises.
        promises: Promises,
        /// Surveys.
        surveys: Surveys,
        /// Follow-ups.
        follow_ups: FollowUps,
    }

    /// Contacts with customers.
    Contacts {
        /// The customer contacted us.
        from_customer: u64,
        /// We contacted the customer.
        to_customer: u64,
        /// Of the first, while the default calendar was closed.
        outside_hours: u64,
    }

    /// How often a deadline was met.
    InTime {
        /// In time, of those judged.
        share: Share,
        /// Ended without a verdict, before it was due: in neither.
        ended: u64,
        /// How late those were that were stopped late.
        late_by: Times,
    }

    /// What became of promises.
    Promises {
        /// By what became of them.
        fates: BTreeMap<Fate, u64>,
        /// New due times by the customer's consent.
        renegotiated: u64,
        /// How early those were that were kept in time.
        early_by: Times,
        /// How late those were that were kept late.
        late_by: Times,
    }

    /// What became of surveys.
    Surveys {
        /// Sent.
        sent: u64,
        /// Not sent: the customer got as many as they may.
        skipped: u64,
        /// Answered.
        answered: u64,
        /// Answers by scale, and how often each was given.
        scores: BTreeMap<Scale, Heard>,
    }

    /// How often each answer on a scale was given.
    Heard {
        /// By answer.
        times: BTreeMap<u32, u64>,
    }

    /// What became of follow-ups.
    FollowUps {
        /// By what became of them.
        doings: BTreeMap<Doing, u64>,
    }
}

/// A question with its scale.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scale {
    /// The question.
    pub question: QuestionName,
    /// The lowest answer.
    pub lowest: u32,
    /// The highest answer.
    pub highest: u32,
}

impl Numbers {
    /// Returns how many cases were closed, however.
    #[must_use]
    pub fn closed(&self) -> u64 {
        self.closed_as.values().sum()
    }

    /// Returns the resolution rate: of the cases closed, those whose closing counts as resolved.
    #[must_use]
    pub fn resolved(&self) -> Share {
        let resolved = self.closed_as.get(&CountsAs::Resolved);
        Share {
            met: resolved.copied().unwrap_or_default(),
            of: self.closed(),
        }
    }

    /// Returns the share of resolved cases that needed one contact only.
    #[must_use]
    pub fn resolved_at_first_contact(&self) -> Share {
        Share {
            met: self.first_contact,
            of: self.resolved().met,
        }
    }

    /// Returns how many people are going to hear of the complaints that are open: nobody is angry
    /// where we were first to speak of it.
    #[must_use]
    pub fn exposed(&self) -> u64 {
        let open: u64 = self.open.values().map(|(_, times)| times).sum();
        open.saturating_sub(self.proactive_open) * TELLS
    }

    /// Returns the share of answers about treatment at the top of their scale.
    #[must_use]
    pub fn treatment(&self) -> Share {
        let mut share = Share::default();
        for (scale, heard) in &self.surveys.scores {
            if TREATMENT.contains(&scale.question.as_str()) {
                share.sum(&heard.top(scale));
            }
        }
        share
    }

    /// Returns the share of clocks that were met.
    #[must_use]
    pub fn timeliness(&self) -> Share {
        let mut share = Share::default();
        for (name, in_time) in &self.in_time {
            if name.kind() == DeadlineKind::Clock {
                share.sum(&in_time.share);
            }
        }
        share
    }
}

impl Promises {
    /// Returns the share of promises kept by their due time, of those that were kept or whose due
    /// time has passed.
    #[must_use]
    pub fn kept(&self) -> Share {
        let of = |fate| self.fates.get(&fate).copied().unwrap_or_default();
        let met = of(Fate::Kept);
        Share {
            met,
            of: met + of(Fate::KeptLate) + of(Fate::Broken) + of(Fate::Overdue),
        }
    }
}

impl FollowUps {
    /// Returns the share done in time.
    #[must_use]
    pub fn in_time(&self) -> Share {
        Share {
            met: self.doings.get(&Doing::InTime).copied().unwrap_or_default(),
            of: self.doings.values().sum(),
        }
    }
}

impl Heard {
    /// Returns the share of answers that are one of the two best of the scale.
    #[must_use]
    pub fn top(&self, scale: &Scale) -> Share {
        self.at_least(scale.highest.saturating_sub(TOP - 1))
    }

    /// Returns the share of answers of at least so much.
    #[must_use]
    pub fn at_least(&self, least: u32) -> Share {
        Share {
            met: self.times.range(least..).map(|(_, times)| times).sum(),
            of: self.times.values().sum(),
        }
    }

    /// Returns the average answer in thousandths, rounded half up; none of nothing.
    #[must_use]
    pub fn mean_per_mille(&self) -> Option<u64> {
        let of: u64 = self.times.values().sum();
        let total = self.times.iter();
        let total: u64 = total.map(|(score, times)| u64::from(*score) * times).sum();
        (total * 2_000 + of).checked_div(of * 2)
    }
}

/// Where numbers are written, by the instant they belong to.
pub(super) trait Sheet {
    /// Returns the numbers of the period of an instant.
    fn at(&mut self, at: Timestamp) -> &mut Numbers;
}

/// Counts what a case comes to, each part at the instant it belongs to.
pub(super) fn count(measures: &Measures, as_of: Timestamp, sheet: &mut dyn Sheet) {
    // A duplicate is no complaint of its own. What was late in it was late all the same.
    if measures.stands != Stands::Merged {
        count_case(measures, as_of, sheet);
    }
    for corrected in &measures.corrections {
        sheet.at(*corrected).corrected += 1;
    }
    for contact in &measures.contacts {
        count_contact(sheet.at(contact.at), contact);
    }
    for run in &measures.runs {
        count_run(run, sheet);
    }
    for survey in &measures.surveys {
        count_survey(survey, sheet);
    }
}

/// Counts a complaint: its receipt, its first reply and its closings.
fn count_case(measures: &Measures, as_of: Timestamp, sheet: &mut dyn Sheet) {
    let received = sheet.at(measures.opened_at);
    received.received += 1;
    received.received_outside_hours += u64::from(measures.is_outside_hours);
    received.proactive += u64::from(measures.is_proactive);
    if measures.stands == Stands::Open {
        received.proactive_open += u64::from(measures.is_proactive);
        let age = as_of.micros() - measures.opened_at.micros();
        received.open.count(age.max(0));
    }
    if let Some(reply) = measures.first_reply {
        sheet.at(reply.at).first_reply.count(reply.took);
    }
    if let Some(first) = measures.first_resolution() {
        sheet.at(first.at).first_resolution.count(first.took);
    }
    if let Some(last) = measures.last_closing() {
        count_closed(sheet.at(last.at), measures, last);
    }
    for (place, closing) in measures.closings.iter().enumerate() {
        let closed = sheet.at(closing.at);
        closed.reopened.count(closing.is_reopened);
        if let Some(is_sent) = is_surveyed(measures, place) {
            closed.surveyed.count(is_sent);
        }
    }
}

fn count_closed(n: &mut Numbers, measures: &Measures, last: &Closing) {
    *n.closed_as.entry(last.counts_as).or_default() += 1;
    if last.counts_as == CountsAs::Resolved {
        n.final_resolution.count(last.took);
    }
    n.first_contact += u64::from(measures.is_resolved_at_first_contact());
    for (step, took) in &measures.steps {
        n.steps.entry(step.clone()).or_default().count(*took);
    }
    if let Some(waiting) = measures.waiting {
        n.waiting.count(waiting);
    }
}

/// Says whether a survey was sent after a closing; nothing while one is still to come.
fn is_surveyed(measures: &Measures, closing: usize) -> Option<bool> {
    let mut is_planned = false;
    for survey in measures.surveys.iter().filter(|s| s.closing == closing) {
        match survey.delivery {
            Delivery::Sent(_) => return Some(true),
            Delivery::Planned => is_planned = true,
            Delivery::Skipped(_) | Delivery::Cancelled => {}
        }
    }
    (!is_planned).then_some(false)
}

fn count_contact(n: &mut Numbers, contact: &Contact) {
    if contact.from_customer {
        n.contacts.from_customer += 1;
        n.contacts.outside_hours += u64::from(contact.is_outside_hours);
    } else {
        n.contacts.to_customer += 1;
    }
}

fn count_run(run: &Run, sheet: &mut dyn Sheet) {
    if let Some(late) = run.late_at {
        let breaches = &mut sheet.at(late).breaches_outside_hours;
        breaches.count(run.is_late_outside_hours);
    }
    match run.name.kind() {
        DeadlineKind::Clock | DeadlineKind::Due => count_deadline(run, sheet),
        DeadlineKind::Promise => count_promise(run, sheet),
        DeadlineKind::FollowUp => {
            if let Some((at, doing)) = run.doing() {
                let doings = &mut sheet.at(at).follow_ups.doings;
                *doings.entry(doing).or_default() += 1;
            }
        }
        // What follows a root cause is counted with the causes, not with the way of cases.
        DeadlineKind::Survey
        | DeadlineKind::CauseAction
        | DeadlineKind::Effect
        | DeadlineKind::CauseReview => {}
    }
}

fn count_deadline(run: &Run, sheet: &mut dyn Sheet) {
    let name = || run.name.clone();
    if let Some((at, is_met)) = run.judged() {
        let in_time = sheet.at(at).in_time.entry(name()).or_default();
        in_time.share.count(is_met);
        if let Some(Margin::Late(by)) = run.margin {
            in_time.late_by.count(by);
        }
    } else if let Some((at, _)) = run.ended {
        sheet.at(at).in_time.entry(name()).or_default().ended += 1;
    }
}

fn count_promise(run: &Run, sheet: &mut dyn Sheet) {
    let Some((at, fate)) = run.fate() else { return };
    let promises = &mut sheet.at(at).promises;
    *promises.fates.entry(fate).or_default() += 1;
    match run.margin {
        Some(Margin::Early(by)) if fate == Fate::Kept => promises.early_by.count(by),
        Some(Margin::Late(by)) => promises.late_by.count(by),
        Some(Margin::Early(_)) | None => {}
    }
    for at in &run.renegotiated {
        sheet.at(*at).promises.renegotiated += 1;
    }
}

fn count_survey(survey: &Survey, sheet: &mut dyn Sheet) {
    match survey.delivery {
        Delivery::Sent(at) => sheet.at(at).surveys.sent += 1,
        Delivery::Skipped(at) => sheet.at(at).surveys.skipped += 1,
        Delivery::Planned | Delivery::Cancelled => {}
    }
    let Some(at) = survey.answered_at else { return };
    let surveys = &mut sheet.at(at).surveys;
    surveys.answered += 1;
    for score in &survey.scores {
        let scale = Scale {
            question: score.question.clone(),
            lowest: score.lowest,
            highest: score.highest,
        };
        let heard = surveys.scores.entry(scale).or_default();
        *heard.times.entry(score.score).or_default() += 1;
    }
}
