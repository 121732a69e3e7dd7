//! The answers of a case together with those that come with a command.

use crate::case::Case;
use crate::case::event::{AnswerRecorded, Event, Held};
use crate::case::refusal::Reason;
use crate::id::FieldName;
use crate::money::Money;
use crate::value::Value;
use crate::workflow::condition::Seen;
use crate::workflow::{FieldIndex, FieldKind, Max, Need, Step, Workflow};

/// Returns whether a step, its tasks or its actions name the field in `needs` or `asks`.
pub(super) fn names(step: &Step, field: FieldIndex) -> bool {
    let in_needs = |needs: &[Need]| {
        needs
            .iter()
            .any(|need| matches!(need, Need::Field(f) if *f == field))
    };
    in_needs(&step.needs)
        || step.asks.contains(&field)
        || step
            .tasks
            .values()
            .any(|task| in_needs(&task.needs) || task.asks.contains(&field))
        || step.actions.values().any(|action| in_needs(&action.needs))
}

/// The answers of a case, those given now, and defaults for what is needed and has none.
pub(super) struct Overlay<'a> {
    workflow: &'a Workflow,
    case: &'a Case,
    given: &'a [(FieldName, Held)],
    defaults: Vec<(FieldName, Held)>,
}

impl<'a> Overlay<'a> {
    pub(super) const fn new(
        workflow: &'a Workflow,
        case: &'a Case,
        given: &'a [(FieldName, Held)],
    ) -> Self {
        Self {
            workflow,
            case,
            given,
            defaults: Vec::new(),
        }
    }

    fn find(&self, name: &FieldName) -> Option<&Held> {
        let now = self
            .given
            .iter()
            .chain(&self.defaults)
            .find(|(given, _)| given == name);
        now.map(|(_, held)| held)
            .or_else(|| self.case.answers().get(name).map(|a| &a.value))
    }

    /// Returns what a condition may see of a field.
    pub(super) fn seen(&self, field: FieldIndex) -> Seen<'_> {
        self.find(self.workflow.field_at(field).0)
            .map_or(Seen::Empty, Held::seen)
    }

    /// Takes the default of a needed field without an answer.
    pub(super) fn fill(&mut self, needs: &[Need]) {
        for need in needs {
            let Need::Field(index) = need else { continue };
            let (name, field) = self.workflow.field_at(*index);
            if self.find(name).is_some() {
                continue;
            }
            // A sealed field has no default: its salt would have to come with the command.
            if let Some(default) = field.default.as_ref().filter(|_| !field.sealed) {
                self.defaults
                    .push((name.clone(), Held::Open(default.clone())));
            }
        }
    }

    /// Says which needs do not hold: missing fields together, then each condition.
    pub(super) fn unmet(&self, needs: &[&[Need]], what: &str) -> Vec<Reason> {
        let mut missing: Vec<(FieldName, String)> = Vec::new();
        let mut reasons = Vec::new();
        for need in needs.iter().flat_map(|needs| needs.iter()) {
            match need {
                Need::Field(index) => {
                    let (name, field) = self.workflow.field_at(*index);
                    if self.find(name).is_none() && missing.iter().all(|(known, _)| known != name) {
                        missing.push((name.clone(), field.ask.clone()));
                    }
                }
                Need::Condition(condition) => {
                    if !condition.holds(&|field| self.seen(field)) {
                        let condition = condition.describe(self.workflow);
                        reasons.push(Reason::NeedsNotMet {
                            what: what.to_owned(),
                            condition,
                        });
                    }
                }
            }
        }
        if !missing.is_empty() {
            reasons.insert(0, Reason::AnswersMissing { fields: missing });
        }
        reasons
    }

    /// Checks given answers against the fields that limit them.
    pub(super) fn check_max(&self) -> Result<(), Reason> {
        for (name, held) in self.given {
            let Some((_, field)) = self.workflow.field(name.as_str()) else {
                continue;
            };
            let (FieldKind::Number { max, .. } | FieldKind::Money { max, .. }) = &field.kind else {
                continue;
            };
            let Some(Max::Field(limit)) = max else {
                continue;
            };
            let (limit_name, _) = self.workflow.field_at(*limit);
            // A sealed amount on either side cannot be compared.
            let (Held::Open(value), Seen::Value(max)) = (held, self.seen(*limit)) else {
                continue;
            };
            if is_above(value, max) {
                return Err(Reason::OverMax {
                    field: name.clone(),
                    limit: limit_name.clone(),
                    max: max.to_string(),
                });
            }
        }
        Ok(())
    }

    /// Refuses answers for fields that are not among those asked.
    pub(super) fn check_asked(&self, asked: &[FieldIndex], what: &str) -> Result<(), Reason> {
        let asked: Vec<&FieldName> = asked
            .iter()
            .map(|index| self.workflow.field_at(*index))
            .filter(|(_, field)| !field.computed)
            .map(|(name, _)| name)
            .collect();
        let stray: Vec<FieldName> = self
            .given
            .iter()
            .filter(|(name, _)| !asked.contains(&name))
            .map(|(name, _)| name.clone())
            .collect();
        if stray.is_empty() {
            return Ok(());
        }
        Err(Reason::NotAsked {
            what: what.to_owned(),
            fields: stray,
            asked: asked.into_iter().cloned().collect(),
        })
    }

    /// Returns the recordings: given answers, then defaults.
    pub(super) fn recordings(&self) -> Vec<Event> {
        let given = self.given.iter().map(|pair| (pair, false));
        let all = given.chain(self.defaults.iter().map(|pair| (pair, true)));
        let first = self.case.recordings + 1;
        all.zip(first..)
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

/// Returns the fields that needs name, in order, each once, then those asked.
pub(super) fn asked(needs: &[&[Need]], asks: &[&[FieldIndex]]) -> Vec<FieldIndex> {
    let named = needs
        .iter()
        .flat_map(|needs| needs.iter())
        .filter_map(|need| match need {
            Need::Field(field) => Some(*field),
            Need::Condition(_) => None,
        });
    let mut fields = Vec::new();
    for field in named.chain(asks.iter().flat_map(|asks| asks.iter().copied())) {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    fields
}

fn is_above(value: &Value, max: &Value) -> bool {
    match (value, max) {
        (Value::Number(value), Value::Number(max)) => value > max,
        (Value::Money(Money { currency, minor }), Value::Money(max)) => {
            *currency == max.currency && *minor > max.minor
        }
        _ => false,
    }
}
