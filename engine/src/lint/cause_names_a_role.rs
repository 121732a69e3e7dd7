//! Finds causes that name a role: a cause is in the way of working, never in those who work.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

pub(super) struct CauseNamesARole;

impl Rule for CauseNamesARole {
    fn code(&self) -> Code {
        Code::H802
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let Some(causes) = &file.source.causes else {
            return;
        };
        let roles = file.source.roles.iter();
        let roles = roles.filter(|(_, role)| !role.value.system);
        let roles: Vec<Vec<String>> = roles
            .flat_map(|(name, role)| {
                let title = role.value.title.as_ref().map(|title| title.value.as_str());
                [Some(name.as_str()), title]
            })
            .flatten()
            .map(words)
            // A title may have no letter at all.
            .filter(|words| !words.is_empty())
            .collect();
        for (name, cause) in causes.categories.values().flat_map(|group| &group.value) {
            let title = &cause.value.title;
            let said = [words(name), words(&title.value)];
            let named = roles.iter().find(|role| {
                let mut said = said.iter();
                said.any(|said| said.windows(role.len()).any(|part| part == role.as_slice()))
            });
            let Some(role) = named else { continue };
            let role = role.join(" ");
            let message = format!("the cause `{name}` names those who work here: {role}");
            let finding = Finding::warning(self.code(), title.span, message)
                .why(
                    "who is named is blamed, and the next report ranks people instead of mending \
                     how they work",
                )
                .mend("say what in the way of working let it happen: a step, a rule, a tool, time");
            found.push(finding);
        }
    }
}

/// Returns the words of a name or title, in small letters.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
