//! The agent runs' sessions on disk. A value is the revision as eight bytes, then the JSON text.

use async_trait::async_trait;
use redb::ReadableTable;
use relevo_agents::runtime::{Kept, RunStore, RunStoreError};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("runs");

/// Sessions of runs.
pub(crate) struct Runs(pub Disk);

#[async_trait]
impl RunStore for Runs {
    async fn load(&self, session_id: &str) -> Result<Option<Kept>, RunStoreError> {
        let Some(value) = self.0.get(SPACE, session_id).map_err(refusal)? else { return Ok(None) };
        let (revision, json) = read(&value);
        let json = String::from_utf8(json.to_vec());
        let json = json.map_err(|error| RunStoreError::Unavailable(format!("runs/{session_id}: {error}")))?;
        Ok(Some(Kept { json, revision }))
    }

    async fn save(&self, session_id: &str, session: Kept) -> Result<(), RunStoreError> {
        let key = session_id.to_owned();
        let saved = self.0.write(move |transaction| {
            let mut table = transaction.open_table(SPACE).map_err(redb::Error::from)?;
            let there = table.get(key.as_str()).map_err(redb::Error::from)?.map(|value| read(value.value()).0);
            if !session.follows(there) {
                return Ok(false);
            }
            let value = [&session.revision.to_be_bytes(), session.json.as_bytes()].concat();
            table.insert(key.as_str(), value.as_slice()).map_err(redb::Error::from)?;
            Ok(true)
        });
        if saved.await.map_err(refusal)? { Ok(()) } else { Err(RunStoreError::Superseded) }
    }

    async fn remove(&self, session_id: &str) -> Result<(), RunStoreError> {
        let key = session_id.to_owned();
        self.0
            .write(move |transaction| {
                let mut table = transaction.open_table(SPACE).map_err(redb::Error::from)?;
                table.remove(key.as_str()).map_err(redb::Error::from)?;
                Ok(())
            })
            .await
            .map_err(refusal)
    }
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
        let kept = Kept { json: "{}".into(), revision: 1 };
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
