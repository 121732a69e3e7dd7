//! A thousand real complaints are taken as stories byte for byte, and stand in no entry.
//!
//! Data: CFPB Consumer Complaint Database (US government work, public domain), read from beside
//! the project, skipped where it is not there.

use std::collections::HashSet;

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_tests::client::{Client, Who, text};
use heard_tests::server::{TestServer, project_file, shared_data};
use heard_tests::{Trial, async_trial, block_on, skippable, skipped};

use heard_proto::v1::value::Kind;

const NARRATIVES: &str = "cfpb-complaints/cfpb-narratives-1000.csv";
/// The shortest run of bytes of a story that counts as having stood in an entry.
const RUN_BYTES: usize = 16;
const AGENT: Who<'_> = ("Ana", "agent");

pub fn trials() -> Vec<Trial> {
    vec![
        skippable(
            "narratives::a_thousand_real_stories_are_kept_and_sealed",
            || match shared_data(NARRATIVES) {
                Ok(bytes) => block_on(all(&read(&bytes)?)).map(|()| None),
                Err(reason) => skipped("shared", reason),
            },
        ),
        async_trial(
            "narratives::odd_stories_of_our_own_are_kept_and_sealed",
            ours,
        ),
    ]
}

async fn ours() -> anyhow::Result<()> {
    let long = "They said 'tomorrow' again, and again nobody came. ".repeat(1_300);
    let stories = [
        "\u{202e}right to left\u{200b} and zero width, kept as they are".to_owned(),
        "a line\r\nand a \"quote\" and a \\ and an emoji \u{1f62d} and \u{1b}[31mred".to_owned(),
        long[..64 * 1024].to_owned(),
    ];
    all(&stories).await
}

fn read(bytes: &[u8]) -> anyhow::Result<Vec<String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers()?.clone();
    let column = headers
        .iter()
        .position(|header| header == "narrative")
        .context("a column")?;
    let mut stories = Vec::new();
    for row in reader.records() {
        stories.push(row?[column].to_owned());
    }
    ensure!(stories.len() == 1_000, "the file is another one");
    Ok(stories)
}

async fn all(stories: &[String]) -> anyhow::Result<()> {
    let workflow = project_file("workflows/classic-heard.workflow.yaml")?;
    let server = TestServer::start(&[&workflow]).await?;
    let mut client = server.client().await?;
    let mut ids = Vec::new();
    for story in stories {
        ids.push(tell(&mut client, story).await?);
    }
    let runs: HashSet<&[u8]> = stories
        .iter()
        .flat_map(|story| story.as_bytes().windows(RUN_BYTES))
        .collect();
    for (id, story) in ids.iter().zip(stories) {
        ensure!(
            read_back(&mut client, id).await? == *story,
            "the story of {id} reads back equal"
        );
        for body in entries(&mut client, id).await? {
            let found = body.windows(RUN_BYTES).find(|window| runs.contains(window));
            ensure!(
                found.is_none(),
                "an entry of {id} holds {found:?} of a story"
            );
        }
    }
    println!(
        "{} stories kept byte for byte, none in any entry",
        stories.len()
    );
    server.stop().await
}

async fn tell(client: &mut Client, story: &str) -> anyhow::Result<String> {
    let case = client.open("classic-heard", AGENT).await?;
    let answers = [("story", text(story)), ("wanted_outcome", text("x"))];
    let case = client
        .act(&case.case_id, AGENT, "understood", &answers)
        .await?;
    ensure!(
        case.place.context("a place")?.name == "empathize",
        "the story was taken"
    );
    Ok(case.case_id)
}

async fn read_back(client: &mut Client, id: &str) -> anyhow::Result<String> {
    let request = v1::GetCaseRequest {
        case_id: id.to_owned(),
        reveal_sealed: true,
    };
    let answers = client.case.get_case(request).await?.into_inner().answers;
    let story = answers
        .into_iter()
        .find(|answer| answer.field == "story")
        .context("a story")?;
    match story.value.and_then(|value| value.kind) {
        Some(Kind::Text(story)) => Ok(story),
        other => anyhow::bail!("the story is {other:?}"),
    }
}

async fn entries(client: &mut Client, id: &str) -> anyhow::Result<Vec<Vec<u8>>> {
    let request = v1::ListEntriesRequest {
        case_id: id.to_owned(),
        ..Default::default()
    };
    let entries = client
        .case
        .list_entries(request)
        .await?
        .into_inner()
        .entries;
    Ok(entries.into_iter().map(|entry| entry.body).collect())
}
