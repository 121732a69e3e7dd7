//! What one case takes of another.

use heard_engine::case::Act;
use heard_engine::case::command::LinkCause;
use heard_engine::case::refusal::Reason;
use heard_engine::id::CaseId;

use super::{Accepted, App, Error, Request};

impl App {
    /// Lets a case take the root cause of a systemic issue. The other case is read first, so what
    /// is taken is what it said then; the entry holds its revision.
    ///
    /// # Errors
    ///
    /// [`Error`]; refused when there is no such case, or the other has no root cause to take.
    pub async fn link_cause(
        &self,
        case: CaseId,
        request: Request,
        parent: CaseId,
    ) -> Result<Accepted, Error> {
        let linked = async {
            let other = match self.hot(parent).await {
                Ok(other) => Some(other.case),
                Err(Error::Refused(no)) if no.reasons.contains(&Reason::NoSuchCase) => None,
                Err(error) => return Err(error),
            };
            let link = LinkCause::new(case, parent, other.as_deref());
            self.go_on(case, &request, &Act::LinkCause(link)).await
        };
        self.counted(linked.await)
    }
}
