//! Finds groups of more causes than people choose from well, in a file that has no group of the
//! rest.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

/// The most causes of a group among which people still choose well.
///
/// Source: `workflow-language.md`, H8xx.
const CAUSES_MAX: usize = 9;
/// How a group or a cause for all the rest is called.
const REST: [&str; 6] = [
    "rest",
    "other",
    "others",
    "unknown",
    "not_found",
    "undetermined",
];

pub(super) struct CausesWithoutRest;

impl Rule for CausesWithoutRest {
    fn code(&self) -> Code {
        Code::H803
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let Some(causes) = &file.source.causes else {
            return;
        };
        let is_rest = |name: &String| REST.contains(&name.as_str());
        let groups = &causes.categories;
        let mut names = groups.values().flat_map(|group| group.value.keys());
        if groups.keys().any(is_rest) || names.any(is_rest) {
            return;
        }
        for (name, group) in groups {
            let count = group.value.len();
            if count <= CAUSES_MAX {
                continue;
            }
            let message = format!(
                "`{name}` has {count} causes to choose from, and there is none for the rest"
            );
            let finding = Finding::warning(self.code(), group.span, message)
                .why(
                    "in a long list the first that half fits is chosen, and what fits nowhere \
                     spoils the numbers of what does",
                )
                .mend("add a group of the rest: `unknown: {not_found: Not found after review}`");
            found.push(finding);
        }
    }
}
