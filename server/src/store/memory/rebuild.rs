//! Derived rows made again.
//!
//! Invariant: rows that were not derived from the entries change nothing.

use std::collections::{HashMap, HashSet};

use heard_engine::entry::StreamName;
use heard_engine::id::{Position, Revision};

use super::Contents;
use crate::store::{Derived, Error};

impl Contents {
    /// Replaces every derived row, or changes nothing.
    pub(super) fn replace_derived(&mut self, rows: Vec<Derived>) -> Result<(), Error> {
        let mut places: HashMap<(StreamName, Revision), Position> = HashMap::new();
        for (stream, entry) in &self.log {
            places.insert((stream.clone(), entry.revision), entry.position);
        }
        let mut seen = HashSet::new();
        let mut numbers = HashSet::new();
        let mut causes = Vec::new();
        let mut bookings = Vec::new();
        let mut surveys = Vec::new();
        for derived in &rows {
            let row = &derived.case;
            let stream = StreamName::Case(row.case);
            let head = self
                .stream(&stream)
                .and_then(|stream| stream.entries.last());
            let is_head = head.is_some_and(|head| {
                (head.revision, head.hash, head.position) == (row.revision, row.head, row.position)
            });
            if !is_head || !seen.insert(row.case) {
                return Err(not_derived());
            }
            for cause in &derived.causes {
                let place = (stream.clone(), cause.revision);
                let position = places.get(&place).ok_or_else(not_derived)?;
                if cause.case != row.case || !numbers.insert((cause.case, cause.number)) {
                    return Err(not_derived());
                }
                causes.push((*position, cause.clone()));
            }
            for booking in &derived.bookings {
                let place = (stream.clone(), booking.revision);
                let position = places.get(&place).ok_or_else(not_derived)?;
                if booking.case != row.case {
                    return Err(not_derived());
                }
                bookings.push((*position, booking.clone()));
            }
            for survey in &derived.surveys {
                let place = (stream.clone(), survey.revision);
                let position = places.get(&place).ok_or_else(not_derived)?;
                if survey.case != row.case {
                    return Err(not_derived());
                }
                surveys.push((*position, survey.clone()));
            }
        }
        bookings.sort_by_key(|(position, booking)| (*position, booking.place));
        self.bookings = bookings.into_iter().map(|(_, booking)| booking).collect();
        surveys.sort_by_key(|(position, _)| *position);
        self.surveys = surveys.into_iter().map(|(_, survey)| survey).collect();
        causes.sort_by_key(|(position, cause)| (*position, cause.number));
        self.causes = causes.into_iter().map(|(_, cause)| cause).collect();
        for stream in &mut self.streams {
            stream.case = None;
        }
        self.due.clear();
        for derived in rows {
            self.list_case(derived.case);
        }
        Ok(())
    }
}

fn not_derived() -> Error {
    Error::Data {
        operation: "rebuild",
        source: Some("a row was not derived from the entries of the store".into()),
    }
}
