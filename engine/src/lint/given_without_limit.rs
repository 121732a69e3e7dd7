//! Finds actions that give, take back or approve an amount which has no limit.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Effects, Kind, Names};

pub(super) struct GivenWithoutLimit;

impl Rule for GivenWithoutLimit {
    fn code(&self) -> Code {
        Code::H408
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let source = file.source;
        let of_steps = source.steps.values().flat_map(|step| &step.value.actions);
        for (action, at) in of_steps.chain(&source.anywhere) {
            let of_rules = at.value.rules.iter().map(|rule| &rule.effects);
            for effects in [&at.value.effects].into_iter().chain(of_rules) {
                self.effects(file, action, effects, found);
            }
        }
    }
}

impl GivenWithoutLimit {
    fn effects(&self, file: &File<'_>, action: &str, effects: &Effects, found: &mut Vec<Finding>) {
        let does: [(&str, &str, &Names); 3] = [
            ("gives", "nothing would be given", &effects.gives),
            (
                "takes back",
                "nothing would be taken back",
                &effects.takes_back,
            ),
            ("approves", "nothing would be approved", &effects.approves),
        ];
        for (does, at, names) in does {
            for name in names {
                let Some(field) = file.source.fields.get(&name.value) else {
                    continue;
                };
                // That money does not say its limit, and that a field is no money, is found too.
                let is_money = field
                    .value
                    .kind
                    .as_ref()
                    .is_some_and(|kind| kind.value == Kind::Money);
                let limit = field.value.limit.as_ref();
                let Some(none) = limit.filter(|limit| is_money && limit.value == "none") else {
                    continue;
                };
                let name_of = &name.value;
                let message = format!("`{action}` {does} `{name_of}`, which has no limit");
                let finding = Finding::error(self.code(), name.span, message)
                    .at(at)
                    .label(none.span, "here it says that nothing is given with it")
                    .why("nobody could tell on whose authority, and nothing would be on the books")
                    .mend(format!(
                        "name in `{name_of}` a limit and the largest amount `max`, or delete this"
                    ));
                found.push(finding);
            }
        }
    }
}
