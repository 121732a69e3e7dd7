//! Cases, from the command line to the store and back.

use anyhow::{Context as _, ensure};

use super::process::{Desk, Serving, TOM};

const STORY: &str = "story=The doors are missing";
const WISH: &str = "wanted_outcome=Bring them";

pub fn whole_way() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let case = server.open(&desk)?;
    let ana = |arguments: &[&str]| {
        let all = [
            &["case", "advance", case.as_str()],
            arguments,
            &["--as", "agent"],
        ]
        .concat();
        server.ask(&desk, &all)?.with(0)
    };
    ana(&["not_understood", "--with", STORY])?.says(&["hear: Hear the customer out"])?;
    ana(&["understood", "--with", WISH])?.says(&["empathize: Show that you understand"])?;
    ana(&["done", "--with", "feeling=let_down"])?;
    desk.write("sorry.txt", "We are sorry.\nTruly.".as_bytes())?;
    ana(&["done", "--with", "apology=@sorry.txt"])?;
    ana(&[
        "offer",
        "--with",
        "fix=A driver comes",
        "--with",
        "goodwill=12.50 EUR",
    ])?;
    ana(&["called", "--with", "accepted=yes"])?.says(&["may need a root cause first"])?;
    let cause = [
        [
            "cause",
            "record",
            case.as_str(),
            "process/missing_step",
            "--as",
            "team_lead",
        ],
        [
            "--statement",
            "Nobody counts",
            "--why",
            "one",
            "--why",
            "two",
        ],
        [
            "--why",
            "three",
            "--evidence",
            "1=log 7",
            "--evidence",
            "3=form",
        ],
    ];
    let cause = [&cause.concat()[..], &["--evidence", "2=list"]].concat();
    server.ask_as(TOM, &desk, &cause)?.with(0)?;
    let done = ["case", "advance", &case, "done", "--as", "team_lead"];
    server
        .ask_as(TOM, &desk, &done)?
        .with(0)?
        .says(&["closed as  resolved", "reopened until"])?;
    let causes = ["cause", "list", "--case", &case, "--reveal"];
    let causes = server.ask(&desk, &causes)?.with(0)?;
    causes.says(&["process/missing_step", "Nobody counts"])?;

    let reopen = [
        "case",
        "reopen",
        &case,
        "--as",
        "customer",
        "--reason",
        "They creak",
    ];
    server.ask(&desk, &reopen)?.with(0)?.says(&["opening 2"])?;
    let note = ["case", "note", &case, "Rang twice", "--as", "agent"];
    server.ask(&desk, &note)?.with(0)?;
    let correct = [
        "case",
        "correct",
        &case,
        "feeling=angry",
        "--as",
        "agent",
        "--reason",
        "Typo",
    ];
    server.ask(&desk, &correct)?.with(0)?;
    let shown = server
        .ask(&desk, &["case", "show", &case, "--reveal"])?
        .with(0)?;
    shown.says(&[
        "We are sorry.\\nTruly.",
        "feeling         angry",
        "12.50 EUR",
    ])?;
    let hidden = server.ask(&desk, &["case", "show", &case])?.with(0)?;
    ensure!(!hidden.out.contains("We are sorry") && hidden.out.contains("sealed"));
    history(&desk, &server, &case)
}

fn history(desk: &Desk, server: &Serving, case: &str) -> anyhow::Result<()> {
    let shown = server.ask(desk, &["case", "history", case])?.with(0)?;
    shown.says(&[
        "took not_understood",
        "closed as resolved",
        "12 entries; each hash",
    ])?;
    let json = ["-o", "json", "case", "history", case, "--reveal"];
    let json = server.ask(desk, &json)?.with(0)?.json()?;
    let entries = json["entries"].as_array().context("entries")?;
    let bytes = server
        .ask(desk, &["case", "history", case, "--bytes"])?
        .with(0)?;
    ensure!(bytes.out.lines().count() == entries.len());
    for (line, entry) in bytes.out.lines().zip(entries) {
        ensure!(entry["body"] == line);
        ensure!(
            shown
                .out
                .contains(entry["entry_sha256"].as_str().context("a hash")?)
        );
    }
    ensure!(entries[1]["sealed"][0]["label"] == "answer/story");
    ensure!(entries[1]["sealed"][0]["value"] == r#"{"text":"The doors are missing"}"#);
    ensure!(!bytes.out.contains("The doors are missing"));
    Ok(())
}

pub fn refused() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let case = server.open(&desk)?;
    let base = [
        "case",
        "advance",
        case.as_str(),
        "understood",
        "--as",
        "agent",
        "--with",
        STORY,
    ];
    let refused = server.ask(&desk, &base)?.with(3)?;
    ensure!(refused.out.is_empty());
    for part in [
        "HC007",
        "wanted_outcome",
        "heard explain HC007",
        "may do now: understood",
    ] {
        ensure!(
            refused.err.contains(part),
            "{part:?} is missing in {}",
            refused.err
        );
    }
    let json = server
        .ask(&desk, &[&["-o", "json"], &base[..]].concat())?
        .with(3)?
        .json()?;
    ensure!(json["error"]["code"] == "HC007" && json["error"]["exit"] == 3);
    ensure!(json["error"]["status"] == "FAILED_PRECONDITION");

    let whole = [&base[..], &["--with", WISH]].concat();
    let dry = server
        .ask(&desk, &[&whole[..], &["--dry-run"]].concat())?
        .with(0)?;
    dry.says(&["Nothing was written", "empathize"])?;
    let named = [&whole[..], &["--revision", "1", "--request-id", "r-1"]].concat();
    let done = server.ask(&desk, &named)?.with(0)?;
    ensure!(!done.out.contains("done before"));
    server
        .ask(&desk, &named)?
        .with(0)?
        .says(&["done before", "revision 2, position"])?;
    let late = [
        "case",
        "note",
        &case,
        "late",
        "--as",
        "agent",
        "--revision",
        "1",
    ];
    let late = server.ask(&desk, &late)?.with(3)?;
    ensure!(
        late.err.contains("HS001") && late.err.contains("revision 2 now"),
        "{}",
        late.err
    );
    let unknown = [
        "case", "advance", &case, "done", "--as", "agent", "--with", "mood=x",
    ];
    ensure!(server.ask(&desk, &unknown)?.with(3)?.err.contains("HB003"));
    let typed = [
        "case",
        "advance",
        &case,
        "done",
        "--as",
        "agent",
        "--with",
        "goodwill=much",
    ];
    ensure!(server.ask(&desk, &typed)?.with(2)?.err.contains("50 EUR"));
    let shown = server
        .ask(&desk, &["-o", "json", "case", "show", &case])?
        .with(0)?
        .json()?;
    ensure!(shown["case"]["revision"] == 2, "{shown}");
    Ok(())
}

const EVERY_TYPE: &str = r#"
heard: 1
workflow: every-type
version: 1
title: Every type
owner: clerk
model: custom
roles: {clerk: {title: Clerk}}
fields:
  words: {ask: "Words?", type: text}
  story: {ask: "Story?", type: long_text, personal: true}
  sure:  {ask: "Sure?", type: yes_no}
  kind:  {ask: "Which?", type: choice, of: [small, large]}
  count: {ask: "How many?", type: number, min: 0, max: 9}
  sum:   {ask: "How much?", type: money, currency: EUR, max: 90 EUR, limit: none}
  day:   {ask: "When?", type: date}
  paper: {ask: "Which paper?", type: document}
  names: {ask: "Which names?", type: list}
start: ask
steps:
  ask:
    phase: hear
    title: Ask
    who: [clerk]
    needs: [words, story, sure, kind, count, sum, day, paper, names]
    next: done_well
outcomes:
  done_well: {title: Done, counts_as: resolved}
"#;

pub fn every_type() -> anyhow::Result<()> {
    let desk = Desk::without_workflows()?;
    desk.write("every.yaml", EVERY_TYPE.as_bytes())?;
    let server = desk.serve()?;
    let publish = ["workflow", "publish", "every.yaml", "--as", "clerk"];
    server
        .ask(&desk, &publish)?
        .with(0)?
        .says(&["Published every-type@1"])?;
    server
        .ask(&desk, &publish)?
        .with(0)?
        .says(&["nothing new was written"])?;
    let file = server
        .ask(&desk, &["workflow", "show", "every-type@1", "--file"])?
        .with(0)?;
    ensure!(file.out == EVERY_TYPE);
    let opened = [
        "-o",
        "json",
        "case",
        "open",
        "every-type@1",
        "--as",
        "clerk",
    ];
    let opened = server.ask(&desk, &opened)?.with(0)?.json()?;
    let case = opened["case"]["case_id"].as_str().context("an id")?;
    let form = server.ask(&desk, &["case", "show", case])?.with(0)?;
    form.says(&[
        "* kind ",
        "small | large",
        "at least 0, at most 9",
        "at most 90 EUR",
    ])?;
    let paper = serde_json::json!({
        "name": "a.pdf",
        "media_type": "application/pdf",
        "sha256": "0".repeat(64),
        "location": "crm/7",
    });
    let paper = format!("paper={paper}");
    let mut command = vec!["case", "advance", case, "done", "--as", "clerk"];
    for answer in [
        "words=a=b",
        "story=@@home",
        "sure=no",
        "kind=large",
        "count=7",
        "sum=0.99 EUR",
        "day=2026-02-28",
        &paper,
        "names=Li | Bo",
    ] {
        command.extend(["--with", answer]);
    }
    server
        .ask(&desk, &command)?
        .with(0)?
        .says(&["closed as  done_well"])?;
    let shown = server
        .ask(&desk, &["case", "show", case, "--reveal"])?
        .with(0)?;
    shown.says(&[
        "words  a=b\n",
        "story  @home\n",
        "sure   no\n",
        "kind   large\n",
        "count  7\n",
        "sum    0.99 EUR\n",
        "day    2026-02-28\n",
        "names  Li | Bo\n",
        "paper  a.pdf (application/pdf) at crm/7\n",
    ])
}

pub fn escaped() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let reference = "T-1\nheard: stopped \u{1b}[2J\u{202e}";
    let open = [
        "-o",
        "json",
        "case",
        "open",
        "classic-heard",
        "--as",
        "agent",
        "--reference",
    ];
    let opened = server
        .ask(&desk, &[&open[..], &[reference]].concat())?
        .with(0)?
        .json()?;
    let case = opened["case"]["case_id"].as_str().context("an id")?;
    let shown = server
        .ask(&desk, &["case", "show", case, "--reveal"])?
        .with(0)?;
    shown.says(&["T-1\\nheard: stopped \\u{1b}[2J\\u{202e}\n"])?;
    ensure!(!shown.out.contains(['\u{1b}', '\u{202e}']));
    let json = ["-o", "json", "case", "show", case, "--reveal"];
    let json = server.ask(&desk, &json)?.with(0)?.json()?;
    ensure!(json["reference"] == reference, "JSON holds it as it is");
    let role = "agent\u{202e}\u{1b}[2J";
    let forged = server
        .ask(&desk, &["case", "note", case, "x", "--as", role])?
        .with(3)?;
    ensure!(
        !forged.err.contains(['\u{1b}', '\u{202e}']),
        "{:?}",
        forged.err
    );
    Ok(())
}

pub fn pages() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let mut opened = Vec::new();
    for _ in 0..3 {
        opened.push(server.open(&desk)?);
    }
    let list = ["-o", "json", "case", "list", "--open", "--limit", "2"];
    let first = server.ask(&desk, &list)?.with(0)?.json()?;
    let token = first["next_page_token"].as_str().context("a token")?;
    let second = [&list[..], &["--after", token]].concat();
    let second = server.ask(&desk, &second)?.with(0)?.json()?;
    ensure!(second["next_page_token"] == "");
    let pages = [&first, &second].map(|page| page["cases"].as_array().cloned().unwrap_or_default());
    let listed: Vec<_> = pages
        .concat()
        .iter()
        .map(|row| row["case_id"].clone())
        .collect();
    ensure!(listed == opened, "{listed:?}");
    server
        .ask(&desk, &["case", "list", "--place", "hear"])?
        .with(0)?
        .says(&["classic-heard@1"])?;
    let none = server
        .ask(&desk, &["-o", "json", "case", "list", "--closed"])?
        .with(0)?
        .json()?;
    ensure!(none["cases"].as_array().is_some_and(Vec::is_empty));
    server
        .ask(&desk, &["case", "list", "--limit", "1001"])?
        .with(2)?;
    ensure!(
        server
            .ask(&desk, &["case", "list", "--after", "x"])?
            .with(3)?
            .err
            .contains("HB006")
    );
    Ok(())
}

pub fn imported() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let import = [
        [
            "case",
            "import",
            "classic-heard",
            "empathize",
            "--as",
            "agent",
        ],
        [
            "--opened",
            "2026-01-05T09:00:00Z",
            "--with",
            STORY,
            "--with",
            WISH,
        ],
    ];
    let import = import.concat();
    server
        .ask(&desk, &import)?
        .with(0)?
        .says(&["Imported", "empathize"])?;
    let lacking = server.ask(&desk, &import[..10])?.with(3)?;
    ensure!(lacking.err.contains("HC022"), "{}", lacking.err);
    let when = [&import[..7], &["yesterday"]].concat();
    ensure!(
        server
            .ask(&desk, &when)?
            .with(2)?
            .err
            .contains("2026-10-05T09:00:00Z")
    );
    Ok(())
}
