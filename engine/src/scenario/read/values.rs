//! Values as a story writes them, by the type of their field.

use super::{File, unknown};
use crate::case::seal::check_value;
use crate::code::Code;
use crate::finding::Finding;
use crate::id::FieldName;
use crate::money::Money;
use crate::time::Date;
use crate::value::Value;
use crate::workflow::source::values::number;
use crate::workflow::source::{Node, Shape, Sp};
use crate::workflow::{Field, FieldKind, Workflow};

/// Reads a value of a field from one text: `200 EUR`, `yes`, `2026-12-25`, the name of a document;
/// of a list it is the one item.
///
/// # Errors
///
/// How such a value is written.
fn spelled(field: &Field, text: &str) -> Result<Value, String> {
    match &field.kind {
        FieldKind::Text { .. } | FieldKind::LongText => Ok(Value::Text(text.to_owned())),
        FieldKind::YesNo => match text {
            "yes" | "true" => Ok(Value::YesNo(true)),
            "no" | "false" => Ok(Value::YesNo(false)),
            _ => Err("it is answered with `yes` or `no`".to_owned()),
        },
        FieldKind::Choice { .. } => Ok(Value::Choice(text.to_owned())),
        FieldKind::Number { .. } => number(text).map(Value::Number),
        FieldKind::Money { .. } => Money::parse(text)
            .map(Value::Money)
            .map_err(|error| error.to_string()),
        FieldKind::Date => Date::parse(text)
            .map(Value::Date)
            .map_err(|error| error.to_string()),
        FieldKind::Document => Ok(super::super::stand_in::document(text)),
        FieldKind::List => Ok(Value::List(vec![text.to_owned()])),
    }
}

/// Says of a field that comes from a table why it has no answer to give, and what to do.
pub(in crate::scenario) fn of_table(
    workflow: &Workflow,
    name: &FieldName,
) -> Option<(String, String)> {
    let (index, _) = workflow.field(name.as_str())?;
    let mut tables = workflow.computed().iter();
    let inputs = &tables.find(|computed| computed.field == index)?.inputs;
    let inputs = inputs.iter().map(|input| workflow.field_at(*input).0);
    let inputs: Vec<String> = inputs.map(|input| format!("`{input}`")).collect();
    let mend = format!("set what the table reads: {}", inputs.join(", "));
    Some((format!("`{name}` comes from its table"), mend))
}

/// Reads a value of a field from one text, as a story writes it, and checks that it suits.
///
/// # Errors
///
/// What would be right.
pub fn value(field: &Field, text: &str) -> Result<Value, String> {
    let value = spelled(field, text)?;
    check_value(field, &value).map_err(|(_, wrong)| wrong)?;
    Ok(value)
}

impl File<'_> {
    /// Reads answers: fields with their values.
    pub(super) fn answers(&mut self, node: &Node) -> Vec<(FieldName, Value)> {
        let mut answers: Vec<(FieldName, Value)> = Vec::new();
        for (name, node) in self.fields(node) {
            if let Some(value) = self.value(&name, node) {
                answers.push((name, value));
            }
        }
        answers
    }

    /// Reads the answers with which a case comes in: none of a field that comes from a table.
    pub(super) fn beginning(&mut self, node: &Node) -> Vec<(FieldName, Value)> {
        let mut answers: Vec<(FieldName, Value)> = Vec::new();
        for (name, node) in self.fields(node) {
            if let Some((message, mend)) = of_table(self.workflow, &name) {
                self.impossible(node.span, message, &mend);
            } else if let Some(value) = self.value(&name, node) {
                answers.push((name, value));
            }
        }
        answers
    }

    /// Reads names of fields with what stands there of each, each at most once.
    pub(super) fn fields<'n>(&mut self, node: &'n Node) -> Vec<(FieldName, &'n Node)> {
        let mut fields: Vec<(FieldName, &Node)> = Vec::new();
        let mut places: Vec<(String, crate::finding::Span)> = Vec::new();
        for (name, node) in self.reader.pairs(node, "answers") {
            if let Some((_, first)) = places.iter().find(|(known, _)| *known == name.value) {
                let first = *first;
                self.reader.duplicate(&name, first);
                continue;
            }
            places.push((name.value.clone(), name.span));
            fields.extend(self.field(&name).map(|field| (field, node)));
        }
        fields
    }

    /// Finds a field of the workflow.
    pub(super) fn field(&mut self, name: &Sp<String>) -> Option<FieldName> {
        let found = self.workflow.fields().get_key_value(name.value.as_str());
        if found.is_none() {
            let known = self.workflow.fields().keys();
            let known: Vec<&str> = known.map(FieldName::as_str).collect();
            unknown(&mut self.reader, name, "field", &known);
        }
        found.map(|(name, _)| name.clone())
    }

    /// Reads a value of a field.
    pub(super) fn value(&mut self, name: &FieldName, node: &Node) -> Option<Value> {
        let (_, field) = self.workflow.field(name.as_str())?;
        let value = if let (FieldKind::List, Shape::List(items)) = (&field.kind, &node.shape) {
            let items = items.iter().filter_map(|item| self.reader.text(item));
            Value::List(items.map(|item| item.value).collect())
        } else {
            let text = self.reader.text(node)?;
            match spelled(field, &text.value) {
                Ok(value) => value,
                Err(expected) => {
                    self.reader.bad_value(text.span, &text.value, &expected);
                    return None;
                }
            }
        };
        if let Err((_, why)) = check_value(field, &value) {
            let message = format!("`{name}` cannot be {value}");
            let finding = Finding::error(Code::H303, node.span, message).why(why);
            self.reader
                .report(finding.mend("choose a value that the field allows"));
            return None;
        }
        Some(value)
    }
}
