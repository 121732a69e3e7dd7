//! Contacts, new due times, surveys and follow-ups: what of them is sealed and what is turned away.

use super::*;
use crate::case::command::{Contact, FollowUp, Renegotiate, Survey};
use crate::case::seal::CHANNEL_CHARS_MAX;
use crate::id::{FollowUpName, PromiseName, QuestionName, SurveyName};

fn contact(channel: &str) -> PlainAct {
    Act::Contact(Contact {
        channel: Some(channel.to_owned()),
        from_customer: true,
        occurred_at: None,
    })
}

fn survey(answers: &[(&str, u32)], comment: Option<&str>) -> PlainAct {
    let answer = |(question, score): &(&str, u32)| (QuestionName::new(question).unwrap(), *score);
    Act::Survey(Survey {
        answers: answers.iter().map(answer).collect(),
        comment: comment.map(str::to_owned),
        survey: SurveyName::new("happy").unwrap(),
    })
}

fn renegotiate(due: i64) -> PlainAct {
    Act::Renegotiate(Renegotiate {
        consent: "Agreed by telephone".to_owned(),
        due_at: Timestamp::from_micros(due).unwrap(),
        promise: PromiseName::new("call_back").unwrap(),
    })
}

#[test]
fn consent_comment_and_note_are_sealed() {
    let follow_up = Act::FollowUp(FollowUp {
        follow_up: FollowUpName::new("check_in").unwrap(),
        note: Some("All well".to_owned()),
    });
    for (act, label, kind) in [
        (renegotiate(7), "consent", "renegotiate_promise"),
        (
            survey(&[("effort", 3)], Some("Thanks")),
            "comment",
            "record_survey",
        ),
        (follow_up, "note", "complete_follow_up"),
    ] {
        let sealed = sealed(&act);
        let labels = sealed.openings.iter().map(|opening| opening.label.as_str());
        assert_eq!(labels.collect::<Vec<_>>(), [label]);
        assert_eq!(act.kind(), kind);
        let json = serde_json::to_string(&sealed.act).unwrap();
        let is_plain = ["Agreed", "Thanks", "well"]
            .iter()
            .any(|word| json.contains(word));
        assert!(!is_plain, "{json}");
    }
}

#[test]
fn a_channel_is_a_short_word_that_can_be_printed() {
    assert!(
        sealed(&contact(&"x".repeat(CHANNEL_CHARS_MAX)))
            .openings
            .is_empty()
    );
    for wrong in [
        String::new(),
        "x".repeat(CHANNEL_CHARS_MAX + 1),
        "a\nb".to_owned(),
    ] {
        let found = faults(&contact(&wrong));
        let [(Code::HB004, part, _)] = found.as_slice() else {
            panic!("{wrong:?}: {found:?}");
        };
        assert_eq!(part, "channel");
    }
}

#[test]
fn a_survey_answers_something_and_no_question_twice() {
    let none = faults(&survey(&[], None));
    assert_eq!((none[0].0, none[0].1.as_str()), (Code::HB004, "answers"));
    let twice = faults(&survey(&[("effort", 3), ("effort", 3)], None));
    assert_eq!(
        (twice[0].0, twice[0].1.as_str()),
        (Code::HB001, "answers.effort")
    );
}

#[test]
fn another_due_time_and_other_scores_are_another_request() {
    let body = |act: &PlainAct| sealed(act).body;
    assert_ne!(body(&renegotiate(7)), body(&renegotiate(8)));
    let scores = |score| survey(&[("effort", score)], None);
    assert_ne!(body(&scores(3)), body(&scores(4)));
    assert_ne!(body(&contact("letter")), body(&contact("telephone")));
}
