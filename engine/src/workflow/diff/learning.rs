//! What is learnt: causes, surveys, follow-ups, standards; and moves.

use super::words;
use super::{Comparison, Weight};
use crate::workflow::CauseNeed;
use crate::workflow::source::{Cause, Causes, FollowUp, Review, Sp, Standard, Survey, Table};

/// What it weighs that a length that only orders our own work becomes longer, shorter, or is gone.
const PLAIN: (Weight, Weight, Weight) = (Weight::Changed, Weight::Changed, Weight::Changed);

impl Comparison<'_> {
    pub(super) fn causes(&mut self) {
        let none = Causes::default();
        let (old, new) = (self.old.source, self.new.source);
        match (&old.causes, &new.causes) {
            (Some(_), None) => self.within("causes", (None, None), |c| {
                c.say(
                    Weight::ProtectionFell,
                    "No cause is asked for any more: `causes` is gone",
                );
            }),
            (None, Some(_)) => self.within("causes", (None, None), |c| {
                c.say(Weight::Added, "A cause is now asked for: `causes` is new");
            }),
            (Some(_), Some(_)) => {
                let was = old.causes.as_ref().unwrap_or(&none);
                let is = new.causes.as_ref().unwrap_or(&none);
                self.within("causes", (None, None), |c| c.rules_of_diagnosis(was, is));
            }
            (None, None) => {}
        }
    }

    fn rules_of_diagnosis(&mut self, was: &Causes, is: &Causes) {
        let whys = |causes: &Causes| causes.whys.as_ref().map_or(0, |whys| whys.value);
        let (was_whys, is_whys) = (whys(was), whys(is));
        if was_whys != is_whys {
            let weight = if is_whys < was_whys {
                Weight::ProtectionFell
            } else {
                Weight::Changed
            };
            let text = format!("A cause now needs {is_whys} whys; it needed {was_whys}");
            self.say(weight, text);
        }
        match (was.blame_free, is.blame_free) {
            (true, false) => self.say(Weight::ProtectionFell, "Diagnosis is no longer blame-free"),
            (false, true) => self.say(Weight::Changed, "Diagnosis is now blame-free"),
            (true, true) | (false, false) => {}
        }
        let both = (
            words::listed(&was.blame_override),
            words::listed(&is.blame_override),
        );
        self.weighed(
            "Who may record what reads as blame",
            "override",
            both,
            Weight::ProtectionFell,
        );
        self.review(was.review.as_ref(), is.review.as_ref());
        self.length(
            "The time after which it is asked whether a mend worked",
            (was.check_after.as_ref(), is.check_after.as_ref()),
            (Weight::Changed, Weight::Changed, Weight::ProtectionFell),
        );
        self.titles(
            "failures",
            "What can fail for the customer",
            &was.failures,
            &is.failures,
        );
        self.titles(
            "reporting",
            "The regulator's codes",
            &was.reporting,
            &is.reporting,
        );
        let systemic = |causes: &Causes| {
            let systemic = causes.systemic.as_ref()?;
            let (cases, within) = (systemic.cases.as_ref()?, systemic.within.as_ref()?);
            let same = words::listed(&systemic.same).map(|same| format!(", alike in {same}"));
            let same = same.unwrap_or_default();
            let by = words::listed(&systemic.by).map(|by| format!(", confirmed by {by}"));
            let by = by.unwrap_or_default();
            Some(format!(
                "{} cases within {}{same}{by}",
                cases.value, within.value
            ))
        };
        let both = (systemic(was), systemic(is));
        self.weighed(
            "When a fault is systemic",
            "systemic",
            both,
            Weight::ProtectionFell,
        );
        self.categories(&was.categories, &is.categories);
    }

    fn review(&mut self, was: Option<&Review>, is: Option<&Review>) {
        let (old, new) = (self.old.source, self.new.source);
        let (Some(was), Some(is)) = (was, is) else {
            match (was, is) {
                (Some(_), None) => {
                    self.say(Weight::ProtectionFell, "Nobody reviews causes any more");
                }
                (None, Some(_)) => self.say(Weight::Added, "Causes are now reviewed"),
                (Some(_), Some(_)) | (None, None) => {}
            }
            return;
        };
        let what = "The review of causes";
        self.word(
            what,
            "by",
            words::shown(was.by.as_ref()),
            words::shown(is.by.as_ref()),
        );
        let sample = |review: &Review| review.sample.as_ref().map_or(0, |sample| sample.value);
        let (was_sample, is_sample) = (sample(was), sample(is));
        if was_sample != is_sample {
            let fell = is_sample < was_sample;
            let weight = if fell {
                Weight::ProtectionFell
            } else {
                Weight::Changed
            };
            self.say(
                weight,
                format!("{what} looks at {is_sample}% of them; it was {was_sample}%"),
            );
        }
        let always = |source, review: &Review| {
            let always = review.always_when.as_ref();
            always.map(|when| words::condition(source, when))
        };
        let both = (always(old, was), always(new, is));
        self.weighed(what, "always_when", both, Weight::ProtectionFell);
    }

    fn categories(&mut self, was: &Table<Table<Cause>>, is: &Table<Table<Cause>>) {
        let called = |name: &str, cause: &Cause| format!("`{name}` ({})", cause.title.value);
        self.table(
            "categories",
            (was, is),
            |c, group, _| {
                c.say(
                    Weight::Gone,
                    format!("The group of causes `{group}` is gone"),
                );
            },
            |c, group, _| {
                c.say(
                    Weight::Added,
                    format!("The group of causes `{group}` is new"),
                );
            },
            |c, group, was, is| {
                for (name, cause) in was.iter().filter(|(name, _)| !is.contains_key(*name)) {
                    let cause = called(name, &cause.value);
                    c.say(
                        Weight::Gone,
                        format!("The cause {cause} of `{group}` is gone"),
                    );
                }
                for (name, cause) in is {
                    let shown = called(name, &cause.value);
                    let Some(was) = was.get(name) else {
                        c.say(
                            Weight::Added,
                            format!("The cause {shown} of `{group}` is new"),
                        );
                        continue;
                    };
                    let subject = format!("The cause {shown} of `{group}`");
                    let (was, is) = (&was.value, &cause.value);
                    c.word(
                        &subject,
                        "title",
                        words::text(Some(&was.title)),
                        words::text(Some(&is.title)),
                    );
                    c.word(&subject, "needs", asked(&was.needs), asked(&is.needs));
                }
            },
        );
    }

    fn titles(
        &mut self,
        section: &str,
        what: &str,
        was: &Table<Sp<String>>,
        is: &Table<Sp<String>>,
    ) {
        self.table(
            section,
            (was, is),
            |c, name, _| c.say(Weight::Gone, format!("{what}: `{name}` is gone")),
            |c, name, title| {
                c.say(
                    Weight::Added,
                    format!("{what}: `{name}` ({}) is new", title.value),
                );
            },
            |c, name, was, is| {
                let subject = format!("{what}: `{name}`");
                c.word(
                    &subject,
                    "title",
                    words::text(Some(was)),
                    words::text(Some(is)),
                );
            },
        );
    }

    /// Compares what happens after contact and after closing.
    pub(super) fn afterwards(&mut self) {
        let (old, new) = (self.old.source, self.new.source);
        self.table(
            "surveys",
            (&old.surveys, &new.surveys),
            |c, name, _| c.say(Weight::Gone, format!("The survey `{name}` is gone")),
            |c, name, _| c.say(Weight::Added, format!("The survey `{name}` is new")),
            |c, name, was, is| c.survey(&format!("The survey `{name}`"), was, is),
        );
        self.table(
            "follow_ups",
            (&old.follow_ups, &new.follow_ups),
            |c, name, _| c.say(Weight::Gone, format!("The follow-up `{name}` is gone")),
            |c, name, _| c.say(Weight::Added, format!("The follow-up `{name}` is new")),
            |c, name, was, is| c.follow_up(&format!("The follow-up `{name}`"), was, is),
        );
        self.table(
            "standards",
            (&old.standards, &new.standards),
            |c, name, _| c.say(Weight::Gone, format!("The standard `{name}` is gone")),
            |c, name, _| c.say(Weight::Added, format!("The standard `{name}` is new")),
            |c, name, was, is| c.standard(&format!("The standard `{name}`"), was, is),
        );
        let steps = |source: &crate::workflow::source::Workflow| {
            let moves = source.moves.as_ref()?;
            let mut said: Vec<String> = Vec::new();
            said.extend(
                moves
                    .from
                    .as_ref()
                    .map(|from| format!("from version {}", from.value)),
            );
            let steps = moves.steps.iter();
            said.extend(steps.map(|(step, to)| format!("`{step}` to `{}`", to.value.value)));
            said.sort();
            Some(said.join(", "))
        };
        let (was, is) = (steps(old), steps(new));
        self.within("moves", (None, None), |c| {
            c.word(
                "Where running cases of an earlier version go",
                "moves",
                was,
                is,
            );
        });
    }

    fn survey(&mut self, subject: &str, was: &Survey, is: &Survey) {
        let (old, new) = (self.old.source, self.new.source);
        self.length(
            &format!("{subject}, its time"),
            (was.after.as_ref(), is.after.as_ref()),
            PLAIN,
        );
        self.word(subject, "of", words::listed(&was.of), words::listed(&is.of));
        let at_most = |survey: &Survey| {
            let at_most = survey.at_most.as_ref()?.value;
            Some(format!(
                "{} per customer in {}",
                at_most.times, at_most.within
            ))
        };
        self.weighed(
            subject,
            "at_most",
            (at_most(was), at_most(is)),
            Weight::ProtectionFell,
        );
        self.length(
            &format!("{subject}, the time to answer"),
            (was.closes_after.as_ref(), is.closes_after.as_ref()),
            PLAIN,
        );
        let questions = |survey: &Survey| {
            let said = survey.questions.iter().map(|(name, question)| {
                let ask = words::text(question.value.ask.as_ref()).unwrap_or_default();
                let scale = question.value.scale.as_ref().map(|scale| scale.value);
                let scale = scale.map(|(low, high)| format!(" {low}-{high}"));
                format!("`{name}` {ask}{}", scale.unwrap_or_default())
            });
            Some(said.collect::<Vec<_>>().join(", "))
        };
        self.word(subject, "questions", questions(was), questions(is));
        let reopen = |source, survey: &Survey| {
            let when = survey.reopen_when.as_ref();
            when.map(|when| words::condition(source, when))
        };
        let both = (reopen(old, was), reopen(new, is));
        self.weighed(subject, "reopen_when", both, Weight::ProtectionFell);
        self.calendar(subject, was.calendar.as_ref(), is.calendar.as_ref());
    }

    fn follow_up(&mut self, subject: &str, was: &FollowUp, is: &FollowUp) {
        let who = |follow_up: &FollowUp| {
            let who = follow_up.who.as_ref();
            who.and_then(|who| words::listed(&who.value))
        };
        self.length(
            &format!("{subject}, its time"),
            (was.after.as_ref(), is.after.as_ref()),
            PLAIN,
        );
        self.word(subject, "of", words::listed(&was.of), words::listed(&is.of));
        self.word(
            subject,
            "task",
            words::text(was.task.as_ref()),
            words::text(is.task.as_ref()),
        );
        self.word(subject, "who", who(was), who(is));
        self.calendar(subject, was.calendar.as_ref(), is.calendar.as_ref());
    }

    fn standard(&mut self, subject: &str, was: &Standard, is: &Standard) {
        self.word(
            subject,
            "metric",
            words::shown(was.metric.as_ref()),
            words::shown(is.metric.as_ref()),
        );
        self.word(
            subject,
            "target",
            words::percent(was.target.as_ref()),
            words::percent(is.target.as_ref()),
        );
        self.word(
            subject,
            "at_least",
            words::shown(was.at_least.as_ref()),
            words::shown(is.at_least.as_ref()),
        );
        self.word(
            subject,
            "window",
            words::shown(was.window.as_ref()),
            words::shown(is.window.as_ref()),
        );
        self.word(
            subject,
            "owner",
            words::shown(was.owner.as_ref()),
            words::shown(is.owner.as_ref()),
        );
    }
}

fn asked(needs: &[Sp<CauseNeed>]) -> Option<String> {
    let needs: Vec<&str> = needs.iter().map(|need| need.value.as_str()).collect();
    (!needs.is_empty()).then(|| needs.join(", "))
}
