//! Verdicts of two reviewers on one diagnosis.

use std::collections::BTreeMap;

use crate::case::diagnosis::Reviewed;
use crate::case::{Case, CauseRef};

/// A verdict as it is compared: the cause that was found right, or none where it was returned.
type Found = Option<CauseRef>;

/// Two verdicts on one recording of one diagnosis.
pub(super) type Pair = (Found, Found);

/// Returns the first two verdicts of different people on each recording of each diagnosis.
pub(super) fn verdicts(case: &Case) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for cause in case.causes() {
        let mut versions: BTreeMap<u32, Vec<&Reviewed>> = BTreeMap::new();
        for review in &cause.reviews {
            versions.entry(review.version).or_default().push(review);
        }
        for reviews in versions.into_values() {
            let mut reviews = reviews.into_iter();
            let Some(first) = reviews.next() else {
                continue;
            };
            if let Some(second) = reviews.find(|other| other.person != first.person) {
                pairs.push((first.cause.clone(), second.cause.clone()));
            }
        }
    }
    pairs
}
