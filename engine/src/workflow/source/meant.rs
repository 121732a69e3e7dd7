//! Recognises what people write who know another way to say it, and says it in the language's own.
//!
//! Invariant: whatever is recognised here is reported as a fault too.

use super::node::{Node, Shape};
use super::reader::{Reader, listed};
use super::{Field, Kind, Names, Sp};
use crate::code::Code;
use crate::finding::Finding;
use crate::id::is_name;
use crate::money::Money;
use crate::workflow::length::Length;

/// How comparisons are written elsewhere; of two beginnings the longer stands first.
const COMPARISONS: [(&str, &str); 16] = [
    (">=", "at_least"),
    ("<=", "at_most"),
    (">", "above"),
    ("<", "below"),
    ("at least ", "at_least"),
    ("at_least ", "at_least"),
    ("at most ", "at_most"),
    ("at_most ", "at_most"),
    ("above ", "above"),
    ("below ", "below"),
    ("more than ", "above"),
    ("less than ", "below"),
    ("under ", "below"),
    ("over ", "above"),
    ("up to ", "at_most"),
    ("not over ", "at_most"),
];

const NOT: [&str; 4] = ["not ", "is not ", "!= ", "<> "];

/// Signs of money, with the code of the currency most often meant.
const SIGNS: [(char, &str); 4] = [('$', "USD"), ('€', "EUR"), ('£', "GBP"), ('¥', "JPY")];

/// What may stand for an amount without end.
const ENDLESS: [&str; 5] = ["unlimited", "no limit", "infinite", "infinity", "any"];

impl Reader {
    /// Says of a value that cannot be understood how it is written.
    pub(crate) fn meant(&mut self, text: &Sp<String>, expected: &str, written: String) {
        let message = format!("`{}` cannot be understood here", text.value);
        let finding = Finding::error(Code::H011, text.span, message).why(expected);
        self.report(finding.replace(written));
    }

    /// Reads a list that is written without its brackets as the list that is meant.
    pub(crate) fn unbracketed(&mut self, node: &Node) -> Option<Names> {
        let Shape::Text(text) = &node.shape else {
            return None;
        };
        let parts = list(text)?;
        let message = format!("`{text}` is a list without brackets");
        let finding =
            Finding::error(Code::H004, node.span, message).why("it would be taken for one name");
        self.report(finding.replace(bracketed(&parts)));
        let span = node.span;
        let names = parts.into_iter().map(|value| Sp { value, span });
        Some(names.collect())
    }
}

/// Returns how an amount such as `$250` is written.
pub(crate) fn amount(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, currency) = SIGNS.iter().find(|(sign, _)| text.contains(*sign))?;
    let number = text.replace([*sign, ','], "");
    let written = format!("{} {currency}", number.trim());
    Money::parse(&written).ok().map(|_| written)
}

/// Returns how a comparison such as `> 24` or `at most 3` is written.
pub(crate) fn comparison(text: &str) -> Option<String> {
    let text = text.trim();
    if matches!(text, "over limit" | "over the limit" | "> limit") {
        return Some("{over: limit}".to_owned());
    }
    let (word, value) = COMPARISONS
        .iter()
        .find_map(|(sign, word)| Some((*word, text.strip_prefix(sign)?.trim())))?;
    let value = amount(value).unwrap_or_else(|| value.to_owned());
    (!value.is_empty()).then(|| format!("{{{word}: {value}}}"))
}

/// Returns how `cabin: not economy` is written, given what stands behind the colon.
pub(crate) fn not(name: &str, field: &Field, text: &str) -> Option<String> {
    let value = NOT.iter().find_map(|not| text.strip_prefix(not))?;
    let is_option = field.of.iter().any(|option| option.value == value);
    is_option.then(|| format!("write `not: {{{name}: {value}}}`, or a list of the others"))
}

/// Returns how a need such as `confirmed = yes` is written.
pub(super) fn condition(text: &str) -> Option<String> {
    let (name, value) = text.split_once('=')?;
    let (name, value) = (name.trim(), value.trim_start_matches('=').trim());
    let is_said = is_name(name) && !value.is_empty();
    is_said.then(|| format!("{{{name}: {value}}}"))
}

/// Returns the parts of a list that is written without its brackets.
fn list(text: &str) -> Option<Vec<String>> {
    let parts = |by: &str| -> Vec<String> {
        let parts = text.split(by).map(|part| part.trim().to_owned());
        parts.collect()
    };
    if text.contains(", ") {
        return Some(parts(",")).filter(|parts| parts.iter().all(|part| !part.is_empty()));
    }
    let by_words = [" and ", " or "].into_iter().map(parts);
    let mut lists = by_words.filter(|parts| parts.len() > 1);
    lists.find(|parts| parts.iter().all(|part| is_name(part)))
}

/// Returns how a length such as `7 business days` is written.
pub(super) fn length(text: &str) -> Option<String> {
    let written = text.replace("business ", "working ");
    let written = written.replace("workday", "working day");
    let written = written.replace(" work ", " working ");
    Length::parse(&written).ok().map(|_| written)
}

/// Says what to write instead of a limit without end.
pub(super) fn endless(text: &str) -> Option<&'static str> {
    ENDLESS.contains(&text).then_some(
        "write an amount that is never reached, such as `1000000 EUR`; a field that needs nobody's \
         agreement says `limit: none`",
    )
}

/// Says what to do where a value is written as a calculation.
pub(super) fn calculation(field: &Field, text: &str) -> Option<&'static str> {
    let kind = field.kind.as_ref()?.value;
    let is_amount = matches!(kind, Kind::Money | Kind::Number);
    let signs = [" * ", " x ", " + ", " / ", " times ", " per "];
    let is_calculated = signs.iter().any(|sign| text.contains(sign));
    let mend = "nothing is calculated: write one row for each number, such as \
                `{when: {passengers: 2}, is: 200 EUR}`";
    (is_amount && is_calculated).then_some(mend)
}

/// Says that the age of a date is not compared, where somebody tries.
pub(crate) fn age(value: &str) -> Option<&'static str> {
    let is_length = Length::parse(value).is_ok();
    is_length.then_some(
        "the age of a date cannot be compared; ask for a number instead, such as \
         `hours_since: {type: number}`",
    )
}

/// Returns an example of something that is written as words with values.
pub(super) fn example(what: &str) -> &'static str {
    match what {
        "a role" => "`agent: {title: Agent}`",
        "a field" => "`story: {type: long_text, personal: yes}`",
        "a limit" | "a role in a limit" => "`goodwill: {agent: 50 EUR, team_lead: 250 EUR}`",
        "a row of a table" => "`{when: {km: {at_most: 1500}}, is: 250 EUR}`",
        "a step" => "`hear: {phase: hear, who: [agent], next: empathize}`",
        "a task" => "`call: {who: [agent], needs: [story]}`",
        "an action" => "`agree: {go_to: resolved}`",
        "a rule" => "`{when: {happy: yes}, go_to: resolved}`",
        "an outcome" => "`resolved: {counts_as: resolved}`",
        "a comparison" => "`{at_least: 3}`",
        "a calendar" => {
            "`default: {time_zone: Europe/Lisbon, hours: {mon-fri: [\"08:00-20:00\"]}}`"
        }
        "a promise" => "`call_back: {text: \"We call by {due}.\", within: 1 day}`",
        "a clock" => "`answered: {from: opened, until: closed, within: 8 weeks}`",
        "`reopen`" => "`{to: hear, within: 30 days}`",
        "`due`" => "`{in: 1 day, late: {tell: [team_lead]}}`",
        "`late`" => "`{tell: [team_lead]}`",
        "`extend`" => "`{to: 35 days, by: team_lead}`",
        "`causes`" | "a group of causes" | "a cause" => {
            "`categories: {how_we_work: {unclear_rule: The rule is unclear}}`"
        }
        "`review`" => "`{by: team_lead, sample: 10%}`",
        "`blame_free`" => "`{override: [team_lead]}`",
        "`systemic`" => "`{cases: 5, within: 30 days}`",
        "`effectiveness_check`" => "`{after: 30 days}`",
        "a survey" | "a question" => {
            "`after_week: {of: resolved, after: 7 days, \
             questions: {happy: {ask: \"Are you happy?\", scale: 1-5}}}`"
        }
        "a follow-up" => "`call: {of: resolved, after: 3 days, task: Call them, who: agent}`",
        "a standard" => {
            "`soon: {metric: first_reply, target: 90%, window: 30 days, owner: team_lead}`"
        }
        "`keep`" => "`{for: 2 years, from: closed}`",
        _ => "`name: {word: value}`",
    }
}

/// Returns how a list is written: `[agent, supervisor]`.
fn bracketed(parts: &[String]) -> String {
    format!("[{}]", parts.join(", "))
}

/// Says what to write where a word stands alone behind the value of another.
pub(super) fn alone(before: &str, value: &str, word: &str) -> String {
    let parts = [value.to_owned(), word.to_owned()];
    let known = listed(&[before], "and");
    format!(
        "if it belongs to {known}, write `{before}: {}`",
        bracketed(&parts)
    )
}
