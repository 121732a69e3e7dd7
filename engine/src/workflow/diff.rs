//! What changed in meaning between two versions of a workflow, in a supervisor's words.
//!
//! Invariant: comments, spaces, quotation marks and an order that means nothing are no change.
//! Invariant: nothing changed exactly when the list of changes is empty; `version` is not compared.

mod answers;
mod learning;
mod length;
mod people;
mod steps;
mod time;
mod ways;
mod words;

use super::compile::compile;
use super::source::{self, Sp, Table};
use crate::finding::Span;

/// What a change does to people. The first ones matter most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Somebody may do more than before.
    PowerGrew,
    /// The customer, or the work itself, is protected by less than before.
    ProtectionFell,
    /// Something is no longer there.
    Gone,
    /// Something is there that was not.
    Added,
    /// Something is different.
    Changed,
}

impl Weight {
    /// Every weight, the one that matters most first.
    pub const ALL: [Self; 5] = [
        Self::PowerGrew,
        Self::ProtectionFell,
        Self::Gone,
        Self::Added,
        Self::Changed,
    ];

    /// Returns its word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PowerGrew => "power_grew",
            Self::ProtectionFell => "protection_fell",
            Self::Gone => "gone",
            Self::Added => "added",
            Self::Changed => "changed",
        }
    }
}

/// A change of meaning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it does to people.
    pub weight: Weight,
    /// What changed, by the words of the file: `steps.hear.actions.understood`.
    pub place: String,
    /// What changed, for a person: a sentence without a full stop.
    pub text: String,
    /// Where it stood in the old file.
    pub old: Option<Span>,
    /// Where it stands in the new file.
    pub new: Option<Span>,
}

/// Returns what changed in meaning, what matters most first.
///
/// Both must have been read without an error; otherwise parts of them may be missed.
#[must_use]
pub fn compare(old: &source::Workflow, new: &source::Workflow) -> Vec<Change> {
    let mut found = Comparison {
        old: Side::of(old),
        new: Side::of(new),
        place: String::new(),
        spans: (None, None),
        changes: Vec::new(),
    };
    found.outline();
    found.roles();
    found.limits();
    found.steps();
    found.anywhere();
    found.outcomes();
    found.fields();
    found.tables();
    found.calendars();
    found.promises();
    found.clocks();
    found.keep();
    found.causes();
    found.afterwards();
    let mut changes = found.changes;
    changes.sort_by_key(|change| change.weight);
    changes
}

/// One of the two versions, as written and compiled.
struct Side<'a> {
    source: &'a source::Workflow,
    compiled: super::Workflow,
}

impl<'a> Side<'a> {
    fn of(source: &'a source::Workflow) -> Self {
        let compiled = compile(source, &[]);
        Self { source, compiled }
    }
}

/// Two versions, and what was found so far.
struct Comparison<'a> {
    old: Side<'a>,
    new: Side<'a>,
    /// Where the comparison is, by the words of the file.
    place: String,
    /// Where that stands in each file.
    spans: (Option<Span>, Option<Span>),
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn say(&mut self, weight: Weight, text: impl Into<String>) {
        self.changes.push(Change {
            weight,
            place: self.place.clone(),
            text: text.into(),
            old: self.spans.0,
            new: self.spans.1,
        });
    }

    /// Compares within a part of the file.
    fn within(
        &mut self,
        part: &str,
        spans: (Option<Span>, Option<Span>),
        look: impl FnOnce(&mut Self),
    ) {
        let (place, before) = (self.place.len(), self.spans);
        if place > 0 {
            self.place.push('.');
        }
        self.place.push_str(part);
        self.spans = spans;
        look(self);
        self.place.truncate(place);
        self.spans = before;
    }

    /// Compares what two files declare under names: what is gone, what is new, and in `both` what
    /// changed. `gone` and `added` say how much each matters, and how it is said.
    fn table<T>(
        &mut self,
        section: &str,
        (old, new): (&Table<T>, &Table<T>),
        gone: impl Fn(&mut Self, &str, &T),
        added: impl Fn(&mut Self, &str, &T),
        both: impl Fn(&mut Self, &str, &T, &T),
    ) {
        for (name, was) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
            let part = format!("{section}.{name}");
            self.within(&part, (Some(was.span), None), |c| gone(c, name, &was.value));
        }
        for (name, is) in new {
            let part = format!("{section}.{name}");
            let was = old.get(name);
            self.within(
                &part,
                (was.map(|was| was.span), Some(is.span)),
                |c| match was {
                    None => added(c, name, &is.value),
                    Some(was) => both(c, name, &was.value, &is.value),
                },
            );
        }
    }

    /// Compares what a word says, where no way of changing it matters more than another.
    fn word(&mut self, subject: &str, word: &str, old: Option<String>, new: Option<String>) {
        self.weighed(subject, word, (old, new), Weight::Changed);
    }

    /// Compares what a word says. `gone` is what it weighs that the word is no longer there.
    fn weighed(
        &mut self,
        subject: &str,
        word: &str,
        (old, new): (Option<String>, Option<String>),
        gone: Weight,
    ) {
        match (old, new) {
            (Some(old), Some(new)) if old != new => self.say(
                Weight::Changed,
                format!("{subject}: `{word}` was {old} and is now {new}"),
            ),
            (Some(old), None) => {
                self.say(gone, format!("{subject}: `{word}` is gone; it was {old}"));
            }
            (None, Some(new)) => {
                self.say(
                    Weight::Changed,
                    format!("{subject}: `{word}` is new: {new}"),
                );
            }
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    /// Compares two sets; `gone` and `added` say each item in a sentence, with what it weighs.
    fn set(
        &mut self,
        old: &[String],
        new: &[String],
        (gone, gone_text): (Weight, impl Fn(&str) -> String),
        (added, added_text): (Weight, impl Fn(&str) -> String),
    ) {
        for item in old.iter().filter(|item| !new.contains(item)) {
            self.say(gone, gone_text(item));
        }
        for item in new.iter().filter(|item| !old.contains(item)) {
            self.say(added, added_text(item));
        }
    }

    fn outline(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        let says = |part: &Sp<String>| Some(words::quoted(&part.value));
        let what = "The workflow";
        let at = |old: Span, new: Span| (Some(old), Some(new));
        self.within("workflow", at(old.id.span, new.id.span), |c| {
            c.word(what, "workflow", says(&old.id), says(&new.id));
        });
        self.within("title", at(old.title.span, new.title.span), |c| {
            c.word(what, "title", says(&old.title), says(&new.title));
        });
        for (word, was, is) in [
            ("purpose", &old.purpose, &new.purpose),
            ("owner", &old.owner, &new.owner),
        ] {
            let spans = (was.as_ref().map(|p| p.span), is.as_ref().map(|p| p.span));
            self.within(word, spans, |c| {
                c.word(
                    what,
                    word,
                    was.as_ref().and_then(says),
                    is.as_ref().and_then(says),
                );
            });
        }
        let model = |source: &source::Workflow| match &source.model {
            Some(model) => model.value,
            None => source::Model::Heard,
        };
        let spans = (
            old.model.as_ref().map(|model| model.span),
            new.model.as_ref().map(|model| model.span),
        );
        self.within("model", spans, |c| match (model(old), model(new)) {
            (source::Model::Heard, source::Model::Custom) => c.say(
                Weight::ProtectionFell,
                "It is no longer proved that a case is heard, met with empathy, apologised for \
                 and resolved in that order (`model` is now custom)",
            ),
            (source::Model::Custom, source::Model::Heard) => c.say(
                Weight::Changed,
                "It is now proved that a case is heard, met with empathy, apologised for and \
                 resolved in that order (`model` is now heard)",
            ),
            (source::Model::Heard, source::Model::Heard)
            | (source::Model::Custom, source::Model::Custom) => {}
        });
        self.within("start", at(old.start.span, new.start.span), |c| {
            if old.start.value != new.start.value {
                let (was, is) = (
                    words::target(old, &old.start.value),
                    words::target(new, &new.start.value),
                );
                c.say(
                    Weight::Changed,
                    format!("A case begins in {is}; it began in {was}"),
                );
            }
        });
    }
}

#[cfg(test)]
mod tests;
