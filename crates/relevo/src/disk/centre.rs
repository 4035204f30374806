//! The contact centre's store on disk.

use async_trait::async_trait;
use relevo_connect::ports::{Batch, Store, StoreError};

use super::{Disk, DiskError, Space};

const SPACE: Space = Space::new("connect");

/// Contacts and transcripts.
pub(crate) struct CentreStore(pub Disk);

#[async_trait]
impl Store for CentreStore {
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        self.0.scan(SPACE, prefix).map_err(|e| StoreError(e.to_string()))
    }

    async fn commit(&self, batch: Batch) -> Result<(), StoreError> {
        self.0
            .write(move |transaction| {
                for (key, value) in &batch.put {
                    transaction.put(SPACE, key, value)?;
                }
                for key in &batch.delete {
                    transaction.remove(SPACE, key)?;
                }
                Ok::<_, DiskError>(())
            })
            .await
            .map_err(|e| StoreError(e.to_string()))
    }
}
