//! Acts that bear on root causes.

use anyhow::Context as _;
use heard_engine::case::CauseRef;
use heard_engine::case::command::{
    Act, CheckEffect, CompleteAction, ConfirmIssue, LinkCause, Origin, PlainAct, RecordCause,
    ReviewCause, ReviewVerdict, Taken,
};
use heard_engine::case::diagnosis::{ActionKind, Effect, PlannedAction, Target};
use heard_engine::case::event::CauseLinked;
use heard_engine::id::{
    CaseId, CauseGroup, CauseName, Digest, FailureName, ReportingName, Revision, RoleName,
    WorkflowId,
};
use heard_engine::time::Date;
use heard_tests::desk::cause;
use serde_json::Value as Json;

/// Reads an act that bears on root causes.
pub(super) fn read(what: &str, told: &Json) -> anyhow::Result<PlainAct> {
    let said = |key: &str| told[key].as_str().map(str::to_owned);
    let number = |key: &str| anyhow::Ok(u32::try_from(told[key].as_u64().context("a number")?)?);
    Ok(match what {
        "cause" => recorded(told)?,
        "review" => {
            let reason = said("reason");
            let verdict = match said("verdict").context("a verdict")?.as_str() {
                "accepted" => ReviewVerdict::Accept { note: reason },
                "returned" => ReviewVerdict::Return {
                    reason: reason.context("a reason")?,
                },
                "reclassified" => ReviewVerdict::Reclassify {
                    cause: named(&said("name").context("a cause")?)?,
                    reason: reason.context("a reason")?,
                },
                other => anyhow::bail!("no verdict is {other}"),
            };
            let number = number("cause")?;
            Act::ReviewCause(ReviewCause { number, verdict })
        }
        "did" => Act::CompleteAction(CompleteAction {
            action: number("action")?,
            note: said("note"),
            number: number("cause")?,
        }),
        "effect" => Act::CheckEffect(CheckEffect {
            action: number("action")?,
            effect: match (told["observed"].as_i64(), said("judged").as_deref()) {
                (Some(observed), None) => Effect::Observed(observed),
                (None, Some("effective")) => Effect::Effective,
                (None, Some("not_effective")) => Effect::NotEffective,
                (None, Some("inconclusive")) => Effect::Inconclusive,
                _ => anyhow::bail!("{told} says nothing of an effect"),
            },
            note: said("note"),
            number: number("cause")?,
        }),
        "confirm" => Act::ConfirmIssue(ConfirmIssue {
            note: said("note"),
            number: number("cause")?,
        }),
        "link" => {
            let parent = CaseId::parse(&said("parent").context("a parent")?)?;
            let linked = CauseLinked {
                cause: named(&said("name").context("a cause")?)?,
                failure: said("failure")
                    .map(|name| FailureName::new(&name))
                    .transpose()?,
                number: number("cause")?,
                parent,
                parent_revision: Revision(u64::from(number("parent_revision")?)),
                policy_id: said("policy_id"),
                reporting: said("reporting")
                    .map(|name| ReportingName::new(&name))
                    .transpose()?,
                workflow: WorkflowId::new(&said("workflow").context("a workflow")?)?,
            };
            let is_accepted = true;
            let issue = Ok(Taken {
                is_accepted,
                linked,
            });
            Act::LinkCause(LinkCause { issue, parent })
        }
        other => anyhow::bail!("nobody can {other}"),
    })
}

/// Adds where an opened case comes from, where that is told.
pub(super) fn opened(act: PlainAct, told: &Json) -> anyhow::Result<PlainAct> {
    let Act::Open(mut open) = act else {
        anyhow::bail!("opening a case is another act");
    };
    open.origin = Origin {
        parent: told["parent"].as_str().map(CaseId::parse).transpose()?,
        proactive: told["proactive"].as_bool().unwrap_or(false),
    };
    Ok(Act::Open(open))
}

fn named(text: &str) -> anyhow::Result<CauseRef> {
    let (group, name) = text.split_once('/').context("a cause")?;
    Ok(CauseRef {
        group: CauseGroup::new(group)?,
        name: CauseName::new(name)?,
    })
}

fn recorded(told: &Json) -> anyhow::Result<PlainAct> {
    let said = |key: &str| told[key].as_str().map(str::to_owned);
    let chosen = named(&said("name").context("a cause")?)?;
    let whys = usize::try_from(told["whys"].as_u64().unwrap_or(0))?;
    let Act::RecordCause(bare) = cause(chosen.group.as_str(), chosen.name.as_str(), whys) else {
        anyhow::bail!("recording a cause is another act");
    };
    let listed = |key: &str| told[key].as_array().into_iter().flatten();
    let contributing = listed("contributing").map(|it| named(it.as_str().context("a cause")?));
    let failure = said("failure")
        .map(|it| FailureName::new(&it))
        .transpose()?;
    let reporting = said("reporting")
        .map(|it| ReportingName::new(&it))
        .transpose()?;
    let review_date = said("review_on").map(|it| Date::parse(&it)).transpose()?;
    let revises = told["revises"].as_u64().map(u32::try_from).transpose()?;
    let sha256 = said("sha256").map(|it| Digest::parse(&it)).transpose()?;
    let mut record = RecordCause {
        actions: listed("actions").map(planned).collect::<Result<_, _>>()?,
        contributing: contributing.collect::<Result<_, _>>()?,
        draft: told["draft"] == true,
        escape: said("escape"),
        failure,
        override_reason: said("override"),
        policy_id: said("policy_id"),
        reporting,
        review_date,
        revises,
        statement: said("statement").unwrap_or_else(|| bare.statement.clone()),
        ..bare
    };
    if let Some(evidence) = record
        .whys
        .first_mut()
        .and_then(|why| why.evidence.first_mut())
    {
        evidence.sha256 = sha256;
    }
    Ok(Act::RecordCause(record))
}

fn planned(told: &Json) -> anyhow::Result<PlannedAction<String>> {
    let said = |key: &str| {
        told[key]
            .as_str()
            .with_context(|| format!("{key} of {told}"))
    };
    let kind = said("kind")?;
    let kind = ActionKind::ALL.into_iter().find(|it| it.as_str() == kind);
    Ok(PlannedAction {
        due: Date::parse(said("due")?)?,
        kind: kind.context("a kind of action")?,
        measure: said("measure")?.to_owned(),
        owner: RoleName::new(said("owner")?)?,
        target: match (told["at_most"].as_i64(), told["at_least"].as_i64()) {
            (Some(most), _) => Some(Target::AtMost(most)),
            (None, Some(least)) => Some(Target::AtLeast(least)),
            (None, None) => None,
        },
        task: said("task")?.to_owned(),
    })
}
