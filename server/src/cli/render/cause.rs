//! Root causes as text, in the order in which an auditor reads them: what went wrong, why, what is
//! done about it, and what came of that.
//!
//! Source: ISO 9001:2015, 10.2.

use heard_proto::v1::cause_action::Target;
use heard_proto::v1::{
    CauseAction, CauseActionKind, CauseEffect, CauseRef, CauseReview, CauseStatus, Disclosure,
    DrawnBy, ReviewVerdict, RootCause, RootCauseSummary, Why,
};

use super::{day, instant, put, text::table, word};
use crate::escape::escaped;

/// What stands for words that are not shown.
const SEALED: &str = "(sealed; --reveal shows it)";

/// Returns a list of root causes.
pub(in crate::cli) fn list(causes: &[RootCauseSummary]) -> String {
    let row = |cause: &RootCauseSummary| {
        vec![
            escaped(&cause.case_id),
            cause.number.to_string(),
            format!("{}/{}", escaped(&cause.group), escaped(&cause.name)),
            status(cause.status()),
            instant(cause.recorded_time.as_ref()).unwrap_or_default(),
            instant(cause.due_time.as_ref()).unwrap_or_default(),
            cause.statement.as_deref().map(escaped).unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = causes.iter().map(row).collect();
    let headings = ["CASE", "N", "CAUSE", "STATUS", "RECORDED", "NEXT DUE", ""];
    table(&headings, &rows)
}

/// Returns a root cause with everything that is known of it.
pub(in crate::cli) fn whole(cause: &RootCause) -> String {
    let mut text = head(cause);
    let shown = |word: Option<&str>| word.map_or_else(|| SEALED.to_owned(), escaped);
    let mut part = |heading: &str, lines: &[String]| {
        if lines.iter().all(String::is_empty) {
            return;
        }
        put(&mut text, format_args!("\n{heading}\n"));
        for line in lines {
            put(&mut text, format_args!("  {line}\n"));
        }
    };
    part("What went wrong", &[shown(cause.statement.as_deref())]);
    let failure = titled(&cause.failure, &cause.failure_title);
    part("What failed for the customer", &[failure]);
    part("Why", &whys(&cause.whys, cause.disclosure()));
    let contributing: Vec<String> = cause.contributing.iter().map(named).collect();
    part("What contributed", &contributing);
    if cause.has_escape {
        let escape = shown(cause.escape.as_deref());
        part("Why nobody noticed before the customer did", &[escape]);
    }
    part("Policy at fault", &[escaped(&cause.policy_id)]);
    let reporting = titled(&cause.reporting, &cause.reporting_title);
    part("Heading of the regulator", &[reporting]);
    let similar: Vec<String> = cause
        .similar_case_ids
        .iter()
        .map(|id| escaped(id))
        .collect();
    part("Similar cases that were looked at", &similar);
    for (kind, heading) in [
        (CauseActionKind::Correction, "Put right for this customer"),
        (CauseActionKind::Corrective, "Done against the cause"),
        (
            CauseActionKind::Preventive,
            "Done elsewhere, where the same could happen",
        ),
    ] {
        let actions = cause.actions.iter().filter(|action| action.kind() == kind);
        part(heading, &actions.flat_map(action).collect::<Vec<_>>());
    }
    let again = cause.review_date.map(day).unwrap_or_default();
    part("To be looked at again on", &[again]);
    if cause.overridden {
        let reason = shown(cause.override_reason.as_deref());
        part("Stands though it reads as blame, because", &[reason]);
    }
    let is_shown = cause.disclosure() == Disclosure::Revealed;
    let reviews = cause.reviews.iter();
    part(
        "Verdicts",
        &reviews.map(|it| review(it, is_shown)).collect::<Vec<_>>(),
    );
    text
}

fn head(cause: &RootCause) -> String {
    let chosen = cause.cause.as_ref().map(named).unwrap_or_default();
    let drawn = match cause.drawn_by() {
        DrawnBy::Unspecified => "",
        DrawnBy::Rule => ", drawn for review by a rule of the workflow",
        DrawnBy::Repetition => ", drawn for review as it is not the first of its case",
        DrawnBy::Sample => ", drawn for review by chance",
    };
    let mut text = format!(
        "Root cause {} of case {}\n  {chosen}: {}\n  {}{drawn}\n  recorded {} in revision {}",
        cause.number,
        escaped(&cause.case_id),
        escaped(&cause.title),
        status(cause.status()),
        instant(cause.recorded_time.as_ref()).unwrap_or_default(),
        cause.revision,
    );
    if cause.version > 1 {
        put(&mut text, format_args!(", version {}", cause.version));
    }
    text.push('\n');
    if let Some(proposed) = &cause.proposed_cause {
        let proposed = named(proposed);
        put(
            &mut text,
            format_args!("  proposed as {proposed}; a reviewer chose the other\n"),
        );
    }
    if cause.disclosure() == Disclosure::LeftOut {
        text.push_str("  Its words are too many for one answer; heard case history has them.\n");
    }
    text
}

fn status(status: CauseStatus) -> String {
    word(status.as_str_name(), "CAUSE_STATUS_").replace('_', " ")
}

fn named(cause: &CauseRef) -> String {
    format!("{}/{}", escaped(&cause.group), escaped(&cause.name))
}

fn titled(name: &str, title: &str) -> String {
    if name.is_empty() {
        return String::new();
    }
    format!("{}: {}", escaped(name), escaped(title))
}

fn whys(whys: &[Why], disclosure: Disclosure) -> Vec<String> {
    let is_shown = disclosure == Disclosure::Revealed;
    let shown = |word: &str| {
        if is_shown {
            escaped(word)
        } else {
            SEALED.to_owned()
        }
    };
    let mut lines = Vec::new();
    for (number, why) in (1..).zip(whys) {
        lines.push(format!("{number}. {}", shown(&why.statement)));
        for evidence in &why.evidence {
            let digest = evidence.sha256.as_deref().map(escaped);
            let digest = digest.map(|digest| format!(", SHA-256 {digest}"));
            let reference = shown(&evidence.reference);
            lines.push(format!(
                "   shown by {reference}{}",
                digest.unwrap_or_default()
            ));
        }
    }
    lines
}

fn action(action: &CauseAction) -> Vec<String> {
    let shown = |word: Option<&str>| word.map_or_else(|| SEALED.to_owned(), escaped);
    let due = action.due_date.map(day).unwrap_or_default();
    let late = if action.late { " (late)" } else { "" };
    let done = match instant(action.done_time.as_ref()) {
        Some(done) => format!("done {done}{late}"),
        None => format!("not done yet{late}"),
    };
    let target = match action.target {
        None => String::new(),
        Some(Target::AtMost(most)) => format!(", at most {most}"),
        Some(Target::AtLeast(least)) => format!(", at least {least}"),
    };
    let mut lines = vec![
        format!("{}. {}", action.number, shown(action.task.as_deref())),
        format!("   by {}, due {due}, {done}", escaped(&action.owner)),
        format!("   measure: {}{target}", shown(action.measure.as_deref())),
    ];
    let mut note = |what: &str, note: Option<&str>| {
        if let Some(note) = note {
            lines.push(format!("   {what}: {}", escaped(note)));
        }
    };
    note("done so", action.done_note.as_deref());
    let effect = match action.effect() {
        CauseEffect::Unspecified => None,
        effect @ (CauseEffect::Effective
        | CauseEffect::NotEffective
        | CauseEffect::Inconclusive) => {
            Some(word(effect.as_str_name(), "CAUSE_EFFECT_").replace('_', " "))
        }
    };
    let observed = action.observed.map(|number| format!(", observed {number}"));
    let said = effect.map(|effect| {
        let at = instant(action.effect_time.as_ref()).unwrap_or_default();
        format!("{effect}, as was said {at}{}", observed.unwrap_or_default())
    });
    note("effect", said.as_deref());
    note("as to the effect", action.effect_note.as_deref());
    let check = instant(action.check_time.as_ref());
    note("its effect is to be looked at from", check.as_deref());
    lines
}

fn review(review: &CauseReview, is_shown: bool) -> String {
    let found = match review.verdict() {
        ReviewVerdict::Unspecified => "unknown".to_owned(),
        ReviewVerdict::Accepted => "accepted".to_owned(),
        ReviewVerdict::Returned => "returned".to_owned(),
        ReviewVerdict::Reclassified => {
            let cause = review.cause.as_ref().map(named).unwrap_or_default();
            format!("accepted as {cause}")
        }
    };
    let at = instant(review.time.as_ref()).unwrap_or_default();
    let version = review.version;
    let reason = match &review.reason {
        Some(reason) => format!(": {}", escaped(reason)),
        None if is_shown => String::new(),
        None => format!(": {SEALED}"),
    };
    format!("{at}  {found} (version {version}){reason}")
}
