//! Two cases of the airline workflow: one paid in the second round, one rejected.

use heard_engine::code::Code;
use heard_proto::v1::value::Kind;

use super::classic::{choice, euros, text};
use super::play::Play;
use super::texts;
use super::turn::{Cause, Person, SeenCase, Turn};
use crate::cli::failure::Failure;

/// The workflow of these cases.
const WORKFLOW: &str = "airline-compensation";

/// The people of the claims desk.
pub(super) struct Desk {
    kim: Person,
    eva: Person,
    nora: Person,
    omar: Person,
}

impl Desk {
    /// Brings them in.
    pub(super) fn new() -> Self {
        Self {
            kim: Person::new("Kim", "clerk"),
            eva: Person::new("Eva", "expert"),
            nora: Person::new("Nora", "manager"),
            omar: Person::new("Omar", "manager"),
        }
    }

    /// Returns them with their roles.
    pub(super) fn introduced(&self) -> String {
        let Self {
            kim,
            eva,
            nora,
            omar,
        } = self;
        format!("{kim}, {eva}, {nora}, {omar}")
    }
}

/// A night at the airport: tasks in both orders, four eyes, examined again, paid.
pub(super) async fn stranded(play: &mut Play<'_, '_>, desk: &Desk) -> Result<SeenCase, Failure> {
    play.heading("4. A night at the airport: tasks in any order, other eyes, a second round")?;
    let Desk {
        kim,
        eva,
        nora,
        omar,
    } = desk;
    let mut case = play
        .open(kim, WORKFLOW, "A night at the airport", "register")
        .await?;
    let registered = Turn::action(kim, "done")
        .with("story", text(texts::STRANDED))
        .with("booking_code", text("QX7T2M"))
        .with("claim", euros(1_480));
    play.goes(&mut case, registered, "understand").await?;
    play.goes(&mut case, Turn::action(kim, "done"), "apologize")
        .await?;
    let sorry = "We left your father on a bench for a night and your family without a word. \
                 For that we apologise, whatever the claim comes to.";
    let apology = Turn::action(kim, "done").with("apology", text(sorry));
    play.goes(&mut case, apology, "assess").await?;
    let ticket = |valid| Turn::task(kim, "check_ticket").with("ticket_valid", Kind::YesNo(valid));
    let examined = |how| Turn::task(eva, "examine").with("thoroughness", choice(how));
    play.goes(&mut case, ticket(true), "assess").await?;
    play.goes(&mut case, examined("casually"), "decide").await?;

    play.turn_to("Eva examined the request, so somebody else must decide:")?;
    let decided = |who, decision: &str, grounds: &str| {
        Turn::action(who, "done")
            .with("decision", choice(decision))
            .with("grounds", text(grounds))
    };
    let doubts = "The file says weather. No other airline cancelled that evening.";
    play.refused(&case, decided(eva, "pay", "Clear case."), Code::HC006)
        .await?;
    play.goes(
        &mut case,
        decided(nora, "examine_again", doubts),
        "carry_out",
    )
    .await?;
    let early = Turn::action(kim, "pay").with("compensation", euros(250));
    play.refused(&case, early, Code::HC008).await?;
    play.goes(&mut case, Turn::action(kim, "reinitiate"), "assess")
        .await?;
    play.turn_to("The second round, in the other order:")?;
    play.goes(&mut case, examined("thoroughly"), "assess")
        .await?;
    play.goes(&mut case, ticket(true), "decide").await?;
    let crew = "The crew ran out of hours; nobody had been rostered in reserve.";
    play.goes(&mut case, decided(nora, "pay", crew), "carry_out")
        .await?;
    let payment = Turn::action(eva, "pay").with("compensation", euros(600));
    play.goes(&mut case, payment, "diagnose_paid").await?;
    why_stranded(play, omar, &mut case).await?;
    play.goes(&mut case, Turn::action(nora, "done"), "paid")
        .await?;
    Ok(case)
}

/// Somebody who did not decide the case finds its cause.
async fn why_stranded(
    play: &mut Play<'_, '_>,
    who: &Person,
    case: &mut SeenCase,
) -> Result<(), Failure> {
    let root = Cause {
        group: "crew",
        name: "rostering",
        statement: "There is no reserve crew at this base on Sundays.",
        whys: &[
            ("The crew's hours ended at 23:40.", "duty log"),
            (
                "The reserve is planned by the flights of the year before.",
                "roster rules, page 3",
            ),
        ],
    };
    play.cause(case, who, &root, 1).await
}

/// A wheelchair that flew elsewhere: a value that cannot be, and a rejection with its reason.
pub(super) async fn wheelchair(play: &mut Play<'_, '_>, desk: &Desk) -> Result<SeenCase, Failure> {
    play.heading("5. A wheelchair that flew elsewhere: a rejection says why")?;
    let Desk {
        kim,
        eva,
        nora,
        omar,
    } = desk;
    let mut case = play
        .open(
            kim,
            WORKFLOW,
            "A wheelchair that flew elsewhere",
            "register",
        )
        .await?;
    let told = Turn::action(kim, "done")
        .with("story", text(texts::WHEELCHAIR))
        .with("booking_code", text("M4LT4X"));
    let too_much = told.clone().with("claim", euros(25_000));
    play.refused(&case, too_much, Code::HB004).await?;
    let registered = told.with("claim", euros(4_300));
    play.goes(&mut case, registered, "understand").await?;
    play.goes(&mut case, Turn::action(kim, "done"), "apologize")
        .await?;
    let sorry = "A wheelchair is not luggage, it is how you walk. We sent it away from you and \
                 left you waiting. That must not happen, and we apologise.";
    let apology = Turn::action(kim, "done").with("apology", text(sorry));
    play.goes(&mut case, apology, "assess").await?;
    let examined = Turn::task(eva, "examine").with("thoroughness", choice("thoroughly"));
    play.goes(&mut case, examined, "assess").await?;
    let ticket = Turn::task(kim, "check_ticket").with("ticket_valid", Kind::YesNo(true));
    play.goes(&mut case, ticket, "decide").await?;
    let grounds = "Damage to a mobility aid is not settled here but by the damage desk, in full \
                   and without a limit; all papers are with it since this morning.";
    let decided = Turn::action(nora, "done")
        .with("decision", choice("reject"))
        .with("grounds", text(grounds));
    play.goes(&mut case, decided, "carry_out").await?;
    play.goes(&mut case, Turn::action(kim, "reject"), "diagnose_rejected")
        .await?;
    let root = Cause {
        group: "airport",
        name: "handling",
        statement: "Mobility aids go down the belt with the bags at this airport.",
        whys: &[
            (
                "The chair was loaded with the bags for Malta.",
                "baggage message 2218",
            ),
            ("Its tag looks like that of a suitcase.", "photo of the tag"),
        ],
    };
    play.cause(&mut case, omar, &root, 1).await?;
    let done = Turn::action(eva, "done");
    play.refused(&case, done.clone(), Code::HC014).await?;
    let reason = "Passed on to the damage desk, which pays in full; the passenger was rung.";
    play.goes(&mut case, done.because(reason), "rejected")
        .await?;
    Ok(case)
}
