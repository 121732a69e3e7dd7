//! What was changed behind our back: found, named, and costing nobody else anything.

use anyhow::{Context as _, ensure};
use heard_engine::code::Code;
use heard_engine::entry::entry_hash;
use heard_engine::id::CaseId;
use heard_server::app::{Difference, Error};
use rusqlite::{Connection, params};

use super::world::{Kind, World, at_once, boxed, note, open, request, take, tell};

const KEY: &str = "(SELECT key FROM stream WHERE name = ?1)";

/// Three cases of three entries each.
async fn three() -> anyhow::Result<(World, [CaseId; 3])> {
    let world = World::new(Kind::Sqlite).await?;
    let mut cases = Vec::new();
    for number in 0..3 {
        let case = world.open(&format!("{number}")).await?;
        world.act(case, tell("wet")).await?;
        world.act(case, take("go")).await?;
        cases.push(case);
    }
    let cases = cases.try_into().ok().context("three cases")?;
    Ok((world, cases))
}

/// Changes the bytes of an entry, and its hash too when it is to fit.
fn change(
    db: &Connection,
    case: CaseId,
    revision: i64,
    is_to_fit: bool,
    edit: impl Fn(&mut Vec<u8>),
) -> rusqlite::Result<()> {
    let name = format!("case/{case}");
    let place = format!("stream = {KEY} AND revision = ?2");
    let select = format!("SELECT body, hash FROM entry WHERE {place}");
    let (mut body, mut hash): (Vec<u8>, [u8; 32]) =
        db.query_row(&select, params![name, revision], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    edit(&mut body);
    if is_to_fit {
        hash = entry_hash(&body).0;
        let update = format!("UPDATE head SET hash = ?3 WHERE stream = {KEY} AND revision = ?2");
        db.execute(&update, params![name, revision, hash])?;
    }
    let update = format!("UPDATE entry SET body = ?3, hash = ?4 WHERE {place}");
    let changed = db.execute(&update, params![name, revision, body, hash])?;
    assert_eq!(changed, 1);
    Ok(())
}

/// The second case answers nothing but this; the others go on, in the same batch.
async fn ensure_only_the_second_is_refused(
    world: &World,
    cases: [CaseId; 3],
    code: Code,
) -> anyhow::Result<()> {
    let app = &world.app;
    let acts = cases
        .iter()
        .map(|case| boxed(world.act(*case, note("go on"))));
    let answers = at_once(acts).await;
    ensure!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
    let refused = |answer: Result<(), Error>| {
        let error = answer.err().context("a damaged case was served")?;
        ensure!(error.code() == code, "{error:?}");
        Ok(())
    };
    let [_, second, _] = cases;
    refused(world.act(second, note("go on")).await.map(drop))?;
    refused(app.case(second).await.map(drop))?;
    refused(app.open(request("1"), open()).await.map(drop))?;
    let new = app.open(request("new"), open()).await?;
    ensure!(new.receipt.revision.0 == 1);
    Ok(())
}

async fn changed(
    edit: impl Fn(&Connection, CaseId) -> rusqlite::Result<()>,
) -> anyhow::Result<(World, [CaseId; 3])> {
    let (world, cases) = three().await?;
    let world = world.restarted(|db| edit(db, cases[1])).await?;
    Ok((world, cases))
}

pub async fn a_flipped_bit_costs_that_case_only() -> anyhow::Result<()> {
    for revision in 1..=3 {
        let flip = |body: &mut Vec<u8>| body[40] ^= 1;
        let (world, cases) = changed(|db, case| change(db, case, revision, false, flip)).await?;
        let page = world
            .app
            .entries(cases[1], heard_engine::id::Revision(0), 10)
            .await;
        ensure!(page.err().is_some_and(|error| error.code() == Code::HX001));
        ensure_only_the_second_is_refused(&world, cases, Code::HX001).await?;
    }
    Ok(())
}

pub async fn an_entry_that_was_written_anew_costs_that_case_only() -> anyhow::Result<()> {
    // The hash fits the bytes, but the next entry names another.
    let say = |body: &mut Vec<u8>| {
        let text = String::from_utf8(body.clone())
            .unwrap()
            .replace("calm", "warm");
        *body = text.replace("\"told\"", "\"toll\"").into_bytes();
        body.pop();
        body.extend(b" }");
    };
    let (world, cases) = changed(|db, case| change(db, case, 2, true, say)).await?;
    ensure_only_the_second_is_refused(&world, cases, Code::HX001).await
}

pub async fn an_entry_that_is_gone_costs_that_case_only() -> anyhow::Result<()> {
    let (world, cases) = changed(|db, case| {
        let delete = format!("DELETE FROM entry WHERE stream = {KEY} AND revision = 2");
        db.execute(&delete, [format!("case/{case}")]).map(drop)
    })
    .await?;
    ensure_only_the_second_is_refused(&world, cases, Code::HX001).await
}

pub async fn a_history_of_a_newer_heard_costs_that_case_only() -> anyhow::Result<()> {
    // An event that this build does not know, in the last entry, so that the chain still fits.
    let newer = |body: &mut Vec<u8>| {
        let text = String::from_utf8(body.clone()).unwrap();
        let newer = text.replace("\"step_entered.v1\"", "\"step_entered.v9\"");
        assert_ne!(newer, text);
        *body = newer.into_bytes();
    };
    let (world, cases) = changed(|db, case| change(db, case, 3, true, newer)).await?;
    ensure_only_the_second_is_refused(&world, cases, Code::HS009).await
}

pub async fn a_sealed_value_that_was_changed_is_not_shown() -> anyhow::Result<()> {
    let (world, cases) = changed(|db, case| {
        let update = format!(
            "UPDATE sealed SET value = CAST(replace(value, 'wet', 'dry') AS BLOB)
             WHERE stream = {KEY} AND revision = 2"
        );
        db.execute(&update, [format!("case/{case}")]).map(drop)
    })
    .await?;
    for (number, case) in cases.into_iter().enumerate() {
        for revision in [None, Some(heard_engine::id::Revision(2))] {
            let shown = world.app.reveal(case, revision).await;
            match number {
                1 => ensure!(shown.err().is_some_and(|error| error.code() == Code::HX001)),
                _ => ensure!(shown?.iter().any(|row| row.label == "answer/story")),
            }
        }
    }
    let checked = world.app.rebuild(false).await?;
    ensure!(matches!(
        checked.differences[..],
        [Difference::Unreadable { .. }]
    ));
    Ok(())
}

type Edit = fn(&Connection, CaseId) -> rusqlite::Result<()>;

/// Each is found by the check, and is as before after the rebuild.
pub async fn a_derived_row_that_was_changed_is_found_and_mended() -> anyhow::Result<()> {
    fn set(db: &Connection, case: CaseId, what: &str) -> rusqlite::Result<()> {
        let update = format!("UPDATE head SET {what} WHERE stream = {KEY}");
        let changed = db.execute(&update, [format!("case/{case}")])?;
        assert_eq!(changed, 1);
        Ok(())
    }
    let edits: [Edit; 9] = [
        |db, case| set(db, case, "place = 'nowhere'"),
        |db, case| set(db, case, "counts_as = 'resolved'"),
        |db, case| set(db, case, "counts_as = 'a word of no meaning'"),
        |db, case| set(db, case, "owes_cause = 1"),
        |db, case| set(db, case, "parent = zeroblob(16)"),
        |db, case| set(db, case, "updated_at = updated_at + 1"),
        |db, case| set(db, case, "hash = zeroblob(32)"),
        |db, case| set(db, case, "workflow_version = 2"),
        // The head of a stream as it was two entries ago.
        |db, case| {
            let earlier = format!("(SELECT min(position) FROM entry WHERE stream = {KEY})");
            set(db, case, &format!("revision = 1, position = {earlier}"))
        },
    ];
    for (number, edit) in edits.into_iter().enumerate() {
        let (world, cases) = changed(edit).await?;
        let checked = world.app.rebuild(false).await?;
        let row = Difference::Row { case: cases[1] };
        ensure!(
            checked.differences == [row.clone()],
            "{number}: {checked:?}"
        );
        ensure!((checked.entries, checked.cases) == (10, 3));
        let mended = world.app.rebuild(true).await?;
        ensure!(mended.differences == [row], "{number}: {mended:?}");
        let clean = world.app.rebuild(false).await?;
        ensure!(clean.differences.is_empty(), "{number}: {clean:?}");
        let acted = world.act(cases[1], take("finish")).await?;
        ensure!(acted.receipt.revision.0 == 4, "{number}");
    }
    Ok(())
}

pub async fn a_check_finds_every_flipped_bit_and_mends_none() -> anyhow::Result<()> {
    for revision in 1..=3 {
        for place in [0, 100, 300] {
            let flip = |body: &mut Vec<u8>| body[place] ^= 4;
            let (world, cases) =
                changed(|db, case| change(db, case, revision, false, flip)).await?;
            for write in [false, true, false] {
                let found = world.app.rebuild(write).await?.differences;
                let is_it = |difference: &Difference| match difference {
                    Difference::Unreadable { stream, .. } => {
                        *stream == heard_engine::entry::StreamName::Case(cases[1])
                    }
                    Difference::Row { .. } | Difference::Gap { .. } | Difference::Stray { .. } => {
                        false
                    }
                };
                ensure!(found.len() == 1 && found.iter().all(is_it), "{found:?}");
            }
            ensure_only_the_second_is_refused(&world, cases, Code::HX001).await?;
        }
    }
    Ok(())
}

pub async fn a_check_finds_what_is_missing() -> anyhow::Result<()> {
    let (world, cases) = changed(|db, case| {
        let delete = format!("DELETE FROM entry WHERE stream = {KEY} AND revision = 2");
        db.execute(&delete, [format!("case/{case}")])?;
        db.execute("UPDATE workflow SET bytes = CAST(bytes || ' ' AS BLOB)", [])?;
        Ok(())
    })
    .await?;
    let found = world.app.rebuild(false).await?.differences;
    let has = |what: &dyn Fn(&Difference) -> bool| found.iter().any(what);
    ensure!(
        has(&|found| matches!(found, Difference::Gap { .. })),
        "{found:?}"
    );
    let case = format!("case/{}", cases[1]);
    for name in [case.as_str(), "workflow/shuttle"] {
        let unreadable = |found: &Difference| match found {
            Difference::Unreadable { stream, .. } => stream.to_string() == name,
            Difference::Row { .. } | Difference::Gap { .. } | Difference::Stray { .. } => false,
        };
        ensure!(has(&unreadable), "{name}: {found:?}");
    }
    Ok(())
}
