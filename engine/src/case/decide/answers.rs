//! The answers of a case together with those that come with a command.

use crate::case::event::{AnswerRecorded, Event, Held};
use crate::case::refusal::Reason;
use crate::case::{Case, ask};
use crate::id::FieldName;
use crate::value::Value;
use crate::workflow::condition::Seen;
use crate::workflow::{FieldIndex, FieldKind, Max, Need, Workflow};

/// The answers of a case, those given now, and defaults for what is needed and has none.
pub(super) struct Overlay<'a> {
    workflow: &'a Workflow,
    case: Option<&'a Case>,
    given: &'a [(FieldName, Held)],
    defaults: Vec<(FieldName, Held)>,
}

impl<'a> Overlay<'a> {
    pub(super) const fn new(
        workflow: &'a Workflow,
        case: Option<&'a Case>,
        given: &'a [(FieldName, Held)],
    ) -> Self {
        Self {
            workflow,
            case,
            given,
            defaults: Vec::new(),
        }
    }

    pub(super) fn find(&self, name: &FieldName) -> Option<&Held> {
        let mut now = self.given.iter().chain(&self.defaults);
        now.find(|(given, _)| given == name)
            .map(|(_, held)| held)
            .or_else(|| self.case?.answers().get(name).map(|answer| &answer.value))
    }

    /// Returns what a condition may see of a field.
    pub(super) fn seen(&self, field: FieldIndex) -> Seen<'_> {
        self.find(self.workflow.field_at(field).0)
            .map_or(Seen::Empty, Held::seen)
    }

    /// Takes the defaults of needed fields without an answer.
    pub(super) fn fill(&mut self, needs: &[&[Need]]) {
        for index in ask::named(needs) {
            let (name, field) = self.workflow.field_at(index);
            if let (None, Some(default)) = (self.find(name), ask::default_of(field)) {
                let held = Held::Open(default.clone());
                self.defaults.push((name.clone(), held));
            }
        }
    }

    /// Says which needs do not hold: missing fields together, then each condition.
    pub(super) fn unmet(&self, needs: &[&[Need]], what: &str) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = self.missing(ask::named(needs)).into_iter().collect();
        for need in needs.iter().flat_map(|needs| needs.iter()) {
            match need {
                Need::Condition(condition) if !condition.holds(&|field| self.seen(field)) => {
                    reasons.push(Reason::NeedsNotMet {
                        what: what.to_owned(),
                        condition: condition.describe(self.workflow),
                    });
                }
                Need::Condition(_) | Need::Field(_) => {}
            }
        }
        reasons
    }

    fn missing(&self, fields: impl Iterator<Item = FieldIndex>) -> Option<Reason> {
        let fields = self.unanswered(fields);
        (!fields.is_empty()).then_some(Reason::AnswersMissing { fields })
    }

    /// Returns those of the fields that have no answer, each once, with their questions.
    pub(super) fn unanswered(
        &self,
        fields: impl Iterator<Item = FieldIndex>,
    ) -> Vec<(FieldName, String)> {
        let mut unanswered: Vec<(FieldName, String)> = Vec::new();
        for index in fields {
            let (name, field) = self.workflow.field_at(index);
            let is_known = unanswered.iter().any(|(known, _)| known == name);
            if self.find(name).is_none() && !is_known {
                unanswered.push((name.clone(), field.ask.clone()));
            }
        }
        unanswered
    }

    /// Refuses the first given answer above the answer of the field that limits it.
    pub(super) fn above_max(&self) -> Option<Reason> {
        self.given.iter().find_map(|(name, held)| {
            let (_, field) = self.workflow.field(name.as_str())?;
            let (FieldKind::Number { max, .. } | FieldKind::Money { max, .. }) = &field.kind else {
                return None;
            };
            let Some(Max::Field(limit)) = max else {
                return None;
            };
            // A sealed amount on either side cannot be compared.
            let (Held::Open(value), Seen::Value(max)) = (held, self.seen(*limit)) else {
                return None;
            };
            is_above(value, max).then(|| Reason::OverMax {
                field: name.clone(),
                limit: self.workflow.field_at(*limit).0.clone(),
                max: max.to_string(),
            })
        })
    }

    /// Refuses answers for fields that are not among those asked. A computed field never is.
    pub(super) fn not_asked(
        &self,
        asked: impl Iterator<Item = FieldIndex>,
        what: &str,
    ) -> Option<Reason> {
        let mut names: Vec<&FieldName> = Vec::new();
        for index in asked {
            let (name, field) = self.workflow.field_at(index);
            if !field.computed && !names.contains(&name) {
                names.push(name);
            }
        }
        let given = self.given.iter().map(|(name, _)| name);
        let stray: Vec<FieldName> = given
            .filter(|name| !names.contains(name))
            .cloned()
            .collect();
        (!stray.is_empty()).then(|| Reason::NotAsked {
            what: what.to_owned(),
            fields: stray,
            asked: names.into_iter().cloned().collect(),
        })
    }

    /// Returns the recordings: given answers, then defaults.
    pub(super) fn recordings(&self) -> Vec<Event> {
        let given = self.given.iter().map(|pair| (pair, false));
        let all = given.chain(self.defaults.iter().map(|pair| (pair, true)));
        let before = self.case.map_or(0, |case| case.recordings);
        all.zip(before + 1..)
            .map(|(((field, value), by_default), recording)| {
                Event::AnswerRecorded(AnswerRecorded {
                    by_default,
                    field: field.clone(),
                    recording,
                    value: value.clone(),
                })
            })
            .collect()
    }
}

fn is_above(value: &Value, max: &Value) -> bool {
    match (value, max) {
        (Value::Number(value), Value::Number(max)) => value > max,
        (Value::Money(value), Value::Money(max)) => {
            value.currency == max.currency && value.minor > max.minor
        }
        _ => false,
    }
}
