//! What is asked for, and how numbers leave.

use super::*;

#[test]
fn everything_wrong_with_a_request_is_told_at_once() {
    let day = |month| v1::Date {
        year: 2026,
        month,
        day: 1,
    };
    let message = v1::GetParetoRequest {
        workflow_id: Some("No Id".to_owned()),
        from_date: Some(day(2)),
        to_date: Some(day(1)),
        of: 9,
        by: v1::ParetoBy::Cost.into(),
        currency_code: Some("euro".to_owned()),
        rows_max: -1,
    };
    let bad = pareto(&message).unwrap_err();
    let fields: Vec<&str> = bad.violations.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(
        fields,
        ["to_date", "workflow_id", "of", "currency_code", "rows_max"]
    );
    let message = v1::GetTrendsRequest {
        period: 9,
        now_periods: PERIODS_NOW_MAX + 1,
        ..v1::GetTrendsRequest::default()
    };
    let bad = trends(&message).unwrap_err();
    let fields: Vec<&str> = bad.violations.iter().map(|v| v.field.as_str()).collect();
    assert_eq!(fields, ["period", "now_periods"]);
}

#[test]
fn costs_need_a_currency_and_nothing_else_takes_one() {
    let asked = |by: v1::ParetoBy, code: Option<&str>| {
        pareto(&v1::GetParetoRequest {
            by: by.into(),
            currency_code: code.map(str::to_owned),
            ..v1::GetParetoRequest::default()
        })
    };
    for (by, code) in [
        (v1::ParetoBy::Cost, None),
        (v1::ParetoBy::Count, Some("EUR")),
        (v1::ParetoBy::Severity, Some("EUR")),
    ] {
        let bad = asked(by, code).unwrap_err();
        assert_eq!(bad.violations[0].field, "currency_code");
    }
    let (closed, asked) = asked(v1::ParetoBy::Cost, Some("EUR")).unwrap();
    assert!(closed.only_these_days);
    let wire = asked.wire_by();
    assert_eq!(wire, (v1::ParetoBy::Cost, "EUR".to_owned()));
    assert_eq!(asked.rows, LIST_ROWS_MAX);
}

#[test]
fn numbers_leave_with_four_decimals() {
    for (number, shown) in [
        (0.123_449, "0.1234"),
        (0.123_45, "0.1235"),
        (-0.000_01, "0"),
        (1.0, "1"),
        (-1.999_99, "-2"),
    ] {
        assert_eq!(lists::rounded(number).to_string(), shown);
    }
}
