//! What a scenario must come to.

mod timely;

use super::{File, unknown};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::id::{OutcomeName, StepName};
use crate::money::Money;
use crate::scenario::story::{Expected, Fate, Hope, Wish};
use crate::workflow::source::{Node, Shape, Sp};

/// Says whether `none` stands there: nothing at all.
fn is_none(node: &Node) -> bool {
    matches!(&node.shape, Shape::Text(text) if text == "none")
}

impl File<'_> {
    pub(super) fn then(&mut self, node: &Node) -> Vec<Expected> {
        let known = ["at", "answers", "owes_cause", "given", "told", "due"];
        let fates = Fate::ALL.map(Fate::as_str);
        let known: Vec<&str> = known.into_iter().chain(fates).collect();
        let words = self.reader.words(node, "`then`", node.span, &known);
        let mut then = Vec::new();
        if let Some(at) = words.get("at").and_then(|at| self.reader.text(at)) {
            then.extend(self.place(&at));
        }
        if let Some(answers) = words.get("answers") {
            self.must_say_something(answers, "answers", "the field and its answer");
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
            then.extend(self.given(given));
        }
        for fate in Fate::ALL {
            if let Some(node) = words.get(fate.as_str()) {
                then.extend(self.fate(fate, node));
            }
        }
        then.extend(words.get("told").map(|told| self.told(told)));
        if let Some(due) = words.get("due") {
            then.extend(self.dues(due));
        }
        then
    }

    /// Reads what must have been given; `none` stands for nothing.
    fn given(&mut self, node: &Node) -> Vec<Expected> {
        let span = node.span;
        if is_none(node) {
            let hope = Hope::NothingGiven;
            return vec![Expected { span, hope }];
        }
        let mend = "the field and the amount, or `given: none` for nothing at all";
        self.must_say_something(node, "given", mend);
        let mut given = Vec::new();
        for (field, node) in self.fields(node) {
            let span = node.span;
            // Not an answer: what is given in all may be above what one answer may be.
            let wanted = if is_none(node) {
                Some(None)
            } else {
                let text = self.reader.text(node);
                text.and_then(|text| self.amount(&text)).map(Some)
            };
            given.extend(wanted.map(|wanted| Expected {
                span,
                hope: Hope::Given(field, wanted),
            }));
        }
        given
    }

    /// Refuses an expectation that is empty: it would hold whatever happens.
    fn must_say_something(&mut self, node: &Node, word: &str, what: &str) {
        let is_empty = match &node.shape {
            Shape::Empty => true,
            Shape::Map(pairs) => pairs.is_empty(),
            Shape::List(items) => items.is_empty(),
            Shape::Text(_) => false,
        };
        if is_empty {
            let message = format!("`{word}` says nothing here");
            let finding = Finding::error(Code::H004, node.span, message)
                .why("it would hold whatever happens")
                .mend(format!("write {what}, or delete it"));
            self.reader.report(finding);
        }
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
