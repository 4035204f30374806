//! The state on disk: one embedded database below the data folder, and a port's adapter per file.
//!
//! One thread writes. It takes whatever waits, applies it in one transaction and syncs once (group commit), so a
//! caller is answered only when its change would survive a `kill -9`.

mod centre;
mod files;
mod items;
mod published;
mod runs;
mod sessions;
mod tables;

use std::{
    path::Path,
    sync::{Arc, mpsc},
    thread::JoinHandle,
};

use redb::{Database, ReadableDatabase, TableDefinition, TableError, WriteTransaction};
use tokio::sync::oneshot;

pub(crate) use centre::CentreStore;
pub(crate) use files::AttachmentFiles;
pub(crate) use items::DynamoItems;
pub(crate) use published::Published;
pub(crate) use runs::Runs;
pub(crate) use sessions::BotSessions;
pub(crate) use tables::LocalTables;

/// A table of the database: text keys in order, bytes as values.
pub(crate) type Space = TableDefinition<'static, &'static str, &'static [u8]>;

/// How many waiting changes one transaction takes at most: it bounds the time to the first answer.
const GROUP: usize = 256;

/// Why the disk could not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiskError {
    /// Another process has the data folder open.
    #[error("{0} is in use by another relevo; stop that one or choose another folder with --data")]
    InUse(String),
    /// The folder or its file cannot be made or opened.
    #[error("{0} cannot be used: {1}; choose another folder with --data")]
    Folder(String, String),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] redb::Error),
    /// A stored value does not read as what it should be.
    #[error("stored value {0}: {1}")]
    Value(String, String),
    /// The writer is gone: the process is stopping.
    #[error("the disk is closed")]
    Closed,
}

type Finish = Box<dyn FnOnce(Result<(), DiskError>) + Send>;
type Job = Box<dyn FnOnce(&WriteTransaction) -> Finish + Send>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Open>);

struct Open {
    database: Arc<Database>,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

impl Disk {
    /// Opens or makes the database `relevo.redb` in `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self, DiskError> {
        std::fs::create_dir_all(folder).map_err(|e| DiskError::Folder(folder.display().to_string(), e.to_string()))?;
        let path = folder.join("relevo.redb");
        let database = Database::create(&path).map_err(|error| match error {
            redb::DatabaseError::DatabaseAlreadyOpen => DiskError::InUse(path.display().to_string()),
            other => DiskError::Folder(path.display().to_string(), other.to_string()),
        })?;
        Self::over(database)
    }

    /// One that forgets, for tests that write much.
    #[cfg(test)]
    fn in_memory() -> Self {
        let backend = redb::backends::InMemoryBackend::new();
        Self::over(Database::builder().create_with_backend(backend).unwrap()).unwrap()
    }

    fn over(database: Database) -> Result<Self, DiskError> {
        let database = Arc::new(database);
        let (jobs, waiting) = mpsc::channel();
        let written = Arc::clone(&database);
        let writer = std::thread::Builder::new()
            .name("disk".into())
            .spawn(move || write_loop(&written, &waiting))
            .map_err(|e| DiskError::Database(redb::Error::Io(e)))?;
        Ok(Self(Arc::new(Open { database, jobs: Some(jobs), writer: Some(writer) })))
    }

    /// Runs `work` in a write transaction and answers when it is on disk. Jobs run in the order of the calls.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, DiskError>
    where
        T: Send + 'static,
        W: FnOnce(&WriteTransaction) -> Result<T, DiskError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |transaction| {
            let done = work(transaction);
            // A caller that no longer listens was dropped; its change is done all the same.
            Box::new(move |committed| drop(answer.send(committed.and(done))))
        });
        let jobs = self.0.jobs.as_ref().ok_or(DiskError::Closed)?;
        jobs.send(job).map_err(|_| DiskError::Closed)?;
        answered.await.map_err(|_| DiskError::Closed)?
    }

    /// One value.
    pub(crate) fn get(&self, space: Space, key: &str) -> Result<Option<Vec<u8>>, DiskError> {
        self.get_all([space], key).map(|[value]| value)
    }

    /// The values of one key, as they stand together at one time.
    pub(crate) fn get_all<const N: usize>(
        &self,
        spaces: [Space; N],
        key: &str,
    ) -> Result<[Option<Vec<u8>>; N], DiskError> {
        let transaction = self.0.database.begin_read().map_err(redb::Error::from)?;
        let mut values = [const { None }; N];
        for (space, value) in spaces.into_iter().zip(&mut values) {
            *value = match transaction.open_table(space) {
                Ok(table) => table.get(key).map_err(redb::Error::from)?.map(|value| value.value().to_vec()),
                Err(TableError::TableDoesNotExist(_)) => None,
                Err(error) => return Err(DiskError::Database(error.into())),
            };
        }
        Ok(values)
    }

    /// Every pair whose key starts with `prefix`, in key order.
    pub(crate) fn scan(&self, space: Space, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, DiskError> {
        let transaction = self.0.database.begin_read().map_err(redb::Error::from)?;
        let table = match transaction.open_table(space) {
            Ok(table) => table,
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            Err(error) => return Err(DiskError::Database(error.into())),
        };
        let mut found = Vec::new();
        for pair in table.range(prefix..).map_err(redb::Error::from)? {
            let (key, value) = pair.map_err(redb::Error::from)?;
            if !key.value().starts_with(prefix) {
                break;
            }
            found.push((key.value().to_owned(), value.value().to_vec()));
        }
        Ok(found)
    }
}

impl Drop for Open {
    /// What was asked for is written before the file is let go.
    fn drop(&mut self) {
        self.jobs = None;
        if self.writer.take().is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("The disk's writer stopped before its time");
        }
    }
}

fn write_loop(database: &Database, waiting: &mpsc::Receiver<Job>) {
    while let Ok(first) = waiting.recv() {
        let jobs = std::iter::once(first).chain(waiting.try_iter().take(GROUP - 1)).collect();
        commit_group(database, jobs);
    }
}

/// Applies the jobs in one transaction. A job that fails must not take its neighbours' changes with it, and its own
/// half-done change must not stay: each runs after a savepoint of its own would cost more than it is worth for
/// something that does not happen in a healthy database, so jobs check before they write.
fn commit_group(database: &Database, jobs: Vec<Job>) {
    let transaction = match database.begin_write() {
        Ok(transaction) => transaction,
        Err(error) => {
            tracing::error!(cause = %error, "The database takes no transaction");
            return; // The callers' channels close, and they answer with `Closed`.
        }
    };
    let finished: Vec<Finish> = jobs.into_iter().map(|job| job(&transaction)).collect();
    let failure = transaction.commit().err().map(|error| error.to_string());
    if let Some(cause) = &failure {
        tracing::error!(%cause, "A transaction was not committed");
    }
    for finish in finished {
        finish(match &failure {
            None => Ok(()),
            Some(cause) => Err(DiskError::Value("transaction".into(), cause.clone())),
        });
    }
}
