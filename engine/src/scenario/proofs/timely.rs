//! What is due in cases of random workflows: in order, once, never early, and the same however the
//! time is let pass.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::case::event::DeadlineFired;
use crate::case::{Event, Rung};
use crate::id::RoleName;
use crate::lint::random::{Extent, ROLES, plans};
use crate::scenario::desk::{Desk, actor};
use crate::scenario::story::{Opening, What};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::{self, Workflow};

const HOUR: i64 = 60 * 60 * 1_000_000;
/// So often somebody acts or waits.
const ROUNDS: usize = 24;
/// The longest wait, in hours: longer than the day in which all of a plan is due.
const HOURS_MAX: usize = 40;

/// Returns a number below another, and moves the state of a small generator on.
fn below(chance: &mut u64, count: usize) -> usize {
    *chance = chance
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*chance >> 33).unwrap() % count
}

fn hours(from: Timestamp, hours: usize) -> Timestamp {
    let hours = i64::try_from(hours).unwrap() * HOUR;
    Timestamp::from_micros(from.micros() + hours).unwrap()
}

/// Lets somebody try something, which may be refused.
fn act(desk: &mut Desk<'_>, workflow: &Workflow, chance: &mut u64) {
    let step = desk.case.as_ref().unwrap().step();
    let step = step.map(|step| workflow.step(step.as_str()).unwrap().1);
    let own = step.iter().flat_map(|step| step.actions.keys());
    let names = own.chain(workflow.anywhere().keys());
    let names: Vec<String> = names.map(ToString::to_string).collect();
    let what = if step.is_none() || names.is_empty() {
        What::Reopen("Again".to_owned())
    } else {
        let field = |name: &str| crate::id::FieldName::new(name).unwrap();
        let ok = Value::YesNo(below(chance, 2) == 0);
        let mut answers = vec![(field("ok"), ok)];
        if below(chance, 2) == 0 {
            answers.push((field("note"), Value::Text("Noted".to_owned())));
        }
        What::Advance {
            within: None,
            name: names[below(chance, names.len())].clone(),
            answers,
            reason: Some("So".to_owned()),
        }
    };
    let person = below(chance, 4);
    let role = RoleName::new(ROLES[person % 2]).unwrap();
    let act = desk.act(&what).unwrap();
    let _refused = desk.send(&actor(person, role), &act);
}

fn fired(desk: &mut Desk<'_>, until: Timestamp) -> Vec<DeadlineFired> {
    let mut all = Vec::new();
    while let Some(firing) = desk.fire(until) {
        let Some(Event::DeadlineFired(fired)) = firing.events.first() else {
            panic!("{firing:?}");
        };
        all.push(fired.clone());
    }
    desk.now = until;
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_due_fires_in_order_once_and_never_early(
        plan in plans(Extent::Deadlines),
        chance in any::<u64>(),
    ) {
        let yaml = format!("model: custom\n{}", plan.yaml());
        let Ok(workflow) = workflow::load(yaml.as_bytes()) else { return Ok(()) };
        let mut chance = chance;
        let mut desk = Desk::new(&workflow, Timestamp::parse("2026-01-05T09:00:00Z").unwrap());
        prop_assert!(desk.open(Opening::default()).is_ok());
        let mut seen: BTreeSet<(u32, Rung)> = BTreeSet::new();
        let mut last = desk.now;
        for _ in 0..ROUNDS {
            act(&mut desk, &workflow, &mut chance);
            let until = hours(desk.now, below(&mut chance, HOURS_MAX));
            // An hour at a time comes to the same as all at once.
            let mut slow = desk.clone();
            let mut slowly = Vec::new();
            while slow.now < until {
                let next = hours(slow.now, 1);
                slowly.extend(fired(&mut slow, next));
            }
            let at_once = fired(&mut desk, until);
            prop_assert_eq!(&at_once, &slowly, "{}", &yaml);
            prop_assert_eq!(&desk.case, &slow.case, "{}", &yaml);
            for one in at_once {
                prop_assert!(one.mark <= one.effective_at && one.effective_at <= until);
                prop_assert!(last <= one.effective_at, "{}", &yaml);
                prop_assert!(seen.insert((one.number, one.rung)), "twice: {:?}\n{}", one, &yaml);
                last = one.effective_at;
            }
            let next = desk.case.as_ref().unwrap().due_at();
            prop_assert!(next.is_none_or(|next| next > until), "left behind\n{}", &yaml);
            last = last.max(until);
        }
    }
}
