//! What the demo proves of its cases: their histories, before and after a restart.

use std::collections::BTreeSet;

use heard_proto::v1::Entry;

use super::house::House;
use super::play::{Play, expect, place_name};
use super::texts;
use super::turn::SeenCase;
use crate::cli::case::entries;
use crate::cli::client::present;
use crate::cli::failure::Failure;
use crate::cli::rebuild::in_words;
use crate::cli::render::entry;

/// How many bytes of a story in a row would be too many in an entry.
const RUN_BYTES: usize = 16;

/// Shows the history of a case, each hash checked, and that no entry holds the customer's words.
pub(super) async fn history(
    play: &mut Play<'_, '_>,
    case: &SeenCase,
    cases: &[SeenCase],
) -> Result<(), Failure> {
    play.heading("The history of case 2")?;
    let shown = entries(&play.server, &case.id, false).await?;
    for line in lines(case, &shown)? {
        let hash: String = line.hash.chars().take(12).collect();
        let (revision, role, what) = (line.revision, line.role, line.what);
        play.line(&format!("  {revision:>3}  {hash}…  {role:<10} {what}"))?;
    }
    let runs = runs();
    let mut count = 0;
    for case in cases {
        let all = entries(&play.server, &case.id, false).await?;
        expect("the entries of a case", &(all.len() as u64), &case.revision)?;
        lines(case, &all)?;
        all.iter()
            .try_for_each(|entry| without_words(entry, &runs))?;
        count += all.len();
    }
    play.turn_to(&format!(
        "All {count} entries of the {} cases were read back: every hash is that of its bytes and \
         every entry names the one before it. No {RUN_BYTES} bytes in a row of a customer's story \
         stand in any of them: entries hold commitments, and the words lie beside them.",
        cases.len()
    ))
}

fn lines(case: &SeenCase, shown: &[Entry]) -> Result<Vec<entry::Line>, Failure> {
    entry::lines(&case.id, shown)
        .map_err(|wrong| Failure::Bug(format!("the history of case {}: {wrong}", case.id)))
}

/// Returns every run of bytes of the stories.
fn runs() -> BTreeSet<&'static [u8]> {
    let stories = [
        texts::WARDROBE,
        texts::KITCHEN,
        texts::PHARMACY,
        texts::STRANDED,
        texts::WHEELCHAIR,
    ];
    let runs = |story: &'static str| story.as_bytes().windows(RUN_BYTES);
    stories.into_iter().flat_map(runs).collect()
}

fn without_words(entry: &Entry, runs: &BTreeSet<&[u8]>) -> Result<(), Failure> {
    let is_told = entry.body.windows(RUN_BYTES).any(|run| runs.contains(run));
    expect(
        "whether an entry holds a customer's words",
        &is_told,
        &false,
    )
}

/// Reads the store without a server and compares everything derived with the entries.
pub(super) async fn check(
    play: &mut Play<'_, '_>,
    house: &House,
    cases: &[SeenCase],
) -> Result<(), Failure> {
    let rebuilt = house.check().await?;
    if let Some(difference) = rebuilt.differences.first() {
        return Err(Failure::Bug(format!(
            "the store differs: {}",
            in_words(difference)
        )));
    }
    expect(
        "the number of cases in the store",
        &rebuilt.cases,
        &(cases.len() as u64),
    )?;
    play.tell(&format!(
        "The server was stopped. Read without it, as `heard rebuild --check` does, the store has \
         {} entries of {} cases, and everything derived from them is as they say.",
        rebuilt.entries, rebuilt.cases
    ))
}

/// Shows that every case is where it was.
pub(super) async fn unchanged(play: &mut Play<'_, '_>, cases: &[SeenCase]) -> Result<(), Failure> {
    play.turn_to("A new server on the same store knows them all:")?;
    for case in cases {
        let found = present(play.server.case(&case.id, false).await?.case)?;
        expect(
            "where a case is after the restart",
            &place_name(&found),
            &case.place.as_str(),
        )?;
        expect(
            "its revision after the restart",
            &found.revision,
            &case.revision,
        )?;
        let (title, place, revision) = (case.title, &case.place, case.revision);
        play.line(&format!(
            "  {title:<34} {place:<12} revision {revision:>2}  {}",
            case.id
        ))?;
    }
    Ok(())
}
