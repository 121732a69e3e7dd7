//! A help desk that keeps a ledger of what was acknowledged, and asks again what was not.

use anyhow::bail;
use heard_proto::v1;
use heard_proto::v1::advance_case_request::Act;
use heard_tests::client::{Client, Who, actor, advance, choice, request_id, text};
use tokio::sync::Semaphore;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

const WHO: Who<'_> = ("ana", "agent");

/// A request of any kind.
#[derive(Debug, Clone)]
pub enum Ask {
    Open(v1::OpenCaseRequest),
    Advance(Box<v1::AdvanceCaseRequest>),
    Note(v1::AddNoteRequest),
}

/// What was acknowledged.
#[derive(Debug)]
pub struct Acknowledged {
    pub request_id: String,
    pub receipt: v1::Receipt,
}

/// A help desk.
#[derive(Debug)]
pub struct Desk {
    chance: Chance,
    /// Sent, and neither answered nor known to be lost.
    pub unanswered: Option<Ask>,
    pub ledger: Vec<Acknowledged>,
    /// The ids of requests that were refused.
    pub refused: Vec<String>,
}

/// What a server said, or that it says nothing any more.
enum Said {
    Yes(Box<v1::Receipt>),
    No,
    Nothing,
}

impl Desk {
    pub fn new(seed: u64) -> Self {
        Self {
            chance: Chance(seed | 1),
            unanswered: None,
            ledger: Vec::new(),
            refused: Vec::new(),
        }
    }

    /// Asks one thing after the other, first what was not answered, until nothing is said any
    /// more. Each answer is a permit.
    pub async fn work(
        &mut self,
        client: &mut Client,
        cases: &[String],
        answers: &Semaphore,
    ) -> anyhow::Result<()> {
        loop {
            if self.unanswered.is_none() {
                self.unanswered = Some(self.next(cases));
            }
            if !self.settle(client).await? {
                return Ok(());
            }
            answers.add_permits(1);
        }
    }

    /// Asks what was not answered. Returns whether it is now, or there was nothing.
    pub async fn settle(&mut self, client: &mut Client) -> anyhow::Result<bool> {
        let Some(ask) = self.unanswered.clone() else {
            return Ok(true);
        };
        let request_id = ask.id().to_owned();
        match ask.send(client).await? {
            Said::Nothing => return Ok(false),
            Said::Yes(receipt) => self.ledger.push(Acknowledged {
                request_id,
                receipt: *receipt,
            }),
            Said::No => self.refused.push(request_id),
        }
        self.unanswered = None;
        Ok(true)
    }

    fn next(&mut self, cases: &[String]) -> Ask {
        let case = cases[self.chance.below(cases.len() as u64) as usize].clone();
        let act = |action: &str, answers: &[_]| {
            Ask::Advance(Box::new(advance(
                &case,
                WHO,
                Act::Action(action.into()),
                answers,
            )))
        };
        match self.chance.below(20) {
            0 => open(),
            1..=6 => {
                let story = format!("the {}th parcel was wet", self.chance.below(1_000));
                act("told", &[("story", text(&story)), ("mood", choice("calm"))])
            }
            7 => act("go", &[]),
            8..=9 => act("back", &[]),
            _ => Ask::Note(v1::AddNoteRequest {
                request_id: request_id(),
                actor: Some(actor(WHO)),
                case_id: case,
                text: "call again at nine".into(),
                ..Default::default()
            }),
        }
    }
}

/// Returns a request for a new case.
pub fn open() -> Ask {
    Ask::Open(v1::OpenCaseRequest {
        request_id: request_id(),
        actor: Some(actor(WHO)),
        workflow_id: "shuttle".into(),
        ..Default::default()
    })
}

impl Ask {
    pub fn id(&self) -> &str {
        match self {
            Self::Open(request) => &request.request_id,
            Self::Advance(request) => &request.request_id,
            Self::Note(request) => &request.request_id,
        }
    }

    async fn send(self, client: &mut Client) -> anyhow::Result<Said> {
        let case = &mut client.case;
        let receipt = match self {
            Self::Open(request) => {
                let opened = case.open_case(request).await;
                opened.map(|opened| opened.into_inner().receipt)
            }
            Self::Advance(request) => {
                let advanced = case.advance_case(*request).await;
                advanced.map(|advanced| advanced.into_inner().receipt)
            }
            Self::Note(request) => {
                let noted = case.add_note(request).await;
                noted.map(|noted| noted.into_inner().receipt)
            }
        };
        match receipt {
            Ok(Some(receipt)) => Ok(Said::Yes(Box::new(receipt))),
            Ok(None) => bail!("an acknowledgement without a receipt"),
            Err(status) if is_lost(&status) => Ok(Said::Nothing),
            Err(status) if status.code() == Code::FailedPrecondition => Ok(Said::No),
            Err(status) => bail!("{status:?}"),
        }
    }
}

/// Every answer of the server names its code; what does not was made by the transport.
fn is_lost(status: &Status) -> bool {
    status.get_error_details().error_info().is_none()
}

/// Numbers that look random and are the same for the same seed (xorshift64*).
#[derive(Debug, Clone, Copy)]
pub struct Chance(pub u64);

impl Chance {
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % bound
    }
}
