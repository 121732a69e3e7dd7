//! Workflows and findings, to the wire.

use heard_engine::case::offer::{self, Goal};
use heard_engine::finding::{Finding, Level, Span};
use heard_engine::id::FieldName;
use heard_engine::workflow::{
    Action, CountsAs, Field, FieldKind, Max, Phase, RoleSet, Step, Workflow, WorkflowRef,
};
use heard_proto::v1;

use super::read;
use super::value;
use crate::store::WorkflowRow;

/// Writes the id, version and digest of a workflow.
pub(in crate::api) fn reference(reference: &WorkflowRef) -> v1::WorkflowRef {
    v1::WorkflowRef {
        workflow_id: reference.id.to_string(),
        version: reference.version.0,
        sha256: reference.sha256.to_string(),
    }
}

/// Writes a published workflow as lists show it.
pub(in crate::api) fn summary(row: &WorkflowRow) -> v1::WorkflowSummary {
    v1::WorkflowSummary {
        workflow: Some(reference(&row.workflow)),
        title: row.title.clone(),
        published_time: Some(read::time(row.published_at)),
    }
}

/// Writes a published workflow: its file and what it says.
pub(in crate::api) fn workflow(row: WorkflowRow, workflow: &Workflow) -> v1::Workflow {
    let roles = workflow.roles().iter().map(|(name, role)| v1::Role {
        name: name.to_string(),
        title: role.title.clone(),
        reads_only: role.reads_only,
        system: role.system,
    });
    let outcomes = workflow.outcomes().map(|outcome| v1::Outcome {
        name: outcome.name.to_string(),
        title: outcome.title.clone(),
        counts_as: counts_as(outcome.counts_as).into(),
        reopens_to: outcome
            .reopen
            .map(|reopen| workflow.step_at(reopen.to).name.to_string()),
    });
    let asked = workflow.causes();
    v1::Workflow {
        workflow: Some(reference(&row.workflow)),
        title: row.title,
        published_time: Some(read::time(row.published_at)),
        yaml: row.bytes,
        roles: roles.collect(),
        fields: workflow
            .fields()
            .iter()
            .map(|(name, definition)| field(workflow, name, definition))
            .collect(),
        steps: workflow.steps().map(|each| step(workflow, each)).collect(),
        outcomes: outcomes.collect(),
        start: workflow.start().name.to_string(),
        anywhere: workflow
            .anywhere()
            .values()
            .map(|each| action(workflow, each))
            .collect(),
        causes: causes(workflow),
        failures: labels(asked.into_iter().flat_map(|causes| &causes.failures)),
        reporting: labels(asked.into_iter().flat_map(|causes| &causes.reporting)),
    }
}

fn step(workflow: &Workflow, step: &Step) -> v1::Step {
    let tasks = step.tasks.iter().map(|(name, task)| v1::Task {
        name: name.to_string(),
        title: task.title.clone(),
        roles: roles(workflow, task.who),
    });
    v1::Step {
        name: step.name.to_string(),
        title: step.title.clone(),
        say: step.say.clone(),
        phases: phases(step),
        roles: roles(workflow, step.who),
        tasks: tasks.collect(),
        actions: step
            .actions
            .values()
            .map(|each| action(workflow, each))
            .collect(),
    }
}

fn action(workflow: &Workflow, action: &Action) -> v1::Action {
    v1::Action {
        name: action.name.to_string(),
        roles: roles(workflow, action.who),
        targets: offer::goals(workflow, action).iter().map(goal).collect(),
    }
}

fn causes(workflow: &Workflow) -> Vec<v1::Cause> {
    let groups = workflow
        .causes()
        .into_iter()
        .flat_map(|causes| &causes.categories);
    let causes = groups.flat_map(|(group, causes)| {
        causes.iter().map(move |(name, cause)| v1::Cause {
            group: group.to_string(),
            name: name.to_string(),
            title: cause.title.clone(),
            needs: cause.needs.iter().map(ToString::to_string).collect(),
        })
    });
    causes.collect()
}

fn labels<'w, N: ToString + 'w>(
    titles: impl Iterator<Item = (&'w N, &'w String)>,
) -> Vec<v1::CauseLabel> {
    let labels = titles.map(|(name, title)| v1::CauseLabel {
        name: name.to_string(),
        title: title.clone(),
    });
    labels.collect()
}

/// Writes a field.
pub(in crate::api) fn field(workflow: &Workflow, name: &FieldName, field: &Field) -> v1::Field {
    let (min, largest) = match &field.kind {
        FieldKind::Number { min, max } => (*min, *max),
        FieldKind::Money { max, .. } => (Some(0), *max),
        FieldKind::Text { .. }
        | FieldKind::LongText
        | FieldKind::YesNo
        | FieldKind::Choice { .. }
        | FieldKind::Date
        | FieldKind::Document
        | FieldKind::List => (None, None),
    };
    let (max, max_field) = match largest {
        None => (None, None),
        Some(Max::Fixed(max)) => (Some(max), None),
        Some(Max::Field(index)) => (None, Some(workflow.field_at(index).0.to_string())),
    };
    let mut written = v1::Field {
        name: name.to_string(),
        ask: field.ask.clone(),
        r#type: value::field_type(&field.kind).into(),
        min,
        max,
        max_field,
        default: field.default.as_ref().map(value::wire),
        personal: field.personal,
        sealed: field.sealed,
        each_time: field.each_time,
        computed: field.computed,
        ..v1::Field::default()
    };
    if let FieldKind::Choice { of } = &field.kind {
        written.choices.clone_from(of);
    }
    if let FieldKind::Money { currency, .. } = &field.kind {
        written.currency_code = currency.to_string();
    }
    if let FieldKind::Text {
        pattern: Some(pattern),
    } = &field.kind
    {
        written.pattern.clone_from(&pattern.source);
    }
    written
}

/// Writes where something leads.
pub(in crate::api) fn goal(goal: &Goal) -> String {
    match goal {
        Goal::Stay => "stay".to_owned(),
        Goal::Step(step) => step.to_string(),
        Goal::Outcome(outcome) => outcome.to_string(),
    }
}

fn roles(workflow: &Workflow, set: RoleSet) -> Vec<String> {
    workflow.role_names(set).map(ToString::to_string).collect()
}

/// Writes the phases of a step.
pub(in crate::api) fn phases(step: &Step) -> Vec<i32> {
    step.phases.iter().map(|each| phase(*each).into()).collect()
}

const fn phase(phase: Phase) -> v1::Phase {
    match phase {
        Phase::Hear => v1::Phase::Hear,
        Phase::Empathize => v1::Phase::Empathize,
        Phase::Apologize => v1::Phase::Apologize,
        Phase::Resolve => v1::Phase::Resolve,
        Phase::Explain => v1::Phase::Explain,
        Phase::Thank => v1::Phase::Thank,
        Phase::Diagnose => v1::Phase::Diagnose,
        Phase::FollowUp => v1::Phase::FollowUp,
        Phase::Approve => v1::Phase::Approve,
        Phase::Wait => v1::Phase::Wait,
    }
}

/// Writes how an outcome counts.
pub(in crate::api) const fn counts_as(counts_as: CountsAs) -> v1::CountsAs {
    match counts_as {
        CountsAs::Resolved => v1::CountsAs::Resolved,
        CountsAs::NotResolved => v1::CountsAs::NotResolved,
        CountsAs::Withdrawn => v1::CountsAs::Withdrawn,
        CountsAs::Referred => v1::CountsAs::Referred,
    }
}

/// Writes a finding.
pub(in crate::api) fn finding(finding: &Finding) -> v1::Finding {
    let level = match finding.level {
        Level::Note => v1::FindingLevel::Note,
        Level::Warning => v1::FindingLevel::Warning,
        Level::Error => v1::FindingLevel::Error,
    };
    let labels = finding.labels.iter().map(|label| v1::Label {
        span: Some(span(label.span)),
        text: label.text.clone(),
    });
    let mend = finding.mend.as_ref();
    let replacement = mend.and_then(|mend| mend.replacement.as_ref());
    v1::Finding {
        code: finding.code.as_str().to_owned(),
        name: finding.code.name().to_owned(),
        level: level.into(),
        message: finding.message.clone(),
        span: Some(span(finding.span)),
        at: finding.at.clone(),
        why: finding.why.clone(),
        mend: mend.map(|mend| mend.text.clone()).unwrap_or_default(),
        labels: labels.collect(),
        replacement: replacement.map(|(at, text)| v1::Replacement {
            span: Some(span(*at)),
            text: text.clone(),
        }),
    }
}

fn span(span: Span) -> v1::Span {
    v1::Span {
        start_byte: span.start as u64,
        end_byte: span.end as u64,
        line: span.line,
        column: span.column,
    }
}
