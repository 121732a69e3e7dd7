//! What closed cases taught, as CSV: a line for each number, one set of columns for all reports.

use heard_proto::v1::pareto_row::Of;
use heard_proto::v1::{
    CompensationSpread, Estimate, GetIssuesResponse, GetLessonsResponse, GetParetoResponse,
    GetTrendsResponse, NamedCases, OverdueAction, Pareto, ParetoTally, ProposedIssue,
    ReviewAgreement, Share, SystemicIssue, Trend, Trends, TriedAction, WorkflowCause,
};

use super::super::kpi::quoted;
use super::super::{day, put, value, word};
use super::on;

/// What the columns hold. A cell is empty where a number has no such part; `case_ids` are the cases
/// it counts, or the case of an action, with spaces between them.
const HEADINGS: &str = "list,workflow,cause,of,day,name,value,low,high,met,counted,per_mille,\
                        small,cases,case_ids\n";

/// A line: one number.
#[derive(Debug, Clone, Default)]
struct Line<'r> {
    list: &'static str,
    cause: Option<&'r WorkflowCause>,
    of: String,
    day: String,
    name: &'static str,
    value: String,
    between: Option<(f64, f64)>,
    share: Option<&'r Share>,
    is_small: Option<bool>,
    cases: Option<&'r NamedCases>,
    case: &'r str,
}

/// Returns a Pareto for spreadsheets.
pub(in crate::cli) fn pareto(answer: &GetParetoResponse) -> String {
    let mut text = HEADINGS.to_owned();
    write_all(&mut text, &[cases("closed", answer.closed.as_ref())]);
    if let Some(pareto) = &answer.pareto {
        write_all(&mut text, &heaviest(pareto));
    }
    text
}

/// Returns where causes are going for spreadsheets.
pub(in crate::cli) fn trends(answer: &GetTrendsResponse) -> String {
    let mut text = HEADINGS.to_owned();
    if let Some(trends) = &answer.trends {
        write_all(&mut text, &going(trends));
    }
    text
}

/// Returns the whole report for spreadsheets.
pub(in crate::cli) fn lessons(report: &GetLessonsResponse) -> String {
    let mut text = HEADINGS.to_owned();
    let undetermined = Line {
        share: report.undetermined.as_ref(),
        ..cases("undetermined", report.undetermined_cases.as_ref())
    };
    let found = [
        cases("closed", report.closed.as_ref()),
        cases("owed", report.owed.as_ref()),
        undetermined,
    ];
    write_all(&mut text, &found);
    let lists = [
        report.pareto.as_ref().map(heaviest).unwrap_or_default(),
        report.trends.as_ref().map(going).unwrap_or_default(),
        report.overdue.iter().map(overdue).collect(),
        report.tried.iter().flat_map(tried).collect(),
        report.agreement.as_ref().map(agreement).unwrap_or_default(),
        report.compensations.iter().flat_map(compensation).collect(),
    ];
    for list in lists {
        write_all(&mut text, &list);
    }
    text
}

/// Returns systemic issues for spreadsheets.
pub(in crate::cli) fn issues(answer: &GetIssuesResponse) -> String {
    let mut text = HEADINGS.to_owned();
    for proposal in &answer.proposed {
        write_all(&mut text, &proposed(proposal));
    }
    for issue in &answer.confirmed {
        write_all(&mut text, &confirmed(issue));
    }
    text
}

fn write_all(text: &mut String, lines: &[Line<'_>]) {
    for line in lines {
        put(text, format_args!("{}\n", line.cells().join(",")));
    }
}

impl Line<'_> {
    fn cells(&self) -> Vec<String> {
        let cause = self.cause.and_then(|of| of.cause.as_ref());
        let (low, high) = self.between.unzip();
        let share = self.share;
        let cases = self.cases;
        let ids = cases.map_or_else(|| self.case.to_owned(), |named| named.case_ids.join(" "));
        vec![
            self.list.to_owned(),
            self.cause
                .map(|of| quoted(&of.workflow_id))
                .unwrap_or_default(),
            cause
                .map(|cause| quoted(&format!("{}/{}", cause.group, cause.name)))
                .unwrap_or_default(),
            quoted(&self.of),
            self.day.clone(),
            self.name.to_owned(),
            self.value.clone(),
            number(low),
            number(high),
            number(share.map(|share| share.met)),
            number(share.map(|share| share.of)),
            number(share.and_then(|share| share.per_mille)),
            number(self.is_small),
            number(cases.map(|named| named.total)),
            ids,
        ]
    }

    /// The same line with a number that is not whole.
    fn estimated(self, name: &'static str, estimate: Option<&Estimate>) -> Self {
        Self {
            name,
            value: number(estimate.map(|estimate| estimate.value)),
            between: estimate.map(|estimate| (estimate.low, estimate.high)),
            ..self
        }
    }
}

fn number(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

fn cases<'r>(name: &'static str, named: Option<&'r NamedCases>) -> Line<'r> {
    Line {
        list: "cases",
        name,
        value: number(named.map(|named| named.total)),
        cases: named,
        ..Line::default()
    }
}

fn heaviest(pareto: &Pareto) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for row in &pareto.rows {
        let (cause, of) = match &row.of {
            Some(Of::Cause(cause)) => (Some(cause), String::new()),
            Some(Of::PolicyId(of) | Of::Failure(of) | Of::Heading(of)) => (None, of.clone()),
            None => (None, String::new()),
        };
        lines.extend(tally(pareto, cause, &of, row.tally.as_ref()));
    }
    if let Some(rest) = &pareto.rest {
        lines.extend(tally(pareto, None, "rest", rest.tally.as_ref()));
    }
    lines
}

/// Returns the two lines of a row: what it comes to, and it with all above it.
fn tally<'r>(
    pareto: &'r Pareto,
    cause: Option<&'r WorkflowCause>,
    of: &str,
    tally: Option<&'r ParetoTally>,
) -> [Line<'r>; 2] {
    let by = match pareto.by() {
        heard_proto::v1::ParetoBy::Unspecified | heard_proto::v1::ParetoBy::Count => "count",
        heard_proto::v1::ParetoBy::Cost => "cost",
        heard_proto::v1::ParetoBy::Severity => "severity",
    };
    let line = Line {
        list: "pareto",
        cause,
        of: of.to_owned(),
        name: by,
        value: number(tally.map(|tally| tally.weight)),
        share: tally.and_then(|tally| tally.share.as_ref()),
        cases: tally.and_then(|tally| tally.cases.as_ref()),
        ..Line::default()
    };
    let cumulative = tally.and_then(|tally| tally.cumulative.as_ref());
    let above = Line {
        name: "cumulative",
        value: number(cumulative.map(|share| share.met)),
        share: cumulative,
        cases: None,
        ..line.clone()
    };
    [line, above]
}

fn going(trends: &Trends) -> Vec<Line<'_>> {
    trends.rows.iter().flat_map(trend).collect()
}

fn trend(trend: &Trend) -> Vec<Line<'_>> {
    let line = Line {
        list: "trend",
        cause: trend.cause.as_ref(),
        of: word(trend.kind().as_str_name(), "TREND_KIND_"),
        is_small: Some(trend.is_small),
        ..Line::default()
    };
    let of = |name, share, cases| Line {
        name,
        share,
        cases,
        ..line.clone()
    };
    let mut lines = vec![
        of("now", trend.now.as_ref(), trend.now_cases.as_ref()),
        of(
            "baseline",
            trend.baseline.as_ref(),
            trend.baseline_cases.as_ref(),
        ),
    ];
    if trend.judged.is_some() {
        lines.push(of("judged", trend.judged.as_ref(), None));
    }
    lines.push(line.estimated("difference", trend.difference.as_ref()));
    lines
}

fn overdue(late: &OverdueAction) -> Line<'_> {
    let kind = word(late.kind().as_str_name(), "CAUSE_ACTION_KIND_");
    Line {
        list: "overdue",
        of: format!("{kind} {}.{} of {}", late.number, late.action, late.owner),
        day: late.due_date.map(day).unwrap_or_default(),
        name: "due",
        case: &late.case_id,
        ..Line::default()
    }
}

fn tried(tried: &TriedAction) -> Vec<Line<'_>> {
    let kind = word(tried.kind().as_str_name(), "CAUSE_ACTION_KIND_");
    let line = Line {
        list: "tried",
        cause: tried.cause.as_ref(),
        of: format!("{kind} {}.{}", tried.number, tried.action),
        day: on(tried.done_time.as_ref()),
        is_small: Some(tried.is_small),
        case: &tried.case_id,
        ..Line::default()
    };
    let of = |name, share, cases| Line {
        name,
        share,
        cases,
        ..line.clone()
    };
    let said = |name, value| Line {
        name,
        value,
        ..line.clone()
    };
    let ratio = tried.ratio.as_ref();
    let times = Line {
        name: "ratio",
        value: number(ratio.and_then(|ratio| ratio.value)),
        between: ratio.and_then(|ratio| Some((ratio.low, ratio.high?))),
        ..line.clone()
    };
    vec![
        said(
            "effect",
            word(tried.effect().as_str_name(), "CAUSE_EFFECT_"),
        ),
        of("before", tried.before.as_ref(), tried.before_cases.as_ref()),
        of("after", tried.after.as_ref(), tried.after_cases.as_ref()),
        line.clone()
            .estimated("difference", tried.difference.as_ref()),
        times,
        said(
            "verdict",
            word(tried.verdict().as_str_name(), "RECURRENCE_VERDICT_"),
        ),
    ]
}

fn agreement(agreement: &ReviewAgreement) -> Vec<Line<'_>> {
    let line = Line {
        list: "agreement",
        is_small: Some(agreement.is_small),
        ..Line::default()
    };
    vec![
        Line {
            name: "agreed",
            share: agreement.agreed.as_ref(),
            cases: agreement.cases.as_ref(),
            ..line.clone()
        },
        Line {
            name: "expected",
            value: number(Some(agreement.expected)),
            ..line.clone()
        },
        Line {
            name: "kappa",
            value: number(agreement.kappa),
            between: agreement
                .interval
                .as_ref()
                .map(|between| (between.low, between.high)),
            ..line
        },
    ]
}

fn compensation(spread: &CompensationSpread) -> Vec<Line<'_>> {
    let amounts = [
        ("least", spread.least),
        ("lower_quartile", spread.lower_quartile),
        ("median", spread.median),
        ("upper_quartile", spread.upper_quartile),
        ("p90", spread.p90),
        ("most", spread.most),
    ];
    let line = |(name, minor): (&'static str, i64)| Line {
        list: "compensation",
        cause: spread.cause.as_ref(),
        of: format!("{} {}", spread.failure, spread.currency_code)
            .trim()
            .to_owned(),
        name,
        value: minor.to_string(),
        is_small: Some(spread.is_small),
        cases: spread.cases.as_ref(),
        ..Line::default()
    };
    amounts.into_iter().map(line).collect()
}

/// Returns the lines of a proposal; what its cases have in common stands under `of`.
fn proposed(proposal: &ProposedIssue) -> Vec<Line<'_>> {
    let alike = proposal.alike.iter().map(|alike| {
        let value = alike.value.as_ref().map(value).unwrap_or_default();
        format!("{} = {value}", alike.field)
    });
    let line = Line {
        list: "proposed",
        cause: proposal.cause.as_ref(),
        of: alike.collect::<Vec<_>>().join(", "),
        ..Line::default()
    };
    let said = |name, value| Line {
        name,
        value,
        ..line.clone()
    };
    let next = said(
        "next",
        word(proposal.next_step().as_str_name(), "ISSUE_STEP_"),
    );
    let recorded = |name, time| Line {
        name,
        day: on(time),
        ..line.clone()
    };
    vec![
        of_cases(&line, "cases", proposal.cases.as_ref()),
        of_cases(&line, "unlinked", proposal.unlinked_cases.as_ref()),
        recorded("first", proposal.first_time.as_ref()),
        recorded("last", proposal.last_time.as_ref()),
        said("cases_min", proposal.cases_min.to_string()),
        said("within", proposal.within.clone()),
        Line {
            case: &proposal.next_case_id,
            ..next
        },
    ]
}

/// Returns the lines of an issue; the number of its root cause and its case stand under `of`.
fn confirmed(issue: &SystemicIssue) -> Vec<Line<'_>> {
    let line = Line {
        list: "confirmed",
        cause: issue.cause.as_ref(),
        of: format!("{} of {}", issue.number, issue.case_id),
        ..Line::default()
    };
    let stands = Line {
        name: "stands",
        day: on(issue.confirmed_time.as_ref()),
        value: issue.stands.to_string(),
        case: &issue.case_id,
        ..line.clone()
    };
    vec![
        stands,
        of_cases(&line, "children", issue.children.as_ref()),
        of_cases(&line, "open", issue.open_children.as_ref()),
        of_cases(&line, "proactive", issue.proactive_children.as_ref()),
        of_cases(&line, "linked", issue.linked_children.as_ref()),
        of_cases(&line, "stale", issue.stale_children.as_ref()),
    ]
}

fn of_cases<'r>(line: &Line<'r>, name: &'static str, cases: Option<&'r NamedCases>) -> Line<'r> {
    Line {
        name,
        value: number(cases.map(|named| named.total)),
        cases,
        ..line.clone()
    }
}
