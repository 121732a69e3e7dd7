//! Which causes are new, which grow, which came back after an action that had worked.

use std::collections::{BTreeMap, BTreeSet};

use super::interval::{Estimate, newcombe};
use super::{Verdict, is_small};
use crate::measure::{Share, Sum as _};

/// What was closed in one period, such as a week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted<K> {
    /// All cases closed.
    pub closed: u64,
    /// Of these, those with each cause.
    pub causes: BTreeMap<K, u64>,
}

/// Where a cause is going.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trend {
    /// An action against it was judged effective, and it came above the rate it was judged at: the
    /// whole interval of the difference between then and now is above 0.
    Regressed,
    /// It comes now, came in no case of a baseline that has some, and no action against it was ever
    /// judged.
    New,
    /// The whole interval of the difference between baseline and now is above 0.
    Rising,
    /// The whole interval of the difference between baseline and now is below 0.
    Falling,
    /// None of these can be told.
    Steady,
}

/// A cause and where it is going.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trending {
    /// Where.
    pub trend: Trend,
    /// Of the cases closed in the periods of the baseline, those with the cause.
    pub baseline: Share,
    /// Of the cases closed in the periods that are looked at, those with the cause.
    pub now: Share,
    /// The rate at which an action against it was judged effective, where one was.
    pub judged: Option<Share>,
    /// The rate now less that of the baseline, or, where it [regressed](Trend::Regressed), less
    /// the one it was judged at; none where nothing was closed in one of them.
    pub difference: Option<Estimate>,
    /// The numbers compared are too small to lean on, as those of a
    /// [`Recurrence`](super::Recurrence).
    pub is_small: bool,
}

/// Returns where each cause is going that came in any period or was judged.
///
/// `periods` are in order; the last `now` of them are looked at, those before are the baseline.
/// `judged` has, for each cause of which an action was judged effective, the share of the cases
/// closed that had it then; the latest where there are several.
#[must_use]
pub fn trends<K: Ord + Clone>(
    periods: &[Counted<K>],
    now: usize,
    judged: &BTreeMap<K, Share>,
) -> BTreeMap<K, Trending> {
    let (baseline, now) = periods.split_at(periods.len().saturating_sub(now));
    let (baseline, now) = (sum(baseline), sum(now));
    let causes = baseline.causes.keys().chain(now.causes.keys());
    let causes: BTreeSet<&K> = causes.chain(judged.keys()).collect();
    let trending = causes.into_iter().map(|cause| {
        let judged = judged.get(cause).copied();
        let going = trending(baseline.share(cause), now.share(cause), judged);
        (cause.clone(), going)
    });
    trending.collect()
}

fn trending(baseline: Share, now: Share, judged: Option<Share>) -> Trending {
    let going = |trend, than: Share, difference| Trending {
        trend,
        baseline,
        now,
        judged,
        difference,
        is_small: is_small(than, now),
    };
    if let Some(judged) = judged {
        let difference = newcombe(judged, now);
        if Verdict::of(difference.as_ref()) == Verdict::Rose {
            return going(Trend::Regressed, judged, difference);
        }
    }
    let difference = newcombe(baseline, now);
    let trend = match Verdict::of(difference.as_ref()) {
        Verdict::Rose | Verdict::CannotTell
            if judged.is_none() && baseline.met == 0 && baseline.of > 0 && now.met > 0 =>
        {
            Trend::New
        }
        Verdict::Rose => Trend::Rising,
        Verdict::Fell => Trend::Falling,
        Verdict::CannotTell => Trend::Steady,
    };
    going(trend, baseline, difference)
}

impl<K: Ord> Counted<K> {
    fn share(&self, cause: &K) -> Share {
        Share {
            met: self.causes.get(cause).copied().unwrap_or(0),
            of: self.closed,
        }
    }
}

fn sum<K: Ord + Clone>(periods: &[Counted<K>]) -> Counted<K> {
    let mut all = Counted {
        closed: 0,
        causes: BTreeMap::new(),
    };
    for period in periods {
        all.closed += period.closed;
        all.causes.sum(&period.causes);
    }
    all
}
