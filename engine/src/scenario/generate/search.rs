//! Searches for the shortest story that walks each rule: breadth first, by the engine itself.
//!
//! Invariant: two cases that differ in nothing a condition, a counter or a task looks at are
//! searched once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::case::event::Held;
use crate::case::offer::{Offer, OfferKind, offers};
use crate::case::{Case, DeadlineName, Reason};
use crate::id::{FieldName, RoleName};
use crate::scenario::attempt::first_cause;
use crate::scenario::coverage::{Part, Walked};
use crate::scenario::desk::{Desk, No, actor};
use crate::scenario::stand_in::REASON;
use crate::scenario::story::{Deed, Doing, What};
use crate::value::Value;
use crate::workflow::{FieldIndex, Workflow};

use super::cast::Cast;
use super::choices::Choices;

/// The story that walks a rule, and where it ends.
pub(super) struct Found {
    pub(super) story: Vec<Doing>,
    pub(super) at: String,
}

/// What tells one case from another for the search.
type Key = (
    String,
    Vec<String>,
    Vec<(String, u32)>,
    Vec<(FieldName, String)>,
    Vec<(FieldName, i64)>,
    Vec<FieldName>,
    bool,
    Vec<DeadlineName>,
);

/// A case that was reached.
pub(super) struct Node<'w> {
    pub(super) desk: Desk<'w>,
    from: Option<usize>,
    doing: Doing,
}

/// A search under way.
pub(super) struct Search<'w> {
    pub(super) workflow: &'w Workflow,
    pub(super) cast: &'w Cast,
    pub(super) choices: Choices,
    /// The rules that are still to be reached.
    pub(super) goals: BTreeSet<Part>,
    /// Those that were.
    pub(super) found: BTreeMap<Part, Found>,
    pub(super) nodes: Vec<Node<'w>>,
    /// Where time was let pass already.
    pub(super) waited: BTreeSet<String>,
    waiting: VecDeque<usize>,
    /// Something that waited was given up.
    was_cut: bool,
    seen: BTreeSet<Key>,
    decisions: usize,
}

impl<'w> Search<'w> {
    pub(super) fn new(workflow: &'w Workflow, cast: &'w Cast, goals: BTreeSet<Part>) -> Self {
        Self {
            workflow,
            cast,
            choices: Choices::of(workflow),
            goals,
            found: BTreeMap::new(),
            nodes: Vec::new(),
            waited: BTreeSet::new(),
            waiting: VecDeque::new(),
            was_cut: false,
            seen: BTreeSet::new(),
            decisions: 0,
        }
    }

    /// Adds a case from which to search.
    pub(super) fn begin(&mut self, desk: Desk<'w>, doing: Doing) {
        self.reach(desk, None, doing);
    }

    /// Gives up what still waits, so that another search begins with nothing before it.
    pub(super) fn cut(&mut self) {
        self.was_cut |= !self.waiting.is_empty();
        self.waiting.clear();
    }

    /// Says whether everything that can be reached was looked at.
    pub(super) fn is_exhausted(&self) -> bool {
        self.waiting.is_empty() && !self.was_cut
    }

    /// Searches until every rule is reached or so many commands were decided.
    pub(super) fn explore(&mut self, decisions_max: usize) {
        self.decisions = 0;
        while !self.goals.is_empty() && self.decisions < decisions_max {
            let Some(number) = self.waiting.pop_front() else {
                return;
            };
            let Some(node) = self.nodes.get(number) else {
                return;
            };
            let desk = node.desk.clone();
            let Some(case) = &desk.case else { continue };
            for offer in offers(self.workflow, case) {
                if offer.waits_for.is_empty() {
                    self.try_offer(number, &desk, case, &offer);
                }
            }
            self.extend(number, &desk, case);
            self.wait(number, &desk);
        }
    }

    pub(super) fn reach(
        &mut self,
        desk: Desk<'w>,
        from: Option<usize>,
        doing: Doing,
    ) -> Option<usize> {
        let key = self.key(desk.case.as_ref()?);
        if !self.seen.insert(key) {
            return None;
        }
        let number = self.nodes.len();
        self.nodes.push(Node { desk, from, doing });
        self.waiting.push_back(number);
        Some(number)
    }

    fn try_offer(&mut self, number: usize, desk: &Desk<'w>, case: &Case, offer: &Offer) {
        for what in self.whats(case, offer) {
            for role in &offer.who {
                let is_accepted = self.try_role(number, desk, role, &what);
                // Which role acts matters only where rules differ, as they do over limits.
                if is_accepted && offer.leads_to.len() < 2 {
                    break;
                }
            }
        }
    }

    /// Tries an act by people of a role, until one is not refused.
    pub(super) fn try_role(
        &mut self,
        number: usize,
        desk: &Desk<'w>,
        role: &RoleName,
        what: &What,
    ) -> bool {
        for (person, name) in self.cast.of_role(role) {
            let mut after = desk.clone();
            let (Some(act), mut what) = (after.act(what), what.clone()) else {
                return false;
            };
            self.decisions += 1;
            let actor = actor(person, role.clone());
            let mut sent = after.send(&actor, &act);
            // A reason is given only where it is asked for: stories are to be read.
            if sent.as_ref().is_err_and(wants_reason)
                && let What::Advance { reason, .. } = &mut what
            {
                *reason = Some(REASON.to_owned());
                let with_reason = after.act(&what);
                sent = with_reason.map_or(sent, |act| after.send(&actor, &act));
            }
            let Ok(events) = sent else { continue };
            let doing = Doing::Person(Deed {
                person: name.to_owned(),
                role: role.clone(),
                what,
                refused: Vec::new(),
            });
            let mut walked = Walked::default();
            walked.note_deed(self.workflow, desk.case.as_ref(), role, &events);
            walked.note_rows(&after.rows);
            self.credit(number, walked, &doing, &after);
            self.reach(after, Some(number), doing);
            return true;
        }
        false
    }

    /// Keeps the story of each goal that was walked.
    pub(super) fn credit(&mut self, from: usize, walked: Walked, doing: &Doing, after: &Desk<'w>) {
        for part in walked.parts {
            if self.goals.remove(&part) {
                let mut story = self.story(from);
                story.push(doing.clone());
                let at = after.place().0;
                self.found.insert(part, Found { story, at });
            }
        }
    }

    /// Returns what is done along the way to a case.
    fn story(&self, number: usize) -> Vec<Doing> {
        let mut story = Vec::new();
        let mut next = Some(number);
        while let Some(node) = next.and_then(|number| self.nodes.get(number)) {
            story.push(node.doing.clone());
            next = node.from;
        }
        story.reverse();
        story
    }

    /// Returns the ways to take up an offer: with each set of answers.
    fn whats(&self, case: &Case, offer: &Offer) -> Vec<What> {
        let (within, name) = match &offer.kind {
            OfferKind::Task(task) => (case.step().cloned(), task.to_string()),
            OfferKind::Action(action) => (case.step().cloned(), action.to_string()),
            OfferKind::Anywhere(action) => (None, action.to_string()),
            OfferKind::RecordCause if case.causes().is_empty() => {
                return first_cause(self.workflow).into_iter().collect();
            }
            // That a follow-up is done walks nothing.
            OfferKind::RecordCause | OfferKind::FollowUp(_) => return Vec::new(),
            OfferKind::Survey(survey) => return self.ratings(survey),
            OfferKind::Reopen => return vec![What::Reopen(REASON.to_owned())],
        };
        let mut fields: Vec<FieldIndex> = Vec::new();
        let mut open: Vec<FieldIndex> = Vec::new();
        for asked in &offer.fields {
            let Some((index, _)) = self.workflow.field(asked.field.as_str()) else {
                continue;
            };
            // What has an answer and decides nothing is not given anew.
            if asked.is_filled && !self.choices.is_read(index) {
                continue;
            }
            fields.push(index);
            if asked.is_required && !asked.is_filled {
                open.push(index);
            }
        }
        let sets = self
            .choices
            .combine(self.workflow, &fields, |field| open.contains(&field));
        let advance = |answers: Vec<(FieldName, Value)>| What::Advance {
            within: within.clone(),
            name: name.clone(),
            answers,
            reason: None,
        };
        sets.into_iter().map(advance).collect()
    }

    fn key(&self, case: &Case) -> Key {
        let place = match case.closing() {
            Some(closing) => closing.outcome.to_string(),
            None => case.step().map(ToString::to_string).unwrap_or_default(),
        };
        let answers = case.answers().iter().map(|(name, answer)| {
            let field = self.workflow.field(name.as_str());
            let is_read = field.is_some_and(|(index, _)| self.choices.is_read(index));
            let shown = match &answer.value {
                Held::Open(value) if is_read => value.to_string(),
                Held::Open(_) | Held::Sealed(_) => String::new(),
            };
            (name.clone(), shown)
        });
        let counters = self.workflow.steps().flat_map(|step| step.actions.values());
        let counters = counters.chain(self.workflow.anywhere().values());
        let counters = counters
            .flat_map(|action| &action.rules)
            .filter_map(|rule| rule.at_most.as_ref())
            .map(|at_most| {
                let taken = case.counted(&at_most.counter);
                (at_most.counter.to_string(), taken)
            });
        (
            place,
            case.tasks_open().iter().map(ToString::to_string).collect(),
            counters.filter(|(_, taken)| *taken > 0).collect(),
            answers.collect(),
            case.bookings()
                .iter()
                .map(|booking| (booking.field.clone(), booking.amount.minor))
                .collect(),
            case.approvals().map(|(field, _)| field.clone()).collect(),
            case.causes().is_empty(),
            case.deadlines()
                .filter(|(_, deadline)| deadline.is_running() && deadline.open_since.is_some())
                .map(|(name, _)| name.clone())
                .collect(),
        )
    }
}

fn wants_reason(no: &No) -> bool {
    match no {
        No::Refused(refusal) => {
            let mut reasons = refusal.reasons.iter();
            reasons.any(|reason| matches!(reason, Reason::ReasonMissing { .. }))
        }
        No::Bad(_) => false,
    }
}
