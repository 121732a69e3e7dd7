//! Everything about time: calendars, promises, clocks, dues, and how long a case is kept.

use serde_json::{Value, json};

use super::form::{
    date, defined, either, flag, may, must, names, not_both, one_or_list, pattern, percent, table,
    text, with, words,
};

const CALENDAR: &str = "The calendar whose working hours count; without it, `default`.";
const LATE: &str = "What happens when it is late; a list with `after` is a ladder.";
const WARN_AT: &str = "After which share of the time it warns, such as 75%.";

pub(super) fn calendars() -> Value {
    let day = "(mon|tue|wed|thu|fri|sat|sun)";
    let clock = "([01][0-9]|2[0-3]):[0-5][0-9]";
    let span = pattern(
        &format!("{clock}-({clock}|24:00)"),
        "opening hours look like `08:00-12:30`, in order and without overlap",
        &["08:00-18:00"],
    );
    let hours = json!({
        "type": "object",
        "propertyNames": {
            "pattern": format!("^{day}(-{day})?$"),
            "patternErrorMessage": "days look like `mon`, `mon-fri` or `sat-mon`",
        },
        "additionalProperties": super::form::described(
            "Opening hours of these days, such as [\"08:00-12:30\", \"13:30-20:00\"]; `[]` is \
             closed.",
            one_or_list(&span),
        ),
    });
    let calendar = words(vec![
        must(
            "time_zone",
            "The time zone, such as Europe/Lisbon.",
            with(
                text(),
                json!({"examples": ["Europe/London", "America/New_York"]}),
            ),
        ),
        must(
            "hours",
            "When you are open, such as {mon-fri: [\"08:00-20:00\"], sat: [\"09:00-13:00\"]}. A \
             day that is not named is closed.",
            hours,
        ),
        may(
            "closed_on",
            "Days on which you are closed, such as public holidays.",
            one_or_list(&date()),
        ),
    ]);
    table("A calendar.", calendar)
}

pub(super) fn promises() -> Value {
    let promise = words(vec![
        must(
            "text",
            "What the customer is told. `{due}` stands for the time.",
            text(),
        ),
        may(
            "within",
            "How long after it is made it must be kept.",
            defined("length"),
        ),
        may(
            "by",
            "The date field that says by when it must be kept.",
            text(),
        ),
        may("late", LATE, defined("late")),
        may("calendar", CALENDAR, text()),
    ]);
    let promise = with(promise, either(&["within", "by"]));
    let promise = with(promise, json!({"allOf": [not_both("within", "by")]}));
    table("A promise to the customer.", promise)
}

pub(super) fn clocks() -> Value {
    let extend = words(vec![
        must(
            "to",
            "The new length, from the same beginning.",
            defined("length"),
        ),
        may(
            "needs",
            "What must be there before it may be extended.",
            defined("needs"),
        ),
        must("by", "The roles that may extend it.", names()),
    ]);
    let clock = words(vec![
        may(
            "when",
            "For which cases the clock runs; without it, for all.",
            defined("condition"),
        ),
        must(
            "from",
            "What starts it: opened, reopened, a step, an outcome or a date field.",
            names(),
        ),
        must(
            "until",
            "What stops it: a step, an outcome, or `closed`.",
            names(),
        ),
        must("within", "How much time there is.", defined("length")),
        may(
            "statutory",
            "Yes: set by law or a regulator. It never pauses.",
            flag(),
        ),
        may("warn_at", WARN_AT, percent()),
        may("extend", "How it may be extended, once.", extend),
        may("late", LATE, defined("late")),
        may("calendar", CALENDAR, text()),
    ]);
    table("A clock: a deadline that spans steps.", clock)
}

/// When a step or task is due.
pub(super) fn due() -> Value {
    let due = words(vec![
        must("in", "How long after entering the step.", defined("length")),
        may("warn_at", WARN_AT, percent()),
        may("late", LATE, defined("late")),
        may(
            "then",
            "Where the case goes when the time is up, where that is the normal end of a wait and \
             nobody is late.",
            text(),
        ),
        may("calendar", CALENDAR, text()),
    ]);
    with(due, json!({"allOf": [not_both("late", "then")]}))
}

/// What happens when something is late: once, or a ladder.
pub(super) fn late() -> Value {
    let rung = words(vec![
        may(
            "after",
            "How long after the due time; without it, at once.",
            defined("length"),
        ),
        may("tell", "The roles that are told.", names()),
        may("go_to", "The step or outcome the case goes to.", text()),
    ]);
    one_or_list(&rung)
}

pub(super) fn keep() -> Value {
    words(vec![
        must("for", "How long a case is kept.", defined("length")),
        must("from", "From when: opened, closed, or an outcome.", text()),
    ])
}
