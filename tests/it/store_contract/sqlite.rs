//! What only a store in a file does: locks, refuses, survives, keeps its log short.

use std::fs;
use std::path::Path;

use anyhow::ensure;
use heard_engine::case::CauseStatus;
use heard_engine::entry::StreamName;
use heard_engine::id::{Position, Revision};
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{
    CaseFilter, CauseFilter, CauseRow, Cursor, Error, FORMAT, Identity, OpenError, Store,
};
use heard_tests::{Trial, async_trial, block_on, trial};

use super::{make, parents};

pub fn trials() -> Vec<Trial> {
    let test = |name: &str, run: fn() -> anyhow::Result<()>| {
        trial(format!("store_contract::sqlite::{name}"), run)
    };
    vec![
        test("reopening_keeps_everything", reopening_keeps_everything),
        test(
            "a_drop_without_close_keeps_everything",
            a_drop_without_close_keeps_everything,
        ),
        test("a_second_opener_is_refused", a_second_opener_is_refused),
        test(
            "a_file_that_is_no_store_is_refused",
            a_file_that_is_no_store_is_refused,
        ),
        test("a_newer_format_is_refused", a_newer_format_is_refused),
        test(
            "other_tables_are_refused_as_unreleased",
            other_tables_are_refused_as_unreleased,
        ),
        test(
            "causes_of_format_3_stand_as_they_were_proposed",
            causes_of_format_3_stand_as_they_were_proposed,
        ),
        test(
            "cases_of_format_4_have_no_parent_and_may_get_one",
            parents::cases_of_format_4_have_no_parent,
        ),
        test("an_empty_file_is_refused", an_empty_file_is_refused),
        test("an_orphaned_log_is_refused", an_orphaned_log_is_refused),
        test(
            "an_unfinished_beginning_is_begun_again",
            an_unfinished_beginning_is_begun_again,
        ),
        test(
            "a_truncated_file_never_panics",
            a_truncated_file_never_panics,
        ),
        test("a_flipped_bit_never_panics", a_flipped_bit_never_panics),
        test("a_failed_write_is_the_last", a_failed_write_is_the_last),
        test("a_missing_folder_is_said", a_missing_folder_is_said),
        test("its_files_are_private", its_files_are_private),
        test(
            "a_busy_file_is_unavailable_and_loses_nothing",
            a_busy_file_is_unavailable,
        ),
        async_trial(
            "store_contract::sqlite::its_log_stays_under_a_bound",
            its_log_stays_short,
        ),
    ]
}

pub fn open(path: &Path) -> Result<Sqlite, OpenError> {
    Sqlite::open(path, || {
        panic!("the identity of a store that is there is asked for")
    })
}

pub fn made(path: &Path) -> anyhow::Result<Sqlite> {
    Ok(Sqlite::open(path, make::identity)?)
}

pub async fn fill(store: &dyn Store) -> anyhow::Result<make::Contents> {
    store
        .append((1..=50).map(make::open_case).collect())
        .await?;
    for number in 1..=20 {
        let mut append = make::advance_case(number, 2, "diagnose");
        append.causes.push(make::cause(number, 1, 2));
        make::written(store.append(vec![append].into()).await?)?;
    }
    make::written(store.append(vec![make::publish("a", 1, 1)].into()).await?)?;
    store.keep_hold(Some("held".to_owned())).await?;
    make::contents(store).await
}

fn reopening_keeps_everything() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    let before = block_on(async {
        let contents = fill(&store).await?;
        store.close().await?;
        anyhow::Ok(contents)
    })?;
    // Closed, but not dropped: the file is free and has no log.
    ensure!(fs::metadata(folder.path().join("heard.db-wal")).map_or(0, |log| log.len()) == 0);
    let again = open(&path)?;
    ensure!(*again.identity() == make::identity());
    ensure!(block_on(make::contents(&again))? == before);
    ensure!(block_on(again.hold())?.as_deref() == Some("held"));
    Ok(())
}

fn a_drop_without_close_keeps_everything() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    let before = block_on(fill(&store))?;
    drop(store);
    ensure!(fs::metadata(folder.path().join("heard.db-wal"))?.len() > 0);
    let again = open(&path)?;
    ensure!(block_on(make::contents(&again))? == before);
    ensure!(block_on(again.hold())?.as_deref() == Some("held"));
    Ok(())
}

fn a_second_opener_is_refused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    ensure!(matches!(open(&path), Err(OpenError::Locked { .. })));
    #[cfg(unix)]
    {
        let other_name = folder.path().join("link.db");
        std::os::unix::fs::symlink(&path, &other_name)?;
        ensure!(matches!(open(&other_name), Err(OpenError::Locked { .. })));
    }
    make::written(block_on(store.append(vec![make::open_case(1)].into()))?)?;
    block_on(store.close())?;
    open(&path)?;
    Ok(())
}

fn a_file_that_is_no_store_is_refused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let other = rusqlite::Connection::open(&path)?;
    other.execute_batch("CREATE TABLE entry (position INTEGER PRIMARY KEY)")?;
    drop(other);
    let tables = fs::read(&path)?;
    let texts: [&[u8]; 4] = [
        b"x",
        b"SQLite format 3\0",
        b"heard: 1\nworkflow: a\n",
        &tables,
    ];
    for bytes in texts {
        fs::write(&path, bytes)?;
        let answer = open(&path);
        ensure!(
            matches!(answer, Err(OpenError::Foreign { .. })),
            "{answer:?}"
        );
        ensure!(fs::read(&path)? == bytes, "a foreign file was changed");
    }
    let answer = open(folder.path());
    ensure!(matches!(answer, Err(OpenError::Io { .. })), "{answer:?}");
    Ok(())
}

/// Makes a store and lets another tool change it.
fn changed(path: &Path, sql: &str) -> anyhow::Result<()> {
    block_on(made(path)?.close())?;
    let tool = rusqlite::Connection::open(path)?;
    tool.execute_batch(sql)?;
    Ok(())
}

fn a_newer_format_is_refused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let newer = FORMAT + 1;
    changed(&path, &format!("PRAGMA user_version = {newer}"))?;
    let answer = open(&path);
    ensure!(
        matches!(answer, Err(OpenError::Format { found, .. }) if found == newer),
        "{answer:?}"
    );
    Ok(())
}

fn other_tables_are_refused_as_unreleased() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    changed(&path, "UPDATE migration SET sha256 = zeroblob(32)")?;
    let answer = open(&path);
    ensure!(
        matches!(answer, Err(OpenError::Format { found: 0, .. })),
        "{answer:?}"
    );
    Ok(())
}

fn causes_of_format_3_stand_as_they_were_proposed() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    block_on(async {
        fill(&store).await?;
        store.close().await?;
        anyhow::Ok(())
    })?;
    drop(store);
    let tool = rusqlite::Connection::open(&path)?;
    tool.execute_batch(
        "DROP INDEX head_parent;
         ALTER TABLE head DROP COLUMN parent;
         ALTER TABLE cause DROP COLUMN status;
         ALTER TABLE cause DROP COLUMN due_at;
         DELETE FROM migration WHERE number > 3;
         PRAGMA user_version = 3;",
    )?;
    drop(tool);
    let store = open(&path)?;
    let causes = block_on(store.causes(&CauseFilter::default(), Cursor(0), 100))?.rows;
    let stands = |row: &CauseRow| row.status == CauseStatus::Proposed && row.due_at.is_none();
    ensure!(
        causes.len() == 20 && causes.iter().all(stands),
        "{causes:?}"
    );
    Ok(())
}

fn an_empty_file_is_refused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    fs::write(&path, b"")?;
    let answer = open(&path);
    ensure!(
        matches!(answer, Err(OpenError::Damaged { .. })),
        "{answer:?}"
    );
    ensure!(fs::read(&path)?.is_empty());
    Ok(())
}

fn an_orphaned_log_is_refused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    block_on(fill(&store))?;
    drop(store);
    fs::remove_file(&path)?;
    let answer = made(&path);
    ensure!(answer.is_err_and(|error| error.to_string().contains("write-ahead log")));
    ensure!(!path.exists());
    Ok(())
}

fn an_unfinished_beginning_is_begun_again() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    fs::write(folder.path().join("heard.db.new"), b"half a file")?;
    fs::write(folder.path().join("heard.db.new-journal"), b"and a journal")?;
    let store = made(&path)?;
    block_on(fill(&store))?;
    ensure!(!folder.path().join("heard.db.new").exists());
    Ok(())
}

/// Uses a store in every way; an error is an answer.
async fn use_it(store: &Sqlite) -> Result<(), Error> {
    store.scan(Position(0), 1_000).await?;
    let streams: Vec<StreamName> = (1..=50).map(make::stream).collect();
    store.load(&streams).await?;
    store.entries(&make::stream(1), Revision(0), 10).await?;
    store.sealed(&make::stream(1), None).await?;
    store
        .cases(&CaseFilter::default(), Cursor(0), 1_000)
        .await?;
    store
        .causes(&CauseFilter::default(), Cursor(0), 1_000)
        .await?;
    store.workflows(Cursor(0), 1_000).await?;
    store.hold().await?;
    store.keep_hold(None).await?;
    let batch = (1..=20)
        .map(|number| make::advance_case(number, 3, "thank"))
        .collect();
    store.append(batch).await?;
    store
        .append((100..=120).map(make::open_case).collect())
        .await?;
    store.probe().await
}

/// Opens damaged bytes. Returns whether the damage was noticed.
fn survives(path: &Path, bytes: &[u8]) -> anyhow::Result<bool> {
    for leftover in ["db-wal", "db-shm"] {
        if let Err(error) = fs::remove_file(path.with_extension(leftover)) {
            ensure!(error.kind() == std::io::ErrorKind::NotFound);
        }
    }
    fs::write(path, bytes)?;
    let store = match open(path) {
        Ok(store) => store,
        Err(OpenError::Locked { .. }) => anyhow::bail!("the lock was not let go"),
        Err(_) => return Ok(true),
    };
    block_on(async {
        let used = use_it(&store).await;
        if matches!(used, Err(Error::Fatal { .. })) {
            // After doubt nothing more is written.
            let again = store.append(vec![make::open_case(999)].into()).await;
            ensure!(matches!(again, Err(Error::Fatal { .. })), "{again:?}");
        }
        let closed = store.close().await;
        Ok(used.is_err() || closed.is_err())
    })
}

fn whole(path: &Path) -> anyhow::Result<Vec<u8>> {
    let store = made(path)?;
    block_on(async {
        fill(&store).await?;
        anyhow::Ok(store.close().await?)
    })?;
    drop(store);
    Ok(fs::read(path)?)
}

fn a_truncated_file_never_panics() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let bytes = whole(&path)?;
    ensure!(!survives(&path, &bytes)?);
    for length in (0..bytes.len()).step_by(2_048).chain([1, 99, 100]) {
        let is_noticed = survives(&path, &bytes[..length])?;
        ensure!(is_noticed, "{length} bytes passed for a store");
    }
    // One byte of an entry is found by its hash, which stores do not look at.
    survives(&path, &bytes[..bytes.len() - 1])?;
    Ok(())
}

fn a_flipped_bit_never_panics() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let bytes = whole(&path)?;
    // The beginning of every page, where its structure is, and places all over the file.
    let heads = (0..bytes.len())
        .step_by(4_096)
        .flat_map(|page| (page..page + 12).step_by(3));
    let places = (0..bytes.len()).step_by(1_499);
    for (number, place) in heads.chain(places).enumerate() {
        let mut flipped = bytes.clone();
        flipped[place] ^= 1 << (number % 8);
        survives(&path, &flipped)?;
    }
    Ok(())
}

fn a_failed_write_is_the_last() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let mut bytes = whole(&path)?;
    let tool = rusqlite::Connection::open(&path)?;
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_stream_1'";
    let page: usize = tool.query_row(sql, [], |row| row.get::<_, u32>(0))? as usize;
    drop(tool);
    bytes[(page - 1) * 4_096..page * 4_096].fill(0xff);
    fs::write(&path, &bytes)?;
    let store = open(&path)?;
    block_on(async {
        let publish = make::publish("b", 1, 1);
        let answer = store.append(vec![publish].into()).await;
        ensure!(matches!(answer, Err(Error::Fatal { .. })), "{answer:?}");
        for _ in 0..2 {
            let answer = store.append(vec![make::open_case(99)].into()).await;
            ensure!(matches!(answer, Err(Error::Fatal { .. })), "{answer:?}");
            ensure!(matches!(store.probe().await, Err(Error::Fatal { .. })));
        }
        // What lies elsewhere can still be read.
        ensure!(store.scan(Position(0), 1_000).await?.len() == 71);
        ensure!(matches!(store.close().await, Err(Error::Fatal { .. })));
        Ok(())
    })
}

fn a_missing_folder_is_said() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let answer = made(&folder.path().join("no/such/heard.db"));
    ensure!(answer.is_err_and(|error| error.to_string().contains("find the folder")));
    Ok(())
}

fn its_files_are_private() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("heard.db");
        let store = made(&path)?;
        block_on(fill(&store))?;
        let mut names = Vec::new();
        for file in fs::read_dir(folder.path())? {
            let file = file?;
            let mode = file.metadata()?.permissions().mode() & 0o777;
            ensure!(mode == 0o600, "{:?} has mode {mode:o}", file.file_name());
            names.push(file.file_name());
        }
        names.sort();
        ensure!(names == ["heard.db", "heard.db-shm", "heard.db-wal", "heard.db.lock"]);
    }
    Ok(())
}

fn a_busy_file_is_unavailable() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    let before = block_on(fill(&store))?;
    let tool = rusqlite::Connection::open(&path)?;
    tool.execute_batch("BEGIN IMMEDIATE")?;
    let answer = block_on(store.append(vec![make::open_case(99)].into()));
    ensure!(
        matches!(answer, Err(Error::Unavailable { .. })),
        "{answer:?}"
    );
    ensure!(block_on(make::contents(&store))? == before);
    // What another tool changes is seen: the writer does not trust what it remembers.
    let sql = "UPDATE head SET revision = 7 WHERE stream = 1; COMMIT";
    tool.execute_batch(sql)?;
    let late = block_on(store.append(vec![make::advance_case(1, 3, "resolve")].into()))?;
    ensure!(late == [heard_server::store::Appended::Conflict]);
    make::written(block_on(store.append(vec![make::open_case(99)].into()))?)?;
    Ok(())
}

async fn its_log_stays_short() -> anyhow::Result<()> {
    const BATCHES: u64 = 5_000;
    // 32 MiB, where the writer steps in, and what may come before it does.
    const BYTES_MAX: u64 = 40 << 20;
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("heard.db");
    let store = made(&path)?;
    let log = folder.path().join("heard.db-wal");
    let mut longest = 0;
    for number in 1..=BATCHES {
        let mut batch = vec![make::open_case(number)];
        for older in [number / 2, number / 3] {
            if older > 0 && older != number && store.case(make::case_id(older)).await?.is_some() {
                let revision = store
                    .case(make::case_id(older))
                    .await?
                    .unwrap()
                    .revision
                    .next();
                if batch
                    .iter()
                    .all(|append| append.entries[0].stream != make::stream(older))
                {
                    batch.push(make::advance_case(older, revision.0, "resolve"));
                }
            }
        }
        make::written(store.append(batch.into()).await?)?;
        longest = longest
            .max(fs::metadata(&log)?.len())
            .max(store.gauges().wal_bytes);
    }
    ensure!(
        longest > 16 << 20,
        "{longest} bytes: the test is too small to show anything"
    );
    ensure!(longest < BYTES_MAX, "the log grew to {longest} bytes");
    store.close().await?;
    ensure!(fs::metadata(&log).map_or(0, |log| log.len()) == 0);
    let again = Sqlite::open(&path, || -> Identity { panic!("it is there") })?;
    ensure!(again.case(make::case_id(BATCHES)).await?.is_some());
    Ok(())
}
