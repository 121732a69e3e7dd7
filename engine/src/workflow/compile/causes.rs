//! Compiles `causes`.

use super::super::RoleSet;
use super::super::causes::{Cause, Causes, Review, Systemic};
use super::super::source::{self, Sp, Table};
use super::{condition, known::Known, people};
use crate::id::{CauseGroup, CauseName, FailureName, ReportingName};

/// Compiles `causes`.
pub(super) fn causes(known: &Known<'_>) -> Option<Causes> {
    let causes = known.source.causes.as_ref()?;
    let group = |(name, group): (&String, &Sp<Table<source::Cause>>)| {
        let names = group.value.iter().filter_map(cause);
        Some((CauseGroup::new(name).ok()?, names.collect()))
    };
    Some(Causes {
        whys: causes.whys.as_ref().map_or(0, |whys| whys.value),
        blame_free: causes.blame_free,
        blame_override: people::set(known, &causes.blame_override),
        review: causes.review.as_ref().map(|written| review(known, written)),
        check_after: causes.check_after.as_ref().map(|after| after.value),
        failures: titles(&causes.failures, |name| FailureName::new(name).ok()),
        reporting: titles(&causes.reporting, |name| ReportingName::new(name).ok()),
        systemic: causes
            .systemic
            .as_ref()
            .and_then(|written| systemic(known, written)),
        categories: causes.categories.iter().filter_map(group).collect(),
    })
}

fn cause((name, cause): (&String, &Sp<source::Cause>)) -> Option<(CauseName, Cause)> {
    let compiled = Cause {
        title: cause.value.title.value.clone(),
        needs: cause.value.needs.iter().map(|need| need.value).collect(),
    };
    Some((CauseName::new(name).ok()?, compiled))
}

fn titles<N: std::hash::Hash + Eq>(
    written: &Table<Sp<String>>,
    name: impl Fn(&str) -> Option<N>,
) -> indexmap::IndexMap<N, String> {
    let titled = written
        .iter()
        .filter_map(|(key, title)| Some((name(key)?, title.value.value.clone())));
    titled.collect()
}

fn review(known: &Known<'_>, review: &source::Review) -> Review {
    let by = review.by.as_ref().and_then(|by| known.role(&by.value));
    let always_when = review.always_when.as_ref();
    Review {
        by: by.map_or(RoleSet::default(), |role| RoleSet::default().with(role)),
        sample: review.sample.as_ref().map_or(0, |percent| percent.value),
        always_when: always_when.map(|when| condition::condition(known, when)),
    }
}

fn systemic(known: &Known<'_>, systemic: &source::Systemic) -> Option<Systemic> {
    let same = systemic.same.iter();
    Some(Systemic {
        cases: systemic.cases.as_ref()?.value,
        within: systemic.within.as_ref()?.value,
        same: same.filter_map(|name| known.field(&name.value)).collect(),
        by: (!systemic.by.is_empty()).then(|| people::set(known, &systemic.by)),
    })
}
