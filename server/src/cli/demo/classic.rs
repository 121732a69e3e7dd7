//! Three cases of the classic workflow: a straight one, one that goes round, one withdrawn.

use heard_engine::code::Code;
use heard_proto::v1::Money;
use heard_proto::v1::value::Kind;

use super::play::{Play, expect};
use super::texts;
use super::turn::{Cause, Person, SeenCase, Turn};
use crate::cli::client::present;
use crate::cli::failure::Failure;

/// The workflow of these cases.
const WORKFLOW: &str = "classic-heard";

/// The people of the help desk.
pub(super) struct Desk {
    ana: Person,
    ben: Person,
    tom: Person,
    lea: Person,
}

impl Desk {
    /// Brings them in.
    pub(super) fn new() -> Self {
        Self {
            ana: Person::new("Ana", "agent"),
            ben: Person::new("Ben", "agent"),
            tom: Person::new("Tom", "team_lead"),
            lea: Person::new("Lea", "team_lead"),
        }
    }

    /// Returns them with their roles.
    pub(super) fn introduced(&self) -> String {
        let Self { ana, ben, tom, lea } = self;
        format!("{ana}, {ben}, {tom}, {lea}")
    }
}

/// An answer in words.
pub(super) fn text(words: &str) -> Kind {
    Kind::Text(words.to_owned())
}

/// An amount of whole euros.
pub(super) fn euros(amount: i64) -> Kind {
    Kind::Money(Money {
        currency_code: "EUR".to_owned(),
        minor_units: amount * 100,
    })
}

/// One of the choices of a field.
pub(super) fn choice(name: &str) -> Kind {
    Kind::Choice(name.to_owned())
}

/// A wardrobe without doors: all five steps, and four refusals on the way.
pub(super) async fn wardrobe(play: &mut Play<'_, '_>, desk: &Desk) -> Result<SeenCase, Failure> {
    play.heading("1. A wardrobe without doors: hear, empathize, apologize, resolve, diagnose")?;
    let Desk { ana, tom, .. } = desk;
    let mut case = play
        .open(ana, WORKFLOW, "A wardrobe without doors", "hear")
        .await?;
    let half = Turn::action(ana, "understood").with("story", text(texts::WARDROBE));
    play.refused(&case, half.clone(), Code::HC007).await?;
    let whole = half.with("wanted_outcome", text(texts::WARDROBE_WISH));
    play.goes(&mut case, whole, "empathize").await?;
    let feeling = Turn::action(ana, "done").with("feeling", choice("let_down"));
    play.goes(&mut case, feeling, "apologize").await?;

    play.turn_to("Ana is in a hurry and wants to put it right before anybody has apologised:")?;
    let fix = "A driver brings the doors on Saturday between nine and ten, and hangs them.";
    let offer = Turn::action(ana, "offer")
        .with("fix", text(fix))
        .with("goodwill", euros(40));
    play.refused(&case, offer.clone(), Code::HC004).await?;
    play.turn_to("She asks what that means, with `heard explain HC004`:")?;
    for line in Code::HC004.page().trim_end().lines() {
        play.line(&format!("  | {line}"))?;
    }
    play.turn_to("So she apologises first, and then it is possible:")?;
    let sorry = "You took a day off and we left your daughter with a wardrobe she cannot close. \
                 Then we made you prove it. That was wrong, and I am sorry.";
    let apology = Turn::action(ana, "done").with("apology", text(sorry));
    play.goes(&mut case, apology, "resolve").await?;
    play.goes(&mut case, offer, "call_back").await?;
    play.turn_to(
        "With the offer goes a promise. The server knows what the customer was told and by when, \
         tells the team lead if nobody calls in time, and counts working hours only:",
    )?;
    let running = ["promise/call_back_by", "clock/resolution"];
    play.runs(&case, running).await?;
    let called = Turn::action(ana, "called").with("accepted", Kind::YesNo(true));
    play.goes(&mut case, called, "diagnose").await?;
    diagnosed(play, desk, &mut case).await?;
    play.goes(&mut case, Turn::action(tom, "done"), "resolved")
        .await?;
    Ok(case)
}

async fn diagnosed(
    play: &mut Play<'_, '_>,
    desk: &Desk,
    case: &mut SeenCase,
) -> Result<(), Failure> {
    let Desk { ana, tom, .. } = desk;
    play.turn_to("The doors hang. But why were they missing? That is for the team lead to find:")?;
    play.refused(case, Turn::action(ana, "done"), Code::HC005)
        .await?;
    play.refused(case, Turn::action(tom, "done"), Code::HC013)
        .await?;
    let whys = [
        (
            "The tenth parcel stayed in the hall when the van was loaded.",
            "scan log of the hall",
        ),
        (
            "Loading ends when the list is signed, and the list counts orders.",
            "loading list",
        ),
        (
            "The list was never changed when orders came to have many parcels.",
            "form L-7, 2019",
        ),
    ];
    let mut root = Cause {
        group: "process",
        name: "missing_step",
        statement: "Nobody counts parcels when a van is loaded.",
        whys: &whys[..1],
    };
    play.cause_refused(case, tom, &root, Code::HC021).await?;
    root.whys = &whys;
    play.cause(case, tom, &root, 1).await
}

/// A flooded kitchen: not understood three times, not accepted once, reopened later.
pub(super) async fn kitchen(play: &mut Play<'_, '_>, desk: &Desk) -> Result<SeenCase, Failure> {
    play.heading("2. A flooded kitchen: loops that are counted, and a reopening")?;
    let Desk { ben, tom, lea, .. } = desk;
    let mut case = play
        .open(ben, WORKFLOW, "A flooded kitchen", "hear")
        .await?;
    let upset = Turn::action(ben, "not_understood").with("story", text(texts::KITCHEN));
    play.goes(&mut case, upset, "hear").await?;
    play.goes(&mut case, Turn::action(ben, "not_understood"), "hear")
        .await?;
    play.turn_to("Twice is as often as the workflow allows. The third time a team lead listens:")?;
    play.goes(&mut case, Turn::action(ben, "not_understood"), "take_over")
        .await?;
    let wish = Turn::action(tom, "done").with("wanted_outcome", text(texts::KITCHEN_WISH));
    play.goes(&mut case, wish, "empathize").await?;
    play.tell("  (The story was written down the first time. Nobody asks for it again.)")?;
    let feeling = Turn::action(ben, "done").with("feeling", choice("worried"));
    play.goes(&mut case, feeling, "apologize").await?;
    let sorry = "We told you it would hold, and it flooded your kitchen. I am sorry, and I am \
                 sorry that you had to say so five times.";
    let apology = Turn::action(ben, "done").with("apology", text(sorry));
    play.goes(&mut case, apology, "resolve").await?;
    let first = "A fitter with a dryer comes today at two.";
    let offer = Turn::action(ben, "offer").with("fix", text(first));
    play.goes(&mut case, offer, "call_back").await?;
    play.turn_to("The call back: the floor is dry, but nobody has rung the neighbour.")?;
    let not_yet = Turn::action(tom, "called").with("accepted", Kind::YesNo(false));
    play.goes(&mut case, not_yet, "resolve").await?;
    let second = "Tom went to the neighbour himself; our insurer repairs her ceiling on Thursday.";
    let offer = Turn::action(ben, "offer")
        .with("fix", text(second))
        .with("goodwill", euros(50));
    play.goes(&mut case, offer, "call_back").await?;
    let called = Turn::action(ben, "called").with("accepted", Kind::YesNo(true));
    play.goes(&mut case, called, "diagnose").await?;
    let root = Cause {
        group: "supplier",
        name: "quality",
        statement: "A batch of hoses has a nut that cracks under pressure.",
        whys: &[
            (
                "The nut of the hose cracked in the second night.",
                "photo of the fitter",
            ),
            (
                "Its wall is thinner than ordered.",
                "measurement of six hoses of the batch",
            ),
            (
                "We check a batch by its papers only.",
                "goods-in instruction 12",
            ),
        ],
    };
    play.turn_to(
        "Tom listened and called back, so he may write the draft of its cause, and other eyes \
         propose it:",
    )?;
    play.cause_refused(&case, tom, &root, Code::HC049).await?;
    play.cause(&mut case, lea, &root, 1).await?;
    play.goes(&mut case, Turn::action(tom, "done"), "resolved")
        .await?;
    reopened(play, desk, &mut case).await?;
    Ok(case)
}

async fn reopened(
    play: &mut Play<'_, '_>,
    desk: &Desk,
    case: &mut SeenCase,
) -> Result<(), Failure> {
    let Desk { ana, ben, tom, lea } = desk;
    play.turn_to(
        "A week later the customer rings. Ana passes that on, in the role of the customer:",
    )?;
    let reason = "The dryer was fetched after one day, and it smells of mould.";
    play.reopen(case, &ana.acting_as("customer"), reason, "hear")
        .await?;
    play.tell("  (What was told is still known: the steps ask only for what is new.)")?;
    play.goes(case, Turn::action(ana, "understood"), "empathize")
        .await?;
    play.goes(case, Turn::action(ana, "done"), "apologize")
        .await?;
    play.goes(case, Turn::action(ana, "done"), "resolve")
        .await?;
    let third = "The dryer is back until the wall measures dry, and it is measured every day.";
    let offer = Turn::action(ben, "offer").with("fix", text(third));
    play.goes(case, offer, "call_back").await?;
    let called = Turn::action(ben, "called").with("accepted", Kind::YesNo(true));
    play.goes(case, called, "diagnose").await?;
    let root = Cause {
        group: "process",
        name: "unclear_rule",
        statement: "The order for drying says a day, not until it is dry.",
        whys: &[
            (
                "The dryer was fetched while the wall was wet.",
                "moisture 71 percent",
            ),
            ("Its order was for one day.", "order of the rental firm"),
            (
                "The form has a field for days and none for a value.",
                "form D-2",
            ),
        ],
    };
    play.cause(case, lea, &root, 2).await?;
    play.goes(case, Turn::action(tom, "done"), "resolved").await
}

/// A prescription charged twice: two people at once, a lost answer, and a withdrawal.
pub(super) async fn pharmacy(play: &mut Play<'_, '_>, desk: &Desk) -> Result<SeenCase, Failure> {
    play.heading("3. Charged twice: two people at once, a lost answer, a withdrawal")?;
    let Desk { ana, ben, tom, .. } = desk;
    let mut case = play.open(ana, WORKFLOW, "Charged twice", "hear").await?;
    let understood = Turn::action(ana, "understood")
        .with("story", text(texts::PHARMACY))
        .with("wanted_outcome", text("My money back today."));
    play.goes(&mut case, understood, "empathize").await?;
    let feeling = Turn::action(ana, "done").with("feeling", choice("worried"));
    play.goes(&mut case, feeling, "apologize").await?;
    play.turn_to("Ana and Ben both have the case on their screens. Ana is quicker:")?;
    let as_ben_saw_it = case.clone();
    let sorry = "We took your food money and then told you to wait for it. I am sorry.";
    let apology = |who| Turn::action(who, "done").with("apology", text(sorry));
    play.goes(&mut case, apology(ana), "resolve").await?;
    play.too_late(&as_ben_saw_it, &case, apology(ben)).await?;
    let fix = "The shop pays 61.40 in cash today and settles it with the head office itself.";
    let offer = Turn::action(ben, "offer")
        .with("fix", text(fix))
        .with("goodwill", euros(10));
    play.twice(&mut case, offer, "call_back").await?;

    play.turn_to("The bank was quicker than we were. The customer wants no more of it:")?;
    let withdrawn = Turn::action(ana, "customer_withdraws");
    play.refused(&case, withdrawn.clone(), Code::HC014).await?;
    let reason = "The bank has returned the money; the customer asks us to leave it at that.";
    play.goes(&mut case, withdrawn.because(reason), "withdrawn")
        .await?;
    let closed = present(play.server.case(&case.id, false).await?.case)?;
    expect("whether a cause is owed", &closed.owes_cause, &true)?;
    play.turn_to("A case closed otherwise than resolved owes a root cause until one is recorded:")?;
    let root = Cause {
        group: "systems",
        name: "bad_data",
        statement: "A till that loses its connection sends the payment again under a new number.",
        whys: &[
            (
                "The card was charged twice within four seconds.",
                "payment log",
            ),
            (
                "The till sent the payment again with a new number.",
                "till log, 17:04",
            ),
            (
                "Its number is made anew on every try.",
                "ticket of the till's maker",
            ),
        ],
    };
    play.cause(&mut case, tom, &root, 1).await?;
    Ok(case)
}
