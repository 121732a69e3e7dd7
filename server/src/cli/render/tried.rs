//! What came of trying the actions of a step: for people and for programs.

use heard_engine::id::RoleName;
use heard_engine::scenario::{Attempt, Attempted, Fit, RuleSeen, Tried, Verdict};
use heard_engine::workflow::Workflow;
use serde_json::{Value, json};

use super::put;
use crate::escape::escaped;

/// Returns what came of it for a person.
pub(in crate::cli) fn text(workflow: &Workflow, attempt: &Attempt, came: &Attempted) -> String {
    let mut text = String::new();
    let reference = workflow.reference();
    let title = workflow.step(attempt.step.as_str());
    let title = title.map_or("", |(_, step)| step.title.as_str());
    put(
        &mut text,
        format_args!(
            "{}@{}, in the step {} ({}),\nas if its tasks were done, its cause recorded and a \
             reason given\n",
            reference.id,
            reference.version,
            attempt.step,
            escaped(title)
        ),
    );
    let made_up: Vec<String> = attempt
        .made_up(workflow)
        .iter()
        .map(|(field, value)| escaped(&format!("{field}: {value}")))
        .collect();
    if !made_up.is_empty() {
        let made_up = made_up.join(", ");
        put(&mut text, format_args!("begun with (made up): {made_up}\n"));
    }
    time(&mut text, attempt, came);
    for one in &came.tried {
        let roles: Vec<&str> = one.roles.iter().map(RoleName::as_str).collect();
        let roles = roles.join(" or ");
        put(&mut text, format_args!("\n{}, as {roles}: ", one.action));
        verdict(&mut text, &came.place, &one.verdict);
    }
    text
}

/// Tells what was due while time passed, and what is due next.
fn time(text: &mut String, attempt: &Attempt, came: &Attempted) {
    if let Some(wait) = attempt.wait {
        put(text, format_args!("after {wait}, at {}\n", came.at));
    } else {
        put(text, format_args!("at {}\n", came.at));
    }
    for (at, passed) in &came.passed {
        put(text, format_args!("  {at}  {}\n", escaped(passed)));
    }
    for standing in &came.deadlines {
        put(text, format_args!("  {}\n", escaped(standing)));
    }
    if came.place != attempt.step.as_str() {
        let title = escaped(&came.title);
        put(
            text,
            format_args!("the case is in {} ({title})\n", came.place),
        );
    }
}

fn verdict(text: &mut String, from: &str, verdict: &Verdict) {
    match verdict {
        Verdict::Refused(reasons) => {
            text.push_str("refused\n");
            for reason in reasons {
                let (name, reason) = (reason.code().name(), escaped(&reason.to_string()));
                put(text, format_args!("  {name}: {reason}\n"));
            }
        }
        Verdict::Goes {
            trace,
            place,
            title,
            asks,
        } => {
            let title = escaped(title);
            if place == from {
                put(
                    text,
                    format_args!("leads to the same step, {place} ({title})\n"),
                );
            } else {
                put(text, format_args!("goes to {place} ({title})\n"));
            }
            for rule in &trace.rules {
                let sentence = escaped(&trace.sentence(rule));
                put(text, format_args!("  {sentence}\n"));
            }
            for (field, ask) in asks {
                put(
                    text,
                    format_args!("  would be asked there: {field} ({})\n", escaped(ask)),
                );
            }
        }
    }
}

/// Returns what came of it for programs.
pub(in crate::cli) fn json(workflow: &Workflow, attempt: &Attempt, came: &Attempted) -> Value {
    let reference = workflow.reference();
    let actions: Vec<Value> = came.tried.iter().map(action).collect();
    let passed = came.passed.iter();
    let passed: Vec<Value> = passed
        .map(|(at, what)| json!({"at": at, "what": what}))
        .collect();
    let made_up = attempt.made_up(workflow).into_iter();
    let made_up: serde_json::Map<String, Value> = made_up
        .map(|(field, value)| (field.to_string(), json!(value.to_string())))
        .collect();
    json!({
        "workflow_id": reference.id.as_str(),
        "version": reference.version.0,
        "step": attempt.step.as_str(),
        "made_up": made_up,
        "at": came.at,
        "passed": passed,
        "place": came.place,
        "title": came.title,
        "deadlines": came.deadlines,
        "actions": actions,
    })
}

fn action(tried: &Tried) -> Value {
    let roles: Vec<&str> = tried.roles.iter().map(RoleName::as_str).collect();
    let (goes, refused) = match &tried.verdict {
        Verdict::Refused(reasons) => {
            let reasons = reasons.iter();
            let reasons: Vec<Value> = reasons
                .map(|reason| {
                    let code = reason.code();
                    json!({
                        "code": code.as_str(),
                        "name": code.name(),
                        "message": reason.to_string(),
                    })
                })
                .collect();
            (Value::Null, json!(reasons))
        }
        Verdict::Goes {
            trace,
            place,
            title,
            asks,
        } => {
            let asks = asks.iter();
            let asks: Vec<Value> = asks
                .map(|(field, ask)| json!({"field": field.as_str(), "ask": ask}))
                .collect();
            let seen: Vec<Value> = trace.rules.iter().map(rule).collect();
            let goes = json!({"place": place, "title": title, "rules": seen, "asks": asks});
            (goes, json!([]))
        }
    };
    json!({
        "action": tried.action.as_str(),
        "anywhere": tried.is_anywhere,
        "roles": roles,
        "allowed": !goes.is_null(),
        "goes": goes,
        "refused": refused,
    })
}

fn rule(rule: &RuleSeen) -> Value {
    let saw = rule.saw.iter();
    let saw: serde_json::Map<String, Value> = saw
        .map(|(field, text)| (field.to_string(), json!(text)))
        .collect();
    let fit = match rule.fit {
        Fit::DidNot => "did_not_fit",
        Fit::Taken => "taken",
        Fit::UsedUp => "used_up",
        Fit::NotTried => "not_tried",
    };
    json!({
        "number": rule.number,
        "asks": rule.asks,
        "saw": saw,
        "fit": fit,
        "leads_to": rule.leads_to_name(),
        "title": rule.title,
    })
}
