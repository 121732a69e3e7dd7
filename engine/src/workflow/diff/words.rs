//! Says parts of a workflow in words, so that two of them can be compared and shown.
//!
//! Invariant: what means the same is said in the same words; order counts only where it means
//! something.

use crate::value::Value;
use crate::workflow::condition::Bound;
use crate::workflow::source::{
    Action, Condition, Effects, Late, Names, Need, Rule, Sp, Test, Workflow,
};

/// Returns a text in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// Returns a name with its title, where it has one: "`hear` (Hear the customer out)".
pub(super) fn named(name: &str, title: Option<&Sp<String>>) -> String {
    match title {
        Some(title) => format!("`{name}` ({})", title.value),
        None => format!("`{name}`"),
    }
}

/// Returns a role with its title.
pub(super) fn role(source: &Workflow, name: &str) -> String {
    let role = source.roles.get(name);
    named(name, role.and_then(|role| role.value.title.as_ref()))
}

/// Returns a step or an outcome with its title.
pub(super) fn target(source: &Workflow, name: &str) -> String {
    if name == "stay" {
        return "the same step".to_owned();
    }
    let step = source.steps.get(name).map(|step| step.value.title.as_ref());
    let outcome = || source.outcomes.get(name).map(|o| o.value.title.as_ref());
    named(name, step.or_else(outcome).flatten())
}

/// Returns names as they are, in an order of our own.
pub(super) fn names(names: &Names) -> Vec<String> {
    let mut names: Vec<String> = names
        .iter()
        .map(|name| format!("`{}`", name.value))
        .collect();
    names.sort();
    names
}

/// Lists names; none where there are none.
pub(super) fn listed(list: &Names) -> Option<String> {
    let names = names(list);
    (!names.is_empty()).then(|| names.join(", "))
}

/// Returns yes or no, or nothing.
pub(super) fn flag(flag: Option<&Sp<bool>>) -> Option<String> {
    flag.map(|flag| if flag.value { "yes" } else { "no" }.to_owned())
}

/// Returns the text of a word in quotation marks.
pub(super) fn text(text: Option<&Sp<String>>) -> Option<String> {
    text.map(|text| quoted(&text.value))
}

/// Returns what a word holds, as written.
pub(super) fn shown<T: ToString>(part: Option<&Sp<T>>) -> Option<String> {
    part.map(|part| part.value.to_string())
}

/// Returns a share.
pub(super) fn percent(share: Option<&Sp<u32>>) -> Option<String> {
    share.map(|share| format!("{}%", share.value))
}

/// Returns a value of a field in its one spelling: `true` as yes, `12.5 EUR` as 12.50 EUR.
pub(super) fn value(source: &Workflow, field: &str, text: &str) -> String {
    let field = source.fields.get(field);
    match field.map(|field| field.value.value(text)) {
        Some(Ok(Value::YesNo(true))) => "yes".to_owned(),
        Some(Ok(Value::YesNo(false))) => "no".to_owned(),
        Some(Ok(Value::Money(money))) => money.to_string(),
        Some(
            Ok(
                Value::Text(_)
                | Value::Choice(_)
                | Value::Number(_)
                | Value::Date(_)
                | Value::Document(_)
                | Value::List(_),
            )
            | Err(_),
        )
        | None => text.to_owned(),
    }
}

/// Returns a condition in words.
pub(super) fn condition(source: &Workflow, condition: &Condition) -> String {
    match condition {
        Condition::All(parts) => joined(source, parts, " and "),
        Condition::Any(parts) => match parts.as_slice() {
            [only] => self::condition(source, only),
            _ => format!("({})", joined(source, parts, " or ")),
        },
        Condition::Not(part) => match part.as_ref() {
            Condition::Not(twice) => self::condition(source, twice),
            part @ (Condition::All(_) | Condition::Any(_) | Condition::Test { .. }) => {
                format!("not ({})", self::condition(source, part))
            }
        },
        Condition::Test { field, test } => {
            let name = &field.value;
            format!("`{name}` is {}", self::test(source, name, &test.value))
        }
    }
}

fn joined(source: &Workflow, parts: &[Condition], between: &str) -> String {
    let mut said: Vec<String> = parts.iter().map(|part| condition(source, part)).collect();
    said.sort();
    said.dedup();
    said.join(between)
}

fn test(source: &Workflow, field: &str, test: &Test) -> String {
    match test {
        Test::OneOf(values) => {
            let values = values.iter().map(|one| value(source, field, &one.value));
            let mut values: Vec<String> = values.collect();
            values.sort();
            values.dedup();
            values.join(" or ")
        }
        Test::Within(bounds) => {
            let said = |(bound, limit): &(Bound, Sp<String>)| {
                let word = match bound {
                    Bound::Above => "above",
                    Bound::AtLeast => "at least",
                    Bound::Below => "below",
                    Bound::AtMost => "at most",
                };
                format!("{word} {}", value(source, field, &limit.value))
            };
            let said: Vec<String> = bounds.iter().map(said).collect();
            said.join(" and ")
        }
        Test::Empty => "empty".to_owned(),
        Test::Filled => "filled".to_owned(),
        Test::OverLimit => "over the limit".to_owned(),
    }
}

/// Returns each of the needs in words.
pub(super) fn needs(source: &Workflow, needs: &[Need]) -> Vec<String> {
    let said = |need: &Need| match need {
        Need::Field(field) => format!("`{}`", field.value),
        Need::Condition(condition) => format!("that {}", self::condition(source, condition)),
    };
    needs.iter().map(said).collect()
}

/// Returns where a rule of an action leads, when, and what is done beside.
pub(super) fn rule(source: &Workflow, action: &Action, rule: &Rule) -> String {
    let to = |name: &str| format!("to {}", target(source, name));
    let mut said = vec![to(&rule.go_to.value)];
    if let Some(at_most) = &rule.at_most {
        said.push(format!("at most {} times", at_most.value));
    }
    if let Some(then) = &rule.then {
        said.push(format!("then {}", to(&then.value)));
    }
    // What stands on the action is done with each of its rules.
    let own = effects(&rule.effects).into_iter();
    for ((word, own), (_, all)) in own.zip(effects(&action.effects)) {
        let mut both: Names = own.iter().chain(all).cloned().collect();
        both.sort_by(|one, other| one.value.cmp(&other.value));
        both.dedup_by(|one, other| one.value == other.value);
        said.extend(listed(&both).map(|names| format!("{word} {names}")));
    }
    let said = said.join(", ");
    match &rule.when {
        Some(when) => format!("{said}, when {}", condition(source, when)),
        None => said,
    }
}

/// Returns what an action or rule does beside leading on, by the words of the language.
pub(super) fn effects(effects: &Effects) -> [(&'static str, &Names); 5] {
    [
        ("gives", &effects.gives),
        ("takes_back", &effects.takes_back),
        ("approves", &effects.approves),
        ("makes", &effects.makes),
        ("keeps", &effects.keeps),
    ]
}

/// Returns what happens when something is late; none where nothing does.
pub(super) fn late(source: &Workflow, ladder: &[Late]) -> Option<String> {
    let rung = |late: &Late| {
        let mut said = Vec::new();
        if let Some(roles) = listed(&late.tell) {
            said.push(format!("{roles} is told"));
        }
        if let Some(go_to) = &late.go_to {
            said.push(format!("the case goes to {}", target(source, &go_to.value)));
        }
        let said = said.join(" and ");
        match &late.after {
            Some(after) => format!("after {} {said}", after.value),
            None => said,
        }
    };
    let said: Vec<String> = ladder.iter().map(rung).collect();
    (!said.is_empty()).then(|| said.join("; "))
}
