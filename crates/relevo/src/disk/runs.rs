//! The agent runs' sessions on disk.

use async_trait::async_trait;
use relevo_agents::runtime::{RunStore, RunStoreError};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("runs");

/// Sessions of runs, as JSON texts.
pub(crate) struct Runs(pub Disk);

#[async_trait]
impl RunStore for Runs {
    async fn load(&self, session_id: &str) -> Result<Option<String>, RunStoreError> {
        let Some(value) = self.0.get(SPACE, session_id).map_err(refusal)? else { return Ok(None) };
        String::from_utf8(value).map(Some).map_err(|error| RunStoreError(format!("runs/{session_id}: {error}")))
    }

    async fn save(&self, session_id: &str, json: String) -> Result<(), RunStoreError> {
        let key = session_id.to_owned();
        self.0
            .write(move |transaction| {
                let mut table = transaction.open_table(SPACE).map_err(redb::Error::from)?;
                table.insert(key.as_str(), json.as_bytes()).map_err(redb::Error::from)?;
                Ok(())
            })
            .await
            .map_err(refusal)
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

#[expect(clippy::needless_pass_by_value, reason = "the form of `map_err`")]
fn refusal(error: DiskError) -> RunStoreError {
    RunStoreError(error.to_string())
}
