//! A server's "no": which rule, what is missing, what may be done instead.
//!
//! Invariant: what came over the wire is shown escaped.

use std::collections::BTreeMap;

use heard_engine::code::{Code, Kind};
use serde_json::{Value, json};
use tonic::Status;
use tonic_types::StatusExt as _;

use super::exit::Exit;
use crate::escape::escaped;

/// Failures by which the server refuses what was asked, though it could be asked otherwise.
const REFUSALS: [Code; 3] = [Code::HS001, Code::HS002, Code::HS011];

/// A "no" of the server, as its status tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answer {
    /// The stable code, where the server gave one that we know.
    pub(super) code: Option<Code>,
    /// The status of gRPC, in words.
    status: tonic::Code,
    /// What happened, in one sentence.
    pub(super) message: String,
    /// Values the message speaks of.
    metadata: BTreeMap<String, String>,
    /// Parts of the request that are wrong: which, and why.
    fields: Vec<(String, String)>,
    /// The reasons of a refusal: their names, what they speak of, and what they say.
    reasons: Vec<(String, String, String)>,
    /// After how many milliseconds it may be tried again.
    retry_ms: Option<u128>,
    /// The request id, where the request may have been done all the same.
    request_id: Option<String>,
}

impl Answer {
    /// Reads a status.
    pub(super) fn new(status: &Status, request_id: Option<&str>) -> Self {
        let details = status.get_error_details();
        let info = details.error_info();
        let code = info.and_then(|info| Code::parse(&info.reason));
        let metadata = info.map(|info| info.metadata.clone().into_iter().collect());
        let fields = details
            .bad_request()
            .map(|bad| bad.field_violations.clone());
        let fields = fields.into_iter().flatten();
        let reasons = details
            .precondition_failure()
            .map(|all| all.violations.clone());
        let reasons = reasons.into_iter().flatten();
        let retry = details.retry_info().and_then(|retry| retry.retry_delay);
        let mut answer = Self {
            code,
            status: status.code(),
            message: status.message().to_owned(),
            metadata: metadata.unwrap_or_default(),
            fields: fields.map(|bad| (bad.field, bad.description)).collect(),
            reasons: reasons
                .map(|reason| (reason.r#type, reason.subject, reason.description))
                .collect(),
            retry_ms: retry.map(|delay| delay.as_millis()),
            request_id: None,
        };
        if answer.exit() != Exit::Refused {
            answer.request_id = request_id.map(str::to_owned);
        }
        answer
    }

    /// Returns how the process ends.
    pub(super) fn exit(&self) -> Exit {
        let Some(code) = self.code else {
            return match self.status {
                tonic::Code::Unavailable | tonic::Code::DeadlineExceeded => Exit::OutOfReach,
                tonic::Code::Ok
                | tonic::Code::Cancelled
                | tonic::Code::Unknown
                | tonic::Code::InvalidArgument
                | tonic::Code::NotFound
                | tonic::Code::AlreadyExists
                | tonic::Code::PermissionDenied
                | tonic::Code::ResourceExhausted
                | tonic::Code::FailedPrecondition
                | tonic::Code::Aborted
                | tonic::Code::OutOfRange
                | tonic::Code::Unimplemented
                | tonic::Code::Internal
                | tonic::Code::DataLoss
                | tonic::Code::Unauthenticated => Exit::Bug,
            };
        };
        exit_of(code)
    }

    /// Returns it as lines for a person.
    pub(super) fn text(&self) -> String {
        let mut lines = vec![self.first_line()];
        if self.reasons.is_empty() && self.fields.is_empty() {
            lines.push(format!("  - {}", escaped(&self.message)));
        }
        for (_, _, text) in &self.reasons {
            lines.push(format!("  - {}", escaped(text)));
        }
        for (field, text) in &self.fields {
            lines.push(format!("  - {}: {}", escaped(field), escaped(text)));
        }
        if let Some(left_out) = self.metadata.get("left_out") {
            lines.push(format!("  - and {} more", escaped(left_out)));
        }
        if let Some(possible) = self.metadata.get("possible") {
            let possible = escaped(possible).replace(',', ", ");
            lines.push(format!("What this person may do now: {possible}"));
        }
        if let Some(current) = self.metadata.get("current_revision") {
            lines.push(format!("The case is at revision {} now.", escaped(current)));
        }
        if let Some(id) = &self.request_id {
            lines.push(format!(
                "Repeat it with --request-id {}: however often, it is done once at most.",
                escaped(id)
            ));
        }
        if let Some(code) = self.code {
            lines.push(format!(
                "What it means and what to do: heard explain {code}"
            ));
        }
        lines.join("\n") + "\n"
    }

    fn first_line(&self) -> String {
        let outcome = match self.exit() {
            Exit::Refused | Exit::Findings => "Refused, and nothing was written",
            Exit::OutOfReach => "Not answered",
            Exit::StoreFailed => "The store cannot be trusted here",
            Exit::Bug | Exit::Clean | Exit::Usage | Exit::Late => "The server failed",
        };
        match self.code {
            Some(code) => format!("{outcome} [{code} {}]:", code.name()),
            None => format!("{outcome} [{}]:", status_name(self.status)),
        }
    }

    /// Returns it for programs.
    pub(super) fn error(&self) -> Value {
        let fields = self.fields.iter();
        let fields: Vec<Value> = fields
            .map(|(field, text)| json!({"field": field, "description": text}))
            .collect();
        let reasons = self.reasons.iter();
        let reasons: Vec<Value> = reasons
            .map(|(name, subject, text)| {
                json!({"type": name, "subject": subject, "description": text})
            })
            .collect();
        json!({
            "exit": self.exit().number(),
            "code": self.code.map(Code::as_str),
            "name": self.code.map(Code::name),
            "status": status_name(self.status),
            "message": self.message,
            "metadata": self.metadata,
            "field_violations": fields,
            "precondition_violations": reasons,
            "retry_delay_ms": self.retry_ms.and_then(|ms| u64::try_from(ms).ok()),
            "request_id": self.request_id,
        })
    }
}

/// Returns how the process ends when this was the server's "no".
pub(super) fn exit_of(code: Code) -> Exit {
    match code.kind() {
        Kind::Finding => Exit::Findings,
        Kind::BadRequest if code == Code::HB007 => Exit::Findings,
        Kind::BadRequest | Kind::Refusal => Exit::Refused,
        Kind::Failure if REFUSALS.contains(&code) => Exit::Refused,
        Kind::Failure if code == Code::HS009 => Exit::StoreFailed,
        Kind::Failure => Exit::OutOfReach,
        Kind::Damage if code == Code::HX001 => Exit::StoreFailed,
        Kind::Damage => Exit::Bug,
    }
}

/// Returns the name of a status, as the specification of gRPC has it.
const fn status_name(status: tonic::Code) -> &'static str {
    match status {
        tonic::Code::Ok => "OK",
        tonic::Code::Cancelled => "CANCELLED",
        tonic::Code::Unknown => "UNKNOWN",
        tonic::Code::InvalidArgument => "INVALID_ARGUMENT",
        tonic::Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        tonic::Code::NotFound => "NOT_FOUND",
        tonic::Code::AlreadyExists => "ALREADY_EXISTS",
        tonic::Code::PermissionDenied => "PERMISSION_DENIED",
        tonic::Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        tonic::Code::FailedPrecondition => "FAILED_PRECONDITION",
        tonic::Code::Aborted => "ABORTED",
        tonic::Code::OutOfRange => "OUT_OF_RANGE",
        tonic::Code::Unimplemented => "UNIMPLEMENTED",
        tonic::Code::Internal => "INTERNAL",
        tonic::Code::Unavailable => "UNAVAILABLE",
        tonic::Code::DataLoss => "DATA_LOSS",
        tonic::Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;
    use tonic_types::{ErrorDetails, PreconditionViolation};

    fn refused() -> Status {
        let metadata = [
            ("possible", "understood,not_understood"),
            ("name", "answers_missing"),
        ];
        let metadata = metadata.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mut details = ErrorDetails::with_error_info("HC007", "heard", metadata);
        details.set_precondition_failure(vec![PreconditionViolation::new(
            "answers_missing",
            "story",
            "not answered yet: `story` (What\nhappened?)",
        )]);
        Status::with_error_details(tonic::Code::FailedPrecondition, "not answered yet", details)
    }

    #[test]
    fn a_refusal_says_what_is_missing_what_may_be_done_and_where_to_read_more() {
        let answer = Answer::new(&refused(), Some("r1"));
        assert_eq!(answer.exit(), Exit::Refused);
        assert_eq!(
            answer.text(),
            "Refused, and nothing was written [HC007 answers_missing]:\n\
             \x20 - not answered yet: `story` (What\\nhappened?)\n\
             What this person may do now: understood, not_understood\n\
             What it means and what to do: heard explain HC007\n"
        );
        let json = answer.error();
        assert_eq!(json["code"], "HC007");
        assert_eq!(json["status"], "FAILED_PRECONDITION");
        assert_eq!(json["precondition_violations"][0]["subject"], "story");
        assert_eq!(json["request_id"], Value::Null, "nothing was written");
    }

    #[test]
    fn whoever_may_have_been_answered_is_told_the_request_id() {
        let info = [("name".to_owned(), "outcome_unknown".to_owned())];
        let details = ErrorDetails::with_error_info("HS006", "heard", info);
        let status = Status::with_error_details(tonic::Code::Unavailable, "in doubt", details);
        let answer = Answer::new(&status, Some("r1"));
        assert_eq!(answer.exit(), Exit::OutOfReach);
        assert!(
            answer.text().contains("--request-id r1"),
            "{}",
            answer.text()
        );
    }

    #[test]
    fn each_kind_of_no_has_its_exit_code() {
        for (code, exit) in [
            ("HC001", Exit::Refused),
            ("HB001", Exit::Refused),
            ("HB007", Exit::Findings),
            ("HS001", Exit::Refused),
            ("HS003", Exit::OutOfReach),
            ("HS009", Exit::StoreFailed),
            ("HS011", Exit::Refused),
            ("HX001", Exit::StoreFailed),
            ("HX002", Exit::Bug),
            ("", Exit::Bug),
        ] {
            let details =
                ErrorDetails::with_error_info(code, "heard", HashMap::<String, String>::new());
            let status = Status::with_error_details(tonic::Code::Unknown, "", details);
            assert_eq!(Answer::new(&status, None).exit(), exit, "{code}");
        }
    }
}
