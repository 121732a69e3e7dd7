//! Reports as they are shown.

use heard_proto::v1::{self, figure::Value};

use super::*;

const HOUR: i64 = 60 * 60 * 1_000_000;

fn figure(name: &str, of: &str, value: Value) -> Figure {
    Figure {
        name: name.to_owned(),
        of: of.to_owned(),
        value: Some(value),
    }
}

fn share(met: u64, of: u64, per_mille: Option<u32>) -> Share {
    Share { met, of, per_mille }
}

fn spread(mean: i64, median: i64, p90: i64) -> v1::Spread {
    v1::Spread {
        mean_us: mean * HOUR,
        median_us: median * HOUR,
        p90_us: p90 * HOUR,
    }
}

fn figures() -> Vec<Figure> {
    let resolution = Lengths {
        of: 46,
        wall: Some(spread(28, 20, 74)),
        working: Some(spread(9, 7, 22)),
    };
    vec![
        figure(
            "resolution_rate",
            "",
            Value::Share(share(46, 50, Some(920))),
        ),
        figure("final_resolution", "", Value::Lengths(resolution)),
        figure(
            "surveys_delivered",
            "",
            Value::Share(share(9, 12, Some(750))),
        ),
        figure("treatment", "", Value::Share(share(0, 0, None))),
        figure("timeliness", "", Value::Share(share(41, 44, Some(932)))),
        figure("received", "", Value::Count(55)),
        figure("corrected", "", Value::Count(0)),
        figure(
            "in_time",
            "clock/final_response",
            Value::Share(share(41, 44, Some(932))),
        ),
        figure(
            "scores",
            "effort",
            Value::Scores(Scores {
                lowest: 1,
                highest: 7,
                top_two: Some(share(15, 25, Some(600))),
                mean_per_mille: 5_250,
            }),
        ),
        figure("later_number", "a,b", Value::Count(3)),
    ]
}

fn kpi() -> GetKpiResponse {
    let figures = figures();
    let since = Date {
        year: 2026,
        month: 10,
        day: 1,
    };
    let row = KpiRow {
        figures: figures.clone(),
        ..KpiRow::default()
    };
    let standard = KpiStandard {
        workflow_id: "classic-heard".to_owned(),
        name: "put_right".to_owned(),
        metric: "resolution".to_owned(),
        target_percent: 90,
        owner: "service_manager".to_owned(),
        first_date: Some(since),
        last_date: Some(Date { day: 30, ..since }),
        share: Some(share(41, 44, Some(932))),
        reached: KpiReached::Met.into(),
        ..KpiStandard::default()
    };
    GetKpiResponse {
        as_of_time: Some(prost_types::Timestamp {
            seconds: 1_793_440_800,
            nanos: 0,
        }),
        figures,
        standards: vec![standard],
        by_workflow: vec![KpiRow {
            workflow_id: Some("classic-heard".to_owned()),
            version: Some(3),
            ..row.clone()
        }],
        by_period: vec![KpiRow {
            since_date: Some(since),
            ..row
        }],
        imported: None,
    }
}

#[test]
fn people_see_the_three_numbers_first() {
    let since = kpi().by_period[0].since_date;
    let shown = text(&kpi(), since, None);
    assert_eq!(shown, include_str!("tests/kpi.txt"), "{shown}");
}

#[test]
fn spreadsheets_get_a_line_for_each_number() {
    let shown = csv(&kpi());
    assert!(shown.lines().all(|line| {
        let quoted_comma = usize::from(line.contains("\"a,b\""));
        line.matches(',').count() - quoted_comma == 15
    }));
    let expected = [
        "all,,,,resolution_rate,,,46,50,920,,,,,,",
        "all,,,,received,,55,,,,,,,,,",
        "workflow,classic-heard,3,,later_number,\"a,b\",3,,,,,,,,,",
        "period,,,2026-10-01,scores,effort,,15,25,600,,,,,,",
    ];
    for line in expected {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn programs_get_whole_numbers() {
    let shown = json(&kpi());
    assert_eq!(shown["figures"][1]["lengths"]["wall"]["p90_us"], 74 * HOUR);
    assert_eq!(
        shown["figures"][3]["share"]["per_mille"],
        serde_json::Value::Null
    );
    assert_eq!(shown["by_period"][0]["since"], "2026-10-01");
    assert_eq!(shown["standards"][0]["reached"], "met");
}
