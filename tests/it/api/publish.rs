//! Publishing and checking over the wire, against the lint itself, over its whole corpus.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use heard_engine::finding::{Finding, Level};
use heard_engine::lint::{self, Beside};
use heard_proto::v1;
use heard_server::clock::Clock as _;
use heard_tests::server::TestServer;
use tonic::Code;
use tonic_types::StatusExt as _;

use super::code;
use super::desk::{StillClock, TOM, actor, desk};

/// How many violations a status tells.
const VIOLATIONS_MAX: usize = 20;

pub async fn what_the_check_refuses_is_not_published_for_the_same_reasons(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let beside = Beside {
        today: StillClock.now().day(),
    };
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("lint");
    let (mut refused, mut accepted) = (0, 0);
    for folder in corpus.read_dir()? {
        let folder = folder?.path();
        let bytes =
            fs::read(folder.join("bad.yaml")).or_else(|_| fs::read(folder.join("good.yaml")));
        let Ok(yaml) = bytes else { continue };
        let report = lint::check_with(&yaml, &beside);
        let request = v1::CheckWorkflowRequest { yaml: yaml.clone() };
        let checked = desk.workflows.check_workflow(request).await?.into_inner();
        same(&checked.findings, &report.findings)
            .with_context(|| format!("{}", folder.display()))?;
        // Many of them have one id and version: nothing is written.
        let request = v1::PublishWorkflowRequest {
            request_id: "publish".to_owned(),
            actor: actor(TOM, "lead"),
            validate_only: true,
            yaml,
        };
        match desk.workflows.publish_workflow(request).await {
            Ok(published) => {
                ensure!(
                    report.workflow.is_some(),
                    "{} was accepted",
                    folder.display()
                );
                let found = published.into_inner().findings;
                same(&found, &report.findings).with_context(|| format!("{}", folder.display()))?;
                accepted += 1;
            }
            Err(status) => {
                let is_faulty = status.code() == Code::InvalidArgument && code(&status) == "HB007";
                ensure!(is_faulty, "{}: {status:?}", folder.display());
                ensure!(
                    violations(&status) == errors(&report.findings),
                    "{}: {status:?}",
                    folder.display()
                );
                refused += 1;
            }
        }
    }
    ensure!(
        refused > 40 && accepted > 8,
        "{refused} refused, {accepted} accepted"
    );
    Ok(())
}

/// Fails unless the wire tells the same findings at the same places.
fn same(told: &[v1::Finding], found: &[Finding]) -> anyhow::Result<()> {
    let told: Vec<(&str, i32, u32, u32, &str)> = told
        .iter()
        .map(|told| {
            let span = told.span.unwrap_or_default();
            (
                told.code.as_str(),
                told.level,
                span.line,
                span.column,
                told.message.as_str(),
            )
        })
        .collect();
    let level = |level| match level {
        Level::Note => v1::FindingLevel::Note,
        Level::Warning => v1::FindingLevel::Warning,
        Level::Error => v1::FindingLevel::Error,
    };
    let found: Vec<(&str, i32, u32, u32, &str)> = found
        .iter()
        .map(|found| {
            let level: i32 = level(found.level).into();
            let (line, column) = (found.span.line, found.span.column);
            (
                found.code.as_str(),
                level,
                line,
                column,
                found.message.as_str(),
            )
        })
        .collect();
    ensure!(told == found, "told {told:?}, found {found:?}");
    Ok(())
}

/// What a status says is wrong: where, and what.
fn violations(status: &tonic::Status) -> Vec<(String, String)> {
    let details = status.get_error_details();
    let bad = details
        .bad_request()
        .map(|bad| bad.field_violations.clone());
    let violations = bad.unwrap_or_default().into_iter();
    violations
        .map(|violation| (violation.field, violation.description))
        .collect()
}

/// What a status must say of the errors among the findings.
fn errors(findings: &[Finding]) -> Vec<(String, String)> {
    let errors = findings.iter().filter(|found| found.level == Level::Error);
    let told = errors.map(|found| {
        let (line, column) = (found.span.line, found.span.column);
        let text = format!("{} {}: {}", found.code, found.code.name(), found.message);
        (format!("yaml:{line}:{column}"), text)
    });
    told.take(VIOLATIONS_MAX).collect()
}
