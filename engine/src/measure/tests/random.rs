//! Reports of parts add up to the report of the whole, for any cases.

use proptest::prelude::*;

use super::super::{Measures, Period, Report, Scope, Sum as _};
use super::{
    HOUR, History, acted, closed, desk, entered, instant_after, october, started, stopped,
};
use crate::workflow::Workflow;

/// What happens to a case, each so many hours after the one before.
#[derive(Debug, Clone)]
enum Happens {
    Act(i64),
    Promise(i64),
    Close(i64, bool),
}

fn happenings() -> impl Strategy<Value = Vec<Happens>> {
    let one = prop_oneof![
        (0..30_i64).prop_map(Happens::Act),
        (0..30_i64).prop_map(Happens::Promise),
        (0..30_i64, any::<bool>()).prop_map(|(after, resolved)| Happens::Close(after, resolved)),
    ];
    prop::collection::vec(one, 0..8)
}

fn measured(workflow: &Workflow, happenings: &[Happens]) -> Measures {
    let mut case = History::opened(workflow, "05 08:00", "05 09:30");
    let mut at = october("05 09:30");
    let mut visit = 1;
    for (number, happens) in (1..).zip(happenings) {
        let (after, events) = match happens {
            Happens::Act(after) => {
                visit += 1;
                (after, vec![acted("understood"), entered("waiting", visit)])
            }
            Happens::Promise(after) => {
                let name = "promise/call";
                let made = started(number, name, "05 09:30", "06 09:30");
                (after, vec![made, stopped(number, name, "kept")])
            }
            Happens::Close(after, true) => (after, vec![closed("resolved", "resolved")]),
            Happens::Close(after, false) => (after, vec![closed("unsolved", "not_resolved")]),
        };
        at = instant_after(at, after * HOUR);
        case.add("05 09:30", "agent", events);
        case.entries.last_mut().unwrap().at = at;
    }
    case.measures()
}

fn report(workflow: &Workflow, cases: &[Measures], period: Period) -> Report {
    let mut report = Report::new(Scope {
        as_of: october("31 12:00"),
        from: None,
        to: None,
        period,
    });
    report.hold_against(workflow);
    for case in cases {
        report.add(workflow, case).unwrap();
    }
    report
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        cases: 48,
        ..ProptestConfig::default()
    })]

    #[test]
    fn reports_of_parts_add_up_to_the_report_of_all(
        one in prop::collection::vec(happenings(), 0..6),
        other in prop::collection::vec(happenings(), 0..6),
        period in prop::sample::select(vec![Period::All, Period::Day, Period::Week, Period::Month]),
    ) {
        let workflow = desk();
        let measured = |cases: &[Vec<Happens>]| -> Vec<Measures> {
            cases.iter().map(|case| measured(&workflow, case)).collect()
        };
        let (one, other) = (measured(&one), measured(&other));
        let mut parts = report(&workflow, &one, period);
        parts.sum(&report(&workflow, &other, period));
        let whole = report(&workflow, &[one, other].concat(), period);
        prop_assert_eq!(&parts, &whole);
        let mut undivided = report(&workflow, &[], Period::All).total();
        for numbers in whole.by_workflow().values() {
            undivided.sum(numbers);
        }
        prop_assert_eq!(undivided, whole.total());
    }
}
