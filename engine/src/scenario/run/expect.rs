//! What must be so at the end of a story.

use super::{Teller, Told, failed};
use crate::case::{Case, Held};
use crate::finding::Span;
use crate::id::FieldName;
use crate::money::Money;
use crate::scenario::story::{Expected, Hope, Wish};
use crate::value::Value;

impl Teller<'_> {
    pub(super) fn expect(&self, expected: &Expected) -> Told {
        let at = expected.span;
        match &expected.hope {
            Hope::At(place) => {
                if self.desk.place().0 == *place {
                    return Ok(());
                }
                let wanted = format!("the case in `{place}`{}", self.title(place));
                let mut failure = failed(at, &wanted, vec![self.whereabouts()]);
                failure.notes = self.nearest(place);
                Err(failure)
            }
            Hope::Answer(field, wish) => self.expect_answer(at, field, wish),
            Hope::Given(field, wanted) => self.expect_given(at, field, *wanted),
            Hope::NothingGiven => self.expect_nothing_given(at),
            Hope::Told(roles) => self.expect_told(at, roles),
            Hope::Exactly(fate, names) => self.expect_fate(at, *fate, names),
            Hope::Due(name, due) => self.expect_due(at, name, *due),
            Hope::OwesCause(owes) => {
                let does = self.desk.case.as_ref().is_some_and(Case::owes_cause);
                if does == *owes {
                    return Ok(());
                }
                let said = |owes| {
                    let not = if owes { "owes" } else { "does not owe" };
                    format!("the case {not} a root cause")
                };
                Err(failed(at, &said(*owes), vec![said(does)]))
            }
        }
    }

    fn expect_given(&self, span: Span, field: &FieldName, wanted: Option<Money>) -> Told {
        let total = self.given(field.as_str());
        if total == wanted.filter(|wanted| wanted.minor != 0) {
            return Ok(());
        }
        let said = |amount: Option<Money>| {
            amount.map_or_else(|| "nothing".to_owned(), |amount| amount.to_string())
        };
        let expected = format!("`{field}` given: {}", said(wanted));
        Err(failed(
            span,
            &expected,
            vec![format!("given: {}", said(total))],
        ))
    }

    fn expect_nothing_given(&self, span: Span) -> Told {
        let fields = self.desk.workflow.fields().keys();
        let given = fields.filter_map(|field| Some((field, self.given(field.as_str())?)));
        let given: Vec<String> = given
            .map(|(field, amount)| format!("`{field}` given: {amount}"))
            .collect();
        if given.is_empty() {
            return Ok(());
        }
        Err(failed(span, "nothing given", given))
    }

    /// Returns how much of a field is given and not taken back; none for nothing.
    fn given(&self, field: &str) -> Option<Money> {
        let total = self.desk.case.as_ref()?.total_booked(field);
        total.filter(|total| total.minor != 0)
    }

    fn expect_answer(&self, span: Span, field: &FieldName, wish: &Wish) -> Told {
        let answers = self.desk.case.as_ref().map(Case::answers);
        let held = answers.and_then(|answers| answers.get(field));
        let value: Option<&Value> = held.and_then(|answer| match &answer.value {
            Held::Open(value) => Some(value),
            Held::Sealed(_) => self.desk.told.get(field),
        });
        let is_met = match wish {
            Wish::Empty => held.is_none(),
            Wish::Filled => held.is_some(),
            Wish::Is(wished) => value == Some(wished),
        };
        if is_met {
            return Ok(());
        }
        let expected = match wish {
            Wish::Empty => format!("`{field}` without an answer"),
            Wish::Filled => format!("`{field}` with an answer"),
            Wish::Is(value) => format!("`{field}`: {value}"),
        };
        let is = value.map_or_else(|| "no answer".to_owned(), Value::to_string);
        Err(failed(span, &expected, vec![format!("`{field}`: {is}")]))
    }
}
