//! Counted facts: what a person has given this day, week or month, in all their cases.
//!
//! Invariant: commands that look at one counted fact are never decided beside each other, so that
//! two cases at once cannot pass one limit.
//! Invariant: a command that looks at none costs nothing here and reads nothing.

use std::collections::HashSet;

use heard_engine::case::Facts;
use heard_engine::case::facts::{Ask, Given};
use heard_engine::id::{LimitName, PersonId, WorkflowId};
use heard_engine::money::{INTEGER_MAX, Money};

use crate::app::error::{Error, one_more};
use crate::app::job::Job;
use crate::store::{GivenFilter, Store};

/// What is counted together: what a person gives under a limit of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::app) struct Counted {
    limit: LimitName,
    person: PersonId,
    workflow: WorkflowId,
}

/// What a command asks for.
pub(super) struct Asked {
    /// The workflow that everything is counted in.
    pub(super) workflow: WorkflowId,
    /// What is to be read.
    pub(super) asks: Vec<Ask>,
    /// What else it may change.
    pub(super) touched: Vec<(LimitName, PersonId)>,
}

impl Asked {
    fn counted(&self) -> HashSet<Counted> {
        let asks = self.asks.iter().map(|ask| (&ask.limit, ask.person));
        let touched = self.touched.iter().map(|(limit, person)| (limit, *person));
        let counted = asks.chain(touched).map(|(limit, person)| Counted {
            limit: limit.clone(),
            person,
            workflow: self.workflow.clone(),
        });
        counted.collect()
    }
}

/// Which counted facts are held, and the commands that wait for them, first come first served.
#[derive(Debug, Default)]
pub(super) struct Counts {
    held: HashSet<Counted>,
    /// No more than the queue has places: whoever waits here keeps its place.
    waiting: Vec<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    job: Job,
    counted: HashSet<Counted>,
}

/// What became of a command that asks for counted facts.
pub(super) enum Hold {
    /// It holds them.
    Held(Job),
    /// It waits for somebody who does; its stream stays claimed.
    Waits,
    /// It had waited, and now asks for others than it waited for.
    Changed(Job),
}

impl Counts {
    /// Holds what a command asks for, all of it or nothing.
    pub(super) fn hold(&mut self, mut job: Job, asked: &Asked) -> Hold {
        let counted = asked.counted();
        if !job.counted.is_empty() {
            let is_held = counted.iter().all(|one| job.counted.contains(one));
            return if is_held {
                Hold::Held(job)
            } else {
                Hold::Changed(job)
            };
        }
        // Whoever comes later does not overtake: else one who needs two could wait for ever.
        let mut wanted = self.waiting.iter().map(|waiting| &waiting.counted);
        if !self.held.is_disjoint(&counted) || wanted.any(|wanted| !wanted.is_disjoint(&counted)) {
            self.waiting.push(Waiting { job, counted });
            return Hold::Waits;
        }
        job.counted = counted.iter().cloned().collect();
        self.held.extend(counted);
        Hold::Held(job)
    }

    /// Releases what a command held. Returns those who waited for it and hold it by now, to be
    /// taken again.
    pub(super) fn release(&mut self, counted: &[Counted]) -> Vec<Job> {
        if counted.is_empty() {
            return Vec::new();
        }
        for counted in counted {
            self.held.remove(counted);
        }
        let mut woken = Vec::new();
        let mut wanted: HashSet<Counted> = HashSet::new();
        for Waiting { mut job, counted } in std::mem::take(&mut self.waiting) {
            if self.held.is_disjoint(&counted) && wanted.is_disjoint(&counted) {
                job.counted = counted.iter().cloned().collect();
                self.held.extend(counted);
                woken.push(job);
            } else {
                wanted.extend(counted.iter().cloned());
                self.waiting.push(Waiting { job, counted });
            }
        }
        woken
    }
}

/// Reads what commands ask for, in their order.
pub(super) async fn read(store: &dyn Store, asked: &[Asked]) -> Vec<Result<Facts, Error>> {
    let filters = |asked: &Asked| {
        let filter = |ask| filter(&asked.workflow, ask);
        asked.asks.iter().map(filter).collect::<Vec<_>>()
    };
    let filters: Vec<GivenFilter> = asked.iter().flat_map(filters).collect();
    let sums = match store.given(&filters).await {
        Ok(sums) => sums,
        Err(error) => {
            let failed = |_| Err(Error::Store(one_more(&error)));
            return asked.iter().map(failed).collect();
        }
    };
    let mut sums = sums.into_iter();
    let mut facts = Vec::with_capacity(asked.len());
    for Asked { asks, .. } in asked {
        let given = asks.iter().zip(sums.by_ref());
        let given: Vec<Given> = given.map(|(ask, minor)| answer(ask, minor)).collect();
        facts.push(if given.len() == asks.len() {
            Ok(Facts {
                given,
                ..Facts::default()
            })
        } else {
            Err(Error::Bug {
                what: "the store did not add up all that was asked".to_owned(),
            })
        });
    }
    facts
}

fn answer(ask: &Ask, minor: i64) -> Given {
    Given {
        limit: ask.limit.clone(),
        period: ask.period,
        person: ask.person,
        since: ask.since,
        sum: Money {
            currency: ask.currency,
            // An entry holds no larger integer; a limit is never above it.
            minor: minor.clamp(-INTEGER_MAX, INTEGER_MAX),
        },
    }
}

fn filter(workflow: &WorkflowId, ask: &Ask) -> GivenFilter {
    GivenFilter {
        workflow: workflow.clone(),
        limit: ask.limit.clone(),
        person: ask.person,
        currency: ask.currency,
        since: ask.since,
    }
}
