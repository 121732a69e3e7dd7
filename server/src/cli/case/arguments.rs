//! The arguments of the commands on cases.

use clap::Args;

use crate::cli::client::Acting;

/// The most rows that one page has.
pub(in crate::cli) const PAGE_ROWS_MAX: i32 = 1_000;

/// The arguments of `heard case open`.
#[derive(Debug, Args)]
pub(super) struct Open {
    /// The workflow, such as classic-heard or classic-heard@1; without a version the highest.
    pub(super) workflow: String,
    #[command(flatten)]
    pub(super) acting: Acting,
    #[command(flatten)]
    pub(super) origin: Origin,
    #[command(flatten)]
    pub(super) issue: OfIssue,
    /// When the complaint was received, such as 2026-10-05T09:00:00Z; now by default.
    #[arg(long, value_name = "TIME")]
    pub(super) received: Option<String>,
}

/// Where a case comes from.
#[derive(Debug, Args)]
pub(super) struct Origin {
    /// The help desk's own ticket number or address; sealed.
    #[arg(long, value_name = "TEXT")]
    pub(super) reference: Option<String>,
    /// The team whose case it is.
    #[arg(long, value_name = "NAME")]
    pub(super) team: Option<String>,
    /// Whose complaint it is: a random UUID that stands for the customer, never a name.
    #[arg(long, value_name = "UUID")]
    pub(super) customer: Option<String>,
}

/// What a new case has to do with a systemic issue.
#[derive(Debug, Args)]
pub(super) struct OfIssue {
    /// The case of the systemic issue that it belongs to.
    #[arg(long, value_name = "UUID")]
    pub(super) parent: Option<String>,
    /// We open it for a customer who did not complain.
    #[arg(long)]
    pub(super) proactive: bool,
}

/// A case, and the revision of it that is meant.
#[derive(Debug, Args)]
pub(super) struct OnCase {
    /// The case, a UUID.
    pub(super) case: String,
    /// The revision you have seen; without it the case is read first and that revision is sent.
    #[arg(long, value_name = "N")]
    pub(super) revision: Option<u64>,
}

/// The arguments of `heard case advance`.
#[derive(Debug, Args)]
pub(super) struct Advance {
    #[command(flatten)]
    pub(super) on: OnCase,
    /// The action or task, such as understood; `heard case show` lists them.
    pub(super) name: String,
    #[command(flatten)]
    pub(super) acting: Acting,
    /// An answer; may be repeated.
    #[arg(long = "with", value_name = "FIELD=VALUE")]
    pub(super) answers: Vec<String>,
    /// Why; @FILE reads a file. Needed to close a case otherwise than resolved.
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
}

/// The arguments of `heard case note`.
#[derive(Debug, Args)]
pub(super) struct Note {
    #[command(flatten)]
    pub(super) on: OnCase,
    /// The note; @FILE reads a file.
    pub(super) text: String,
    #[command(flatten)]
    pub(super) acting: Acting,
}

/// The arguments of `heard case correct`.
#[derive(Debug, Args)]
pub(super) struct Correct {
    #[command(flatten)]
    pub(super) on: OnCase,
    /// The field and its right value.
    #[arg(value_name = "FIELD=VALUE")]
    pub(super) answer: String,
    #[command(flatten)]
    pub(super) acting: Acting,
    /// Why; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
}

/// The arguments of `heard case reopen`.
#[derive(Debug, Args)]
pub(super) struct Reopen {
    #[command(flatten)]
    pub(super) on: OnCase,
    #[command(flatten)]
    pub(super) acting: Acting,
    /// Why; @FILE reads a file.
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
}

/// The arguments of `heard case import`.
#[derive(Debug, Args)]
pub(super) struct Import {
    /// The workflow, such as classic-heard or classic-heard@1; without a version the highest.
    pub(super) workflow: String,
    /// The step it is in.
    pub(super) step: String,
    #[command(flatten)]
    pub(super) acting: Acting,
    #[command(flatten)]
    pub(super) origin: Origin,
    /// When the complaint was received, such as 2026-10-05T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    pub(super) opened: String,
    /// An answer that it has there; may be repeated.
    #[arg(long = "with", value_name = "FIELD=VALUE")]
    pub(super) answers: Vec<String>,
}

/// The arguments of `heard case show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The case, a UUID.
    pub(super) case: String,
    /// Show sealed values too.
    #[arg(long)]
    pub(super) reveal: bool,
}

/// Which page of a list is wanted.
#[derive(Debug, Args)]
pub(in crate::cli) struct Page {
    /// The most rows.
    #[arg(
        long,
        default_value_t = 50,
        value_name = "N",
        value_parser = clap::value_parser!(i32).range(1..=i64::from(PAGE_ROWS_MAX))
    )]
    pub(in crate::cli) limit: i32,
    /// Go on where the page before ended: the token it printed.
    #[arg(
        long,
        default_value = "",
        hide_default_value = true,
        value_name = "TOKEN"
    )]
    pub(in crate::cli) after: String,
}

/// The arguments of `heard case list`.
#[derive(Debug, Args)]
pub(super) struct List {
    /// Only cases of this workflow.
    #[arg(long, value_name = "ID")]
    pub(super) workflow: Option<String>,
    /// Only cases in this step, or closed with this outcome.
    #[arg(long, value_name = "NAME")]
    pub(super) place: Option<String>,
    /// Only open cases.
    #[arg(long, conflicts_with = "closed")]
    pub(super) open: bool,
    /// Only closed cases.
    #[arg(long)]
    pub(super) closed: bool,
    /// Only cases that owe a root cause.
    #[arg(long)]
    pub(super) owes_cause: bool,
    /// Only cases that belong to the systemic issue of this case.
    #[arg(long, value_name = "UUID")]
    pub(super) parent: Option<String>,
    /// Only cases to which something happens by itself before this time, such as
    /// 2026-10-07T17:00:00Z; those with the least time first.
    #[arg(long, value_name = "TIME")]
    pub(super) due_before: Option<String>,
    #[command(flatten)]
    pub(super) page: Page,
}

/// The arguments of `heard case history`.
#[derive(Debug, Args)]
pub(super) struct History {
    /// The case, a UUID.
    pub(super) case: String,
    /// Print the bytes of each entry on a line of its own, exactly as stored, instead.
    #[arg(long)]
    pub(super) bytes: bool,
    /// With JSON: give sealed values with their salts too.
    #[arg(long)]
    pub(super) reveal: bool,
}
