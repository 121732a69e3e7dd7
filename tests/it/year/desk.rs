//! What somebody does who turns to a case: chosen from what the case shows, always the same.

use heard_proto::v1;
use heard_proto::v1::advance_case_request::Act;
use heard_proto::v1::value::Kind;
use heard_tests::client::{Client, Who, actor, advance, person, text};
use tonic::Status;

use super::plan::{Chance, Wake};

const ANA: Who<'_> = ("ana", "agent");
const BEA: Who<'_> = ("bea", "boss");
const CUSTOMER: Who<'_> = ("cus", "customer");
/// Every so many cases are of the same customer.
const CUSTOMERS: usize = 7;

/// A request, to be sent once or twice.
#[derive(Debug, Clone)]
pub enum Ask {
    Open(v1::OpenCaseRequest),
    Advance(Box<v1::AdvanceCaseRequest>),
    Note(v1::AddNoteRequest),
    Contact(v1::RecordContactRequest),
    Renegotiate(v1::RenegotiatePromiseRequest),
    Extend(v1::ExtendClockRequest),
    Survey(v1::RecordSurveyRequest),
    FollowUp(v1::CompleteFollowUpRequest),
    Reopen(v1::ReopenCaseRequest),
}

impl Ask {
    /// Sends it. Returns the id of the case.
    pub async fn send(self, desk: &mut Client) -> Result<String, Status> {
        let cases = &mut desk.case;
        let case = match self {
            Self::Open(ask) => cases.open_case(ask).await?.into_inner().case,
            Self::Advance(ask) => cases.advance_case(*ask).await?.into_inner().case,
            Self::Note(ask) => cases.add_note(ask).await?.into_inner().case,
            Self::Contact(ask) => cases.record_contact(ask).await?.into_inner().case,
            Self::Renegotiate(ask) => cases.renegotiate_promise(ask).await?.into_inner().case,
            Self::Extend(ask) => cases.extend_clock(ask).await?.into_inner().case,
            Self::Survey(ask) => cases.record_survey(ask).await?.into_inner().case,
            Self::FollowUp(ask) => cases.complete_follow_up(ask).await?.into_inner().case,
            Self::Reopen(ask) => cases.reopen_case(ask).await?.into_inner().case,
        };
        Ok(case.unwrap_or_default().case_id)
    }
}

/// Returns what is done in a line of the plan.
pub async fn ask(desk: &mut Client, wake: &Wake, case: Option<&str>) -> anyhow::Result<Ask> {
    let request_id = format!("year/{}/{}", wake.case, wake.number);
    let Some(case_id) = case.map(ToOwned::to_owned) else {
        return Ok(Ask::Open(v1::OpenCaseRequest {
            request_id,
            actor: Some(actor(CUSTOMER)),
            workflow_id: "year".to_owned(),
            customer: Some(person(&format!("customer {}", wake.case % CUSTOMERS))),
            ..Default::default()
        }));
    };
    let asked = v1::GetCaseRequest {
        case_id: case_id.clone(),
        ..Default::default()
    };
    let shown = desk.case.get_case(asked).await?.into_inner().case;
    let mut next = Next {
        chance: Chance::at(wake.case, wake.number + 100),
        case: shown.unwrap_or_default(),
        case_id,
        request_id,
    };
    Ok(next.ask(wake))
}

struct Next {
    chance: Chance,
    case: v1::Case,
    case_id: String,
    request_id: String,
}

impl Next {
    fn ask(&mut self, wake: &Wake) -> Ask {
        let place = self.case.place.clone().unwrap_or_default();
        let choice = self.chance.below(9);
        match (place.name.as_str(), choice) {
            ("hear", 0..3) => self.note(),
            ("hear", _) => self.heard(wake),
            ("help", 0) => self.act(ANA, "promise", &[]),
            ("help", 1) => self.act(ANA, "called", &[]),
            ("help", 2 | 3) => self.act(ANA, "ask", &[]),
            ("help", 4 | 5) => self.act(ANA, "settle", &[]),
            ("help", 6) => self.act(BEA, "hurry", &[]),
            ("help", 7) => self.renegotiate(wake),
            ("wait_for_customer", 0..4) => self.contact(),
            ("wait_for_customer", 4..7) => self.act(ANA, "answered", &[]),
            ("take_over", 0..3) => self.act(BEA, "write", &[("letter", text("It takes longer"))]),
            ("take_over", 3 | 4) => self.extend(),
            ("take_over", _) => self.act(BEA, "solve", &[]),
            ("settled" | "silent", 0..5) => self.survey(),
            ("settled", 5..7) => self.follow_up(),
            ("settled" | "silent", 7) => self.reopen(),
            _ => self.note(),
        }
    }

    fn heard(&mut self, wake: &Wake) -> Ask {
        let is_card = self.chance.below(3) == 0;
        let day = 5 + wake.case % 20;
        let answers = [
            ("story", text("They took it twice, and nobody called.")),
            ("card", Kind::YesNo(is_card)),
            (
                "agreed_on",
                Kind::Date(date(2026, 1 + wake.case as u32 % 12, day as u32)),
            ),
        ];
        self.act(ANA, "heard", &answers)
    }

    fn act(&self, who: Who<'_>, action: &str, answers: &[(&str, Kind)]) -> Ask {
        let act = Act::Action(action.to_owned());
        Ask::Advance(Box::new(v1::AdvanceCaseRequest {
            request_id: self.request_id.clone(),
            ..advance(&self.case_id, who, act, answers)
        }))
    }

    fn note(&self) -> Ask {
        Ask::Note(v1::AddNoteRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(ANA)),
            case_id: self.case_id.clone(),
            text: "Rang, nobody there".to_owned(),
            ..Default::default()
        })
    }

    fn contact(&self) -> Ask {
        Ask::Contact(v1::RecordContactRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(ANA)),
            case_id: self.case_id.clone(),
            begun_by: v1::ContactSide::Customer.into(),
            channel: Some("telephone".to_owned()),
            ..Default::default()
        })
    }

    fn renegotiate(&self, wake: &Wake) -> Ask {
        let in_three_days = wake.at + 3 * 24 * 3_600 * 1_000_000;
        Ask::Renegotiate(v1::RenegotiatePromiseRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(ANA)),
            case_id: self.case_id.clone(),
            promise: "call_back".to_owned(),
            due_time: Some(super::plan::wire(in_three_days)),
            consent: "They said Thursday is fine".to_owned(),
            ..Default::default()
        })
    }

    fn extend(&self) -> Ask {
        Ask::Extend(v1::ExtendClockRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(BEA)),
            case_id: self.case_id.clone(),
            clock: "cards".to_owned(),
            ..Default::default()
        })
    }

    fn survey(&mut self) -> Ask {
        let score = 1 + self.chance.below(5) as u32;
        Ask::Survey(v1::RecordSurveyRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(CUSTOMER)),
            case_id: self.case_id.clone(),
            survey: "after_contact".to_owned(),
            answers: vec![v1::SurveyAnswer {
                question: "satisfaction".to_owned(),
                score,
            }],
            comment: Some("They were kind".to_owned()),
            ..Default::default()
        })
    }

    fn follow_up(&self) -> Ask {
        Ask::FollowUp(v1::CompleteFollowUpRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(ANA)),
            case_id: self.case_id.clone(),
            follow_up: "check_in".to_owned(),
            ..Default::default()
        })
    }

    fn reopen(&self) -> Ask {
        Ask::Reopen(v1::ReopenCaseRequest {
            request_id: self.request_id.clone(),
            actor: Some(actor(CUSTOMER)),
            case_id: self.case_id.clone(),
            reason: "It came back".to_owned(),
            ..Default::default()
        })
    }
}

const fn date(year: u32, month: u32, day: u32) -> v1::Date {
    v1::Date { year, month, day }
}
