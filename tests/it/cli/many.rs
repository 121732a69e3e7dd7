//! Cases of a systemic issue on the command line: opened from a file, listed by their parent.

use anyhow::{Context as _, ensure};

use super::process::{Desk, Serving, TOM};

const LIST: &str = "\
customer,reference,received_at
0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b11,T-1,2026-10-05T09:00:00Z
Ana,T-2,
0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b13,\"T-3, again\",
";

/// Runs `heard case open-many` on a file with more arguments.
fn open_many(
    server: &Serving,
    desk: &Desk,
    more: &[&str],
) -> anyhow::Result<super::process::Ended> {
    let open = [
        "case",
        "open-many",
        "classic-heard",
        "list.csv",
        "--as",
        "agent",
    ];
    server.ask(desk, &[&open[..], more].concat())
}

pub fn cases_of_a_file_are_opened_once_and_listed_by_their_parent() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    desk.write("list.csv", LIST.as_bytes())?;
    let server = desk.serve()?;
    let parent = server.open(&desk)?;
    let of_issue = [
        "--parent",
        &parent,
        "--proactive",
        "--request-id",
        "recall-7",
    ];

    let tried = [&of_issue[..], &["--dry-run"]].concat();
    let tried = open_many(&server, &desk, &tried)?.with(3)?;
    tried.says(&["    1  possible\n", "3 cases: 2 possible, 1 not opened\n"])?;
    let first = open_many(&server, &desk, &of_issue)?.with(3)?;
    first.says(&[
        "    1  opened  ",
        "    2  not opened [HB001 malformed]: customer: a UUID looks like",
        "3 cases: 2 opened, 1 not opened\n",
        "run it again with --request-id recall-7",
    ])?;
    let mended = LIST.replace("Ana,", ",");
    desk.write("list.csv", mended.as_bytes())?;
    let second = open_many(&server, &desk, &of_issue)?.with(0)?;
    second.says(&[
        "    1  opened before  ",
        "    2  opened  ",
        "2 opened before\n",
    ])?;
    let third = [&["-o", "json"], &of_issue[..]].concat();
    let third = open_many(&server, &desk, &third)?.with(0)?.json()?;
    ensure!(third["request_id"] == "recall-7" && third["cases"][2]["request_id"] == "recall-7/1/3");
    ensure!(third["cases"][2]["receipt"]["repeated"] == true, "{third}");

    let list = ["-o", "json", "case", "list", "--parent", &parent];
    let listed = server.ask(&desk, &list)?.with(0)?.json()?;
    let rows = listed["cases"].as_array().context("rows")?;
    ensure!(
        rows.len() == 3
            && rows
                .iter()
                .all(|row| row["parent_case_id"] == parent.as_str())
    );
    let child = rows[0]["case_id"].as_str().context("an id")?;
    let shown = server
        .ask(&desk, &["case", "show", child, "--reveal"])?
        .with(0)?;
    shown.says(&[
        &format!("  parent     case {parent}\n"),
        "the customer did not complain",
        "T-1",
    ])?;
    shown.says(&["  customer   0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9b11\n"])?;
    Ok(())
}

/// Returns how many cases the server has.
fn count(server: &Serving, desk: &Desk) -> anyhow::Result<usize> {
    let list = ["-o", "json", "case", "list"];
    let listed = server.ask(desk, &list)?.with(0)?.json()?;
    Ok(listed["cases"].as_array().context("rows")?.len())
}

pub fn a_file_whose_lines_moved_opens_nothing() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    // One more than a call has; each reference is as long as it may be, of the largest letters.
    let line = |number: usize| {
        let long = "\u{1F600}".repeat(1_990);
        format!("T-{number}{long}\n")
    };
    let lines: Vec<String> = (1..=26).map(line).collect();
    let run = |lines: &[String], more: &[&str]| {
        desk.write(
            "list.csv",
            format!("reference\n{}", lines.concat()).as_bytes(),
        )?;
        open_many(
            &server,
            &desk,
            &[&["--request-id", "recall"], more].concat(),
        )
    };
    let first = run(&lines, &[])?.with(0)?;
    first.says(&[
        "\n   25  opened  ",
        "\n   26  opened  ",
        "26 cases: 26 opened\n",
    ])?;

    let mut moved = vec![line(27)];
    moved.extend_from_slice(&lines);
    let refused = run(&moved, &[])?.with(2)?;
    ensure!(refused.out.is_empty(), "{refused:?}");
    ensure!(
        refused.err.contains("opened as case 1, 2, 3, ") && refused.err.contains("and 6 more."),
        "{refused:?}"
    );
    let tried = run(&moved, &["--dry-run"])?.with(2)?;
    ensure!(tried.err == refused.err, "{tried:?}");
    // Without the last but one, the last would be opened once more in its place.
    let shorter = [&lines[..24], &lines[25..]].concat();
    let refused = run(&shorter, &[])?.with(2)?;
    ensure!(
        refused
            .err
            .contains("opened as case 25; it lists no more what was opened as case 26."),
        "{refused:?}"
    );
    let refused = run(&lines[..25], &[])?.with(2)?;
    ensure!(refused.err.contains("opened as case 26."), "{refused:?}");
    let other_team = run(&lines, &["--team", "other"])?.with(2)?;
    ensure!(other_team.err.contains("--team"), "{other_team:?}");
    let other_person = [
        "case",
        "open-many",
        "classic-heard",
        "list.csv",
        "--as",
        "agent",
        "--request-id",
        "recall",
    ];
    let other_person = server.ask_as(TOM, &desk, &other_person)?.with(2)?;
    ensure!(other_person.err.contains("the person"), "{other_person:?}");
    ensure!(count(&server, &desk)? == 26);

    let more = [&lines[..], &[line(27)]].concat();
    let told = run(&more, &["-o", "json"])?.with(0)?.json()?;
    ensure!(told["cases"][25]["request_id"] == "recall/2/1", "{told}");
    ensure!(told["cases"][25]["receipt"]["repeated"] == true, "{told}");
    ensure!(told["cases"][26]["request_id"] == "recall/2/2", "{told}");
    ensure!(told["cases"][26]["receipt"]["repeated"] == false, "{told}");
    ensure!(count(&server, &desk)? == 27);
    Ok(())
}

pub fn a_file_that_cannot_be_used_opens_nothing() -> anyhow::Result<()> {
    let desk = Desk::new()?;
    let server = desk.serve()?;
    let missing = open_many(&server, &desk, &[])?.with(2)?;
    ensure!(
        missing.err.contains("list.csv cannot be read"),
        "{}",
        missing.err
    );
    for (file, told) in [
        ("customer,reference\n", "lists no case"),
        ("customer,name\n,Ana\n", "unknown field `name`"),
        ("received_at\nyesterday\n", "with its Z"),
        (
            &format!("reference\n{}\n", "x".repeat(300_000)),
            "case 1 takes 300000 bytes",
        ),
    ] {
        desk.write("list.csv", file.as_bytes())?;
        let refused = open_many(&server, &desk, &[])?.with(2)?;
        ensure!(refused.err.contains(told), "{file}: {}", refused.err);
    }
    let nobody = "0f0c2f5e-6d3b-4a52-9a51-3a1c6a0d9bff";
    let open = [
        "case",
        "open",
        "classic-heard",
        "--as",
        "agent",
        "--parent",
        nobody,
    ];
    let refused = server.ask(&desk, &open)?.with(3)?;
    ensure!(
        refused.err.contains("HC001") && refused.err.contains(nobody),
        "{}",
        refused.err
    );
    let none = server
        .ask(&desk, &["-o", "json", "case", "list"])?
        .with(0)?
        .json()?;
    ensure!(none["cases"].as_array().is_some_and(Vec::is_empty));

    // A request id of one's own making is said first, so that it can be gone on with.
    desk.write("list.csv", b"reference\nT-1\n")?;
    let long = "x".repeat(118);
    let refused = open_many(&server, &desk, &["--request-id", &long])?.with(2)?;
    ensure!(
        refused.err.contains("has 118 characters"),
        "{}",
        refused.err
    );
    ensure!(refused.err.contains("1 to 117"), "{}", refused.err);
    let opened = open_many(&server, &desk, &["--proactive"])?.with(0)?;
    let (_, id) = opened.err.split_once("--request-id ").context("an id")?;
    let again = open_many(&server, &desk, &["--proactive", "--request-id", id.trim()])?.with(0)?;
    again.says(&["    1  opened before  ", "1 case: 1 opened before\n"])
}
