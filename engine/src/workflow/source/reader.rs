//! Takes a tree apart by words and names, and notes every fault on the way.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the readers of words have one shape, so that `opt` and `must` take them by name"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::idle;
use super::meant;
use super::node::{Node, Shape};
use super::spelling::mended_name;
use super::{Names, Sp, Table};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::id::is_name;
use crate::value::TEXT_CHARS_MAX;
use crate::workflow::length::Length;

pub(crate) use super::spelling::{joined, listed, nearest};

/// Names that mean something to the language itself.
pub(crate) const RESERVED: &[&str] = &[
    "opened", "reopened", "closed", "done", "stay", "limit", "empty", "filled", "any", "not",
    "customer", "on", "off", "yes", "no", "y", "n", "true", "false",
];

/// What has been found so far.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// Every fault.
    pub(crate) findings: Vec<Finding>,
    /// The names that cannot be names, as they are spelt, and what they are read as.
    pub(crate) misnamed: BTreeMap<String, String>,
    /// Where working time is counted.
    pub(super) working: Vec<Span>,
    /// What is not acted on yet, by place.
    idle: Vec<(Span, &'static str)>,
}

/// A map whose keys are words of the language, each at most once.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    /// Where a missing word is best shown.
    pub(crate) span: Span,
    /// Something else stands there, which has been said.
    is_other: bool,
    entries: Vec<(&'static str, Span, &'a Node)>,
}

impl<'a> Words<'a> {
    pub(crate) fn get(&self, word: &str) -> Option<&'a Node> {
        let entry = self.entries.iter().find(|(known, _, _)| *known == word);
        entry.map(|(_, _, node)| *node)
    }

    /// Returns where the word itself stands.
    pub(crate) fn place(&self, word: &str) -> Option<Span> {
        let entry = self.entries.iter().find(|(known, _, _)| *known == word);
        entry.map(|(_, span, _)| *span)
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.get(word).is_some()
    }

    /// Returns whether no known word stands there.
    pub(crate) const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl Reader {
    pub(crate) fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Notes that a part of the language is not acted on yet.
    pub(crate) fn not_acted_on(&mut self, word: &'static str, span: Option<Span>) {
        self.idle.extend(span.map(|span| (span, word)));
    }

    /// Returns everything found, what is not acted on as one note at the end.
    pub(crate) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings;
        findings.extend(idle::note(self.idle));
        findings
    }

    /// Reads a map whose keys are words of the language. `what` is for people: "a step".
    pub(crate) fn words<'a>(
        &mut self,
        node: &'a Node,
        what: &str,
        at: Span,
        known: &[&'static str],
    ) -> Words<'a> {
        let mut words = Words {
            span: at,
            is_other: matches!(node.shape, Shape::Text(_) | Shape::List(_)),
            entries: Vec::new(),
        };
        let mut misspelt = Vec::new();
        let mut before: Option<(Sp<String>, &Node)> = None;
        let pairs = self.pairs(node, what);
        let taken: Vec<&str> = known
            .iter()
            .copied()
            .filter(|word| pairs.iter().any(|(key, _)| key.value == *word))
            .collect();
        for (key, value) in pairs {
            let last = before.replace((key.clone(), value));
            let Some(word) = known.iter().find(|word| **word == key.value) else {
                let reported = self.findings.len();
                let near = self.unknown_among(&key, value, what, known, &taken);
                if let (Some(finding), Some((before, first))) =
                    (self.findings.get_mut(reported), last)
                    && let (Shape::Text(first), Shape::Empty) = (&first.shape, &value.shape)
                    && finding.code == Code::H002
                {
                    let mend = meant::alone(&before.value, first, &key.value);
                    *finding = finding.clone().mend(mend);
                }
                misspelt.extend(near.map(|word| (word, key.span, value)));
                continue;
            };
            if let Some(first) = words.place(word) {
                self.duplicate(&key, first);
            } else {
                words.entries.push((word, key.span, value));
            }
        }
        // A misspelt word is read as the one that is meant, so that its consequences are no faults
        // of their own.
        for (word, span, value) in misspelt {
            if !words.has(word) {
                words.entries.push((word, span, value));
            }
        }
        words
    }

    /// Reads a map whose keys are names that the file gives. `what` is for people: "a step".
    pub(crate) fn table<'a, T>(
        &mut self,
        node: &'a Node,
        what: &str,
        mut read: impl FnMut(&mut Self, &Sp<String>, &'a Node) -> Option<T>,
    ) -> Table<T> {
        let mut table = Table::new();
        let pairs = self.pairs(node, what);
        let spelt: BTreeSet<String> = pairs.iter().map(|(key, _)| key.value.clone()).collect();
        for (mut key, value) in pairs {
            let mended = self.check_name(&key, what);
            // A name is read as the one that is meant, as misspelt words are.
            if let Some(mended) = mended.filter(|mended| !spelt.contains(mended)) {
                let spelt = std::mem::replace(&mut key.value, mended.clone());
                self.misnamed.insert(spelt, mended);
            }
            let first = table.get(&key.value).map(|entry: &Sp<T>| entry.span);
            if let Some(first) = first {
                self.duplicate(&key, first);
            } else if let Some(value) = read(self, &key, value) {
                let span = key.span;
                table.insert(key.value, Sp { value, span });
            }
        }
        table
    }

    /// Returns the pairs of a map whose keys are texts.
    pub(crate) fn pairs<'a>(&mut self, node: &'a Node, what: &str) -> Vec<(Sp<String>, &'a Node)> {
        let pairs = match &node.shape {
            Shape::Map(pairs) => pairs,
            Shape::Empty => return Vec::new(),
            Shape::Text(_) | Shape::List(_) => {
                let expected = format!("{what} is written as words with values");
                self.wrong_kind(node, &expected, meant::example(what));
                return Vec::new();
            }
        };
        let mut named = Vec::new();
        for (key, value) in pairs {
            if let Shape::Text(text) = &key.shape {
                let key = Sp {
                    value: text.clone(),
                    span: key.span,
                };
                named.push((key, value));
            } else {
                self.wrong_kind(
                    key,
                    "before the colon stands a word or a name",
                    "`word: value`",
                );
            }
        }
        named
    }

    /// Says that a word or name stands twice.
    pub(crate) fn duplicate(&mut self, key: &Sp<String>, first: Span) {
        let finding = Finding::error(
            Code::H003,
            key.span,
            format!("`{}` is written twice", key.value),
        )
        .label(first, "here it stands first")
        .why("only one of the two could count")
        .mend("delete one of them, or give it another name");
        self.report(finding);
    }

    /// Checks a name that the file gives. Returns what one that cannot be a name is mended to.
    fn check_name(&mut self, name: &Sp<String>, what: &str) -> Option<String> {
        let text = &name.value;
        if RESERVED.contains(&text.as_str()) {
            let message = format!("`{text}` cannot be the name of {what}");
            let finding = Finding::error(Code::H008, name.span, message)
                .why("the word has a meaning of its own in the language")
                .mend("choose another name");
            self.report(finding);
            return None;
        }
        if !is_name(text) {
            let message = format!("`{text}` cannot be the name of {what}");
            let finding = Finding::error(Code::H009, name.span, message).why(
                "a name has lower-case letters, digits and `_`, begins with a letter and has at \
                 most 64 characters",
            );
            let mended = mended_name(text);
            let can_be = is_name(&mended) && !RESERVED.contains(&mended.as_str());
            self.report(if can_be {
                finding.replace(mended.clone())
            } else {
                finding.mend("choose another name")
            });
            return can_be.then_some(mended);
        }
        None
    }

    /// Reads the value of a word, where it stands.
    pub(crate) fn opt<'a, T>(
        &mut self,
        words: &Words<'a>,
        word: &str,
        read: impl FnOnce(&mut Self, &'a Node) -> Option<T>,
    ) -> Option<T> {
        words.get(word).and_then(|node| read(self, node))
    }

    /// Reads the value of a word that must stand there. `what` is for people: "a step".
    pub(crate) fn must<'a, T>(
        &mut self,
        words: &Words<'a>,
        what: &str,
        word: &str,
        read: impl FnOnce(&mut Self, &'a Node) -> Option<T>,
    ) -> Option<T> {
        if !words.has(word) {
            self.missing_in(words, what, word);
        }
        self.opt(words, word, read)
    }

    /// Says that a word is missing, unless no words stand there at all.
    pub(crate) fn missing_in(&mut self, words: &Words<'_>, what: &str, word: &str) {
        if !words.is_other {
            self.missing(words.span, what, word);
        }
    }

    pub(crate) fn missing(&mut self, span: Span, what: &str, word: &str) {
        let finding = Finding::error(Code::H005, span, format!("`{word}` is missing"))
            .why(format!("{what} must say it"))
            .mend(format!("add `{word}:`"));
        self.report(finding);
    }

    /// Says that two words do not go together.
    pub(crate) fn not_both(&mut self, words: &Words<'_>, one: &str, other: &str) {
        if let (Some(one_at), Some(other_at)) = (words.place(one), words.place(other)) {
            let finding = Finding::error(
                Code::H015,
                other_at,
                format!("`{other}` does not go together with `{one}`"),
            )
            .label(one_at, format!("`{one}` stands here"))
            .why("each says what the other already says in another way")
            .mend("delete one of them");
            self.report(finding);
        }
    }

    /// Says that something of another kind stands here; the example is one of what is expected.
    pub(crate) fn wrong_kind(&mut self, node: &Node, expected: &str, example: &str) {
        let found = match &node.shape {
            Shape::Empty => "nothing stands",
            Shape::Text(_) => "a text stands",
            Shape::List(_) => "a list stands",
            Shape::Map(_) => "words with values stand",
        };
        let finding = Finding::error(
            Code::H004,
            node.span,
            format!("{expected}, but {found} here"),
        );
        self.report(finding.mend(format!("write it like {example}")));
    }

    pub(crate) fn bad_value(&mut self, span: Span, text: &str, expected: &str) {
        let message = format!("`{text}` cannot be understood here");
        let finding = Finding::error(Code::H011, span, message)
            .why(expected)
            .mend("write it in this form");
        self.report(finding);
    }

    /// Reads a text of at most [`TEXT_CHARS_MAX`] characters.
    pub(crate) fn text(&mut self, node: &Node) -> Option<Sp<String>> {
        let Shape::Text(text) = &node.shape else {
            self.wrong_kind(
                node,
                "a text is expected",
                "`Agent`, `3` or `\"Who was it?\"`",
            );
            return None;
        };
        if text.chars().count() > TEXT_CHARS_MAX {
            let message = format!("this text is longer than {TEXT_CHARS_MAX} characters");
            self.report(Finding::error(Code::H006, node.span, message).mend("shorten it"));
            return None;
        }
        Some(Sp {
            value: text.clone(),
            span: node.span,
        })
    }

    /// Reads a list; a single value counts as a list of one.
    pub(crate) fn items(node: &Node) -> &[Node] {
        match &node.shape {
            Shape::List(items) => items,
            Shape::Empty => &[],
            Shape::Text(_) | Shape::Map(_) => std::slice::from_ref(node),
        }
    }

    /// Reads names that refer to something; a single one counts as a list of one.
    pub(crate) fn names(&mut self, node: &Node) -> Option<Names> {
        let mut names = Names::new();
        let listed = self.unbracketed(node);
        let read = match listed {
            Some(listed) => listed,
            None => Self::items(node)
                .iter()
                .filter_map(|item| self.text(item))
                .collect(),
        };
        for name in read {
            if let Some(first) = names.iter().find(|first| first.value == name.value) {
                let first = first.span;
                self.duplicate(&name, first);
            } else {
                names.push(name);
            }
        }
        Some(names)
    }

    /// Reads names together with the place of the whole list.
    pub(crate) fn names_at(&mut self, node: &Node) -> Option<Sp<Names>> {
        let span = node.span;
        self.names(node).map(|value| Sp { value, span })
    }

    /// Reads yes or no.
    pub(crate) fn flag(&mut self, node: &Node) -> Option<Sp<bool>> {
        self.parsed(node, "yes or no is expected here", |text| match text {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        })
    }

    /// Reads a whole number within bounds.
    pub(crate) fn whole(&mut self, node: &Node, min: u32, max: u32) -> Option<Sp<u32>> {
        let expected = format!("a whole number from {min} to {max} is expected here");
        self.parsed(node, &expected, |text| {
            let number: u32 = text.parse().ok()?;
            (number.to_string() == text && (min..=max).contains(&number)).then_some(number)
        })
    }

    /// Reads a share such as `75%`.
    pub(crate) fn percent(&mut self, node: &Node) -> Option<Sp<u32>> {
        self.parsed(node, "a share looks like `75%`, from 1% to 100%", |text| {
            let number: u32 = text.strip_suffix('%')?.parse().ok()?;
            (1..=100).contains(&number).then_some(number)
        })
    }

    /// Reads a length of time.
    pub(crate) fn length(&mut self, node: &Node) -> Option<Sp<Length>> {
        let expected = "a length of time looks like `20 minutes`, `3 days`, `2 working days` or \
                        `end of 3 working days`";
        let text = self.text(node)?;
        let span = text.span;
        if let Ok(value) = Length::parse(&text.value) {
            self.working.extend(value.unit.is_working().then_some(span));
            return Some(Sp { value, span });
        }
        match meant::length(&text.value) {
            Some(written) => self.meant(&text, expected, written),
            None => self.bad_value(span, &text.value, expected),
        }
        None
    }

    /// Reads a text that must be understood.
    pub(crate) fn parsed<T>(
        &mut self,
        node: &Node,
        expected: &str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Option<Sp<T>> {
        let text = self.text(node)?;
        let value = parse(&text.value);
        if value.is_none() {
            self.bad_value(text.span, &text.value, expected);
        }
        let span = text.span;
        value.map(|value| Sp { value, span })
    }
}
