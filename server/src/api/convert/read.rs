//! Reads the parts of a request and gathers everything that is wrong with them.

use std::fmt::Display;

use heard_engine::case::seal::{BadRequest, Violation};
use heard_engine::code::Code;
use heard_engine::id::{CaseId, PersonId, RequestId, RoleName, WorkflowId};
use heard_engine::time::Timestamp;
use heard_proto::v1;

/// What is wrong with a request so far.
#[derive(Debug, Default)]
pub(in crate::api) struct Reader {
    violations: Vec<Violation>,
}

impl Reader {
    /// Says what would be right at a place.
    pub(in crate::api) fn say(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.violations.push(Violation {
            code: Code::HB001,
            field: field.into(),
            text: text.into(),
        });
    }

    /// Takes what was read at a place, or says what is wrong with it.
    pub(in crate::api) fn take<T, E: Display>(
        &mut self,
        field: &str,
        read: Result<T, E>,
    ) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                self.say(field, error.to_string());
                None
            }
        }
    }

    /// Reads a part that must be there.
    pub(in crate::api) fn required<T>(&mut self, field: &str, part: Option<T>) -> Option<T> {
        if part.is_none() {
            self.say(field, "it is missing");
        }
        part
    }

    /// Reads a text that must be an id or a name.
    pub(in crate::api) fn id<T, E: Display>(
        &mut self,
        field: &str,
        text: &str,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        if text.is_empty() {
            self.say(field, "it is missing");
            return None;
        }
        self.take(field, read(text))
    }

    /// Reads an id or a name that may be absent. What is wrong is said and taken as absent.
    pub(in crate::api) fn optional_id<T, E: Display>(
        &mut self,
        field: &str,
        text: Option<&str>,
        read: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        text.and_then(|text| self.id(field, text, read))
    }

    /// Reads `case_id`.
    pub(in crate::api) fn case_id(&mut self, text: &str) -> Option<CaseId> {
        self.id("case_id", text, CaseId::parse)
    }

    /// Reads `workflow_id`.
    pub(in crate::api) fn workflow_id(&mut self, text: &str) -> Option<WorkflowId> {
        self.id("workflow_id", text, WorkflowId::new)
    }

    /// Reads `request_id`.
    pub(in crate::api) fn request_id(&mut self, text: &str) -> Option<RequestId> {
        self.id("request_id", text, RequestId::new)
    }

    /// Reads `actor`.
    pub(in crate::api) fn actor(
        &mut self,
        actor: Option<v1::Actor>,
    ) -> Option<(PersonId, RoleName)> {
        let actor = self.required("actor", actor)?;
        let person = self.id("actor.person", &actor.person, PersonId::parse);
        let role = self.id("actor.role", &actor.role, RoleName::new);
        person.zip(role)
    }

    /// Reads an instant, to the microsecond; what is finer is cut off.
    pub(in crate::api) fn time(
        &mut self,
        field: &str,
        time: prost_types::Timestamp,
    ) -> Option<Timestamp> {
        let micros = (0..1_000_000_000)
            .contains(&time.nanos)
            .then(|| time.seconds.checked_mul(1_000_000))
            .flatten()
            .and_then(|micros| micros.checked_add(i64::from(time.nanos) / 1_000));
        let Some(micros) = micros else {
            self.say(
                field,
                "an instant has seconds since 1970 and 0 to 999,999,999 nanoseconds",
            );
            return None;
        };
        self.take(field, Timestamp::from_micros(micros))
    }

    /// Returns what was read, or everything that is wrong.
    ///
    /// # Errors
    ///
    /// [`BadRequest`] when anything was said.
    pub(in crate::api) fn finish<T>(self, read: Option<T>) -> Result<T, BadRequest> {
        match read {
            Some(value) if self.violations.is_empty() => Ok(value),
            // Nothing was read and nothing said: a fault of the code that read.
            None if self.violations.is_empty() => Err(BadRequest::one(
                Code::HX002,
                "request",
                "it could not be read",
            )),
            Some(_) | None => Err(BadRequest {
                violations: self.violations,
            }),
        }
    }
}

/// Writes an instant.
pub(in crate::api) fn time(time: Timestamp) -> prost_types::Timestamp {
    let micros = time.micros();
    // A remainder of a million, times a thousand, is far within 32 bits.
    let nanos = i32::try_from(micros.rem_euclid(1_000_000) * 1_000).unwrap_or_default();
    prost_types::Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_go_there_and_back_to_the_microsecond() {
        for text in [
            "2026-10-05T09:00:00.000001Z",
            "1969-12-31T23:59:59.999999Z",
            "1970-01-01T00:00:00Z",
        ] {
            let instant = Timestamp::parse(text).unwrap();
            let mut reader = Reader::default();
            assert_eq!(reader.time("received_time", time(instant)), Some(instant));
            assert!(reader.finish(Some(())).is_ok());
        }
    }

    #[test]
    fn instants_that_are_none_are_refused() {
        for (seconds, nanos) in [
            (0, -1),
            (0, 1_000_000_000),
            (i64::MAX, 0),
            (253_402_300_800, 0),
        ] {
            let mut reader = Reader::default();
            let time = prost_types::Timestamp { seconds, nanos };
            assert_eq!(reader.time("received_time", time), None);
            assert_eq!(reader.finish(Some(())).unwrap_err().code(), Code::HB001);
        }
    }

    #[test]
    fn a_name_is_no_person_and_everything_wrong_is_told_at_once() {
        let mut reader = Reader::default();
        let actor = v1::Actor {
            person: "Ana Example".to_owned(),
            role: "Team Lead".to_owned(),
        };
        let actor = reader.actor(Some(actor));
        let id = reader.request_id("");
        let bad = reader.finish(actor.zip(id)).unwrap_err();
        let fields: Vec<&str> = bad.violations.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["actor.person", "actor.role", "request_id"]);
    }
}
