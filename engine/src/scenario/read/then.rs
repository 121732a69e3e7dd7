//! What a scenario must come to.

use super::{File, unknown};
use crate::finding::Span;
use crate::id::{OutcomeName, StepName};
use crate::money::Money;
use crate::scenario::story::{Expected, Hope, Wish};
use crate::workflow::source::{Node, Shape, Sp};

impl File<'_> {
    pub(super) fn then(&mut self, node: &Node) -> Vec<Expected> {
        let known = ["at", "answers", "owes_cause", "given", "broken", "told"];
        let words = self.reader.words(node, "`then`", node.span, &known);
        let mut then = Vec::new();
        if let Some(at) = words.get("at").and_then(|at| self.reader.text(at)) {
            then.extend(self.place(&at));
        }
        if let Some(answers) = words.get("answers") {
            for (field, node) in self.fields(answers) {
                let wish = match &node.shape {
                    Shape::Text(text) if text == "empty" => Some(Wish::Empty),
                    Shape::Text(text) if text == "filled" => Some(Wish::Filled),
                    Shape::Text(_) | Shape::List(_) | Shape::Empty | Shape::Map(_) => {
                        self.value(&field, node).map(Wish::Is)
                    }
                };
                let span = node.span;
                then.extend(wish.map(|wish| Expected {
                    span,
                    hope: Hope::Answer(field, wish),
                }));
            }
        }
        if let Some(owes) = words.get("owes_cause").and_then(|at| self.reader.flag(at)) {
            then.push(Expected {
                span: owes.span,
                hope: Hope::OwesCause(owes.value),
            });
        }
        if let Some(given) = words.get("given") {
            for (field, node) in self.fields(given) {
                let span = node.span;
                // Not an answer: what is given in all may be above what one answer may be.
                let text = self.reader.text(node);
                let money = text.and_then(|text| self.amount(&text));
                then.extend(money.map(|money| Expected {
                    span,
                    hope: Hope::Given(field, money),
                }));
            }
        }
        let span = |word: &str| words.place(word);
        for (word, with) in [("broken", "promises"), ("told", "deadlines")] {
            if let Some(span) = span(word) {
                self.not_yet(word, span, with);
            }
        }
        then
    }

    fn amount(&mut self, text: &Sp<String>) -> Option<Money> {
        match Money::parse(&text.value) {
            Ok(money) => Some(money),
            Err(error) => {
                let expected = error.to_string();
                self.reader.bad_value(text.span, &text.value, &expected);
                None
            }
        }
    }

    fn place(&mut self, at: &Sp<String>) -> Option<Expected> {
        let (name, span): (&str, Span) = (&at.value, at.span);
        let is_known = self.workflow.step(name).is_some() || self.workflow.outcome(name).is_some();
        if !is_known {
            let steps = self.workflow.steps().map(|step| &step.name);
            let outcomes = self.workflow.outcomes().map(|outcome| &outcome.name);
            let known = steps.map(StepName::as_str);
            let known: Vec<&str> = known.chain(outcomes.map(OutcomeName::as_str)).collect();
            unknown(&mut self.reader, at, "step or outcome", &known);
            return None;
        }
        Some(Expected {
            span,
            hope: Hope::At(name.to_owned()),
        })
    }
}
