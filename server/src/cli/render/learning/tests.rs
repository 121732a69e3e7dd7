//! Reports as they are shown.

use heard_proto::v1::{
    self, AlikeField, CauseActionKind, CauseEffect, CauseRef, CompensationSpread,
    GetIssuesResponse, GetLessonsResponse, IssueStep, OverdueAction, ParetoRest, ParetoRow,
    ProposedIssue, RecurrenceVerdict, ReviewAgreement, SystemicIssue, TrendKind, TriedAction,
};

use super::*;

const CASE: &str = "0199f0c2-0000-7000-8000-00000000000";

fn of(text: &str) -> WorkflowCause {
    let (group, name) = text.split_once('/').unwrap();
    WorkflowCause {
        workflow_id: "classic-heard".to_owned(),
        cause: Some(CauseRef {
            group: group.to_owned(),
            name: name.to_owned(),
        }),
    }
}

fn share(met: u64, of: u64) -> Share {
    let per_mille = (of > 0).then(|| u32::try_from((met * 2_000 + of) / (of * 2)).unwrap());
    Share { met, of, per_mille }
}

/// So many cases, of which at most three are named.
fn named(total: u64) -> NamedCases {
    NamedCases {
        total,
        case_ids: (1..=total.min(3)).map(|n| format!("{CASE}{n}")).collect(),
    }
}

fn estimate(value: f64, low: f64, high: f64) -> Estimate {
    Estimate { value, low, high }
}

fn date(month: u32, day: u32) -> Date {
    Date {
        year: 2026,
        month,
        day,
    }
}

fn as_of() -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: 1_793_440_800,
        nanos: 0,
    }
}

fn tally(weight: u64, above: u64, total: u64, cases: u64) -> ParetoTally {
    ParetoTally {
        weight,
        share: Some(share(weight, total)),
        cumulative: Some(share(above, total)),
        cases: Some(named(cases)),
    }
}

fn by(by: ParetoBy, currency: &str) -> Pareto {
    let row = |of: &str, tally| ParetoRow {
        of: Some(Of::Cause(self::of(of))),
        tally: Some(tally),
    };
    Pareto {
        of: ParetoOf::Cause.into(),
        by: by.into(),
        currency_code: currency.to_owned(),
        total: 2_000,
        rows: vec![
            row("process/handover", tally(1_200, 1_200, 2_000, 12)),
            row("policy/outdated", tally(500, 1_700, 2_000, 2)),
        ],
        rest: Some(ParetoRest {
            rows: 3,
            tally: Some(tally(300, 2_000, 2_000, 1)),
        }),
    }
}

fn heaviest() -> GetParetoResponse {
    GetParetoResponse {
        as_of_time: Some(as_of()),
        closed: Some(named(17)),
        pareto: Some(by(ParetoBy::Cost, "EUR")),
        currency_codes: vec!["EUR".to_owned()],
    }
}

fn rows() -> Trends {
    let rising = Trend {
        cause: Some(of("process/handover")),
        kind: TrendKind::Rising.into(),
        now: Some(share(24, 80)),
        baseline: Some(share(20, 200)),
        judged: None,
        difference: Some(estimate(0.2, 0.0987, 0.3102)),
        is_small: false,
        now_cases: Some(named(24)),
        baseline_cases: Some(named(20)),
    };
    let regressed = Trend {
        cause: Some(of("policy/outdated")),
        kind: TrendKind::Regressed.into(),
        now: Some(share(9, 80)),
        judged: Some(share(0, 20)),
        difference: Some(estimate(0.1125, 0.0012, 0.1999)),
        is_small: true,
        now_cases: Some(named(2)),
        ..rising.clone()
    };
    Trends {
        period: KpiPeriod::Week.into(),
        periods: 12,
        now_periods: 4,
        baseline_date: Some(date(8, 10)),
        now_date: Some(date(10, 5)),
        total: 2,
        rows: vec![regressed, rising],
    }
}

fn whole() -> GetLessonsResponse {
    let tried = TriedAction {
        case_id: format!("{CASE}1"),
        number: 1,
        version: 1,
        action: 2,
        kind: CauseActionKind::Corrective.into(),
        cause: Some(of("process/handover")),
        done_time: Some(as_of()),
        effect: CauseEffect::NotEffective.into(),
        before: Some(share(4, 20)),
        after: Some(share(1, 20)),
        difference: Some(estimate(-0.15, -0.3655, 0.0778)),
        ratio: Some(v1::RateRatio {
            value: Some(0.25),
            low: 0.0051,
            high: Some(2.5265),
        }),
        verdict: RecurrenceVerdict::CannotTell.into(),
        is_small: true,
        until_time: Some(as_of()),
        is_open: true,
        before_cases: Some(named(4)),
        after_cases: Some(named(1)),
    };
    GetLessonsResponse {
        as_of_time: Some(as_of()),
        closed: Some(named(17)),
        owed: Some(named(1)),
        undetermined: Some(share(2, 16)),
        undetermined_cases: Some(named(2)),
        pareto: Some(by(ParetoBy::Count, "")),
        overdue_total: 101,
        overdue: vec![OverdueAction {
            case_id: format!("{CASE}2"),
            number: 1,
            action: 1,
            kind: CauseActionKind::Preventive.into(),
            owner: "team_lead".to_owned(),
            due_date: Some(date(10, 16)),
        }],
        tried_total: 1,
        tried: vec![tried],
        trends: Some(rows()),
        agreement: Some(ReviewAgreement {
            agreed: Some(share(35, 50)),
            expected: 0.5,
            kappa: Some(0.4),
            interval: Some(estimate(0.4, 0.1484, 0.6516)),
            is_small: false,
            cases: Some(named(50)),
        }),
        compensations_total: 1,
        compensations: vec![CompensationSpread {
            cause: Some(of("process/handover")),
            failure: "slow".to_owned(),
            currency_code: "EUR".to_owned(),
            least: 500,
            lower_quartile: 1_000,
            median: 2_500,
            upper_quartile: 4_000,
            p90: 9_000,
            most: 12_000,
            is_small: true,
            cases: Some(named(12)),
        }],
        currency_codes: vec!["EUR".to_owned()],
    }
}

fn systemic() -> GetIssuesResponse {
    let proposal = ProposedIssue {
        cause: Some(of("process/handover")),
        alike: vec![AlikeField {
            field: "product".to_owned(),
            value: Some(v1::Value {
                kind: Some(v1::value::Kind::Choice("card".to_owned())),
            }),
        }],
        cases: Some(named(6)),
        unlinked_cases: Some(named(6)),
        first_time: Some(as_of()),
        last_time: Some(as_of()),
        cases_min: 5,
        within: "30 days".to_owned(),
        next_step: IssueStep::Confirm.into(),
        next_case_id: format!("{CASE}1"),
        next_number: 2,
    };
    let review = ProposedIssue {
        next_step: IssueStep::Review.into(),
        alike: Vec::new(),
        cases: Some(named(5)),
        ..proposal.clone()
    };
    let link = ProposedIssue {
        next_step: IssueStep::Link.into(),
        unlinked_cases: Some(named(1)),
        next_number: 0,
        ..proposal.clone()
    };
    let issue = SystemicIssue {
        case_id: format!("{CASE}1"),
        number: 2,
        cause: Some(of("policy/outdated")),
        confirmed_time: Some(as_of()),
        stands: true,
        children: Some(named(7)),
        open_children: Some(named(2)),
        proactive_children: Some(named(3)),
        linked_children: Some(named(6)),
        stale_children: Some(named(0)),
    };
    let changed = SystemicIssue {
        linked_children: Some(named(0)),
        stale_children: Some(named(1)),
        ..issue.clone()
    };
    let fallen = SystemicIssue {
        stands: false,
        ..changed.clone()
    };
    GetIssuesResponse {
        as_of_time: Some(as_of()),
        proposed_total: 103,
        proposed: vec![proposal, review, link],
        confirmed_total: 3,
        confirmed: vec![issue, changed, fallen],
    }
}

#[test]
fn people_see_what_is_proposed_and_why_and_what_to_do_next() {
    let shown = issues(&systemic());
    assert_eq!(shown, include_str!("tests/issues.txt"), "{shown}");
    let nothing = issues(&GetIssuesResponse::default());
    assert_eq!(nothing.matches("  none\n").count(), 2, "{nothing}");
}

#[test]
fn people_see_the_heaviest_first_and_which_cases_they_are() {
    let shown = pareto(&heaviest(), &days(Some(date(10, 1)), Some(date(10, 31))));
    assert_eq!(shown, include_str!("tests/pareto.txt"), "{shown}");
}

#[test]
fn people_see_where_causes_are_going() {
    let answer = GetTrendsResponse {
        as_of_time: Some(as_of()),
        trends: Some(rows()),
    };
    let shown = trends(&answer, "");
    assert_eq!(shown, include_str!("tests/trend.txt"), "{shown}");
}

#[test]
fn people_see_the_whole_in_the_order_in_which_an_auditor_asks() {
    let shown = lessons(&whole(), &days(Some(date(8, 10)), None));
    assert_eq!(shown, include_str!("tests/report.txt"), "{shown}");
}

#[test]
fn a_report_of_nothing_says_so_in_each_part() {
    let shown = lessons(&GetLessonsResponse::default(), "");
    for said in [
        "no root cause to tell of",
        "No case was closed, so nothing is compared.",
        "no two gave a verdict on the same root cause",
        "none",
        "nothing",
    ] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
}

#[test]
fn spreadsheets_get_a_line_for_each_number() {
    let shown = csv::lessons(&whole()) + &csv::pareto(&heaviest()) + &csv::issues(&systemic());
    for line in shown.lines() {
        assert_eq!(line.matches(',').count(), 14, "{line}");
    }
    let expected = [
        format!("cases,,,,,owed,1,,,,,,,1,{CASE}1"),
        format!("cases,,,,,undetermined,2,,,2,16,125,,2,{CASE}1 {CASE}2"),
        "pareto,classic-heard,process/handover,,,cumulative,1200,,,1200,2000,600,,,".to_owned(),
        "pareto,,,rest,,cumulative,2000,,,2000,2000,1000,,,".to_owned(),
        format!("overdue,,,preventive 1.1 of team_lead,2026-10-16,due,,,,,,,,,{CASE}2"),
        format!(
            "tried,classic-heard,process/handover,corrective 1.2,2026-10-31,after,,,,1,20,50,true,\
             1,{CASE}1"
        ),
        "agreement,,,,,kappa,0.4,0.1484,0.6516,,,,false,,".to_owned(),
        format!(
            "proposed,classic-heard,process/handover,product = card,,unlinked,1,,,,,,,1,{CASE}1"
        ),
        "proposed,classic-heard,process/handover,product = card,,within,30 days,,,,,,,,".to_owned(),
        format!(
            "proposed,classic-heard,process/handover,product = card,,next,confirm,,,,,,,,{CASE}1"
        ),
        format!(
            "confirmed,classic-heard,policy/outdated,2 of {CASE}1,2026-10-31,stands,false,,,,,,,,\
             {CASE}1"
        ),
    ];
    for line in expected {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn programs_get_numbers_with_the_cases_they_count() {
    let shown = json::lessons(&whole());
    assert_eq!(shown["pareto"]["rows"][0]["cause"]["name"], "handover");
    assert_eq!(shown["pareto"]["rows"][0]["tally"]["cases"]["total"], 12);
    assert_eq!(shown["tried"]["actions"][0]["verdict"], "cannot_tell");
    assert_eq!(shown["tried"]["actions"][0]["ratio"]["high"], 2.5265);
    assert_eq!(shown["trends"]["causes"][0]["kind"], "regressed");
    assert_eq!(shown["overdue"]["total"], 101);
    assert_eq!(shown["compensations"]["spreads"][0]["median"], 2_500);
    assert_eq!(shown["agreement"]["kappa"], 0.4);
    assert_eq!(json::pareto(&heaviest())["pareto"]["by"], "cost");
    let issues = json::issues(&systemic());
    let proposals = &issues["proposed"]["issues"];
    assert_eq!(proposals[0]["alike"][0]["value"]["choice"], "card");
    assert_eq!(proposals[0]["next"]["number"], 2);
    assert!(proposals[2]["next"]["number"].is_null());
    assert_eq!(proposals[2]["unlinked_cases"]["total"], 1);
    assert_eq!(issues["confirmed"]["issues"][2]["stands"], false);
    assert_eq!(
        issues["confirmed"]["issues"][0]["linked_children"]["total"],
        6
    );
}
