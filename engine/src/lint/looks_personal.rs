//! Finds answers whose name says that they are about a person, and that do not say so.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Kind;

pub(super) struct LooksPersonal;

/// Words that are personal wherever they stand in a name.
const WORDS: [&str; 14] = [
    "email",
    "mail",
    "phone",
    "mobile",
    "telephone",
    "birth",
    "birthday",
    "birthdate",
    "born",
    "passport",
    "iban",
    "surname",
    "postcode",
    "ssn",
];

/// Beginnings that make a name of a `name`, an `id` or an `address` that of a person.
const PERSONS: [&str; 12] = [
    "user",
    "customer",
    "guest",
    "passenger",
    "patient",
    "client",
    "member",
    "caller",
    "first",
    "last",
    "full",
    "family",
];

/// What is of a person only behind one of [`PERSONS`], or alone.
const OF_PERSONS: [&str; 3] = ["name", "id", "account"];

impl Rule for LooksPersonal {
    fn code(&self) -> Code {
        Code::H705
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, field) in &file.source.fields {
            let kind = field.value.kind.as_ref().map(|kind| kind.value);
            let can_tell = matches!(
                kind,
                Some(Kind::Text | Kind::Number | Kind::Date | Kind::List)
            );
            let is_asked = field.value.from_table.is_none();
            if can_tell && is_asked && field.value.personal.is_none() && looks_personal(name) {
                let message = format!("`{name}` looks personal and does not say whether it is");
                let finding = Finding::warning(self.code(), field.span, message)
                    .why(
                        "what is personal is sealed, and erased when the customer asks for it; \
                         this would stand in the history of the case for ever",
                    )
                    .mend("add `personal: yes` if it is about the customer, else `personal: no`");
                found.push(finding);
            }
        }
    }
}

fn looks_personal(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    let is_of_person = |pair: &[&str]| match pair {
        [who, what] => PERSONS.contains(who) && OF_PERSONS.contains(what),
        _ => false,
    };
    let is_alone = matches!(words.as_slice(), ["name" | "address"] | [_, "address"]);
    let has_word = words.iter().any(|word| WORDS.contains(word));
    is_alone || has_word || words.windows(2).any(is_of_person)
}

#[cfg(test)]
mod tests {
    use super::looks_personal;

    #[test]
    fn names_of_persons_look_personal_and_names_of_things_do_not() {
        for name in [
            "name",
            "user_id",
            "e_mail",
            "home_address",
            "date_of_birth",
            "last_name",
        ] {
            assert!(looks_personal(name), "{name}");
        }
        for name in [
            "product_name",
            "order_id",
            "account",
            "flight_number",
            "phoned",
            "mailing",
        ] {
            assert!(!looks_personal(name), "{name}");
        }
    }
}
