//! Who acts in stories that are written by the engine.

use indexmap::IndexMap;

use crate::id::RoleName;
use crate::scenario::desk::customer;
use crate::scenario::story::Scenarios;
use crate::time::Timestamp;
use crate::workflow::{CUSTOMER, Workflow};

/// How many people try what one was refused, so that four eyes can be found.
const EYES_MAX: usize = 3;
/// How many people each role has in a file that brings its own.
const PEOPLE_PER_ROLE: usize = 2;
/// Their names, in order; after them people are numbered.
const NAMES: [&str; 16] = [
    "ana", "ben", "eva", "tom", "mia", "max", "zoe", "leo", "ida", "jon", "lea", "sam", "nia",
    "kim", "pia", "rob",
];
/// When stories begin in a file that brings its own people: a Monday morning.
const CLOCK: &str = "2026-01-05T09:00:00Z";

/// The people of a file, by role.
pub(super) struct Cast {
    /// The file that stories are written for.
    pub(super) file: Scenarios,
}

impl Cast {
    /// Takes the people of the file there is, or brings two for each role that acts.
    pub(super) fn of(workflow: &Workflow, file: Option<&Scenarios>) -> Self {
        if let Some(file) = file {
            let file = file.clone();
            return Self { file };
        }
        let acting = workflow.roles().iter();
        let acting = acting.filter(|(name, role)| !role.reads_only && name.as_str() != CUSTOMER);
        let roles = acting.flat_map(|(name, _)| std::iter::repeat_n(name, PEOPLE_PER_ROLE));
        let people = roles.enumerate().map(|(number, role)| {
            let name = NAMES.get(number).map(|name| (*name).to_owned());
            (
                name.unwrap_or_else(|| format!("person_{number}")),
                role.clone(),
            )
        });
        let mut people: IndexMap<String, RoleName> = people.collect();
        people.insert(CUSTOMER.to_owned(), customer());
        Self {
            file: Scenarios {
                clock: Timestamp::parse(CLOCK).unwrap_or_default(),
                people,
                scenarios: Vec::new(),
            },
        }
    }

    /// Returns who may act in a role, with their numbers: those whose role it is come first.
    pub(super) fn of_role(&self, role: &RoleName) -> Vec<(usize, &str)> {
        let people = || self.file.people.iter().enumerate();
        if role.as_str() == CUSTOMER {
            let customer = people().filter(|(_, (name, _))| name.as_str() == CUSTOMER);
            return customer
                .map(|(number, (name, _))| (number, name.as_str()))
                .collect();
        }
        let others = people().filter(|(_, (name, _))| name.as_str() != CUSTOMER);
        let (own, others): (Vec<_>, Vec<_>) = others.partition(|(_, (_, own))| *own == role);
        own.into_iter()
            .chain(others)
            .map(|(number, (name, _))| (number, name.as_str()))
            .take(EYES_MAX)
            .collect()
    }
}
