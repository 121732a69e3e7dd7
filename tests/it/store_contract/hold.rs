//! Why time is held: kept beside the entries until another reason or none is.

use anyhow::ensure;

use super::{Subject, make};

pub async fn why_time_is_held_is_kept_until_another_is(subject: Subject) -> anyhow::Result<()> {
    let store = subject.store.as_ref();
    make::written(store.append(vec![make::open_case(1)].into()).await?)?;
    let before = make::contents(store).await?;
    let long = "\u{0}\"ü\n".repeat(1_000);
    for hold in [
        None,
        None,
        Some("the clock leapt"),
        Some(""),
        Some(long.as_str()),
        None,
        Some("again"),
    ] {
        store.keep_hold(hold.map(str::to_owned)).await?;
        ensure!(store.hold().await?.as_deref() == hold, "{hold:?}");
        // It is no entry and no row of one.
        ensure!(make::contents(store).await? == before, "{hold:?}");
    }
    store.replace_derived(vec![]).await?;
    make::written(store.append(vec![make::open_case(2)].into()).await?)?;
    ensure!(store.hold().await?.as_deref() == Some("again"));
    ensure!(*store.identity() == make::identity());
    Ok(())
}
