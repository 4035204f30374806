//! The agent runs' sessions on disk. A value is the revision as eight bytes, then the JSON text; the settled part, where there
//! is one, stands in a table of its own in the same form, with the revision that it was written with.

use async_trait::async_trait;
use relevo_agents::runtime::{Kept, RunStore, RunStoreError, Settled};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("runs");
const SETTLED: Space = Space::new("runs-settled");

/// Sessions of runs.
pub(crate) struct Runs(pub Disk);

#[async_trait]
impl RunStore for Runs {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        let [value, settled] = self.0.get_all([SPACE, SETTLED], session_id).map_err(refusal)?;
        let Some(value) = value else { return Ok(None) };
        let (revision, json) = text(session_id, &value)?;
        let settled = match &settled {
            Some(value) => {
                let (revision, json) = text(session_id, value)?;
                Some(Settled { json: json.into(), revision })
            }
            None => None,
        };
        Ok(Some(Kept { json: json.to_owned(), settled, revision }))
    }

    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        let key = session_id.to_owned();
        let saved = self.0.write(move |transaction| {
            let there = transaction.get(SPACE, &key)?.map(|value| read(&value).0);
            if !session.follows(there) {
                return Ok(false);
            }
            transaction.put(SPACE, &key, &value(session.revision, &session.json))?;
            if session.has_settled_before() {
                return Ok(true);
            }
            match session.settled {
                Some(Settled { json, revision }) => transaction.put(SETTLED, &key, &value(revision, &json))?,
                None => transaction.remove(SETTLED, &key)?,
            }
            Ok(true)
        });
        if saved.await.map_err(refusal)? { Ok(()) } else { Err(RunStoreError::Superseded) }
    }

    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        let key = session_id.to_owned();
        self.0
            .write(move |transaction| {
                transaction.remove(SPACE, &key)?;
                transaction.remove(SETTLED, &key)
            })
            .await
            .map_err(refusal)
    }
}

fn value(revision: u64, json: &str) -> Vec<u8> {
    [&revision.to_be_bytes(), json.as_bytes()].concat()
}

fn text<'v>(session_id: &str, value: &'v [u8]) -> Result<(u64, &'v str), RunStoreError> {
    let (revision, json) = read(value);
    let json = std::str::from_utf8(json);
    let json = json.map_err(|error| RunStoreError::Unavailable(format!("runs/{session_id}: {error}")))?;
    Ok((revision, json))
}

/// Revision and text. A value from before there were revisions is its text alone, which begins with a brace.
fn read(value: &[u8]) -> (u64, &[u8]) {
    match value.split_first_chunk::<8>() {
        Some((revision, json)) if value.first() != Some(&b'{') => (u64::from_be_bytes(*revision), json),
        _ => (0, value),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn refusal(error: DiskError) -> RunStoreError {
    RunStoreError::Unavailable(error.to_string())
}

#[cfg(test)]
mod tests {
    use relevo_agents::runtime::contract;

    use super::*;

    #[tokio::test]
    async fn runs_keep_their_contract_and_survive() {
        let folder = tempfile::tempdir().unwrap();
        let settled = Some(Settled { json: "[]".into(), revision: 1 });
        let kept = Kept { settled, ..Kept::whole("{}", 1) };
        {
            let runs = Runs(Disk::open(folder.path()).unwrap());
            contract::check(&runs, "contract").await.unwrap();
            runs.save("s", kept.clone()).await.unwrap();
        }
        let runs = Runs(Disk::open(folder.path()).unwrap());
        assert_eq!(runs.load("s").await.unwrap(), Some(kept));
    }

    #[test]
    fn a_text_of_an_earlier_version_is_the_revision_before_the_first() {
        assert_eq!(read(br#"{"last_active_ms":1}"#), (0, br#"{"last_active_ms":1}"#.as_slice()));
        assert_eq!(read(b"{}"), (0, b"{}".as_slice()));
    }
}
