//! Looks into trees and schemas: what an editor sees of a file, and which forms hold at a place.

use serde_json::{Map, Value};

use crate::workflow::source::{Node, Shape};

/// A step into a tree.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    Value(usize),
    Item(usize),
}

/// Returns a tree as an editor sees it, by the core schema of YAML 1.2.
pub(crate) fn json_of(node: &Node, text: &str) -> Value {
    match &node.shape {
        Shape::Empty => Value::Null,
        Shape::Text(value) => {
            let spelled = text.get(node.span.start..node.span.end).unwrap_or_default();
            if spelled.starts_with(['"', '\'']) {
                return Value::from(value.as_str());
            }
            scalar(value)
        }
        Shape::List(items) => items.iter().map(|item| json_of(item, text)).collect(),
        Shape::Map(pairs) => {
            let pair = |(key, value): &(Node, Node)| (key_of(key), json_of(value, text));
            Value::Object(pairs.iter().map(pair).collect::<Map<_, _>>())
        }
    }
}

fn scalar(text: &str) -> Value {
    match text {
        "true" | "True" | "TRUE" => Value::from(true),
        "false" | "False" | "FALSE" => Value::from(false),
        "null" | "Null" | "NULL" | "~" => Value::Null,
        _ => {
            let number = text.parse::<i64>().map(Value::from);
            let number = number.or_else(|_| text.parse::<f64>().map(Value::from));
            number.unwrap_or_else(|_| Value::from(text))
        }
    }
}

fn key_of(key: &Node) -> String {
    match &key.shape {
        Shape::Text(text) => text.clone(),
        Shape::Empty | Shape::List(_) | Shape::Map(_) => String::new(),
    }
}

/// Returns every map of the schema that knows a fixed set of words.
pub(crate) fn closed_maps(schema: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    match schema {
        Value::Object(map) => {
            if map.get("additionalProperties") == Some(&Value::from(false)) {
                found.push(schema);
            }
            found.extend(map.values().flat_map(closed_maps));
        }
        Value::Array(items) => found.extend(items.iter().flat_map(closed_maps)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    found
}

/// Returns the forms that may hold at a place of a tree, references and alternatives followed.
pub(crate) fn forms_at<'a>(schema: &'a Value, tree: &Node, at: &[Place]) -> Vec<&'a Value> {
    let mut forms = alternatives(schema, schema);
    let mut node = tree;
    for place in at {
        let (next, inner): (&Node, Vec<&Value>) = match (&node.shape, place) {
            (Shape::Map(pairs), Place::Value(index)) => {
                let (key, value) = &pairs[*index];
                let key = key_of(key);
                let inner = |form: &&'a Value| {
                    let known = form["properties"].get(key.as_str());
                    known.or_else(|| form.get("additionalProperties").filter(|f| f.is_object()))
                };
                (value, forms.iter().filter_map(inner).collect())
            }
            (Shape::List(items), Place::Item(index)) => {
                let items_of = forms.iter().filter_map(|form| form.get("items"));
                (&items[*index], items_of.collect())
            }
            (shape, place) => panic!("{place:?} of {shape:?}"),
        };
        node = next;
        forms = inner
            .into_iter()
            .flat_map(|form| alternatives(schema, form))
            .collect();
    }
    forms
}

fn alternatives<'a>(schema: &'a Value, form: &'a Value) -> Vec<&'a Value> {
    if let Some(reference) = form["$ref"].as_str() {
        let form = schema.pointer(reference.trim_start_matches('#')).unwrap();
        return alternatives(schema, form);
    }
    let either = form["anyOf"].as_array();
    let is_of_forms = form.get("properties").is_none();
    match either.filter(|_| is_of_forms) {
        Some(either) => either
            .iter()
            .flat_map(|form| alternatives(schema, form))
            .collect(),
        None => vec![form],
    }
}
