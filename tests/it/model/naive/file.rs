//! The YAML of a workflow as it stands, and the little that has to be known to read it.

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::{Value as Yaml, json};

/// Reads YAML without any knowledge of the language.
pub fn read(yaml: &str) -> Yaml {
    serde_yaml::from_str(yaml).unwrap_or_else(|error| panic!("{error}"))
}

/// A workflow file.
#[derive(Debug, Clone)]
pub struct File(pub Arc<Yaml>);

impl File {
    pub fn step(&self, name: &str) -> &Yaml {
        &self.0["steps"][name]
    }

    pub fn outcome(&self, name: &str) -> &Yaml {
        &self.0["outcomes"][name]
    }

    pub fn field(&self, name: &str) -> &Yaml {
        &self.0["fields"][name]
    }

    pub fn role(&self, name: &str) -> &Yaml {
        &self.0["roles"][name]
    }

    pub fn names(&self, section: &str) -> Vec<String> {
        let section = self.0[section].as_object();
        section
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    }

    pub fn is_sealed(&self, field: &str) -> bool {
        let field = self.field(field);
        field["type"] == "long_text" || is_yes(&field["personal"])
    }

    pub fn is_each_time(&self, field: &str) -> bool {
        let field = self.field(field);
        let is_limited = !field["limit"].is_null() && field["limit"] != "none";
        // A value from a table is not asked, so it is not asked anew.
        field["from_table"].is_null() && (is_limited || is_yes(&field["each_time"]))
    }

    pub fn is_computed(&self, field: &str) -> bool {
        !self.field(field)["from_table"].is_null()
    }

    /// The rows of the table of a field, and the fields they look at.
    pub fn table(&self, field: &str) -> (Vec<Yaml>, Vec<String>) {
        let name = text(&self.field(field)["from_table"]);
        let rows = items(&self.0["tables"][name.as_str()]);
        let looks_at = rows
            .iter()
            .flat_map(|row| fields_of(&row["when"]))
            .collect();
        (rows, looks_at)
    }

    /// Whether a step, its tasks or its actions name the field in `needs` or `asks`.
    pub fn is_named(&self, step: &str, field: &str) -> bool {
        let step = self.step(step);
        let tasks = step["tasks"].as_object().into_iter().flatten();
        let actions = step["actions"].as_object().into_iter().flatten();
        names_field(step, field)
            || tasks
                .chain(actions)
                .any(|(_, part)| names_field(part, field))
    }

    /// An action of a step, with its rules as a list. `next` is the action `done`.
    pub fn action(&self, step: &str, name: &str) -> Option<Yaml> {
        let step = self.step(step);
        if name == "done" && !step["next"].is_null() {
            return Some(with_rules(&step["next"]));
        }
        let action = &step["actions"][name];
        (!action.is_null()).then(|| with_rules(action))
    }

    /// 12: an `anywhere` action, unless the step is one of its targets or in `not_in`.
    pub fn anywhere(&self, step: &str, name: &str) -> Option<Yaml> {
        let action = &self.0["anywhere"][name];
        if action.is_null() || list(&action["not_in"]).contains(&step.to_owned()) {
            return None;
        }
        let action = with_rules(action);
        let leads_here = items(&action["rules"])
            .iter()
            .any(|rule| text(&rule["go_to"]) == step || text(&rule["then"]) == step);
        (!leads_here).then_some(action)
    }

    /// 4: as written; of a step with tasks the union of theirs; else that of its actions.
    pub fn who_of_step(&self, step: &Yaml) -> Vec<String> {
        if !step["who"].is_null() || !step["tasks"].is_null() {
            return self.own_who(step);
        }
        let actions = step["actions"].as_object().into_iter().flatten();
        actions
            .flat_map(|(_, action)| self.who_of_action(step, &with_rules(action)))
            .collect()
    }

    fn own_who(&self, step: &Yaml) -> Vec<String> {
        let tasks = step["tasks"].as_object();
        match (&step["who"], tasks) {
            (Yaml::Null, Some(tasks)) => tasks
                .values()
                .flat_map(|task| self.who_of_task(step, task))
                .collect(),
            (who, _) => list(who),
        }
    }

    pub fn who_of_task(&self, step: &Yaml, task: &Yaml) -> Vec<String> {
        narrowed(list(&task["who"]), list(&step["who"]))
    }

    /// 4: of an action that approves, every role with that limit.
    pub fn who_of_action(&self, step: &Yaml, action: &Yaml) -> Vec<String> {
        let mut who = list(&action["who"]);
        if let Some(field) = list(&action["approves"]).first().filter(|_| who.is_empty()) {
            let limit = text(&self.field(field)["limit"]);
            let roles = self.0["limits"][limit.as_str()].as_object();
            who = roles
                .into_iter()
                .flatten()
                .map(|(role, _)| role.clone())
                .collect();
        }
        narrowed(who, self.own_who(step))
    }
}

fn fields_of(condition: &Yaml) -> Vec<String> {
    let parts = condition.as_object().into_iter().flatten();
    let fields = parts.flat_map(|(word, test)| match word.as_str() {
        "any" => items(test).iter().flat_map(fields_of).collect(),
        "not" => fields_of(test),
        field => vec![field.to_owned()],
    });
    fields.collect()
}

fn narrowed(inner: Vec<String>, outer: Vec<String>) -> Vec<String> {
    if inner.is_empty() {
        return outer;
    }
    let is_in = |role: &String| outer.is_empty() || outer.contains(role);
    inner.into_iter().filter(is_in).collect()
}

/// Whether a part names the field: a condition does not.
pub fn names_field(part: &Yaml, field: &str) -> bool {
    let named = [items(&part["needs"]), items(&part["asks"])].concat();
    named.iter().any(|item| item.as_str() == Some(field))
}

fn with_rules(action: &Yaml) -> Yaml {
    let rules = if action["rules"].is_null() {
        items(action)
    } else {
        items(&action["rules"])
    };
    let rule = |rule: Yaml| {
        let go_to = rule.as_str().map(str::to_owned);
        go_to.map_or(rule, |go_to| json!({ "go_to": go_to }))
    };
    let mut action = if action.is_object() {
        action.clone()
    } else {
        json!({})
    };
    action["rules"] = rules.into_iter().map(rule).collect();
    action
}

/// A scalar as people write it.
pub fn text(value: &Yaml) -> String {
    match value {
        Yaml::Bool(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
        Yaml::String(text) => text.clone(),
        Yaml::Number(number) => number.to_string(),
        Yaml::Null | Yaml::Array(_) | Yaml::Object(_) => String::new(),
    }
}

fn is_yes(value: &Yaml) -> bool {
    text(value) == "yes" || text(value) == "true"
}

/// A list, or one thing as a list of one, or nothing.
pub fn items(value: &Yaml) -> Vec<Yaml> {
    match value {
        Yaml::Null => Vec::new(),
        Yaml::Array(items) => items.clone(),
        Yaml::Bool(_) | Yaml::Number(_) | Yaml::String(_) | Yaml::Object(_) => vec![value.clone()],
    }
}

pub fn list(value: &Yaml) -> Vec<String> {
    items(value).iter().map(text).collect()
}

/// Compares two numbers, or two amounts of one currency.
pub fn compare(a: &str, b: &str) -> Ordering {
    number(a).cmp(&number(b))
}

/// The number of a number or amount.
pub fn number(text: &str) -> Option<i64> {
    text.split(' ').next().and_then(|n| n.parse().ok())
}

/// 7: what is answered: nothing, something sealed, or a text; and which amounts nobody covers.
pub struct Holds<'a>(
    pub &'a dyn Fn(&str) -> Option<Option<String>>,
    pub &'a dyn Fn(&str) -> bool,
);

impl Holds<'_> {
    pub fn all(&self, condition: &Yaml) -> bool {
        let tests = condition.as_object().into_iter().flatten();
        tests.into_iter().all(|(word, test)| match word.as_str() {
            "any" => items(test).iter().any(|part| self.all(part)),
            "not" => !self.all(test),
            field => self.test(field, test),
        })
    }

    fn test(&self, field: &str, test: &Yaml) -> bool {
        let answer = (self.0)(field);
        match text(test).as_str() {
            "empty" => return answer.is_none(),
            "filled" => return answer.is_some(),
            _ => {}
        }
        let Some(Some(answer)) = answer else {
            return false;
        };
        let Some(bounds) = test.as_object() else {
            return list(test).contains(&answer);
        };
        bounds.iter().all(|(word, bound)| {
            let order = compare(&answer, &text(bound));
            match word.as_str() {
                "above" => order.is_gt(),
                "at_least" => order.is_ge(),
                "below" => order.is_lt(),
                "at_most" => order.is_le(),
                "over" => (self.1)(field),
                word => panic!("{word} is no bound"),
            }
        })
    }
}
