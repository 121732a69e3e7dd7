//! How deadlines and their marks are written.

use super::*;

#[test]
fn deadlines_are_named_by_kind_and_name() {
    for text in [
        "clock/final_response",
        "promise/call_back",
        "due/hear",
        "due/assess.examine",
        "survey/after_contact",
        "follow_up/check_in",
        "cause_action/1.2",
        "effect/1.2",
        "cause_review/1",
    ] {
        let name: DeadlineName = text.parse().unwrap();
        assert_eq!(name.to_string(), text);
    }
    for wrong in [
        "",
        "hear",
        "due/",
        "due/a.",
        "clock/a.b",
        "task/a",
        "due/a.b.c",
        "due/A",
        "cause_action/1",
        "effect/a.1",
        "effect/1.b",
        "cause_review/1.1",
    ] {
        assert_eq!(
            wrong.parse::<DeadlineName>(),
            Err(InvalidDeadline),
            "{wrong:?}"
        );
    }
}

#[test]
fn rungs_are_written_as_they_are_read() {
    for text in ["warn", "late", "after/2", "then", "open", "close"] {
        assert_eq!(Rung::try_from(text.to_owned()).unwrap().to_string(), text);
    }
    assert_eq!(Rung::try_from("after/".to_owned()), Err(InvalidDeadline));
}
