//! A whole diagnosis as people write it down: one YAML or JSON file.

use heard_proto::v1::{
    CauseActionKind, Evidence, PlannedAction, RecordRootCauseRequest, Why, planned_action,
};
use serde::Deserialize;

use crate::cli::failure::Failure;
use crate::cli::given::{date, text_of};

/// What `--help` says of the file.
pub(super) const HELP: &str = "\
A file of --file, with all that it may hold; cause and statement must be there:
  cause: process/missing_step
  statement: Nobody counts parcels when a van is loaded.
  whys:                                  # the first nearest to the customer
    - why: The tenth parcel stayed in the hall.
      evidence: [scan log of the hall]   # or {reference: ..., sha256: ...}
  contributing: [systems/bad_data]
  failure: incomplete                    # of the failures of the workflow
  reporting: delivery                    # of its reporting
  policy_id: L-7
  review_on: 2026-12-01                  # when the cause is looked at again
  escape: Nothing counts parcels before the customer does.
  similar: [UUID of a case]
  actions:
    - kind: corrective                   # or correction, preventive
      task: Count parcels, not orders, on form L-7.
      owner: team_lead                   # a role, never a person
      due: 2026-11-01
      measure: Parcels left behind in thirty days
      at_most: 1                         # or at_least; or neither
  override: Why it stands though it reads as blame.";

/// A diagnosis as a file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Diagnosis {
    cause: String,
    statement: String,
    #[serde(default)]
    whys: Vec<Link>,
    #[serde(default)]
    contributing: Vec<String>,
    failure: Option<String>,
    reporting: Option<String>,
    policy_id: Option<String>,
    review_on: Option<String>,
    escape: Option<String>,
    #[serde(default)]
    similar: Vec<String>,
    #[serde(default)]
    actions: Vec<Action>,
    #[serde(rename = "override")]
    override_reason: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    why: String,
    #[serde(default)]
    evidence: Vec<Shown>,
}

/// Evidence: a reference, alone or with the digest of its bytes.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Shown {
    Hashed { reference: String, sha256: String },
    Plain(String),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Correction,
    Corrective,
    Preventive,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    kind: Kind,
    task: String,
    owner: String,
    due: String,
    measure: String,
    at_most: Option<i64>,
    at_least: Option<i64>,
}

/// Reads a file into the parts of a request that tell of a root cause.
///
/// # Errors
///
/// [`Failure::Usage`] says what is wrong, and where.
pub(super) fn read(name: &str) -> Result<RecordRootCauseRequest, Failure> {
    let text = text_of(&format!("@{name}"))?;
    parse(&text).map_err(|wrong| Failure::Usage(format!("{name} is no diagnosis: {wrong}")))
}

fn parse(text: &str) -> Result<RecordRootCauseRequest, String> {
    let told: Diagnosis = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
    let cause = super::named(&told.cause)?;
    let contributing = told.contributing.iter();
    let contributing = contributing.map(|typed| super::named(typed));
    let whys = told.whys.into_iter().map(|link| Why {
        statement: link.why,
        evidence: link.evidence.into_iter().map(evidence).collect(),
    });
    let actions = (1..).zip(told.actions);
    let actions = actions.map(|(number, action)| {
        planned(action).map_err(|wrong| format!("action {number}: {wrong}"))
    });
    Ok(RecordRootCauseRequest {
        group: cause.group,
        name: cause.name,
        statement: told.statement,
        whys: whys.collect(),
        contributing: contributing.collect::<Result<_, _>>()?,
        failure: told.failure,
        reporting: told.reporting,
        policy_id: told.policy_id,
        review_date: told.review_on.as_deref().map(date).transpose()?,
        escape: told.escape,
        similar_case_ids: told.similar,
        actions: actions.collect::<Result<_, _>>()?,
        override_reason: told.override_reason,
        ..RecordRootCauseRequest::default()
    })
}

fn evidence(shown: Shown) -> Evidence {
    match shown {
        Shown::Hashed { reference, sha256 } => Evidence {
            reference,
            sha256: Some(sha256),
        },
        Shown::Plain(reference) => Evidence {
            reference,
            sha256: None,
        },
    }
}

fn planned(action: Action) -> Result<PlannedAction, String> {
    let kind = match action.kind {
        Kind::Correction => CauseActionKind::Correction,
        Kind::Corrective => CauseActionKind::Corrective,
        Kind::Preventive => CauseActionKind::Preventive,
    };
    let target = match (action.at_most, action.at_least) {
        (None, None) => None,
        (Some(most), None) => Some(planned_action::Target::AtMost(most)),
        (None, Some(least)) => Some(planned_action::Target::AtLeast(least)),
        (Some(_), Some(_)) => return Err("it has at_most and at_least; give one".to_owned()),
    };
    Ok(PlannedAction {
        kind: kind.into(),
        owner: action.owner,
        due_date: Some(date(&action.due)?),
        task: action.task,
        measure: action.measure,
        target,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of `--help`, without its first line.
    fn example() -> String {
        let lines = HELP.lines().skip(1);
        lines.collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn the_example_of_the_help_is_a_diagnosis() {
        let read = parse(&example()).unwrap();
        assert_eq!(
            (read.group.as_str(), read.name.as_str()),
            ("process", "missing_step")
        );
        assert_eq!(read.whys[0].evidence[0].reference, "scan log of the hall");
        assert_eq!(read.contributing[0].group, "systems");
        assert_eq!(
            read.review_date.map(|day| (day.year, day.month)),
            Some((2026, 12))
        );
        let action = &read.actions[0];
        assert_eq!(action.kind(), CauseActionKind::Corrective);
        assert_eq!(action.target, Some(planned_action::Target::AtMost(1)));
        assert!(read.override_reason.is_some() && read.escape.is_some());
    }

    #[test]
    fn evidence_may_come_with_its_digest_and_the_file_may_be_json() {
        let read = parse(
            r#"{"cause": "a/b", "statement": "s", "whys": [
                {"why": "w", "evidence": [{"reference": "r", "sha256": "00"}, "plain"]}]}"#,
        );
        let evidence = &read.unwrap().whys[0].evidence;
        assert_eq!(evidence[0].sha256.as_deref(), Some("00"));
        assert_eq!(
            (evidence[1].reference.as_str(), &evidence[1].sha256),
            ("plain", &None)
        );
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said() {
        let wrong = |text: &str| parse(text).unwrap_err();
        assert!(wrong("cause: a/b").contains("statement"));
        assert!(wrong("cause: a/b\nstatement: s\nperson: Mike").contains("person"));
        assert!(wrong("cause: ab\nstatement: s").contains("GROUP/NAME"));
        let both = example().replace("at_most: 1 ", "at_most: 1\n      at_least: 2 ");
        assert!(wrong(&both).contains("action 1: it has at_most and at_least"));
        let never = example().replace("due: 2026-11-01", "due: soon");
        assert!(wrong(&never).contains("action 1: write a date"));
    }
}
