//! Small numbers worked by hand, and those at the edge.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{is_close, pairs, share};
use crate::cause::{
    By, CASES_NAMED_MAX, Compensation, Counted, Item, Pareto, Trend, Verdict, compensations, kappa,
    newcombe, pareto, rate_ratio, recurrence, trends, wilson,
};
use crate::id::CaseId;
use crate::money::{Currency, Money};

#[test]
fn kappa_is_not_told_where_chance_explains_all_agreement() {
    let alike = kappa([("policy", "policy"); 40]).unwrap();
    assert_eq!(
        (alike.agreed, alike.kappa, alike.interval),
        (40, None, None)
    );
    assert!(is_close(alike.expected, 1.0, 9));
    assert_eq!(kappa::<u8>([]), None);
}

#[test]
fn kappa_whose_formula_has_no_error_is_told_without_interval() {
    let whole = kappa(pairs(&[&[5, 0], &[0, 5]])).unwrap();
    assert_eq!(
        (whole.kappa, whole.error, whole.interval),
        (Some(1.0), None, None)
    );
    let one_sided = kappa(pairs(&[&[10, 2], &[0, 0]])).unwrap();
    assert!(is_close(one_sided.kappa.unwrap(), 0.0, 9));
    assert_eq!((one_sided.error, one_sided.interval), (None, None));
    // Each used one category, and not the same: they agree on nothing, as chance would have it.
    let apart = kappa(pairs(&[&[0, 7], &[0, 0]])).unwrap();
    assert_eq!((apart.kappa, apart.error), (Some(0.0), None));
}

#[test]
fn thirty_pairs_are_enough() {
    let of = |count| kappa((0..count).map(|place| (place % 3, place % 2))).unwrap();
    assert!(of(29).is_small);
    assert!(!of(30).is_small);
}

#[test]
fn nothing_has_no_interval() {
    assert_eq!(wilson(share(0, 0)), None);
    assert_eq!(wilson(share(3, 2)), None);
    assert_eq!(newcombe(share(0, 0), share(1, 2)), None);
    assert_eq!(rate_ratio(share(0, 10), share(0, 10)), None);
    assert_eq!(rate_ratio(share(1, 0), share(1, 10)), None);
}

#[test]
fn ratio_without_a_case_before_has_no_end() {
    let ratio = rate_ratio(share(0, 100), share(5, 100)).unwrap();
    assert_eq!((ratio.value, ratio.high), (None, None));
    // All five came after: 0.025 is the fifth power of the lower bound of that chance.
    let part = 0.025_f64.powf(0.2);
    assert!(is_close(ratio.low, part / (1.0 - part), 9));
    let gone = rate_ratio(share(5, 100), share(0, 100)).unwrap();
    assert_eq!((gone.value, gone.low), (Some(0.0), 0.0));
    assert!(is_close(gone.high.unwrap(), (1.0 - part) / part, 9));
}

#[test]
fn ratio_of_large_counts_keeps_its_bounds() {
    let ratio = rate_ratio(share(500_000, 1_000_000), share(250_000, 1_000_000)).unwrap();
    // The normal likeness: half, by e to the power of 1.96 roots of 1/500,000 + 1/250,000.
    let wide = (1.96 * (1.0_f64 / 500_000.0 + 1.0 / 250_000.0).sqrt()).exp();
    assert!(is_close(ratio.low, 0.5 / wide, 5), "{ratio:?}");
    assert!(is_close(ratio.high.unwrap(), 0.5 * wide, 5), "{ratio:?}");
}

#[test]
fn verdict_needs_more_than_a_few_cases() {
    let fell = recurrence(share(40, 200), share(10, 200));
    assert_eq!((fell.verdict, fell.is_small), (Verdict::Fell, false));
    let rose = recurrence(share(10, 200), share(40, 200));
    assert_eq!((rose.verdict, rose.is_small), (Verdict::Rose, false));
    // The same rates, of a tenth of the cases.
    let few = recurrence(share(4, 20), share(1, 20));
    assert_eq!((few.verdict, few.is_small), (Verdict::CannotTell, true));
    let nothing = recurrence(share(4, 20), share(0, 0));
    assert_eq!(
        (nothing.verdict, nothing.is_small),
        (Verdict::CannotTell, true)
    );
    assert_eq!((nothing.difference, nothing.ratio), (None, None));
}

#[test]
fn comparison_is_small_below_thirty_cases_or_five_to_expect() {
    let is_small = |before, after| recurrence(before, after).is_small;
    assert!(!is_small(share(5, 30), share(5, 30)));
    assert!(is_small(share(5, 29), share(5, 30)));
    assert!(is_small(share(5, 30), share(4, 30)));
    assert!(!is_small(share(25, 30), share(25, 30)));
    assert!(is_small(share(26, 30), share(25, 30)));
    // Twenty of a thousand, of which the window after is a tenth: two to expect there.
    assert!(is_small(share(18, 900), share(2, 100)));
}

fn week(closed: u64, causes: &[(&'static str, u64)]) -> Counted<&'static str> {
    let causes = causes.iter().copied().collect();
    Counted { closed, causes }
}

#[test]
fn each_trend_is_told_as_defined() {
    let before = [
        ("capacity", 4),
        ("policy", 20),
        ("skills", 5),
        ("supplier", 2),
    ];
    let now = [
        ("capacity", 20),
        ("control_gap", 1),
        ("policy", 4),
        ("skills", 5),
        ("supplier", 14),
    ];
    let periods = [week(100, &before), week(100, &before), week(100, &now)];
    let judged = BTreeMap::from([("gone", share(3, 100)), ("supplier", share(4, 200))]);
    let told = trends(&periods, 1, &judged);
    let trend = |cause| told[cause].trend;
    assert_eq!(trend("capacity"), Trend::Rising);
    assert_eq!(trend("control_gap"), Trend::New);
    assert_eq!(trend("gone"), Trend::Steady);
    assert_eq!(trend("policy"), Trend::Falling);
    assert_eq!(trend("skills"), Trend::Steady);
    assert_eq!(trend("supplier"), Trend::Regressed);
    let capacity = &told["capacity"];
    assert_eq!(
        (capacity.baseline, capacity.now),
        (share(8, 200), share(20, 100))
    );
    assert_eq!(capacity.difference, newcombe(share(8, 200), share(20, 100)));
    assert!(!capacity.is_small);
    assert!(told["control_gap"].is_small);
}

#[test]
fn cause_that_an_action_had_worked_against_is_never_new() {
    let periods = [week(100, &[]), week(100, &[("policy", 1)])];
    let judged = BTreeMap::from([("policy", share(0, 100))]);
    assert_eq!(trends(&periods, 1, &judged)["policy"].trend, Trend::Steady);
    assert_eq!(
        trends(&periods, 1, &BTreeMap::new())["policy"].trend,
        Trend::New
    );
    // With nothing to compare with, nothing is known to be new.
    let first = &trends(&periods, 2, &BTreeMap::new())["policy"];
    assert_eq!((first.trend, first.is_small), (Trend::Steady, true));
    assert_eq!(first.difference, None);
    assert_eq!(
        trends(&periods, 9, &BTreeMap::new())["policy"].now,
        share(1, 200)
    );
}

fn case(number: u128) -> CaseId {
    CaseId::new(Uuid::from_u128(number))
}

fn item(cause: &'static str, number: u128, cents: u64, severity: u64) -> Item<&'static str> {
    Item {
        cause,
        case: case(number),
        costs: BTreeMap::from([(Currency::parse("EUR").unwrap(), cents)]),
        severity,
    }
}

fn rows(pareto: &Pareto<&'static str>) -> Vec<(&'static str, u64, u32, u32)> {
    let told = |share: crate::measure::Share| share.per_mille().unwrap();
    let rows = pareto.rows.iter();
    rows.map(|row| {
        let tally = &row.tally;
        (
            row.cause,
            tally.weight,
            told(tally.share),
            told(tally.cumulative),
        )
    })
    .collect()
}

#[test]
fn pareto_has_the_heaviest_first_and_names_its_cases() {
    let items = [
        item("supplier", 1, 0, 3),
        item("policy", 2, 500, 1),
        item("capacity", 3, 1, 1),
        item("policy", 4, 0, 1),
        item("policy", 5, 250, 1),
        item("policy", 5, 300, 1),
        item("supplier", 6, 0, 3),
    ];
    let count = pareto(items.clone(), By::Count, None);
    let expected = [
        ("policy", 3, 500, 500),
        ("supplier", 2, 333, 833),
        ("capacity", 1, 167, 1000),
    ];
    assert_eq!(rows(&count), expected);
    assert_eq!((count.total, count.rest), (6, None));
    assert_eq!(count.rows[0].tally.named, [case(2), case(4), case(5)]);
    let severity = pareto(items.clone(), By::Severity, None);
    let expected = [
        ("supplier", 6, 600, 600),
        ("policy", 3, 300, 900),
        ("capacity", 1, 100, 1000),
    ];
    assert_eq!(rows(&severity), expected);
    // The suppliers' cases cost nothing; of case 5 the last item holds.
    let euros = By::Cost(Currency::parse("EUR").unwrap());
    let cost = pareto(items.clone(), euros, None);
    assert_eq!(
        rows(&cost),
        [("policy", 800, 999, 999), ("capacity", 1, 1, 1000)]
    );
    assert_eq!(cost.rows[0].tally.named, [case(2), case(5)]);
    let dollars = By::Cost(Currency::parse("USD").unwrap());
    let none = pareto(items, dollars, None);
    assert_eq!((none.total, none.rows.len(), none.rest), (0, 0, None));
}

#[test]
fn causes_of_equal_weight_stand_by_name_and_the_rest_together() {
    let items = [
        item("supplier", 1, 0, 1),
        item("policy", 2, 0, 1),
        item("capacity", 3, 0, 1),
        // A case with two causes of the rest is one case that weighs twice.
        item("policy", 1, 0, 1),
        item("supplier", 4, 0, 1),
        item("capacity", 5, 0, 1),
    ];
    let short = pareto(items.clone(), By::Count, Some(1));
    assert_eq!(rows(&short), [("capacity", 2, 333, 333)]);
    let rest = short.rest.unwrap();
    assert_eq!(
        (rest.causes, rest.tally.weight, rest.tally.cases),
        (2, 4, 3)
    );
    assert_eq!(rest.tally.named, [case(1), case(2), case(4)]);
    assert_eq!(rest.tally.cumulative, share(6, 6));
    assert_eq!(pareto(items.clone(), By::Count, Some(3)).rest, None);
    assert_eq!(pareto(items, By::Count, Some(0)).rest.unwrap().causes, 3);
}

#[test]
fn row_names_a_bounded_number_of_its_cases() {
    let beyond = u128::try_from(CASES_NAMED_MAX).unwrap() + 1;
    let items = (0..beyond).map(|number| item("policy", number, 0, 1));
    let tally = &pareto(items, By::Count, None).rows[0].tally;
    assert_eq!((tally.cases, tally.named.len()), (101, CASES_NAMED_MAX));
    assert_eq!(tally.named.last(), Some(&case(99)));
}

#[test]
fn compensation_is_spread_by_group_and_currency() {
    let given = |like, text| (like, Money::parse(text).unwrap());
    let told = compensations([
        given("late", "20 EUR"),
        given("late", "15 EUR"),
        given("late", "50 EUR"),
        given("late", "35 EUR"),
        given("late", "40 EUR"),
        given("late", "9 USD"),
        given("lost", "0 EUR"),
    ]);
    let euros = Currency::parse("EUR").unwrap();
    let expected = Compensation {
        cases: 5,
        least: 1_500,
        lower_quartile: 2_000,
        median: 3_500,
        upper_quartile: 4_000,
        p90: 5_000,
        most: 5_000,
        is_small: true,
    };
    assert_eq!(told[&("late", euros)], expected);
    assert_eq!(told[&("late", Currency::parse("USD").unwrap())].median, 900);
    assert_eq!(told[&("lost", euros)].most, 0);
    assert_eq!(told.len(), 3);
}
