//! How many cases came to what, and how that is told.
//!
//! Invariant: of a case that may be open, also by an earlier run, it is never said that it is not.

use heard_engine::code::Code;
use heard_proto::v1::{NotDone, OpenedCase};

use crate::cli::answer::exit_of;
use crate::cli::exit::Exit;
use crate::escape::escaped;

/// How many cases came to what.
#[derive(Debug, Default)]
pub(super) struct Counted {
    possible: usize,
    opened: usize,
    before: usize,
    not_opened: usize,
    not_known: usize,
    /// How the worst of those that were not opened ends the process.
    exit: Option<Exit>,
}

impl Counted {
    /// Returns how many cases were counted.
    pub(super) fn all(&self) -> usize {
        self.possible + self.opened + self.before + self.not_opened + self.not_known
    }

    /// Returns how the process ends, where some were not opened.
    pub(super) fn exit(&self) -> Option<Exit> {
        self.exit
    }

    /// Counts a case, and returns its line.
    pub(super) fn count(&mut self, case: &OpenedCase) -> String {
        let what = match (&case.receipt, &case.not_done) {
            (_, Some(not_done)) => self.count_not_done(not_done),
            (Some(receipt), None) if receipt.repeated => {
                self.before += 1;
                format!("opened before  {}", escaped(receipt.case_id()))
            }
            (Some(receipt), None) => {
                self.opened += 1;
                format!("opened  {}", escaped(receipt.case_id()))
            }
            (None, None) => {
                self.possible += 1;
                "possible".to_owned()
            }
        };
        format!("{:>5}  {what}", self.all())
    }

    fn count_not_done(&mut self, not_done: &NotDone) -> String {
        let exit = exit(not_done);
        // A refusal is an answer. After a failure the case may be open, by this run or another.
        let what = if exit == Exit::Refused {
            self.not_opened += 1;
            "not opened"
        } else {
            self.not_known += 1;
            "not known"
        };
        // That some could not be answered weighs more than that some were refused.
        if self.exit.is_none_or(|worst| worst == Exit::Refused) {
            self.exit = Some(exit);
        }
        let (code, name) = (escaped(&not_done.code), escaped(&not_done.name));
        format!("{what} [{code} {name}]: {}", escaped(&not_done.message))
    }

    /// Returns the last lines.
    pub(super) fn text(&self, request_id: &str) -> String {
        let counts = [
            (self.possible, "possible"),
            (self.opened, "opened"),
            (self.before, "opened before"),
            (self.not_opened, "not opened"),
            (self.not_known, "not known"),
        ];
        let shown = counts.iter().filter(|(count, _)| *count > 0);
        let shown: Vec<String> = shown
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let all = self.all();
        let cases = if all == 1 { "case" } else { "cases" };
        let mut text = format!("{all} {cases}: {}\n", shown.join(", "));
        let id = escaped(request_id);
        if self.not_opened > 0 {
            let again = format!(
                "Mend the lines that were not opened, each in its place, and run it again with \
                 --request-id {id}: what was opened stays as it is.\n"
            );
            text.push_str(&again);
        } else if self.not_known > 0 {
            let again = format!(
                "Run it again with --request-id {id}: it tells what became of those that are not \
                 known, and opens what is missing.\n"
            );
            text.push_str(&again);
        }
        text
    }
}

/// Returns how the process ends when this was not done.
pub(super) fn exit(not_done: &NotDone) -> Exit {
    Code::parse(&not_done.code).map_or(Exit::Bug, exit_of)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_done(code: &str) -> OpenedCase {
        OpenedCase {
            not_done: Some(NotDone {
                code: code.to_owned(),
                ..NotDone::default()
            }),
            ..OpenedCase::default()
        }
    }

    #[test]
    fn the_worst_of_what_was_not_opened_is_the_exit() {
        for (codes, exit) in [
            (&[][..], None),
            (&["HB001"], Some(Exit::Refused)),
            (&["HB001", "HS003", "HB001"], Some(Exit::OutOfReach)),
            (&["HS008", "HC005"], Some(Exit::OutOfReach)),
        ] {
            let mut counted = Counted::default();
            for code in codes {
                counted.count(&not_done(code));
            }
            assert_eq!(counted.exit(), exit, "{codes:?}");
        }
    }

    #[test]
    fn what_was_refused_is_not_open_and_of_what_failed_it_is_not_known() {
        let mut counted = Counted::default();
        for (code, line) in [
            ("HC026", "    1  not opened [HC026"),
            ("HS006", "    2  not known [HS006"),
            ("HS008", "    3  not known [HS008"),
            ("HX001", "    4  not known [HX001"),
        ] {
            let told = counted.count(&not_done(code));
            assert!(told.starts_with(line), "{told}");
        }
        let text = counted.text("recall");
        assert!(text.starts_with("4 cases: 1 not opened, 3 not known\n"));
        assert!(text.contains("in its place"), "{text}");
        let mut counted = Counted::default();
        counted.count(&not_done("HS006"));
        let text = counted.text("recall");
        assert!(text.contains("--request-id recall: it tells"), "{text}");
    }
}
