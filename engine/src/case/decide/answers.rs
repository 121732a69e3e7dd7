//! The answers of a case together with those that come with a command.

use crate::case::event::{AnswerRecorded, Event, Held, ValueComputed, ValueEmptied};
use crate::case::refusal::Reason;
use crate::case::{Answer, Case, ask};
use crate::id::FieldName;
use crate::value::Value;
use crate::workflow::condition::Seen;
use crate::workflow::{FieldIndex, FieldKind, Max, Need, Workflow};

/// The answers of a case, those given now, defaults for what is needed and has none, and what the
/// tables make of them.
pub(super) struct Overlay<'a> {
    workflow: &'a Workflow,
    case: Option<&'a Case>,
    given: &'a [(FieldName, Held)],
    defaults: Vec<(FieldName, Held)>,
    /// Fields whose table gives them another value, or none.
    computed: Vec<(FieldName, Option<Value>)>,
}

/// How a field stands.
pub(super) enum Standing<'a> {
    /// Recorded with this command, under this number.
    Now(u32, Value),
    /// Recorded before.
    Before(&'a Answer),
    /// It has no answer.
    Empty,
}

impl<'a> Overlay<'a> {
    pub(super) fn new(
        workflow: &'a Workflow,
        case: Option<&'a Case>,
        given: &'a [(FieldName, Held)],
    ) -> Self {
        let mut overlay = Self {
            workflow,
            case,
            given,
            defaults: Vec::new(),
            computed: Vec::new(),
        };
        overlay.compute();
        overlay
    }

    /// Returns what a condition may see of a field.
    pub(super) fn seen(&self, field: FieldIndex) -> Seen<'_> {
        self.seen_of(self.workflow.field_at(field).0)
    }

    fn seen_of(&self, name: &FieldName) -> Seen<'_> {
        if let Some((_, value)) = self.computed.iter().find(|(field, _)| field == name) {
            return value.as_ref().map_or(Seen::Empty, Seen::Value);
        }
        let mut now = self.given.iter().chain(&self.defaults);
        match now.find(|(given, _)| given == name) {
            Some((_, held)) => held.seen(),
            None => self
                .case
                .map_or(Seen::Empty, |case| case.seen(name.as_str())),
        }
    }

    fn is_empty(&self, name: &FieldName) -> bool {
        matches!(self.seen_of(name), Seen::Empty)
    }

    /// Returns how a field stands after this command, and which recording that is.
    pub(super) fn standing(&self, name: &FieldName) -> Standing<'_> {
        let first = self.case.map_or(0, |case| case.recordings) + 1;
        for (event, recording) in self.recorded().zip(first..) {
            match event {
                Recorded::Answer { field, value, .. } if field == name => match value {
                    Held::Open(value) => return Standing::Now(recording, value.clone()),
                    Held::Sealed(_) => return Standing::Empty,
                },
                Recorded::Computed { field, value } if field == name => {
                    return Standing::Now(recording, value.clone());
                }
                Recorded::Answer { .. } | Recorded::Computed { .. } => {}
            }
        }
        let before = self.case.and_then(|case| case.answers().get(name));
        before
            .filter(|_| !self.is_empty(name))
            .map_or(Standing::Empty, Standing::Before)
    }

    /// Takes the defaults of needed fields without an answer.
    pub(super) fn fill(&mut self, needs: &[&[Need]]) {
        let before = self.defaults.len();
        for index in ask::named(needs) {
            let (name, field) = self.workflow.field_at(index);
            if let (true, Some(default)) = (self.is_empty(name), ask::default_of(field)) {
                let held = Held::Open(default.clone());
                self.defaults.push((name.clone(), held));
            }
        }
        if self.defaults.len() > before {
            self.compute();
        }
    }

    /// Computes what the tables give, each after those it looks at.
    fn compute(&mut self) {
        self.computed.clear();
        for computed in self.workflow.computed() {
            let name = self.workflow.field_at(computed.field).0;
            let value = computed.value(&|field| self.seen(field));
            let is_same = match (self.seen_of(name), value) {
                (Seen::Empty, None) => true,
                (Seen::Value(before), Some(value)) => before == value,
                (Seen::Empty | Seen::Sealed, Some(_)) | (Seen::Value(_) | Seen::Sealed, None) => {
                    false
                }
            };
            if !is_same {
                let value = value.cloned();
                self.computed.push((name.clone(), value));
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
            if self.is_empty(name) && !is_known {
                unanswered.push((name.clone(), field.ask.clone()));
            }
        }
        unanswered
    }

    /// Refuses the first answer, given or taken from a default, above the answer of the field that
    /// limits it.
    pub(super) fn above_max(&self) -> Option<Reason> {
        let mut answers = self.given.iter().chain(&self.defaults);
        answers.find_map(|(name, held)| {
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

    /// Returns what is recorded: given answers, then defaults, then what tables give.
    fn recorded(&self) -> impl Iterator<Item = Recorded<'_>> {
        let given = self.given.iter().map(|(field, value)| Recorded::Answer {
            field,
            value,
            by_default: false,
        });
        let defaults = self.defaults.iter().map(|(field, value)| Recorded::Answer {
            field,
            value,
            by_default: true,
        });
        let computed = self.computed.iter().filter_map(|(field, value)| {
            let value = value.as_ref()?;
            Some(Recorded::Computed { field, value })
        });
        given.chain(defaults).chain(computed)
    }

    /// Returns the events of what is recorded, and of values that tables no longer give.
    pub(super) fn recordings(&self) -> Vec<Event> {
        let before = self.case.map_or(0, |case| case.recordings);
        let recorded = self.recorded().zip(before + 1..);
        let recorded = recorded.map(|(recorded, recording)| match recorded {
            Recorded::Answer {
                field,
                value,
                by_default,
            } => Event::AnswerRecorded(AnswerRecorded {
                by_default,
                field: field.clone(),
                recording,
                value: value.clone(),
            }),
            Recorded::Computed { field, value } => Event::ValueComputed(ValueComputed {
                field: field.clone(),
                recording,
                value: value.clone(),
            }),
        });
        let emptied = self.computed.iter().filter(|(_, value)| value.is_none());
        let emptied = emptied.map(|(field, _)| {
            let field = field.clone();
            Event::ValueEmptied(ValueEmptied { field })
        });
        recorded.chain(emptied).collect()
    }
}

/// What is recorded with a command.
enum Recorded<'o> {
    Answer {
        field: &'o FieldName,
        value: &'o Held,
        by_default: bool,
    },
    Computed {
        field: &'o FieldName,
        value: &'o Value,
    },
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
