//! Looks up the names in every other section of the file.

use super::super::meant;
use super::super::reader::{listed, nearest};
use super::super::{Condition, Field, Kind, Sp, Survey};
use super::{Names, Sort};
use crate::code::Code;
use crate::finding::Finding;

/// What a standard can measure without a clock of that name.
const METRICS: &[&str] = &[
    "first_reply",
    "resolution",
    "satisfaction",
    "effort",
    "promises_kept",
    "reopened",
    "resolved_share",
];

impl<'a> Names<'a> {
    /// Looks up the names of every section beside steps, outcomes and `anywhere`.
    pub(super) fn sections(&mut self) {
        let workflow = self.workflow;
        if let Some(owner) = &workflow.owner {
            self.refer(owner, &[Sort::Role], &[]);
        }
        for field in workflow.fields.values() {
            self.field(&field.value);
        }
        for row in workflow.tables.values().flat_map(|rows| &rows.value) {
            if let Some(when) = &row.when {
                self.condition(when);
            }
        }
        self.limits();
        self.promises();
        self.clocks();
        self.learning();
        self.afterwards();
    }

    fn field(&mut self, field: &'a Field) {
        if let Some(limit) = &field.limit {
            self.refer(limit, &[Sort::Limit], &["none"]);
        }
        if let Some(table) = &field.from_table {
            self.refer(table, &[Sort::Table], &[]);
            let rows = self
                .workflow
                .tables
                .get(&table.value)
                .map(|rows| &rows.value);
            // Of a field whose type is missing, nobody can say what its values are.
            let rows = rows.filter(|_| field.kind.is_some());
            for row in rows.into_iter().flatten() {
                if let Err(expected) = field.value(&row.is.value) {
                    let message = format!("`{}` cannot be a value of the field", row.is.value);
                    let finding = Finding::error(Code::H011, row.is.span, message)
                        .label(table.span, "this field takes its value from the table")
                        .why(expected);
                    let text = &row.is.value;
                    self.findings.push(match meant::amount(text) {
                        Some(written) => finding.replace(written),
                        None => finding.mend(
                            meant::calculation(field, text)
                                .unwrap_or("write a value of the field's type"),
                        ),
                    });
                }
            }
        }
        if let (Some(max), Some(kind)) = (&field.max, &field.kind)
            && field.ordered(&max.value).is_err()
        {
            let starts_as_name = max.value.starts_with(|c: char| c.is_ascii_lowercase());
            if starts_as_name {
                self.field_of(max, kind.value);
            } else {
                let message = format!("`{}` cannot be the largest value of the field", max.value);
                let finding = Finding::error(Code::H011, max.span, message)
                    .why("it is a value of the field's type, or the name of such a field");
                self.findings.push(finding.mend("write it in this form"));
            }
        }
    }

    fn limits(&mut self) {
        let workflow = self.workflow;
        for limit in workflow.limits.values() {
            for (role, parts) in &limit.value {
                if let Some((declared, entry)) = workflow.roles.get_key_value(role) {
                    self.used.insert((Sort::Role, declared));
                    if entry.value.reads_only || entry.value.system {
                        let message = format!("`{role}` cannot hold a limit");
                        let finding = Finding::error(Code::H104, parts.span, message)
                            .label(entry.span, "this role only reads, or is no person")
                            .mend("delete the limit, or give it to a role of people");
                        self.findings.push(finding);
                    }
                    continue;
                }
                let message = format!("`{role}` does not exist; a role is expected here");
                let finding = Finding::error(Code::H101, parts.span, message);
                let finding = match nearest(role, workflow.roles.keys().map(String::as_str)) {
                    Some(near) => finding.replace(near),
                    None => finding.mend("declare the role, or name another"),
                };
                self.findings.push(finding);
            }
        }
    }

    fn promises(&mut self) {
        let workflow = self.workflow;
        for promise in workflow.promises.values() {
            let promise = &promise.value;
            self.placeholders(promise.text.as_ref());
            if let Some(by) = &promise.by {
                self.field_of(by, Kind::Date);
            }
            self.late(&promise.late);
            self.calendar(promise.calendar.as_ref());
        }
    }

    fn clocks(&mut self) {
        let workflow = self.workflow;
        for clock in workflow.clocks.values() {
            let clock = &clock.value;
            if let Some(when) = &clock.when {
                self.condition(when);
            }
            let anchors = [Sort::Step, Sort::Outcome, Sort::Field];
            for name in &clock.from {
                let sort = self.refer(name, &anchors, &["opened", "reopened"]);
                if sort == Some(Sort::Field) {
                    self.field_of(name, Kind::Date);
                }
            }
            for name in &clock.until {
                self.target(name, &["closed"]);
            }
            if let Some(extend) = &clock.extend {
                self.needs(&extend.needs);
                self.actors(&extend.by);
            }
            self.late(&clock.late);
            self.calendar(clock.calendar.as_ref());
        }
    }

    fn learning(&mut self) {
        let Some(causes) = &self.workflow.causes else {
            return;
        };
        self.actors(&causes.blame_override);
        if let Some(review) = &causes.review {
            if let Some(by) = &review.by {
                self.refer(by, &[Sort::Role], &[]);
            }
            if let Some(when) = &review.always_when {
                self.condition(when);
            }
        }
        if let Some(systemic) = &causes.systemic {
            self.refer_all(&systemic.same, &[Sort::Field], &[]);
            self.actors(&systemic.by);
        }
    }

    fn afterwards(&mut self) {
        let workflow = self.workflow;
        for follow_up in workflow.follow_ups.values() {
            let follow_up = &follow_up.value;
            self.refer_all(&follow_up.of, &[Sort::Outcome], &[]);
            self.placeholders(follow_up.task.as_ref());
            self.who(follow_up.who.as_ref());
            self.calendar(follow_up.calendar.as_ref());
        }
        for survey in workflow.surveys.values() {
            self.refer_all(&survey.value.of, &[Sort::Outcome], &[]);
            self.calendar(survey.value.calendar.as_ref());
            for question in survey.value.questions.values() {
                self.placeholders(question.value.ask.as_ref());
            }
            if let Some(when) = &survey.value.reopen_when {
                self.questions(&survey.value, when);
            }
        }
        for standard in workflow.standards.values() {
            if let Some(metric) = &standard.value.metric {
                self.refer(metric, &[Sort::Clock], METRICS);
            }
            if let Some(owner) = &standard.value.owner {
                self.refer(owner, &[Sort::Role], &[]);
            }
        }
        if let Some(from) = workflow.keep.as_ref().and_then(|keep| keep.from.as_ref()) {
            self.refer(from, &[Sort::Outcome], &["opened", "closed"]);
        }
        let moves = workflow.moves.iter().flat_map(|moves| moves.steps.values());
        for step in moves {
            self.refer(&step.value, &[Sort::Step], &[]);
        }
    }

    /// The names in a survey's condition are its questions.
    fn questions(&mut self, survey: &Survey, condition: &Condition) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    self.questions(survey, part);
                }
            }
            Condition::Not(part) => self.questions(survey, part),
            Condition::Test { field, .. } => self.question(survey, field),
        }
    }

    fn question(&mut self, survey: &Survey, name: &Sp<String>) {
        if survey.questions.contains_key(&name.value) {
            return;
        }
        let known: Vec<&str> = survey.questions.keys().map(String::as_str).collect();
        let message = format!("`{}` is not a question of this survey", name.value);
        let finding = Finding::error(Code::H101, name.span, message);
        let finding = match nearest(&name.value, known.iter().copied()) {
            Some(near) => finding.replace(near),
            None => finding.mend(format!("name one of {}", listed(&known, "or"))),
        };
        self.findings.push(finding);
    }
}
