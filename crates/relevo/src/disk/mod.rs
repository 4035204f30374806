//! The state on disk: one embedded database below the data folder, and a port's adapter per file.
//!
//! One thread writes. It takes whatever waits, applies it in one transaction and syncs once (group commit), so a
//! caller is answered only when its change would survive a `kill -9`.
//!
//! The database is a log with sorted tables behind it: a change costs one append, wherever in the order of keys it lies.

mod centre;
mod files;
mod items;
mod published;
mod runs;
mod sessions;
mod tables;
mod transaction;

use std::{
    path::Path,
    sync::{Arc, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use fjall::{
    KeyspaceCreateOptions, PersistMode, Readable as _, SingleWriterTxDatabase as Database,
    SingleWriterTxKeyspace as Keyspace,
};
use tokio::sync::oneshot;

pub(crate) use centre::CentreStore;
pub(crate) use files::AttachmentFiles;
pub(crate) use items::DynamoItems;
pub(crate) use published::Published;
pub(crate) use runs::Runs;
pub(crate) use sessions::BotSessions;
pub(crate) use tables::LocalTables;
pub(crate) use transaction::{Space, Transaction};

/// The database's folder below the data folder.
const FOLDER: &str = "state";
/// What earlier versions kept their state in.
const EARLIER: &str = "relevo.redb";
/// What the database keeps in memory at most, for reading and of what was written last. All of it is a laptop's.
const CACHE_BYTES: u64 = 16 * 1024 * 1024;
const WRITTEN_BYTES: u64 = 16 * 1024 * 1024;

/// How many waiting changes one transaction takes at most: it bounds the time to the first answer.
const GROUP: usize = 256;
/// Where changes come side by side, how long a group waits for more of them: a sync costs the same for one as for all. Who
/// changes something alone is not kept waiting.
const GATHER: Duration = Duration::from_micros(250);

/// Why the disk could not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DiskError {
    /// Another process has the data folder open.
    #[error("{0} is in use by another relevo; stop that one or choose another folder with --data")]
    InUse(String),
    /// The folder or its file cannot be made or opened.
    #[error("{0} cannot be used: {1}; choose another folder with --data")]
    Folder(String, String),
    /// The folder has the state of a version that kept it otherwise.
    #[error(
        "{0} is the state of an earlier version, which this one does not read; choose another folder with --data, or remove the file"
    )]
    Earlier(String),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] fjall::Error),
    /// A key that the database does not take.
    #[error("a key of {0} bytes; it must have from 1 to 65535")]
    Key(usize),
    /// A stored value does not read as what it should be.
    #[error("stored value {0}: {1}")]
    Value(String, String),
    /// The writer is gone: the process is stopping.
    #[error("the disk is closed")]
    Closed,
}

type Finish = Box<dyn FnOnce(Result<(), DiskError>) + Send>;
type Job = Box<dyn FnOnce(&mut Transaction<'_>) -> Finish + Send>;

/// The database. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Disk(Arc<Open>);

struct Open {
    database: Database,
    keyspace: Keyspace,
    jobs: Option<mpsc::Sender<Job>>,
    writer: Option<JoinHandle<()>>,
}

impl Disk {
    /// Opens or makes the database in `folder`.
    pub(crate) fn open(folder: &Path) -> Result<Self, DiskError> {
        let unusable = |e: String| DiskError::Folder(folder.display().to_string(), e);
        std::fs::create_dir_all(folder).map_err(|e| unusable(e.to_string()))?;
        if folder.join(EARLIER).exists() {
            return Err(DiskError::Earlier(folder.join(EARLIER).display().to_string()));
        }
        let path = folder.join(FOLDER);
        Self::over(&path, false).map_err(|error| match error {
            fjall::Error::Locked => DiskError::InUse(path.display().to_string()),
            other => unusable(other.to_string()),
        })
    }

    /// One that forgets, for tests.
    #[cfg(test)]
    fn forgetful() -> Self {
        Self::over(&tempfile::tempdir().unwrap().keep(), true).unwrap()
    }

    fn over(path: &Path, forgets: bool) -> Result<Self, fjall::Error> {
        // What is written last lies in a log of at most four times its size.
        let database = Database::builder(path)
            .cache_size(CACHE_BYTES)
            .max_journaling_size(4 * WRITTEN_BYTES)
            .worker_threads(1)
            .temporary(forgets)
            .open()?;
        let keyspace =
            database.keyspace("relevo", || KeyspaceCreateOptions::default().max_memtable_size(WRITTEN_BYTES))?;
        let (jobs, waiting) = mpsc::channel();
        let (written, space) = (database.clone(), keyspace.clone());
        let writer = std::thread::Builder::new()
            .name("disk".into())
            .spawn(move || write_loop(&written, &space, &waiting))
            .map_err(fjall::Error::Io)?;
        Ok(Self(Arc::new(Open { database, keyspace, jobs: Some(jobs), writer: Some(writer) })))
    }

    /// Runs `work` in a write transaction and answers when it is on disk. Jobs run in the order of the calls.
    pub(crate) async fn write<T, W>(&self, work: W) -> Result<T, DiskError>
    where
        T: Send + 'static,
        W: FnOnce(&mut Transaction<'_>) -> Result<T, DiskError> + Send + 'static,
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
        let snapshot = self.0.database.read_tx();
        let mut values = [const { None }; N];
        for (space, value) in spaces.into_iter().zip(&mut values) {
            *value = snapshot.get(&self.0.keyspace, space.key(key)?)?.map(|value| value.to_vec());
        }
        Ok(values)
    }

    /// Every pair whose key starts with `prefix`, in key order.
    pub(crate) fn scan(&self, space: Space, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, DiskError> {
        let snapshot = self.0.database.read_tx();
        let pairs = snapshot.prefix(&self.0.keyspace, space.prefix(prefix));
        pairs
            .map(|pair| {
                let (key, value) = pair.into_inner()?;
                Ok((space.name_of(&key)?, value.to_vec()))
            })
            .collect()
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

fn write_loop(database: &Database, keyspace: &Keyspace, waiting: &mpsc::Receiver<Job>) {
    let mut crowded = false;
    while let Ok(first) = waiting.recv() {
        if crowded {
            std::thread::sleep(GATHER);
        }
        let jobs: Vec<Job> = std::iter::once(first).chain(waiting.try_iter().take(GROUP - 1)).collect();
        crowded = jobs.len() > 1;
        commit_group(database, keyspace, jobs);
    }
}

/// Applies the jobs in one transaction. A job that fails must not take its neighbours' changes with it, and its own
/// half-done change must not stay: each in a transaction of its own would cost more than it is worth for
/// something that does not happen in a healthy database, so jobs check before they write.
fn commit_group(database: &Database, keyspace: &Keyspace, jobs: Vec<Job>) {
    let mut transaction = Transaction::new(database.write_tx().durability(Some(PersistMode::SyncData)), keyspace);
    let finished: Vec<Finish> = jobs.into_iter().map(|job| job(&mut transaction)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_state_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(EARLIER), "kept").unwrap();
        assert!(matches!(Disk::open(folder.path()), Err(DiskError::Earlier(path)) if path.ends_with(EARLIER)));
        assert_eq!(std::fs::read_to_string(folder.path().join(EARLIER)).unwrap(), "kept");
        assert!(!folder.path().join(FOLDER).exists());
    }

    #[test]
    fn a_folder_in_use_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let _first = Disk::open(folder.path()).unwrap();
        assert!(matches!(Disk::open(folder.path()), Err(DiskError::InUse(_))));
    }

    /// Jobs of one group see what the ones before them have written, and a read what is committed, prefix by prefix.
    #[tokio::test]
    async fn changes_see_those_before_them() {
        const ONE: Space = Space::new("one");
        let disk = Disk::forgetful();
        let count = || {
            disk.write(|transaction| {
                let before = transaction.get(ONE, "n/count")?.map_or(0, |value| value.len());
                transaction.put(ONE, "n/count", &vec![b'x'; before + 1])?;
                Ok(before)
            })
        };
        let (first, second, third) = tokio::join!(count(), count(), count());
        assert_eq!((first.unwrap(), second.unwrap(), third.unwrap()), (0, 1, 2));
        assert_eq!(disk.scan(ONE, "n/").unwrap(), [("n/count".to_owned(), b"xxx".to_vec())]);
        assert!(disk.scan(Space::new("one-more"), "").unwrap().is_empty());
    }
}
