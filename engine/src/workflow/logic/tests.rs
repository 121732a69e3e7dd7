//! The search against counting: over small fields both say the same of random conditions.

use proptest::prelude::*;

use super::*;
use crate::money::Money;
use crate::time::Date;
use crate::workflow::condition::{Bound, Ordered, Seen};
use crate::workflow::load;

const FILE: &str = "
heard: 1
workflow: w
version: 1
title: W
roles: {agent: {}}
limits: {giving: {agent: 3 JPY}}
fields:
  small: {type: number, min: -1, max: 3}
  free: {type: number}
  sum: {type: money, currency: JPY, limit: giving, max: 3 JPY}
  tier: {type: choice, of: [a, b, c]}
  happy: {type: yes_no}
  word: {type: text}
  day: {type: date}
  story: {type: long_text, personal: yes}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    asks: [small, free, sum, tier, happy, word, day, story]
    next: fine
outcomes:
  fine: {counts_as: resolved}
";

fn workflow() -> Workflow {
    load(FILE.as_bytes()).unwrap()
}

/// The fields of `FILE`, by place.
const FIELDS: u16 = 8;

fn money(minor: i64) -> Money {
    Money::parse(&format!("{minor} JPY")).unwrap()
}

fn day(days: i64) -> Date {
    Date::from_days(days).unwrap()
}

/// Every answer of a field that could matter: all of a small one, and of the others those named
/// in conditions, their neighbours, and something else.
fn answers(field: u16) -> Vec<(Shown, bool)> {
    let values: Vec<Value> = match field {
        0 => (-1..=3).map(Value::Number).collect(),
        1 => (-3..=5).map(Value::Number).collect(),
        2 => (0..=3).map(|minor| Value::Money(money(minor))).collect(),
        3 => ["a", "b", "c"].map(|o| Value::Choice(o.to_owned())).into(),
        4 => [true, false].map(Value::YesNo).into(),
        5 => ["x", "y", "z"]
            .map(|text| Value::Text(text.to_owned()))
            .into(),
        6 => (-3..=5).map(|days| Value::Date(day(days))).collect(),
        _ => Vec::new(),
    };
    let mut answers = vec![(Shown::Empty, false)];
    answers.extend(values.into_iter().map(|value| (Shown::Value(value), false)));
    match field {
        2 => {
            let over: Vec<_> = answers
                .iter()
                .skip(1)
                .map(|(s, _)| (s.clone(), true))
                .collect();
            answers.extend(over);
        }
        5 => answers.push((Shown::AnotherText, false)),
        7 => answers.push((Shown::Filled, false)),
        _ => {}
    }
    answers
}

type Answers = BTreeMap<FieldIndex, (Shown, bool)>;

/// Every combination of answers of the fields that the conditions ask.
fn combinations(conditions: &[&Condition], filled: &BTreeSet<FieldIndex>) -> Vec<Answers> {
    let mut tests = IndexMap::new();
    for condition in conditions {
        collect(condition, &mut tests);
    }
    let mut all = vec![Answers::new()];
    for field in tests.keys() {
        let mut answers = answers(field.0);
        answers.retain(|(shown, _)| *shown != Shown::Empty || !filled.contains(field));
        all = all
            .iter()
            .flat_map(|chosen| {
                answers.iter().map(|answer| {
                    let mut chosen = chosen.clone();
                    chosen.insert(*field, answer.clone());
                    chosen
                })
            })
            .collect();
    }
    all
}

/// Judges by the meaning of the language; where no limit is asked, as the running engine does.
fn holds(condition: &Condition, answers: &Answers) -> bool {
    match condition {
        Condition::All(parts) => parts.iter().all(|part| holds(part, answers)),
        Condition::Any(parts) => parts.iter().any(|part| holds(part, answers)),
        Condition::Not(part) => !holds(part, answers),
        Condition::Field(field, Test::OverLimit) => answers[field].1,
        Condition::Field(..) => {
            let other = Value::Text("something else".to_owned());
            condition.holds(&|field| match &answers[&field].0 {
                Shown::Empty => Seen::Empty,
                Shown::Filled => Seen::Sealed,
                Shown::AnotherText => Seen::Value(&other),
                Shown::Value(value) => Seen::Value(value),
            })
        }
    }
}

fn value(field: u16) -> BoxedStrategy<Value> {
    let named = answers(field)
        .into_iter()
        .filter_map(|(shown, _)| match shown {
            Shown::Value(value) => Some(value),
            Shown::Empty | Shown::Filled | Shown::AnotherText => None,
        });
    // A bound beside every value that is tried keeps the tried ones complete.
    let named: Vec<Value> = match field {
        1 => (-2..=4).map(Value::Number).collect(),
        6 => (-2..=4).map(|days| Value::Date(day(days))).collect(),
        _ => named.collect(),
    };
    proptest::sample::select(named).boxed()
}

fn test(field: u16) -> BoxedStrategy<Test> {
    let plain = prop_oneof![Just(Test::Empty), Just(Test::Filled)];
    if field == 7 {
        return plain.boxed();
    }
    let one_of = proptest::collection::vec(value(field), 1..4).prop_map(Test::OneOf);
    let bound = proptest::sample::select(vec![
        Bound::Above,
        Bound::AtLeast,
        Bound::Below,
        Bound::AtMost,
    ]);
    let ordered = |value| match value {
        Value::Number(number) => Ordered::Number(number),
        Value::Money(money) => Ordered::Money(money),
        Value::Date(date) => Ordered::Date(date),
        other @ (Value::Text(_)
        | Value::YesNo(_)
        | Value::Choice(_)
        | Value::Document(_)
        | Value::List(_)) => unreachable!("{other} has no order"),
    };
    let limit = (bound, value(field)).prop_map(move |(bound, value)| (bound, value));
    let within = proptest::collection::vec(limit, 1..3).prop_map(move |bounds| {
        let bounds = bounds
            .into_iter()
            .map(|(bound, value)| (bound, ordered(value)));
        Test::Within(bounds.collect())
    });
    match field {
        0 | 1 | 6 => prop_oneof![1 => plain, 3 => one_of, 4 => within].boxed(),
        2 => prop_oneof![1 => plain, 2 => one_of, 3 => within, 2 => Just(Test::OverLimit)].boxed(),
        _ => prop_oneof![1 => plain, 4 => one_of].boxed(),
    }
}

fn condition() -> impl Strategy<Value = Condition> {
    let leaf = (0..FIELDS).prop_flat_map(|field| {
        test(field).prop_map(move |test| Condition::Field(FieldIndex(field), test))
    });
    leaf.prop_recursive(3, 6, 3, |inner| {
        let parts = proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            parts.clone().prop_map(Condition::All),
            parts.prop_map(Condition::Any),
            inner.prop_map(|part| Condition::Not(Box::new(part))),
        ]
    })
}

/// Fields of the conditions beyond which counting takes too long.
const COUNTED_FIELDS_MAX: usize = 4;

fn fields(conditions: &[Condition]) -> usize {
    let mut tests = IndexMap::new();
    for condition in conditions {
        collect(condition, &mut tests);
    }
    tests.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_can_hold_agrees_with_counting(
        conditions in proptest::collection::vec(condition(), 1..5),
        filled in proptest::collection::btree_set((0..FIELDS).prop_map(FieldIndex), 0..4),
    ) {
        prop_assume!(fields(&conditions) <= COUNTED_FIELDS_MAX);
        let workflow = workflow();
        let given = Given { filled, ..Given::nothing(&workflow) };
        let conditions: Vec<&Condition> = conditions.iter().collect();
        let all = combinations(&conditions, &given.filled);
        let space = Space::over(&given, &conditions).unwrap();
        // Each condition in turn as the last of a list of rules: is it ever the first that fits?
        for last in 0..conditions.len() {
            let mut claims: Vec<Claim> = (0..last).map(Claim::Fails).collect();
            claims.push(Claim::Holds(last));
            let fits = |answers: &&Answers| {
                holds(conditions[last], answers)
                    && !conditions[..last].iter().any(|before| holds(before, answers))
            };
            let found = space.example(&claims).unwrap();
            prop_assert_eq!(found.is_some(), all.iter().any(|answers| fits(&answers)));
            // The example is one, whatever the fields say that it does not name.
            if let Some(found) = found {
                let mut like = all.iter().filter(|answers| {
                    found.0.iter().all(|a| answers[&a.field] == (a.shown.clone(), a.is_over))
                });
                prop_assert!(like.clone().next().is_some(), "{found:?} is possible");
                prop_assert!(like.all(|answers| fits(&answers)), "{found:?} is an example");
            }
        }
        // And a table of them all: is there an answer that no row takes?
        let none: Vec<Claim> = (0..conditions.len()).map(Claim::Fails).collect();
        let gap = all.iter().any(|answers| !conditions.iter().any(|c| holds(c, answers)));
        prop_assert_eq!(space.can(&none).unwrap(), gap);
        // Always true, and the two questions about pairs.
        let always = all.iter().all(|answers| holds(conditions[0], answers));
        prop_assert_eq!(!space.can(&[Claim::Fails(0)]).unwrap(), always);
        if let [one, other, ..] = conditions.as_slice() {
            let follows = all.iter().all(|a| !holds(one, a) || holds(other, a));
            prop_assert_eq!(implies(&given, one, other).unwrap(), follows);
            let same = all.iter().all(|a| holds(one, a) == holds(other, a));
            prop_assert_eq!(equivalent(&given, one, other).unwrap(), same);
        }
    }
}

/// A list of 16 rules of 4 comparisons over 8 yes-or-no-like fields, as many as may be read.
fn crowded(seed: u64) -> Vec<Condition> {
    let mut random = seed;
    let mut next = |below: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) % below
    };
    let rule = |next: &mut dyn FnMut(u64) -> u64| {
        let parts = (0..4).map(|_| {
            let (field, value) = (next(2), i64::try_from(next(7)).unwrap() - 2);
            let bound = if next(2) == 0 {
                Bound::AtLeast
            } else {
                Bound::Below
            };
            if field == 0 {
                let within = Test::Within(vec![(bound, Ordered::Number(value))]);
                return Condition::Field(FieldIndex(1), within);
            }
            Condition::Field(FieldIndex(u16::try_from(next(8)).unwrap()), Test::Filled)
        });
        Condition::Any(parts.collect())
    };
    (0..16)
        .map(|_| Condition::Not(Box::new(rule(&mut next))))
        .collect()
}

#[test]
fn as_many_rules_as_may_be_read_are_decided_far_below_the_limit() {
    let workflow = workflow();
    let given = Given::nothing(&workflow);
    for seed in 0..200 {
        let rules = crowded(seed);
        let rules: Vec<&Condition> = rules.iter().collect();
        let space = Space::over(&given, &rules).unwrap();
        for last in 0..rules.len() {
            let mut claims: Vec<Claim> = (0..last).map(Claim::Fails).collect();
            claims.push(Claim::Holds(last));
            space.can(&claims).unwrap();
        }
        let used = SPLITS_MAX - space.splits_left.get();
        assert!(used < SPLITS_MAX / 10, "{used} splits for seed {seed}");
    }
}

#[test]
fn too_many_classes_and_splits_are_said_to_be_tangled() {
    let workflow = workflow();
    let given = Given::nothing(&workflow);
    let equal = |number| Condition::Field(FieldIndex(1), Test::OneOf(vec![Value::Number(number)]));
    let many = |count: i64| (0..count).map(equal).collect::<Vec<_>>();
    let over = |conditions: &[Condition]| {
        Space::over(&given, &conditions.iter().collect::<Vec<_>>()).err()
    };
    // Beside each number there are the others, and empty.
    let max = i64::try_from(CLASSES_MAX).unwrap();
    assert_eq!(over(&many(max - 1)), None);
    assert_eq!(over(&many(max)), Some(Tangled));
    let either = Condition::Any(vec![equal(1), equal(2)]);
    let space = Space::over(&given, &[&either]).unwrap();
    space.splits_left.set(0);
    assert_eq!(space.can(&[Claim::Holds(0)]), Err(Tangled));
}

#[test]
fn examples_are_told_in_the_words_of_the_file() {
    let workflow = workflow();
    let mut given = Given::nothing(&workflow);
    let field = |place, test| Condition::Field(FieldIndex(place), test);
    let told = |given: &Given<'_>, condition: &Condition| {
        let found = satisfy(given, &[condition]).unwrap();
        found.map(|found| found.describe(&workflow))
    };
    let between = field(
        1,
        Test::Within(vec![
            (Bound::Above, Ordered::Number(179)),
            (Bound::Below, Ordered::Number(240)),
        ]),
    );
    let gold = field(3, Test::OneOf(vec![Value::Choice("b".into())]));
    let both = Condition::All(vec![between, gold]);
    assert_eq!(told(&given, &both).unwrap(), "`free` 180 and `tier` b");
    let over = field(2, Test::OverLimit);
    assert_eq!(told(&given, &over).unwrap(), "`sum` 0 JPY over the limit");
    let other = Condition::All(vec![
        Condition::Not(Box::new(field(
            5,
            Test::OneOf(vec![Value::Text("x".into())]),
        ))),
        field(5, Test::Filled),
        field(7, Test::Filled),
    ]);
    let words = "`word` any other text and `story` answered";
    assert_eq!(told(&given, &other).unwrap(), words);
    let empty = field(4, Test::Empty);
    assert_eq!(told(&given, &empty).unwrap(), "`happy` not answered");
    given.filled.insert(FieldIndex(4));
    assert_eq!(told(&given, &empty), None);
    given
        .only
        .insert(FieldIndex(3), vec![Value::Choice("a".into())]);
    assert_eq!(told(&given, &both), None, "no row gives it");
    let anything = field(4, Test::Filled);
    assert_eq!(told(&given, &anything).unwrap(), "any answers");
}
