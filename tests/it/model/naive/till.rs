//! Amounts that are given, approved and taken back, and values from tables (9, 14 to 16).

use serde_json::Value as Yaml;

use super::file::{Holds, items, list, number, text};
use super::{Naive, Op, Said};

/// An amount that was given.
#[derive(Debug, Clone)]
pub struct Booking {
    pub field: String,
    pub amount: i64,
    pub recording: u32,
    pub person: u8,
    pub role: String,
    minutes: i64,
}

/// Who approved which recording.
#[derive(Debug, Clone)]
pub struct Approval {
    recording: u32,
    person: u8,
    role: String,
}

/// The first act can happen on a Monday at nine.
const MINUTES_BEFORE: i64 = 9 * 60;
const DAY: i64 = 24 * 60;

impl Naive {
    /// 9: until nothing changes any more. An empty table is a table without a row that fits.
    pub(super) fn compute(&mut self, op: &Op) {
        let computed = self.file.names("fields").into_iter();
        let computed: Vec<String> = computed.filter(|f| self.file.is_computed(f)).collect();
        // As many rounds as a chain of tables could need; what comes first is recorded first.
        for _ in 0..computed.len() {
            for field in &computed {
                let (rows, looks_at) = self.file.table(field);
                let is_ready = |name: &String| !self.is_stale(name);
                if !looks_at.iter().all(is_ready) {
                    continue;
                }
                let value = self.value(&rows, &looks_at);
                let before = self
                    .answers
                    .get(field)
                    .and_then(|answer| answer.value.clone());
                match value {
                    Some(value) if before.as_ref() != Some(&value) => self.put(op, field, &value),
                    None => drop(self.answers.remove(field)),
                    Some(_) => {}
                }
            }
        }
    }

    /// Whether a value from a table is not what its table says now.
    fn is_stale(&self, field: &str) -> bool {
        if !self.file.is_computed(field) {
            return false;
        }
        let (rows, looks_at) = self.file.table(field);
        let before = self
            .answers
            .get(field)
            .and_then(|answer| answer.value.clone());
        self.value(&rows, &looks_at) != before || looks_at.iter().any(|name| self.is_stale(name))
    }

    fn value(&self, rows: &[Yaml], looks_at: &[String]) -> Option<String> {
        let seen = |field: &str| self.answers.get(field).map(|answer| answer.value.clone());
        let is_something_known = looks_at
            .iter()
            .any(|field| self.answers.contains_key(field));
        let fits = |row: &&Yaml| match &row["when"] {
            Yaml::Null => looks_at.is_empty() || is_something_known,
            when => Holds(&seen, &|_| false).all(when),
        };
        rows.iter().find(fits).map(|row| text(&row["is"]))
    }

    /// Neither covered, nor given already, nor nothing at all.
    pub(super) fn is_over(&self, op: &Op, field: &str) -> bool {
        self.to_give(field).is_some() && self.cover(op, field).is_none()
    }

    /// The amount that is to be given, if any is.
    fn to_give(&self, field: &str) -> Option<i64> {
        let answer = self.answers.get(field)?;
        let mut given = self.bookings.iter();
        let is_given = given.any(|b| b.field == field && b.recording == answer.recording);
        number(answer.value.as_ref()?).filter(|amount| *amount != 0 && !is_given)
    }

    /// 14: an approval of this very recording; the recorder; the acting person.
    fn cover(&self, op: &Op, field: &str) -> Option<(u8, String)> {
        let answer = &self.answers[field];
        if let Some(approval) = self.approval(field) {
            return Some(approval);
        }
        let recorder = (answer.person, answer.role.clone());
        let people = [recorder, (op.person, op.role.clone())];
        people
            .into_iter()
            .find(|(person, role)| self.fits(field, *person, role))
    }

    /// Who approved the present recording.
    pub fn approval(&self, field: &str) -> Option<(u8, String)> {
        let recording = self.answers.get(field)?.recording;
        let approval = self.approvals.get(field)?;
        (approval.recording == recording).then(|| (approval.person, approval.role.clone()))
    }

    fn fits(&self, field: &str, person: u8, role: &str) -> bool {
        let answer = self.answers[field].value.as_ref();
        let amount = answer.and_then(|value| number(value)).unwrap();
        let limit = text(&self.file.field(field)["limit"]);
        let parts = list(&self.file.0["limits"][limit.as_str()][role]);
        let within = |part: &String| {
            let (most, per) = part.split_once(" per ").unwrap_or((part, "case"));
            let days = match per {
                "case" => None,
                "day" => Some(1),
                "week" => Some(7),
                other => panic!("the model has no {other}"),
            };
            let of_period = |minutes: i64| days.map(|d| (minutes + MINUTES_BEFORE) / (d * DAY));
            let booked = self.bookings.iter().filter(|booking| {
                text(&self.file.field(&booking.field)["limit"]) == limit
                    && (days.is_none() || booking.person == person)
                    && of_period(booking.minutes) == of_period(self.minutes)
            });
            let booked: i64 = booked.map(|booking| booking.amount).sum();
            amount + booked <= number(most).unwrap()
        };
        !parts.is_empty() && parts.iter().all(within)
    }

    /// 14 to 16: what is taken back, then what is approved, then what is given.
    pub(super) fn effects(&mut self, op: &Op, action: &Yaml, rule: &Yaml) -> Said {
        // What stands on the action, or on its rule; an action of one rule is that rule.
        let fields = |word: &str| {
            let mut fields: Vec<String> = Vec::new();
            for field in list(&[items(&action[word]), items(&rule[word])].concat().into()) {
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
            fields
        };
        for field in fields("takes_back") {
            if let Some(last) = self.bookings.iter().rposition(|b| b.field == field) {
                self.bookings.remove(last);
            }
        }
        for field in fields("approves") {
            let Some(answer) = self.answers.get(&field) else {
                return Err("nothing to approve");
            };
            if answer.person == op.person || self.entered_by == Some(op.person) {
                return Err("other eyes must approve");
            }
            if !self.fits(&field, op.person, &op.role) {
                return Err("over the limit");
            }
            let approval = Approval {
                recording: answer.recording,
                person: op.person,
                role: op.role.clone(),
            };
            self.approvals.insert(field, approval);
        }
        for field in fields("gives") {
            let Some(amount) = self.to_give(&field) else {
                continue;
            };
            let (person, role) = self.cover(op, &field).ok_or("over the limit")?;
            self.bookings.push(Booking {
                amount,
                recording: self.answers[&field].recording,
                person,
                role,
                minutes: self.minutes,
                field,
            });
        }
        Ok(())
    }
}
