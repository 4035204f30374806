//! What every store of runs must do, as a check that any of them can run in its tests.

use super::{Kept, RunStore, RunStoreError};

/// Runs the whole contract against a store. `keys` makes the ids distinct where the store is shared. Answers what
/// differed, if something did.
pub async fn check(store: &dyn RunStore, keys: &str) -> Result<(), String> {
    let (one, other) = (format!("{keys}-1"), format!("{keys}-2"));
    wants(store, &one, None, "a session that was never kept").await?;
    store.remove(&one).await.map_err(|error| format!("removing what is not there: {error}"))?;
    refuses(store, &one, kept("{}", 2), "a second revision without a first").await?;
    let mut revision = 0;
    for text in ["{}", r#"{"said":"¿Dónde está mi pedido? 😉","quote":"\"\\"}"#, "{}"] {
        revision += 1;
        let session = kept(text, revision);
        store.save(&one, session.clone()).await.map_err(|error| format!("revision {revision}: {error}"))?;
        wants(store, &one, Some(session), "what was kept").await?;
    }
    let long = kept(&format!("\"{}\"", "ñ".repeat(60_000)), revision + 1);
    store.save(&one, long.clone()).await.map_err(|error| format!("120 kB: {error}"))?;
    for late in [revision, revision + 1, revision + 3] {
        refuses(store, &one, kept("\"late\"", late), "another revision than the next").await?;
    }
    wants(store, &one, Some(long.clone()), "what was kept, after refusals").await?;
    wants(store, &other, None, "another id").await?;
    store.save(&other, kept("1", 1)).await.map_err(|error| format!("another id: {error}"))?;
    store.remove(&other).await.map_err(|error| format!("removing: {error}"))?;
    wants(store, &other, None, "what was removed").await?;
    refuses(store, &other, kept("2", 2), "a write after the removal").await?;
    store.save(&other, kept("3", 1)).await.map_err(|error| format!("a new session after a removal: {error}"))?;
    wants(store, &one, Some(long), "the first id, after all").await
}

fn kept(json: &str, revision: u64) -> Kept {
    Kept { json: json.to_owned(), revision }
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
