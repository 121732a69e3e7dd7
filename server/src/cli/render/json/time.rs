//! Deadlines and their explanations as JSON.

use heard_proto::v1::{
    Deadline, DeadlineState, ExplainClockResponse, Interval, Mark, Rung, Verdict,
};
use prost_types::Duration;
use serde_json::{Value, json};

use super::{instant, list, word};

/// Returns a deadline.
pub(in crate::cli) fn deadline(deadline: &Deadline) -> Value {
    json!({
        "name": deadline.name,
        "number": deadline.number,
        "kind": word(deadline.kind().as_str_name(), "DEADLINE_KIND_"),
        "state": state(deadline.state()),
        "anchor_time": instant(deadline.anchor_time.as_ref()),
        "due_time": instant(deadline.due_time.as_ref()),
        "due_local": deadline.due_local,
        "length": deadline.length,
        "calendar": deadline.calendar,
        "time_zone": deadline.time_zone,
        "statutory": deadline.statutory,
        "extended": deadline.extended,
        "late_time": instant(deadline.late_time.as_ref()),
        "paused_since_time": instant(deadline.paused_since_time.as_ref()),
        "pauses": list(&deadline.pauses, |pause| json!({
            "from_time": instant(pause.from_time.as_ref()),
            "to_time": instant(pause.to_time.as_ref()),
        })),
        "marks": list(&deadline.marks, mark),
        "reached_marks": list(&deadline.reached_marks, mark),
        "verdict": verdict(deadline.verdict()),
        "stopped_time": instant(deadline.stopped_time.as_ref()),
        "open_since_time": instant(deadline.open_since_time.as_ref()),
        "text": deadline.text,
        "questions": list(&deadline.questions, |question| json!({
            "name": question.name,
            "ask": question.ask,
            "lowest": question.lowest,
            "highest": question.highest,
        })),
        "roles": deadline.roles,
        "taken_from_case_id": deadline.taken_from_case_id,
    })
}

/// Returns the explanation of a deadline.
pub(in crate::cli) fn explanation(explained: &ExplainClockResponse) -> Value {
    json!({
        "deadline": explained.deadline.as_ref().map(deadline),
        "until_time": instant(explained.until_time.as_ref()),
        "intervals": list(&explained.intervals, interval),
        "counted": explained.counted.as_ref().map(seconds),
        "left": explained.left.as_ref().map(seconds),
        "tz_version": explained.tz_version,
    })
}

fn interval(interval: &Interval) -> Value {
    json!({
        "from_time": instant(interval.from_time.as_ref()),
        "to_time": instant(interval.to_time.as_ref()),
        "from_local": interval.from_local,
        "to_local": interval.to_local,
        "length": interval.length.as_ref().map(seconds),
        "counted": interval.counted,
        "reason": word(interval.reason().as_str_name(), "INTERVAL_REASON_"),
    })
}

fn mark(mark: &Mark) -> Value {
    json!({
        "time": instant(mark.time.as_ref()),
        "rung": rung(mark.rung()),
        "number": mark.number,
    })
}

fn state(state: DeadlineState) -> String {
    word(state.as_str_name(), "DEADLINE_STATE_")
}

fn rung(rung: Rung) -> String {
    word(rung.as_str_name(), "RUNG_")
}

/// Returns how a deadline ended; nothing while it has not.
fn verdict(verdict: Verdict) -> Option<String> {
    match verdict {
        Verdict::Unspecified => None,
        Verdict::Met
        | Verdict::Late
        | Verdict::Ended
        | Verdict::Kept
        | Verdict::KeptLate
        | Verdict::Broken
        | Verdict::Released
        | Verdict::Done
        | Verdict::Cancelled
        | Verdict::Skipped => Some(word(verdict.as_str_name(), "VERDICT_")),
    }
}

/// Returns a length of time in seconds, as protocol buffers write it in JSON: `1.500s`.
fn seconds(length: &Duration) -> String {
    let sign = if length.seconds < 0 || length.nanos < 0 {
        "-"
    } else {
        ""
    };
    let (seconds, micros) = (length.seconds.unsigned_abs(), length.nanos.abs() / 1_000);
    match micros {
        0 => format!("{sign}{seconds}s"),
        _ if micros % 1_000 == 0 => format!("{sign}{seconds}.{:03}s", micros / 1_000),
        _ => format!("{sign}{seconds}.{micros:06}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_seconds_to_the_microsecond() {
        for (seconds, nanos, shown) in [
            (3_600, 0, "3600s"),
            (1, 500_000_000, "1.500s"),
            (-1, -1_000, "-1.000001s"),
            (0, -500_000_000, "-0.500s"),
        ] {
            assert_eq!(super::seconds(&Duration { seconds, nanos }), shown);
        }
    }
}
