//! What every store of runs must do, as a check that any of them can run in its tests.

use super::{Kept, RunStore, RunStoreError, Settled};

/// Runs the whole contract against a store. `keys` makes the ids distinct where the store is shared. Answers what
/// differed, if something did.
pub async fn check(store: &dyn RunStore, keys: &str) -> Result<(), String> {
    let (one, other) = (format!("{keys}-1"), format!("{keys}-2"));
    wants(store, &one, None, "a session that was never kept").await?;
    store.remove(&one).await.map_err(|error| format!("removing what is not there: {error}"))?;
    refuses(store, &one, Kept::whole("{}", 2), "a second revision without a first").await?;
    let mut revision = 0;
    for text in ["{}", r#"{"said":"¿Dónde está mi pedido? 😉","quote":"\"\\"}"#, "{}"] {
        revision += 1;
        let session = Kept::whole(text, revision);
        store.save(&one, session.clone()).await.map_err(|error| format!("revision {revision}: {error}"))?;
        wants(store, &one, Some(session), "what was kept").await?;
    }
    let long = Kept::whole(format!("\"{}\"", "ñ".repeat(60_000)), revision + 1);
    store.save(&one, long.clone()).await.map_err(|error| format!("120 kB: {error}"))?;
    for late in [revision, revision + 1, revision + 3] {
        refuses(store, &one, Kept::whole("\"late\"", late), "another revision than the next").await?;
    }
    wants(store, &one, Some(long.clone()), "what was kept, after refusals").await?;
    wants(store, &other, None, "another id").await?;
    store.save(&other, Kept::whole("1", 1)).await.map_err(|error| format!("another id: {error}"))?;
    store.remove(&other).await.map_err(|error| format!("removing: {error}"))?;
    wants(store, &other, None, "what was removed").await?;
    refuses(store, &other, Kept::whole("2", 2), "a write after the removal").await?;
    store.save(&other, Kept::whole("3", 1)).await.map_err(|error| format!("a new session after a removal: {error}"))?;
    wants(store, &one, Some(long), "the first id, after all").await?;
    two_parts(store, &format!("{keys}-3")).await
}

/// A settled part stays until another takes its place, or none.
async fn two_parts(store: &dyn RunStore, id: &str) -> Result<(), String> {
    let parts = [None, Some(2), Some(2), Some(2), Some(5), Some(5), None, Some(8), Some(8)];
    for (settled, revision) in parts.into_iter().zip(1..) {
        let settled = settled.map(|since| Settled { json: format!("[\"since {since}\"]").into(), revision: since });
        let session = Kept { settled, ..Kept::whole(format!("\"revision {revision}\""), revision) };
        store.save(id, session.clone()).await.map_err(|error| format!("in two parts, {revision}: {error}"))?;
        wants(store, id, Some(session.clone()), "what was kept in two parts").await?;
        refuses(store, id, session, "two parts of the same revision").await?;
    }
    store.remove(id).await.map_err(|error| format!("removing two parts: {error}"))?;
    wants(store, id, None, "two parts that were removed").await?;
    let anew = Kept::whole("\"anew\"", 1);
    store.save(id, anew.clone()).await.map_err(|error| format!("one part after two: {error}"))?;
    wants(store, id, Some(anew), "one part after two were removed").await
}

async fn wants(store: &dyn RunStore, id: &str, wanted: Option<Kept>, what: &str) -> Result<(), String> {
    match store.load(id).await {
        Ok(found) if found == wanted => Ok(()),
        found => Err(format!("{what}: {found:?} instead of {wanted:?}")),
    }
}

async fn refuses(store: &dyn RunStore, id: &str, session: Kept, what: &str) -> Result<(), String> {
    match store.save(id, session).await {
        Err(RunStoreError::Superseded) => Ok(()),
        other => Err(format!("{what} was not refused: {other:?}")),
    }
}
