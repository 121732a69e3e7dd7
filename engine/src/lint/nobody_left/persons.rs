//! Whether some acts can be done by so few people, each of them by somebody.

use crate::workflow::{CUSTOMER, RoleIndex, RoleSet, Workflow};

/// How many people every role is taken to have, as the language says.
const PEOPLE_PER_ROLE: u16 = 2;
/// After so many tries the acts are taken to be possible, so that nothing is reported in doubt.
const TRIES_MAX: u32 = 2_000;

/// A set of people: those of role `n` are the bits `2 n` and `2 n + 1`.
pub(super) type People = u128;

/// An act that somebody does.
#[derive(Debug, Clone)]
pub(super) struct Act {
    /// Who can do it.
    pub(super) who: People,
    /// The acts, by number, that the same person cannot do as well.
    pub(super) other_than: Vec<usize>,
}

/// Returns the people of some roles. `None` where somebody may act whom four eyes ignore, which
/// are integrations, or of whom there are many: whoever passes on the customer's own act.
pub(super) fn people(workflow: &Workflow, roles: RoleSet) -> Option<People> {
    let mut people = 0;
    for (number, (name, role)) in (0..).zip(workflow.roles()) {
        if roles.contains(RoleIndex(number)) {
            if role.system || name.as_str() == CUSTOMER {
                return None;
            }
            let of_role = (1 << PEOPLE_PER_ROLE) - 1;
            people |= of_role << (PEOPLE_PER_ROLE * number);
        }
    }
    Some(people)
}

/// Returns whether every act from this number on finds somebody to do it.
pub(super) fn is_possible(acts: &[Act], from: usize) -> bool {
    let open = |(number, act): (usize, &Act)| (number >= from).then_some(act.who);
    let open: Vec<Option<People>> = acts.iter().enumerate().map(open).collect();
    let mut tries = TRIES_MAX;
    find(acts, &open, &mut tries)
}

/// Tries every choice of people for the acts that are open, the one with the fewest first.
fn find(acts: &[Act], open: &[Option<People>], tries: &mut u32) -> bool {
    let still = open
        .iter()
        .enumerate()
        .filter_map(|(number, who)| Some((number, (*who)?)));
    let Some((number, who)) = still.min_by_key(|(_, who)| who.count_ones()) else {
        return true;
    };
    for person in (0..People::BITS)
        .map(|bit| 1 << bit)
        .filter(|person| who & person != 0)
    {
        let Some(left) = tries.checked_sub(1) else {
            return true;
        };
        *tries = left;
        let rest = open.iter().enumerate().map(|(other, who)| {
            let who = (*who).filter(|_| other != number)?;
            Some(if clash(acts, number, other) {
                who & !person
            } else {
                who
            })
        });
        if find(acts, &rest.collect::<Vec<_>>(), tries) {
            return true;
        }
    }
    false
}

fn clash(acts: &[Act], one: usize, other: usize) -> bool {
    let keeps_out = |one: usize, other| {
        acts.get(one)
            .is_some_and(|act| act.other_than.contains(other))
    };
    keeps_out(one, &other) || keeps_out(other, &one)
}
