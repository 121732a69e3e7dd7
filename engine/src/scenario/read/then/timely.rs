//! What must have become of promises, clocks, dues, surveys and follow-ups, and who was told.

use super::super::{File, known_role, unknown};
use super::is_none;
use crate::case::{DeadlineKind, DeadlineName};
use crate::scenario::coverage::deadlines;
use crate::scenario::story::{Expected, Fate, Hope};
use crate::workflow::source::reader::Reader;
use crate::workflow::source::{Node, Sp};

impl File<'_> {
    /// Reads to which deadlines something must have happened; `none` stands for none.
    pub(super) fn fate(&mut self, fate: Fate, node: &Node) -> Option<Expected> {
        self.must_say_something(node, fate.as_str(), "the names, or `none`");
        let names = if is_none(node) {
            Vec::new()
        } else {
            let items = Reader::items(node).iter();
            let names = items.map(|item| self.reader.text(item));
            let names: Option<Vec<Sp<String>>> = names.collect();
            let names = names?.into_iter();
            let names = names.map(|name| self.deadline(&name, fate.kinds()));
            names.collect::<Option<Vec<DeadlineName>>>()?
        };
        Some(Expected {
            span: node.span,
            hope: Hope::Exactly(fate, names),
        })
    }

    /// Reads in which roles people must have been told.
    pub(super) fn told(&mut self, node: &Node) -> Expected {
        self.must_say_something(node, "told", "the roles, or `none`");
        let mut roles = Vec::new();
        for item in Reader::items(node).iter().filter(|item| !is_none(item)) {
            let role = self.reader.text(item);
            let workflow = self.workflow;
            roles.extend(role.and_then(|role| known_role(&mut self.reader, workflow, &role)));
        }
        Expected {
            span: node.span,
            hope: Hope::Told(roles),
        }
    }

    /// Reads when deadlines must be due; `none` stands for one that does not run.
    pub(super) fn dues(&mut self, node: &Node) -> Vec<Expected> {
        self.must_say_something(node, "due", "what is due and when");
        let mut dues = Vec::new();
        let mut seen: Vec<Sp<String>> = Vec::new();
        for (name, node) in self.reader.pairs(node, "`due`") {
            if let Some(first) = seen.iter().find(|known| known.value == name.value) {
                let first = first.span;
                self.reader.duplicate(&name, first);
                continue;
            }
            let deadline = self.deadline(&name, &DeadlineKind::ALL);
            seen.push(name);
            let due = if is_none(node) {
                None
            } else {
                let Some(due) = self.time(node) else { continue };
                Some(due)
            };
            dues.extend(deadline.map(|deadline| Expected {
                span: node.span,
                hope: Hope::Due(deadline, due),
            }));
        }
        dues
    }

    /// Finds a deadline of the workflow by its name: that of a clock, promise, survey or follow-up,
    /// `STEP` or `STEP.TASK`. A name that several have is written with its kind: `clock/NAME`.
    fn deadline(&mut self, name: &Sp<String>, kinds: &[DeadlineKind]) -> Option<DeadlineName> {
        let all = deadlines(self.workflow).into_iter();
        let all: Vec<DeadlineName> = all.filter(|one| kinds.contains(&one.kind())).collect();
        let is_meant =
            |one: &&DeadlineName| one.name() == name.value || one.to_string() == name.value;
        let meant: Vec<&DeadlineName> = all.iter().filter(is_meant).collect();
        match meant.as_slice() {
            [one] => Some((*one).clone()),
            [] => {
                let is_step = self.workflow.step(&name.value).is_some();
                if is_step && kinds.contains(&DeadlineKind::Due) {
                    let message = format!("the step `{}` has no `due`", name.value);
                    let mend = "name a step that has one, or leave it out";
                    self.impossible(name.span, message, mend);
                    return None;
                }
                let known: Vec<&str> = all.iter().map(DeadlineName::name).collect();
                unknown(&mut self.reader, name, what(kinds), &known);
                None
            }
            [..] => {
                let forms: Vec<String> = meant.iter().map(|one| format!("`{one}`")).collect();
                let message = format!("`{}` is the name of several deadlines", name.value);
                let mend = format!("write {}", forms.join(" or "));
                self.impossible(name.span, message, &mend);
                None
            }
        }
    }
}

fn what(kinds: &[DeadlineKind]) -> &'static str {
    match kinds {
        [DeadlineKind::Promise] => "promise",
        [DeadlineKind::Survey] => "survey",
        [DeadlineKind::FollowUp] => "follow-up",
        [..] => "deadline",
    }
}
