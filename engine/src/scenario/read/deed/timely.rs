//! What people do about promises, clocks, surveys and follow-ups.

use std::borrow::Borrow;
use std::hash::Hash;

use indexmap::IndexMap;

use super::super::line::Parts;
use super::super::{File, unknown};
use crate::finding::Span;
use crate::id::{QuestionName, SurveyName};
use crate::scenario::story::What;

impl File<'_> {
    pub(super) fn renegotiate(&mut self, parts: &Parts<'_>) -> Option<What> {
        const WHAT: &str = "a renegotiation";
        self.only(parts, WHAT, &["as", "refused", "is", "due", "consent"]);
        let workflow = self.workflow;
        let promise = self.named(parts, WHAT, "promise", workflow.promises());
        if parts.get("due").is_none() {
            self.reader.missing(parts.lead.span, WHAT, "due");
        }
        let due = parts.get("due").and_then(|due| self.time(due));
        let consent = self.must_say(parts, WHAT, "consent");
        Some(What::Renegotiate {
            promise: promise?,
            due: due?,
            consent: consent?,
        })
    }

    pub(super) fn extend(&mut self, parts: &Parts<'_>) -> Option<What> {
        const WHAT: &str = "an extension";
        self.only(parts, WHAT, &["as", "refused", "is", "reason"]);
        let workflow = self.workflow;
        let clock = self.named(parts, WHAT, "clock", workflow.clocks());
        let reason = self.words(parts, "reason");
        Some(What::Extend {
            clock: clock?,
            reason,
        })
    }

    pub(super) fn follow_up(&mut self, parts: &Parts<'_>) -> Option<What> {
        const WHAT: &str = "a follow-up";
        self.only(parts, WHAT, &["as", "refused", "is", "text"]);
        let workflow = self.workflow;
        let follow_up = self.named(parts, WHAT, "follow-up", workflow.follow_ups());
        let note = self.words(parts, "text");
        Some(What::FollowUp {
            follow_up: follow_up?,
            note,
        })
    }

    pub(super) fn survey(&mut self, parts: &Parts<'_>) -> Option<What> {
        const WHAT: &str = "the answers of a survey";
        self.only(parts, WHAT, &["as", "refused", "is", "with", "text"]);
        let workflow = self.workflow;
        let survey = self.named(parts, WHAT, "survey", workflow.surveys());
        if parts.get("with").is_none() {
            self.reader.missing(parts.lead.span, WHAT, "with");
        }
        let comment = self.words(parts, "text");
        let survey = survey?;
        let answers = self.ratings(parts, &survey);
        Some(What::Survey {
            survey,
            answers,
            comment,
        })
    }

    /// Reads questions of a survey with their answers, each at most once.
    fn ratings(&mut self, parts: &Parts<'_>, survey: &SurveyName) -> Vec<(QuestionName, u32)> {
        let workflow = self.workflow;
        let (Some(node), Some(survey)) = (parts.get("with"), workflow.surveys().get(survey)) else {
            return Vec::new();
        };
        let mut ratings: Vec<(QuestionName, u32)> = Vec::new();
        let mut places: Vec<(String, Span)> = Vec::new();
        for (name, node) in self.reader.pairs(node, "answers") {
            if let Some((_, first)) = places.iter().find(|(known, _)| *known == name.value) {
                let first = *first;
                self.reader.duplicate(&name, first);
                continue;
            }
            places.push((name.value.clone(), name.span));
            let Some((question, scale)) = survey.questions.get_key_value(name.value.as_str())
            else {
                let known: Vec<&str> = survey.questions.keys().map(QuestionName::as_str).collect();
                unknown(&mut self.reader, &name, "question", &known);
                continue;
            };
            let answer = self.reader.whole(node, scale.lowest, scale.highest);
            ratings.extend(answer.map(|answer| (question.clone(), answer.value)));
        }
        ratings
    }

    /// Reads the name behind `is`.
    fn named<N: Clone + Hash + Eq + Borrow<str>, T>(
        &mut self,
        parts: &Parts<'_>,
        line: &str,
        what: &str,
        all: &IndexMap<N, T>,
    ) -> Option<N> {
        let Some(node) = parts.get("is") else {
            self.reader.missing(parts.lead.span, line, "is");
            return None;
        };
        let name = self.reader.text(node)?;
        let found = all.get_key_value(name.value.as_str());
        if found.is_none() {
            let known: Vec<&str> = all.keys().map(Borrow::borrow).collect();
            unknown(&mut self.reader, &name, what, &known);
        }
        found.map(|(name, _)| name.clone())
    }
}
