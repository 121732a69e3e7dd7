//! Deadlines as text for people: what runs, when it is due by the local clock, and why.

use heard_proto::v1::{
    Deadline, DeadlineState, ExplainClockResponse, GetCaseResponse, Interval, IntervalReason,
    SurveyQuestion, Verdict,
};
use prost_types::{Duration, Timestamp};

use super::text::table as in_columns;
use super::{instant, put, word};
use crate::escape::escaped;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What time it is for the server.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::cli) struct Time<'a> {
    /// The present instant, where it is known.
    now: Option<&'a Timestamp>,
    /// Nothing that is due happens until the clock is accepted.
    is_held: bool,
}

impl<'a> Time<'a> {
    /// Returns the time that an answer tells.
    pub(in crate::cli) const fn of(answer: &'a GetCaseResponse) -> Self {
        Self {
            now: answer.now_time.as_ref(),
            is_held: answer.held_reason.is_some(),
        }
    }

    /// Returns whether a deadline is due, and does not fire because time is held.
    fn keeps_waiting(self, deadline: &Deadline) -> bool {
        let due = deadline.due_time.as_ref().zip(self.now);
        let is_due = due.is_some_and(|(due, now)| due.seconds <= now.seconds);
        self.is_held && is_due && deadline.state() == DeadlineState::Running
    }
}

/// Returns the deadlines of a case that have not ended, below a heading; nothing without one.
pub(super) fn running(deadlines: &[Deadline], time: Time<'_>) -> String {
    let running = deadlines.iter().filter(|deadline| match deadline.state() {
        DeadlineState::Stopped | DeadlineState::Waiting => false,
        DeadlineState::Unspecified
        | DeadlineState::Running
        | DeadlineState::Paused
        | DeadlineState::Late
        | DeadlineState::Open => true,
    });
    let rows: Vec<&Deadline> = running.collect();
    if rows.is_empty() {
        return String::new();
    }
    let width = |cell: &dyn Fn(&Deadline) -> String| {
        let cells = rows.iter().map(|row| cell(row).chars().count());
        cells.max().unwrap_or(0)
    };
    let (names, states) = (width(&name), width(&|row| state(row, time)));
    let mut text = "\nWhat runs\n".to_owned();
    for row in &rows {
        let (name, state) = (name(row), state(row, time));
        let due = [due(row), until(row, time)].join("  ");
        let line = format!("  {name:names$}  {state:states$}  {due}");
        put(&mut text, format_args!("{}\n", line.trim_end()));
        text.push_str(&said(row, 6));
    }
    text
}

/// Returns all deadlines of a case, running or ended.
pub(in crate::cli) fn table(deadlines: &[Deadline], time: Time<'_>) -> String {
    if deadlines.is_empty() {
        return "Nothing of this case runs by itself.\n".to_owned();
    }
    let row = |deadline: &Deadline| {
        vec![
            name(deadline),
            state(deadline, time),
            due(deadline),
            until(deadline, time),
        ]
    };
    let rows: Vec<Vec<String>> = deadlines.iter().map(row).collect();
    let mut text = in_columns(&["DEADLINE", "STATE", "DUE", ""], &rows);
    for deadline in deadlines {
        let said = said(deadline, 2);
        if !said.is_empty() {
            put(&mut text, format_args!("\n{}\n{said}", name(deadline)));
        }
    }
    text
}

fn name(deadline: &Deadline) -> String {
    escaped(&deadline.name)
}

/// Returns how a deadline stands, in a word or two.
fn state(deadline: &Deadline, time: Time<'_>) -> String {
    match deadline.state() {
        DeadlineState::Running if time.keeps_waiting(deadline) => "due".to_owned(),
        DeadlineState::Unspecified => String::new(),
        DeadlineState::Running => "runs".to_owned(),
        DeadlineState::Paused => "stands still".to_owned(),
        DeadlineState::Late => "late".to_owned(),
        DeadlineState::Open => "open".to_owned(),
        DeadlineState::Waiting => "waits for its condition".to_owned(),
        DeadlineState::Stopped => match deadline.verdict() {
            Verdict::Unspecified => "ended".to_owned(),
            verdict @ (Verdict::Met
            | Verdict::Late
            | Verdict::Ended
            | Verdict::Kept
            | Verdict::KeptLate
            | Verdict::Broken
            | Verdict::Released
            | Verdict::Done
            | Verdict::Cancelled
            | Verdict::Skipped) => word(verdict.as_str_name(), "VERDICT_").replace('_', " "),
        },
    }
}

/// Returns when it is due by the local clock, with its zone.
pub(in crate::cli) fn due(deadline: &Deadline) -> String {
    let zone = escaped(&deadline.time_zone);
    deadline
        .due_local
        .as_deref()
        .map_or_else(String::new, |due| format!("{} {zone}", shortly(due)))
}

/// Returns how long it is until a deadline is due, or since then, for what has not ended.
fn until(deadline: &Deadline, time: Time<'_>) -> String {
    let is_over = deadline.state() == DeadlineState::Stopped;
    let due = deadline.due_time.as_ref().filter(|_| !is_over);
    let Some((due, now)) = due.zip(time.now) else {
        return String::new();
    };
    let seconds = due.seconds.saturating_sub(now.seconds);
    match seconds {
        ..0 if time.keeps_waiting(deadline) => {
            format!(
                "since {}, waits: time is held",
                about(seconds.saturating_neg())
            )
        }
        0 => "now".to_owned(),
        1.. => format!("in {}", about(seconds)),
        _ => format!("{} ago", about(seconds.saturating_neg())),
    }
}

/// Returns what is to be told or done of a deadline, each on a line of its own.
fn said(deadline: &Deadline, indent: usize) -> String {
    if deadline.state() == DeadlineState::Stopped {
        return String::new();
    }
    let mut text = String::new();
    let mut line = |shown: &str| put(&mut text, format_args!("{:indent$}{shown}\n", ""));
    if !deadline.text.is_empty() {
        line(&format!("\"{}\"", escaped(&deadline.text)));
    }
    for question in &deadline.questions {
        let SurveyQuestion {
            name,
            ask,
            lowest,
            highest,
        } = question;
        let (name, ask) = (escaped(name), escaped(ask));
        line(&format!("{name}  {ask} [{lowest} to {highest}]"));
    }
    if !deadline.roles.is_empty() {
        let roles = escaped(&deadline.roles.join(", "));
        let may = if deadline.name.starts_with("clock/") {
            "may be extended"
        } else {
            "to be done"
        };
        line(&format!("{may} by {roles}"));
    }
    if let Some(case) = &deadline.taken_from_case_id {
        line(&taken_from(case));
    }
    text
}

/// Tells that it is due as it was in a duplicate.
fn taken_from(case: &str) -> String {
    let case = escaped(case);
    format!("taken over from the case {case}, which was merged into this one")
}

/// Returns the explanation of a deadline: every time, counted or not, and why.
pub(in crate::cli) fn explanation(explained: &ExplainClockResponse) -> String {
    let Some(deadline) = &explained.deadline else {
        return String::new();
    };
    let mut text = heading(deadline, explained);
    if explained.intervals.is_empty() {
        text.push_str("It has not begun to count.\n");
    } else {
        let rows: Vec<Vec<String>> = explained.intervals.iter().map(row).collect();
        let headings = ["FROM", "TO", "FROM (UTC)", "LENGTH", "COUNTS", "WHY"];
        text.push_str(&in_columns(&headings, &rows));
    }
    text.push_str(&sum(deadline, explained));
    text
}

fn heading(deadline: &Deadline, explained: &ExplainClockResponse) -> String {
    let anchor = instant(deadline.anchor_time.as_ref()).unwrap_or_default();
    let length = match deadline.length.as_str() {
        "" => String::new(),
        length => format!("{} ", escaped(length)),
    };
    let calendar = match deadline.calendar.as_str() {
        "" => "every hour counts".to_owned(),
        calendar => format!("calendar {}", escaped(calendar)),
    };
    let taken = deadline.taken_from_case_id.as_deref().map(taken_from);
    let taken = taken.map_or_else(String::new, |taken| taken + "\n");
    format!(
        "{}: {}\n{taken}{length}from {anchor}; {calendar}, {}, time zones of {}\n\n",
        name(deadline),
        state(deadline, Time::default()),
        escaped(&deadline.time_zone),
        escaped(&explained.tz_version)
    )
}

fn row(interval: &Interval) -> Vec<String> {
    let why = match interval.reason() {
        IntervalReason::Unspecified => "",
        IntervalReason::Open => "open",
        IntervalReason::OutsideHours => "outside hours",
        IntervalReason::ClosedDay => "closed day",
        IntervalReason::Paused => "stood still",
        IntervalReason::WallClock => "every hour counts",
    };
    vec![
        with_offset(&interval.from_local),
        with_offset(&interval.to_local),
        instant(interval.from_time.as_ref()).unwrap_or_default(),
        interval.length.as_ref().map(exact).unwrap_or_default(),
        if interval.counted { "yes" } else { "no" }.to_owned(),
        why.to_owned(),
    ]
}

fn sum(deadline: &Deadline, explained: &ExplainClockResponse) -> String {
    let until = instant(explained.until_time.as_ref()).unwrap_or_default();
    let counted = explained.counted.as_ref().map(exact).unwrap_or_default();
    let mut text = format!("\ncounted {counted} until {until}");
    if let Some(left) = &explained.left {
        let is_late = left.seconds < 0 || left.nanos < 0;
        let (length, how) = if is_late {
            (exact(&positive(*left)), "late by")
        } else {
            (exact(left), "left")
        };
        let told = if is_late {
            format!("; {how} {length}")
        } else {
            format!("; {length} {how}")
        };
        text.push_str(&told);
    }
    text.push('\n');
    if let (Some(local), due) = (&deadline.due_local, instant(deadline.due_time.as_ref())) {
        let zone = escaped(&deadline.time_zone);
        put(
            &mut text,
            format_args!(
                "due {} {zone} ({})\n",
                with_offset(local),
                due.unwrap_or_default()
            ),
        );
    }
    text
}

const fn positive(length: Duration) -> Duration {
    Duration {
        seconds: length.seconds.saturating_neg(),
        nanos: length.nanos.saturating_neg(),
    }
}

/// Returns a local time to the minute, or to the second where it has seconds.
fn shortly(local: &str) -> String {
    let (date, rest) = local.split_once('T').unwrap_or((local, ""));
    let time = rest.get(..8).unwrap_or(rest);
    let time = time.strip_suffix(":00").unwrap_or(time);
    escaped(&format!("{date} {time}"))
}

/// Returns a local time with its distance from UTC, which tells apart the two hours of one name.
fn with_offset(local: &str) -> String {
    let offset = local.rfind(['+', '-', 'Z']).filter(|place| *place > 10);
    let offset = offset.and_then(|place| local.get(place..));
    let offset = offset.map(escaped).unwrap_or_default();
    format!("{} {offset}", shortly(local))
}

/// Returns the two largest parts of a length of time.
fn about(seconds: i64) -> String {
    let parts = [
        (seconds / DAY, "day"),
        (seconds % DAY / HOUR, "hour"),
        (seconds % HOUR / MINUTE, "minute"),
        (seconds % MINUTE, "second"),
    ];
    let parts = parts.iter().skip_while(|(number, _)| *number == 0).take(2);
    let told: Vec<String> = parts
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| match number {
            1 => format!("1 {unit}"),
            _ => format!("{number} {unit}s"),
        })
        .collect();
    told.join(" ")
}

/// Returns a length of time to the microsecond, in hours and what is smaller: days differ.
fn exact(length: &Duration) -> String {
    let micros = length.nanos / 1_000;
    let mut parts = Vec::new();
    for (number, unit) in [
        (length.seconds / HOUR, "h"),
        (length.seconds % HOUR / MINUTE, "min"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {unit}"));
        }
    }
    let seconds = length.seconds % MINUTE;
    if micros > 0 {
        parts.push(format!("{seconds}.{micros:06} s"));
    } else if seconds > 0 || parts.is_empty() {
        parts.push(format!("{seconds} s"));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_shortly_and_exactly() {
        for (seconds, shortly) in [
            (1, "1 second"),
            (59 * MINUTE + 59, "59 minutes 59 seconds"),
            (DAY + 30, "1 day"),
            (2 * DAY + HOUR, "2 days 1 hour"),
        ] {
            assert_eq!(about(seconds), shortly);
        }
        for (seconds, nanos, exactly) in [
            (0, 0, "0 s"),
            (0, 1_000, "0.000001 s"),
            (26 * HOUR + 30 * MINUTE, 0, "26 h 30 min"),
            (HOUR + 5, 0, "1 h 5 s"),
        ] {
            assert_eq!(exact(&Duration { seconds, nanos }), exactly);
        }
    }

    #[test]
    fn what_is_due_while_time_is_held_waits() {
        let at = |seconds| Timestamp { seconds, nanos: 0 };
        let mut deadline = Deadline {
            due_time: Some(at(0)),
            ..Deadline::default()
        };
        deadline.set_state(DeadlineState::Running);
        let now = at(2 * HOUR);
        let told = |is_held| {
            let time = Time {
                now: Some(&now),
                is_held,
            };
            (state(&deadline, time), until(&deadline, time))
        };
        assert_eq!(told(false), ("runs".to_owned(), "2 hours ago".to_owned()));
        let waits = "since 2 hours, waits: time is held".to_owned();
        assert_eq!(told(true), ("due".to_owned(), waits));
    }

    #[test]
    fn local_times_are_told_with_what_tells_them_apart() {
        let (summer, winter) = ("2026-10-25T01:30:00+01:00", "2026-10-25T01:30:00+00:00");
        assert_eq!(shortly(summer), "2026-10-25 01:30");
        assert_eq!(with_offset(summer), "2026-10-25 01:30 +01:00");
        assert_eq!(with_offset(winter), "2026-10-25 01:30 +00:00");
        assert_eq!(
            shortly("2026-10-25T01:30:07.5-03:30"),
            "2026-10-25 01:30:07"
        );
        assert_eq!(with_offset("2026-10-25"), "2026-10-25  ");
    }
}
