//! What a scenario must come to.

use super::{File, unknown};
use crate::finding::Span;
use crate::id::{OutcomeName, StepName};
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
        let span = |word: &str| words.place(word);
        for (word, with) in [
            ("given", "amounts that are given"),
            ("broken", "promises"),
            ("told", "deadlines"),
        ] {
            if let Some(span) = span(word) {
                self.not_yet(word, span, with);
            }
        }
        then
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
