//! Finds surveys that no customer gets, or to which nobody can answer.

use super::afterwards::never_ended;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::source::{Sp, Survey};

pub(super) struct SurveyReachesNobody;

impl Rule for SurveyReachesNobody {
    fn code(&self) -> Code {
        Code::H804
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, survey) in &file.source.surveys {
            found.extend(self.asks_nothing(name, survey));
            let never = never_ended(file, &survey.value.of);
            let is_all = never.len() == survey.value.of.len();
            for outcome in never {
                let ended = &outcome.value;
                let message = if is_all {
                    format!("the survey `{name}` reaches nobody")
                } else {
                    format!("nobody gets the survey `{name}` because of `{ended}`")
                };
                let finding = Finding::warning(self.code(), outcome.span, message)
                    .at(format!("no case can end as `{ended}`"))
                    .why("customers who are never asked tell nobody how well the work is done")
                    .mend("name an outcome with which cases end, or delete this one");
                found.push(finding);
            }
        }
    }
}

impl SurveyReachesNobody {
    fn asks_nothing(&self, name: &str, survey: &Sp<Survey>) -> Option<Finding> {
        let survey_at = survey.span;
        let is_empty = survey.value.questions.is_empty() || survey.value.of.is_empty();
        is_empty.then(|| {
            let (what, mend) = if survey.value.of.is_empty() {
                ("is sent to nobody", "name outcomes in `of`")
            } else {
                (
                    "asks nothing",
                    "add a question with its scale, or delete the survey",
                )
            };
            Finding::warning(
                self.code(),
                survey_at,
                format!("the survey `{name}` {what}"),
            )
            .why("nobody could answer it")
            .mend(mend)
        })
    }
}
