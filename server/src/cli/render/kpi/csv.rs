//! A report as CSV: a line for each number.

use heard_proto::v1::figure::Value;
use heard_proto::v1::{Figure, GetKpiResponse, KpiRow, Share, Spread};

use super::super::{day, put};

/// What the columns hold. A cell is empty where a number has no such part.
const HEADINGS: &str = "rows,workflow,version,since,name,of,count,met,counted,per_mille,mean_us,\
                        median_us,p90_us,working_mean_us,working_median_us,working_p90_us\n";

/// Returns a report for spreadsheets.
pub(in crate::cli) fn csv(kpi: &GetKpiResponse) -> String {
    let mut text = HEADINGS.to_owned();
    let all = KpiRow {
        figures: kpi.figures.clone(),
        ..KpiRow::default()
    };
    let parts: [(&str, &[KpiRow]); 4] = [
        ("all", std::slice::from_ref(&all)),
        ("workflow", &kpi.by_workflow),
        ("period", &kpi.by_period),
        ("imported", kpi.imported.as_slice()),
    ];
    for (rows, part) in parts {
        for row in part {
            for figure in &row.figures {
                let line = line(rows, row, figure);
                put(&mut text, format_args!("{}\n", line.join(",")));
            }
        }
    }
    text
}

fn line(rows: &str, row: &KpiRow, figure: &Figure) -> Vec<String> {
    let mut line = vec![
        rows.to_owned(),
        row.workflow_id.as_deref().map(quoted).unwrap_or_default(),
        row.version
            .map(|version| version.to_string())
            .unwrap_or_default(),
        row.since_date.map(day).unwrap_or_default(),
        quoted(&figure.name),
        quoted(&figure.of),
    ];
    line.extend(match &figure.value {
        Some(Value::Count(count)) => [vec![count.to_string()], empty(9)].concat(),
        Some(Value::Share(share)) => [empty(1), of(share), empty(6)].concat(),
        Some(Value::Lengths(lengths)) => [
            empty(2),
            vec![lengths.of.to_string(), String::new()],
            spread(lengths.wall.as_ref()),
            spread(lengths.working.as_ref()),
        ]
        .concat(),
        Some(Value::Scores(scores)) => {
            [empty(1), of(&scores.top_two.unwrap_or_default()), empty(6)].concat()
        }
        None => empty(10),
    });
    line
}

fn empty(cells: usize) -> Vec<String> {
    vec![String::new(); cells]
}

fn of(share: &Share) -> Vec<String> {
    let per_mille = share.per_mille.map(|per_mille| per_mille.to_string());
    vec![
        share.met.to_string(),
        share.of.to_string(),
        per_mille.unwrap_or_default(),
    ]
}

fn spread(spread: Option<&Spread>) -> Vec<String> {
    spread.map_or_else(
        || empty(3),
        |spread| {
            [spread.mean_us, spread.median_us, spread.p90_us]
                .map(|micros| micros.to_string())
                .to_vec()
        },
    )
}

/// Returns a cell, in quotes where it would end early.
pub(in crate::cli::render) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
