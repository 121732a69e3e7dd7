//! Examples that others have worked and printed.

use super::{is_close, pairs, share};
use crate::cause::{kappa, newcombe, rate_ratio, wilson};

/// Source: Fleiss, Levin & Paik, Statistical Methods for Rates and Proportions (2003), table 18.1:
/// two psychiatrists and a hundred patients.
#[test]
fn kappa_of_the_two_psychiatrists_is_as_printed() {
    let agreement = kappa(pairs(&[&[75, 1, 4], &[5, 4, 1], &[0, 0, 10]])).unwrap();
    assert_eq!((agreement.pairs, agreement.agreed), (100, 89));
    assert!(is_close(agreement.observed, 0.89, 2));
    assert!(is_close(agreement.expected, 0.66, 2));
    assert!(is_close(agreement.kappa.unwrap(), 0.676, 3));
    assert!(!agreement.is_small);
}

/// Source: the printout of SAS that the tests of statsmodels quote (`table10`): kappa 0.4842,
/// standard error 0.1380, limits 0.2137 and 0.7547.
#[test]
fn kappa_and_its_error_are_those_of_the_printout() {
    let agreement = kappa(pairs(&[&[0, 4, 1], &[0, 8, 0], &[0, 1, 5]])).unwrap();
    let interval = agreement.interval.unwrap();
    assert!(is_close(agreement.kappa.unwrap(), 0.4842, 4));
    assert!(is_close(agreement.error.unwrap(), 0.1380, 4));
    assert!(is_close(interval.low, 0.2137, 4));
    assert!(is_close(interval.high, 0.7547, 4));
    assert!(agreement.is_small);
}

/// Source: Newcombe, Two-Sided Confidence Intervals for the Single Proportion (1998), table I,
/// method 3.
#[test]
fn wilson_intervals_are_those_of_newcombes_table() {
    let table = [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ];
    for (met, of, low, high) in table {
        let interval = wilson(share(met, of)).unwrap();
        assert!(is_close(interval.low, low, 4), "{met}/{of}: {interval:?}");
        assert!(is_close(interval.high, high, 4), "{met}/{of}: {interval:?}");
    }
}

/// Source: Newcombe, Interval Estimation for the Difference Between Independent Proportions (1998),
/// table II, method 10.
#[test]
fn differences_are_those_of_newcombes_table() {
    let table = [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ];
    for (after, before, low, high) in table {
        let (after, before) = (share(after.0, after.1), share(before.0, before.1));
        let interval = newcombe(before, after).unwrap().interval;
        assert!(
            is_close(interval.low, low, 4),
            "{after:?} {before:?}: {interval:?}"
        );
        assert!(
            is_close(interval.high, high, 4),
            "{after:?} {before:?}: {interval:?}"
        );
    }
}

/// Source: what R prints for the example of its `poisson.test`, lung cancer in Fredericia and in
/// three other cities (`eba1977`), and for 10 of 20,000 against 2 of 17,887.
#[test]
fn rate_ratios_are_those_of_poisson_test() {
    let ratio = rate_ratio(share(6 + 8 + 7, 1083 + 1050 + 878), share(11, 800)).unwrap();
    assert!(is_close(ratio.value.unwrap(), 1.971_488, 6));
    assert!(is_close(ratio.low, 0.858_426_4, 7));
    assert!(is_close(ratio.high.unwrap(), 4.277_265_9, 7));
    let ratio = rate_ratio(share(2, 17_887), share(10, 20_000)).unwrap();
    assert!(is_close(ratio.value.unwrap(), 4.47175, 5));
    assert!(is_close(ratio.low, 0.952_954_8, 7));
    assert!(is_close(ratio.high.unwrap(), 41.974_381_4, 7));
}
