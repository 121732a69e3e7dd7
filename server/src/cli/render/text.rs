//! The answers of a server as text for people: a case looks like a form.

use heard_proto::v1::{
    Case, CaseSummary, CountsAs, Disclosure, Field, FieldType, GetCaseResponse, Money, Offer,
    OfferKind, OfferedField, Phase, Place, PlaceKind, Receipt, RecordedAnswer, Workflow,
    WorkflowRef, WorkflowSummary,
};

use super::{amount, deadlines, instant, json, put, value, word};
use crate::escape::escaped;

/// An amount of a field, by which role, and when.
struct AmountRow<'a> {
    field: &'a str,
    amount: Option<&'a Money>,
    role: &'a str,
    at: Option<&'a prost_types::Timestamp>,
}

/// The widest a column of a list grows, in characters; longer cells push the rest to the right.
const COLUMN_CHARS_MAX: usize = 64;

/// Returns rows below their headings, each column as wide as its widest cell.
pub(in crate::cli) fn table(headings: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.len()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count().min(COLUMN_CHARS_MAX));
        }
    }
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for (cell, width) in cells.zip(&widths) {
            let padding = width.saturating_sub(cell.chars().count()) + 2;
            line.push_str(cell);
            line.push_str(&" ".repeat(padding));
        }
        line.trim_end().to_owned() + "\n"
    };
    let mut text = line(&mut headings.iter().copied());
    for row in rows {
        text.push_str(&line(&mut row.iter().map(String::as_str)));
    }
    text
}

/// Returns what came of a mutation, and the case as it stands after it.
pub(in crate::cli) fn done(what: &str, receipt: Option<&Receipt>, case: &Case) -> String {
    let first = match receipt {
        None => format!("{what}: possible. Nothing was written; the case would stand so:\n"),
        Some(receipt) => self::receipt(what, receipt),
    };
    format!("{first}\n{}", self::case(case))
}

/// Returns a receipt, on two lines.
pub(in crate::cli) fn receipt(what: &str, receipt: &Receipt) -> String {
    let repeated = if receipt.repeated {
        " This was done before, by the same request; nothing new was written."
    } else {
        ""
    };
    let position = receipt
        .position
        .map(|position| format!(", position {position}"));
    format!(
        "{what}.{repeated}\nrevision {}{}, entry {}\n",
        receipt.revision,
        position.unwrap_or_default(),
        escaped(&receipt.entry_sha256)
    )
}

/// Returns a case with its answers and its forms.
pub(in crate::cli) fn case_and_answers(answer: &GetCaseResponse, case: &Case) -> String {
    let mut text = match &answer.asked_case_id {
        Some(asked) => format!(
            "The case {} was merged into this one, which goes on for both.\n",
            escaped(asked)
        ),
        None => String::new(),
    };
    text += &head(case);
    if let Some(reference) = &answer.reference {
        put(
            &mut text,
            format_args!("  reference  {}\n", escaped(reference)),
        );
    }
    if !answer.answers.is_empty() {
        text.push_str("\nAnswers\n");
        let width = widest(answer.answers.iter().map(|answer| answer.field.as_str()));
        for answer in &answer.answers {
            let field = escaped(&answer.field);
            put(
                &mut text,
                format_args!("  {field:width$}  {}\n", recorded(answer)),
            );
        }
    }
    text + &amounts(case)
        + &deadlines::running(&case.deadlines, deadlines::Time::of(answer))
        + &forms(case)
}

/// Returns a case with its forms.
pub(in crate::cli) fn case(case: &Case) -> String {
    let running = deadlines::running(&case.deadlines, deadlines::Time::default());
    head(case) + &amounts(case) + &running + &forms(case)
}

/// Returns what was approved and given, where there is any.
fn amounts(case: &Case) -> String {
    let approved = case.approvals.iter().map(|each| AmountRow {
        field: &each.field,
        amount: each.amount.as_ref(),
        role: &each.role,
        at: each.approved_time.as_ref(),
    });
    let given = case.bookings.iter().map(|each| AmountRow {
        field: &each.field,
        amount: each.amount.as_ref(),
        role: &each.role,
        at: each.given_time.as_ref(),
    });
    let given: Vec<AmountRow<'_>> = given.collect();
    let approved: Vec<AmountRow<'_>> = approved.collect();
    section("Approved", "by", &approved) + &section("Given", "on the authority of", &given)
}

fn section(heading: &str, by: &str, rows: &[AmountRow<'_>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut text = format!("\n{heading}\n");
    let width = widest(rows.iter().map(|row| row.field));
    for row in rows {
        let money = row
            .amount
            .map(|money| amount(&money.currency_code, money.minor_units));
        let (money, at) = (
            money.unwrap_or_default(),
            instant(row.at).unwrap_or_default(),
        );
        let (field, role) = (escaped(row.field), escaped(row.role));
        put(
            &mut text,
            format_args!("  {field:width$}  {money} {by} {role}, {at}\n"),
        );
    }
    text
}

/// Returns where a case is, after the word for such a place.
fn where_it_is(place: &Place) -> (&'static str, String) {
    let phases: Vec<String> = place
        .phases()
        .map(|phase: Phase| word(phase.as_str_name(), "PHASE_"))
        .collect();
    let phases = match phases.as_slice() {
        [] => String::new(),
        [..] => format!(" (phase {})", phases.join(", ")),
    };
    let (name, title) = (escaped(&place.name), escaped(&place.title));
    match place.kind() {
        PlaceKind::Merged => ("merged", format!("into the case {name}")),
        PlaceKind::Outcome => ("closed as", format!("{name}: {title}{phases}")),
        PlaceKind::Unspecified | PlaceKind::Step => ("step", format!("{name}: {title}{phases}")),
    }
}

fn head(case: &Case) -> String {
    let mut text = format!("Case {}\n", escaped(&case.case_id));
    let mut row = |name: &str, shown: &str| put(&mut text, format_args!("  {name:9}  {shown}\n"));
    row("workflow", &reference(case.workflow.as_ref()));
    if let Some(place) = &case.place {
        let (what, shown) = where_it_is(place);
        row(what, &shown);
        if !place.say.is_empty() {
            row("say", &escaped(&place.say));
        }
    }
    if let Some(closing) = &case.closing {
        let until = instant(closing.reopen_until_time.as_ref());
        let until = until.map(|until| format!("; may be reopened until {until}"));
        row(
            "counts as",
            &format!(
                "{}{}",
                counts_as(closing.counts_as()),
                until.unwrap_or_default()
            ),
        );
    }
    let (revision, visit, opening) = (case.revision, case.visit, case.opening);
    row(
        "at",
        &format!("revision {revision}, visit {visit}, opening {opening}"),
    );
    if !case.open_tasks.is_empty() {
        row("to be done", &escaped(&case.open_tasks.join(", ")));
    }
    if let Some(team) = &case.team {
        row("team", &escaped(team));
    }
    if let Some(customer) = &case.customer {
        row("customer", &escaped(customer));
    }
    if let Some(parent) = &case.parent_case_id {
        row("parent", &format!("case {}", escaped(parent)));
    }
    if case.proactive {
        row("proactive", "opened by us: the customer did not complain");
    }
    if let Some(linked) = &case.linked_cause {
        let (group, name) = (escaped(&linked.group), escaped(&linked.name));
        let (number, parent) = (linked.number, escaped(&linked.parent_case_id));
        let taken = format!("{group}/{name}, taken from cause {number} of case {parent}");
        if linked.counts {
            row("cause", &taken);
        } else {
            let own = format!("{taken}; it does not count, since a root cause of its own stands");
            row("link", &own);
        }
    }
    if let Some(issue) = &case.issue {
        let number = issue.number;
        let said = if issue.stands {
            "is that of a systemic issue; others may take it"
        } else {
            "was confirmed as that of a systemic issue and stands no more; when one stands, \
             confirm it"
        };
        row("issue", &format!("cause {number} {said}"));
    }
    for merged in &case.merged_cases {
        row("merged in", &escaped(&merged.case_id));
    }
    if case.owes_cause {
        row("owes", "a root cause: none stands, and the case is closed");
    }
    text
}

fn forms(case: &Case) -> String {
    if case.offers.is_empty() {
        return "\nNothing more may be done.\n".to_owned();
    }
    let mut text = "\nWhat may be done next\n".to_owned();
    for offer in &case.offers {
        text.push_str(&form(offer));
    }
    if case.offers.iter().any(|offer| !offer.fields.is_empty()) {
        text.push_str("  (* must be answered, + is answered already)\n");
    }
    text
}

fn form(offer: &Offer) -> String {
    let targets = match offer.targets.as_slice() {
        [] => String::new(),
        [..] => format!(" → {}", escaped(&offer.targets.join(", "))),
    };
    let kind = match offer.kind() {
        OfferKind::Task => "task ",
        OfferKind::Unspecified
        | OfferKind::Action
        | OfferKind::AnywhereAction
        | OfferKind::Reopen
        | OfferKind::RecordCause => "",
        OfferKind::Survey => "survey ",
        OfferKind::FollowUp => "follow-up ",
    };
    let mut extras = vec![format!("by {}", escaped(&offer.roles.join(", ")))];
    if offer.needs_reason {
        extras.push("may need a reason".to_owned());
    }
    if offer.needs_cause {
        extras.push("may need a root cause first".to_owned());
    }
    let name = escaped(&offer.name);
    let mut text = format!("  {kind}{name}{targets}   ({})\n", extras.join("; "));
    let names = offer
        .fields
        .iter()
        .filter_map(|offered| offered.field.as_ref());
    let width = widest(names.map(|field| field.name.as_str()));
    for offered in &offer.fields {
        text.push_str(&form_field(offered, width));
    }
    for why in &offer.blocked {
        put(&mut text, format_args!("      not yet: {}\n", escaped(why)));
    }
    text
}

fn form_field(offered: &OfferedField, width: usize) -> String {
    let Some(field) = &offered.field else {
        return String::new();
    };
    let mark = match (offered.filled, offered.required) {
        (true, _) => '+',
        (false, true) => '*',
        (false, false) => ' ',
    };
    let (name, ask) = (escaped(&field.name), escaped(&field.ask));
    let kind = field_kind(field, offered.present_max);
    format!("    {mark} {name:width$}  {ask} [{kind}]\n")
}

/// Returns what may answer a field, in words.
fn field_kind(field: &Field, present_max: Option<i64>) -> String {
    let currency = field.currency_code.as_str();
    let is_money = field.r#type() == FieldType::Money;
    let shown = |number: i64| {
        if is_money {
            amount(currency, number)
        } else {
            number.to_string()
        }
    };
    let mut kind = match field.r#type() {
        FieldType::Choice => escaped(&field.choices.join(" | ")),
        FieldType::YesNo => "yes | no".to_owned(),
        FieldType::Money => format!("money in {}", escaped(currency)),
        FieldType::Number => "whole number".to_owned(),
        FieldType::Unspecified
        | FieldType::Text
        | FieldType::LongText
        | FieldType::Date
        | FieldType::Document
        | FieldType::List => json::field_type(field.r#type()).replace('_', " "),
    };
    if let Some(min) = field.min {
        put(&mut kind, format_args!(", at least {}", shown(min)));
    }
    if let Some(max) = present_max.or(field.max) {
        put(&mut kind, format_args!(", at most {}", shown(max)));
    }
    if let Some(default) = &field.default {
        put(&mut kind, format_args!(", {} unless said", value(default)));
    }
    kind
}

fn recorded(answer: &RecordedAnswer) -> String {
    match (answer.disclosure(), &answer.value) {
        (Disclosure::Plain | Disclosure::Revealed, Some(shown)) => value(shown),
        (Disclosure::Erased, _) => "(erased)".to_owned(),
        (Disclosure::LeftOut, _) => "(too long to be shown here; see the history)".to_owned(),
        (Disclosure::Sealed, _) => "(filled and sealed; shown with --reveal)".to_owned(),
        (Disclosure::Unspecified | Disclosure::Plain | Disclosure::Revealed, _) => {
            "(filled)".to_owned()
        }
    }
}

/// Returns a list of cases.
pub(in crate::cli) fn cases(rows: &[CaseSummary]) -> String {
    let row = |row: &CaseSummary| {
        let state = match row.counts_as() {
            CountsAs::Unspecified if row.merged => "merged".to_owned(),
            CountsAs::Unspecified => "open".to_owned(),
            CountsAs::Resolved
            | CountsAs::NotResolved
            | CountsAs::Withdrawn
            | CountsAs::Referred => counts_as(row.counts_as()),
        };
        let owes = if row.owes_cause { "owes a cause" } else { "" };
        vec![
            escaped(&row.case_id),
            reference(row.workflow.as_ref()),
            escaped(&row.place),
            state,
            row.revision.to_string(),
            instant(row.next_due_time.as_ref()).unwrap_or_default(),
            owes.to_owned(),
        ]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    let headings = [
        "CASE", "WORKFLOW", "AT", "STATE", "REVISION", "NEXT DUE", "",
    ];
    table(&headings, &rows)
}

/// Returns a list of workflows.
pub(in crate::cli) fn workflows(rows: &[WorkflowSummary]) -> String {
    let row = |row: &WorkflowSummary| {
        let digest = row
            .workflow
            .as_ref()
            .map(|workflow| escaped(&workflow.sha256));
        vec![
            reference(row.workflow.as_ref()),
            escaped(&row.title),
            digest.unwrap_or_default(),
        ]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(row).collect();
    table(&["WORKFLOW", "TITLE", "SHA-256"], &rows)
}

/// Returns a workflow as an outline.
pub(in crate::cli) fn workflow(workflow: &Workflow) -> String {
    let mut text = format!(
        "{}: {}\n",
        reference(workflow.workflow.as_ref()),
        escaped(&workflow.title)
    );
    let roles = workflow.roles.iter().map(|role| role.name.as_str());
    put(&mut text, format_args!("roles: {}\n", joined(roles)));
    put(
        &mut text,
        format_args!("starts in: {}\n\n", escaped(&workflow.start)),
    );
    for step in &workflow.steps {
        let roles = joined(step.roles.iter().map(String::as_str));
        let (name, title) = (escaped(&step.name), escaped(&step.title));
        put(&mut text, format_args!("{name}: {title} (by {roles})\n"));
        for task in &step.tasks {
            put(&mut text, format_args!("  task {}\n", escaped(&task.name)));
        }
        for action in &step.actions {
            let targets = joined(action.targets.iter().map(String::as_str));
            put(
                &mut text,
                format_args!("  {} → {targets}\n", escaped(&action.name)),
            );
        }
    }
    if !workflow.anywhere.is_empty() {
        text.push_str("anywhere\n");
    }
    for action in &workflow.anywhere {
        let targets = joined(action.targets.iter().map(String::as_str));
        put(
            &mut text,
            format_args!("  {} → {targets}\n", escaped(&action.name)),
        );
    }
    text.push_str("\noutcomes\n");
    for outcome in &workflow.outcomes {
        let (name, title) = (escaped(&outcome.name), escaped(&outcome.title));
        let counts = counts_as(outcome.counts_as());
        put(
            &mut text,
            format_args!("  {name}: {title} (counts as {counts})\n"),
        );
    }
    text
}

/// Returns the id and version of a workflow: `classic-heard@1`.
pub(in crate::cli) fn reference(workflow: Option<&WorkflowRef>) -> String {
    workflow.map_or_else(String::new, |workflow| {
        format!("{}@{}", escaped(&workflow.workflow_id), workflow.version)
    })
}

fn counts_as(counts: CountsAs) -> String {
    json::counts_as(counts)
        .unwrap_or_default()
        .replace('_', " ")
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    escaped(&names.collect::<Vec<_>>().join(", "))
}

fn widest<'a>(names: impl Iterator<Item = &'a str>) -> usize {
    names.map(|name| name.chars().count()).max().unwrap_or(0)
}
