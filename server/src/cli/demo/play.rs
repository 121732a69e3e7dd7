//! The stage of the demo: acts over gRPC, shows what came of it, and checks that it is so.
//!
//! Invariant: nothing is shown that was not compared with what was expected; a difference ends the
//! demo as a fault.

use std::collections::BTreeSet;
use std::fmt;

use heard_engine::code::Code;
use heard_proto::v1::{
    AdvanceCaseResponse, Case, Deadline, DeadlineState, OpenCaseRequest, Receipt,
};
use uuid::Uuid;

use super::turn::{Cause, Person, SeenCase, Turn, cause_request, reopen_request, request};
use crate::cli::answer;
use crate::cli::client::{Server, present};
use crate::cli::console::{Console, Format};
use crate::cli::failure::Failure;
use crate::cli::render::{self, deadlines};
use crate::escape::escaped;

/// The longest line of the story, in characters.
const LINE_CHARS_MAX: usize = 96;
/// The longest value that is shown a second time in full, in characters.
const SHOWN_AGAIN_CHARS_MAX: usize = 60;

/// The stage.
pub(super) struct Play<'a, 'c> {
    /// The server everything is asked of.
    pub(super) server: Server,
    /// Where the story is told.
    pub(super) console: &'a mut Console<'c>,
    /// Long answers that were shown in full.
    told: BTreeSet<String>,
}

impl<'a, 'c> Play<'a, 'c> {
    /// Sets the stage.
    pub(super) fn new(server: Server, console: &'a mut Console<'c>) -> Self {
        Self {
            server,
            console,
            told: BTreeSet::new(),
        }
    }
}

impl Play<'_, '_> {
    /// Begins a chapter.
    pub(super) fn heading(&mut self, text: &str) -> Result<(), Failure> {
        self.line("")?;
        self.line(text)?;
        self.line(&"-".repeat(text.chars().count()))
    }

    /// Tells something, wrapped.
    pub(super) fn tell(&mut self, text: &str) -> Result<(), Failure> {
        self.wrapped("", text)
    }

    /// Tells something after a blank line.
    pub(super) fn turn_to(&mut self, text: &str) -> Result<(), Failure> {
        self.line("")?;
        self.tell(text)
    }

    /// Tells something below what was told, wrapped and indented.
    pub(super) fn wrapped(&mut self, indent: &str, text: &str) -> Result<(), Failure> {
        for line in wrap(text, LINE_CHARS_MAX.saturating_sub(indent.chars().count())) {
            self.line(&format!("{indent}{line}"))?;
        }
        Ok(())
    }

    /// Tells a line as it is.
    pub(super) fn line(&mut self, line: &str) -> Result<(), Failure> {
        match self.console.format {
            Format::Table => self.console.line(line.trim_end()),
            Format::Json => Ok(()),
        }
    }

    /// Opens a case.
    pub(super) async fn open(
        &mut self,
        who: &Person,
        workflow: &str,
        title: &'static str,
        starts_in: &str,
    ) -> Result<SeenCase, Failure> {
        let request = OpenCaseRequest {
            request_id: Uuid::new_v4().to_string(),
            actor: Some(who.actor()),
            workflow_id: workflow.to_owned(),
            reference: Some(format!("desk/{title}")),
            ..OpenCaseRequest::default()
        };
        let answer = self.server.cases().open_case(request).await;
        let answer = answer
            .map_err(|status| self.server.no(&status, None))?
            .into_inner();
        let case = present(answer.case)?;
        let mut running = SeenCase {
            title,
            id: case.case_id.clone(),
            revision: 0,
            place: String::new(),
        };
        Self::moved(&mut running, answer.receipt.as_ref(), &case, starts_in)?;
        self.line(&format!("  {who} opens case {}", running.id))?;
        self.line(&format!("      → {}", place(&case)))?;
        Ok(running)
    }

    /// Does something that is to succeed and to lead somewhere.
    pub(super) async fn goes(
        &mut self,
        case: &mut SeenCase,
        turn: Turn<'_>,
        leads_to: &str,
    ) -> Result<(), Failure> {
        self.told(&turn)?;
        let request = request(case, &turn);
        let answer = self.server.cases().advance_case(request).await;
        let answer = answer
            .map_err(|status| self.server.no(&status, None))?
            .into_inner();
        let now = present(answer.case)?;
        Self::moved(case, answer.receipt.as_ref(), &now, leads_to)?;
        let open = match now.open_tasks.as_slice() {
            [] => String::new(),
            [..] => format!("; still to be done: {}", now.open_tasks.join(", ")),
        };
        self.wrapped("      ", &format!("→ {}{open}", place(&now)))
    }

    /// Does something that is to be refused, and shows why.
    pub(super) async fn refused(
        &mut self,
        case: &SeenCase,
        turn: Turn<'_>,
        code: Code,
    ) -> Result<(), Failure> {
        self.told(&turn)?;
        let answer = self.server.cases().advance_case(request(case, &turn)).await;
        let refused = answer.map(tonic::Response::into_inner);
        self.refusal(case, refused.map(|_: AdvanceCaseResponse| ()), code)
            .await
    }

    /// Records a root cause.
    pub(super) async fn cause(
        &mut self,
        case: &mut SeenCase,
        who: &Person,
        root: &Cause<'_>,
        number: u32,
    ) -> Result<(), Failure> {
        self.told_cause(who, root)?;
        let request = cause_request(case, who, root);
        let answer = self.server.causes().record_root_cause(request).await;
        let answer = answer
            .map_err(|status| self.server.no(&status, None))?
            .into_inner();
        let now = present(answer.case)?;
        let place = case.place.clone();
        Self::moved(case, answer.receipt.as_ref(), &now, &place)?;
        expect("the number of the cause", &answer.number, &number)?;
        expect("whether a cause is owed", &now.owes_cause, &false)?;
        self.line(&format!("      → recorded as cause {number} of the case"))
    }

    /// Records a root cause, which is to be refused.
    pub(super) async fn cause_refused(
        &mut self,
        case: &SeenCase,
        who: &Person,
        root: &Cause<'_>,
        code: Code,
    ) -> Result<(), Failure> {
        self.told_cause(who, root)?;
        let request = cause_request(case, who, root);
        let answer = self.server.causes().record_root_cause(request).await;
        self.refusal(case, answer.map(|_| ()), code).await
    }

    /// Reopens a closed case.
    pub(super) async fn reopen(
        &mut self,
        case: &mut SeenCase,
        who: &Person,
        reason: &str,
        leads_to: &str,
    ) -> Result<(), Failure> {
        self.line(&format!("  {who} reopens the case"))?;
        self.wrapped("      because: ", reason)?;
        let request = reopen_request(case, who, reason);
        let answer = self.server.cases().reopen_case(request).await;
        let answer = answer
            .map_err(|status| self.server.no(&status, None))?
            .into_inner();
        let now = present(answer.case)?;
        Self::moved(case, answer.receipt.as_ref(), &now, leads_to)?;
        expect("the opening", &now.opening, &2)?;
        self.line(&format!("      → {}, opening {}", place(&now), now.opening))
    }

    /// Sends one request twice, as a help desk does that lost the first answer.
    pub(super) async fn twice(
        &mut self,
        case: &mut SeenCase,
        turn: Turn<'_>,
        leads_to: &str,
    ) -> Result<(), Failure> {
        self.told(&turn)?;
        let request = request(case, &turn);
        let mut receipts = Vec::new();
        for is_repeat in [false, true] {
            let answer = self.server.cases().advance_case(request.clone()).await;
            let answer = answer
                .map_err(|status| self.server.no(&status, None))?
                .into_inner();
            let now = present(answer.case)?;
            expect("where the case is", &place_name(&now), &leads_to)?;
            let receipt = present_receipt(answer.receipt)?;
            expect("whether it is a repeat", &receipt.repeated, &is_repeat)?;
            case.revision = now.revision;
            let hash: String = receipt.entry_sha256.chars().take(12).collect();
            let repeated = if is_repeat { ", done before" } else { "" };
            let (place, revision) = (place(&now), receipt.revision);
            self.line(&format!(
                "      → {place}; revision {revision}, entry {hash}…{repeated}"
            ))?;
            receipts.push((revision, receipt.entry_sha256));
        }
        leads_to.clone_into(&mut case.place);
        let is_same = receipts.first() == receipts.last();
        expect("whether both answers name one entry", &is_same, &true)?;
        self.tell(
            "  The answer got lost on the way, so the help desk sends the very same request again: \
             it gets the same receipt, and there is one entry.",
        )
    }

    /// Does something with a case that somebody else has changed meanwhile; it is to be refused.
    pub(super) async fn too_late(
        &mut self,
        seen: &SeenCase,
        now: &SeenCase,
        turn: Turn<'_>,
    ) -> Result<(), Failure> {
        self.told(&turn)?;
        let answer = self.server.cases().advance_case(request(seen, &turn)).await;
        self.refusal(now, answer.map(|_| ()), Code::HS001).await
    }

    /// Shows what runs of a case, each with its due time, and in which words it is told.
    pub(super) async fn runs(&mut self, case: &SeenCase, names: [&str; 2]) -> Result<(), Failure> {
        let seen = present(self.server.case(&case.id, false).await?.case)?;
        for name in names {
            let mut found = seen.deadlines.iter().filter(|known| known.name == name);
            let found = found.next().cloned().unwrap_or_else(Deadline::default);
            expect(name, &found.state(), &DeadlineState::Running)?;
            expect(name, &found.due_time.is_some(), &true)?;
            self.line(&format!("  {name}  due {}", deadlines::due(&found)))?;
            if !found.text.is_empty() {
                self.line(&format!("      \"{}\"", escaped(&found.text)))?;
            }
        }
        Ok(())
    }

    async fn refusal(
        &mut self,
        case: &SeenCase,
        answer: Result<(), tonic::Status>,
        code: Code,
    ) -> Result<(), Failure> {
        let Err(status) = answer else {
            return Err(Failure::Bug(format!(
                "the demo expected {code}, but it was done"
            )));
        };
        let answer = answer::Answer::new(&status, None);
        expect("the code of the refusal", &answer.code, &Some(code))?;
        for line in answer.text().lines() {
            self.wrapped("      ", line)?;
        }
        let now = present(self.server.case(&case.id, false).await?.case)?;
        expect(
            "the revision after a refusal",
            &now.revision,
            &case.revision,
        )?;
        expect(
            "where the case is after a refusal",
            &place_name(&now),
            &case.place.as_str(),
        )
    }

    fn moved(
        case: &mut SeenCase,
        receipt: Option<&Receipt>,
        now: &Case,
        leads_to: &str,
    ) -> Result<(), Failure> {
        let receipt = present_receipt(receipt.cloned())?;
        expect("where the case is", &place_name(now), &leads_to)?;
        expect(
            "the revision of the case",
            &now.revision,
            &(case.revision + 1),
        )?;
        expect(
            "the revision of the receipt",
            &receipt.revision,
            &now.revision,
        )?;
        expect("whether it is a repeat", &receipt.repeated, &false)?;
        case.revision = now.revision;
        leads_to.clone_into(&mut case.place);
        Ok(())
    }

    /// Returns a value, cut short where it is long and was shown before.
    fn short(&mut self, value: String) -> String {
        let is_long = value.chars().count() > SHOWN_AGAIN_CHARS_MAX;
        if !is_long || self.told.insert(value.clone()) {
            return value;
        }
        value
            .chars()
            .take(SHOWN_AGAIN_CHARS_MAX)
            .collect::<String>()
            + "… (as before)"
    }

    fn told(&mut self, turn: &Turn<'_>) -> Result<(), Failure> {
        self.line(&format!("  {}: {}", turn.who, turn.name()))?;
        for answer in &turn.answers {
            let value = answer.value.as_ref().map(render::value).unwrap_or_default();
            let value = self.short(value);
            self.wrapped("      ", &format!("{}: {value}", answer.field))?;
        }
        match &turn.reason {
            Some(reason) => self.wrapped("      ", &format!("because: {reason}")),
            None => Ok(()),
        }
    }

    fn told_cause(&mut self, who: &Person, root: &Cause<'_>) -> Result<(), Failure> {
        let Cause { group, name, .. } = root;
        self.line(&format!("  {who} records the root cause {group}/{name}"))?;
        self.wrapped("      ", root.statement)?;
        for (why, evidence) in root.whys {
            self.wrapped("      ", &format!("why: {why} (shown by {evidence})"))?;
        }
        Ok(())
    }
}

/// Ends the demo unless something is as expected.
///
/// # Errors
///
/// [`Failure::Bug`] with what was found.
pub(super) fn expect<T: PartialEq + fmt::Debug>(
    what: &str,
    found: &T,
    expected: &T,
) -> Result<(), Failure> {
    if found == expected {
        return Ok(());
    }
    Err(Failure::Bug(format!(
        "the demo found {what} to be {found:?} and expected {expected:?}"
    )))
}

/// Returns the name of the place a case is in.
pub(super) fn place_name(case: &Case) -> &str {
    case.place.as_ref().map_or("", |place| place.name.as_str())
}

fn place(case: &Case) -> String {
    let title = case.place.as_ref().map_or("", |place| place.title.as_str());
    format!("{}: {title}", place_name(case))
}

fn present_receipt(receipt: Option<Receipt>) -> Result<Receipt, Failure> {
    receipt.ok_or_else(|| Failure::Bug("the answer of the server has no receipt".to_owned()))
}

/// Breaks a text into lines between its words; its own indentation is kept.
fn wrap(text: &str, chars_max: usize) -> Vec<String> {
    let indent: String = text.chars().take_while(|c| *c == ' ').collect();
    let mut lines = Vec::new();
    let mut line = indent.clone();
    for word in text.split_whitespace() {
        let is_full = line.chars().count() + word.chars().count() >= chars_max;
        if is_full && line.len() > indent.len() {
            lines.push(line.trim_end().to_owned());
            line.clone_from(&indent);
        }
        line.push_str(word);
        line.push(' ');
    }
    lines.push(line.trim_end().to_owned());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_between_words_and_keeps_its_indentation() {
        assert_eq!(wrap("  one two three", 10), ["  one two", "  three"]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn what_is_not_as_expected_ends_the_demo() {
        assert!(expect("it", &1, &1).is_ok());
        assert!(matches!(expect("it", &1, &2), Err(Failure::Bug(_))));
    }
}
