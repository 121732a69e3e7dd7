//! Finds conditions and deadlines that would have to look into a sealed value.

use super::{File, Rule, Scope, conditions};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Sp, Test};

pub(super) struct ConditionOnSealedValue;

impl Rule for ConditionOnSealedValue {
    fn code(&self) -> Code {
        Code::H702
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for tested in conditions::tests(file.source) {
            let asks_value = match &tested.test.value {
                Test::Empty | Test::Filled => false,
                Test::OneOf(_) | Test::Within(_) | Test::OverLimit => true,
            };
            let field = file.source.fields.get(&tested.field.value);
            if let Some(field) = field.filter(|field| asks_value && field.value.is_sealed()) {
                let name = &tested.field.value;
                let message = format!("the condition asks what `{name}` says, which is sealed");
                let finding = Finding::error(self.code(), tested.test.span, message)
                    .label(field.span, field.value.sealed_because())
                    .why("what may be erased one day must not have decided where a case went")
                    .mend(
                        "ask a choice beside it; or, where it may be left unanswered, only \
                         whether it is `empty` or `filled`",
                    );
                found.push(finding);
            }
        }
        self.systemic(file, found);
        self.days(file, found);
    }
}

impl ConditionOnSealedValue {
    /// Cases with the same answers are counted, so these answers are compared as well.
    fn systemic(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let causes = file.source.causes.as_ref();
        let systemic = causes.and_then(|causes| causes.systemic.as_ref());
        for name in systemic.map_or(&[][..], |systemic| &systemic.same) {
            let field = file.source.fields.get(&name.value);
            if let Some(field) = field.filter(|field| field.value.is_sealed()) {
                let message = format!("cases are compared by `{}`, which is sealed", name.value);
                let finding = Finding::error(self.code(), name.span, message)
                    .label(field.span, field.value.sealed_because())
                    .why("what may be erased one day cannot be counted over many cases")
                    .mend("name a choice or another field that is not about a person");
                found.push(finding);
            }
        }
    }

    /// A promise is due by the day in a field, and a clock counts from it.
    fn days(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let source = file.source;
        let promises = source.promises.iter().flat_map(|(name, promise)| {
            let what = format!("the promise `{name}` can never be made");
            promise.value.by.iter().map(move |by| (what.clone(), by))
        });
        let clocks = source.clocks.iter().flat_map(|(name, clock)| {
            let what = format!("the clock `{name}` never begins with this day");
            let is_place = |place: &&Sp<String>| {
                let place = place.value.as_str();
                source.steps.contains_key(place) || source.outcomes.contains_key(place)
            };
            let from = clock.value.from.iter().filter(move |from| !is_place(from));
            from.map(move |from| (what.clone(), from))
        });
        for (message, name) in promises.chain(clocks) {
            let field = source.fields.get(&name.value);
            if let Some(field) = field.filter(|field| field.value.is_sealed()) {
                let finding = Finding::error(self.code(), name.span, message)
                    .at("nobody can count with a day that nobody may look at")
                    .label(field.span, field.value.sealed_because())
                    .why("what may be erased one day must not decide when something is due")
                    .mend("leave `personal` away from this day, or count from another one");
                found.push(finding);
            }
        }
    }
}
