//! Finds personal answers in texts that leave the case.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::Sp;

pub(super) struct PersonalInText;

impl Rule for PersonalInText {
    fn code(&self) -> Code {
        Code::H703
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let source = file.source;
        for (name, promise) in &source.promises {
            let what = format!("the promise `{name}`");
            self.text(file, &what, promise.value.text.as_ref(), found);
        }
        for (name, follow_up) in &source.follow_ups {
            let what = format!("the follow-up `{name}`");
            self.text(file, &what, follow_up.value.task.as_ref(), found);
        }
        for (name, survey) in &source.surveys {
            for question in survey.value.questions.values() {
                let what = format!("the survey `{name}`");
                self.text(file, &what, question.value.ask.as_ref(), found);
            }
        }
    }
}

impl PersonalInText {
    fn text(
        &self,
        file: &File<'_>,
        what: &str,
        text: Option<&Sp<String>>,
        found: &mut Vec<Finding>,
    ) {
        let Some(text) = text else { return };
        for part in text.value.split('{').skip(1) {
            let Some((name, _)) = part.split_once('}') else {
                continue;
            };
            let field = file.source.fields.get(name);
            let is_personal =
                |flag: &Option<Sp<bool>>| flag.as_ref().is_some_and(|personal| personal.value);
            if let Some(field) = field.filter(|field| is_personal(&field.value.personal)) {
                let message = format!("the text of {what} says the personal answer `{name}`");
                let finding = Finding::error(self.code(), text.span, message)
                    .at(format!("`{{{name}}}` is put in here"))
                    .label(field.span, "this field is personal")
                    .why(
                        "this text leaves the case, by a message, a list or a tool, where the \
                         answer can no longer be erased when the customer asks for it",
                    )
                    .mend(format!(
                        "say it without `{{{name}}}`; `{{case}}` says which case is meant"
                    ));
                found.push(finding);
            }
        }
    }
}
