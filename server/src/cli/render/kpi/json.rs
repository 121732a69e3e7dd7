//! A report as JSON.

use heard_proto::v1::figure::Value as Wire;
use heard_proto::v1::{Figure, GetKpiResponse, KpiRow, KpiStandard, Share, Spread};
use serde_json::{Map, Value, json};

use super::super::{day, instant, word};

/// Returns a report for programs; lengths are in microseconds, shares in thousandths.
pub(in crate::cli) fn json(kpi: &GetKpiResponse) -> Value {
    json!({
        "as_of": instant(kpi.as_of_time.as_ref()),
        "figures": figures(&kpi.figures),
        "standards": kpi.standards.iter().map(standard).collect::<Vec<_>>(),
        "by_workflow": kpi.by_workflow.iter().map(row).collect::<Vec<_>>(),
        "by_period": kpi.by_period.iter().map(row).collect::<Vec<_>>(),
        "imported": kpi.imported.as_ref().map(row),
    })
}

fn figures(figures: &[Figure]) -> Vec<Value> {
    figures.iter().map(figure).collect()
}

fn figure(figure: &Figure) -> Value {
    let mut shown = Map::new();
    shown.insert("name".to_owned(), json!(figure.name));
    if !figure.of.is_empty() {
        shown.insert("of".to_owned(), json!(figure.of));
    }
    let (kind, value) = match &figure.value {
        Some(Wire::Count(count)) => ("count", json!(count)),
        Some(Wire::Share(told)) => ("share", share(told)),
        Some(Wire::Lengths(lengths)) => (
            "lengths",
            json!({
                "of": lengths.of,
                "wall": lengths.wall.as_ref().map(spread),
                "working": lengths.working.as_ref().map(spread),
            }),
        ),
        Some(Wire::Scores(scores)) => (
            "scores",
            json!({
                "lowest": scores.lowest,
                "highest": scores.highest,
                "top_two": scores.top_two.as_ref().map(share),
                "mean_per_mille": scores.mean_per_mille,
            }),
        ),
        None => ("unknown", Value::Null),
    };
    shown.insert(kind.to_owned(), value);
    Value::Object(shown)
}

fn share(share: &Share) -> Value {
    json!({"met": share.met, "of": share.of, "per_mille": share.per_mille})
}

fn spread(spread: &Spread) -> Value {
    json!({
        "mean_us": spread.mean_us,
        "median_us": spread.median_us,
        "p90_us": spread.p90_us,
    })
}

fn row(row: &KpiRow) -> Value {
    json!({
        "workflow_id": row.workflow_id,
        "version": row.version,
        "since": row.since_date.map(day),
        "figures": figures(&row.figures),
    })
}

fn standard(standard: &KpiStandard) -> Value {
    json!({
        "workflow_id": standard.workflow_id,
        "name": standard.name,
        "metric": standard.metric,
        "target_percent": standard.target_percent,
        "at_least": standard.at_least,
        "owner": standard.owner,
        "first_date": standard.first_date.map(day),
        "last_date": standard.last_date.map(day),
        "share": standard.share.as_ref().map(share),
        "reached": word(standard.reached().as_str_name(), "KPI_REACHED_"),
    })
}
