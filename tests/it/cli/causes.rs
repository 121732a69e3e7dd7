//! Root causes on the command line, from a draft in a file to what came of an action.

use anyhow::{Context as _, ensure};

use super::process::{ANA, Desk, Ended, Serving, TOM};
use crate::api::causes::{BEN, EVA, LEO, PARCELS};
use crate::api::time::MONDAY;

/// A whole diagnosis as a person writes it down.
const DIAGNOSIS: &str = "\
cause: process/handover
statement: Nobody counts parcels when a van is loaded
whys:
  - why: The tenth parcel stayed in the hall
    evidence: [scan log of the hall]
  - why: The loading list counts orders
    evidence:
      - reference: form L-7
        sha256: abababababababababababababababababababababababababababababababab
contributing: [rules/policy]
failure: lost
reporting: delivery
escape: Nothing counts parcels before the customer does
actions:
  - kind: correction
    task: Send the parcel by courier
    owner: lead
    due: 2026-10-09
    measure: It is there
  - kind: corrective
    task: Count parcels, not orders
    owner: lead
    due: 2026-10-30
    measure: Parcels left behind in thirty days
    at_most: 1
";

/// A server with the workflow in which every cause is reviewed, and a case that Ana handled.
struct Parcels {
    desk: Desk,
    server: Serving,
    case: String,
}

impl Parcels {
    fn new() -> anyhow::Result<Self> {
        let desk = Desk::without_workflows()?;
        desk.write("workflows/parcels.workflow.yaml", PARCELS.as_bytes())?;
        desk.write("diagnosis.yaml", DIAGNOSIS.as_bytes())?;
        let server = desk.serve_with(&["--virtual-clock", MONDAY])?;
        let open = ["-o", "json", "case", "open", "parcels", "--as", "agent"];
        let opened = server.ask_as(ANA, &desk, &open)?.with(0)?.json()?;
        let case = opened["case"]["case_id"].as_str().context("an id")?;
        let case = case.to_owned();
        let sent = [
            "case",
            "advance",
            &case,
            "sent_again",
            "--with",
            "loss=40 EUR",
        ];
        let sent = [&sent[..], &["--as", "agent"]].concat();
        server.ask_as(ANA, &desk, &sent)?.with(0)?;
        Ok(Self { desk, server, case })
    }

    /// Runs `heard cause VERB CASE ...` as somebody in a role.
    fn cause(&self, who: &str, role: &str, verb: &str, more: &[&str]) -> anyhow::Result<Ended> {
        let arguments = [&["cause", verb, &self.case], more, &["--as", role]].concat();
        self.server.ask_as(who, &self.desk, &arguments)
    }

    fn ask(&self, arguments: &[&str]) -> anyhow::Result<Ended> {
        self.server.ask(&self.desk, arguments)
    }
}

pub fn from_a_draft_to_an_effect() -> anyhow::Result<()> {
    let parcels = Parcels::new()?;
    let case = parcels.case.as_str();
    let whole = ["--file", "diagnosis.yaml"];
    let hers = parcels.cause(ANA, "agent", "record", &whole)?.with(3)?;
    ensure!(hers.err.contains("HC049"), "{}", hers.err);
    let draft = [&whole[..], &["--draft"]].concat();
    let drafted = parcels.cause(ANA, "agent", "record", &draft)?.with(0)?;
    drafted.says(&["Recorded a draft of cause 1"])?;
    let listed = parcels
        .ask(&["cause", "list", "--status", "drafted"])?
        .with(0)?;
    listed.says(&[case, "process/handover", "drafted"])?;
    let proposal = [&whole[..], &["--revises", "1"]].concat();
    parcels.cause(BEN, "agent", "record", &proposal)?.with(0)?;

    let other = [
        "1",
        "--reclassify",
        "process/missing_step",
        "--reason",
        "A step is missing",
    ];
    let reviewed = parcels.cause(EVA, "auditor", "review", &other)?.with(0)?;
    reviewed.says(&["Reclassified cause 1"])?;
    let done = ["1", "2", "--note", "Since this morning"];
    parcels.cause(LEO, "lead", "done", &done)?.with(0)?;
    let counted = ["1", "2", "--observed", "4"];
    let early = parcels.cause(EVA, "auditor", "effect", &counted)?.with(3)?;
    ensure!(early.err.contains("HC053"), "{}", early.err);
    let found = ["case", "advance", case, "found", "--as", "lead"];
    parcels.server.ask_as(TOM, &parcels.desk, &found)?.with(0)?;
    parcels
        .ask(&["clock", "set", "2026-11-05T09:00:00Z"])?
        .with(0)?;
    let overdue = parcels.ask(&["cause", "list", "--overdue"])?.with(0)?;
    overdue.says(&[case, "process/missing_step", "accepted"])?;
    let checked = parcels.cause(EVA, "auditor", "effect", &counted)?.with(0)?;
    checked.says(&["Checked action 2 of cause 1", "owes"])?;
    let owing = parcels.ask(&["case", "list", "--owes-cause"])?.with(0)?;
    owing.says(&[case])?;
    shown(&parcels)
}

fn shown(parcels: &Parcels) -> anyhow::Result<()> {
    let show = ["cause", "show", &parcels.case, "1"];
    let sealed = parcels.ask(&show)?.with(0)?;
    sealed.says(&[
        "process/missing_step: Step missing",
        "reopened, drawn for review by chance",
        "proposed as process/handover; a reviewer chose the other",
        "(sealed; --reveal shows it)",
        "SHA-256 abab",
        "lost: Never came",
        "by lead, due 2026-10-09, not done yet (late)",
        "by lead, due 2026-10-30, done 2026-10-05",
        "not effective, as was said",
        "observed 4",
    ])?;
    ensure!(!sealed.out.contains("Nobody counts"), "{}", sealed.out);
    let revealed = parcels.ask(&[&show[..], &["--reveal"]].concat())?.with(0)?;
    revealed.says(&[
        "What went wrong\n  Nobody counts parcels when a van is loaded",
        "2. The loading list counts orders",
        "shown by form L-7, SHA-256 abab",
        "Why nobody noticed before the customer did\n  Nothing counts parcels",
        "Put right for this customer\n  1. Send the parcel by courier",
        "measure: Parcels left behind in thirty days, at most 1",
        "done so: Since this morning",
        "accepted as process/missing_step (version 2): A step is missing",
    ])?;
    let json = [&["-o", "json"], &show[..], &["--reveal"]].concat();
    let json = parcels.ask(&json)?.with(0)?.json()?;
    ensure!(
        json["status"] == "reopened" && json["drawn_by"] == "sample",
        "{json}"
    );
    ensure!(json["actions"][1]["at_most"] == 1 && json["actions"][1]["effect"] == "not_effective");
    ensure!(
        json["whys"][1]["evidence"][0]["reference"] == "form L-7",
        "{json}"
    );
    Ok(())
}
