//! Counted facts: what a person has given this day, week or month, in all their cases, and how
//! often a customer was sent a survey, in all of theirs.
//!
//! Invariant: commands and firings that look at one counted fact are never decided beside each
//! other, so that two cases at once cannot pass one limit.
//! Invariant: whoever looks at none costs nothing here and reads nothing.

use std::collections::HashSet;

use heard_engine::case::Facts;
use heard_engine::case::facts::{Ask, Given, SurveyAsk};
use heard_engine::id::{CustomerId, LimitName, PersonId, SurveyName, WorkflowId};
use heard_engine::money::{INTEGER_MAX, Money};

use crate::app::error::{Error, one_more};
use crate::app::job::Job;
use crate::store::{self, GivenFilter, Store, SurveyFilter};

/// What is counted together, in all cases of a workflow.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::app) enum Counted {
    /// What a person gives under a limit.
    Given {
        limit: LimitName,
        person: PersonId,
        workflow: WorkflowId,
    },
    /// How often a customer is sent a survey.
    Sent {
        customer: CustomerId,
        survey: SurveyName,
        workflow: WorkflowId,
    },
}

/// What is asked for before a decision.
pub(super) enum Asked {
    /// What a command asks for.
    Given {
        /// The workflow that everything is counted in.
        workflow: WorkflowId,
        /// What is to be read.
        asks: Vec<Ask>,
        /// What else it may change.
        touched: Vec<(LimitName, PersonId)>,
    },
    /// What the firing that sends a survey asks for.
    Sent(SurveyAsk),
}

impl Asked {
    fn counted(&self) -> HashSet<Counted> {
        match self {
            Self::Given {
                workflow,
                asks,
                touched,
            } => {
                let asks = asks.iter().map(|ask| (&ask.limit, ask.person));
                let touched = touched.iter().map(|(limit, person)| (limit, *person));
                let counted = asks.chain(touched).map(|(limit, person)| Counted::Given {
                    limit: limit.clone(),
                    person,
                    workflow: workflow.clone(),
                });
                counted.collect()
            }
            Self::Sent(ask) => HashSet::from([Counted::Sent {
                customer: ask.customer,
                survey: ask.survey.clone(),
                workflow: ask.workflow.clone(),
            }]),
        }
    }

    /// What the store is to add up for it.
    fn sums(&self) -> Vec<GivenFilter> {
        match self {
            Self::Given { workflow, asks, .. } => {
                let filter = |ask| given_filter(workflow, ask);
                asks.iter().map(filter).collect()
            }
            Self::Sent(_) => Vec::new(),
        }
    }

    /// What the store is to count for it.
    fn times(&self) -> Option<SurveyFilter> {
        match self {
            Self::Given { .. } => None,
            Self::Sent(ask) => Some(SurveyFilter {
                workflow: ask.workflow.clone(),
                survey: ask.survey.clone(),
                customer: ask.customer,
                since: ask.since,
            }),
        }
    }
}

/// Which counted facts are held, and the jobs that wait for them, first come first served.
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

/// What became of a job that asks for counted facts.
pub(super) enum Hold {
    /// It holds them.
    Held(Job),
    /// It waits for somebody who does; its stream stays claimed.
    Waits,
    /// It had waited, and now asks for others than it waited for.
    Changed(Job),
}

impl Counts {
    /// Holds what a job asks for, all of it or nothing.
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

    /// Releases what a job held. Returns those who waited for it and hold it by now, to be
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

/// Reads what is asked for, in its order. What cannot be read costs only those who ask for it.
pub(super) async fn read(store: &dyn Store, asked: &[Asked]) -> Vec<Result<Facts, Error>> {
    let mut sums = sums(store, asked).await;
    let mut times = times(store, asked).await;
    let mut facts = Vec::with_capacity(asked.len());
    for one in asked {
        facts.push(match one {
            Asked::Given { asks, .. } => given(asks, sums.as_mut()),
            Asked::Sent(ask) => surveyed(ask, times.as_mut()),
        });
    }
    facts
}

async fn sums(store: &dyn Store, asked: &[Asked]) -> Result<std::vec::IntoIter<i64>, store::Error> {
    let filters: Vec<GivenFilter> = asked.iter().flat_map(Asked::sums).collect();
    if filters.is_empty() {
        return Ok(Vec::new().into_iter());
    }
    Ok(store.given(&filters).await?.into_iter())
}

async fn times(
    store: &dyn Store,
    asked: &[Asked],
) -> Result<std::vec::IntoIter<u32>, store::Error> {
    let filters: Vec<SurveyFilter> = asked.iter().filter_map(Asked::times).collect();
    if filters.is_empty() {
        return Ok(Vec::new().into_iter());
    }
    Ok(store.surveyed(&filters).await?.into_iter())
}

/// Answers a command with the next of the sums.
fn given(
    asks: &[Ask],
    sums: Result<&mut std::vec::IntoIter<i64>, &mut store::Error>,
) -> Result<Facts, Error> {
    let sums = sums.map_err(|error| Error::Store(one_more(error)))?;
    let given = asks.iter().zip(sums);
    let given: Vec<Given> = given.map(|(ask, minor)| answer(ask, minor)).collect();
    if given.len() != asks.len() {
        return Err(Error::Bug {
            what: "the store did not add up all that was asked".to_owned(),
        });
    }
    Ok(Facts {
        given,
        ..Facts::default()
    })
}

/// Answers a firing with the next of the counts.
fn surveyed(
    ask: &SurveyAsk,
    times: Result<&mut std::vec::IntoIter<u32>, &mut store::Error>,
) -> Result<Facts, Error> {
    let times = times.map_err(|error| Error::Store(one_more(error)))?;
    let times = times.next().ok_or_else(|| Error::Bug {
        what: "the store did not count all that was asked".to_owned(),
    })?;
    Ok(Facts {
        surveyed: vec![ask.answered(times)],
        ..Facts::default()
    })
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

fn given_filter(workflow: &WorkflowId, ask: &Ask) -> GivenFilter {
    GivenFilter {
        workflow: workflow.clone(),
        limit: ask.limit.clone(),
        person: ask.person,
        currency: ask.currency,
        since: ask.since,
    }
}
