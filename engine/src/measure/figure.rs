//! Numbers by name, for whoever shows them.
//!
//! Invariant: every figure is a count, or tells how many it is of; the names are those of
//! [`definitions`](super::definitions).

use super::numbers::{InTime, Numbers, Promises, Scale};
use super::run::{Doing, Fate};
use super::spread::{Share, Spread, Summary, Times};

/// A number of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Its name.
    pub name: &'static str,
    /// What of: a step, a deadline, a question, what became of it; empty where it is of all.
    pub of: String,
    /// The number.
    pub value: Value,
}

/// What a figure says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// So many.
    Count(u64),
    /// So many of so many.
    Share(Share),
    /// So long, in microseconds.
    Length(Length),
    /// Answers on a scale.
    Scores(Scores),
}

/// Lengths of time; none where there was nothing to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// By the clock on the wall.
    pub wall: Option<Summary>,
    /// In working time; none too where it is told by the wall only.
    pub working: Option<Summary>,
}

/// Answers on a scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scores {
    /// The scale.
    pub scale: Scale,
    /// The share of the two best answers.
    pub top: Share,
    /// The average in thousandths.
    pub mean_per_mille: u64,
}

/// Collects figures.
#[derive(Default)]
struct Figures(Vec<Figure>);

impl Figures {
    fn add(&mut self, name: &'static str, of: &dyn ToString, value: Value) {
        let of = of.to_string();
        self.0.push(Figure { name, of, value });
    }

    fn count(&mut self, name: &'static str, count: u64) {
        self.add(name, &"", Value::Count(count));
    }

    fn share(&mut self, name: &'static str, share: Share) {
        self.add(name, &"", Value::Share(share));
    }

    fn times(&mut self, name: &'static str, of: &dyn ToString, times: &Times) {
        let length = Length {
            wall: times.wall.summary(),
            working: times.working.summary(),
        };
        self.add(name, of, Value::Length(length));
    }

    fn ages(&mut self, name: &'static str, ages: &Spread) {
        let length = Length {
            wall: ages.summary(),
            working: None,
        };
        self.add(name, &"", Value::Length(length));
    }
}

impl Numbers {
    /// Returns every number by its name: the three of the founding articles first, then how
    /// customers were treated and whether in time, then the rest.
    #[must_use]
    pub fn figures(&self) -> Vec<Figure> {
        let mut figures = Figures::default();
        figures.share("resolution_rate", self.resolved());
        figures.times("final_resolution", &"", &self.final_resolution);
        figures.share("surveys_delivered", self.surveyed);
        figures.share("treatment", self.treatment());
        figures.share("timeliness", self.timeliness());
        self.cases(&mut figures);
        for (name, in_time) in &self.in_time {
            in_time.figures(name, &mut figures);
        }
        self.promises.figures(&mut figures);
        self.afterwards(&mut figures);
        for (step, times) in &self.steps {
            figures.times("step_time", step, times);
        }
        figures.0
    }

    fn cases(&self, figures: &mut Figures) {
        let share = |met, of| Share { met, of };
        figures.count("received", self.received);
        let received = share(self.received_outside_hours, self.received);
        figures.share("received_outside_hours", received);
        figures.share("proactive", share(self.proactive, self.received));
        figures.ages("open", &self.open);
        figures.count("exposed", self.exposed());
        for (counts_as, cases) in &self.closed_as {
            figures.add("closed", &counts_as.as_str(), Value::Count(*cases));
        }
        figures.times("first_reply", &"", &self.first_reply);
        figures.times("first_resolution", &"", &self.first_resolution);
        let first_contact = self.resolved_at_first_contact();
        figures.share("resolved_at_first_contact", first_contact);
        figures.times("waiting", &"", &self.waiting);
        figures.share("reopened", self.reopened);
        figures.count("corrected", self.corrected);
        let contacts = &self.contacts;
        figures.count("contacts_from_customers", contacts.from_customer);
        let contacted = share(contacts.outside_hours, contacts.from_customer);
        figures.share("contacts_outside_hours", contacted);
        figures.count("contacts_to_customers", contacts.to_customer);
        figures.share("breaches_outside_hours", self.breaches_outside_hours);
    }

    fn afterwards(&self, figures: &mut Figures) {
        let surveys = &self.surveys;
        figures.count("surveys_sent", surveys.sent);
        figures.count("surveys_skipped", surveys.skipped);
        figures.count("surveys_answered", surveys.answered);
        for (scale, heard) in &surveys.scores {
            if let Some(mean_per_mille) = heard.mean_per_mille() {
                let scores = Scores {
                    scale: scale.clone(),
                    top: heard.top(scale),
                    mean_per_mille,
                };
                figures.add("scores", &scale.question, Value::Scores(scores));
            }
        }
        figures.share("follow_ups_in_time", self.follow_ups.in_time());
        for (doing, follow_ups) in &self.follow_ups.doings {
            let of = match doing {
                Doing::InTime => "in_time",
                Doing::Late => "late",
                Doing::Open => "open",
            };
            figures.add("follow_ups", &of, Value::Count(*follow_ups));
        }
    }
}

impl InTime {
    fn figures(&self, name: &dyn ToString, figures: &mut Figures) {
        let name = name.to_string();
        figures.add("in_time", &name, Value::Share(self.share));
        if self.ended > 0 {
            figures.add("ended_before_due", &name, Value::Count(self.ended));
        }
        if self.late_by.wall.summary().is_some() {
            figures.times("late_by", &name, &self.late_by);
        }
    }
}

impl Promises {
    fn figures(&self, figures: &mut Figures) {
        figures.share("promises_kept", self.kept());
        for (fate, promises) in &self.fates {
            figures.add("promises", &fate.as_str(), Value::Count(*promises));
        }
        figures.count("promises_renegotiated", self.renegotiated);
        figures.times("promises_early_by", &"", &self.early_by);
        figures.times("promises_late_by", &"", &self.late_by);
    }
}

impl Fate {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::KeptLate => "kept_late",
            Self::Broken => "broken",
            Self::Overdue => "overdue",
            Self::Released => "released",
            Self::Owed => "owed",
        }
    }
}
