//! A validator of the part of JSON Schema draft-07 that the schemas use, as its specification says.
//!
//! Invariant: a keyword that is not known here fails the test; nothing is passed over.
//!
//! Source: draft-handrews-json-schema-validation-01. A published validator would bring 38 crates
//! into every build of the tests.

#![expect(
    clippy::wildcard_enum_match_arm,
    clippy::too_many_lines,
    reason = "a keyword asks something of one kind of value; the test is a table"
)]

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::{Map, Value};

/// Says what is wrong with an instance, each fault with its place.
pub(crate) fn faults(root: &Value, instance: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    check(root, root, instance, "", &mut faults);
    faults
}

fn holds(root: &Value, schema: &Value, instance: &Value) -> bool {
    let mut faults = Vec::new();
    check(root, schema, instance, "", &mut faults);
    faults.is_empty()
}

fn check(root: &Value, schema: &Value, instance: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = match schema {
        Value::Bool(true) => return,
        Value::Bool(false) => return faults.push(format!("{at}: nothing may stand here")),
        schema => schema.as_object().unwrap(),
    };
    if let Some(name) = schema.get("$ref") {
        let path = name.as_str().unwrap().strip_prefix('#').unwrap();
        // Words beside a reference are passed over in draft-07.
        return check(root, root.pointer(path).unwrap(), instance, at, faults);
    }
    for (keyword, value) in schema {
        let is_so = match keyword.as_str() {
            "$schema"
            | "$id"
            | "$comment"
            | "title"
            | "description"
            | "default"
            | "examples"
            | "definitions"
            | "errorMessage"
            | "patternErrorMessage"
            | "deprecationMessage"
            | "then"
            | "else" => true,
            "type" | "enum" | "const" => of_any(keyword, value, instance),
            "minimum" | "maximum" => instance.as_f64().is_none_or(|number| {
                let bound = value.as_f64().unwrap();
                if keyword == "minimum" {
                    number >= bound
                } else {
                    number <= bound
                }
            }),
            "minLength" | "maxLength" | "pattern" => instance
                .as_str()
                .is_none_or(|text| of_text(keyword, value, text)),
            "items" | "minItems" | "maxItems" | "uniqueItems" => instance
                .as_array()
                .is_none_or(|list| of_list(root, keyword, value, list, at, faults)),
            "properties"
            | "patternProperties"
            | "additionalProperties"
            | "propertyNames"
            | "required"
            | "dependencies"
            | "minProperties"
            | "maxProperties" => instance
                .as_object()
                .is_none_or(|map| of_map(root, schema, keyword, map, at, faults)),
            "anyOf" => value
                .as_array()
                .unwrap()
                .iter()
                .any(|one| holds(root, one, instance)),
            "oneOf" => {
                let ones = value.as_array().unwrap().iter();
                ones.filter(|one| holds(root, one, instance)).count() == 1
            }
            "allOf" => {
                for one in value.as_array().unwrap() {
                    check(root, one, instance, at, faults);
                }
                true
            }
            "not" => !holds(root, value, instance),
            "if" => {
                let then = if holds(root, value, instance) {
                    "then"
                } else {
                    "else"
                };
                if let Some(then) = schema.get(then) {
                    check(root, then, instance, at, faults);
                }
                true
            }
            unknown => panic!("`{unknown}` is not known to this validator"),
        };
        if !is_so {
            faults.push(format!("{at}: not as `{keyword}` says"));
        }
    }
}

fn of_any(keyword: &str, value: &Value, instance: &Value) -> bool {
    let is_type = |name: &Value| match name.as_str().unwrap() {
        "null" => instance.is_null(),
        "boolean" => instance.is_boolean(),
        "object" => instance.is_object(),
        "array" => instance.is_array(),
        "number" => instance.is_number(),
        "integer" => instance.is_i64() || instance.is_u64(),
        "string" => instance.is_string(),
        unknown => panic!("`{unknown}` is no type"),
    };
    match (keyword, value) {
        ("type", Value::Array(names)) => names.iter().any(is_type),
        ("type", name) => is_type(name),
        ("enum", known) => known.as_array().unwrap().contains(instance),
        (_, constant) => constant == instance,
    }
}

fn of_text(keyword: &str, value: &Value, text: &str) -> bool {
    let length = text.chars().count() as u64;
    match keyword {
        "minLength" => length >= value.as_u64().unwrap(),
        "maxLength" => length <= value.as_u64().unwrap(),
        _ => is_match(value.as_str().unwrap(), text),
    }
}

/// Whether a pattern is found; each is compiled once a thread, which is what costs.
fn is_match(pattern: &str, text: &str) -> bool {
    thread_local! {
        static PATTERNS: RefCell<BTreeMap<String, Regex>> = const { RefCell::new(BTreeMap::new()) };
    }
    PATTERNS.with_borrow_mut(|patterns| {
        let compiled = patterns.entry(pattern.to_owned());
        let compiled = compiled.or_insert_with_key(|pattern| Regex::new(pattern).unwrap());
        compiled.is_match(text)
    })
}

fn of_list(
    root: &Value,
    keyword: &str,
    value: &Value,
    list: &[Value],
    at: &str,
    faults: &mut Vec<String>,
) -> bool {
    match keyword {
        "minItems" => list.len() as u64 >= value.as_u64().unwrap(),
        "maxItems" => list.len() as u64 <= value.as_u64().unwrap(),
        "uniqueItems" => {
            let is_first = |(place, item): (usize, &Value)| !list[..place].contains(item);
            list.iter().enumerate().all(is_first)
        }
        _ => {
            for (place, item) in list.iter().enumerate() {
                check(root, value, item, &format!("{at}/{place}"), faults);
            }
            true
        }
    }
}

fn of_map(
    root: &Value,
    schema: &Map<String, Value>,
    keyword: &str,
    map: &Map<String, Value>,
    at: &str,
    faults: &mut Vec<String>,
) -> bool {
    let value = &schema[keyword];
    let named = |word: &str| {
        schema
            .get("properties")
            .is_some_and(|all| all.get(word).is_some())
    };
    let patterns = || {
        schema
            .get("patternProperties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
    };
    for (word, inner) in map {
        let at = format!("{at}/{word}");
        match keyword {
            "properties" => {
                if let Some(schema) = value.get(word) {
                    check(root, schema, inner, &at, faults);
                }
            }
            "patternProperties" => {
                for (_, schema) in patterns().filter(|(pattern, _)| is_match(pattern, word)) {
                    check(root, schema, inner, &at, faults);
                }
            }
            "additionalProperties"
                if !named(word) && !patterns().any(|(pattern, _)| is_match(pattern, word)) =>
            {
                check(root, value, inner, &at, faults);
            }
            "propertyNames" => check(root, value, &Value::from(word.as_str()), &at, faults),
            _ => {}
        }
    }
    let has = |word: &Value| map.contains_key(word.as_str().unwrap());
    match keyword {
        "required" => value.as_array().unwrap().iter().all(has),
        "minProperties" => map.len() as u64 >= value.as_u64().unwrap(),
        "maxProperties" => map.len() as u64 <= value.as_u64().unwrap(),
        "dependencies" => {
            let whole = Value::Object(map.clone());
            let mut needed = value.as_object().unwrap().iter();
            needed.all(|(word, needs)| match needs {
                _ if !map.contains_key(word) => true,
                Value::Array(words) => words.iter().all(has),
                schema => holds(root, schema, &whole),
            })
        }
        _ => true,
    }
}

#[test]
fn what_each_keyword_asks_is_asked() {
    use serde_json::json;
    for (schema, good, bad) in [
        (json!({"type": "integer"}), json!(1), json!(1.5)),
        (json!({"type": ["string", "null"]}), json!(null), json!(1)),
        (json!({"enum": [1, "a"]}), json!("a"), json!("b")),
        (json!({"const": "a"}), json!("a"), json!("b")),
        (json!({"minimum": 2, "maximum": 3}), json!(3), json!(4)),
        (json!({"minimum": 2}), json!("1"), json!(1)),
        (
            json!({"minLength": 1, "maxLength": 2}),
            json!("äö"),
            json!("abc"),
        ),
        (json!({"pattern": "^a+$"}), json!("aa"), json!("ab")),
        (
            json!({"items": {"type": "string"}}),
            json!(["a"]),
            json!([1]),
        ),
        (json!({"minItems": 1, "maxItems": 1}), json!([1]), json!([])),
        (json!({"uniqueItems": true}), json!([1, 2]), json!([1, 1])),
        (
            json!({"properties": {"a": {"type": "string"}}}),
            json!({"b": 1}),
            json!({"a": 1}),
        ),
        (json!({"required": ["a"]}), json!({"a": 1}), json!({})),
        (
            json!({"properties": {"a": true}, "additionalProperties": false}),
            json!({"a": 1}),
            json!({"b": 1}),
        ),
        (
            json!({"patternProperties": {"^x": {"type": "string"}}, "additionalProperties": false}),
            json!({"xa": "1"}),
            json!({"xa": 1}),
        ),
        (
            json!({"propertyNames": {"pattern": "^a"}}),
            json!({"a": 1}),
            json!({"b": 1}),
        ),
        (
            json!({"dependencies": {"a": ["b"]}}),
            json!({"b": 1}),
            json!({"a": 1}),
        ),
        (
            json!({"minProperties": 1, "maxProperties": 1}),
            json!({"a": 1}),
            json!({}),
        ),
        (
            json!({"anyOf": [{"const": 1}, {"const": 2}]}),
            json!(2),
            json!(3),
        ),
        (
            json!({"oneOf": [{"minimum": 1}, {"minimum": 3}]}),
            json!(2),
            json!(3),
        ),
        (
            json!({"allOf": [{"minimum": 1}, {"minimum": 3}]}),
            json!(3),
            json!(2),
        ),
        (json!({"not": {"const": 1}}), json!(2), json!(1)),
        (
            json!({"if": {"const": 1}, "then": {"const": 1}, "else": {"const": 3}}),
            json!(3),
            json!(2),
        ),
        (
            json!({"$ref": "#/definitions/a", "definitions": {"a": {"const": 1}}}),
            json!(1),
            json!(2),
        ),
        (json!({"items": false}), json!([]), json!([1])),
    ] {
        assert_eq!(faults(&schema, &good), [""; 0], "{schema}");
        assert!(!faults(&schema, &bad).is_empty(), "{schema}");
    }
}
