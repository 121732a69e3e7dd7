//! What a report is asked for, from the wire; its numbers, to the wire.

use heard_engine::case::seal::BadRequest;
use heard_engine::id::WorkflowId;
use heard_engine::measure::{
    Figure, Goal, Length, Numbers, Period, Reached, Report, Scores, Share, Summary, Value,
};
use heard_engine::time::Date;
use heard_proto::v1;

use super::read::{Reader, time};
use super::value::{date, wire_date};
use crate::app::Asked;

/// Reads what a report is asked for.
pub(in crate::api) fn asked(message: &v1::GetKpiRequest) -> Result<Asked, BadRequest> {
    let mut reader = Reader::default();
    let period = match v1::KpiPeriod::try_from(message.period) {
        Ok(v1::KpiPeriod::Unspecified) => Period::All,
        Ok(v1::KpiPeriod::Day) => Period::Day,
        Ok(v1::KpiPeriod::Week) => Period::Week,
        Ok(v1::KpiPeriod::Month) => Period::Month,
        Err(_) => {
            reader.say("period", "it is none that this server knows");
            Period::All
        }
    };
    let workflow = message.workflow_id.as_deref();
    let (from, to) = days(&mut reader, message.from_date, message.to_date);
    let asked = Asked {
        workflow: reader.optional_id("workflow_id", workflow, WorkflowId::new),
        from,
        to,
        period,
    };
    reader.finish(Some(asked))
}

/// Reads the first and the last day of a report.
pub(super) fn days(
    reader: &mut Reader,
    from: Option<v1::Date>,
    to: Option<v1::Date>,
) -> (Option<Date>, Option<Date>) {
    let from = from.and_then(|day| date(reader, "from_date", day));
    let to = to.and_then(|day| date(reader, "to_date", day));
    if from.zip(to).is_some_and(|(from, to)| to < from) {
        reader.say("to_date", "it lies before from_date");
    }
    (from, to)
}

/// Writes a report.
pub(in crate::api) fn kpi(report: &Report) -> v1::GetKpiResponse {
    let row = |numbers: &Numbers| v1::KpiRow {
        figures: figures(numbers),
        ..v1::KpiRow::default()
    };
    let by_workflow = report.by_workflow().into_iter();
    let by_workflow = by_workflow.map(|((id, version), numbers)| v1::KpiRow {
        workflow_id: Some(id.to_string()),
        version: Some(version.0),
        ..row(&numbers)
    });
    let by_period = report.by_period().into_iter();
    let by_period = by_period.map(|(since, numbers)| v1::KpiRow {
        since_date: Some(wire_date(since)),
        ..row(&numbers)
    });
    let goals = report.goals().iter();
    let has_imported = report.groups().keys().any(|group| group.is_imported);
    v1::GetKpiResponse {
        as_of_time: Some(time(report.scope().as_of)),
        figures: figures(&report.total()),
        standards: goals
            .map(|((id, name), goal)| standard(id, name, goal))
            .collect(),
        by_workflow: by_workflow.collect(),
        by_period: by_period.collect(),
        imported: has_imported.then(|| row(&report.imported())),
    }
}

fn figures(numbers: &Numbers) -> Vec<v1::Figure> {
    numbers.figures().into_iter().map(figure).collect()
}

fn figure(figure: Figure) -> v1::Figure {
    use v1::figure::Value as Wire;
    let value = match figure.value {
        Value::Count(count) => Wire::Count(count),
        Value::Share(told) => Wire::Share(share(told)),
        Value::Length(told) => Wire::Lengths(lengths(told)),
        Value::Scores(told) => Wire::Scores(scores(&told)),
    };
    v1::Figure {
        name: figure.name.to_owned(),
        of: figure.of,
        value: Some(value),
    }
}

/// Writes a share.
pub(super) fn share(share: Share) -> v1::Share {
    v1::Share {
        met: share.met,
        of: share.of,
        per_mille: share.per_mille(),
    }
}

fn lengths(length: Length) -> v1::Lengths {
    let spread = |summary: Summary| v1::Spread {
        mean_us: summary.mean,
        median_us: summary.median,
        p90_us: summary.p90,
    };
    v1::Lengths {
        of: length.wall.map_or(0, |summary| summary.count),
        wall: length.wall.map(spread),
        working: length.working.map(spread),
    }
}

fn scores(scores: &Scores) -> v1::Scores {
    v1::Scores {
        lowest: scores.scale.lowest,
        highest: scores.scale.highest,
        top_two: Some(share(scores.top)),
        mean_per_mille: scores.mean_per_mille,
    }
}

fn standard(workflow: &WorkflowId, name: &str, goal: &Goal) -> v1::KpiStandard {
    let reached = match goal.reached() {
        Reached::Met => v1::KpiReached::Met,
        Reached::Missed => v1::KpiReached::Missed,
        Reached::TooFew => v1::KpiReached::TooFew,
    };
    v1::KpiStandard {
        workflow_id: workflow.to_string(),
        name: name.to_owned(),
        metric: goal.metric.clone(),
        target_percent: goal.target,
        at_least: goal.at_least,
        owner: goal.owner.to_string(),
        first_date: Some(wire_date(goal.window.first)),
        last_date: Some(wire_date(goal.window.last)),
        share: Some(share(goal.share())),
        reached: reached.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_with_a_request_is_told_at_once() {
        let day = |year, day| v1::Date {
            year,
            month: 2,
            day,
        };
        let message = v1::GetKpiRequest {
            workflow_id: Some("No Id".to_owned()),
            period: 9,
            from_date: Some(day(2026, 30)),
            to_date: Some(day(0, 1)),
        };
        let bad = asked(&message).unwrap_err();
        let fields: Vec<&str> = bad.violations.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["period", "from_date", "to_date", "workflow_id"]);
        let backwards = v1::GetKpiRequest {
            from_date: Some(day(2026, 2)),
            to_date: Some(day(2026, 1)),
            ..v1::GetKpiRequest::default()
        };
        assert_eq!(
            asked(&backwards).unwrap_err().violations[0].field,
            "to_date"
        );
    }
}
